//! Tests that the key is in one header of the request, and nowhere else.

use std::fmt::Debug;
use std::time::Duration;

use rt::{RetryPolicy, Validation};

use super::*;
use crate::support::log::Log;
use crate::support::{alone, chain, is_alone};

#[track_caller]
fn silent(what: &str, text: &str) {
    assert!(!text.contains("very-secret"), "{what} shows the key: {text}");
}

#[track_caller]
fn prints_no_key(what: &str, value: &dyn Debug) {
    silent(what, &format!("{value:?}"));
    silent(what, &format!("{value:#?}"));
}

#[tokio::test]
async fn no_printed_text_shows_the_key() {
    let long = format!("{}{KEY}", "x".repeat(395));
    let answers = [
        // Servers that repeat what they were sent, in every place that is printed.
        Answer::json(401, &json!({"error": format!("bad key {KEY}"), "code": KEY})),
        Answer::json(401, &json!({"error": long})),
        Answer::new(403, format!("no entry for Bearer {KEY}")),
        Answer::new(500, format!("<title>{KEY}</title>")),
        Answer::json(200, &json!({"image_url": {KEY: KEY}})),
        Answer::new(200, KEY),
        Answer::cut(),
        image().truncated(),
    ];
    for answer in answers {
        let server = Server::answering([answer]).await;
        let builder = set_up(animeapi::Client::builder(), &server).header("x-session", KEY).retry(RetryPolicy::none());
        prints_no_key("a builder of a client", &builder);
        let client = builder.build().unwrap();
        prints_no_key("a client", &client);
        prints_no_key("a resource", &client.images());
        let call = client.images().generate().prompt("a");
        prints_no_key("a call", &call);
        let call = call.send().with_header("cookie", KEY).with_header("x-token", KEY);
        prints_no_key("a call on its way", &call);
        let error = call.await.unwrap_err();
        prints_no_key("an error", &error);
        silent("an error", &chain(&error));
        silent("its message", error.message());
        silent("its code", error.code().unwrap_or_default());
        assert_eq!(server.only().header("authorization"), format!("Bearer {KEY}"));
    }
}

#[tokio::test]
async fn tasks_and_responses_do_not_show_the_key() {
    let server = Server::answering([accepted("t-1"), completed("x")]).await;
    let clock = SkippingClock::new();
    let client = set_up(runanything::Client::builder(), &server).clock(clock).build().unwrap();
    let task = client.text().generate().mage().messages(hello()).send().await.unwrap();
    prints_no_key("a task", &task);
    prints_no_key("a progress", &task.progress());
    prints_no_key("an answer", &task.wait().await.unwrap());
}

#[tokio::test]
async fn logs_show_neither_key_nor_contents() {
    // tracing caches the interest of subscribers for all threads, so a subscriber is only reliable in its own process.
    if !is_alone() {
        let output = alone("behaviour::secrets::logs_show_neither_key_nor_contents", &[]).await;
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
        return;
    }
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let busy = Answer::new(503, KEY).header("retry-after", "0");
    let server = Server::answering([busy, image(), Answer::new(500, "private"), Answer::cut()]).await;
    let client = set_up(animeapi::Client::builder(), &server)
        .clock(SkippingClock::new())
        .validation(Validation::Warn)
        .build()
        .unwrap();
    let call = client.images().generate().prompt("private".repeat(200)).extra("hidden", "private");
    call.send().await.unwrap();
    assert!(draw(&client).await.is_err());
    assert!(draw(&client).await.is_err());
    let server = Server::answering([completed("private")]).await;
    run(&server).status().check("private-id").send().await.unwrap();
    let call = run(&server).status().check("x").extra("private", "private").send();
    call.with_timeout(Duration::from_secs(60)).await.unwrap();
    drop(guard);

    let log = log.text();
    for told in ["\"images.generate\"", "attempt=2", "status=503", "status=200", "max_length", "/api/status/{task_id}"]
    {
        assert!(log.contains(told), "`{told}` is missing: {log}");
    }
    silent("the log", &log);
    assert!(!log.contains("private"), "{log}");
}
