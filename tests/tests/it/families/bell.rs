//! Tasks whose state is a truth value, that are polled when the server says, and that can be cancelled.

use std::time::Duration;

use super::*;
use crate::support::SkippingClock;

fn client(server: &Server, clock: &SkippingClock) -> ::bell::Client {
    set_up(::bell::Client::builder(), server).clock(clock.clone()).build().unwrap()
}

#[tokio::test]
async fn the_server_says_when_to_ask_again() {
    let pending = json!({"id": "c1", "done": false});
    let server = Server::answering([
        Answer::json(202, &pending).header("retry-after", "20"),
        Answer::json(200, &pending),
        Answer::json(200, &pending).header("retry-after", "25"),
        Answer::json(200, &json!({"id": "c1", "done": true, "bell": "Gloriosa"})),
    ])
    .await;
    let clock = SkippingClock::new();
    let task = client(&server, &clock).bells().cast().weight(3).send().await.unwrap();
    assert_eq!(task.id(), "c1");
    assert_eq!(task.wait().await.unwrap().bell, "Gloriosa");
    let waits = clock.waits();
    assert_eq!((waits[0], waits[2]), (Duration::from_secs(20), Duration::from_secs(25)), "{waits:?}");
    assert!(waits[1] < Duration::from_secs(7), "{waits:?}");
    assert_eq!(last(&server).target, "/castings/c1");
}

#[tokio::test]
async fn a_task_that_is_done_may_have_failed() {
    let server = Server::answering([
        Answer::json(202, &json!({"id": "c1", "done": false})),
        Answer::json(200, &json!({"id": "c1", "done": true, "error": {"message": "It cracked."}})),
    ])
    .await;
    let task = client(&server, &SkippingClock::new()).bells().cast().weight(3).send().await.unwrap();
    let error = task.wait().await.unwrap_err();
    assert!(error.is_task_failed());
    assert_eq!(error.message(), "It cracked.");
    let status = task.status().await.unwrap();
    assert_eq!(status.state_name(), "true");
    // There is no way to cancel it.
    assert_eq!(task.cancel().await.unwrap_err().message(), "the API describes no way to cancel this task");
}

#[tokio::test]
async fn a_task_is_cancelled_by_its_id() {
    let server =
        Server::answering([Answer::json(202, &json!({"id": "r/1", "status": "ringing"})), Answer::new(204, "")]).await;
    let task = client(&server, &SkippingClock::new()).bells().ring().times(3).send().await.unwrap();
    task.cancel().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("DELETE", "/rings/r%2F1"));
    assert!(sent.header("authorization").starts_with("Bearer "));
}
