//! The public type of a status.

use std::fmt;

use serde_json::Value;

use super::body::{Phase, field_of, phase, state_name, task_id};
use super::failure::{TaskFailure, failed, failure};
use crate::error::{Inner, Source};
use crate::json::text_of;
use crate::redact::Secrets;
use crate::{Decode, DecodeError, Error, ErrorKind, Reader, Result, TaskSpec, reading};

/// The status of a task.
#[derive(Clone)]
#[non_exhaustive]
pub struct TaskStatus<R> {
    /// Whether it is finished, and its result.
    pub state: TaskState<R>,
    spec: &'static TaskSpec,
    raw: Value,
    secrets: Secrets,
}

/// Whether a task is finished, and its result.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskState<R> {
    /// Not finished. Unknown states count as pending.
    Pending,
    /// Finished, with its result.
    Completed(R),
    /// Finished without a result.
    Failed(TaskFailure),
}

impl<R: fmt::Debug> fmt::Debug for TaskStatus<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.secrets.debug(f, |f| f.debug_struct("TaskStatus").field("state", &self.state).finish_non_exhaustive())
    }
}

impl<R: Decode> TaskStatus<R> {
    /// Reads a status body, or the body of a callback, which has the same form.
    ///
    /// # Errors
    /// Fails if the body is not an object with a state, or if the state is a success and the result cannot be read. The
    /// error has the task's id, if the body has one.
    pub fn from_value(spec: &'static TaskSpec, value: Value) -> Result<Self> {
        Self::without(spec, value, Secrets::default())
    }

    /// As [`from_value`](Self::from_value), but redacts these secrets in its texts.
    pub(crate) fn without(spec: &'static TaskSpec, value: Value, secrets: Secrets) -> Result<Self> {
        let mut result = None;
        let failed = read_status(spec, &value, &secrets, &mut |it| {
            result = Some(R::decode(it)?);
            Ok(())
        })?;
        let state = match (result, failed) {
            (Some(result), _) => TaskState::Completed(result),
            (None, Some(failure)) => TaskState::Failed(failure),
            (None, None) => TaskState::Pending,
        };
        Ok(Self { state, spec, raw: value, secrets })
    }

    /// As [`from_value`](Self::from_value), from the bytes of a callback.
    ///
    /// # Errors
    /// As [`from_value`](Self::from_value), and if the bytes are not JSON.
    pub fn from_slice(spec: &'static TaskSpec, body: &[u8]) -> Result<Self> {
        Self::from_slice_without(spec, body, Secrets::default())
    }

    pub(crate) fn from_slice_without(spec: &'static TaskSpec, body: &[u8], secrets: Secrets) -> Result<Self> {
        Self::without(spec, parse(spec, body)?, secrets)
    }

    pub(super) fn read(spec: &'static TaskSpec, value: &Value, secrets: &Secrets) -> Result<TaskState<R>, DecodeError> {
        Ok(match phase(spec, value)? {
            Phase::Pending => TaskState::Pending,
            Phase::Completed => TaskState::Completed(R::decode(&Reader::new(value))?),
            Phase::Failed => TaskState::Failed(failure(spec, value, secrets)),
        })
    }
}

impl<R> TaskStatus<R> {
    pub(super) fn into_parts(self) -> (TaskState<R>, Value) {
        (self.state, self.raw)
    }

    pub(super) fn new(state: TaskState<R>, spec: &'static TaskSpec, raw: Value, secrets: Secrets) -> Self {
        Self { state, spec, raw, secrets }
    }

    /// The API's own name of the state; `true` or `false` if it is a truth value.
    #[must_use]
    pub fn state_name(&self) -> &str {
        state_name(self.spec, &self.raw).unwrap_or_default()
    }

    /// The stage within the state, if the API reports stages.
    #[must_use]
    pub fn stage(&self) -> Option<&str> {
        self.text(self.spec.stage?)
    }

    /// The task's id, if the body has it.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        task_id(&Reader::new(&self.raw), self.spec).ok()
    }

    /// The whole body as JSON.
    #[must_use]
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Whether the task is completed or failed.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        !matches!(self.state, TaskState::Pending)
    }

    /// The result; `None` while the task is not finished.
    ///
    /// # Errors
    /// Fails if the task failed.
    pub fn into_result(self) -> Result<Option<R>> {
        match self.state {
            TaskState::Pending => Ok(None),
            TaskState::Completed(result) => Ok(Some(result)),
            TaskState::Failed(failure) => {
                let id = task_id(&Reader::new(&self.raw), self.spec).unwrap_or_default();
                Err(failed(self.spec, &id, failure, &self.secrets))
            }
        }
    }

    fn text(&self, field: &'static str) -> Option<&str> {
        field_of(&self.raw, field)?.as_str()
    }
}

/// Reads a status body. Calls `read` with the body of a completed task, and returns a failure.
fn read_status(
    spec: &'static TaskSpec,
    value: &Value,
    secrets: &Secrets,
    read: &mut dyn FnMut(&Reader<'_>) -> Result<(), DecodeError>,
) -> Result<Option<TaskFailure>> {
    let state = phase(spec, value).and_then(|it| match it {
        Phase::Pending => Ok(None),
        Phase::Completed => read(&Reader::new(value)).map(|()| None),
        Phase::Failed => Ok(Some(failure(spec, value, secrets))),
    });
    state.map_err(|it| no_status(spec, value, secrets, it))
}

fn parse(spec: &'static TaskSpec, body: &[u8]) -> Result<Value> {
    reading::read(body).map_err(|error| {
        let mut out = Error::new(ErrorKind::Decode, "the body is not JSON").of(&spec.status);
        let inner = out.inner_mut();
        inner.body = Some(bytes::Bytes::copy_from_slice(body));
        inner.source = Some(error.into());
        out
    })
}

fn no_status(spec: &'static TaskSpec, value: &Value, secrets: &Secrets, mut error: DecodeError) -> Error {
    error.at = secrets.redact(&error.at).into_owned();
    Error::from_inner(Inner {
        kind: Some(ErrorKind::Decode),
        operation: Some(&spec.status),
        message: "the body is not what the API promises".into(),
        body: Some(text_of(value).into()),
        task_id: task_id(&Reader::new(value), spec).ok(),
        source: Some(Source::Decode(error)),
        secrets: secrets.clone(),
        ..Inner::default()
    })
}
