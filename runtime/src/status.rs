//! The meaning and the content of an error response.

use std::time::SystemTime;

use bytes::Bytes;
use serde_json::Value;

use crate::byte_scan::{equal_ignore_case, find};
use crate::excerpt::close_json;
use crate::headers;
use crate::json::{at, copy_of, number_as_id, text_of};
use crate::rate_limit::retry_after;
use crate::redact::Redactor;
use crate::response::{RequestUrl, ResponseHead};
use crate::{Api, Clock, Error, ErrorKind, Operation, StatusKind, failure, reading, redirect, refusal};

/// The meaning of a status: the operation's declaration, or else the API's, or else HTTP's. `None` below 400.
pub(crate) fn kind(operation: &Operation, status: u16) -> Option<StatusKind> {
    let declared = operation.statuses.iter().chain(operation.api.statuses).find(|it| it.0 == status);
    declared.map(|it| it.1).or_else(|| default_kind(status))
}

fn default_kind(status: u16) -> Option<StatusKind> {
    Some(match status {
        ..400 => return None,
        401 => StatusKind::Authentication,
        402 => StatusKind::PaymentRequired,
        403 => StatusKind::PermissionDenied,
        404 | 410 => StatusKind::NotFound,
        408 | 504 => StatusKind::Timeout,
        409 => StatusKind::Conflict,
        413 => StatusKind::TooLarge,
        415 => StatusKind::UnsupportedMedia,
        // The same request may be accepted on another connection, or a moment later.
        421 | 425 => StatusKind::Unavailable,
        429 => StatusKind::RateLimited,
        451 => StatusKind::ContentRefused,
        503 => StatusKind::Unavailable,
        400..500 => StatusKind::InvalidRequest,
        500.. => StatusKind::Server,
    })
}

/// The error of a response.
pub(crate) fn error(meta: &ResponseHead, body: Bytes, now: SystemTime) -> Error {
    error_of_body(meta, body, now, kind(meta.operation, meta.status.as_u16()))
}

/// The error inside a successful response, whose meaning follows only from its code. If the spec declares that such an answer
/// is an error, the server did answer, and the same request has no better chance later.
pub(crate) fn error_within(meta: &ResponseHead, body: Bytes, now: SystemTime) -> Error {
    let is_declared = meta.operation.failure.is_some()
        && reading::answer(meta.operation, meta.status, &body).is_ok_and(|it| failure::is_failure(meta.operation, &it));
    let otherwise = if is_declared { StatusKind::InvalidRequest } else { StatusKind::Server };
    error_of_body(meta, body, now, Some(otherwise))
}

/// The API's error, if a response could not be read and its body has an error at the declared places. Any other error is
/// returned unchanged.
pub(crate) fn api_error_in_body(clock: &dyn Clock, mut error: Error) -> Error {
    let (ErrorKind::Decode, Some(operation), Some(status)) = (error.kind(), error.declared_by(), error.status()) else {
        return error;
    };
    let body = error.body().cloned().unwrap_or_default();
    let is_error = reading::answer(operation, status, &body).is_ok_and(|it| holds_error(operation.api, &it));
    if !is_error {
        return error;
    }
    let headers = error.headers().map(headers::copy).unwrap_or_default();
    let attempts = error.attempts();
    let secrets = error.inner_mut().secrets.clone();
    let (warnings, url) = (Vec::new(), RequestUrl::default());
    let meta = ResponseHead { operation, status, headers, warnings, attempts, is_redirected: false, url, secrets };
    error_in_answer(clock, &meta, body).because_unread(error)
}

/// The error inside a successful response.
pub(crate) fn error_in_answer(clock: &dyn Clock, meta: &ResponseHead, body: Bytes) -> Error {
    error_within(meta, body, clock.system_time())
}

/// Whether a successful response that is not what the API promises contains an error: a code that does not mean success,
/// or without a code a message, at the declared places.
fn holds_error(api: &Api, value: &Value) -> bool {
    match raw_code(api, value) {
        Some(code) => !is_code_of_success(&code),
        None => api.error_message.iter().filter_map(|it| at(value, it)).any(|it| {
            let is_words = matches!(it, Value::String(_) | Value::Array(_) | Value::Object(_));
            is_words && is_set(it)
        }),
    }
}

/// Whether a value that may not be an error reports a failure: by a declared code, or at a place whose name says that it
/// is an error. Other places are not enough, because a `message` may report a success.
pub(crate) fn has_error(api: &Api, value: &Value) -> bool {
    let mut places = api.error_message.iter().chain(api.error_code).filter(|it| it.starts_with("/error"));
    declared_kind(api, value).is_some() || places.any(|it| at(value, it).is_some_and(is_set))
}

/// Codes that mean success, for APIs that have a code in every response.
fn is_code_of_success(code: &str) -> bool {
    let is_status = code.len() == 3 && code.starts_with('2') && code.bytes().all(|it| it.is_ascii_digit());
    is_status || "0 ok success".split(' ').any(|it| equal_ignore_case(code, it))
}

/// Whether there is a value other than `null`, `false`, zero or empty, and other than an object or a list of only these.
pub(crate) fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(is_set),
        Value::Object(fields) => fields.values().any(is_set),
    }
}

/// The error with this message. The declared meaning of its code comes before `otherwise`.
fn error_of_body(meta: &ResponseHead, body: Bytes, now: SystemTime, otherwise: Option<StatusKind>) -> Error {
    let api = meta.operation.api;
    let redactor = meta.secrets.redactor();
    let value = read(meta, &body, &redactor);
    let words = match (redirect::words(meta.status, &meta.headers), &value) {
        (Some(words), _) => Some(redactor.line(&words, MOST)),
        (None, Some(value)) => message(api, value, &redactor),
        (None, None) => text_message(&body, &redactor),
    };
    let words = words.unwrap_or_else(|| default_message(meta));
    let code = value.as_ref().and_then(|it| code(api, it, &redactor));
    // A redirect stays a redirect, whatever its body says.
    let kind = otherwise.map(|it| value.as_ref().and_then(|value| declared_kind(api, value)).unwrap_or(it));
    let kind = kind.map_or(ErrorKind::UnexpectedStatus, ErrorKind::Api);
    let asked = retry_after(&meta.headers, now);
    // A request with a success status was processed, whatever the body says, and so was a redirected one.
    let refused = !(meta.status.is_success() || meta.is_redirected)
        && matches!(kind, ErrorKind::Api(it) if refusal::may_be_refusal(it))
        && (refusal::precedes_work(meta.status)
            || asked.is_some()
            || value.as_ref().is_some_and(|it| refusal::is_own_form(api, it)));
    let wait = asked.or_else(|| {
        // Only then does the end of the window say when to send the next request.
        let limited = kind == ErrorKind::Api(StatusKind::RateLimited);
        let limit = limited.then(|| meta.rate_limit())?;
        limit.reset_in(now)
    });
    let mut error = meta.error(kind, words);
    let inner = error.inner_mut();
    inner.code = code;
    inner.refused = refused;
    inner.details = value.as_ref().and_then(|it| first_at(api.error_details, it)).map(|it| {
        let mut details = copy_of(it);
        redactor.value(&mut details);
        details
    });
    inner.retry_after = wait;
    inner.body = Some(body);
    error
}

/// The JSON of an error's body. A body that was cut is completed, and counts if it contains anything.
fn read(meta: &ResponseHead, body: &[u8], redactor: &Redactor) -> Option<Value> {
    let api = meta.operation.api;
    match reading::answer(meta.operation, meta.status, body) {
        Ok(value) => Some(value),
        Err(error) if error.is_cut() => {
            let value = reading::read(&close_json(body)?).ok()?;
            let says = message(api, &value, redactor).is_some() || raw_code(api, &value).is_some();
            says.then_some(value)
        }
        Err(_) => None,
    }
}

fn first_at<'a>(pointers: &[&str], value: &'a Value) -> Option<&'a Value> {
    pointers.iter().filter_map(|it| at(value, it)).find(|it| !it.is_null())
}

/// The error's message: the first string at the API's pointers, or else one at a common place.
pub(crate) fn message(api: &Api, value: &Value, redactor: &Redactor) -> Option<String> {
    // The first is the body itself.
    const USUAL: &str = " /message /error/message /error /detail /error_description /errors/0/message";
    let text = api.error_message.iter().copied().chain(USUAL.split(' ')).find_map(|it| {
        let text = at(value, it)?.as_str()?;
        (!text.trim().is_empty()).then_some(text)
    });
    text.map(|it| redactor.line(it, MOST)).or_else(|| match first_at(api.error_message, value)? {
        Value::String(_) => None,
        other => Some(redactor.line(&text_of(other), MOST)),
    })
}

/// The API's own code for the error.
pub(crate) fn code(api: &Api, value: &Value, redactor: &Redactor) -> Option<String> {
    raw_code(api, value).map(|it| redactor.line(&it, 100))
}

/// As [`code`], but as the server wrote it: for comparison, not for display.
fn raw_code(api: &Api, value: &Value) -> Option<String> {
    api.error_code.iter().find_map(|it| code_text(at(value, it)?))
}

/// A value as a code, as the server wrote it: a text that is not empty, or a number.
pub(crate) fn code_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        number => number_as_id(number),
    }
}

/// The declared meaning of the error's code. If there are several places, the first with a declared code counts, because
/// some APIs have a type of error beside the code, and declare that.
pub(crate) fn declared_kind(api: &Api, value: &Value) -> Option<StatusKind> {
    api.error_code.iter().find_map(|it| kind_of_code(api, &code_text(at(value, it)?)?))
}

/// The declared meaning of this code.
pub(crate) fn kind_of_code(api: &Api, code: &str) -> Option<StatusKind> {
    api.codes.iter().find(|it| it.0 == code).map(|it| it.1)
}

/// The number of characters of a server's message that are kept.
pub(crate) const MOST: usize = 400;

/// The message of a body that is not JSON: the title of a page, or the text itself.
fn text_message(body: &[u8], redactor: &Redactor) -> Option<String> {
    // More is not needed for one line.
    let text = String::from_utf8_lossy(&body[..body.len().min(8 * 1024)]);
    let trimmed = text.trim_start();
    if !trimmed.starts_with('<') {
        return Some(redactor.line(trimmed, MOST)).filter(|it| !it.is_empty());
    }
    // Lower case of only ASCII letters keeps the positions.
    let lower = trimmed.to_ascii_lowercase();
    let lower = lower.as_bytes();
    let start = find(lower, b"<title")?;
    let start = start + find(lower.get(start..)?, b">")? + 1;
    let end = start + find(lower.get(start..)?, b"</")?;
    Some(redactor.line(trimmed.get(start..end)?, MOST)).filter(|it| !it.is_empty())
}

fn default_message(meta: &ResponseHead) -> String {
    if meta.status.is_success() {
        return "the server gives no reason".to_owned();
    }
    meta.status.canonical_reason().unwrap_or("the server gives no reason").to_owned()
}
