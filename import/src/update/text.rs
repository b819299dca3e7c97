//! Pieces of spec files as text: where they begin and end, how they are moved to another indentation, and edits.

use specwright_codegen::source::Span;
use specwright_codegen::yaml::{Entry, Kind, Node};

/// How wide lines are, if what is on them can be broken.
const WIDTH: usize = 118;

/// What stands behind the `:` of a key or the `-` of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// The rest of that line.
    pub head: String,
    /// The lines below, indented from the key.
    pub tail: Vec<String>,
}

impl Value {
    pub(super) fn line(head: impl Into<String>) -> Self {
        Self { head: head.into(), tail: Vec::new() }
    }

    /// Whether it may stand between brackets.
    fn fits_flow(&self) -> bool {
        self.tail.is_empty() && fits_flow(&self.head)
    }

    /// `key: value` with the lines below it, each behind some blanks.
    pub(super) fn under(&self, key: &str, indent: usize) -> String {
        let blanks = " ".repeat(indent);
        let gap = if self.head.is_empty() { "" } else { " " };
        let mut out = format!("{blanks}{key}{gap}{}\n", self.head);
        for line in &self.tail {
            if !line.is_empty() {
                out.push_str(&blanks);
                out.push_str(line);
            }
            out.push('\n');
        }
        out
    }
}

fn fits_flow(text: &str) -> bool {
    let quoted = text.starts_with(['"', '\'', '[', '{']);
    !text.is_empty() && !text.starts_with(['|', '>']) && (quoted || !text.contains([',', '[', ']', '{', '}']))
}

/// A mapping of some pairs: on one line if it fits behind a column, else below each other.
pub(super) fn mapping(pairs: &[(String, Value)], column: usize) -> Value {
    if pairs.iter().all(|(key, value)| value.fits_flow() && fits_flow(key)) {
        let words: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {}", value.head)).collect();
        let line = format!("{{{}}}", words.join(", "));
        if column + line.chars().count() <= WIDTH {
            return Value::line(line);
        }
    }
    let lines = pairs.iter().map(|(key, value)| value.under(&format!("{key}:"), 2));
    Value {
        head: String::new(),
        tail: lines.flat_map(|it| it.lines().map(str::to_owned).collect::<Vec<_>>()).collect(),
    }
}

/// A list of some items, like [`mapping`].
pub(super) fn list(items: &[Value], column: usize) -> Value {
    if items.iter().all(Value::fits_flow) {
        let words: Vec<&str> = items.iter().map(|it| it.head.as_str()).collect();
        let line = format!("[{}]", words.join(", "));
        if column + line.chars().count() <= WIDTH {
            return Value::line(line);
        }
        if words.iter().all(|it| !it.starts_with(['{', '['])) {
            return Value { head: String::new(), tail: wrapped(&words) };
        }
    }
    let lines = items.iter().map(|it| it.under("-", 2));
    Value {
        head: String::new(),
        tail: lines.flat_map(|it| it.lines().map(str::to_owned).collect::<Vec<_>>()).collect(),
    }
}

/// `[a, b, …]` over several lines.
fn wrapped(words: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = "  [".to_owned();
    for (at, word) in words.iter().enumerate() {
        let end = if at + 1 == words.len() { "]" } else { "," };
        if line.chars().count() + word.chars().count() + 20 > WIDTH {
            lines.push(line.trim_end().to_owned());
            line = "   ".to_owned();
        }
        line.push_str(word);
        line.push_str(end);
        line.push(' ');
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The text of a span.
pub(super) fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// The start of the line of a place.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1)
}

/// The start of the line after that of a place.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|it| it.find('\n')).map_or(text.len(), |it| at + it + 1)
}

/// How many bytes are before a place on its line.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// Whether a list or a mapping is written between brackets.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    slice(text, node.span).starts_with(['{', '['])
}

/// Whether a node is a mapping or a list of which each part has lines of its own.
pub(super) fn is_block(text: &str, node: &Node) -> bool {
    !matches!(node.kind, Kind::Scalar(_)) && !is_flow(text, node)
}

/// What stands behind a key that ends at some place.
pub(super) fn value_behind(text: &str, key: Span, value: &Node, in_flow: bool) -> Value {
    let written = text.get(key.end as usize..value.span.end as usize).unwrap_or_default();
    let written = written.split_once(':').map_or(written, |it| it.1);
    cut(written, column(text, key.start as usize), in_flow)
}

/// An item of a list.
pub(super) fn item(text: &str, node: &Node, in_flow: bool) -> Value {
    let start = node.span.start as usize;
    let dash = text.get(..start).and_then(|it| it.rfind('-')).filter(|_| !in_flow);
    cut(slice(text, node.span), dash.map_or(0, |it| column(text, it)), in_flow)
}

fn cut(written: &str, indent: usize, in_flow: bool) -> Value {
    let written = written.trim_start_matches([' ', '\t']);
    if in_flow || written.starts_with(['{', '[']) {
        let lines: Vec<&str> = written.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
        return Value::line(lines.join(" "));
    }
    let mut lines = written.split('\n');
    let head = lines.next().unwrap_or_default().trim_end();
    // A comment behind a key whose value is below it.
    let head = if head.starts_with('#') { "" } else { head };
    let tail = lines.map(|line| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        line.get(blanks.min(indent)..).unwrap_or_default().trim_end().to_owned()
    });
    Value { head: head.to_owned(), tail: tail.collect() }
}

/// Whether a text has a comment, as far as that can be told without reading it as YAML.
pub(super) fn has_comment(text: &str) -> bool {
    text.lines().any(|it| it.trim_start().starts_with('#') || it.contains(" #") && !it.contains(['"', '\'']))
}

/// A replacement of some bytes.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// A text after some edits that do not overlap. Of those at one place, the first comes first.
pub(super) fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|it| (it.start, it.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        if edit.start < at {
            continue;
        }
        out.push_str(text.get(at..edit.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Lines at another indentation.
pub(super) fn shifted(lines: &str, from: usize, to: usize) -> String {
    if from == to {
        return lines.to_owned();
    }
    let mut out = String::with_capacity(lines.len());
    for line in lines.lines() {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() {
            out.push_str(&" ".repeat((blanks + to).saturating_sub(from)));
            out.push_str(line.trim_start_matches(' '));
        }
        out.push('\n');
    }
    out
}

/// The lines of an entry of a mapping in a block, with the comments and empty lines above it. `previous` is the end of
/// what comes before.
pub(super) fn lines_of(text: &str, previous: usize, entry: &Entry) -> (usize, usize) {
    let last = (entry.value.span.end as usize).max(entry.key.span.end as usize);
    let start = line_end(text, previous).min(line_start(text, entry.key.span.start as usize));
    (start, line_end(text, last))
}
