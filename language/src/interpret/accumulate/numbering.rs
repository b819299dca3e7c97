//! Which item of a list a part of a stream is about, where it does not say so by its position alone.
//!
//! What tells items apart, in this order: an id, a position, a name. The rules are in `docs/spec-language.md`.

use serde_json::Value;

use super::{MOST_ITEMS, position};
use crate::model::Numbering;

pub(super) const POSITION: &str = "a position of at most 4095";

/// What is known of an item that has begun.
#[derive(Debug, Default)]
pub(super) struct OpenItem {
    /// Where it is.
    at: usize,
    /// The position that the server gave it.
    told: Option<usize>,
    id: String,
    name: String,
    /// All that came at `ends`.
    text: String,
}

/// The position of an item, or the pointer in it to what cannot be.
///
/// `before` is where the item before it in the same event went; `whole` are the pointers whose texts come in one piece.
pub(super) fn position_of_item<'n>(
    numbering: &'n Numbering,
    known: &mut Vec<OpenItem>,
    length: usize,
    (nth, item): (usize, &Value),
    before: Option<usize>,
    whole: &[&str],
) -> Result<usize, (String, &'static str)> {
    let text = |pointer: &'n str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let told = match item.get(&numbering.at) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if text.is_empty() => None,
        Some(value) => match position(value) {
            Some(at) => Some(at),
            None => return Err((format!("/{}", numbering.at), POSITION)),
        },
    };
    if numbering.begins.is_empty() {
        let at = told.unwrap_or(nth);
        return if at < MOST_ITEMS { Ok(at) } else { Err((format!("/{}", numbering.at), POSITION)) };
    }
    let id = numbering.id.as_deref().and_then(|it| item.pointer(it)).map(id_text).unwrap_or_default();
    let id = id.as_str();
    let named = numbering.begins.iter().find(|it| !text(it.as_str()).is_empty());
    let name = named.map_or("", |it| text(it.as_str()));
    let more = numbering.ends.as_deref().map_or("", text);

    let candidates = || known.iter().enumerate().filter(|(_, it)| told.is_none() || it.stated_position() == told);
    let with_id = candidates().rfind(|(_, it)| !id.is_empty() && it.id == id);
    let found = with_id.or_else(|| candidates().next_back());
    let goes_on = found.filter(|(_, it)| {
        if with_id.is_some() {
            return true;
        }
        let brings_more = is_balanced(&it.text) && !more.trim().is_empty();
        let both_named = !name.is_empty() && !it.name.is_empty();
        let begins = if told.is_some() {
            !name.is_empty() && ((!id.is_empty() && !it.id.is_empty()) || brings_more)
        } else if !id.is_empty() {
            !it.id.is_empty() || both_named
        } else {
            let again = it.name == name && before != Some(it.at) && numbering.ends.is_some();
            both_named && (!again || brings_more)
        };
        !begins
    });
    let nth = match goes_on {
        Some((nth, it)) => {
            if let Some(at) = named.filter(|at| whole.contains(&at.as_str()) && !it.name.is_empty() && it.name != name)
            {
                return Err((at.clone(), "the same name as before"));
            }
            nth
        }
        None => {
            let next = known.iter().map(|it| it.at + 1).fold(length, usize::max);
            let free = told.filter(|at| known.iter().all(|it| it.at != *at));
            let at = free.unwrap_or(next);
            if at >= MOST_ITEMS {
                return Err((format!("/{}", numbering.at), POSITION));
            }
            known.push(OpenItem { at, told, ..OpenItem::default() });
            known.len() - 1
        }
    };
    let Some(it) = known.get_mut(nth) else { return Ok(length) };
    if let Some(ends) = numbering.ends.as_ref().filter(|_| is_balanced(&it.text) && !more.trim().is_empty()) {
        return Err((ends.clone(), "nothing more, because the JSON before it is complete"));
    }
    if it.id.is_empty() {
        it.id = id.to_owned();
    }
    if it.name.is_empty() {
        it.name = name.to_owned();
    }
    it.text.push_str(more);
    Ok(it.at)
}

/// An id as text: some servers number them, and `7.0` is `7`. Empty where it is none, or a number whose digits are lost.
fn id_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e18 => format!("{whole:.0}"),
            Some(broken) if broken.fract() != 0.0 => number.to_string(),
            _ => String::new(),
        },
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

impl OpenItem {
    /// The position by which a server may speak of it.
    fn stated_position(&self) -> Option<usize> {
        Some(self.told.unwrap_or(self.at))
    }
}

/// Whether all brackets of a text of JSON are closed, and there is one.
fn is_balanced(text: &str) -> bool {
    let (mut depth, mut closed) = (0_usize, false);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => loop {
                match characters.next() {
                    Some('\\') => drop(characters.next()),
                    Some('"') => break,
                    Some(_) => {}
                    None => return false,
                }
            },
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                closed |= depth == 0;
            }
            _ => {}
        }
    }
    closed && depth == 0
}

#[cfg(test)]
mod tests {
    use super::is_balanced;

    #[test]
    fn json_is_whole_when_its_brackets_are_closed() {
        for text in ["{}", " [1, {\"a\": \"}\"}] ", r#"{"a": "\"{"}"#, "{}{}"] {
            assert!(is_balanced(text), "{text}");
        }
        for text in ["", "7", "\"{}\"", "{", "{\"a\": \"}", r#"{"a": "\"}"#, "[{}", "{}{"] {
            assert!(!is_balanced(text), "{text}");
        }
    }
}
