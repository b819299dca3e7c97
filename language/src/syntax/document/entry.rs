//! Parameters and fields, with their constraints, cases and conditions, and the rules over several of them.

use serde_json::Value;

use super::{Json, Remarks, Text, TypeExpr};
use crate::constraints::{Keyword, Written};
use crate::model::{Access, Comparison, ListStyle, ObjectStyle, StyleWord, XmlObject};
use crate::source::{Span, Spanned};

/// `styles:`, the defaults of an operation, a file or an API.
#[derive(Clone, Copy, Debug, Default)]
pub struct StylesDoc {
    pub lists: Option<ListStyle>,
    pub objects: Option<ObjectStyle>,
}

/// What a parameter is called and looks like when it is sent.
#[derive(Clone, Debug, Default)]
pub struct SentDoc {
    /// What the spec calls it.
    pub alias: Option<Text>,
    pub style: Option<Spanned<StyleWord>>,
    pub allow_reserved: Option<Spanned<bool>>,
    /// Of a part of a multipart body.
    pub content_type: Option<Text>,
    /// Of a field, or a body that is one value.
    pub xml: Option<Box<XmlObject>>,
}

/// A parameter or a field.
#[derive(Clone, Debug)]
pub struct Entry {
    /// A value was reported, so that nothing more is said about it.
    pub broken: bool,
    /// As sent, without `?`.
    pub name: Text,
    /// A field written with `?`.
    pub optional: bool,
    pub sent: SentDoc,
    pub use_: Option<Text>,
    pub ty: Option<TypeExpr>,
    pub required: Option<Spanned<bool>>,
    pub nullable: Option<Spanned<bool>>,
    pub may_be_empty: Option<Spanned<bool>>,
    pub default: Option<Json>,
    pub doc: Option<String>,
    pub remarks: Remarks,
    pub because: Option<String>,
    pub deprecated: Option<String>,
    pub secret: Option<bool>,
    /// Of a field: `read_only` or `write_only`.
    pub access: Option<Access>,
    pub examples: Vec<Json>,
    pub push: Vec<Text>,
    pub rust: Option<Text>,
    pub only: Option<ConditionDoc>,
    pub constraints: Constraints,
    pub items: Constraints,
    pub cases: Vec<CaseDoc>,
    /// What is said of it as a parameter of the client.
    pub client: Option<ClientEntryDoc>,
}

/// What is special about a parameter that callers set on the client.
#[derive(Clone, Debug)]
pub struct ClientEntryDoc {
    /// Its place among all parameters of the client.
    pub index: usize,
    pub env: Option<Text>,
}

impl Entry {
    /// What everything calls it: its alias, or the name by which it is sent.
    pub fn alias_or_name(&self) -> &Text {
        self.sent.alias.as_ref().unwrap_or(&self.name)
    }
}

/// The constraints of an entry, a case or of items.
#[derive(Clone, Debug, Default)]
pub struct Constraints {
    pub enum_: Option<EnumDoc>,
    pub open: Option<Spanned<bool>>,
    pub han_double: Option<Spanned<bool>>,
    pub limits: Vec<Limit>,
}

/// `enum:`
#[derive(Clone, Debug)]
pub struct EnumDoc {
    pub span: Span,
    pub values: Vec<EnumValueDoc>,
}

/// One value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValueDoc {
    pub value: Json,
    pub doc: String,
    pub rust: Option<Text>,
}

/// A constraint other than an enum.
#[derive(Clone, Debug)]
pub struct Limit {
    pub keyword: &'static Keyword,
    pub argument: Written,
    /// From the keyword to the end of its value.
    pub span: Span,
    pub value_span: Span,
}

impl Constraints {
    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.enum_.is_none() && self.open.is_none() && self.han_double.is_none() && self.limits.is_empty()
    }
}

/// One of `cases`.
#[derive(Clone, Debug)]
pub struct CaseDoc {
    pub when: ConditionDoc,
    pub required: Option<Span>,
    /// `forbidden`: its place and the words why.
    pub forbidden: Option<Spanned<Option<String>>>,
    pub ignored: Option<Spanned<Option<String>>>,
    pub default: Option<Json>,
    pub because: Option<String>,
    pub remarks: Remarks,
    pub constraints: Constraints,
    pub items: Constraints,
}

/// A list of alternatives, each a list of tests that all hold.
#[derive(Clone, Debug)]
pub struct ConditionDoc {
    pub any: Vec<Vec<TestDoc>>,
    pub span: Span,
}

/// One parameter against one matcher.
#[derive(Clone, Debug)]
pub struct TestDoc {
    pub path: Text,
    pub matcher: MatcherDoc,
}

/// What a parameter must be.
#[derive(Clone, Debug)]
pub struct MatcherDoc {
    pub span: Span,
    pub kind: MatcherKind,
}

/// The forms of a matcher.
#[derive(Clone, Debug)]
pub enum MatcherKind {
    /// A value, or a glob.
    Value(Value),
    Null,
    Present,
    Absent,
    Empty,
    List(Vec<MatcherDoc>),
    Not(Box<MatcherDoc>),
}

/// A rule over several parameters.
#[derive(Clone, Debug)]
pub struct RuleDoc {
    pub kind: RuleKindDoc,
    pub when: Option<ConditionDoc>,
    pub message: Option<String>,
    pub remarks: Remarks,
    pub span: Span,
}

/// What must hold.
#[derive(Clone, Debug)]
pub enum RuleKindDoc {
    AnyOf(Vec<Text>),
    ExactlyOneOf(Vec<Text>),
    AtMostOneOf(Vec<Text>),
    AllOrNone(Vec<Text>),
    Requires(Vec<(Text, Vec<Text>)>),
    Compare(Text, Comparison, Text),
    Sum { terms: Vec<(Text, u64)>, minimum: Option<u64>, maximum: Option<u64> },
    TotalLength { path: Text, han_double: bool, minimum: Option<u64>, maximum: Option<u64> },
    SameKind(Text),
}
