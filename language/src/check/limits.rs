//! Clauses of one field that contradict each other: required and forbidden, and limits that leave no value.

use super::cardinality::{self, Limits, leaves_nothing, of_clause};
use super::scope::{RecordAnalysis, is_stated};
use super::witness;
use crate::analyse::{Formula, Implication, ImplicationSource, Knowledge};
use crate::constraints::{self, AppliesTo};
use crate::diagnostics::{Diagnostics, rules as diagnostics};
use crate::model::{Clause, Condition, Constraint, Field, FieldIx, Target};

/// Pairs of clauses of one field that are compared at most.
const MOST_PAIRS: usize = 20_000;
/// Sets of conditions of one field that are looked at, at most.
const MOST_SETS: usize = 600;

/// Reports what contradicts itself under conditions that can hold together, with a request in which they do. Gives the
/// fields that have been reported.
pub(super) fn check(scope: &mut RecordAnalysis<'_>, out: &mut Diagnostics) -> Vec<FieldIx> {
    let mut told = Vec::new();
    // What contradicts itself in every request goes first: no request could show what else does.
    for (ix, field) in scope.fields() {
        let always = |it: &&Clause| it.when == Condition::Always;
        if check_limits(scope, ix, field, &[], &always, out) {
            told.push(ix);
        }
    }
    for (ix, field) in scope.fields() {
        let others = told.clone();
        if !told.contains(&ix)
            && (check_presence(scope, ix, field, &others, out)
                || check_limits(scope, ix, field, &others, &|_| true, out))
        {
            told.push(ix);
        }
    }
    told
}

/// Reports a field that is required and forbidden in the same request.
fn check_presence(
    scope: &mut RecordAnalysis<'_>,
    ix: FieldIx,
    field: &Field,
    told: &[FieldIx],
    out: &mut Diagnostics,
) -> bool {
    let about: Vec<FieldIx> = told.iter().copied().chain([ix]).collect();
    let of = |constraint: Constraint| {
        let own = field.clauses.iter().filter(move |it| it.constraint == constraint && it.target == Target::Value);
        own.filter(|it| is_stated(it))
    };
    let pairs = of(Constraint::Required).flat_map(|it| of(Constraint::Forbidden).map(move |other| (it, other)));
    for (required, forbidden) in pairs.take(MOST_PAIRS) {
        if !scope.fuel.take(1) {
            return false;
        }
        let goals = [scope.formula(&required.when), scope.formula(&forbidden.when)];
        if goals.iter().any(|it| it.mentions(ix)) {
            continue;
        }
        if let Some(request) = witness::find(scope, &goals, &about) {
            let name = format!("{}.{}", scope.name, field.name);
            out.push(diagnostics::required_and_forbidden(&name, required.span, forbidden.span, &request));
            return true;
        }
    }
    false
}

/// Limits of one field under one condition.
struct Group<'a> {
    when: &'a Condition,
    formula: Formula,
    clauses: Vec<&'a Clause>,
}

/// Reports limits that apply together and leave no value. The fields in `told` have been reported already: the
/// request that shows the fault may break their own clauses.
fn check_limits<'a>(
    scope: &mut RecordAnalysis<'a>,
    ix: FieldIx,
    field: &'a Field,
    told: &[FieldIx],
    counts: &dyn Fn(&&Clause) -> bool,
    out: &mut Diagnostics,
) -> bool {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for clause in field.clauses.iter().filter(|it| is_stated(it) && is_limit(&it.constraint)).filter(counts) {
        match groups.iter_mut().find(|it| *it.when == clause.when) {
            Some(group) => group.clauses.push(clause),
            None => {
                let formula = scope.formula(&clause.when);
                groups.push(Group { when: &clause.when, formula, clauses: vec![clause] });
            }
        }
    }
    groups.retain(|it| !it.formula.mentions(ix));
    // What always holds goes first, and then what the spec writes first.
    groups.sort_by_key(|it| *it.when != Condition::Always);
    let (always, others): (Vec<&Group<'_>>, Vec<&Group<'_>>) =
        groups.iter().partition(|it| *it.when == Condition::Always);
    let about = told.iter().copied().chain([ix]).collect();
    let mut search = Search { scope, ix, field, about, left: MOST_SETS };
    let Some((clauses, request)) = search.find_contradiction(always, others) else { return false };
    let name = format!("{}.{}", scope.name, field.name);
    let lines: Vec<_> = clauses.iter().map(|it| (it.constraint.keyword(), it.span)).collect();
    let limits: Vec<_> = clauses.iter().map(|it| of_clause(it)).collect();
    let unique = clauses.iter().any(|it| it.constraint == Constraint::UniqueItems);
    let items = if unique { cardinality::max_distinct_items(scope.api, &field.ty, Limits::new(&limits)) } else { None };
    if let Some((last, others)) = lines.split_last() {
        out.push(diagnostics::contradictory_limits(&name, others, *last, items, request.as_deref()));
    }
    true
}

/// Whether a constraint can leave no value. What is asked of files, none is looked into for.
fn is_limit(constraint: &Constraint) -> bool {
    let applies_to = constraints::of(constraint).applies_to;
    constraints::limits_the_value(constraint) && applies_to != AppliesTo::Files
}

/// Looks for conditions that hold together in some request and whose limits leave nothing.
struct Search<'s, 'a> {
    scope: &'s mut RecordAnalysis<'a>,
    ix: FieldIx,
    field: &'a Field,
    /// Fields whose clauses a request may break.
    about: Vec<FieldIx>,
    left: usize,
}

/// Clauses that leave nothing, and a request to which they apply.
type Contradiction<'g> = (Vec<&'g Clause>, Option<String>);

impl Search<'_, '_> {
    /// Of the sets that have all of `chosen` and some of `others`, the first that leaves nothing.
    fn find_contradiction<'g>(
        &mut self,
        chosen: Vec<&'g Group<'g>>,
        others: Vec<&'g Group<'g>>,
    ) -> Option<Contradiction<'g>> {
        self.left = self.left.checked_sub(1)?;
        // More limits leave fewer values: when all together leave some, so does each set of them.
        if !self.scope.fuel.take(1) || !self.contradict(chosen.iter().chain(&others).copied()) {
            return None;
        }
        if self.contradict(chosen.iter().copied()) {
            return self.shown(&chosen);
        }
        let (first, others) = others.split_first()?;
        let mut with: Vec<&Group<'_>> = chosen.clone();
        with.push(first);
        let goals: Vec<&Formula> = with.iter().map(|it| &it.formula).collect();
        let (ix, own) = (
            self.ix,
            |implication: &Implication, ix| matches!(implication.source, ImplicationSource::Clause(field, _) if field == ix),
        );
        if !self.scope.knowledge_assuming(&goals, |implication| own(implication, ix)).is_impossible() {
            let compatible =
                others.iter().copied().filter(|it| self.can_hold_together(&first.formula, &it.formula)).collect();
            if let Some(found) = self.find_contradiction(with, compatible) {
                return Some(found);
            }
        }
        self.find_contradiction(chosen, others.to_vec())
    }

    fn contradict<'g>(&self, groups: impl Iterator<Item = &'g Group<'g>>) -> bool {
        let limits: Vec<_> = groups.flat_map(|it| &it.clauses).map(|it| of_clause(it)).collect();
        leaves_nothing(self.scope.api, &self.field.ty, Limits::new(&limits))
    }

    /// Whether two conditions can hold together, by what they say alone.
    fn can_hold_together(&self, one: &Formula, other: &Formula) -> bool {
        let mut known = Knowledge::nothing(self.scope.domain);
        known.assume_formula(one);
        known.assume_formula(other);
        !known.is_impossible()
    }

    /// The smallest set of clauses that conflict, if a request shows that their conditions hold together.
    fn shown<'g>(&mut self, groups: &[&'g Group<'g>]) -> Option<Contradiction<'g>> {
        let mut guilty: Vec<&'g Clause> = groups.iter().flat_map(|it| it.clauses.iter().copied()).collect();
        // The last ones are asked first, so that what was written first is kept.
        for at in (0..guilty.len()).rev() {
            let limits: Vec<_> =
                guilty.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, it)| of_clause(it)).collect();
            if leaves_nothing(self.scope.api, &self.field.ty, Limits::new(&limits)) {
                guilty.remove(at);
            }
        }
        let mut goals: Vec<Formula> = Vec::new();
        for group in groups.iter().filter(|it| *it.when != Condition::Always) {
            if guilty.iter().any(|it| it.when == *group.when) {
                goals.push(group.formula.clone());
            }
        }
        // What always holds needs no request to be shown.
        if goals.is_empty() {
            return Some((guilty, None));
        }
        let request = witness::find(self.scope, &goals, &self.about)?;
        Some((guilty, Some(request)))
    }
}
