//! The task that users hold: asked once, waited for, downloaded.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::body::{Phase, has_error, phase, task_id};
use super::failure::failure;
use super::group::WaitGroup;
use super::progress::Progress;
use super::status::{TaskState, TaskStatus};
use super::wait::{Polled, Poller, WaitOptions, ask, decode_status, ended_in, unread};
use crate::response::ResponseHead;
use crate::{
    Client, Clock, Decode, DecodeError, Download, Downloads, Operation, PendingRequest, RateLimit, RawResponse, Reader,
    Request, RequestParts, Response, Result, TaskSpec, Violation, Violations, status,
};

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
        let polled = ask(&self.client, self.spec, &self.id, None).await?;
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
    pub(super) async fn wait_within(&self, group: Arc<WaitGroup>) -> Result<Response<R>> {
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
            let status = TaskStatus::new(state, self.spec, value, secrets);
            tell(&status);
            let (state, value) = status.into_parts();
            match state {
                TaskState::Pending => {}
                TaskState::Completed(result) => return Ok(raw.respond(result, value)),
                TaskState::Failed(failure) => return Err(ended_in(failure, raw, self.spec, &self.id)),
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
        Progress::new(self.spec, self.poller(options))
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
        Download::of(raw, client)
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
            Err(ended_in(why, raw, spec, &id))
        }
        Err(_) if has_error(spec, &created) => {
            Err(status::error_in_answer(&*client.shared.clock, &raw.meta, raw.body).with_task(&id))
        }
        _ => Ok((id, created, Arc::new(raw.meta))),
    }
}
