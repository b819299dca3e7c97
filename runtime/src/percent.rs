//! Percent-encoding: what URLs and forms say of bytes that they cannot hold.

/// Adds a text, percent-encoded but for some characters.
pub(crate) fn keep(out: &mut String, text: &str, kept: &[char]) {
    for character in text.chars() {
        if kept.contains(&character) {
            out.push(character);
        } else {
            percent_encode(out, character.encode_utf8(&mut [0; 4]));
        }
    }
}

/// The bytes of percent-encoded text. A `%` without two digits stands for itself.
pub(crate) fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) if byte == b'%' => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Everything but RFC 3986's unreserved characters is encoded.
pub(crate) fn percent_encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' | b'.' => out.push(byte as char),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
}
