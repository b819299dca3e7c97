//! Tests the totals of events.

use serde_json::json;

use super::specs::{ALL, CHUNKS, CHUNKS_TEXT, CHUNKS_WHOLE, NAMED, PARTS};
use super::*;
use crate::stream::accumulate::{Accumulator, TypeMismatch};
use crate::stream::part::EventPart;
use crate::stream::{CollectStep, StreamSpec, Verb};

#[test]
fn the_total_equals_the_response_without_a_stream() {
    for (spec, text, whole, _) in ALL {
        let whole: Value = serde_json::from_str(whole).unwrap();
        for consumed in [0, 1, 3, usize::MAX] {
            let it = Streams::new([cut(text.as_bytes(), 13)]);
            let mut stream = it.open(spec).unwrap();
            for _ in 0..consumed {
                if it.next(&mut stream).is_none() {
                    break;
                }
            }
            assert!(!stream.partial().is_null());
            let total = it.clock.run(stream.collect()).unwrap();
            assert_eq!(*total, Whole(whole.clone()));
            assert_eq!((total.raw(), total.status().as_u16()), (&whole, 200));
            assert_eq!((total.request_id(), total.attempts()), (Some("req-1"), 1));
            assert_eq!(it.opened(), 0);
        }
    }
}

#[test]
fn a_total_of_another_type_is_an_error() {
    let it = Streams::new([vec![Piece::from("data: 1\n\ndata: [DONE]\n\n")]]);
    static NUMBER: StreamSpec = StreamSpec {
        collect: &[crate::stream::CollectRule {
            event: "",
            steps: &[CollectStep { verb: Verb::Set, from: "", into: "" }],
        }],
        ..PLAIN
    };
    let error = it.clock.run(it.open(&NUMBER).unwrap().collect()).unwrap_err();
    assert!(error.is_decode());
    assert_eq!((error.body_text().as_ref(), error.decode().unwrap().found), ("1", "a number"));
}

const PLAIN: StreamSpec = StreamSpec {
    named: false,
    name: None,
    end_data: Some("[DONE]"),
    error_events: &[],
    error: None,
    states: &[],
    text: &[],
    collect: &[],
};

fn add(folded: &mut Accumulator, steps: &'static [CollectStep], event: &Value) -> Result<(), TypeMismatch> {
    folded.add(steps, EventPart::new(event, None))
}

#[test]
fn holes_count_towards_the_limit() {
    // Each event of thirty bytes creates a list of 4096 items.
    const STEPS: &[CollectStep] = &[CollectStep { verb: Verb::Set, from: "/v", into: "/{i}/4095" }];
    let mut folded = Accumulator::new(1_000_000);
    let fits = (0..4096).take_while(|i| add(&mut folded, STEPS, &json!({"i": i, "v": 1})).is_ok()).count();
    assert!((40..60).contains(&fits), "{fits}");
}

#[test]
fn totals_are_limited() {
    let delta = format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": "x".repeat(1000)}}]}));
    let pieces: Vec<_> = (0..100).map(|_| Piece::from(delta.as_str())).collect();
    let it = Streams::with([sse(pieces)], |it| it.max_answer_bytes(10_000));
    let mut stream = it.open(&CHUNKS).unwrap();
    let (events, error) = it.drain(&mut stream);
    let error = error.unwrap();
    assert_eq!((events.len(), error.kind()), (9, ErrorKind::AnswerTooLarge));
    assert!(error.message().contains("max_answer_bytes"), "{error}");
    assert_eq!(it.opened(), 0);
    assert_eq!(stream.partial().pointer("/choices/0/message/content").unwrap().as_str().unwrap().len(), 9000);
}

#[test]
fn replaced_values_count_once() {
    let chunk = format!("data: {}\n\n", json!({"usageMetadata": {"note": "x".repeat(6000)}}));
    let it = Streams::with([sse((0..50).map(move |_| Piece::from(chunk.as_str())))], |it| it.max_answer_bytes(10_000));
    let total = it.clock.run(it.open(&PARTS).unwrap().collect()).unwrap();
    assert!(total.raw()["usageMetadata"]["note"].is_string());
}

/// Copying the text for each delta would be 60 GB here.
#[test]
fn twenty_thousand_deltas() {
    let word = "word ".repeat(120);
    let text = json!({"type": "content_block_delta", "index": 0, "delta": {"text": word, "partial_json": null}});
    let spaces = " ".repeat(600);
    let json = json!({"type": "content_block_delta", "index": 1, "delta": {"partial_json": spaces}});
    let deltas = format!("data: {text}\n\ndata: {json}\n\n");
    let start = "event: message_start\ndata: {\"message\":{\"content\":[]}}\n\n";
    let pieces = std::iter::once(Piece::from(start))
        .chain((0..10_000).map(move |_| Piece::from(deltas.as_str())))
        .chain([Piece::from("event: message_stop\ndata: {}\n\n")]);
    let it = Streams::with([sse(pieces)], |it| it);
    let total = it.clock.run(it.open(&NAMED).unwrap().collect()).unwrap();
    assert_eq!(total.raw()["content"][0]["text"].as_str().unwrap().len(), 6_000_000);
    assert_eq!(total.raw()["content"][1]["input"], json!({}));
}

#[test]
fn junk_for_events() {
    for (spec, text, ..) in ALL {
        for junk in ["null", "0", "\"x\"", "[]", "[[]]", "{}", "{\"error\":0}", "\u{0}", "{\"choices\":{}}"] {
            let junk = format!("data: {junk}\n\n");
            let it = Streams::new([vec![Piece::from(junk.as_str()), Piece::from(text)]]);
            match it.open(spec) {
                Ok(mut stream) => while it.next(&mut stream).is_some() {},
                Err(error) => assert!(junk.contains("error"), "{error}"),
            }
            assert_eq!(it.opened(), 0);
        }
    }
}

/// For any values at any place, nothing panics, and the total of valid events is valid.
#[test]
fn wrong_types_everywhere() {
    let junk =
        [json!(null), json!(true), json!(-1), json!("x"), json!([]), json!([[1], null]), json!({}), json!({"a": {}})];
    for (spec, text, ..) in ALL {
        let events: Vec<Value> =
            text.lines().filter_map(|it| serde_json::from_str(it.strip_prefix("data: ")?).ok()).collect();
        for event in &events {
            for place in places(event) {
                for wrong in &junk {
                    let mut folded = Accumulator::new(10_000);
                    for other in &events {
                        let mut other = other.clone();
                        if &other == event {
                            *other.pointer_mut(&place).unwrap() = wrong.clone();
                        }
                        for fold in spec.collect {
                            // Under any name, because servers mix them up.
                            let _ = add(&mut folded, fold.steps, &other);
                        }
                    }
                    folded.finish();
                }
            }
        }
    }
}

fn places(value: &Value) -> Vec<String> {
    let below =
        |key: &str, value: &Value| places(value).into_iter().map(|it| format!("/{key}{it}")).collect::<Vec<_>>();
    let mut out = vec![String::new()];
    match value {
        Value::Object(map) => out.extend(map.iter().flat_map(|it| below(it.0, it.1))),
        Value::Array(items) => out.extend(items.iter().enumerate().flat_map(|it| below(&it.0.to_string(), it.1))),
        _ => {}
    }
    out
}

#[test]
fn unknown_events_and_fields_change_nothing() {
    let whole: Value = serde_json::from_str(CHUNKS_WHOLE).unwrap();
    let text = CHUNKS_TEXT.replacen("\n\n", "\n\ndata: {\"new\": [1]}\n\nevent: news\ndata: {\"x\": 1}\n\n", 1);
    let it = Streams::new([vec![Piece::from(text.as_str())]]);
    assert_eq!(it.clock.run(it.open(&CHUNKS).unwrap().collect()).unwrap().raw(), &whole);
}

/// The same long key must not be stored repeatedly.
#[test]
fn notes_are_limited_too() {
    const STEPS: &[CollectStep] = &[CollectStep { verb: Verb::Json, from: "/v", into: "/{k}/{i}" }];
    const HOLES: &[CollectStep] = &[CollectStep { verb: Verb::Set, from: "/v", into: "/{k}/{i}/1" }];
    let key = "k".repeat(10_000);
    for steps in [STEPS, HOLES] {
        let mut folded = Accumulator::new(100_000);
        let fits =
            (0..4096).take_while(|i| add(&mut folded, steps, &json!({"k": key, "i": i, "v": "{}"})).is_ok()).count();
        assert!((5..10).contains(&fits), "{fits}");
    }
    // Dropped notes are not counted.
    const RESET: &[CollectStep] = &[
        CollectStep { verb: Verb::Json, from: "/v", into: "/{k}/0" },
        CollectStep { verb: Verb::Set, from: "/r", into: "" },
    ];
    let mut folded = Accumulator::new(100_000);
    assert!((0..100).all(|_| add(&mut folded, RESET, &json!({"k": key, "v": "{}", "r": {"a": 1}})).is_ok()));
}
