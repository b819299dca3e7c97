//! The meaning and the content of an error response.

use std::time::SystemTime;

use bytes::Bytes;
use serde_json::Value;

use crate::byte_scan::find;
use crate::excerpt::close_json;
use crate::json::{at, copy_of, number_as_id, text_of};
use crate::rate_limit::retry_after;
use crate::redact::Redactor;
use crate::response::{ResponseHead, copy};
use crate::{Api, Clock, Error, ErrorKind, Operation, StatusKind, failure, reading, redirect, refusal};

/// The meaning of a status: the operation's word, else the API's, else HTTP's. `None` below 400.
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
        // The same request may well be taken elsewhere, or a moment later.
        421 | 425 => StatusKind::Unavailable,
        429 => StatusKind::RateLimited,
        451 => StatusKind::ContentRefused,
        503 => StatusKind::Unavailable,
        400..500 => StatusKind::InvalidRequest,
        500.. => StatusKind::Server,
    })
}

/// The error that an answer is.
pub(crate) fn error(meta: &ResponseHead, body: Bytes, now: SystemTime) -> Error {
    error_of_body(meta, body, now, kind(meta.operation, meta.status.as_u16()))
}

/// The error that an answer of success holds: its code alone says what it means. Where the spec says that such an answer
/// is an error, the server did answer well, and the same request has no better chance later.
pub(crate) fn error_within(meta: &ResponseHead, body: Bytes, now: SystemTime) -> Error {
    let is_declared = meta.operation.failure.is_some()
        && reading::read(&body).is_ok_and(|it| failure::is_failure(meta.operation, &it));
    let otherwise = if is_declared { StatusKind::InvalidRequest } else { StatusKind::Server };
    error_of_body(meta, body, now, Some(otherwise))
}

/// Where an answer could not be read, and its body holds an error at the API's declared places: that error. Any other error
/// as it is.
pub(crate) fn api_error_in_body(clock: &dyn Clock, mut error: Error) -> Error {
    let (ErrorKind::Decode, Some(operation), Some(status)) = (error.kind(), error.declared_by(), error.status()) else {
        return error;
    };
    let body = error.body().cloned().unwrap_or_default();
    let is_error = reading::read(&body).is_ok_and(|it| holds_error(operation.api, &it));
    if !is_error {
        return error;
    }
    let headers = error.headers().map(copy).unwrap_or_default();
    let attempts = error.attempts();
    let secrets = error.inner_mut().secrets.clone();
    let meta =
        ResponseHead { operation, status, headers, warnings: Vec::new(), attempts, is_redirected: false, secrets };
    error_in_answer(clock, &meta, body).because_unread(error)
}

/// The error that an answer of success holds.
pub(crate) fn error_in_answer(clock: &dyn Clock, meta: &ResponseHead, body: Bytes) -> Error {
    error_within(meta, body, clock.system_time())
}

/// Whether an answer of success that is not what was promised holds an error: a code that does not itself mean success, or
/// without a code a message, where the API declares them.
fn holds_error(api: &Api, value: &Value) -> bool {
    match raw_code(api, value) {
        Some(code) => !is_code_of_success(&code),
        None => api.error_message.iter().filter_map(|it| at(value, it)).any(|it| {
            let is_words = matches!(it, Value::String(_) | Value::Array(_) | Value::Object(_));
            is_words && is_set(it)
        }),
    }
}

/// Whether a value that need not be an error says that something went wrong: by a code that the spec declares, or at a
/// place of errors that is called so. Places of other names do not tell: a `message` may well be that all went well.
pub(crate) fn has_error(api: &Api, value: &Value) -> bool {
    let mut places = api.error_message.iter().chain(api.error_code).filter(|it| it.starts_with("/error"));
    declared_kind(api, value).is_some() || places.any(|it| at(value, it).is_some_and(is_set))
}

/// Codes by which an API says in every answer how it went.
fn is_code_of_success(code: &str) -> bool {
    let is_status = code.len() == 3 && code.starts_with('2') && code.bytes().all(|it| it.is_ascii_digit());
    is_status || ["0", "ok", "success"].iter().any(|it| code.eq_ignore_ascii_case(it))
}

/// Whether there is anything: not `null`, `false`, zero, or empty, and not an object or a list of nothing but these.
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

/// The error with these words. What its code is declared to mean comes before `otherwise`.
fn error_of_body(meta: &ResponseHead, body: Bytes, now: SystemTime, otherwise: Option<StatusKind>) -> Error {
    let api = meta.operation.api;
    let redactor = meta.secrets.redactor();
    let value = read(api, &body, &redactor);
    let words = match (redirect::words(meta.status, &meta.headers), &value) {
        (Some(words), _) => Some(redactor.line(&words, MOST)),
        (None, Some(value)) => message(api, value, &redactor),
        (None, None) => text_message(&body, &redactor),
    };
    let words = words.unwrap_or_else(|| default_message(meta));
    let code = value.as_ref().and_then(|it| code(api, it, &redactor));
    // A redirect stays one, whatever its body says.
    let kind = otherwise.map(|it| value.as_ref().and_then(|value| declared_kind(api, value)).unwrap_or(it));
    let kind = kind.map_or(ErrorKind::UnexpectedStatus, ErrorKind::Api);
    let asked = retry_after(&meta.headers, now);
    // What came with a status of success was taken, whatever it says; so was what another answer led from.
    let refused = !(meta.status.is_success() || meta.is_redirected)
        && matches!(kind, ErrorKind::Api(it) if refusal::may_be_refusal(it))
        && (refusal::precedes_work(meta.status)
            || asked.is_some()
            || value.as_ref().is_some_and(|it| refusal::is_own_form(api, it)));
    let wait = asked.or_else(|| {
        // Only there does the end of the window say when to come back.
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

/// The JSON of an error's body, as far as it came: one that was cut is closed, and counts where it says anything.
fn read(api: &Api, body: &[u8], redactor: &Redactor) -> Option<Value> {
    match reading::read(body) {
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

/// The error's message: the first string that the API's pointers find, else one in a common place.
pub(crate) fn message(api: &Api, value: &Value, redactor: &Redactor) -> Option<String> {
    const USUAL: [&str; 7] =
        ["", "/message", "/error/message", "/error", "/detail", "/error_description", "/errors/0/message"];
    let text = api.error_message.iter().chain(&USUAL).find_map(|it| {
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

/// As [`code`], as the server wrote it: to compare, not to show.
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

/// What the API declares the error's code to mean. Of several places, the first that holds a declared code counts: some
/// APIs have a type of error beside the code, and declare that.
pub(crate) fn declared_kind(api: &Api, value: &Value) -> Option<StatusKind> {
    api.error_code.iter().find_map(|it| kind_of_code(api, &code_text(at(value, it)?)?))
}

/// What the API declares this code to mean.
pub(crate) fn kind_of_code(api: &Api, code: &str) -> Option<StatusKind> {
    api.codes.iter().find(|it| it.0 == code).map(|it| it.1)
}

/// Characters of a server's sentence that are kept.
pub(crate) const MOST: usize = 400;

/// The message of a body that is not JSON: the title of a page, or the text itself.
fn text_message(body: &[u8], redactor: &Redactor) -> Option<String> {
    // Nobody needs more of it for one line.
    let text = String::from_utf8_lossy(&body[..body.len().min(8 * 1024)]);
    let trimmed = text.trim_start();
    if !trimmed.starts_with('<') {
        return Some(redactor.line(trimmed, MOST)).filter(|it| !it.is_empty());
    }
    // Lower case of ASCII alone keeps the positions.
    let lower = trimmed.to_ascii_lowercase();
    let lower = lower.as_bytes();
    let start = find(lower, b"<title")?;
    let start = start + find(&lower[start..], b">")? + 1;
    let end = start + find(&lower[start..], b"</")?;
    Some(redactor.line(&trimmed[start..end], MOST)).filter(|it| !it.is_empty())
}

fn default_message(meta: &ResponseHead) -> String {
    if meta.status.is_success() {
        return "the server gives no reason".to_owned();
    }
    meta.status.canonical_reason().unwrap_or("the server gives no reason").to_owned()
}
