//! Conditions over a [`Domain`], compiled: tests are sets of states, negations are gone.

use serde_json::Value;

use super::constraint::{all_alike, truth};
use super::domain::Mask;
use super::values::Values;
use super::{Domain, State, Truth};
use crate::model::{Condition, FieldIx, Matcher, Test, same_value};

/// A condition over the states of fields. Made by [`Domain::formula`].
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// The same in every request.
    Const(Truth),
    /// The state of one field.
    States(StateTest),
    /// All hold.
    All(Vec<Formula>),
    /// At least one holds.
    Any(Vec<Formula>),
}

/// The states of a field in which a test certainly holds, and those in which it certainly does not. In the others it is
/// open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateTest {
    pub(super) field: FieldIx,
    pub(super) yes: Mask,
    pub(super) no: Mask,
}

impl Formula {
    pub(super) fn of(domain: &Domain, condition: &Condition) -> Self {
        match condition {
            Condition::Always => Self::Const(Truth::True),
            Condition::Test(test) => Self::of_test(domain, test),
            Condition::All(parts) => Self::All(parts.iter().map(|it| Self::of(domain, it)).collect()),
            Condition::Any(parts) => Self::Any(parts.iter().map(|it| Self::of(domain, it)).collect()),
            Condition::Not(inner) => Self::of(domain, inner).negate(),
        }
    }

    /// The field is in a state that the judge accepts; what it leaves open stays open.
    pub(super) fn judged(domain: &Domain, field: FieldIx, judge: impl Fn(&State) -> Truth) -> Self {
        let (mut yes, mut no) = (0, 0);
        for (at, state) in domain.states(field).iter().enumerate() {
            match judge(state) {
                Truth::True => yes |= 1 << at,
                Truth::False => no |= 1 << at,
                Truth::Unknown => {}
            }
        }
        Self::States(StateTest { field, yes, no })
    }

    /// The field is sent and not null.
    #[must_use]
    pub fn present(domain: &Domain, field: FieldIx) -> Self {
        Self::judged(domain, field, |it| truth(!matches!(it, State::Absent | State::Null)))
    }

    /// The field is sent, if only as null.
    #[must_use]
    pub fn sent(domain: &Domain, field: FieldIx) -> Self {
        Self::judged(domain, field, |it| truth(*it != State::Absent))
    }

    /// The field is sent as this value.
    #[must_use]
    pub fn is(domain: &Domain, field: FieldIx, value: &Value) -> Self {
        Self::judged(domain, field, |it| match it {
            State::Value(it) => truth(same_value(it, value)),
            State::Other => domain.field(field).other_is_one_of(std::slice::from_ref(value)),
            State::Empty => all_alike(domain.field(field).empties.iter().map(|it| truth(same_value(it, value)))),
            State::Absent | State::Null => Truth::False,
        })
    }

    /// Holds exactly when this one does not.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Const(truth) => Self::Const(truth.negate()),
            Self::States(StateTest { field, yes, no }) => Self::States(StateTest { field, yes: no, no: yes }),
            Self::All(parts) => Self::Any(parts.into_iter().map(Self::negate).collect()),
            Self::Any(parts) => Self::All(parts.into_iter().map(Self::negate).collect()),
        }
    }

    /// Whether it looks at a field.
    #[must_use]
    pub fn mentions(&self, field: FieldIx) -> bool {
        match self {
            Self::Const(_) => false,
            Self::States(test) => test.field == field,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|it| it.mentions(field)),
        }
    }

    /// The fields it looks at, some more than once.
    pub(super) fn fields(&self, out: &mut Vec<FieldIx>) {
        match self {
            Self::Const(_) => {}
            Self::States(test) => out.push(test.field),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|it| it.fields(out)),
        }
    }

    /// Number of tests in it.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Const(_) | Self::States(_) => 1,
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::size).sum(),
        }
    }

    fn of_test(domain: &Domain, test: &Test) -> Self {
        if !test.path.steps.is_empty() {
            let field = Self::present(domain, test.path.field);
            return match test.matcher {
                // What is inside can only be there where the outside is.
                Matcher::Present => Self::All(vec![field, Self::Const(Truth::Unknown)]),
                Matcher::Absent => Self::Any(vec![field.negate(), Self::Const(Truth::Unknown)]),
                _ => Self::Const(Truth::Unknown),
            };
        }
        Self::of_matcher(domain, test.path.field, &test.matcher)
    }

    fn of_matcher(domain: &Domain, field: FieldIx, matcher: &Matcher) -> Self {
        let judged = |judge: &dyn Fn(&State) -> Truth| Self::judged(domain, field, judge);
        match matcher {
            Matcher::Present => Self::present(domain, field),
            Matcher::Absent => Self::present(domain, field).negate(),
            Matcher::Null => judged(&|it| truth(*it == State::Null)),
            Matcher::Empty => judged(&|it| truth(*it == State::Empty)),
            Matcher::Not(inner) => Self::of_matcher(domain, field, inner).negate(),
            Matcher::Any(parts) => Self::Any(parts.iter().map(|it| Self::of_matcher(domain, field, it)).collect()),
            Matcher::OneOf(values) => Self::one_of(domain, field, values),
        }
    }

    /// The field is, or defaults to, one of these.
    fn one_of(domain: &Domain, field: FieldIx, values: &[Value]) -> Self {
        let all: Values = values.iter().collect();
        let is_one = |it: &Value| all.contains(it);
        let states = domain.field(field);
        let by_default = default_is(domain, field, &is_one);
        let absent = match &by_default {
            Self::Const(truth) => *truth,
            _ => Truth::False,
        };
        let itself = Self::judged(domain, field, |it| match it {
            State::Absent => absent,
            State::Null => truth(values.contains(&Value::Null)),
            State::Empty => all_alike(states.empties.iter().map(|it| truth(is_one(it)))),
            State::Value(value) => truth(is_one(value)),
            State::Other => states.other_is_one_of(values),
        });
        match by_default {
            Self::Const(_) => itself,
            by_default => {
                let left_out = Self::sent(domain, field).negate();
                Self::Any(vec![itself, Self::All(vec![left_out, by_default])])
            }
        }
    }
}

/// When an absent field compares as one of some values: as the default of the first case that applies, else as its own.
fn default_is(domain: &Domain, field: FieldIx, is_one: &dyn Fn(&Value) -> bool) -> Formula {
    let defaults = &domain.field(field).defaults;
    if !defaults.iter().any(|(_, value)| is_one(value)) {
        return Formula::Const(Truth::False);
    }
    // Defaults that hang on each other's defaults could go round in circles: those are not followed.
    if defaults.iter().any(|(when, _)| domain.hangs_on_conditional_defaults(when)) {
        return Formula::Const(Truth::Unknown);
    }
    let mut ways = Vec::new();
    let mut before = Vec::new();
    for (when, value) in defaults {
        let when = Formula::of(domain, when);
        if is_one(value) {
            if when == Formula::Const(Truth::True) && before.is_empty() {
                return when;
            }
            let mut way = before.clone();
            way.push(when);
            ways.push(Formula::All(way));
        } else {
            before.push(when.negate());
        }
    }
    Formula::Any(ways)
}
