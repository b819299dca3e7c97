//! YAML into the tree, as tolerantly as it can be meant: anchors and merge keys are resolved, and of two equal keys the
//! last counts.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::Number;
use specwright_codegen::source::{FileId, Span};

use super::tree::{Kind, Member, Node, insert};
use super::{DEEPEST, Fault, MOST_NODES};

/// The tree of a text; nothing after a syntax error, which is the last fault.
pub(super) fn parse(file: FileId, text: &str, faults: &mut Vec<Fault>) -> Option<Node> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = text.len() - body.len();
    let mut builder =
        Builder { file, text, base, open: Vec::new(), anchors: HashMap::new(), root: None, nodes: 0, faults };
    let options = granit_parser::options! { emit_unresolved_aliases: true };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(body, options) {
        match event {
            Ok((Event::DocumentStart(..), _)) if documents == 1 => {
                builder.faults.push(Fault::SecondDocument);
                break;
            }
            Ok((Event::DocumentStart(..), _)) => documents += 1,
            Ok((event, span)) => builder.event(event, &span)?,
            Err(error) => {
                let at = builder.boundary(error.marker().byte_offset().unwrap_or(body.len()));
                builder.faults.push(Fault::Syntax { problem: error.to_string(), span: Span::new(file, at, at) });
                return None;
            }
        }
    }
    builder.root
}

struct Builder<'t, 'f> {
    file: FileId,
    text: &'t str,
    /// Where the parser's byte 0 is: behind the byte order mark.
    base: usize,
    open: Vec<Open>,
    /// Nodes by their anchors, and how many nodes each has.
    anchors: HashMap<usize, (Node, usize)>,
    root: Option<Node>,
    /// How many nodes there are, those of aliases included.
    nodes: usize,
    faults: &'f mut Vec<Fault>,
}

/// A collection whose end is still to come.
struct Open {
    start: u32,
    anchor: usize,
    contents: Contents,
}

enum Contents {
    List(Vec<Node>),
    Map { members: Vec<Member>, index: HashMap<String, usize>, key: Option<(String, Span)>, merged: Vec<Node> },
}

impl Builder<'_, '_> {
    /// Nothing when the document is larger than anything that is meant.
    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Option<()> {
        let at = self.span(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some_and(|it| it.suffix() == "str");
                let plain = style == ScalarStyle::Plain && !is_text;
                let kind = if plain && at.is_empty() { Kind::Null } else { self.scalar(text.into_owned(), plain, at) };
                let node = Node { span: at, kind };
                self.remember(anchor, &node);
                self.place(node)?;
            }
            Event::Alias(id) => {
                let count = self.anchors.get(&id).map_or(0, |it| it.1);
                self.nodes += count;
                if self.nodes > MOST_NODES {
                    self.faults.push(Fault::TooManyNodes { span: at });
                    return None;
                }
                let node = self.anchors.get(&id).map(|it| it.0.clone());
                self.place(node.unwrap_or(Node { span: at, kind: Kind::Null }))?;
            }
            Event::UnresolvedAlias(_) => {
                self.faults.push(Fault::UnknownAlias { span: at });
                self.place(Node { span: at, kind: Kind::Null })?;
            }
            Event::SequenceStart(_, anchor, _) => self.start(at, anchor, Contents::List(Vec::new()))?,
            Event::MappingStart(_, anchor, _) => {
                let contents =
                    Contents::Map { members: Vec::new(), index: HashMap::new(), key: None, merged: Vec::new() };
                self.start(at, anchor, contents)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at)?,
            // The others are no nodes; the enum is open, so they cannot be named.
            _ => {}
        }
        Some(())
    }

    fn start(&mut self, at: Span, anchor: usize, contents: Contents) -> Option<()> {
        if self.open.len() >= DEEPEST {
            self.faults.push(Fault::TooDeep { span: at });
            return None;
        }
        self.open.push(Open { start: at.start, anchor, contents });
        Some(())
    }

    fn end(&mut self, at: Span) -> Option<()> {
        let Open { start, anchor, contents } = self.open.pop()?;
        let kind = match contents {
            Contents::List(items) => Kind::List(items),
            Contents::Map { mut members, index, merged, .. } => {
                for member in merged.into_iter().flat_map(|it| match it.kind {
                    Kind::Map(members) => members,
                    _ => Vec::new(),
                }) {
                    // What is written beside a merge key comes before it.
                    if !index.contains_key(&member.key) && !members.iter().any(|it| it.key == member.key) {
                        members.push(member);
                    }
                }
                Kind::Map(members)
            }
        };
        let node = Node { span: Span::new(self.file, start, at.end.max(start)), kind };
        self.remember(anchor, &node);
        self.place(node)
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), count(node)));
        }
    }

    /// Puts a complete node where it belongs: the root, an item, a key, or the value of the last key.
    fn place(&mut self, node: Node) -> Option<()> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            self.faults.push(Fault::TooManyNodes { span: node.span });
            return None;
        }
        match self.open.last_mut() {
            None => self.root = self.root.take().or(Some(node)),
            Some(Open { contents: Contents::List(items), .. }) => items.push(node),
            Some(Open { contents: Contents::Map { members, index, key, merged }, .. }) => match key.take() {
                None => *key = Some((key_text(&node, self.text), node.span)),
                Some((text, _)) if text == "<<" => match node.kind {
                    Kind::List(items) => merged.extend(items),
                    _ => merged.push(node),
                },
                Some((text, span)) => {
                    let shown = text.clone();
                    if insert(members, index, Member { key: text, span, value: node }) {
                        self.faults.push(Fault::DuplicateKey { key: shown, span });
                    }
                }
            },
        }
        Some(())
    }

    fn scalar(&mut self, text: String, plain: bool, span: Span) -> Kind {
        if !plain {
            return Kind::Text(text);
        }
        match text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
            "true" | "True" | "TRUE" => Kind::Bool(true),
            "false" | "False" | "FALSE" => Kind::Bool(false),
            "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => {
                self.faults.push(Fault::Yaml11 { text: text.clone(), span });
                Kind::Text(text)
            }
            _ => number(&text).map_or(Kind::Text(text), Kind::Number),
        }
    }

    /// A span of the parser's, inside the text and on character boundaries.
    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        let start = self.boundary(range.start);
        Span::new(self.file, start, self.boundary(range.end).max(start))
    }

    fn boundary(&self, at: usize) -> u32 {
        let mut at = self.base.saturating_add(at).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at as u32
    }
}

/// A key is text as it is written: `200`, `1.0`, `no`.
fn key_text(node: &Node, text: &str) -> String {
    match &node.kind {
        Kind::Text(text) => text.clone(),
        _ => text.get(node.span.start as usize..node.span.end as usize).unwrap_or_default().trim().to_owned(),
    }
}

/// A decimal number, as YAML 1.2 reads it.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        || !digits.contains(|it: char| it.is_ascii_digit())
    {
        return None;
    }
    if !digits.bytes().all(|it| it.is_ascii_digit() || b".eE+-".contains(&it)) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    Number::from_f64(text.parse::<f64>().ok()?)
}

fn count(node: &Node) -> usize {
    let below: usize = match &node.kind {
        Kind::List(items) => items.iter().map(count).sum(),
        Kind::Map(members) => members.iter().map(|it| count(&it.value)).sum(),
        _ => 0,
    };
    below + 1
}
