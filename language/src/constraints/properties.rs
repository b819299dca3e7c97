//! Entries of maps and free-form objects: `min_properties`, `max_properties`, `property_names`.

use serde_json::{Map, Value, json};

use super::length::near;
use super::measure::is_within;
use super::words::{Words, limit};
use super::{
    AppliesTo, ArgumentFault, ArgumentKind, BASE, BoundaryBase, Keyword, Measure, Schema, Written, make_texts,
};
use crate::model::{Argument, Constraint, Type};
use crate::pattern::Pattern;

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

pub(super) const KEYWORDS: [Keyword; 3] = [
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
    Keyword {
        name: "property_names",
        words: Words::Own(
            |it| format!("must only have keys that match {}", limit(it).unwrap_or_default()),
            |it| format!("keys match {}", limit(it).unwrap_or_default()),
        ),
        argument: ArgumentKind::Text,
        applies_to: AppliesTo::Maps,
        constraint: |it, _| {
            if let Written::Text(text) = it { Some(Constraint::PropertyNames(text.clone())) } else { None }
        },
        fault: |it| match it {
            Written::Text(text) => Pattern::parse(text).err().map(ArgumentFault::Pattern),
            _ => None,
        },
        holds: |_, value| if value.as_object().is_some_and(|it| !it.is_empty()) { None } else { Some(true) },
        // OpenAPI 3.0 does not have it.
        schema: |it| match it.argument() {
            Argument::Keys(pattern) => Schema::Loose("propertyNames", json!({ "pattern": pattern })),
            _ => Schema::None,
        },
        boundary_values: |_, base| {
            let entry = base.value.as_object().and_then(|it| it.values().next()).unwrap_or(base.value);
            let object = |key: &str| Value::from_iter([(key, entry.clone())]);
            ["", " ", "!", "a", "A", "0", "\u{e9}"].map(object).to_vec()
        },
        ..BASE
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

/// The object with keys that the constraints allow. `None` if they do not allow so many.
pub(crate) fn with_allowed_keys<'c>(
    object: Value,
    constraints: impl Iterator<Item = &'c Constraint> + Clone,
) -> Option<Value> {
    let patterns: Vec<Constraint> = constraints
        .filter_map(|it| match it.argument() {
            Argument::Keys(pattern) => Some(Constraint::Pattern(pattern.to_owned())),
            _ => None,
        })
        .collect();
    let Value::Object(entries) = object else { return Some(object) };
    if patterns.is_empty() {
        return Some(Value::Object(entries));
    }
    let texts = make_texts(&Type::String, patterns.iter())?;
    let count = entries.len();
    let named = (0..).map_while(|it| texts.nth(it)).zip(entries.into_iter().map(|(_, value)| value));
    let named: Map<String, Value> = named.collect();
    (named.len() == count).then_some(Value::Object(named))
}

/// `a`, …, `z`, `a1`, …
fn key(number: u32) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    if number < 26 { letter.to_string() } else { format!("{letter}{}", number / 26) }
}
