//! YAML text into a tree in which every node carries its span; the strict subset of YAML 1.2 that specs are written in.
//!
//! [`parse`] reports everything that is wrong with the document as YAML, and as far as it can in one run. It knows
//! nothing of the spec language: that is the next stage's.

mod ambiguous_scalars;
mod build;
mod characters;
mod common_forms;
mod fault;
pub mod invisible_characters;
mod problems;
mod scalar;
pub mod source;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use self::fault::{Fault, FaultKind};
pub use self::scalar::to_json as integer_to_json;
use self::source::{FileId, Span, Spanned};

/// The largest file that is read.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How deep lists and mappings may nest.
pub const DEEPEST: usize = 64;

/// A node of the tree and where it stands. The span is tight: no blank lines or comments after the last child.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// Where it stands. Empty, just behind the `:` or `-`, for a value that was left out.
    pub span: Span,
    /// What it is.
    pub kind: Kind<'t>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'t> {
    /// Text, a number, a truth value or nothing: see [`Scalar::value`].
    Scalar(Scalar<'t>),
    /// A list.
    Seq(Vec<Node<'t>>),
    /// A mapping, in the order written; no key occurs twice.
    Map(Vec<Entry<'t>>),
}

/// A scalar before it is interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar<'t> {
    /// Its text, escapes and folding resolved; that of the file where there is nothing to resolve.
    pub text: Cow<'t, str>,
    /// How it was written.
    pub style: Style,
    /// The first character of it that nobody can see, where that is no escape. What may hold one, the next stage knows.
    pub unseen: Option<Spanned<char>>,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: may be a number, a truth value or nothing.
    Plain,
    /// In single or double quotes: text.
    Quoted,
    /// After `|` or `>`: text.
    Block,
}

/// One key of a mapping and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'t> {
    /// The key; always taken as text, so `200:` is the key `200`.
    pub key: Spanned<Cow<'t, str>>,
    /// How the key was written.
    pub key_style: Style,
    /// The value.
    pub value: Node<'t>,
}

/// What a scalar means: YAML 1.2's core schema, in its narrow spelling.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing, without quotes.
    Null,
    /// `true` or `false`, without quotes.
    Bool(bool),
    /// A decimal integer without quotes.
    Integer(i128),
    /// A decimal fraction or a number with an exponent, without quotes; always finite.
    Number(f64),
    /// Everything else, and everything in quotes.
    String,
}

impl<'t> Node<'t> {
    /// The scalar, if it is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar<'t>> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Seq(items) => Some(items),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// The entries, if it is a mapping.
    #[must_use]
    pub fn as_map(&self) -> Option<&[Entry<'t>]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar(_) | Kind::Seq(_) => None,
        }
    }

    /// The entry of a mapping with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry<'t>> {
        self.as_map()?.iter().find(|entry| entry.key.value == key)
    }

    /// The same, with a copy of each text.
    #[must_use]
    pub fn into_owned(self) -> Node<'static> {
        let own = |text: Cow<'t, str>| Cow::Owned(text.into_owned());
        let kind = match self.kind {
            Kind::Scalar(it) => Kind::Scalar(Scalar { text: own(it.text), style: it.style, unseen: it.unseen }),
            Kind::Seq(items) => Kind::Seq(items.into_iter().map(Node::into_owned).collect()),
            Kind::Map(entries) => {
                let entry = |it: Entry<'t>| Entry {
                    key: it.key.map(own),
                    key_style: it.key_style,
                    value: it.value.into_owned(),
                };
                Kind::Map(entries.into_iter().map(entry).collect())
            }
        };
        Node { span: self.span, kind }
    }

    /// "a mapping", "a list", "text", "an integer", …: for messages.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Seq(_) => "a list",
            Kind::Map(_) => "a mapping",
            Kind::Scalar(scalar) => match scalar.value() {
                Value::Null => "nothing",
                Value::Bool(_) => "a truth value",
                Value::Integer(_) => "an integer",
                Value::Number(_) => "a number",
                Value::String => "text",
            },
        }
    }
}

impl Entry<'_> {
    /// The key, for good.
    #[must_use]
    pub fn name(&self) -> Spanned<String> {
        Spanned::new(self.key.value.clone().into_owned(), self.key.span)
    }
}

impl Scalar<'_> {
    /// What the scalar means.
    #[must_use]
    pub fn value(&self) -> Value {
        scalar::value(&self.text, self.style)
    }

    /// The text that is meant, after a character that nobody can see was reported.
    #[must_use]
    pub fn meant(&self) -> String {
        if self.unseen.is_some() { invisible_characters::removed(&self.text) } else { self.text.clone().into_owned() }
    }

    /// What a plain number is in JSON, where that is not what is written: `1.1` for `1.10`.
    #[must_use]
    pub fn respelled(&self) -> Option<String> {
        let read = match self.value() {
            Value::Integer(value) => integer_to_json(value),
            Value::Number(value) => serde_json::Value::from(value),
            Value::Null | Value::Bool(_) | Value::String => return None,
        };
        Some(read.to_string()).filter(|it| *it != self.text)
    }

    /// Whether [`parse`] has complained that readers take it for different things.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.style == Style::Plain && ambiguous_scalars::is_ambiguous(&self.text)
    }
}

/// The node as JSON.
///
/// Numbers that JSON cannot hold were reported by [`parse`]; here they pass as text.
#[must_use]
pub fn to_json(node: &Node) -> serde_json::Value {
    match &node.kind {
        Kind::Seq(items) => items.iter().map(to_json).collect(),
        Kind::Map(entries) => {
            let pairs = entries.iter().map(|entry| (entry.key.value.clone().into_owned(), to_json(&entry.value)));
            serde_json::Value::Object(pairs.collect())
        }
        Kind::Scalar(scalar) => match scalar.value() {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => value.into(),
            Value::Integer(value) => integer_to_json(value),
            Value::Number(value) => value.into(),
            Value::String => scalar.text.as_ref().into(),
        },
    }
}

/// Frees a tree. It is done here, where such small functions are compiled in one piece.
#[inline(never)]
pub fn free(tree: Node) {
    drop(tree);
}

/// Where a node and its parts are written, in the order of the text: each part after what it is in.
#[must_use]
pub fn spans(node: &Node) -> Vec<Span> {
    let mut spans = Vec::new();
    collect_spans(node, &mut spans);
    spans
}

fn collect_spans(node: &Node, spans: &mut Vec<Span>) {
    spans.push(node.span);
    match &node.kind {
        Kind::Map(entries) => entries.iter().for_each(|it| collect_spans(&it.value, spans)),
        Kind::Seq(items) => items.iter().for_each(|it| collect_spans(it, spans)),
        Kind::Scalar(_) => {}
    }
}

/// Reads a document. The tree is complete if `out` has no faults of this file; after a syntax error there is none.
///
/// `text` must be the file's text in the run's sources, as spans refer to it byte by byte.
pub fn parse<'t>(file: FileId, text: &'t str, out: &mut Vec<Fault>) -> Option<Node<'t>> {
    if text.len() > MOST_BYTES {
        out.push(Fault::new(FaultKind::FileTooLarge { bytes: text.len() }, Span::new(file, 0, 0)));
        return None;
    }
    let hidden = characters::check(file, text, out);
    let unseen = characters::unseen(file, text);
    if hidden.is_empty()
        && unseen.is_empty()
        && let Some(tree) = common_forms::document(file, text)
    {
        return Some(tree);
    }
    build::document(file, text, &hidden, &unseen, out)
}
