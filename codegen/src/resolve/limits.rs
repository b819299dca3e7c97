//! Limits by themselves: those that no value meets, and arguments that make no sense.

use super::{clauses, pattern};
use crate::diagnostics::{Diagnostics, types};
use crate::model::Num;
use crate::syntax::document::{Constraints, Json, Limit, LimitKind};

/// The argument of one limit.
pub(super) fn check_single(limit: &Limit, out: &mut Diagnostics) -> bool {
    match &limit.kind {
        LimitKind::MultipleOf(number) if number.as_f64() <= 0.0 => {
            out.push(types::impossible_limits("`multiple_of` needs a number above 0", limit.value_span, None));
            false
        }
        LimitKind::Pattern(pattern) => match pattern::problem(pattern) {
            Some(problem) => {
                out.push(types::bad_pattern(&problem, limit.value_span));
                false
            }
            None => true,
        },
        LimitKind::MaxBytes(0) => {
            out.push(types::impossible_limits("`max_bytes: 0` leaves no file", limit.value_span, None));
            false
        }
        _ => true,
    }
}

/// Limits written side by side.
pub(super) fn check_pairs(constraints: &Constraints, out: &mut Diagnostics) {
    for low in &constraints.limits {
        for high in &constraints.limits {
            let excluded = match (&low.kind, &high.kind) {
                (LimitKind::Minimum(low), LimitKind::Maximum(high)) => less(*high, *low),
                (LimitKind::Minimum(low), LimitKind::ExclusiveMaximum(high))
                | (LimitKind::ExclusiveMinimum(low), LimitKind::Maximum(high))
                | (LimitKind::ExclusiveMinimum(low), LimitKind::ExclusiveMaximum(high)) => !less(*low, *high),
                (LimitKind::MinLength(low), LimitKind::MaxLength(high))
                | (LimitKind::MinItems(low), LimitKind::MaxItems(high)) => low > high,
                _ => false,
            };
            if excluded {
                let problem = format!("`{}` and `{}` leave no value", low.keyword(), high.keyword());
                out.push(types::impossible_limits(&problem, high.span, Some(low.span)));
            }
        }
    }
}

/// A default that the entry itself would refuse.
pub(super) fn check_default(default: &Json, constraints: &Constraints, out: &mut Diagnostics) {
    let Some(number) = clauses::num(&default.value) else { return };
    for limit in &constraints.limits {
        let refused = match limit.kind {
            LimitKind::Minimum(low) => less(number, low),
            LimitKind::ExclusiveMinimum(low) => !less(low, number),
            LimitKind::Maximum(high) => less(high, number),
            LimitKind::ExclusiveMaximum(high) => !less(number, high),
            _ => false,
        };
        if refused {
            let problem = format!("the default breaks `{}`", limit.keyword());
            out.push(types::impossible_limits(&problem, default.span, Some(limit.span)));
        }
    }
}

fn less(a: Num, b: Num) -> bool {
    match (a, b) {
        (Num::Integer(a), Num::Integer(b)) => a < b,
        (a, b) => a.as_f64() < b.as_f64(),
    }
}
