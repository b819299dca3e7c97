//! Tests servers that never end, fall silent, or send more than fits into memory.

use super::specs::{CHUNKS, NAMED, PARTS};
use super::*;

const CHUNK: &str = "data: {\"choices\":[]}\n\n";

/// A body of at most a gigabyte that is generated on demand, and the number of bytes that were read.
fn endless(piece: &'static [u8], asked: &Arc<AtomicUsize>) -> impl Iterator<Item = Piece> + Send + Sync + use<> {
    let asked = Arc::clone(asked);
    (0..1 << 30).step_by(piece.len()).map(move |_| {
        asked.fetch_add(piece.len(), Ordering::Relaxed);
        Piece::Bytes(Bytes::from_static(piece))
    })
}

static X: [u8; 16 * 1024] = [b'x'; 16 * 1024];

#[test]
fn an_endless_line_is_limited() {
    for start in ["", "data: ", "event: ", "id: ", "\u{feff}id: ", "{"] {
        let asked = Arc::default();
        let pieces = [Piece::from(CHUNK), Piece::from(start)].into_iter().chain(endless(&X, &asked));
        let it = Streams::with([sse(pieces)], |it| it.max_event_bytes(1 << 20));
        let mut stream = it.open(&CHUNKS).unwrap();
        let (events, error) = it.drain(&mut stream);
        let error = error.unwrap();
        assert_eq!((events.len(), error.kind()), (1, ErrorKind::AnswerTooLarge), "{start}");
        assert!(error.message().contains("max_event_bytes"), "{error}");
        // No more was read than could be kept.
        let asked = asked.load(Ordering::Relaxed);
        assert!((1 << 20..(1 << 20) + 2 * X.len()).contains(&asked), "{asked}");
        assert_eq!(it.opened(), 0);
    }
}

#[test]
fn an_endless_event_is_limited() {
    for line in [&b"data: x\n"[..], b"data: x\r", b"data\r\n", b"id: 7\n", b"\xff\xff\xff\n", b"\xef\xbb\n", b"{\r"] {
        let asked = Arc::default();
        let it = Streams::with([sse(endless(line, &asked))], |it| it.max_event_bytes(10_000));
        assert_eq!(it.open(&CHUNKS).unwrap_err().kind(), ErrorKind::AnswerTooLarge);
        assert!(asked.load(Ordering::Relaxed) < 30_000);
    }
}

#[test]
fn the_default_limit_of_an_event_is_eight_mebibytes() {
    let asked = Arc::default();
    let it = Streams::with([sse(endless(&X, &asked))], |it| it);
    assert_eq!(it.open(&CHUNKS).unwrap_err().kind(), ErrorKind::AnswerTooLarge);
    assert_eq!(asked.load(Ordering::Relaxed), (8 << 20) + X.len());
}

#[test]
fn endless_comments_keep_the_connection_alive_until_the_timeout() {
    // One comment of a hundred megabytes, then many of them, then an event: no comment is kept.
    let asked = Arc::default();
    let pieces = [Piece::from(":")].into_iter().chain(endless(&X, &asked).take(6_400));
    let pieces = pieces.chain([Piece::from("\n")]).chain((0..10_000).map(|_| Piece::from(": ping\n\n")));
    let pieces = pieces.chain([Piece::from(CHUNK), Piece::from("data: [DONE]\n\n")]);
    let it = Streams::with([sse(pieces)], |it| it.max_event_bytes(1_000));
    let mut stream = it.open(&CHUNKS).unwrap();
    assert_eq!(it.drain(&mut stream).0.len(), 1);
    assert_eq!(asked.load(Ordering::Relaxed), 6_400 * X.len());

    // They keep the connection alive, but the call has its own timeout.
    let pings = || std::iter::repeat_with(|| [Piece::Wait(secs(10)), Piece::from(":\n\n")]).flatten();
    let it = Streams::with([sse([Piece::from(CHUNK)].into_iter().chain(pings()))], |it| {
        it.idle_timeout(secs(15)).total_timeout(secs(100))
    });
    let mut stream = it.open(&CHUNKS).unwrap();
    let (events, error) = it.drain(&mut stream);
    assert_eq!((events.len(), error.unwrap().kind()), (1, ErrorKind::Timeout));
    assert_eq!(it.clock.passed(), secs(100));
}

/// Reading a body that is always ready lets other tasks run, and obeys the timeout.
#[test]
fn a_body_that_is_always_ready_is_limited() {
    let pings = std::iter::repeat_with(|| Piece::from(":\n\n"));
    let it = Streams::with([sse([Piece::from(CHUNK)].into_iter().chain(pings))], |it| it);
    let mut stream = it.open(&CHUNKS).unwrap();
    it.next(&mut stream).unwrap().unwrap();
    let mut next = std::pin::pin!(stream.next());
    let mut context = Context::from_waker(std::task::Waker::noop());
    assert!((0..1_000).all(|_| next.as_mut().poll(&mut context).is_pending()));
    it.clock.run(it.clock.sleep(secs(600)));
    assert!(it.clock.run(next).unwrap().unwrap_err().is_timeout());
}

#[test]
fn silence_is_limited() {
    let stall = |before: &[Piece]| [before, &[Piece::Never]].concat();
    let start = Piece::from("event: message_start\ndata: {\"message\":{\"id\":\"m\"}}\n\n");
    let it = Streams::new([stall(&[start.clone(), Piece::Wait(secs(119)), Piece::from(":\n")])]);
    let mut stream = it.open(&NAMED).unwrap();
    assert!(it.next(&mut stream).unwrap().is_ok());
    let error = it.next(&mut stream).unwrap().unwrap_err();
    assert_eq!((error.kind(), it.clock.passed()), (ErrorKind::Timeout, secs(119 + 120)));
    assert!(error.message().contains("no data for 120s"), "{error}");
    assert!(it.next(&mut stream).is_none());
    assert_eq!((stream.partial()["id"].as_str(), it.opened()), (Some("m"), 0));

    // Before the first event as well.
    let it = Streams::with([sse(stall(&[]))], |it| it.idle_timeout(secs(7)));
    assert!(it.open(&NAMED).unwrap_err().is_timeout());
    assert_eq!((it.clock.passed(), it.sent()), (secs(7), 1));

    // In the middle of a line, with the limit of this call.
    let it = Streams::new([stall(&[start.clone(), Piece::from("data: {")])]);
    let mut stream = it.clock.run(it.streaming(&NAMED).with_idle_timeout(secs(3))).unwrap();
    assert!(it.drain(&mut stream).1.unwrap().is_timeout());
    assert_eq!(it.clock.passed(), secs(3));

    // Without a limit of silence, only the call's timeout remains; without that, there is no limit.
    let it = Streams::with([sse(stall(std::slice::from_ref(&start)))], |it| it.idle_timeout(None));
    let mut stream = it.open(&NAMED).unwrap();
    let error = it.drain(&mut stream).1.unwrap();
    assert_eq!((error.kind(), it.clock.passed()), (ErrorKind::Timeout, secs(600)));
    assert!(error.message().contains("limit of the call"), "{error}");
    let late = [start, Piece::Wait(secs(100_000)), Piece::from("event: message_stop\ndata: {}\n\n")];
    let it = Streams::with([sse(late)], ClientBuilder::without_timeouts);
    let mut stream = it.open(&NAMED).unwrap();
    assert_eq!(it.drain(&mut stream).0.len(), 2);
}

#[test]
fn a_slow_reader_is_not_mistaken_for_a_silent_server() {
    let pieces = [Piece::from(CHUNK), Piece::Wait(secs(1)), Piece::from(CHUNK), Piece::from("data: [DONE]\n\n")];
    let it = Streams::with([sse(pieces)], ClientBuilder::without_timeouts);
    let mut stream = it.clock.run(it.streaming(&CHUNKS).with_idle_timeout(secs(5))).unwrap();
    assert!(it.next(&mut stream).unwrap().is_ok());
    it.clock.run(it.clock.sleep(secs(1_000)));
    assert!(it.next(&mut stream).unwrap().is_ok());
    assert!(it.next(&mut stream).is_none());
}

#[test]
fn the_timeout_of_an_attempt_ends_with_the_head() {
    let pieces = [Piece::from(CHUNK), Piece::Wait(secs(60)), Piece::from(CHUNK), Piece::from("data: [DONE]\n\n")];
    let it = Streams::with([sse(pieces)], |it| it.timeout(secs(5)));
    let mut stream = it.open(&CHUNKS).unwrap();
    assert_eq!((it.drain(&mut stream).0.len(), it.clock.passed()), (2, secs(60)));
}

#[test]
fn dropping_it_closes_the_connection() {
    let answer = || vec![Piece::from(CHUNK), Piece::Never];
    let it = Streams::new([answer(), answer(), answer()]);
    let stream = it.open(&CHUNKS).unwrap();
    assert_eq!(it.opened(), 1);
    drop(stream);
    assert_eq!(it.opened(), 0);
    drop(it.open(&CHUNKS).unwrap().into_text());
    assert_eq!(it.opened(), 0);
    // While it waits for an event, and while it is being opened.
    let mut stream = it.open(&CHUNKS).unwrap();
    it.next(&mut stream).unwrap().unwrap();
    drop(stream.next());
    drop(stream);
    assert_eq!(it.opened(), 0);
    let it = Streams::new([vec![Piece::Never]]);
    let mut streaming = Box::pin(it.streaming(&CHUNKS));
    let mut context = Context::from_waker(std::task::Waker::noop());
    assert!(streaming.as_mut().poll(&mut context).is_pending());
    assert_eq!(it.opened(), 1);
    drop(streaming);
    assert_eq!(it.opened(), 0);
}

#[test]
fn a_complete_stream_releases_the_connection() {
    let rest = vec![Piece::from(CHUNK), Piece::from("data: [DONE]\n\n"), Piece::Never];
    let it = Streams::new([rest]);
    let mut stream = it.open(&CHUNKS).unwrap();
    assert_eq!(it.drain(&mut stream).0.len(), 1);
    assert_eq!(it.opened(), 0);
}

#[test]
fn deeply_nested_json_is_an_unreadable_event() {
    let deep = format!("data: {}{}\n\n", "[".repeat(100_000), "]".repeat(100_000));
    let it = Streams::new([vec![Piece::from(CHUNK), Piece::from(deep.as_str()), Piece::from(CHUNK)]]);
    let mut stream = it.open(&PARTS).unwrap();
    assert!(it.next(&mut stream).unwrap().is_ok());
    assert!(it.next(&mut stream).unwrap().unwrap_err().is_decode());
    assert!(it.next(&mut stream).unwrap().is_ok());
}
