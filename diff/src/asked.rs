//! The clauses and rules of one spec, and which of them the other says in the same form.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::constraints;
use specwright_codegen::model::{
    Certainty, Clause, Comparison, Condition, Constraint, FieldIx, FieldPath, Matcher, Rule, RuleKind, Target, Test,
};

use crate::space::{Space, canonical};

/// What `to` asks for, with conditions in the terms of `from`.
pub(crate) struct Asked<'a> {
    pub(crate) clauses: Vec<AskedClause<'a>>,
    pub(crate) rules: Vec<Rule>,
}

pub(crate) struct AskedClause<'a> {
    /// The field of `to`.
    pub(crate) field: FieldIx,
    pub(crate) clause: &'a Clause,
    /// In the terms of `from`.
    pub(crate) when: Condition,
    place: FieldIx,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(space: &mut Space<'a>) -> Self {
        let mut clauses = Vec::new();
        for (at, field) in space.to.record.fields.iter().enumerate() {
            let ix = FieldIx(at as u32);
            for clause in field.clauses.iter().filter(|it| is_asked(it)) {
                let when = space.other_condition(&clause.when);
                clauses.push(AskedClause { field: ix, clause, when, place: space.places[at] });
            }
        }
        Self { clauses, rules: space.other_rules() }
    }

    /// Conditions in which all values stand that `to` names.
    pub(crate) fn literals(&self) -> impl Iterator<Item = Condition> {
        let values = self.clauses.iter().filter(|it| it.clause.target == Target::Value).filter_map(|it| {
            let values = constraints::listed(&it.clause.constraint)?;
            let matcher = Matcher::OneOf(values.to_vec());
            Some(Condition::Test(Test { path: FieldPath::top(it.place), matcher }))
        });
        let whens = self.clauses.iter().map(|it| it.when.clone());
        values.chain(whens).chain(self.rules.iter().map(|it| it.when.clone()))
    }
}

impl Space<'_> {
    /// Whether `from` says the same of the same field.
    pub(crate) fn is_proved(&self, asked: &AskedClause<'_>) -> bool {
        let Some(own) = self.merged.fields.get(asked.place.0 as usize) else { return false };
        let when = canonical(&asked.when);
        own.clauses.iter().any(|it| {
            it.origin.certainty == Certainty::Stated
                && it.target == asked.clause.target
                && constraints::implies(&it.constraint, &asked.clause.constraint)
                && (it.when == Condition::Always || canonical(&it.when) == when)
        })
    }

    /// Whether a rule of `from` asks for all that a rule of `to` does, their conditions aside.
    pub(crate) fn covers(&self, own: &RuleKind, theirs: &RuleKind) -> bool {
        let at_least = |own: Option<u64>, theirs: Option<u64>| theirs.is_none_or(|it| own.is_some_and(|own| own >= it));
        let at_most = |own: Option<u64>, theirs: Option<u64>| theirs.is_none_or(|it| own.is_some_and(|own| own <= it));
        let one = |path: &FieldPath, is_own: bool| self.path_words(path, is_own);
        let set = |paths: &[FieldPath], is_own: bool| paths.iter().map(|it| one(it, is_own)).collect::<BTreeSet<_>>();
        match (own, theirs) {
            (RuleKind::AnyOf(own), RuleKind::AnyOf(theirs)) => set(own, true).is_subset(&set(theirs, false)),
            (RuleKind::ExactlyOneOf(own), RuleKind::ExactlyOneOf(theirs))
            | (RuleKind::AllOrNone(own), RuleKind::AllOrNone(theirs)) => set(own, true) == set(theirs, false),
            (RuleKind::AtMostOneOf(own), RuleKind::AtMostOneOf(theirs)) => {
                set(own, true).is_superset(&set(theirs, false))
            }
            (RuleKind::Requires(own, all), RuleKind::Requires(theirs, others)) => {
                one(own, true) == one(theirs, false) && set(all, true).is_superset(&set(others, false))
            }
            (RuleKind::Compare(a, own, b), RuleKind::Compare(x, theirs, y)) => {
                let straight = one(a, true) == one(x, false) && one(b, true) == one(y, false);
                let crossed = one(a, true) == one(y, false) && one(b, true) == one(x, false);
                (straight && compare_implies(*own, *theirs)) || (crossed && compare_implies(flipped(*own), *theirs))
            }
            (
                RuleKind::Sum { terms, minimum, maximum },
                RuleKind::Sum { terms: theirs, minimum: least, maximum: most },
            ) => {
                let weights = |all: &[(FieldPath, u64)], is_own: bool| {
                    all.iter().map(|(it, weight)| (one(it, is_own), *weight)).collect::<BTreeMap<_, _>>()
                };
                let (own, theirs) = (weights(terms, true), weights(theirs, false));
                // Whether each term of the first weighs at least as much in the second.
                let is_within = |few: &BTreeMap<String, u64>, many: &BTreeMap<String, u64>| {
                    few.iter().all(|(it, weight)| many.get(it).is_some_and(|other| other >= weight))
                };
                (least.is_none() || is_within(&own, &theirs) && at_least(*minimum, *least))
                    && (most.is_none() || is_within(&theirs, &own) && at_most(*maximum, *most))
            }
            (
                RuleKind::TotalLength { path, unit, minimum, maximum },
                RuleKind::TotalLength { path: other, unit: theirs, minimum: least, maximum: most },
            ) => {
                one(path, true) == one(other, false)
                    && unit == theirs
                    && at_least(*minimum, *least)
                    && at_most(*maximum, *most)
            }
            (RuleKind::SameKind(own), RuleKind::SameKind(theirs)) => one(own, true) == one(theirs, false),
            _ => false,
        }
    }
}

/// Whether one comparison holds wherever another does.
fn compare_implies(strong: Comparison, weak: Comparison) -> bool {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    strong == weak
        || matches!(
            (strong, weak),
            (Less, LessOrEqual | NotEqual)
                | (Greater, GreaterOrEqual | NotEqual)
                | (Equal, LessOrEqual | GreaterOrEqual)
        )
}

fn flipped(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same @ (Comparison::Equal | Comparison::NotEqual) => same,
    }
}

fn is_asked(clause: &Clause) -> bool {
    let asks = !matches!(clause.constraint, Constraint::Ignored | Constraint::Default(_));
    asks && clause.origin.certainty == Certainty::Stated
}
