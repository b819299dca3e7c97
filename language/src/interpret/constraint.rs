//! Whether a value satisfies a constraint. A constraint does not apply to values of other JSON types; those are checked
//! by the type.

use std::cmp::Ordering;

use serde_json::Value;

use super::format::n_bytes;
use super::number::{compare_to_limit, has_duplicates, is_multiple, same};
use super::text::{length, shown};
use crate::model::{Constraint, Excluded, LengthUnit, Num, Type};
use crate::pattern::Pattern;

/// What stands where a constraint is broken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Actual<'v> {
    Value(&'v Value),
    Characters(u64),
    Items(u64),
    Properties(u64),
    Bytes(u64),
}

impl Actual<'_> {
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Value(value) => shown(value),
            Self::Characters(count) => counted(count, "character"),
            Self::Items(count) => counted(count, "item"),
            Self::Properties(1) => "1 property".to_owned(),
            Self::Properties(count) => format!("{count} properties"),
            Self::Bytes(count) => format!("{count} bytes"),
        }
    }
}

/// `None`: satisfied. `Some`: broken, with what was found.
pub(crate) fn find_violation<'v>(constraint: &Constraint, value: &'v Value, ty: &Type) -> Option<Actual<'v>> {
    let fine = match constraint {
        // Whether a field is there is decided by its record.
        Constraint::Required | Constraint::Forbidden | Constraint::Ignored | Constraint::Default(_) => true,
        Constraint::Enum(values) => values.iter().any(|it| same(it, value)),
        Constraint::Const(only) => same(only, value),
        Constraint::Not(Excluded::Values(values)) => !values.iter().any(|it| same(it, value)),
        Constraint::Not(Excluded::Pattern(pattern)) => {
            value.as_str().is_none_or(|text| Pattern::parse_cached(pattern).is_none_or(|it| !it.is_match(text)))
        }
        Constraint::Minimum(limit) => compares(value, *limit, Ordering::is_ge),
        Constraint::Maximum(limit) => compares(value, *limit, Ordering::is_le),
        Constraint::ExclusiveMinimum(limit) => compares(value, *limit, Ordering::is_gt),
        Constraint::ExclusiveMaximum(limit) => compares(value, *limit, Ordering::is_lt),
        Constraint::MultipleOf(step) => value.as_number().is_none_or(|it| is_multiple(it, *step)),
        Constraint::MinLength(least, unit) => return length_outside(value, *unit, |it| it < *least),
        Constraint::MaxLength(most, unit) => return length_outside(value, *unit, |it| it > *most),
        // A pattern that cannot be read is a fault of the spec, and is told there.
        Constraint::Pattern(pattern) => {
            value.as_str().is_none_or(|text| Pattern::parse_cached(pattern).is_none_or(|it| it.is_match(text)))
        }
        Constraint::MinItems(least) => return items_outside(value, |it| it < *least),
        Constraint::MaxItems(most) => return items_outside(value, |it| it > *most),
        Constraint::MinProperties(least) => return properties_outside(value, |it| it < *least),
        Constraint::MaxProperties(most) => return properties_outside(value, |it| it > *most),
        Constraint::PropertyNames(pattern) => value.as_object().is_none_or(|object| {
            Pattern::parse_cached(pattern).is_none_or(|it| object.keys().all(|key| it.is_match(key)))
        }),
        Constraint::UniqueItems => value.as_array().is_none_or(|it| !has_duplicates(it)),
        Constraint::MaxBytes(most) => {
            let count = file_size(value, ty)?;
            return (count > *most).then_some(Actual::Bytes(count));
        }
    };
    (!fine).then_some(Actual::Value(value))
}

fn compares(value: &Value, limit: Num, wanted: impl Fn(Ordering) -> bool) -> bool {
    value.as_number().is_none_or(|it| wanted(compare_to_limit(it, limit)))
}

fn length_outside(value: &Value, unit: LengthUnit, outside: impl Fn(u64) -> bool) -> Option<Actual<'_>> {
    let count = length(value.as_str()?, unit);
    outside(count).then_some(Actual::Characters(count))
}

fn items_outside(value: &Value, outside: impl Fn(u64) -> bool) -> Option<Actual<'_>> {
    let count = value.as_array()?.len() as u64;
    outside(count).then_some(Actual::Items(count))
}

fn properties_outside(value: &Value, outside: impl Fn(u64) -> bool) -> Option<Actual<'_>> {
    let count = value.as_object()?.len() as u64;
    outside(count).then_some(Actual::Properties(count))
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A file is its content as text, base64, or an object that tells its `size`. A text beside a file is a text.
fn file_size(value: &Value, ty: &Type) -> Option<u64> {
    match value {
        Value::String(_) if matches!(ty, Type::Union(_)) => None,
        Value::String(text) => Some(n_bytes(text, *ty == Type::Base64)),
        Value::Object(object) => object.get("size")?.as_u64(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}
