//! Tests that no printed text shows the key if a server repeats it, in any form and in any place.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display, Write as _};

use proptest::prelude::*;

use super::*;
use crate::stream::{OtherEvent, StreamSpec};

/// What was printed.
#[derive(Default)]
struct Printed(String);

impl Printed {
    fn debug(&mut self, it: &dyn Debug) {
        writeln!(self.0, "{it:?} {it:#?}").unwrap();
    }

    fn text(&mut self, it: &dyn Display) {
        writeln!(self.0, "{it}").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.text(error);
        self.debug(error);
        self.text(&error.message());
        self.debug(&(error.code(), error.details(), error.request_id(), error.headers(), error.rate_limit()));
        self.debug(&error.decode());
        let mut source = std::error::Error::source(error);
        while let Some(it) = source {
            self.text(&it);
            self.debug(&it);
            source = it.source();
        }
    }

    fn result<T: Debug>(&mut self, result: Result<T>) {
        match result {
            Ok(value) => self.debug(&value),
            Err(error) => self.error(&error),
        }
    }
}

/// Numbers by name.
#[derive(Debug)]
struct Numbers(#[expect(dead_code, reason = "it is shown")] BTreeMap<String, i64>);

impl Decode for Numbers {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        from.map(|it| it.integer()).map(Self)
    }
}

struct Ask;

impl Rules for Ask {}

impl Request for Ask {
    type Reply = Response<Numbers>;

    fn operation(&self) -> &'static Operation {
        &READ
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/numbers");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::json(raw)
    }
}

struct Listen;
static LISTEN: Operation = SOUND.accept("audio/mpeg");
const SOUND: Operation = Operation::get(&API, "paint.listen", "/sound");

impl Rules for Listen {}

impl Request for Listen {
    type Reply = Download;

    fn operation(&self) -> &'static Operation {
        &LISTEN
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/sound");
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Download> {
        reply::download(raw, client)
    }
}

static EVENTS: StreamSpec = StreamSpec {
    named: true,
    name: Some("/type"),
    end_data: Some("[DONE]"),
    error_events: &["error"],
    error: Some("/error"),
    states: &[],
    text: &[],
    collect: &[],
};

fn event(name: &str, data: &Reader<'_>) -> Result<OtherEvent, DecodeError> {
    data.map(|it| it.integer())?;
    Ok(OtherEvent::new(name, data))
}

/// A client with this key, and another by hand.
fn client(key: &str, answers: impl IntoIterator<Item = Answer>) -> Setup {
    Setup::with(answers, |it| it.api_key(key).retry(RetryPolicy::none()))
}

/// Everything that is printed after a server put this text into every place that it can.
fn printed(key: &str, echo: &str) -> String {
    let mut out = Printed::default();
    let is_header = http::HeaderValue::from_str(echo).is_ok();
    let answers = [
        Answer::json(401, &json!({"error": {"message": echo, "code": echo, "details": {echo: [echo]}}})),
        Answer::json(401, &json!({"error": format!("{} {echo}", "x".repeat(385)), "code": 7})),
        Answer::json(400, &json!({"error": {echo: echo}})),
        Answer::json(404, &json!({"detail": format!("<{echo}>")})),
        Answer::new(401, format!("no such key: {echo}")),
        Answer::new(500, format!("<html><title>{echo}</title>{echo}")),
        Answer::json(200, &json!({echo: "no number"})),
        Answer::json(200, &json!({"a": {echo: 1}})),
        Answer::json(200, &json!({echo: 7})),
        Answer::new(200, echo.to_owned()),
        Answer::new(200, format!("{{\"{echo}\": ")),
    ];
    for mut answer in answers {
        if is_header {
            answer = answer.header("x-request-id", echo).header("x-ratelimit-reset", echo).header("x-echo", echo);
        }
        let it = client(key, [answer]);
        out.result(it.send(Ask));
    }
    if is_header {
        let it = client(key, [Answer::new(302, "").header("location", &format!("https://x.test/?k={echo}"))]);
        out.result(it.send(Ask));
        let mut download = Answer::new(200, "abc").header("content-type", echo);
        download = download.header("content-disposition", &format!("attachment; filename=\"{echo}.mp3\""));
        let it = client(key, [download]);
        let download = it.send(Listen).unwrap();
        out.debug(&download);
        out.debug(&download.file_name());
    }
    let it = client(key, [Answer::json(200, &json!({"error": {"message": echo, "code": echo}}))]);
    out.result(it.send(Listen));
    tasks(key, echo, &mut out);
    streams(key, echo, &mut out);
    let violation = |text: &str| Violation { at: "/prompt".into(), rule: LENGTH.clone(), found: Actual::text(text) };
    let mut found = [violation(echo), violation(&format!("{} {echo}", "x".repeat(20)))];
    it.client.shared.secrets.redact_violations(&mut found);
    out.debug(&found);
    out.0
}

fn tasks(key: &str, echo: &str, out: &mut Printed) {
    let failed = json!({"id": echo, "status": "failed", "error": {"message": echo, "code": echo}});
    let answers = [
        failed.clone(),
        json!({"id": echo, "status": "failed", "error": echo}),
        json!({"id": echo, "status": "failed", "error": [echo]}),
        json!({"id": echo, "status": "completed", "url": echo}),
        json!({"id": echo, "status": "completed", "url": {echo: echo}}),
        json!({"id": echo, "status": echo, "stage": echo}),
    ];
    for answer in answers {
        let created = Answer::json(202, &json!({"id": echo}));
        let it = client(key, [created, Answer::json(200, &answer)]);
        let task = it.send(CreateTask).unwrap();
        out.debug(&task);
        out.result(it.clock.run(task.status()));
        if let Ok(status) = it.clock.run(task.status()) {
            if let TaskState::Failed(failure) = &status.state {
                out.text(failure);
                out.text(&format!("{:?}", failure.code));
                out.debug(failure);
            }
            // The result is typed data, which is unchanged.
            if let Err(error) = status.into_result() {
                out.error(&error);
            }
        }
        out.result(it.clock.run(task.wait()));
        out.result(it.clock.run(task.wait_with_progress(|_| {})));
        out.debug(&task.created_as::<Numbers>());
    }
    let it = client(key, [Answer::json(202, &json!({"key": {echo: echo}}))]);
    out.result(it.send(CreateTask));
    for answer in [Answer::never(), Answer::fault(TransportErrorKind::Broken), Answer::new(404, "")] {
        let it = client(key, [Answer::json(202, &json!({"id": echo})), answer]);
        let task = it.send(CreateTask).unwrap();
        out.result(it.clock.run(task.status()));
        out.result(it.clock.run(task.wait()));
    }
}

fn streams(key: &str, echo: &str, out: &mut Printed) {
    let quoted = json!(echo);
    let bodies = [
        format!("event: error\ndata: {{\"error\": {{\"message\": {quoted}, \"code\": {quoted}}}}}\n\n"),
        format!("event: a\ndata: {{\"a\": 1}}\n\nevent: error\ndata: {{\"error\": {quoted}}}\n\n"),
        format!("event: {echo}\ndata: {{\"a\": 1}}\n\ndata: [DONE]\n\n"),
        format!("data: {{\"type\": {quoted}, {quoted}: {quoted}}}\n\ndata: [DONE]\n\n"),
        format!("event: a\ndata: {echo}\n\ndata: [DONE]\n\n"),
        format!("event: a\ndata: {{\"a\": {{{quoted}: 1}}}}\n\n"),
    ];
    for body in bodies {
        let it = client(key, [Answer::new(200, body).header("content-type", "text/event-stream")]);
        let opened = it.clock.run(it.client.call().stream::<_, _, Numbers>(Create("a tree"), &EVENTS, event));
        let mut stream = match opened {
            Ok(stream) => stream,
            Err(error) => {
                out.error(&error);
                continue;
            }
        };
        while let Some(event) = it.clock.run(stream.next()) {
            out.result(event);
        }
        out.debug(&stream);
        out.result(it.clock.run(stream.collect()));
    }
    let it = client(key, [Answer::json(200, &json!({"error": {"message": echo}}))]);
    out.result(it.clock.run(it.client.call().stream::<_, _, Numbers>(Create("a tree"), &EVENTS, event)));
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |all, it| all << 8 | usize::from(group.get(it).copied().unwrap_or_default()));
        for index in 0..=group.len() {
            out.push(char::from(ALPHABET[bits >> (18 - 6 * index) & 63]));
        }
    }
    out
}

/// The forms in which a server may repeat a key.
fn forms(key: &str) -> Vec<String> {
    let json = json!(key).to_string();
    let json_in_json = json!(json).to_string();
    let points: String = key.chars().map(|it| format!("\\u{:04x}", u32::from(it))).collect();
    vec![
        key.to_owned(),
        format!("Bearer {key}"),
        json[1..json.len() - 1].to_owned(),
        json_in_json[3..json_in_json.len() - 3].to_owned(),
        points.clone(),
        points.replace('\\', "\\\\"),
        json[1..json.len() - 1].replace('/', "\\/"),
        key.bytes().map(|it| format!("%{it:02X}")).collect(),
        key.bytes().map(|it| format!("%25{it:02x}")).collect(),
        key.bytes().map(|it| format!("&#{it};")).collect(),
        base64(key.as_bytes()),
        base64(format!("user:{key}").as_bytes()),
        base64(format!("us:{key}").as_bytes()).replace('+', "-").replace('/', "_"),
        base64(format!("use:{key}:more").as_bytes()),
        key.to_uppercase(),
    ]
}

/// The text after escaping with `Debug` once or twice.
fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")
}

#[track_caller]
fn check(key: &str, forms: &[String]) {
    for form in forms {
        let printed = printed(key, form);
        let once = unescaped(&printed);
        for shown in [&printed, &once, &unescaped(&once)] {
            for hidden in [key, form] {
                let at = shown.find(hidden);
                let around = at.map(|it| shown[..it].rsplit('\n').next());
                assert!(at.is_none(), "{key} as {form} shows: {around:?}");
            }
        }
    }
}

#[test]
fn no_form_of_the_key_is_shown() {
    for key in ["sk-very-secret-0123", "a/b+c=d\"e\\f&g%41h<i>"] {
        check(key, &forms(key));
    }
}

#[test]
fn manual_credentials_are_redacted() {
    const TOKEN: &str = "another-very-secret";
    let echo = json!({"error": {"message": format!("bad {TOKEN}"), "code": base64(format!("me:{TOKEN}").as_bytes())}});
    let shows = |setup: &Setup, change: &dyn Fn(&mut CallOptions)| {
        let mut call = setup.client.call();
        change(call.options());
        let mut out = Printed::default();
        out.result(setup.clock.run(call.send(Ask)));
        out.0.contains(TOKEN)
    };
    let it = Setup::new([Answer::json(401, &echo)]);
    assert!(shows(&it, &|_| {}), "nobody knows that it is a secret");
    assert!(!shows(&it, &|it| it.header("authorization", &format!("Bearer {TOKEN}"))));
    assert!(!shows(&it, &|it| it.header("X-Api-Key", TOKEN)));
    assert!(!shows(&it, &|it| it.header("cookie", &format!("a=b; session={TOKEN}"))));
    assert!(
        !shows(&it, &|it| it.header("authorization", &format!("Basic {}", base64(format!("me:{TOKEN}").as_bytes()))))
    );
    assert!(!shows(&it, &|it| it.extra("access_token", TOKEN)));
    let it = Setup::with([Answer::json(401, &echo)], |it| it.header("proxy-authorization", &format!("Bearer {TOKEN}")));
    assert!(!shows(&it, &|_| {}));
    // The client's other credentials must not be shown either.
    let it = Setup::with([Answer::json(401, &echo)], |it| it.credential("admin_key", TOKEN));
    assert!(!shows(&it, &|_| {}));
}

#[test]
fn redacted_messages_are_still_useful() {
    let body = json!({"error": {"message": format!("no key {KEY}"), "code": "bad_key", "details": {"at": "/key"}}});
    let it = Setup::new([Answer::json(401, &body).header("x-request-id", "r-1")]);
    let error = it.send(Ask).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`paint.read`: authentication failed: no key [secret] (status 401, code bad_key, request r-1)"
    );
    assert_eq!(error.details(), Some(&json!({"at": "/key"})));
    // The body itself is returned unchanged.
    assert_eq!(error.body_json(), Some(body));
    let it = Setup::new([Answer::json(200, &json!({"a": 1})).header("x-echo", KEY)]);
    assert_eq!(format!("{:?}", it.send(Ask).unwrap()), "Response { value: Numbers({\"a\": 1}), status: 200, .. }");
}

#[test]
fn control_characters_are_escaped() {
    const HOSTILE: &str = "a\u{1b}[2J\r\nb\u{9b}\u{202e}c\u{200b}\u{feff}\u{e0041}\u{7}\u{0}\u{85}\u{2028}d";
    let it = client(KEY, []);
    let mut out = printed(KEY, HOSTILE);
    let violation = Violation { at: format!("/{HOSTILE}").into(), rule: LENGTH.clone(), found: Actual::text(HOSTILE) };
    let error = ValidationError {
        operation: "x",
        violations: vec![violation.clone(), violation],
        warnings: Vec::new(),
        omitted: 0,
    };
    let lines = error.to_string();
    assert_eq!(lines.lines().count(), 3, "{lines}");
    out.push_str(&lines);
    out.push_str(&UnknownValue { found: HOSTILE.to_owned(), expected: vec!["a"] }.to_string());
    out.push_str(&DecodeError { at: format!("/{HOSTILE}"), expected: "a", found: "b" }.to_string());
    let mut call = it.client.call();
    call.options().header(HOSTILE, "x");
    out.push_str(&it.clock.run(call.send(Ask)).unwrap_err().to_string());
    let mut call = it.client.call();
    call.options().auth_scheme(HOSTILE);
    out.push_str(&it.clock.run(call.send(Ask)).unwrap_err().to_string());
    let hidden = out.chars().find(|it| crate::escape::is_unseen(*it) && *it != '\n');
    assert_eq!(hidden, None, "{out:?}");
    assert!(out.contains("\\u{1b}[2J b\\u{9b}\\u{202e}c\\u{200b}\\u{feff}\\u{e0041}\\u{7}\\u{0}"), "{out}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_key_shows(key in "[!-~]{8,40}", form in 0..15_usize) {
        check(&key, &[forms(&key).swap_remove(form)]);
    }
}
