//! Reads the state, the id and the error of a status body. It does not depend on results, so that it is compiled once and
//! not for every operation.

use serde_json::Value;

use crate::{DecodeError, Object, Reader, Result, TaskSpec, json, status};

/// The status of a task.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Pending,
    Completed,
    Failed,
}

/// Whether a body without a state reports an error.
pub(super) fn has_error(spec: &TaskSpec, value: &Value) -> bool {
    let own = Some(spec.error).filter(|it| it.starts_with("/error")).and_then(|it| json::at(value, it));
    status::has_error(spec.status.api, value) || own.is_some_and(status::is_set)
}

/// The state in a status body.
pub(super) fn phase(spec: &TaskSpec, value: &Value) -> Result<Phase, DecodeError> {
    let reader = Reader::new(value);
    let object = reader.object()?;
    let state = field(&object, value, spec.state, |it| match it.value() {
        Value::Bool(done) => Ok(done.to_string()),
        _ => it.string(),
    })?;
    Ok(if spec.completed.contains(&state.as_str()) {
        let why = json::at(value, spec.error).filter(|_| spec.failed.is_empty());
        if why.is_some_and(status::is_set) { Phase::Failed } else { Phase::Completed }
    } else if spec.failed.contains(&state.as_str()) {
        Phase::Failed
    } else {
        Phase::Pending
    })
}

/// The id of the task in a body.
pub(super) fn task_id(from: &Reader<'_>, spec: &TaskSpec) -> Result<String, DecodeError> {
    let read = |it: &Reader<'_>| match it.value() {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        number => json::number_as_id(number).ok_or_else(|| it.expected("the id of a task")),
    };
    field(&from.object()?, from.value(), spec.id, read)
}

/// A field by name, or by JSON pointer if it is nested.
fn field<T>(
    object: &Object<'_>,
    value: &Value,
    name: &'static str,
    read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    if !name.starts_with('/') {
        return object.required(name, read);
    }
    match json::at(value, name) {
        Some(found) => read(&Reader::new(found)),
        None => Err(DecodeError { at: name.to_owned(), expected: "a value", found: "nothing" }),
    }
}

/// The API's own name of the state; of a truth value, its word.
pub(super) fn state_name<'a>(spec: &TaskSpec, value: &'a Value) -> Option<&'a str> {
    match field_of(value, spec.state)? {
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        other => other.as_str(),
    }
}

/// As [`field`], for any value.
pub(super) fn field_of<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    if name.starts_with('/') { json::at(value, name) } else { value.get(name) }
}
