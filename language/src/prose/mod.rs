//! The sentences: conditions, clauses, rules and types in words.
//!
//! Only this module writes them. The violations of [`crate::interpret`], the emitted validators (as static text) and
//! the docs all use its sentences. A sentence therefore depends on the model alone, never on the value that was sent.
//!
//! Style: lower case, no final full stop, names and values in backticks. The spec can add its own words. `because`
//! follows a clause's sentence after a colon, since the fact itself must stay. `message` replaces a rule's sentence.
//! Lists are cut after eight values.

mod clause;
mod condition;
mod oauth2;
mod pages;
mod rule;
mod sent;
mod table;
#[cfg(test)]
mod tests;
mod ty;

pub use crate::constraints::limit;
pub use clause::{clause, clause_doc};
pub use condition::{condition, failure, path, when};
pub use oauth2::{oauth2, scopes};
pub use pages::pages;
pub use rule::rule;
pub use sent::sent;
pub use table::{constraint_short, constraints_short};
pub use ty::{INTEGER_RANGE, Subject, exclusive_sentence, format_noun, shape_noun, type_noun, type_sentence};

use serde_json::Value;
use specwright_yaml::invisible_characters::is_plain;

use crate::escape::escaped;

/// Values listed before "and N more".
const LISTED: usize = 8;
/// Characters shown of a value.
const SHOWN: usize = 60;

/// Text in backticks, shortened.
#[must_use]
pub fn code(text: &str) -> String {
    let shown = shortened(text, SHOWN);
    if !shown.contains('`') {
        return format!("`{shown}`");
    }
    // Markdown's way to quote backticks: more of them than stand inside in a row.
    let longest = shown.split(|it| it != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    format!("{ticks} {shown} {ticks}")
}

/// A value in backticks: text as it stands, anything else as JSON.
#[must_use]
pub fn value(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "`\"\"`".to_owned(),
        Value::String(text) => code(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            code(&value.to_string())
        }
    }
}

/// "`a`", "`a` or `b`", "`a`, `b` or `c`", "`a`, …, `h` or 3 more".
#[must_use]
pub fn either(values: &[Value]) -> String {
    let all: Vec<String> = values.iter().take(LISTED).map(value).collect();
    joined(all, values.len(), "or")
}

/// "`a`, `b`", "`a`, `b`, … and 3 more".
#[must_use]
pub fn listed(values: &[Value]) -> String {
    cut_list(values.iter().take(LISTED).map(value).collect(), values.len())
}

/// The first `most` characters, with `…` if that is not all; on one line.
#[must_use]
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most && is_plain(text) {
        return text.to_owned();
    }
    let end = text.char_indices().nth(most).map_or(text.len(), |it| it.0);
    // A no-break space looks like a space: show it as an escape.
    let mut shown = escaped(&text[..end]).replace('\u{a0}', "\\u{a0}");
    if end < text.len() {
        shown.push('…');
    }
    shown
}

/// The spec's own words as the end of a sentence: on one line, without a final full stop.
fn own_words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.strip_suffix('.').filter(|it| !it.ends_with('.')).unwrap_or(&line).to_owned()
}

fn cut_list(shown: Vec<String>, n_all: usize) -> String {
    let text = shown.join(", ");
    if n_all > shown.len() { format!("{text} and {} more", n_all - shown.len()) } else { text }
}

fn joined(mut shown: Vec<String>, n_all: usize, word: &str) -> String {
    if n_all > shown.len() {
        shown.push(format!("{} more", n_all - shown.len()));
    }
    match shown.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
    }
}

pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
