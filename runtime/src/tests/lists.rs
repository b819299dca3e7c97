//! Tests the types of the macros for generated code.

#![expect(unreachable_pub, reason = "the macros are for types that a crate exports")]

use super::*;
use crate::{Extra, Nullable, record, request, string_enum};

#[derive(Clone, Debug, PartialEq)]
struct Image {
    url: String,
    is_safe: Option<bool>,
    error: Option<String>,
    note: Option<Nullable<String>>,
    extra: Extra,
}

record!(Image { url, is_safe = "isSafe", error: OrNull, note: OrLeftOut, ..extra });

#[derive(Clone, Debug, PartialEq)]
struct Exact {
    size: Option<i64>,
}

record!(strict Exact tag "type" { size });

#[derive(Clone, Debug, PartialEq)]
struct Bare {}

record!(strict Bare tag "type" {});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Square,
    Wide,
}

string_enum!(Shape { Square = "square", Wide = "16:9" });

#[derive(Clone, Debug, Default, PartialEq)]
struct Order {
    id: Option<String>,
    sizes: Option<Vec<i64>>,
    trace: Option<f64>,
    text: Option<String>,
}

request!(Order => Response<()> {
    CREATE, empty(), path "/orders/" { id } "/lines",
    query { sizes },
    headers { trace = "X-Trace" as "x-trace" },
    body { text = "theText" },
});

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
    assert!(Shape::try_from("round").is_err());
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
