//! Tests that secrets are never shown.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span;

use super::*;

fn silent(what: &str, text: &str) {
    assert!(!text.contains("very-secret"), "{what} shows the key: {text}");
}

#[test]
fn no_printed_text_shows_the_key() {
    let echo = format!("no such key: {KEY}");
    let bodies = [
        Answer::json(401, &json!({"error": {"message": echo, "code": KEY}})),
        Answer::new(401, echo.clone()),
        Answer::new(500, format!("<html><title>{KEY}</title>")),
        Answer::json(200, &json!({"prompt": KEY})),
        Answer::new(200, KEY),
        Answer::fault(TransportErrorKind::Broken),
        Answer::never(),
        Answer::new(301, "").header("location", "https://elsewhere.test"),
    ];
    for body in bodies {
        let it = Setup::with([body], |it| it.header("x-api-key", KEY));
        silent("client", &format!("{:?}", it.client));
        let mut call = it.client.call();
        call.options().header("authorization-key", KEY);
        call.options().timeout(secs(1));
        silent("call", &format!("{call:?}"));
        let error = it.clock.run(call.send(Create("a tree"))).unwrap_err();
        silent("error", &error.to_string());
        silent("error", &format!("{error:?}"));
        silent("error", &format!("{error:#?}"));
        silent("message", error.message());
        silent("code", error.code().unwrap_or_default());
        let mut source = std::error::Error::source(&error);
        while let Some(it) = source {
            silent("source", &format!("{it} {it:?}"));
            source = it.source();
        }
        silent("request", &format!("{:?}", it.server.requests()[0].headers()));
    }
    let builder = Client::builder(&API).api_key(KEY);
    silent("builder", &format!("{builder:?}"));
    silent("fault", &format!("{:?}", builder.credential("x", "y").build()));
    silent("malformed", &format!("{:?}", Client::builder(&API).api_key(format!("{KEY}\n{KEY}")).build()));
    silent("secret", &format!("{:?} {:#?}", Secret::from(KEY), Secret::from(KEY.to_owned())));
}

#[test]
fn an_escaped_echo_is_redacted() {
    const KEY: &str = "sk/very-secret";
    for echo in [r"sk\/very-secret", r"\u0073k/very-secret", r"sk/very-s\u0065cret"] {
        let body = format!(r#"{{"error": {{"message": "no key {echo}", "code": "{echo}", "details": ["{echo}"]}}}}"#);
        let it = Setup::with([Answer::new(401, body)], |it| it.api_key(KEY));
        let error = it.send(Create("a tree")).unwrap_err();
        let shown = format!("{error} {error:?} {:?} {:?}", error.code(), error.details());
        assert!(!shown.contains(KEY) && shown.contains("no key [secret]"), "{shown}");
    }
}

/// Everything that is logged, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, it: &tracing::Metadata<'_>) -> bool {
        it.target().starts_with("specwright_runtime")
    }

    fn new_span(&self, it: &span::Attributes<'_>) -> span::Id {
        it.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, it: &span::Record<'_>) {
        it.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, it: &tracing::Event<'_>) {
        it.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[test]
fn logs_describe_the_call_but_not_its_contents() {
    // tracing caches the interest of subscribers for all threads, so a subscriber is only reliable in its own process.
    if std::env::var_os("SPECWRIGHT_TEST_ALONE").is_none() {
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        alone.args(["--exact", "tests::secrets::logs_describe_the_call_but_not_its_contents"]);
        let output = alone.env("SPECWRIGHT_TEST_ALONE", "1").output().unwrap();
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
        return;
    }
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        let answers = [Answer::new(503, KEY).header("retry-after", "0"), picture().header("x-request-id", "r-5")];
        let it = Setup::with(answers, |it| it.validation(Validation::Warn));
        it.send(Create("a private prompt")).unwrap();
        let it = Setup::new([wrapped_picture()]);
        it.send(Read("private-id")).unwrap();
    });
    let log = log.0.lock().unwrap().clone();
    let told = ["\"paint.create\"", "\"/paint/{id}\"", "attempt=2", "status=503", "status=200", "r-5", "max_length"];
    for text in told {
        assert!(log.contains(text), "{text} is missing: {log}");
    }
    silent("log", &log);
    assert!(!log.contains("private") && !log.contains("yes"), "{log}");
}
