//! Ways to read an answer: what generated implementations of [`Request::reply`](crate::Request::reply) call.

use bytes::Bytes;
use serde_json::Value;

use crate::{Client, Decode, Download, RawResponse, Response, Result, Task, TaskSpec};

/// A JSON body.
///
/// # Errors
/// It is no JSON, or not what `T` needs; the error holds the place and the body.
pub fn json<T: Decode>(raw: RawResponse) -> Result<Response<T>> {
    raw.read(T::decode)
}

/// The value under one key of a JSON object. [`Response::raw`] is the whole object.
///
/// # Errors
/// It is no JSON object, lacks the key, or is not what `T` needs.
pub fn wrapped<T: Decode>(raw: RawResponse, key: &'static str) -> Result<Response<T>> {
    raw.read(|it| it.object()?.required(key, T::decode))
}

/// No value: whatever the body is, it is success. A body that is JSON can be seen with [`Response::raw`].
///
/// # Errors
/// None; the signature is that of the others.
pub fn empty(mut raw: RawResponse) -> Result<Response<()>> {
    let value = raw.take_json().unwrap_or(Value::Null);
    Ok(raw.respond((), value))
}

/// The body as it is.
///
/// # Errors
/// None; the signature is that of the others.
pub fn bytes(raw: RawResponse) -> Result<Response<Bytes>> {
    let body = raw.body.clone();
    Ok(raw.respond(body, Value::Null))
}

/// A JSON body, or text where the server answers with that: it is read as the JSON object whose only field, `field`, is
/// the text. [`Response::raw`] is that object.
///
/// # Errors
/// It is neither JSON nor text, or not what `T` needs; the error holds the place and the body.
pub fn json_or_text<T: Decode>(mut raw: RawResponse, field: &'static str) -> Result<Response<T>> {
    raw.text_as(field)?;
    raw.read(T::decode)
}

/// The body while it arrives.
///
/// # Errors
/// There is none, or it is an error in the API's own form although the status says success.
pub fn download(raw: RawResponse, client: &Client) -> Result<Download> {
    Download::of(raw, client)
}

/// A task that was created; `R` is what it brings once it is completed.
///
/// # Errors
/// The answer is no JSON object, or lacks the task's id.
pub fn task<R: Decode>(raw: RawResponse, client: &Client, spec: &'static TaskSpec) -> Result<Task<R>> {
    Task::created_by(raw, client, spec)
}
