//! What steps in before and after answers, and the manners of answering.

use std::sync::Arc;
use std::time::{Duration, Instant};

use specwright_contract::hook::{Call, Cut, Hook, Outcome};
use specwright_contract::{Refused, Server};

use crate::support::{RUNAPI_KEY, connect, exchange, get, head, read_reply, spec, start};

const BALANCE: &str = "/api/v1/me/balance";

/// Does what a header asks for.
struct Obeys;

impl Hook for Obeys {
    fn before(&self, call: &Call<'_>) -> Option<Outcome> {
        call.headers.contains_key("x-refuse").then(|| Outcome::empty(503))
    }

    fn after(&self, call: &Call<'_>, mut outcome: Outcome) -> Outcome {
        match call.headers.get("x-manner").map(|it| it.as_bytes()) {
            Some(b"cut before") => outcome.manner.cut = Some(Cut::BeforeHead),
            Some(b"cut within") => outcome.manner.cut = Some(Cut::WithinBody(5)),
            Some(b"late") => outcome.manner.delay = Duration::from_millis(50),
            Some(b"slow") => outcome.manner.bytes_per_second = Some(1000),
            Some(b"last") => outcome.manner.close = true,
            _ => {}
        }
        outcome
    }
}

fn server() -> Server {
    start(Server::builder().spec_folder(spec()).apis(["runapi"]).hook(Arc::new(Obeys)))
}

fn asked(server: &Server, manner: &str) -> Result<crate::support::Reply, String> {
    let mut stream = connect(server.address());
    let head = head("GET", BALANCE, &[RUNAPI_KEY, ("x-manner", manner)]);
    std::io::Write::write_all(&mut stream, format!("{head}\r\n").as_bytes()).unwrap();
    read_reply(&mut stream)
}

#[test]
fn a_hook_may_answer() {
    let server = server();
    let reply = crate::support::send(&server, "GET", BALANCE, &[("x-refuse", "1")], b"");
    assert_eq!(reply.status, 503);
    assert_eq!(server.requests().pop().unwrap().refused, Some(Refused::Hook));
}

#[test]
fn connections_are_cut() {
    let server = server();
    assert_eq!(asked(&server, "cut before").unwrap_err(), "cut before the head, after 0 bytes");
    assert!(asked(&server, "cut within").unwrap_err().starts_with("cut after 5 of "));
    assert_eq!(get(&server, BALANCE).status, 200);
}

#[test]
fn answers_are_late_and_slow() {
    let server = server();
    let whole = get(&server, BALANCE).body;
    for (manner, least) in [("late", 50), ("slow", (whole.len() as u64).saturating_sub(100))] {
        let start = Instant::now();
        assert_eq!(asked(&server, manner).unwrap().body, whole);
        assert!(start.elapsed() >= Duration::from_millis(least), "{manner}: {:?}", start.elapsed());
    }
}

#[test]
fn an_answer_may_be_the_last_of_its_connection() {
    let server = server();
    let mut stream = connect(server.address());
    let reply = exchange(&mut stream, "GET", BALANCE, &[RUNAPI_KEY, ("x-manner", "last")], b"");
    assert_eq!(reply.header("connection"), "close");
    assert_eq!(read_reply(&mut stream).unwrap_err(), "cut before the head, after 0 bytes");
}
