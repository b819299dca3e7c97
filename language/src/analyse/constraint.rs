//! One constraint against one value, or against one state of a field.

use serde_json::Value;

use super::domain::FieldDomain;
use super::{State, Truth};
use crate::constraints;
use crate::model::{Clause, Constraint, Target};

/// Whether a value that is sent satisfies a constraint on it. [`Truth::Unknown`] where it takes more than
/// comparing: patterns, and files.
#[must_use]
pub fn satisfies(constraint: &Constraint, value: &Value) -> Truth {
    constraints::holds(constraint, value).map_or(Truth::Unknown, truth)
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
        State::Other => match constraints::listed(&clause.constraint) {
            Some(values) => domain.other_is_one_of(values),
            // Empty ones are a state of their own.
            None if constraints::refuses_only_empty(&clause.constraint) => Truth::True,
            None => Truth::Unknown,
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
