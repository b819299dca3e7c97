//! Tasks: work that a server does after it has answered.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::error::Inner;
use crate::json::text_of;
use crate::response::Meta;
use crate::wait::{Polled, Poller};
use crate::{
    BoxFuture, Client, Decode, DecodeError, Download, Downloads, Error, ErrorKind, Object, Operation, Parts, RateLimit,
    RawResponse, Reader, Request, Response, Result, Sending, TaskSpec, Violation, Violations, status,
};

pub use crate::wait::WaitOptions;

/// A task on the server, and the way to follow it. `R` is what it brings once it is completed.
///
/// The handle is only an id: keep the id, and [`resume`](Self::resume) follows the task after a restart.
pub struct Task<R> {
    client: Client,
    spec: &'static TaskSpec,
    id: String,
    created: Value,
    /// Of the answer that made it.
    meta: Option<Arc<Meta>>,
    fresh: bool,
    brings: PhantomData<fn() -> R>,
}

impl<R> Task<R> {
    /// The task with this id, which need not have been made by this program. Nothing is sent.
    #[must_use]
    pub fn resume(client: &Client, spec: &'static TaskSpec, id: impl Into<String>) -> Self {
        Self {
            client: client.clone(),
            spec,
            id: id.into(),
            created: Value::Null,
            meta: None,
            fresh: false,
            brings: PhantomData,
        }
    }

    pub(crate) fn created_by(raw: RawResponse, client: &Client, spec: &'static TaskSpec) -> Result<Self> {
        let (id, created, meta) = read_created(raw, spec)?;
        let client = client.clone();
        Ok(Self { client, spec, id, created, meta: Some(meta), fresh: true, brings: PhantomData })
    }

    /// The task's id: an opaque string.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the server answered when the task was created, as JSON; `null` for a resumed one.
    #[must_use]
    pub fn created(&self) -> &Value {
        &self.created
    }

    /// [`created`](Self::created) as the type that the API's documentation describes.
    ///
    /// # Errors
    /// It is not what `T` needs; for a resumed task it never is.
    pub fn created_as<T: Decode>(&self) -> Result<T, DecodeError> {
        T::decode(&Reader::new(&self.created))
    }

    /// Rules that the request broke and that were not enforced.
    #[must_use]
    pub fn warnings(&self) -> &[Violation] {
        self.meta.as_ref().map_or(&[], |it| &it.warnings)
    }

    /// The id by which the API's support finds the request that created the task.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.meta.as_ref()?.request_id()
    }

    /// What the answer that created the task says about the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        let read = |it: &Arc<Meta>| RateLimit::read(&it.headers, &it.operation.api.rate_limit_headers);
        self.meta.as_ref().map(read).unwrap_or_default()
    }

    fn poller(&self, options: WaitOptions) -> Poller {
        Poller::new(self.client.clone(), self.spec, self.id.clone(), options, self.fresh)
    }
}

impl<R: Decode> Task<R> {
    /// Asks once how the task stands.
    ///
    /// # Errors
    /// The call fails, or its answer is no status. A task that failed is no error here.
    pub async fn status(&self) -> Result<TaskStatus<R>> {
        let polled = crate::wait::ask(&self.client, self.spec, &self.id, None).await?;
        decode_status(self.spec, polled, &self.id)
    }

    /// Waits until the task is completed, asking as often and as long as the API says. Dropping the future stops asking;
    /// the task itself goes on.
    ///
    /// # Errors
    /// The task fails ([`ErrorKind::TaskFailed`]), is not finished in time ([`ErrorKind::WaitDeadline`]), or asking fails
    /// for good. The error holds the task's id.
    pub async fn wait(&self) -> Result<Response<R>> {
        self.wait_with(WaitOptions::new()).await
    }

    /// As [`wait`](Self::wait), with another rhythm.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub async fn wait_with(&self, options: WaitOptions) -> Result<Response<R>> {
        self.finish(self.poller(options)).await
    }

    /// As [`wait`](Self::wait), asking only with a permit of this gate.
    pub(crate) async fn wait_behind(&self, gate: Arc<Semaphore>) -> Result<Response<R>> {
        self.finish(self.poller(WaitOptions::new()).behind(gate)).await
    }

    /// As [`wait`](Self::wait), and tells of every state on the way, the last one too: for a line in a terminal or a
    /// progress bar.
    ///
    /// As [`progress`](Self::progress), it tells only of what differs from the state before.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub async fn wait_with_progress(&self, mut tell: impl FnMut(&TaskStatus<R>)) -> Result<Response<R>> {
        let mut poller = self.poller(WaitOptions::new());
        loop {
            let Polled { raw, value } = poller.next_change().await?;
            let state = match TaskStatus::read(self.spec, &value) {
                Ok(state) => state,
                Err(error) => return Err(raw.not_decoded(error).with_task(&self.id)),
            };
            let status = TaskStatus { state, spec: self.spec, raw: value };
            tell(&status);
            match status.state {
                TaskState::Pending => {}
                TaskState::Completed(result) => return Ok(raw.respond(result, status.raw)),
                TaskState::Failed(failure) => return Err(crate::wait::ended_in(failure, raw, self.spec, &self.id)),
            }
        }
    }

    /// Downloads what the finished task brought, by the task's id. Options of this call alone are set before it is awaited,
    /// as with any call.
    pub fn download(&self) -> Sending<Download>
    where
        R: Downloads + 'static,
    {
        let id = self.id.clone();
        Sending::new(self.client.call(), move |call| {
            Box::pin(async move {
                let content = Content::<R> { id: id.clone(), of: PhantomData };
                call.send(content).await.map_err(|it| it.with_task(&id))
            })
        })
    }

    /// Waits until the task is completed, then downloads what it brought.
    ///
    /// ```no_run
    /// # use specwright_runtime::{Decode, Downloads, Result, Task};
    /// # async fn f<Video: Decode + Downloads + 'static>(task: Task<Video>) -> Result<()> {
    /// task.wait_and_download().await?.save("film.mp4").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`wait`](Self::wait), and when the download does not begin.
    pub async fn wait_and_download(&self) -> Result<Download>
    where
        R: Downloads + 'static,
    {
        self.wait_and_download_with(WaitOptions::new()).await
    }

    /// As [`wait_and_download`](Self::wait_and_download), with another rhythm.
    ///
    /// # Errors
    /// As [`wait_and_download`](Self::wait_and_download).
    pub async fn wait_and_download_with(&self, options: WaitOptions) -> Result<Download>
    where
        R: Downloads + 'static,
    {
        self.poller(options).finish().await?;
        self.download().await
    }

    async fn finish(&self, mut poller: Poller) -> Result<Response<R>> {
        let polled = poller.finish().await?;
        let Polled { raw, value } = polled;
        match R::decode(&Reader::new(&value)) {
            Ok(result) => Ok(raw.respond(result, value)),
            Err(error) => Err(raw.not_decoded(error).with_task(&self.id)),
        }
    }

    /// Every state that the task goes through: an item when the answer differs from the one before, the last one when
    /// it is completed or failed, or an error, after which the stream ends.
    pub fn progress(&self) -> Progress<R> {
        self.progress_with(WaitOptions::new())
    }

    /// As [`progress`](Self::progress), with another rhythm.
    pub fn progress_with(&self, options: WaitOptions) -> Progress<R> {
        Progress { spec: self.spec, at: At::Idle(Box::new(self.poller(options))), brings: PhantomData }
    }
}

/// The request for what a task brought.
struct Content<R> {
    id: String,
    of: PhantomData<fn() -> R>,
}

impl<R: Downloads + 'static> Request for Content<R> {
    type Reply = Download;

    fn operation(&self) -> &'static Operation {
        R::operation()
    }

    fn check(&self, _: &mut Violations) {}

    fn write(&self, out: &mut Parts) {
        R::write(&self.id, out);
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Download> {
        crate::reply::download(raw, client)
    }
}

impl<R> Clone for Task<R> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            spec: self.spec,
            id: self.id.clone(),
            created: self.created.clone(),
            meta: self.meta.clone(),
            fresh: self.fresh,
            brings: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Task<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Task");
        out.field("id", &self.id).field("operation", &self.spec.status.name).finish_non_exhaustive()
    }
}

/// How a task stands.
#[derive(Clone)]
#[non_exhaustive]
pub struct TaskStatus<R> {
    /// Whether it is finished, and what it brought.
    pub state: TaskState<R>,
    spec: &'static TaskSpec,
    raw: Value,
}

/// Whether a task is finished, and what it brought.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskState<R> {
    /// Not finished. States that the spec does not know count as this one.
    Pending,
    /// Finished, with its result.
    Completed(R),
    /// Finished without one.
    Failed(TaskFailure),
}

/// Why a task failed, in the server's words.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskFailure {
    /// The sentence.
    pub message: String,
    /// The API's code, if it gives one.
    pub code: Option<String>,
    /// The whole status body.
    pub raw: Value,
}

/// Without the body: it knows nothing of which fields are secret.
impl fmt::Debug for TaskFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("TaskFailure");
        out.field("message", &self.message).field("code", &self.code).finish_non_exhaustive()
    }
}

impl<R: fmt::Debug> fmt::Debug for TaskStatus<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskStatus").field("state", &self.state).finish_non_exhaustive()
    }
}

impl fmt::Display for TaskFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TaskFailure {}

impl<R: Decode> TaskStatus<R> {
    /// Reads a status body, or the body of a callback, which has the same form.
    ///
    /// # Errors
    /// It is no object with a state, or the state is one of success and the result cannot be read. It holds the task's
    /// id, where the body names one.
    pub fn from_value(spec: &'static TaskSpec, value: Value) -> Result<Self> {
        let mut result = None;
        let failed = read_status(spec, &value, &mut |it| {
            result = Some(R::decode(it)?);
            Ok(())
        })?;
        let state = match (result, failed) {
            (Some(result), _) => TaskState::Completed(result),
            (None, Some(failure)) => TaskState::Failed(failure),
            (None, None) => TaskState::Pending,
        };
        Ok(Self { state, spec, raw: value })
    }

    /// As [`from_value`](Self::from_value), from the bytes of a callback.
    ///
    /// # Errors
    /// As [`from_value`](Self::from_value), and when they are no JSON.
    pub fn from_slice(spec: &'static TaskSpec, body: &[u8]) -> Result<Self> {
        Self::from_value(spec, parse(spec, body)?)
    }

    fn read(spec: &'static TaskSpec, value: &Value) -> Result<TaskState<R>, DecodeError> {
        Ok(match phase(spec, value)? {
            Phase::Pending => TaskState::Pending,
            Phase::Completed => TaskState::Completed(R::decode(&Reader::new(value))?),
            Phase::Failed => TaskState::Failed(failure(spec, value)),
        })
    }
}

impl<R> TaskStatus<R> {
    /// The state in the API's own word.
    #[must_use]
    pub fn state_name(&self) -> &str {
        self.text(self.spec.state).unwrap_or_default()
    }

    /// The stage within the state, for APIs that tell it.
    #[must_use]
    pub fn stage(&self) -> Option<&str> {
        self.text(self.spec.stage?)
    }

    /// The task's id, where the body names it.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        task_id(&Reader::new(&self.raw), self.spec).ok()
    }

    /// The whole body as JSON.
    #[must_use]
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Whether nothing more will come.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        !matches!(self.state, TaskState::Pending)
    }

    /// The result; `None` while the task is not finished.
    ///
    /// # Errors
    /// The task failed.
    pub fn into_result(self) -> Result<Option<R>> {
        match self.state {
            TaskState::Pending => Ok(None),
            TaskState::Completed(result) => Ok(Some(result)),
            TaskState::Failed(failure) => {
                let id = task_id(&Reader::new(&self.raw), self.spec).unwrap_or_default();
                Err(failed(self.spec, &id, failure))
            }
        }
    }

    fn text(&self, field: &'static str) -> Option<&str> {
        field_of(&self.raw, field)?.as_str()
    }
}

/// The states of a task, one after the other: see [`Task::progress`].
#[must_use = "streams do nothing unless polled"]
pub struct Progress<R> {
    spec: &'static TaskSpec,
    at: At,
    brings: PhantomData<fn() -> R>,
}

enum At {
    Idle(Box<Poller>),
    Asking(BoxFuture<'static, (Box<Poller>, Result<Polled>)>),
    Ended,
}

impl<R: Decode> Progress<R> {
    /// The next state; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<TaskStatus<R>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<R: Decode> Stream for Progress<R> {
    type Item = Result<TaskStatus<R>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::mem::replace(&mut self.at, At::Ended) {
                At::Ended => return Poll::Ready(None),
                At::Idle(mut poller) => {
                    self.at = At::Asking(Box::pin(async move {
                        let polled = poller.next_change().await;
                        (poller, polled)
                    }));
                }
                At::Asking(mut future) => {
                    let Poll::Ready((poller, polled)) = future.as_mut().poll(context) else {
                        self.at = At::Asking(future);
                        return Poll::Pending;
                    };
                    let status = polled.and_then(|it| decode_status(self.spec, it, poller.id()));
                    if status.as_ref().is_ok_and(|it| !it.is_finished()) {
                        self.at = At::Idle(poller);
                    }
                    return Poll::Ready(Some(status));
                }
            }
        }
    }
}

impl<R> fmt::Debug for Progress<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("operation", &self.spec.status.name).finish_non_exhaustive()
    }
}

fn decode_status<R: Decode>(spec: &'static TaskSpec, polled: Polled, id: &str) -> Result<TaskStatus<R>> {
    let Polled { raw, value } = polled;
    match TaskStatus::read(spec, &value) {
        Ok(state) => Ok(TaskStatus { state, spec, raw: value }),
        Err(error) => Err(raw.not_decoded(error).with_task(id)),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Pending,
    Completed,
    Failed,
}

// What follows knows nothing of results, so that it is compiled once and not for every operation.

/// Id and body of an answer that created a task.
fn read_created(mut raw: RawResponse, spec: &TaskSpec) -> Result<(String, Value, Arc<Meta>)> {
    let created = raw.take_json()?;
    match task_id(&Reader::new(&created), spec) {
        Ok(id) => Ok((id, created, Arc::new(raw.meta))),
        Err(error) => Err(raw.not_decoded(error)),
    }
}

/// Reads a status body; `read` is called with that of a completed task, and a failure comes back.
fn read_status(
    spec: &'static TaskSpec,
    value: &Value,
    read: &mut dyn FnMut(&Reader<'_>) -> Result<(), DecodeError>,
) -> Result<Option<TaskFailure>> {
    let state = phase(spec, value).and_then(|it| match it {
        Phase::Pending => Ok(None),
        Phase::Completed => read(&Reader::new(value)).map(|()| None),
        Phase::Failed => Ok(Some(failure(spec, value))),
    });
    state.map_err(|it| no_status(spec, value, it))
}

fn parse(spec: &'static TaskSpec, body: &[u8]) -> Result<Value> {
    crate::reading::read(body).map_err(|error| {
        let mut out = Error::new(ErrorKind::Decode, "the body is not JSON").of(spec.status);
        let inner = out.inner_mut();
        inner.body = Some(bytes::Bytes::copy_from_slice(body));
        inner.source = Some(error.into_source());
        out
    })
}

fn no_status(spec: &'static TaskSpec, value: &Value, error: DecodeError) -> Error {
    Error::from_inner(Inner {
        kind: Some(ErrorKind::Decode),
        operation: Some(spec.status),
        message: "the body is not what the API promises".into(),
        body: Some(text_of(value).into()),
        task_id: task_id(&Reader::new(value), spec).ok(),
        source: Some(crate::error::Source::Decode(error)),
        ..Inner::default()
    })
}

/// Where a status body says that the task stands.
pub(crate) fn phase(spec: &TaskSpec, value: &Value) -> Result<Phase, DecodeError> {
    let reader = Reader::new(value);
    let object = reader.object()?;
    let state = field(&object, value, spec.state, |it| it.string())?;
    Ok(if spec.completed.contains(&state.as_str()) {
        Phase::Completed
    } else if spec.failed.contains(&state.as_str()) {
        Phase::Failed
    } else {
        Phase::Pending
    })
}

fn task_id(from: &Reader<'_>, spec: &TaskSpec) -> Result<String, DecodeError> {
    let read = |it: &Reader<'_>| match it.value() {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(it.expected("the id of a task")),
    };
    field(&from.object()?, from.value(), spec.id, read)
}

/// A field by name, or by JSON pointer where it is deeper.
fn field<T>(
    object: &Object<'_>,
    value: &Value,
    name: &'static str,
    read: impl FnOnce(&Reader<'_>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    if !name.starts_with('/') {
        return object.required(name, read);
    }
    match crate::json::at(value, name) {
        Some(found) => read(&Reader::new(found)),
        None => Err(DecodeError { at: name.to_owned(), expected: "a value", found: "nothing" }),
    }
}

fn field_of<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    if name.starts_with('/') { crate::json::at(value, name) } else { value.get(name) }
}

/// What a failed task says of itself.
pub(crate) fn failure(spec: &TaskSpec, value: &Value) -> TaskFailure {
    let api = spec.status.api;
    let found = crate::json::at(value, spec.error).filter(|it| !it.is_null());
    let own = found.and_then(|it| match it {
        Value::String(text) => Some(status::shorten(text, 400)).filter(|it| !it.is_empty()),
        Value::Object(_) => status::message(api, it),
        other => Some(status::shorten(&text_of(other), 400)),
    });
    let message = own.or_else(|| status::message(api, value));
    let code = status::code(api, value).or_else(|| match found?.get("code")? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let message = message.unwrap_or_else(|| "the server gives no reason".to_owned());
    TaskFailure { message, code, raw: value.clone() }
}

/// The error that a failed task is to one who waits for its result.
pub(crate) fn failed(spec: &'static TaskSpec, id: &str, failure: TaskFailure) -> Error {
    Error::from_inner(Inner {
        kind: Some(ErrorKind::TaskFailed),
        operation: Some(spec.status),
        message: failure.message.into(),
        code: failure.code,
        body: Some(text_of(&failure.raw).into()),
        task_id: Some(id.to_owned()).filter(|it| !it.is_empty()),
        ..Inner::default()
    })
}
