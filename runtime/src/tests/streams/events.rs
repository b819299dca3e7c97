//! Tests events in order, unknown events, errors, and the end.

use std::thread;

use serde_json::json;

use super::specs::{ALL, CHUNKS, ITEMS, NAMED, NAMED_TEXT, PARTS};
use super::*;
use crate::stream::{State, StreamSpec, chunk};

fn names(events: &[OtherEvent]) -> Vec<&str> {
    events.iter().map(|it| it.name.as_str()).collect()
}

/// The items of a stream with this text.
fn all(spec: &'static StreamSpec, text: &str) -> (Vec<OtherEvent>, Option<Error>) {
    let it = Streams::new([vec![Piece::from(text)]]);
    match it.open(spec) {
        Ok(mut stream) => it.drain(&mut stream),
        Err(error) => (Vec::new(), Some(error)),
    }
}

#[test]
fn every_split_gives_the_same_events() {
    for (spec, text, ..) in ALL {
        let (wanted, error) = all(spec, text);
        assert!(error.is_none() && wanted.len() > 3, "{error:?}");
        for size in (1..40).chain([100, 1000]) {
            let it = Streams::new([cut(text.as_bytes(), size)]);
            let mut stream = it.open(spec).unwrap();
            let (events, error) = it.drain(&mut stream);
            assert!(error.is_none());
            assert_eq!(events, wanted, "by {size}");
        }
    }
}

#[test]
fn names_come_from_the_line_or_from_the_data() {
    let bare: String = NAMED_TEXT.lines().filter(|it| !it.starts_with("event:")).map(|it| format!("{it}\n")).collect();
    assert_eq!(all(&NAMED, &bare).0, all(&NAMED, NAMED_TEXT).0);
    let (events, _) = all(&NAMED, "data: {\"x\":1}\n\nevent: y\ndata: {\"type\":\"z\"}\n\nevent: message_start\n\n");
    // Without data it is not an event, unless it changes the state of the stream.
    assert_eq!(names(&events), ["message", "y", "message_start"]);
    assert_eq!((&events[0].data, &events[2].data), (&json!({"x": 1}), &Value::Null));
    let (events, error) = all(&CHUNKS, "event: x\ndata: {}\n\nevent: y\n\ndata:\n\ndata:  [DONE] \n\ndata: {}\n\n");
    assert!(error.is_none());
    assert_eq!(names(&events), [""]);
}

#[test]
fn the_end_is_where_the_spec_says() {
    let (events, error) =
        all(&NAMED, "event: message_start\ndata: {}\n\nevent: message_stop\ndata: {}\n\ndata: {}\n\n");
    assert_eq!((names(&events), error.is_none()), (vec!["message_start", "message_stop"], true));
    // In the first state, no event ends the stream.
    let (events, error) = all(&NAMED, "event: message_stop\ndata: {}\n\n");
    assert_eq!(names(&events), ["message_stop"]);
    assert_eq!(error.unwrap().message(), "the stream broke off");
    let (events, error) = all(&ITEMS, "event: response.incomplete\ndata: {}\n\n");
    assert_eq!((events.len(), error.is_none()), (1, true));
    // Without a terminator and a last state, the end of the connection ends the stream.
    let (events, error) = all(&PARTS, "data: {}\n\n");
    assert_eq!((events.len(), error.is_none()), (1, true));
    static NO_LAST: StreamSpec =
        StreamSpec { states: &[State { name: "open", moves: &[("", 7)], ends: false }], end_data: None, ..CHUNKS_LIKE };
    let (events, error) = all(&NO_LAST, "data: {}\n\ndata: {}\n\n");
    assert_eq!((events.len(), error.is_none()), (2, true));
    // Only the end.
    assert!(all(&CHUNKS, "data: [DONE]\n\n").1.is_none());
    assert!(all(&PARTS, "").1.is_none());
    assert_eq!(all(&CHUNKS, "").1.unwrap().kind(), ErrorKind::Transport);
}

const CHUNKS_LIKE: StreamSpec = StreamSpec {
    named: false,
    name: None,
    end_data: Some("[DONE]"),
    error_events: &[],
    error: None,
    states: &[],
    text: &[],
    collect: &[],
};

#[test]
fn a_broken_connection_is_reported_and_earlier_events_are_kept() {
    // On all cores: it is one of the slowest tests.
    thread::scope(|scope| ALL.iter().for_each(|it| drop(scope.spawn(|| check_every_break(*it)))));
}

fn check_every_break((spec, text, _, words): (&'static StreamSpec, &str, &str, &str)) {
    let whole = all(spec, text).0;
    for at in 0..text.len() {
        for fault in [true, false] {
            let mut pieces = vec![Piece::Bytes(Bytes::copy_from_slice(&text.as_bytes()[..at]))];
            pieces.extend(fault.then_some(Piece::Fault));
            let it = Streams::new([pieces]);
            let mut stream = match it.open(spec) {
                Ok(stream) => stream,
                Err(error) => {
                    assert_eq!(error.message(), "the stream broke off");
                    continue;
                }
            };
            let (events, error) = it.drain(&mut stream);
            assert!(whole.starts_with(&events), "{at}");
            let parts_end_anywhere = spec.end_data.is_none() && spec.states.is_empty() && !fault;
            if error.is_none() && !parts_end_anywhere {
                // Only line ends are missing.
                assert!(text.len() - at <= 2 + usize::from(spec.end_data.is_some()) * 16, "{at}");
                assert_eq!(events, whole);
            }
            if let Some(error) = error {
                assert_eq!((error.kind(), error.message()), (ErrorKind::Transport, "the stream broke off"));
                assert_eq!(error.request_id(), Some("req-1"));
                let partial = stream.partial().to_string();
                assert!(events.is_empty() || !stream.partial().is_null(), "{partial}");
                let failed = it.clock.run(stream.collect()).unwrap_err();
                assert_eq!(failed.kind(), ErrorKind::Transport);
            }
        }
    }
    let it = Streams::new([cut(text.as_bytes(), 7)]);
    let mut stream = it.open(spec).unwrap();
    let mut said = String::new();
    while let Some(text) = it.clock.run(stream.next_text()) {
        said.push_str(&text.unwrap());
    }
    assert_eq!(said, words);
}

#[test]
fn the_text_is_a_stream_too() {
    for (spec, text, _, words) in ALL {
        let it = Streams::new([cut(text.as_bytes(), 11)]);
        let mut stream = it.open(spec).unwrap().into_text();
        let mut pieces = Vec::new();
        while let Some(piece) = it.clock.run(std::future::poll_fn(|it| Pin::new(&mut stream).poll_next(it))) {
            pieces.push(piece.unwrap());
        }
        assert!(pieces.iter().all(|it| !it.is_empty()) && pieces.len() > 1);
        assert_eq!(pieces.concat(), words);
        assert!(stream.partial().is_object());
    }
}

#[test]
fn an_unreadable_event_does_not_affect_the_rest() {
    let text = "data: {\"text\": 1}\n\ndata: {nope\n\ndata: {\"text\": \"x\"}\n\ndata: [DONE]\n\n";
    let it = Streams::new([vec![Piece::from(text)]]);
    let call = it.client.call().stream(Create("a tree"), &CHUNKS_SPEC, chunk::<Text>);
    let mut stream: EventStream<Text, ()> = it.clock.run(call).unwrap();
    let error = it.clock.run(stream.next()).unwrap().unwrap_err();
    assert_eq!((error.kind(), error.decode().unwrap().at.as_str()), (ErrorKind::Decode, "/text"));
    assert_eq!(error.body_text(), "{\"text\": 1}");
    let error = it.clock.run(stream.next()).unwrap().unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Decode, "an event's data is not JSON"));
    assert_eq!(error.body_text(), "{nope");
    assert_eq!(it.clock.run(stream.next()).unwrap().unwrap().0, "x");
    assert!(it.clock.run(stream.next()).is_none());
    assert!(it.clock.run(stream.next()).is_none());
}

static CHUNKS_SPEC: StreamSpec = CHUNKS_LIKE;

#[derive(Debug)]
struct Text(String);

impl Decode for Text {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(from.object()?.required("text", |it| it.string())?))
    }
}

#[test]
fn an_error_event_equals_the_error_of_a_status() {
    let good = "event: message_start\ndata: {}\n\n";
    for (spec, before, data, kind, code) in [
        (
            &NAMED,
            good,
            "event: error\ndata: {\"error\":{\"code\":\"overloaded\",\"message\":\"M\"}}",
            StatusKind::Unavailable,
            Some("overloaded"),
        ),
        (&NAMED, good, "data: {\"type\":\"error\",\"error\":{\"message\":\"M\"}}", StatusKind::Server, None),
        (
            &CHUNKS,
            "data: {}\n\n",
            "data: {\"error\":{\"code\":\"slow_down\",\"message\":\"M\"}}",
            StatusKind::RateLimited,
            Some("slow_down"),
        ),
        (&CHUNKS, "data: {}\n\n", "event: error\ndata: {\"message\":\"M\"}", StatusKind::Server, None),
        (&CHUNKS, "data: {}\n\n", "data: {\"choices\":[],\"error\":\"M\"}", StatusKind::Server, None),
        (&PARTS, "data: {}\n\n", "data: {\"error\":{\"code\":7,\"message\":\"M\"}}", StatusKind::Server, Some("7")),
        (&ITEMS, "data: {}\n\n", "event: response.failed\ndata: {\"message\":\"M\"}", StatusKind::Server, None),
    ] {
        let it = Streams::new([vec![Piece::from(before), Piece::from(data), Piece::from("\n\ndata: {}\n\n")]]);
        let mut stream = it.open(spec).unwrap();
        let (events, error) = it.drain(&mut stream);
        let error = error.unwrap();
        assert_eq!((events.len(), error.kind()), (1, ErrorKind::Api(kind)), "{data}");
        assert_eq!((error.message(), error.code(), error.request_id()), ("M", code, Some("req-1")), "{data}");
        assert_eq!(error.body_text(), data.split_once("data: ").unwrap().1);
        assert_eq!((it.sent(), it.opened()), (1, 0), "{data}");
        let again = it.clock.run(stream.collect()).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Api(kind));
    }
}

#[test]
fn an_error_shows_no_key() {
    let data = format!("data: {{}}\n\ndata: {{\"error\":{{\"message\":\"no such key: {KEY}\"}}}}\n\n");
    let (_, error) = all(&CHUNKS, &data);
    let error = error.unwrap();
    assert_eq!(error.message(), "no such key: [secret]");
    assert!(!format!("{error} {error:?}").contains(KEY));
}
