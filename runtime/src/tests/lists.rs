//! Tests the types of the macros for generated code.

#![expect(unreachable_pub, reason = "the macros are for types that a crate exports")]

use super::*;
use crate::{Extra, Nullable, debug_request, record, request, string_enum};

#[derive(Clone, PartialEq)]
struct Image {
    url: String,
    is_safe: Option<bool>,
    error: Option<String>,
    note: Option<Nullable<String>>,
    extra: Extra,
}

record!(Image { "url": url, "isSafe": ?is_safe, "error": [error OrNull], "note": [note OrLeftOut], ..extra });

#[derive(Clone, PartialEq)]
struct Exact {
    size: Option<i64>,
}

record!(strict Exact tag "type" { "size": ?size });

#[derive(Clone, PartialEq)]
struct Bare {}

record!(strict Bare tag "type" {});

enum Shape {
    Square,
    Wide,
}

string_enum!(Shape { Square = "square", Wide = "16:9" });

#[derive(Clone, PartialEq)]
struct Key {
    name: String,
    key: Option<String>,
    rate: f64,
    extra: Extra,
}

record!(Key { "name": name, "key": [key HiddenOrNull], "rate": rate, ..extra });

#[derive(Clone, PartialEq)]
struct KeyList {
    keys: Vec<Key>,
    extra: Extra,
}

record!(KeyList { "keys": keys, ..extra });

#[derive(Clone, PartialEq)]
struct Order {
    id: Option<String>,
    sizes: Option<Vec<i64>>,
    trace: Option<f64>,
    text: Option<String>,
}

impl crate::Rules for Order {}

request!(Order => Response<()> {
    CREATE, empty(), path "/orders/" { id } "/lines",
    query { sizes },
    headers { trace = "X-Trace" as "x-trace" },
    body { "theText": text },
});

debug_request!(Order);

#[test]
fn a_record_is_read_and_written_by_the_list_of_its_fields() {
    let text = r#"{"url":"u","isSafe":true,"error":null,"note":null,"more":1}"#;
    let image: Image = crate::from_json(&serde_json::from_str(text).unwrap()).unwrap();
    assert_eq!((image.is_safe, &image.error, &image.note), (Some(true), &None, &Some(Nullable::Null)));
    assert_eq!(String::from_utf8(crate::to_json(&image)).unwrap(), text);
    // An optional field that cannot be read is left out, unless it only occurs in requests.
    let image: Image = crate::from_json(&json!({"url": "u", "isSafe": 1})).unwrap();
    assert_eq!(image.is_safe, None);
    assert!(crate::from_json::<Exact>(&json!({"type": "t", "size": "s"})).is_err());
    assert!(crate::from_json::<Exact>(&json!({"other": 1})).is_err());
    assert_eq!(crate::from_json::<Bare>(&json!({"type": "t"})).unwrap(), Bare {});
    assert!(crate::from_json::<Bare>(&json!({"other": 1})).is_err());
    assert_eq!(crate::from_json::<Exact>(&json!({"type": "t", "size": 1})).unwrap(), Exact { size: Some(1) });
}

#[test]
fn an_enum_is_read_and_written_as_text() {
    assert_eq!(Shape::ALL.iter().map(Shape::as_str).collect::<Vec<_>>(), ["square", "16:9"]);
    assert_eq!("16:9".parse(), Ok(Shape::Wide));
    assert!("round".parse::<Shape>().is_err());
}

#[test]
fn debug_is_the_type_and_its_json() {
    let check = |shown: String, expected: &str| assert_eq!(shown, expected);
    let image = Image {
        url: "https://a.b/\"\u{1b}\u{202e}".to_owned(),
        is_safe: None,
        error: None,
        note: None,
        extra: Extra::from_iter([("more".to_owned(), json!([{}, {"a": [1.5]}, []]))]),
    };
    let compact = r#"Image {"url":"https://a.b/\"\u001b\u{202e}","error":null,"more":[{},{"a":[1.5]},[]]}"#;
    check(format!("{image:?}"), compact);
    let lines = r#"Image {
    "url": "https://a.b/\"\u001b\u{202e}",
    "error": null,
    "more": [
        {},
        {
            "a": [
                1.5
            ]
        },
        []
    ]
}"#;
    check(format!("{image:#?}"), lines);
    check(format!("{:?} {:#?}", Shape::Wide, Some(Shape::Square)), "\"16:9\" Some(\n    \"square\",\n)");
    check(format!("{:?}", Bare {}), "Bare {}");
}

#[test]
fn debug_does_not_show_secrets() {
    let key = Key { name: "n".to_owned(), key: Some("sk-1".to_owned()), rate: f64::NAN, extra: Extra::new() };
    let text = r#"{"name":"n","key":"sk-1","rate":null,"other":"sk-1"}"#;
    let with_other = Key { extra: Extra::from_iter([("other".to_owned(), json!("sk-1"))]), ..key.clone() };
    assert_eq!(String::from_utf8(crate::to_json(&with_other)).unwrap(), text);
    let keys = KeyList { keys: vec![with_other], extra: Extra::from_iter([("own".to_owned(), json!(1))]) };
    assert_eq!(format!("{keys:?}"), r#"KeyList {"keys":[{"name":"n","key":"…","rate":NaN}]}"#);
    assert!(crate::from_json::<Key>(&json!({"name": "n", "key": null, "rate": 1})).is_ok_and(|it| it.key.is_none()));
}

#[test]
fn debug_of_a_request_is_what_it_sends() {
    let order =
        Order { id: Some("a b".to_owned()), sizes: Some(vec![1]), trace: Some(0.5), text: Some("t".to_owned()) };
    let expected = r#"Order POST /orders/a%20b/lines?sizes=1 x-trace: 0.5 {"theText":"t"}"#;
    assert_eq!(format!("{order:?}"), expected);
}

#[test]
fn request_fields_are_written_to_their_declared_places() {
    let order =
        Order { id: Some("a b".to_owned()), sizes: Some(vec![1, 2]), trace: Some(0.5), text: Some("t".to_owned()) };
    let mut parts = RequestParts::default();
    order.write(&mut parts);
    assert_eq!((&*parts.path, &*parts.query), ("/orders/a%20b/lines", "sizes=1&sizes=2"));
    assert_eq!(parts.headers, [("x-trace".into(), "0.5".to_owned())]);
    assert_eq!(parts.body.as_bytes(), br#"{"theText":"t"}"#);
}
