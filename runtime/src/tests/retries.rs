//! Tests what is retried, when, and for how long.

use super::*;

use TransportErrorKind::{Broken, Invalid, NotSent, Refused};

/// How often a request is sent if the first response is this one and the next one is good.
fn attempts(answer: &Answer, good: Answer, send: impl Fn(&Setup) -> bool) -> usize {
    let it = Setup::with([answer.clone(), good], |it| it.timeout(secs(5)));
    let fine = send(&it);
    let sent = it.server.count();
    assert_eq!(fine, sent == 2);
    sent
}

#[track_caller]
fn check(answer: &Answer, create: usize, read: usize) {
    let created = attempts(answer, picture(), |it| it.send(Create("a tree")).is_ok());
    let seen = attempts(answer, wrapped_picture(), |it| it.send(Read("1")).is_ok());
    assert_eq!((created, seen), (create, read), "{answer:?}");
}

#[test]
fn a_request_the_server_certainly_did_not_process_is_retried() {
    check(&Answer::fault(NotSent), 2, 2);
    check(&Answer::fault(Refused), 2, 2);
    for status in [429, 503] {
        check(&refused(status), 2, 2);
        check(&Answer::json(status, &json!({"error": "The queue is full"})), 2, 2);
        check(&coded(status, "what"), 2, 2);
        check(&Answer::new(status, "").header("retry-after", "0"), 2, 2);
        check(&Answer::new(status, "<html>").header("retry-after", "Thu, 01 Jan 2026 00:00:01 GMT"), 2, 2);
        // The time has passed, but the header was sent.
        check(&Answer::new(status, "").header("retry-after", "Wed, 31 Dec 2025 00:00:00 GMT"), 2, 2);
    }
    // Servers do not send these after they have processed a request.
    for status in [421, 425] {
        check(&Answer::new(status, ""), 2, 2);
        check(&Answer::new(status, "<html>"), 2, 2);
        check(&coded(status, "no_credit"), 1, 1);
    }
}

#[test]
fn a_request_the_server_may_have_processed_is_retried_only_if_it_is_free() {
    for status in [429, 503] {
        check(&Answer::new(status, ""), 1, 2);
        check(&Answer::new(status, "<html><title>503 Service Temporarily Unavailable</title>"), 1, 2);
        check(&Answer::new(status, "upstream connect error or disconnect/reset before headers"), 1, 2);
        check(&Answer::json(status, &json!({})), 1, 2);
        check(&Answer::json(status, &json!({"message": "no healthy upstream"})), 1, 2);
        check(&Answer::json(status, &json!({"error": null, "code": status})), 1, 2);
        check(&Answer::json(status, &json!({"error": "Too Many Requests"})), 1, 2);
        check(&Answer::json(status, &json!({"error": "503 Service Temporarily Unavailable"})), 1, 2);
        check(
            &Answer::json(status, &json!({"error": {"message": "no healthy upstream", "code": "UNAVAILABLE"}})),
            1,
            2,
        );
        check(
            &Answer::json(status, &json!({"error": {"status": status, "request_id": "8f-1", "path": "/paint"}})),
            1,
            2,
        );
        check(&Answer::new(status, "{\"error\": \"The queue is fu"), 1, 2);
        for unreadable in ["soon", "-5", "", "NaN"] {
            check(&Answer::new(status, "").header("retry-after", unreadable), 1, 2);
        }
        check(&Answer::new(status, "").header("x-ratelimit-reset", "1"), 1, 2);
    }
    for status in [408, 500, 502, 504] {
        check(&refused(status), 1, 2);
        check(&Answer::new(status, "").header("retry-after", "0"), 1, 2);
    }
    check(&Answer::fault(Broken), 1, 2);
    check(&Answer::never(), 1, 2);
    check(&Answer::new(200, "{").broken(), 1, 2);
    check(&Answer::new(200, "{\"picture\": {\"ur"), 1, 2);
    check(&Answer::new(200, "{\"picture\": {}").header("content-length", "40"), 1, 2);
    check(&Answer::new(200, "half a te").header("content-type", "text/plain").header("content-length", "40"), 1, 2);
    check(&Answer::new(200, "").header("content-length", "40"), 1, 2);
    check(&Answer::new(200, ""), 1, 2);
    check(&Answer::new(200, "").header("content-type", "application/json"), 1, 2);
}

#[test]
fn permanent_failures_are_not_retried() {
    check(&Answer::fault(Invalid), 1, 1);
    for status in [400, 401, 403, 404, 409, 410, 413, 415, 422, 451, 531, 103, 301, 302, 304, 307] {
        check(&Answer::new(status, "").header("retry-after", "0"), 1, 1);
        check(&refused(status), 1, 1);
    }
    check(&Answer::new(200, "<html>").header("content-type", "text/html"), 1, 1);
    check(&Answer::new(200, "").header("content-type", "text/html"), 1, 1);
    check(&Answer::new(204, ""), 1, 1);
    check(&Answer::new(204, "").header("content-length", "2"), 1, 1);
    check(&Answer::new(205, ""), 1, 1);
    // A request with a success status was processed.
    check(&coded(200, "slow_down"), 1, 1);
    check(&coded(200, "overloaded").header("retry-after", "0"), 1, 1);
}

#[test]
fn the_meaning_of_a_code_overrides_the_status() {
    for (status, code, create, read) in [
        (429, "no_credit", 1, 1),
        (503, "not_nice", 1, 1),
        (503, "took_long", 1, 2),
        (400, "slow_down", 2, 2),
        (500, "overloaded", 2, 2),
        (531, "overloaded", 2, 2),
        // The code is not declared, so the status decides.
        (500, "what", 1, 2),
        (429, "what", 2, 2),
        (400, "what", 1, 1),
        (302, "overloaded", 1, 1),
    ] {
        check(&coded(status, code), create, read);
    }
    // Wherever the code is, and whatever is at the first place.
    check(&Answer::json(429, &json!({"error": "M", "code": "no_credit"})), 1, 1);
    check(&Answer::json(429, &json!({"error": {"code": "other"}, "code": "no_credit"})), 1, 1);
    // The end of the rate limit window counts if the code means that a limit was reached.
    let it = Setup::new([coded(400, "slow_down").header("x-ratelimit-reset", "9"), picture()]);
    assert!(it.send(Create("a tree")).is_ok());
    assert_eq!(it.passed(), secs(9));
}

#[test]
fn complete_json_of_the_wrong_length_is_kept() {
    let answers = [picture().header("content-length", "400"), wrapped_picture().header("content-length", "400")];
    let it = Setup::new(answers);
    assert_eq!(it.send(Create("a tree")).unwrap().seed, Some(7));
    assert_eq!(it.send(Read("1")).unwrap().attempts(), 1);
}

#[test]
fn complete_json_is_kept_if_the_connection_breaks() {
    // It may be paid for, and the request must not be repeated.
    let it = Setup::new([picture().broken(), Answer::json(202, &json!({"id": "7"})).broken()]);
    assert_eq!(it.send(Create("a tree")).unwrap().seed, Some(7));
    assert_eq!(it.send(CreateTask).unwrap().id(), "7");
    // A number could have more digits; half an object and a page are not complete JSON. The error has what arrived.
    for (body, kind) in [("7", "application/json"), ("{\"id\": \"7\", ", "application/json"), ("{}", "text/html")] {
        let it = Setup::new([Answer::new(200, body).header("content-type", kind).broken()]);
        let error = it.send(CreateTask).unwrap_err();
        assert_eq!((error.kind(), error.body_text().as_ref()), (ErrorKind::Transport, body));
        assert!(error.body_is_cut() && error.attempts() == 1);
    }
    // A read is retried.
    assert_eq!(attempts(&wrapped_picture().broken(), wrapped_picture(), |it| it.send(Read("1")).is_ok()), 2);
}

#[test]
fn an_empty_response_is_enough_if_no_content_is_expected() {
    for answer in [Answer::new(200, ""), Answer::new(200, "").header("content-type", "application/json")] {
        let it = Setup::with([answer], |it| it.credential("admin_key", "k"));
        assert_eq!(it.send(Delete).unwrap().attempts(), 1);
        assert_eq!(it.send(Forget).unwrap().attempts(), 1);
        assert_eq!(it.server.count(), 2);
    }
}

/// As [`Delete`], but the operation may be repeated.
struct Forget;

impl Rules for Forget {}

impl Request for Forget {
    type Reply = Response<()>;

    fn operation(&self) -> &'static Operation {
        &READ
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/paint/1");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::empty(raw)
    }
}

#[test]
fn delays_double_up_to_the_maximum() {
    let policy = RetryPolicy::new().max_retries(5).delays(secs(1), secs(4));
    let it = Setup::with([refused(503)], |it| it.retry(policy));
    let error = it.send(Create("a tree")).unwrap_err();
    assert_eq!((error.attempts(), it.server.count()), (6, 6));
    assert_eq!(it.passed(), secs(1 + 2 + 4 + 4 + 4));
    assert!(error.to_string().contains("6 attempts"), "{error}");

    let it = Setup::with([refused(503)], |it| it.retry(policy));
    it.clock.set_random(0.25);
    it.send(Create("a tree")).unwrap_err();
    assert_eq!(it.passed(), Duration::from_millis(250 + 500 + 3 * 1000));
}

#[test]
fn the_default_is_three_attempts() {
    let it = Setup::new([refused(503)]);
    assert_eq!(it.send(Create("a tree")).unwrap_err().attempts(), 3);
    let mut call = it.client.call();
    call.options().max_retries(0);
    assert_eq!(it.clock.run(call.send(Create("a tree"))).unwrap_err().attempts(), 1);
    let it = Setup::new([refused(503), refused(429), picture()]);
    assert_eq!(it.send(Create("a tree")).unwrap().attempts(), 3);
}

#[test]
fn retry_after_is_honoured() {
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
        let it = Setup::new([refused(429).header(header, value), picture()]);
        let sent = it.send(Create("a tree"));
        assert_eq!(sent.is_ok(), waited.is_some(), "{header}: {value}");
        assert_eq!(it.passed(), Duration::from_millis(waited.unwrap_or(0)), "{header}: {value}");
        if let Err(error) = sent {
            assert!(error.is_rate_limited() && error.retry_after() > Some(secs(60)));
        }
    }
}

#[test]
fn a_wait_beyond_the_deadline_fails_immediately() {
    let answers = [Answer::new(429, "").header("retry-after", "30"), picture()];
    let it = Setup::with(answers, |it| it.total_timeout(secs(30)));
    let error = it.send(Create("a tree")).unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.retry_after(), it.passed()), (Some(secs(30)), secs(0)));
}

#[test]
fn attempts_and_calls_have_timeouts() {
    let it = Setup::with([Answer::never()], |it| it.timeout(secs(5)).retry(RetryPolicy::none()));
    let error = it.send(Read("1")).unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.message(), "no complete response within 5s, the limit of one attempt");
    assert_eq!(it.passed(), secs(5));

    let policy = RetryPolicy::new().max_retries(100).delays(secs(1), secs(1));
    let it = Setup::with([Answer::never()], |it| it.timeout(secs(5)).total_timeout(secs(15)).retry(policy));
    let error = it.send(Read("1")).unwrap_err();
    // 5 + 1 + 5 + 1 + 3
    assert_eq!((it.passed(), error.attempts()), (secs(15), 3));
    assert_eq!(error.message(), "no complete response within 3s, the limit of the call");

    let it = Setup::with([picture().after(secs(3_000))], |it| it.without_timeouts());
    assert!(it.send(Create("a tree")).is_ok());
    assert_eq!(it.passed(), secs(3_000));
}

#[test]
fn timeouts_beyond_the_clock_are_no_limit() {
    let it = Setup::with([picture()], |it| it.timeout(Duration::MAX).total_timeout(Duration::MAX));
    it.send(Create("a tree")).unwrap();
}

#[test]
fn a_slow_response_in_time_is_accepted() {
    let it = Setup::with([picture().after(secs(4))], |it| it.timeout(secs(5)));
    assert_eq!(it.send(Create("a tree")).unwrap().attempts(), 1);
    assert_eq!(it.passed(), secs(4));
}
