//! Whether a resolved API makes sense: rules that contradict each other, never apply or never matter, variants that
//! overlap or leave gaps, values that no request can contain.
//!
//! Turns an [`Api`] into diagnostics; called after a successful resolve. Every record is looked at once: the parameters
//! of each operation, and each record type. Records that only responses contain are checked for limits that leave no
//! value. Each error is proved by [`crate::analyse`], or shown by a request that the search in `witness` found. The
//! work is bounded by [`StepBudget`]: when it is used up, the rest of that record is not judged, which is never wrong.

pub(crate) mod cardinality;
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

use std::collections::BTreeSet;

use crate::analyse::{Domain, Formula, StepBudget, Truth};
use crate::diagnostics::{Diagnostics, Severity, rules as diagnostics};
use crate::model::{Api, Operation, Record, TypeId, TypeKind};
use crate::parallel;
use crate::parts::Parts;
use crate::source::FileId;
pub use sample::{sample, sample_of, texts};
use scope::RecordAnalysis;
use values::UnsendableValues;

/// Steps of reasoning per record. A record of a real API takes a few thousand.
const STEPS: u64 = 2_000_000;

/// Everything that is wrong with the rules of an API, in the order of the model.
#[must_use]
pub fn check(api: &Api) -> Diagnostics {
    check_within(api, STEPS).0
}

/// What is wrong with the rules of a part of an API, the rest of which has errors. Values that nothing can send are not
/// told, since what is broken may send them.
#[must_use]
pub(crate) fn check_sound(api: &Api, sound: &[bool], files: &BTreeSet<FileId>) -> Diagnostics {
    let operations = subjects_of_operations(api).zip(sound).filter(|it| *it.1).map(|it| it.0);
    let types = subjects_of_types(api).filter(|it| match it {
        Subject::Type(id, _) | Subject::Answer(id, _) => files.contains(&api.ty(*id).span.file),
        Subject::Operation(..) => true,
    });
    // An inline type belongs to an operation, which may be one that is broken.
    let types = types.filter(|it| match it {
        Subject::Type(id, _) | Subject::Answer(id, _) => !api.ty(*id).inline,
        Subject::Operation(..) => true,
    });
    let subjects: Vec<_> = operations.chain(types).collect();
    findings(api, &subjects, STEPS).0.diagnostics
}

/// As [`check`], without parts of which nothing was told before: see [`judge`](crate::stages::judge). Also returns the
/// parts of which something is told now.
#[must_use]
pub(crate) fn check_others(api: &Api, known: &Parts) -> (Diagnostics, Parts) {
    let (mut all, told) = findings(api, &subjects(api).filter(|it| !it.is_in(known)).collect::<Vec<_>>(), STEPS);
    if !known.is_empty() && all.unsendable.is_any(api) {
        // A value that nothing seems to send may be sent by one of the others.
        return check_others(api, &Parts::default());
    }
    all.unsendable.report(api, &mut all.diagnostics);
    (all.diagnostics, told)
}

fn subjects(api: &Api) -> impl Iterator<Item = Subject<'_>> {
    subjects_of_operations(api).chain(subjects_of_types(api))
}

fn subjects_of_operations(api: &Api) -> impl Iterator<Item = Subject<'_>> {
    api.operations.iter().enumerate().map(|(index, it)| Subject::Operation(index, it))
}

fn subjects_of_types(api: &Api) -> impl Iterator<Item = Subject<'_>> {
    api.types.iter().enumerate().filter_map(|(index, def)| match &def.kind {
        TypeKind::Record(record) if def.in_request => Some(Subject::Type(TypeId(index as u32), record)),
        TypeKind::Record(record) => Some(Subject::Answer(TypeId(index as u32), record)),
        _ => None,
    })
}

/// As [`check`], with this many steps for each record. Also returns the number of steps used in all.
pub(crate) fn check_within(api: &Api, steps: u64) -> (Diagnostics, u64) {
    let mut all = findings(api, &subjects(api).collect::<Vec<_>>(), steps).0;
    all.unsendable.report(api, &mut all.diagnostics);
    (all.diagnostics, all.used)
}

/// What is found of each, in their order, and of which of them there is anything.
fn findings(api: &Api, subjects: &[Subject<'_>], steps: u64) -> (Findings, Parts) {
    let (mut all, mut told) = (Findings::default(), Parts::default());
    for (subject, found) in subjects.iter().zip(parallel::map(subjects, |it| it.check(api, steps))) {
        if !found.diagnostics.is_empty() || found.unsendable.refuses_any() {
            subject.add_to(&mut told);
        }
        all.diagnostics.extend(found.diagnostics);
        all.unsendable.merge(found.unsendable);
        all.used += found.used;
    }
    (all, told)
}

/// A record to be looked at. What is found of one says nothing about another, so they are shared out to threads.
enum Subject<'a> {
    Operation(usize, &'a Operation),
    Type(TypeId, &'a Record),
    /// A record that only answers hold: the API's own matter, but that a value is left.
    Answer(TypeId, &'a Record),
}

/// What was found of some records, and the steps that were taken.
#[derive(Default)]
struct Findings {
    diagnostics: Diagnostics,
    unsendable: UnsendableValues,
    used: u64,
}

impl Subject<'_> {
    fn is_in(&self, parts: &Parts) -> bool {
        match self {
            Self::Operation(at, _) => parts.operations.contains(at),
            Self::Type(id, _) | Self::Answer(id, _) => parts.types.contains(&(id.0 as usize)),
        }
    }

    fn add_to(&self, parts: &mut Parts) {
        match self {
            Self::Operation(at, _) => parts.operations.insert(*at),
            Self::Type(id, _) | Self::Answer(id, _) => parts.types.insert(id.0 as usize),
        };
    }

    fn check(&self, api: &Api, steps: u64) -> Findings {
        let mut found = Findings::default();
        let mut check = |mut scope: RecordAnalysis<'_>| {
            check_record(&mut scope, &mut found.unsendable, &mut found.diagnostics);
            found.used = scope.fuel.used();
        };
        match self {
            Self::Operation(_, op) => {
                let domain = Domain::with_conditions(api, &op.parameters, op.variants.iter().map(|it| &it.when));
                check(RecordAnalysis::of_operation(api, op, &domain, StepBudget::new(steps)));
            }
            Self::Type(id, record) => {
                let domain = Domain::of(api, record);
                check(RecordAnalysis::of_type(api, *id, record, &domain, StepBudget::new(steps)));
            }
            Self::Answer(id, record) => {
                let domain = Domain::of(api, record);
                let mut scope = RecordAnalysis::of_type(api, *id, record, &domain, StepBudget::new(steps));
                limits::check(&mut scope, &mut found.diagnostics);
                found.used = scope.fuel.used();
            }
        }
        found
    }
}

fn check_record(scope: &mut RecordAnalysis<'_>, unsendable: &mut UnsendableValues, out: &mut Diagnostics) {
    let before = n_errors(out);
    let contradictory = limits::check(scope, out);
    rules::check(scope, out);
    sums::check(scope, out);
    values::check_defaults(scope, out);
    if scope.base.is_impossible() {
        // Every statement is true if no request is legal, so only the reason for that is reported.
        if before == n_errors(out) {
            let why = scope.conflicting_spans(&Formula::Const(Truth::True), |_| false);
            out.push(diagnostics::no_legal_request(&scope.name, scope.span, &why));
        }
        return;
    }
    if before != n_errors(out) {
        scope.forget_conditions();
    }
    clauses::check(scope, &contradictory, out);
    values::check_enums(scope, &contradictory, unsendable);
    variants::check(scope, out);
}

fn n_errors(diagnostics: &Diagnostics) -> usize {
    diagnostics.iter().filter(|it| it.severity == Severity::Error).count()
}
