//! Changes for people, for programs, and for a changelog.

mod human;
mod json;
mod markdown;

pub use human::human;
pub use json::json;
pub use markdown::{changelog_entry, markdown};

use serde_json::{Map, Value};
use specwright_codegen::boundary::RequestParts;

use crate::change::Change;

/// Operations that are named where one change concerns many.
const NAMED: usize = 4;

/// The same change of several operations.
struct Group<'c> {
    change: &'c Change,
    operations: Vec<&'c str>,
}

/// Changes that say the same of several operations, once: one edit of a shared type is one thing to read.
fn grouped<'c>(changes: impl Iterator<Item = &'c Change>) -> Vec<Group<'c>> {
    let mut groups: Vec<Group<'c>> = Vec::new();
    for change in changes {
        let same = |it: &Group<'_>| {
            let other = it.change;
            other.side == change.side
                && other.message == change.message
                && other.variants == change.variants
                && last_segment(&other.place) == last_segment(&change.place)
        };
        match groups.iter_mut().find(|it| same(it)) {
            Some(group) => group.operations.extend(change.operation.as_deref()),
            None => groups.push(Group { change, operations: change.operation.as_deref().into_iter().collect() }),
        }
    }
    groups
}

fn last_segment(place: &str) -> &str {
    place.rsplit('/').find(|it| *it != "*").unwrap_or_default()
}

impl Group<'_> {
    /// `images.generate`, `images.generate and 3 more`; empty: the API.
    fn subject(&self) -> String {
        let mut names: Vec<&str> = self.operations.clone();
        names.dedup();
        let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        match names.len().saturating_sub(NAMED) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }
}

/// A request as one JSON value: only the parts that have something.
fn request(parts: &RequestParts) -> Value {
    let RequestParts { path, query, headers, body } = parts;
    let mut all = Map::new();
    for (name, values) in [("path", path), ("query", query), ("headers", headers)] {
        if !values.is_empty() {
            all.insert(name.to_owned(), Value::Object(values.clone()));
        }
    }
    if let Some(body) = body {
        all.insert("body".to_owned(), body.clone());
    }
    Value::Object(all)
}
