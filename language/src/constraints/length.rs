//! Lengths of texts: `min_length`, `max_length`. `han_double` says how characters count.

use serde_json::{Value, json};

use super::measure::is_within;
use super::{AppliesTo, ArgumentKind, BASE, BoundaryBase, Keyword, Measure, Schema, pattern};
use crate::model::{Argument, Constraint, LengthUnit};
use crate::pattern::Lengths;

/// Characters of what is made, at most.
const LONGEST: u64 = 50_000;

const LENGTH: Keyword = Keyword {
    argument: ArgumentKind::Count,
    applies_to: AppliesTo::Texts,
    measure: Some(Measure::Characters),
    holds: is_within,
    schema,
    boundary_values: texts_near,
    ..BASE
};

pub(super) const KEYWORDS: [Keyword; 2] = [
    Keyword {
        name: "min_length",
        partner: Some("max_length"),
        constraint: |it, unit| it.count().map(|it| Constraint::MinLength(it, unit)),
        ..LENGTH
    },
    Keyword {
        name: "max_length",
        partner: Some("min_length"),
        constraint: |it, unit| it.count().map(|it| Constraint::MaxLength(it, unit)),
        ..LENGTH
    },
];

fn schema(constraint: &Constraint) -> Schema {
    let Argument::Count(limit) = constraint.argument() else { return Schema::None };
    let is_lower = constraint.bound().is_some_and(|it| it.is_lower());
    match (is_lower, constraint.unit()) {
        (true, LengthUnit::Plain) => Schema::Exact("minLength", json!(limit)),
        (false, LengthUnit::Plain) => Schema::Exact("maxLength", json!(limit)),
        // Characters that count 2: half as many may be enough, and never are more allowed than that many.
        (true, LengthUnit::HanDouble) => Schema::Loose("minLength", json!(limit.div_ceil(2))),
        (false, LengthUnit::HanDouble) => Schema::Loose("maxLength", json!(limit)),
    }
}

fn texts_near(constraint: &Constraint, base: &BoundaryBase<'_>) -> Vec<Value> {
    let (Argument::Count(limit), Some(text)) = (constraint.argument(), base.value.as_str()) else { return Vec::new() };
    let resized = near(limit).filter_map(|it| resized(text, it));
    let patterns = pattern::patterns(base.ty, base.beside.iter().copied());
    let is_free = !base.beside.iter().any(|it| matches!(it.argument(), Argument::Pattern(_)));
    let matching = near(limit)
        .filter(|_| !is_free)
        .filter_map(|it| crate::pattern::Texts::new(&patterns, &Lengths::exactly(it, constraint.unit()))?.nth(0));
    resized.chain(matching).map(Value::from).collect()
}

/// One below a limit, the limit, and one above.
pub(super) fn near(limit: u64) -> impl Iterator<Item = u64> {
    [limit.checked_sub(1), Some(limit), limit.checked_add(1)].into_iter().flatten()
}

/// The text cut or filled up with `a`.
pub(crate) fn resized(text: &str, length: u64) -> Option<String> {
    let length = (length <= LONGEST).then_some(length as usize)?;
    let kept: String = text.chars().take(length).collect();
    let missing = length - kept.chars().count();
    Some(kept + &"a".repeat(missing))
}
