//! Changes for a terminal.

use serde_json::Value;

use super::{grouped, request};
use crate::change::{ApiDiff, Change, Class, Evidence};

/// Rust items that are named.
const ITEMS: usize = 3;
/// Characters of a request that are shown.
const SHOWN: usize = 300;
/// Characters of a text in it.
const LONGEST: usize = 60;

/// All changes of an API, breaking ones first, with what shows them.
#[must_use]
pub fn human(diff: &ApiDiff) -> String {
    let mut text = format!("{}: {}\n", diff.api, headline(diff));
    for class in [Class::Breaking, Class::Widening, Class::Documentation] {
        for group in grouped(diff.of_class(class)) {
            let subject = group.subject();
            let place = [subject.as_str(), group.change.place.as_str()];
            let place = place.iter().copied().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
            let word = if may_break(group.change) { "may break" } else { class.word() };
            let colon = if place.is_empty() { "" } else { ": " };
            text.push_str(&format!("\n{word} {place}{colon}{}\n", group.change.message));
            text.push_str(&details(group.change));
        }
    }
    text
}

fn may_break(change: &Change) -> bool {
    change.class == Class::Breaking && matches!(change.evidence, Evidence::NotFound(_))
}

fn headline(diff: &ApiDiff) -> String {
    match (&diff.old_version, &diff.new_version) {
        (None, _) => return "the API was added".to_owned(),
        (_, None) => return "the API was removed".to_owned(),
        _ => {}
    }
    let count = |class| diff.of_class(class).count();
    let (breaking, widening, words) = (count(Class::Breaking), count(Class::Widening), count(Class::Documentation));
    let mut text = format!("{breaking} breaking, {widening} widening, {words} documentation");
    if let (Some(old), Some(least)) = (&diff.old_version, diff.least_version()) {
        let new = diff.new_version.as_deref().unwrap_or_default();
        text.push_str(&format!("; version {old} → at least {least} (now {new})"));
    }
    text
}

fn details(change: &Change) -> String {
    let mut text = String::new();
    let mut line = |word: &str, words: &str| text.push_str(&format!("  {word:<9} {words}\n"));
    if !change.variants.is_empty() {
        line("variants", &change.variants.join(", "));
    }
    match &change.evidence {
        Evidence::None => {}
        Evidence::Refused { request: parts, violation } => {
            line("accepted", &shown(&request(parts)));
            line("refused", violation);
        }
        Evidence::MeansOther(parts) => line("such as", &shown(&request(parts))),
        Evidence::Unanswered(parts) => line("such as", &shown(&request(parts))),
        Evidence::NotFound(why) => line("because", why),
    }
    if !change.rust.is_empty() {
        let mut items = change.rust.iter().take(ITEMS).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        if change.rust.len() > ITEMS {
            items.push_str(&format!(" and {} more", change.rust.len() - ITEMS));
        }
        if change.source_breaking {
            items.push_str(": code that uses them may have to change");
        }
        line("rust", &items);
    }
    text
}

/// A request in which long texts are cut.
fn shown(request: &Value) -> String {
    shortened(&cut(request).to_string())
}

fn cut(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => {
            let start: String = text.chars().take(LONGEST / 4).collect();
            Value::from(format!("{start}… ({} characters)", text.chars().count()))
        }
        Value::Array(items) => items.iter().map(cut).collect(),
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), cut(it))).collect(),
        other => other.clone(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
