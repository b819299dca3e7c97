//! The resolved API: what a spec means, with references as ids and defaults filled in.
//!
//! Language-neutral: nothing here knows YAML or Rust. Built by [`crate::resolve`], never changed afterwards, and
//! read by every later stage. Each thing that can be blamed in a diagnostic keeps the [`Span`] it was written at.
//!
//! The heart is [`Record`]: named fields, each with a type and a list of [`Clause`]s. A clause is one constraint
//! under one condition. A value is legal when every clause whose condition holds is satisfied and every
//! [`Rule`] over several fields is; nothing overrides, order never matters.

mod condition;
mod constraint;
mod constructor;
mod failure;
mod length;
pub mod number;
mod record;
mod stream;
mod types;

pub use condition::{Condition, Matcher, Test};
pub use constraint::{Argument, Bound, Constraint};
pub use constructor::{Constructor, Template};
pub use failure::{FailureCondition, FailureTest};
pub use length::{LengthUnit, is_han};
pub use number::{Num, equality_key, same_value};
pub use record::{
    Certainty, Clause, Comparison, Field, FieldIx, FieldPath, Location, Origin, PathStep, Record, Rule, RuleKind,
    Target,
};
pub use stream::{Collect, CollectStep, Numbering, Stream, StreamEvents, StreamState, StreamText, Verb};
pub use types::{EnumDef, EnumValue, TaggedUnion, Type, TypeDef, TypeId, TypeKind};

use crate::source::{Span, Spanned};

/// Which operation of [`Api::operations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub u32);

/// Which resource of [`Api::resources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub u32);

/// One HTTP API: everything under `spec/<name>/`.
#[derive(Clone, Debug)]
pub struct Api {
    /// Folder and crate name: lower-case letters, digits, `_`.
    pub name: String,
    /// As people write it: `RunAnythingAI`.
    pub title: String,
    /// What the API is for.
    pub doc: String,
    /// Version of the generated crate.
    pub version: String,
    /// Where its documentation is.
    pub source: Option<String>,
    /// Base URLs without a trailing slash; the first is the default. Never empty.
    pub servers: Vec<Server>,
    /// What a caller proves itself with; the first is the default. May be empty (a public API).
    pub credentials: Vec<Credential>,
    /// How error bodies are read, and what statuses mean.
    pub errors: ErrorModel,
    /// Named limits.
    pub rate_limits: Vec<RateLimit>,
    /// Response headers that tell the state of a limit.
    pub rate_limit_headers: Option<RateLimitHeaders>,
    /// What a newcomer calls first, if the spec says so.
    pub first_call: Option<OperationId>,
    /// Response header that names the request, lower case.
    pub request_id_header: Option<String>,
    /// Callbacks the API sends.
    pub webhook: Option<Webhook>,
    /// Every named or inferred type. [`TypeId`] is an index.
    pub types: Vec<TypeDef>,
    /// Resources by file name.
    pub resources: Vec<Resource>,
    /// Operations of all resources, in the order of resources and of their files. [`OperationId`] is an index.
    pub operations: Vec<Operation>,
    /// Where `api.yaml` names the API.
    pub span: Span,
}

/// A base URL.
#[derive(Clone, Debug)]
pub struct Server {
    /// How operations refer to it.
    pub name: String,
    /// `https://api.example.com` or `https://example.com/api/v1`, no trailing slash.
    pub url: String,
    /// What it serves.
    pub doc: String,
    /// Where it is written.
    pub span: Span,
}

/// One secret of the caller and the ways to send it.
#[derive(Clone, Debug)]
pub struct Credential {
    /// `api_key`, `management_key`.
    pub name: String,
    /// Environment variable that `Client::from_env` reads.
    pub env: String,
    /// Where a user gets it.
    pub doc: String,
    /// What a key looks like, for docs (`ank_…`).
    pub looks_like: Option<String>,
    /// Ways to send it; the first is the default. Never empty.
    pub schemes: Vec<AuthScheme>,
    /// Where it is written.
    pub span: Span,
}

/// One way to send a credential.
#[derive(Clone, Debug)]
pub struct AuthScheme {
    /// `bearer`, `x_api_key`.
    pub name: String,
    /// Header name as documented.
    pub header: String,
    /// Text before the key, `Bearer ` included space.
    pub prefix: String,
}

/// Which credential an operation sends, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auth {
    /// Index in [`Api::credentials`].
    pub credential: usize,
    /// Index in [`Credential::schemes`].
    pub scheme: usize,
}

/// How the API reports failure.
#[derive(Clone, Debug, Default)]
pub struct ErrorModel {
    /// When an answer of success is an error, unless an operation says otherwise.
    pub when: Option<FailureCondition>,
    /// JSON pointers tried in order for the human sentence; the first that holds a string wins.
    pub message: Vec<String>,
    /// JSON pointers for the machine code.
    pub code: Vec<String>,
    /// JSON pointers for further details.
    pub details: Vec<String>,
    /// Codes the document names: open, others pass.
    pub codes: Vec<ErrorCode>,
    /// What each status means here.
    pub statuses: Vec<StatusMeaning>,
    /// Error bodies of the document.
    pub examples: Vec<ErrorExample>,
}

/// A machine-readable error code.
#[derive(Clone, Debug)]
pub struct ErrorCode {
    /// As sent.
    pub value: String,
    /// When it comes and what to do.
    pub doc: String,
    /// What it means to a caller where no status says it: in the middle of a stream.
    pub kind: Option<ErrorKind>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// A status and what it means to a caller.
#[derive(Clone, Debug)]
pub struct StatusMeaning {
    /// 400 to 599.
    pub status: u16,
    /// The class a caller can act on.
    pub kind: ErrorKind,
    /// In words.
    pub doc: String,
    /// Where it is written.
    pub span: Span,
}

/// What a failure means to the caller; the same list as the runtime's `ErrorKind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request is malformed or breaks a rule.
    InvalidRequest,
    /// The credential is missing or wrong.
    Authentication,
    /// The account cannot pay.
    PaymentRequired,
    /// The credential may not do this.
    PermissionDenied,
    /// There is no such thing.
    NotFound,
    /// The thing is in the wrong state.
    Conflict,
    /// The server gave up waiting.
    Timeout,
    /// The body is too large.
    TooLarge,
    /// The content type or file type is not taken.
    UnsupportedMedia,
    /// Too many requests.
    RateLimited,
    /// The content was refused.
    ContentRefused,
    /// The server failed.
    Server,
    /// The server is down for now.
    Unavailable,
    /// The work failed and was paid back.
    Refunded,
}

/// An error body of the document.
#[derive(Clone, Debug)]
pub struct ErrorExample {
    /// Short title.
    pub name: String,
    /// The status it comes with.
    pub status: u16,
    /// The body.
    pub body: serde_json::Value,
    /// Where it is written.
    pub span: Span,
}

/// `requests` per `per_seconds`.
#[derive(Clone, Debug)]
pub struct RateLimit {
    /// How operations refer to it.
    pub name: String,
    /// In words.
    pub doc: String,
    /// How many.
    pub requests: u64,
    /// In how long.
    pub per_seconds: u64,
    /// What is counted: `requests`, `images`.
    pub unit: String,
    /// Per what: `key`, `user`, `account`.
    pub scope: String,
    /// Where it is written.
    pub span: Span,
}

/// Names of the headers, lower case.
#[derive(Clone, Debug)]
pub struct RateLimitHeaders {
    /// The limit.
    pub limit: Option<String>,
    /// What is left of it.
    pub remaining: Option<String>,
    /// When it is whole again.
    pub reset: Option<String>,
    /// How `reset` is written.
    pub reset_format: ResetFormat,
}

/// How a reset header is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetFormat {
    /// Seconds from now.
    Seconds,
    /// Seconds since 1970.
    Unix,
    /// The document does not say: numbers below 10^9 are seconds from now, others Unix, else an HTTP date.
    Unknown,
}

/// Signed callbacks.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Header with the delivery's id, where there is one.
    pub id_header: Option<String>,
    /// Header with the time of signing, where there is one.
    pub timestamp_header: Option<String>,
    /// Header with the signatures.
    pub signature_header: String,
    /// The only algorithm so far is `hmac-sha256`.
    pub algorithm: String,
    /// Text that is signed, with `{id}`, `{timestamp}`, `{body}`.
    pub signed: String,
    /// How the secret is written: `base64` or `text`.
    pub secret_encoding: String,
    /// Text that may stand before the secret: `whsec_`.
    pub secret_prefix: String,
    /// How a signature is written: `base64` or `hex`.
    pub signature_encoding: String,
    /// Text before each signature: `v1,`.
    pub signature_prefix: String,
    /// Text between several signatures.
    pub separator: String,
    /// Environment variable of the secret.
    pub env: String,
    /// How often the API tries again.
    pub retries: Option<u32>,
    /// In words.
    pub doc: String,
    /// Where it is written.
    pub span: Span,
}

/// A group of operations: one spec file, one module, one cargo feature.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Snake case.
    pub name: String,
    /// As people write it.
    pub title: String,
    /// What it is for.
    pub doc: String,
    /// Section of the document.
    pub source: Option<String>,
    /// Its operations.
    pub operations: Vec<OperationId>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is named.
    pub span: Span,
}

/// HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

/// One piece of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Text as it stands, slashes included.
    Literal(String),
    /// A path parameter: index in [`Operation::parameters`].
    Parameter(FieldIx),
}

/// How the body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `multipart/form-data`
    Multipart,
    /// `application/x-www-form-urlencoded`
    Form,
}

/// One thing the API can be asked to do.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its resource.
    pub resource: ResourceId,
    /// Snake case, unique in the resource.
    pub name: String,
    /// The method.
    pub method: Method,
    /// Path below the server's URL, in pieces.
    pub path: Vec<PathPart>,
    /// Index in [`Api::servers`].
    pub server: usize,
    /// One line.
    pub summary: String,
    /// More.
    pub doc: String,
    /// Origin, doubts, certainty.
    pub origin: Origin,
    /// Named by the document but not described in full.
    pub partly_documented: bool,
    /// Which credential, or none.
    pub auth: Option<Auth>,
    /// Costs money or quota: never repeated when the server may have taken it.
    pub billed: bool,
    /// How the body is written.
    pub encoding: Encoding,
    /// All parameters of all places, and the rules over them. `open` says whether unknown body parameters pass.
    pub parameters: Record,
    /// Whether a JSON body is sent at all.
    pub has_body: bool,
    /// Typed builders. Empty: one builder for everything.
    pub variants: Vec<Variant>,
    /// What comes back.
    pub output: Output,
    /// Status of success.
    pub success: u16,
    /// Server-sent events.
    pub stream: Option<Stream>,
    /// Indexes in [`Api::rate_limits`]: the limits that a call counts against.
    pub rate_limits: Vec<usize>,
    /// When an answer of success is an error.
    pub failure: Option<FailureCondition>,
    /// Statuses that mean something particular here.
    pub statuses: Vec<StatusMeaning>,
    /// Requests and answers.
    pub examples: Vec<Example>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is named.
    pub span: Span,
}

/// One typed builder: the operation under a condition.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Snake case where written by hand; the enum value where made by `variants: model`.
    pub name: String,
    /// What it is for.
    pub doc: String,
    /// When a request belongs to it.
    pub when: Condition,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// What a success brings.
#[derive(Clone, Debug)]
pub enum Output {
    /// No body (204).
    Empty,
    /// A JSON value; `wrapper` is the object key it sits under, if any.
    Json {
        /// Its type.
        ty: Type,
        /// `{"guardrails": [...]}`: `guardrails`.
        wrapper: Option<String>,
        /// The answer may be plain text, which is the value of this field.
        plain_text: Option<String>,
    },
    /// Bytes, with their media types.
    Binary {
        /// `audio/mpeg`, …
        media_types: Vec<String>,
    },
    /// An asynchronous task.
    Task(Box<Task>),
}

/// create → poll → result.
#[derive(Clone, Debug)]
pub struct Task {
    /// A record: the body that answers the create call.
    pub created: TypeId,
    /// A record: what a completed task carries, fields of every state included.
    pub result: TypeId,
    /// Wire name of the id in the create answer.
    pub id_field: String,
    /// Path of the status call; the one [`PathPart::Parameter`] is the id, whatever its index.
    pub status_path: Vec<PathPart>,
    /// Names of fields of `result` that are there in every state.
    pub every_state: Vec<String>,
    /// Wire name of the state.
    pub state_field: String,
    /// States that mean: ask again. Unknown states count as these.
    pub pending: Vec<String>,
    /// States that mean: done.
    pub completed: Vec<String>,
    /// States that mean: failed.
    pub failed: Vec<String>,
    /// JSON pointer of the failure's words.
    pub error_pointer: String,
    /// A second, finer field.
    pub stage: Option<Stage>,
    /// Milliseconds between polls.
    pub poll_interval_ms: u64,
    /// Milliseconds after which waiting gives up by default.
    pub deadline_ms: u64,
    /// The operation that takes the id and brings what the task made, as bytes.
    pub download: Option<OperationId>,
    /// The parameter that takes the callback's URL.
    pub callback: Option<FieldIx>,
    /// Where it is written.
    pub span: Span,
}

/// A field that tells progress within a state.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Wire name.
    pub field: String,
    /// Known values with their words; open.
    pub values: Vec<(String, String)>,
}

/// A request, an answer, or both.
#[derive(Clone, Debug)]
pub struct Example {
    /// Short title.
    pub name: String,
    /// All parameters by name, whatever their place.
    pub request: Option<serde_json::Value>,
    /// What is wrong with the request: pointer or parameter name → rule. Empty: it is legal.
    pub invalid: Vec<(Spanned<String>, Spanned<String>)>,
    /// What comes back: the create answer, the result, or a status body.
    pub response: Option<serde_json::Value>,
    /// The events of a stream: name (`""` of a chunk) and data.
    pub events: Vec<(String, serde_json::Value)>,
    /// What `response` is an answer to.
    pub of: ExampleOf,
    /// Section or line of the document.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// Where the parts of the request are written.
    pub request_places: Places,
    /// Where the parts of the response are written.
    pub response_places: Places,
}

/// Where the parts of a JSON value are written, by JSON pointer.
#[derive(Clone, Debug, Default)]
pub struct Places(pub std::collections::BTreeMap<String, Span>);

impl Places {
    /// Where the part at a pointer is written; of a part that is not there, what should hold it.
    #[must_use]
    pub fn find(&self, pointer: &str) -> Option<Span> {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.0.get(pointer) {
                return Some(*span);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

/// What an example's response answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleOf {
    /// The call itself.
    Call,
    /// A poll of the task's status.
    Status,
    /// A callback.
    Callback,
}

impl Api {
    /// The type of an id.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0 as usize]
    }

    /// The operation of an id.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> &Operation {
        &self.operations[id.0 as usize]
    }

    /// The resource of an id.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0 as usize]
    }
}

impl Operation {
    /// `seedance.text_to_video`: how messages name it.
    #[must_use]
    pub fn full_name(&self, api: &Api) -> String {
        format!("{}.{}", api.resource(self.resource).name, self.name)
    }

    /// Whether it can be repeated although the server may have acted on it.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        !self.billed && matches!(self.method, Method::Get | Method::Put | Method::Delete)
    }

    /// `/api/text/{model_id}`.
    #[must_use]
    pub fn path_template(&self) -> String {
        let mut text = String::new();
        for part in &self.path {
            match part {
                PathPart::Literal(literal) => text.push_str(literal),
                PathPart::Parameter(ix) => {
                    text.push('{');
                    text.push_str(&self.parameters.field(*ix).name);
                    text.push('}');
                }
            }
        }
        text
    }
}

impl Method {
    /// `GET`, …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}
