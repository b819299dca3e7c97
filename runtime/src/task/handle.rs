//! The public task handle: poll it once, wait for it, download its result.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::body::{Phase, has_error, phase, task_id};
use super::failure::failure;
use super::group::WaitGroup;
use super::path::{self, Within};
use super::progress::Progress;
use super::status::{TaskState, TaskStatus};
use super::wait::{Polled, Poller, WaitOptions, ask, decode_status, ended_in, unread};
use crate::headers;
use crate::rate_limit::retry_after;
use crate::response::ResponseHead;
use crate::{
    Client, Clock, Decode, DecodeError, Download, Downloads, Error, Operation, PendingRequest, RateLimit, RawResponse,
    Reader, Request, RequestParts, Response, Result, Rules, TaskSpec, Violation, status,
};

/// A task on the server. `R` is the result of the completed task.
///
/// Only the id is needed to find a task again: store it, and [`resume`](Self::resume) the task after a restart.
pub struct Task<R> {
    client: Client,
    spec: &'static TaskSpec,
    id: String,
    /// The other values in the path of its status.
    within: Within,
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
            within: path::known_to_client(client, spec),
            created: Value::Null,
            meta: None,
            created_at: None,
            brings: PhantomData,
        }
    }

    /// With the values of the parameters in the path of its status that are neither its id nor parameters of the client,
    /// in the order of the path.
    #[must_use]
    pub fn within_values(mut self, values: impl IntoIterator<Item = String>) -> Self {
        self.within = path::with_values(self.spec, self.within, values.into_iter().collect());
        self
    }

    pub(crate) fn created_by(raw: RawResponse, client: &Client, spec: &'static TaskSpec) -> Result<Self> {
        let (id, created, meta) = read_created(raw, client, spec)?;
        let (within, id) = (path::known_to_request(client, spec, &meta), path::id(spec, id, &meta));
        let (client, created_at) = (client.clone(), Some(client.shared.clock.now()));
        Ok(Self { client, spec, id, within, created, meta: Some(meta), created_at, brings: PhantomData })
    }

    /// The task's id: an opaque string. Where the API gives the URL of the status in place of an id, it is that URL.
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

    /// Asks the server to cancel the task. Set options of this call before it is awaited, as for any call.
    ///
    /// A task may still finish meanwhile: its status says what became of it.
    pub fn cancel(&self) -> PendingRequest<Response<()>> {
        let (id, within, spec) = (self.id.clone(), self.within.clone(), self.spec);
        PendingRequest::new(self.client.call(), move |call| {
            Box::pin(async move {
                let Some((operation, path)) = spec.cancel else {
                    let error = Error::config("the API describes no way to cancel this task");
                    return Err(error.of(&spec.status).with_task(&id));
                };
                let secrets = call.client().shared.secrets_now();
                let sent = call.send(Cancel { id: id.clone(), within, spec, operation, path }).await;
                sent.map_err(|it| it.without(&secrets).with_task(&id))
            })
        })
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.client.shared.clock
    }

    fn poller(&self, options: WaitOptions) -> Poller {
        let now = self.client.shared.clock.system_time();
        let asked = self.meta.as_ref().and_then(|it| retry_after(&it.headers, now));
        Poller::new(self.client.clone(), self.spec, (self.id.clone(), self.within.clone()), options, self.created_at)
            .asked_to_wait(asked)
    }
}

impl<R: Decode> Task<R> {
    /// Polls the task's status once.
    ///
    /// # Errors
    /// Fails if the call fails, or if its response is not a status. A failed task is not an error here.
    pub async fn status(&self) -> Result<TaskStatus<R>> {
        let polled = ask(&self.client, self.spec, (&self.id, &self.within), None).await?;
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
    /// Fails if the task fails ([`TaskFailed`]), or if it does not finish in time ([`WaitDeadline`], whose message and
    /// source say why the last poll failed). A permanent failure ends the wait immediately: the server refuses the
    /// credential or the request, does not know the task, or responds with the status of another task. Every error has
    /// the task's id.
    ///
    /// [`TaskFailed`]: crate::ErrorKind::TaskFailed
    /// [`WaitDeadline`]: crate::ErrorKind::WaitDeadline
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
    pub(super) async fn wait_within(&self, group: Arc<WaitGroup>) -> Result<Response<R>> {
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

    /// Downloads the result of the finished task, by its id. Set options of this call before it is awaited, as for any
    /// call.
    pub fn download(&self) -> PendingRequest<Download>
    where
        R: Downloads + 'static,
    {
        let (id, within, spec) = (self.id.clone(), self.within.clone(), self.spec);
        PendingRequest::new(self.client.call(), move |call| {
            Box::pin(async move {
                let content = Content::<R> { id: id.clone(), within, spec, of: PhantomData };
                let secrets = call.client().shared.secrets_now();
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
        Progress::new(self.spec, self.poller(options))
    }
}

/// The request that downloads a task's result.
struct Content<R> {
    id: String,
    within: Within,
    spec: &'static TaskSpec,
    of: PhantomData<fn() -> R>,
}

impl<R: Downloads + 'static> Rules for Content<R> {}

impl<R: Downloads + 'static> Request for Content<R> {
    type Reply = Download;

    fn operation(&self) -> &'static Operation {
        R::operation()
    }

    fn write(&self, out: &mut RequestParts) {
        path::write(out, self.spec, R::path(), (&self.id, &self.within));
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Download> {
        Download::of(raw, client)
    }
}

/// The request that cancels a task.
struct Cancel {
    id: String,
    within: Within,
    spec: &'static TaskSpec,
    operation: &'static Operation,
    path: (&'static str, &'static str),
}

impl Rules for Cancel {}

impl Request for Cancel {
    type Reply = Response<()>;

    fn operation(&self) -> &'static Operation {
        self.operation
    }

    fn write(&self, out: &mut RequestParts) {
        path::write(out, self.spec, self.path, (&self.id, &self.within));
    }

    fn reply(mut raw: RawResponse, _: &Client) -> Result<Response<()>> {
        let value = raw.take_json().unwrap_or(Value::Null);
        Ok(raw.respond((), value))
    }
}

impl<R> Clone for Task<R> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            spec: self.spec,
            id: self.id.clone(),
            within: self.within.clone(),
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
        self.client.shared.secrets_now().debug(f, |f| {
            let mut out = f.debug_struct("Task");
            out.field("id", &self.id).field("operation", &self.spec.status.name).finish_non_exhaustive()
        })
    }
}

/// The id and body of a response that created a task.
///
/// The state in the response decides first. A task that continues is returned, whatever else the response contains,
/// since it may be paid for. Without a state, an error in the response is the error of the task.
fn read_created(
    mut raw: RawResponse,
    client: &Client,
    spec: &'static TaskSpec,
) -> Result<(String, Value, Arc<ResponseHead>)> {
    // Where a header says all, the body may be empty.
    let created = match spec.url_header {
        Some(_) => raw.take_json().unwrap_or(Value::Null),
        None => raw.take_json()?,
    };
    let id = match spec.url_header {
        Some(name) => url_in_header(&raw.meta.headers, name),
        None => task_id(&Reader::new(&created), spec),
    };
    let id = match id {
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

/// The URL of a status, or a reference to it.
fn url_in_header(headers: &http::HeaderMap, name: &'static str) -> Result<String, DecodeError> {
    let text = headers::text(headers, name).filter(|it| !it.is_empty());
    text.map(str::to_owned).ok_or_else(|| DecodeError {
        at: format!("the header `{name}`"),
        expected: "the URL of the status",
        found: "nothing",
    })
}
