//! Webhooks that tell events: deliveries as vendors sign them, and what they become.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::forge::webhook::Event as ForgeEvent;
use ::payments::webhook::{self, Event, WebhookError};
use specwright_runtime::http::HeaderMap;

const BODY: &[u8] = br#"{"id":"evt_1","type":"charge.paid","data":{"id":"ch_1","amount":1999}}"#;
const SIGNED_AT: u64 = 1_767_225_600;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

fn now(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn the_time_may_stand_beside_the_signature() {
    let receiver = webhook::new("whsec_tea").unwrap().with_replay_window(Duration::from_secs(300));
    let genuine = "v1=88294fcebd6790197a1c9bbd04765c83d0a617b0226937c0765a18754484cf4e";
    let verify =
        |signature: &str, at| receiver.verify_at(&headers(&[("payments-signature", signature)]), BODY, now(at));
    let delivery = verify(&format!("t={SIGNED_AT},{genuine},v0=00"), SIGNED_AT + 9).unwrap();
    assert_eq!((delivery.id(), delivery.timestamp()), ("", "1767225600"));
    let Event::ChargePaid(event) = Event::read(&delivery).unwrap() else { panic!("another event") };
    assert_eq!((event.id.as_str(), event.data.amount), ("evt_1", 1999));
    assert!(verify(&format!("{genuine},t={SIGNED_AT}"), SIGNED_AT).is_ok(), "in any order");
    let malformed = WebhookError::MalformedHeader("Payments-Signature");
    for (signature, at, why) in [
        (format!("t={SIGNED_AT},{genuine}"), SIGNED_AT + 301, WebhookError::OutsideWindow),
        (format!("t={},{genuine}", SIGNED_AT + 1), SIGNED_AT, WebhookError::WrongSignature),
        (genuine.to_owned(), SIGNED_AT, malformed),
        (format!("t={SIGNED_AT},t=1,{genuine}"), SIGNED_AT, malformed),
        (format!("t=soon,{genuine}"), SIGNED_AT, malformed),
        (format!("t={SIGNED_AT}"), SIGNED_AT, WebhookError::WrongSignature),
    ] {
        assert_eq!(verify(&signature, at).unwrap_err(), why, "{signature}");
    }
}

#[test]
fn events_that_are_not_known_are_kept() {
    let read = |body: &str| {
        // Nothing is signed here, so this is only about reading.
        let receiver = ::forge::webhook::new("It's a Secret").unwrap();
        let signature = "sha256=aa66513b257c80a9192c17587717c786f666bf582200fb72e3e7fd39457496fa";
        let all = |event| [("x-forge-delivery", "d-1"), ("x-forge-signature-256", signature), ("x-forge-event", event)];
        let bytes = br#"{"ref":"refs/heads/main","commits":[{"id":"c1"}]}"#;
        ForgeEvent::read(&receiver.verify(&headers(&all(body)), bytes).unwrap())
    };
    let ForgeEvent::Push(push) = read("push").unwrap() else { panic!("another event") };
    assert_eq!((push.r#ref.as_str(), push.commits[0].id.as_str()), ("refs/heads/main", "c1"));
    assert!(matches!(read("ping").unwrap(), ForgeEvent::Ping(body) if body["commits"][0]["id"] == "c1"));
    let other = read("star").unwrap();
    assert_eq!(other.name(), "star");
    assert!(matches!(other, ForgeEvent::Other { body, .. } if body["ref"] == "refs/heads/main"));
}

#[test]
fn a_body_of_another_form_is_an_error() {
    let receiver = ::forge::webhook::new("It's a Secret").unwrap();
    let signature = "sha256=aa66513b257c80a9192c17587717c786f666bf582200fb72e3e7fd39457496fa";
    let bytes = br#"{"ref":"refs/heads/main","commits":[{"id":"c1"}]}"#;
    let all = [("x-forge-delivery", "d-1"), ("x-forge-signature-256", signature)];
    let delivery = receiver.verify(&headers(&all), bytes).unwrap();
    let error = ForgeEvent::read(&delivery).unwrap_err();
    assert!(error.is_decode() && error.message() == "the callback does not say which event it tells", "{error}");
    // Its body is not that of a charge.
    let error = delivery.decode::<::payments::types::ChargeEvent>(&delivery.json().unwrap()).unwrap_err();
    assert_eq!(error.decode().unwrap().at, "/id");
}

#[test]
fn a_token_is_the_secret_itself() {
    let receiver = ::depot::webhook::new("opensesame").unwrap().with_secret("older, with a comma").unwrap();
    let verify = |tokens: &[(&'static str, &str)]| receiver.verify(&headers(tokens), BODY).map(|_| ());
    assert_eq!(verify(&[("x-depot-token", "opensesame")]), Ok(()));
    assert_eq!(verify(&[("x-depot-token", "older, with a comma")]), Ok(()));
    for wrong in ["", "opensesam", "opensesamee", "Opensesame", "older"] {
        assert_eq!(verify(&[("x-depot-token", wrong)]), Err(WebhookError::WrongSignature), "{wrong}");
    }
    assert_eq!(verify(&[]), Err(WebhookError::MissingHeader("X-Depot-Token")));
    assert_eq!(
        receiver
            .clone()
            .with_replay_window(Duration::MAX)
            .verify(&headers(&[("x-depot-token", "opensesame")]), BODY)
            .map(|_| ()),
        Err(WebhookError::NoTimestamp)
    );
}

#[test]
fn the_url_may_be_signed() {
    let receiver = ::jukebox::webhook::new("needle").unwrap();
    let url = "https://tea.example/hook?a=1";
    let body = br#"{"type":"record.played"}"#;
    let signature = "+6gcYKrU5xRsiGy+AZYt9cjeewA=";
    let verify = |it: &::jukebox::webhook::Webhook, body: &[u8]| {
        it.verify(&headers(&[("x-jukebox-signature", signature)]), body).map(|_| ())
    };
    assert_eq!(verify(&receiver, body), Err(WebhookError::NoUrl));
    assert_eq!(verify(&receiver.clone().with_url(url), body), Ok(()));
    assert_eq!(verify(&receiver.clone().with_url("https://tea.example/hook"), body), Err(WebhookError::WrongSignature));
    assert_eq!(verify(&receiver.with_url(url), b"{}"), Err(WebhookError::WrongSignature));
}

#[test]
fn a_signature_may_be_in_the_body() {
    let receiver = ::kinds::webhook::new("00ff10").unwrap();
    let verify = |amount: u32| {
        let event = format!(r#"{{"kind":"row.written","amount":{amount},"paid":true}}"#);
        let seal = "bagYiyIJoDXZQOFjGJhr/wPfEGEe2Q7fDHMm1QRW6EY=";
        let body = format!(r#"{{"sealed":{{"at":{SIGNED_AT},"seal":"{seal}"}},"event":{event}}}"#);
        receiver.verify(&headers(&[]), body.as_bytes())
    };
    let delivery = verify(1999).unwrap();
    assert_eq!(delivery.timestamp(), "1767225600");
    let ::kinds::webhook::Event::RowWritten(told) = ::kinds::webhook::Event::read(&delivery).unwrap() else {
        panic!("another event")
    };
    assert_eq!((told.event.amount, told.event.paid), (1999, true));
    assert_eq!(verify(2000).unwrap_err(), WebhookError::WrongSignature);
}
