//! Rules over several fields, and the parameter each blames.

use serde_json::json;

use super::{check, verdict};

#[track_caller]
fn check_rule(rule: &str, cases: &[(&str, &str)]) {
    let fields = "a: integer, b: integer, c: {type: integer, nullable: true}, l: {type: [string]}, m: {type: [string]}";
    check(&format!("body: {{{fields}}}\nrules: [{rule}]"), cases);
}

#[test]
fn presence() {
    check_rule("{any_of: [a, c]}", &[("{}", "/a any_of"), (r#"{"c":null}"#, "/a any_of"), (r#"{"c":1}"#, "")]);
    check_rule(
        "{exactly_one_of: [a, b, c]}",
        &[
            ("{}", "/a exactly_one_of"),
            (r#"{"b":1}"#, ""),
            (r#"{"b":1,"c":null}"#, ""),
            (r#"{"b":1,"c":1}"#, "/c exactly_one_of"),
            (r#"{"a":1,"b":1,"c":1}"#, "/b exactly_one_of"),
        ],
    );
    check_rule(
        "{at_most_one_of: [a, b]}",
        &[("{}", ""), (r#"{"a":1}"#, ""), (r#"{"a":1,"b":1}"#, "/b at_most_one_of")],
    );
    check_rule(
        "{all_or_none: [a, b, c]}",
        &[
            ("{}", ""),
            (r#"{"a":1,"b":1,"c":1}"#, ""),
            (r#"{"b":1}"#, "/a all_or_none"),
            (r#"{"a":1,"b":1}"#, "/c all_or_none"),
        ],
    );
    check_rule(
        "{requires: {a: [b, c]}}",
        &[("{}", ""), (r#"{"b":1}"#, ""), (r#"{"a":1,"b":1}"#, "/c requires"), (r#"{"a":1,"b":1,"c":1}"#, "")],
    );
}

#[test]
fn null_that_is_refused_breaks_no_rule_as_well() {
    check_rule(
        "{exactly_one_of: [a, b, l]}",
        &[
            (r#"{"a":null}"#, "/a type"),
            (r#"{"a":null,"b":1}"#, "/a type"),
            (r#"{"a":null,"b":1,"l":[]}"#, "/a type, /l exactly_one_of"),
        ],
    );
    check_rule("{all_or_none: [a, b]}", &[(r#"{"a":1,"b":null}"#, "/b type"), (r#"{"a":null}"#, "/a type")]);
    check_rule("{requires: {a: b}}", &[(r#"{"a":null}"#, "/a type"), (r#"{"a":1,"b":null}"#, "/b type")]);
    check_rule("{any_of: [a, c]}", &[(r#"{"c":null}"#, "/a any_of"), (r#"{"a":"x"}"#, "/a type")]);
}

#[test]
fn amounts_of_another_type_are_not_counted() {
    check_rule("{compare: a > b}", &[(r#"{"a":1.5,"b":2}"#, "/a type"), (r#"{"a":"1","b":2}"#, "/a type")]);
    check_rule("{sum: {l: 1, m: 1}, minimum: 2}", &[(r#"{"l":"x"}"#, "/l type"), (r#"{"l":["x"]}"#, "/l sum")]);
    check_rule("{total_length: 'l[]', minimum: 2}", &[(r#"{"l":"x"}"#, "/l type"), (r#"{"l":[1]}"#, "/l/0 type")]);
}

#[test]
fn comparisons() {
    for (symbol, less, equal, more) in [
        ("<", true, false, false),
        ("<=", true, true, false),
        (">", false, false, true),
        (">=", false, true, true),
        ("==", false, true, false),
        ("!=", true, false, true),
    ] {
        let expected = |holds: bool| if holds { "" } else { "/b compare" };
        check_rule(
            &format!("{{compare: b {symbol} a}}"),
            &[
                (r#"{"b":1,"a":2}"#, expected(less)),
                (r#"{"b":2,"a":2.0}"#, expected(equal)),
                (r#"{"b":3,"a":2}"#, expected(more)),
                (r#"{"b":3}"#, ""),
                (r#"{"a":3}"#, ""),
            ],
        );
    }
    check_rule("{compare: c > a}", &[(r#"{"c":null,"a":5}"#, "")]);
}

#[test]
fn sums() {
    check_rule(
        "{sum: {l: 1, m: 2, a: 3}, minimum: 1, maximum: 5}",
        &[
            ("{}", "/l sum"),
            (r#"{"l":[],"m":[]}"#, "/l sum"),
            (r#"{"m":["x"],"a":7}"#, ""),
            (r#"{"m":["x","y"],"a":7}"#, "/m sum"),
            (r#"{"l":["1","2","3","4","5","6"]}"#, "/l sum"),
        ],
    );
}

#[test]
fn total_lengths() {
    check(
        "types: {Line: {fields: {text: string}}}
body: {dialogue: {type: [Line]}, lines: {type: [string]}}
rules:
  - {total_length: 'dialogue[].text', minimum: 2, maximum: 5}
  - {total_length: 'lines[]', maximum: 4, han_double: true}",
        &[
            ("{}", ""),
            (r#"{"dialogue":[{"text":"ab"},{"text":"cde"}],"lines":["汉","ab"]}"#, ""),
            (
                r#"{"dialogue":[{"text":"abc"},{"text":"def"}],"lines":["汉","abc"]}"#,
                "/dialogue total_length, /lines total_length",
            ),
            (r#"{"dialogue":[{"text":"a"}]}"#, "/dialogue total_length"),
        ],
    );
}

#[test]
fn conditional_and_inferred() {
    check_rule("{when: {a: 1}, any_of: [b, c]}", &[("{}", ""), (r#"{"a":1}"#, "/b any_of")]);
    check_rule("{any_of: [b], certainty: inferred}", &[("{}", "/b ~any_of")]);
}

#[test]
fn order_is_fields_then_unknown_names_then_rules() {
    check(
        "body: {b: integer, a: {required: true}}\nrules: [{any_of: [b]}, {requires: {a: b}}]",
        &[
            (r#"{"z":1,"y":1}"#, "/a required, /z unknown_parameter, /y unknown_parameter, /b any_of"),
            (r#"{"a":"x","b":"x"}"#, "/b type"),
        ],
    );
}

#[test]
fn violations_carry_limit_and_find() {
    let spec = "body: {a: {max_length: 3, min_length: 1}, s: {secret: true, max_length: 2}, l: {type: [string], max_items: 0}}";
    let verdict = verdict(spec, &json!({"a": "abcd", "s": "hidden", "l": ["x"]}));
    let shown: Vec<_> = verdict.violations.iter().map(|it| (it.limit.as_deref(), it.found.as_deref())).collect();
    assert_eq!(shown, [(Some("3"), Some("4 characters")), (Some("2"), None), (Some("0"), Some("1 item"))]);
    assert_eq!(verdict.violations[0].message, "`a` must have at most 3 characters");
}
