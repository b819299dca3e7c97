//! Every constraint: just inside and just outside.

use serde_json::json;

use super::check;

#[test]
fn required() {
    check(
        "body: {a: {required: true}, b: {type: integer}}",
        &[
            ("{}", "/a required"),
            (r#"{"a":"x"}"#, ""),
            (r#"{"a":null}"#, "/a type"),
            (r#"{"a":""}"#, "/a ~min_length"),
            (r#"{"a":"x","b":null}"#, "/b type"),
        ],
    );
    check("body: {a: {required: true, may_be_empty: true}}", &[(r#"{"a":""}"#, "")]);
    check("body: {a: {type: [string], required: true}}", &[(r#"{"a":[]}"#, "/a ~min_items"), (r#"{"a":["x"]}"#, "")]);
}

#[test]
fn required_is_told_once_and_by_the_stated_clause() {
    check(
        "body: {m: string, a: {cases: [{when: {m: x}, required: true, certainty: inferred}, {when: {m: [x, y]}, required: true}]}}",
        &[(r#"{"m":"x"}"#, "/a required"), (r#"{"m":"y"}"#, "/a required"), (r#"{"m":"z"}"#, "")],
    );
}

#[test]
fn nullable() {
    check(
        "body: {a: {type: string, required: true, nullable: true, max_length: 2}}",
        &[(r#"{"a":null}"#, ""), ("{}", "/a required"), (r#"{"a":"xyz"}"#, "/a max_length"), (r#"{"a":5}"#, "/a type")],
    );
    check(
        "body: {m: string, a: {type: string, nullable: true, cases: [{when: {m: x}, forbidden: true}]}}",
        &[(r#"{"m":"x","a":null}"#, "/a forbidden"), (r#"{"m":"y","a":null}"#, "")],
    );
}

#[test]
fn forbidden_and_only() {
    check(
        "body: {m: {enum: [x, y]}, a: {type: integer, only: {m: x}}, b: {cases: [{when: {m: y}, forbidden: Taken from x.}]}}",
        &[
            (r#"{"m":"x","a":1,"b":"b"}"#, ""),
            (r#"{"m":"y","a":1,"b":"b"}"#, "/a forbidden, /b forbidden"),
            (r#"{"a":1}"#, "/a forbidden"),
            (r#"{"m":"y","a":"wrong"}"#, "/a type"),
        ],
    );
}

#[test]
fn ignored_warns() {
    check(
        "body: {p: string, a: {cases: [{when: {p: $absent}, ignored: Needs p.}]}}",
        &[(r#"{"a":"x"}"#, "/a ~ignored"), (r#"{"a":"x","p":"y"}"#, ""), ("{}", "")],
    );
}

#[test]
fn enums() {
    check(
        "body: {a: {enum: ['1:1', '4k'], cases: [{when: {b: 1}, enum: ['4k']}]}, b: {type: integer, enum: [1, 5]}}",
        &[
            (r#"{"a":"1:1","b":5}"#, ""),
            (r#"{"a":"4k","b":1.0}"#, ""),
            (r#"{"a":"1:1","b":1}"#, "/a enum"),
            (r#"{"a":"9:9","b":1}"#, "/a enum"),
            (r#"{"a":"4K","b":2}"#, "/a enum, /b enum"),
        ],
    );
    check("body: {a: {enum: [x], open: true}}", &[(r#"{"a":"anything"}"#, ""), (r#"{"a":5}"#, "/a type")]);
    check("body: {a: {enum: [0, 0.5, 1]}}", &[(r#"{"a":0.5}"#, ""), (r#"{"a":1.0}"#, ""), (r#"{"a":0.4}"#, "/a enum")]);
}

#[test]
fn constants() {
    check(
        "body: {m: boolean, a: {type: boolean, cases: [{when: {m: true}, required: true, const: true}]}}",
        &[
            (r#"{"m":true,"a":true}"#, ""),
            (r#"{"m":true,"a":false}"#, "/a const"),
            (r#"{"m":true}"#, "/a required"),
            (r#"{"m":false,"a":false}"#, ""),
        ],
    );
}

#[test]
fn numbers() {
    check(
        "body: {a: {type: integer, minimum: 4, maximum: 15}, b: {type: number, exclusive_minimum: 0, exclusive_maximum: 1}, c: {type: number, multiple_of: 0.05}}",
        &[
            (r#"{"a":4,"b":0.5,"c":0.35}"#, ""),
            (r#"{"a":15.0}"#, ""),
            (r#"{"a":3,"b":0,"c":0.36}"#, "/a minimum, /b exclusive_minimum, /c multiple_of"),
            (r#"{"a":16,"b":1}"#, "/a maximum, /b exclusive_maximum"),
            (r#"{"a":4.5}"#, "/a type"),
            (r#"{"a":1e300,"b":-1e300}"#, "/a type, /b exclusive_minimum"),
            (r#"{"a":18446744073709551615}"#, "/a type"),
        ],
    );
}

#[test]
fn entries_of_maps() {
    check(
        "body: {a: {type: map<string>, min_properties: 1, max_properties: 2}, b: {type: json, max_properties: 1}}",
        &[
            (r#"{"a":{"x":"1"},"b":{"x":1}}"#, ""),
            (r#"{"a":{},"b":[1,2]}"#, "/a min_properties"),
            (r#"{"a":{"x":"1","y":"2","z":"3"},"b":{"x":1,"y":2}}"#, "/a max_properties, /b max_properties"),
            (r#"{"a":"x"}"#, "/a type"),
        ],
    );
}

#[test]
fn lengths_in_characters() {
    check(
        "body: {a: {min_length: 2, max_length: 3}, b: {max_length: 4, han_double: true}}",
        &[
            (r#"{"a":"né👍","b":"汉a。"}"#, ""),
            (r#"{"a":"x"}"#, "/a min_length"),
            (r#"{"a":"e\u0301e\u0301"}"#, "/a max_length"),
            (r#"{"b":"汉汉a"}"#, "/b max_length"),
            (r#"{"b":"abcd"}"#, ""),
        ],
    );
}

#[test]
fn patterns() {
    check(
        "body: {a: {pattern: '^[a-z]+$'}, b: {pattern: '(?=refused)'}}",
        &[(r#"{"a":"abc","b":"x"}"#, ""), (r#"{"a":"aBc"}"#, "/a pattern")],
    );
}

#[test]
fn lists() {
    check(
        "body: {a: {type: [number], min_items: 1, max_items: 2, unique_items: true}}",
        &[
            (r#"{"a":[1]}"#, ""),
            (r#"{"a":[]}"#, "/a min_items"),
            (r#"{"a":[1,1.0,2]}"#, "/a max_items, /a unique_items"),
        ],
    );
}

#[test]
fn items() {
    check(
        "body: {a: {type: [string], max_items: 2, items: {max_length: 2, enum: [x, yy, zzz]}}, b: {type: map<integer>, items: {maximum: 5}}}",
        &[
            (r#"{"a":["x","yy"],"b":{"k":5}}"#, ""),
            (r#"{"a":["x","zzz","q"],"b":{"k/y":6}}"#, "/a max_items, /a/1 max_length, /a/2 enum, /b/k~1y maximum"),
            (r#"{"a":["x",5]}"#, "/a/1 type, /a/1 enum"),
        ],
    );
}

#[test]
fn files() {
    check(
        "body: {a: {type: file, max_bytes: 3}, b: {type: base64, max_bytes: 3}}",
        &[
            (r#"{"a":"abc","b":"YWJj"}"#, ""),
            (r#"{"a":"abcd","b":"YWJjZA=="}"#, "/a max_bytes, /b max_bytes"),
            (r#"{"a":{"size":4}}"#, "/a max_bytes"),
            (r#"{"a":5,"b":"?"}"#, "/a type, /b format"),
        ],
    );
    // A text beside a file is a text, which has no size.
    check(
        "body: {a: {type: \"file | string\", max_bytes: 3}}",
        &[(r#"{"a":"abcd"}"#, ""), (r#"{"a":{"size":3}}"#, ""), (r#"{"a":{"size":4}}"#, "/a max_bytes")],
    );
}

#[test]
fn inferred_warns() {
    check(
        "body: {a: {type: integer, maximum: 5, certainty: inferred}}",
        &[(r#"{"a":6}"#, "/a ~maximum"), (r#"{"a":5}"#, "")],
    );
}

#[test]
fn cases_accumulate() {
    check(
        "body: {m: string, a: {max_length: 3, cases: [{when: {m: x}, max_length: 5}, {when: {m: y}, max_length: 2}]}}",
        &[
            (r#"{"m":"x","a":"1234"}"#, "/a max_length"),
            (r#"{"m":"y","a":"123"}"#, "/a max_length"),
            (r#"{"m":"y","a":"1234"}"#, "/a max_length"),
        ],
    );
}

#[test]
fn of_limits_of_one_kind_the_strictest_is_told() {
    let limit = |yaml: &str, body: serde_json::Value| {
        let verdict = super::verdict(yaml, &body);
        let all = verdict.violations.iter().chain(&verdict.warnings);
        all.map(|it| format!("{} {} {}", it.at, it.rule, it.limit.as_deref().unwrap_or_default())).collect::<Vec<_>>()
    };
    let numbers = "body: {m: string, a: {type: integer, minimum: 1, maximum: 9, cases: [{when: {m: x}, minimum: 3}]}}";
    assert_eq!(limit(numbers, json!({"m": "x", "a": 0})), ["/a minimum 3"]);
    assert_eq!(limit(numbers, json!({"m": "x", "a": 2})), ["/a minimum 3"]);
    assert_eq!(limit(numbers, json!({"m": "y", "a": 0})), ["/a minimum 1"]);
    // What is stated goes before what is implied, however strict.
    let implied = "body: {m: string, a: {max_length: 5, cases: [{when: {m: x}, max_length: 2, certainty: inferred}]}}";
    assert_eq!(limit(implied, json!({"m": "x", "a": "abcdef"})), ["/a max_length 5"]);
    assert_eq!(limit(implied, json!({"m": "x", "a": "abc"})), ["/a max_length 2"]);
    let items = "body: {m: string, a: {type: [string], items: {max_length: 5}, cases: [{when: {m: x}, items: {max_length: 2}}]}}";
    assert_eq!(
        limit(items, json!({"m": "x", "a": ["a", "abcdef", "abc"]})),
        ["/a/1 max_length 2", "/a/2 max_length 2"]
    );
    // A Han character that counts 2 is another measure.
    let unit = "body: {m: string, a: {max_length: 5, cases: [{when: {m: x}, max_length: 2, han_double: true}]}}";
    assert_eq!(limit(unit, json!({"m": "x", "a": "abcdef"})), ["/a max_length 5", "/a max_length 2"]);
}
