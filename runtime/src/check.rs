//! The checks of validators. None of them allocates, except [`is_empty`] and [`unique_values`], which are for values of
//! several kinds, [`is_date`] and [`is_time`], and [`unique`] for long lists.

pub use crate::formats::{
    is_date, is_date_time, is_decimal, is_duration, is_email, is_hostname, is_ipv4, is_ipv6, is_time, is_uri, is_uuid,
    order_of_times,
};
pub use crate::number::{Number, multiple_of};
pub use crate::pattern::pattern;
pub use crate::unique::{unique, unique_values};
pub use crate::validate::{longer, shorter};

/// A whole number of 32 bits with a sign.
#[must_use]
pub fn is_int32(number: i64) -> bool {
    i32::try_from(number).is_ok()
}

/// A whole number of 32 bits without a sign.
#[must_use]
pub fn is_uint32(number: i64) -> bool {
    u32::try_from(number).is_ok()
}

/// Length in characters.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// The length in characters. A Han character counts as 2.
#[must_use]
pub fn han_length(text: &str) -> usize {
    text.chars().map(|it| 1 + usize::from(is_han(it))).sum()
}

/// Whether there are more than `most` characters. A Han character counts as 2.
#[must_use]
pub fn han_longer(text: &str, most: usize) -> bool {
    // A character has at least as many bytes as it counts, so a text with few bytes never has too many characters.
    text.len() > most && (text.len() > most.saturating_mul(4) || han_length(text) > most)
}

/// Whether there are fewer than `least` characters. A Han character counts as 2.
#[must_use]
pub fn han_shorter(text: &str, least: usize) -> bool {
    text.len() < least || (text.len() < least.saturating_mul(4) && han_length(text) < least)
}

/// Whether a character belongs to Unicode's script Han: ideographs, radicals, and a few signs. Whole blocks of
/// ideographs are included, so that characters assigned later count the same.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(
        character,
        '\u{2e80}'..='\u{2e99}' | '\u{2e9b}'..='\u{2ef3}' | '\u{2f00}'..='\u{2fd5}' | '\u{3005}' | '\u{3007}'
        | '\u{3021}'..='\u{3029}' | '\u{3038}'..='\u{303b}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{16fe2}'..='\u{16fe3}' | '\u{16ff0}'..='\u{16ff6}' | '\u{20000}'..='\u{3347f}'
    )
}

/// An absolute URL of `http` or `https`: a host, perhaps a port, and neither white space nor control characters.
///
/// It checks no more than that: the server decides about unusual URLs.
#[must_use]
pub fn is_url(text: &str) -> bool {
    after(text, "https://").or_else(|| after(text, "http://")).is_some_and(is_rest_of_url)
}

/// As [`is_url`], but only `https`.
#[must_use]
pub fn is_https_url(text: &str) -> bool {
    after(text, "https://").is_some_and(is_rest_of_url)
}

/// The text after a prefix, ignoring the prefix's case.
fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    if let Some(rest) = text.strip_prefix(prefix) {
        return Some(rest);
    }
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn is_rest_of_url(rest: &str) -> bool {
    // Nearly all hosts are plain. All relevant characters are ASCII, and no byte of another character looks like one.
    let plain = rest.bytes().take_while(|it| is_plain_in_host(*it)).count();
    let ends_host = |it: u8| matches!(it, b'/' | b'?' | b'#' | b'\\');
    if plain > 0 && rest.as_bytes().get(plain).is_none_or(|it| ends_host(*it)) {
        return rest.get(plain..).is_some_and(is_clean);
    }
    let end = rest.bytes().position(ends_host).unwrap_or(rest.len());
    rest.get(..end).is_some_and(is_host) && is_clean(rest)
}

/// Whether a byte is one of the characters of nearly all hosts: letters, then digits, `.` and `-` in as few steps.
fn is_plain_in_host(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'-'..=b'9') && byte != b'/'
}

/// Neither white space nor control characters.
fn is_clean(text: &str) -> bool {
    crate::byte_scan::all_visible(text.as_bytes()) || !text.chars().any(|it| it.is_control() || it.is_whitespace())
}

fn is_host(host: &str) -> bool {
    let host = host.rsplit_once('@').map_or(host, |it| it.1);
    let (name, port) = match host.strip_prefix('[') {
        // An IPv6 address contains colons itself.
        Some(inner) => match inner.split_once(']') {
            Some((name, "")) => (name, None),
            Some((name, port)) => match port.strip_prefix(':') {
                Some(port) => (name, Some(port)),
                None => return false,
            },
            None => return false,
        },
        None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
    };
    let port_fits = port.is_none_or(|it| it.len() <= 5 && it.bytes().all(|it| it.is_ascii_digit()));
    !name.is_empty() && port_fits
}

/// Base64 of either alphabet, padded or not, with an optional prefix `data:…;base64,`.
#[must_use]
pub fn is_base64(text: &str) -> bool {
    let data = match after(text, "data:") {
        None => text,
        Some(rest) => match rest.split_once(',') {
            Some((kind, data)) if kind.len() >= 7 && kind.is_char_boundary(kind.len() - 7) => {
                if !kind[kind.len() - 7..].eq_ignore_ascii_case(";base64") {
                    return false;
                }
                data
            }
            _ => return false,
        },
    };
    let (mut symbols, mut padding) = (0_usize, 0_usize);
    for byte in data.bytes() {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'-' | b'_' if padding == 0 => symbols += 1,
            _ => return false,
        }
    }
    match padding {
        0 => symbols % 4 != 1,
        1 | 2 => (symbols + padding).is_multiple_of(4),
        _ => false,
    }
}

/// Whether a value of any kind is `""`, `[]` or `{}`.
#[must_use]
pub fn is_empty(value: &impl crate::Encode) -> bool {
    matches!(crate::to_json(value).as_slice(), b"\"\"" | b"[]" | b"{}")
}

/// Whether a value of any kind is one of these.
#[must_use]
pub fn is_one_of(value: &crate::Value, texts: &[&str], integers: &[i128], numbers: &[f64], booleans: &[bool]) -> bool {
    match value {
        crate::Value::String(text) => texts.contains(&text.as_str()),
        crate::Value::Number(_) => Number::of(value)
            .is_some_and(|it| integers.iter().any(|other| it == *other) || numbers.iter().any(|other| it == *other)),
        crate::Value::Bool(value) => booleans.contains(value),
        crate::Value::Null | crate::Value::Array(_) | crate::Value::Object(_) => false,
    }
}

/// The items of a list or the values of an object, each with its index or key; none of any other value.
pub fn entries(value: &crate::Value) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, &crate::Value)> {
    let items = value.as_array().into_iter().flatten().enumerate().map(|(index, it)| (index.to_string().into(), it));
    let fields = value.as_object().into_iter().flatten().map(|(key, it)| (key.as_str().into(), it));
    items.chain(fields)
}

/// What a value of any kind adds to a sum: the number of items for a list, 0 for null, and 1 for anything else.
#[must_use]
pub fn items(value: &crate::Value) -> usize {
    match value {
        crate::Value::Null => 0,
        crate::Value::Array(items) => items.len(),
        _ => 1,
    }
}
