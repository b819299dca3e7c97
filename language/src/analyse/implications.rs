//! The implications of a record: when one thing holds, another does.

use super::constraint::verdict;
use super::{Domain, Formula, Knowledge, Truth};
use crate::model::{Certainty, FieldIx, FieldPath, Record, Rule, RuleKind};

/// Rules over more fields than this are not followed: their formulas grow with the square.
const WIDEST_RULE: usize = 24;
/// Rounds of [`Implications::propagate`]: each follows a chain of implications at least one step further.
const MOST_ROUNDS: usize = 24;

/// How much reasoning is left to do: every implication looked at costs. Without fuel nothing new is learnt, which is sound.
#[derive(Clone, Copy, Debug)]
pub struct StepBudget {
    left: u64,
    used: u64,
}

impl Default for StepBudget {
    fn default() -> Self {
        Self::new(1_000_000)
    }
}

impl StepBudget {
    /// For so many steps.
    #[must_use]
    pub fn new(steps: u64) -> Self {
        Self { left: steps, used: 0 }
    }

    /// Takes some; `false` when there is not enough left, and then there never is again.
    pub fn take(&mut self, steps: u64) -> bool {
        if self.left < steps {
            self.left = 0;
            return false;
        }
        self.left -= steps;
        self.used += steps;
        true
    }

    /// Whether it is all gone.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Steps taken so far.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used
    }
}

/// Which part of a record an implication comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImplicationSource {
    /// A clause of a field, by index.
    Clause(FieldIx, usize),
    /// A rule, by index.
    Rule(usize),
}

/// When one thing holds, another does.
#[derive(Clone, Debug)]
pub struct Implication {
    /// Where it is said.
    pub source: ImplicationSource,
    /// The condition.
    pub when: Formula,
    /// The opposite of the condition.
    unless: Formula,
    /// What then holds.
    pub then: Formula,
    /// Whether breaking it makes a request illegal.
    pub certainty: Certainty,
    /// What looking at it costs.
    size: u64,
}

/// The implications of a record.
#[derive(Clone, Debug)]
pub struct Implications {
    /// In the order of fields, clauses and rules.
    pub all: Vec<Implication>,
}

impl Implications {
    /// All that a record says and that states of fields can express.
    #[must_use]
    pub fn of(domain: &Domain, record: &Record) -> Self {
        let mut implications = Vec::new();
        for (at, field) in record.fields.iter().enumerate() {
            let ix = FieldIx(at as u32);
            for (index, clause) in field.clauses.iter().enumerate() {
                let then = Formula::judged(domain, ix, |it| verdict(clause, domain.field(ix), it));
                let when = domain.formula(&clause.when);
                implications.push(Implication::new(
                    ImplicationSource::Clause(ix, index),
                    when,
                    then,
                    clause.origin.certainty,
                ));
            }
        }
        for (index, rule) in record.rules.iter().enumerate() {
            if let Some(then) = consequence(domain, rule) {
                let when = domain.formula(&rule.when);
                implications.push(Implication::new(ImplicationSource::Rule(index), when, then, rule.origin.certainty));
            }
        }
        Self { all: implications }
    }

    /// Completes knowledge with what is stated, until nothing new follows or the fuel is spent.
    pub fn propagate(&self, knowledge: &mut Knowledge<'_>, fuel: &mut StepBudget) {
        self.propagate_where(knowledge, fuel, |it| it.certainty == Certainty::Stated);
    }

    /// As [`propagate`](Self::propagate), from some of the implications.
    pub fn propagate_where(
        &self,
        knowledge: &mut Knowledge<'_>,
        fuel: &mut StepBudget,
        counts: impl Fn(&Implication) -> bool,
    ) {
        for _ in 0..MOST_ROUNDS {
            knowledge.forget_changes();
            for implication in self.all.iter().filter(|it| counts(it)) {
                if !fuel.take(implication.size) {
                    return;
                }
                match knowledge.decide_formula(&implication.when) {
                    Truth::False => {}
                    Truth::True => knowledge.assume_formula(&implication.then),
                    Truth::Unknown => {
                        if knowledge.decide_formula(&implication.then) == Truth::False {
                            knowledge.assume_formula(&implication.unless);
                        }
                    }
                }
                if knowledge.is_impossible() {
                    return;
                }
            }
            if !knowledge.has_changed() {
                return;
            }
        }
    }
}

impl Implication {
    fn new(source: ImplicationSource, when: Formula, then: Formula, certainty: Certainty) -> Self {
        let size = 1 + when.size() + then.size();
        Self { source, unless: when.clone().negate(), when, then, certainty, size }
    }
}

/// What a rule over presence says, as a formula; `None` for rules over amounts and for paths into objects.
fn consequence(domain: &Domain, rule: &Rule) -> Option<Formula> {
    let present = |it: &FieldPath| Formula::present(domain, it.field);
    let absent = |it: &FieldPath| present(it).negate();
    let all = |paths: &[FieldPath]| Formula::All(paths.iter().map(present).collect());
    let fits = |paths: &[FieldPath]| paths.len() <= WIDEST_RULE && paths.iter().all(|it| it.steps.is_empty());
    match &rule.kind {
        RuleKind::AnyOf(paths) if fits(paths) => Some(Formula::Any(paths.iter().map(present).collect())),
        RuleKind::ExactlyOneOf(paths) if fits(paths) => {
            Some(Formula::All(vec![Formula::Any(paths.iter().map(present).collect()), at_most_one(paths, &absent)]))
        }
        RuleKind::AtMostOneOf(paths) if fits(paths) => Some(at_most_one(paths, &absent)),
        RuleKind::AllOrNone(paths) if fits(paths) => {
            Some(Formula::Any(vec![all(paths), Formula::All(paths.iter().map(absent).collect())]))
        }
        RuleKind::Requires(first, others) if first.steps.is_empty() && fits(others) => {
            Some(Formula::Any(vec![absent(first), all(others)]))
        }
        _ => None,
    }
}

fn at_most_one(paths: &[FieldPath], absent: &impl Fn(&FieldPath) -> Formula) -> Formula {
    let mut pairs = Vec::new();
    for (at, first) in paths.iter().enumerate() {
        for second in &paths[at + 1..] {
            pairs.push(Formula::Any(vec![absent(first), absent(second)]));
        }
    }
    Formula::All(pairs)
}
