//! A verified callback, and why another one is not trusted.

use std::fmt;

use http::HeaderMap;
use serde_json::Value;

use super::EventName;
use crate::headers;
use crate::redact::Secrets;
use crate::{Decode, Error, TaskSpec, TaskStatus};

/// A verified callback.
#[derive(Clone)]
pub struct Delivery {
    pub(super) id: String,
    pub(super) timestamp: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Its fields, if it is a form.
    pub(super) form: Option<Value>,
    pub(super) secrets: Secrets,
}

/// Leaves the body out, since it is unknown which of its fields are secret.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.secrets.debug(f, |f| {
            let mut out = f.debug_struct("Delivery");
            out.field("id", &self.id).field("timestamp", &self.timestamp);
            out.field("body_bytes", &self.body.len()).finish_non_exhaustive()
        })
    }
}

impl Delivery {
    /// The delivery's id. It is the same if the callback is delivered again, and empty if the API sends none.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The time of signing, as it was received. It is empty if the API sends none.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The body as it was received.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, with `U+FFFD` for anything that cannot be text; `None` if it is not JSON. The fields of a form are
    /// an object of texts.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        self.form.clone().or_else(|| crate::reading::read(&self.body).ok())
    }

    /// The name of the event that it tells, and its body as JSON.
    ///
    /// # Errors
    /// Fails if the body is not JSON, or if the name is missing.
    pub fn event(&self, name: EventName) -> Result<(String, Value), Error> {
        let body = match &self.form {
            Some(form) => form.clone(),
            None => crate::reading::read(&self.body).map_err(|error| {
                let mut out = self.unreadable("the body of the callback is not JSON");
                out.inner_mut().source = Some(error.into());
                out
            })?,
        };
        let found = match name {
            EventName::Body(at) => crate::json::at(&body, at).and_then(Value::as_str).map(str::to_owned),
            EventName::Header(name) => headers::text(&self.headers, name).map(str::to_owned),
        };
        match found {
            Some(found) => Ok((found, body)),
            None => Err(self.unreadable("the callback does not say which event it tells")),
        }
    }

    /// The body of an event, as [`event`](Self::event) returns it.
    ///
    /// # Errors
    /// Fails if it is not what the API promises for this event.
    pub fn decode<T: Decode>(&self, body: &Value) -> Result<T, Error> {
        T::decode(&crate::Reader::new(body)).map_err(|mut error| {
            error.at = self.secrets.redact(&error.at).into_owned();
            let mut out = self.unreadable("the callback is not what the API promises");
            out.inner_mut().source = Some(crate::error::Source::Decode(error));
            out
        })
    }

    fn unreadable(&self, message: &'static str) -> Error {
        let mut error = Error::new(crate::ErrorKind::Decode, message).without(&self.secrets);
        error.inner_mut().body = Some(bytes::Bytes::copy_from_slice(&self.body));
        error
    }

    /// The body as the status of a task. Its texts do not show the callback secret.
    ///
    /// # Errors
    /// Fails if the body is not such a status.
    pub fn task<R: Decode>(&self, spec: &'static TaskSpec) -> Result<TaskStatus<R>, Error> {
        let form = self.form.as_ref().map(Value::to_string);
        let body = form.as_ref().map_or(&*self.body, |it| it.as_bytes());
        TaskStatus::from_slice_without(spec, body, self.secrets.clone())
    }
}

/// Why a callback is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// This header is missing.
    MissingHeader(&'static str),
    /// This header is malformed: it has invalid characters, occurs twice with different values, or has too many
    /// signatures.
    MalformedHeader(&'static str),
    /// The body has no text at this place, which is needed to verify it.
    MissingField(&'static str),
    /// The body holds what is needed to verify it, but is not JSON.
    MalformedBody,
    /// No signature matches the body with a known secret.
    WrongSignature,
    /// It was signed outside the replay window.
    OutsideWindow,
    /// The API signs the URL that it calls, which [`Webhook::with_url`](super::Webhook::with_url) was not told.
    NoUrl,
    /// There is a replay window, but the API does not sign the time of its deliveries.
    NoTimestamp,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the callback has no header `{name}`"),
            Self::MissingField(place) => write!(f, "the callback has no text at `{place}` of its body"),
            Self::MalformedBody => f.write_str("the callback says in its body how it is signed, but that is not JSON"),
            Self::MalformedHeader(name) if name.starts_with('/') => {
                write!(f, "what the callback has at `{name}` of its body is malformed")
            }
            Self::MalformedHeader(name) => write!(f, "the callback's header `{name}` is malformed"),
            Self::WrongSignature => f.write_str("no signature of the callback matches its body with a known secret"),
            Self::NoTimestamp => {
                f.write_str("the API does not sign the time of its callbacks, so a replay window is not possible")
            }
            Self::NoUrl => f.write_str("the API signs the URL of its callbacks: set it with `with_url`"),
            Self::OutsideWindow => f.write_str("the callback was signed outside of the replay window"),
        }
    }
}

impl std::error::Error for WebhookError {}
