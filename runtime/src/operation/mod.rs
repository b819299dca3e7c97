//! An API as static data, which generated code passes to the runtime.

mod credential;
mod failure;
mod steps;
mod task;

use std::fmt;

use http::Method;

pub use credential::{BasicAuth, ClientAuthentication, Credential, Grant, KeyPlace, OAuth2Spec, Scheme};
pub use failure::{FailureCondition, FailureMatcher, FailureTest, FailureValue};
pub use steps::WithSteps;
pub use task::{PathParameters, TaskSpec};

use crate::xml::{Element, Xml};

/// The data that all operations of an API share.
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
    /// What callers put into the servers' URLs in place of `{name}`.
    pub server_variables: &'static [ServerVariable],
    /// Parameters of many operations that callers set once, on the client.
    pub client_parameters: &'static [ClientParameter],
    /// The bodies of errors in XML by status; 0 is any other status. Empty: no error is XML.
    pub xml_errors: &'static [(u16, &'static Element)],
}

impl Api {
    /// An API without anything, for what another does not say.
    pub const EMPTY: Self = Self {
        name: "",
        version: "",
        servers: &[],
        credentials: &[],
        error_message: &[],
        error_code: &[],
        error_details: &[],
        statuses: &[],
        codes: &[],
        rate_limit_headers: [None; 3],
        request_id_header: None,
        server_variables: &[],
        client_parameters: &[],
        xml_errors: &[],
    };
}

/// A part of a base URL that callers choose, such as the name of a shop in `https://{shop}.example.com`.
#[derive(Debug)]
pub struct ServerVariable {
    /// `shop`.
    pub name: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// Used where the caller sets none.
    pub default: Option<&'static str>,
    /// The only values; empty: any.
    pub values: &'static [&'static str],
    pub(crate) steps: &'static VariableSteps,
}

/// What an API with such variables needs. Only [`ServerVariable::new`] refers to the functions, so programs of other APIs do not
/// contain them.
pub(crate) struct VariableSteps {
    /// A URL with the values of variables, as far as there are some.
    pub(crate) filled: fn(&Api, &[Option<String>], &str) -> String,
    /// Which variable a URL lacks, and how to set it.
    pub(crate) missing: fn(&Api, &str) -> Option<String>,
}

/// Without the addresses of the functions, which differ from run to run.
impl fmt::Debug for VariableSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VariableSteps").finish_non_exhaustive()
    }
}

/// A parameter that is set once, on the client, and sent by every operation that has it.
#[derive(Debug)]
pub struct ClientParameter {
    /// As it is sent.
    pub name: &'static str,
    /// Environment variable.
    pub env: Option<&'static str>,
    /// Sent where the caller sets nothing.
    pub default: Option<&'static str>,
    /// What it holds.
    pub form: ParameterForm,
    /// The only values; empty: any.
    pub values: &'static [&'static str],
}

/// What a parameter of the client holds: [`text`](Self::text), [`integer`](Self::integer), [`number`](Self::number) or
/// [`boolean`](Self::boolean). It is the function that reads it, which programs without such parameters do not contain.
#[derive(Clone, Copy)]
pub struct ParameterForm {
    /// The error says what the text should have been.
    pub(crate) read: fn(&str) -> Result<serde_json::Value, &'static str>,
}

/// Without the address of the function, which differs from run to run.
impl fmt::Debug for ParameterForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParameterForm").finish_non_exhaustive()
    }
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// `seedance.text_to_video`
    pub name: &'static str,
    /// Its API.
    pub api: &'static Api,
    /// HTTP method as it is sent: `POST`. No [`Method`], since the compiler would examine all that one can hold, for each
    /// operation.
    pub method: &'static str,
    /// Path template, for logs: `/api/text/{model_id}`.
    pub path: &'static str,
    /// Index in [`Api::servers`].
    pub server: usize,
    /// The credentials that it sends, as alternatives of credentials that are sent together, each with its scheme, by index.
    /// Empty: none.
    pub auth: &'static [&'static [(usize, usize)]],
    /// May be retried even if the server may have processed it.
    pub idempotent: bool,
    /// Sends a body.
    pub has_body: bool,
    /// What its body can be, such as `image/png` or `image/*`; the first is the default.
    pub content_types: &'static [&'static str],
    /// Media types of a response of bytes, read as they arrive; `None` for JSON. Set by [`accept`](Self::accept).
    pub accept: Option<WithSteps<&'static str>>,
    /// Media types of a response in JSON, or in XML; `None`: `application/json`.
    pub json_type: Option<&'static str>,
    /// Meanings of statuses for this operation. They take precedence over the API's.
    pub statuses: &'static [(u16, StatusKind)],
    /// Header of the key by which the server knows a request that is sent again.
    pub idempotency: Option<&'static str>,
    /// Its stream is lines of JSON, not server-sent events.
    pub json_lines: bool,
    /// What an answer of success is, if it is not bytes.
    pub form: AnswerForm,
    /// Statuses beside those of success that are answers, such as 304.
    pub other_answers: &'static [u16],
    /// When an answer of success is an error. Set by [`failure`](Self::failure).
    pub failure: Option<WithSteps<&'static FailureCondition>>,
    /// The task that it creates or asks for, where that matters to [`failure`](Self::failure).
    pub task: Option<&'static TaskSpec>,
    /// What of it is XML.
    pub xml: Option<&'static Xml>,
}

impl Operation {
    /// An operation that sends the API's first credential to its first server.
    const fn new(api: &'static Api, method: &'static str, name: &'static str, path: &'static str, reads: bool) -> Self {
        let (auth, idempotent, has_body): (&[&[_]], _, _) = (&[&[(0, 0)]], reads, !reads);
        Self {
            name,
            api,
            method,
            path,
            server: 0,
            auth,
            idempotent,
            has_body,
            content_types: &["application/json"],
            accept: None,
            json_type: None,
            statuses: &[],
            idempotency: None,
            json_lines: false,
            form: AnswerForm::Json,
            other_answers: &[],
            failure: None,
            task: None,
            xml: None,
        }
    }

    /// A `GET`. It may be repeated, and has no body.
    #[must_use]
    pub const fn get(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "GET", name, path, true)
    }

    /// A `DELETE`. It may be repeated, and has no body.
    #[must_use]
    pub const fn delete(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "DELETE", name, path, true)
    }

    /// A `HEAD`: it may be repeated, and has no body.
    #[must_use]
    pub const fn head(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "HEAD", name, path, true)
    }

    /// An `OPTIONS`: it may be repeated, and has no body.
    #[must_use]
    pub const fn options(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "OPTIONS", name, path, true)
    }

    /// A `POST` with a body.
    #[must_use]
    pub const fn post(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "POST", name, path, false)
    }

    /// A `PUT` with a body.
    #[must_use]
    pub const fn put(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "PUT", name, path, false)
    }

    /// A `PATCH` with a body.
    #[must_use]
    pub const fn patch(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, "PATCH", name, path, false)
    }

    /// A request of another method, such as `PROPFIND`, with a body. It is not repeated unless
    /// [`idempotent`](Self::idempotent) says so.
    ///
    /// # Panics
    /// If the name is none: capitals, digits and hyphens, as it is sent. In a static this is an error of the compiler.
    #[must_use]
    pub const fn other(method: &'static str, api: &'static Api, name: &'static str, path: &'static str) -> Self {
        let bytes = method.as_bytes();
        let mut at = 0;
        assert!(!bytes.is_empty(), "a method has a name");
        while at < bytes.len() {
            assert!(
                bytes[at].is_ascii_uppercase() || bytes[at].is_ascii_digit() || bytes[at] == b'-',
                "the name of a method is in capitals"
            );
            at += 1;
        }
        Self::new(api, method, name, path, false)
    }

    /// The method as it is sent.
    #[must_use]
    pub fn http_method(&self) -> Method {
        Method::from_bytes(self.method.as_bytes()).unwrap_or_default()
    }

    /// Sets another server, by index.
    #[must_use]
    pub const fn server(mut self, server: usize) -> Self {
        self.server = server;
        self
    }

    /// With other credentials, or with none: see [`auth`](Self::auth).
    #[must_use]
    pub const fn auth(mut self, auth: &'static [&'static [(usize, usize)]]) -> Self {
        self.auth = auth;
        self
    }

    /// Sets whether it may be repeated although the server may have processed it.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets whether it sends a body.
    #[must_use]
    pub const fn body(mut self, has_body: bool) -> Self {
        self.has_body = has_body;
        self
    }

    /// Sets what its body can be.
    #[must_use]
    pub const fn content_types(mut self, content_types: &'static [&'static str]) -> Self {
        self.content_types = content_types;
        self
    }

    /// Sets the media types of a response in JSON that is not `application/json`, or of one in XML.
    #[must_use]
    pub const fn json_type(mut self, media_types: &'static str) -> Self {
        self.json_type = Some(media_types);
        self
    }

    /// Sets its own meanings of statuses.
    #[must_use]
    pub const fn statuses(mut self, statuses: &'static [(u16, StatusKind)]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Sends a key in this header, the same for all attempts of a call, so that it may be repeated.
    #[must_use]
    pub const fn idempotency(mut self, header: &'static str) -> Self {
        self.idempotency = Some(header);
        self
    }

    /// Streams lines of JSON.
    #[must_use]
    pub const fn json_lines(mut self) -> Self {
        self.json_lines = true;
        self
    }

    /// Answers with something else than JSON that is always there.
    #[must_use]
    pub const fn form(mut self, form: AnswerForm) -> Self {
        self.form = form;
        self
    }

    /// With statuses beside those of success that are answers.
    #[must_use]
    pub const fn other_answers(mut self, statuses: &'static [u16]) -> Self {
        self.other_answers = statuses;
        self
    }

    /// With a body or answers in XML.
    #[must_use]
    pub const fn xml(mut self, xml: &'static Xml) -> Self {
        self.xml = Some(xml);
        self
    }

    /// The operation that polls the status of a task that this operation creates.
    #[must_use]
    pub const fn status_of(created_by: &'static Self, name: &'static str, path: &'static str) -> Self {
        let Self { api, server, auth, json_type, statuses, failure, task, .. } = created_by;
        let (server, auth, json_type, failure, task) = (*server, *auth, *json_type, *failure, *task);
        Self {
            name,
            api,
            method: "GET",
            path,
            server,
            auth,
            idempotent: true,
            has_body: false,
            content_types: &[],
            accept: None,
            json_type,
            statuses,
            idempotency: None,
            json_lines: false,
            form: AnswerForm::Json,
            other_answers: &[],
            failure,
            task,
            xml: None,
        }
    }
}

/// What an answer of success is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerForm {
    /// JSON.
    Json,
    /// JSON, or no body at all.
    JsonOrNothing,
    /// Text of these media types.
    Text(&'static str),
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
