//! Reading what a server sends as JSON or text: the one way for answers, errors, states of tasks, callbacks and events.
//!
//! A mark of the byte order in front is skipped. Where the text cannot be read as it is, what cannot be text is replaced
//! by `U+FFFD` and the rest is read: halves of surrogate pairs that stand alone (`\ud83d`), and bytes that are no UTF-8.
//! Control characters that should have been escaped are taken as they are. All else that is no JSON is an error.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// Why it is no JSON.
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
            Self::Utf16 => f.write_str("it is UTF-16, and has to be UTF-8"),
            Self::Binary => f.write_str("it has bytes of the value 0"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads JSON that a server sent.
///
/// # Errors
/// It is none, whatever is done about what cannot be text.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    let bytes = without_mark(bytes)?;
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
    let bytes = without_mark(bytes)?;
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

/// Reads text that a server sent, with `U+FFFD` for bytes that are no UTF-8.
///
/// # Errors
/// It is UTF-16, or holds bytes that no text has.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let bytes = without_mark(bytes)?;
    if bytes.contains(&0) { Err(ReadError::Binary) } else { Ok(String::from_utf8_lossy(bytes)) }
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

fn without_mark(bytes: &[u8]) -> Result<&[u8], ReadError> {
    match bytes {
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => Err(ReadError::Utf16),
        [0xef, 0xbb, 0xbf, rest @ ..] => Ok(rest),
        _ => Ok(bytes),
    }
}

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

/// The unit of UTF-16 that is escaped there.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text.get(at..at + 6)? else { return None };
    digits.iter().try_fold(0, |all, it| Some(all << 4 | char::from(*it).to_digit(16)? as u16))
}
