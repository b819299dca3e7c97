//! Why a call failed.

mod kind;
mod words;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::reading::{self, ReadError};
use crate::redact::Secrets;
use crate::{Decode, DecodeError, Operation, RateLimit, Reader, StatusKind, ValidationError};

pub use kind::ErrorKind;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed, with everything the server said about it.
///
/// Use the predicates in programs, and print the error for people. If the API declares the meaning of an error's code,
/// the predicates use the code instead of the status, for failed tasks too. The error never shows a request's body or a
/// credential. A credential that the server repeats is replaced with `[secret]`, also in [`message`](Self::message),
/// [`code`](Self::code), [`details`](Self::details) and [`request_id`](Self::request_id). Control characters in the
/// server's text are escaped, as `\u{1b}`. [`body`](Self::body) and [`headers`](Self::headers) are exactly what the
/// server sent: be careful where you print them.
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) message: Cow<'static, str>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: Option<HeaderMap>,
    pub(crate) code: Option<String>,
    pub(crate) details: Option<Value>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// The response shows that the API did not process the request, so even one that costs money may be retried.
    pub(crate) refused: bool,
    pub(crate) body: Option<Bytes>,
    pub(crate) body_is_cut: bool,
    pub(crate) attempts: u32,
    pub(crate) task_id: Option<String>,
    /// The declared meaning of a failed task's code.
    pub(crate) meaning: Option<StatusKind>,
    pub(crate) source: Option<Source>,
    /// The secrets that must never be shown.
    pub(crate) secrets: Secrets,
}

pub(crate) enum Source {
    Validation(ValidationError),
    Decode(DecodeError),
    Other(Box<dyn StdError + Send + Sync>),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::made(kind, message.into())
    }

    /// Not inlined: there are many callers, and none is performance-critical.
    #[cold]
    #[inline(never)]
    fn made(kind: ErrorKind, message: Cow<'static, str>) -> Self {
        Self { inner: Box::new(Inner { kind: Some(kind), message, ..Inner::default() }) }
    }

    pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn declared_by(&self) -> Option<&'static Operation> {
        self.inner.operation
    }

    /// Adds the reason why the response could not be read as the cause. The message is the server's and does not repeat
    /// it.
    pub(crate) fn because_unread(self, unread: Self) -> Self {
        match unread.inner.source {
            Some(Source::Decode(error)) => self.because(error),
            _ => self,
        }
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.inner.refused
    }

    pub(crate) fn inner_mut(&mut self) -> &mut Inner {
        &mut self.inner
    }

    /// Redacts these secrets in the error, unless it already knows its secrets. Call it before
    /// [`because`](Self::because).
    pub(crate) fn without(mut self, secrets: &Secrets) -> Self {
        if self.inner.secrets.is_empty() {
            self.inner.secrets = secrets.clone();
        }
        self
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(Source::Other(self.inner.secrets.seal_error(source.into())));
        self
    }

    #[cold]
    pub(crate) fn of(mut self, operation: &'static Operation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    pub(crate) fn with_task(mut self, id: &str) -> Self {
        self.inner.task_id = Some(id.to_owned());
        self
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind.unwrap_or(ErrorKind::Transport)
    }

    /// The API's meaning of the failure: the declared meaning of the error's code, or else that of the status. `None`
    /// if the server reported no error, and for a failed task whose code has no declared meaning.
    #[must_use]
    pub fn status_kind(&self) -> Option<StatusKind> {
        match self.kind() {
            ErrorKind::Api(kind) => Some(kind),
            _ => self.inner.meaning,
        }
    }

    /// The name of the operation, such as `seedance.text_to_video`, once a call has started.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.inner.operation.map(|it| it.name)
    }

    /// The message: the server's own, if it sent one.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.inner.headers.as_ref()
    }

    /// The rate limit, from the response's headers.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        let (names, headers) = (self.inner.operation.map(|it| &it.api.rate_limit_headers), self.headers());
        let both = names.zip(headers);
        both.map(|(names, headers)| RateLimit::read(headers, names, &self.inner.secrets)).unwrap_or_default()
    }

    /// The API's own error code, if the response has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.inner.code.as_deref()
    }

    /// The details in the response, in the API's own form.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.inner.details.as_ref()
    }

    /// The request's id, for the API's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How long the server asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The body of the response, byte for byte. For a failed task, the body of its status. At most 1 MiB of an error
    /// response is read: see [`body_is_cut`](Self::body_is_cut).
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.inner.body.as_ref()
    }

    /// The body as one of the API's types, such as the one that its documentation gives for this status. `None` if there
    /// is no body, or if it is not of that type.
    #[must_use]
    pub fn body_as<T: Decode>(&self) -> Option<T> {
        T::decode(&Reader::new(&self.body_json()?)).ok()
    }

    /// Whether [`body`](Self::body) is only the beginning of what the server sent: it exceeded 1 MiB or
    /// [`max_answer_bytes`](crate::ClientBuilder::max_answer_bytes), or the connection broke.
    #[must_use]
    pub fn body_is_cut(&self) -> bool {
        self.inner.body_is_cut
    }

    /// [`body`](Self::body) as text, with `U+FFFD` for what is not UTF-8.
    #[must_use]
    pub fn body_text(&self) -> Cow<'_, str> {
        self.inner.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default()
    }

    /// [`body`](Self::body) as JSON, if it is JSON, with `U+FFFD` for what cannot be text. A body of XML is the JSON that the
    /// API has for it.
    #[must_use]
    pub fn body_json(&self) -> Option<Value> {
        let body = self.inner.body.as_deref()?;
        match (self.inner.operation, self.inner.status) {
            (Some(operation), Some(status)) => reading::answer(operation, status, body).ok(),
            _ => reading::read(body).ok(),
        }
    }

    /// How many times the request was sent; 0 if nothing was sent. Redirects that a download follows are part of an
    /// attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The id of the task that was waited for. Use it to resume the task.
    #[must_use]
    pub fn task_id(&self) -> Option<&str> {
        self.inner.task_id.as_deref()
    }

    /// All broken rules, if [`is_validation`](Self::is_validation).
    #[must_use]
    pub fn validation(&self) -> Option<&ValidationError> {
        match &self.inner.source {
            Some(Source::Validation(error)) => Some(error),
            _ => None,
        }
    }

    /// What was expected and where, if [`is_decode`](Self::is_decode) and the response was JSON.
    #[must_use]
    pub fn decode(&self) -> Option<&DecodeError> {
        match &self.inner.source {
            Some(Source::Decode(error)) => Some(error),
            _ => None,
        }
    }

    /// The request breaks stated rules; nothing was sent.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// The client is not configured for the call; nothing was sent.
    #[must_use]
    pub fn is_config(&self) -> bool {
        self.kind() == ErrorKind::Config
    }

    /// There was no connection, or the server returned the request unread: it certainly did not process it.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// No response in time, or the server reports a timeout.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.status_kind() == Some(StatusKind::Timeout)
    }

    /// Too many requests.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status_kind() == Some(StatusKind::RateLimited)
    }

    /// The server says that the credential is missing or wrong.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.status_kind() == Some(StatusKind::Authentication)
    }

    /// The account cannot pay.
    #[must_use]
    pub fn is_payment_required(&self) -> bool {
        self.status_kind() == Some(StatusKind::PaymentRequired)
    }

    /// The requested thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status_kind() == Some(StatusKind::NotFound)
    }

    /// The server says that the content was refused.
    #[must_use]
    pub fn is_content_refused(&self) -> bool {
        self.status_kind() == Some(StatusKind::ContentRefused)
    }

    /// The response is not what the API promises.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    /// The task failed.
    #[must_use]
    pub fn is_task_failed(&self) -> bool {
        self.kind() == ErrorKind::TaskFailed
    }

    /// Waiting for the task reached its deadline.
    #[must_use]
    pub fn is_wait_deadline(&self) -> bool {
        self.kind() == ErrorKind::WaitDeadline
    }

    /// The same request may succeed later. This does not say whether the server processed it. A failed task stays
    /// failed, whatever its code says.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Api(kind) => matches!(
                kind,
                StatusKind::RateLimited | StatusKind::Timeout | StatusKind::Server | StatusKind::Unavailable
            ),
            _ => false,
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.inner.source.as_ref()? {
            // Its text is this error's text.
            Source::Validation(_) => None,
            Source::Decode(error) => Some(error),
            Source::Other(error) => Some(&**error),
        }
    }
}

impl From<ReadError> for Source {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Json(error) => Self::Other(error.into()),
            ReadError::Utf16 => Self::Other(reading::UTF_16.into()),
            ReadError::Binary => Self::Other(reading::BINARY.into()),
            #[cfg(feature = "xml")]
            ReadError::Xml(_) => Self::Other(error.into()),
        }
    }
}

impl From<ValidationError> for Error {
    fn from(error: ValidationError) -> Self {
        let mut out = Self::new(ErrorKind::Validation, "");
        out.inner.source = Some(Source::Validation(error));
        out
    }
}
