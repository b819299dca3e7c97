//! Tests what a call sends, and what it makes of the response.

use super::*;

fn sent(it: &Setup) -> http::Request<bytes::Bytes> {
    it.server.requests().pop().unwrap()
}

fn body(it: &Setup) -> String {
    String::from_utf8(sent(it).into_body().to_vec()).unwrap()
}

fn header(request: &http::Request<bytes::Bytes>, name: &str) -> String {
    request.headers().get(name).map_or("-", |it| it.to_str().unwrap()).to_owned()
}

#[test]
fn a_create_sends_a_complete_request() {
    let it = Setup::with([picture()], |it| it.user_agent("app/9").header("x-team", "red"));
    let answer = it.send(Create("a tree")).unwrap();
    assert_eq!((answer.url.as_str(), answer.seed), ("https://x/1.png", Some(7)));
    let request = sent(&it);
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.painter.test/paint");
    assert_eq!(header(&request, "authorization"), format!("Bearer {KEY}"));
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(header(&request, "content-type"), "application/json");
    assert_eq!(header(&request, "accept"), "application/json");
    assert_eq!(header(&request, "user-agent"), "painter/1.2.3 app/9");
    assert_eq!(header(&request, "x-team"), "red");
    assert_eq!(request.body().as_ref(), br#"{"prompt":"a tree"}"#);
}

#[test]
fn a_read_sends_no_body() {
    let it = Setup::new([wrapped_picture()]);
    let answer = it.send(Read("a/b ü?")).unwrap();
    assert_eq!(answer.url, "https://x/1.png");
    assert_eq!(answer.raw(), &json!({"picture": {"url": "https://x/1.png"}}));
    let request = sent(&it);
    assert_eq!(request.uri(), "https://api.painter.test/v1/paint/a%2Fb%20%C3%BC%3F?full=yes%20%26%20no");
    assert_eq!(header(&request, "content-type"), "-");
    assert!(request.body().is_empty());
}

#[test]
fn a_path_value_of_dots_is_not_sent() {
    let it = Setup::new([wrapped_picture()]);
    for id in [".", ".."] {
        let error = it.send(Read(id)).unwrap_err();
        assert!(error.is_config() && error.to_string().contains("/paint/{id}"), "{error}");
    }
    assert_eq!(it.server.count(), 0);
    it.send(Read("a..b")).unwrap();
    assert_eq!(sent(&it).uri().path(), "/v1/paint/a..b");
}

#[test]
fn an_empty_path_value_is_not_sent() {
    let it = Setup::new([wrapped_picture()]);
    let error = it.send(Read("")).unwrap_err();
    assert!(error.is_config(), "{error}");
    assert_eq!(it.server.count(), 0);
}

#[test]
fn extra_fields_are_merged() {
    let cases = [
        (vec![("style", json!("ink"))], r#"{"prompt":"a tree","style":"ink"}"#),
        (vec![("prompt", json!("a bush"))], r#"{"prompt":"a bush"}"#),
        (vec![("prompt", json!(null)), ("n", json!([1]))], r#"{"n":[1],"prompt":null}"#),
    ];
    for (fields, expected) in cases {
        let it = Setup::new([picture()]);
        let mut call = it.client.call();
        for (name, value) in fields {
            call.options().extra(name, value);
        }
        it.clock.run(call.send(Create("a tree"))).unwrap();
        let (sent, expected): (Value, Value) =
            (serde_json::from_str(&body(&it)).unwrap(), serde_json::from_str(expected).unwrap());
        assert_eq!(sent, expected);
        assert_eq!(body(&it).matches("prompt").count(), 1);
    }
}

#[test]
fn extra_fields_create_a_body_or_a_query() {
    let it = Setup::new([Answer::json(202, &json!({"id": "7"}))]);
    let mut call = it.client.call();
    call.options().extra("n", 2);
    it.clock.run(call.send(CreateTask)).unwrap();
    assert_eq!(body(&it), r#"{"n":2}"#);

    let it = Setup::new([wrapped_picture()]);
    let mut call = it.client.call();
    call.options().extra("page", 2);
    call.options().extra("name", "a b");
    it.clock.run(call.send(Read("1"))).unwrap();
    let query = sent(&it).uri().query().unwrap().to_owned();
    assert!(query.contains("&page=2") && query.contains("&name=a%20b"), "{query}");
}

#[allow(unreachable_pub, dead_code, reason = "the macro's output is public, and reachable in generated crates")]
mod builders {
    use super::*;

    pub(crate) struct Builder<R, S = (), V = ()> {
        pub(crate) call: Call,
        pub(crate) request: R,
        pub(crate) state: std::marker::PhantomData<(S, V)>,
    }
    builder!(Builder);
}

#[test]
fn builders_have_options() {
    use builders::Builder;
    let it = Setup::new([picture()]);
    let builder = Builder::<Create, Set> {
        call: it.client.call(),
        request: Create("much too long a prompt"),
        state: std::marker::PhantomData,
    };
    let builder = builder.extra("style", "ink");
    assert!(builder.check().is_err());
    let _ = builder.state;
    let sending = builder
        .call
        .start(builder.request)
        .with_validation(Validation::Off)
        .with_timeout(secs(1))
        .with_total_timeout(secs(2))
        .with_header("x-beta", "2")
        .with_max_retries(0);
    let answer = it.clock.run(sending).unwrap();
    assert!(answer.warnings().is_empty());
    assert_eq!(header(&sent(&it), "x-beta"), "2");

    let plain: Builder<Create> =
        Builder { call: it.client.call(), request: Create("a tree"), state: std::marker::PhantomData };
    assert!(plain.check().is_ok());
    let error = it.clock.run(plain.call.start(plain.request).with_header("bad name", "x")).unwrap_err();
    assert!(error.is_config() && error.to_string().contains("bad name"), "{error}");
}

#[test]
fn every_violation_is_reported_before_sending() {
    let it = Setup::new([picture()]);
    let error = it.send(Create("much too long a prompt")).unwrap_err();
    assert!(error.is_validation());
    assert_eq!(error.attempts(), 0);
    assert_eq!(error.operation(), Some("paint.create"));
    assert_eq!(error.validation().unwrap().violations.len(), 1);
    assert_eq!(
        error.to_string(),
        "the request of `paint.create` breaks a rule: /prompt: `prompt` must have at most 10 characters \
         (found `much too long a prompt`)"
    );
    assert_eq!(it.server.count(), 0);
}

#[test]
fn modes_of_validation() {
    let long = "much too long a prompt";
    for (mode, prompt, sent, warnings) in [
        (Validation::Strict, long, false, 0),
        (Validation::Strict, "x", true, 1),
        (Validation::Warn, long, true, 1),
        (Validation::Warn, "x", true, 1),
        (Validation::Off, long, true, 0),
        (Validation::Off, "x", true, 0),
    ] {
        let it = Setup::with([picture()], |it| it.validation(mode));
        let answer = it.send(Create(prompt));
        assert_eq!(answer.is_ok(), sent, "{mode:?} {prompt}");
        if let Ok(answer) = answer {
            assert_eq!(answer.warnings().len(), warnings, "{mode:?} {prompt}");
        }
    }
}

#[test]
fn responses_have_metadata() {
    let answer = picture()
        .header("x-request-id", "r-1")
        .header("x-ratelimit-limit", "100")
        .header("x-ratelimit-remaining", " 7 ")
        .header("x-ratelimit-reset", "soon");
    let it = Setup::new([answer]);
    let answer = it.send(Create("a tree")).unwrap();
    assert_eq!(answer.request_id(), Some("r-1"));
    let limit = answer.rate_limit();
    assert_eq!((limit.limit, limit.remaining, limit.reset.as_deref()), (Some(100), Some(7), Some("soon")));
    assert_eq!(limit.reset_in(it.clock.system_time()), None);
    assert_eq!((answer.status().as_u16(), answer.attempts()), (200, 1));
    assert_eq!(answer.raw()["seed"], 7);
}

#[test]
fn an_empty_response_is_a_success_if_no_content_is_declared() {
    for answer in [Answer::new(204, ""), Answer::new(200, "{}"), Answer::new(200, "<html>")] {
        let it = Setup::with([answer], |it| it.credential("admin_key", "k"));
        it.send(Delete).unwrap();
        let request = sent(&it);
        assert_eq!(header(&request, "x-admin"), "Token k");
        assert_eq!(header(&request, "authorization"), "-");
        assert_eq!(header(&request, "x-beta"), "1");
    }
}

#[test]
fn a_manual_header_replaces_a_credential() {
    let it = Setup::new([Answer::new(204, "")]);
    let mut call = it.client.call();
    call.options().header("X-Admin", "by hand");
    it.clock.run(call.send(Delete)).unwrap();
    assert_eq!(header(&sent(&it), "x-admin"), "by hand");
}

#[test]
fn bodies_of_other_types() {
    struct Upload;
    impl Rules for Upload {}

    impl Request for Upload {
        type Reply = Response<bytes::Bytes>;
        fn operation(&self) -> &'static Operation {
            &CREATE
        }
        fn write(&self, out: &mut RequestParts) {
            out.path("/paint");
            out.multipart().file("file", &crate::File::bytes(&b"\x89PNG"[..]).with_name("a.png"));
        }
        fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
            reply::bytes(raw)
        }
    }
    let it = Setup::new([Answer::new(200, &b"\xff\x00"[..])]);
    let answer = it.send(Upload).unwrap();
    assert_eq!(answer.into_inner().as_ref(), b"\xff\x00");
    let sent = sent(&it);
    let boundary = header(&sent, "content-type").strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
    let expected = [
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n").as_bytes(),
        b"Content-Type: image/png\r\n\r\n\x89PNG\r\n",
        format!("--{boundary}--\r\n").as_bytes(),
    ]
    .concat();
    assert_eq!(sent.body().as_ref(), expected);
    assert_eq!(header(&sent, "content-length"), expected.len().to_string());
}
