//! Tests opening a stream: what is retried, and responses that are not streams.

use super::specs::{CHUNKS, NAMED, PARTS};
use super::*;
use crate::testing::{Answer, FakeServer};

const BUSY: &str = "data: {\"error\":{\"code\":\"slow_down\",\"message\":\"M\"}}\n\n";
const DOWN: &str = "data: {\"error\":{\"code\":\"overloaded\",\"message\":\"M\"}}\n\n";
const BROKEN: &str = "data: {\"error\":{\"message\":\"M\"}}\n\n";
const GOOD: &str = "data: {\"id\":\"c\"}\n\n: more\n\n";
const DONE: &str = "data: [DONE]\n\n";

#[test]
fn failures_before_the_first_event_are_retried() {
    // How often a request is sent that must not be repeated, and one that may.
    for (first, create, read) in [
        // If the response has started, the server has processed the request.
        (vec![Piece::from(BUSY)], 1, 2),
        (vec![Piece::from(": hello\n\n"), Piece::from(DOWN)], 1, 2),
        (vec![Piece::from(BROKEN)], 1, 2),
        (vec![Piece::Fault], 1, 2),
        (vec![Piece::from("data: {"), Piece::Fault], 1, 2),
        (vec![], 1, 2),
        (vec![Piece::Never], 1, 2),
        // Here the first event has arrived.
        (vec![Piece::from(GOOD), Piece::from(BUSY)], 1, 1),
        (vec![Piece::from(GOOD), Piece::Fault], 1, 1),
        (vec![Piece::from("data: nope\n\n"), Piece::from(BUSY)], 1, 1),
    ] {
        for (repeats, wanted) in [(false, create), (true, read)] {
            let good = vec![Piece::from(GOOD), Piece::from(DONE)];
            let it = Streams::new([first.clone(), good]);
            let opened = if repeats { it.reopen(&CHUNKS) } else { it.open(&CHUNKS) };
            let attempts = match &opened {
                Ok(stream) => stream.attempts(),
                Err(error) => error.attempts(),
            };
            assert_eq!(it.opened(), usize::from(opened.is_ok()));
            assert_eq!((it.sent(), attempts as usize), (wanted, wanted));
            if wanted == 2 {
                let (events, error) = it.drain(&mut opened.unwrap());
                assert!(error.is_none() && events.len() == 1);
            }
        }
    }
}

#[test]
fn a_stream_has_the_retries_and_timeout_of_the_call() {
    let it = Streams::new((0..9).map(|_| vec![Piece::from(BUSY)]));
    let error = it.reopen(&CHUNKS).unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.attempts(), it.sent(), error.code()), (3, 3, Some("slow_down")));
    assert_eq!(it.opened(), 0);
    let it = Streams::new((0..9).map(|_| vec![Piece::from(BUSY)]));
    let call = it.client.call().stream::<_, OtherEvent, Whole>(Read("1"), &CHUNKS, other);
    let error = it.clock.run(call.with_max_retries(0)).unwrap_err();
    assert_eq!((error.attempts(), it.sent()), (1, 1));
    let slow = || [Piece::Wait(secs(4)), Piece::from(BUSY)];
    let it = Streams::with((0..9).map(|_| sse(slow())), |it| it.total_timeout(secs(6)));
    let error = it.reopen(&CHUNKS).unwrap_err();
    // 4 + 0.5 + 1.5, the limit.
    assert_eq!((error.kind(), error.attempts(), it.clock.passed()), (ErrorKind::Timeout, 2, secs(6)));
}

/// Opens a stream against the fake server.
fn opened(answers: impl IntoIterator<Item = Answer>) -> (Result<EventStream<OtherEvent, Whole>>, FakeServer) {
    let clock = VirtualClock::new();
    let server = FakeServer::new(answers).with_clock(&clock);
    let client = Client::builder(&API).api_key(KEY).transport(server.clone()).clock(clock.clone()).build().unwrap();
    (clock.run(client.call().stream(Create("a tree"), &NAMED, other)), server)
}

#[test]
fn errors_before_the_stream_are_those_of_other_calls() {
    let stream = || Answer::new(200, "event: message_start\ndata: {}\n\n").header("content-type", "text/event-stream");
    for (answer, sent) in [
        (refused(429), 2),
        (refused(503), 2),
        (Answer::new(429, ""), 1),
        (Answer::new(503, "<html>"), 1),
        (Answer::new(503, "").header("retry-after", "1"), 2),
        (Answer::new(421, ""), 2),
        (coded(400, "overloaded"), 2),
        (coded(429, "no_credit"), 1),
        (Answer::fault(TransportErrorKind::Refused), 2),
        (Answer::fault(TransportErrorKind::NotSent), 2),
        (Answer::fault(TransportErrorKind::Broken), 1),
        (Answer::new(500, ""), 1),
        (Answer::new(400, "{\"error\":{\"message\":\"M\"}}"), 1),
        (Answer::never(), 1),
    ] {
        let (stream, server) = opened([answer.clone(), stream()]);
        assert_eq!((server.count(), stream.is_ok()), (sent, sent == 2), "{answer:?}");
    }
    let error = opened([Answer::new(400, "{\"error\":{\"message\":\"M\"}}")]).0.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Api(StatusKind::InvalidRequest), "M"));
    let (open, server) = opened([stream()]);
    assert_eq!((open.unwrap().status().as_u16(), server.count()), (200, 1));
    assert_eq!(server.requests()[0].body().as_ref(), b"{\"prompt\":\"a tree\"}");
}

#[test]
fn an_invalid_request_is_not_sent() {
    let it = Streams::new([]);
    let call = it.client.call().stream::<_, OtherEvent, ()>(Create("much too long a prompt"), &CHUNKS, other);
    assert!(it.clock.run(call).unwrap_err().is_validation());
    assert_eq!(it.sent(), 0);
    let it = Streams::new([vec![Piece::from(GOOD)]]);
    let call = it.client.call().stream::<_, OtherEvent, ()>(Create("much too long a prompt"), &CHUNKS, other);
    let stream = it.clock.run(call.with_validation(Validation::Warn)).unwrap();
    assert_eq!(stream.warnings().len(), 1);
}

#[test]
fn a_response_in_one_piece_is_not_a_stream() {
    let json = |text: &str| (200, "application/json", Box::new([Piece::from(text)].into_iter()) as Answering);
    let error = Streams::with([json("{\"id\":\"m\"}")], |it| it).open(&NAMED).unwrap_err();
    assert_eq!((error.kind(), error.body_text().as_ref()), (ErrorKind::Decode, "{\"id\":\"m\"}"));
    assert_eq!(error.message(), "the response is not a stream: call `send`");
    let html = (200, "text/html", Box::new([Piece::from("<title>x</title>")].into_iter()) as Answering);
    let error = Streams::with([html], |it| it).reopen(&NAMED).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Decode, "the response is not a stream of events"));
    // It is not retried, even if the operation may be repeated, because the response would be the same.
    let it = Streams::with([json("{}")], |it| it);
    assert!(it.reopen(&CHUNKS).unwrap_err().is_decode());
    assert_eq!(it.sent(), 1);
    // Unless it is an error.
    for (spec, text) in [
        (&NAMED, "{\"type\":\"error\",\"error\":{\"code\":\"overloaded\",\"message\":\"M\"}}"),
        (&PARTS, "{\"error\":{\"code\":\"overloaded\",\"message\":\"M\"}}"),
        // At the places that the API declares for all its errors.
        (&NAMED, "{\"error\":{\"code\":\"overloaded\",\"message\":\"M\"}}"),
    ] {
        let it = Streams::with([json(text), sse([Piece::from(GOOD)])], |it| it);
        assert_eq!(it.reopen(spec).unwrap().attempts(), 2);
        let it = Streams::with([json(text)], |it| it);
        let error = it.open(spec).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Api(StatusKind::Unavailable), "M"));
        assert_eq!(it.sent(), 1);
    }
}

#[test]
fn a_stream_is_not_a_response_in_one_piece() {
    for read in [true, false] {
        let it = Streams::new([vec![Piece::from(GOOD), Piece::Never]]);
        let error = if read {
            it.clock.run(it.client.send(Read("1"))).unwrap_err()
        } else {
            it.clock.run(it.client.send(Create("a tree"))).unwrap_err()
        };
        assert_eq!((error.kind(), error.message()), (ErrorKind::Decode, "the response is a stream: call `stream`"));
        assert_eq!((it.sent(), it.opened(), it.clock.passed()), (1, 0, secs(0)));
        assert_ne!(&*it.server.accepts.lock().unwrap(), &["text/event-stream"]);
    }
}
