//! Items of arrays: `min_items`, `max_items`, `unique_items`.

use serde_json::{Value, json};

use super::length::near;
use super::measure::is_within;
use super::words::Words;
use super::{AppliesTo, ArgumentKind, BASE, BoundaryBase, Keyword, Measure, Schema, Written};
use crate::model::{Api, Argument, Constraint, Type, TypeKind, same_value};

/// Items of what is made, at most.
const MOST_ITEMS: u64 = 300;

const COUNTED: Keyword = Keyword {
    argument: ArgumentKind::Count,
    applies_to: AppliesTo::Lists,
    measure: Some(Measure::Items),
    holds: is_within,
    boundary_values: lists_near,
    ..BASE
};

pub(super) const KEYWORDS: [Keyword; 3] = [
    Keyword {
        name: "min_items",
        partner: Some("max_items"),
        constraint: |it, _| it.count().map(Constraint::MinItems),
        schema: |it| Schema::count("minItems", it),
        ..COUNTED
    },
    Keyword {
        name: "max_items",
        partner: Some("min_items"),
        constraint: |it, _| it.count().map(Constraint::MaxItems),
        schema: |it| Schema::count("maxItems", it),
        ..COUNTED
    },
    Keyword {
        name: "unique_items",
        words: Words::Own(|_| "must not contain duplicate items".to_owned(), |_| "no duplicate items".to_owned()),
        argument: ArgumentKind::Flag,
        applies_to: AppliesTo::Lists,
        constraint: |it, _| (*it == Written::Flag(true)).then_some(Constraint::UniqueItems),
        holds: |_, value| Some(value.as_array().is_none_or(|it| all_differ(it))),
        schema: |_| Schema::Exact("uniqueItems", json!(true)),
        boundary_values: |_, base| {
            let first = base.value.as_array().and_then(|it| it.first());
            first.map(|it| Value::from(vec![it.clone(), it.clone()])).into_iter().collect()
        },
        ..BASE
    },
];

fn all_differ(items: &[Value]) -> bool {
    items.iter().enumerate().all(|(at, it)| !items[..at].iter().any(|other| same_value(it, other)))
}

fn lists_near(constraint: &Constraint, base: &BoundaryBase<'_>) -> Vec<Value> {
    match (constraint.argument(), base.value.as_array()) {
        (Argument::Count(limit), Some(items)) => {
            near(limit).filter_map(|it| repeated(base.api, base.ty, items, it)).collect()
        }
        _ => Vec::new(),
    }
}

/// So many items: those there are, then more like the last; texts are kept apart.
pub(crate) fn repeated(api: &Api, ty: &Type, items: &[Value], count: u64) -> Option<Value> {
    let count = (count <= MOST_ITEMS).then_some(count as usize)?;
    let mut all: Vec<Value> = items.iter().take(count).cloned().collect();
    let last = items.last();
    while all.len() < count {
        let at = all.len();
        all.push(match (last?, ty) {
            (Value::String(text), Type::Array(item)) if is_free_text(api, item) => Value::from(format!("{text}{at}")),
            (Value::Number(number), _) => match number.as_i64() {
                Some(number) => Value::from(number.saturating_add(at as i64)),
                None => last?.clone(),
            },
            (other, _) => other.clone(),
        });
    }
    Some(Value::Array(all))
}

fn is_free_text(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::String | Type::Url | Type::HttpsUrl => true,
        Type::Nullable(inner) => is_free_text(api, inner),
        Type::Named(id) => matches!(&api.ty(*id).kind, TypeKind::Enum(def) if def.open),
        _ => false,
    }
}
