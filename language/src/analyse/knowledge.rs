//! What is known about every field, and what follows from it.

use serde_json::Value;

use super::constraint::verdict;
use super::domain::Mask;
use super::formula::StateTest;
use super::{Domain, Formula, Implications, State, StepBudget};
use crate::model::{Certainty, Clause, Condition, FieldIx, Record};

/// Three-valued truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// In every request that fits.
    True,
    /// In none.
    False,
    /// In some, or it cannot be decided.
    Unknown,
}

impl Truth {
    pub(super) fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// For every field the states it can still be in.
#[derive(Clone, Debug)]
pub struct Knowledge<'d> {
    domain: &'d Domain,
    possible: Vec<Mask>,
    /// Some field has no state left. Kept, since it is asked after every step, whatever the number of fields.
    impossible: bool,
    /// No field has a state left, whatever `possible` says.
    contradicted: bool,
    /// Something was learnt since [`forget_changes`](Self::forget_changes).
    changed: bool,
}

impl<'d> Knowledge<'d> {
    /// Nothing is known.
    #[must_use]
    pub fn nothing(domain: &'d Domain) -> Self {
        let fields = (0..domain.len()).map(|it| domain.field(FieldIx(it as u32)).all());
        let possible: Vec<Mask> = fields.collect();
        let impossible = possible.contains(&0);
        Self { domain, possible, impossible, contradicted: false, changed: false }
    }

    /// The domain it is about.
    #[must_use]
    pub fn domain(&self) -> &'d Domain {
        self.domain
    }

    /// The states a field can still be in.
    pub fn possible(&self, field: FieldIx) -> impl Iterator<Item = &'d State> + '_ {
        let mask = self.mask(field);
        let states = self.domain.states(field).iter().enumerate();
        states.filter_map(move |(at, state)| (mask >> at & 1 == 1).then_some(state))
    }

    /// No request fits: some field has no state left.
    #[must_use]
    pub fn is_impossible(&self) -> bool {
        self.impossible
    }

    fn mask(&self, field: FieldIx) -> Mask {
        if self.contradicted { 0 } else { self.possible[field.0 as usize] }
    }

    /// Drops all states of a field but some.
    fn keep(&mut self, field: FieldIx, kept: Mask) {
        let possible = &mut self.possible[field.0 as usize];
        let left = *possible & kept;
        self.changed |= left != *possible;
        self.impossible |= left == 0;
        *possible = left;
    }

    /// Nothing is possible any more.
    fn contradict(&mut self) {
        self.changed |= !self.contradicted;
        self.contradicted = true;
        self.impossible = true;
    }

    /// Whether the field can be left out.
    #[must_use]
    pub fn can_be_absent(&self, field: FieldIx) -> bool {
        self.possible(field).any(|it| *it == State::Absent)
    }

    /// Whether the field can be sent.
    #[must_use]
    pub fn can_be_sent(&self, field: FieldIx) -> bool {
        self.possible(field).any(|it| *it != State::Absent)
    }

    /// Whether the field can be sent as something else than null.
    #[must_use]
    pub fn can_be_present(&self, field: FieldIx) -> bool {
        self.possible(field).any(|it| !matches!(it, State::Absent | State::Null))
    }

    /// The values the field can be sent as, if they are finitely many: `None` where any other value is possible.
    #[must_use]
    pub fn values(&self, field: FieldIx) -> Option<Vec<&'d Value>> {
        let mut values = Vec::new();
        for state in self.possible(field) {
            match state {
                State::Absent | State::Null => {}
                State::Value(value) => values.push(value),
                State::Empty => match self.domain.field(field).empties.as_slice() {
                    [only] => values.push(only),
                    _ => return None,
                },
                State::Other => return None,
            }
        }
        Some(values)
    }

    /// Whether the field can be in just one state.
    pub(crate) fn fixed(&self, field: FieldIx) -> Option<&'d State> {
        let mut states = self.possible(field);
        let first = states.next()?;
        states.next().is_none().then_some(first)
    }

    /// Keeps one state of a field.
    pub fn fix(&mut self, field: FieldIx, state: &State) {
        self.keep(field, self.domain.field(field).mask(|it| it == state));
    }

    /// Learns that a condition holds. What a disjunction says about several fields at once is kept per field only.
    pub fn assume(&mut self, condition: &Condition) {
        self.assume_formula(&self.domain.formula(condition));
    }

    /// Learns that a formula holds, as [`assume`](Self::assume).
    pub fn assume_formula(&mut self, formula: &Formula) {
        match formula {
            Formula::Const(Truth::False) => self.contradict(),
            Formula::Const(Truth::True | Truth::Unknown) => {}
            Formula::States(StateTest { field, no, .. }) => self.keep(*field, !no),
            Formula::All(parts) => parts.iter().for_each(|it| self.assume_formula(it)),
            Formula::Any(parts) => self.assume_any(parts),
        }
    }

    /// Learns that at least one of several holds: per field, what is possible under any of them.
    fn assume_any(&mut self, parts: &[Formula]) {
        let open: Vec<&Formula> = parts.iter().filter(|it| self.decide_formula(it) != Truth::False).collect();
        match open.as_slice() {
            [] => self.contradict(),
            [only] => self.assume_formula(only),
            _ if open.iter().any(|it| self.decide_formula(it) == Truth::True) => {}
            _ => {
                // What no part mentions is the same in all branches.
                let mut mentioned: Vec<FieldIx> = Vec::new();
                open.iter().for_each(|it| it.fields(&mut mentioned));
                mentioned.sort_unstable();
                mentioned.dedup();
                let before: Vec<Mask> = mentioned.iter().map(|it| self.possible[it.0 as usize]).collect();
                let (impossible, contradicted, changed) = (self.impossible, self.contradicted, self.changed);
                let mut union: Vec<Mask> = vec![0; mentioned.len()];
                let mut none = true;
                for part in open {
                    self.assume_formula(part);
                    if !self.impossible {
                        none = false;
                        union.iter_mut().zip(&mentioned).for_each(|(all, it)| *all |= self.possible[it.0 as usize]);
                    }
                    mentioned.iter().zip(&before).for_each(|(it, mask)| self.possible[it.0 as usize] = *mask);
                    (self.impossible, self.contradicted, self.changed) = (impossible, contradicted, changed);
                }
                if none {
                    self.contradict();
                } else {
                    mentioned.iter().zip(union).for_each(|(it, mask)| self.keep(*it, mask));
                }
            }
        }
    }

    /// Whether a condition holds in every, no, or some request that fits.
    #[must_use]
    pub fn decide(&self, condition: &Condition) -> Truth {
        self.decide_formula(&self.domain.formula(condition))
    }

    /// As [`decide`](Self::decide).
    #[must_use]
    pub fn decide_formula(&self, formula: &Formula) -> Truth {
        match formula {
            Formula::Const(truth) => *truth,
            Formula::States(StateTest { field, yes, no }) => {
                let possible = self.mask(*field);
                if possible & !no == 0 {
                    Truth::False
                } else if possible & !yes == 0 {
                    Truth::True
                } else {
                    Truth::Unknown
                }
            }
            Formula::All(parts) => {
                let mut all = Truth::True;
                for part in parts {
                    match self.decide_formula(part) {
                        Truth::False => return Truth::False,
                        Truth::Unknown => all = Truth::Unknown,
                        Truth::True => {}
                    }
                }
                all
            }
            Formula::Any(parts) => {
                let mut any = Truth::False;
                for part in parts {
                    match self.decide_formula(part) {
                        Truth::True => return Truth::True,
                        Truth::Unknown => any = Truth::Unknown,
                        Truth::False => {}
                    }
                }
                any
            }
        }
    }

    /// Learns everything that the record says under what is known, until nothing new follows.
    pub fn propagate(&mut self, record: &Record) {
        Implications::of(self.domain, record).propagate(self, &mut StepBudget::default());
    }

    /// Drops the states of a field that a clause does not allow. Only what is stated counts.
    pub fn apply(&mut self, field: FieldIx, clause: &Clause) {
        if clause.origin.certainty == Certainty::Stated {
            let domain = self.domain.field(field);
            self.keep(field, domain.mask(|it| verdict(clause, domain, it) != Truth::False));
        }
    }

    /// From now on [`has_changed`](Self::has_changed) asks about what is learnt from now on.
    pub(super) fn forget_changes(&mut self) {
        self.changed = false;
    }

    /// Whether something new was learnt.
    pub(super) fn has_changed(&self) -> bool {
        self.changed
    }
}
