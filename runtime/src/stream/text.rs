//! The text for a reader in an event.

use serde_json::Value;

use super::TextAt;

/// All of it in one piece; empty where there is none.
pub(crate) fn of(places: &'static [TextAt], event: &str, value: &Value) -> String {
    let mut out = String::new();
    for place in places.iter().filter(|it| it.event == event) {
        collect(place.at, None, value, place.unless, &mut out);
    }
    out
}

fn collect(at: &str, around: Option<&Value>, value: &Value, unless: Option<&str>, out: &mut String) {
    let Some(rest) = at.strip_prefix('/') else {
        let hidden = unless.and_then(|field| around?.get(field)) == Some(&Value::Bool(true));
        if let Some(text) = value.as_str().filter(|_| !hidden) {
            out.push_str(text);
        }
        return;
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (segment, below) = rest.split_at(end);
    if segment == "*" {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        return items.iter().for_each(|item| collect(below, Some(value), item, unless, out));
    }
    // A pointer of one segment: the library knows about positions and escapes.
    if let Some(inner) = at.get(..=end).and_then(|it| value.pointer(it)) {
        collect(below, Some(value), inner, unless, out);
    }
}
