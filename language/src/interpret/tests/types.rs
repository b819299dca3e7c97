//! Types, formats, unions, nested records, answers.

use serde_json::{Value, json};

use super::{check, fixture};
use crate::interpret::validate_value;
use crate::model::{Type, TypeId};

#[test]
fn scalars() {
    check(
        "body: {s: string, i: integer, n: number, b: boolean, j: json}",
        &[
            (r#"{"s":"","i":5.0,"n":5,"b":true,"j":null}"#, ""),
            (r#"{"s":1,"i":"5","n":"1","b":"true","j":{"x":[null]}}"#, "/s type, /i type, /n type, /b type"),
            (r#"{"s":null,"i":null,"b":1}"#, "/s type, /i type, /b type"),
            (r#"{"s":[],"i":1e40,"n":{}}"#, "/s type, /i type, /n type"),
        ],
    );
}

#[test]
fn formats() {
    check(
        "body: {u: url, h: https-url, d: date-time, b: base64}",
        &[
            (r#"{"u":"http://a","h":"https://a/b","d":"2026-11-20T10:00:00Z","b":"data:image/png;base64,AAAA"}"#, ""),
            (
                r#"{"u":"a.example","h":"http://a","d":"2026-11-20","b":"?"}"#,
                "/u format, /h format, /d format, /b format",
            ),
            (r#"{"u":5,"h":"https://a b"}"#, "/u type, /h format"),
        ],
    );
}

#[test]
fn a_type_error_is_the_only_word_on_a_field() {
    check(
        "body: {a: {type: [string], required: true, max_items: 1, items: {min_length: 9}}}",
        &[(r#"{"a":"xx"}"#, "/a type"), (r#"{"a":[1,2]}"#, "/a/0 type, /a/1 type, /a max_items")],
    );
}

#[test]
fn of_one_of_exactly_one_member_accepts_a_value() {
    let spec = "
types:
  A: {fields: {a?: string, both?: {type: integer, minimum: 1}}}
  B: {fields: {b?: string, both?: integer}}
  One: {one_of: [A, B, string, '[A]', '[B]']}
  Any: {any_of: [A, B, string, '[A]', '[B]']}
body: {one: One, any: Any}
";
    for (value, one, any) in [
        (r#"{"a":"x"}"#, "", ""),
        (r#"{"b":"x","both":0}"#, "", ""),
        (r#"{"both":0}"#, "", ""),
        (r#"{"both":1}"#, "/one one_of", ""),
        ("{}", "/one one_of", ""),
        ("[]", "/one one_of", ""),
        (r#"[{},{"a":"x"}]"#, "", ""),
        (r#"[{"a":"x"},{"b":"x"}]"#, "/one type", "/any type"),
        (r#"{"c":"x"}"#, "/one type", "/any type"),
        (r#""x""#, "", ""),
        ("5", "/one type", "/any type"),
    ] {
        check(spec, &[(&format!(r#"{{"one":{value}}}"#), one), (&format!(r#"{{"any":{value}}}"#), any)]);
    }
    let api = fixture::api(spec);
    let one = Type::Named(TypeId(2));
    // What is answered may have fields that are not listed, so that several members accept it.
    assert_eq!(validate_value(&api, &one, &json!({"both": 1, "c": 2})), []);
    assert_eq!(validate_value(&api, &one, &json!({"both": "x"})).len(), 1);
}

const MESSAGES: &str = "
types:
  Role: {enum: [user, bot]}
  Image: {fields: {url: url, detail?: {enum: [low, high]}}}
  Text: {fields: {text: {type: string, max_length: 3}}}
  Part: {tag: type, one_of: {text: Text, image: Image}}
  OpenPart: {tag: type, one_of: {text: Text}, open: true}
  Content: {one_of: [string, '[Part]']}
  Message:
    fields: {role: Role, content: Content, from?: integer, to?: integer}
    rules: [{compare: to > from}]
body:
  messages: {type: [Message], required: true, max_items: 2}
  parts: {type: [OpenPart]}
";

#[test]
fn nested_records_unions_and_tags() {
    check(
        MESSAGES,
        &[
            (r#"{"messages":[{"role":"user","content":"hi"}]}"#, ""),
            (r#"{"messages":[{"role":"user","content":[{"type":"text","text":"abc"}]}]}"#, ""),
            (
                r#"{"messages":[{"role":"system","content":5,"x/y":1}]}"#,
                "/messages/0/role enum, /messages/0/content type, /messages/0/x~1y unknown_parameter",
            ),
            (
                r#"{"messages":[{"role":"user","content":[{"text":"abc"},{"type":"video"},{"type":5},"x"]}]}"#,
                concat!(
                    "/messages/0/content/0/type required, /messages/0/content/1/type enum, ",
                    "/messages/0/content/2/type type, /messages/0/content/3 type"
                ),
            ),
            (
                r#"{"messages":[{"role":"user","content":[{"type":"text","text":"abcd"},{"type":"image"}]}]}"#,
                "/messages/0/content/0/text max_length, /messages/0/content/1/url required",
            ),
            (
                r#"{"messages":[{"role":"user","content":"","from":2,"to":1},1,2]}"#,
                "/messages/0/to compare, /messages/1 type, /messages/2 type, /messages max_items",
            ),
            (
                r#"{"messages":[{"role":"bot","content":""}],"parts":[{"type":"new","x":1},{"type":"text"}]}"#,
                "/parts/1/text required",
            ),
        ],
    );
}

#[test]
fn unions_by_json_type() {
    check(
        "body: {a: {type: 'integer | string', max_length: 2, minimum: 3}, s: {type: 'string | [string] | [integer] | boolean'}}",
        &[
            (r#"{"a":5}"#, ""),
            (r#"{"a":"xyz"}"#, "/a max_length"),
            (r#"{"a":2}"#, "/a minimum"),
            (r#"{"a":true}"#, "/a type"),
            (r#"{"s":[1,2]}"#, ""),
            // A list of neither.
            (r#"{"s":["a",2]}"#, "/s type"),
            (r#"{"s":{}}"#, "/s type"),
        ],
    );
}

#[track_caller]
fn check_answer(name: &str, answer: &Value, expected: &str) {
    let api = fixture::api(MESSAGES);
    let id = api.types.iter().position(|it| it.name == name).expect("a type");
    let violations = validate_value(&api, &Type::Named(TypeId(id as u32)), answer);
    let summary: Vec<String> = violations.iter().map(|it| format!("{} {}", it.at, it.rule)).collect();
    assert_eq!(summary.join(", "), expected, "{answer}");
}

#[test]
fn answers_are_open() {
    let new = json!({"role": "new role", "content": [{"type": "new"}], "extra": 1});
    check_answer("Message", &new, "");
    check_answer("Image", &json!({"url": "cut…", "detail": "medium"}), "");
    check_answer("Text", &json!({"text": "longer than three"}), "");
    check_answer("Message", &json!({"content": "x"}), "/role required");
    check_answer("Message", &json!({"role": 5, "content": "x"}), "/role type");
    check_answer("Message", &json!({"role": "user", "content": "x", "to": 1, "from": 2}), "");
    check_answer("Message", &json!([]), " type");
}

#[test]
fn a_text_outside_of_a_union_is_told_all_that_is_taken() {
    let yaml = "types: {None: {enum: [none]}}\nbody: {a: {type: integer | None}}";
    let verdict = super::verdict(yaml, &json!({"a": "3"}));
    let found: Vec<_> = verdict.violations.iter().map(|it| (it.rule, it.message.as_str())).collect();
    assert_eq!(found, [("enum", "`a` must be a whole number or `none`")]);
    let nullable = super::verdict(&yaml.replace("None}}", "None, nullable: true}}"), &json!({"a": "3"}));
    assert_eq!(nullable.violations[0].message, "`a` must be a whole number or `none` or `null`");
    check(yaml, &[(r#"{"a":"none"}"#, ""), (r#"{"a":3}"#, ""), (r#"{"a":true}"#, "/a type")]);
}
