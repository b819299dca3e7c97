//! One constraint against one value, or against one state of a field.

use serde_json::Value;

use super::domain::FieldDomain;
use super::{State, Truth};
use crate::model::number::{Exact, is_multiple};
use crate::model::{Clause, Constraint, LengthUnit, Num, Target, same_value};

/// Whether a value that is sent satisfies a constraint on it. [`Truth::Unknown`] where it takes more than
/// comparing: patterns, and files.
///
/// A constraint on another kind of value (a length of a number) is satisfied, as in JSON Schema.
#[must_use]
pub fn satisfies(constraint: &Constraint, value: &Value) -> Truth {
    match constraint {
        Constraint::Required | Constraint::Ignored | Constraint::Default(_) => Truth::True,
        Constraint::Forbidden => Truth::False,
        Constraint::Enum(values) => truth(values.iter().any(|it| same_value(it, value))),
        Constraint::Const(constant) => truth(same_value(constant, value)),
        Constraint::Minimum(limit) => compared(value, *limit, |it| it.is_ge()),
        Constraint::Maximum(limit) => compared(value, *limit, |it| it.is_le()),
        Constraint::ExclusiveMinimum(limit) => compared(value, *limit, |it| it.is_gt()),
        Constraint::ExclusiveMaximum(limit) => compared(value, *limit, |it| it.is_lt()),
        Constraint::MultipleOf(unit) => multiple_of(value, *unit),
        Constraint::MinLength(least, weights) => text(value, |it| length(it, *weights) >= *least),
        Constraint::MaxLength(most, weights) => text(value, |it| length(it, *weights) <= *most),
        Constraint::Pattern(_) => {
            if value.is_string() {
                Truth::Unknown
            } else {
                Truth::True
            }
        }
        Constraint::MinItems(least) => items(value, |it| it as u64 >= *least),
        Constraint::MaxItems(most) => items(value, |it| it as u64 <= *most),
        Constraint::UniqueItems => match value {
            Value::Array(all) => {
                truth(all.iter().enumerate().all(|(at, it)| !all[..at].iter().any(|other| same_value(it, other))))
            }
            _ => Truth::True,
        },
        Constraint::MaxBytes(_) => Truth::Unknown,
    }
}

/// Characters as a limit counts them.
pub(crate) fn length(text: &str, weights: LengthUnit) -> u64 {
    let count = |it: char| match weights {
        LengthUnit::HanDouble if is_han(it) => 2,
        LengthUnit::Plain | LengthUnit::HanDouble => 1,
    };
    text.chars().map(count).sum()
}

/// The letters of the Han script that matter here: unified ideographs, their extensions and the compatibility block.
/// Only used where a few more or less cannot change a verdict: on values that a spec writes out.
fn is_han(character: char) -> bool {
    matches!(character, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// How a clause that applies takes a state of its field.
pub(super) fn verdict(clause: &Clause, domain: &FieldDomain, state: &State) -> Truth {
    match (&clause.constraint, state) {
        (Constraint::Required, state) => return truth(*state != State::Absent),
        (Constraint::Forbidden, state) => return truth(*state == State::Absent),
        (Constraint::Ignored | Constraint::Default(_), _) | (_, State::Absent | State::Null) => return Truth::True,
        _ => {}
    }
    if clause.target == Target::Items {
        return if *state == State::Empty { Truth::True } else { Truth::Unknown };
    }
    match state {
        State::Absent | State::Null => Truth::True,
        State::Value(value) => satisfies(&clause.constraint, value),
        State::Empty => all_alike(domain.empties.iter().map(|it| satisfies(&clause.constraint, it))),
        State::Other => match &clause.constraint {
            Constraint::Enum(values) => domain.other_is_one_of(values),
            Constraint::Const(value) => domain.other_is_one_of(std::slice::from_ref(value)),
            // Empty ones are a state of their own.
            Constraint::MinLength(0 | 1, _) | Constraint::MinItems(0 | 1) => Truth::True,
            _ => Truth::Unknown,
        },
    }
}

/// The common verdict, if there is one.
pub(super) fn all_alike(verdicts: impl Iterator<Item = Truth>) -> Truth {
    let mut common = None;
    for it in verdicts {
        match common {
            None => common = Some(it),
            Some(before) if before == it => {}
            Some(_) => return Truth::Unknown,
        }
    }
    common.unwrap_or(Truth::Unknown)
}

pub(super) fn truth(value: bool) -> Truth {
    if value { Truth::True } else { Truth::False }
}

/// Compares a number with a limit.
fn compared(value: &Value, limit: Num, accepts: impl Fn(std::cmp::Ordering) -> bool) -> Truth {
    value.as_number().map_or(Truth::True, |it| truth(accepts(Exact::of(it).cmp(&Exact::from(limit)))))
}

fn multiple_of(value: &Value, unit: Num) -> Truth {
    value.as_number().map_or(Truth::True, |it| is_multiple(it, unit).map_or(Truth::Unknown, truth))
}

fn text(value: &Value, accepts: impl Fn(&str) -> bool) -> Truth {
    value.as_str().map_or(Truth::True, |it| truth(accepts(it)))
}

fn items(value: &Value, accepts: impl Fn(usize) -> bool) -> Truth {
    value.as_array().map_or(Truth::True, |it| truth(accepts(it.len())))
}
