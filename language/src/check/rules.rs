//! Rules over several fields: those that cannot be met, never apply, or are duplicates.

use super::scope::RecordAnalysis;
use crate::analyse::{Formula, Implication, ImplicationSource, Truth};
use crate::diagnostics::{Diagnostics, rules as diagnostics};
use crate::model::{Certainty, FieldPath, Rule, RuleKind};
use crate::prose;

/// Reports rules that could not have been meant.
pub(super) fn check(scope: &mut RecordAnalysis<'_>, out: &mut Diagnostics) {
    let record = scope.record;
    for (index, rule) in record.rules.iter().enumerate() {
        let same = |it: &&Rule| it.kind == rule.kind && it.when == rule.when;
        if let Some(first) = record.rules[..index].iter().find(same) {
            out.push(diagnostics::duplicate_rule(rule.kind.keyword(), rule.span, first.span));
            continue;
        }
        if scope.fuel.is_spent() {
            return;
        }
        check_applies(scope, index, rule, out);
    }
}

/// All fields of a rule, in its order.
pub(super) fn paths(kind: &RuleKind) -> Vec<&FieldPath> {
    match kind {
        RuleKind::AnyOf(all) | RuleKind::ExactlyOneOf(all) | RuleKind::AtMostOneOf(all) | RuleKind::AllOrNone(all) => {
            all.iter().collect()
        }
        RuleKind::Requires(first, others) => std::iter::once(first).chain(others).collect(),
        RuleKind::Compare(first, _, second) => vec![first, second],
        RuleKind::Sum { terms, .. } => terms.iter().map(|(path, _)| path).collect(),
        RuleKind::TotalLength { path, .. } | RuleKind::SameKind(path) => vec![path],
    }
}

fn check_applies(scope: &mut RecordAnalysis<'_>, index: usize, rule: &Rule, out: &mut Diagnostics) {
    let itself = |implication: &Implication| implication.source == ImplicationSource::Rule(index);
    let when = scope.formula(&rule.when);
    let what = format!("`{}` of `{}`", rule.kind.keyword(), scope.name);
    if when != Formula::Const(Truth::True) && scope.is_refuted(&when, itself) {
        let why = scope.conflicting_spans(&when, itself);
        out.push(diagnostics::condition_never_holds(&what, rule.span, &why));
        return;
    }
    if rule.origin.certainty == Certainty::Inferred {
        return;
    }
    match &rule.kind {
        RuleKind::Compare(first, _, second) => {
            let both = [first, second].map(|it| Formula::present(scope.domain, it.field));
            let [a, b] = &both;
            if scope.knowledge_assuming(&[&when, a, b], itself).is_impossible() {
                let names = [first, second].map(|it| prose::path(scope.record, scope.api, it));
                out.push(diagnostics::never_compared(&names, rule.span, field_spans(scope, rule)));
            }
        }
        RuleKind::Requires(first, others) => {
            let source = Formula::present(scope.domain, first.field);
            let mut known = scope.knowledge_assuming(&[&when, &source], itself);
            if known.is_impossible() {
                return;
            }
            let lost = others.iter().find(|it| !known.can_be_present(it.field));
            // Each may be possible while not all are.
            others.iter().for_each(|it| known.assume_formula(&Formula::present(scope.domain, it.field)));
            scope
                .implications
                .propagate_where(&mut known, &mut scope.fuel, |it| it.certainty == Certainty::Stated && !itself(it));
            if let Some(target) = lost.or(others.first().filter(|_| known.is_impossible())) {
                let name = prose::path(scope.record, scope.api, target);
                let source = prose::path(scope.record, scope.api, first);
                let span = scope.record.field(target.field).span;
                out.push(diagnostics::requires_forbidden(&source, &name, rule.span, span));
            }
        }
        RuleKind::AnyOf(_) | RuleKind::ExactlyOneOf(_) | RuleKind::AtMostOneOf(_) | RuleKind::AllOrNone(_) => {
            let Some(implication) = scope.implications.all.iter().find(|it| itself(it)).cloned() else { return };
            let mut known = scope.knowledge_assuming(&[&when], itself);
            if known.is_impossible() {
                return;
            }
            known.assume_formula(&implication.then);
            if !known.is_impossible() {
                scope.implications.propagate_where(&mut known, &mut scope.fuel, |it| {
                    it.certainty == Certainty::Stated && !itself(it)
                });
                known.assume_formula(&implication.then);
            }
            if known.is_impossible() {
                out.push(diagnostics::rule_never_met(&what, rule.span, field_spans(scope, rule)));
            }
        }
        RuleKind::Sum { .. } | RuleKind::TotalLength { .. } | RuleKind::SameKind(_) => {}
    }
}

/// Where the fields of a rule are written, with their names.
pub(super) fn field_spans(scope: &RecordAnalysis<'_>, rule: &Rule) -> Vec<(String, crate::source::Span)> {
    let fields = paths(&rule.kind).into_iter().map(|it| scope.record.field(it.field));
    fields.take(4).map(|it| (it.name.clone(), it.span)).collect()
}
