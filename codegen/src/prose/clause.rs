//! Clauses in words: "`prompt` has at most 2500 characters when `model` is `seedance-1.5-pro`".

use super::{code, condition, counted, either, listed, own_words, value, when};
use crate::model::{Api, Clause, Condition, Constraint, Field, LengthUnit, Record, Target};

/// What a clause asks for: the message of its violation.
///
/// `because` of the spec follows behind a colon.
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

/// The same for docs, where nothing is missing yet: "`prompt` is required when …".
#[must_use]
pub fn clause_doc(record: &Record, api: &Api, field: &Field, clause: &Clause) -> String {
    with_reason(statement(record, api, field, clause), clause)
}

/// What a constraint asks for, to stand behind the name: "has at most 2500 characters", "is one of `a`, `b`".
#[must_use]
pub fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Required => "is required".to_owned(),
        Constraint::Forbidden => "is not taken".to_owned(),
        Constraint::Ignored => "has no effect".to_owned(),
        Constraint::Enum(values) if values.len() <= 2 => format!("is {}", either(values)),
        Constraint::Enum(values) => format!("is one of {}", listed(values)),
        Constraint::Const(only) => format!("is {}", value(only)),
        Constraint::Minimum(number) => format!("is at least {number}"),
        Constraint::Maximum(number) => format!("is at most {number}"),
        Constraint::ExclusiveMinimum(number) => format!("is more than {number}"),
        Constraint::ExclusiveMaximum(number) => format!("is less than {number}"),
        Constraint::MultipleOf(number) => format!("is a multiple of {number}"),
        Constraint::MinLength(1, _) => "is not empty".to_owned(),
        Constraint::MinLength(least, weights) => {
            format!("has at least {}{}", counted(*least, "character", "characters"), weighted(*weights))
        }
        Constraint::MaxLength(most, weights) => {
            format!("has at most {}{}", counted(*most, "character", "characters"), weighted(*weights))
        }
        Constraint::Pattern(pattern) => format!("matches {}", code(pattern)),
        Constraint::MinItems(1) => "is not empty".to_owned(),
        Constraint::MinItems(least) => format!("has at least {}", counted(*least, "item", "items")),
        Constraint::MaxItems(most) => format!("has at most {}", counted(*most, "item", "items")),
        Constraint::UniqueItems => "has no two equal items".to_owned(),
        Constraint::MaxBytes(most) => format!("has at most {}", bytes(*most)),
        Constraint::Default(default) => format!("is {} by default", value(default)),
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
    // `only: C` is "forbidden when not C"; people write and read it the other way round.
    if let (Constraint::Forbidden, Condition::Not(only)) = (&clause.constraint, &clause.when) {
        return format!("{name} is taken only when {}", condition(record, api, only));
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
        LengthUnit::HanDouble => " (a Han character counts 2)",
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
