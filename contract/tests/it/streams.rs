//! Streams over sockets: in the vendor's grammar, event by event.

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use specwright_contract::hook::{Call, Hook, Outcome};
use specwright_contract::{Builder, Server};

use crate::support::{JSON, RUNAPI_KEY, chunks, connect, exchange, head, invented, post, runapi, spec, start};

const CHAT: &str = "/v1/chat/completions";
const MESSAGES: &str = "/v1/messages";

fn chat(stream: bool) -> String {
    json!({"model": "gpt-5.2", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}).to_string()
}

/// The data of all events, and their names.
fn read(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.ends_with("\n\n"), "{text}");
    let field = |event: &str, name: &str| {
        event.lines().find_map(|it| it.strip_prefix(name)).unwrap_or_default().trim().to_owned()
    };
    text.split_terminator("\n\n").map(|it| (field(it, "event:"), field(it, "data:"))).collect()
}

#[test]
fn chunks_end_with_what_the_spec_says() {
    let server = runapi();
    let whole = post(&server, CHAT, &chat(false));
    let reply = post(&server, CHAT, &chat(true));
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/event-stream"));
    assert_eq!(reply.header("transfer-encoding"), "chunked");
    let events = read(&reply.body);
    assert_eq!(events.last().unwrap().1, "[DONE]");
    let text: String = events[..events.len() - 1]
        .iter()
        .map(|(name, data)| {
            assert!(name.is_empty());
            let data: Value = serde_json::from_str(data).unwrap();
            data.pointer("/choices/0/delta/content").and_then(Value::as_str).unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(text, whole.json()["choices"][0]["message"]["content"]);
    assert_eq!(post(&server, CHAT, &chat(true)).body, reply.body);
}

#[test]
fn events_have_their_names_twice() {
    let server = runapi();
    let body = json!({"model": "claude-sonnet-4-6", "max_tokens": 9, "stream": true,
        "messages": [{"role": "user", "content": "Hi"}]});
    let events = read(&post(&server, MESSAGES, &body.to_string()).body);
    assert!(events.len() > 5, "{events:?}");
    for (name, data) in &events {
        assert_eq!(serde_json::from_str::<Value>(data).unwrap()["type"], *name);
    }
    assert_eq!((&*events[0].0, &*events[events.len() - 1].0), ("message_start", "message_stop"));
}

#[test]
fn a_request_that_breaks_rules_gets_no_stream() {
    let server = runapi();
    let reply = post(&server, CHAT, r#"{"model": "gpt-5.2", "stream": true}"#);
    assert_eq!((reply.status, reply.header("content-type")), (422, "application/json"));
}

#[test]
fn what_always_streams_streams() {
    let server = start(Server::builder().spec_folder(invented()).apis(["studio"]));
    let url = server.url_of_server("studio", "compatible").unwrap();
    let base = url.strip_prefix(&server.url()).unwrap().to_owned();
    let key = ("Authorization", "Bearer test-api-key");
    let reply = crate::support::send(
        &server,
        "POST",
        &format!("{base}/models/well-1:pour"),
        &[key, JSON],
        br#"{"contents":["a"]}"#,
    );
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(read(&reply.body).len() > 1);
    let reply = crate::support::send(&server, "GET", &format!("{base}/listen"), &[key], b"");
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/event-stream"));
    assert!(!read(&reply.body).is_empty());
}

/// Goes silent after two events.
struct Silent;

impl Hook for Silent {
    fn after(&self, _: &Call<'_>, mut outcome: Outcome) -> Outcome {
        outcome.manner.stall = Some(2);
        outcome
    }
}

fn events_before_silence(builder: Builder, silence: Duration) -> usize {
    let server = start(builder);
    let mut stream = connect(server.address());
    let body = chat(true);
    let head = head("POST", CHAT, &[RUNAPI_KEY, JSON, ("Content-Length", &body.len().to_string())]);
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
    stream.set_read_timeout(Some(silence)).unwrap();
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count) = stream.read(&mut buffer) {
        assert!(count > 0, "the connection stays open");
        bytes.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(bytes).unwrap().matches("data: ").count()
}

#[test]
fn a_stream_may_go_silent() {
    let builder = Server::builder().spec_folder(spec()).apis(["runapi"]).hook(Arc::new(Silent));
    assert_eq!(events_before_silence(builder, Duration::from_millis(500)), 2);
}

#[test]
fn events_are_not_held_back() {
    let builder = Server::builder().spec_folder(spec()).apis(["runapi"]).stream_pace(Duration::from_secs(60));
    assert_eq!(events_before_silence(builder, Duration::from_millis(500)), 1);
}

#[test]
fn a_pace_is_kept() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).stream_pace(Duration::from_millis(10)));
    let begin = Instant::now();
    let events = read(&post(&server, CHAT, &chat(true)).body);
    assert!(begin.elapsed() >= Duration::from_millis(10 * (events.len() as u64 - 1)), "{:?}", begin.elapsed());
}

#[test]
fn a_connection_is_good_for_more_after_a_stream() {
    let server = runapi();
    let mut stream = connect(server.address());
    for _ in 0..3 {
        let reply = exchange(&mut stream, "POST", CHAT, &[RUNAPI_KEY, JSON], chat(true).as_bytes());
        assert_eq!(read(&reply.body).last().unwrap().1, "[DONE]");
    }
}

#[test]
fn each_event_is_a_chunk() {
    let server = runapi();
    let mut stream = connect(server.address());
    let body = chat(true);
    let head = head("POST", CHAT, &[RUNAPI_KEY, JSON, ("Content-Length", &body.len().to_string())]);
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
    let all = chunks(&mut stream).unwrap();
    assert!(all.len() > 3);
    assert!(all.iter().all(|it| it.starts_with(b"data: ") && it.ends_with(b"\n\n")), "{all:?}");
}
