//! Tests streams of generated clients: their events add up to the response in one piece, in whatever pieces they arrive.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

pub(crate) mod wire;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use specwright_codegen::interpret::accumulate;
use specwright_codegen::model;
use specwright_runtime as rt;

use crate::{apis, files, project};
use wire::{Manner, Played, written};

/// The result of a stream: all events, the text, and the total as JSON and as the type that it was read into.
type Brought = (usize, String, Value, String);
/// Streams an operation once, and reads the same response in one piece.
type Streams = fn(&Played) -> rt::BoxFuture<'static, rt::Result<Brought>>;

const MANNERS: [Manner; 4] = [
    Manner { line_end: "\n", names: true, noise: false },
    Manner { line_end: "\r\n", names: true, noise: true },
    Manner { line_end: "\r", names: true, noise: false },
    Manner { line_end: "\n", names: false, noise: true },
];

macro_rules! streams {
    ($client:expr, |$it:ident| $call:expr) => {
        |played: &Played| {
            let played = played.clone();
            Box::pin(async move {
                let builder = $client.transport(played).validation(rt::Validation::Off);
                let $it = builder.build()?;
                let mut n_events = 0;
                let mut stream = $call.stream().await?;
                while let Some(event) = stream.next().await {
                    event?;
                    n_events += 1;
                }
                let mut texts = $call.stream().await?;
                let mut text = String::new();
                while let Some(more) = texts.next_text().await {
                    text.push_str(&more?);
                }
                let whole = stream.collect().await?;
                Ok((n_events, text, whole.raw().clone(), format!("{:?}", *whole)))
            })
        }
    };
}

fn key<C>(builder: rt::ClientBuilder<C>) -> rt::ClientBuilder<C> {
    builder.api_key("key")
}

#[tokio::test]
async fn studio() {
    let all: [(&str, Streams); 3] = [
        ("talk.chat", streams!(key(studio::Client::builder()), |it| it.talk().chat().any())),
        ("talk.write", streams!(key(studio::Client::builder()), |it| it.talk().write().user("Rain?").most(5))),
        (
            "talk.pour",
            streams!(key(studio::Client::builder()), |it| it
                .talk()
                .pour(studio::talk::PourModel::Spring1)
                .contents(["Hello"])),
        ),
    ];
    check(&project::folder(), "studio", &all).await;
}

#[tokio::test]
async fn runapi() {
    let all: [(&str, Streams); 5] = [
        ("claude.create_message", streams!(key(runapi::Client::builder()), |it| it.claude().create_message().any())),
        ("gpt.chat", streams!(key(runapi::Client::builder()), |it| it.gpt().chat().any())),
        ("gpt.create_response", streams!(key(runapi::Client::builder()), |it| it.gpt().create_response().any())),
        ("gemini.chat", streams!(key(runapi::Client::builder()), |it| it.gemini().chat().any())),
        (
            "gemini.stream_contents",
            streams!(key(runapi::Client::builder()), |it| it
                .gemini()
                .stream_contents()
                .gemini_3_5_flash()
                .user("Hello")),
        ),
    ];
    check(&files::root(), "runapi", &all).await;
}

#[tokio::test]
async fn runcrate() {
    let all: [(&str, Streams); 1] = [(
        "chat.complete",
        streams!(key(runcrate::Client::builder()), |it| it.chat().complete().model("m").user("Hello")),
    )];
    check(&files::root(), "runcrate", &all).await;
}

/// Checks that `all` contains every operation whose stream has a total, and sends every example with events in every
/// notation, at once and in pieces.
async fn check(folder: &Path, name: &str, all: &[(&str, Streams)]) {
    let api = apis::of(folder, name);
    let collected = |it: &&Arc<model::Operation>| it.stream.as_ref().is_some_and(|it| it.collect.is_some());
    let wanted: BTreeSet<String> = api.operations.iter().filter(collected).map(|it| it.full_name(api)).collect();
    let tried: BTreeSet<String> = all.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(wanted, tried, "operations whose events add up to an answer");
    for (operation, streams) in all {
        let op = api.operations.iter().find(|it| it.full_name(api) == *operation).unwrap();
        let stream = op.stream.as_ref().unwrap();
        let examples: Vec<_> = op.examples.iter().filter(|it| !it.events.is_empty()).collect();
        assert!(!examples.is_empty(), "`{operation}` has no example with events");
        for example in examples {
            let name = &example.name;
            let second = accumulate::collect(stream, &example.events).unwrap();
            let mut read = BTreeSet::new();
            for (manner, piece) in MANNERS.iter().flat_map(|it| [(it, 1), (it, 7), (it, usize::MAX >> 1)]) {
                let bytes = Arc::new(written(stream, &example.events, *manner));
                let played = Played { kind: "text/event-stream; charset=utf-8", bytes, piece };
                let what = format!("{operation}, `{name}`, {manner:?}, pieces of {piece}");
                let brought = streams(&played).await.unwrap_or_else(|error| panic!("{what}: {error}"));
                let (n_events, text, whole, debug) = brought;
                assert_eq!(n_events, example.events.len(), "{what}");
                assert_eq!(whole, second, "{what}: the runtime and the second implementation of `collect`");
                read.insert((text, debug));
            }
            assert_eq!(read.len(), 1, "{operation}, `{name}`: {read:?}");
            damaged::check(stream, operation, *streams, &example.events).await;
        }
    }
}

/// Checks that both implementations of `collect` have the same result for randomly damaged events of an example.
mod damaged {
    use super::*;
    use crate::differential::RandomSource;

    fn damage(chance: &mut RandomSource, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                let names: Vec<String> = fields.keys().cloned().collect();
                for name in names {
                    if chance.one_in(25) {
                        fields.remove(&name);
                    } else if let Some(inner) = fields.get_mut(&name) {
                        damage(chance, inner);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|it| damage(chance, it)),
            _ => {}
        }
        if chance.one_in(20) {
            let others = [
                Value::Null,
                1.into(),
                0.into(),
                3.into(),
                2.0.into(),
                "7".into(),
                "".into(),
                true.into(),
                Value::Array(vec![Value::Null, "a".into()]),
                serde_json::json!({"index": 1, "text": "b"}),
            ];
            *value = others[chance.below(others.len())].clone();
        }
    }

    /// Damaged examples in any order. The event that ends the stream stays last.
    pub(super) async fn check(stream: &model::Stream, operation: &str, streams: Streams, events: &[(String, Value)]) {
        let mut chance = RandomSource::new(operation);
        for _ in 0..300 {
            let mut events = events.to_vec();
            let ends = events.pop().unwrap();
            for _ in 0..chance.below(4) {
                let (from, to) = (chance.below(events.len().max(1)), chance.below(events.len().max(1)));
                if let Some(event) = events.get(from).cloned() {
                    events.insert(to, event);
                }
            }
            events.iter_mut().for_each(|it| damage(&mut chance, &mut it.1));
            events.push(ends);
            if stream.error.as_ref().is_some_and(|at| events.iter().any(|it| it.1.pointer(at).is_some())) {
                continue;
            }
            let bytes = Arc::new(written(stream, &events, MANNERS[0]));
            let played = Played { kind: "text/event-stream", bytes, piece: 64 };
            agree(stream, operation, &events, streams(&played).await);
        }
    }

    /// Checks that the second implementation has the same verdict as a client, also if the total is not a valid response.
    /// Returns whether there is a total, or `None` if the client could not read an event.
    pub(super) fn agree(
        stream: &model::Stream,
        operation: &str,
        events: &[(String, Value)],
        found: rt::Result<Brought>,
    ) -> Option<bool> {
        let second = accumulate::total(stream, events).unwrap();
        let shown = || format!("{operation}: {}", serde_json::json!(events));
        let whole = match found {
            Ok((_, _, whole, _)) => whole,
            Err(error) if error.message().contains("add up to") => error.body_json().unwrap(),
            Err(error) if error.message().contains("was lost") => {
                let lost = second.lost.unwrap_or_else(|| panic!("{error}: {}", shown()));
                let nth = format!("event {} ", lost.event + 1);
                assert!(error.message().starts_with(&nth), "{error}, {lost:?}: {}", shown());
                assert_eq!(error.decode().unwrap().at, lost.at, "{error}: {}", shown());
                return Some(false);
            }
            // An event of the wrong type.
            Err(_) => return None,
        };
        assert_eq!((&whole, None), (&second.whole, second.lost), "{}", shown());
        Some(true)
    }
}

/// Checks that both implementations treat tool calls with random positions, ids, names and arguments in the same way.
#[tokio::test]
async fn random_calls() {
    let api = apis::of(&files::root(), "runcrate");
    let op = api.operations.iter().find(|it| it.full_name(api) == "chat.complete").unwrap();
    let stream = op.stream.as_ref().unwrap();
    let streams: Streams =
        streams!(key(runcrate::Client::builder()), |it| it.chat().complete().model("m").user("Hello"));
    let none = serde_json::json!({"none": true});
    let all = |values: Value| values.as_array().unwrap().clone();
    let fields = [
        ("index", all(serde_json::json!([none, none, none, null, "", 0, 0, 1, 1.0, 2, -1, "0"]))),
        ("id", all(serde_json::json!([none, none, null, "", "a", "a", "b", 7]))),
        ("name", all(serde_json::json!([none, none, "", "p", "p", "q"]))),
        ("arguments", all(serde_json::json!([none, "", " ", "{", "}", "{}", "\"", "\\", "{\"a\":1}", "x", {}, 1]))),
    ];
    let mut chance = crate::differential::RandomSource::new("calls");
    let mut seen = [0, 0];
    for _ in 0..1500 {
        let mut events = Vec::new();
        for _ in 0..=chance.below(5) {
            let mut calls = Vec::new();
            for _ in 0..=chance.below(3) {
                let mut call = serde_json::Map::new();
                let mut function = serde_json::Map::new();
                for (name, values) in &fields {
                    let value = &values[chance.below(values.len())];
                    if *value != none {
                        let of = if matches!(*name, "index" | "id") { &mut call } else { &mut function };
                        of.insert((*name).to_owned(), value.clone());
                    }
                }
                let place = if chance.one_in(8) { "custom" } else { "function" };
                call.insert(place.to_owned(), function.into());
                calls.push(call);
            }
            let choice = serde_json::json!({"index": chance.below(2), "delta": {"tool_calls": calls}});
            events.push((String::new(), serde_json::json!({"id": "c", "choices": [choice]})));
        }
        let bytes = Arc::new(written(stream, &events, MANNERS[0]));
        let played = Played { kind: "text/event-stream", bytes, piece: 64 };
        let agreed = damaged::agree(stream, "chat.complete", &events, streams(&played).await);
        seen[usize::from(agreed.expect("all events can be read"))] += 1;
    }
    assert!(seen.iter().all(|it| *it > 200), "{seen:?}");
}
