//! Runcrate's speech, transcripts and videos.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::multipart::Parts;
use super::{error, lock, paused};

pub(super) fn routes() -> Router {
    Router::new()
        .route("/audio/speech", post(speech))
        .route("/audio/transcriptions", post(transcript))
        .route("/videos", post(submit))
        .route("/videos/{id}", get(status))
        .route("/videos/{id}/download", get(film))
        .with_state(Polls::default())
}

/// How often the status of each video was asked for.
type Polls = Arc<Mutex<HashMap<String, u32>>>;

/// A second of silence: 8 kHz, 8 bits, one channel.
fn silence() -> Vec<u8> {
    let rate = 8000_u32;
    let mut out = Vec::new();
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(36 + rate).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&rate.to_le_bytes());
    out.extend_from_slice(&rate.to_le_bytes());
    out.extend_from_slice(b"\x01\0\x08\0data");
    out.extend_from_slice(&rate.to_le_bytes());
    out.resize(out.len() + rate as usize, 0x80);
    out
}

/// Bytes in eight pieces, with their length.
fn pieces(kind: &'static str, all: Vec<u8>) -> Response {
    let length = all.len();
    let all = Bytes::from(all);
    let step = length.div_ceil(8).max(1);
    let pieces = (0..length).step_by(step).map(|at| all.slice(at..length.min(at + step))).collect();
    let head = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    (head, paused::body(pieces)).into_response()
}

async fn speech() -> Response {
    pieces("audio/wav", silence())
}

async fn transcript(headers: HeaderMap, body: Bytes) -> Response {
    let parts = Parts::read(&headers, &body);
    let Some(file) = parts.get("file") else {
        return error(StatusCode::BAD_REQUEST, "Missing required parameter: file");
    };
    // Silence says nothing; this says what the example had it say.
    let text = if file.bytes == silence() { "The paper boat has crossed the puddle." } else { "…" };
    Json(json!({"text": text, "usage": {"type": "duration", "seconds": 1}})).into_response()
}

fn video(id: &str, status: &str, progress: u32) -> Value {
    json!({
        "id": id, "object": "video", "status": status, "progress": progress, "seconds": "8", "size": "1280x720",
        "created_at": 1_767_225_600,
    })
}

async fn submit(State(polls): State<Polls>) -> Response {
    let mut polls = lock(&polls);
    let id = format!("video-{}", polls.len() + 1);
    polls.insert(id.clone(), 0);
    Json(video(&id, "queued", 0)).into_response()
}

async fn status(State(polls): State<Polls>, Path(id): Path<String>) -> Response {
    let mut polls = lock(&polls);
    let Some(polls) = polls.get_mut(&id) else { return error(StatusCode::NOT_FOUND, "There is no such video") };
    *polls += 1;
    let answer = match *polls {
        1 => video(&id, "in_progress", 35),
        2 => video(&id, "in_progress", 80),
        _ => video(&id, "completed", 100),
    };
    Json(answer).into_response()
}

/// Not a film: a player would see at the first bytes that it is none.
async fn film() -> Response {
    pieces("video/mp4", vec![0; 200_000])
}
