//! The text for a reader in an event.

use serde_json::Value;

use super::TextAt;
use super::part::{self, EventPart};
use crate::DecodeError;
use crate::json::type_name;

/// All of it in one piece; empty if there is none. `half` is the first half of a surrogate pair at the end of the
/// previous text, and is replaced with the one at the end of this text. Such a character is returned whole, with its
/// second half.
///
/// # Errors
/// Fails if the value there is not text.
pub(crate) fn of(
    places: &'static [TextAt],
    event: &str,
    data: EventPart<'_>,
    half: &mut Option<u16>,
) -> Result<String, DecodeError> {
    let mut out = TextCollector { text: String::new(), half };
    for place in places.iter().filter(|it| it.event == event) {
        collect(place.at, None, data, place.unless, &mut out)?;
    }
    Ok(out.text)
}

struct TextCollector<'a> {
    text: String,
    half: &'a mut Option<u16>,
}

impl TextCollector<'_> {
    fn push(&mut self, text: &str, ends: part::CutHalves) {
        if text.is_empty() {
            return;
        }
        let mut text = text;
        match (self.half.take(), ends.first) {
            (Some(first), Some(second)) => {
                self.text.push(part::join_surrogates(first, second));
                text = part::without_first(text);
            }
            (Some(_), None) => self.text.push(char::REPLACEMENT_CHARACTER),
            (None, _) => {}
        }
        if ends.last.is_some() {
            *self.half = ends.last;
            text = text.strip_suffix(char::REPLACEMENT_CHARACTER).unwrap_or(text);
        }
        self.text.push_str(text);
    }
}

fn collect(
    at: &str,
    around: Option<EventPart<'_>>,
    here: EventPart<'_>,
    unless: Option<&str>,
    out: &mut TextCollector<'_>,
) -> Result<(), DecodeError> {
    let Some(rest) = at.strip_prefix('/') else {
        let hidden = unless.and_then(|field| around?.value.get(field)?.as_bool()) == Some(true);
        match here.value {
            Value::String(text) if !hidden => out.push(text, here.ends()),
            other if hidden || other.is_null() || part::is_empty(other) => {}
            other => return Err(DecodeError { at: String::new(), expected: "a string", found: type_name(other) }),
        }
        return Ok(());
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (segment, below) = rest.split_at(end);
    let above = |segment: &str, mut error: DecodeError| {
        error.at = format!("/{segment}{}", error.at);
        error
    };
    if segment == "*" {
        for (nth, item) in here.items().enumerate() {
            collect(below, Some(here), item, unless, out).map_err(|it| above(&nth.to_string(), it))?;
        }
        return Ok(());
    }
    // A pointer with one segment: the library handles positions and escapes.
    match at.get(..=end).and_then(|it| here.at(it)) {
        Some(inner) => collect(below, Some(here), inner, unless, out).map_err(|it| above(segment, it)),
        None => Ok(()),
    }
}
