//! Checks single clauses: conditions that never hold, redundant clauses, parameters that can never be sent.

use super::scope::{RecordAnalysis, comparison_cost, is_stated};
use crate::analyse::{Formula, Implication, ImplicationSource, Truth};
use crate::constraints::implies;
use crate::diagnostics::{Diagnostics, rules as diagnostics};
use crate::model::{Clause, Condition, Constraint, Field, FieldIx};

/// Pairs of clauses of one field that are compared at most.
const MOST_PAIRS: usize = 20_000;

/// Reports clauses that change nothing. Fields with contradictory clauses have been reported already.
pub(super) fn check(scope: &mut RecordAnalysis<'_>, contradictory: &[FieldIx], out: &mut Diagnostics) {
    for (ix, field) in scope.fields().filter(|(ix, _)| !contradictory.contains(ix)) {
        let when: Vec<Formula> = field.clauses.iter().map(|it| scope.formula(&it.when)).collect();
        let sent = Formula::sent(scope.domain, ix);
        if scope.is_refuted(&sent, |_| false) {
            let why = scope.conflicting_spans(&sent, |_| false);
            out.push(diagnostics::never_sent(&format!("{}.{}", scope.name, field.name), field.span, &why));
            continue;
        }
        let mut pairs = 0;
        // The constraints of one case share its condition: one remark is enough.
        let mut dead: Vec<&Condition> = Vec::new();
        for (at, clause) in field.clauses.iter().enumerate() {
            if clause.implied || dead.contains(&&clause.when) {
                continue;
            }
            if is_dead(scope, ix, &when[at]) {
                let why = scope.conflicting_spans(&when[at], |implication| is_clause_of(implication, ix));
                out.push(diagnostics::condition_never_holds(&clause_name(scope, field, clause), clause.span, &why));
                dead.push(&clause.when);
                continue;
            }
            for (other_at, other) in field.clauses.iter().enumerate() {
                pairs += 1;
                if pairs > MOST_PAIRS || !scope.fuel.take(comparison_cost(clause, other)) {
                    break;
                }
                if other_at != at
                    && shadows(other, clause, other_at < at)
                    && scope.condition_implies(&when[at], &when[other_at])
                {
                    let subject = format!("{}.{}", scope.name, field.name);
                    out.push(diagnostics::never_matters(
                        &subject,
                        clause.constraint.keyword(),
                        clause.span,
                        other.span,
                    ));
                    break;
                }
            }
        }
    }
}

fn clause_name(scope: &RecordAnalysis<'_>, field: &Field, clause: &Clause) -> String {
    format!("`{}` of `{}.{}`", clause.constraint.keyword(), scope.name, field.name)
}

/// Whether no request makes the clause apply. The clauses of its field are left out: what they say of each other is
/// told elsewhere.
fn is_dead(scope: &mut RecordAnalysis<'_>, ix: FieldIx, when: &Formula) -> bool {
    *when != Formula::Const(Truth::True) && scope.is_refuted(when, |implication| is_clause_of(implication, ix))
}

fn is_clause_of(implication: &Implication, ix: FieldIx) -> bool {
    matches!(implication.source, ImplicationSource::Clause(field, _) if field == ix)
}

/// Whether a clause says nothing that another one does not say, if the other applies wherever it does.
fn shadows(other: &Clause, clause: &Clause, earlier: bool) -> bool {
    let as_sure = is_stated(other) || !is_stated(clause);
    // Of two that say the same the later one is superfluous, unless the earlier one is the narrower.
    let stronger = match is_at_least(&other.constraint, &clause.constraint) {
        true if is_at_least(&clause.constraint, &other.constraint) => {
            other.when == Condition::Always && clause.when != Condition::Always || earlier && other.when == clause.when
        }
        stronger => stronger,
    };
    as_sure && stronger && other.target == clause.target && !other.implied
}

/// Whether `weak` adds nothing to another clause.
fn is_at_least(strong: &Constraint, weak: &Constraint) -> bool {
    use Constraint as C;
    match (strong, weak) {
        (C::Default(_), _) | (_, C::Default(_)) | (C::Ignored, _) => false,
        // What is not there breaks no limit; but saying so twice may be how a table reads.
        (C::Forbidden, _) => matches!(weak, C::Forbidden),
        _ => implies(strong, weak),
    }
}
