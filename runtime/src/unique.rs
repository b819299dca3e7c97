//! Whether a list has no duplicate items, in the time that sorting takes.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use serde_json::{Number, Value};

use crate::json::parse;
use crate::{Encode, to_json};

/// The length up to which all items are compared with each other, without allocation. Lists of parameters are rarely
/// longer.
const FEW: usize = 64;

/// Whether there are no duplicate items.
#[must_use]
pub fn unique<T: PartialEq + Encode>(items: &[T]) -> bool {
    if items.len() <= FEW {
        return items.iter().enumerate().all(|(index, item)| !items[..index].contains(item));
    }
    unique_values(items)
}

/// As [`unique`], for items that may differ in Rust and be equal as JSON, such as `1` and `1.0` of any JSON.
#[must_use]
pub fn unique_values<T: Encode>(items: &[T]) -> bool {
    let written = |out: &mut String, item: &T| {
        if let Ok(value) = parse(&to_json(item)) {
            write_canonical(&value, out);
        }
    };
    // With different keys for every list, so that nobody can choose items with equal hashes.
    let state = RandomState::new();
    let mut text = String::new();
    let mut hashed: Vec<(u64, usize)> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        text.clear();
        written(&mut text, item);
        hashed.push((state.hash_one(&text), index));
    }
    hashed.sort_unstable();
    let twins = |pair: &[(u64, usize)]| {
        let [mut one, mut other] = [String::new(), String::new()];
        written(&mut one, &items[pair[0].1]);
        written(&mut other, &items[pair[1].1]);
        one == other
    };
    !hashed.windows(2).any(|pair| pair[0].0 == pair[1].0 && twins(pair))
}

/// Whether two values are equal: numbers by value, and objects regardless of the order of their keys.
pub(crate) fn same_json(one: &Value, other: &Value) -> bool {
    let (mut left, mut right) = (String::new(), String::new());
    write_canonical(one, &mut left);
    write_canonical(other, &mut right);
    left == right
}

/// Text that is equal exactly if the values are equal: numbers by value, and objects regardless of the order of their
/// keys.
fn write_canonical(value: &Value, out: &mut String) {
    // Writing to a string does not fail.
    let _ = match value {
        Value::Number(number) => write_number(number, out),
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.write_char(']')
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in sorted {
                // Debug quotes it, so that no key looks like part of another.
                let _ = write!(out, "{key:?}:");
                write_canonical(value, out);
                out.push(',');
            }
            out.write_char('}')
        }
        Value::String(text) => write!(out, "{text:?}"),
        Value::Null | Value::Bool(_) => write!(out, "{value}"),
    };
}

/// `1`, `1.0` and `1e0` are one number.
fn write_number(number: &Number, out: &mut String) -> std::fmt::Result {
    /// Doubles beyond this are written unchanged, because none is an integer of JSON.
    const WHOLE: f64 = 1e30;
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < WHOLE => {
            write!(out, "{}", float as i128)
        }
        Some(float) if number.is_f64() => write!(out, "{float:e}"),
        _ => write!(out, "{number}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::unique;

    #[test]
    fn few_and_many() {
        let names = |n: usize| (0..n).map(|it| format!("name {it}")).collect::<Vec<_>>();
        for n in [0, 1, 2, 63, 64, 65, 1000] {
            assert!(unique(&names(n)), "{n}");
            let mut all = names(n);
            all.extend(names(1));
            assert_eq!(unique(&all), n == 0, "{n}");
        }
    }

    #[test]
    fn long_lists_of_numbers_and_objects() {
        let integers: Vec<i64> = (0..100_000).collect();
        assert!(unique(&integers));
        let mut doubles: Vec<f64> = integers.iter().map(|it| *it as f64).collect();
        assert!(unique(&doubles));
        doubles.push(-0.0);
        assert!(!unique(&doubles));
        let values = |last: Value| -> Vec<Value> {
            let objects = (0..100).map(|it| json!({"a": it, "b": [it, "x"]}));
            objects.chain((0..100).map(Value::from)).chain([last]).collect()
        };
        for last in [json!(17.0), json!({"b": [17.0, "x"], "a": 17})] {
            assert!(!unique(&values(last.clone())), "{last}");
        }
        for last in [json!("17"), json!([17]), json!({"a": 17}), json!(null), json!(1e300)] {
            assert!(unique(&values(last.clone())), "{last}");
        }
    }
}
