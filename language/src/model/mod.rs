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
mod credential;
mod differs;
mod errors;
mod example;
mod failure;
mod integer_format;
mod length;
mod method;
pub mod number;
mod operation;
mod pages;
mod record;
mod shape;
mod stream;
mod style;
mod task;
mod text_format;
mod types;
mod xml;

pub use condition::{Condition, Matcher, Test};
pub use constraint::{Argument, Bound, Constraint, Excluded};
pub use constructor::{Constructor, Template};
pub use credential::{Auth, AuthScheme, BasicAuth, ClientAuthentication, Credential, Grant, KeyPlace, OAuth2};
pub use errors::{ErrorCode, ErrorExample, ErrorKind, ErrorModel, StatusMeaning};
pub use example::{Example, ExampleOf, Places};
pub use failure::{FailureCondition, FailureTest};
pub use integer_format::IntegerFormat;
pub use length::{LengthUnit, is_han};
pub use method::Method;
pub use number::{Num, equality_key, same_value};
pub use operation::{
    ContentType, Encoding, Operation, Output, PathPart, StatusAnswer, StatusForm, Variant, is_json, is_json_lines,
    is_xml, status_name, without_parameters,
};
pub use pages::{NextPage, Pages};
pub use record::{
    Access, Certainty, Clause, Comparison, Field, FieldIx, FieldPath, Location, Origin, PathStep, Record, Rule,
    RuleKind, Target,
};
pub use shape::{Shape, ambiguous_lists, ambiguous_objects, is_ambiguous, is_object, shapes};
pub use stream::{Collect, CollectStep, Numbering, Stream, StreamEvents, StreamState, StreamText, Verb};
pub use style::{ListStyle, ObjectStyle, PartForm, Sent, Style, StyleWord, TextStyle};
pub use task::{Stage, StatusParameter, StatusPath, StatusValue, Task, value_at};
pub use text_format::TextFormat;
pub use types::{EnumDef, EnumValue, TaggedUnion, Type, TypeDef, TypeId, TypeKind};
pub use xml::{XmlNode, XmlObject};

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::source::Span;

/// Which operation of [`Api::operations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId(pub u32);

impl OperationId {
    /// As [`crate::source::FileId::HASHED_AS`].
    pub const HASHED_AS: i128 = 3 << 64;
}

impl Hash for OperationId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(Self::HASHED_AS + i128::from(self.0));
    }
}

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
    /// Parameters that callers set once, on the client.
    pub client_parameters: Vec<ClientParameter>,
    /// Callbacks the API sends.
    pub webhook: Option<Webhook>,
    /// Every named or inferred type. [`TypeId`] is an index.
    pub types: Arc<Vec<TypeDef>>,
    /// Resources by file name.
    pub resources: Vec<Resource>,
    /// Operations of all resources, in the order of resources and of their files. [`OperationId`] is an index.
    pub operations: Vec<Arc<Operation>>,
    /// Where `api.yaml` names the API.
    pub span: Span,
    /// Whether a body or an answer can be XML.
    pub has_xml: bool,
}

/// A parameter of many operations that callers set once, on the client.
#[derive(Clone, Debug, Hash)]
pub struct ClientParameter {
    /// As sent.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// What it holds: one value.
    pub ty: Type,
    /// Environment variable that `Client::from_env` reads.
    pub env: Option<String>,
    /// What is sent where the caller sets nothing.
    pub default: Option<serde_json::Value>,
    /// In words.
    pub doc: String,
    /// Where its name is written.
    pub span: Span,
}

/// A base URL.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    /// How operations refer to it.
    pub name: String,
    /// `https://api.example.com` or `https://{shop}.example.com/api/v1`, no trailing slash; empty: every caller has another.
    pub url: String,
    /// What it serves.
    pub doc: String,
    /// Where it is written.
    pub span: Span,
    /// What callers put into the URL in place of `{name}`.
    pub variables: Vec<ServerVariable>,
}

/// A part of a base URL that callers choose.
#[derive(Clone, Debug, Hash)]
pub struct ServerVariable {
    /// Snake case, in the URL in braces.
    pub name: String,
    /// Environment variable that `Client::from_env` reads.
    pub env: String,
    /// In words.
    pub doc: String,
    /// Used where the caller sets none.
    pub default: Option<String>,
    /// The only values; empty: any.
    pub values: Vec<String>,
    /// Where it is written.
    pub span: Span,
}

/// `requests` per `per_seconds`.
#[derive(Clone, Debug, Hash)]
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
#[derive(Clone, Debug, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResetFormat {
    /// Seconds from now.
    Seconds,
    /// Seconds since 1970.
    Unix,
    /// The document does not say: numbers below 10^9 are seconds from now, others Unix, else an HTTP date.
    Unknown,
}

/// Signed callbacks.
#[derive(Clone, Debug, Hash)]
pub struct Webhook {
    /// The delivery's id, where there is one.
    pub id: Option<MessagePlace>,
    /// The time of signing, where there is one.
    pub timestamp: Option<MessagePlace>,
    /// The signatures.
    pub signature: MessagePlace,
    /// `hmac-sha256` or `ed25519`.
    pub algorithm: String,
    /// Text that is signed, with `{id}`, `{timestamp}`, `{url}`, `{body}`, `{fields}` and places of the body: `{/amount}`.
    pub signed: String,
    /// How the secret is written: `base64`, `hex` or `text`. With `ed25519`, it is the public key.
    pub secret_encoding: String,
    /// Text that may stand before the secret: `whsec_`.
    pub secret_prefix: String,
    /// How a signature is written: `base64` or `hex`.
    pub signature_encoding: String,
    /// Text before each signature: `v1,`.
    pub signature_prefix: String,
    /// Text between several signatures.
    pub separator: String,
    /// Text before the time of signing, if it stands beside the signatures: `t=`.
    pub timestamp_prefix: Option<String>,
    /// The events that it tells, if it is not about tasks.
    pub events: Option<WebhookEvents>,
    /// Environment variable of the secret.
    pub env: String,
    /// How often the API tries again.
    pub retries: Option<u32>,
    /// In words.
    pub doc: String,
    /// Where it is written.
    pub span: Span,
}

/// What a webhook tells.
#[derive(Clone, Debug, Hash)]
pub struct WebhookEvents {
    /// Where the name of an event is.
    pub name: MessagePlace,
    /// The events that are documented; there may be others.
    pub events: Vec<WebhookEvent>,
}

/// Where a response or a delivery of a webhook says something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MessagePlace {
    /// At this JSON pointer of the body.
    Body(String),
    /// In this header.
    Header(String),
}

impl MessagePlace {
    /// The name of a header, or a JSON pointer, which begins with a `/` as no header does.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Header(name) | Self::Body(name) => name,
        }
    }

    /// The header, if it is one.
    #[must_use]
    pub fn header(&self) -> Option<&str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Body(_) => None,
        }
    }
}

impl Webhook {
    /// Whether deliveries are forms, and not JSON.
    #[must_use]
    pub fn is_form(&self) -> bool {
        self.signed.contains("{fields}")
    }
}

/// An event of a webhook.
#[derive(Clone, Debug, Hash)]
pub struct WebhookEvent {
    /// `invoice.paid`
    pub name: String,
    /// What the body is.
    pub ty: Type,
    /// In words.
    pub doc: String,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where its name is written.
    pub span: Span,
}

/// A group of operations: one spec file, one module, one cargo feature.
#[derive(Clone, Debug, Hash)]
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

impl Server {
    /// The URL of an example: with the default of each variable, or its first value, or its name.
    #[must_use]
    pub fn example_url(&self) -> String {
        let mut url = self.url.clone();
        for it in &self.variables {
            let value = it.default.as_ref().or(it.values.first()).unwrap_or(&it.name);
            url = url.replace(&format!("{{{}}}", it.name), value);
        }
        if url.is_empty() { "https://api.example.com".to_owned() } else { url }
    }
}

impl Api {
    /// The type of an id.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0 as usize]
    }

    /// The members of a union of types, in place or named. Tagged unions are told apart in another way.
    #[must_use]
    pub fn union_members<'a>(&'a self, ty: &'a Type) -> Option<&'a [Type]> {
        match ty {
            Type::Union(members) => Some(members),
            Type::Named(id) => match &self.ty(*id).kind {
                TypeKind::Union { members, .. } => Some(members),
                TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => None,
            },
            _ => None,
        }
    }

    /// The only list among the members of a union: its place, and its items. Constraints of items look at these.
    #[must_use]
    pub fn listed_items<'a>(&'a self, ty: &'a Type) -> Option<(usize, &'a Type)> {
        only_list(self.union_members(ty)?)
    }

    /// The operation of an id.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> &Operation {
        &self.operations[id.0 as usize]
    }

    /// The ways in which an operation sends its credentials, of all alternatives.
    pub fn schemes<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = &'a AuthScheme> {
        let all = operation.auth.iter().flatten();
        all.filter_map(|it| self.credentials.get(it.credential)?.schemes.get(it.scheme))
    }

    /// The resource of an id.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0 as usize]
    }
}

/// The only list among some members: its place, and its items.
#[must_use]
pub fn only_list(members: &[Type]) -> Option<(usize, &Type)> {
    let mut lists = members.iter().enumerate().filter_map(|(at, it)| match it {
        Type::Array(item) => Some((at, item.non_null())),
        _ => None,
    });
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}
