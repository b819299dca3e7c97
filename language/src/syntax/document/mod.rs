//! The typed documents: a one-to-one image of the YAML, every node with its span, nothing resolved and nothing filled
//! in.
//!
//! Names are still text, conditions still hold globs, and a missing key is `None`. Plain vocabulary without meaning of
//! its own (methods, certainties, numbers) is shared with the model.
//!
//! This file has the top level of the documents, and the other files have their parts.

mod entry;
mod operation;
mod pages;
mod types;

pub use entry::{
    CaseDoc, ClientEntryDoc, ConditionDoc, Constraints, Entry, EnumDoc, EnumValueDoc, Limit, MatcherDoc, MatcherKind,
    RuleDoc, RuleKindDoc, SentDoc, StylesDoc, TestDoc,
};
pub use operation::{
    BodyDoc, ExampleDoc, NumberingDoc, OperationDoc, OperationErrorsDoc, RequestBodyDoc, ResponseDoc, StageDoc,
    StateDoc, StatusCallDoc, StatusResponseDoc, StepDoc, StreamDoc, TaskDoc, TextAtDoc, VariantDoc, VariantsDoc,
    VerbDoc,
};
pub use pages::{CountDoc, NextPageDoc, PagesDoc};
pub use types::{TypeDecl, TypeDeclKind, TypeExpr, TypeExprKind};

use serde_json::Value;

use crate::model::{BasicAuth, Certainty, ClientAuthentication, ErrorKind, Grant, Location, ResetFormat};
use crate::source::{Span, Spanned};

/// A text and its place.
pub type Text = Spanned<String>;
/// A JSON value and its place.
pub type Json = Spanned<Value>;

/// The documents of an API.
#[derive(Debug)]
pub struct Documents {
    pub api: ApiDocument,
    pub resources: Vec<ResourceDocument>,
    /// The name of the API's folder, if it has one.
    pub folder: Option<String>,
    /// The beginning of `api.yaml`.
    pub span: Span,
}

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
    /// Of all operations.
    pub auth: Option<AuthDoc>,
    pub errors: ErrorsDoc,
    pub rate_limits: Vec<RateLimitDoc>,
    pub rate_limit_headers: Option<RateLimitHeadersDoc>,
    pub first_call: Option<Text>,
    pub request_id_header: Option<Text>,
    /// The header of idempotency keys, or `none`.
    pub idempotency: Option<Text>,
    /// Media types of JSON that responses have, unless an operation says otherwise.
    pub accept: Option<Spanned<Vec<String>>>,
    pub tasks: TaskDoc,
    pub webhook: Option<WebhookDoc>,
    pub styles: StylesDoc,
    pub headers: Vec<Entry>,
    /// Parameters that callers set on the client.
    pub client: ClientDoc,
    pub parameters: Vec<Entry>,
    pub types: Vec<TypeDecl>,
}

/// `client:`
#[derive(Debug, Default)]
pub struct ClientDoc {
    pub path: Vec<Entry>,
    pub query: Vec<Entry>,
    pub headers: Vec<Entry>,
    pub cookies: Vec<Entry>,
}

impl ClientDoc {
    /// All of them, in the order of their indexes.
    pub fn all(&self) -> impl Iterator<Item = (Location, &Entry)> {
        let of = |location: Location, entries| std::iter::repeat(location).zip(entries);
        let sent = of(Location::Path, &self.path).chain(of(Location::Query, &self.query));
        sent.chain(of(Location::Header, &self.headers)).chain(of(Location::Cookie, &self.cookies))
    }
}

/// A base URL.
#[derive(Debug)]
pub struct ServerDoc {
    pub name: Text,
    pub url: Text,
    pub doc: String,
    pub variables: Vec<ServerVariableDoc>,
}

/// `{shop}` of a server's URL.
#[derive(Debug)]
pub struct ServerVariableDoc {
    pub name: Text,
    pub doc: String,
    pub default: Option<Text>,
    pub values: Vec<Text>,
}

/// A secret and the ways to send it.
#[derive(Debug)]
pub struct CredentialDoc {
    pub name: Text,
    /// The variable of the key, or of the password.
    pub env: Option<Text>,
    /// The variable of the user name, of a credential that has one.
    pub username_env: Option<Text>,
    pub doc: String,
    pub looks_like: Option<String>,
    pub schemes: Vec<SchemeDoc>,
    /// How access tokens are fetched, of a credential that is one.
    pub oauth2: Option<(OAuth2Doc, Option<OAuth2EnvDoc>)>,
}

/// `oauth2:`
#[derive(Debug)]
pub struct OAuth2Doc {
    pub grant: Grant,
    pub token_url: Text,
    /// Where a user consents.
    pub authorization_url: Option<Text>,
    /// With what each permits.
    pub scopes: Vec<(Text, String)>,
    pub client_authentication: ClientAuthentication,
    /// Further fields of the request for a token.
    pub parameters: Vec<(Text, Text)>,
}

/// The environment variables of OAuth 2.
#[derive(Debug)]
pub struct OAuth2EnvDoc {
    pub client_id: Text,
    pub client_secret: Option<Text>,
    pub refresh_token: Option<Text>,
}

/// One way to send a credential.
#[derive(Debug)]
pub struct SchemeDoc {
    pub name: Text,
    pub place: Option<KeyPlaceDoc>,
    pub prefix: String,
}

/// Where a credential is sent.
#[derive(Debug)]
pub enum KeyPlaceDoc {
    Header(Text),
    Query(Text),
    Cookie(Text),
    /// A field of the body.
    Body(Text),
    /// HTTP basic: what the secret is.
    Basic(BasicAuth, Span),
}

/// `auth:`: alternatives of credentials that are sent together.
pub type AuthDoc = Vec<Vec<CredentialUseDoc>>;

/// A credential that is sent, and the scopes that its token must have.
#[derive(Debug)]
pub struct CredentialUseDoc {
    pub name: Text,
    pub scopes: Vec<Text>,
}

/// `errors:`
#[derive(Debug, Default)]
pub struct ErrorsDoc {
    /// When an answer of success is an error.
    pub when: Option<ConditionDoc>,
    /// What an error's body is.
    pub ty: Option<TypeExpr>,
    pub message: Vec<Text>,
    pub code: Vec<Text>,
    pub details: Vec<Text>,
    pub codes: Vec<ErrorCodeDoc>,
    pub statuses: Vec<StatusDoc>,
    pub examples: Vec<ErrorExampleDoc>,
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
    /// Left out: what the status means in HTTP.
    pub kind: Option<ErrorKind>,
    pub doc: String,
    /// What the body is.
    pub ty: Option<TypeExpr>,
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
    /// What stands before the time of signing, beside the signatures.
    pub timestamp_prefix: Option<String>,
    pub events: Option<WebhookEventsDoc>,
    pub retries: Option<u64>,
    pub doc: String,
    pub span: Span,
}

/// `events:` of a webhook.
#[derive(Debug)]
pub struct WebhookEventsDoc {
    /// JSON pointer of an event's name.
    pub name: Option<Text>,
    /// Header with an event's name.
    pub header: Option<Text>,
    pub types: Vec<WebhookEventDoc>,
}

/// One event of a webhook.
#[derive(Debug)]
pub struct WebhookEventDoc {
    pub name: Text,
    pub ty: TypeExpr,
    pub doc: String,
    pub rust: Option<Text>,
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
    pub auth: Option<AuthDoc>,
    pub idempotency: Option<Text>,
    /// Media types of JSON that responses have, unless an operation says otherwise.
    pub accept: Option<Spanned<Vec<String>>>,
    /// What statuses mean to every operation of the file.
    pub statuses: Vec<StatusDoc>,
    /// Defaults of its tasks; without a place where none are written.
    pub tasks: TaskDoc,
    pub styles: StylesDoc,
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
