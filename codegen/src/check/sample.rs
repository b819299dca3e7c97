//! The plainest value of a field, for whoever has to make one up.

use serde_json::Value;

use super::concrete::{self, Wanted};
use crate::model::{Api, Constraint, Field, Target, Type};

/// A value that all limits of a field take, those under conditions included; `None` where none is found.
#[must_use]
pub fn sample(api: &Api, field: &Field) -> Option<Value> {
    let clauses: Vec<(Target, &Constraint)> = field.clauses.iter().map(|it| (it.target, &it.constraint)).collect();
    let wanted = Wanted { clauses: &clauses, target: Target::Value, examples: &field.examples, taken: &|_| false };
    concrete::value(api, &field.ty, &wanted, 0)
}

/// A value of a type; `None` where none is found.
#[must_use]
pub fn sample_of(api: &Api, ty: &Type) -> Option<Value> {
    let wanted = Wanted { clauses: &[], target: Target::Value, examples: &[], taken: &|_| false };
    concrete::value(api, ty, &wanted, 0)
}
