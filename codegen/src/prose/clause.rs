//! Clauses in words: "`prompt` must have at most 2500 characters when `model` is `seedance-1.5-pro`".

use super::{code, condition, counted, either, listed, own_words, value, when};
use crate::model::{Api, Clause, Condition, Constraint, Field, LengthUnit, Record, Target};

/// What a clause requires: the message of its violation.
///
/// The spec's `because` follows after a colon.
#[must_use]
pub fn clause(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    let text = match (&clause.constraint, clause.target) {
        (Constraint::Required, Target::Value) => {
            format!("required parameter `{}` is missing{}", field.name, when(record, api, &clause.when))
        }
        _ => statement(record, api, field, clause),
    };
    with_reason(text, clause)
}

/// The same sentence for docs, where nothing is missing yet: "`prompt` is required when …".
#[must_use]
pub fn clause_doc(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    with_reason(statement(record, api, field, clause), clause)
}

/// What a constraint requires, to follow the name: "must have at most 2500 characters", "must be one of `a`, `b`".
#[must_use]
pub fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Required => "is required".to_owned(),
        Constraint::Forbidden => "is not allowed".to_owned(),
        Constraint::Ignored => "has no effect".to_owned(),
        Constraint::Enum(values) if values.len() <= 2 => format!("must be {}", either(values)),
        Constraint::Enum(values) => format!("must be one of {}", listed(values)),
        Constraint::Const(only) => format!("must be {}", value(only)),
        Constraint::Minimum(number) => format!("must be at least {number}"),
        Constraint::Maximum(number) => format!("must be at most {number}"),
        Constraint::ExclusiveMinimum(number) => format!("must be greater than {number}"),
        Constraint::ExclusiveMaximum(number) => format!("must be less than {number}"),
        Constraint::MultipleOf(number) => format!("must be a multiple of {number}"),
        Constraint::MinLength(1, _) => "must not be empty".to_owned(),
        Constraint::MinLength(least, weights) => {
            format!("must have at least {}{}", counted(*least, "character", "characters"), weighted(*weights))
        }
        Constraint::MaxLength(most, weights) => {
            format!("must have at most {}{}", counted(*most, "character", "characters"), weighted(*weights))
        }
        Constraint::Pattern(pattern) => format!("must match {}", code(pattern)),
        Constraint::MinItems(1) => "must not be empty".to_owned(),
        Constraint::MinItems(least) => format!("must have at least {}", counted(*least, "item", "items")),
        Constraint::MaxItems(most) => format!("must have at most {}", counted(*most, "item", "items")),
        Constraint::UniqueItems => "must not contain duplicate items".to_owned(),
        Constraint::MaxBytes(most) => format!("must be at most {}", bytes(*most)),
        Constraint::Default(default) => format!("defaults to {}", value(default)),
    }
}

/// The limit alone, as text: "2500", "`a`, `b`". `None` where there is none to name.
#[must_use]
pub fn limit(constraint: &Constraint) -> Option<String> {
    match constraint {
        Constraint::Required | Constraint::Forbidden | Constraint::Ignored | Constraint::UniqueItems => None,
        Constraint::Enum(values) => Some(listed(values)),
        Constraint::Const(only) | Constraint::Default(only) => Some(value(only)),
        Constraint::Minimum(number)
        | Constraint::Maximum(number)
        | Constraint::ExclusiveMinimum(number)
        | Constraint::ExclusiveMaximum(number)
        | Constraint::MultipleOf(number) => Some(number.to_string()),
        Constraint::MinLength(count, _)
        | Constraint::MaxLength(count, _)
        | Constraint::MinItems(count)
        | Constraint::MaxItems(count)
        | Constraint::MaxBytes(count) => Some(count.to_string()),
        Constraint::Pattern(pattern) => Some(code(pattern)),
    }
}

fn statement(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    let name = match clause.target {
        Target::Value => format!("`{}`", field.name),
        Target::Items => format!("each item of `{}`", field.name),
    };
    // `only: C` is stored as "forbidden when not C"; the sentence says it the way that authors write it.
    if let (Constraint::Forbidden, Condition::Not(only)) = (&clause.constraint, &clause.when) {
        return format!("{name} is only allowed when {}", condition(record, api, only));
    }
    format!("{name} {}{}", constraint(&clause.constraint), when(record, api, &clause.when))
}

fn with_reason(text: String, clause: &Clause) -> String {
    match clause.because.as_deref().map(own_words).filter(|it| !it.is_empty()) {
        Some(words) => format!("{text}: {words}"),
        None => text,
    }
}

pub(super) fn weighted(weights: LengthUnit) -> &'static str {
    match weights {
        LengthUnit::Plain => "",
        LengthUnit::HanDouble => " (a Han character counts as 2)",
    }
}

pub(super) fn bytes(count: u64) -> String {
    for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
        if count >= size && count.is_multiple_of(size) {
            return format!("{} {unit}", count / size);
        }
    }
    counted(count, "byte", "bytes")
}
