//! Tests responses and events with values of other types than promised: the result is an error with the place, or a
//! response.

use std::sync::Arc;

use specwright_codegen::interpret::accumulate;

use super::*;
use crate::support::chain;

/// The replacement of a value.
fn strangers() -> [Value; 10] {
    [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(4096),
        json!("x"),
        json!([]),
        json!({}),
        json!([[[{"a": null}]]]),
        json!({"type": "nobody", "error": null, "index": {}}),
    ]
}

/// Pointers to all values below this one.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(nth, it)| places(it, &format!("{at}/{nth}"), out)),
        Value::Object(fields) => {
            for (name, it) in fields {
                places(it, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
}

/// The value with one to three values replaced or removed.
fn spoiled(mut value: Value, chance: &mut fastrand::Rng) -> Value {
    for _ in 0..chance.usize(1..4) {
        let mut all = Vec::new();
        places(&value, "", &mut all);
        let at = chance.choice(&all).unwrap();
        let parent = at.rsplit_once('/').and_then(|(parent, name)| Some((value.pointer_mut(parent)?, name)));
        match parent {
            Some((Value::Object(fields), name)) if chance.u8(..4) == 0 => {
                fields.remove(name);
            }
            _ => {
                let all = strangers();
                *value.pointer_mut(at).unwrap() = chance.choice(&all).unwrap().clone();
            }
        }
    }
    value
}

/// A server that sends the given bytes for each request in turn.
async fn saying(all: Vec<Vec<u8>>) -> ScriptedServer {
    let all = Arc::new(all);
    ScriptedServer::start(move |mut line| {
        let all = all.clone();
        async move {
            line.say(&all[line.before]).await;
        }
    })
    .await
}

#[tokio::test]
async fn events_of_wrong_types() {
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    for (nth, sample) in samples().iter().enumerate() {
        let mut chance = fastrand::Rng::with_seed(nth as u64);
        let all = (0..120).map(|_| {
            let mut events = sample.events.clone();
            for _ in 0..chance.usize(1..4) {
                let at = chance.usize(..events.len());
                events[at].1 = spoiled(events[at].1.clone(), &mut chance);
            }
            let manner = Manner { names: chance.bool(), ..PLAIN };
            // A damaged name is not repaired.
            let bytes = events.iter().fold(EVENTS.to_owned(), |mut out, (name, data)| {
                if manner.names && !name.is_empty() {
                    out.push_str(&format!("event: {name}\n"));
                }
                out.push_str(&format!("data: {data}\n\n"));
                out
            });
            let end = sample.stream.end_data.as_ref().map_or_else(String::new, |it| format!("data: {it}\n\n"));
            (bytes + &end).into_bytes()
        });
        let all: Vec<_> = all.collect();
        let server = saying(all.clone()).await;
        let setup = Setup::of(&server);
        for bytes in &all {
            let said = || String::from_utf8_lossy(bytes).into_owned();
            let sent = server.count();
            let errors = match (sample.drains)(&setup).await {
                Ok(it) => {
                    let fatal = it.errors.iter().find(|it| it.kind() != ErrorKind::Decode);
                    // If errors do not end the stream, the total decides on its own.
                    let whole = it.whole.as_ref().err().map(rt::Error::kind);
                    assert!(fatal.is_none() || fatal.map(rt::Error::kind) == whole, "{:?}: {}", it.errors, said());
                    it.errors.into_iter().chain(it.whole.err()).collect()
                }
                Err(error) => vec![error],
            };
            for error in errors {
                assert!(!error.to_string().is_empty());
                let known = matches!(error.kind(), ErrorKind::Decode | ErrorKind::Transport | ErrorKind::Api(_));
                assert!(known, "{error:?}: {}", said());
                let pointed = error.decode().is_none_or(|it| it.at.is_empty() || it.at.starts_with('/'));
                assert!(pointed, "{error:?}");
                *kinds.entry(format!("{:?}", error.kind())).or_default() += 1;
            }
            assert_eq!(server.count(), sent + 1, "{}", said());
        }
    }
    // Both kinds of failures occurred; otherwise nothing was tested.
    assert!(kinds["Decode"] > 100 && kinds["Transport"] > 20, "{kinds:?}");
}

type Sends = fn(&Setup) -> rt::BoxFuture<'static, rt::Result<String>>;

macro_rules! sends {
    ($api:ident, |$it:ident| $call:expr) => {
        |setup: &Setup| {
            let $it: $api::Client = setup.client($api::Client::builder().retry(rt::RetryPolicy::none()));
            Box::pin(async move { $call.send().await.map(|it| format!("{:?}", *it)) })
        }
    };
}

#[tokio::test]
async fn responses_of_wrong_types() {
    let all: [(&str, Sends); 5] = [
        (
            "claude.create_message",
            sends!(runapi, |it| it.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9)),
        ),
        ("gpt.chat", sends!(runapi, |it| it.gpt().chat().gpt_5_2().user("Hello"))),
        ("gpt.create_response", sends!(runapi, |it| it.gpt().create_response().gpt_5_4().input("Hello"))),
        ("gemini.chat", sends!(runapi, |it| it.gemini().chat().gemini_2_5_pro().user("Hello"))),
        ("chat.complete", sends!(runcrate, |it| it.chat().complete().model("m").user("Hello"))),
    ];
    let (mut good, mut bad) = (0, 0);
    for (nth, (operation, sends)) in all.iter().enumerate() {
        let sample = samples().iter().find(|it| it.operation == *operation).unwrap();
        let whole = accumulate::collect(&sample.stream, &sample.events).unwrap();
        let mut chance = fastrand::Rng::with_seed(nth as u64);
        let bodies: Vec<_> = (0..300).map(|_| spoiled(whole.clone(), &mut chance)).collect();
        let server = saying(bodies.iter().map(|it| format!("{JSON}{it}").into_bytes()).collect()).await;
        let setup = Setup::of(&server);
        for body in &bodies {
            match sends(&setup).await {
                Ok(_) => good += 1,
                Err(error) => {
                    bad += 1;
                    assert_eq!(error.body_json().as_ref(), Some(body));
                    if matches!(error.kind(), ErrorKind::Api(_)) {
                        // The damaged response looks like an error of the API; the original reason is its cause.
                        let is_said = |it: &Value| !it.is_null() && !it.is_boolean();
                        let said =
                            ["/error", "/message", "/code"].iter().any(|it| body.pointer(it).is_some_and(is_said));
                        assert!(said && chain(&error).contains("expected"), "{operation}, {body}: {error}");
                        continue;
                    }
                    assert_eq!(error.kind(), ErrorKind::Decode, "{operation}, {body}: {error}");
                    let found = error.decode().unwrap();
                    assert!(chain(&error).contains(found.expected), "{}", chain(&error));
                    // A missing value also has a place: its own.
                    let parent = found.at.rsplit_once('/').map_or("", |it| it.0);
                    assert!(body.pointer(parent).is_some(), "{operation}, {body}: {error}");
                }
            }
        }
    }
    assert!(good > 100 && bad > 100, "{good} were read, {bad} were not");
}
