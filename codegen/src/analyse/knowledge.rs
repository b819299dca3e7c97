//! What is known of every field, and what follows from it.

use serde_json::Value;

use super::domain::equal;
use super::{Domain, State};
use crate::model::{Clause, Condition, Constraint, FieldIx, Matcher, Record, Target, Test};

/// Three-valued truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// In every request that fits.
    True,
    /// In none.
    False,
    /// In some, or it cannot be told.
    Unknown,
}

impl Truth {
    fn negate(self) -> Self {
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
    possible: Vec<Vec<bool>>,
}

impl<'d> Knowledge<'d> {
    /// Nothing is known.
    #[must_use]
    pub fn nothing(domain: &'d Domain) -> Self {
        let fields = (0..domain.len()).map(|it| vec![true; domain.states(FieldIx(it as u32)).len()]);
        Self { domain, possible: fields.collect() }
    }

    /// The states a field can still be in.
    pub fn possible(&self, field: FieldIx) -> impl Iterator<Item = &'d State> + '_ {
        let states = self.domain.states(field);
        states.iter().zip(&self.possible[field.0 as usize]).filter_map(|(state, possible)| possible.then_some(state))
    }

    /// No request fits: some field has no state left.
    #[must_use]
    pub fn is_impossible(&self) -> bool {
        self.possible.iter().any(|it| !it.contains(&true))
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

    /// The values the field can be sent as, if they are finitely many: `None` where any other value is possible.
    #[must_use]
    pub fn values(&self, field: FieldIx) -> Option<Vec<&'d Value>> {
        let mut values = Vec::new();
        for state in self.possible(field) {
            match state {
                State::Absent | State::Null => {}
                State::Value(value) => values.push(value),
                State::Empty | State::Other => return None,
            }
        }
        Some(values)
    }

    /// Learns that a condition holds. What a disjunction says about several fields at once is kept per field only.
    pub fn assume(&mut self, condition: &Condition) {
        match condition {
            Condition::Always => {}
            Condition::Test(test) => self.assume_test(test, true),
            Condition::All(parts) => parts.iter().for_each(|it| self.assume(it)),
            Condition::Any(parts) => self.assume_any(parts.iter().map(|it| (it, true))),
            Condition::Not(inner) => self.assume_not(inner),
        }
    }

    /// Learns that a condition does not hold.
    pub fn assume_not(&mut self, condition: &Condition) {
        match condition {
            Condition::Always => self.possible.iter_mut().for_each(|it| it.fill(false)),
            Condition::Test(test) => self.assume_test(test, false),
            Condition::Any(parts) => parts.iter().for_each(|it| self.assume_not(it)),
            Condition::All(parts) => self.assume_any(parts.iter().map(|it| (it, false))),
            Condition::Not(inner) => self.assume(inner),
        }
    }

    /// Learns that at least one of several is as said: per field, what is possible under any of them.
    fn assume_any<'c>(&mut self, parts: impl Iterator<Item = (&'c Condition, bool)>) {
        let mut union: Option<Vec<Vec<bool>>> = None;
        for (condition, holds) in parts {
            let mut branch = self.clone();
            if holds {
                branch.assume(condition);
            } else {
                branch.assume_not(condition);
            }
            if branch.is_impossible() {
                continue;
            }
            union = Some(match union {
                None => branch.possible,
                Some(mut all) => {
                    for (all, branch) in all.iter_mut().flatten().zip(branch.possible.iter().flatten()) {
                        *all |= branch;
                    }
                    all
                }
            });
        }
        match union {
            Some(possible) => self.possible = possible,
            None => self.possible.iter_mut().for_each(|it| it.fill(false)),
        }
    }

    fn assume_test(&mut self, test: &Test, holds: bool) {
        if !test.path.steps.is_empty() {
            return;
        }
        let unwanted = if holds { Truth::False } else { Truth::True };
        let states = self.domain.states(test.path.field);
        let keep: Vec<bool> =
            states.iter().map(|it| self.state_matches(test.path.field, it, &test.matcher) != unwanted).collect();
        for (possible, keep) in self.possible[test.path.field.0 as usize].iter_mut().zip(keep) {
            *possible &= keep;
        }
    }

    /// Whether a condition holds in every, no, or some request that fits.
    #[must_use]
    pub fn decide(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::Always => Truth::True,
            Condition::Test(test) => self.decide_test(test),
            Condition::All(parts) => parts.iter().fold(Truth::True, |all, it| match (all, self.decide(it)) {
                (Truth::False, _) | (_, Truth::False) => Truth::False,
                (Truth::True, Truth::True) => Truth::True,
                _ => Truth::Unknown,
            }),
            Condition::Any(parts) => parts.iter().fold(Truth::False, |any, it| match (any, self.decide(it)) {
                (Truth::True, _) | (_, Truth::True) => Truth::True,
                (Truth::False, Truth::False) => Truth::False,
                _ => Truth::Unknown,
            }),
            Condition::Not(inner) => self.decide(inner).negate(),
        }
    }

    fn decide_test(&self, test: &Test) -> Truth {
        if !test.path.steps.is_empty() {
            return Truth::Unknown;
        }
        let mut verdict = None;
        for state in self.possible(test.path.field) {
            let truth = self.state_matches(test.path.field, state, &test.matcher);
            match verdict {
                None => verdict = Some(truth),
                Some(before) if before == truth => {}
                Some(_) => return Truth::Unknown,
            }
        }
        verdict.unwrap_or(Truth::False)
    }

    fn state_matches(&self, field: FieldIx, state: &State, matcher: &Matcher) -> Truth {
        match matcher {
            Matcher::Present => truth(!matches!(state, State::Absent | State::Null)),
            Matcher::Absent => truth(matches!(state, State::Absent | State::Null)),
            Matcher::Null => truth(*state == State::Null),
            Matcher::Empty => truth(*state == State::Empty),
            Matcher::Not(inner) => self.state_matches(field, state, inner).negate(),
            Matcher::Any(parts) => {
                parts.iter().fold(Truth::False, |any, it| match (any, self.state_matches(field, state, it)) {
                    (Truth::True, _) | (_, Truth::True) => Truth::True,
                    (Truth::False, Truth::False) => Truth::False,
                    _ => Truth::Unknown,
                })
            }
            Matcher::OneOf(values) => match state {
                State::Value(value) => truth(values.iter().any(|it| equal(it, value))),
                State::Null | State::Other => Truth::False,
                State::Empty => truth(values.iter().any(is_empty)),
                State::Absent => self.default_matches(field, values),
            },
        }
    }

    fn default_matches(&self, field: FieldIx, values: &[Value]) -> Truth {
        let mut unsure = false;
        for (when, default) in self.domain.defaults(field) {
            let holds = match when {
                Condition::Always => Truth::True,
                // Defaults that hang on each other's defaults could go round in circles: those are not followed.
                _ if self.domain.hangs_on_conditional_defaults(when) => Truth::Unknown,
                _ => self.decide(when),
            };
            let matches = values.iter().any(|it| equal(it, default));
            match holds {
                Truth::True => return truth(matches),
                Truth::Unknown => unsure |= matches,
                Truth::False => {}
            }
        }
        if unsure { Truth::Unknown } else { Truth::False }
    }

    /// Learns everything that the record's clauses say under what is known, until nothing new follows.
    pub fn learn(&mut self, record: &Record) {
        loop {
            let before = self.possible.clone();
            for (index, field) in record.fields.iter().enumerate() {
                for clause in &field.clauses {
                    if self.decide(&clause.when) == Truth::True {
                        self.obey(FieldIx(index as u32), clause);
                    }
                }
            }
            if self.possible == before || self.is_impossible() {
                return;
            }
        }
    }

    /// Drops the states of a field that a clause does not allow.
    pub fn obey(&mut self, field: FieldIx, clause: &Clause) {
        let states = self.domain.states(field);
        for (state, possible) in states.iter().zip(&mut self.possible[field.0 as usize]) {
            *possible &= allows(clause, state);
        }
    }
}

/// Whether a clause that applies leaves a state possible. Only stated, finite knowledge counts: a range says nothing
/// about states other than the values mentioned.
fn allows(clause: &Clause, state: &State) -> bool {
    if clause.target == Target::Items || clause.origin.certainty == crate::model::Certainty::Inferred {
        return true;
    }
    match (&clause.constraint, state) {
        (Constraint::Required, State::Absent) => false,
        (Constraint::Forbidden, state) => *state == State::Absent,
        (_, State::Absent | State::Null) => true,
        (Constraint::Enum(values), State::Value(value)) => values.iter().any(|it| equal(it, value)),
        (Constraint::Const(constant), State::Value(value)) => equal(constant, value),
        (Constraint::Enum(_) | Constraint::Const(_), State::Other | State::Empty) => false,
        (Constraint::MinItems(least) | Constraint::MinLength(least, _), State::Empty) => *least == 0,
        (constraint, State::Value(value)) => in_range(constraint, value),
        _ => true,
    }
}

fn in_range(constraint: &Constraint, value: &Value) -> bool {
    let Some(number) = value.as_f64() else { return true };
    match constraint {
        Constraint::Minimum(limit) => number >= limit.as_f64(),
        Constraint::Maximum(limit) => number <= limit.as_f64(),
        Constraint::ExclusiveMinimum(limit) => number > limit.as_f64(),
        Constraint::ExclusiveMaximum(limit) => number < limit.as_f64(),
        _ => true,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn truth(value: bool) -> Truth {
    if value { Truth::True } else { Truth::False }
}
