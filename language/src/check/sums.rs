//! Rules over amounts: sums of items and total lengths whose limits leave nothing, or are never reached.

use super::cardinality::{Limits, is_unconditional, max_distinct_items, of_clause};
use super::rules::field_spans;
use super::scope::{RecordAnalysis, is_stated};
use crate::constraints::{Measure, count_range};
use crate::diagnostics::{Diagnostics, rules as diagnostics};
use crate::model::{
    Clause, Condition, Constraint, Field, FieldPath, LengthUnit, PathStep, Record, RuleKind, Target, Type, TypeKind,
};

/// Reports limits on amounts that could not have been meant.
pub(super) fn check(scope: &mut RecordAnalysis<'_>, out: &mut Diagnostics) {
    for rule in &scope.record.rules {
        let (minimum, maximum, most) = match &rule.kind {
            RuleKind::Sum { terms, minimum, maximum } => {
                let most = terms.iter().map(|(path, weight)| Some(most_items(scope, path)?.saturating_mul(*weight)));
                (*minimum, *maximum, most.reduce(|a, b| Some(a?.saturating_add(b?))).flatten())
            }
            RuleKind::TotalLength { path, unit, minimum, maximum } => {
                (*minimum, *maximum, most_length(scope, path, *unit))
            }
            RuleKind::AnyOf(_)
            | RuleKind::ExactlyOneOf(_)
            | RuleKind::AtMostOneOf(_)
            | RuleKind::AllOrNone(_)
            | RuleKind::Requires(..)
            | RuleKind::Compare(..)
            | RuleKind::SameKind(_) => continue,
        };
        let keyword = rule.kind.keyword();
        if let (Some(minimum), Some(most)) = (minimum, most)
            && minimum > most
        {
            out.push(diagnostics::amount_never_reached(keyword, minimum, most, rule.span, field_spans(scope, rule)));
        } else if let (Some(maximum), Some(most)) = (maximum, most)
            && maximum >= most
        {
            out.push(diagnostics::limit_never_exceeded(keyword, maximum, most, rule.span, field_spans(scope, rule)));
        }
    }
}

/// How many items a path can reach; `None` without a limit.
fn most_items(scope: &RecordAnalysis<'_>, path: &FieldPath) -> Option<u64> {
    let field = scope.record.field(path.field);
    match (&field.ty, path.steps.as_slice()) {
        (Type::Array(_), []) => {
            let own: Vec<_> = field.clauses.iter().filter(|it| is_unconditional(it)).map(of_clause).collect();
            let unique = own.iter().any(|(_, it)| **it == Constraint::UniqueItems);
            let different = unique.then(|| max_distinct_items(scope.api, &field.ty, Limits::new(&own))).flatten();
            // `None` is no limit.
            limit(field, max_items).into_iter().chain(different).min()
        }
        (ty, []) if is_scalar(scope, ty) => Some(1),
        _ => None,
    }
}

/// How many characters a path can reach; `None` without a limit.
fn most_length(scope: &RecordAnalysis<'_>, path: &FieldPath, unit: LengthUnit) -> Option<u64> {
    let mut record: &Record = scope.record;
    let mut field = record.field(path.field);
    let mut times = 1_u64;
    let mut in_items = false;
    for step in &path.steps {
        match step {
            PathStep::Items if !in_items => {
                times = times.saturating_mul(limit(field, max_items)?);
                in_items = true;
            }
            PathStep::Items => return None,
            PathStep::Field(id, ix) => {
                let TypeKind::Record(inner) = &scope.api.ty(*id).kind else { return None };
                record = inner;
                field = record.field(*ix);
                in_items = false;
            }
        }
    }
    let target = if in_items { Target::Items } else { Target::Value };
    let ty = match &field.ty {
        Type::Array(item) if in_items => item,
        ty => ty,
    };
    if *ty != Type::String {
        return None;
    }
    let length = limit(field, |it| {
        let most = count_range([&it.constraint], Measure::Characters).most.filter(|_| it.target == target)?;
        let counts_twice = it.constraint.unit() == LengthUnit::Plain && unit == LengthUnit::HanDouble;
        Some(if counts_twice { most.saturating_mul(2) } else { most })
    })?;
    Some(length.saturating_mul(times))
}

fn max_items(clause: &Clause) -> Option<u64> {
    let of_value = clause.target == Target::Value;
    of_value.then(|| count_range([&clause.constraint], Measure::Items).most).flatten()
}

/// The least limit that holds without condition.
fn limit(field: &Field, of: impl Fn(&Clause) -> Option<u64>) -> Option<u64> {
    let certain = field.clauses.iter().filter(|it| it.when == Condition::Always && is_stated(it));
    certain.filter_map(of).min()
}

fn is_scalar(scope: &RecordAnalysis<'_>, ty: &Type) -> bool {
    match ty {
        Type::Json | Type::Array(_) | Type::Tuple(_) | Type::Union(_) | Type::Nullable(_) => false,
        Type::Named(id) => !matches!(scope.api.ty(*id).kind, TypeKind::Union { .. }),
        Type::String
        | Type::Integer
        | Type::Sized(_)
        | Type::Number
        | Type::Boolean
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Formatted(_)
        | Type::Base64
        | Type::File
        | Type::Map(_) => true,
    }
}
