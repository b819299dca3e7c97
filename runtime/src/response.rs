//! Responses, raw and decoded.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;

use crate::byte_scan::contains_ignore_case;
use crate::error::{Inner, Source};
use crate::headers;
use crate::json::text_of;
use crate::redact::Secrets;
use crate::transport::Body;
use crate::{AnswerForm, DecodeError, Error, ErrorKind, Operation, RateLimit, Reader, Result, Violation, reading};

/// A response with a success status, not decoded yet.
pub struct RawResponse {
    pub(crate) body: Bytes,
    /// The body as it arrives, for an operation that returns bytes; `body` is empty then.
    pub(crate) rest: Option<Body>,
    /// What the runtime already parsed, to detect an incomplete response.
    pub(crate) parsed: Option<Value>,
    pub(crate) meta: ResponseHead,
}

/// The metadata of a response.
#[derive(Clone, Debug)]
pub(crate) struct ResponseHead {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) warnings: Vec<Violation>,
    pub(crate) attempts: u32,
    /// Whether it is the response to a redirected request.
    pub(crate) is_redirected: bool,
    /// The URL of the request, before all redirects.
    pub(crate) url: RequestUrl,
    /// The secrets that the server may repeat and that must not be shown.
    pub(crate) secrets: Secrets,
}

/// The URL of a request, whose query may hold a credential.
#[derive(Clone, Default)]
pub(crate) struct RequestUrl(pub(crate) Uri);

impl fmt::Debug for RequestUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestUrl")
    }
}

impl ResponseHead {
    pub(crate) fn request_id(&self) -> Option<&str> {
        headers::text(&self.headers, self.operation.api.request_id_header?)
    }

    /// The media type. An unreadable header counts as none.
    pub(crate) fn content_type(&self) -> Option<&str> {
        headers::text(&self.headers, CONTENT_TYPE.as_str())
    }

    pub(crate) fn content_type_has(&self, part: &str) -> bool {
        self.content_type().is_some_and(|it| contains_ignore_case(it, part))
    }

    pub(crate) fn rate_limit(&self) -> RateLimit {
        RateLimit::read(&self.headers, &self.operation.api.rate_limit_headers, &self.secrets)
    }

    /// An error after the response's headers arrived.
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        self.error_of(kind, message.into())
    }

    #[cold]
    #[inline(never)]
    fn error_of(&self, kind: ErrorKind, message: Cow<'static, str>) -> Error {
        let redactor = self.secrets.redactor();
        let message = match message {
            Cow::Owned(text) => redactor.clean(&text).into(),
            own @ Cow::Borrowed(_) => own,
        };
        let mut headers = headers::copy(&self.headers);
        for value in headers.values_mut() {
            // The value is returned unchanged, but its `Debug` shows nothing.
            if redactor.text(&String::from_utf8_lossy(value.as_bytes())).is_some() {
                value.set_sensitive(true);
            }
        }
        Error::from_inner(Inner {
            kind: Some(kind),
            operation: Some(self.operation),
            message,
            status: Some(self.status),
            headers: Some(headers),
            request_id: self.request_id().map(|it| redactor.line(it, 200)),
            attempts: self.attempts,
            secrets: self.secrets.clone(),
            ..Inner::default()
        })
    }

    /// What was expected and where, without secrets.
    pub(crate) fn redacted(&self, mut error: DecodeError) -> DecodeError {
        if let Some(clean) = self.secrets.redactor().text(&error.at) {
            error.at = clean;
        }
        error
    }

    /// An error of what is in the body.
    pub(crate) fn decode_error(
        &self,
        body: Bytes,
        message: impl Into<Cow<'static, str>>,
        source: Option<Source>,
    ) -> Error {
        self.decode_error_of(body, message.into(), source)
    }

    #[cold]
    #[inline(never)]
    fn decode_error_of(&self, body: Bytes, message: Cow<'static, str>, source: Option<Source>) -> Error {
        let mut error = self.error_of(ErrorKind::Decode, message);
        let inner = error.inner_mut();
        inner.body = Some(body);
        inner.source = source.map(|it| match it {
            Source::Decode(error) => Source::Decode(self.redacted(error)),
            Source::Other(error) => Source::Other(self.secrets.seal_error(error)),
            own @ Source::Validation(_) => own,
        });
        error
    }
}

/// Leaves the contents out, since it is unknown which of them are secret.
impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("RawResponse");
        out.field("status", &self.meta.status).field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl RawResponse {
    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    pub(crate) fn read<T>(mut self, decode: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>) -> Result<Response<T>> {
        let raw = self.take_json()?;
        match decode(&Reader::new(&raw)) {
            Ok(value) => Ok(self.respond(value, raw)),
            Err(error) => Err(self.not_decoded(error)),
        }
    }

    /// Reads a body of another media type than JSON as an object of one field.
    pub(crate) fn text_as(&mut self, field: &str) -> Result<()> {
        let text = reading::text(&self.body);
        match self.meta.content_type() {
            Some(kind) if contains_ignore_case(kind, "json") => return Ok(()),
            // A page comes from something other than the API, such as a proxy.
            Some(kind) if contains_ignore_case(kind, "html") => {
                return Err(self.meta.decode_error(self.body.clone(), "the body is a page, not text", None));
            }
            Some(_) => {}
            // An object is JSON, whatever its media type.
            None if text.as_ref().is_ok_and(|it| it.trim_start().starts_with('{')) => return Ok(()),
            None => {}
        }
        let text =
            text.map_err(|it| self.meta.decode_error(self.body.clone(), "the body is not text", Some(it.into())))?;
        let mut object = serde_json::Map::new();
        object.insert(field.to_owned(), text.into());
        self.parsed = Some(Value::Object(object));
        Ok(())
    }

    /// Whether there is no body, or only white space.
    pub(crate) fn has_nothing(&self) -> bool {
        self.parsed.is_none() && self.body.trim_ascii().is_empty()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Result<String> {
        let asked_for_pages = matches!(self.meta.operation.form, AnswerForm::Text(it) if it.contains("html"));
        if self.meta.content_type_has("html") && !asked_for_pages {
            return Err(self.meta.decode_error(self.body.clone(), "the body is a page, not text", None));
        }
        match reading::text(&self.body) {
            Ok(text) => Ok(text.into_owned()),
            Err(error) => Err(self.meta.decode_error(self.body.clone(), "the body is not text", Some(error.into()))),
        }
    }

    pub(crate) fn take_json(&mut self) -> Result<Value> {
        if let Some(value) = self.parsed.take() {
            return Ok(value);
        }
        reading::answer(self.meta.operation, self.meta.status, &self.body).map_err(|error| {
            let message = match &error {
                _ if self.body.is_empty() => "the body is empty",
                #[cfg(feature = "xml")]
                reading::ReadError::Xml(_) => "the body is not XML",
                _ => "the body is not JSON",
            };
            self.meta.decode_error(self.body.clone(), message, Some(error.into()))
        })
    }

    pub(crate) fn not_decoded(self, error: DecodeError) -> Error {
        self.meta.decode_error(self.body, "the body is not what the API promises", Some(Source::Decode(error)))
    }

    pub(crate) fn respond<T>(self, value: T, raw: Value) -> Response<T> {
        Response::new(value, raw, self.meta)
    }
}

/// A redirect that is the answer of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirect {
    /// Where it leads, as the server wrote it: it may be relative to the request's URL.
    pub location: String,
}

/// A decoded response. It derefs to its value.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    raw: Value,
    meta: Box<ResponseHead>,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: Value, meta: ResponseHead) -> Self {
        Self { value, raw, meta: Box::new(meta) }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The whole response as JSON, with the fields that the spec does not know. `null` if there was no JSON.
    #[must_use]
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The request's id, for the API's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.meta.request_id()
    }

    /// The rate limit, from the response's headers.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.meta.rate_limit()
    }

    /// Violations in the request that were not enforced: those of inferred rules, and with
    /// [`Validation::Warn`](crate::Validation::Warn) all.
    #[must_use]
    pub fn warnings(&self) -> &[Violation] {
        &self.meta.warnings
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// An error of what was understood so far: the response is not what the API promises.
    pub(crate) fn error(&self, message: String) -> Error {
        self.meta.error(ErrorKind::Decode, message)
    }

    /// As [`error`](Self::error), for a part of the response that cannot be read.
    pub(crate) fn not_decoded(&self, error: DecodeError) -> Error {
        let body = Bytes::from(text_of(&self.raw));
        self.meta.decode_error(body, "the body is not what the API promises", Some(Source::Decode(error)))
    }

    /// The same response with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: change(self.value), raw: self.raw, meta: self.meta }
    }
}

/// Leaves out the headers and the raw response, because it is unknown which of their fields are secret. In the value, the
/// credentials of the call are redacted if the server repeats them.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.secrets.debug(f, |f| {
            let mut out = f.debug_struct("Response");
            out.field("value", &self.value).field("status", &self.meta.status).finish_non_exhaustive()
        })
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
