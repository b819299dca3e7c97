//! What constraints say of values and of each other.

use serde_json::Value;

use super::{listed, of};
use crate::model::{Argument, Constraint, Excluded, LengthUnit, same_value};

/// Whether a value that is sent satisfies a constraint on it; `None` where it takes more than comparing: patterns, and
/// files.
#[must_use]
pub fn holds(constraint: &Constraint, value: &Value) -> Option<bool> {
    (of(constraint).holds)(constraint, value)
}

/// Whether every value that satisfies `strong` satisfies `weak`.
#[must_use]
pub fn implies(strong: &Constraint, weak: &Constraint) -> bool {
    if let (Constraint::Not(Excluded::Values(strong)), Constraint::Not(Excluded::Values(weak))) = (strong, weak) {
        // The more is excluded, the less is left.
        return weak.iter().all(|it| strong.iter().any(|other| same_value(it, other)));
    }
    let (Some(strong_bound), Some(weak_bound)) = (strong.bound(), weak.bound()) else {
        return match (strong, listed(strong), listed(weak)) {
            // An `enum` of one value is not taken for a `const`.
            (Constraint::Enum(_), Some(_), Some(_)) if strong.keyword() != weak.keyword() => false,
            (_, Some(strong), Some(weak)) => strong.iter().all(|it| weak.iter().any(|other| same_value(it, other))),
            _ => strong == weak,
        };
    };
    let same_side = of(strong).measure == of(weak).measure && strong_bound.is_lower() == weak_bound.is_lower();
    let at_least_as_far = match (strong.argument(), weak.argument()) {
        (Argument::Number(strong), Argument::Number(weak)) if strong_bound.is_lower() => strong >= weak,
        (Argument::Number(strong), Argument::Number(weak)) => strong <= weak,
        (Argument::Count(strong), Argument::Count(weak)) if strong_bound.is_lower() => strong >= weak,
        (Argument::Count(strong), Argument::Count(weak)) => strong <= weak,
        _ => false,
    };
    // No character counts less than 1.
    let plain = if strong_bound.is_lower() { strong.unit() } else { weak.unit() };
    let comparable = strong.unit() == weak.unit() || plain == LengthUnit::Plain;
    same_side && at_least_as_far && comparable && (strong_bound.is_exclusive() || !weak_bound.is_exclusive())
}

/// Whether a lower and an upper limit of the same measure leave no value between them.
#[must_use]
pub fn exclude_each_other(lower: &Constraint, upper: &Constraint) -> bool {
    let (Some(low), Some(high)) = (lower.bound(), upper.bound()) else { return false };
    if of(lower).measure != of(upper).measure || !low.is_lower() || high.is_lower() {
        return false;
    }
    let touching = low.is_exclusive() || high.is_exclusive();
    match (lower.argument(), upper.argument()) {
        (Argument::Number(low), Argument::Number(high)) => low > high || low == high && touching,
        (Argument::Count(low), Argument::Count(high)) => low > high,
        _ => false,
    }
}
