//! Tests how the responses of servers become errors.

use super::*;

fn create(answer: Answer) -> Error {
    Setup::with([answer], |it| it.retry(RetryPolicy::none())).send(Create("a tree")).unwrap_err()
}

#[test]
fn statuses_have_meanings() {
    use StatusKind::*;
    for (status, kind) in [
        (400, InvalidRequest),
        (401, Authentication),
        (402, PaymentRequired),
        (403, PermissionDenied),
        (404, NotFound),
        (408, Timeout),
        (409, ContentRefused), // the operation's declaration
        (410, NotFound),
        (413, TooLarge),
        (415, UnsupportedMedia),
        (418, InvalidRequest),
        (421, Unavailable),
        (425, Unavailable),
        (422, InvalidRequest),
        (429, RateLimited),
        (451, ContentRefused),
        (500, Server),
        (502, Server),
        (503, Unavailable),
        (504, Timeout),
        (529, Server),
        (531, Refunded), // the API's declaration
        (999, Server),
    ] {
        let error = create(Answer::new(status, ""));
        assert_eq!(error.kind(), ErrorKind::Api(kind), "{status}");
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status));
        assert!(!error.message().is_empty());
    }
    for status in [301, 304] {
        assert_eq!(create(Answer::new(status, "")).kind(), ErrorKind::UnexpectedStatus);
    }
}

#[test]
fn a_declared_code_overrides_the_status() {
    use StatusKind::*;
    for (status, code, kind) in [
        (429, "no_credit", PaymentRequired),
        (400, "overloaded", Unavailable),
        (500, "not_nice", ContentRefused),
        (409, "slow_down", RateLimited),
        (429, "what", RateLimited),
        (400, "No_Credit", InvalidRequest),
    ] {
        let error = create(coded(status, code));
        assert_eq!((error.kind(), error.status_kind()), (ErrorKind::Api(kind), Some(kind)), "{status} {code}");
        assert_eq!((error.code(), error.is_rate_limited()), (Some(code), kind == RateLimited));
        // In an event and in a successful response, the same code has the same meaning.
        let kind = if code == "what" || code == "No_Credit" { Server } else { kind };
        assert_eq!(create(coded(200, code)).kind(), ErrorKind::Api(kind), "{code}");
    }
    // The first code is shown; the declared code decides.
    let error = create(Answer::json(429, &json!({"error": {"code": "E7", "message": "M"}, "code": "no_credit"})));
    assert!(error.is_payment_required() && error.code() == Some("E7"), "{error}");
}

#[test]
fn a_redirect_names_its_target() {
    for (status, location, words) in [
        (301, "https://b.test/k?sig=1", "the server redirects to https://b.test, which is not followed"),
        (302, "//b.test:81/k", "to another path"),
        (303, "/v2", "to another path of its own"),
        (307, "", "without saying where"),
        (308, "https:", "to a malformed address"),
        (301, "HTTP://[::1]:8080?sig", "redirects to HTTP://[::1]:8080, "),
        (301, "https://b.test#sig", "redirects to https://b.test, "),
        (301, "https://b.test:/grüße", "redirects to https://b.test:, "),
        (301, "/login?next=https://b.test/x", "to another path of its own"),
        (301, "?next=https://b.test/x", "to another path of its own"),
        (301, "items/7:search", "to another path of its own"),
        (301, "#part", "without saying where"),
        (301, "https://user:pa/ss@b.test", "to a malformed address"),
        (301, "https://user@b.test", "to a malformed address"),
        (301, "https://b.test:x/", "to a malformed address"),
        (301, "https:///k", "to a malformed address"),
        (301, "ftp://b.test/k", "to a malformed address"),
        (301, ":80", "to a malformed address"),
    ] {
        let answer = Answer::new(status, "<title>302 Found</title>").header("location", location);
        let error = create(answer);
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
        assert!(error.message().contains(words) && error.message().contains("check the base URL"), "{error}");
        assert!(!error.message().contains("sig"), "{error}");
    }
    let error = create(Answer::new(304, ""));
    assert_eq!(
        error.to_string(),
        "`paint.create`: unexpected status: the content has not changed since the version that the request names (status 304)"
    );
    assert_eq!(create(Answer::new(300, "")).message(), "Multiple Choices");
}

#[test]
fn an_error_in_a_successful_response_is_reported() {
    let body = json!({"error": {"message": format!("no {KEY}"), "code": "no_credit", "details": {"tier": 1}}});
    let answer = Answer::json(200, &body).header("x-request-id", "r-9");
    for error in [
        create(answer.clone()),
        Setup::new([answer.clone()]).send(Read("1")).unwrap_err(),
        Setup::new([answer]).send(CreateTask).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Api(StatusKind::PaymentRequired), "{error:?}");
        assert_eq!((error.message(), error.code()), ("no [secret]", Some("no_credit")));
        assert_eq!((error.details(), error.body_json()), (Some(&json!({"tier": 1})), Some(body.clone())));
        assert_eq!((error.request_id(), error.attempts()), (Some("r-9"), 1));
        assert_eq!(error.status().map(|it| it.as_u16()), Some(200));
        assert!(!error.is_decode() && error.decode().is_none());
        // The reason why the response could not be read is kept.
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.starts_with("expected a value at /"), "{source}");
    }
    for (body, code, message) in [
        (json!({"error": "no ink"}), None, "no ink"),
        (json!({"error": {"message": ["no ink"]}}), None, "[\"no ink\"]"),
        (json!({"code": 17}), Some("17"), "the server gives no reason"),
        (json!({"url": null, "code": "NO_INK", "message": "no ink"}), Some("NO_INK"), "no ink"),
    ] {
        let error = create(Answer::json(200, &body));
        assert_eq!(error.kind(), ErrorKind::Api(StatusKind::Server), "{body}");
        assert_eq!((error.code(), error.message()), (code, message), "{body}");
    }
}

#[test]
fn unreadable_responses_are_not_always_api_errors() {
    for body in [
        json!({}),
        json!([]),
        json!({"error": null}),
        json!({"error": {}}),
        json!({"error": "", "code": ""}),
        json!({"error": false}),
        json!({"error": -1}),
        json!({"message": "at a place that the API does not declare"}),
        json!({"code": 200, "error": "fine", "data": null}),
        json!({"code": 0, "error": "fine"}),
        json!({"code": "Success", "error": "fine"}),
    ] {
        assert!(create(Answer::json(200, &body)).is_decode(), "{body}");
    }
    assert!(create(Answer::new(200, "{\"error\": \"no in")).is_decode());
    // A response that can be read is a result.
    let answer = Answer::json(200, &json!({"url": "u", "error": {"message": "M", "code": "no_credit"}}));
    assert_eq!(Setup::new([answer]).send(Create("a tree")).unwrap().url, "u");
}

#[test]
fn messages_are_found_in_any_body() {
    let long = "x ".repeat(5_000);
    for (body, message, code) in [
        (r#"{"error":{"message":"no ink","code":"INK"}}"#, "no ink", Some("INK")),
        (r#"{"error":"no ink","code":17}"#, "no ink", Some("17")),
        (r#"{"error":{"message":null,"why":["a"]}}"#, r#"{"message":null,"why":["a"]}"#, None),
        (r#"{"error":{"message":["no ink"]}}"#, r#"["no ink"]"#, None),
        (r#"{"message":"no\nink"}"#, "no ink", None),
        (r#"{"detail":"no ink"}"#, "no ink", None),
        (r#"{"errors":[{"message":"no ink"}]}"#, "no ink", None),
        (r#""no ink""#, "no ink", None),
        (r"{}", "Bad Request", None),
        (r"null", "Bad Request", None),
        ("", "Bad Request", None),
        ("no ink", "no ink", None),
        ("<!DOCTYPE html><HTML><Title >502 \n Bad</Title>", "502 Bad", None),
        ("<html>", "Bad Request", None),
        ("<title", "Bad Request", None),
        ("<title>open", "Bad Request", None),
        ("{\"error\": \"cut", "{\"error\": \"cut", None),
        ("<İ><title>x</title>", "x", None),
    ] {
        let error = create(Answer::new(400, body));
        assert_eq!((error.message(), error.code()), (message, code), "{body}");
        assert_eq!(error.body_text(), body);
    }
    let error = create(Answer::new(400, long));
    assert_eq!(error.message().chars().count(), 401);
    assert_eq!(create(Answer::new(400, &b"\xff\xfe\x00 ink"[..])).message(), "\u{fffd}\u{fffd}\\u{0} ink");
}

#[test]
fn an_error_shows_everything() {
    let body = json!({"error": {"message": "Slow down", "code": "LIMIT", "details": {"tier": 1}}});
    let answer = Answer::json(429, &body).header("x-request-id", "r-9").header("retry-after", "90");
    let error = create(answer);
    assert!(error.is_rate_limited() && error.is_transient() && !error.is_timeout());
    assert_eq!(error.retry_after(), Some(secs(90)));
    assert_eq!(error.details(), Some(&json!({"tier": 1})));
    assert_eq!(error.body_json(), Some(body));
    assert_eq!(
        error.to_string(),
        "`paint.create`: rate limited: Slow down (status 429, code LIMIT, request r-9, retry after 90s)"
    );
}

#[test]
fn unreadable_successes_are_errors() {
    for (answer, message) in [
        (Answer::new(204, ""), "`paint.create`: the response cannot be read: the body is empty"),
        (Answer::new(200, ""), "`paint.create`: the response cannot be read: the body is empty"),
        (Answer::new(200, "<html>"), "`paint.create`: the response cannot be read: the body is not JSON"),
        (Answer::new(200, "{\"url\": \"ht"), "`paint.create`: the response cannot be read: the body is not JSON"),
        (
            Answer::new(200, &b"\"\xff\""[..]),
            "`paint.create`: the response cannot be read: the body is not what the API promises: expected an object at the top, found a string",
        ),
        (Answer::new(200, &b"\xff\xfe{\0}\0"[..]), "`paint.create`: the response cannot be read: the body is not JSON"),
        (Answer::new(200, "[".repeat(100_000)), "`paint.create`: the response cannot be read: the body is not JSON"),
        (
            Answer::json(200, &json!({"url": 5})),
            "`paint.create`: the response cannot be read: the body is not what the API promises: expected a string at /url, found \
             a number",
        ),
        (
            Answer::json(200, &json!([])),
            "`paint.create`: the response cannot be read: the body is not what the API promises: expected an object at the top, \
             found an array",
        ),
    ] {
        let error = create(answer);
        assert_eq!(error.to_string(), message);
        assert!(error.is_decode() && error.body().is_some());
        assert!(std::error::Error::source(&error).is_some() || message.contains("empty"));
    }
    let error = create(Answer::json(200, &json!({"url": 5})));
    assert_eq!(error.decode().unwrap().to_string(), "expected a string at /url, found a number");
    // An optional field does not affect the rest.
    let it = Setup::new([Answer::json(200, &json!({"url": "u", "seed": "x", "new": 1}))]);
    let answer = it.send(Create("a tree")).unwrap();
    assert_eq!((answer.seed, &answer.raw()["seed"]), (None, &json!("x")));
}

#[test]
fn the_missing_key_of_a_wrapped_response_is_named() {
    let error = Setup::new([Answer::json(200, &json!({"picture": {"url": null}}))]).send(Read("1")).unwrap_err();
    assert_eq!(error.decode().unwrap().at, "/picture/url");
    let error = Setup::new([Answer::json(200, &json!({}))]).send(Read("1")).unwrap_err();
    assert_eq!(error.decode().unwrap().at, "/picture");
}

#[test]
fn responses_have_a_size_limit() {
    let exact = picture();
    let it = Setup::with([exact.clone()], |it| it.max_answer_bytes(34));
    assert_eq!(it.send(Create("a tree")).unwrap().seed, Some(7));
    let it = Setup::with([exact], |it| it.max_answer_bytes(33));
    let error = it.send(Create("a tree")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
    // An error is reported as such even if its body is too large.
    let it = Setup::with([Answer::new(404, "x".repeat(100))], |it| it.max_answer_bytes(10));
    let error = it.send(Create("a tree")).unwrap_err();
    assert!(error.is_not_found() && error.body_is_cut());
    assert_eq!(error.body_text(), "x".repeat(10));
}

/// At most a megabyte of an error is read, whatever the limit of responses is. Complete fields in it are still found.
#[test]
fn long_errors_are_cut() {
    let filling = "x".repeat(3 << 20);
    let json = format!(r#"{{"error":{{"message":"no ink","code":"slow_down","input":"{filling}"}}}}"#);
    for (body, message, code) in
        [(json, "no ink", Some("slow_down")), (format!("no ink{filling}"), "no inkxxx", None), (filling, "xxx", None)]
    {
        let error = create(Answer::new(400, body.clone()));
        assert!(error.message().starts_with(message) && error.message().len() < 500, "{error}");
        assert_eq!((error.code(), error.body_is_cut()), (code, true));
        assert_eq!(error.body_text(), body[..1 << 20]);
        assert!(error.to_string().contains("(status 400, "), "{error}");
        assert!(error.to_string().contains("only the first 1048576 bytes of the body"), "{error}");
    }
    let exact = create(Answer::new(400, "x".repeat(1 << 20)));
    assert_eq!((exact.body_is_cut(), exact.body_text().len()), (false, 1 << 20));
    assert!(!exact.to_string().contains("only the first"), "{exact}");
    let broken = create(Answer::new(400, r#"{"error":{"message":"no ink","code":"INK","inp"#).broken());
    assert_eq!((broken.message(), broken.code(), broken.body_is_cut()), ("no ink", Some("INK"), true));
}

#[test]
fn unusual_headers_are_handled() {
    let mut answer = Answer::new(429, "").header("retry-after", "later").header("x-request-id", &"r".repeat(100_000));
    for index in 0..200 {
        answer = answer.header(&format!("x-{index}"), "v");
    }
    let error = create(answer);
    assert_eq!(error.retry_after(), None);
    assert!(error.request_id().unwrap().len() < 1_000);
}

#[test]
fn causes_are_chained() {
    let error = create(Answer::fault(TransportErrorKind::NotSent));
    assert!(error.is_connect() && error.is_transient());
    assert_eq!(error.to_string(), "`paint.create`: no connection");
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "no connection to the server");
    assert_eq!(source.source().unwrap().to_string(), "a fault of the fake server");
}
