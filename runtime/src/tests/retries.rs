//! What is sent again, when, and how long that may take.

use super::*;

use TransportErrorKind::{Broken, Invalid, NotSent};

/// How often a request that is answered so once, and well after that, is sent.
fn attempts(answer: &Answer, good: Answer, send: impl Fn(&Setup) -> bool) -> usize {
    let it = Setup::with([answer.clone(), good], |it| it.timeout(secs(5)));
    let fine = send(&it);
    let sent = it.server.count();
    assert_eq!(fine, sent == 2);
    sent
}

#[test]
fn what_may_be_sent_again() {
    for (answer, create, read) in [
        (Answer::fault(NotSent), 2, 2),
        (Answer::new(429, ""), 2, 2),
        (Answer::new(503, ""), 2, 2),
        (Answer::fault(Broken), 1, 2),
        (Answer::never(), 1, 2),
        (Answer::new(408, ""), 1, 2),
        (Answer::new(500, ""), 1, 2),
        (Answer::new(502, ""), 1, 2),
        (Answer::new(504, ""), 1, 2),
        (Answer::new(200, "{").broken(), 1, 2),
        (Answer::new(200, "{\"picture\": {\"ur"), 1, 2),
        (Answer::fault(Invalid), 1, 1),
        (Answer::new(400, ""), 1, 1),
        (Answer::new(401, ""), 1, 1),
        (Answer::new(404, ""), 1, 1),
        (Answer::new(531, ""), 1, 1),
        (Answer::new(200, "<html>"), 1, 1),
        (Answer::new(302, ""), 1, 1),
    ] {
        let created = attempts(&answer, picture(), |it| it.send(Create("a tree")).is_ok());
        let seen = attempts(&answer, wrapped_picture(), |it| it.send(Read("1")).is_ok());
        assert_eq!((created, seen), (create, read), "{answer:?}");
    }
}

#[test]
fn delays_double_up_to_a_ceiling() {
    let policy = RetryPolicy::new().max_retries(5).delays(secs(1), secs(4));
    let it = Setup::with([Answer::new(503, "")], |it| it.retry(policy));
    let error = it.send(Create("a tree")).unwrap_err();
    assert_eq!((error.attempts(), it.server.count()), (6, 6));
    assert_eq!(it.passed(), secs(1 + 2 + 4 + 4 + 4));
    assert!(error.to_string().contains("6 attempts"), "{error}");

    let it = Setup::with([Answer::new(503, "")], |it| it.retry(policy));
    it.clock.set_random(0.25);
    it.send(Create("a tree")).unwrap_err();
    assert_eq!(it.passed(), Duration::from_millis(250 + 500 + 3 * 1000));
}

#[test]
fn three_attempts_unless_told_otherwise() {
    let it = Setup::new([Answer::new(503, "")]);
    assert_eq!(it.send(Create("a tree")).unwrap_err().attempts(), 3);
    let mut call = it.client.call();
    call.options().max_retries(0);
    assert_eq!(it.clock.run(call.send(Create("a tree"))).unwrap_err().attempts(), 1);
    let it = Setup::new([Answer::new(503, ""), Answer::new(429, ""), picture()]);
    assert_eq!(it.send(Create("a tree")).unwrap().attempts(), 3);
}

#[test]
fn the_server_says_when() {
    // The virtual clock starts at 2026-01-01T00:00:00Z.
    for (header, value, waited) in [
        ("retry-after", "7", Some(7_000)),
        ("retry-after", "1.5", Some(1_500)),
        ("retry-after", "0", Some(0)),
        ("retry-after", "Thu, 01 Jan 2026 00:00:20 GMT", Some(20_000)),
        ("retry-after", "Wed, 31 Dec 2025 23:00:00 GMT", Some(0)),
        ("retry-after", "61", None),
        ("retry-after", "1e300", None),
        ("retry-after", "-1", Some(500)),
        ("retry-after", "NaN", Some(500)),
        ("retry-after", "soon", Some(500)),
        ("x-ratelimit-reset", "9", Some(9_000)),
        ("x-ratelimit-reset", "1767225611", Some(11_000)),
        ("x-ratelimit-reset", "1767225612000", Some(12_000)),
        ("x-ratelimit-reset", "1767225000", Some(0)),
        ("x-ratelimit-reset", "later", Some(500)),
    ] {
        let it = Setup::new([Answer::new(429, "").header(header, value), picture()]);
        let sent = it.send(Create("a tree"));
        assert_eq!(sent.is_ok(), waited.is_some(), "{header}: {value}");
        assert_eq!(it.passed(), Duration::from_millis(waited.unwrap_or(0)), "{header}: {value}");
        if let Err(error) = sent {
            assert!(error.is_rate_limited() && error.retry_after() > Some(secs(60)));
        }
    }
}

#[test]
fn a_wait_beyond_the_deadline_fails_at_once() {
    let answers = [Answer::new(429, "").header("retry-after", "30"), picture()];
    let it = Setup::with(answers, |it| it.total_timeout(secs(30)));
    let error = it.send(Create("a tree")).unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.retry_after(), it.passed()), (Some(secs(30)), secs(0)));
}

#[test]
fn attempts_and_calls_have_limits() {
    let it = Setup::with([Answer::never()], |it| it.timeout(secs(5)).retry(RetryPolicy::none()));
    let error = it.send(Read("1")).unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.message(), "no complete answer within 5s, the limit of this attempt");
    assert_eq!(it.passed(), secs(5));

    let policy = RetryPolicy::new().max_retries(100).delays(secs(1), secs(1));
    let it = Setup::with([Answer::never()], |it| it.timeout(secs(5)).total_timeout(secs(15)).retry(policy));
    let error = it.send(Read("1")).unwrap_err();
    // 5 + 1 + 5 + 1 + 3
    assert_eq!((it.passed(), error.attempts()), (secs(15), 3));
    assert_eq!(error.message(), "no complete answer within 3s, the limit of this call");

    let it = Setup::with([picture().after(secs(3_000))], |it| it.without_timeouts());
    assert!(it.send(Create("a tree")).is_ok());
    assert_eq!(it.passed(), secs(3_000));
}

#[test]
fn limits_beyond_any_clock_are_none() {
    let it = Setup::with([picture()], |it| it.timeout(Duration::MAX).total_timeout(Duration::MAX));
    it.send(Create("a tree")).unwrap();
}

#[test]
fn a_slow_answer_in_time_is_an_answer() {
    let it = Setup::with([picture().after(secs(4))], |it| it.timeout(secs(5)));
    assert_eq!(it.send(Create("a tree")).unwrap().attempts(), 1);
    assert_eq!(it.passed(), secs(4));
}
