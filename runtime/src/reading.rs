//! Reads JSON, XML or text from a server. Responses, errors, task states, callbacks and events are all read here.
//!
//! Byte order marks around it are skipped. If the text cannot be read unchanged, lone halves of surrogate pairs
//! (`\ud83d`) and bytes that are not UTF-8 are replaced with `U+FFFD`, and the rest is read. Control characters that
//! should have been escaped are accepted. Numbers that JSON does not have (`NaN`, `Infinity`, `-Infinity`), which some
//! libraries write, and numbers that are too large for a double (`1e400`) are read as `null`. Anything else that is not
//! JSON is an error.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use serde_json::Value;

use crate::Operation;
#[cfg(feature = "xml")]
use crate::xml::Element;

/// Why it is not JSON.
#[derive(Debug)]
pub(crate) enum ReadError {
    Json(serde_json::Error),
    Utf16,
    Binary,
    #[cfg(feature = "xml")]
    Xml(crate::xml::XmlError),
}

impl ReadError {
    /// Whether the text ends too early.
    pub(crate) fn is_cut(&self) -> bool {
        match self {
            Self::Json(error) => error.is_eof(),
            #[cfg(feature = "xml")]
            Self::Xml(error) => matches!(error, crate::xml::XmlError::Cut),
            Self::Utf16 | Self::Binary => false,
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::Utf16 => f.write_str("it is UTF-16, but must be UTF-8"),
            Self::Binary => f.write_str("it has many zero bytes"),
            #[cfg(feature = "xml")]
            Self::Xml(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads JSON that a server sent.
///
/// # Errors
/// Fails if it is not JSON even after replacing everything that cannot be text.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    let bytes = without_marks(bytes)?;
    serde_json::from_slice(bytes)
        .or_else(|error| match repaired(bytes, &mut |_| char::REPLACEMENT_CHARACTER) {
            Some(text) => serde_json::from_slice(&text),
            None => Err(error),
        })
        .map_err(ReadError::Json)
}

/// Reads the body of a response as JSON: what is XML becomes the JSON that the operation has for it.
///
/// # Errors
/// As [`read`], and if XML cannot be read.
pub(crate) fn answer(operation: &Operation, status: StatusCode, bytes: &[u8]) -> Result<Value, ReadError> {
    #[cfg(feature = "xml")]
    if without_mark(bytes)?.trim_ascii_start().starts_with(b"<")
        && let Some(element) = xml_element(operation, status.as_u16())
    {
        return crate::xml::read(&text(bytes)?, element).map_err(ReadError::Xml);
    }
    let _ = (operation, status);
    read(bytes)
}

/// The element of a status.
#[cfg(feature = "xml")]
fn of_status(all: &[(u16, &'static Element)], status: u16) -> Option<&'static Element> {
    let own = all.iter().find(|it| it.0 == status);
    own.or_else(|| all.iter().find(|it| it.0 == 0)).map(|it| it.1)
}

/// The element of an answer with this status, if the operation has answers in XML or errors in it.
#[cfg(feature = "xml")]
fn xml_element(operation: &Operation, status: u16) -> Option<&'static Element> {
    let xml = operation.xml;
    let is_success = (200..300).contains(&status) || operation.other_answers.contains(&status);
    if is_success && let Some(own) = xml.and_then(|it| of_status(it.answers, status)) {
        return Some(own);
    }
    let own = xml.and_then(|it| of_status(it.errors, status));
    own.or_else(|| of_status(operation.api.xml_errors, status))
}

/// Whether an answer of the operation may be XML.
pub(crate) fn expects_xml(operation: &Operation) -> bool {
    operation.xml.is_some_and(|it| !it.answers.is_empty())
}

/// As [`read`], but also returns a twin if there are lone halves of surrogate pairs: the same value, in which each half
/// is a distinct character, so that [`half`] can identify it.
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

/// Reads text that a server sent, with `U+FFFD` for bytes that are not UTF-8. Occasional zero bytes are treated like any
/// other character.
///
/// # Errors
/// Fails if it is UTF-16, or has more zero bytes than any text.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let bytes = without_mark(bytes)?;
    let zeros = bytes.iter().filter(|it| **it == 0).count();
    if zeros > bytes.len() / 8 { Err(ReadError::Binary) } else { Ok(String::from_utf8_lossy(bytes)) }
}

const SURROGATES: u32 = 0xd800;
/// The first of the characters that represent surrogates, one for each. A text may contain these characters itself: they
/// represent a half only where the value has `U+FFFD`.
const STAND_INS: u32 = 0xf_0000;

fn stand_in(half: u16) -> char {
    char::from_u32(STAND_INS + u32::from(half) - SURROGATES).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The half of a pair that a character of a value represents, according to the twin's character at the same position.
pub(crate) fn half(shown: Option<char>, twin: Option<char>) -> Option<u16> {
    let code = u32::from(twin?).checked_sub(STAND_INS)? + SURROGATES;
    u16::try_from(code).ok().filter(|it| shown == Some(char::REPLACEMENT_CHARACTER) && matches!(it, 0xd800..=0xdfff))
}

/// The byte order mark in UTF-8.
pub(crate) const MARK: &str = "\u{feff}";

/// Removes the marks at the start. Servers that join pieces of text send several of them, also after white space.
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

/// As [`without_mark`], and also removes marks at the end.
fn without_marks(bytes: &[u8]) -> Result<&[u8], ReadError> {
    let mut rest = without_mark(bytes)?;
    while let Some(before) = rest.trim_ascii_end().strip_suffix(MARK.as_bytes()) {
        rest = before;
    }
    Ok(rest)
}

/// Numbers that JSON does not have.
const NO_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The text with everything replaced that cannot be text. `None` if there is nothing to replace.
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
                // The next byte belongs to any other escape; this matters for a quote or a backslash.
                (None, _) => (2, None),
            },
            ..0x20 if quoted => (1, Some(format!("\\u{byte:04x}"))),
            b'N' | b'I' | b'-' | b'0'..=b'9' if !quoted => {
                match NO_NUMBERS.iter().find(|it| text[at..].starts_with(it.as_bytes())) {
                    Some(word) => (word.len(), Some("null".to_owned())),
                    None => {
                        let number = number_at(&text[at..]);
                        // As serde_json says it, because the standard library's own reader would add large tables.
                        let read = serde_json::from_slice::<Value>(number.as_bytes());
                        let is_too_large = read.is_err_and(|it| it.to_string().starts_with("number out of range"));
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

/// The characters at the start of the text that may be part of a number.
fn number_at(text: &[u8]) -> &str {
    let end = text.iter().position(|it| !matches!(it, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    str::from_utf8(&text[..end.unwrap_or(text.len())]).unwrap_or_default()
}

/// The UTF-16 unit that is escaped there.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text.get(at..at + 6)? else { return None };
    digits.iter().try_fold(0, |all, it| Some(all << 4 | char::from(*it).to_digit(16)? as u16))
}
