//! Numbers in all their forms: what they are, what they equal, and what holds them.

use serde_json::Value;

use super::{check, fixture};
use crate::interpret::{validate_answer, validate_value};
use crate::model::{Api, Output, Type};

#[test]
fn whole_numbers_in_every_form_are_integers() {
    let forms = [
        ("5", ""),
        ("5.0", ""),
        ("-0", ""),
        ("-0.0", ""),
        ("0e0", ""),
        ("1E5", ""),
        ("1.0e2", ""),
        ("9.0e15", ""),
        ("9007199254740993.0", ""),
        ("1.7e18", ""),
        ("9223372036854775807", ""),
        ("-9223372036854775808", ""),
        ("9223372036854775808", "/a type"),
        ("18446744073709551615", "/a type"),
        ("1.8e19", "/a type"),
        ("1e300", "/a type"),
        ("1.5", "/a type"),
        ("1e-1", "/a type"),
    ];
    for (number, expected) in forms {
        check("body: {a: integer}", &[(&format!(r#"{{"a":{number}}}"#), expected)]);
        check("body: {a: number}", &[(&format!(r#"{{"a":{number}}}"#), "")]);
        // A limit beyond all integers says no more than the type.
        check("body: {a: {type: integer, maximum: 1.8e19}}", &[(&format!(r#"{{"a":{number}}}"#), expected)]);
    }
}

#[test]
fn an_integer_too_large_is_told_how_large_it_may_be() {
    let verdict = super::verdict("body: {a: integer}", &serde_json::json!({"a": u64::MAX}));
    assert_eq!(
        verdict.violations[0].message,
        "`a` must be a whole number from -9223372036854775808 to 9223372036854775807"
    );
}

#[test]
fn limits_compare_exactly() {
    check(
        "body: {a: {type: integer, maximum: 9007199254740992}, b: {type: number, minimum: 9007199254740993}, c: {type: json, exclusive_maximum: 9007199254740993}, d: {type: integer, exclusive_maximum: 9223372036854775807}}",
        &[
            (r#"{"a":9007199254740992,"b":9007199254740993,"c":9007199254740992,"d":9223372036854775806}"#, ""),
            (r#"{"a":9007199254740992.0,"b":9007199254740994.0}"#, ""),
            (r#"{"a":9007199254740993}"#, "/a maximum"),
            (r#"{"b":9007199254740992.0,"c":9007199254740993}"#, "/b minimum, /c exclusive_maximum"),
            (r#"{"b":18446744073709551615,"c":18446744073709551615}"#, "/c exclusive_maximum"),
            (r#"{"d":9223372036854775807}"#, "/d exclusive_maximum"),
        ],
    );
}

#[test]
fn numbers_equal_by_value() {
    check(
        "body: {a: {type: integer, enum: [1, 9007199254740992]}, b: {type: number, const: 2}, c: {type: [json], unique_items: true}, d: {type: [number], unique_items: true}}",
        &[
            (r#"{"a":1.0,"b":2e0}"#, ""),
            (r#"{"a":9007199254740992.0,"b":2.0}"#, ""),
            (r#"{"a":9007199254740993}"#, "/a enum"),
            (r#"{"c":[1,1.0]}"#, "/c unique_items"),
            (r#"{"c":[{"a":1},{"a":1.0}]}"#, "/c unique_items"),
            (r#"{"c":[[0],[-0.0]]}"#, "/c unique_items"),
            (r#"{"c":[9007199254740992,9007199254740993],"d":[9007199254740992,9007199254740993]}"#, ""),
            (r#"{"c":[9007199254740992,9007199254740993.0],"d":[1e5,100000]}"#, "/c unique_items, /d unique_items"),
        ],
    );
}

#[test]
fn multiples_are_of_the_decimals_as_written() {
    check(
        "body: {a: {type: number, multiple_of: 0.01}, b: {type: number, multiple_of: 0.1}, c: {type: integer, multiple_of: 2.5}, d: {type: number, multiple_of: 3}}",
        &[
            (r#"{"a":7.01,"b":0.3,"c":5,"d":9}"#, ""),
            (
                r#"{"a":7.001,"b":0.30000000000000004,"c":4,"d":9.5}"#,
                "/a multiple_of, /b multiple_of, /c multiple_of, /d multiple_of",
            ),
            (r#"{"a":1e300,"b":1e308,"c":-7.5e1,"d":9007199254740993}"#, ""),
            (r#"{"a":0,"b":-0.0,"c":0e0,"d":9007199254740992}"#, "/d multiple_of"),
            (r#"{"d":1e300}"#, ""),
            (r#"{"d":1e308}"#, "/d multiple_of"),
        ],
    );
}

#[test]
fn conditions_and_rules_compare_by_value() {
    check(
        "body: {n: integer, x: number, y: {cases: [{when: {n: 1}, required: true}]}, z: {cases: [{when: {x: 1e5}, required: true}]}}\nrules: [{compare: n < x}]",
        &[
            (r#"{"n":1.0,"x":2}"#, "/y required"),
            (r#"{"n":0,"x":100000}"#, "/z required"),
            (r#"{"n":9007199254740992,"x":9007199254740993}"#, ""),
            (r#"{"n":9007199254740993,"x":9007199254740992.0}"#, "/n compare"),
            (r#"{"n":9223372036854775807,"x":9223372036854775808}"#, ""),
        ],
    );
    check(
        "body: {a: [string], b: [string]}\nrules: [{sum: {a: 9223372036854775807, b: 9223372036854775807}, maximum: 9}]",
        &[("{}", ""), (r#"{"a":["x","y","z"],"b":["x"]}"#, "/a sum")],
    );
}

#[test]
fn answers_hold_to_the_same_integers() {
    let api: Api = fixture::api("types: {It: {fields: {n: integer, x?: number}}}\nbody: {a: string}\nresponse: It");
    let Output::Json { ty, .. } = &api.operations[0].output else { panic!("an answer") };
    let found = |judge: fn(&Api, &Type, &Value) -> Vec<crate::interpret::Violation>, text: &str| {
        let value: Value = serde_json::from_str(text).expect(text);
        judge(&api, ty, &value).into_iter().map(|it| format!("{} {}", it.at, it.rule)).collect::<Vec<_>>()
    };
    for judge in [validate_value, validate_answer] {
        for fine in
            [r#"{"n":1.7e18,"x":1e300}"#, r#"{"n":9223372036854775807}"#, r#"{"n":-0.0,"x":18446744073709551615}"#]
        {
            assert!(found(judge, fine).is_empty(), "{fine}");
        }
        for wrong in
            [r#"{"n":9223372036854775808}"#, r#"{"n":18446744073709551615}"#, r#"{"n":1.8e19}"#, r#"{"n":0.5}"#]
        {
            assert_eq!(found(judge, wrong), ["/n type"], "{wrong}");
        }
    }
}
