//! Evaluates conditions of the spec if only a part of a request is known.

use std::collections::BTreeMap;

use serde_json::Value;
use specwright_codegen::model::{Condition, Constraint, Field, Matcher, Record, Test};

/// The knowledge about a parameter.
#[derive(Clone)]
enum Known {
    Value(Value),
    Present,
    Absent,
}

/// The knowledge about a request.
#[derive(Clone, Default)]
pub(super) struct Knowledge(BTreeMap<String, Known>);

impl Knowledge {
    /// From `{name: value}`, in which `$present` and `$absent` are not values.
    pub(super) fn with(&self, facts: &Value) -> Self {
        let mut known = self.0.clone();
        for (name, value) in facts.as_object().expect("an object") {
            let fact = match value.as_str() {
                Some("$present") => Known::Present,
                Some("$absent") => Known::Absent,
                _ => Known::Value(value.clone()),
            };
            known.insert(name.clone(), fact);
        }
        Self(known)
    }

    /// The value of a parameter, if it is known.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        match self.0.get(name) {
            Some(Known::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// Whether a parameter is known not to be sent.
    pub(super) fn is_absent(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Known::Absent))
    }

    /// `None` if it depends on the rest.
    pub(super) fn holds(&self, record: &Record, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Always => Some(true),
            Condition::Test(test) => self.passes(record, test),
            Condition::All(all) => any(all.iter().map(|it| self.holds(record, it).map(|it| !it))).map(|it| !it),
            Condition::Any(all) => any(all.iter().map(|it| self.holds(record, it))),
            Condition::Not(inner) => self.holds(record, inner).map(|it| !it),
        }
    }

    fn passes(&self, record: &Record, test: &Test) -> Option<bool> {
        if !test.path.steps.is_empty() {
            return None;
        }
        let field = record.field(test.path.field);
        matches(field, self.0.get(&field.name)?, &test.matcher)
    }
}

fn matches(field: &Field, known: &Known, matcher: &Matcher) -> Option<bool> {
    match (matcher, known) {
        (Matcher::OneOf(values), Known::Value(value)) => Some(values.iter().any(|it| same(it, value))),
        (Matcher::OneOf(values), Known::Absent) => {
            if field.clauses.iter().any(|it| matches!(it.constraint, Constraint::Default(_))) {
                return None;
            }
            Some(field.default.as_ref().is_some_and(|default| values.iter().any(|it| same(it, default))))
        }
        (Matcher::OneOf(_) | Matcher::Empty, Known::Present) => None,
        (Matcher::Present, known) => Some(!matches!(known, Known::Absent | Known::Value(Value::Null))),
        (Matcher::Absent, known) => Some(matches!(known, Known::Absent | Known::Value(Value::Null))),
        (Matcher::Null, known) => Some(matches!(known, Known::Value(Value::Null))),
        (Matcher::Empty, Known::Value(value)) => Some(match value {
            Value::String(it) => it.is_empty(),
            Value::Array(it) => it.is_empty(),
            Value::Object(it) => it.is_empty(),
            _ => false,
        }),
        (Matcher::Empty, Known::Absent) => Some(false),
        (Matcher::Any(all), known) => any(all.iter().map(|it| matches(field, known, it))),
        (Matcher::Not(inner), known) => matches(field, known, inner).map(|it| !it),
    }
}

/// Three-valued *or*.
fn any(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for it in all {
        match it {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// Whether two values are equal. Numbers compare by value.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
