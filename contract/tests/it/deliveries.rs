//! Deliveries on demand: events of webhooks signed in every form, and the status of a task.

use std::time::Duration;

use serde_json::{Value, json};
use specwright_contract::Server;
use specwright_runtime::webhook::{Algorithm, Encoding, SignedPart};
use specwright_runtime::{Webhook, WebhookSpec};

use crate::callbacks::{Delivered, next, receiver};
use crate::support::{JSON, invented, send, start};

/// What the specs say, written a second time.
const PLAIN: WebhookSpec = WebhookSpec {
    id: None,
    timestamp: None,
    signature: "",
    algorithm: Algorithm::HmacSha256,
    signed: &[SignedPart::Body],
    secret: Encoding::Text,
    secret_prefix: "",
    encoding: Encoding::Hex,
    signature_prefix: "",
    separator: ",",
    env: "NONE",
};
static FORGE: WebhookSpec = WebhookSpec {
    id: Some("x-forge-delivery"),
    signature: "x-forge-signature-256",
    signature_prefix: "sha256=",
    ..PLAIN
};
static PAYMENTS: WebhookSpec = WebhookSpec {
    signature: "payments-signature",
    signed: &[SignedPart::TimestampAfter("t="), SignedPart::Text("."), SignedPart::Body],
    signature_prefix: "v1=",
    ..PLAIN
};
static PALAVER: WebhookSpec = WebhookSpec {
    timestamp: Some("x-palaver-timestamp"),
    signature: "x-palaver-signature",
    algorithm: Algorithm::Ed25519,
    signed: &[SignedPart::Timestamp, SignedPart::Body],
    secret: Encoding::PublicKeyHex,
    ..PLAIN
};
static DEPOT: WebhookSpec =
    WebhookSpec { signature: "X-Depot-Token", algorithm: Algorithm::Token, signed: &[], ..PLAIN };
static JUKEBOX: WebhookSpec = WebhookSpec {
    signature: "x-jukebox-signature",
    algorithm: Algorithm::HmacSha1,
    signed: &[SignedPart::Url, SignedPart::Body],
    encoding: Encoding::Base64,
    ..PLAIN
};
static KINDS: WebhookSpec = WebhookSpec {
    timestamp: Some("/sealed/at"),
    signature: "/sealed/seal",
    signed: &[
        SignedPart::Timestamp,
        SignedPart::Text(":"),
        SignedPart::At("/event/kind"),
        SignedPart::Text(":"),
        SignedPart::At("/event/amount"),
        SignedPart::Text(":"),
        SignedPart::At("/event/paid"),
        SignedPart::Text(":"),
        SignedPart::At("/event/note"),
    ],
    secret: Encoding::Hex,
    encoding: Encoding::Base64,
    ..PLAIN
};
static BELL: WebhookSpec = WebhookSpec {
    id: Some("webhook-id"),
    timestamp: Some("webhook-timestamp"),
    signature: "webhook-signature",
    signed: &[SignedPart::Id, SignedPart::Text("."), SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body],
    secret: Encoding::Base64,
    secret_prefix: "whsec_",
    encoding: Encoding::Base64,
    signature_prefix: "v1,",
    separator: " ",
    ..PLAIN
};

fn server(api: &str) -> Server {
    start(Server::builder().spec_folder(invented()).apis([api]).retry_after(Duration::from_millis(1)))
}

#[track_caller]
fn verified(server: &Server, api: &str, spec: &'static WebhookSpec, delivered: &Delivered, url: &str) -> Value {
    let secret = server.callback_secret(api).expect("a secret");
    let webhook = Webhook::new(spec, secret).expect("a secret of the form that the spec says").with_url(url);
    webhook.verify(&delivered.headers, &delivered.body).expect("a genuine delivery");
    serde_json::from_slice(&delivered.body).expect("JSON")
}

#[test]
fn events_are_signed_by_each_scheme() {
    for (api, event, spec) in [
        ("forge", "push", &FORGE),
        ("payments", "charge.paid", &PAYMENTS),
        ("palaver", "message.posted", &PALAVER),
        ("depot", "object.kept", &DEPOT),
        ("jukebox", "record.played", &JUKEBOX),
        ("kinds", "row.written", &KINDS),
    ] {
        let (address, received) = receiver(Vec::new());
        let server = server(api);
        server.deliver_event(api, event, &format!("http://{address}/hook"), None).expect("a delivery");
        let delivered = next(&received);
        assert_eq!(delivered.path, "/hook");
        let body = verified(&server, api, spec, &delivered, &format!("http://{address}/hook"));
        match api {
            "forge" => {
                assert_eq!(delivered.headers["x-forge-event"], "push");
                assert!(body["ref"].is_string() && body["commits"].is_array(), "{body}");
            }
            "payments" => assert_eq!(body["type"], "charge.paid"),
            "jukebox" => assert_eq!(body["type"], "record.played"),
            "depot" => assert_eq!(body["kind"], "object.kept"),
            "kinds" => {
                assert_eq!((&body["event"]["kind"], body["sealed"]["at"].is_number()), (&json!("row.written"), true))
            }
            _ => assert_eq!((&body["event"], body["text"].is_string()), (&json!("message.posted"), true)),
        }
    }
}

#[test]
fn deliveries_are_repeated_with_one_id() {
    let (address, received) = receiver(vec![500, 503]);
    let server = server("forge");
    let id = server.deliver_event("forge", "push", &format!("http://{address}/"), None).expect("a delivery");
    for _ in 0..3 {
        let delivered = next(&received);
        assert_eq!(delivered.headers["x-forge-delivery"], *id);
        verified(&server, "forge", &FORGE, &delivered, "");
    }
}

#[test]
fn an_endpoint_takes_orders() {
    let (address, received) = receiver(Vec::new());
    let server = server("forge");
    let order = |body: &Value| {
        let reply = send(&server, "POST", "/__specwright/deliveries", &[JSON], body.to_string().as_bytes());
        (reply.status, reply.json())
    };
    let url = format!("http://{address}/");
    let (status, told) = order(&json!({"event": "star", "url": url, "body": {"stars": 3}}));
    let delivered = next(&received);
    assert_eq!((status, &told["body"]), (202, &json!({"stars": 3})));
    assert_eq!(delivered.headers["x-forge-event"], "star");
    assert_eq!(delivered.headers["x-forge-delivery"], *told["id"].as_str().expect("an id"));
    assert_eq!(verified(&server, "forge", &FORGE, &delivered, ""), json!({"stars": 3}));
    for (body, why) in [
        (json!({"event": "star", "url": url}), "there is no event `star`; there are push, ping"),
        (json!({"event": "push", "url": url, "api": "bell"}), "there is no API `bell`; there are forge"),
        (json!({"event": "push"}), "`url` says where it is delivered"),
        (json!({"event": "push", "url": "https://a.example/"}), "only `http://` is supported"),
        (json!({"url": url}), "either `event` or `task` says what is delivered"),
        (json!({"task": "none", "url": url}), "there is no task `none`"),
        (json!({"events": "push", "url": url}), "The body is not of this form"),
    ] {
        let (status, told) = order(&body);
        assert_eq!(status, 400, "{body}");
        assert!(told["error"].as_str().is_some_and(|it| it.starts_with(why)), "{told}");
    }
    assert!(server.requests().is_empty(), "orders are no requests to the API");
}

#[test]
fn the_status_of_a_task_is_delivered() {
    let (address, received) = receiver(Vec::new());
    let server = server("bell");
    let key = ("Authorization", "Bearer key");
    let created = send(&server, "POST", "/rings", &[key, JSON], br#"{"times": 3}"#).json();
    let id = created["id"].as_str().expect("an id");
    for state in ["pending", "rung"] {
        server.deliver_status(id, &format!("http://{address}/")).expect("a delivery");
        let body = verified(&server, "bell", &BELL, &next(&received), "");
        assert_eq!((&body["id"], body["status"] == "rung"), (&created["id"], state == "rung"));
        for _ in 0..2 {
            send(&server, "GET", &format!("/rings/{id}"), &[key], b"");
        }
    }
}
