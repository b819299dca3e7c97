//! Whether a resolved API makes sense: rules that contradict each other, never apply or never matter, variants that
//! overlap or leave gaps, values nobody can send.
//!
//! Turns an [`Api`] into diagnostics; called after a successful resolve. Every record is looked at once: the parameters
//! of each operation, and each record type that a request can hold. What is called an error is proved by
//! [`crate::analyse`], or shown by a request that the search in `witness` found. Everything is bounded by [`Fuel`]:
//! when it runs out, the rest of that record is left unjudged, which is never wrong.

mod clauses;
pub(crate) mod concrete;
mod limits;
mod rules;
mod sample;
pub(crate) mod scope;
mod sums;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_yaml;
mod values;
mod variants;
pub(crate) mod witness;

use crate::analyse::{Domain, Formula, Fuel, Truth};
use crate::diagnostics::{Diagnostics, Severity, rules as diagnostics};
use crate::model::{Api, TypeId, TypeKind};
pub use sample::{sample, sample_of};
use scope::Scope;
use values::Unsendable;

/// Steps of reasoning per record. A record of a real API takes a few thousand.
const STEPS: u64 = 2_000_000;

/// Everything that is wrong with the rules of an API, in the order of the model.
#[must_use]
pub fn check(api: &Api) -> Diagnostics {
    check_within(api, STEPS).0
}

/// As [`check`], with so many steps for every record; also tells how many were taken in all.
pub(crate) fn check_within(api: &Api, steps: u64) -> (Diagnostics, u64) {
    let mut out = Diagnostics::new();
    let mut unsendable = Unsendable::default();
    let mut used = 0;
    for op in &api.operations {
        let domain = Domain::with_conditions(api, &op.parameters, op.variants.iter().map(|it| &it.when));
        let mut scope = Scope::of_operation(api, op, &domain, Fuel::new(steps));
        check_record(&mut scope, &mut unsendable, &mut out);
        used += scope.fuel.used();
    }
    for (index, def) in api.types.iter().enumerate().filter(|(_, it)| it.in_request) {
        if let TypeKind::Record(record) = &def.kind {
            let domain = Domain::of(api, record);
            let id = TypeId(index as u32);
            let mut scope = Scope::of_type(api, id, record, &domain, Fuel::new(steps));
            check_record(&mut scope, &mut unsendable, &mut out);
            used += scope.fuel.used();
        }
    }
    unsendable.report(api, &mut out);
    (out, used)
}

fn check_record(scope: &mut Scope<'_>, unsendable: &mut Unsendable, out: &mut Diagnostics) {
    let before = n_errors(out);
    limits::check(scope, out);
    rules::check(scope, out);
    sums::check(scope, out);
    values::check_defaults(scope, out);
    if scope.base.is_impossible() {
        // Whatever is said of no request at all is true: only the reason is worth telling.
        if before == n_errors(out) {
            let why = scope.culprits(&Formula::Const(Truth::True), |_| false);
            out.push(diagnostics::no_legal_request(&scope.name, scope.span, &why));
        }
        return;
    }
    if before != n_errors(out) {
        scope.forget_conditions();
    }
    clauses::check(scope, out);
    values::check_enums(scope, unsendable);
    variants::check(scope, out);
}

fn n_errors(diagnostics: &Diagnostics) -> usize {
    diagnostics.iter().filter(|it| it.severity == Severity::Error).count()
}
