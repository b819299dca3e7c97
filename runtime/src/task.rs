//! Tasks: work that a server does after it has answered.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_core::Stream;
use serde_json::Value;

use crate::error::Inner;
use crate::json::{number_text, text_of};
use crate::many::WaitGroup;
use crate::redact::Secrets;
use crate::response::ResponseHead;
use crate::wait::{Polled, Poller, unread};
use crate::{
    BoxFuture, Client, Clock, Decode, DecodeError, Download, Downloads, Error, ErrorKind, Object, Operation,
    PendingRequest, RateLimit, RawResponse, Reader, Request, RequestParts, Response, Result, StatusKind, TaskSpec,
    Violation, Violations, status,
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
    meta: Option<Arc<ResponseHead>>,
    /// When this program created it; `None` for a resumed one.
    created_at: Option<Instant>,
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
            created_at: None,
            brings: PhantomData,
        }
    }

    pub(crate) fn created_by(raw: RawResponse, client: &Client, spec: &'static TaskSpec) -> Result<Self> {
        let (id, created, meta) = read_created(raw, client, spec)?;
        let (client, created_at) = (client.clone(), Some(client.shared.clock.now()));
        Ok(Self { client, spec, id, created, meta: Some(meta), created_at, brings: PhantomData })
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
        T::decode(&Reader::new(&self.created)).map_err(|it| match &self.meta {
            Some(meta) => meta.redacted(it),
            None => it,
        })
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
        self.meta.as_ref().map(|it| it.rate_limit()).unwrap_or_default()
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.client.shared.clock
    }

    fn poller(&self, options: WaitOptions) -> Poller {
        Poller::new(self.client.clone(), self.spec, self.id.clone(), options, self.created_at)
    }
}

impl<R: Decode> Task<R> {
    /// Asks once how the task stands.
    ///
    /// # Errors
    /// The call fails, or its answer is no status. A task that failed is no error here.
    pub async fn status(&self) -> Result<TaskStatus<R>> {
        let polled = crate::wait::ask(&self.client, self.spec, &self.id, None).await?;
        decode_status(&self.client, self.spec, polled, &self.id)
    }

    /// Waits until the task is completed, asking as often and as long as the API says. Dropping the future stops asking;
    /// the task itself goes on.
    ///
    /// What may pass does not end the wait: no connection, no answer in time, "too many requests", errors of the server,
    /// and answers that are no status, such as an empty body or the page of a proxy. `Retry-After` is obeyed up to
    /// [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait). A task that this program has just created, or whose status
    /// it has just seen, may be unknown to the server for 30 seconds, or three polls if those take longer. Waiting ends at
    /// most one second after its deadline; see [`WaitOptions::deadline`].
    ///
    /// # Errors
    /// The task fails ([`ErrorKind::TaskFailed`]), or is not finished in time ([`ErrorKind::WaitDeadline`], whose message
    /// and source tell why the last poll brought nothing). What cannot pass ends the wait at once: the server refuses the
    /// credential or the request, does not know the task, or answers with the status of another task. Every error holds
    /// the task's id.
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

    /// As [`wait`](Self::wait), as one of a group of tasks.
    pub(crate) async fn wait_within(&self, group: Arc<WaitGroup>) -> Result<Response<R>> {
        self.finish(self.poller(WaitOptions::new()).in_group(group)).await
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
            let state = match TaskStatus::read(self.spec, &value, &raw.meta.secrets) {
                Ok(state) => state,
                Err(error) => return Err(unread(&self.client, raw, error, &self.id)),
            };
            let secrets = raw.meta.secrets.clone();
            let status = TaskStatus { state, spec: self.spec, raw: value, secrets };
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
    pub fn download(&self) -> PendingRequest<Download>
    where
        R: Downloads + 'static,
    {
        let id = self.id.clone();
        PendingRequest::new(self.client.call(), move |call| {
            Box::pin(async move {
                let content = Content::<R> { id: id.clone(), of: PhantomData };
                let secrets = call.client().shared.secrets.clone();
                call.send(content).await.map_err(|it| it.without(&secrets).with_task(&id))
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
    /// The deadline is for both: the task must be completed and the head of the download must have come by then. Reading
    /// the bytes afterwards takes as long as it takes, within
    /// [`ClientBuilder::idle_timeout`](crate::ClientBuilder::idle_timeout).
    ///
    /// # Errors
    /// As [`wait`](Self::wait), and when the download does not begin. Where only the download failed,
    /// [`download`](Self::download) can be called again.
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
        let mut poller = self.poller(options);
        poller.finish().await?;
        let (left, own) = (poller.left(), self.client.shared.limits.total_timeout);
        self.download().with_total_timeout(own.map_or(left, |it| it.min(left))).await
    }

    async fn finish(&self, mut poller: Poller) -> Result<Response<R>> {
        let polled = poller.finish().await?;
        let Polled { raw, value } = polled;
        match R::decode(&Reader::new(&value)) {
            Ok(result) => Ok(raw.respond(result, value)),
            Err(error) => Err(unread(&self.client, raw, error, &self.id)),
        }
    }

    /// Every state that the task goes through: an item when the answer differs from the one before, the last one when
    /// it is completed or failed, or an error, after which the stream ends.
    pub fn progress(&self) -> Progress<R> {
        self.progress_with(WaitOptions::new())
    }

    /// As [`progress`](Self::progress), with another rhythm.
    pub fn progress_with(&self, options: WaitOptions) -> Progress<R> {
        Progress { spec: self.spec, at: ProgressState::Idle(Box::new(self.poller(options))), brings: PhantomData }
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

    fn write(&self, out: &mut RequestParts) {
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
            created_at: self.created_at,
            brings: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Task<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The server chose the id.
        self.client.shared.secrets.debug(f, |f| {
            let mut out = f.debug_struct("Task");
            out.field("id", &self.id).field("operation", &self.spec.status.name).finish_non_exhaustive()
        })
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
    secrets: Secrets,
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

/// Why a task failed, in the server's words: on one line, without the credentials of the call, should the server repeat
/// them, and with control characters escaped.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskFailure {
    /// The sentence.
    pub message: String,
    /// The API's code, if it gives one.
    pub code: Option<String>,
    /// What the API declares that code to mean.
    pub kind: Option<StatusKind>,
    /// The whole status body, verbatim: it may hold what the server repeats.
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
        self.secrets.debug(f, |f| f.debug_struct("TaskStatus").field("state", &self.state).finish_non_exhaustive())
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
        Self::without(spec, value, Secrets::default())
    }

    /// As [`from_value`](Self::from_value), and its words do not show these secrets.
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
    /// As [`from_value`](Self::from_value), and when they are no JSON.
    pub fn from_slice(spec: &'static TaskSpec, body: &[u8]) -> Result<Self> {
        Self::from_slice_without(spec, body, Secrets::default())
    }

    pub(crate) fn from_slice_without(spec: &'static TaskSpec, body: &[u8], secrets: Secrets) -> Result<Self> {
        Self::without(spec, parse(spec, body)?, secrets)
    }

    fn read(spec: &'static TaskSpec, value: &Value, secrets: &Secrets) -> Result<TaskState<R>, DecodeError> {
        Ok(match phase(spec, value)? {
            Phase::Pending => TaskState::Pending,
            Phase::Completed => TaskState::Completed(R::decode(&Reader::new(value))?),
            Phase::Failed => TaskState::Failed(failure(spec, value, secrets)),
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
                Err(failed(self.spec, &id, failure, &self.secrets))
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
    at: ProgressState,
    brings: PhantomData<fn() -> R>,
}

enum ProgressState {
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
            match std::mem::replace(&mut self.at, ProgressState::Ended) {
                ProgressState::Ended => return Poll::Ready(None),
                ProgressState::Idle(mut poller) => {
                    self.at = ProgressState::Asking(Box::pin(async move {
                        let polled = poller.next_change().await;
                        (poller, polled)
                    }));
                }
                ProgressState::Asking(mut future) => {
                    let Poll::Ready((poller, polled)) = future.as_mut().poll(context) else {
                        self.at = ProgressState::Asking(future);
                        return Poll::Pending;
                    };
                    let status = polled.and_then(|it| decode_status(poller.client(), self.spec, it, poller.id()));
                    if status.as_ref().is_ok_and(|it| !it.is_finished()) {
                        self.at = ProgressState::Idle(poller);
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

fn decode_status<R: Decode>(
    client: &Client,
    spec: &'static TaskSpec,
    polled: Polled,
    id: &str,
) -> Result<TaskStatus<R>> {
    if let Some(error) = of_another_task(spec, &polled, id) {
        return Err(error);
    }
    let Polled { raw, value } = polled;
    match TaskStatus::read(spec, &value, &raw.meta.secrets) {
        Ok(state) => Ok(TaskStatus { state, spec, raw: value, secrets: raw.meta.secrets }),
        Err(error) => Err(unread(client, raw, error, id)),
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
///
/// What such an answer says of the task's state decides first: a task that is said to go on is handed out, whatever else
/// the answer holds, since it may be paid for. Without a state, an error in the answer is the error of the task.
fn read_created(
    mut raw: RawResponse,
    client: &Client,
    spec: &'static TaskSpec,
) -> Result<(String, Value, Arc<ResponseHead>)> {
    let created = raw.take_json()?;
    let id = match task_id(&Reader::new(&created), spec) {
        Ok(id) => id,
        Err(error) => return Err(raw.not_decoded(error)),
    };
    match phase(spec, &created) {
        Ok(Phase::Failed) => {
            let why = failure(spec, &created, &raw.meta.secrets);
            Err(crate::wait::ended_in(why, raw, spec, &id))
        }
        Err(_) if has_error(spec, &created) => Err(status::error_in_answer(client, &raw.meta, raw.body).with_task(&id)),
        _ => Ok((id, created, Arc::new(raw.meta))),
    }
}

/// Whether a body without a state says that something went wrong.
fn has_error(spec: &TaskSpec, value: &Value) -> bool {
    let own = Some(spec.error).filter(|it| it.starts_with("/error")).and_then(|it| crate::json::at(value, it));
    status::has_error(spec.status.api, value) || own.is_some_and(status::is_set)
}

/// Reads a status body; `read` is called with that of a completed task, and a failure comes back.
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
    crate::reading::read(body).map_err(|error| {
        let mut out = Error::new(ErrorKind::Decode, "the body is not JSON").of(spec.status);
        let inner = out.inner_mut();
        inner.body = Some(bytes::Bytes::copy_from_slice(body));
        inner.source = Some(error.into_source());
        out
    })
}

fn no_status(spec: &'static TaskSpec, value: &Value, secrets: &Secrets, mut error: DecodeError) -> Error {
    error.at = secrets.redact(&error.at).into_owned();
    Error::from_inner(Inner {
        kind: Some(ErrorKind::Decode),
        operation: Some(spec.status),
        message: "the body is not what the API promises".into(),
        body: Some(text_of(value).into()),
        task_id: task_id(&Reader::new(value), spec).ok(),
        source: Some(crate::error::Source::Decode(error)),
        secrets: secrets.clone(),
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

/// The error that a status is when it names another task than the one that was asked for.
pub(crate) fn of_another_task(spec: &TaskSpec, polled: &Polled, id: &str) -> Option<Error> {
    let found = match field_of(&polled.value, spec.status_id?)? {
        Value::String(text) => text.clone(),
        // Without its digits a number tells nothing.
        number => number_text(number)?,
    };
    // Upper and lower case of a UUID are the same.
    if found.is_empty() || found.eq_ignore_ascii_case(id) {
        return None;
    }
    let message = format!("the status is that of the task `{}`", polled.raw.meta.secrets.redactor().line(&found, 100));
    let mut error = polled.raw.meta.error(ErrorKind::Decode, message).with_task(id);
    error.inner_mut().body = Some(polled.raw.body.clone());
    Some(error)
}

fn task_id(from: &Reader<'_>, spec: &TaskSpec) -> Result<String, DecodeError> {
    let read = |it: &Reader<'_>| match it.value() {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        number => number_text(number).ok_or_else(|| it.expected("the id of a task")),
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

pub(crate) fn field_of<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    if name.starts_with('/') { crate::json::at(value, name) } else { value.get(name) }
}

/// What a failed task says of itself.
pub(crate) fn failure(spec: &TaskSpec, value: &Value, secrets: &Secrets) -> TaskFailure {
    let api = spec.status.api;
    let redactor = secrets.redactor();
    let line = |text: &str| redactor.line(text, status::MOST);
    let found = crate::json::at(value, spec.error).filter(|it| !it.is_null());
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
    TaskFailure { message, code, kind, raw: value.clone() }
}

/// The error that a failed task is to one who waits for its result.
pub(crate) fn failed(spec: &'static TaskSpec, id: &str, failure: TaskFailure, secrets: &Secrets) -> Error {
    Error::from_inner(Inner {
        kind: Some(ErrorKind::TaskFailed),
        operation: Some(spec.status),
        message: failure.message.into(),
        code: failure.code,
        meaning: failure.kind,
        body: Some(text_of(&failure.raw).into()),
        task_id: Some(id.to_owned()).filter(|it| !it.is_empty()),
        secrets: secrets.clone(),
        ..Inner::default()
    })
}
