//! An API as static data: what generated code hands to the runtime.

use http::Method;

/// What is common to all operations of an API.
#[derive(Debug)]
pub struct Api {
    /// Crate name, for the user agent.
    pub name: &'static str,
    /// Crate version.
    pub version: &'static str,
    /// Base URLs by name, no trailing slash; the first is the default.
    pub servers: &'static [(&'static str, &'static str)],
    /// What a caller proves itself with; the first is the default.
    pub credentials: &'static [Credential],
    /// JSON pointers of an error's sentence, tried in order.
    pub error_message: &'static [&'static str],
    /// JSON pointers of an error's code.
    pub error_code: &'static [&'static str],
    /// JSON pointers of an error's details.
    pub error_details: &'static [&'static str],
    /// What a status means, where it is not HTTP's usual meaning or the document says so. The code of the error comes
    /// before it: see [`codes`](Self::codes).
    pub statuses: &'static [(u16, StatusKind)],
    /// What an error's code means. It comes before what the status means: in an answer, an event, and a failed task.
    pub codes: &'static [(&'static str, StatusKind)],
    /// Header names, lower case: limit, remaining, reset.
    pub rate_limit_headers: [Option<&'static str>; 3],
    /// Header name of the request's id, lower case.
    pub request_id_header: Option<&'static str>,
}

/// One secret and the ways to send it.
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
    /// May be repeated although the server may have acted on it.
    pub idempotent: bool,
    /// Sends a JSON body.
    pub has_body: bool,
    /// Media types of an answer that is bytes, read while they arrive; `None`: JSON.
    pub accept: Option<&'static str>,
    /// Meanings of statuses for this operation alone; looked at before the API's.
    pub statuses: &'static [(u16, StatusKind)],
}

/// How to follow a task.
#[derive(Debug)]
pub struct TaskSpec {
    /// The status call.
    pub status: &'static Operation,
    /// Path before and after the id.
    pub path: (&'static str, &'static str),
    /// Field of the id in the create answer.
    pub id: &'static str,
    /// Field of the id in status answers, where the API says that it is there.
    pub status_id: Option<&'static str>,
    /// Field of the state.
    pub state: &'static str,
    /// States of success.
    pub completed: &'static [&'static str],
    /// States of failure.
    pub failed: &'static [&'static str],
    /// JSON pointer of the failure's words.
    pub error: &'static str,
    /// Field that tells progress within a state.
    pub stage: Option<&'static str>,
    /// Milliseconds between polls.
    pub interval_ms: u64,
    /// Milliseconds after which waiting gives up.
    pub deadline_ms: u64,
}

/// What an error means to the caller. The code of the error says so where the API declares what the code means, else the
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
