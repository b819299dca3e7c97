//! Functions that read a response, called by generated implementations of [`Request::reply`](crate::Request::reply).

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::json::parse;
use crate::{
    Client, Decode, DecodeError, Download, RawResponse, Reader, Redirect, Response, Result, Task, TaskSpec, redirect,
};

/// A JSON body.
///
/// # Errors
/// Fails if it is not JSON, or if it does not match `T`. The error has the place and the body.
pub fn json<T: Decode>(raw: RawResponse) -> Result<Response<T>> {
    raw.read(T::decode)
}

/// The value under one key of a JSON object. [`Response::raw`] is the whole object.
///
/// # Errors
/// Fails if it is not a JSON object, if it lacks the key, or if the value does not match `T`.
pub fn wrapped<T: Decode>(raw: RawResponse, key: &'static str) -> Result<Response<T>> {
    raw.read(|it| it.object()?.required(key, T::decode))
}

/// Ignores the body: every body is a success. [`Response::raw`] returns a JSON body.
///
/// # Errors
/// It never fails. The signature is that of the other functions.
pub fn empty(mut raw: RawResponse) -> Result<Response<()>> {
    let value = raw.take_json().unwrap_or(Value::Null);
    Ok(raw.respond((), value))
}

/// The unchanged body.
///
/// # Errors
/// None; the signature is that of the others.
pub fn bytes(raw: RawResponse) -> Result<Response<Bytes>> {
    let body = raw.body.clone();
    Ok(raw.respond(body, Value::Null))
}

/// A JSON body, or none: no body, `null`, or any body with one of these statuses.
///
/// # Errors
/// Fails if there is a body that is not JSON, or does not match `T`.
pub fn optional<T: Decode>(raw: RawResponse, none: &[u16]) -> Result<Response<Option<T>>> {
    if raw.has_nothing() || none.contains(&raw.meta.status.as_u16()) {
        return Ok(raw.respond(None, Value::Null));
    }
    raw.read(|it| if it.value().is_null() { Ok(None) } else { T::decode(it).map(Some) })
}

/// An answer that the status tells apart.
///
/// # Errors
/// Fails if the status promises a body, and there is none that matches.
pub fn by_status<T: DecodeByStatus>(raw: RawResponse) -> Result<Response<T>> {
    let status = raw.meta.status.as_u16();
    match T::raw_body(status) {
        RawBody::Json => {}
        RawBody::Bytes(of) => {
            let body = raw.body.clone();
            return Ok(raw.respond(of(body), Value::Null));
        }
        RawBody::Text => {
            let text = Value::String(raw.text()?);
            return match T::decode(status, &Reader::new(&text)) {
                Ok(value) => Ok(raw.respond(value, text)),
                Err(error) => Err(raw.not_decoded(error)),
            };
        }
    }
    if raw.has_nothing()
        && let Ok(value) = T::decode(status, &Reader::new(&Value::Null))
    {
        return Ok(raw.respond(value, Value::Null));
    }
    // What a server sends with a status that promises nothing is kept, and not read.
    if !T::has_body(status) {
        let mut raw = raw;
        let json = raw.take_json().unwrap_or_default();
        return match T::decode(status, &Reader::new(&json)) {
            Ok(value) => Ok(raw.respond(value, json)),
            Err(error) => Err(raw.not_decoded(error)),
        };
    }
    raw.read(|it| T::decode(status, it))
}

/// How a header is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderForm {
    /// As it is.
    Text,
    /// As a number or a truth value.
    Json,
    /// As texts with commas between them.
    TextList,
    /// As numbers or truth values with commas between them.
    JsonList,
    /// As texts by what follows the name, which is the start of several.
    TextMap,
    /// As numbers or truth values by what follows the name, which is the start of several.
    JsonMap,
}

/// A number or a truth value; any other text stays one, and is of a wrong type later.
fn json_of(text: String) -> Value {
    parse(text.to_ascii_lowercase().as_bytes()).unwrap_or(Value::String(text))
}

/// The items of a list in a header: what is between commas, but for those in quotes. Empty ones count for nothing.
fn split_list(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for it in text.chars() {
        match it {
            ',' if !quoted => {
                items.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && !escaped && it == '\\';
        if let Some(last) = items.last_mut() {
            last.push(it);
        }
    }
    items.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// A record from the headers of a response: their names in lower case, the names of the fields, and how they are read.
///
/// # Errors
/// Fails if a header that is always sent is missing, or if one cannot be read.
pub fn headers<T: Decode>(from: &HeaderMap, known: &[(&str, &str, HeaderForm)]) -> Result<T, DecodeError> {
    let mut object = serde_json::Map::new();
    for (name, field, form) in known {
        let first = from.get(*name).map(header_text);
        let read = match form {
            HeaderForm::Text => first.map(Value::String),
            HeaderForm::Json => first.map(json_of),
            // A list may be sent in several headers of one name.
            HeaderForm::TextList | HeaderForm::JsonList => first.map(|_| {
                let all: Vec<String> = from.get_all(*name).iter().map(header_text).collect();
                let items = split_list(&all.join(",")).into_iter().map(|it| match form {
                    HeaderForm::JsonList => json_of(it),
                    _ => Value::String(it),
                });
                items.collect()
            }),
            HeaderForm::TextMap | HeaderForm::JsonMap => {
                Some(entries(from, (name, *form), known)).filter(|it| !it.is_empty()).map(Value::Object)
            }
        };
        object.extend(read.map(|it| ((*field).to_owned(), it)));
    }
    T::decode(&Reader::new(&Value::Object(object)))
}

/// The headers whose names begin with the given one, by what follows it, without those that are known by themselves.
fn entries(
    from: &HeaderMap,
    (start, form): (&str, HeaderForm),
    known: &[(&str, &str, HeaderForm)],
) -> serde_json::Map<String, Value> {
    let entry = |(name, value): (&HeaderName, &HeaderValue)| {
        let key = name.as_str().strip_prefix(start).filter(|it| !it.is_empty())?;
        let is_known = known.iter().any(|it| it.0 == name.as_str());
        let value = header_text(value);
        let value = if form == HeaderForm::JsonMap { json_of(value) } else { Value::String(value) };
        (!is_known).then(|| (key.to_owned(), value))
    };
    from.iter().filter_map(entry).collect()
}

fn header_text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).trim().to_owned()
}

/// What the body of an answer is, before it is read.
#[derive(Clone, Copy, Debug)]
pub enum RawBody<T> {
    /// JSON, or nothing.
    Json,
    /// Text.
    Text,
    /// Bytes, of which this makes the answer.
    Bytes(fn(Bytes) -> T),
}

/// The enum of an operation's answers, which the status tells apart. Generated code implements it with
/// [`by_status!`](crate::by_status).
pub trait DecodeByStatus: Sized {
    /// Whether the answer with this status has a body.
    fn has_body(status: u16) -> bool;

    /// What the body of the answer with this status is.
    fn raw_body(_: u16) -> RawBody<Self> {
        RawBody::Json
    }

    /// Reads the answer with this status; a status that the spec does not know has the first answer with a body.
    ///
    /// # Errors
    /// The body does not match.
    fn decode(status: u16, body: &Reader<'_>) -> Result<Self, DecodeError>;
}

/// A body of text. What is not UTF-8 becomes `U+FFFD`. [`Response::raw`] is the text as JSON.
///
/// # Errors
/// Fails if the body is a page that nobody asked for, or no text.
pub fn text(raw: RawResponse) -> Result<Response<String>> {
    let text = raw.text()?;
    Ok(raw.respond(text.clone(), Value::String(text)))
}

/// Where a redirect leads. It is not followed.
///
/// # Errors
/// Fails if the response is no redirect, or does not say where it leads.
pub fn redirect(raw: RawResponse) -> Result<Response<Redirect>> {
    let location = redirect::address(raw.headers()).map(Cow::into_owned);
    match location.filter(|_| raw.status().is_redirection()) {
        Some(location) => Ok(raw.respond(Redirect { location }, Value::Null)),
        None if raw.status().is_redirection() => {
            Err(raw.meta.decode_error(raw.body, "the server redirects without saying where", None))
        }
        None => Err(raw.meta.decode_error(raw.body, "the answer is no redirect", None)),
    }
}

/// A JSON body, or a plain-text body. Text is read as a JSON object whose only field, `field`, is the text.
/// [`Response::raw`] is that object.
///
/// # Errors
/// Fails if it is neither JSON nor text, or if it does not match `T`. The error has the place and the body.
pub fn json_or_text<T: Decode>(mut raw: RawResponse, field: &'static str) -> Result<Response<T>> {
    raw.text_as(field)?;
    raw.read(T::decode)
}

/// The body as it arrives.
///
/// # Errors
/// Fails if there is no body, or if it is an error in the API's own form despite the success status.
pub fn download(raw: RawResponse, client: &Client) -> Result<Download> {
    Download::of(raw, client)
}

/// A created task. `R` is the result of the completed task.
///
/// # Errors
/// Fails if the response is not a JSON object, or if it lacks the task's id.
pub fn task<R: Decode>(raw: RawResponse, client: &Client, spec: &'static TaskSpec) -> Result<Task<R>> {
    Task::created_by(raw, client, spec)
}
