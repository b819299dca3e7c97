//! The guide's table of retries, checked row by row by counting requests on a real socket.
//!
//! Two rows cannot be tested through these clients. Requests that HTTP/2 returns unread are counted in
//! `runtime/tests/it/http2.rs`; reads that are streams, which no API here has, in the runtime's own tests.

use std::fs;
use std::time::Duration;

use rt::{ErrorKind, RetryPolicy};
use tokio::net::TcpSocket;

use super::*;
use crate::files;
use crate::support::direct;

const HTML: &str = "<html><head><title>503 Service Temporarily Unavailable</title></head></html>";
const OVERLOADED: &str =
    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"M\"}}\n\n";
const BEGUN: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n";

/// A row: its text in the guide, and whether a read and a call that may cost money are retried.
struct Row {
    what: &'static str,
    read: bool,
    billed: bool,
}

const ROWS: [Row; 18] = [
    row("No connection: the host name was not found, the server refused, or TLS failed", true, true),
    row("The server returned the request unread (HTTP/2 can report this)", true, true),
    row("Status 421 or 425, which no server sends after it has processed a request", true, true),
    row("An error that means \"too many requests\" or \"unavailable\", in the API's own form", true, true),
    row("Such an error with a readable `Retry-After`", true, true),
    row(
        "Such an error with neither: an empty body, a web page, plain text, or JSON that any gateway could send",
        true,
        false,
    ),
    row(
        "An error that means \"timed out\" or \"server error\", such as 408, 500, 502 and 504, with any body",
        true,
        false,
    ),
    row("No complete response in time", true, false),
    row("The connection breaks, before or during the response", true, false),
    row("A body that is shorter than announced, or incomplete JSON", true, false),
    row("No body where JSON is expected, other than with 204 or 205", true, false),
    row("A stream whose first event is a temporary error", true, false),
    row("A stream that ends or goes silent before its first event", true, false),
    row("A stream that fails after its first event, and a download that fails after its head", false, false),
    row("An error inside a successful response that is not a stream", false, false),
    row("A successful response that is not what the API promises, such as a web page", false, false),
    row("Any other error, such as 400, 401, 402, 403, 404 and 409", false, false),
    row("A redirect, and 304", false, false),
];

const fn row(what: &'static str, read: bool, billed: bool) -> Row {
    Row { what, read, billed }
}

/// The row that contains these words.
fn find(words: &str) -> &'static Row {
    let mut found = ROWS.iter().filter(|it| it.what.contains(words));
    let row = found.next().unwrap_or_else(|| panic!("no row says `{words}`"));
    assert!(found.next().is_none(), "two rows say `{words}`");
    row
}

#[test]
fn the_guide_has_these_rows() {
    let guide = fs::read_to_string(files::root().join("docs/guide/calling-an-api.md")).unwrap();
    let table = guide.split_once("| What happened |").expect("the table").1;
    let shown: Vec<_> = table.lines().skip(2).take_while(|it| it.starts_with('|')).map(str::to_owned).collect();
    let word = |repeated: bool| if repeated { "retried" } else { "not retried" };
    let rows: Vec<_> =
        ROWS.iter().map(|it| format!("| {} | {} | {} |", it.what, word(it.read), word(it.billed))).collect();
    assert_eq!(shown, rows);
}

/// An error in each API's form: for a create of one, and for a read of the other.
fn own(status: u16) -> (Answer, Answer) {
    let create = json!({"error": "The queue is full", "code": "BUSY"});
    let read = json!({"error": {"message": "The queue is full", "code": "BUSY"}});
    (Answer::json(status, &create), Answer::json(status, &read))
}

fn both(answer: Answer) -> (Answer, Answer) {
    (answer.clone(), answer)
}

/// Sends this response first and then good ones, to a create and to a read, and counts the requests.
async fn check(words: &str, (create, read): (Answer, Answer)) {
    let Row { read: reads, billed, what } = find(words);
    let clock = SkippingClock::new();
    let server = Server::answering([create.clone(), image()]).await;
    let anime = set_up(animeapi::Client::builder(), &server).clock(clock.clone()).build().unwrap();
    let drawn = draw(&anime).await;
    assert_eq!((server.count(), drawn.is_ok()), (if *billed { 2 } else { 1 }, *billed), "{what}: {create:?}");
    let server = Server::answering([read.clone(), completed("x")]).await;
    let run = set_up(runanything::Client::builder(), &server).clock(clock).build().unwrap();
    let looked = look(&run).await;
    assert_eq!((server.count(), looked.is_ok()), (if *reads { 2 } else { 1 }, *reads), "{what}: {read:?}");
}

#[tokio::test]
async fn no_connection() {
    let row = find("No connection");
    // Bound but not listening, so that no other process gets the port meanwhile.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let clock = SkippingClock::new();
    let anime = animeapi::Client::builder().api_key(KEY).base_url(&url).http_client(direct()).clock(clock.clone());
    let run = runanything::Client::builder().api_key(KEY).base_url(&url).http_client(direct()).clock(clock);
    let (create, read) = (draw(&anime.build().unwrap()).await, look(&run.build().unwrap()).await);
    for (error, repeated) in [(create.unwrap_err(), row.billed), (read.unwrap_err(), row.read)] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, if repeated { 3 } else { 1 }));
    }
}

#[tokio::test]
async fn errors() {
    for status in [421, 425] {
        check("421", both(Answer::new(status, ""))).await;
        check("421", both(Answer::new(status, HTML))).await;
    }
    for status in [429, 503] {
        check("in the API's own form", own(status)).await;
        for when in ["0", "2", "Thu, 01 Jan 2026 00:00:02 GMT", "Wed, 31 Dec 2025 23:59:00 GMT"] {
            check("Retry-After", both(Answer::new(status, HTML).header("retry-after", when))).await;
        }
        for body in [
            "",
            HTML,
            "upstream connect error or disconnect/reset before headers",
            "{}",
            "null",
            "{\"error\": null}",
            "{\"message\": \"no healthy upstream\"}",
            "{\"message\": \"Service Unavailable\", \"code\": 503}",
            "{\"error\": \"503 Service Temporarily Unavailable\"}",
            "{\"error\": \"no healthy upstream\", \"code\": \"SERVICE_UNAVAILABLE\"}",
            "{\"error\": {\"message\": \"The request timed out\", \"code\": \"UPSTREAM_ERROR\"}}",
            "{\"error\": {\"status\": 503, \"requestId\": \"8f2c-11\", \"path\": \"/v1\"}}",
            "{\"error\": \"The queue is fu",
        ] {
            check("with neither", both(Answer::new(status, body))).await;
        }
        check("with neither", both(Answer::new(status, "").header("retry-after", "soon"))).await;
    }
    for status in [408, 500, 502, 504] {
        check("timed out", both(Answer::new(status, HTML).header("retry-after", "0"))).await;
        check("timed out", own(status)).await;
    }
    for status in [400, 401, 402, 403, 404, 409, 410, 413, 415, 422, 451] {
        check("Any other error", both(Answer::new(status, "").header("retry-after", "0"))).await;
        check("Any other error", own(status)).await;
    }
    for status in [301, 302, 303, 304, 307, 308] {
        check("A redirect", both(Answer::new(status, "").header("location", "https://elsewhere.test/"))).await;
    }
}

#[tokio::test]
async fn connections_that_break() {
    check("The connection breaks", both(Answer::cut())).await;
    check("The connection breaks", (image().truncated(), completed("x").truncated())).await;
    let early = Answer::new(103, "").truncated();
    check("The connection breaks", both(early)).await;
}

#[tokio::test]
async fn answers_of_success() {
    check("incomplete JSON", both(Answer::new(200, "{\"status\": \"comp"))).await;
    check("No body", both(Answer::new(200, ""))).await;
    check("No body", both(Answer::new(200, "").header("content-type", "application/json"))).await;
    for (create, read) in [own(200), own(202)] {
        check("An error inside", (create.header("retry-after", "0"), read)).await;
    }
    check("not what the API promises", both(Answer::new(200, HTML).header("content-type", "text/html"))).await;
    check("not what the API promises", both(Answer::json(200, &json!([])))).await;
    check("not what the API promises", both(Answer::new(204, ""))).await;
}

#[tokio::test]
async fn calls_without_a_response_in_time() {
    let row = find("in time");
    let policy = RetryPolicy::new().delays(Duration::ZERO, Duration::ZERO);
    let limit = Duration::from_millis(40);
    let server = Server::answering([Answer::silent()]).await;
    let anime = set_up(animeapi::Client::builder(), &server).retry(policy).timeout(limit).build().unwrap();
    let run = set_up(runanything::Client::builder(), &server).retry(policy).timeout(limit).build().unwrap();
    for (error, repeated) in [(draw(&anime).await.unwrap_err(), row.billed), (look(&run).await.unwrap_err(), row.read)]
    {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, if repeated { 3 } else { 1 }));
    }
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn streams_that_cost_money() {
    for (words, body, kind) in [
        ("whose first event", OVERLOADED.to_owned(), ErrorKind::Api(rt::StatusKind::Unavailable)),
        ("whose first event", format!(": hello\n\n{OVERLOADED}"), ErrorKind::Api(rt::StatusKind::Unavailable)),
        ("before its first event", String::new(), ErrorKind::Transport),
        ("before its first event", "event: message_start\ndata: {".to_owned(), ErrorKind::Transport),
        ("after its first event", format!("{BEGUN}{OVERLOADED}"), ErrorKind::Api(rt::StatusKind::Unavailable)),
        ("after its first event", BEGUN.to_owned(), ErrorKind::Transport),
    ] {
        let answer = Answer::new(200, body.clone()).header("content-type", "text/event-stream");
        let server = Server::answering([answer]).await;
        let client = set_up(runapi::Client::builder(), &server).clock(SkippingClock::new()).build().unwrap();
        let call = client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
        let error = match call.stream().await {
            Ok(stream) => stream.collect().await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!((error.kind(), server.count(), find(words).billed), (kind, 1, false), "{words}: {body}");
    }
}

#[tokio::test]
async fn downloads_after_their_head() {
    let film = || Answer::new(200, "half of it").header("content-type", "video/mp4");
    let server = Server::answering([Answer::new(502, HTML), film().truncated(), film()]).await;
    let client = set_up(runcrate::Client::builder(), &server).clock(SkippingClock::new()).build().unwrap();
    let download = client.videos().download_video("v").send().await.unwrap();
    assert_eq!((download.attempts(), server.count()), (2, 2));
    let error = download.bytes(1 << 20).await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Transport, 2));
    assert!(!find("a download that fails").read);
}

#[tokio::test]
async fn waits_beyond_the_limit_fail_immediately() {
    let busy = || own(503).0.header("retry-after", "61");
    let server = Server::answering([busy(), image()]).await;
    let anime = set_up(animeapi::Client::builder(), &server).clock(SkippingClock::new()).build().unwrap();
    let error = draw(&anime).await.unwrap_err();
    assert_eq!((error.attempts(), error.retry_after(), server.count()), (1, Some(Duration::from_secs(61)), 1));
}
