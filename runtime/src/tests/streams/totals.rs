//! What events add up to.

use serde_json::json;

use super::specs::{ALL, CHUNKS, CHUNKS_TEXT, CHUNKS_WHOLE, NAMED, PARTS};
use super::*;
use crate::stream::fold::{Folded, Unfit};
use crate::stream::{Step, StreamSpec, Verb};

#[test]
fn the_total_is_the_answer_without_a_stream() {
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
fn a_total_that_is_not_what_the_api_promises_is_told() {
    let it = Streams::new([vec![Piece::from("data: 1\n\ndata: [DONE]\n\n")]]);
    static NUMBER: StreamSpec = StreamSpec {
        fold: &[crate::stream::Fold { event: "", steps: &[Step { verb: Verb::Set, from: "", into: "" }] }],
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
    fold: &[],
};

/// What these steps make of these events.
fn fold(steps: &'static [Step], events: &[Value]) -> Value {
    let mut folded = Folded::new(1_000_000);
    for event in events {
        folded.add(steps, event).unwrap();
    }
    folded.finish()
}

#[test]
fn every_verb() {
    const SET: &[Step] = &[Step { verb: Verb::Set, from: "/a", into: "/x/y" }];
    assert_eq!(fold(SET, &[json!({"a": 1}), json!({"a": null}), json!({})]), json!({"x": {"y": 1}}));
    assert_eq!(fold(SET, &[json!({"a": 1}), json!({"a": [2]})]), json!({"x": {"y": [2]}}));
    const CONST: &[Step] = &[Step { verb: Verb::Const("[1]"), from: "/none", into: "/x" }];
    assert_eq!(fold(CONST, &[json!({}), json!(null)]), json!({"x": [1]}));
    const APPEND: &[Step] = &[Step { verb: Verb::Append, from: "/a", into: "/x/{i}/1" }];
    assert_eq!(
        fold(
            APPEND,
            &[json!({"a": "p", "i": "k"}), json!({"a": "q", "i": "k"}), json!({"a": "r"}), json!({"a": 1, "i": "k"})]
        ),
        json!({"x": {"k": ["pq"]}}),
        "a hole is no item"
    );
    const MERGE: &[Step] = &[Step { verb: Verb::Merge, from: "/a", into: "/x" }];
    assert_eq!(
        fold(
            MERGE,
            &[json!({"a": {"p": 1, "q": {"r": 1}}}), json!({"a": {"p": null, "q": {"s": 2}}}), json!({"a": 5})]
        ),
        json!({"x": {"p": 1, "q": {"s": 2}}})
    );
    const CONCAT: &[Step] = &[Step { verb: Verb::Concat(None), from: "/a", into: "/x" }];
    assert_eq!(
        fold(
            CONCAT,
            &[json!({"a": [1, null]}), json!({"a": []}), json!({"a": [2]}), json!({"a": {"b": 3}}), json!({"a": 4})]
        ),
        json!({"x": [1, null, 2, {"b": 3}]}),
        "one object is an item, too"
    );
    const JOIN: &[Step] = &[Step { verb: Verb::Concat(Some("t")), from: "/a", into: "/x" }];
    let parts = json!([{"t": "a"}, {"t": "b"}, {"t": "c", "k": 1}, {"t": "d", "k": 1}, {"t": "e", "k": 2}, {"f": 1}, {"f": 1}, {"t": "g"}, {"t": 1}, {"t": 1}, 5]);
    assert_eq!(
        fold(JOIN, &[json!({"a": parts})]),
        json!({"x": [{"t": "ab"}, {"t": "cd", "k": 1}, {"t": "e", "k": 2}, {"f": 1}, {"f": 1}, {"t": "g"}, {"t": 1}, {"t": 1}, 5]})
    );
}

#[test]
fn items_without_a_position_get_one() {
    const STEPS: &[Step] = &[Step {
        verb: Verb::Numbered {
            at: "i",
            begins: "/f/n",
            steps: &[
                Step { verb: Verb::Append, from: "/f/n", into: "/{i}/n" },
                Step { verb: Verb::Append, from: "/f/a", into: "/{i}/a" },
            ],
        },
        from: "/c",
        into: "/x/{k}",
    }];
    let item = |n: &str, a: &str| json!({"f": {"n": n, "a": a}});
    let event = |items: Value| json!({"k": 0, "c": items});
    for (events, wanted) in [
        // One after another, and two at once.
        (
            vec![event(json!([item("p", "1")])), event(json!([item("q", "2")]))],
            json!([{"n": "p", "a": "1"}, {"n": "q", "a": "2"}]),
        ),
        (vec![event(json!([item("p", "1"), item("q", "2")]))], json!([{"n": "p", "a": "1"}, {"n": "q", "a": "2"}])),
        // What has no name goes on with the last.
        (
            vec![
                event(json!([item("p", "1"), item("q", "2")])),
                event(json!([item("", "3"), {"i": null, "f": {"a": "4"}}])),
            ],
            json!([{"n": "p", "a": "1"}, {"n": "q", "a": "234"}]),
        ),
        (vec![event(json!([{"f": {"a": "1"}}]))], json!([{"a": "1"}])),
        // A position that is told counts.
        (
            vec![
                event(json!([{"i": 1, "f": {"n": "q"}}, {"i": 0, "f": {"n": "p"}}])),
                event(json!([item("r", "3"), {"i": 0, "f": {"a": "1"}}])),
            ],
            json!([{"n": "p", "a": "1"}, {"n": "q"}, {"n": "r", "a": "3"}]),
        ),
    ] {
        assert_eq!(fold(STEPS, &events), json!({"x": [wanted]}), "{events:?}");
    }
    assert_eq!(fold(STEPS, &[event(json!([5, null, "p"])), json!({"c": [item("p", "1")]})]), Value::Null);
    let full: Vec<_> = (0..=4096).map(|_| item("p", "")).collect();
    assert_eq!(Folded::new(1_000_000).add(STEPS, &event(json!(full))), Err(Unfit::Range("i")));
}

#[test]
fn texts_of_json_are_read_in_the_end() {
    const STEPS: &[Step] = &[
        Step { verb: Verb::Set, from: "/set", into: "/{i}" },
        Step { verb: Verb::Json, from: "/json", into: "/{i}/in" },
        Step { verb: Verb::Set, from: "/all", into: "" },
    ];
    for (events, wanted) in [
        (vec![json!({"i": 0, "json": "{\"a\""}), json!({"i": 0, "json": ": [1]}"})], json!([{"in": {"a": [1]}}])),
        (vec![json!({"i": 0, "set": {"in": {}}}), json!({"i": 0, "json": ""})], json!([{"in": {}}])),
        (vec![json!({"i": 0, "set": {"in": {"x": 1}}})], json!([{"in": {"x": 1}}])),
        (vec![json!({"i": 0, "set": {"in": {"x": 1}}}), json!({"i": 0, "json": "7"})], json!([{"in": 7}])),
        (vec![json!({"i": 0, "json": "{\"a\""})], json!([{"in": "{\"a\""}])),
        // Behind holes, which move what follows.
        (vec![json!({"i": 3, "json": "[]"}), json!({"i": 1, "json": "{}"})], json!([{"in": {}}, {"in": []}])),
        // What is replaced is what it is.
        (vec![json!({"i": 0, "json": "{}"}), json!({"i": 0, "set": {"in": "{}"}})], json!([{"in": "{}"}])),
        (vec![json!({"i": 1, "json": "{}"}), json!({"all": [null, {"in": "{}"}]})], json!([null, {"in": "{}"}])),
    ] {
        assert_eq!(fold(STEPS, &events), wanted, "{events:?}");
    }
}

#[test]
fn positions_have_a_range() {
    const STEPS: &[Step] = &[Step { verb: Verb::Append, from: "/a", into: "/x/{i}/{j}" }];
    for (event, wanted) in [
        (json!({"a": "t", "i": 4096, "j": 0}), Some("i")),
        (json!({"a": "t", "i": -1, "j": 0}), Some("i")),
        (json!({"a": "t", "i": 0.5, "j": 0}), Some("i")),
        (json!({"a": "t", "i": 1e300, "j": 0}), Some("i")),
        (json!({"a": "t", "i": 0, "j": u64::MAX}), Some("j")),
        (json!({"a": "t", "i": 4095, "j": 4095.0}), None),
        (json!({"a": "t", "i": [], "j": 0}), None),
    ] {
        let mut folded = Folded::new(1_000_000);
        let found = folded.add(STEPS, &event);
        assert_eq!(found, wanted.map_or(Ok(()), |it| Err(Unfit::Range(it))), "{event}");
    }
    let text = "data: {\"choices\":[{\"index\":5000,\"delta\":{}}]}\n\ndata: {\"id\":\"c\"}\n\ndata: [DONE]\n\n";
    let it = Streams::new([vec![Piece::from(text)]]);
    let mut stream = it.open(&CHUNKS).unwrap();
    let error = it.next(&mut stream).unwrap().unwrap_err();
    assert_eq!((error.kind(), error.decode().unwrap().at.as_str()), (ErrorKind::Decode, "/index"));
    assert!(it.next(&mut stream).unwrap().is_ok());
    assert!(it.next(&mut stream).is_none());
}

#[test]
fn holes_cost_what_they_take() {
    // Each event makes a list of 4096 items out of thirty bytes.
    const STEPS: &[Step] = &[Step { verb: Verb::Set, from: "/v", into: "/{i}/4095" }];
    let mut folded = Folded::new(1_000_000);
    let fits = (0..4096).take_while(|i| folded.add(STEPS, &json!({"i": i, "v": 1})).is_ok()).count();
    assert!((40..60).contains(&fits), "{fits}");
}

#[test]
fn totals_have_a_limit() {
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
fn replacing_does_not_count_twice() {
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

/// Whatever stands where: nothing panics, and the sum of good events is good.
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
                    let mut folded = Folded::new(10_000);
                    for other in &events {
                        let mut other = other.clone();
                        if &other == event {
                            *other.pointer_mut(&place).unwrap() = wrong.clone();
                        }
                        for fold in spec.fold {
                            // Under any name: servers mix them up.
                            let _ = folded.add(fold.steps, &other);
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

/// The same long key again and again must not be kept again and again.
#[test]
fn notes_have_a_limit_too() {
    const STEPS: &[Step] = &[Step { verb: Verb::Json, from: "/v", into: "/{k}/{i}" }];
    const HOLES: &[Step] = &[Step { verb: Verb::Set, from: "/v", into: "/{k}/{i}/1" }];
    let key = "k".repeat(10_000);
    for steps in [STEPS, HOLES] {
        let mut folded = Folded::new(100_000);
        let fits = (0..4096).take_while(|i| folded.add(steps, &json!({"k": key, "i": i, "v": "{}"})).is_ok()).count();
        assert!((5..10).contains(&fits), "{fits}");
    }
    // What is forgotten is not counted.
    const RESET: &[Step] =
        &[Step { verb: Verb::Json, from: "/v", into: "/{k}/0" }, Step { verb: Verb::Set, from: "/k", into: "" }];
    let mut folded = Folded::new(100_000);
    assert!((0..100).all(|_| folded.add(RESET, &json!({"k": key, "v": "{}"})).is_ok()));
}
