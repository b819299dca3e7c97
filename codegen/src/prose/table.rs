//! Constraints in a cell of a table: "3 to 2500 characters", "4 to 15", "one of `a`, `b`".

use super::clause::{bytes, weighted};
use super::{code, counted, listed, value};
use crate::model::{Constraint, LengthUnit, Num};

/// One constraint; [`constraints_short`] joins a lower and an upper limit into one range.
#[must_use]
pub fn constraint_short(constraint: &Constraint) -> String {
    constraints_short([constraint])
}

/// Several constraints on one value, in the order of first mention, with "; " between.
///
/// A lower and an upper limit of the same kind become a range. Limits of the same kind are all shown, since none
/// overrides another.
#[must_use]
pub fn constraints_short<'a>(constraints: impl IntoIterator<Item = &'a Constraint>) -> String {
    let mut left: Vec<&Constraint> = constraints.into_iter().collect();
    let mut parts: Vec<String> = Vec::new();
    while !left.is_empty() {
        let first = left.remove(0);
        let range = left.iter().position(|it| range(first, it).is_some());
        let text = match range {
            Some(at) => range_of(first, left.remove(at)),
            None => alone(first),
        };
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    parts.join("; ")
}

fn range_of(first: &Constraint, second: &Constraint) -> String {
    range(first, second).unwrap_or_default()
}

/// A lower and an upper limit of one kind, in either order, as a range.
fn range(first: &Constraint, second: &Constraint) -> Option<String> {
    match (first, second) {
        (Constraint::Minimum(least), Constraint::Maximum(most))
        | (Constraint::Maximum(most), Constraint::Minimum(least)) => Some(numbers(*least, *most)),
        (Constraint::MinLength(least, one), Constraint::MaxLength(most, other))
        | (Constraint::MaxLength(most, other), Constraint::MinLength(least, one)) => {
            let agreed = if *least <= 1 { *other } else { *one };
            (agreed == *other)
                .then(|| format!("{}{}", span(*least, *most, "character", "characters"), weighted(*other)))
        }
        (Constraint::MinItems(least), Constraint::MaxItems(most))
        | (Constraint::MaxItems(most), Constraint::MinItems(least)) => Some(span(*least, *most, "item", "items")),
        _ => None,
    }
}

fn numbers(least: Num, most: Num) -> String {
    if least == most { format!("exactly {least}") } else { format!("{least} to {most}") }
}

fn span(least: u64, most: u64, one: &str, many: &str) -> String {
    if least == most { format!("exactly {}", counted(most, one, many)) } else { format!("{least} to {most} {many}") }
}

fn alone(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Required => "required".to_owned(),
        Constraint::Forbidden => "not allowed".to_owned(),
        Constraint::Ignored => "no effect".to_owned(),
        Constraint::Enum(values) if values.len() == 1 => listed(values),
        Constraint::Enum(values) => format!("one of {}", listed(values)),
        Constraint::Const(only) => format!("always {}", value(only)),
        Constraint::Minimum(number) => format!("at least {number}"),
        Constraint::Maximum(number) => format!("at most {number}"),
        Constraint::ExclusiveMinimum(number) => format!("greater than {number}"),
        Constraint::ExclusiveMaximum(number) => format!("less than {number}"),
        Constraint::MultipleOf(number) => format!("a multiple of {number}"),
        Constraint::MinLength(1, _) | Constraint::MinItems(1) => "not empty".to_owned(),
        Constraint::MinLength(least, weights) => characters("at least", *least, *weights),
        Constraint::MaxLength(most, weights) => characters("at most", *most, *weights),
        Constraint::Pattern(pattern) => format!("matches {}", code(pattern)),
        Constraint::MinItems(least) => format!("at least {}", counted(*least, "item", "items")),
        Constraint::MaxItems(most) => format!("at most {}", counted(*most, "item", "items")),
        Constraint::UniqueItems => "no duplicate items".to_owned(),
        Constraint::MaxBytes(most) => format!("at most {}", bytes(*most)),
        Constraint::Default(default) => format!("default {}", value(default)),
    }
}

fn characters(words: &str, count: u64, weights: LengthUnit) -> String {
    format!("{words} {}{}", counted(count, "character", "characters"), weighted(weights))
}
