//! Reads JSON, XML or text from a server. Responses, errors, task states, callbacks and events are all read here.
//!
//! Byte order marks around it are skipped. Lone halves of surrogate pairs (`\ud83d`) and bytes that are not UTF-8 are
//! replaced with `U+FFFD`, and the rest is read. Control characters that should have been escaped are accepted. Numbers
//! that JSON does not have (`NaN`, `Infinity`, `-Infinity`), which some libraries write, and numbers that are too large for
//! a double (`1e400`) are read as `null`. Anything else that is not JSON is an error.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use serde_json::Value;

use crate::Operation;
use crate::json::{JsonError, parse_leniently};
#[cfg(feature = "xml")]
use crate::xml::Element;

pub(crate) const UTF_16: &str = "it is UTF-16, but must be UTF-8";
pub(crate) const BINARY: &str = "it has many zero bytes";

/// Why it is not JSON.
#[derive(Debug)]
pub(crate) enum ReadError {
    Json(JsonError),
    Utf16,
    Binary,
    #[cfg(feature = "xml")]
    Xml(crate::xml::XmlError),
}

impl ReadError {
    /// Whether the text ends too early.
    pub(crate) fn is_cut(&self) -> bool {
        match self {
            Self::Json(error) => error.is_cut,
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
            Self::Utf16 => f.write_str(UTF_16),
            Self::Binary => f.write_str(BINARY),
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
    parse_leniently(bytes, &mut |_| char::REPLACEMENT_CHARACTER).map_err(ReadError::Json)
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
    let mut any = false;
    let mut replaced = |_| {
        any = true;
        char::REPLACEMENT_CHARACTER
    };
    let value = parse_leniently(bytes, &mut replaced).map_err(ReadError::Json)?;
    let twin = if any { parse_leniently(bytes, &mut stand_in).ok() } else { None };
    Ok((value, twin))
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
