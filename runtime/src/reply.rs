//! Functions that read a response, called by generated implementations of [`Request::reply`](crate::Request::reply).

use bytes::Bytes;
use serde_json::Value;

use crate::{Client, Decode, Download, RawResponse, Response, Result, Task, TaskSpec};

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
