//! No secret is shown, wherever one looks.

use super::*;

fn silent(what: &str, text: &str) {
    assert!(!text.contains("very-secret"), "{what} shows the key: {text}");
}

#[test]
fn nothing_that_prints_shows_the_key() {
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
