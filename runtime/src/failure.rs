//! Errors inside answers of success: `{"ok": false}` with status 200.
//!
//! The spec says with a condition which answers are errors. The runtime evaluates it wherever it reads JSON: in answers,
//! in polls of tasks, and in the events of streams.

use serde_json::Value;

use crate::json::at;
use crate::number::Number;
use crate::operation::WithSteps;
use crate::{FailureCondition, FailureMatcher, FailureValue, Operation, TaskSpec};

/// Whether an answer of this operation is an error although its status is one of success. The state of a task that is
/// over decides first: a failed task is no failed call.
pub(crate) fn is_failure(operation: &Operation, answer: &Value) -> bool {
    let found = operation.failure.and_then(|it| Some((it.value(), it.steps::<FailureSteps>()?)));
    found.is_some_and(|(condition, steps)| (steps.holds)(condition, operation.task, answer))
}

impl Operation {
    /// With answers of success that are errors. `task` is the task that it creates, whose state decides first.
    #[must_use]
    pub const fn failure(mut self, failure: &'static FailureCondition, task: Option<&'static TaskSpec>) -> Self {
        self.failure = Some(WithSteps::new(failure, &FailureSteps { holds }));
        self.task = task;
        self
    }
}

/// What only operations take that have such a condition.
struct FailureSteps {
    holds: fn(&FailureCondition, Option<&TaskSpec>, &Value) -> bool,
}

fn holds(condition: &FailureCondition, task: Option<&TaskSpec>, answer: &Value) -> bool {
    condition.holds(answer) && !task.is_some_and(|it| is_over(it, answer))
}

fn is_over(task: &TaskSpec, answer: &Value) -> bool {
    let state = if task.state.starts_with('/') { at(answer, task.state) } else { answer.get(task.state) };
    let known = |it: &str| task.completed.contains(&it) || task.failed.contains(&it);
    state.and_then(Value::as_str).is_some_and(known)
}

impl FailureCondition {
    fn holds(&self, answer: &Value) -> bool {
        self.0.iter().any(|all| all.iter().all(|it| it.matcher.holds(at(answer, it.at)) == Some(true)))
    }
}

impl FailureMatcher {
    /// Whether it holds; `None` where the question does not arise, since there is no value.
    fn holds(&self, found: Option<&Value>) -> Option<bool> {
        let value = found.filter(|it| !it.is_null());
        match self {
            Self::Present => Some(value.is_some()),
            Self::Absent => Some(value.is_none()),
            Self::Null => found.map(Value::is_null),
            Self::OneOf(values) => value.map(|it| values.iter().any(|known| known.equals(it))),
            Self::Empty => value.map(|it| match it {
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty(),
                Value::Object(fields) => fields.is_empty(),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            }),
            Self::Any(all) => {
                let mut verdicts = all.iter().map(|it| it.holds(found));
                verdicts
                    .try_fold(false, |any, it| Some(any || it?))
                    .or_else(|| all.iter().any(|it| it.holds(found) == Some(true)).then_some(true))
            }
            Self::Not(inner) => inner.holds(found).map(|it| !it),
        }
    }
}

impl FailureValue {
    fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Text(text) => value.as_str() == Some(text),
            Self::Integer(number) => Number::of(value).is_some_and(|it| it == *number),
            Self::Number(number) => value.as_f64() == Some(*number),
            Self::Boolean(flag) => value.as_bool() == Some(*flag),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ONE: FailureMatcher = FailureMatcher::OneOf(&[FailureValue::Integer(0)]);
    const NULL: FailureMatcher = FailureMatcher::Null;
    const EMPTY: FailureMatcher = FailureMatcher::Empty;
    const PRESENT: FailureMatcher = FailureMatcher::Present;

    /// What the matcher says of `/v` in each of these: absent, `null`, `0`, `"x"`, `""`.
    fn verdicts(matcher: FailureMatcher) -> [bool; 5] {
        let bodies = [json!({}), json!({"v": null}), json!({"v": 0}), json!({"v": "x"}), json!({"v": ""})];
        bodies.map(|it| matcher.holds(at(&it, "/v")) == Some(true))
    }

    #[test]
    fn what_is_not_there_is_no_error_unless_the_spec_asks_for_that() {
        assert_eq!(verdicts(FailureMatcher::OneOf(&[FailureValue::Integer(0)])), [false, false, true, false, false]);
        assert_eq!(verdicts(FailureMatcher::Not(&ONE)), [false, false, false, true, true]);
        assert_eq!(verdicts(FailureMatcher::Present), [false, false, true, true, true]);
        assert_eq!(verdicts(FailureMatcher::Absent), [true, true, false, false, false]);
        assert_eq!(verdicts(FailureMatcher::Null), [false, true, false, false, false]);
        assert_eq!(verdicts(FailureMatcher::Not(&NULL)), [false, false, true, true, true]);
        assert_eq!(verdicts(FailureMatcher::Not(&PRESENT)), [true, true, false, false, false]);
        assert_eq!(verdicts(FailureMatcher::Not(&EMPTY)), [false, false, true, true, false]);
        let both = FailureMatcher::Any(&[FailureMatcher::Null, FailureMatcher::OneOf(&[FailureValue::Text("x")])]);
        assert_eq!(verdicts(both), [false, true, false, true, false]);
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let holds = |value: Value| FailureValue::Integer(0).equals(&value);
        assert!(holds(json!(0)) && holds(json!(0.0)) && !holds(json!("0")) && !holds(json!(false)));
        assert!(FailureValue::Number(0.5).equals(&json!(0.5)) && FailureValue::Boolean(true).equals(&json!(true)));
        assert!(!FailureValue::Integer(i64::MAX.into()).equals(&json!(u64::MAX)));
        assert!(FailureValue::Integer(u64::MAX.into()).equals(&json!(u64::MAX)));
    }
}
