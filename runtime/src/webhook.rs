//! Callbacks of an API: verification and content.
//!
//! A delivery is genuine if one of its signatures is the HMAC, with the shared secret, of a text that consists of the
//! body exactly as received and, if the API sends them, the id and the timestamp. Verify a delivery before reading it.
//!
//! Anyone can send a forged delivery, so detecting it must be cheap. The body is hashed once per known secret, for any
//! number of signatures, and not at all if none of the signatures is well-formed.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, NO_PAD, STANDARD};
use base64::{alphabet, engine::DecodePaddingMode};
use http::HeaderMap;
use secrecy::{ExposeSecret as _, SecretSlice};

use algorithm::{Signature, mac};
use content::{Content, is_place};

use crate::redact::Secrets;
use crate::{Error, Secret};

mod algorithm;
mod content;
mod delivery;

pub use algorithm::Algorithm;
pub use delivery::{Delivery, WebhookError};

/// How an API signs its callbacks.
#[derive(Debug)]
pub struct WebhookSpec {
    /// Header with the delivery's id, if there is one. What begins with a `/`, here and below, is no header but a JSON
    /// pointer: the place of it in the body.
    pub id: Option<&'static str>,
    /// Header with the time of signing, if there is one.
    pub timestamp: Option<&'static str>,
    /// Header with the signatures.
    pub signature: &'static str,
    /// How the text is signed.
    pub algorithm: Algorithm,
    /// What is signed.
    pub signed: &'static [SignedPart],
    /// The encoding of the secret.
    pub secret: Encoding,
    /// Text that may precede the secret and is not part of it: `whsec_`.
    pub secret_prefix: &'static str,
    /// The encoding of a signature.
    pub encoding: Encoding,
    /// Text before each signature: `v1,`. Anything without it is not a signature of this kind.
    pub signature_prefix: &'static str,
    /// The separator of several signatures.
    pub separator: &'static str,
    /// Environment variable of the secret.
    pub env: &'static str,
}

/// One part of the text that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPart {
    /// The delivery's id.
    Id,
    /// The time of signing.
    Timestamp,
    /// The time of signing, which stands beside the signatures after this prefix: `t=`.
    TimestampAfter(&'static str),
    /// The URL that deliveries are sent to: see [`Webhook::with_url`].
    Url,
    /// The body as it was received.
    Body,
    /// The fields of a form, each its name and its value, sorted by names, without the signature.
    Fields,
    /// The text, number or truth value at this JSON pointer of the body; nothing if it is absent or `null`.
    At(&'static str),
    /// This text.
    Text(&'static str),
}

/// The encoding of bytes as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Base64, with or without padding.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// Unchanged.
    Text,
    /// An Ed25519 public key in hexadecimal digits. The API keeps the private key, and signs with Ed25519.
    PublicKeyHex,
    /// The same, in base64.
    PublicKeyBase64,
}

impl Encoding {
    fn is_public_key(self) -> bool {
        matches!(self, Self::PublicKeyHex | Self::PublicKeyBase64)
    }
}

/// Where the name of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventName {
    /// At this JSON pointer of the body.
    Body(&'static str),
    /// In this header, which is not signed.
    Header(&'static str),
}

/// The longest total of a delivery's signature headers, in bytes.
const MOST_BYTES: usize = 8 * 1024;

/// The most signatures that one delivery may present.
const MOST_SIGNATURES: usize = 32;

/// What the signature headers of a delivery hold.
#[derive(Default)]
struct Presented {
    /// By HMAC, …
    codes: Vec<Signature>,
    /// … or with Ed25519, or the secret itself.
    signatures: Vec<Vec<u8>>,
    /// The time of signing, if it stands there.
    timestamp: Option<String>,
}

/// Computes the HMAC of a text in parts with a secret.
type MakeMac<'m> = dyn FnMut(&[u8], &[&[u8]]) -> Option<Signature> + 'm;

/// Verifies the callbacks of an API.
///
/// It may have several secrets, so that one can be replaced by another without a gap.
#[derive(Clone)]
pub struct Webhook {
    spec: &'static WebhookSpec,
    secrets: Vec<SecretSlice<u8>>,
    window: Option<Duration>,
    url: Option<String>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("secrets", &self.secrets.len()).field("window", &self.window).finish()
    }
}

impl Webhook {
    /// Creates a verifier with the secret in the form that the API's dashboard shows.
    ///
    /// # Errors
    /// Fails if the secret is empty or malformed.
    pub fn new(spec: &'static WebhookSpec, secret: impl Into<Secret>) -> Result<Self, Error> {
        Self { spec, secrets: Vec::new(), window: None, url: None }.with_secret(secret)
    }

    /// Creates a verifier with the secret from the environment.
    ///
    /// # Errors
    /// Fails if the variable is not set or is malformed.
    pub fn from_env(spec: &'static WebhookSpec) -> Result<Self, Error> {
        match std::env::var(spec.env) {
            Ok(secret) => Self::new(spec, secret),
            Err(_) => Err(Error::config(format!("`{}` is not set: it holds the secret of callbacks", spec.env))),
        }
    }

    /// Adds another secret.
    ///
    /// # Errors
    /// Fails if the secret is empty or malformed.
    pub fn with_secret(mut self, secret: impl Into<Secret>) -> Result<Self, Error> {
        if self.spec.algorithm == Algorithm::HmacSha1 && cfg!(not(feature = "sha1")) {
            let why = "callbacks that are signed with SHA-1 require the feature `sha1` of `specwright-runtime`";
            return Err(Error::config(why));
        }
        let secret = secret.into();
        let text = secret.expose();
        let text = text.strip_prefix(self.spec.secret_prefix).unwrap_or(text);
        match decode(self.spec.secret, text.as_bytes()) {
            Some(bytes) if self.spec.secret.is_public_key() => {
                check_public_key(&bytes).map_err(Error::config)?;
                self.secrets.push(bytes.into());
            }
            Some(bytes) if !bytes.is_empty() => self.secrets.push(bytes.into()),
            _ => {
                let how = match self.spec.secret {
                    Encoding::Base64 => "base64 text",
                    Encoding::Hex => "hexadecimal digits",
                    Encoding::Text => "text",
                    Encoding::PublicKeyHex | Encoding::PublicKeyBase64 => "a public key",
                };
                let after = match self.spec.secret_prefix {
                    "" => String::new(),
                    prefix => format!(" after `{prefix}`"),
                };
                return Err(Error::config(format!("the secret of callbacks must be {how}{after}, and not empty")));
            }
        }
        Ok(self)
    }

    /// Sets the URL that deliveries are sent to, exactly as the API knows it. It is needed where the API signs it
    /// ([`WebhookError::NoUrl`]), since no receiver can tell which URL a proxy was called with.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Refuses deliveries that were signed longer ago than this, or further in the future. Without a window, their age
    /// does not matter.
    ///
    /// If an API does not sign the time of its deliveries, a window refuses all of them
    /// ([`WebhookError::NoTimestamp`]).
    #[must_use]
    pub fn with_replay_window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Verifies a delivery. `body` must be exactly what was received.
    ///
    /// The signatures in all headers of the name count. More than 32 signatures, or more than 8 KiB, are refused
    /// unread.
    ///
    /// # Errors
    /// Fails if a header is missing or malformed, if no signature matches, or if the delivery is too old.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Delivery, WebhookError> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// As [`verify`](Self::verify), at a given time.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_at(&self, headers: &HeaderMap, body: &[u8], now: SystemTime) -> Result<Delivery, WebhookError> {
        self.check_signature(headers, body, now, &mut |secret, parts| mac(self.spec.algorithm, secret, parts))
    }

    /// The cheapest checks come first; `mac` reads the whole body.
    fn check_signature(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
        mac: &mut MakeMac<'_>,
    ) -> Result<Delivery, WebhookError> {
        let content = Content::of(self.spec, headers, body)?;
        let told = |name: Option<&'static str>| match name {
            Some(place) if is_place(place) => content.told(place),
            Some(name) => single_header(headers, name).map(Cow::Borrowed),
            None => Ok(Cow::Borrowed("")),
        };
        let (id, timestamp) = (told(self.spec.id)?, told(self.spec.timestamp)?);
        let presented = self.signatures_in(headers, &content)?;
        let is_beside = self.spec.signed.iter().any(|it| matches!(it, SignedPart::TimestampAfter(_)));
        let timestamp = match &presented.timestamp {
            Some(beside) => beside.as_str(),
            None if is_beside => return Err(WebhookError::MalformedHeader(self.spec.signature)),
            None => &*timestamp,
        };
        if let Some(window) = self.window {
            let name = self.spec.timestamp.filter(|_| self.spec.signed.contains(&SignedPart::Timestamp));
            let name = name.or(is_beside.then_some(self.spec.signature)).ok_or(WebhookError::NoTimestamp)?;
            let signed = unix_time(timestamp).ok_or(WebhookError::MalformedHeader(name))?;
            let apart = now.duration_since(signed).or_else(|_| signed.duration_since(now));
            if apart.is_ok_and(|it| it > window) {
                return Err(WebhookError::OutsideWindow);
            }
        }
        let url = self.url.as_deref();
        if url.is_none() && self.spec.signed.contains(&SignedPart::Url) {
            return Err(WebhookError::NoUrl);
        }
        let mut parts: Vec<Cow<'_, [u8]>> = Vec::new();
        for part in self.spec.signed {
            parts.push(match part {
                SignedPart::Url => url.unwrap_or_default().as_bytes().into(),
                SignedPart::Id => id.as_bytes().into(),
                SignedPart::Timestamp | SignedPart::TimestampAfter(_) => timestamp.as_bytes().into(),
                SignedPart::Body => body.into(),
                SignedPart::Fields => content.fields(self.spec.signature).into_bytes().into(),
                SignedPart::At(place) => content.text(place)?.into_owned().into_bytes().into(),
                SignedPart::Text(text) => text.as_bytes().into(),
            });
        }
        let parts: Vec<&[u8]> = parts.iter().map(|it| &**it).collect();
        let mut secrets = self.secrets.iter().map(|it| it.expose_secret());
        let genuine = if self.spec.algorithm == Algorithm::Token {
            // Two secrets are compared by their codes, which takes as long for any two.
            secrets.any(|secret| {
                let expected = mac(secret, &[secret]);
                expected.is_some() && presented.signatures.iter().any(|it| mac(secret, &[it]) == expected)
            })
        } else if self.spec.secret.is_public_key() {
            !presented.signatures.is_empty() && verifies(secrets, &presented.signatures, &parts.concat())
        } else {
            let is_presented = |made: Signature| presented.codes.contains(&made);
            !presented.codes.is_empty() && secrets.any(|it| mac(it, &parts).is_some_and(is_presented))
        };
        if !genuine {
            return Err(WebhookError::WrongSignature);
        }
        let secrets = Secrets::new(self.secrets.clone());
        let (id, timestamp, headers) = (id.into_owned(), timestamp.to_owned(), headers.clone());
        let form = content.into_form();
        Ok(Delivery { id, timestamp, headers, body: body.to_vec(), form, secrets })
    }

    /// The well-formed signatures of a delivery.
    fn signatures_in(&self, headers: &HeaderMap, content: &Content) -> Result<Presented, WebhookError> {
        let name = self.spec.signature;
        let malformed = WebhookError::MalformedHeader(name);
        let values = if is_place(name) {
            vec![content.told(name)?]
        } else if headers.contains_key(name) {
            let text = |it: &http::HeaderValue| it.to_str().map(|it| Cow::Owned(it.to_owned()));
            headers.get_all(name).iter().map(text).collect::<Result<Vec<_>, _>>().map_err(|_| malformed)?
        } else {
            return Err(WebhookError::MissingHeader(name));
        };
        let beside = self.spec.signed.iter().find_map(|it| match it {
            SignedPart::TimestampAfter(prefix) => Some(*prefix),
            _ => None,
        });
        let (mut presented, mut length, mut count) = (Presented::default(), 0, 0);
        for value in values {
            length += value.len();
            if length > MOST_BYTES {
                return Err(malformed);
            }
            if self.spec.algorithm == Algorithm::Token {
                let text = value.strip_prefix(self.spec.signature_prefix);
                presented.signatures.extend(text.map(|it| it.as_bytes().to_vec()));
                count += 1;
                if count > MOST_SIGNATURES {
                    return Err(malformed);
                }
                continue;
            }
            // A proxy may have joined several headers into one.
            for part in value.split(", ").flat_map(|it| nonempty_parts(it, self.spec.separator)) {
                count += 1;
                if count > MOST_SIGNATURES {
                    return Err(malformed);
                }
                if let Some(time) = beside.and_then(|prefix| part.strip_prefix(prefix)) {
                    // Two times are one too many.
                    if presented.timestamp.replace(time.to_owned()).is_some_and(|it| it != time) {
                        return Err(malformed);
                    }
                } else if self.spec.secret.is_public_key() {
                    let text = part.strip_prefix(self.spec.signature_prefix);
                    let bytes =
                        text.filter(|it| it.len() <= 128).and_then(|it| decode(self.spec.encoding, it.as_bytes()));
                    presented.signatures.extend(bytes.filter(|it| it.len() == 64));
                } else {
                    presented.codes.extend(self.code(part));
                }
            }
        }
        Ok(presented)
    }

    fn code(&self, part: &str) -> Option<Signature> {
        let text = part.strip_prefix(self.spec.signature_prefix)?;
        // Text of another length encodes another number of bytes.
        let length = self.spec.algorithm.length();
        let fits = match self.spec.encoding {
            Encoding::Base64 => text.len() == (length * 4).div_ceil(3) || text.len() == length.div_ceil(3) * 4,
            Encoding::Hex => text.len() == length * 2,
            Encoding::Text => text.len() == length,
            Encoding::PublicKeyHex | Encoding::PublicKeyBase64 => false,
        };
        let bytes = fits.then(|| decode(self.spec.encoding, text.as_bytes())).flatten()?;
        Signature::received(self.spec.algorithm, &bytes)
    }
}

/// The header of this name. Several equal headers count as one.
fn single_header<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, WebhookError> {
    let value = headers.get(name).ok_or(WebhookError::MissingHeader(name))?;
    if headers.get_all(name).iter().any(|it| it != value) {
        return Err(WebhookError::MalformedHeader(name));
    }
    value.to_str().map_err(|_| WebhookError::MalformedHeader(name))
}

/// The parts between separators that are not empty.
fn nonempty_parts<'t>(text: &'t str, separator: &'static str) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    let next = move || {
        let text = rest.take()?;
        // An empty separator does not separate anything.
        match text.split_once(separator).filter(|_| !separator.is_empty()) {
            Some((part, others)) => {
                rest = Some(others);
                Some(part)
            }
            None => Some(text),
        }
    };
    std::iter::from_fn(next).map(str::trim).filter(|it| !it.is_empty())
}

/// Whether one of these is a signature of the text by one of the keys. A delivery that is forged costs as much as a
/// genuine one for each signature, so only the first few count.
#[cfg(feature = "ed25519")]
fn verifies<'k>(keys: impl Iterator<Item = &'k [u8]>, signatures: &[Vec<u8>], text: &[u8]) -> bool {
    const MOST: usize = 4;
    let keys: Vec<_> = keys.filter_map(|it| ed25519_compact::PublicKey::from_slice(it).ok()).collect();
    let signatures = signatures.iter().take(MOST).filter_map(|it| ed25519_compact::Signature::from_slice(it).ok());
    signatures.into_iter().any(|signature| keys.iter().any(|key| key.verify(text, &signature).is_ok()))
}

#[cfg(not(feature = "ed25519"))]
fn verifies<'k>(_: impl Iterator<Item = &'k [u8]>, _: &[Vec<u8>], _: &[u8]) -> bool {
    false
}

#[cfg(feature = "ed25519")]
fn check_public_key(key: &[u8]) -> Result<(), &'static str> {
    let key = ed25519_compact::PublicKey::from_slice(key);
    key.map(|_| ()).map_err(|_| "the key of callbacks must be an Ed25519 public key of 32 bytes")
}

#[cfg(not(feature = "ed25519"))]
fn check_public_key(_: &[u8]) -> Result<(), &'static str> {
    Err("callbacks that are signed with Ed25519 require the feature `ed25519` of `specwright-runtime`")
}

fn decode(encoding: Encoding, text: &[u8]) -> Option<Vec<u8>> {
    const ANY_PADDING: GeneralPurposeConfig = NO_PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match encoding {
        Encoding::Base64 | Encoding::PublicKeyBase64 => {
            let standard = STANDARD.decode(text);
            standard.or_else(|_| GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING).decode(text)).ok()
        }
        Encoding::Hex | Encoding::PublicKeyHex => {
            let digit = |it: u8| char::from(it).to_digit(16).map(|it| it as u8);
            let pair = |it: &[u8]| Some(digit(it[0])? << 4 | digit(it[1])?);
            text.len().is_multiple_of(2).then(|| text.chunks_exact(2).map(pair).collect()).flatten()
        }
        Encoding::Text => Some(text.to_vec()),
    }
}

/// Seconds since 1970 (milliseconds if it can only be that), or an HTTP date.
fn unix_time(text: &str) -> Option<SystemTime> {
    const FIRST_MILLIS: u64 = 100_000_000_000;
    match text.trim().parse::<u64>() {
        Ok(millis) if millis >= FIRST_MILLIS => SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis)),
        Ok(seconds) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)),
        Err(_) => crate::http_date::parse(text),
    }
}

#[cfg(test)]
mod tests;
