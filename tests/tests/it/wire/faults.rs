//! Tests streams that fall silent, contain errors, or are not what they claim.

use super::*;

/// Half of a response, these bytes, and then silence until the client closes the connection.
async fn half_and(then: &'static str) -> ScriptedServer {
    ScriptedServer::start(move |mut line| async move {
        line.say([EVENTS, HALF, then].concat()).await;
        line.until_left().await;
    })
    .await
}

#[tokio::test]
async fn silence_ends_at_the_idle_timeout() {
    let server = half_and("event: content_block_delta\ndata: {\"type\":").await;
    let setup = Setup { idle: Duration::from_millis(60), ..Setup::of(&server) };
    let it = CLAUDE(&setup).await.unwrap();
    assert_eq!((it.kind(), it.events, keeps_half(&it)), (ErrorKind::Timeout, 3, true));
    assert!(it.errors[0].message().contains("no data for 60ms"), "{}", it.errors[0]);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_server_that_only_sends_comments_ends_at_the_timeout() {
    let server = ScriptedServer::start(|mut line| async move {
        line.say([EVENTS, HALF].concat()).await;
        line.forever(b": still there\n\n").await;
    })
    .await;
    let setup = Setup { total: Duration::from_millis(600), ..Setup::of(&server) };
    let it = CLAUDE(&setup).await.unwrap();
    assert_eq!((it.kind(), it.events, keeps_half(&it)), (ErrorKind::Timeout, 3, true));
    assert!(it.errors[0].message().contains("the limit of the call"), "{}", it.errors[0]);
}

#[tokio::test]
async fn an_error_in_the_middle_equals_the_error_of_a_status() {
    for (said, kind, code) in [
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Too many boats\"}}\n\n",
            StatusKind::Unavailable,
            "overloaded_error",
        ),
        // Without a name, or with another one: the data shows the error.
        (
            "data: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Too many boats\"}}\n\n",
            StatusKind::RateLimited,
            "rate_limit_error",
        ),
        (
            "event: ping\ndata: {\"error\":{\"type\":\"billing_error\",\"message\":\"Too many boats\"}}\n\n",
            StatusKind::PaymentRequired,
            "billing_error",
        ),
        (
            "event: error\ndata: {\"error\":{\"type\":\"kraken_error\",\"message\":\"Too many boats\"}}\n\n",
            StatusKind::Server,
            "kraken_error",
        ),
    ] {
        let server = half_and(said).await;
        let it = CLAUDE(&Setup::of(&server)).await.unwrap();
        assert_eq!((it.kind(), it.events, keeps_half(&it)), (ErrorKind::Api(kind), 3, true), "{said}");
        assert_eq!((it.errors[0].message(), it.errors[0].code()), ("Too many boats", Some(code)));
        assert_eq!((server.count(), it.errors[0].attempts()), (1, 1), "a started stream is never retried");
    }
}

#[tokio::test]
async fn an_error_among_plain_chunks_is_an_error() {
    for (said, kind) in [
        ("{\"error\":{\"message\":\"M\",\"type\":\"server_error\",\"code\":null}}", StatusKind::Server),
        ("{\"error\":{\"message\":\"M\",\"type\":\"x\",\"code\":\"rate_limit_exceeded\"}}", StatusKind::RateLimited),
    ] {
        let server = ScriptedServer::start(move |mut line| async move {
            let chunk = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Ahoy\"}}]}\n\n";
            line.say(format!("{EVENTS}{chunk}data: {said}\n\n{chunk}data: [DONE]\n\n")).await;
        })
        .await;
        let it = GPT(&Setup::of(&server)).await.unwrap();
        assert_eq!((it.kind(), it.events, it.errors[0].message()), (ErrorKind::Api(kind), 1, "M"), "{said}");
        assert_eq!(it.partial["choices"][0]["message"]["content"], "Ahoy");
    }
}

#[tokio::test]
async fn an_unreadable_event_does_not_end_the_stream() {
    let deep = format!("event: ping\ndata: {}\n\n", "[".repeat(100_000));
    let wrong = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":5}\n\n";
    for said in [&deep, "event: ping\ndata: {\"type\":\n\n", "event: ping\ndata: nonsense\n\n", wrong] {
        let all = [EVENTS, HALF, said, REST].concat();
        let server = ScriptedServer::start(move |mut line| {
            let all = all.clone();
            async move {
                line.say(all).await;
            }
        })
        .await;
        let it = CLAUDE(&Setup::of(&server)).await.unwrap();
        let kinds: Vec<_> = it.errors.iter().map(rt::Error::kind).collect();
        assert_eq!((kinds, it.events), (vec![ErrorKind::Decode], 6), "{said:.80}");
        assert!(keeps_half(&it) && it.errors[0].body().is_some());
        // The later events are available, but there is no total without the lost event.
        assert_eq!(it.partial["usage"]["output_tokens"], 3);
        let error = it.whole.unwrap_err();
        assert!(error.kind() == ErrorKind::Decode && error.message().contains("was lost"), "{error}");
        assert_eq!(error.body(), it.errors[0].body());
    }
}

#[tokio::test]
async fn a_compressed_stream_is_refused() {
    // The compressed form of an empty body.
    let zipped = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    for (body, is_text) in [(&zipped[..], false), ([HALF, REST].concat().leak().as_bytes(), true)] {
        let server = ScriptedServer::start(move |mut line| async move {
            assert_eq!(line.request.header("accept-encoding"), "-", "it was not requested");
            let head = EVENTS.replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n");
            line.say([head.as_bytes(), body].concat()).await;
        })
        .await;
        match CLAUDE(&Setup::of(&server)).await {
            Ok(it) => assert!(is_text && it.whole.is_ok()),
            Err(error) => assert!(!is_text && error.kind() == ErrorKind::Transport, "{error}"),
        }
    }
}
