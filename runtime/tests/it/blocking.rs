//! Tests calls without an async runtime, through ureq.

use std::io::Read as _;
use std::time::Duration;

use specwright_runtime::stream::{StreamSpec, chunk};
use specwright_runtime::{
    Blocking as _, Client, ErrorKind, File, TaskState, TokioClock, Ureq, WaitOptions, blocking, bytes,
};

use crate::api::{API, Content, Create, Delete, List, Tape, Upload};
use crate::server::{Folder, Server, Step, answer, peak_memory, pours, says, stalls};

const SHORT: Duration = Duration::from_millis(50);

/// ureq without the proxies of the environment.
fn direct() -> Ureq {
    ureq::Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .new_agent()
        .into()
}

fn client(server: &Server) -> Client {
    let builder = Client::builder(&API).api_key("k").base_url(&*server.url).blocking().transport(direct());
    builder.timeout(Duration::from_secs(60)).build().unwrap()
}

fn tape() -> Step {
    answer(200, "application/json", r#"{"id":"7"}"#)
}

#[test]
fn calls_are_sent_and_responses_are_read() {
    let server = Server::new([tape(), says("HTTP/1.1 204 No Content\r\n\r\n"), tape()]);
    let client = client(&server);
    let answer = client.call().start(List).blocking().unwrap();
    assert_eq!((answer.id.as_str(), answer.request_id()), ("7", Some("r-1")));
    assert_eq!(client.send(Delete).blocking().unwrap().status().as_u16(), 204);
    assert_eq!(client.call().start(Create("a")).blocking().unwrap().id(), "7");
    let requests = server.requests();
    let heads: Vec<_> = requests.iter().map(|it| it.lines().next().unwrap()).collect();
    assert_eq!(heads, ["GET /tapes HTTP/1.1", "DELETE /tapes/7 HTTP/1.1", "POST /tapes HTTP/1.1"]);
    let last = requests[2].to_ascii_lowercase();
    assert!(
        last.contains("\r\nauthorization: bearer k\r\n") && last.contains("\r\nuser-agent: tapes/1.0.0\r\n"),
        "{last}"
    );
    assert!(last.contains("\r\ncontent-length: 12\r\n") && last.ends_with("\r\n\r\n{\"name\":\"a\"}"), "{last}");
    assert!(!requests[0].to_ascii_lowercase().contains("transfer-encoding"), "{}", requests[0]);
}

#[test]
fn statuses_are_judged_by_the_runtime() {
    let teapot = answer(404, "application/json", r#"{"error":{"message":"no tape"}}"#);
    let away = says("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n");
    let busy = says("HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let server = Server::new([teapot, away, busy, tape()]);
    let client = client(&server);
    let error = client.send(List).blocking().unwrap_err();
    assert!(error.is_not_found() && error.message() == "no tape", "{error}");
    let error = client.send(List).blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    assert_eq!(client.send(List).blocking().unwrap().attempts(), 2);
    server.requests();
}

#[test]
fn failures_are_distinguished() {
    let server = Server::new([stalls(""), says(""), says("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"id\"")]);
    let client = client(&server);
    let error = client.call().start(Create("a")).with_timeout(SHORT).blocking().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    for _ in 0..2 {
        let error = client.call().start(Create("a")).blocking().unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{error:?}");
    }
    let url = server.url.clone();
    server.requests();
    // Nothing listens there any more.
    let client = Client::builder(&API).api_key("k").base_url(url).blocking().transport(direct()).build().unwrap();
    let error = client.call().start(Create("a")).with_max_retries(0).blocking().unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}

#[test]
fn files_are_sent_from_disk() {
    let folder = Folder::new("upload");
    let path = folder.0.join("a.mp3");
    std::fs::write(&path, vec![b'x'; 300_000]).unwrap();
    let server = Server::new([tape(), tape(), says("")]);
    let client = client(&server);
    client.send(Upload(File::path(&path).unwrap())).blocking().unwrap();
    let pieces = Pieces(vec![Some("def"), Some("abc")]);
    client.send(Upload(File::stream(pieces, None))).blocking().unwrap();
    let error = client.send(Upload(File::stream(Pieces(vec![None]), None))).blocking().unwrap_err();
    assert!(error.is_config() && format!("{error:?}").contains("give it bytes or a path"), "{error:?}");
    let requests = server.requests();
    assert!(requests[0].contains(&"x".repeat(300_000)) && requests[0].contains("filename=\"a.mp3\""));
    let chunked = requests[1].to_ascii_lowercase();
    assert!(chunked.contains("transfer-encoding: chunked") && !chunked.contains("content-length"), "{chunked}");
    assert!(chunked.contains("abc") && chunked.contains("def"), "{chunked}");
}

/// Pieces from the last to the first; `None` waits forever.
struct Pieces(Vec<Option<&'static str>>);

impl futures_core::Stream for Pieces {
    type Item = Result<bytes::Bytes, specwright_runtime::TransportError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        match self.0.pop() {
            Some(Some(piece)) => std::task::Poll::Ready(Some(Ok(piece.into()))),
            Some(None) => std::task::Poll::Pending,
            None => std::task::Poll::Ready(None),
        }
    }
}

#[test]
fn submit_wait_download() {
    let folder = Folder::new("task");
    let status = |state: &str| answer(200, "application/json", &format!(r#"{{"id":"7","state":"{state}"}}"#));
    let steps =
        [tape(), status("busy"), status("done"), answer(200, "audio/mpeg", "abc"), status("busy"), status("done")];
    let server = Server::new(steps);
    let task = client(&server).call().start(Create("a")).blocking().unwrap();
    let options = WaitOptions::new().interval(Duration::from_millis(1));
    let download = task.wait_and_download_with(options).blocking().unwrap();
    assert_eq!(download.save(folder.0.join("a.mp3")).blocking().unwrap(), 3);
    assert_eq!(folder.names(), ["a.mp3"]);
    let states: Vec<_> = blocking::iter(task.progress()).map(|it| it.unwrap().state).collect();
    assert!(matches!(&*states, [TaskState::Pending, TaskState::Completed(tape)] if tape.id == "7"), "{states:?}");
    server.requests();
}

#[test]
fn bodies_are_read_in_every_way() {
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n\
                   3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
    let server = Server::new([says(chunked), says(chunked), answer(200, "audio/mpeg", "abcdefg")]);
    let client = client(&server);
    let download = || client.send(Content).blocking().unwrap();
    let mut text = String::new();
    download().into_reader().read_to_string(&mut text).unwrap();
    assert_eq!(text, "abcdefg");
    let pieces: Vec<_> = blocking::iter(download()).map(|it| it.unwrap()).collect();
    assert_eq!(pieces.concat(), b"abcdefg");
    let mut copied = Vec::new();
    assert_eq!(download().copy_to(&mut copied).blocking().unwrap(), 7);
    assert_eq!(copied, b"abcdefg");
    server.requests();
}

#[test]
fn a_short_or_silent_body_is_an_error() {
    let folder = Folder::new("short");
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\nabc";
    let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
    let server = Server::new([says(cut), says(chunks), stalls("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")]);
    let builder = Client::builder(&API).api_key("k").base_url(&*server.url).blocking().transport(direct());
    let client = builder.idle_timeout(SHORT).timeout(SHORT * 20).build().unwrap();
    for kind in [ErrorKind::Transport, ErrorKind::Transport, ErrorKind::Timeout] {
        let error = client.send(Content).blocking().unwrap().save(folder.0.join("a.mp3")).blocking().unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains("after 3"), "{error}");
        assert_eq!(folder.names(), [] as [&str; 0]);
    }
    server.requests();
}

/// Nothing is known about its events except how they end.
static SPEC: StreamSpec = StreamSpec {
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
fn streams_are_iterated() {
    const COUNT: usize = 300;
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let event = "data: {\"id\": \"7\"}\n\n";
    // Neither many events at once nor a server that keeps the connection open blocks the reader.
    let whole = format!("{HEAD}{}data: [DONE]\n\n", event.repeat(COUNT));
    let server = Server::new([stalls(&whole), stalls(&format!("{HEAD}{event}"))]);
    let builder = Client::builder(&API).api_key("k").base_url(&*server.url).blocking().transport(direct());
    let client = builder.timeout(SHORT * 200).idle_timeout(SHORT * 200).build().unwrap();
    let open = || client.call().stream::<_, _, ()>(List, &SPEC, chunk::<Tape>);
    let begun = std::time::Instant::now();
    let events: Vec<_> = blocking::iter(open().blocking().unwrap()).collect::<Result<_, _>>().unwrap();
    assert_eq!((events.len(), events[0].id.as_str()), (COUNT, "7"));
    assert!(begun.elapsed() < SHORT * 100, "{:?}", begun.elapsed());

    let mut silent = blocking::iter(open().with_timeout(SHORT).with_idle_timeout(SHORT).blocking().unwrap());
    assert!(silent.next().unwrap().is_ok());
    let error = silent.next().unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(silent.next().is_none());
    server.requests();
}

#[test]
fn a_hundred_megabytes_need_little_memory() {
    const TOTAL: usize = 100 << 20;
    let server = Server::new([pours(TOTAL, false), pours(TOTAL, true)]);
    let client = client(&server);
    for _ in 0..2 {
        let mut reader = client.send(Content).blocking().unwrap().into_reader();
        assert_eq!(std::io::copy(&mut reader, &mut std::io::sink()).unwrap(), TOTAL as u64);
    }
    if let Some(peak) = peak_memory() {
        assert!(peak < TOTAL * 6 / 10, "{} MiB", peak >> 20);
    }
}

#[test]
fn other_clients_get_an_error_with_advice() {
    // Neither would return: one panics without its runtime, the other waits forever.
    let server = Server::new([tape()]);
    let waits = client(&server);
    let builder = Client::builder(&API).api_key("k").base_url(&*server.url).transport(direct()).clock(TokioClock);
    let error = builder.build().unwrap().send(List).blocking().unwrap_err();
    assert!(error.is_config() && error.to_string().contains("`ClientBuilder::blocking()`"), "{error}");
    let error = blocking::run(std::future::pending::<specwright_runtime::Result<()>>()).unwrap_err();
    assert!(error.is_config() && error.to_string().contains("await the call"), "{error}");
    // A blocking client can be awaited like any other client.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(waits.send(List)).unwrap().id, "7");
    server.requests();
}

/// Only if TLS is disabled.
#[cfg(not(any(
    feature = "blocking-rustls",
    feature = "blocking-rustls-no-provider",
    feature = "blocking-native-tls"
)))]
#[test]
fn https_without_tls_is_reported_immediately() {
    let client = Client::builder(&API).api_key("k").base_url("https://127.0.0.1:1").blocking().build().unwrap();
    let error = client.send(List).blocking().unwrap_err();
    let cause = std::error::Error::source(&error).and_then(|it| it.source()).unwrap().to_string();
    assert!(error.is_config() && cause.contains("`blocking-rustls`"), "{error}: {cause}");
}
