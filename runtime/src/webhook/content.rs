//! What a delivery says in its body of its own signature.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::{SignedPart, WebhookError, WebhookSpec};
use crate::headers;
use crate::number::text_of_number;
use crate::percent::percent_decoded;

/// Whether a name is a place in the body, and no header.
pub(super) fn is_place(name: &str) -> bool {
    name.starts_with('/')
}

/// The content of a body, as far as it is needed before anything is verified.
pub(super) enum Content {
    /// Nobody asks.
    Unread,
    Json(Value),
    /// The fields in their order.
    Form(Vec<(String, String)>),
}

impl Content {
    pub(super) fn of(spec: &WebhookSpec, headers: &HeaderMap, body: &[u8]) -> Result<Self, WebhookError> {
        let kind = headers::text(headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if spec.signed.contains(&SignedPart::Fields) || kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Ok(Self::Form(fields(body)));
        }
        let in_body = [spec.id, spec.timestamp, Some(spec.signature)].into_iter().flatten().any(is_place);
        if !in_body && !spec.signed.iter().any(|it| matches!(it, SignedPart::At(_))) {
            return Ok(Self::Unread);
        }
        crate::reading::read(body).map(Self::Json).map_err(|_| WebhookError::MalformedBody)
    }

    /// The text at a place, which is not empty.
    pub(super) fn told(&self, place: &'static str) -> Result<Cow<'_, str>, WebhookError> {
        let text = self.text(place)?;
        if text.is_empty() { Err(WebhookError::MissingField(place)) } else { Ok(text) }
    }

    /// The text of what is at a place; none of what is absent or `null`.
    pub(super) fn text(&self, place: &'static str) -> Result<Cow<'_, str>, WebhookError> {
        let empty = Ok(Cow::Borrowed(""));
        match self {
            Self::Unread => empty,
            Self::Form(fields) => {
                let wanted = name_of(place);
                let found = fields.iter().find(|(name, _)| *name == wanted);
                found.map_or(empty, |(_, text)| Ok(Cow::Borrowed(text.as_str())))
            }
            Self::Json(body) => match crate::json::at(body, place) {
                None | Some(Value::Null) => empty,
                Some(Value::String(text)) => Ok(Cow::Borrowed(text)),
                Some(Value::Bool(value)) => Ok(Cow::Borrowed(if *value { "true" } else { "false" })),
                Some(Value::Number(number)) => Ok(Cow::Owned(text_of_number(number))),
                // As no text it would not be signed, and a reader would take it for a value that is.
                Some(Value::Array(_) | Value::Object(_)) => Err(WebhookError::MissingField(place)),
            },
        }
    }

    /// The fields of a form as they are signed, each its name and its value.
    pub(super) fn fields(&self, signature: &str) -> String {
        let Self::Form(fields) = self else { return String::new() };
        let own = is_place(signature).then(|| name_of(signature));
        let mut all: Vec<_> = fields.iter().filter(|(name, _)| own.as_ref() != Some(name)).collect();
        all.sort();
        // A field that comes twice with one value is signed once.
        all.dedup();
        all.into_iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect()
    }

    /// The fields of a form as an object of texts; of several with one name, the first.
    pub(super) fn into_form(self) -> Option<Value> {
        let Self::Form(fields) = self else { return None };
        let mut object = Map::new();
        for (name, value) in fields {
            object.entry(name).or_insert(Value::String(value));
        }
        Some(Value::Object(object))
    }
}

/// `/a` as `a`.
fn name_of(place: &str) -> String {
    place.trim_start_matches('/').replace("~1", "/").replace("~0", "~")
}

/// The fields of a form.
fn fields(body: &[u8]) -> Vec<(String, String)> {
    let pairs = body.split(|it| *it == b'&').filter(|it| !it.is_empty());
    let pair = |it: &[u8]| {
        let end = it.iter().position(|it| *it == b'=').unwrap_or(it.len());
        (decoded(&it[..end]), decoded(it.get(end + 1..).unwrap_or_default()))
    };
    pairs.map(pair).collect()
}

/// `a+b%3Dc` as `a b=c`.
fn decoded(text: &[u8]) -> String {
    let spaced: Vec<u8> = text.iter().map(|it| if *it == b'+' { b' ' } else { *it }).collect();
    String::from_utf8_lossy(&percent_decoded(&spaced)).into_owned()
}
