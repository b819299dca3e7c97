//! Reading YAML nodes into plain values: the one place of `syntax` that looks into scalars and mappings.
//!
//! A [`Map`] remembers which keys were asked for, so that [`Map::finish`] can name the unknown ones and what they are
//! near.

use std::borrow::Cow;

use serde_json::Value;

use super::document::{Json, Text};
use crate::diagnostics::{Diagnostics, decode, yaml as yaml_words};
use crate::model::Num;
use crate::source::{Span, Spanned};
use crate::yaml::{self, Entry, Kind, Node};

/// The keys of a mapping, taken one by one.
pub(super) struct Map<'n> {
    /// What the mapping describes, for messages: "a parameter".
    what: &'static str,
    span: Span,
    entries: &'n [Entry<'n>],
    /// The [marks](mark) of all keys.
    marks: u64,
    /// The keys that were asked for, some of them more than once.
    known: Vec<&'static str>,
    /// Which of the first entries are among them, as bits.
    taken: u64,
    /// Keys that are of the language by their form.
    chosen: Vec<&'n str>,
}

impl<'n> Map<'n> {
    /// The mapping of a node; anything else is reported.
    pub(super) fn of(node: &'n Node<'n>, what: &'static str, out: &mut Diagnostics) -> Option<Self> {
        let entries = entries(node, what, out)?;
        let marks = entries.iter().fold(0, |marks, it| marks | mark(&it.key.value));
        let known = Vec::with_capacity(USUAL_KEYS);
        Some(Self { what, span: node.span, entries, marks, known, taken: 0, chosen: Vec::new() })
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// The entry of a key of the language.
    pub(super) fn entry(&mut self, key: &'static str) -> Option<&'n Entry<'n>> {
        self.known.push(key);
        if self.marks & mark(key) == 0 {
            return None;
        }
        let at = self.entries.iter().position(|it| it.key.value == key)?;
        self.taken |= bit(at);
        self.entries.get(at)
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<&'n Node<'n>> {
        self.entry(key).map(|it| &it.value)
    }

    /// The entries of keys that are not taken yet, and which a name fits; they are taken by this.
    pub(super) fn rest(&mut self, fits: fn(&str) -> bool) -> Vec<&'n Entry<'n>> {
        let found: Vec<&'n Entry<'n>> =
            self.entries.iter().filter(|it| fits(&it.key.value) && !self.known.contains(&&*it.key.value)).collect();
        self.chosen.extend(found.iter().map(|it| &*it.key.value));
        found
    }

    /// The value of a key that is still to be taken.
    pub(super) fn peek(&self, key: &str) -> Option<&'n Node<'n>> {
        self.entries.iter().find(|it| it.key.value == key).map(|it| &it.value)
    }

    /// As [`take`](Self::take), and a missing key is reported.
    pub(super) fn require(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<&'n Node<'n>> {
        let node = self.take(key);
        if node.is_none() {
            out.push(decode::missing_key(key, self.what, self.span));
        }
        node
    }

    pub(super) fn text(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Text> {
        text(self.take(key)?, out)
    }

    pub(super) fn need_text(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Text> {
        text(self.require(key, out)?, out)
    }

    /// Prose: the value without its place.
    pub(super) fn prose(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<String> {
        prose(self.take(key)?, out).map(|it| it.value)
    }

    /// As [`prose`](Self::prose), and a missing key is reported.
    pub(super) fn need_prose(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Text> {
        prose(self.require(key, out)?, out)
    }

    /// The name of one field of an object.
    pub(super) fn field_name(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Text> {
        field_name(self.take(key)?, key, out)
    }

    /// As [`field_name`](Self::field_name), and a missing key is reported.
    pub(super) fn need_field_name(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Text> {
        field_name(self.require(key, out)?, key, out)
    }

    pub(super) fn flag(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Spanned<bool>> {
        flag(self.take(key)?, out)
    }

    pub(super) fn whole_number(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<u64> {
        whole(self.take(key)?, out)
    }

    /// A word of a fixed list.
    pub(super) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], out: &mut Diagnostics) -> Option<T> {
        word(self.take(key)?, words, out)
    }

    /// Reports every key that was not read: it is unknown.
    pub(super) fn finish(self, out: &mut Diagnostics) {
        for (at, entry) in self.entries.iter().enumerate() {
            if self.taken & bit(at) != 0 {
                continue;
            }
            let key = &*entry.key.value;
            if !self.known.contains(&key) && !self.chosen.contains(&key) {
                let mut known: Vec<&str> = Vec::new();
                for key in &self.known {
                    if !known.contains(key) {
                        known.push(key);
                    }
                }
                out.push(decode::unknown_key(&entry.key.value, self.what, &known, entry.key.span));
            }
        }
    }
}

/// As many keys as most mappings can have.
const USUAL_KEYS: usize = 64;

/// One of 64 bits that a key has, and few others do: most keys that are asked for are not there.
fn mark(key: &str) -> u64 {
    let first = key.as_bytes().first().copied().unwrap_or_default();
    1 << ((usize::from(first) ^ (key.len() << 3)) % 64)
}

/// The bit of an entry, if it is one of the first.
fn bit(at: usize) -> u64 {
    if at < 64 { 1 << at } else { 0 }
}

/// The entries of a mapping, whose keys the author chooses.
pub(super) fn entries<'n>(node: &'n Node<'n>, what: &str, out: &mut Diagnostics) -> Option<&'n [Entry<'n>]> {
    match &node.kind {
        Kind::Map(entries) => Some(entries),
        Kind::Scalar(_) | Kind::Seq(_) => {
            check_visible(node, out);
            out.push(decode::wrong_kind(&format!("a mapping for {what}"), node.describe(), node.span));
            None
        }
    }
}

/// The items of a list.
pub(super) fn items<'n>(node: &'n Node<'n>, what: &str, out: &mut Diagnostics) -> &'n [Node<'n>] {
    match &node.kind {
        Kind::Seq(items) => items,
        Kind::Scalar(_) | Kind::Map(_) => {
            check_visible(node, out);
            out.push(decode::wrong_kind(&format!("a list of {what}"), node.describe(), node.span));
            &[]
        }
    }
}

/// Reports an invisible character in a name or a value. Such characters come with text that is pasted from a page.
pub(super) fn check_visible(node: &Node, out: &mut Diagnostics) {
    out.extend(node.as_scalar().and_then(|it| it.unseen).map(yaml_words::unseen_character));
}

/// A text that is a name or a value.
pub(super) fn text(node: &Node, out: &mut Diagnostics) -> Option<Text> {
    check_visible(node, out);
    let meant = node.as_scalar().filter(|it| it.unseen.is_some()).map(yaml::Scalar::meant);
    prose(node, out).map(|text| Spanned::new(meant.unwrap_or(text.value), text.span))
}

/// As [`text`], for a key whose form is often mistaken: `what` names the text, and `help` shows its form.
pub(super) fn text_of(node: &Node, what: &str, help: &str, out: &mut Diagnostics) -> Option<Text> {
    if node.describe() != "text" {
        out.push(decode::wrong_kind(what, node.describe(), node.span).help(help));
        return None;
    }
    text(node, out)
}

/// The header of idempotency keys, or `none`.
pub(super) fn idempotency(node: &Node, out: &mut Diagnostics) -> Option<Text> {
    text_of(node, "the name of a header", "write it like `idempotency: Idempotency-Key`", out)
}

/// The name of one field of an object, which a path is not.
fn field_name(node: &Node, key: &str, out: &mut Diagnostics) -> Option<Text> {
    let name = text(node, out)?;
    if name.value.starts_with('/') {
        out.push(decode::pointer_for_name(key, &name.value, name.span));
        return None;
    }
    let is_word = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    // `data[]`, `data[0].id` and `$.data` are paths in other notations.
    let is_step = |it: &str| {
        let (name, index) = it.split_once('[').map_or((it, None), |(name, index)| (name, Some(index)));
        let is_index =
            |it: &str| it.strip_suffix(']').is_some_and(|it| it == "*" || it.bytes().all(|it| it.is_ascii_digit()));
        (is_word(name) || name == "$") && index.is_none_or(is_index)
    };
    if name.value.contains(['.', '[']) && name.value.split('.').all(is_step) {
        out.push(decode::dots_in_name(key, &name.value, name.span));
    }
    Some(name)
}

/// A text. Numbers and truth values are reported: quotes make them text.
pub(super) fn prose(node: &Node, out: &mut Diagnostics) -> Option<Text> {
    match node.as_scalar() {
        Some(scalar) if scalar.value() == yaml::Value::String => {
            Some(Spanned::new(scalar.text.clone().into_owned(), node.span))
        }
        _ => {
            out.push(decode::wrong_kind("text", node.describe(), node.span));
            None
        }
    }
}

/// One text, or a list of them.
pub(super) fn texts(node: &Node, out: &mut Diagnostics) -> Vec<Text> {
    match &node.kind {
        Kind::Seq(items) => items.iter().filter_map(|it| text(it, out)).collect(),
        Kind::Scalar(_) | Kind::Map(_) => text(node, out).into_iter().collect(),
    }
}

pub(super) fn flag(node: &Node, out: &mut Diagnostics) -> Option<Spanned<bool>> {
    check_visible(node, out);
    match node.as_scalar().map(yaml::Scalar::value) {
        Some(yaml::Value::Bool(value)) => Some(Spanned::new(value, node.span)),
        // An ambiguous scalar has its message already.
        _ if node.as_scalar().is_some_and(yaml::Scalar::is_ambiguous) => None,
        _ => {
            out.push(decode::wrong_kind("`true` or `false`", node.describe(), node.span));
            None
        }
    }
}

/// A number that is not negative and whole.
pub(super) fn whole(node: &Node, out: &mut Diagnostics) -> Option<u64> {
    check_visible(node, out);
    match node.as_scalar().map(yaml::Scalar::value) {
        Some(yaml::Value::Integer(value)) => match u64::try_from(value) {
            Ok(value) => Some(value),
            Err(_) => {
                out.push(decode::out_of_bounds(&value.to_string(), "0 or more", node.span));
                None
            }
        },
        // An ambiguous scalar has its message already.
        _ if node.as_scalar().is_some_and(yaml::Scalar::is_ambiguous) => None,
        _ => {
            out.push(decode::wrong_kind("a whole number", node.describe(), node.span));
            None
        }
    }
}

pub(super) fn number(node: &Node, out: &mut Diagnostics) -> Option<Num> {
    check_visible(node, out);
    match node.as_scalar().map(yaml::Scalar::value) {
        Some(yaml::Value::Integer(value)) => Some(Num::Integer(value)),
        Some(yaml::Value::Number(value)) => Some(Num::Float(value)),
        // An ambiguous scalar has its message already.
        _ if node.as_scalar().is_some_and(yaml::Scalar::is_ambiguous) => None,
        _ => {
            out.push(decode::wrong_kind("a number", node.describe(), node.span));
            None
        }
    }
}

pub(super) fn word<T: Copy>(node: &Node, words: &[(&str, T)], out: &mut Diagnostics) -> Option<T> {
    let text = text(node, out)?;
    match words.iter().find(|(word, _)| *word == text.value) {
        Some((_, value)) => Some(*value),
        None => {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            out.push(decode::unknown_word(&text.value, &known, text.span));
            None
        }
    }
}

/// What an example shows: it may hold what prose may hold.
pub(super) fn json(node: &Node) -> Json {
    Spanned::new(yaml::to_json(node), node.span)
}

/// A value of the API.
pub(super) fn value(node: &Node, out: &mut Diagnostics) -> Json {
    Spanned::new(json_value(node, out), node.span)
}

/// A value as JSON. Invisible characters in it are reported. Recursion ends with the tree's own depth, which the YAML
/// stage limits.
fn json_value(node: &Node, out: &mut Diagnostics) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.unseen.is_some() => {
            check_visible(node, out);
            Value::String(scalar.meant())
        }
        Kind::Scalar(_) => yaml::to_json(node),
        Kind::Seq(items) => items.iter().map(|it| json_value(it, out)).collect(),
        Kind::Map(entries) => Value::Object(
            entries.iter().map(|it| (it.key.value.clone().into_owned(), json_value(&it.value, out))).collect(),
        ),
    }
}

/// A JSON scalar that is not null.
pub(super) fn scalar(node: &Node, out: &mut Diagnostics) -> Option<Json> {
    match json_value(node, out) {
        Value::Null | Value::Array(_) | Value::Object(_) => {
            out.push(decode::wrong_kind("text, a number or a truth value", node.describe(), node.span));
            None
        }
        value => Some(Spanned::new(value, node.span)),
    }
}

/// What a key means as a value: `5:` is a number, `"5":` and `a:` are texts.
pub(super) fn key_value(entry: &Entry) -> Json {
    let value = match key_scalar(entry).value() {
        yaml::Value::Integer(value) => yaml::integer_to_json(value),
        yaml::Value::Number(value) => value.into(),
        yaml::Value::Bool(value) => value.into(),
        yaml::Value::Null | yaml::Value::String => Value::from(&*entry.key.value),
    };
    Spanned::new(value, entry.key.span)
}

/// A key as the scalar that it is.
pub(super) fn key_scalar<'n>(entry: &'n Entry<'n>) -> yaml::Scalar<'n> {
    yaml::Scalar { text: Cow::Borrowed(&entry.key.value), style: entry.key_style, unseen: None }
}

/// `500ms`, `5s`, `10m`, `1h`, `1d` in milliseconds.
pub(super) fn duration(node: &Node, out: &mut Diagnostics) -> Option<Spanned<u64>> {
    let Some(scalar) = node.as_scalar() else {
        out.push(decode::wrong_kind("a duration", node.describe(), node.span));
        return None;
    };
    let duration = milliseconds(&scalar.text).map(|it| Spanned::new(it, node.span));
    if duration.is_none() {
        out.push(decode::bad_duration(&scalar.text, node.span));
    }
    duration
}

fn milliseconds(text: &str) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let (count, unit) = text.split_at(digits);
    let unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    // A year is longer than any wait; zero is none.
    count.parse::<u64>().ok()?.checked_mul(unit).filter(|it| (1..=366 * 86_400_000).contains(it))
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("500ms", Some(500)),
            ("5s", Some(5000)),
            ("10m", Some(600_000)),
            ("1h", Some(3_600_000)),
            ("1d", Some(86_400_000)),
            ("0s", None),
            ("5", None),
            ("s", None),
            ("", None),
            ("5 s", None),
            ("-5s", None),
            ("1.5s", None),
            ("99999999999999999999s", None),
            ("99999999999999999h", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }
}
