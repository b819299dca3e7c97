//! Compressed responses: asked for, expanded, and bounded.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn answer(status: u16, body: Vec<u8>) -> Answer {
    let length = body.len().to_string();
    let answer = Answer::new(status, body).header("content-type", "application/json");
    answer.header("content-encoding", "gzip").header("content-length", &length)
}

fn send(answer: Answer, most: usize) -> (FakeServer, Result<Response<Picture>>) {
    let (server, clock) = (FakeServer::new([answer]), VirtualClock::new());
    let builder = Client::builder(&API).api_key(KEY).transport(server.clone()).clock(clock.clone());
    let client = builder.retry(RetryPolicy::none()).max_answer_bytes(most).build().unwrap();
    let result = clock.run(client.call().send(Create("a lake")));
    (server, result)
}

#[test]
fn a_compressed_answer_is_read() {
    let padding = " ".repeat(100_000);
    let body = format!("{{\"url\": \"u\"{padding}}}");
    let (server, result) = send(answer(200, zipped(body.as_bytes())), 1 << 20);
    assert_eq!(result.unwrap().url, "u");
    assert_eq!(server.requests()[0].headers()["accept-encoding"], "gzip");
    // Several parts are one body, and an error may be compressed too.
    let parts = [zipped(b"{\"url\": "), zipped(b"\"v\"}")].concat();
    assert_eq!(send(answer(200, parts), 1 << 20).1.unwrap().url, "v");
    let error = send(answer(400, zipped(br#"{"error": {"message": "no lake"}}"#)), 1 << 20).1.unwrap_err();
    assert_eq!(error.message(), "no lake");
    // What is not compressed is read as ever.
    let plain = Answer::json(200, &json!({"url": "w"}));
    assert_eq!(send(plain, 1 << 20).1.unwrap().url, "w");
}

#[test]
fn what_it_becomes_is_bounded() {
    let bomb = zipped(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let error = send(answer(200, bomb), 1 << 20).1.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
}

#[test]
fn half_a_body_and_garbage_are_errors() {
    let whole = zipped(br#"{"url": "a long address that is not repeated: 0123456789"}"#);
    for broken in [whole[..whole.len() - 9].to_vec(), whole[..12].to_vec(), b"no gzip at all".to_vec()] {
        let error = send(answer(200, broken), 1 << 20).1.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    }
}
