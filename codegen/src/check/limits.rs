//! Pairs of clauses of one field that cannot both be obeyed: required and forbidden, and limits that leave no value.

use super::scope::{Scope, cost, is_stated};
use super::witness;
use crate::analyse::{Truth, satisfies};
use crate::diagnostics::{Diagnostics, rules as diagnostics};
use crate::model::{Clause, Constraint, Field, FieldIx, Num, Type, Weights};

/// Pairs of clauses of one field that are compared at most.
const MOST_PAIRS: usize = 20_000;

/// Reports what contradicts itself under conditions that can hold together, with a request in which they do.
pub(super) fn check(scope: &mut Scope<'_>, out: &mut Diagnostics) {
    for (ix, field) in scope.fields() {
        let mut pairs = 0;
        let mut told = false;
        for (at, first) in field.clauses.iter().enumerate() {
            for second in &field.clauses[at + 1..] {
                pairs += 1;
                if told || pairs > MOST_PAIRS || !scope.fuel.take(cost(first, second)) {
                    break;
                }
                if contradict(&first.constraint, &second.constraint, field) && first.target == second.target {
                    told = check_pair(scope, ix, field, first, second, out);
                }
            }
        }
    }
}

fn check_pair(
    scope: &mut Scope<'_>,
    ix: FieldIx,
    field: &Field,
    first: &Clause,
    second: &Clause,
    out: &mut Diagnostics,
) -> bool {
    if !is_stated(first) || !is_stated(second) {
        return false;
    }
    let goals = [scope.formula(&first.when), scope.formula(&second.when)];
    if goals.iter().any(|it| it.mentions(ix)) {
        return false;
    }
    let Some(request) = witness::find(scope, &goals, Some(ix)) else {
        return false;
    };
    let name = format!("{}.{}", scope.name, field.name);
    out.push(match (&first.constraint, &second.constraint) {
        (Constraint::Required, _) => diagnostics::required_and_forbidden(&name, first.span, second.span, &request),
        (_, Constraint::Required) => diagnostics::required_and_forbidden(&name, second.span, first.span, &request),
        _ => diagnostics::contradictory_limits(
            &name,
            (first.constraint.keyword(), first.span),
            (second.constraint.keyword(), second.span),
            &request,
        ),
    });
    true
}

/// Whether no value of a field satisfies both constraints.
pub(super) fn contradict(a: &Constraint, b: &Constraint, field: &Field) -> bool {
    use Constraint as C;
    let whole = field.ty == Type::Integer;
    match (a, b) {
        (C::Required, C::Forbidden) | (C::Forbidden, C::Required) => true,
        (C::Enum(values), other) | (other, C::Enum(values)) => none_fits(values, other),
        (C::Const(value), other) | (other, C::Const(value)) => none_fits(std::slice::from_ref(value), other),
        (lower, upper) => lower_above_upper(lower, upper, whole) || lower_above_upper(upper, lower, whole),
    }
}

fn none_fits(values: &[serde_json::Value], constraint: &Constraint) -> bool {
    !matches!(constraint, Constraint::Forbidden | Constraint::Required)
        && values.iter().all(|it| satisfies(constraint, it) == Truth::False)
}

fn lower_above_upper(lower: &Constraint, upper: &Constraint, whole: bool) -> bool {
    use Constraint as C;
    match (lower, upper) {
        (C::Minimum(least), C::Maximum(most)) => above(*least, *most),
        (C::Minimum(least), C::ExclusiveMaximum(most)) | (C::ExclusiveMinimum(least), C::Maximum(most)) => {
            !above(*most, *least)
        }
        (C::ExclusiveMinimum(Num::Integer(least)), C::ExclusiveMaximum(Num::Integer(most))) if whole => {
            most.saturating_sub(*least) <= 1
        }
        (C::ExclusiveMinimum(least), C::ExclusiveMaximum(most)) => !above(*most, *least),
        (C::MinLength(least, Weights::HanDouble), C::MaxLength(most, Weights::Plain)) => {
            *least > most.saturating_mul(2)
        }
        (C::MinLength(least, _), C::MaxLength(most, _)) | (C::MinItems(least), C::MaxItems(most)) => least > most,
        _ => false,
    }
}

/// Whether one number is greater than another: exactly where both are whole.
pub(super) fn above(a: Num, b: Num) -> bool {
    match (a, b) {
        (Num::Integer(a), Num::Integer(b)) => a > b,
        _ => a.as_f64() > b.as_f64(),
    }
}
