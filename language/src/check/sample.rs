//! The simplest value of a field, for callers that have to generate one.

use serde_json::Value;

use super::concrete::{self, ValueRequirements};
use crate::constraints::Range;
use crate::interpret::validate_answer;
use crate::model::{Api, Constraint, Field, Record, RuleKind, Target, Type, TypeKind};
use crate::pattern::Texts;

/// Numbers of one field that are tried.
const MOST_NUMBERS: usize = 40;

/// A value that all limits of a field take, those under conditions included; `None` where none is found.
#[must_use]
pub fn sample(api: &Api, field: &Field) -> Option<Value> {
    let clauses: Vec<(Target, &Constraint)> = field.clauses.iter().map(|it| (it.target, &it.constraint)).collect();
    let wanted =
        ValueRequirements { clauses: &clauses, target: Target::Value, examples: &field.examples, taken: &|_| false };
    concrete::value(api, &field.ty, &wanted, 0)
}

/// Texts that all patterns and limits of length of a field take, those under conditions included; `None` where the field
/// holds no text, or none is found.
#[must_use]
pub fn texts(field: &Field) -> Option<Texts> {
    let is_text = matches!(
        field.ty,
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64
    );
    let clauses: Vec<(Target, &Constraint)> = field.clauses.iter().map(|it| (it.target, &it.constraint)).collect();
    let wanted = ValueRequirements { clauses: &clauses, target: Target::Value, examples: &[], taken: &|_| false };
    if is_text { concrete::texts(&field.ty, &wanted) } else { None }
}

/// A value of a type; `None` where none is found.
#[must_use]
pub fn sample_of(api: &Api, ty: &Type) -> Option<Value> {
    let wanted = ValueRequirements { clauses: &[], target: Target::Value, examples: &[], taken: &|_| false };
    let value = concrete::value(api, ty, &wanted, 0)?;
    match ty {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => Some(compared(api, ty, record, value)),
            TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => Some(value),
        },
        _ => Some(value),
    }
}

/// The object with other numbers where two of its fields do not compare as a rule wants. The search for values knows
/// states of fields, not amounts.
fn compared(api: &Api, ty: &Type, record: &Record, object: Value) -> Value {
    let faults = |it: &Value| validate_answer(api, ty, it).len();
    let (mut best, mut fewest) = (object.clone(), faults(&object));
    for rule in &record.rules {
        let RuleKind::Compare(left, _, right) = &rule.kind else { continue };
        if fewest == 0 || !left.steps.is_empty() || !right.steps.is_empty() {
            continue;
        }
        let (left, right) = (record.field(left.field), record.field(right.field));
        let numbers = |field: &Field, now: &Value| {
            let own = field.clauses.iter().filter(|it| it.target == Target::Value).map(|it| &it.constraint);
            let others = Range::new(own.chain(field.ty.limits()), field.ty.ends())
                .nearest_to_one()
                .into_iter()
                .take(MOST_NUMBERS);
            now.get(&field.name).cloned().into_iter().chain(others).collect::<Vec<_>>()
        };
        let before = best.clone();
        for a in numbers(left, &before) {
            for b in numbers(right, &before) {
                let mut other = before.clone();
                other[&left.name] = a.clone();
                other[&right.name] = b;
                let n = faults(&other);
                if n < fewest {
                    (best, fewest) = (other, n);
                }
            }
            if fewest == 0 {
                break;
            }
        }
    }
    best
}
