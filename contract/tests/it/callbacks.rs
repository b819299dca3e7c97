//! Callbacks: where they go, how they are signed, and what happens when nobody listens.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use specwright_contract::{Builder, Server};
use specwright_runtime::http::{HeaderMap, HeaderName, HeaderValue};
use specwright_runtime::webhook::{Algorithm, Encoding, SignedPart};
use specwright_runtime::{Webhook, WebhookSpec};

use crate::support::{post, spec, start};

const MUSIC: &str = "/api/v1/suno/text_to_music";

/// As the document says, written a second time.
static SPEC: WebhookSpec = WebhookSpec {
    id: Some("x-callback-id"),
    timestamp: Some("x-callback-timestamp"),
    signature: "x-callback-signature",
    algorithm: Algorithm::HmacSha256,
    signed: &[SignedPart::Id, SignedPart::Text("."), SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body],
    secret: Encoding::Base64,
    secret_prefix: "",
    encoding: Encoding::Base64,
    signature_prefix: "",
    separator: ",",
    env: "NONE",
};

pub(crate) struct Delivered {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Answers with these statuses in turn, and then with 200.
pub(crate) fn receiver(mut statuses: Vec<u16>) -> (SocketAddr, Receiver<Delivered>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let mut line = String::new();
            stream.read_line(&mut line).expect("a request line");
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let mut headers = HeaderMap::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a header");
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
                headers.append(name, HeaderValue::from_str(value).expect("a value"));
            }
            let length = headers["content-length"].to_str().expect("text").parse().expect("a length");
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a body");
            let status = if statuses.is_empty() { 200 } else { statuses.remove(0) };
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).expect("an answer is written");
            if sender.send(Delivered { path, headers, body }).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

fn builder() -> Builder {
    let quick = Duration::from_millis(1);
    Server::builder().spec_folder(spec()).apis(["runapi"]).callback_after(quick).retry_after(quick)
}

fn song(url: &str) -> String {
    format!(r#"{{"vocal_mode": "auto_lyrics", "prompt": "A beat", "model": "suno-v5", "callback_url": "{url}"}}"#)
}

pub(crate) fn next(received: &Receiver<Delivered>) -> Delivered {
    received.recv_timeout(Duration::from_secs(30)).expect("a callback")
}

#[test]
fn callbacks_are_signed_and_tell_every_stage() {
    let (address, received) = receiver(Vec::new());
    let server = start(builder().callback_secret("runapi", "YSBzZWNyZXQ="));
    let created = post(&server, MUSIC, &song(&format!("http://{address}/told?a=1"))).json();
    let webhook = Webhook::new(&SPEC, "YSBzZWNyZXQ=").expect("a secret");
    let mut told = Vec::new();
    for _ in 0..3 {
        let delivered = next(&received);
        assert_eq!(delivered.path, "/told?a=1");
        webhook.verify(&delivered.headers, &delivered.body).expect("a genuine callback");
        let body: Value = serde_json::from_slice(&delivered.body).expect("JSON");
        assert_eq!(body["id"], created["id"]);
        told.push((body["status"].clone(), body["generation_stage"].clone()));
    }
    assert_eq!(told[0], ("processing".into(), "text_generated".into()));
    assert_eq!(told[1], ("processing".into(), "first_audio_ready".into()));
    assert_eq!(told[2].0, "completed");
    // What was told holds for polls too.
    let poll = crate::support::get(&server, &format!("{MUSIC}/{}", created["id"].as_str().unwrap()));
    assert_eq!(poll.json()["status"], "completed");
}

#[test]
fn callbacks_come_twice_or_backwards_where_asked() {
    let stages = |fault: &str, count: usize| {
        let (address, received) = receiver(Vec::new());
        let server = start(builder());
        let headers = [crate::support::RUNAPI_KEY, crate::support::JSON, ("x-specwright-fault", fault)];
        let body = song(&format!("http://{address}/"));
        assert_eq!(crate::support::send(&server, "POST", MUSIC, &headers, body.as_bytes()).status, 202);
        let told = |it: &Delivered| -> String {
            let body: Value = serde_json::from_slice(&it.body).expect("JSON");
            let stage = if body["status"] == "completed" { &body["status"] } else { &body["generation_stage"] };
            stage.as_str().expect("a text").to_owned()
        };
        (0..count).map(|_| told(&next(&received))).collect::<Vec<_>>()
    };
    let once = ["text_generated", "first_audio_ready", "completed"];
    assert_eq!(stages("callback_twice", 6), once.map(|it| [it; 2]).concat());
    assert_eq!(stages("callback_reordered", 3), once.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn a_callback_that_is_refused_comes_again() {
    let (address, received) = receiver(vec![500, 404, 302]);
    let server = start(builder().callbacks_to(format!("http://{address}/")));
    let body = r#"{"model": "nano-banana", "prompt": "A boat", "callback_url": "https://far.example/x"}"#;
    assert_eq!(post(&server, "/api/v1/nano_banana/text_to_image", body).status, 202);
    let ids: Vec<_> = (0..4).map(|_| next(&received).headers["x-callback-id"].clone()).collect();
    assert!(ids.iter().all(|it| *it == ids[0]), "{ids:?}");
    let deliveries: Vec<_> = server.callbacks().into_iter().filter_map(|it| Some((it.attempt, it.status?))).collect();
    assert_eq!(deliveries[..3], [(1, 500), (2, 404), (3, 302)]);
}

#[test]
fn a_receiver_that_is_away_is_given_up() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let server = start(builder());
    assert_eq!(post(&server, MUSIC, &song(&format!("http://{gone}/"))).status, 202);
    assert_eq!(post(&server, MUSIC, &song("https://far.example/")).status, 202);
    let far = server.callbacks().into_iter().find(|it| it.url.starts_with("https")).expect("a note");
    assert!(far.error.expect("an error").contains("callbacks_to"));
    // The server goes on meanwhile, and an end to it does not wait for anybody.
    assert_eq!(crate::support::get(&server, "/api/v1/me/balance").status, 200);
}
