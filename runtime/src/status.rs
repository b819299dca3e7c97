//! What an answer with an error status means and says.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use serde_json::Value;

use crate::json::{at, copy_of, text_of};
use crate::response::{Meta, RateLimit};
use crate::words::find;
use crate::{Api, Error, ErrorKind, Operation, Secret, StatusKind};

/// The meaning of a status: the operation's word, else the API's, else HTTP's. `None` below 400.
pub(crate) fn kind(operation: &Operation, status: u16) -> Option<StatusKind> {
    let declared = operation.statuses.iter().chain(operation.api.statuses).find(|it| it.0 == status);
    declared.map(|it| it.1).or_else(|| usual(status))
}

fn usual(status: u16) -> Option<StatusKind> {
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
        429 => StatusKind::RateLimited,
        451 => StatusKind::ContentRefused,
        503 => StatusKind::Unavailable,
        400..500 => StatusKind::InvalidRequest,
        500.. => StatusKind::Server,
    })
}

/// The error that an answer is.
pub(crate) fn error(meta: &Meta, body: Bytes, secret: Option<&Secret>, now: SystemTime) -> Error {
    let kind = kind(meta.operation, meta.status.as_u16()).map_or(ErrorKind::UnexpectedStatus, ErrorKind::Api);
    said(meta, body, secret, now, |_| kind)
}

/// The error that an answer of success holds: its code alone says what it means.
pub(crate) fn error_within(meta: &Meta, body: Bytes, secret: Option<&Secret>, now: SystemTime) -> Error {
    said(meta, body, secret, now, |code| {
        let declared = meta.operation.api.codes.iter().find(|it| Some(it.0) == code);
        ErrorKind::Api(declared.map_or(StatusKind::Server, |it| it.1))
    })
}

/// The error with these words; what kind it is may hang on its code.
fn said(
    meta: &Meta,
    body: Bytes,
    secret: Option<&Secret>,
    now: SystemTime,
    kind: impl FnOnce(Option<&str>) -> ErrorKind,
) -> Error {
    let api = meta.operation.api;
    // Before anything is cut: half a key is one too much.
    let clean = secret.and_then(|it| it.redact(&String::from_utf8_lossy(&body)));
    let said = clean.as_deref().map_or(&*body, str::as_bytes);
    let mut value = crate::reading::read(said).ok();
    // JSON may write the key in another way, such as `\/` for its slashes.
    if let (Some(value), Some(secret)) = (&mut value, secret) {
        blot(value, secret);
    }
    let words = match &value {
        Some(value) => message(api, value),
        None => text_message(said),
    };
    let words = words.unwrap_or_else(|| usual_words(meta));
    let code = value.as_ref().and_then(|it| code(api, it));
    let kind = kind(code.as_deref());
    let wait = retry_after(meta, now).or_else(|| {
        // Only there does the end of the window say when to come back.
        let limited = kind == ErrorKind::Api(StatusKind::RateLimited);
        let limit = limited.then(|| RateLimit::read(&meta.headers, &api.rate_limit_headers))?;
        limit.reset_in(now)
    });
    let mut error = meta.error(kind, words);
    let inner = error.inner_mut();
    inner.code = code;
    inner.details = value.as_ref().and_then(|it| first(api.error_details, it)).map(copy_of);
    inner.request_id = meta.request_id().map(|it| shorten(it, 200));
    inner.retry_after = wait;
    inner.body = Some(body);
    error
}

/// Blots the secret out of all texts.
fn blot(value: &mut Value, secret: &Secret) {
    match value {
        Value::String(text) => {
            if let Some(clean) = secret.redact(text) {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| blot(it, secret)),
        Value::Object(fields) => fields.values_mut().for_each(|it| blot(it, secret)),
        _ => {}
    }
}

fn first<'a>(pointers: &[&str], value: &'a Value) -> Option<&'a Value> {
    pointers.iter().filter_map(|it| at(value, it)).find(|it| !it.is_null())
}

/// The error's sentence: the first string that the API's pointers find, else one in a usual place.
pub(crate) fn message(api: &Api, value: &Value) -> Option<String> {
    const USUAL: [&str; 7] =
        ["", "/message", "/error/message", "/error", "/detail", "/error_description", "/errors/0/message"];
    let text = api.error_message.iter().chain(&USUAL).find_map(|it| {
        let text = at(value, it)?.as_str()?;
        (!text.trim().is_empty()).then_some(text)
    });
    text.map(|it| shorten(it, MOST)).or_else(|| match first(api.error_message, value)? {
        Value::String(_) => None,
        other => Some(shorten(&text_of(other), MOST)),
    })
}

/// The API's own code for the error.
pub(crate) fn code(api: &Api, value: &Value) -> Option<String> {
    api.error_code.iter().find_map(|it| match at(value, it)? {
        Value::String(text) if !text.is_empty() => Some(shorten(text, 100)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Characters of a server's sentence that are kept.
const MOST: usize = 400;

/// One line of at most `most` characters.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split(|it: char| it.is_whitespace() || it.is_control()).filter(|it| !it.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
            count += 1;
        }
        for character in word.chars() {
            if count >= most {
                out.push('…');
                return out;
            }
            out.push(character);
            count += 1;
        }
    }
    out
}

/// What a body that is no JSON says: the title of a page, or the text itself.
fn text_message(body: &[u8]) -> Option<String> {
    // Nobody needs more of it for one line.
    let text = String::from_utf8_lossy(&body[..body.len().min(8 * 1024)]);
    let trimmed = text.trim_start();
    if !trimmed.starts_with('<') {
        return Some(shorten(trimmed, MOST)).filter(|it| !it.is_empty());
    }
    // Lower case of ASCII alone keeps the positions.
    let lower = trimmed.to_ascii_lowercase();
    let lower = lower.as_bytes();
    let start = find(lower, b"<title")?;
    let start = start + find(&lower[start..], b">")? + 1;
    let end = start + find(&lower[start..], b"</")?;
    Some(shorten(&trimmed[start..end], MOST)).filter(|it| !it.is_empty())
}

fn usual_words(meta: &Meta) -> String {
    if meta.status.is_redirection() {
        return "the server redirects, which is not followed; check the base URL".to_owned();
    }
    if meta.status.is_success() {
        return "the server gives no reason".to_owned();
    }
    meta.status.canonical_reason().unwrap_or("the server gives no reason").to_owned()
}

fn retry_after(meta: &Meta, now: SystemTime) -> Option<Duration> {
    let text = meta.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match number(text) {
        Some(seconds) => duration(seconds),
        None => Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default()),
    }
}

/// See [`RateLimit::reset_in`].
pub(crate) fn reset_in(text: &str, now: SystemTime) -> Option<Duration> {
    let Some(number) = number(text) else {
        return Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default());
    };
    let since_1970 = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    duration(match number {
        1e11.. => (number / 1e3 - since_1970).max(0.0),
        1e9.. => (number - since_1970).max(0.0),
        _ => number,
    })
}

/// A number as JSON has it: reading those is in every program already, while Rust's own way brings large tables.
fn number(text: &str) -> Option<f64> {
    serde_json::from_slice::<Value>(text.as_bytes()).ok()?.as_f64()
}

fn duration(seconds: f64) -> Option<Duration> {
    // More than anybody waits, and far from what overflows a clock.
    const MOST: f64 = 366.0 * 86_400.0;
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(MOST)))
}
