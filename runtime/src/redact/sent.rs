//! Secrets in headers and query parameters that the caller sets and the spec does not declare.

use http::HeaderMap;
use secrecy::SecretSlice;

use super::canonical::base64_value;
use crate::byte_scan::{contains_ignore_case, equal_ignore_case};
use crate::percent::percent_decoded;

/// A shorter word in such a place is more likely a setting than a secret.
const SHORTEST: usize = 8;

/// Whether the name suggests that the value is a secret.
fn names_a_secret(name: &str) -> bool {
    const WORDS: &str = "auth key token secret cookie passw credential session signature";
    // A key that only distinguishes requests gives no access.
    WORDS.split(' ').any(|it| contains_ignore_case(name, it)) && !contains_ignore_case(name, "idempotency")
}

/// Adds the secrets in a header: the words of its value without the scheme, only the value of `name=value`, and also the
/// password of `Basic`.
#[expect(clippy::manual_pattern_char_comparison, reason = "an array is searched by more code")]
pub(crate) fn in_header(name: &str, value: &[u8], to: &mut Vec<SecretSlice<u8>>) {
    let Ok(value) = std::str::from_utf8(value) else { return };
    if !names_a_secret(name) {
        return;
    }
    let (scheme, rest) = match value.trim().split_once(' ') {
        Some((scheme, rest)) if scheme.bytes().all(|it| it.is_ascii_alphabetic() || it == b'-') => (scheme, rest),
        _ => ("", value),
    };
    for word in rest.split(|it| matches!(it, ' ' | ';' | ',')) {
        let (_, inner) = word.split_once('=').unwrap_or_default();
        // A cookie is always `name=value`; elsewhere the `=` may be part of the secret.
        let whole = if contains_ignore_case(name, "cookie") { "" } else { word };
        for text in [whole, inner] {
            let text = text.trim_matches(|it| matches!(it, '"' | '=' | ' '));
            if text.len() >= SHORTEST {
                to.push(text.as_bytes().to_vec().into());
            }
        }
    }
    if equal_ignore_case(scheme, "basic")
        && let Some(plain) = from_base64(rest.trim())
        && let Some(colon) = plain.iter().position(|it| *it == b':')
    {
        to.push(plain.get(colon + 1..).unwrap_or_default().to_vec().into());
    }
}

/// Adds the secrets in all headers of a map.
pub(crate) fn in_headers(headers: &HeaderMap, to: &mut Vec<SecretSlice<u8>>) {
    headers.iter().for_each(|(name, value)| in_header(name.as_str(), value.as_bytes(), to));
}

/// Adds the secrets in a query.
pub(crate) fn in_query(query: &str, to: &mut Vec<SecretSlice<u8>>) {
    for (_, value) in query.split('&').filter_map(|it| it.split_once('=')).filter(|it| names_a_secret(it.0)) {
        let value = percent_decoded(value.as_bytes());
        if value.len() >= SHORTEST {
            to.push(value.into());
        }
    }
}

/// The bytes of base64 text in either alphabet.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        bits = bits << 6 | u32::from(base64_value(byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    Some(out)
}
