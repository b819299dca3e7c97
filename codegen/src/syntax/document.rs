//! The typed documents: a one-to-one image of the YAML, every node with its span, nothing resolved and nothing filled in.
//!
//! Names are still text, conditions still hold globs, and a missing key is `None`. Plain vocabulary without meaning of
//! its own (methods, certainties, numbers) is shared with the model.

use crate::constraints::{Keyword, Written};
use serde_json::Value;

use crate::model::{Certainty, Comparison, Encoding, ErrorKind, Method, Places, ResetFormat};
use crate::source::{Span, Spanned};

/// A text and its place.
pub type Text = Spanned<String>;
/// A JSON value and its place.
pub type Json = Spanned<Value>;

/// `api.yaml`.
#[derive(Debug, Default)]
pub struct ApiDocument {
    pub api: Option<Text>,
    pub title: String,
    pub doc: String,
    pub version: Option<Text>,
    pub source: Option<String>,
    pub servers: Vec<ServerDoc>,
    pub credentials: Vec<CredentialDoc>,
    pub errors: ErrorsDoc,
    pub rate_limits: Vec<RateLimitDoc>,
    pub rate_limit_headers: Option<RateLimitHeadersDoc>,
    pub first_call: Option<Text>,
    pub request_id_header: Option<Text>,
    pub tasks: TaskDoc,
    pub webhook: Option<WebhookDoc>,
    pub headers: Vec<Entry>,
    pub parameters: Vec<Entry>,
    pub types: Vec<TypeDecl>,
}

/// A base URL.
#[derive(Debug)]
pub struct ServerDoc {
    pub name: Text,
    pub url: Text,
    pub doc: String,
}

/// A secret and the ways to send it.
#[derive(Debug)]
pub struct CredentialDoc {
    pub name: Text,
    pub env: Option<Text>,
    pub doc: String,
    pub looks_like: Option<String>,
    pub schemes: Vec<SchemeDoc>,
}

/// One way to send a credential.
#[derive(Debug)]
pub struct SchemeDoc {
    pub name: Text,
    pub header: Option<Text>,
    pub prefix: String,
}

/// `errors:`
#[derive(Debug, Default)]
pub struct ErrorsDoc {
    /// When an answer of success is an error.
    pub when: Option<ConditionDoc>,
    pub message: Vec<Text>,
    pub code: Vec<Text>,
    pub details: Vec<Text>,
    pub codes: Vec<ErrorCodeDoc>,
    pub statuses: Vec<StatusDoc>,
    pub examples: Vec<ErrorExampleDoc>,
}

/// `errors:` of an operation.
#[derive(Debug)]
pub enum OperationErrorsDoc {
    /// `none`: answers of success are never errors.
    None,
    When(ConditionDoc),
}

/// A text value with words and a Rust name.
#[derive(Clone, Debug)]
pub struct DescribedValue {
    pub value: Text,
    pub doc: String,
    pub rust: Option<Text>,
}

/// A code of an error.
#[derive(Clone, Debug)]
pub struct ErrorCodeDoc {
    pub value: Text,
    pub doc: String,
    pub kind: Option<ErrorKind>,
    pub rust: Option<Text>,
}

/// `401: {kind: …, doc: …}`
#[derive(Debug)]
pub struct StatusDoc {
    pub status: Spanned<u16>,
    pub kind: ErrorKind,
    pub doc: String,
}

/// An error body.
#[derive(Debug)]
pub struct ErrorExampleDoc {
    pub name: Text,
    pub status: u16,
    pub body: Value,
    pub span: Span,
}

/// A named limit.
#[derive(Debug)]
pub struct RateLimitDoc {
    pub name: Text,
    pub requests: u64,
    pub per_ms: u64,
    pub unit: String,
    pub scope: String,
    pub doc: String,
}

/// `rate_limit_headers:`
#[derive(Debug)]
pub struct RateLimitHeadersDoc {
    pub limit: Option<Text>,
    pub remaining: Option<Text>,
    pub reset: Option<Text>,
    pub format: ResetFormat,
}

/// `webhook:`
#[derive(Debug)]
pub struct WebhookDoc {
    pub id: Option<Text>,
    pub timestamp: Option<Text>,
    pub signature: Option<Text>,
    pub algorithm: String,
    pub signed: String,
    pub env: Option<Text>,
    pub secret_encoding: String,
    pub secret_prefix: String,
    pub signature_encoding: String,
    pub signature_prefix: String,
    pub separator: String,
    pub retries: Option<u64>,
    pub doc: String,
    pub span: Span,
}

/// A resource file.
#[derive(Debug)]
pub struct ResourceDocument {
    pub resource: Option<Text>,
    pub title: String,
    pub doc: String,
    pub source: Option<String>,
    pub rust: Option<Text>,
    pub server: Option<Text>,
    pub auth: Option<Text>,
    /// What statuses mean to every operation of the file.
    pub statuses: Vec<StatusDoc>,
    /// Defaults of its tasks; without a place where none are written.
    pub tasks: TaskDoc,
    pub parameters: Vec<Entry>,
    pub types: Vec<TypeDecl>,
    pub operations: Vec<OperationDoc>,
}

/// Where a fact comes from and how sure it is, as far as it is written.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    pub source: Option<String>,
    pub unclear: Option<String>,
    pub certainty: Option<Certainty>,
}

/// One operation.
#[derive(Debug)]
pub struct OperationDoc {
    pub name: Text,
    pub method: Option<Spanned<Method>>,
    pub path_template: Option<Text>,
    pub summary: String,
    pub doc: String,
    pub remarks: Remarks,
    pub partly_documented: bool,
    pub open: bool,
    pub server: Option<Text>,
    pub auth: Option<Text>,
    pub billed: Option<bool>,
    pub encoding: Encoding,
    pub like: Option<Text>,
    pub without: Vec<Text>,
    pub path: Vec<Entry>,
    pub query: Vec<Entry>,
    pub headers: Vec<Entry>,
    /// `body:` and its place.
    pub body: Option<Spanned<Vec<Entry>>>,
    pub rules: Vec<RuleDoc>,
    pub variants: Option<VariantsDoc>,
    pub response: Option<Spanned<ResponseDoc>>,
    pub success: Option<Spanned<u16>>,
    pub task: Option<TaskDoc>,
    pub stream: Option<StreamDoc>,
    pub rate_limits: Vec<Text>,
    pub errors: Option<OperationErrorsDoc>,
    pub statuses: Vec<StatusDoc>,
    pub examples: Vec<ExampleDoc>,
    pub rust: Option<Text>,
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
    pub examples: Vec<Json>,
    pub push: Vec<Text>,
    pub rust: Option<Text>,
    pub only: Option<ConditionDoc>,
    pub constraints: Constraints,
    pub items: Constraints,
    pub cases: Vec<CaseDoc>,
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

/// A constraint that is no enum.
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

/// `variants:`
#[derive(Debug)]
pub enum VariantsDoc {
    ByParameter(Text),
    Named(Spanned<Vec<VariantDoc>>),
}

/// A named condition.
#[derive(Debug)]
pub struct VariantDoc {
    pub name: Text,
    pub when: ConditionDoc,
    pub doc: String,
    pub rust: Option<Text>,
}

/// `response:`
#[derive(Debug)]
pub enum ResponseDoc {
    None,
    Body(BodyDoc),
    Wrapped(Text, BodyDoc),
    /// JSON, or plain text that is the value of this field.
    PlainText(Text, BodyDoc),
    Binary(Vec<Text>),
}

/// A type expression, or a record written in place.
#[derive(Debug)]
pub enum BodyDoc {
    Type(TypeExpr),
    Record(Spanned<Vec<Entry>>),
}

/// `task:`, or the defaults under `tasks:`.
#[derive(Debug, Default)]
pub struct TaskDoc {
    pub span: Option<Span>,
    pub result: Option<BodyDoc>,
    pub created: Option<BodyDoc>,
    pub status: Option<Text>,
    pub download: Option<Text>,
    pub stage: Option<StageDoc>,
    pub id: Option<Text>,
    pub state: Option<Text>,
    pub pending: Option<Spanned<Vec<Text>>>,
    pub completed: Option<Spanned<Vec<Text>>>,
    pub failed: Option<Spanned<Vec<Text>>>,
    pub error: Option<Text>,
    pub interval: Option<Spanned<u64>>,
    pub deadline: Option<Spanned<u64>>,
    pub callback: Option<Text>,
    pub every_state: Option<Spanned<Vec<Entry>>>,
}

/// `stage:`
#[derive(Clone, Debug)]
pub struct StageDoc {
    pub field: Text,
    pub values: Vec<(Text, String)>,
}

/// `stream:`
#[derive(Debug)]
pub struct StreamDoc {
    pub when: Option<ConditionDoc>,
    pub data: Option<TypeExpr>,
    /// By name; `none` is `None`.
    pub events: Option<Vec<(Text, Option<TypeExpr>)>>,
    pub name: Option<Text>,
    pub end_data: Option<String>,
    pub end_event: Option<Text>,
    /// By name: events and the states they lead to.
    pub states: Vec<(Text, Vec<(Text, Text)>)>,
    pub error_events: Vec<Text>,
    pub error: Option<Text>,
    /// By event, where they have names.
    pub text: Vec<(Option<Text>, TextAtDoc)>,
    /// By event, where they have names.
    pub collect: Option<Vec<(Option<Text>, Vec<StepDoc>)>>,
    pub span: Span,
}

/// Where text for a reader is.
#[derive(Debug)]
pub struct TextAtDoc {
    pub at: Text,
    pub unless: Option<Text>,
}

/// One of the steps of `collect`.
#[derive(Debug)]
pub struct StepDoc {
    pub verb: VerbDoc,
    /// A JSON pointer; of `const` what has to be there, `""` for nothing.
    pub from: Text,
    pub into: Option<Text>,
    pub span: Span,
}

/// What a step does.
#[derive(Debug)]
pub enum VerbDoc {
    Set,
    First,
    Append,
    Merge,
    Concat(Option<String>),
    Json,
    Const(Value),
    Each(Vec<StepDoc>),
    Numbered(NumberingDoc, Vec<StepDoc>),
}

/// How items are told apart that do not tell their position.
#[derive(Debug)]
pub struct NumberingDoc {
    /// The field with the position.
    pub at: Text,
    pub id: Option<Text>,
    /// What a new item has.
    pub begins: Vec<Text>,
    pub ends: Option<Text>,
}

/// One of `examples`.
#[derive(Debug)]
pub struct ExampleDoc {
    pub name: String,
    pub source: Option<String>,
    pub request: Option<Value>,
    pub invalid: Vec<(Text, Text)>,
    pub response: Option<Value>,
    pub events: Vec<Json>,
    pub status: Option<Value>,
    pub callback: Option<Value>,
    pub span: Span,
    pub request_places: Places,
    /// Of the response, the status or the callback.
    pub answer_places: Places,
}

/// One of `types`.
#[derive(Debug)]
pub struct TypeDecl {
    pub name: Text,
    pub doc: String,
    pub remarks: Remarks,
    pub rust: Option<Text>,
    pub kind: TypeDeclKind,
    /// By name: values with `$` where an argument goes.
    pub constructors: Vec<(Text, Json)>,
}

/// What a declared type is.
#[derive(Debug)]
pub enum TypeDeclKind {
    Record {
        /// The record whose fields and rules it takes, but those of `without`.
        like: Option<Text>,
        without: Vec<Text>,
        fields: Vec<Entry>,
        rules: Vec<RuleDoc>,
        open: bool,
    },
    Enum {
        values: EnumDoc,
        open: bool,
    },
    Union {
        members: Vec<TypeExpr>,
    },
    Tagged {
        tag: Text,
        members: Vec<(DescribedValue, Text)>,
        open: bool,
    },
    /// It was reported; nothing more is said about it.
    Broken,
}

/// A type expression.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    pub span: Span,
    pub kind: TypeExprKind,
}

/// The forms of a type expression.
#[derive(Clone, Debug)]
pub enum TypeExprKind {
    String,
    Integer,
    Number,
    Boolean,
    Url,
    HttpsUrl,
    DateTime,
    Base64,
    File,
    Json,
    Array(Box<TypeExpr>),
    Map(Box<TypeExpr>),
    Union(Vec<TypeExpr>),
    Named(String),
}
