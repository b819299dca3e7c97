//! Constraints in a cell of a table: "3 to 2500 characters", "4 to 15", "one of `a`, `b`".

use crate::constraints::{range, short};
use crate::model::Constraint;

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
        let pair = left.iter().enumerate().find_map(|(at, it)| Some((at, range(first, it)?)));
        let text = match pair {
            Some((at, range)) => {
                left.remove(at);
                range
            }
            None => short(first),
        };
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    parts.join("; ")
}
