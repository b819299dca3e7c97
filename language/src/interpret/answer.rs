//! Validates responses as the API itself must write them: with every format, limit and enum of the spec, although
//! responses are open.
//!
//! [`super::validate_value`] judges what a client has to read, and lets pass what is the API's own matter. Whoever
//! plays the API is held to more.

use serde_json::Value;

use super::constraint::find_violation;
use super::examples::state_body;
use super::record::item_type;
use super::{Checker, Direction, Violation};
use crate::model::{Api, Field, Target, Task, Type};
use crate::prose::Subject;

/// Checks an answer that is made after the spec: all that a request of the type is held to, but unknown fields pass.
#[must_use]
pub fn validate_answer(api: &Api, ty: &Type, value: &Value) -> Vec<Violation> {
    let mut checker = answer_checker(api);
    checker.value(ty, value, Subject::Body);
    checker.verdict.violations
}

fn answer_checker(api: &Api) -> Checker<'_> {
    Checker { open: true, ..Checker::new(api, Direction::Request) }
}

/// Checks the body of a poll or a callback that is made after the spec. Only a completed one has the whole result.
#[must_use]
pub fn validate_state(api: &Api, task: &Task, body: &Value) -> Vec<Violation> {
    state_body(api, task, body, validate_answer)
}

/// Whether a value may stand in a field of an answer: its type, formats and limits, those under conditions included.
#[must_use]
pub fn fits_field(api: &Api, field: &Field, value: &Value) -> bool {
    if value.is_null() {
        return field.nullable;
    }
    let holds = |value: &Value, target: Target, ty: &Type| {
        let own = field.clauses.iter().filter(|it| it.target == target);
        own.into_iter().all(|it| find_violation(&it.constraint, value, ty).is_none())
    };
    let union = api.union_members(&field.ty);
    let item = api.listed_items(&field.ty).map_or_else(|| item_type(&field.ty), |it| it.1);
    let items_hold = match value {
        Value::Array(items) => items.iter().all(|it| holds(it, Target::Items, item)),
        Value::Object(entries) if union.is_none() => entries.values().all(|it| holds(it, Target::Items, item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => true,
    };
    // What a request holds is asked for here as well, so nothing is kept of its faults.
    let mut checker = Checker { most: 0, ..answer_checker(api) };
    items_hold && holds(value, Target::Value, &field.ty) && {
        checker.value(&field.ty, value, Subject::Body);
        checker.verdict.omitted_violations == 0
    }
}
