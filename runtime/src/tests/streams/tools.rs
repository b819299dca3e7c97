//! Tests tool calls as servers send them: positions missing or all the same, ids and names repeated, empty or late.

use serde_json::json;

use super::specs::CHUNKS;
use super::*;
use crate::stream::accumulate::{Accumulator, TypeMismatch};
use crate::stream::part::EventPart;
use crate::stream::{CollectStep, Verb};

/// A piece of a call; `null` for what it leaves out.
fn piece(index: Value, id: Value, name: Value, arguments: Value) -> Value {
    let known = |fields: Value| -> Value {
        let fields = fields.as_object().unwrap().iter().filter(|it| !it.1.is_null());
        fields.map(|(name, it)| (name.clone(), it.clone())).collect()
    };
    known(json!({"index": index, "id": id, "function": known(json!({"name": name, "arguments": arguments}))}))
}

macro_rules! piece {
    ($index:tt, $id:tt, $name:tt, $arguments:tt) => {
        piece(json!($index), json!($id), json!($name), json!($arguments))
    };
}

/// A chunk with these pieces.
fn chunk(pieces: &[Value]) -> Value {
    json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"tool_calls": pieces}}]})
}

/// The total of a stream of these chunks.
fn total(chunks: &[Value]) -> Result<Value> {
    let text: String = chunks.iter().map(|it| format!("data: {it}\n\n")).collect();
    let it = Streams::new([vec![Piece::from(&*(text + "data: [DONE]\n\n"))]]);
    it.clock.run(it.open(&CHUNKS)?.collect()).map(|it| it.raw().clone())
}

/// Each call as `id name(arguments)`.
fn calls(chunks: &[Value]) -> Vec<String> {
    let whole = total(chunks).unwrap();
    let calls = whole["choices"][0]["message"]["tool_calls"].as_array().cloned().unwrap_or_default();
    let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    let one = |it: &Value| {
        format!("{} {}({})", text(&it["id"]), text(&it["function"]["name"]), text(&it["function"]["arguments"]))
    };
    calls.iter().map(one).collect()
}

/// Pieces that arrive one by one, and the resulting calls.
#[track_caller]
fn check(pieces: &[Value], wanted: &[&str]) {
    let chunks: Vec<Value> = pieces.iter().map(|it| chunk(std::slice::from_ref(it))).collect();
    assert_eq!(calls(&chunks), wanted, "{pieces:?}");
}

#[test]
fn pieces_of_one_call_are_joined() {
    // As the format specifies.
    check(
        &[piece!(0, "a", "wind", ""), piece!(0, null, null, "{\"at\":"), piece!(0, null, null, "\"Kiel\"}")],
        &["a wind({\"at\":\"Kiel\"})"],
    );
    // Positions left out.
    check(
        &[piece!(null, "a", "wind", ""), piece!(null, null, null, "{\"at\":"), piece!(null, null, null, "1}")],
        &["a wind({\"at\":1})"],
    );
    // Ids and names are repeated as empty texts.
    for index in [json!(0), Value::Null] {
        let piece = |id: &str, name: &str, more: &str| piece(index.clone(), json!(id), json!(name), json!(more));
        check(&[piece("a", "wind", ""), piece("", "", "{"), piece("", "", "}")], &["a wind({})"]);
        // … or complete, with each piece.
        check(&[piece("a", "wind", ""), piece("a", "wind", "{"), piece("a", "wind", "}")], &["a wind({})"]);
        check(&[piece("a", "wind", "{"), piece("", "wind", "}")], &["a wind({})"]);
        check(&[piece("", "wind", "{"), piece("", "wind", "}")], &[" wind({})"]);
        // A last piece that repeats everything and adds nothing.
        check(&[piece("a", "wind", "{}"), piece("a", "wind", "")], &["a wind({})"]);
        check(&[piece("", "wind", "{}"), piece("", "wind", "")], &[" wind({})"]);
        // The id first, then the name; and the other way round.
        check(&[piece("a", "", ""), piece("", "wind", ""), piece("", "", "{}")], &["a wind({})"]);
        check(&[piece("", "wind", ""), piece("a", "", "{"), piece("a", "", "}")], &["a wind({})"]);
    }
    // The server sends a different id with each piece; the position shows that it is the same call.
    check(&[piece!(0, "a", "wind", "{"), piece!(0, "b", null, "}"), piece!(0, "c", "", "")], &["a wind({})"]);
    // No arguments.
    check(&[piece!(0, "a", "now", null)], &["a now()"]);
    check(&[piece!(null, null, "now", null)], &[" now()"]);
    // Positions need not begin at 0, nor be written as whole numbers.
    check(&[piece!(1, "a", "wind", "{"), piece!(1.0, null, null, "}")], &["a wind({})"]);
    check(&[piece!(1, "a", "wind", "{}"), piece!(3, "b", "rain", "{}")], &["a wind({})", "b rain({})"]);
}

#[test]
fn several_calls_are_kept_apart() {
    let wanted = ["a wind({\"at\":1})", "b rain({\"at\":2})"];
    // Complete calls, in one chunk and in two, with and without positions.
    for (first, second) in [(json!(0), json!(1)), (Value::Null, Value::Null), (json!(0), json!(0))] {
        let first = piece(first, json!("a"), json!("wind"), json!("{\"at\":1}"));
        let second = piece(second, json!("b"), json!("rain"), json!("{\"at\":2}"));
        assert_eq!(calls(&[chunk(&[first.clone(), second.clone()])]), wanted);
        check(&[first, second], &wanted);
    }
    // One after the other.
    for at in [[json!(0), json!(1)], [Value::Null, Value::Null], [json!(0), json!(0)]] {
        let piece = |nth: usize, id: Value, name: Value, more: &str| piece(at[nth].clone(), id, name, json!(more));
        let none = || Value::Null;
        check(
            &[
                piece(0, json!("a"), json!("wind"), ""),
                piece(0, none(), none(), "{\"at\":"),
                piece(0, none(), none(), "1}"),
                piece(1, json!("b"), json!("rain"), ""),
                piece(1, json!(""), json!(""), "{\"at\":"),
                piece(1, json!(""), json!(""), "2}"),
            ],
            &wanted,
        );
    }
    // Interleaved: the position or the id identifies the call.
    check(
        &[
            piece!(0, "a", "wind", ""),
            piece!(1, "b", "rain", ""),
            piece!(1, null, null, "{\"at\":"),
            piece!(0, null, null, "{\"at\":"),
            piece!(1, null, null, "2}"),
            piece!(0, null, null, "1}"),
        ],
        &wanted,
    );
    check(
        &[
            piece!(null, "a", "wind", "{\"at\":"),
            piece!(null, "b", "rain", "{\"at\":"),
            piece!(null, "a", "wind", "1}"),
            piece!(null, "b", null, "2}"),
        ],
        &wanted,
    );
    check(
        &[
            piece!(0, "a", "wind", "{\"at\":"),
            piece!(0, "b", "rain", "{\"at\":"),
            piece!(0, "a", null, "1}"),
            piece!(0, "b", null, "2}"),
        ],
        &wanted,
    );
}

#[test]
fn ids_may_be_numbers() {
    let pieces = [
        piece!(null, 7, "wind", ""),
        piece!(null, 8, "wind", ""),
        piece!(null, 7.0, null, "{\"at\":1}"),
        piece!(null, 8, null, "{\"at\":2}"),
    ];
    check(&pieces, &["7 wind({\"at\":1})", "8 wind({\"at\":2})"]);
}

/// Text after complete JSON that does not begin a new call is not JSON.
#[test]
fn text_after_complete_json_is_reported() {
    for again in [
        piece!(0, "a", "wind", "{\"at\":1}"),
        piece!(null, "a", "wind", "{\"at\":2}"),
        piece!(0, null, null, "{\"at\":2}"),
        piece!(0, "a", "", "}"),
    ] {
        for chunks in [
            vec![chunk(&[piece!(0, "a", "wind", "{\"at\":1}")]), chunk(std::slice::from_ref(&again))],
            vec![chunk(&[]), chunk(&[piece!(0, "a", "wind", "{\"at\":1}"), again.clone()])],
        ] {
            let error = total(&chunks).unwrap_err();
            assert!(error.decode().unwrap().at.ends_with("/function/arguments"), "{again}: {error}");
            assert!(error.message().starts_with("event 2 was lost"), "{again}: {error}");
        }
    }
    // White space does not count.
    check(&[piece!(0, "a", "wind", "{}"), piece!(0, "a", "wind", " \n")], &["a wind({} \n)"]);
}

#[test]
fn calls_of_one_tool_without_ids_are_kept_apart() {
    for index in [json!(0), Value::Null] {
        let piece = |more: &str| piece(index.clone(), json!(""), json!("wind"), json!(more));
        // A complete call does not continue.
        check(&[piece("{\"at\":1}"), piece("{\"at\":2}")], &[" wind({\"at\":1})", " wind({\"at\":2})"]);
        check(&[piece("{\"at\":"), piece("1}"), piece("{\"at\":2}")], &[" wind({\"at\":1})", " wind({\"at\":2})"]);
        check(&[piece("{\"at\":\"}"), piece("\"}")], &[" wind({\"at\":\"}\"})"]);
    }
    // Two in one chunk are two.
    let now = || piece!(null, null, "now", "");
    assert_eq!(calls(&[chunk(&[now(), now()])]), [" now()", " now()"]);
    // Another name is another call.
    check(&[piece!(null, null, "now", ""), piece!(null, null, "wind", "{}")], &[" now()", " wind({})"]);
}

#[test]
fn a_changed_name_is_reported() {
    let split = [chunk(&[piece!(0, "a", "get_", "")]), chunk(&[piece!(0, null, "wind", "{}")])];
    let error = total(&split).unwrap_err();
    assert_eq!(error.decode().unwrap().at, "/choices/0/delta/tool_calls/0/function/name");
    assert!(error.message().starts_with("event 2 was lost"), "{error}");
}

#[test]
fn invalid_positions_are_reported() {
    for index in [json!(-1), json!(4096), json!("0"), json!({}), json!(0.5)] {
        let error = total(&[chunk(&[piece(index.clone(), json!("a"), json!("wind"), json!("{}"))])]).unwrap_err();
        assert_eq!(error.decode().unwrap().at, "/choices/0/delta/tool_calls/0/index", "{index}");
    }
    for calls in [json!({}), json!(""), json!(null), json!([]), json!([null])] {
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": "x", "tool_calls": calls}}]});
        assert_eq!(total(&[chunk]).unwrap()["choices"][0]["message"], json!({"content": "x"}), "{calls}");
    }
    for calls in [json!({"id": "a"}), json!("wind"), json!(7), json!([7])] {
        let error = total(&[json!({"choices": [{"index": 0, "delta": {"tool_calls": calls}}]})]).unwrap_err();
        assert!(error.decode().unwrap().at.starts_with("/choices/0/delta/tool_calls"), "{calls}");
    }
}

#[test]
fn chunks_of_many_shapes_are_accepted() {
    let chunks = [
        // A first chunk about the prompt, without a choice.
        json!({"id": "", "model": "", "choices": [], "prompt_filter_results": []}),
        json!({"id": "c", "model": "m", "choices": [{"delta": {"role": "assistant", "content": null}}]}),
        json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"role": "", "content": "A "}}]}),
        json!({"id": "d", "model": "n", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "boat."}}]}),
        json!({"id": "", "model": "", "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}]}),
        json!({"choices": [{"index": 0, "finish_reason": ""}]}),
        json!({"id": "c", "choices": null, "usage": {"total_tokens": 3}}),
        json!({"id": "c", "usage": {}}),
    ];
    assert_eq!(
        total(&chunks).unwrap(),
        json!({
            "id": "c", "object": "chat.completion", "model": "m",
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": "A boat."}, "finish_reason": "stop"},
            ],
            "usage": {"total_tokens": 3},
        })
    );
    // Two choices at once.
    let both = |first: &str, second: &str| {
        json!({"choices": [
            {"index": 1, "delta": {"content": second}},
            {"index": 0, "delta": {"content": first}},
        ]})
    };
    let whole = total(&[both("a", "b"), both("c", "d")]).unwrap();
    assert_eq!(whole["choices"][0]["message"]["content"], "ac");
    assert_eq!(whole["choices"][1]["message"]["content"], "bd");
    // Content in parts is not text.
    let parts = json!({"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "x"}]}}]});
    let error = total(&[json!({"choices": []}), parts]).unwrap_err();
    assert!(error.to_string().contains("expected a string at /choices/0/delta/content, found an array"), "{error}");
}

/// Items without `id` and `ends`: a name always begins one.
#[test]
fn items_without_a_position_get_one() {
    const STEPS: &[CollectStep] = &[CollectStep {
        verb: Verb::Numbered {
            at: "i",
            id: None,
            begins: &["/f/n", "/g"],
            ends: None,
            steps: &[
                CollectStep { verb: Verb::Append, from: "/f/n", into: "/{i}/n" },
                CollectStep { verb: Verb::Append, from: "/f/a", into: "/{i}/a" },
                CollectStep { verb: Verb::Append, from: "/g", into: "/{i}/g" },
            ],
        },
        from: "/c",
        into: "/x/{k}",
    }];
    let item = |n: &str, a: &str| json!({"f": {"n": n, "a": a}});
    let event = |items: Value| json!({"k": 0, "c": items});
    let fold = |events: &[Value]| {
        let mut folded = Accumulator::new(1_000_000);
        events.iter().for_each(|it| folded.add(STEPS, EventPart::new(it, None)).unwrap());
        folded.finish()
    };
    for (events, wanted) in [
        // One after another, and two at once.
        (
            vec![event(json!([item("p", "1")])), event(json!([item("p", "2")]))],
            json!([{"n": "p", "a": "1"}, {"n": "p", "a": "2"}]),
        ),
        (vec![event(json!([item("p", "1"), item("q", "2")]))], json!([{"n": "p", "a": "1"}, {"n": "q", "a": "2"}])),
        // An item without a name continues the last one.
        (
            vec![
                event(json!([item("p", "1"), item("q", "2")])),
                event(json!([{"f": {"a": "3"}}, {"i": null, "f": {"a": "4"}}])),
            ],
            json!([{"n": "p", "a": "1"}, {"n": "q", "a": "234"}]),
        ),
        (vec![event(json!([{"f": {"a": "1"}}]))], json!([{"a": "1"}])),
        // Another kind of name.
        (vec![event(json!([{"g": "p"}, {"f": {"a": "1"}}, {"g": "q"}]))], json!([{"g": "p", "a": "1"}, {"g": "q"}])),
        // An explicit position counts.
        (
            vec![
                event(json!([{"i": 1, "f": {"n": "q"}}, {"i": 0, "f": {"n": "p"}}])),
                event(json!([item("r", "3"), {"i": 0, "f": {"a": "1"}}])),
            ],
            json!([{"n": "p", "a": "1"}, {"n": "q"}, {"n": "r", "a": "3"}]),
        ),
    ] {
        assert_eq!(fold(&events), json!({"x": [wanted]}), "{events:?}");
    }
    let full: Vec<_> = (0..=4096).map(|_| item("p", "")).collect();
    let full = event(json!(full));
    assert_eq!(
        Accumulator::new(1_000_000).add(STEPS, EventPart::new(&full, None)),
        Err(TypeMismatch::range("c/4096/i"))
    );
    // The notes about items count towards the limit.
    let long = item(&"p".repeat(10_000), "");
    let mut folded = Accumulator::new(100_000);
    let fits = (0..20).take_while(|_| folded.add(STEPS, EventPart::new(&event(json!([long])), None)).is_ok()).count();
    assert!((3..6).contains(&fits), "{fits}");
}
