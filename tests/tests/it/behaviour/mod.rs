//! Tests the generated clients through reqwest against a server on loopback. Tests in which only time matters use the
//! runtime's fake server and its virtual clock.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod answers;
mod cancellation;
mod faults;
mod multi_server;
mod options;
mod repeat_table;
mod repeats;
mod requests;
mod secrets;
mod tasks;
mod threads;

use specwright_runtime as rt;

use crate::support::{Answer, KEY, Received, Server, SkippingClock, anime, run, set_up};
use rt::json;

/// The successful response of `images.generate`.
fn image() -> Answer {
    let body =
        json!({"image_url": "https://x/1.webp", "enhanced_prompt": "a", "balance_usd": 9.5, "generation_time_ms": 12});
    Answer::json(200, &body)
}

/// The response of `images.generate` when it is unavailable.
fn full(status: u16) -> Answer {
    Answer::json(status, &json!({"error": "The queue is full", "code": "BUSY"}))
}

/// The successful response of `text.generate`.
fn accepted(id: &str) -> Answer {
    Answer::json(200, &json!({"id": id, "tokens": -1}))
}

fn processing() -> Answer {
    Answer::json(200, &json!({"status": "processing"}))
}

fn completed(reply: &str) -> Answer {
    Answer::json(200, &json!({"status": "completed", "reply": reply, "tokens": 5}))
}

/// A conversation of one message.
fn hello() -> [runanything::text::Message; 1] {
    [runanything::text::Message::new(runanything::text::Role::You, "Hello!", 0)]
}

/// A create that can cost money.
async fn draw(client: &animeapi::Client) -> rt::Result<rt::Response<animeapi::images::GeneratedImage>> {
    client.images().generate().prompt("a paper boat").send().await
}

/// A read.
async fn look(client: &runanything::Client) -> rt::Result<rt::Response<runanything::status::TaskStatus>> {
    client.status().check("t-1").send().await
}
