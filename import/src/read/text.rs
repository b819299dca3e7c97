//! The bytes of a file as text.

/// The text of a file: UTF-8, or UTF-16 as some programs write it. An error is the place of the first byte that is neither.
///
/// # Errors
///
/// Where the bytes are no text.
pub fn decode(bytes: Vec<u8>) -> Result<String, usize> {
    let order: Option<fn([u8; 2]) -> u16> = match bytes.as_slice() {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        // `{` or a letter, without a mark of the order.
        [first, 0, _, 0, ..] if first.is_ascii() => Some(u16::from_le_bytes),
        [0, first, 0, _, ..] if first.is_ascii() => Some(u16::from_be_bytes),
        _ => None,
    };
    let Some(order) = order else {
        return String::from_utf8(bytes).map_err(|error| error.utf8_error().valid_up_to());
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for (at, found) in char::decode_utf16(pairs.iter().map(|it| order(*it))).enumerate() {
        text.push(found.map_err(|_| 2 * at)?);
    }
    if rest.is_empty() { Ok(text) } else { Err(bytes.len() - 1) }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn utf_16_is_read() {
        let text = "openapi: 3.1.0 # \u{1f375}";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(le.iter().copied()).collect();
        assert_eq!(decode(text.as_bytes().to_vec()).as_deref(), Ok(text));
        assert_eq!(decode(le.clone()).as_deref(), Ok(text));
        assert_eq!(decode(be).as_deref(), Ok(text));
        assert_eq!(decode(marked), Ok(format!("\u{feff}{text}")));
        assert_eq!(decode(le[..5].to_vec()), Err(4));
        assert_eq!(decode(b"caf\xe9".to_vec()), Err(3));
    }
}
