//! Callbacks: a task tells the URL of its request how it stands, signed as the spec says, and again when it is not heard.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{Request, Uri};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use specwright_codegen::model::Webhook;
use tokio::net::TcpStream;

use crate::reply::status_body;
use crate::shared::Shared;
use crate::signing::signature;
use crate::tasks::progress_of_stage;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Tasks at a time whose callbacks are still to be sent.
const MOST_PROMISED: usize = 20_000;
/// The longest pause between two deliveries.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// One delivery of a callback.
#[derive(Clone, Debug)]
pub struct Callback {
    /// The task it tells of.
    pub task: Arc<str>,
    /// Equal in repeated deliveries.
    pub id: String,
    /// Where it went.
    pub url: String,
    /// Counted from 1.
    pub attempt: u32,
    /// What the receiver answered.
    pub status: Option<u16>,
    /// Why it did not answer.
    pub error: Option<String>,
}

/// What is delivered.
struct Parcel {
    task: Arc<str>,
    id: String,
    url: String,
    body: String,
    /// Name of the API and how it signs.
    signs: Option<(Arc<str>, Webhook)>,
    retries: u32,
}

/// Sends the callbacks of a task as time goes by: one for each stage, and one at the end.
pub(crate) fn promise(shared: &Arc<Shared>, task: &Arc<str>, url: &str, stages: &[String]) {
    let url = shared.settings.callbacks_to.as_deref().unwrap_or(url).to_owned();
    let (shared, task, stages) = (Arc::clone(shared), Arc::clone(task), stages.len());
    if shared.promised.fetch_add(1, Ordering::Relaxed) >= MOST_PROMISED {
        shared.promised.fetch_sub(1, Ordering::Relaxed);
        let error = Some(format!("more than {MOST_PROMISED} tasks have callbacks to send"));
        shared.callbacks().push(Callback { task, id: String::new(), url, attempt: 0, status: None, error });
        return;
    }
    tokio::spawn(async move {
        let pause = shared.settings.callback_after / u32::try_from(stages + 1).unwrap_or(1);
        for step in 0..=stages {
            tokio::time::sleep(pause).await;
            let progress = if step == stages { 100 } else { progress_of_stage(step, stages) };
            let Some(parcel) = parcel(&shared, &task, &url, step, progress) else { break };
            if !deliver(&shared, &parcel, 1).await {
                // The next stage does not wait for a receiver that is away.
                tokio::spawn(repeat(Arc::clone(&shared), parcel));
            }
        }
        shared.promised.fetch_sub(1, Ordering::Relaxed);
    });
}

fn parcel(shared: &Shared, task: &Arc<str>, url: &str, step: usize, progress: u32) -> Option<Parcel> {
    let standing = shared.tasks().tell(task, progress)?;
    let world = shared.world();
    let prepared = world.api(&standing.api)?;
    let body = status_body(shared, prepared, &standing, task)?.to_string();
    let webhook = prepared.api.webhook.clone();
    let retries = webhook.as_ref().and_then(|it| it.retries).unwrap_or_default();
    let signs = webhook.map(|it| (Arc::clone(&prepared.name), it));
    let id = format!("delivery_{}_{step}", task.trim_start_matches("task_"));
    Some(Parcel { task: Arc::clone(task), id, url: url.to_owned(), body, signs, retries })
}

async fn repeat(shared: Arc<Shared>, parcel: Parcel) {
    let mut pause = shared.settings.retry_after;
    for attempt in 0..parcel.retries {
        tokio::time::sleep(pause).await;
        if deliver(&shared, &parcel, attempt + 2).await {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One delivery; whether the receiver took it.
async fn deliver(shared: &Shared, parcel: &Parcel, attempt: u32) -> bool {
    let sent = tokio::time::timeout(PATIENCE, post(shared, parcel)).await;
    let (status, error) = match sent {
        Ok(Ok(status)) => (Some(status), None),
        Ok(Err(error)) => (None, Some(error)),
        Err(_) => (None, Some(format!("no answer within {} s", PATIENCE.as_secs()))),
    };
    let taken = status.is_some_and(|it| (200..300).contains(&it));
    let (task, id, url) = (Arc::clone(&parcel.task), parcel.id.clone(), parcel.url.clone());
    shared.callbacks().push(Callback { task, id, url, attempt, status, error });
    taken
}

async fn post(shared: &Shared, parcel: &Parcel) -> Result<u16, String> {
    let uri: Uri = parcel.url.parse().map_err(|error| format!("the URL cannot be read: {error}"))?;
    if uri.scheme_str() != Some("http") {
        return Err("only `http://` is spoken here: have callbacks sent to a URL of your own (`callbacks_to`)".to_owned());
    }
    let host = uri.host().ok_or("the URL has no host")?;
    let port = uri.port_u16().unwrap_or(80);
    let request = request(shared, parcel, &uri, host, port)?;
    let address = (host.trim_start_matches('[').trim_end_matches(']'), port);
    let stream = TcpStream::connect(address).await.map_err(|error| format!("cannot connect: {error}"))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| format!("no connection: {error}"))?;
    // Both at once: the connection only moves while it is polled.
    let answer = async { sender.send_request(request).await.map(|it| it.status().as_u16()) };
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        biased;
        status = &mut answer => status.map_err(|error| format!("no answer: {error}")),
        _ = connection => answer.await.map_err(|error| format!("no answer: {error}")),
    }
}

fn request(shared: &Shared, parcel: &Parcel, uri: &Uri, host: &str, port: u16) -> Result<Request<Full<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |it| it.as_str());
    let mut request = Request::post(path)
        .header(HOST, format!("{host}:{port}"))
        .header(CONTENT_TYPE, "application/json")
        .header("user-agent", "specwright-contract");
    if let Some((api, webhook)) = &parcel.signs {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
        let secret = shared.secret(api, webhook);
        let signature = signature(webhook, &secret, &parcel.id, &now, &parcel.body)?;
        request = request
            .header(&webhook.id_header, &parcel.id)
            .header(&webhook.timestamp_header, now)
            .header(&webhook.signature_header, signature);
    }
    request.body(Full::from(parcel.body.clone())).map_err(|error| format!("the callback cannot be written: {error}"))
}
