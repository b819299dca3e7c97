//! Lengths of text as the vendors count them, and shortened text for messages.

use serde_json::Value;

use crate::model::LengthUnit;
use crate::prose::shortened;

/// Characters shown of what was found.
const SHOWN: usize = 40;

/// The length in Unicode scalar values, weighted.
pub(crate) fn length(text: &str, unit: LengthUnit) -> u64 {
    let count: usize = match unit {
        LengthUnit::Plain => text.chars().count(),
        LengthUnit::HanDouble => text.chars().map(|it| if is_han(it) { 2 } else { 1 }).sum(),
    };
    count as u64
}

/// Whether a character is of the script Han, by the blocks and single characters Unicode gives to it.
///
/// Whole blocks of ideographs are taken, so that code points assigned later count the same.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(
        u32::from(character),
        0x2E80..=0x2E99
            | 0x2E9B..=0x2EF3
            | 0x2F00..=0x2FD5
            | 0x3005
            | 0x3007
            | 0x3021..=0x3029
            | 0x3038..=0x303B
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF
            | 0x16FE2..=0x16FE3
            | 0x16FF0..=0x16FF6
            | 0x20000..=0x323AF
            | 0x323B0..=0x3347F
    )
}

/// A value for a message: a scalar shortened, of anything else its size.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", shortened(text, SHOWN)),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(fields) => format!("an object of {}", fields.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) => shortened(&value.to_string(), SHOWN),
    }
}

/// Adds `/segment` to a JSON pointer, escaped as RFC 6901 says.
pub(crate) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    let bytes = segment.as_bytes();
    if !bytes.contains(&b'~') && !bytes.contains(&b'/') {
        return pointer.push_str(segment);
    }
    for character in segment.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_scalar_values() {
        assert_eq!(length("né👍", LengthUnit::Plain), 3);
        assert_eq!(length("e\u{301}", LengthUnit::Plain), 2);
        assert_eq!(length("汉字ab", LengthUnit::HanDouble), 6);
        assert_eq!(length("かなカナ한글。", LengthUnit::HanDouble), 7);
        assert_eq!(length("\u{20000}〇々", LengthUnit::HanDouble), 6);
    }

    #[test]
    fn pointers_are_escaped() {
        let mut pointer = String::new();
        push_segment(&mut pointer, "a/b~c");
        push_segment(&mut pointer, "");
        assert_eq!(pointer, "/a~1b~0c/");
    }
}
