//! Functions on parsed JSON values.

use serde_json::{Map, Value};

use crate::byte_scan::find;
use crate::number::{Number, text_of_number};

/// Fields that the spec does not know, as they were received or will be sent.
pub type Extra = serde_json::Map<String, Value>;

/// As `clone`, whose code for copying objects would be ten times as large. This one inserts fields one by one, with code
/// that reading a response already uses.
pub(crate) fn copy_of(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(value) => Value::Bool(*value),
        Value::Number(number) => Value::Number(number.clone()),
        Value::String(text) => Value::String(text.clone()),
        Value::Array(items) => {
            let mut copy = Vec::with_capacity(items.len());
            for item in items {
                copy.push(copy_of(item));
            }
            Value::Array(copy)
        }
        Value::Object(fields) => {
            let mut copy = Map::new();
            for (name, value) in fields {
                copy.insert(name.clone(), copy_of(value));
            }
            Value::Object(copy)
        }
    }
}

/// The value at a JSON pointer. serde_json's own method would add a text searcher, only for `~`.
pub(crate) fn at<'a>(mut value: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut rest = pointer;
    while let Some(after) = rest.strip_prefix('/') {
        let end = find(after.as_bytes(), b"/").unwrap_or(after.len());
        let (part, next) = after.split_at_checked(end)?;
        value = match value {
            Value::Object(fields) if find(part.as_bytes(), b"~").is_some() => {
                fields.iter().find(|(name, _)| is_segment(name, part))?.1
            }
            Value::Object(fields) => fields.get(part)?,
            Value::Array(items) => items.get(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
        rest = next;
    }
    rest.is_empty().then_some(value)
}

fn is_segment(name: &str, part: &str) -> bool {
    let mut escaped = String::new();
    push_segment(&mut escaped, name);
    escaped.strip_prefix('/') == Some(part)
}

/// A whole number of 64 bits, also if it is written `5.0` or `1.7e18`.
#[must_use]
pub fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| Number::of(value)?.integer())
}

/// A whole number of 64 bits without a sign, also if it is written `5.0` or `1.7e18`.
#[must_use]
pub(super) fn unsigned(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| Number::of(value)?.unsigned())
}

/// A number as text of the server, such as an id: `7.0` is `7`. `None` if it has more than 64 bits, so that digits are
/// lost.
pub(crate) fn number_as_id(value: &Value) -> Option<String> {
    let number = value.as_number()?;
    let is_lost = || number.as_f64().is_none_or(|it| it.fract() == 0.0);
    match integer(value) {
        Some(whole) => Some(text_of_number(&whole.into())),
        None if !number.is_u64() && is_lost() => None,
        None => Some(text_of_number(number)),
    }
}

pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

pub(crate) fn push_segment(out: &mut String, segment: &str) {
    out.push('/');
    if !segment.bytes().any(|it| matches!(it, b'~' | b'/')) {
        return out.push_str(segment);
    }
    for character in segment.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            other => out.push(other),
        }
    }
}
