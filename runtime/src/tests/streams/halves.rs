//! Tests events with invalid text, and surrogate pairs that are split across two events.

use serde_json::json;

use super::specs::{CHUNKS, PARTS};
use super::*;
use crate::stream::StreamSpec;

/// The total of events with these data, and the pieces of their text.
fn read(spec: &'static StreamSpec, data: &[&str]) -> (Value, Vec<String>) {
    let end = spec.end_data.map(|it| format!("data: {it}\n\n")).unwrap_or_default();
    let text: String = data.iter().map(|it| format!("data: {it}\n\n")).collect::<String>() + &end;
    let it = Streams::new([cut(text.as_bytes(), 7), cut(text.as_bytes(), 7)]);
    let mut stream = it.open(spec).unwrap();
    let mut pieces = Vec::new();
    while let Some(text) = it.clock.run(stream.next_text()) {
        pieces.push(text.unwrap());
    }
    let after_text = it.clock.run(stream.collect()).unwrap().raw().clone();
    let alone = it.clock.run(it.open(spec).unwrap().collect()).unwrap().raw().clone();
    assert_eq!(after_text, alone);
    (alone, pieces)
}

fn chunk(content: &str) -> String {
    format!("{{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{content}\"}}}}]}}")
}

/// Contents of chunks as JSON, and the resulting pieces of text.
#[track_caller]
fn check(contents: &[&str], pieces: &[&str]) {
    let data: Vec<String> = contents.iter().map(|it| chunk(it)).collect();
    let (whole, found) = read(&CHUNKS, &data.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found, pieces, "{contents:?}");
    assert_eq!(whole["choices"][0]["message"]["content"], pieces.concat(), "{contents:?}");
}

#[test]
fn halves_in_two_events_are_one_character() {
    check(&["a \\ud83d", "\\ude00 b"], &["a ", "😀 b"]);
    check(&["\\ud83d", "\\ude00"], &["😀"]);
    check(&["\\uD83D", "", "\\uDE00\\uD83D", "\\uDE01"], &["😀", "😁"]);
    check(&["\\ud83d\\ude00", "\\ud83d\\ude01"], &["😀", "😁"]);
    // Halves that do not form a character stay replaced.
    check(&["a\\ud83d", "b"], &["a", "\u{fffd}b"]);
    check(&["a\\ud83d"], &["a", "\u{fffd}"]);
    check(&["\\ude00b"], &["\u{fffd}b"]);
    check(&["a\\ud83d", "\\ud83d\\ude00"], &["a", "\u{fffd}😀"]);
    check(&["a\\ud83d", "\\ud83d", "\\ude00"], &["a", "\u{fffd}", "😀"]);
    check(&["a\\ud83d b", "\\ude00"], &["a\u{fffd} b", "\u{fffd}"]);
    check(&["\\ude00\\ud83d"], &["\u{fffd}", "\u{fffd}"]);
    check(&["a\\ud83d", "\\\\ude00"], &["a", "\u{fffd}\\ude00"]);
    // The text's own characters do not represent halves.
    check(&["a\u{fffd}", "\\ude00"], &["a\u{fffd}", "\u{fffd}"]);
    check(&["a\u{f003d}\\ud83d", "\\ude00\u{f0600}"], &["a\u{f003d}", "😀\u{f0600}"]);
}

#[test]
fn halves_of_different_texts_are_not_joined() {
    let chunk = |texts: [&str; 2]| {
        format!(
            "{{\"choices\":[{{\"index\":1,\"delta\":{{\"content\":\"{}\"}}}},{{\"index\":0,\"delta\":{{\"content\":\"{}\"}}}}]}}",
            texts[1], texts[0]
        )
    };
    let data = [chunk(["a\\ud83d", "b\\ud83c"]), chunk(["\\ude00", "x"]), chunk(["", "\\udf0a"])];
    let (whole, _) = read(&CHUNKS, &data.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(whole["choices"][0]["message"]["content"], "a😀");
    assert_eq!(whole["choices"][1]["message"]["content"], "b\u{fffd}x\u{fffd}");
    // Tool arguments without positions.
    let call = |id: &str, more: &str| {
        format!(
            "{{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{\"id\":\"{id}\",\"function\":{{\"name\":\"n\",\"arguments\":\"{more}\"}}}}]}}}}]}}"
        )
    };
    let data = [call("p", "{1\\ud83d"), call("q", "{2\\ud83d"), call("p", "\\ude00}"), call("q", "\\ude01}")];
    let (whole, _) = read(&CHUNKS, &data.iter().map(String::as_str).collect::<Vec<_>>());
    let calls = &whole["choices"][0]["message"]["tool_calls"];
    assert_eq!(
        (&calls[0]["function"]["arguments"], &calls[1]["function"]["arguments"]),
        (&json!("{1😀}"), &json!("{2😁}"))
    );
}

#[test]
fn halves_in_joined_parts_are_one_character() {
    let parts = |parts: &str| format!("{{\"candidates\":[{{\"content\":{{\"parts\":[{parts}]}}}}]}}");
    let data = [
        parts("{\"text\":\"a\\ud83d\"}"),
        parts("{\"text\":\"\\ude00 b\"},{\"text\":\"\\ud83d\"}"),
        parts("{\"text\":\"\"}"),
        parts("{\"text\":\"\\ude01\"},{\"text\":\"\\ud83d\",\"thought\":true}"),
        parts("{\"text\":\"\\ude02\"}"),
    ];
    let (whole, pieces) = read(&PARTS, &data.iter().map(String::as_str).collect::<Vec<_>>());
    let found = &whole["candidates"][0]["content"]["parts"];
    let wanted = json!([{"text": "a😀 b😁"}, {"text": "\u{fffd}", "thought": true}, {"text": "\u{fffd}"}]);
    assert_eq!(found, &wanted);
    assert_eq!(pieces, ["a", "😀 b", "😁", "\u{fffd}"]);
}

#[test]
fn events_are_read_like_responses() {
    // A byte order mark, and a half in a key and outside of all used parts. Events cannot contain a raw line break.
    let data = ["\u{feff}{\"id\":\"c\",\"x\\ud83d\":\"\\ude00\",\"choices\":[]}", "{\"model\":\"a\u{0}\\u0000b\tc\"}"];
    let (whole, _) = read(&CHUNKS, &data);
    assert_eq!((&whole["id"], &whole["model"]), (&json!("c"), &json!("a\u{0}\u{0}b\tc")));
    // Bytes that are not UTF-8.
    let mut text = b"data: {\"id\":\"c\xff\xf0\x9f\",\"choices\":[]}\n\n".to_vec();
    text.extend_from_slice(b"data: [DONE]\n\n");
    let it = Streams::new([cut(&text, 5)]);
    let total = it.clock.run(it.open(&CHUNKS).unwrap().collect()).unwrap();
    assert_eq!(total.raw()["id"], "c\u{fffd}\u{fffd}");
}

#[test]
fn a_typed_event_contains_no_lone_halves() {
    let text = format!("data: {}\n\ndata: [DONE]\n\n", chunk("a\\ud83d"));
    let it = Streams::new([vec![Piece::from(&*text)]]);
    let mut stream = it.open(&CHUNKS).unwrap();
    let event = it.next(&mut stream).unwrap().unwrap();
    assert_eq!(event.data["choices"][0]["delta"]["content"], "a\u{fffd}");
    assert_eq!(stream.partial()["choices"][0]["message"]["content"], "a\u{fffd}");
}
