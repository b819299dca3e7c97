//! Tests lost events: the rest can be read, but there is no total.

use serde_json::json;

use super::specs::{CHUNKS, NAMED, PARTS};
use super::*;
use crate::stream::{StreamSpec, chunk};

/// A chunk of text.
fn word(text: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

const DONE: &str = "data: [DONE]\n\n";

/// Ways to read a stream to its end.
const WAYS: [&str; 4] = ["collect", "next", "next_text", "mixed"];

/// The items of one way, its errors, and the total.
fn read(spec: &'static StreamSpec, text: &str, way: &str) -> (Vec<String>, Vec<Error>, Result<Value>) {
    let it = Streams::new([cut(text.as_bytes(), 9)]);
    let mut stream = it.open(spec).unwrap();
    let (mut came, mut errors) = (Vec::new(), Vec::new());
    for nth in 0.. {
        let event = match (way, nth % 2) {
            ("collect", _) => break,
            ("next", _) | ("mixed", 0) => it.next(&mut stream).map(|it| it.map(|it| it.data.to_string())),
            _ => it.clock.run(stream.next_text()),
        };
        match event {
            None => break,
            Some(Ok(event)) => came.push(event),
            Some(Err(error)) => errors.push(error),
        }
    }
    let total = it.clock.run(stream.collect()).map(|it| it.raw().clone());
    assert_eq!(it.opened(), 0);
    (came, errors, total)
}

#[test]
fn a_lost_event_makes_the_total_an_error() {
    for (lost, body, words) in [
        ("data: {nope\n\n".to_owned(), "{nope", "event 2 was lost, because its data is not JSON"),
        ("data: {\"choices\": [{\n\n".to_owned(), "{\"choices\": [{", "event 2 was lost, because its data is not JSON"),
        (
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":7}}]}\n\n".to_owned(),
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":7}}]}",
            "event 2 was lost, because a part of it does not fit into the response",
        ),
        ("data: 7\n\n".to_owned(), "7", "event 2 was lost, because a part of it does not fit into the response"),
    ] {
        let text = [word("A "), lost, word("boat."), DONE.to_owned()].concat();
        for way in WAYS {
            let (came, errors, total) = read(&CHUNKS, &text, way);
            let error = total.unwrap_err();
            assert_eq!((error.kind(), error.message()), (ErrorKind::Decode, words), "{way}");
            assert_eq!(error.body_text(), body, "{way}");
            assert_eq!(error.request_id(), Some("req-1"));
            // The error of `next` concerns only this event, and the later events follow.
            assert!(errors.len() <= 1 && errors.iter().all(|it| it.body_text() == body), "{way}: {errors:?}");
            assert!(way == "collect" || came.last().unwrap().contains("boat."), "{way}: {came:?}");
        }
    }
}

#[test]
fn events_of_another_form_are_reported() {
    let start = "event: message_start\ndata: {\"message\":{\"content\":[]}}\n\n";
    let stop = "event: message_stop\ndata: {}\n\n";
    for way in WAYS {
        // A list instead of an object, in which no step finds a part.
        let list = "event: content_block_delta\ndata: [{\"index\":0,\"delta\":{\"text\":\"x\"}}]\n\n";
        let error = read(&NAMED, &[start, list, stop].concat(), way).2.unwrap_err();
        assert_eq!(error.decode().unwrap().to_string(), "expected an object at the top, found an array", "{way}");
        // Steps that set a value for any event do not accept it either.
        let error = read(&CHUNKS, &[&word("A "), "data: [{\"choices\":[]}]\n\n", DONE].concat(), way).2.unwrap_err();
        assert!(error.message().starts_with("event 2 was lost"), "{way}: {error}");
        // An error without a name, where events have names.
        for name in ["", "event: message\n", "event:\n"] {
            let said = format!("{name}data: {{\"error\":{{\"message\":\"M\",\"code\":\"slow_down\"}}}}\n\n");
            let error = read(&NAMED, &[start, &said, stop].concat(), way).2.unwrap_err();
            assert_eq!((error.kind(), error.message()), (ErrorKind::Api(StatusKind::RateLimited), "M"), "{way}");
        }
        // An error field in other events has its own meaning.
        let other = "event: tool_failed\ndata: {\"error\":{\"message\":\"M\"}}\n\ndata: {\"error\":null}\n\n";
        assert!(read(&NAMED, &[start, other, stop].concat(), way).2.is_ok(), "{way}");
    }
}

/// Lines that a reader must silently drop according to the standard.
#[test]
fn data_between_events_is_not_silently_dropped() {
    // Texts that a server joined.
    let text = [&word("A "), "\u{feff}", &word("boat."), "\u{feff}\u{feff}data: \u{feff}[DONE] \u{feff}\n\n"].concat();
    for way in WAYS {
        let (_, errors, total) = read(&CHUNKS, &text, way);
        assert_eq!(
            (&total.unwrap()["choices"][0]["message"]["content"], errors.len()),
            (&json!("A boat."), 0),
            "{way}"
        );
    }
    // A gateway's page, and JSON on its own lines, in a stream that only ends with the connection.
    let part = r#"data: {"candidates":[{"content":{"parts":[{"text":"A "}]}}]}"#.to_owned() + "\n\n";
    for (bare, body) in [
        ("<html>\n<title>502 Bad Gateway</title>\n</html>\n", "<html>\n<title>502 Bad Gateway</title>\n</html>"),
        ("{\n  \"code\": 502\n}\n\n", "{"),
        ("{\"candidates\":[{\n\n", "{\"candidates\":[{"),
    ] {
        for way in WAYS {
            let (_, _, total) = read(&PARTS, &[&part, bare, &part].concat(), way);
            let error = total.unwrap_err();
            assert!(error.is_decode() && error.message().starts_with("event 2 was lost"), "{way}: {error}");
            assert!(error.body_text().starts_with(body), "{way}: {}", error.body_text());
        }
    }
    // An error without a field name is an error with its code, also before the first event.
    let bare = "{\"error\":{\"message\":\"M\",\"code\":\"overloaded\"}}";
    for (spec, text) in [(&PARTS, [&part, bare].concat()), (&CHUNKS, [&word("A "), bare, "\n\n", DONE].concat())] {
        for way in WAYS {
            let error = read(spec, &text, way).2.unwrap_err();
            assert_eq!((error.kind(), error.message()), (ErrorKind::Api(StatusKind::Unavailable), "M"), "{way}");
        }
        let error = Streams::new([cut(bare.as_bytes(), 5)]).open(spec).unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Some("overloaded"), 1));
    }
}

#[test]
fn an_event_that_no_step_accepts_is_reported_with_its_place() {
    let wrong = json!({"choices": [{"index": 0, "delta": {"tool_calls": [{"index": -1, "id": "a"}]}}]});
    let text = [word("A "), format!("data: {wrong}\n\n"), word("boat."), DONE.to_owned()].concat();
    let (came, errors, total) = read(&CHUNKS, &text, "next_text");
    // For a reader of the text, nothing is missing.
    assert_eq!((came.concat().as_str(), errors.len()), ("A boat.", 0));
    let error = total.unwrap_err();
    assert_eq!(error.decode().unwrap().at, "/choices/0/delta/tool_calls/0/index");
    let (came, errors, _) = read(&CHUNKS, &text, "next");
    assert_eq!((came.len(), errors.len()), (3, 0), "the event itself is good");
}

#[test]
fn lost_events_are_counted_and_named() {
    let lost = "event: content_block_delta\ndata: {nope\n\n";
    let start = "event: message_start\ndata: {\"message\":{\"content\":[]}}\n\n";
    let stop = "event: message_stop\ndata: {}\n\n";
    for (times, more) in [(1, ""), (2, ", and so was 1 more"), (5, ", and so were 4 more")] {
        let (_, errors, total) = read(&NAMED, &[start, &lost.repeat(times), stop].concat(), "next");
        assert_eq!(errors.len(), times);
        let words = format!("event 2 (`content_block_delta`) was lost, because its data is not JSON{more}");
        assert_eq!(total.unwrap_err().message(), words);
    }
    // The first one is reported, even if the connection breaks afterwards.
    let (_, _, total) = read(&NAMED, &[start, lost].concat(), "next");
    assert_eq!(total.unwrap_err().message(), "the stream broke off");
}

#[test]
fn an_event_of_another_type_is_lost() {
    #[derive(Debug)]
    struct Strict;
    impl Decode for Strict {
        fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
            from.object()?.required("must", |it| it.boolean()).map(|_| Self)
        }
    }
    let text = "data: {\"must\":true}\n\ndata: {\"must\":1}\n\ndata: {}\n\ndata: {\"must\":true}\n\ndata: [DONE]\n\n";
    let it = Streams::new([vec![Piece::from(text)]]);
    let call = it.client.call().stream(Create("a tree"), &CHUNKS, chunk::<Strict>);
    let mut stream: EventStream<Strict, Whole> = it.clock.run(call).unwrap();
    let mut good = Vec::new();
    while let Some(event) = it.clock.run(stream.next()) {
        good.push(event.is_ok());
    }
    assert_eq!(good, [true, false, false, true]);
    assert_eq!(stream.partial()["object"], "chat.completion");
    let error = it.clock.run(stream.collect()).unwrap_err();
    let words = "event 2 was lost, because it is not what the API promises, and so was 1 more";
    assert_eq!((error.message(), error.decode().unwrap().at.as_str()), (words, "/must"));
}

#[test]
fn invalid_text_is_reported() {
    let parts = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"},{\"text\":{}},{\"text\":5}]}}]}\n\n";
    let (came, errors, total) = read(&PARTS, &[parts, &parts.replace('5', "null")].concat(), "next_text");
    assert_eq!(came, ["a"]);
    assert_eq!(errors[0].decode().unwrap().at, "/candidates/0/content/parts/2/text");
    assert!(total.unwrap_err().message().starts_with("event 1 was lost"));
}

#[test]
fn a_connection_that_ends_within_a_line_is_broken() {
    let whole = "data: {\"usageMetadata\":{\"a\":1}}\n\n";
    for tail in ["d", "data", "data:", "event: x", "data: {", "data: {\"a\"", "id: 7", "\u{c3}"] {
        let (_, errors, total) = read(&PARTS, &[whole, tail].concat(), "next");
        assert_eq!((errors.len(), total.unwrap_err().message()), (1, "the stream broke off"), "{tail}");
    }
    for tail in ["", "\n", "data: {}", "data: {}\n", ": comment", "id: 7\n", "event: x\n"] {
        let (_, errors, total) = read(&PARTS, &[whole, tail].concat(), "next");
        assert!(errors.is_empty() && total.is_ok(), "{tail}: {errors:?}");
    }
}

#[test]
fn final_events_end_the_stream_in_every_state_but_the_first() {
    static BLOCKS: StreamSpec = StreamSpec {
        states: &[
            crate::stream::State { name: "start", moves: &[("message_start", 1)], ends: false },
            crate::stream::State {
                name: "open",
                moves: &[("content_block_start", 2), ("message_stop", 3)],
                ends: false,
            },
            crate::stream::State { name: "block", moves: &[("content_block_stop", 1)], ends: false },
            crate::stream::State { name: "end", moves: &[], ends: true },
        ],
        named: true,
        name: Some("/type"),
        end_data: None,
        error_events: &[],
        error: None,
        text: &[],
        collect: NAMED_FOLD,
    };
    const NAMED_FOLD: &[crate::stream::CollectRule] = &[crate::stream::CollectRule {
        event: "message_start",
        steps: &[crate::stream::CollectStep { verb: crate::stream::Verb::Set, from: "/message", into: "" }],
    }];
    let start = "event: message_start\ndata: {\"message\":{\"id\":\"m\"}}\n\n";
    let block = "event: content_block_start\ndata: {\"index\":0}\n\n";
    let stop = "event: message_stop\ndata: {}\n\n";
    for text in [[start, stop, ""], [start, block, stop], [start, block, "event: message_stop\n\n"]] {
        let (_, errors, total) = read(&BLOCKS, &text.concat(), "next");
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(total.unwrap(), json!({"id": "m"}));
    }
    for text in [[start, block, ""], [stop, "", ""]] {
        let (_, errors, _) = read(&BLOCKS, &text.concat(), "next");
        assert_eq!(errors[0].message(), "the stream broke off");
    }
}

#[test]
fn the_default_event_name_has_no_meaning() {
    let text: String = [
        json!({"type": "message_start", "message": {"id": "m", "content": []}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"text": ""}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"text": "A boat."}}),
        json!({"type": "message_stop"}),
    ]
    .iter()
    .map(|it| format!("event: message\ndata: {it}\n\n"))
    .collect();
    let (_, errors, total) = read(&NAMED, &text, "next");
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(total.unwrap(), json!({"id": "m", "content": [{"text": "A boat."}]}));
}
