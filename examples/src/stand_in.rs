//! A stand-in for RunAPI and Runcrate: a server on this machine that plays the calls of the examples, and no others.
//!
//! It takes any request as legal: what is legal is for the client to know.

mod media;
mod models;
mod multipart;
mod paused;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{get, patch, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

use self::multipart::{Part, Parts};

/// The API key that the stand-in takes.
pub const KEY: &str = "stand-in-key";
/// The management key that it takes.
pub const MANAGEMENT_KEY: &str = "stand-in-management-key";
/// The secret that it signs callbacks with, in base64 as the API's dashboard shows it.
pub const SECRET: &str = "YSBzZWNyZXQgdGhhdCBwcm90ZWN0cyBub3RoaW5n";

/// A public name that does not exist: what is sent to it goes where [`forward_to`] says.
const PUBLIC: &str = "https://callbacks.example/callback";

static FORWARD: Mutex<Option<SocketAddr>> = Mutex::new(None);

/// Has callbacks sent to this address; gives the URL to ask for them with. The API takes HTTPS only, and so does its
/// client: a tunnel would do the same.
pub fn forward_to(address: SocketAddr) -> String {
    *lock(&FORWARD) = Some(address);
    PUBLIC.to_owned()
}

/// Starts it on a free port; gives its address. It runs as long as the runtime that it is started in.
///
/// # Panics
/// There is no free port.
pub async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let api = Router::new()
        .route("/files/from_stream", post(upload))
        .route("/keys", post(create_key))
        .route("/keys/{id}", patch(update_key).delete(delete_key))
        .route("/{family}/{operation}", post(create_task))
        .route("/{family}/{operation}/{id}", get(status))
        .layer(from_fn(authenticate))
        .with_state(Shared::default());
    // The models of RunAPI, and all of Runcrate.
    let compatible = models::routes().merge(media::routes()).layer(from_fn(authenticate));
    let app = Router::new().nest("/api/v1", api).nest("/v1", compatible);
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// As [`start`], on a thread of its own, for programs that have no runtime. It runs as long as the program.
///
/// # Panics
/// There is no free port, or no thread to be had.
pub fn start_alone() -> String {
    let (to, from) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let _ = to.send(start().await);
            std::future::pending::<()>().await;
        });
    });
    from.recv().expect("an address")
}

type Shared = Arc<Mutex<Memory>>;

#[derive(Default)]
struct Memory {
    made: usize,
    /// How often the status of each task was asked for.
    polls: HashMap<String, usize>,
    keys: HashMap<String, Map<String, Value>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn error(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({"error": sentence}))).into_response()
}

async fn authenticate(request: Request, next: Next) -> Response {
    let key = if request.uri().path().starts_with("/keys") { MANAGEMENT_KEY } else { KEY };
    let may = given(request.headers()) == Some(key);
    if may { next.run(request).await } else { error(StatusCode::UNAUTHORIZED, "Unauthorized") }
}

/// As a bearer, or as Anthropic has it.
fn given(headers: &HeaderMap) -> Option<&str> {
    let header = |name| headers.get(name).and_then(|it| it.to_str().ok());
    header("authorization").map_or_else(|| header("x-api-key"), |it| it.strip_prefix("Bearer "))
}

async fn create_task(
    State(memory): State<Shared>,
    Path((_, operation)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    let id = {
        let mut memory = lock(&memory);
        memory.made += 1;
        format!("stand-in-{}", memory.made)
    };
    if body["callback_url"] == PUBLIC {
        let done = json!({"id": id, "status": "completed", "model": body["model"], "videos": media(&operation)});
        tokio::spawn(call_back(done));
    }
    (StatusCode::ACCEPTED, Json(json!({"id": id, "status": "processing"}))).into_response()
}

/// What an operation brings.
fn media(operation: &str) -> Value {
    json!([{"url": format!("https://files.example/{operation}")}])
}

async fn status(
    State(memory): State<Shared>,
    Path((family, operation, id)): Path<(String, String, String)>,
) -> Response {
    let poll = {
        let mut memory = lock(&memory);
        let polls = memory.polls.entry(id.clone()).or_default();
        *polls += 1;
        *polls
    };
    let body = match (family.as_str(), poll) {
        ("suno", 1..=4) => {
            let stage = if poll < 3 { "text_generated" } else { "first_audio_ready" };
            json!({"id": id, "status": "processing", "generation_stage": stage})
        }
        ("suno", _) => json!({
            "id": id, "status": "completed", "generation_stage": "all_audios_ready", "audios": [track(1), track(2)],
        }),
        (_, 1) => json!({"id": id, "status": "processing"}),
        _ if operation.ends_with("video") => json!({"id": id, "status": "completed", "videos": media(&operation)}),
        _ => json!({"id": id, "status": "completed", "images": media(&operation)}),
    };
    Json(body).into_response()
}

fn track(number: usize) -> Value {
    let url = |kind: &str| format!("https://files.example/shanty-{number}.{kind}");
    json!({
        "id": format!("track-{number}"), "audio_url": url("mp3"), "stream_audio_url": url("m3u8"),
        "image_url": url("jpg"), "lyrics": "Heave, ho, and over the puddle we go",
        "model_name": "stand-in", "title": "Over the Puddle", "tags": ["shanty"], "duration": 61.5,
    })
}

/// Delivers a callback, signed as the API signs: HMAC-SHA256 over `id.timestamp.body`.
async fn call_back(status: Value) {
    let Some(address) = *lock(&FORWARD) else { return };
    tokio::time::sleep(Duration::from_millis(100)).await;
    let body = status.to_string();
    let id = "delivery-1";
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
    let secret = STANDARD.decode(SECRET).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("a key of any length");
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let Ok(client) = reqwest::Client::builder().no_proxy().build() else { return };
    let request = client.post(format!("http://{address}/callback")).header("content-type", "application/json");
    let signed = request.header("x-callback-id", id).header("x-callback-timestamp", time);
    let _ = signed.header("x-callback-signature", signature).body(body).send().await;
}

async fn upload(headers: HeaderMap, body: Bytes) -> Response {
    let parts = Parts::read(&headers, &body);
    let Some(file) = parts.get("file") else {
        return error(StatusCode::BAD_REQUEST, "Missing required parameter: file");
    };
    let name = parts.get("file_name").map_or_else(|| "file".to_owned(), Part::text);
    let kind = file.kind().unwrap_or_else(|| "application/octet-stream".to_owned());
    let answer = json!({
        "file_name": name, "download_url": format!("https://files.example/{name}"), "file_size": file.bytes.len(),
        "mime_type": kind, "uploaded_at": NOW,
    });
    (StatusCode::CREATED, Json(answer)).into_response()
}

const NOW: &str = "2026-01-01T00:00:00Z";

async fn create_key(State(memory): State<Shared>, Json(body): Json<Map<String, Value>>) -> Response {
    let mut memory = lock(&memory);
    memory.made += 1;
    let id = format!("token_{}", memory.made);
    let key = json!({
        "id": id, "name": null, "last_used_at": null, "created_at": NOW, "credit_limit_cents": null,
        "credit_limit_reset_interval": null, "allowed_models": null, "enabled": true,
        "masked_token": "stan••••••••-key", "guardrail_id": null,
    });
    let Value::Object(mut key) = key else { unreachable!("it is written as an object") };
    key.extend(body);
    memory.keys.insert(id, key.clone());
    key.insert("key".to_owned(), "stand-in-api-key".into());
    (StatusCode::CREATED, Json(key)).into_response()
}

/// What is not named stays; null, and the empty text of a cap, clear.
async fn update_key(
    State(memory): State<Shared>,
    Path(id): Path<String>,
    Json(body): Json<Map<String, Value>>,
) -> Response {
    let mut memory = lock(&memory);
    let Some(key) = memory.keys.get_mut(&id) else { return error(StatusCode::NOT_FOUND, "Record does not exist") };
    key.extend(body.into_iter().map(|(name, value)| (name, if value == "" { Value::Null } else { value })));
    Json(key.clone()).into_response()
}

async fn delete_key(State(memory): State<Shared>, Path(id): Path<String>) -> Response {
    match lock(&memory).keys.remove(&id) {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => error(StatusCode::NOT_FOUND, "Record does not exist"),
    }
}
