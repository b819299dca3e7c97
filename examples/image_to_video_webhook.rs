//! A video from an image, without polling: the API calls back, and the call is verified before it is read.
//!
//! `cargo run -p specwright-examples --example image_to_video_webhook`

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use runapi::TaskStatus;
use runapi::kling::{ImageToVideoResult, image_to_video};
use runapi::webhook::Webhook;
use tokio::sync::mpsc::{Sender, channel};

type Finished = TaskStatus<ImageToVideoResult>;

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = specwright_examples::client().await?;
    let webhook = specwright_examples::webhook()?; // of your own: `runapi::webhook::from_env()?`
    let webhook = webhook.with_replay_window(Duration::from_secs(300)); // what was recorded cannot be played again later
    let (finished, mut callbacks) = channel(16);

    let (listener, callback_url) = specwright_examples::listen().await?; // a socket here, and its public HTTPS URL
    let app = Router::new().route("/callback", post(called_back)).with_state((webhook, finished));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let task = client
        .kling()
        .image_to_video()
        .v2_5_turbo()
        .prompt("The boat sets sail, the camera follows")
        .first_frame_image_url("https://example.com/boat.png")
        .duration_seconds(5)
        .callback_url(callback_url)
        .send()
        .await?;
    println!("task {} is under way", task.id());

    while let Some(status) = callbacks.recv().await {
        println!("called back: {} is {}", status.id().unwrap_or_default(), status.state_name());
        if let Some(result) = status.into_result()? {
            println!("video: {}", result.videos[0].url);
            break;
        }
    }
    Ok(())
}

/// Verifies the bytes as they came, reads them, and answers at once: the work is done elsewhere. Of a body larger than 2 MB
/// axum reads nothing more, so that a stranger cannot fill the memory or keep the processor busy with it.
async fn called_back(
    State((webhook, finished)): State<(Webhook, Sender<Finished>)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Ok(delivery) = webhook.verify(&headers, &body) else { return StatusCode::UNAUTHORIZED };
    let Ok(status) = image_to_video::callback(delivery.body()) else { return StatusCode::BAD_REQUEST };
    if finished.send(status).await.is_ok() { StatusCode::NO_CONTENT } else { StatusCode::GONE }
}
