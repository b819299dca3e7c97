//! Numbers by value, in any spelling.
//!
//! A number is what was read: exact where JSON writes it without fraction and exponent and 64 bits hold it, else a
//! double, which is exactly the whole number that it is, or the shortest decimal that reads as it.

use std::cmp::Ordering;
use std::hash::BuildHasher as _;

use serde_json::{Number, Value};

use crate::model::{IntegerFormat, Num};

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
            Num::Integer(whole) => Self::Whole(whole),
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

/// Whether a number is an integer of the spec language: whole, and within 64 bits with a sign.
pub(crate) fn is_integer(number: &Number) -> bool {
    match Exact::of(number) {
        Exact::Whole(whole) => (-(1 << 63)..1 << 63).contains(&whole),
        Exact::Float(_) => false,
    }
}

/// A whole number of the range that a type names.
pub(crate) fn is_in_range(format: IntegerFormat, number: &Number) -> bool {
    match (format, Exact::of(number)) {
        (IntegerFormat::Int32, Exact::Whole(whole)) => (-(1 << 31)..1 << 31).contains(&whole),
        (IntegerFormat::Uint32, Exact::Whole(whole)) => (0..1 << 32).contains(&whole),
        (IntegerFormat::Uint64, Exact::Whole(whole)) => (0..1 << 64).contains(&whole),
        (_, Exact::Float(_)) => false,
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

/// Whether a value is a whole number of times `step`, exactly: both are written out as decimals, and divided as one
/// divides on paper.
pub(crate) fn is_multiple(number: &Number, step: Num) -> bool {
    let (value, step) = (Decimal::of(Exact::of(number)), Decimal::of(Exact::of_num(step)));
    let places = value.places.max(step.places);
    let (value, step) = (value.digits_with(places), step.digits_with(places));
    if step.iter().all(|it| *it == 0) {
        return true;
    }
    let mut rest: Vec<u8> = Vec::new();
    for digit in value {
        if !rest.is_empty() || digit != 0 {
            rest.push(digit);
        }
        while at_least(&rest, &step) {
            subtract(&mut rest, &step);
        }
    }
    rest.is_empty()
}

/// A number without its sign, written out: digits from the first to the last, some of them behind the point.
struct Decimal {
    digits: Vec<u8>,
    places: usize,
}

impl Decimal {
    fn of(number: Exact) -> Self {
        let text = match number {
            Exact::Whole(whole) => whole.to_string(),
            // All digits of the whole number that the double is.
            Exact::Float(float) if float.fract() == 0.0 => format!("{float:.0}"),
            // As many digits as tell it from any other double.
            Exact::Float(float) => float.to_string(),
        };
        let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = text.bytes().filter(u8::is_ascii_digit).map(|it| it - b'0').collect();
        Self { digits, places }
    }

    /// The digits with so many behind the point, and none that says nothing before the first.
    fn digits_with(self, places: usize) -> Vec<u8> {
        let mut digits = self.digits;
        digits.resize(digits.len() + places - self.places, 0);
        let start = digits.iter().position(|it| *it != 0).unwrap_or(digits.len());
        digits.split_off(start)
    }
}

/// Whether one number is not less than another; neither begins with a zero.
fn at_least(a: &[u8], b: &[u8]) -> bool {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b)) != Ordering::Less
}

/// Takes a number from one that is not less.
fn subtract(from: &mut Vec<u8>, number: &[u8]) {
    let mut borrowed = 0;
    let start = from.len() - number.len();
    for at in (0..from.len()).rev() {
        let taken = borrowed + if at >= start { number[at - start] } else { 0 };
        borrowed = u8::from(from[at] < taken);
        from[at] = from[at] + 10 * borrowed - taken;
    }
    let zeros = from.iter().take_while(|it| **it == 0).count();
    from.drain(..zeros);
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
pub(crate) fn has_duplicates(items: &[Value]) -> bool {
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
        for (text, expected) in [
            ("-0.0", true),
            ("1e5", true),
            ("1.7e18", true),
            ("9007199254740993.0", true),
            ("9223372036854775807", true),
            ("9223372036854775808", false),
            ("9223372036854775808.0", false),
            ("-9223372036854775808.0", true),
            // Read as the double that is nearest.
            ("-9223372036854775809", true),
            ("-9223372036854777000", false),
            ("1e300", false),
            ("1.5", false),
        ] {
            assert_eq!(is_integer(&number(text)), expected, "{text}");
        }
    }

    #[test]
    fn large_numbers_compare_exactly() {
        assert_eq!(compare(&number("9007199254740993"), &number("9007199254740992")), Ordering::Greater);
        assert_eq!(compare(&number("18446744073709551615"), &number("-1")), Ordering::Greater);
        assert_eq!(compare_to_limit(&number("1e300"), Num::Integer(i64::MAX.into())), Ordering::Greater);
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
            ("1e300", Num::Integer(7), false),
            ("1e300", Num::Integer(1 << 62), true),
            ("1e300", Num::Float(0.01), true),
            ("1e308", Num::Float(1e300), false),
            ("0.30000000000000004", Num::Float(0.1), false),
            ("7.001", Num::Float(0.01), false),
            ("-7.01", Num::Float(0.01), true),
            ("1e-7", Num::Float(1e-7), true),
            ("1e-8", Num::Float(1e-7), false),
            ("0.0", Num::Float(0.1), true),
            ("-0", Num::Integer(3), true),
            ("9007199254740993", Num::Integer(2), false),
            ("9007199254740993", Num::Float(0.5), true),
            ("18446744073709551615", Num::Integer(5), true),
            ("1.152921504606847e18", Num::Integer(1 << 60), true),
        ] {
            assert_eq!(is_multiple(&number(value), step), expected, "{value} {step}");
        }
    }

    #[test]
    fn equality_by_value() {
        assert!(same(&json!({"a": [1, 2.0]}), &json!({"a": [1.0, 2]})));
        assert!(!same(&json!("1"), &json!(1)));
        assert!(has_duplicates(&[json!({"a": 1, "b": 2}), json!({"b": 2.0, "a": 1})]));
        assert!(!has_duplicates(&[json!("1"), json!(1), json!(true), json!("true"), json!([1]), json!([[1]])]));
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
            assert!(has_duplicates(&many(last.clone())), "{last}");
        }
        for last in [json!(17.5), json!("17.0"), json!([[17]]), json!({"a": 17}), json!(null), json!("[17]")] {
            assert!(!has_duplicates(&many(last.clone())), "{last}");
        }
    }
}
