//! Reading what a server sends as JSON or text: the one way for answers, errors, states of tasks, callbacks and events.
//!
//! Marks of the byte order around it are skipped. Where the text cannot be read as it is, what cannot be text is replaced
//! by `U+FFFD` and the rest is read: halves of surrogate pairs that stand alone (`\ud83d`), and bytes that are no UTF-8.
//! Control characters that should have been escaped are taken as they are. Numbers that JSON lacks (`NaN`, `Infinity`,
//! `-Infinity`), which some libraries write, and numbers that are too large for a double (`1e400`) are read as `null`. All
//! else that is no JSON is an error.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// Why it is not JSON.
#[derive(Debug)]
pub(crate) enum ReadError {
    Json(serde_json::Error),
    Utf16,
    Binary,
}

impl ReadError {
    /// Whether the text ends too early.
    pub(crate) fn is_cut(&self) -> bool {
        matches!(self, Self::Json(error) if error.is_eof())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::Utf16 => f.write_str("it is UTF-16, but must be UTF-8"),
            Self::Binary => f.write_str("it has many zero bytes"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads JSON that a server sent.
///
/// # Errors
/// It is none, whatever is done about what cannot be text.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    let bytes = without_marks(bytes)?;
    serde_json::from_slice(bytes)
        .or_else(|error| match repaired(bytes, &mut |_| char::REPLACEMENT_CHARACTER) {
            Some(text) => serde_json::from_slice(&text),
            None => Err(error),
        })
        .map_err(ReadError::Json)
}

/// As [`read`], with a twin where halves of pairs stand alone: the same value, in which each half is another character,
/// so that [`half`] can tell which one it was.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_with_halves(bytes: &[u8]) -> Result<(Value, Option<Value>), ReadError> {
    let bytes = without_marks(bytes)?;
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok((value, None)),
        Err(error) => error,
    };
    let mut any = false;
    let mut replaced = |_| {
        any = true;
        char::REPLACEMENT_CHARACTER
    };
    let Some(text) = repaired(bytes, &mut replaced) else { return Err(ReadError::Json(error)) };
    let value = serde_json::from_slice(&text).map_err(ReadError::Json)?;
    let twin = if any { repaired(bytes, &mut stand_in) } else { None };
    Ok((value, twin.and_then(|it| serde_json::from_slice(&it).ok())))
}

/// Reads text that a server sent, with `U+FFFD` for bytes that are no UTF-8. A byte of the value 0 here and there is a
/// character like any other.
///
/// # Errors
/// It is UTF-16, or holds as many zero bytes as no text has.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let bytes = without_mark(bytes)?;
    let zeros = bytes.iter().filter(|it| **it == 0).count();
    if zeros > bytes.len() / 8 { Err(ReadError::Binary) } else { Ok(String::from_utf8_lossy(bytes)) }
}

const SURROGATES: u32 = 0xd800;
/// The first of as many characters as there are surrogates. A text may have them as well: only where the value itself has
/// `U+FFFD` do they stand for a half.
const STAND_INS: u32 = 0xf_0000;

fn stand_in(half: u16) -> char {
    char::from_u32(STAND_INS + u32::from(half) - SURROGATES).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The half of a pair that a character of a value stands for, by the character of the twin at the same place.
pub(crate) fn half(shown: Option<char>, twin: Option<char>) -> Option<u16> {
    let code = u32::from(twin?).checked_sub(STAND_INS)? + SURROGATES;
    u16::try_from(code).ok().filter(|it| shown == Some(char::REPLACEMENT_CHARACTER) && matches!(it, 0xd800..=0xdfff))
}

/// The mark of the byte order in UTF-8.
pub(crate) const MARK: &str = "\u{feff}";

/// Without the mark in front. Servers that join pieces of text send several, and after white space.
fn without_mark(bytes: &[u8]) -> Result<&[u8], ReadError> {
    if let [0xfe, 0xff, ..] | [0xff, 0xfe, ..] = bytes {
        return Err(ReadError::Utf16);
    }
    let mut rest = bytes;
    while let Some(after) = rest.trim_ascii_start().strip_prefix(MARK.as_bytes()) {
        rest = after;
    }
    Ok(rest)
}

/// As [`without_mark`], and without marks behind it.
fn without_marks(bytes: &[u8]) -> Result<&[u8], ReadError> {
    let mut rest = without_mark(bytes)?;
    while let Some(before) = rest.trim_ascii_end().strip_suffix(MARK.as_bytes()) {
        rest = before;
    }
    Ok(rest)
}

/// Numbers that JSON lacks.
const NO_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The text with other characters for what cannot be text; `None` when there is nothing of the kind.
fn repaired(bytes: &[u8], replace: &mut dyn FnMut(u16) -> char) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let mut changed = matches!(text, Cow::Owned(_));
    let text = text.as_bytes();
    let mut out = Vec::new();
    let (mut from, mut at, mut quoted) = (0, 0, false);
    while let Some(&byte) = text.get(at) {
        let (length, instead) = match byte {
            b'"' => {
                quoted = !quoted;
                (1, None)
            }
            b'\\' if quoted => match (unit(text, at), unit(text, at + 6)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, None),
                (Some(half @ 0xd800..=0xdfff), _) => (6, Some(replace(half).to_string())),
                (Some(_), _) => (6, None),
                // Of any other escape the next byte belongs to it, a quote or a backslash above all.
                (None, _) => (2, None),
            },
            ..0x20 if quoted => (1, Some(format!("\\u{byte:04x}"))),
            b'N' | b'I' | b'-' | b'0'..=b'9' if !quoted => {
                match NO_NUMBERS.iter().find(|it| text[at..].starts_with(it.as_bytes())) {
                    Some(word) => (word.len(), Some("null".to_owned())),
                    None => {
                        let number = number_at(&text[at..]);
                        let is_too_large = number.parse::<f64>().is_ok_and(f64::is_infinite);
                        (number.len().max(1), is_too_large.then(|| "null".to_owned()))
                    }
                }
            }
            _ => (1, None),
        };
        if let Some(instead) = instead {
            out.extend_from_slice(&text[from..at]);
            out.extend_from_slice(instead.as_bytes());
            from = at + length;
            changed = true;
        }
        at += length;
    }
    out.extend_from_slice(&text[from..]);
    changed.then_some(out)
}

/// The characters that the text begins with and that a number may have.
fn number_at(text: &[u8]) -> &str {
    let end = text.iter().position(|it| !matches!(it, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    str::from_utf8(&text[..end.unwrap_or(text.len())]).unwrap_or_default()
}

/// The unit of UTF-16 that is escaped there.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text.get(at..at + 6)? else { return None };
    digits.iter().try_fold(0, |all, it| Some(all << 4 | char::from(*it).to_digit(16)? as u16))
}
