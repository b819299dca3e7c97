//! Tests that dropping a future cancels the call.

use super::*;

#[tokio::test]
async fn dropping_a_call_closes_the_connection() {
    let server = Server::answering([Answer::silent()]).await;
    let client = anime(&server);
    let call = tokio::spawn(async move { draw(&client).await.map(drop) });
    server.request_came().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    server.client_left().await;
    assert_eq!(server.count(), 1, "nothing is sent after that");
}

#[tokio::test]
async fn dropping_a_wait_stops_polling_and_keeps_the_task() {
    let server = Server::answering([accepted("t-1"), processing(), Answer::silent(), completed("x")]).await;
    let client = set_up(runanything::Client::builder(), &server).clock(SkippingClock::new()).build().unwrap();
    let task = client.text().generate().mage().messages(hello()).send().await.unwrap();
    let waiting = tokio::spawn({
        let task = task.clone();
        async move { task.wait().await.map(drop) }
    });
    while server.count() < 3 {
        server.request_came().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    server.client_left().await;
    assert_eq!(server.count(), 3);
    // The task still exists, and the handle can be used for another wait.
    assert_eq!(task.wait().await.unwrap().reply, "x");
}

#[tokio::test]
async fn a_call_that_is_not_awaited_sends_nothing() {
    let server = Server::answering([image()]).await;
    drop(anime(&server).images().generate().prompt("a").send());
    tokio::task::yield_now().await;
    assert_eq!(server.count(), 0);
}
