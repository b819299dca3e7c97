//! Limits that no value can meet, and meaningless arguments.

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

/// A limit of an integer that no integer meets.
pub(super) fn check_integer(limit: &Limit, out: &mut Diagnostics) {
    let (least, most) = (Num::Integer(i64::MIN), Num::Integer(i64::MAX));
    let beyond = match &limit.kind {
        LimitKind::Minimum(low) => *low > most,
        LimitKind::ExclusiveMinimum(low) => *low >= most,
        LimitKind::Maximum(high) => *high < least,
        LimitKind::ExclusiveMaximum(high) => *high <= least,
        _ => false,
    };
    if beyond {
        let problem = format!("`{}` leaves no integer: they go from -2^63 to 2^63 - 1", limit.keyword());
        out.push(types::impossible_limits(&problem, limit.value_span, None));
    }
}

/// Limits written side by side.
pub(super) fn check_pairs(constraints: &Constraints, out: &mut Diagnostics) {
    for low in &constraints.limits {
        for high in &constraints.limits {
            let excluded = match (&low.kind, &high.kind) {
                (LimitKind::Minimum(low), LimitKind::Maximum(high)) => high < low,
                (LimitKind::Minimum(low), LimitKind::ExclusiveMaximum(high))
                | (LimitKind::ExclusiveMinimum(low), LimitKind::Maximum(high))
                | (LimitKind::ExclusiveMinimum(low), LimitKind::ExclusiveMaximum(high)) => low >= high,
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
    let Some(number) = clauses::number_of(&default.value) else { return };
    for limit in &constraints.limits {
        let refused = match limit.kind {
            LimitKind::Minimum(low) => number < low,
            LimitKind::ExclusiveMinimum(low) => number <= low,
            LimitKind::Maximum(high) => number > high,
            LimitKind::ExclusiveMaximum(high) => number >= high,
            _ => false,
        };
        if refused {
            let problem = format!("the default breaks `{}`", limit.keyword());
            out.push(types::impossible_limits(&problem, default.span, Some(limit.span)));
        }
    }
}
