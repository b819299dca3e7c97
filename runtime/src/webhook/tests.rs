//! Tests deliveries: genuine ones, forged ones, and ones that are meant to cost time.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use super::{Algorithm, Encoding, MOST_BYTES, MOST_SIGNATURES, SignedPart, Webhook, WebhookError, WebhookSpec, mac};

static SPEC: WebhookSpec = WebhookSpec {
    id: Some("X-Callback-Id"),
    timestamp: Some("X-Callback-Timestamp"),
    signature: "X-Callback-Signature",
    algorithm: Algorithm::HmacSha256,
    signed: &[SignedPart::Id, SignedPart::Text("."), SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body],
    secret: Encoding::Base64,
    secret_prefix: "",
    encoding: Encoding::Base64,
    signature_prefix: "",
    separator: ",",
    env: "SPECWRIGHT_NO_SUCH_VARIABLE",
};

// The published test vector of the Standard Webhooks scheme, whose signed text has the same form.
const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIMESTAMP: &str = "1614265330";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SIGNATURE: &str = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in
        [("x-callback-id", ID), ("x-callback-timestamp", TIMESTAMP), ("x-callback-signature", signature)]
    {
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

#[track_caller]
fn check(signature: &str, body: &[u8], expected: Result<(), WebhookError>) {
    let webhook = Webhook::new(&SPEC, SECRET).unwrap();
    assert_eq!(webhook.verify(&headers(signature), body).map(|_| ()), expected);
}

#[test]
fn genuine_and_forged() {
    check(SIGNATURE, BODY, Ok(()));
    check(&format!("AAAA, {SIGNATURE}"), BODY, Ok(()));
    check(&format!(" ,,{},", SIGNATURE.trim_end_matches('=')), BODY, Ok(()));
    check(SIGNATURE, br#"{"test": 2432232315}"#, Err(WebhookError::WrongSignature));
    check("", BODY, Err(WebhookError::WrongSignature));
    check("not base64!", BODY, Err(WebhookError::WrongSignature));
    check(&SIGNATURE[..20], BODY, Err(WebhookError::WrongSignature));
}

/// Signed with Ed25519, the time beside the body.
#[cfg(feature = "ed25519")]
#[test]
fn a_public_key_verifies() {
    static PUBLIC: WebhookSpec = WebhookSpec {
        id: None,
        timestamp: Some("X-Time"),
        signature: "X-Signature",
        algorithm: Algorithm::Ed25519,
        signed: &[SignedPart::Timestamp, SignedPart::Body],
        secret: Encoding::PublicKeyHex,
        secret_prefix: "",
        encoding: Encoding::Hex,
        signature_prefix: "",
        separator: ",",
        env: "SPECWRIGHT_NO_SUCH_VARIABLE",
    };
    // The second test of RFC 8032, whose text is `r`.
    const KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const GENUINE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    let webhook = Webhook::new(&PUBLIC, KEY).unwrap();
    let verify = |time: &'static str, signature: &str, body: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert("x-time", time.parse().unwrap());
        headers.insert("x-signature", signature.parse().unwrap());
        webhook.verify(&headers, body).map(|_| ())
    };
    assert_eq!(verify("r", GENUINE, b""), Ok(()));
    assert_eq!(verify("", GENUINE, b"r"), Ok(()));
    assert_eq!(verify("r", &format!("{},{GENUINE}", "00".repeat(64)), b""), Ok(()));
    for (time, signature, body) in
        [("r", GENUINE, &b"x"[..]), ("s", GENUINE, b""), ("r", &GENUINE[2..], b""), ("r", "", b""), ("r", "zz", b"")]
    {
        assert_eq!(verify(time, signature, body), Err(WebhookError::WrongSignature), "{time} {signature}");
    }
    let flipped = GENUINE.replace("92a0", "92a1");
    assert_eq!(verify("r", &flipped, b""), Err(WebhookError::WrongSignature));
    for key in ["", "3d40", "zz", &"00".repeat(33)] {
        assert!(Webhook::new(&PUBLIC, key).is_err(), "{key}");
    }
}

#[test]
fn headers_are_needed() {
    let webhook = Webhook::new(&SPEC, SECRET).unwrap();
    let mut headers = headers(SIGNATURE);
    headers.remove("x-callback-timestamp");
    let error = webhook.verify(&headers, BODY).unwrap_err();
    assert_eq!(error, WebhookError::MissingHeader("X-Callback-Timestamp"));
}

#[test]
fn secrets_are_replaced_without_a_gap() {
    let webhook = Webhook::new(&SPEC, "AAAA").unwrap();
    assert_eq!(webhook.verify(&headers(SIGNATURE), BODY).unwrap_err(), WebhookError::WrongSignature);
    assert!(webhook.with_secret(SECRET).unwrap().verify(&headers(SIGNATURE), BODY).is_ok());
    assert!(Webhook::new(&SPEC, "not base64!").is_err());
    assert!(Webhook::new(&SPEC, "").is_err());
    let shown = format!("{:?}", Webhook::new(&SPEC, SECRET).unwrap());
    assert!(!shown.contains("MfKQ"), "{shown}");
}

#[test]
fn the_window_is_off_until_it_is_set() {
    let signed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_614_265_330);
    let webhook = Webhook::new(&SPEC, SECRET).unwrap();
    assert!(webhook.verify(&headers(SIGNATURE), BODY).is_ok());
    let webhook = webhook.with_replay_window(Duration::from_secs(300));
    let at = |now| webhook.verify_at(&headers(SIGNATURE), BODY, now).map(|_| ());
    assert_eq!(at(signed + Duration::from_secs(300)), Ok(()));
    assert_eq!(at(signed - Duration::from_secs(300)), Ok(()));
    assert_eq!(at(signed + Duration::from_secs(301)), Err(WebhookError::OutsideWindow));
    assert_eq!(at(signed - Duration::from_secs(301)), Err(WebhookError::OutsideWindow));
}

#[test]
fn deliveries_are_read() {
    let delivery = Webhook::new(&SPEC, SECRET).unwrap().verify(&headers(SIGNATURE), BODY).unwrap();
    assert_eq!(delivery.id(), ID);
    assert_eq!(delivery.json().unwrap()["test"], 2_432_232_314_u64);
    assert!(Webhook::from_env(&SPEC).is_err());
}

/// The number of HMACs that a delivery costs with this many secrets, and its result.
fn cost(spec: &'static WebhookSpec, headers: &HeaderMap, secrets: usize) -> (usize, Result<(), WebhookError>) {
    let mut webhook = Webhook::new(spec, "AAAA").unwrap();
    for _ in 1..secrets {
        webhook = webhook.with_secret("BBBB").unwrap();
    }
    let webhook = webhook.with_replay_window(Duration::from_secs(300));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_614_265_330);
    let mut count = 0;
    let result = webhook.check_signature(headers, BODY, now, &mut |secret, parts| {
        count += 1;
        mac(spec.algorithm, secret, parts)
    });
    (count, result.map(|_| ()))
}

#[test]
fn a_body_is_hashed_once_for_each_secret() {
    for secrets in [1, 2, 5] {
        for presented in [1, 2, MOST_SIGNATURES] {
            let signatures = vec![SIGNATURE; presented].join(",");
            let wrong = Err(WebhookError::WrongSignature);
            assert_eq!(cost(&SPEC, &headers(&signatures), secrets), (secrets, wrong), "{presented}");
        }
    }
}

#[test]
fn deliveries_that_cannot_be_genuine_are_not_hashed() {
    let free = |headers: HeaderMap, expected: WebhookError| {
        assert_eq!(cost(&SPEC, &headers, 3), (0, Err(expected)), "{headers:?}");
    };
    let malformed = WebhookError::MalformedHeader("X-Callback-Signature");
    // Values that cannot be a signature.
    let of_31_bytes = "A".repeat(42);
    for signature in ["", ",, ,", "AAAA", &SIGNATURE[..42], &"A".repeat(45), &"!".repeat(44), &of_31_bytes] {
        free(headers(signature), WebhookError::WrongSignature);
    }
    // Too many, in one header or in several, and too long.
    free(headers(&vec![SIGNATURE; MOST_SIGNATURES + 1].join(",")), malformed);
    free(headers(&"a,".repeat(MOST_SIGNATURES + 1)), malformed);
    free(headers(&"A".repeat(MOST_BYTES + 1)), malformed);
    let mut several = headers(SIGNATURE);
    for _ in 0..MOST_SIGNATURES {
        several.append("x-callback-signature", SIGNATURE.parse().unwrap());
    }
    free(several, malformed);
    let mut long = headers(&"A".repeat(MOST_BYTES / 2));
    long.append("x-callback-signature", "A".repeat(MOST_BYTES / 2 + 1).parse().unwrap());
    free(long, malformed);
    // Too old, or without a time of signing.
    for (timestamp, error) in
        [("1614265000", WebhookError::OutsideWindow), ("noon", WebhookError::MalformedHeader("X-Callback-Timestamp"))]
    {
        let mut old = headers(SIGNATURE);
        old.insert("x-callback-timestamp", timestamp.parse().unwrap());
        free(old, error);
    }
    // No headers, or values that are not text.
    for name in ["x-callback-id", "x-callback-timestamp", "x-callback-signature"] {
        let mut headers = headers(SIGNATURE);
        headers.remove(name);
        assert!(matches!(cost(&SPEC, &headers, 3), (0, Err(WebhookError::MissingHeader(_)))), "{name}");
        headers.insert(name, http::HeaderValue::from_bytes(b"\xff").unwrap());
        assert!(matches!(cost(&SPEC, &headers, 3), (0, Err(WebhookError::MalformedHeader(_)))), "{name}");
    }
}

#[test]
fn every_header_of_the_name_is_read() {
    let webhook = Webhook::new(&SPEC, SECRET).unwrap();
    let mut several = headers("AAAA");
    several.append("x-callback-signature", format!("{}, {SIGNATURE}", "A".repeat(43)).parse().unwrap());
    several.append("x-callback-signature", "BBBB".parse().unwrap());
    assert!(webhook.verify(&several, BODY).is_ok());
    // An id that occurs twice counts as one, unless the two differ.
    several.append("x-callback-id", ID.parse().unwrap());
    assert!(webhook.verify(&several, BODY).is_ok());
    several.append("x-callback-id", "msg_other".parse().unwrap());
    let error = webhook.verify(&several, BODY).unwrap_err();
    assert_eq!(error, WebhookError::MalformedHeader("X-Callback-Id"));
}

/// Standard Webhooks, as in their specification.
static STANDARD: WebhookSpec = WebhookSpec {
    id: Some("webhook-id"),
    timestamp: Some("webhook-timestamp"),
    signature: "webhook-signature",
    algorithm: Algorithm::HmacSha256,
    signed: &[SignedPart::Id, SignedPart::Text("."), SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body],
    secret: Encoding::Base64,
    secret_prefix: "whsec_",
    encoding: Encoding::Base64,
    signature_prefix: "v1,",
    separator: " ",
    env: "SPECWRIGHT_NO_SUCH_VARIABLE",
};

#[test]
fn standard_webhooks() {
    let verify = |secret: &str, signatures: &str| {
        let mut headers = HeaderMap::new();
        for (name, value) in [("webhook-id", ID), ("webhook-timestamp", TIMESTAMP), ("webhook-signature", signatures)] {
            headers.insert(name, value.parse().unwrap());
        }
        Webhook::new(&STANDARD, secret).unwrap().verify(&headers, BODY).is_ok()
    };
    let secret = format!("whsec_{SECRET}");
    let v1 = format!("v1,{SIGNATURE}");
    assert!(verify(&secret, &v1));
    assert!(verify(SECRET, &v1), "the prefix may be left out");
    assert!(verify(
        &secret,
        &format!("v1,{} v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZ {v1}", &SIGNATURE[1..])
    ));
    assert!(verify(&secret, &format!("  {v1}  v2,x")));
    // Two headers that were joined into one.
    assert!(verify(&secret, &format!("v2,x v1,{}, {v1}", "A".repeat(44))));
    assert!(verify(&secret, &format!("{v1}, v2,x")));
    for signatures in
        [SIGNATURE, &format!("v2,{SIGNATURE}"), &format!("v1,v1,{SIGNATURE}"), &format!("v1, {SIGNATURE}"), "v1,"]
    {
        assert!(!verify(&secret, signatures), "{signatures}");
    }
    let error = Webhook::new(&STANDARD, "whsec_").unwrap_err();
    assert!(error.to_string().contains("base64 text after `whsec_`"), "{error}");
}

/// GitHub's form: only the body is signed.
static BARE: WebhookSpec = WebhookSpec {
    id: None,
    timestamp: None,
    signature: "X-Hub-Signature-256",
    algorithm: Algorithm::HmacSha256,
    signed: &[SignedPart::Body],
    secret: Encoding::Text,
    secret_prefix: "",
    encoding: Encoding::Hex,
    signature_prefix: "sha256=",
    separator: ",",
    env: "SPECWRIGHT_NO_SUCH_VARIABLE",
};

#[test]
fn headers_may_be_left_out() {
    // The published test vector of GitHub's documentation.
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let mut headers = HeaderMap::new();
    headers.insert("x-hub-signature-256", signature.parse().unwrap());
    let webhook = Webhook::new(&BARE, "It's a Secret to Everybody").unwrap();
    let delivery = webhook.verify(&headers, b"Hello, World!").unwrap();
    assert_eq!((delivery.id(), delivery.timestamp(), delivery.body()), ("", "", &b"Hello, World!"[..]));
    assert_eq!(webhook.verify(&headers, b"Hello, World?").unwrap_err(), WebhookError::WrongSignature);
    // With a window, the delivery is not accepted.
    let strict = webhook.with_replay_window(Duration::from_secs(300));
    assert_eq!(strict.verify(&headers, b"Hello, World!").unwrap_err(), WebhookError::NoTimestamp);
}

#[test]
fn the_secret_of_callbacks_is_not_shown() {
    use crate::tests::{Picture, TASK};
    let webhook = Webhook::new(&SPEC, SECRET).unwrap();
    let body = format!(r#"{{"status": "failed", "error": {{"message": "no {SECRET}\u001b", "code": "{SECRET}"}}}}"#);
    let secrets = crate::redact::Secrets::new(webhook.secrets.clone());
    let delivery = super::Delivery {
        id: "1".into(),
        timestamp: "2".into(),
        headers: HeaderMap::new(),
        body: body.into(),
        form: None,
        secrets,
    };
    let status = delivery.task::<Picture>(&TASK).unwrap();
    let crate::TaskState::Failed(failure) = &status.state else { panic!("it failed") };
    assert_eq!(failure.to_string(), "no [secret]\\u{1b}");
    let shown = format!("{delivery:?} {status:?} {:?}", status.clone().into_result());
    assert!(!shown.contains(SECRET) && shown.contains("[secret]"), "{shown}");
}

#[test]
fn invalid_text_does_not_affect_the_rest() {
    let body = b"\xef\xbb\xbf{\"id\": \"7\", \"note\": \"\\ud83d\xff\"}".to_vec();
    let secrets = crate::redact::Secrets::new(Vec::new());
    let delivery =
        super::Delivery { id: "1".into(), timestamp: "2".into(), headers: HeaderMap::new(), body, form: None, secrets };
    assert_eq!(delivery.json().unwrap(), serde_json::json!({"id": "7", "note": "\u{fffd}\u{fffd}"}));
}

/// The second test case of RFC 4231, and of RFC 2202.
#[cfg(feature = "sha1")]
#[test]
fn codes_of_other_lengths() {
    static SHA1: WebhookSpec = WebhookSpec { algorithm: Algorithm::HmacSha1, signature_prefix: "", ..BARE };
    static SHA1_IN_BASE64: WebhookSpec = WebhookSpec { encoding: Encoding::Base64, ..SHA1 };
    static SHA512: WebhookSpec = WebhookSpec { algorithm: Algorithm::HmacSha512, ..SHA1 };
    const CODE_OF_512: &str = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
        9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
    for (spec, signature) in [
        (&SHA1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (&SHA1_IN_BASE64, "7/zfauXrL6LSdBbV8YTfnCWafHk="),
        (&SHA1_IN_BASE64, "7/zfauXrL6LSdBbV8YTfnCWafHk"),
        (&SHA512, CODE_OF_512),
    ] {
        let webhook = Webhook::new(spec, "Jefe").unwrap();
        let verify = |signature: &str, body: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("x-hub-signature-256", signature.parse().unwrap());
            webhook.verify(&headers, body).map(|_| ())
        };
        assert_eq!(verify(signature, b"what do ya want for nothing?"), Ok(()), "{signature}");
        let wrong = Err(WebhookError::WrongSignature);
        assert_eq!(verify(signature, b"what do ya want?"), wrong);
        assert_eq!(verify(&signature[2..], b"what do ya want for nothing?"), wrong);
    }
}

static FORM: WebhookSpec = WebhookSpec {
    id: None,
    timestamp: None,
    signature: "X-Tea-Signature",
    algorithm: Algorithm::HmacSha1,
    signed: &[SignedPart::Url, SignedPart::Fields],
    secret: Encoding::Text,
    ..SPEC_OF_BODY
};

/// The signature, its time and its id are in the body, as pointers say.
static IN_BODY: WebhookSpec = SPEC_OF_BODY;

const SPEC_OF_BODY: WebhookSpec = WebhookSpec {
    id: None,
    timestamp: Some("/sealed/at"),
    signature: "/sealed/seal",
    algorithm: Algorithm::HmacSha256,
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
    secret_prefix: "",
    encoding: Encoding::Base64,
    signature_prefix: "",
    separator: ",",
    env: "SPECWRIGHT_NO_SUCH_VARIABLE",
};

// The codes of the next two tests were made by `hmac` of Python's standard library.

#[cfg(feature = "sha1")]
#[test]
fn the_fields_of_a_form_are_signed_in_the_order_of_their_names() {
    let receiver = Webhook::new(&FORM, "opensesame").unwrap().with_url("https://tea.example/hook?a=1");
    let headers =
        HeaderMap::from_iter([("x-tea-signature".parse().unwrap(), "qKeJik2qPkaab9rkMgOZXI/6dqk=".parse().unwrap())]);
    let verify = |body: &str| receiver.verify(&headers, body.as_bytes());
    let delivery = verify("To=%2B49+30&Body=Tea%20%26+cake&Body=Tea&AB=c%3Dd&Empty").unwrap();
    let fields = serde_json::json!({"To": "+49 30", "Body": "Tea & cake", "AB": "c=d", "Empty": ""});
    assert_eq!(delivery.json(), Some(fields));
    assert_eq!(delivery.event(super::EventName::Body("/AB")).unwrap().0, "c=d");
    assert!(verify("AB=c%3Dd&Body=Tea&Body=Tea%20%26%20cake&Empty=&To=%2B49%2030&Body=Tea").is_ok(), "in any order");
    for forged in ["", "To=%2B49+30", "To=%2B49+31&Body=Tea%20%26+cake&Body=Tea&AB=c%3Dd&Empty", "{}"] {
        assert_eq!(verify(forged).unwrap_err(), WebhookError::WrongSignature, "{forged}");
    }
}

#[test]
fn a_signature_may_be_in_the_body() {
    let receiver = Webhook::new(&IN_BODY, "00ff10").unwrap().with_replay_window(Duration::from_secs(60));
    let verify = |sealed: &str, event: &str| {
        let body = format!("{{\"sealed\":{sealed},\"event\":{event},\"more\":[1]}}");
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_610);
        receiver.verify_at(&HeaderMap::new(), body.as_bytes(), at).map(|it| it.timestamp().to_owned())
    };
    let event = r#"{"kind":"row.written","amount":1999,"paid":true,"note":"Ünter"}"#;
    let seal = r#"{"at":1767225600,"seal":"nJTkcKGHnha7ECCE4yoqtu86eWKuf5glD9A0oh6Gs2I="}"#;
    assert_eq!(verify(seal, event), Ok("1767225600".to_owned()));
    assert!(verify(&seal.replace("1767225600", "\"1767225600\""), event).is_ok(), "a number, or its text");
    // What is absent or `null` is signed as nothing.
    let short = r#"{"at":1767225600,"seal":"bagYiyIJoDXZQOFjGJhr/wPfEGEe2Q7fDHMm1QRW6EY="}"#;
    for note in [",\"note\":null", ""] {
        assert!(verify(short, &event.replace(",\"note\":\"Ünter\"", note)).is_ok(), "{note}");
    }
    // But an object is not nothing.
    let hidden = event.replace("\"Ünter\"", "{\"a\":1}");
    assert_eq!(verify(short, &hidden), Err(WebhookError::MissingField("/event/note")));
    assert_eq!(verify(seal, &event.replace("1999", "2000")), Err(WebhookError::WrongSignature));
    assert_eq!(verify(&seal.replace("600", "500"), event), Err(WebhookError::OutsideWindow));
    assert_eq!(verify(r#"{"at":1767225600}"#, event), Err(WebhookError::MissingField("/sealed/seal")));
    assert_eq!(verify("null", event), Err(WebhookError::MissingField("/sealed/at")));
    assert_eq!(verify(r#"{"at":"soon","seal":"x"}"#, event), Err(WebhookError::MalformedHeader("/sealed/at")));
    assert_eq!(verify("nothing", event), Err(WebhookError::MalformedBody));
}
