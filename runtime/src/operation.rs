//! An API as static data, which generated code passes to the runtime.

use http::Method;

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
}

/// A secret and the schemes for sending it.
#[derive(Debug)]
pub struct Credential {
    /// `api_key`.
    pub name: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// The schemes for sending it.
    pub schemes: &'static [Scheme],
}

/// One scheme for sending a secret.
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
    /// Header of the key by which the server knows a request that is sent again.
    pub idempotency: Option<&'static str>,
    /// Its stream is lines of JSON, not server-sent events.
    pub json_lines: bool,
    /// What an answer of success is, if it is not bytes.
    pub form: AnswerForm,
    /// Statuses beside those of success that are answers, such as 304.
    pub other_answers: &'static [u16],
    /// When an answer of success is an error.
    pub failure: Option<&'static FailureCondition>,
    /// The task that it creates or asks for, where that matters to [`failure`](Self::failure).
    pub task: Option<&'static TaskSpec>,
}

impl Operation {
    /// An operation that sends the API's first credential to its first server.
    const fn new(api: &'static Api, method: Method, name: &'static str, path: &'static str, reads: bool) -> Self {
        let (auth, idempotent, has_body) = (Some((0, 0)), reads, !reads);
        Self {
            name,
            api,
            method,
            path,
            server: 0,
            auth,
            idempotent,
            has_body,
            accept: None,
            statuses: &[],
            idempotency: None,
            json_lines: false,
            form: AnswerForm::Json,
            other_answers: &[],
            failure: None,
            task: None,
        }
    }

    /// A `GET`. It may be repeated, and has no body.
    #[must_use]
    pub const fn get(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, Method::GET, name, path, true)
    }

    /// A `DELETE`. It may be repeated, and has no body.
    #[must_use]
    pub const fn delete(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, Method::DELETE, name, path, true)
    }

    /// A `POST` with a body.
    #[must_use]
    pub const fn post(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, Method::POST, name, path, false)
    }

    /// A `PUT` with a body.
    #[must_use]
    pub const fn put(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, Method::PUT, name, path, false)
    }

    /// A `PATCH` with a body.
    #[must_use]
    pub const fn patch(api: &'static Api, name: &'static str, path: &'static str) -> Self {
        Self::new(api, Method::PATCH, name, path, false)
    }

    /// Sets another server, by index.
    #[must_use]
    pub const fn server(mut self, server: usize) -> Self {
        self.server = server;
        self
    }

    /// Sets another credential and scheme, by index, or none.
    #[must_use]
    pub const fn auth(mut self, auth: Option<(usize, usize)>) -> Self {
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

    /// Sets the media types of a response of bytes.
    #[must_use]
    pub const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = Some(accept);
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

    /// With answers of success that are errors. `task` is the task that it creates, whose state decides first.
    #[must_use]
    pub const fn failure(mut self, failure: &'static FailureCondition, task: Option<&'static TaskSpec>) -> Self {
        self.failure = Some(failure);
        self.task = task;
        self
    }

    /// The operation that polls the status of a task that this operation creates.
    #[must_use]
    pub const fn status_of(created_by: &'static Self, name: &'static str, path: &'static str) -> Self {
        let Self { api, server, auth, statuses, failure, task, .. } = created_by;
        let (server, auth, failure, task) = (*server, *auth, *failure, *task);
        Self {
            name,
            api,
            method: Method::GET,
            path,
            server,
            auth,
            idempotent: true,
            has_body: false,
            accept: None,
            statuses,
            idempotency: None,
            json_lines: false,
            form: AnswerForm::Json,
            other_answers: &[],
            failure,
            task,
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

/// When an answer of success is an error, such as `{"ok": false}`: if all tests of one of the lists hold.
#[derive(Debug)]
pub struct FailureCondition(pub &'static [&'static [FailureTest]]);

/// A test of one value of an answer.
#[derive(Debug)]
pub struct FailureTest {
    /// JSON pointer of the value.
    pub at: &'static str,
    /// What the value must be.
    pub matcher: FailureMatcher,
}

/// What a value must be. A value that is absent or `null` is only `Absent`, or `Null`, or the opposite of `Present`.
#[derive(Debug)]
pub enum FailureMatcher {
    /// One of these.
    OneOf(&'static [FailureValue]),
    /// There, and not `null`.
    Present,
    /// Not there, or `null`.
    Absent,
    /// `null`.
    Null,
    /// `""`, `[]` or `{}`.
    Empty,
    /// Any of several.
    Any(&'static [FailureMatcher]),
    /// Not that.
    Not(&'static FailureMatcher),
}

/// A value to compare with.
#[derive(Debug)]
pub enum FailureValue {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
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

impl TaskSpec {
    /// A task as most APIs have it: its fields are `id` and `status`, its final states `completed` and `failed`, and its
    /// message `error`. It is polled every five seconds for a quarter of an hour. `path` is the path before and after the
    /// id.
    #[must_use]
    pub const fn new(status: &'static Operation, path: (&'static str, &'static str)) -> Self {
        Self {
            status,
            path,
            id: "id",
            status_id: Some("id"),
            state: "status",
            completed: &["completed"],
            failed: &["failed"],
            error: "/error",
            stage: None,
            interval_ms: 5_000,
            deadline_ms: 900_000,
        }
    }

    /// Sets other fields of the id: in the create response, and in status responses if they have one.
    #[must_use]
    pub const fn ids(mut self, id: &'static str, status_id: Option<&'static str>) -> Self {
        self.id = id;
        self.status_id = status_id;
        self
    }

    /// Sets another field of the state.
    #[must_use]
    pub const fn state(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }

    /// Sets other states of success and of failure.
    #[must_use]
    pub const fn ends(mut self, completed: &'static [&'static str], failed: &'static [&'static str]) -> Self {
        self.completed = completed;
        self.failed = failed;
        self
    }

    /// Sets another JSON pointer of the failure's message.
    #[must_use]
    pub const fn error(mut self, error: &'static str) -> Self {
        self.error = error;
        self
    }

    /// Sets a field that reports progress within a state.
    #[must_use]
    pub const fn stage(mut self, stage: &'static str) -> Self {
        self.stage = Some(stage);
        self
    }

    /// Sets another interval between polls, and another deadline of waiting, in milliseconds.
    #[must_use]
    pub const fn times(mut self, interval_ms: u64, deadline_ms: u64) -> Self {
        self.interval_ms = interval_ms;
        self.deadline_ms = deadline_ms;
        self
    }
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
