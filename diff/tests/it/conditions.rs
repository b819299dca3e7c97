//! Cases, `only`, rules over several parameters and variants.

use crate::support::{check_body, check_operation};

const MODEL: &str = "model: {enum: [a, b], required: true}\n";

fn model(lines: &str) -> String {
    format!("{MODEL}{lines}")
}

#[test]
fn cases() {
    let plain = model("size: integer");
    let limit = model("size: {type: integer, cases: [{when: {model: a}, maximum: 5}]}");
    let lower = model("size: {type: integer, cases: [{when: {model: a}, maximum: 3}]}");
    let both = model("size: {type: integer, cases: [{when: {model: [a, b]}, maximum: 5}]}");
    check_body(&plain, &limit, &["breaking body /size: refused"]);
    check_body(&limit, &plain, &["widening body /size"]);
    check_body(&limit, &lower, &["breaking body /size: refused"]);
    check_body(&limit, &both, &["breaking body /size: refused"]);
    check_body(&both, &limit, &["widening body /size"]);
    let required = model("size: {type: integer, cases: [{when: {model: a}, required: true}]}");
    check_body(&plain, &required, &["breaking body /size: refused"]);
    let forbidden = model("size: {type: integer, cases: [{when: {model: a}, forbidden: true}]}");
    check_body(&plain, &forbidden, &["breaking body /size: refused"]);
    let only = model("size: {type: integer, only: {model: a}}");
    check_body(&plain, &only, &["breaking body /size: refused"]);
}

#[test]
fn a_case_that_says_nothing_new() {
    let limit = model("size: {type: integer, maximum: 5}");
    let more = model("size: {type: integer, maximum: 5, cases: [{when: {model: a}, maximum: 9}]}");
    check_body(&limit, &more, &[]);
}

#[test]
fn variants_are_named() {
    let keys = |limit: u32| {
        format!(
            "variants: model\nbody:\n  model: {{enum: [a, b], required: true}}\n  size: {{type: integer, required: true, \
             cases: [{{when: {{model: a}}, maximum: {limit}}}]}}"
        )
    };
    check_operation(&keys(5), &keys(3), &["breaking body /size: refused (a)"]);
    check_operation(&keys(3), &keys(5), &["widening body /size (a)"]);
}

#[test]
fn rules() {
    let fields = "body: {a: string, b: string, c: integer, d: integer}\n";
    let with = |rule: &str| format!("{fields}rules: [{rule}]");
    for rule in [
        "{any_of: [a, b]}",
        "{exactly_one_of: [a, b]}",
        "{at_most_one_of: [a, b]}",
        "{all_or_none: [a, b]}",
        "{requires: {a: b}}",
        "{compare: c < d}",
        "{sum: [a, b, c], maximum: 2}",
        "{total_length: a, maximum: 20}",
    ] {
        let place = ["breaking: refused"];
        check_operation(fields, &with(rule), &place);
        check_operation(&with(rule), fields, &["widening"]);
    }
    let sum = |most: u32| with(&format!("{{sum: [a, b, c], maximum: {most}}}"));
    check_operation(&sum(2), &sum(1), &["breaking: refused"]);
    check_operation(&sum(1), &sum(2), &["widening"]);
    check_operation(&with("{compare: c < d}"), &with("{compare: c <= d}"), &["widening"]);
    check_operation(&with("{any_of: [a, b]}"), &with("{any_of: [a, b, c]}"), &["widening"]);
}
