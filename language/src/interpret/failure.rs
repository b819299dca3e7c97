//! Whether an answer of success is an error after the spec.

use serde_json::Value;

use super::number::same;
use crate::model::{FailureCondition, Matcher};

/// Whether an answer meets the condition under which it is an error.
#[must_use]
pub fn is_failure(condition: &FailureCondition, answer: &Value) -> bool {
    condition.any.iter().any(|all| all.iter().all(|it| meets(&it.matcher, answer.pointer(&it.at)) == Some(true)))
}

/// Whether a value is what a test asks for; `None` where there is no value to ask about.
#[must_use]
pub fn meets(matcher: &Matcher, found: Option<&Value>) -> Option<bool> {
    let value = found.filter(|it| !it.is_null());
    match matcher {
        Matcher::OneOf(values) => {
            let value = value?;
            Some(values.iter().any(|it| same(it, value)))
        }
        Matcher::Present => Some(value.is_some()),
        Matcher::Absent => Some(value.is_none()),
        Matcher::Null => Some(found?.is_null()),
        Matcher::Empty => {
            let value = value?;
            let empty = value.as_str().is_some_and(str::is_empty)
                || value.as_array().is_some_and(Vec::is_empty)
                || value.as_object().is_some_and(serde_json::Map::is_empty);
            Some(empty)
        }
        Matcher::Any(all) => {
            let verdicts: Vec<Option<bool>> = all.iter().map(|it| meets(it, found)).collect();
            if verdicts.contains(&Some(true)) {
                return Some(true);
            }
            verdicts.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
        }
        Matcher::Not(inner) => Some(!meets(inner, found)?),
    }
}
