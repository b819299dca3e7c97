//! Finds the list item that a part of an event belongs to. The position alone does not decide, since servers leave
//! positions out, or give all items the same one.

use std::borrow::Cow;

use serde_json::Value;

use super::mismatch::TypeMismatch;
use super::place::MOST_POSITION;
use super::{CollectStep, Verb};
use crate::json::number_as_id;

/// How items are distinguished.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbering {
    pub(crate) at: &'static str,
    pub(crate) id: Option<&'static str>,
    pub(crate) begins: &'static [&'static str],
    pub(crate) ends: Option<&'static str>,
    /// The steps for each item.
    pub(crate) steps: &'static [CollectStep],
}

/// The items of a list that have started.
#[derive(Debug, Default)]
pub(crate) struct Items {
    all: Vec<Item>,
    /// The approximate memory that they use.
    size: usize,
}

#[derive(Debug)]
struct Item {
    /// Its position in the list.
    at: usize,
    /// The position that the server uses for it.
    said: usize,
    id: String,
    name: String,
    brackets: Brackets,
}

/// What an item of an event says about itself.
struct ItemClaims<'a> {
    position: Option<usize>,
    id: Cow<'a, str>,
    /// The pointer of its name, and the name.
    name: (&'static str, &'a str),
    /// Its text at [`Numbering::ends`].
    more: &'a str,
}

impl Items {
    /// The approximate memory of these notes.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The position of an item in a list of `length`. `before` is the position of the previous item in the same event.
    ///
    /// # Errors
    /// Fails if its position is out of range, if its name differs from that of the item that it continues, or if the JSON
    /// of that item is already complete.
    pub(crate) fn position(
        &mut self,
        numbering: &Numbering,
        item: &Value,
        length: usize,
        before: Option<usize>,
    ) -> Result<usize, TypeMismatch> {
        let said = ItemClaims::of(numbering, item)?;
        let index = match self.continued_item(&said, before, numbering.ends.is_some()) {
            Some(index) => {
                // A name that no step uses must not be a different one.
                let (place, name) = said.name;
                let first = |it: &CollectStep| matches!(it.verb, Verb::First) && it.from == place;
                if self.all.get(index).is_some_and(|it| is_other(name, &it.name)) && numbering.steps.iter().any(first) {
                    return Err(TypeMismatch::other(place, "the same name as before", item.pointer(place)));
                }
                index
            }
            None => {
                let next = self.all.iter().map(|it| it.at + 1).fold(length, usize::max);
                let free = said.position.filter(|at| self.all.iter().all(|it| it.at != *at));
                let at = free.unwrap_or(next);
                if at >= MOST_POSITION {
                    return Err(TypeMismatch::range(numbering.at));
                }
                let said = said.position.unwrap_or(at);
                self.all.push(Item { at, said, id: String::new(), name: String::new(), brackets: Brackets::default() });
                self.size += size_of::<Item>();
                self.all.len() - 1
            }
        };
        let Some(it) = self.all.get_mut(index) else { return Ok(length) };
        if it.brackets.are_closed() && !said.more.trim().is_empty() {
            let place = numbering.ends.unwrap_or_default();
            return Err(TypeMismatch::other(
                place,
                "nothing more, because the JSON before it is complete",
                item.pointer(place),
            ));
        }
        for (known, new) in [(&mut it.id, &*said.id), (&mut it.name, said.name.1)] {
            if known.is_empty() {
                new.clone_into(known);
                self.size += new.len();
            }
        }
        it.brackets.pass(said.more);
        Ok(it.at)
    }

    /// The index of the item that this one continues. `None` if it is a new item.
    fn continued_item(&self, said: &ItemClaims<'_>, before: Option<usize>, ends_are_known: bool) -> Option<usize> {
        let may_be = |it: &Item| said.position.is_none_or(|at| at == it.said);
        let same_id = |it: &Item| !said.id.is_empty() && it.id == said.id;
        if let Some(index) = self.all.iter().rposition(|it| may_be(it) && same_id(it)) {
            return Some(index);
        }
        let index = self.all.iter().rposition(may_be)?;
        let it = self.all.get(index)?;
        let (_, name) = said.name;
        let is_more = it.brackets.are_closed() && !said.more.trim().is_empty();
        let both_named = !name.is_empty() && !it.name.is_empty();
        let is_new = if said.position.is_some() {
            // An id alone does not begin a new item: some servers send a different one with each piece.
            !name.is_empty() && (is_other(&said.id, &it.id) || is_more)
        } else if said.id.is_empty() {
            // A name may be repeated with each piece.
            let is_repeated = it.name == name && before != Some(it.at) && ends_are_known;
            both_named && (!is_repeated || is_more)
        } else {
            !it.id.is_empty() || both_named
        };
        (!is_new).then_some(index)
    }
}

impl<'a> ItemClaims<'a> {
    fn of(numbering: &Numbering, item: &'a Value) -> Result<Self, TypeMismatch> {
        let text = |at: &str| item.pointer(at).and_then(Value::as_str).unwrap_or_default();
        // Some servers number them.
        let id = |at| {
            item.pointer(at).and_then(|it| it.as_str().map(Cow::Borrowed).or_else(|| number_as_id(it).map(Cow::Owned)))
        };
        let named = numbering.begins.iter().map(|at| (*at, text(at))).find(|it| !it.1.is_empty());
        Ok(Self {
            position: stated_position(item, numbering.at)?,
            id: numbering.id.and_then(id).unwrap_or_default(),
            name: named.unwrap_or_default(),
            more: numbering.ends.map_or("", text),
        })
    }
}

/// The position that an item reports.
///
/// # Errors
/// Fails if it is not a position, or is out of range.
pub(crate) fn stated_position(item: &Value, field: &'static str) -> Result<Option<usize>, TypeMismatch> {
    let Some(value) = item.get(field).filter(|it| !it.is_null() && it.as_str() != Some("")) else { return Ok(None) };
    let at = crate::json::integer(value).and_then(|it| usize::try_from(it).ok());
    at.filter(|it| *it < MOST_POSITION).map(Some).ok_or_else(|| TypeMismatch::range(field))
}

/// The item with this position in it.
pub(crate) fn with_position<'a>(item: &'a Value, field: &str, position: usize) -> Cow<'a, Value> {
    if item.get(field).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok()) == Some(position) {
        return Cow::Borrowed(item);
    }
    let mut item = item.clone();
    if let Some(fields) = item.as_object_mut() {
        fields.insert(field.to_owned(), position.into());
    }
    Cow::Owned(item)
}

fn is_other(one: &str, other: &str) -> bool {
    !one.is_empty() && !other.is_empty() && one != other
}

/// The brackets of a JSON text that arrives in pieces.
#[derive(Debug, Default)]
struct Brackets {
    depth: usize,
    /// The outermost bracket was closed.
    closed: bool,
    quoted: bool,
    escaped: bool,
}

impl Brackets {
    fn pass(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => self.depth += 1,
                b'}' | b']' if !self.quoted => {
                    self.depth = self.depth.saturating_sub(1);
                    self.closed |= self.depth == 0;
                }
                _ => {}
            }
        }
    }

    fn are_closed(&self) -> bool {
        self.closed && self.depth == 0 && !self.quoted
    }
}

#[cfg(test)]
mod tests {
    use super::Brackets;

    #[test]
    fn closed_brackets_are_found_for_every_split() {
        for (text, closed) in [
            ("{}", true),
            (" [1, {\"a\": \"}\"}] ", true),
            (r#"{"a": "\"{"}"#, true),
            (r#"{"a": "\\"}"#, true),
            ("{}{}", true),
            ("", false),
            ("7", false),
            ("\"{}\"", false),
            ("{", false),
            ("{\"a\": \"}", false),
            (r#"{"a": "\"}"#, false),
            ("[{}", false),
            ("{}{", false),
        ] {
            let mut brackets = Brackets::default();
            text.split_inclusive(|_| true).for_each(|it| brackets.pass(it));
            assert_eq!(brackets.are_closed(), closed, "{text}");
        }
    }
}
