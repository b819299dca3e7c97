//! Paths: `/v1/models/{model}:generate` in pieces.

use crate::diagnostics::{Diagnostics, names};
use crate::source::Span;
use crate::syntax::document::Text;

/// The longest path.
const LONGEST: usize = 2048;

/// A path in pieces.
#[derive(Debug)]
pub(super) struct Template {
    pub parts: Vec<Part>,
    span: Span,
}

/// A piece of a path.
#[derive(Debug)]
pub(super) enum Part {
    Literal(String),
    Parameter(String),
}

impl Template {
    /// Takes a path apart; reports what is wrong with it.
    pub(super) fn parse(text: &Text, out: &mut Diagnostics) -> Option<Self> {
        match parts(&text.value) {
            Ok(parts) => Some(Self { parts, span: text.span }),
            Err((problem, help)) => {
                out.push(names::bad_path(&problem, help, text.span));
                None
            }
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters().map(|(name, _)| name)
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, Span)> {
        self.parts.iter().filter_map(|it| match it {
            Part::Parameter(name) => Some((name.as_str(), self.span)),
            Part::Literal(_) => None,
        })
    }

    /// The path with nameless parameters: the paths of two operations must have different shapes.
    pub(super) fn shape(&self) -> String {
        let parts = self.parts.iter().map(|it| match it {
            Part::Literal(text) => text.as_str(),
            Part::Parameter(_) => "{}",
        });
        parts.collect()
    }
}

fn parts(text: &str) -> Result<Vec<Part>, (String, &'static str)> {
    const FORM: &str = "write it like `/v1/tasks/{id}`";
    if text.len() > LONGEST {
        return Err((format!("the path is longer than {LONGEST} characters"), FORM));
    }
    if !text.starts_with('/') {
        return Err(("a path starts with `/`".to_owned(), FORM));
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (literal, after) = match rest.find('{') {
            Some(at) => (&rest[..at], Some(&rest[at + 1..])),
            None => (rest, None),
        };
        if let Some(bad) = literal.chars().find(|it| matches!(it, '?' | '#' | '}') || it.is_control()) {
            let help = match bad {
                '?' => "query parameters belong under `query`; one that is always the same is a `const`",
                '}' => "each `}` needs a `{` before it",
                _ => FORM,
            };
            return Err((format!("a path does not hold `{}`", bad.escape_default()), help));
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(encoded(literal)));
        }
        let Some(after) = after else { break };
        let Some(end) = after.find('}') else {
            return Err(("a `{` without `}`".to_owned(), FORM));
        };
        let name = &after[..end];
        let plain =
            |it: char| !it.is_control() && !it.is_whitespace() && !matches!(it, '{' | '/' | '?' | '#' | '*' | '+');
        if name.is_empty() || !name.chars().all(plain) {
            return Err((format!("`{{{name}}}` is not a path parameter"), FORM));
        }
        if parts.iter().any(|it| matches!(it, Part::Parameter(other) if other == name)) {
            return Err((format!("the path holds `{{{name}}}` twice"), "give each parameter a name of its own"));
        }
        if matches!(parts.last(), Some(Part::Parameter(_))) {
            return Err(("two path parameters without text between them".to_owned(), FORM));
        }
        parts.push(Part::Parameter(name.to_owned()));
        rest = &after[end + 1..];
    }
    let mut segments = text.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        // The last segment may be empty: some servers want a slash at the end, and the path `/` has no other segment.
        let is_empty = segment.is_empty() && segments.peek().is_some();
        if is_empty || matches!(segment, "." | "..") {
            return Err(("a path has no empty or dotted segments".to_owned(), FORM));
        }
    }
    Ok(parts)
}

/// Percent-encodes characters that are not allowed in a path, such as `<`.
fn encoded(literal: &str) -> String {
    let mut encoded = String::new();
    for it in literal.chars() {
        if it.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%".contains(it) {
            encoded.push(it);
        } else {
            encoded.push_str(&crate::serialize::percent_encoded(it.encode_utf8(&mut [0; 4])));
        }
    }
    encoded
}
