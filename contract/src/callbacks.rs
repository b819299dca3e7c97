//! Callbacks: the state of a task is sent to the URL in its request, signed as the spec says, and repeated if the
//! delivery fails. Events of webhooks are sent in the same way, to a URL that is ordered.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{Request, Uri};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use specwright_codegen::model::MessagePlace;
use tokio::net::TcpStream;

use crate::log::Callback;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::signing::{Signable, signed};
use crate::task_status::status_body;
use crate::tasks::progress_of_stage;

/// The timeout of a receiver.
const PATIENCE: Duration = Duration::from_secs(10);
/// The maximum number of tasks whose callbacks are not sent yet.
const MOST_SCHEDULED: usize = 20_000;
/// The longest pause between two deliveries.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The callbacks to deliver.
struct CallbackRequest {
    task: Arc<str>,
    id: String,
    url: String,
    body: Bytes,
    api: Arc<str>,
    /// The name of the event, unless it is the status of a task.
    event: Option<Arc<str>>,
    /// Counts as scheduled for as long as it may be sent.
    scheduled: Arc<ScheduledCallback>,
}

/// The callbacks of one task, counted until the last one is delivered or abandoned.
struct ScheduledCallback(Arc<Shared>);

impl ScheduledCallback {
    fn new(shared: &Arc<Shared>) -> Option<Arc<Self>> {
        let scheduled = Arc::new(Self(Arc::clone(shared)));
        (shared.scheduled.fetch_add(1, Ordering::Relaxed) < MOST_SCHEDULED).then_some(scheduled)
    }
}

impl Drop for ScheduledCallback {
    fn drop(&mut self) {
        self.0.scheduled.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One delivery, apart from a schedule.
pub(crate) struct Delivery<'a> {
    pub(crate) id: String,
    pub(crate) url: &'a str,
    pub(crate) api: &'a Arc<str>,
    /// The id of a task; empty for an event.
    pub(crate) task: &'a str,
    pub(crate) event: Option<&'a str>,
    pub(crate) body: Bytes,
}

/// Starts a delivery, which is repeated as the spec says. The error says why it cannot be delivered.
pub(crate) fn start(shared: &Arc<Shared>, delivery: Delivery<'_>) -> Result<(), String> {
    let Delivery { id, url, api, task, event, body } = delivery;
    let scheduled = may_be_sent(shared, url)?;
    let retries = retries(shared, api);
    let (api, event, url) = (Arc::clone(api), event.map(Arc::from), url.to_owned());
    let callback = CallbackRequest { task: task.into(), id, url, body, api, event, scheduled };
    shared.handle.spawn(async move { send((callback, retries), false).await });
    Ok(())
}

/// The place of a delivery among those that are to be sent, or why there can be none.
fn may_be_sent(shared: &Arc<Shared>, url: &str) -> Result<Arc<ScheduledCallback>, String> {
    if !starts_with_http(url) {
        return Err("only `http://` is supported: use `callbacks_to` to send callbacks elsewhere".to_owned());
    }
    ScheduledCallback::new(shared).ok_or_else(|| format!("more than {MOST_SCHEDULED} tasks have callbacks to send"))
}

/// Notes a status of a task that is not sent.
fn note_unsent(shared: &Shared, task: &Arc<str>, url: &str, error: String) {
    let (task, url, error) = (Arc::clone(task), url.to_owned(), Some(error));
    shared.callbacks().push(Callback { task, event: None, id: String::new(), url, attempt: 0, status: None, error });
}

/// How often an API repeats a delivery.
fn retries(shared: &Shared, api: &str) -> u32 {
    let registry = shared.registry();
    registry.api(api).and_then(|it| it.api.webhook.as_ref()?.retries).unwrap_or_default()
}

/// How callbacks of a task are delivered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CallbackDelivery {
    /// Each one twice.
    pub(crate) twice: bool,
    /// All at the end, the last one first.
    pub(crate) backwards: bool,
}

/// Sends the callbacks of a task at their times: one for each stage, and one at the end.
pub(crate) fn schedule(
    shared: &Arc<Shared>,
    task: &Arc<str>,
    url: &str,
    stages: &[String],
    delivery: CallbackDelivery,
) {
    let url = shared.settings.callbacks_to.as_deref().unwrap_or(url).to_owned();
    let (task, stages) = (Arc::clone(task), stages.len());
    let scheduled = match may_be_sent(shared, &url) {
        Ok(scheduled) => scheduled,
        Err(error) => return note_unsent(shared, &task, &url, error),
    };
    tokio::spawn(async move {
        let shared = &scheduled.0;
        let pause = shared.settings.callback_after / u32::try_from(stages + 1).unwrap_or(1);
        let mut held = Vec::new();
        for step in 0..=stages {
            tokio::time::sleep(pause).await;
            let progress = if step == stages { 100 } else { progress_of_stage(step, stages) };
            let callback = match next_request(&scheduled, &task, &url, step, progress) {
                Some(Ok(callback)) => callback,
                Some(Err(refusal)) => {
                    note_unsent(shared, &task, &url, refusal.message);
                    continue;
                }
                None => break,
            };
            if delivery.backwards {
                held.push(callback);
            } else {
                send(callback, delivery.twice).await;
            }
        }
        for callback in held.into_iter().rev() {
            send(callback, delivery.twice).await;
        }
    });
}

async fn send((callback, retries): (CallbackRequest, u32), twice: bool) {
    if !deliver(&callback, 1).await {
        // The next stage does not wait for an unreachable receiver.
        tokio::spawn(repeat(callback, retries));
    } else if twice {
        deliver(&callback, 2).await;
    }
}

fn starts_with_http(url: &str) -> bool {
    url.get(..7).is_some_and(|it| it.eq_ignore_ascii_case("http://"))
}

/// The next callback to deliver, and its number of retries.
fn next_request(
    scheduled: &Arc<ScheduledCallback>,
    task: &Arc<str>,
    url: &str,
    step: usize,
    progress: u32,
) -> Option<Result<(CallbackRequest, u32), Refusal>> {
    let shared = &scheduled.0;
    let standing = shared.tasks().advance_by_callback(task, progress)?;
    let registry = shared.registry();
    let prepared = registry.api(&standing.api)?;
    let body = match status_body(shared, prepared, &standing, task)? {
        Ok(body) => body,
        Err(refusal) => return Some(Err(refusal)),
    };
    let retries = retries(shared, &standing.api);
    let id = format!("delivery_{}_{step}", task.trim_start_matches("task_"));
    let (task, url, scheduled) = (Arc::clone(task), url.to_owned(), Arc::clone(scheduled));
    Some(Ok((CallbackRequest { task, id, url, body, api: standing.api, event: None, scheduled }, retries)))
}

async fn repeat(callback: CallbackRequest, retries: u32) {
    let mut pause = callback.scheduled.0.settings.retry_after;
    for attempt in 0..retries {
        tokio::time::sleep(pause).await;
        if deliver(&callback, attempt + 2).await {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One delivery. Returns whether the receiver accepted it.
async fn deliver(callback: &CallbackRequest, attempt: u32) -> bool {
    let shared = &callback.scheduled.0;
    let sent = tokio::time::timeout(PATIENCE, post(shared, callback)).await;
    let (status, error) = match sent {
        Ok(Ok(status)) => (Some(status), None),
        Ok(Err(error)) => (None, Some(error)),
        Err(_) => (None, Some(format!("no answer within {} s", PATIENCE.as_secs()))),
    };
    let taken = status.is_some_and(|it| (200..300).contains(&it));
    let (task, id, url) = (Arc::clone(&callback.task), callback.id.clone(), callback.url.clone());
    let event = callback.event.clone();
    shared.callbacks().push(Callback { task, event, id, url, attempt, status, error });
    taken
}

async fn post(shared: &Shared, callback: &CallbackRequest) -> Result<u16, String> {
    let uri: Uri = callback.url.parse().map_err(|error| format!("the URL cannot be read: {error}"))?;
    let host = uri.host().ok_or("the URL has no host")?;
    let port = uri.port_u16().unwrap_or(80);
    let request = request(shared, callback, &uri, host, port)?;
    let address = (host.trim_start_matches('[').trim_end_matches(']'), port);
    let stream = TcpStream::connect(address).await.map_err(|error| format!("cannot connect: {error}"))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| format!("no connection: {error}"))?;
    // Both run concurrently, because the connection only progresses while it is polled.
    let answer = async { sender.send_request(request).await.map(|it| it.status().as_u16()) };
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        biased;
        status = &mut answer => status.map_err(|error| format!("no answer: {error}")),
        _ = connection => answer.await.map_err(|error| format!("no answer: {error}")),
    }
}

fn request(
    shared: &Shared,
    callback: &CallbackRequest,
    uri: &Uri,
    host: &str,
    port: u16,
) -> Result<Request<Full<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |it| it.as_str());
    let mut request =
        Request::post(path).header(HOST, format!("{host}:{port}")).header("user-agent", "specwright-contract");
    let (mut body, mut content_type) = (callback.body.clone(), "application/json");
    let registry = shared.registry();
    if let Some(webhook) = registry.api(&callback.api).and_then(|it| it.api.webhook.as_ref()) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
        let secret = shared.secret(&callback.api, webhook);
        let url = uri.to_string();
        let of = Signable { id: &callback.id, timestamp: &now, url: &url, body: &callback.body };
        let signed = signed(webhook, &secret, of)?;
        for (name, value) in signed.headers {
            request = request.header(name, value);
        }
        (body, content_type) = (signed.body.into(), signed.content_type);
        if let (Some(event), Some(MessagePlace::Header(name))) =
            (&callback.event, webhook.events.as_ref().map(|it| &it.name))
        {
            request = request.header(name, &**event);
        }
    }
    request = request.header(CONTENT_TYPE, content_type);
    request.body(Full::new(body)).map_err(|error| format!("the callback cannot be written: {error}"))
}
