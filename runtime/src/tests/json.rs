//! Compares reading and writing JSON with serde_json.

use proptest::prelude::*;

use super::*;
use crate::json::{at, copy_of};

pub(super) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|it| if it.is_finite() { Value::from(it) } else { Value::Null }),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|it| it.into_iter().collect()),
        ]
    })
}

/// Writes as generated code does.
fn write(value: &Value, out: &mut JsonWriter) {
    match value {
        Value::Null => out.null(),
        Value::Bool(it) => out.boolean(*it),
        Value::Number(it) => match it.as_i64() {
            Some(it) => out.integer(it),
            None => out.number(it.as_f64().unwrap()),
        },
        Value::String(it) => out.string(it),
        Value::Array(items) => out.list(items, |out, it| write(it, out)),
        Value::Object(fields) => {
            out.begin_object();
            for (name, it) in fields {
                write(it, out.key(name));
            }
            out.end_object();
        }
    }
}

/// Numbers compare by value: whole ones are written without a fraction.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, it)| right.get(name).is_some_and(|other| same(it, other)))
        }
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

proptest! {
    #[test]
    fn serde_reads_what_the_writer_writes(value in value()) {
        let mut out = JsonWriter::default();
        write(&value, &mut out);
        let back: Value = serde_json::from_slice(out.as_bytes()).unwrap();
        prop_assert!(same(&value, &back), "{value} {back}");
        let mut out = JsonWriter::default();
        out.value(&value);
        prop_assert_eq!(out.into_bytes(), value.to_string().into_bytes());
    }

    #[test]
    fn integers_are_exact(value in any::<i64>()) {
        let mut out = JsonWriter::default();
        out.integer(value);
        prop_assert_eq!(std::str::from_utf8(out.as_bytes()).unwrap(), value.to_string());
        prop_assert_eq!(Reader::new(&Value::from(value)).integer(), Ok(value));
    }

    #[test]
    fn numbers_are_exact(value in any::<f64>()) {
        let mut out = JsonWriter::default();
        out.number(value);
        let text = std::str::from_utf8(out.as_bytes()).unwrap();
        if value.is_finite() {
            prop_assert_eq!(text.parse::<f64>().unwrap(), value);
        } else {
            prop_assert_eq!(text, "null");
        }
    }

    #[test]
    fn decoded_queries_equal_the_input(name in any::<String>(), text in any::<String>()) {
        let mut parts = RequestParts::default();
        parts.path_value(&text);
        parts.query(&name, &text);
        let clean = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~%".contains(&it));
        let is_clean_name = |it: &str| clean(&it.replace(|it| "/?:@!$'()*,;[]".contains(it), ""));
        let (sent, value) = parts.query.split_once('=').unwrap();
        prop_assert!(clean(&parts.path) && is_clean_name(sent) && clean(value));
        prop_assert_eq!(decode(&parts.path), text.clone());
        prop_assert_eq!(parts.query.split_once('=').map(|it| (decode(it.0), decode(it.1))), Some((name, text)));
    }
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn numbers() {
    for (value, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (5.0, "5"),
        (-5.0, "-5"),
        (0.5, "0.5"),
        (0.1, "0.1"),
        (1e14, "100000000000000"),
        (f64::INFINITY, "null"),
    ] {
        let mut out = JsonWriter::default();
        out.number(value);
        assert_eq!(std::str::from_utf8(out.as_bytes()).unwrap(), text);
    }
    for value in [i64::MIN, i64::MAX, 0, -1, 9_007_199_254_740_993] {
        let mut out = JsonWriter::default();
        out.integer(value);
        assert_eq!(std::str::from_utf8(out.as_bytes()).unwrap(), value.to_string());
    }
}

/// Also where a crate of the program turns on `arbitrary_precision` of serde_json, by which numbers have more digits than a
/// double: `cargo test -p specwright-runtime --features serde_json/arbitrary_precision keep_their_digits`.
#[test]
fn numbers_of_json_values_keep_their_digits() {
    for text in ["12345678901234567890123", "1.10", "-0", "0.1234567890123456789", "-7", "18446744073709551615"] {
        let number: serde_json::Number = serde_json::from_str(text).unwrap();
        assert_eq!(crate::json::parse(text.as_bytes()).unwrap(), Value::Number(number.clone()));
        let mut out = JsonWriter::default();
        out.value(&Value::Number(number.clone()));
        assert_eq!(std::str::from_utf8(out.as_bytes()).unwrap(), number.to_string());
    }
}

#[test]
fn absent_values_are_not_written() {
    let mut out = JsonWriter::default();
    out.begin_object();
    out.optional::<String>("absent", &None);
    out.optional("null", &Some(Nullable::<i64>::Null));
    out.optional("value", &Some(Nullable::Value(7_i64)));
    out.optional("list", &Some(vec!["a".to_owned()]));
    out.end_object();
    assert_eq!(out.as_bytes(), br#"{"null":null,"value":7,"list":["a"]}"#);
}

#[test]
fn numbers_are_written_in_their_shortest_form() {
    for (value, text) in [
        (0.75, "0.75"),
        (-7.5, "-7.5"),
        (0.1, "0.1"),
        (0.000_01, "0.00001"),
        (0.000_001, "1e-6"),
        (0.000_000_1, "1e-7"),
        (123_456.789, "123456.789"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1.0 / 3.0, "0.3333333333333333"),
        (999_999_999.999_999, "999999999.999999"),
        (-0.0, "0"),
    ] {
        let mut out = JsonWriter::default();
        out.number(value);
        assert_eq!(std::str::from_utf8(out.as_bytes()).unwrap(), text);
    }
}

#[test]
fn read_errors_name_the_place() {
    let value = json!({"a/b": [{"x~y": 1}, {"x~y": "s"}]});
    let read = |it: &Reader<'_>| it.object()?.required("x~y", |it| it.integer());
    let error = Reader::new(&value).object().unwrap().required("a/b", |it| it.list(read)).unwrap_err();
    assert_eq!(error.at, "/a~1b/1/x~0y");
    assert_eq!(error.to_string(), "expected a whole number at /a~1b/1/x~0y, found a string");
    let error = Reader::new(&json!([])).object().unwrap_err();
    assert_eq!(error.to_string(), "expected an object at the top, found an array");
}

#[test]
fn integers_in_any_notation_are_read() {
    for (value, expected) in [
        (json!(5), Some(5)),
        (json!(5.0), Some(5)),
        (json!(5.5), None),
        (json!("5"), None),
        (json!(9_007_199_254_740_993_i64), Some(9_007_199_254_740_993)),
        (json!(9.0e15), Some(9_000_000_000_000_000)),
        (json!(1.7e18), Some(1_700_000_000_000_000_000)),
        (json!(-0.0), Some(0)),
        (json!(i64::MAX), Some(i64::MAX)),
        (json!(-9_223_372_036_854_775_808.0), Some(i64::MIN)),
        (json!(9_223_372_036_854_775_808.0), None),
        (json!(9_223_372_036_854_775_808_u64), None),
        (json!(u64::MAX), None),
        (json!(1e300), None),
    ] {
        assert_eq!(Reader::new(&value).integer().ok(), expected, "{value}");
    }
}

#[test]
fn optional_fields_are_lenient() {
    let value = json!({"a": null, "b": 1, "c": "x", "d": 2});
    let reader = Reader::new(&value);
    let object = reader.object().unwrap();
    assert_eq!(object.optional("a", |it| it.integer()), None);
    assert_eq!(object.optional("b", |it| it.integer()), Some(1));
    assert_eq!(object.optional("c", |it| it.integer()), None);
    assert_eq!(object.nullable("a", |it| it.integer()), Some(Nullable::Null));
    assert_eq!(object.nullable("b", |it| it.integer()), Some(Nullable::Value(1)));
    assert_eq!(object.nullable("z", |it| it.integer()), None);
    assert_eq!(Value::Object(object.rest(&["a", "b"])), json!({"c": "x", "d": 2}));
}

#[cfg(feature = "serde")]
mod via_serde {
    use super::*;

    serde_via_json!(Picture);

    #[test]
    fn types_round_trip_through_json() {
        let picture = Picture { url: "u".into(), seed: Some(3) };
        let text = serde_json::to_string(&picture).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!({"url": "u", "seed": 3}));
        assert_eq!(serde_json::from_str::<Picture>(&text).unwrap(), picture);
        let error = serde_json::from_str::<Picture>("{}").unwrap_err();
        assert_eq!(error.to_string(), "expected a value at /url, found nothing");
    }
}

#[test]
fn pointers_find_what_serde_json_finds() {
    let value = json!({"a": {"b/c": [1, {"~": null, "~0": 2, "": 3}], "": true}, "0": "x", "ab": [[]]});
    let pointers = [
        "",
        "/",
        "/a",
        "/a/",
        "/a/b~1c",
        "/a/b/c",
        "/a/b~1c/0",
        "/a/b~1c/1/~0",
        "/a/b~1c/1/~00",
        "/a/b~1c/1/",
        "/a/b~1c/2",
        "/0",
        "/0/0",
        "/ab/0",
        "/ab/0/0",
        "/ab/x",
        "a",
        "a/b",
        "//",
        "/a//",
    ];
    for pointer in pointers {
        assert_eq!(at(&value, pointer), value.pointer(pointer), "{pointer}");
    }
}

#[test]
fn copies_are_equal() {
    let value = json!({"a": {"b": [1, -2.5, "x", null, true, {}, []]}, "": ""});
    assert_eq!(copy_of(&value), value);
}

#[test]
fn numbers_in_texts_keep_their_significant_digits() {
    for (number, text) in [
        (0.5, "0.5"),
        (5.0, "5"),
        (-0.0, "-0"),
        (9_007_199_254_740_993.0, "9007199254740992"),
        (-9_223_372_036_854_775_808.0, "-9223372036854775808"),
        (18_446_744_073_709_551_616.0, "18446744073709551616"),
        (1e22, "10000000000000000000000"),
        (5e-7, "0.0000005"),
        (-1.25e-9, "-0.00000000125"),
        (1.5e300, &format!("15{}", "0".repeat(299))),
        (5e-324, &format!("0.{}5", "0".repeat(323))),
        (f64::MAX, &format!("17976931348623157{}", "0".repeat(292))),
        (f64::INFINITY, "inf"),
        (f64::NAN, "NaN"),
    ] {
        assert_eq!(crate::number_text(number), text);
    }
}
