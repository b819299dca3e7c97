//! Variants: every variant has a valid request, and every valid request matches exactly one variant.

use super::scope::RecordAnalysis;
use super::witness;
use crate::analyse::Formula;
use crate::diagnostics::{Diagnostics, rules as diagnostics};

/// Pairs of variants that are looked at in detail, at most.
const MOST_PAIRS: usize = 4_000;

/// Reports variants without a request, and requests with two variants or none.
pub(super) fn check(scope: &mut RecordAnalysis<'_>, out: &mut Diagnostics) {
    let Some(op) = scope.op.filter(|it| !it.variants.is_empty()) else { return };
    let when: Vec<Formula> = op.variants.iter().map(|it| scope.formula(&it.when)).collect();
    for (variant, when) in op.variants.iter().zip(&when) {
        if scope.is_refuted(when, |_| false) {
            let why = scope.conflicting_spans(when, |_| false);
            out.push(diagnostics::impossible_variant(&variant.name, &scope.name, variant.span, &why));
        }
    }
    let mut pairs = 0;
    for (at, first) in op.variants.iter().enumerate() {
        for (second_at, second) in op.variants.iter().enumerate().skip(at + 1) {
            pairs += 1;
            if pairs > MOST_PAIRS || !scope.fuel.take(2) {
                break;
            }
            let goals = [when[at].clone(), when[second_at].clone()];
            if let Some(request) = witness::find(scope, &goals, &[]) {
                let names = [first.name.as_str(), second.name.as_str()];
                out.push(diagnostics::variants_overlap(names, second.span, first.span, &request));
            }
        }
    }
    let outside = Formula::All(when.into_iter().map(Formula::negate).collect());
    if let Some(request) = witness::find(scope, &[outside], &[]) {
        let first = op.variants.first().map_or(op.span, |it| it.span);
        out.push(diagnostics::variant_gap(&scope.name, op.span, first, &request));
    }
}
