//! Signs callbacks in the API's form: HMAC-SHA256 over a text that consists of id, time and body.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use specwright_codegen::model::Webhook;

/// The default secret, as base64. An API's own prefix comes before it.
pub(crate) const DEFAULT_SECRET: &str = "c3BlY3dyaWdodC1jb250cmFjdC1zZXJ2ZXI=";

/// With padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The value of the signature header. The error says what is wrong with the secret.
pub(crate) fn signature(
    webhook: &Webhook,
    secret: &str,
    id: &str,
    timestamp: &str,
    body: &[u8],
) -> Result<String, String> {
    if webhook.algorithm != "hmac-sha256" {
        return Err(format!("callbacks are not signed with {}: the API alone has the private key", webhook.algorithm));
    }
    let secret = secret.strip_prefix(&webhook.secret_prefix).unwrap_or(secret);
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
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| error.to_string())?;
    // The text is built from pieces, so that a body that contains `{id}` is not changed.
    for piece in pieces(&webhook.signed) {
        let bytes = match piece {
            "{id}" => id.as_bytes(),
            "{timestamp}" => timestamp.as_bytes(),
            "{body}" => body,
            text => text.as_bytes(),
        };
        mac.update(bytes);
    }
    let bytes = mac.finalize().into_bytes();
    let written: String = if webhook.signature_encoding == "hex" {
        bytes.iter().map(|it| format!("{it:02x}")).collect()
    } else {
        STANDARD.encode(bytes)
    };
    let time = webhook.timestamp_prefix.as_ref().map(|it| format!("{it}{timestamp}{}", webhook.separator));
    Ok(format!("{}{}{written}", time.unwrap_or_default(), webhook.signature_prefix))
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
