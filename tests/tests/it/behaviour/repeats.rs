//! Tests what is retried, and what never is.

use std::time::Duration;

use rt::RetryPolicy;
use rt::testing::{self, FakeServer, VirtualClock};

use super::*;

struct Pair {
    anime: animeapi::Client,
    run: runanything::Client,
    clock: SkippingClock,
}

/// Clients that skip their waits.
fn clients(server: &Server) -> Pair {
    let clock = SkippingClock::new();
    Pair {
        anime: set_up(animeapi::Client::builder(), server).clock(clock.clone()).build().unwrap(),
        run: set_up(runanything::Client::builder(), server).clock(clock.clone()).build().unwrap(),
        clock,
    }
}

fn millis(all: &[u64]) -> Vec<Duration> {
    all.iter().copied().map(Duration::from_millis).collect()
}

#[tokio::test]
async fn a_create_that_may_have_been_processed_is_never_retried() {
    for answer in [
        Answer::new(500, ""),
        Answer::new(502, ""),
        Answer::new(504, ""),
        Answer::new(408, ""),
        Answer::new(409, ""),
        Answer::cut(),
        image().truncated(),
        Answer::new(200, "{\"image_url\": "),
        Answer::new(200, ""),
        // Even if the server asks for it, because the call may have been charged.
        Answer::new(500, "").header("retry-after", "1"),
        // Nothing shows that the error comes from the API: a gateway may have forwarded the request.
        Answer::new(429, ""),
        Answer::new(503, "<title>503 Service Unavailable</title>").header("content-type", "text/html"),
    ] {
        let server = Server::answering([answer.clone(), image()]).await;
        let it = clients(&server);
        let error = draw(&it.anime).await.unwrap_err();
        assert_eq!((server.count(), error.attempts()), (1, 1), "{answer:?}: {error}");
        assert!(it.clock.waits().is_empty());

        let server = Server::answering([answer.clone(), accepted("t-1")]).await;
        let it = clients(&server);
        let text = it.run.text().generate().witch().messages(hello());
        assert!(text.send().await.is_err());
        assert!(it.run.speech().synthesize().extra("text", "Hello!").send().await.is_ok());
        assert_eq!(server.count(), 2, "{answer:?}");
    }
}

#[tokio::test]
async fn a_create_that_was_not_processed_is_retried() {
    for status in [429, 503] {
        let server = Server::answering([full(status), full(status), image()]).await;
        let it = clients(&server);
        let answer = draw(&it.anime).await.unwrap();
        assert_eq!((answer.attempts(), server.count()), (3, 3));
        assert_eq!(it.clock.waits(), millis(&[500, 1_000]));
        let all = server.received();
        assert!(all.iter().all(|it| it.body == all[0].body && it.headers == all[0].headers));
    }
}

#[tokio::test]
async fn a_read_is_retried_after_temporary_failures() {
    for answer in [
        Answer::new(429, ""),
        Answer::new(500, ""),
        Answer::new(502, ""),
        Answer::new(503, ""),
        Answer::new(504, ""),
        Answer::new(408, ""),
        Answer::cut(),
        completed("x").truncated(),
        Answer::new(200, "{\"status\": "),
    ] {
        let server = Server::answering([answer.clone(), completed("x")]).await;
        let it = clients(&server);
        let status = look(&it.run).await.unwrap();
        assert_eq!((status.attempts(), server.count()), (2, 2), "{answer:?}");
        assert_eq!(it.clock.waits(), millis(&[500]));
    }
    for status in [400, 401, 402, 403, 404, 409, 413, 415, 422, 451, 301] {
        let server = Server::answering([Answer::new(status, ""), completed("x")]).await;
        let error = look(&clients(&server).run).await.unwrap_err();
        assert_eq!((error.attempts(), server.count()), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn retry_after_is_honoured() {
    for (asked, waited) in [
        ("7", Some(7_000)),
        ("0", Some(0)),
        ("0.25", Some(250)),
        // The clock stands at 2026-01-01T00:00:00Z.
        ("Thu, 01 Jan 2026 00:00:09 GMT", Some(9_000)),
        ("Wed, 31 Dec 2025 23:59:00 GMT", Some(0)),
        // An unreadable header is ignored.
        ("soon", Some(500)),
        ("-5", Some(500)),
        ("", Some(500)),
        // A time longer than the policy allows is reported, not waited for.
        ("3600", None),
        ("Thu, 01 Jan 2026 01:00:00 GMT", None),
        ("1e300", None),
    ] {
        for status in [429, 503] {
            let busy = full(status).header("retry-after", asked);
            let server = Server::answering([busy, image()]).await;
            let it = clients(&server);
            let result = draw(&it.anime).await;
            match waited {
                Some(waited) => {
                    assert_eq!((result.unwrap().attempts(), it.clock.waits()), (2, millis(&[waited])), "{asked}");
                }
                None => {
                    let error = result.unwrap_err();
                    assert!(error.retry_after().unwrap() >= Duration::from_secs(3_600), "{asked}");
                    assert_eq!((server.count(), it.clock.waits()), (1, vec![]));
                }
            }
        }
    }
}

#[tokio::test]
async fn the_longest_wait_can_be_set() {
    let server = Server::answering([full(503)]).await;
    let clock = SkippingClock::new();
    let policy = RetryPolicy::new().max_retries(4).delays(Duration::from_secs(1), Duration::from_secs(3));
    let client = set_up(animeapi::Client::builder(), &server).clock(clock.clone()).retry(policy).build().unwrap();
    assert_eq!(draw(&client).await.unwrap_err().attempts(), 5);
    assert_eq!(clock.waits(), millis(&[1_000, 2_000, 3_000, 3_000]));
    // A call's own option overrides the client's.
    let call = client.images().generate().prompt("a").send().with_max_retries(1);
    assert_eq!(call.await.unwrap_err().attempts(), 2);
    assert_eq!(server.count(), 7);
}

#[test]
fn there_is_no_wait_beyond_the_limit_of_the_call() {
    let clock = VirtualClock::new();
    let server = FakeServer::new([testing::Answer::new(429, "").header("retry-after", "29")]).with_clock(&clock);
    let client = animeapi::Client::builder()
        .api_key(KEY)
        .transport(server.clone())
        .clock(clock.clone())
        .retry(RetryPolicy::new().max_retries(10))
        .total_timeout(Duration::from_secs(70))
        .build()
        .unwrap();
    let error = clock.run(draw(&client)).unwrap_err();
    assert!(error.is_rate_limited(), "the server's last error, not a timeout: {error}");
    assert_eq!((clock.passed(), server.count()), (Duration::from_secs(58), 3));
}
