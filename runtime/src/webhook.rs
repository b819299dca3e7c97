//! Callbacks that an API sends: who sent them, and what they say.
//!
//! A delivery is genuine when one of its signatures is the HMAC-SHA256, under a secret that both sides know, of a text
//! made of its id, its timestamp and its body as it came. Verify before anything is read.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, NO_PAD, STANDARD};
use base64::{alphabet, engine::DecodePaddingMode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use secrecy::{ExposeSecret as _, SecretSlice};
use serde_json::Value;
use sha2::Sha256;

use crate::{Decode, Error, Secret, TaskSpec, TaskStatus};

/// How an API signs its callbacks.
#[derive(Debug)]
pub struct WebhookSpec {
    /// Header with the delivery's id.
    pub id: &'static str,
    /// Header with the time of signing.
    pub timestamp: &'static str,
    /// Header with the signatures.
    pub signature: &'static str,
    /// What is signed.
    pub signed: &'static [SignedPart],
    /// How the secret is written.
    pub secret: Encoding,
    /// How a signature is written.
    pub encoding: Encoding,
    /// Between several signatures.
    pub separator: &'static str,
    /// Environment variable of the secret.
    pub env: &'static str,
}

/// One part of the text that is signed.
#[derive(Clone, Copy, Debug)]
pub enum SignedPart {
    /// The delivery's id.
    Id,
    /// The time of signing.
    Timestamp,
    /// The body as it came.
    Body,
    /// This text.
    Text(&'static str),
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Base64, with or without padding.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// As they are.
    Text,
}

/// Verifies the callbacks of an API.
///
/// Several secrets may be known, so that one can be replaced by the next without a gap.
#[derive(Clone)]
pub struct Webhook {
    spec: &'static WebhookSpec,
    secrets: Vec<SecretSlice<u8>>,
    window: Option<Duration>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("secrets", &self.secrets.len()).field("window", &self.window).finish()
    }
}

impl Webhook {
    /// With the secret as the API's dashboard shows it.
    ///
    /// # Errors
    /// It is empty, or not written as the API writes it.
    pub fn new(spec: &'static WebhookSpec, secret: impl Into<Secret>) -> Result<Self, Error> {
        Self { spec, secrets: Vec::new(), window: None }.with_secret(secret)
    }

    /// With the secret from the environment.
    ///
    /// # Errors
    /// The variable is not set, or malformed.
    pub fn from_env(spec: &'static WebhookSpec) -> Result<Self, Error> {
        match std::env::var(spec.env) {
            Ok(secret) => Self::new(spec, secret),
            Err(_) => Err(Error::config(format!("`{}` is not set: it holds the secret of callbacks", spec.env))),
        }
    }

    /// Takes another secret too.
    ///
    /// # Errors
    /// It is empty, or not written as the API writes it.
    pub fn with_secret(mut self, secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        match decode(self.spec.secret, secret.expose().as_bytes()) {
            Some(bytes) if !bytes.is_empty() => self.secrets.push(bytes.into()),
            _ => {
                let how = if self.spec.secret == Encoding::Base64 { "base64 text" } else { "text" };
                return Err(Error::config(format!("the secret of callbacks must be {how}, and not empty")));
            }
        }
        Ok(self)
    }

    /// Refuses deliveries that were signed longer ago than this, or further in the future. Without it their age does
    /// not matter.
    #[must_use]
    pub fn with_replay_window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Verifies a delivery. `body` is exactly what came.
    ///
    /// # Errors
    /// A header is missing, no signature fits, or the delivery is too old.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Delivery, WebhookError> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// As [`verify`](Self::verify), at a time of the caller's.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_at(&self, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<Delivery, WebhookError> {
        let header = |name: &'static str| {
            let value = headers.get(name).ok_or(WebhookError::MissingHeader(name))?;
            value.to_str().map_err(|_| WebhookError::MalformedHeader(name))
        };
        let (id, timestamp) = (header(self.spec.id)?, header(self.spec.timestamp)?);
        let signatures = header(self.spec.signature)?;
        let genuine = signatures
            .split(self.spec.separator)
            .filter_map(|it| decode(self.spec.encoding, it.trim().as_bytes()))
            .any(|it| self.secrets.iter().any(|secret| self.signed(secret, id, timestamp, body, &it)));
        if !genuine {
            return Err(WebhookError::WrongSignature);
        }
        if let Some(window) = self.window {
            let signed = unix_time(timestamp).ok_or(WebhookError::MalformedHeader(self.spec.timestamp))?;
            let apart = now.duration_since(signed).or_else(|_| signed.duration_since(now));
            if apart.is_ok_and(|it| it > window) {
                return Err(WebhookError::OutsideWindow);
            }
        }
        Ok(Delivery { id: id.to_owned(), timestamp: timestamp.to_owned(), body: body.to_vec() })
    }

    /// Compares in constant time.
    fn signed(&self, secret: &SecretSlice<u8>, id: &str, timestamp: &str, body: &[u8], signature: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret()) else { return false };
        for part in self.spec.signed {
            mac.update(match part {
                SignedPart::Id => id.as_bytes(),
                SignedPart::Timestamp => timestamp.as_bytes(),
                SignedPart::Body => body,
                SignedPart::Text(text) => text.as_bytes(),
            });
        }
        mac.verify_slice(signature).is_ok()
    }
}

fn decode(encoding: Encoding, text: &[u8]) -> Option<Vec<u8>> {
    const ANY_PADDING: GeneralPurposeConfig = NO_PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match encoding {
        Encoding::Base64 => {
            let standard = STANDARD.decode(text);
            standard.or_else(|_| GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING).decode(text)).ok()
        }
        Encoding::Hex => {
            let digit = |it: u8| char::from(it).to_digit(16).map(|it| it as u8);
            let pair = |it: &[u8]| Some(digit(it[0])? << 4 | digit(it[1])?);
            text.len().is_multiple_of(2).then(|| text.chunks_exact(2).map(pair).collect()).flatten()
        }
        Encoding::Text => Some(text.to_vec()),
    }
}

/// Seconds since 1970 (milliseconds where they can be nothing else), or an HTTP date.
fn unix_time(text: &str) -> Option<SystemTime> {
    const FIRST_MILLIS: u64 = 100_000_000_000;
    match text.trim().parse::<u64>() {
        Ok(millis) if millis >= FIRST_MILLIS => SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis)),
        Ok(seconds) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(text).ok(),
    }
}

/// A callback that is genuine.
#[derive(Clone, Debug)]
pub struct Delivery {
    id: String,
    timestamp: String,
    body: Vec<u8>,
}

impl Delivery {
    /// The delivery's id: the same when it is delivered again.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was signed, as it came.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, with `U+FFFD` for what cannot be text; `None` when it is no JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        crate::reading::read(&self.body).ok()
    }

    /// The body as the status of a task.
    ///
    /// # Errors
    /// It is none.
    pub fn task<R: Decode>(&self, spec: &'static TaskSpec) -> Result<TaskStatus<R>, Error> {
        TaskStatus::from_slice(spec, &self.body)
    }
}

/// Why a callback is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// This header is missing.
    MissingHeader(&'static str),
    /// This header is not what it should be.
    MalformedHeader(&'static str),
    /// No signature fits the body under a known secret.
    WrongSignature,
    /// It was signed outside of the replay window.
    OutsideWindow,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(name) => write!(f, "the callback has no header `{name}`"),
            Self::MalformedHeader(name) => write!(f, "the callback's header `{name}` is malformed"),
            Self::WrongSignature => f.write_str("no signature of the callback fits its body under a known secret"),
            Self::OutsideWindow => f.write_str("the callback was signed outside of the replay window"),
        }
    }
}

impl std::error::Error for WebhookError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use std::time::{Duration, SystemTime};

    use http::HeaderMap;

    use super::{Encoding, SignedPart, Webhook, WebhookError, WebhookSpec};

    static SPEC: WebhookSpec = WebhookSpec {
        id: "X-Callback-Id",
        timestamp: "X-Callback-Timestamp",
        signature: "X-Callback-Signature",
        signed: &[
            SignedPart::Id,
            SignedPart::Text("."),
            SignedPart::Timestamp,
            SignedPart::Text("."),
            SignedPart::Body,
        ],
        secret: Encoding::Base64,
        encoding: Encoding::Base64,
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
        // What cannot be text takes nothing else along.
        let body = b"\xef\xbb\xbf{\"id\": \"7\", \"note\": \"\\ud83d\xff\"}".to_vec();
        let delivery = super::Delivery { body, ..delivery };
        assert_eq!(delivery.json().unwrap(), serde_json::json!({"id": "7", "note": "\u{fffd}\u{fffd}"}));
        assert!(Webhook::from_env(&SPEC).is_err());
    }
}
