//! Numbers by value, however they are written: exact where both sides are whole, whatever their size.

use std::cmp::Ordering;
use std::hash::BuildHasher as _;

use serde_json::{Number, Value};

use crate::model::Num;

/// Whole numbers beyond this are kept as floats: far above what a float tells apart.
const WHOLE_LIMIT: f64 = 1e36;

#[derive(Clone, Copy, Debug)]
enum Exact {
    Whole(i128),
    Float(f64),
}

impl Exact {
    fn of_float(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() < WHOLE_LIMIT {
            Self::Whole(number as i128)
        } else {
            Self::Float(number)
        }
    }

    fn of(number: &Number) -> Self {
        if let Some(whole) = number.as_i64() {
            Self::Whole(i128::from(whole))
        } else if let Some(whole) = number.as_u64() {
            Self::Whole(i128::from(whole))
        } else {
            Self::of_float(number.as_f64().unwrap_or(f64::INFINITY))
        }
    }

    fn of_num(number: Num) -> Self {
        match number {
            Num::Integer(whole) => Self::Whole(i128::from(whole)),
            Num::Float(float) => Self::of_float(float),
        }
    }

    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (Self::Whole(a), Self::Float(b)) => (a as f64).total_cmp(&b),
            (Self::Float(a), Self::Whole(b)) => a.total_cmp(&(b as f64)),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(&b),
        }
    }
}

/// Whether a number is whole: `5`, `5.0`, `1e30`.
pub(crate) fn is_whole(number: &Number) -> bool {
    match Exact::of(number) {
        Exact::Whole(_) => true,
        Exact::Float(float) => float.is_finite() && float.fract() == 0.0,
    }
}

/// A value against a limit of the spec.
pub(crate) fn compare_to_limit(number: &Number, limit: Num) -> Ordering {
    Exact::of(number).compare(Exact::of_num(limit))
}

/// Two values.
pub(crate) fn compare(a: &Number, b: &Number) -> Ordering {
    Exact::of(a).compare(Exact::of(b))
}

/// Whether a value is a multiple of `step`; fractional steps allow for the rounding of one division.
pub(crate) fn is_multiple(number: &Number, step: Num) -> bool {
    match (Exact::of(number), Exact::of_num(step)) {
        (_, Exact::Whole(0)) => true,
        (Exact::Whole(value), Exact::Whole(step)) => value % step == 0,
        (value, step) => {
            let quotient = value.as_f64() / step.as_f64();
            let tolerance = 4.0 * f64::EPSILON * quotient.abs().max(1.0);
            let too_small = value.as_f64() != 0.0 && quotient.round() == 0.0;
            !quotient.is_finite() || (!too_small && (quotient - quotient.round()).abs() <= tolerance)
        }
    }
}

impl Exact {
    fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }
}

/// Equality of JSON values, numbers by value: 1 and 1.0 are equal.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b) == Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Items of a list that are compared each with each.
const FEW: usize = 8;

/// Whether two items of a list are equal, in the time of sorting as many numbers as there are items.
pub(crate) fn has_twins(items: &[Value]) -> bool {
    let equal = |all: &[&Value]| all.iter().enumerate().any(|(at, it)| all[..at].iter().any(|other| same(other, it)));
    if items.len() <= FEW {
        return equal(&items.iter().collect::<Vec<_>>());
    }
    // With keys of its own for every list, so that no request can bring many equal hashes.
    let state = std::hash::RandomState::new();
    let mut text = String::new();
    let mut hashed: Vec<(u64, &Value)> = Vec::with_capacity(items.len());
    for item in items {
        text.clear();
        write_canonical(item, &mut text);
        hashed.push((state.hash_one(&text), item));
    }
    hashed.sort_unstable_by_key(|it| it.0);
    let mut alike = hashed.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() > 1);
    alike.any(|it| equal(&it.iter().map(|it| it.1).collect::<Vec<_>>()))
}

/// Text that is equal exactly for values that are the [`same`].
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => match Exact::of(number) {
            Exact::Whole(whole) => out.push_str(&whole.to_string()),
            Exact::Float(float) => out.push_str(&format!("{float:e}")),
        },
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in sorted {
                out.push_str(&Value::from(key.as_str()).to_string());
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn number(text: &str) -> Number {
        match serde_json::from_str(text) {
            Ok(Value::Number(number)) => number,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn whole_numbers() {
        for (text, expected) in [
            ("5", true),
            ("5.0", true),
            ("5.5", false),
            ("-0.0", true),
            ("1e300", true),
            ("18446744073709551615", true),
        ] {
            assert_eq!(is_whole(&number(text)), expected, "{text}");
        }
    }

    #[test]
    fn large_numbers_compare_exactly() {
        assert_eq!(compare(&number("9007199254740993"), &number("9007199254740992")), Ordering::Greater);
        assert_eq!(compare(&number("18446744073709551615"), &number("-1")), Ordering::Greater);
        assert_eq!(compare_to_limit(&number("1e300"), Num::Integer(i64::MAX)), Ordering::Greater);
        assert_eq!(compare_to_limit(&number("0.0"), Num::Integer(0)), Ordering::Equal);
        assert_eq!(compare_to_limit(&number("-0.0"), Num::Float(0.0)), Ordering::Equal);
    }

    #[test]
    fn multiples() {
        for (value, step, expected) in [
            ("0.3", Num::Float(0.1), true),
            ("0.35", Num::Float(0.1), false),
            ("1.15", Num::Float(0.05), true),
            ("10", Num::Integer(5), true),
            ("11", Num::Integer(5), false),
            ("10.0", Num::Integer(5), true),
            ("7", Num::Integer(0), true),
            ("1e300", Num::Integer(7), true),
        ] {
            assert_eq!(is_multiple(&number(value), step), expected, "{value} {step}");
        }
    }

    #[test]
    fn equality_by_value() {
        assert!(same(&json!({"a": [1, 2.0]}), &json!({"a": [1.0, 2]})));
        assert!(!same(&json!("1"), &json!(1)));
        assert!(has_twins(&[json!({"a": 1, "b": 2}), json!({"b": 2.0, "a": 1})]));
        assert!(!has_twins(&[json!("1"), json!(1), json!(true), json!("true"), json!([1]), json!([[1]])]));
    }

    /// The same whether items are few or many.
    #[test]
    fn twins_in_long_lists() {
        let many = |last: Value| -> Vec<Value> {
            let objects = (0..500).map(|it| json!({"a": it, "b": [it, "x"]}));
            let others = (0..500).flat_map(|it| [json!(it), json!(it.to_string()), json!([it])]);
            objects.chain(others).chain([last]).collect()
        };
        for last in [json!(17.0), json!("17"), json!([17.0]), json!({"b": [17.0, "x"], "a": 17})] {
            assert!(has_twins(&many(last.clone())), "{last}");
        }
        for last in [json!(17.5), json!("17.0"), json!([[17]]), json!({"a": 17}), json!(null), json!("[17]")] {
            assert!(!has_twins(&many(last.clone())), "{last}");
        }
    }
}
