//! Tests each step, also with values that it does not accept.

use serde_json::json;

use super::*;
use crate::stream::accumulate::{Accumulator, TypeMismatch};
use crate::stream::part::EventPart;
use crate::stream::{CollectStep, Verb};

/// The total of these steps and events, and the place of the first part that does not fit.
fn fold(steps: &'static [CollectStep], events: &[Value]) -> (Value, Option<String>) {
    let mut folded = Accumulator::new(1_000_000);
    let mut lost = None;
    for event in events {
        match folded.add(steps, EventPart::new(event, None)) {
            Ok(()) => {}
            Err(TypeMismatch::Part(error)) => {
                lost.get_or_insert(error.to_string());
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    (folded.finish(), lost)
}

#[track_caller]
fn check(steps: &'static [CollectStep], events: &[Value], wanted: Value) {
    assert_eq!(fold(steps, events), (wanted, None), "{events:?}");
}

/// As [`check`], with the place of the lost part and what was expected there.
#[track_caller]
fn loses(steps: &'static [CollectStep], events: &[Value], wanted: Value, words: &str) {
    let (whole, lost) = fold(steps, events);
    assert_eq!((whole, lost.as_deref()), (wanted, Some(words)), "{events:?}");
}

#[test]
fn set_replaces_with_values_that_are_not_empty() {
    const SET: &[CollectStep] = &[CollectStep { verb: Verb::Set, from: "/a", into: "/x/y" }];
    check(SET, &[json!({"a": 1}), json!({"a": null}), json!({})], json!({"x": {"y": 1}}));
    check(SET, &[json!({"a": 1}), json!({"a": [2]})], json!({"x": {"y": [2]}}));
    check(SET, &[json!({"a": "b"}), json!({"a": ""})], json!({"x": {"y": "b"}}));
    check(SET, &[json!({"a": [1]}), json!({"a": []}), json!({"a": {}})], json!({"x": {"y": [1]}}));
    check(SET, &[json!({"a": ""})], json!({"x": {"y": ""}}));
    check(SET, &[json!({"a": ""}), json!({"a": false}), json!({"a": ""})], json!({"x": {"y": false}}));
    check(SET, &[json!({"a": ""}), json!({"a": "b"}), json!({"a": "c"})], json!({"x": {"y": "c"}}));
}

#[test]
fn first_keeps_the_first_value() {
    const FIRST: &[CollectStep] = &[CollectStep { verb: Verb::First, from: "/a", into: "/x" }];
    check(FIRST, &[json!({"a": "b"}), json!({"a": "c"}), json!({"a": ""})], json!({"x": "b"}));
    check(FIRST, &[json!({"a": ""}), json!({"a": null}), json!({"a": "b"}), json!({"a": "c"})], json!({"x": "b"}));
    check(FIRST, &[json!({"a": ""})], json!({"x": ""}));
    check(FIRST, &[json!({"a": 0}), json!({"a": 1})], json!({"x": 0}));
}

#[test]
fn const_is_set_where_nothing_is_yet() {
    const CONST: &[CollectStep] = &[CollectStep { verb: Verb::Const("[1]"), from: "", into: "/x" }];
    check(CONST, &[json!({}), json!({"a": 1})], json!({"x": [1]}));
    const BESIDE: &[CollectStep] = &[
        CollectStep { verb: Verb::Set, from: "/kind", into: "/kind" },
        CollectStep { verb: Verb::Const("\"f\""), from: "/f", into: "/kind" },
        CollectStep { verb: Verb::Const("\"g\""), from: "/g", into: "/kind" },
    ];
    check(BESIDE, &[json!({})], Value::Null);
    check(BESIDE, &[json!({"f": {}}), json!({"g": 1})], json!({"kind": "f"}));
    check(BESIDE, &[json!({"g": null}), json!({"g": 1}), json!({"kind": ""})], json!({"kind": "g"}));
    check(BESIDE, &[json!({"kind": "h", "f": 1}), json!({"f": 1})], json!({"kind": "h"}));
}

#[test]
fn append_takes_text() {
    const APPEND: &[CollectStep] = &[CollectStep { verb: Verb::Append, from: "/a", into: "/x/{i}/1" }];
    let text = |text: Value| json!({"a": text, "i": "k"});
    check(APPEND, &[text(json!("p")), text(json!("")), text(json!("q"))], json!({"x": {"k": ["pq"]}}));
    check(APPEND, &[text(json!("p")), text(Value::Null), text(json!([])), text(json!({}))], json!({"x": {"k": ["p"]}}));
    let whole = json!({"x": {"k": ["pq"]}});
    for (wrong, words) in [
        (text(json!(1)), "expected a string at /a, found a number"),
        (text(json!([{"text": "p"}])), "expected a string at /a, found an array"),
        (text(json!({"text": "p"})), "expected a string at /a, found an object"),
        (json!({"a": "r"}), "expected a position or a key at /i, found nothing"),
        (json!({"a": "r", "i": []}), "expected a position or a key at /i, found an array"),
    ] {
        loses(APPEND, &[text(json!("p")), wrong, text(json!("q"))], whole.clone(), words);
    }
}

#[test]
fn values_in_the_way_are_reported() {
    const SET_AND_APPEND: &[CollectStep] = &[
        CollectStep { verb: Verb::Set, from: "/s", into: "/x" },
        CollectStep { verb: Verb::Append, from: "/a", into: "/x/y" },
        CollectStep { verb: Verb::Concat(None), from: "/c", into: "/x" },
        CollectStep { verb: Verb::Merge, from: "/m", into: "/x" },
        CollectStep { verb: Verb::Set, from: "/t", into: "/t" },
    ];
    let words =
        |at: &str, found: &str| format!("expected a value that fits the earlier events at /{at}, found {found}");
    for (key, value, found) in
        [("a", json!("p"), "a string"), ("c", json!([1]), "an array"), ("m", json!({"n": 1}), "an object")]
    {
        // The later steps still run.
        let event = json!({key: value, "t": 1});
        loses(SET_AND_APPEND, &[json!({"s": "text"}), event], json!({"x": "text", "t": 1}), &words(key, found));
    }
    loses(
        SET_AND_APPEND,
        &[json!({"s": {"y": 1}}), json!({"a": "p"})],
        json!({"x": {"y": 1}}),
        &words("a", "a string"),
    );
}

#[test]
fn merge_sets_fields_that_are_not_empty() {
    const MERGE: &[CollectStep] = &[CollectStep { verb: Verb::Merge, from: "/a", into: "/x" }];
    check(
        MERGE,
        &[
            json!({"a": {"p": 1, "q": {"r": 1}, "s": [1], "t": ""}}),
            json!({"a": {"p": null, "q": {"s": 2}, "s": [], "t": ""}}),
            json!({"a": ""}),
        ],
        json!({"x": {"p": 1, "q": {"s": 2}, "s": [1], "t": ""}}),
    );
    loses(MERGE, &[json!({"a": {}}), json!({"a": 5})], json!({"x": {}}), "expected an object at /a, found a number");
}

#[test]
fn concat_adds_items() {
    const CONCAT: &[CollectStep] = &[CollectStep { verb: Verb::Concat(None), from: "/a", into: "/x" }];
    // A single object counts as an item.
    let events =
        [json!({"a": [1, null]}), json!({"a": []}), json!({"a": [2]}), json!({"a": {"b": 3}}), json!({"a": ""})];
    check(CONCAT, &events, json!({"x": [1, null, 2, {"b": 3}]}));
    loses(
        CONCAT,
        &[json!({"a": [1]}), json!({"a": 4})],
        json!({"x": [1]}),
        "expected an array or an object at /a, found a number",
    );
    const JOIN: &[CollectStep] = &[CollectStep { verb: Verb::Concat(Some("t")), from: "/a", into: "/x" }];
    let parts = json!([{"t": "a"}, {"t": "b"}, {"t": "c", "k": 1}, {"t": "d", "k": 1}, {"t": "e", "k": 2}, {"f": 1}, {"f": 1}, {"t": "g"}, {"t": 1}, {"t": 1}, 5]);
    check(
        JOIN,
        &[json!({"a": parts})],
        json!({"x": [{"t": "ab"}, {"t": "cd", "k": 1}, {"t": "e", "k": 2}, {"f": 1}, {"f": 1}, {"t": "g"}, {"t": 1}, {"t": 1}, 5]}),
    );
}

#[test]
fn each_takes_objects() {
    const EACH: &[CollectStep] = &[CollectStep {
        verb: Verb::Each(&[
            CollectStep { verb: Verb::Const("0"), from: "", into: "/{i}/z" },
            CollectStep { verb: Verb::Set, from: "/v", into: "/{i}/v" },
        ]),
        from: "/a",
        into: "/x",
    }];
    check(EACH, &[json!({"a": [{"i": 0, "v": 1}, null]}), json!({"a": []})], json!({"x": [{"z": 0, "v": 1}]}));
    let whole = || json!({"x": [{"z": 0, "v": 1}]});
    for (wrong, words) in [
        (json!({"a": [{"i": 0, "v": 1}, 5]}), "expected an object at /a/1, found a number"),
        (json!({"a": ["x", {"i": 0, "v": 1}]}), "expected an object at /a/0, found a string"),
        (json!({"a": [{"i": 0, "v": 1}, {"v": 2}]}), "expected a position or a key at /a/1/i, found nothing"),
        (
            json!({"a": [{"i": 0, "v": 1}, {"i": -1, "v": 2}]}),
            "expected a position of at most 4095 at /a/1/i, found another value",
        ),
    ] {
        loses(EACH, &[wrong], whole(), words);
    }
    loses(EACH, &[json!({"a": {"i": 0, "v": 1}})], Value::Null, "expected an array at /a, found an object");
    const ITEMS: &[CollectStep] = &[CollectStep {
        verb: Verb::Each(&[CollectStep { verb: Verb::Append, from: "", into: "" }]),
        from: "/a",
        into: "/x",
    }];
    check(ITEMS, &[json!({"a": ["p", "q"]})], json!({"x": "pq"}));
    loses(ITEMS, &[json!({"a": ["p", 1]})], json!({"x": "p"}), "expected a string at /a/1, found a number");
}

#[test]
fn steps_may_share_a_place() {
    const CONTENT: &[CollectStep] = &[
        CollectStep { verb: Verb::Append, from: "/content", into: "/text" },
        CollectStep {
            verb: Verb::Each(&[CollectStep { verb: Verb::Append, from: "/text", into: "/text" }]),
            from: "/content",
            into: "",
        },
    ];
    let events = [json!({"content": "p"}), json!({"content": [{"type": "text", "text": "q"}, {"text": "r"}]})];
    check(CONTENT, &events, json!({"text": "pqr"}));
    loses(CONTENT, &[json!({"content": 1})], Value::Null, "expected a string at /content, found a number");
}

#[test]
fn an_event_is_an_object() {
    const SET: &[CollectStep] = &[CollectStep { verb: Verb::Set, from: "/a", into: "/x" }];
    for (event, found) in [(json!(0), "a number"), (json!("x"), "a string"), (json!(true), "a boolean")] {
        loses(SET, &[event], Value::Null, &format!("expected an object at the top, found {found}"));
    }
    check(SET, &[json!(null), json!([])], Value::Null);
}

#[test]
fn positions_are_limited() {
    const STEPS: &[CollectStep] = &[CollectStep { verb: Verb::Append, from: "/a", into: "/x/{i}/{j}" }];
    let range = |field: &str| Some(format!("expected a position of at most 4095 at /{field}, found another value"));
    for (event, wanted) in [
        (json!({"a": "t", "i": 4096, "j": 0}), range("i")),
        (json!({"a": "t", "i": -1, "j": 0}), range("i")),
        (json!({"a": "t", "i": 0.5, "j": 0}), range("i")),
        (json!({"a": "t", "i": 1e300, "j": 0}), range("i")),
        (json!({"a": "t", "i": 0, "j": u64::MAX}), range("j")),
        (json!({"a": "t", "i": 4095, "j": 4095.0}), None),
    ] {
        assert_eq!(fold(STEPS, std::slice::from_ref(&event)).1, wanted, "{event}");
    }
}

#[test]
fn json_texts_are_parsed_at_the_end() {
    const STEPS: &[CollectStep] = &[
        CollectStep { verb: Verb::Set, from: "/set", into: "/{i}" },
        CollectStep { verb: Verb::Json, from: "/json", into: "/{i}/in" },
        CollectStep { verb: Verb::Set, from: "/all", into: "" },
    ];
    for (events, wanted) in [
        (vec![json!({"i": 0, "json": "{\"a\""}), json!({"i": 0, "json": ": [1]}"})], json!([{"in": {"a": [1]}}])),
        (vec![json!({"i": 0, "set": {"in": {}}}), json!({"i": 0, "json": ""})], json!([{"in": {}}])),
        (vec![json!({"i": 0, "set": {"in": {"x": 1}}})], json!([{"in": {"x": 1}}])),
        (vec![json!({"i": 0, "set": {"in": {"x": 1}}}), json!({"i": 0, "json": "7"})], json!([{"in": 7}])),
        (vec![json!({"i": 0, "json": "{\"a\""})], json!([{"in": "{\"a\""}])),
        // After holes, which shift the following items.
        (vec![json!({"i": 3, "json": "[]"}), json!({"i": 1, "json": "{}"})], json!([{"in": {}}, {"in": []}])),
        // A replaced value is not parsed.
        (vec![json!({"i": 0, "json": "{}"}), json!({"i": 0, "set": {"in": "{}"}})], json!([{"in": "{}"}])),
        (vec![json!({"i": 1, "json": "{}"}), json!({"all": [null, {"in": "{}"}]})], json!([null, {"in": "{}"}])),
        // Invalid text does not affect the rest.
        (vec![json!({"i": 0, "json": "{\"a\":\"\\ud83d\"}"})], json!([{"in": {"a": "\u{fffd}"}}])),
        (
            vec![json!({"i": 0, "json": "{\"a\":\"\\ud83d"}), json!({"i": 0, "json": "\\ude00\"}"})],
            json!([{"in": {"a": "😀"}}]),
        ),
    ] {
        check(STEPS, &events, wanted);
    }
    loses(STEPS, &[json!({"i": 0, "json": {"a": 1}})], Value::Null, "expected a string at /json, found an object");
}
