//! Tests streams before the first event, in the middle, and after the client has left.

use std::sync::Arc;

use tokio::sync::Notify;

use super::*;
use crate::support::SkippingClock;

/// A client that skips its waits.
fn patient(server: &ScriptedServer, clock: &SkippingClock) -> runapi::Client {
    let builder = runapi::Client::builder().api_key(KEY).base_url(server.url()).http_client(direct());
    builder.clock(clock.clone()).build().unwrap()
}

#[tokio::test]
async fn text_is_available_before_the_next_event_is_sent() {
    let heard = Arc::new(Notify::new());
    let server = ScriptedServer::start({
        let heard = heard.clone();
        move |mut line| {
            let heard = heard.clone();
            async move {
                line.say([EVENTS, HALF].concat()).await;
                // Nothing more is sent before the text has been read.
                heard.notified().await;
                line.say(REST).await;
            }
        }
    })
    .await;
    let client = patient(&server, &SkippingClock::new());
    let call = client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
    let mut stream = call.stream().await.unwrap();
    assert_eq!(stream.next_text().await.unwrap().unwrap(), "Ahoy");
    heard.notify_one();
    assert!(stream.next_text().await.is_none());
    assert_eq!(stream.collect().await.unwrap().usage.output_tokens, 3);
}

#[tokio::test]
async fn requests_that_were_not_processed_are_retried() {
    let says = |status: u16, more: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status} No\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
    };
    let overloaded = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"M\"}}";
    for refusal in [says(503, "retry-after: 0.5\r\n", ""), says(529, "", overloaded), says(429, "", overloaded)] {
        let server = ScriptedServer::start({
            let refusal = refusal.clone();
            move |mut line| {
                let answer = if line.before == 0 { refusal.clone() } else { [EVENTS, HALF, REST].concat() };
                async move {
                    line.say(answer).await;
                }
            }
        })
        .await;
        let clock = SkippingClock::new();
        let client = patient(&server, &clock);
        let call = client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
        let stream = call.stream().await.unwrap();
        assert_eq!((stream.attempts(), server.count()), (2, 2), "{refusal}");
        assert_eq!(clock.waits(), [Duration::from_millis(500)]);
        assert!(stream.collect().await.is_ok());
    }
}

#[tokio::test]
async fn possibly_processed_and_started_requests_are_not_retried() {
    // A broken connection before the first event may have cost money; after it, part of the answer was shown.
    let overloaded =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"M\"}}\n\n";
    for (first, kind) in [
        (String::new(), ErrorKind::Transport),
        (EVENTS.to_owned(), ErrorKind::Transport),
        (format!("{EVENTS}event: message_start\ndata: {{"), ErrorKind::Transport),
        (format!("{EVENTS}: hello\n\n{overloaded}"), ErrorKind::Api(StatusKind::Unavailable)),
        (format!("{EVENTS}{overloaded}"), ErrorKind::Api(StatusKind::Unavailable)),
        ([EVENTS, HALF].concat(), ErrorKind::Transport),
        ([EVENTS, HALF, overloaded].concat(), ErrorKind::Api(StatusKind::Unavailable)),
    ] {
        let server = ScriptedServer::start({
            let first = first.clone();
            move |mut line| {
                let answer = if line.before == 0 { first.clone() } else { [EVENTS, HALF, REST].concat() };
                async move {
                    line.say(answer).await;
                }
            }
        })
        .await;
        let clock = SkippingClock::new();
        let client = patient(&server, &clock);
        let call = client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
        let error = match call.stream().await {
            Ok(stream) => stream.collect().await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!((error.kind(), server.count()), (kind, 1), "{first}");
        assert!(clock.waits().is_empty());
    }
}

#[tokio::test]
async fn dropping_a_stream_closes_the_connection() {
    let left = Arc::new(Notify::new());
    let server = ScriptedServer::start({
        let left = left.clone();
        move |mut line| {
            let left = left.clone();
            async move {
                line.say([EVENTS, HALF].concat()).await;
                line.until_left().await;
                left.notify_one();
            }
        }
    })
    .await;
    let client = patient(&server, &SkippingClock::new());
    let call = || client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
    let mut stream = call().stream().await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    left.notified().await;
    // The text stream, and while waiting for more text.
    let mut stream = call().stream().await.unwrap();
    assert_eq!(stream.next_text().await.unwrap().unwrap(), "Ahoy");
    let waiting = tokio::spawn(stream.collect());
    tokio::task::yield_now().await;
    waiting.abort();
    left.notified().await;
    assert_eq!(server.count(), 2);
}
