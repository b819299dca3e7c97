//! Tests what servers receive: multipart bodies, and the headers for authentication and dialect.

use std::path::PathBuf;

use super::*;
use crate::support::Received;
use runcrate::File;
use runcrate::audio::{Granularity, TranscribeResponseFormat};

/// A server that records its requests and sends this response.
async fn keeping(answer: String) -> (ScriptedServer, tokio::sync::mpsc::UnboundedReceiver<Received>) {
    let (to, from) = tokio::sync::mpsc::unbounded_channel();
    let server = ScriptedServer::start(move |mut line| {
        let (to, answer) = (to.clone(), answer.clone());
        async move {
            to.send(line.request.clone()).unwrap();
            line.say(answer).await;
        }
    })
    .await;
    (server, from)
}

/// The parts of a body: the head of each in one line, and its bytes.
fn parts(request: &Received) -> Vec<(String, Vec<u8>)> {
    let kind = request.header("content-type");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").expect("a multipart body");
    assert_eq!(request.header("content-length"), request.body.len().to_string());
    let (start, between) = (format!("--{boundary}\r\n"), format!("\r\n--{boundary}"));
    let mut rest = request.body.strip_prefix(start.as_bytes()).expect("the first boundary");
    let mut all = Vec::new();
    loop {
        let find = |what: &[u8]| rest.windows(what.len()).position(|it| it == what).unwrap();
        let (head, end) = (find(b"\r\n\r\n"), find(between.as_bytes()));
        let text = String::from_utf8(rest[..head].to_vec()).unwrap();
        all.push((text.replace("\r\n", "; "), rest[head + 4..end].to_vec()));
        rest = &rest[end + between.len()..];
        if rest == b"--\r\n" || rest == b"--" {
            return all;
        }
        rest = rest.strip_prefix(b"\r\n").expect("a line end after the boundary");
    }
}

fn temp(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[tokio::test]
async fn the_server_receives_a_valid_transcription_request() {
    let (server, mut got) = keeping(format!("{JSON}{{\"text\":\"Ahoy\"}}")).await;
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder());
    // Bytes that look like a boundary, and more than are sent at once.
    let sound: Vec<u8> = b"RIFF\r\n--\r\n\r\n\0\xff".iter().copied().cycle().take(300_001).collect();
    let path = temp("wire-upload.wav");
    std::fs::write(&path, &sound).unwrap();
    let file = File::path(&path).unwrap().with_content_type("audio/wav");
    let heard = client
        .audio()
        .transcribe()
        .file(file)
        .model("openai/whisper-large-v3")
        .response_format(TranscribeResponseFormat::VerboseJson)
        .temperature(0.25)
        .timestamp_granularities([Granularity::Word, Granularity::Segment])
        .extra("vad", true)
        .send()
        .await
        .unwrap();
    assert_eq!(heard.text, "Ahoy");

    let request = got.recv().await.unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/v1/audio/transcriptions"));
    assert_eq!(request.header("authorization"), format!("Bearer {KEY}"));
    let mut parts = parts(&request);
    let at = parts.iter().position(|it| it.0.contains("name=\"file\"")).unwrap();
    let (head, bytes) = parts.remove(at);
    assert!(head.contains("filename=\"wire-upload.wav\"") && head.contains("audio/wav"), "{head}");
    assert!(bytes == sound, "{} of {} bytes", bytes.len(), sound.len());
    let mut rest: Vec<_> = parts
        .iter()
        .map(|(head, bytes)| (head.split('"').nth(1).unwrap(), std::str::from_utf8(bytes).unwrap()))
        .collect();
    rest.sort_unstable();
    assert_eq!(
        rest,
        [
            ("model", "openai/whisper-large-v3"),
            ("response_format", "verbose_json"),
            ("temperature", "0.25"),
            ("timestamp_granularities[]", "segment"),
            ("timestamp_granularities[]", "word"),
            ("vad", "true"),
        ]
    );
}

#[tokio::test]
async fn file_names_are_escaped_in_their_quotes() {
    let (server, mut got) = keeping(format!("{JSON}{{\"text\":\"\"}}")).await;
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder());
    for name in ["a\"; name=\"model", "a\r\nx-evil: 1\r\n\r\nb", "ä🚤.wav", ""] {
        let file = File::bytes("RIFF").with_name(name);
        client.audio().transcribe().file(file).model("m").send().await.unwrap();
        let parts = parts(&got.recv().await.unwrap());
        let names: Vec<_> = parts.iter().filter(|it| it.0.contains("name=\"model\"")).collect();
        assert_eq!((parts.len(), names.len()), (2, 1), "{name:?}: {parts:?}");
        assert!(parts.iter().all(|it| !it.0.contains("; x-evil")), "{parts:?}");
        assert!(parts.iter().any(|it| it.1 == b"RIFF"));
    }
}

#[tokio::test]
async fn subtitles_are_plain_text() {
    let vtt = "WEBVTT\n\n00:00.000 --> 00:03.300\nThe paper boat.\n";
    let head = JSON.replace("application/json", "text/vtt; charset=utf-8");
    let (server, _got) = keeping(format!("{head}{vtt}")).await;
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder());
    let call = client.audio().transcribe().file(File::bytes("RIFF")).model("m");
    let heard = call.response_format(TranscribeResponseFormat::Vtt).send().await.unwrap();
    assert_eq!(heard.text, vtt);
}

#[tokio::test]
async fn only_uploads_that_were_not_processed_are_retried() {
    let server = ScriptedServer::start(|mut line| async move {
        let answer = match line.before {
            0 => "HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
            1 => format!("{JSON}{{\"text\":\"Ahoy\"}}"),
            _ => "HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
        };
        assert!(parts(&line.request).iter().any(|it| it.1 == b"RIFF"), "each time from its start");
        line.say(answer).await;
    })
    .await;
    let clock = crate::support::SkippingClock::new();
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder().clock(clock));
    let send = || client.audio().transcribe().file(File::bytes("RIFF")).model("m").send();
    assert_eq!((send().await.unwrap().attempts(), server.count()), (2, 2));
    assert_eq!(send().await.unwrap_err().kind(), ErrorKind::Api(StatusKind::Server));
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn the_key_is_in_the_header_of_each_dialect() {
    let (server, mut got) = keeping(format!("{JSON}{{}}")).await;
    let client: runapi::Client = Setup::of(&server).client(runapi::Client::builder());
    let message = || client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
    let _ = message().send().await;
    let plain = got.recv().await.unwrap();
    assert_eq!((plain.header("x-api-key"), plain.header("authorization")), (KEY, "-"));
    assert_eq!((plain.target.as_str(), plain.header("anthropic-beta")), ("/v1/messages", "-"));

    let _ = message().anthropic_version("2023-06-01").anthropic_beta("a-2025-01-01,b").stream().await;
    let dated = got.recv().await.unwrap();
    assert_eq!((dated.header("x-api-key"), dated.header("authorization")), (KEY, "-"));
    assert_eq!((dated.header("anthropic-version"), dated.header("anthropic-beta")), ("2023-06-01", "a-2025-01-01,b"));
    assert_eq!((dated.json()["stream"].clone(), dated.header("accept")), (json!(true), "text/event-stream"));
    assert_eq!(dated.json()["anthropic_version"], Value::Null, "a header is not part of the body");

    let _ = client.gpt().chat().gpt_5_2().user("Hello").send().await;
    let bearer = got.recv().await.unwrap();
    let wanted = format!("Bearer {KEY}");
    assert_eq!((bearer.header("authorization"), bearer.header("x-api-key")), (wanted.as_str(), "-"));
    assert_eq!(bearer.json().get("stream"), None);
}

#[tokio::test]
async fn the_header_of_the_key_selects_the_response_format() {
    let server = ScriptedServer::start(|mut line| async move {
        assert_eq!(line.request.target, "/v1/models");
        let body = if line.request.header("x-api-key") == KEY {
            json!({
                "data": [{"type": "model", "id": "claude-sonnet-4-6", "display_name": "Claude", "created_at": "2026-01-01T00:00:00Z"}],
                "has_more": false, "first_id": "claude-sonnet-4-6", "last_id": "claude-sonnet-4-6",
            })
        } else {
            assert_eq!(line.request.header("authorization"), format!("Bearer {KEY}"));
            json!({"object": "list", "data": [{"id": "gpt-5.2", "object": "model", "created": 1, "owned_by": "openai"}]})
        };
        line.say(format!("{JSON}{body}")).await;
    })
    .await;
    let client: runapi::Client = Setup::of(&server).client(runapi::Client::builder());
    assert_eq!(client.claude().list_models().send().await.unwrap().data[0].id, "claude-sonnet-4-6");
    assert_eq!(client.gpt().list_models().send().await.unwrap().data[0].id, "gpt-5.2");
    assert_eq!(server.count(), 2);
}
