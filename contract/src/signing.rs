//! Signs callbacks in the API's form: HMAC or Ed25519 over a text that consists of id, time, URL and body.
//!
//! The API alone has its private key, so this server has one of its own, whose public key a receiver is given.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use ed25519_compact::{KeyPair, Seed};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use specwright_codegen::model::Webhook;

/// The default secret, as base64. An API's own prefix comes before it.
pub(crate) const DEFAULT_SECRET: &str = "c3BlY3dyaWdodC1jb250cmFjdC1zZXJ2ZXI=";

/// The algorithm whose secret is a public key.
pub(crate) const ED25519: &str = "ed25519";

/// Callbacks that are not signed: the header holds the secret itself.
const TOKEN: &str = "token";

/// With padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What of a delivery may be signed.
#[derive(Clone, Copy)]
pub(crate) struct Signable<'a> {
    pub(crate) id: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) url: &'a str,
    pub(crate) body: &'a [u8],
}

/// The value of the signature header. The error says what is wrong with the secret.
pub(crate) fn signature(webhook: &Webhook, secret: &str, of: Signable<'_>) -> Result<String, String> {
    let timestamp = of.timestamp;
    if webhook.algorithm == ED25519 {
        let text: Vec<u8> = parts(webhook, of).flatten().copied().collect();
        let signature = key_pair().sk.sign(text, None);
        return Ok(written(webhook, timestamp, &*signature));
    }
    let secret = secret.strip_prefix(&webhook.secret_prefix).unwrap_or(secret);
    if webhook.algorithm == TOKEN {
        return Ok(format!("{}{secret}", webhook.signature_prefix));
    }
    let key = if webhook.secret_encoding == "base64" {
        LENIENT.decode(secret).map_err(|error| format!("the secret of callbacks is not base64: {error}"))?
    } else if webhook.secret_encoding == "hex" {
        let digit = |it: u8| char::from(it).to_digit(16).map(|it| it as u8);
        let pair = |it: &[u8]| Some(digit(*it.first()?)? << 4 | digit(*it.get(1)?)?);
        let bytes: Option<Vec<u8>> = secret.as_bytes().chunks(2).map(pair).collect();
        bytes.ok_or("the secret of callbacks is not hexadecimal")?
    } else {
        secret.as_bytes().to_vec()
    };
    let code = match webhook.algorithm.as_str() {
        "hmac-sha1" => code::<Hmac<Sha1>>(&key, parts(webhook, of))?,
        "hmac-sha512" => code::<Hmac<Sha512>>(&key, parts(webhook, of))?,
        _ => code::<Hmac<Sha256>>(&key, parts(webhook, of))?,
    };
    Ok(written(webhook, timestamp, &code))
}

fn code<'a, M: Mac + KeyInit>(key: &[u8], parts: impl Iterator<Item = &'a [u8]>) -> Result<Vec<u8>, String> {
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|error| error.to_string())?;
    parts.for_each(|it| mac.update(it));
    Ok(mac.finalize().into_bytes().to_vec())
}

/// The public key that verifies this server's signatures of Ed25519, as the spec says that it is written.
pub(crate) fn public_key(webhook: &Webhook) -> String {
    let key = encoded(&webhook.secret_encoding, &*key_pair().pk);
    format!("{}{key}", webhook.secret_prefix)
}

/// The same in every run: nothing is secret here.
fn key_pair() -> KeyPair {
    KeyPair::from_seed(Seed::new(*b"specwright-contract-server: seed"))
}

/// The pieces of the text that is signed. A body that contains `{id}` is not changed.
fn parts<'a>(webhook: &'a Webhook, of: Signable<'a>) -> impl Iterator<Item = &'a [u8]> {
    pieces(&webhook.signed).map(move |piece| match piece {
        "{id}" => of.id.as_bytes(),
        "{timestamp}" => of.timestamp.as_bytes(),
        "{url}" => of.url.as_bytes(),
        "{body}" => of.body,
        text => text.as_bytes(),
    })
}

/// The value of the header.
fn written(webhook: &Webhook, timestamp: &str, signature: &[u8]) -> String {
    let time = webhook.timestamp_prefix.as_ref().map(|it| format!("{it}{timestamp}{}", webhook.separator));
    let signature = encoded(&webhook.signature_encoding, signature);
    format!("{}{}{signature}", time.unwrap_or_default(), webhook.signature_prefix)
}

fn encoded(encoding: &str, bytes: &[u8]) -> String {
    match encoding {
        "hex" => bytes.iter().map(|it| format!("{it:02x}")).collect(),
        _ => STANDARD.encode(bytes),
    }
}

/// `{id}.{body}` in pieces: `{id}`, `.`, `{body}`.
fn pieces(template: &str) -> impl Iterator<Item = &str> {
    template.split_inclusive('}').flat_map(|it| match it.find('{') {
        Some(at) => [&it[..at], &it[at..]],
        None => [it, ""],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_cut_at_placeholders() {
        let cut = |text| pieces(text).filter(|it| !it.is_empty()).collect::<Vec<_>>();
        assert_eq!(cut("{id}.{timestamp}.{body}"), ["{id}", ".", "{timestamp}", ".", "{body}"]);
        assert_eq!(cut("v0:{body}!"), ["v0:", "{body}", "!"]);
    }
}
