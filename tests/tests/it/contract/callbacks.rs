//! Tests callbacks of the contract server, which the generated crate verifies and reads.

use std::time::Duration;

use ::runapi::TaskState;
use ::runapi::kling::image_to_video;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::support::{Answer, Received, Server as Receiver};

/// Base64, as the dashboard shows it.
const SECRET: &str = "YSBzZWNyZXQgdGhhdCBwcm90ZWN0cyBub3RoaW5n";

fn headers(received: &Received) -> HeaderMap {
    let pair = |(name, value): &(String, String)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    received.headers.iter().map(pair).collect()
}

#[tokio::test]
async fn tasks_with_truth_values_run_and_fail() {
    let builder = Server::builder().spec_folder(crate::project::folder().join("spec")).apis(["bell"]);
    let server = builder.start().await.unwrap();
    let client: ::bell::Client = client(&server, "bell", ::bell::Client::builder(), rt::Validation::Strict);
    let task = client.bells().cast().weight(2).send().await.unwrap();
    assert_eq!(task.wait().await.unwrap().bell, "Gloriosa");
    let ringing = client.bells().ring().times(2).send().await.unwrap();
    assert!(ringing.cancel().await.is_ok());
}

#[tokio::test]
async fn callbacks_are_verified_and_have_the_result() {
    let receiver = Receiver::answering([Answer::new(204, "")]).await;
    let to = format!("{}/callback", receiver.url());
    let server = setting("runapi").callbacks_to(to).callback_secret("runapi", SECRET).start().await.unwrap();
    let client = runapi_client(&server, rt::Validation::Strict);
    let call = client.kling().image_to_video().v2_5_turbo().prompt("The boat sets sail").duration_seconds(5);
    let call = call.first_frame_image_url("https://example.com/boat.png");
    let task = call.callback_url("https://callbacks.example/callback").send().await.unwrap();

    receiver.request_came().await;
    let received = receiver.only();
    let webhook = ::runapi::webhook::new(SECRET).unwrap();
    let delivery = webhook.verify(&headers(&received), &received.body).unwrap();
    let status = image_to_video::callback(delivery.body()).unwrap();
    assert_eq!(status.id().as_deref(), Some(task.id()));
    let TaskState::Completed(result) = status.state else { panic!("the task is not completed") };
    // The callback equals the response of a poll.
    assert_eq!(result.videos[0].url, task.wait().await.unwrap().videos[0].url);

    let other = ::runapi::webhook::new("YW5vdGhlciBzZWNyZXQ=").unwrap();
    assert!(other.verify(&headers(&received), &received.body).is_err());
}

#[tokio::test]
async fn standard_webhooks_verify() {
    let receiver = Receiver::answering([Answer::new(204, "")]).await;
    let builder = Server::builder().spec_folder(crate::project::folder().join("spec")).apis(["bell"]);
    let server = builder.callback_after(Duration::from_millis(1)).start().await.unwrap();
    let client: ::bell::Client = client(&server, "bell", ::bell::Client::builder(), rt::Validation::Strict);
    let task = client.bells().ring().times(3).callback_url(format!("{}/rung", receiver.url())).send().await.unwrap();

    receiver.request_came().await;
    let received = receiver.only();
    assert!(received.header("webhook-signature").starts_with("v1,"), "{received:?}");
    // Without a configured secret, the server shows its own, in the API's form.
    let secret = server.callback_secret("bell").unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let webhook = ::bell::webhook::new(secret.clone()).unwrap().with_replay_window(Duration::from_secs(300));
    let delivery = webhook.verify(&headers(&received), &received.body).unwrap();
    let status = ::bell::bells::ring::callback(delivery.body()).unwrap();
    assert_eq!(status.id().as_deref(), Some(task.id()));
    assert!(matches!(status.state, TaskState::Completed(_)));
    // The secret is the same without its prefix.
    let bare = ::bell::webhook::new(secret.trim_start_matches("whsec_").to_owned()).unwrap();
    assert!(bare.verify(&headers(&received), &received.body).is_ok());
    assert!(bare.verify(&headers(&received), b"{}").is_err());
}
