//! The Rust view of an API: every name, type and sentence decided. Plain data; [`crate::emit`] only prints it.

use crate::model::{Comparison, Location};

/// Lines of rustdoc, without the leading `///`.
pub(crate) type Docs = Vec<String>;

/// One generated crate.
#[derive(Debug)]
pub(crate) struct Crate {
    pub name: String,
    pub title: String,
    pub docs: Docs,
    pub summary: String,
    pub version: String,
    /// `spec/animeapi`: shown in headers.
    pub spec: String,
    pub client: Client,
    pub types: Vec<TypeItem>,
    pub error_codes: Option<EnumItem>,
    pub webhook: Option<Webhook>,
    /// Modules of the runtime that the crate exports, and what it calls them.
    pub exported: Vec<(&'static str, String)>,
    /// Where values nest deeper than rustc follows by itself: how deep it must.
    pub recursion_limit: Option<usize>,
    /// A folder of sources is called `bin`.
    pub has_bin: bool,
    pub resources: Vec<Resource>,
    /// A first call, as lines of Rust.
    pub first_call: Option<FirstCall>,
}

/// What a newcomer copies.
#[derive(Clone, Debug)]
pub(crate) struct FirstCall {
    /// Lines after `let client = …`.
    pub lines: Vec<String>,
}

/// The API's constants.
#[derive(Debug)]
pub(crate) struct Client {
    pub servers: Vec<(String, String)>,
    pub credentials: Vec<Credential>,
    pub error_message: Vec<String>,
    pub error_code: Vec<String>,
    pub error_details: Vec<String>,
    pub statuses: Vec<(u16, &'static str)>,
    /// When an answer of success is an error, for all operations that do not say otherwise.
    pub failure: Option<crate::model::FailureCondition>,
    /// Codes of errors that mean a status of their own.
    pub codes: Vec<(String, &'static str)>,
    pub rate_limit_headers: [Option<String>; 3],
    pub request_id_header: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Credential {
    pub name: String,
    pub method: String,
    pub env: String,
    pub docs: Docs,
    /// Name, header, prefix.
    pub schemes: Vec<[String; 3]>,
}

/// How callbacks are signed.
#[derive(Debug)]
pub(crate) struct Webhook {
    pub docs: Docs,
    pub id: Option<String>,
    pub timestamp: Option<String>,
    pub signature: String,
    pub signed: Vec<SignedPart>,
    pub secret: &'static str,
    pub secret_prefix: String,
    pub encoding: &'static str,
    pub signature_prefix: String,
    pub separator: String,
    pub env: String,
}

#[derive(Debug)]
pub(crate) enum SignedPart {
    Id,
    Timestamp,
    Body,
    Text(String),
}

/// A resource: one module, one cargo feature.
#[derive(Debug)]
pub(crate) struct Resource {
    pub module: String,
    /// Folder name: the module without `r#`.
    pub folder: String,
    pub feature: String,
    pub handle: String,
    pub docs: Docs,
    pub title: String,
    /// Types that only this resource uses.
    pub types: Vec<TypeItem>,
    pub operations: Vec<Operation>,
}

#[derive(Debug)]
pub(crate) enum TypeItem {
    Enum(EnumItem),
    Record(RecordItem),
    Union(UnionItem),
}

#[derive(Debug)]
pub(crate) struct EnumItem {
    pub ident: String,
    pub docs: Docs,
    pub variants: Vec<EnumVariant>,
    /// Has an `Other(String)`.
    pub other: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct EnumVariant {
    pub ident: String,
    pub value: String,
    pub docs: Docs,
}

#[derive(Debug)]
pub(crate) struct RecordItem {
    pub ident: String,
    pub docs: Docs,
    pub fields: Vec<RecordField>,
    /// Fields that tell the record apart in a union: the union's, not the record's.
    pub tags: Vec<String>,
    /// Keeps fields the spec does not know.
    pub extra: bool,
    /// Of requests only: what cannot be read is an error.
    pub strict: bool,
    /// Users make values of it: a constructor and setters.
    pub construct: bool,
    pub constructors: Vec<Ctor>,
    pub check: Option<Checks>,
}

#[derive(Debug)]
pub(crate) struct RecordField {
    pub ident: String,
    pub wire: String,
    pub ty: Ty,
    pub storage: Storage,
    pub secret: bool,
    pub docs: Docs,
    pub deprecated: Option<String>,
}

/// How a field holds its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// `T`
    Plain,
    /// `Option<T>`: may be left out.
    Optional,
    /// `Option<T>`: always sent, `None` is `null`.
    Null,
    /// `Option<Nullable<T>>`: left out, `null` or a value.
    OptionalNullable,
}

#[derive(Debug)]
pub(crate) struct UnionItem {
    pub ident: String,
    pub docs: Docs,
    /// Told apart by this field; `None`: by JSON type.
    pub tag: Option<String>,
    pub members: Vec<UnionMember>,
    /// Has an `Other(Value)`.
    pub other: bool,
    /// Its values are written as text, in paths or queries for instance: all members are scalars.
    pub as_text: bool,
    pub constructors: Vec<Ctor>,
    pub check: Option<UnionChecks>,
}

/// A short way to write a value.
#[derive(Debug)]
pub(crate) struct Ctor {
    pub method: String,
    pub docs: Docs,
    pub arguments: Vec<Argument>,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub ident: String,
    pub ty: Ty,
}

/// A value with holes for arguments.
#[derive(Debug)]
pub(crate) enum Expr {
    /// Index of the argument.
    Argument(usize),
    /// Of text: owned or a variant.
    Literal(Literal, bool),
    /// Free-form, as JSON text.
    Json(String),
    List(Vec<Self>),
    Boxed(Box<Self>),
    Record {
        name: TypeName,
        fields: Vec<(String, Storage, Option<Self>)>,
        extra: bool,
    },
    Member {
        name: TypeName,
        variant: String,
        inner: Box<Self>,
    },
}

#[derive(Debug)]
pub(crate) struct UnionMember {
    pub ident: String,
    /// Value of the tag.
    pub value: String,
    pub docs: Docs,
    pub ty: Ty,
    /// Takes any JSON, if need be as `Other`: a union without tag.
    pub takes_all: bool,
}

/// What is checked of a union: each member's own rules, and that it is one of the known.
#[derive(Debug)]
pub(crate) struct UnionChecks {
    pub members: Vec<(usize, NestedCheck)>,
    pub rules: Vec<RuleData>,
    /// Rule broken by `Other`.
    pub other: Option<usize>,
    /// Rule broken by text that is none of a member's values, and so became `Other`.
    pub other_text: Option<usize>,
}

/// A Rust type of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    String,
    Integer,
    Number,
    Boolean,
    Json,
    File,
    List(Box<Ty>),
    Map(Box<Ty>),
    /// Of a field through which a value holds another of its kind.
    Boxed(Box<Ty>),
    Named {
        name: TypeName,
        kind: NamedKind,
    },
}

/// A named type and the module it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeName {
    /// The resource's module; `None`: `crate::types`.
    pub module: Option<String>,
    pub ident: String,
}

impl TypeName {
    /// `crate::types::X`, `crate::seedance::X`.
    pub(crate) fn path(&self) -> String {
        format!("crate::{}::{}", self.module.as_deref().unwrap_or("types"), self.ident)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedKind {
    Enum,
    Record,
    Union,
}

/// One operation: one module.
#[derive(Debug)]
pub(crate) struct Operation {
    pub module: String,
    pub file: String,
    pub method: String,
    pub full_name: String,
    pub docs: Docs,
    pub summary: String,
    pub http_method: &'static str,
    pub path: Vec<PathPiece>,
    pub path_template: String,
    pub server: usize,
    pub auth: Option<(usize, usize)>,
    pub idempotent: bool,
    pub has_body: bool,
    /// Media types of an answer that is bytes.
    pub accept: Option<String>,
    /// Brings what a task made: the task's module names it too.
    pub downloads: bool,
    /// The body is of texts and files, not JSON.
    pub multipart: bool,
    pub statuses: Vec<(u16, &'static str)>,
    /// When an answer of success is an error.
    pub failure: Option<Failure>,
    pub request: Request,
    /// Fields that the method takes as arguments.
    pub arguments: Vec<usize>,
    pub needs: Vec<Need>,
    pub entry: Entry,
    pub reply: Reply,
    pub stream: Option<Stream>,
    pub example: Option<Vec<String>>,
}

/// The condition under which an answer of success is an error.
#[derive(Debug)]
pub(crate) enum Failure {
    /// That of the API, which stands beside the client.
    OfApi,
    Own(crate::model::FailureCondition),
}

#[derive(Debug)]
pub(crate) enum PathPiece {
    Literal(String),
    Field(usize),
}

/// All parameters of an operation as one plain struct.
#[derive(Debug)]
pub(crate) struct Request {
    pub ident: String,
    pub docs: Docs,
    pub fields: Vec<RequestField>,
    /// Unknown parameters pass.
    pub open: bool,
    pub checks: Checks,
}

#[derive(Debug)]
pub(crate) struct RequestField {
    pub ident: String,
    pub wire: String,
    pub location: Location,
    pub ty: Ty,
    pub storage: Storage,
    pub secret: bool,
    pub docs: Docs,
    pub deprecated: Option<String>,
}

/// A parameter that some builder requires, and the trait whose message names it.
#[derive(Debug)]
pub(crate) struct Need {
    pub field: usize,
    pub ident: String,
    pub message: String,
    pub label: String,
}

/// How users get to a builder.
#[derive(Debug)]
pub(crate) enum Entry {
    /// The method returns the builder.
    Single { builder: Builder, pinned: Vec<(usize, Literal)> },
    /// The method returns a selector with a method per variant, and `any()`.
    Variants { selector: String, docs: Docs, variants: Vec<VariantEntry>, builders: Vec<Builder>, any: Builder },
}

#[derive(Debug)]
pub(crate) struct VariantEntry {
    pub method: String,
    pub docs: Docs,
    /// Index in the builders.
    pub builder: usize,
    /// What choosing it sets.
    pub pinned: Vec<(usize, Literal)>,
}

#[derive(Debug)]
pub(crate) struct Builder {
    pub ident: String,
    pub docs: Docs,
    /// Indexes in [`Operation::needs`]: the slots of the state.
    pub required: Vec<usize>,
    pub setters: Vec<Setter>,
    pub pushes: Vec<Push>,
    pub subsets: Vec<SubsetEnum>,
}

#[derive(Debug)]
pub(crate) struct Setter {
    /// Index in [`Request::fields`].
    pub field: usize,
    /// Slot of the builder's state that it fills.
    pub slot: Option<usize>,
    pub docs: Docs,
    /// Index in [`Builder::subsets`].
    pub subset: Option<usize>,
}

/// A method that adds an item to a list.
#[derive(Debug)]
pub(crate) struct Push {
    /// Index in [`Request::fields`].
    pub field: usize,
    /// Slot of the builder's state that it fills.
    pub slot: Option<usize>,
    pub method: String,
    pub docs: Docs,
    pub arguments: Vec<Argument>,
    /// Type of the items, and its constructor.
    pub item: TypeName,
    pub constructor: String,
}

/// The values of an enum that one variant takes.
#[derive(Debug)]
pub(crate) struct SubsetEnum {
    pub ident: String,
    pub docs: Docs,
    /// Type of which it is a part.
    pub full: TypeName,
    pub variants: Vec<EnumVariant>,
    /// Another builder of the operation emits it.
    pub shared: bool,
}

#[derive(Debug)]
pub(crate) enum Reply {
    Empty,
    Json {
        ty: Ty,
        wrapper: Option<String>,
        /// The answer may be plain text, which is the value of this field.
        plain_text: Option<String>,
    },
    Bytes,
    Task(Box<Task>),
}

/// Server-sent events.
#[derive(Debug)]
pub(crate) struct Stream {
    /// There is no answer in one piece.
    pub always: bool,
    /// Fields that ask for the stream.
    pub sets: Vec<(usize, Literal)>,
    pub events: Events,
    /// How it goes on, where its text is, what it adds up to: data for the runtime.
    pub spec: crate::model::Stream,
}

#[derive(Debug)]
pub(crate) enum Events {
    Chunks(Ty),
    Named(EventEnum),
}

/// Events told apart by name, and one for those that nobody knows.
#[derive(Debug)]
pub(crate) struct EventEnum {
    pub ident: String,
    pub docs: Docs,
    pub members: Vec<EventMember>,
}

#[derive(Debug)]
pub(crate) struct EventMember {
    pub ident: String,
    pub name: String,
    pub docs: Docs,
    /// `None`: it carries nothing.
    pub ty: Option<Ty>,
}

/// Brings what a task made.
#[derive(Debug)]
pub(crate) struct Download {
    /// Module of the operation, beside that of the task.
    pub module: String,
    /// Path before and after the id.
    pub path: (String, String),
}

#[derive(Debug)]
pub(crate) struct Task {
    /// What the result's type brings, where no other operation says it already.
    pub download: Option<Download>,
    /// Type of the result.
    pub result: TypeName,
    /// Method of the resource that takes up a task by its id.
    pub resume: String,
    pub status_path: (String, String),
    pub status_template: String,
    pub id: String,
    /// Where the status answer has the id, if the spec says that it has one.
    pub status_id: Option<String>,
    pub state: String,
    pub completed: Vec<String>,
    pub failed: Vec<String>,
    pub error: String,
    pub stage: Option<String>,
    /// The API calls back with the same body.
    pub callback: bool,
    pub interval_ms: u64,
    pub deadline_ms: u64,
}

/// A constant of Rust.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Variant { ty: TypeName, variant: String },
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
}

/// Everything a `check` function does.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub rules: Vec<RuleData>,
    /// Conditions that rules share, by name.
    pub conditions: Vec<NamedCondition>,
    pub fields: Vec<FieldChecks>,
    pub cross: Vec<CrossCheck>,
}

impl Checks {
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.cross.is_empty()
    }
}

#[derive(Debug)]
pub(crate) struct RuleData {
    pub at: String,
    pub keyword: &'static str,
    pub limit: String,
    pub message: String,
    pub strength: Strength,
    /// The runtime makes keyword, limit and sentence from this.
    pub plain: Option<PlainRule>,
}

/// A rule of one field that is a call of the runtime.
#[derive(Debug)]
pub(crate) struct PlainRule {
    pub name: String,
    pub call: RuleCall,
    /// Index in [`Checks::conditions`].
    pub when: Option<usize>,
    pub because: Option<String>,
}

/// A function of the runtime's `Checks`, and what the rule asks for.
#[derive(Clone, Debug)]
pub(crate) enum RuleCall {
    Presence(&'static str),
    /// Of an item count.
    Items(&'static str, u64),
    Length(&'static str, u64),
    Integer(&'static str, i64),
    Number(&'static str, f64),
    OneOf(Vec<String>),
    OneOfIntegers(Vec<i64>),
    OneOfNumbers(Vec<f64>),
    /// Of one text, or of the texts of a list.
    Format(&'static str),
}

/// A condition under the name that it has in a `check` function, and how it reads.
#[derive(Debug)]
pub(crate) struct NamedCondition {
    pub ident: String,
    pub cond: Cond,
    pub words: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Strength {
    Stated,
    Inferred,
    Ignored,
}

#[derive(Debug)]
pub(crate) struct FieldChecks {
    pub place: FieldPlace,
    pub wire: String,
    pub secret: bool,
    /// Broken when the field is not there.
    pub missing: Vec<Guarded<()>>,
    /// Broken when the field is there.
    pub present: Vec<Guarded<()>>,
    /// Without effect when the field is there.
    pub ignored: Vec<Guarded<()>>,
    /// Broken when the value fails a test.
    pub value: Vec<Guarded<Test>>,
    /// Broken when an item fails a test.
    pub items: Vec<Guarded<Test>>,
    /// Checks inside the value.
    pub deep: Option<NestedCheck>,
}

/// A check under a condition.
#[derive(Debug)]
pub(crate) struct Guarded<T> {
    pub when: Option<Cond>,
    pub test: T,
    pub rule: usize,
    /// Of neighbours with the same mark the first that fails is reported, and no other.
    pub chain: Option<usize>,
}

/// Checks inside a value, at whatever depth.
#[derive(Debug)]
pub(crate) enum NestedCheck {
    /// The value's own `check`.
    Check,
    Each(Box<NestedCheck>),
    EachValue(Box<NestedCheck>),
    Test(Test, usize),
}

/// Fails when …
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// … the text has more characters.
    Longer {
        text: Text,
        most: u64,
        han_double: bool,
    },
    Shorter {
        text: Text,
        least: u64,
        han_double: bool,
    },
    /// … the text does not match.
    Pattern {
        text: Text,
        pattern: String,
    },
    /// … the text is not of this format: a function of the runtime.
    Format {
        text: Text,
        function: &'static str,
    },
    NotOneOf {
        literals: Vec<Literal>,
    },
    /// … the value, of several kinds, is none of these.
    NotPicked(OneOf),
    /// … the union holds one of these members and it fails its test.
    Member {
        union: Ty,
        arms: Vec<(String, Ty, Test)>,
    },
    /// … the value, of any kind, is of this kind and fails its test.
    Json(JsonKind, Box<Test>),
    /// … the enum holds a value the spec does not know.
    Unknown,
    Below(Number),
    Above(Number),
    NotAbove(Number),
    NotBelow(Number),
    NotMultipleOf(Number),
    /// … the file has more bytes.
    Larger(u64),
    FewerItems(u64),
    MoreItems(u64),
    /// … the map has fewer entries.
    FewerProperties(u64),
    MoreProperties(u64),
    /// … two items are equal; `by_value`: as JSON, where Rust may tell them apart.
    NotUnique {
        by_value: bool,
    },
}

/// What kind of a value of any kind a test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonKind {
    Text,
    Number,
    List,
    Object,
}

/// Which values are meant, of a type of several kinds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OneOf {
    Literals(Vec<Literal>),
    /// Of members of a union; of no others.
    Members(Vec<(String, OneOf)>, Ty),
    /// Of a value of any kind.
    Json(Vec<Literal>),
}

/// How the text of a value is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Plain,
    Enum,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    Integer(i64),
    Float(f64),
}

/// A condition of Rust.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cond {
    /// Of none: always.
    All(Vec<Cond>),
    /// Of none: never.
    Any(Vec<Cond>),
    /// Of neither of the above, nor of itself.
    Not(Box<Cond>),
    Matches {
        place: FieldPlace,
        literals: Vec<Literal>,
        /// Holds too when nothing is sent.
        or_missing: bool,
    },
    /// As `Matches`, of a value of several kinds.
    Picked {
        place: FieldPlace,
        pick: OneOf,
        or_missing: bool,
    },
    /// Nothing is sent, not even null.
    Missing(FieldPlace),
    /// A value is sent that is not null.
    Present(FieldPlace),
    Null(FieldPlace),
    Empty(FieldPlace),
    /// A value is sent that the spec does not know.
    Unknown(FieldPlace),
}

/// A field, or one inside an object field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldPlace {
    pub steps: Vec<PlaceStep>,
    pub ty: Ty,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlaceStep {
    pub ident: String,
    pub wire: String,
    pub storage: Storage,
    /// The value is in a box.
    pub boxed: bool,
    /// The value is a list, and every item is meant; of lists in lists, as many levels.
    pub each: usize,
}

/// What one parameter adds to a sum.
#[derive(Debug)]
pub(crate) struct SumTerm {
    pub place: FieldPlace,
    pub weight: u64,
    /// The members of a union that are lists: their items count.
    pub lists: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct CrossCheck {
    pub when: Option<Cond>,
    pub rule: usize,
    pub test: CrossTest,
}

/// Fails when …
#[derive(Debug)]
pub(crate) enum CrossTest {
    NoneOf(Vec<FieldPlace>),
    NotExactlyOne(Vec<FieldPlace>),
    MoreThanOne(Vec<FieldPlace>),
    SomeButNotAll(Vec<FieldPlace>),
    Without(FieldPlace, Vec<FieldPlace>),
    NotCompared(FieldPlace, Comparison, FieldPlace),
    Sum {
        terms: Vec<SumTerm>,
        /// The weights are so large that adding up might overflow.
        saturating: bool,
        minimum: Option<u64>,
        maximum: Option<u64>,
    },
    TotalLength {
        place: FieldPlace,
        han_double: bool,
        minimum: Option<u64>,
        maximum: Option<u64>,
    },
    /// Items of a list are of several members of a tagged union.
    SeveralKinds(FieldPlace),
}
