//! Limits that no value can meet, and meaningless arguments.

use crate::constraints::{self, ArgumentFault, Measure};
use crate::diagnostics::{Diagnostics, types};
use crate::model::{Argument, Constraint, LengthUnit};
use crate::syntax::document::{Constraints, Json, Limit};

/// The constraint that a limit is; how characters count matters to no caller here.
fn constraint(limit: &Limit) -> Option<Constraint> {
    (limit.keyword.constraint)(&limit.argument, LengthUnit::Plain)
}

/// Whether a limit keeps a list from being empty.
pub(super) fn asks_for_an_item(limit: &Limit) -> bool {
    let constraint = constraint(limit);
    constraint.is_some_and(|it| constraints::count_range([&it], Measure::Items).least > 0)
}

/// The argument of one limit.
pub(super) fn check_single(limit: &Limit, out: &mut Diagnostics) -> bool {
    let fault = (limit.keyword.fault)(&limit.argument);
    match &fault {
        Some(ArgumentFault::Impossible(problem)) => {
            out.push(types::impossible_limits(problem, limit.value_span, None));
        }
        Some(ArgumentFault::Pattern(problem)) => out.push(types::bad_pattern(problem, limit.value_span)),
        None => {}
    }
    fault.is_none()
}

/// A limit of an integer that no integer meets.
pub(super) fn check_integer(limit: &Limit, ends: (i128, i128), out: &mut Diagnostics) {
    if constraint(limit).is_some_and(|it| constraints::leaves_no_integer(&it, ends)) {
        let range = if ends.0 == 0 { "0 to 2^64 - 1" } else { "-2^63 to 2^63 - 1" };
        let problem = format!("`{}` leaves no integer: they go from {range}", limit.keyword.name);
        out.push(types::impossible_limits(&problem, limit.value_span, None));
    }
}

/// Limits written side by side.
pub(super) fn check_pairs(constraints: &Constraints, out: &mut Diagnostics) {
    let limits: Vec<(&Limit, Constraint)> =
        constraints.limits.iter().filter_map(|it| Some((it, constraint(it)?))).collect();
    for (low, lower) in &limits {
        for (high, upper) in &limits {
            if constraints::exclude_each_other(lower, upper) {
                let problem = format!("`{}` and `{}` leave no value", low.keyword.name, high.keyword.name);
                out.push(types::impossible_limits(&problem, high.span, Some(low.span)));
            }
        }
    }
}

/// A default that the entry itself would refuse.
pub(super) fn check_default(default: &Json, constraints: &Constraints, out: &mut Diagnostics) {
    for limit in &constraints.limits {
        let bound = constraint(limit).filter(|it| it.bound().is_some() && matches!(it.argument(), Argument::Number(_)));
        if bound.is_some_and(|it| constraints::holds(&it, &default.value) == Some(false)) {
            let problem = format!("the default breaks `{}`", limit.keyword.name);
            out.push(types::impossible_limits(&problem, default.span, Some(limit.span)));
        }
    }
}
