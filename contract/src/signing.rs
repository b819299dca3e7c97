//! Signs callbacks in the API's form: HMAC or Ed25519 over a text that consists of id, time, URL and body.
//!
//! The API alone has its private key, so this server has one of its own, whose public key a receiver is given.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use ed25519_compact::{KeyPair, Seed};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use specwright_codegen::model::{MessagePlace, Webhook};

use crate::pointer;

/// The default secret, as base64. An API's own prefix comes before it.
pub(crate) const DEFAULT_SECRET: &str = "c3BlY3dyaWdodC1jb250cmFjdC1zZXJ2ZXI=";

/// The same in hexadecimal digits.
pub(crate) const DEFAULT_SECRET_IN_HEX: &str = "737065637772696768742d636f6e74726163742d736572766572";

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

/// A delivery as it is sent.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

/// Signs a delivery: what says so is in headers, or in the body. The error says what is wrong with the secret.
pub(crate) fn signed(webhook: &Webhook, secret: &str, of: Signable<'_>) -> Result<Signed, String> {
    let in_body = |it: &&MessagePlace| it.header().is_none();
    let places = || webhook.id.iter().chain(&webhook.timestamp).chain([&webhook.signature]);
    let json = webhook.is_form() || webhook.signed.contains("{/") || places().any(|it| in_body(&it));
    let mut content: Option<Value> = if json { serde_json::from_slice(of.body).ok() } else { None };
    let mut headers = Vec::new();
    let mut tell = |content: &mut Option<Value>, place: &MessagePlace, text: String| match (place, content) {
        (MessagePlace::Header(name), _) => headers.push((name.clone(), text)),
        (MessagePlace::Body(at), Some(content)) => put(content, at, &text),
        (MessagePlace::Body(_), None) => {}
    };
    webhook.id.iter().for_each(|it| tell(&mut content, it, of.id.to_owned()));
    webhook.timestamp.iter().for_each(|it| tell(&mut content, it, of.timestamp.to_owned()));
    let made = signature(webhook, secret, of, content.as_ref())?;
    tell(&mut content, &webhook.signature, made);
    let body = match &content {
        Some(content) if webhook.is_form() => form(content).into_bytes(),
        Some(content) => content.to_string().into_bytes(),
        None => of.body.to_vec(),
    };
    let content_type = if webhook.is_form() { "application/x-www-form-urlencoded" } else { "application/json" };
    Ok(Signed { headers, content_type, body })
}

/// Puts a text at a pointer, and objects around it as far as they are missing. A number stays one.
pub(crate) fn put(body: &mut Value, place: &str, text: &str) {
    let mut here = body;
    for name in pointer::steps(place) {
        let index = name.parse::<usize>().ok().filter(|it| here.get(*it).is_some());
        if index.is_none() && !here.is_object() {
            *here = Value::Object(Map::new());
        }
        here = match (here, index) {
            (Value::Object(fields), _) => fields.entry(name).or_insert(Value::Null),
            (Value::Array(items), Some(index)) => match items.get_mut(index) {
                Some(item) => item,
                None => return,
            },
            _ => return,
        };
    }
    *here = match text.parse::<u64>() {
        Ok(number) if here.is_number() => number.into(),
        _ => text.into(),
    };
}

/// The fields of an object as a form.
fn form(content: &Value) -> String {
    let pair = |(name, value): (&String, &Value)| {
        let encoded = specwright_codegen::serialize::percent_encoded;
        format!("{}={}", encoded(name), encoded(&text(value)))
    };
    content.as_object().into_iter().flatten().map(pair).collect::<Vec<_>>().join("&")
}

/// A value as it is signed.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The signature as it is written.
fn signature(webhook: &Webhook, secret: &str, of: Signable<'_>, content: Option<&Value>) -> Result<String, String> {
    let timestamp = of.timestamp;
    if webhook.algorithm == ED25519 {
        let text: Vec<u8> = parts(webhook, of, content).concat();
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
        "hmac-sha1" => code::<Hmac<Sha1>>(&key, parts(webhook, of, content))?,
        "hmac-sha512" => code::<Hmac<Sha512>>(&key, parts(webhook, of, content))?,
        _ => code::<Hmac<Sha256>>(&key, parts(webhook, of, content))?,
    };
    Ok(written(webhook, timestamp, &code))
}

fn code<M: Mac + KeyInit>(key: &[u8], parts: Vec<Vec<u8>>) -> Result<Vec<u8>, String> {
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|error| error.to_string())?;
    parts.iter().for_each(|it| mac.update(it));
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
fn parts(webhook: &Webhook, of: Signable<'_>, content: Option<&Value>) -> Vec<Vec<u8>> {
    let piece = |piece: &str| match piece {
        "{id}" => of.id.as_bytes().to_vec(),
        "{timestamp}" => of.timestamp.as_bytes().to_vec(),
        "{url}" => of.url.as_bytes().to_vec(),
        "{body}" => of.body.to_vec(),
        "{fields}" => {
            let mut all: Vec<_> = content.and_then(Value::as_object).into_iter().flatten().collect();
            all.sort_by_key(|it| it.0);
            all.into_iter().map(|(name, value)| format!("{name}{}", text(value))).collect::<String>().into_bytes()
        }
        place if place.starts_with("{/") => {
            let place = place.trim_start_matches('{').trim_end_matches('}');
            content.and_then(|it| it.pointer(place)).map(text).unwrap_or_default().into_bytes()
        }
        text => text.as_bytes().to_vec(),
    };
    pieces(&webhook.signed).map(piece).collect()
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

    /// Made by `hmac` of Python's standard library, as in the tests of the runtime.
    const OF_FORM: &str = "LYL0d9cCKOUFg9D2b5oVbqYhhRI%3D";

    #[test]
    fn forms_are_signed_by_their_fields() {
        let webhook = Webhook {
            id: None,
            timestamp: None,
            signature: MessagePlace::Body("/Seal".to_owned()),
            algorithm: "hmac-sha1".to_owned(),
            signed: "{url}{fields}".to_owned(),
            secret_encoding: "text".to_owned(),
            secret_prefix: String::new(),
            signature_encoding: "base64".to_owned(),
            signature_prefix: String::new(),
            separator: ",".to_owned(),
            timestamp_prefix: None,
            events: None,
            env: String::new(),
            retries: None,
            doc: String::new(),
            span: specwright_codegen::source::Span::new(specwright_codegen::source::FileId(0), 0, 0),
        };
        let body = br#"{"To":"+49 30","Body":"Tea & cake","Empty":null}"#;
        let of = Signable { id: "", timestamp: "", url: "https://tea.example/hook?a=1", body };
        let signed = signed(&webhook, "opensesame", of).expect("a secret");
        let expected = format!("To=%2B49%2030&Body=Tea%20%26%20cake&Empty=&Seal={OF_FORM}");
        assert_eq!((String::from_utf8(signed.body).expect("a text"), signed.headers), (expected, Vec::new()));
    }

    #[test]
    fn templates_are_cut_at_placeholders() {
        let cut = |text| pieces(text).filter(|it| !it.is_empty()).collect::<Vec<_>>();
        assert_eq!(cut("{id}.{timestamp}.{body}"), ["{id}", ".", "{timestamp}", ".", "{body}"]);
        assert_eq!(cut("v0:{body}!"), ["v0:", "{body}", "!"]);
    }
}
