//! Tasks: work that a server continues after its response.

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

/// A task on the server. `R` is the result of the completed task.
///
/// Only the id is needed to find a task again: store it, and [`resume`](Self::resume) the task after a restart.
pub struct Task<R> {
    client: Client,
    spec: &'static TaskSpec,
    id: String,
    created: Value,
    /// From the response that created it.
    meta: Option<Arc<ResponseHead>>,
    /// When this program created it; `None` for a resumed one.
    created_at: Option<Instant>,
    brings: PhantomData<fn() -> R>,
}

impl<R> Task<R> {
    /// The task with this id. Another program may have created it. Nothing is sent.
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

    /// The response that created the task, as JSON; `null` for a resumed task.
    #[must_use]
    pub fn created(&self) -> &Value {
        &self.created
    }

    /// [`created`](Self::created) as the type that the API's documentation describes.
    ///
    /// # Errors
    /// Fails if the response does not match `T`. For a resumed task it never does.
    pub fn created_as<T: Decode>(&self) -> Result<T, DecodeError> {
        T::decode(&Reader::new(&self.created)).map_err(|it| match &self.meta {
            Some(meta) => meta.redacted(it),
            None => it,
        })
    }

    /// Violations in the request that were not enforced.
    #[must_use]
    pub fn warnings(&self) -> &[Violation] {
        self.meta.as_ref().map_or(&[], |it| &it.warnings)
    }

    /// The id of the request that created the task, for the API's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.meta.as_ref()?.request_id()
    }

    /// The rate limit, from the response that created the task.
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
    /// Polls the task's status once.
    ///
    /// # Errors
    /// Fails if the call fails, or if its response is not a status. A failed task is not an error here.
    pub async fn status(&self) -> Result<TaskStatus<R>> {
        let polled = crate::wait::ask(&self.client, self.spec, &self.id, None).await?;
        decode_status(&self.client, self.spec, polled, &self.id)
    }

    /// Waits until the task is completed, and polls at the API's interval until its deadline. Dropping the future stops
    /// polling, but the task itself continues.
    ///
    /// Temporary failures do not end the wait: no connection, no response in time, "too many requests", errors of the
    /// server, and responses that are not a status, such as an empty body or a proxy's page. `Retry-After` is honoured
    /// up to [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait). The server may not know a task for 30 seconds, or
    /// for three polls if those take longer, after this program created it or last saw its status. Waiting ends at most
    /// one second after its deadline; see [`WaitOptions::deadline`].
    ///
    /// # Errors
    /// Fails if the task fails ([`ErrorKind::TaskFailed`]), or if it does not finish in time
    /// ([`ErrorKind::WaitDeadline`], whose message and source say why the last poll failed). A permanent failure ends
    /// the wait immediately: the server refuses the credential or the request, does not know the task, or responds with
    /// the status of another task. Every error has the task's id.
    pub async fn wait(&self) -> Result<Response<R>> {
        self.wait_with(WaitOptions::new()).await
    }

    /// As [`wait`](Self::wait), with other options.
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

    /// As [`wait`](Self::wait), and calls `tell` with every state, including the last one. Use it for a line in a
    /// terminal or a progress bar.
    ///
    /// As with [`progress`](Self::progress), each state differs from the one before.
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

    /// Downloads the result of the finished task, by its id. Set options of this call before it is awaited, as for any
    /// call.
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

    /// Waits until the task is completed, then downloads its result.
    ///
    /// ```no_run
    /// # use specwright_runtime::{Decode, Downloads, Result, Task};
    /// # async fn f<Video: Decode + Downloads + 'static>(task: Task<Video>) -> Result<()> {
    /// task.wait_and_download().await?.save("film.mp4").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// The deadline applies to both: until then, the task must be completed and the response headers of the download
    /// must have arrived. Reading the bytes may then take as long as data keeps arriving, within
    /// [`ClientBuilder::idle_timeout`](crate::ClientBuilder::idle_timeout).
    ///
    /// # Errors
    /// As [`wait`](Self::wait), and if the download does not start. If only the download failed, call
    /// [`download`](Self::download) again.
    pub async fn wait_and_download(&self) -> Result<Download>
    where
        R: Downloads + 'static,
    {
        self.wait_and_download_with(WaitOptions::new()).await
    }

    /// As [`wait_and_download`](Self::wait_and_download), with other options.
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

    /// A stream of the task's states. There is an item whenever the status differs from the one before. The last item
    /// is a completed or failed state, or an error.
    pub fn progress(&self) -> Progress<R> {
        self.progress_with(WaitOptions::new())
    }

    /// As [`progress`](Self::progress), with other options.
    pub fn progress_with(&self, options: WaitOptions) -> Progress<R> {
        Progress { spec: self.spec, at: ProgressState::Idle(Box::new(self.poller(options))), brings: PhantomData }
    }
}

/// The request that downloads a task's result.
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
    /// Fails if the body is not an object with a state, or if the state is a success and the result cannot be read. The
    /// error has the task's id, if the body has one.
    pub fn from_value(spec: &'static TaskSpec, value: Value) -> Result<Self> {
        Self::without(spec, value, Secrets::default())
    }

    /// As [`from_value`](Self::from_value), and its texts do not show these secrets.
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

    fn read(spec: &'static TaskSpec, value: &Value, secrets: &Secrets) -> Result<TaskState<R>, DecodeError> {
        Ok(match phase(spec, value)? {
            Phase::Pending => TaskState::Pending,
            Phase::Completed => TaskState::Completed(R::decode(&Reader::new(value))?),
            Phase::Failed => TaskState::Failed(failure(spec, value, secrets)),
        })
    }
}

impl<R> TaskStatus<R> {
    /// The API's own name of the state.
    #[must_use]
    pub fn state_name(&self) -> &str {
        self.text(self.spec.state).unwrap_or_default()
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

/// A stream of a task's states: see [`Task::progress`].
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

/// The id and body of a response that created a task.
///
/// The state in the response decides first. A task that continues is returned, whatever else the response contains,
/// since it may be paid for. Without a state, an error in the response is the error of the task.
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

/// Whether a body without a state reports an error.
fn has_error(spec: &TaskSpec, value: &Value) -> bool {
    let own = Some(spec.error).filter(|it| it.starts_with("/error")).and_then(|it| crate::json::at(value, it));
    status::has_error(spec.status.api, value) || own.is_some_and(status::is_set)
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

/// The state in a status body.
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

/// The error for the status of another task.
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
    match crate::json::at(value, name) {
        Some(found) => read(&Reader::new(found)),
        None => Err(DecodeError { at: name.to_owned(), expected: "a value", found: "nothing" }),
    }
}

pub(crate) fn field_of<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    if name.starts_with('/') { crate::json::at(value, name) } else { value.get(name) }
}

/// The failure that a failed task reports.
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

/// The error of a failed task for callers that wait for its result.
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
