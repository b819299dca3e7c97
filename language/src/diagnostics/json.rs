//! Diagnostics as JSON, for editors and scripts.

use serde_json::{Value, json};

use super::{Diagnostic, Label};
use crate::source::{Sources, Span};

/// One diagnostic as an object; lines and columns count from 1, columns in characters.
#[must_use]
pub fn to_json(sources: &Sources, d: &Diagnostic) -> Value {
    let mut object = place(sources, d.primary.span);
    // A new map first, so that the keys come in the order a reader wants them.
    let mut out = serde_json::Map::new();
    out.insert("code".into(), d.code.as_str().into());
    out.insert("severity".into(), d.severity.as_str().into());
    out.insert("message".into(), d.message.as_str().into());
    out.append(&mut object);
    out.insert("label".into(), d.primary.text.as_str().into());
    out.insert("related".into(), d.related.iter().map(|it| label(sources, it)).collect());
    out.insert("help".into(), d.help.as_deref().into());
    out.insert("notes".into(), d.notes.iter().map(String::as_str).collect());
    let fix = d.fix.as_ref().map(|fix| {
        let mut object = place(sources, fix.span);
        object.insert("replacement".into(), fix.replacement.as_str().into());
        object.insert("title".into(), fix.title.as_str().into());
        Value::Object(object)
    });
    out.insert("fix".into(), fix.unwrap_or_default());
    Value::Object(out)
}

fn label(sources: &Sources, label: &Label) -> Value {
    let mut object = place(sources, label.span);
    object.insert("label".into(), label.text.as_str().into());
    Value::Object(object)
}

fn place(sources: &Sources, span: Span) -> serde_json::Map<String, Value> {
    let at = sources.location(span);
    let range = sources.clamp(span);
    let pairs = [
        ("file", json!(sources.get(span.file).map(|file| &file.path))),
        ("line", json!(at.line)),
        ("column", json!(at.column)),
        ("end_line", json!(at.end_line)),
        ("end_column", json!(at.end_column)),
        ("byte_start", json!(range.start)),
        ("byte_end", json!(range.end)),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
