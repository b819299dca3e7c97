//! An API as static data, which generated code passes to the runtime.

use http::Method;

/// What all operations of an API have in common.
#[derive(Debug)]
pub struct Api {
    /// Crate name, for the user agent.
    pub name: &'static str,
    /// Crate version.
    pub version: &'static str,
    /// Base URLs by name, no trailing slash; the first is the default.
    pub servers: &'static [(&'static str, &'static str)],
    /// The credentials; the first is the default.
    pub credentials: &'static [Credential],
    /// JSON pointers of an error's message, tried in order.
    pub error_message: &'static [&'static str],
    /// JSON pointers of an error's code.
    pub error_code: &'static [&'static str],
    /// JSON pointers of an error's details.
    pub error_details: &'static [&'static str],
    /// The meanings of statuses, if they differ from HTTP's or are documented. The meaning of the error's code takes
    /// precedence: see [`codes`](Self::codes).
    pub statuses: &'static [(u16, StatusKind)],
    /// The meanings of error codes. They take precedence over the status, in a response, an event and a failed task.
    pub codes: &'static [(&'static str, StatusKind)],
    /// Header names, lower case: limit, remaining, reset.
    pub rate_limit_headers: [Option<&'static str>; 3],
    /// Header name of the request's id, lower case.
    pub request_id_header: Option<&'static str>,
}

/// A secret and the ways to send it.
#[derive(Debug)]
pub struct Credential {
    /// `api_key`.
    pub name: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// Ways to send it.
    pub schemes: &'static [Scheme],
}

/// One way to send a secret.
#[derive(Debug)]
pub struct Scheme {
    /// `bearer`.
    pub name: &'static str,
    /// Header name.
    pub header: &'static str,
    /// Text before the secret.
    pub prefix: &'static str,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// `seedance.text_to_video`
    pub name: &'static str,
    /// Its API.
    pub api: &'static Api,
    /// HTTP method.
    pub method: Method,
    /// Path template, for logs: `/api/text/{model_id}`.
    pub path: &'static str,
    /// Index in [`Api::servers`].
    pub server: usize,
    /// Credential and scheme, by index.
    pub auth: Option<(usize, usize)>,
    /// May be retried even if the server may have processed it.
    pub idempotent: bool,
    /// Sends a JSON body.
    pub has_body: bool,
    /// Media types of a response of bytes, read as they arrive; `None` for JSON.
    pub accept: Option<&'static str>,
    /// Meanings of statuses for this operation. They take precedence over the API's.
    pub statuses: &'static [(u16, StatusKind)],
}

/// How to follow a task.
#[derive(Debug)]
pub struct TaskSpec {
    /// The status call.
    pub status: &'static Operation,
    /// Path before and after the id.
    pub path: (&'static str, &'static str),
    /// Field of the id in the create response.
    pub id: &'static str,
    /// Field of the id in status responses, if the API documents it.
    pub status_id: Option<&'static str>,
    /// Field of the state.
    pub state: &'static str,
    /// States of success.
    pub completed: &'static [&'static str],
    /// States of failure.
    pub failed: &'static [&'static str],
    /// JSON pointer of the failure's message.
    pub error: &'static str,
    /// Field that reports progress within a state.
    pub stage: Option<&'static str>,
    /// Milliseconds between polls.
    pub interval_ms: u64,
    /// Milliseconds after which waiting gives up.
    pub deadline_ms: u64,
}

/// The meaning of an error for the caller: that of the error's code if the API declares one, otherwise that of the
/// status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusKind {
    /// The request is malformed or breaks a rule.
    InvalidRequest,
    /// The credential is missing or wrong.
    Authentication,
    /// The account cannot pay.
    PaymentRequired,
    /// The credential may not do this.
    PermissionDenied,
    /// The requested thing does not exist.
    NotFound,
    /// The thing is in the wrong state.
    Conflict,
    /// The server reports a timeout.
    Timeout,
    /// The body is too large.
    TooLarge,
    /// The content type or file type is not supported.
    UnsupportedMedia,
    /// Too many requests.
    RateLimited,
    /// The content was refused.
    ContentRefused,
    /// The server failed.
    Server,
    /// The server is down for now.
    Unavailable,
    /// The work failed and was refunded.
    Refunded,
}
