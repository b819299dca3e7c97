//! The tree of a document: every node has its place, and every number, truth value and text is read already.
//!
//! Documents are not specs. The tree of `specwright_codegen::yaml` refuses what a spec must not say, such as anchors,
//! duplicate keys and dates without quotes; here such things have a sensible reading, and are findings.

use serde_json::{Number, Value};
use specwright_codegen::source::Span;

/// A node and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`, or a value that was left out.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order written; no key occurs twice.
    Map(Vec<Member>),
}

/// One key of a mapping and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key, as text whatever it is.
    pub key: String,
    /// Where the key stands.
    pub span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|it| it.key == key).map(|it| &it.value)
    }

    /// The keys and values of a mapping; of anything else, none.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Map(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; of anything else, none.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The node as JSON.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Number(value) => Value::Number(value.clone()),
            Kind::Text(text) => text.as_str().into(),
            Kind::List(items) => items.iter().map(Node::to_json).collect(),
            Kind::Map(members) => {
                Value::Object(members.iter().map(|it| (it.key.clone(), it.value.to_json())).collect())
            }
        }
    }

    /// "a mapping", "a list", "text", …: for messages.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a truth value",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }
}

/// Adds a key to a mapping. A key that is there already gets the new value, and two mappings become one.
///
/// Whether the key was there.
pub(super) fn insert(
    members: &mut Vec<Member>,
    index: &mut std::collections::HashMap<String, usize>,
    new: Member,
) -> bool {
    let Some(&at) = index.get(&new.key) else {
        index.insert(new.key.clone(), members.len());
        members.push(new);
        return false;
    };
    let old = &mut members[at];
    match (&mut old.value.kind, new.value.kind) {
        (Kind::Map(old), Kind::Map(new)) => {
            let mut index = old.iter().enumerate().map(|(at, it)| (it.key.clone(), at)).collect();
            for member in new {
                insert(old, &mut index, member);
            }
        }
        (old, new) => *old = new,
    }
    true
}
