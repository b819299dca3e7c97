//! Places in a response: pointers whose segments may come from an event.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};

/// List items beyond this position are not created, because a server could fill the memory with holes.
pub(crate) const MOST_POSITION: usize = 4096;

/// One step on the way to a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment<'a> {
    pub(crate) key: Cow<'a, str>,
    /// The segment as a position, if it can be one.
    pub(crate) at: Option<usize>,
}

/// Why a pointer cannot be resolved.
#[derive(Debug, PartialEq)]
pub(crate) enum PathError {
    /// The field that it refers to is missing, or is neither a key nor a position.
    Absent(&'static str),
    /// The position of this field is out of range.
    Range(&'static str),
}

/// Adds the segments of a pointer; those in braces are fields of `scope`.
pub(crate) fn resolve<'a>(
    pointer: &'static str,
    scope: &'a Value,
    out: &mut Vec<Segment<'a>>,
) -> Result<(), PathError> {
    for part in pointer.split('/').skip(1) {
        let Some(field) = part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            let at = (!part.is_empty() && part.bytes().all(|it| it.is_ascii_digit())).then(|| part.parse().ok());
            out.push(Segment { key: unescape(part), at: at.flatten().filter(|it| *it < MOST_POSITION) });
            continue;
        };
        match scope.get(field) {
            Some(Value::String(text)) => out.push(Segment { key: Cow::Borrowed(text), at: None }),
            Some(value @ Value::Number(_)) => {
                let at = crate::json::integer(value).and_then(|it| usize::try_from(it).ok());
                let at = at.filter(|it| *it < MOST_POSITION).ok_or(PathError::Range(field))?;
                out.push(Segment { key: Cow::Owned(at.to_string()), at: Some(at) });
            }
            _ => return Err(PathError::Absent(field)),
        }
    }
    Ok(())
}

fn unescape(part: &'static str) -> Cow<'static, str> {
    if part.contains('~') { Cow::Owned(part.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(part) }
}

/// The JSON pointer of a place.
pub(crate) fn pointer(path: &[Segment<'_>]) -> String {
    let mut out = String::new();
    for segment in path {
        // Writing to a string cannot fail.
        let _ = write!(out, "/{}", segment.key.replace('~', "~0").replace('/', "~1"));
    }
    out
}

/// The size of the JSON that [`place`] would add.
pub(crate) fn added_size(root: &Value, path: &[Segment<'_>]) -> usize {
    let mut here = Some(root);
    let mut size = 0;
    for segment in path {
        here = match here {
            Some(Value::Object(map)) if map.contains_key(&*segment.key) => map.get(&*segment.key),
            Some(Value::Array(items)) => {
                let Some(at) = segment.at else { return 0 };
                size += (at + 1).saturating_sub(items.len()) * NULL;
                items.get(at)
            }
            Some(Value::Object(_)) => {
                size += segment.key.len() + KEY;
                None
            }
            None | Some(Value::Null) => {
                size += segment.at.map_or(segment.key.len() + KEY, |it| (it + 1) * NULL);
                None
            }
            // Another value is in the way: nothing is created.
            Some(_) => return 0,
        };
    }
    size
}

/// `null` and a comma.
const NULL: usize = 5;
/// The characters around a key and its value.
const KEY: usize = 8;

/// The place at `path`, created if it does not exist. `None` if a value that is neither an object nor a list is in the
/// way. Notes lists in which items before the requested one are missing.
pub(crate) fn place<'v>(root: &'v mut Value, path: &[Segment<'_>], gaps: &mut Vec<String>) -> Option<&'v mut Value> {
    let mut here = root;
    for (depth, segment) in path.iter().enumerate() {
        if here.is_null() {
            *here = if segment.at.is_some() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        }
        here = match here {
            Value::Array(items) => {
                let at = segment.at.filter(|it| *it < MOST_POSITION)?;
                if at > items.len() {
                    gaps.push(pointer(path.get(..depth)?));
                }
                if at >= items.len() {
                    items.resize(at + 1, Value::Null);
                }
                items.get_mut(at)?
            }
            Value::Object(map) => {
                if !map.contains_key(&*segment.key) {
                    map.insert(segment.key.clone().into_owned(), Value::Null);
                }
                map.get_mut(&*segment.key)?
            }
            _ => return None,
        };
    }
    Some(here)
}

/// The approximate length of a value as JSON.
pub(crate) fn json_size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => NULL,
        Value::Number(_) => 8,
        Value::String(text) => text.len() + 3,
        Value::Array(items) => 2 + items.iter().map(json_size).sum::<usize>(),
        Value::Object(map) => 2 + map.iter().map(|(key, value)| key.len() + 4 + json_size(value)).sum::<usize>(),
    }
}
