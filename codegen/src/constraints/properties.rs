//! Entries of maps and free-form objects: `min_properties`, `max_properties`.

use serde_json::{Map, Value};

use super::length::near;
use super::measure::is_within;
use super::{AppliesTo, ArgumentKind, BASE, BoundaryBase, Keyword, Measure, Schema};
use crate::model::{Argument, Constraint};

/// Entries of what is made, at most.
const MOST_ENTRIES: u64 = 300;

const COUNTED: Keyword = Keyword {
    argument: ArgumentKind::Count,
    applies_to: AppliesTo::Maps,
    measure: Some(Measure::Properties),
    holds: is_within,
    boundary_values: objects_near,
    ..BASE
};

pub(super) const KEYWORDS: [Keyword; 2] = [
    Keyword {
        name: "min_properties",
        partner: Some("max_properties"),
        constraint: |it, _| it.count().map(Constraint::MinProperties),
        schema: |it| Schema::count("minProperties", it),
        ..COUNTED
    },
    Keyword {
        name: "max_properties",
        partner: Some("min_properties"),
        constraint: |it, _| it.count().map(Constraint::MaxProperties),
        schema: |it| Schema::count("maxProperties", it),
        ..COUNTED
    },
];

/// Of any JSON a plain value of it is no object, so that objects are made of it.
fn objects_near(constraint: &Constraint, base: &BoundaryBase<'_>) -> Vec<Value> {
    let Argument::Count(limit) = constraint.argument() else { return Vec::new() };
    let entry = |it: &Map<String, Value>| it.values().next().cloned();
    let entry = base.value.as_object().map_or_else(|| Some(base.value.clone()), entry);
    let entry = entry.unwrap_or_else(|| Value::from("a"));
    near(limit).filter_map(|it| object_of(base.value.as_object(), &entry, it)).collect()
}

/// So many entries: those there are, then more of the same value.
pub(crate) fn object_of(base: Option<&Map<String, Value>>, entry: &Value, count: u64) -> Option<Value> {
    let count = (count <= MOST_ENTRIES).then_some(count as usize)?;
    let before = base.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone()));
    let mut object: Map<String, Value> = before.take(count).collect();
    let mut names = (0..).map(key);
    while object.len() < count {
        object.entry(names.next()?).or_insert_with(|| entry.clone());
    }
    Some(Value::Object(object))
}

/// `a`, …, `z`, `a1`, …
fn key(number: u32) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    if number < 26 { letter.to_string() } else { format!("{letter}{}", number / 26) }
}
