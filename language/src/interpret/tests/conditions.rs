//! Conditions: every matcher, *and*, *or*, defaults, nested paths.

use super::check;

/// `x` is required when the condition holds.
#[track_caller]
fn check_when(fields: &str, when: &str, cases: &[(&str, bool)]) {
    let yaml = format!("{fields}  x: {{type: integer, cases: [{{when: {when}, required: true}}]}}\n");
    let expected = |holds: bool| if holds { "/x required" } else { "" };
    let cases: Vec<(&str, &str)> = cases.iter().map(|(body, holds)| (*body, expected(*holds))).collect();
    check(&yaml, &cases);
}

const FIELDS: &str = "body:\n  a: {type: 'integer | string | [string]', nullable: true}\n  b: string\n";

#[test]
fn matchers() {
    for (when, five, six, absent, null, empty) in [
        ("{a: 5}", true, false, false, false, false),
        ("{a: [5, 6]}", true, true, false, false, false),
        ("{a: $present}", true, true, false, false, true),
        ("{a: $absent}", false, false, true, true, false),
        ("{a: null}", false, false, false, true, false),
        ("{a: $empty}", false, false, false, false, true),
        ("{a: {not: 5}}", false, true, true, true, true),
        ("{a: {not: $empty}}", true, true, true, true, false),
        ("{a: ['$absent', '$empty']}", false, false, true, true, true),
        ("{a: {not: ['$absent', '$empty']}}", true, true, false, false, false),
    ] {
        check_when(
            FIELDS,
            when,
            &[
                (r#"{"a":5}"#, five),
                (r#"{"a":5.0}"#, five),
                (r#"{"a":6}"#, six),
                ("{}", absent),
                (r#"{"a":null}"#, null),
                (r#"{"a":""}"#, empty),
                (r#"{"a":[]}"#, empty),
            ],
        );
    }
}

#[test]
fn and_or() {
    check_when(
        FIELDS,
        "[{a: 5, b: x}, {b: y}]",
        &[(r#"{"a":5,"b":"x"}"#, true), (r#"{"a":6,"b":"x"}"#, false), (r#"{"b":"y"}"#, true), ("{}", false)],
    );
}

#[test]
fn an_absent_parameter_counts_as_its_default() {
    let fields = "body:\n  m: {default: 5, type: integer, nullable: true}\n";
    check_when(fields, "{m: 5}", &[("{}", true), (r#"{"m":6}"#, false), (r#"{"m":null}"#, false)]);
    check_when(fields, "{m: {not: 5}}", &[("{}", false), (r#"{"m":6}"#, true)]);
    check_when(fields, "{m: $present}", &[("{}", false), (r#"{"m":5}"#, true)]);
}

#[test]
fn the_default_of_a_case() {
    let fields = "body:
  k: string
  m: {type: integer, default: 5, cases: [{when: {k: pro}, default: 10}]}
  n: {type: integer, cases: [{when: {m: 10}, default: 1}]}
";
    check_when(fields, "{m: 10}", &[("{}", false), (r#"{"k":"pro"}"#, true), (r#"{"k":"pro","m":5}"#, false)]);
    check_when(fields, "{n: 1}", &[("{}", false), (r#"{"k":"pro"}"#, true)]);
}

#[test]
fn defaults_that_lean_on_each_other_end() {
    let fields = "body:
  m: {type: integer, cases: [{when: {n: 1}, default: 1}]}
  n: {type: integer, default: 2, cases: [{when: {m: 1}, default: 1}]}
";
    check_when(fields, "{m: 1}", &[("{}", false), (r#"{"n":1}"#, true)]);
}

#[test]
fn into_objects() {
    let fields = "types:
  Reasoning: {fields: {effort?: {enum: [low, high], default: low}, budget?: integer}}
body:
  r: {type: Reasoning}
";
    check_when(fields, "{r.effort: high}", &[(r#"{"r":{"effort":"high"}}"#, true), ("{}", false)]);
    check_when(fields, "{r.effort: low}", &[(r#"{"r":{"effort":"high"}}"#, false), (r#"{"r":{}}"#, true)]);
    check_when(fields, "{r.budget: $present}", &[(r#"{"r":{"budget":1}}"#, true), (r#"{"r":{}}"#, false)]);
    check_when(fields, "{r.budget: $absent}", &[(r#"{"r":{"budget":1}}"#, false), ("{}", true)]);
}

#[test]
fn in_nested_records() {
    check(
        "types:
  Shot: {fields: {kind: {enum: [a, b]}, n?: {type: integer, cases: [{when: {kind: a}, required: true}]}}}
body:
  shots: {type: [Shot]}
",
        &[(r#"{"shots":[{"kind":"a"},{"kind":"b"},{"kind":"a","n":1}]}"#, "/shots/0/n required")],
    );
}

/// What is refused by itself decides no condition, neither way.
#[test]
fn one_fault_is_one_finding() {
    check(
        "body:
  model: {enum: [a, b], required: true}
  only_a: {type: integer, cases: [{when: {$not: {model: a}}, forbidden: true}]}
  not_a: {type: integer, cases: [{when: {model: {not: a}}, required: true}]}
",
        &[
            (r#"{"model":"a","only_a":1}"#, ""),
            (r#"{"model":"b","only_a":1,"not_a":1}"#, "/only_a forbidden"),
            (r#"{"model":"b"}"#, "/not_a required"),
            (r#"{"only_a":1}"#, "/model required"),
            (r#"{"model":"c","only_a":1}"#, "/model enum"),
            (r#"{"model":7,"only_a":1}"#, "/model type"),
            (r#"{"model":null,"only_a":1}"#, "/model type"),
        ],
    );
}

#[test]
fn what_may_be_left_out_is_something_else_when_it_is() {
    let fields = "body:\n  m: {enum: [a, b]}\n  d: {enum: [a, b], required: true, default: a}\n";
    check_when(fields, "{$not: {m: a}}", &[(r#"{"d":"a"}"#, true), (r#"{"d":"a","m":"b"}"#, true)]);
    check(
        &format!("{fields}  x: {{type: integer, cases: [{{when: {{$not: {{d: b}}}}, required: true}}]}}\n"),
        &[("{}", "/d required, /x required")],
    );
    // Nobody states that it has to be there, so that leaving it out can be right.
    check(
        "body:
  m: {enum: [a, b], required: true, certainty: inferred}
  x: {type: integer, cases: [{when: {$not: {m: a}}, forbidden: true}]}
",
        &[(r#"{"x":1}"#, "/x forbidden, /m ~required")],
    );
}

#[test]
fn null_where_it_is_none_is_neither_present_nor_absent() {
    let fields = "body:\n  a: string\n";
    check(
        &format!(
            "{fields}  x: {{type: integer, cases: [{{when: {{a: $absent}}, required: true}}, {{when: {{a: $present}}, required: true}}]}}\n"
        ),
        &[(r#"{"a":null}"#, "/a type"), ("{}", "/x required"), (r#"{"a":""}"#, "/x required")],
    );
}
