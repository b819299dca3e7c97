//! Records: fields, what each field allows and when, and rules over several fields.

use serde_json::Value;

use super::{Condition, Constraint, LengthUnit, ObjectStyle, PartForm, Sent, Type};
use crate::source::Span;

/// Which field of a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldIx(pub u32);

/// Named fields and the rules over them: a record type, or the parameters of an operation.
#[derive(Clone, Debug, Default, Hash)]
pub struct Record {
    /// In the order of the spec.
    pub fields: Vec<Field>,
    /// Over several fields.
    pub rules: Vec<Rule>,
    /// Unknown fields pass without a word (requests); answers are always open.
    pub open: bool,
    /// What the fields are that it does not list. It is open then.
    pub additional: Option<Type>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// In the body, or a field of a record.
    Body,
    /// The body as a whole: one value.
    WholeBody,
    /// In the path.
    Path,
    /// After the `?`.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// One field.
#[derive(Clone, Debug, Hash)]
pub struct Field {
    /// As sent, or its alias: what everything calls it by.
    pub name: String,
    /// What is different when it is sent.
    pub sent: Sent,
    /// Where it goes; `Body` for fields of records.
    pub location: Location,
    /// What it holds. An enum of strings is always [`Type::Named`].
    pub ty: Type,
    /// `null` is a value of its own.
    pub nullable: bool,
    /// Never shown in messages or `Debug`.
    pub secret: bool,
    /// Which way it goes, in a field of a type.
    pub access: Access,
    /// The type also goes the way that the field does not, so that a value of it may lack the field.
    pub may_lack: bool,
    /// In words.
    pub doc: String,
    /// Origin, doubts.
    pub origin: Origin,
    /// The server's value when absent.
    pub default: Option<Value>,
    /// Why not to use it, and what instead.
    pub deprecated: Option<String>,
    /// Constraints with their conditions. [`Condition::Always`] first.
    pub clauses: Vec<Clause>,
    /// Values worth showing.
    pub examples: Vec<Value>,
    /// Of a list: constructors of the items' type that builders have as methods.
    pub push: Vec<String>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// The parameter of the client that it is, by index in `Api::client_parameters`. Its default is sent.
    pub client: Option<usize>,
    /// Where its name is written.
    pub span: Span,
}

/// Which way a field of a type goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Access {
    /// It is sent and answered.
    #[default]
    Both,
    /// It is answered, and never sent.
    ReadOnly,
    /// It is sent, and never answered.
    WriteOnly,
}

/// One constraint under one condition.
#[derive(Clone, Debug, Hash)]
pub struct Clause {
    /// When it applies.
    pub when: Condition,
    /// The value itself, or every item of it.
    pub target: Target,
    /// What must hold.
    pub constraint: Constraint,
    /// The spec's own words for the message.
    pub because: Option<String>,
    /// Origin, doubts, certainty.
    pub origin: Origin,
    /// Made by the compiler (a required string is not empty), not written.
    pub implied: bool,
    /// Where it is written.
    pub span: Span,
}

/// What a constraint looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The value.
    Value,
    /// Every item of an array, or value of a map.
    Items,
}

/// A rule over several fields.
#[derive(Clone, Debug, Hash)]
pub struct Rule {
    /// When it applies.
    pub when: Condition,
    /// What must hold.
    pub kind: RuleKind,
    /// The spec's own words for the message.
    pub message: Option<String>,
    /// Origin, doubts, certainty.
    pub origin: Origin,
    /// Where it is written.
    pub span: Span,
}

/// What must hold between fields. "Present" is: sent, and not null.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum RuleKind {
    /// At least one is present.
    AnyOf(Vec<FieldPath>),
    /// Exactly one is present.
    ExactlyOneOf(Vec<FieldPath>),
    /// At most one is present.
    AtMostOneOf(Vec<FieldPath>),
    /// All are present, or none.
    AllOrNone(Vec<FieldPath>),
    /// When the first is present, all the others are.
    Requires(FieldPath, Vec<FieldPath>),
    /// Holds when both are present.
    Compare(FieldPath, Comparison, FieldPath),
    /// Number of items (a present scalar counts 1) times weight, added up.
    Sum {
        /// Field and weight.
        terms: Vec<(FieldPath, u64)>,
        /// At least.
        minimum: Option<u64>,
        /// At most.
        maximum: Option<u64>,
    },
    /// Lengths in characters, added up over all that the path reaches.
    TotalLength {
        /// `dialogue[].text`.
        path: FieldPath,
        /// How characters count.
        unit: LengthUnit,
        /// At least.
        minimum: Option<u64>,
        /// At most.
        maximum: Option<u64>,
    },
    /// The items of a list of a tagged union are all of one member.
    SameKind(FieldPath),
}

/// How two values compare (numbers; strings and lists are not compared).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// A field of the record, then steps into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    /// The field of the record the condition or rule belongs to.
    pub field: FieldIx,
    /// Steps from there.
    pub steps: Vec<PathStep>,
}

/// A step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// The field of that index of the record type the value has.
    Field(super::TypeId, FieldIx),
    /// Every item of an array.
    Items,
}

/// Whether the document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Certainty {
    /// It does: broken means rejected.
    #[default]
    Stated,
    /// It implies so: broken means a warning.
    Inferred,
}

/// Where a fact comes from and how sure it is.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Origin {
    /// Section of the document.
    pub source: Option<String>,
    /// A doubt, in words.
    pub unclear: Option<String>,
    /// Stated or inferred.
    pub certainty: Certainty,
}

impl Location {
    /// Whether it is in the body, or is the body.
    #[must_use]
    pub fn in_body(self) -> bool {
        matches!(self, Self::Body | Self::WholeBody)
    }
}

impl Record {
    /// The types of everything that it holds: of its fields, and of those that it does not list.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.fields.iter().map(|it| &it.ty).chain(&self.additional)
    }

    /// The field of an index.
    #[must_use]
    pub fn field(&self, ix: FieldIx) -> &Field {
        &self.fields[ix.0 as usize]
    }

    /// The field of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(FieldIx, &Field)> {
        self.fields.iter().enumerate().find(|(_, it)| it.name == name).map(|(ix, it)| (FieldIx(ix as u32), it))
    }
}

impl Field {
    /// The name by which it is sent.
    #[must_use]
    pub fn sent_name(&self) -> &str {
        self.sent.name.as_deref().unwrap_or(&self.name)
    }

    /// Required whatever else is sent.
    #[must_use]
    pub fn always_required(&self) -> bool {
        self.clauses.iter().any(|it| it.constraint == Constraint::Required && it.when == Condition::Always)
    }

    /// Of a map that is sent in headers, one for each entry: what their names begin with.
    #[must_use]
    pub fn header_prefix(&self) -> Option<&str> {
        let is_map = self.location == Location::Header && matches!(self.ty, Type::Map(_));
        self.sent_name().strip_suffix('*').filter(|_| is_map)
    }

    /// What the names of the parameters begin with that each of its entries is, in a query, a form or a multipart body.
    #[must_use]
    pub fn pair_prefix(&self) -> Option<&str> {
        let is_map = self.location != Location::Header && matches!(self.ty, Type::Map(_));
        let is_taken_apart = self.sent.style.objects == Some(ObjectStyle::Exploded);
        // Parts that are files are taken apart whatever the name of the map is.
        let of_files = (self.sent.part == PartForm::Entries).then_some("");
        self.sent_name().strip_suffix('*').or(of_files).filter(|_| is_map && is_taken_apart)
    }

    /// Leaving it out is a fault whatever else is sent, and no default stands in for it: a condition on its value and
    /// the opposite of that condition both do not hold then.
    #[must_use]
    pub fn must_be_sent(&self) -> bool {
        let stated = |it: &Clause| {
            let always = it.constraint == Constraint::Required && it.when == Condition::Always;
            always && it.origin.certainty == Certainty::Stated
        };
        let has_default = |it: &Clause| matches!(it.constraint, Constraint::Default(_));
        self.default.is_none() && self.clauses.iter().any(stated) && !self.clauses.iter().any(has_default)
    }
}

impl FieldPath {
    /// A field of the record itself.
    #[must_use]
    pub fn top(field: FieldIx) -> Self {
        Self { field, steps: Vec::new() }
    }

    /// The fields on the way, the one of the record first. Items of lists are passed over.
    pub fn fields<'a>(&'a self, api: &'a super::Api, record: &'a Record) -> impl Iterator<Item = &'a Field> {
        let inner = self.steps.iter().filter_map(|it| match it {
            PathStep::Field(id, ix) => match &api.ty(*id).kind {
                super::TypeKind::Record(inner) => Some(inner.field(*ix)),
                _ => None,
            },
            PathStep::Items => None,
        });
        std::iter::once(record.field(self.field)).chain(inner)
    }
}

impl RuleKind {
    /// All keywords of rules.
    pub const KEYWORDS: [&str; 9] = [
        "any_of",
        "exactly_one_of",
        "at_most_one_of",
        "all_or_none",
        "requires",
        "compare",
        "sum",
        "total_length",
        "same_kind",
    ];

    /// The keyword in specs and in violations.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::AnyOf(_) => "any_of",
            Self::ExactlyOneOf(_) => "exactly_one_of",
            Self::AtMostOneOf(_) => "at_most_one_of",
            Self::AllOrNone(_) => "all_or_none",
            Self::Requires(..) => "requires",
            Self::Compare(..) => "compare",
            Self::Sum { .. } => "sum",
            Self::TotalLength { .. } => "total_length",
            Self::SameKind(_) => "same_kind",
        }
    }
}

impl Comparison {
    /// As written in a spec.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }
}
