//! Why a task failed.

use std::fmt;

use serde_json::Value;

use crate::error::Inner;
use crate::json::{at, copy_of, text_of};
use crate::redact::Secrets;
use crate::{Error, ErrorKind, StatusKind, TaskSpec, status};

/// Why a task failed, in the server's words. The text is on one line, control characters are escaped, and the
/// credentials of the call are redacted.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskFailure {
    /// The message.
    pub message: String,
    /// The API's error code, if there is one.
    pub code: Option<String>,
    /// The declared meaning of that code.
    pub kind: Option<StatusKind>,
    /// The whole status body, unchanged: it may contain anything that the server repeats.
    pub raw: Value,
}

/// Leaves the body out, since it is unknown which of its fields are secret.
impl fmt::Debug for TaskFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("TaskFailure");
        out.field("message", &self.message).field("code", &self.code).finish_non_exhaustive()
    }
}

impl fmt::Display for TaskFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TaskFailure {}

/// The failure that a failed task reports.
pub(super) fn failure(spec: &TaskSpec, value: &Value, secrets: &Secrets) -> TaskFailure {
    let api = spec.status.api;
    let redactor = secrets.redactor();
    let line = |text: &str| redactor.line(text, status::MOST);
    let found = at(value, spec.error).filter(|it| !it.is_null());
    let own = found.and_then(|it| match it {
        Value::String(text) => Some(line(text)).filter(|it| !it.is_empty()),
        Value::Object(_) => status::message(api, it, &redactor),
        other => Some(line(&text_of(other))),
    });
    let message = own.or_else(|| status::message(api, value, &redactor));
    let own_code = || status::code_text(found?.get("code")?);
    let kind = status::declared_kind(api, value).or_else(|| status::kind_of_code(api, &own_code()?));
    let code = status::code(api, value, &redactor).or_else(|| own_code().map(|it| line(&it)));
    let message = message.unwrap_or_else(|| "the server gives no reason".to_owned());
    TaskFailure { message, code, kind, raw: copy_of(value) }
}

/// The error of a failed task for callers that wait for its result.
pub(super) fn failed(spec: &'static TaskSpec, id: &str, failure: TaskFailure, secrets: &Secrets) -> Error {
    Error::from_inner(Inner {
        kind: Some(ErrorKind::TaskFailed),
        operation: Some(&spec.status),
        message: failure.message.into(),
        code: failure.code,
        meaning: failure.kind,
        body: Some(text_of(&failure.raw).into()),
        task_id: Some(id.to_owned()).filter(|it| !it.is_empty()),
        secrets: secrets.clone(),
        ..Inner::default()
    })
}
