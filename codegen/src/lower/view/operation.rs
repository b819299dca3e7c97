//! An operation: its request, the builders that fill it, and what it brings.

use super::{Argument, Checks, Docs, EnumVariant, Literal, OperationXml, Storage, Ty, TypeName};
use crate::digest::Words;
use crate::model::{Encoding, FailureCondition, Location, Style};

/// One operation: one module.
#[derive(Debug, Hash)]
pub(crate) struct Operation {
    pub module: String,
    pub file: String,
    pub method: String,
    pub full_name: String,
    pub docs: Words<Docs>,
    pub summary: String,
    pub http_method: &'static str,
    /// Whether the method is none that the runtime has a constructor for.
    pub has_other_method: bool,
    pub path: Vec<PathPiece>,
    pub path_template: String,
    pub server: usize,
    /// Alternatives of credentials and schemes, by index.
    pub auth: Vec<Vec<(usize, usize)>>,
    pub idempotent: bool,
    pub has_body: bool,
    /// Media types of an answer that is bytes.
    pub accept: Option<String>,
    /// Header of the key by which the server knows a request that is sent again.
    pub idempotency: Option<String>,
    /// The media types of its responses in JSON, if they are not `application/json`.
    pub json_type: Option<String>,
    /// What of it is XML.
    pub xml: Option<OperationXml>,
    pub deprecated: Option<String>,
    pub response_headers: Option<ResponseHeaders>,
    pub answer_form: AnswerForm,
    /// Statuses beside those of success that are answers.
    pub other_answers: Vec<u16>,
    /// Brings what a task made: the task's module names it too.
    pub downloads: bool,
    /// What the body can be, unless that is plain JSON or a form.
    pub content_types: Vec<String>,
    /// Other ways to write the body, with the media types by which callers choose them.
    pub alternatives: Vec<(Encoding, String)>,
    /// The method of the runtime that writes a body that is one value.
    pub whole_body: &'static str,
    /// It cancels tasks, whose operations refer to it.
    pub cancels: bool,
    /// How the body is written by default.
    pub encoding: Encoding,
    /// Credentials may be sent in the body.
    pub has_keys: bool,
    pub statuses: Vec<(u16, &'static str)>,
    /// When an answer of success is an error.
    pub failure: Option<Failure>,
    pub request: Request,
    /// Fields that the method takes as arguments.
    pub arguments: Vec<usize>,
    pub needs: Vec<Need>,
    /// The struct that all builders of its resource are, in the resource's module.
    pub builder_struct: String,
    pub entry: Entry,
    pub reply: Reply,
    pub stream: Option<Stream>,
    pub pages: Option<Pages>,
    pub example: Option<Vec<String>>,
}

/// The condition under which an answer of success is an error.
#[derive(Debug, Hash)]
pub(crate) enum Failure {
    /// That of the API, which stands beside the client.
    OfApi,
    Own(FailureCondition),
}

#[derive(Debug, Hash)]
pub(crate) enum PathPiece {
    Literal(String),
    Field(usize),
}

/// All parameters of an operation as one plain struct.
#[derive(Debug, Hash)]
pub(crate) struct Request {
    pub ident: String,
    pub docs: Docs,
    pub fields: Vec<RequestField>,
    /// Unknown parameters pass.
    pub open: bool,
    /// `Debug` shows fields and not what is sent, since that has secrets.
    pub hides: bool,
    pub checks: Checks,
}

#[derive(Debug, Hash)]
pub(crate) struct RequestField {
    pub ident: String,
    pub wire: String,
    /// By which name it is sent, if another.
    pub sent: Option<String>,
    /// How it is written, if it is no plain text.
    pub style: Option<Style>,
    /// Its name alone is sent, so that its setter takes no value.
    pub is_flag: bool,
    /// A slash in its value is one in the path.
    pub keeps_slashes: bool,
    /// Its entries are headers, whose names begin with this, in lower case.
    pub header_prefix: Option<String>,
    /// By which name it is sent in a multipart body, if another.
    pub part_name: Option<String>,
    /// How it is written as a part of a multipart body, if it is not plain.
    pub part: Option<PartMethod>,
    pub location: Location,
    pub ty: Ty,
    pub storage: Storage,
    /// The method that sends `null`, where a field that can be left out has one.
    pub null_setter: Option<String>,
    pub secret: bool,
    /// The parameter of the client that it is, by index.
    pub client: Option<usize>,
    pub docs: Words<Docs>,
    pub deprecated: Option<String>,
}

/// The method of the runtime that writes a part of a multipart body, with its last argument.
#[derive(Debug, Hash)]
pub(crate) enum PartMethod {
    /// A method that takes the part's media type, which may be empty for `indexed_parts`.
    Typed(&'static str, String),
    /// `styled_part`
    Styled(Style),
}

/// A parameter that some builder requires, and the trait whose message names it.
#[derive(Debug, Hash)]
pub(crate) struct Need {
    pub field: usize,
    pub ident: String,
    pub message: String,
    pub label: String,
}

/// How users get to a builder.
#[derive(Debug, Hash)]
pub(crate) enum Entry {
    /// The method returns the builder.
    Single { builder: Builder, pinned: Vec<(usize, Literal)> },
    /// The method returns a selector with a method per variant, and `any()`.
    Variants { selector: String, docs: Docs, variants: Vec<VariantEntry>, builders: Vec<Builder>, any: Builder },
}

impl Entry {
    /// All builders that users meet.
    pub(crate) fn builders(&self) -> impl Iterator<Item = &Builder> {
        let (list, any) = match self {
            Self::Single { builder, .. } => (std::slice::from_ref(builder), None),
            Self::Variants { builders, any, .. } => (builders.as_slice(), Some(any)),
        };
        list.iter().chain(any)
    }
}

#[derive(Debug, Hash)]
pub(crate) struct VariantEntry {
    pub method: String,
    pub docs: Words<Docs>,
    /// Index in the builders.
    pub builder: usize,
    /// What choosing it sets.
    pub pinned: Vec<(usize, Literal)>,
}

#[derive(Debug, Hash)]
pub(crate) struct Builder {
    pub ident: String,
    pub docs: Words<Docs>,
    /// Indexes in [`Operation::needs`]: the slots of the state.
    pub required: Vec<usize>,
    pub setters: Vec<Setter>,
    pub pushes: Vec<Push>,
    pub subsets: Vec<SubsetEnum>,
}

#[derive(Debug, Hash, PartialEq)]
pub(crate) struct Setter {
    /// Index in [`Request::fields`].
    pub field: usize,
    /// Slot of the builder's state that it fills.
    pub slot: Option<usize>,
    pub docs: Words<Docs>,
    /// Index in [`Builder::subsets`].
    pub subset: Option<usize>,
    /// All builders of the operation have it: it is a method of what they are all made of.
    pub is_common: Words<bool>,
}

/// A method that adds an item to a list.
#[derive(Debug, Hash)]
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
#[derive(Debug, Hash)]
pub(crate) struct SubsetEnum {
    pub ident: String,
    pub docs: Docs,
    /// Type of which it is a part.
    pub full: TypeName,
    pub variants: Vec<EnumVariant>,
    /// Another builder of the operation emits it.
    pub shared: bool,
}

#[derive(Debug, Hash)]
pub(crate) enum Reply {
    Empty,
    Json {
        ty: Ty,
        wrapper: Option<String>,
        /// The answer may be plain text, which is the value of this field.
        plain_text: Option<String>,
    },
    /// A value or none: `null`, no body, or one of these statuses.
    Optional {
        ty: Ty,
        none: Vec<u16>,
    },
    /// An enum of answers that the status tells apart.
    ByStatus(StatusEnum),
    Text,
    Redirect,
    Bytes,
    Task(Box<Task>),
}

/// The answers of an operation by their statuses.
#[derive(Debug, Hash)]
pub(crate) struct StatusEnum {
    pub ident: String,
    pub docs: Docs,
    pub answers: Vec<StatusMember>,
    /// As which a status is read that the spec does not know.
    pub other: u16,
}

#[derive(Debug, Hash)]
pub(crate) struct StatusMember {
    pub ident: String,
    pub status: u16,
    pub docs: Docs,
    /// `None`: there is no body, or it is bytes.
    pub ty: Option<Ty>,
    pub form: crate::model::StatusForm,
}

/// The record of a response's headers.
#[derive(Debug, Hash)]
pub(crate) struct ResponseHeaders {
    pub name: TypeName,
    /// In lower case, as documented, and how it is read.
    pub headers: Vec<(String, String, &'static str)>,
}

/// What an answer of success is, for the runtime.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AnswerForm {
    Json,
    JsonOrNothing,
    /// Text of these media types.
    Text(String),
}

/// Server-sent events.
#[derive(Debug, Hash)]
pub(crate) struct Stream {
    /// There is no answer in one piece.
    pub always: bool,
    /// Fields that ask for the stream.
    pub sets: Vec<(usize, Literal)>,
    pub events: Events,
    /// What the collected events are: the answer in one piece. `None`: they are not collected.
    pub collected: Option<Ty>,
    /// How it goes on, where its text is, what it adds up to: data for the runtime.
    pub spec: crate::model::Stream,
}

#[derive(Debug, Hash)]
pub(crate) enum Events {
    Chunks(Ty),
    Named(EventEnum),
}

/// Events told apart by name, and one for those that nobody knows.
#[derive(Debug, Hash)]
pub(crate) struct EventEnum {
    pub ident: String,
    pub docs: Docs,
    pub members: Vec<EventMember>,
}

#[derive(Debug, Hash)]
pub(crate) struct EventMember {
    pub ident: String,
    pub name: String,
    pub docs: Docs,
    /// `None`: it carries nothing.
    pub ty: Option<Ty>,
}

/// Brings what a task made.
#[derive(Debug, Hash)]
pub(crate) struct Download {
    /// Module of the operation, beside that of the task.
    pub module: String,
    /// Path before and after the id.
    pub path: (String, String),
}

#[derive(Debug, Hash)]
pub(crate) struct Task {
    /// What the result's type brings, where no other operation says it already.
    pub download: Option<Download>,
    /// How it is cancelled.
    pub cancel: Option<Download>,
    /// Type of the result.
    pub result: TypeName,
    /// Method of the resource that takes up a task by its id.
    pub resume: String,
    /// Path of the status before and after the id, with other parameters as `{name}`; `None`: the id is its URL.
    pub status_path: Option<(String, String)>,
    /// The header that has that URL; `None`: it is in the body.
    pub url_header: Option<String>,
    pub status_template: String,
    /// The id may have several segments.
    pub keeps_slashes: bool,
    /// The other parameters of the status path.
    pub within: Vec<StatusParameter>,
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

/// A parameter of a status path that is not the id.
#[derive(Debug, Hash)]
pub(crate) struct StatusParameter {
    /// As in the path.
    pub name: String,
    /// The argument with which a task is taken up.
    pub argument: String,
    /// The client has it: its index.
    pub client: Option<usize>,
}

/// The pages of a list.
#[derive(Debug, Hash)]
pub(crate) struct Pages {
    pub item: Ty,
    pub selector: PageSelector,
    pub spec: crate::model::Pages,
}

/// What selects a page: a field of the request or of an object in it, or the server's URL.
#[derive(Debug, Hash)]
pub(crate) enum PageSelector {
    Cursor(PageField),
    Number(PageField),
    Url,
}

/// The field that selects a page.
#[derive(Debug, Hash)]
pub(crate) struct PageField {
    /// The objects around it, the outermost first.
    pub objects: Vec<PageObject>,
    pub ident: String,
    pub storage: Storage,
}

/// An object around the field that selects a page.
#[derive(Debug, Hash)]
pub(crate) struct PageObject {
    pub ident: String,
    pub storage: Storage,
    /// As it is sent.
    pub name: String,
    /// Its type, if one can be made without further values.
    pub ty: Option<TypeName>,
    pub boxed: bool,
}
