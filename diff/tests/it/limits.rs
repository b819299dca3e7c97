//! Limits of parameters in the body, one edit each.

use crate::support::check_body;

#[test]
fn limits_that_move() {
    let breaks = ["breaking body /size: refused"];
    let widens = ["widening body /size"];
    for (low, high) in [
        ("size: {type: integer, maximum: 10}", "size: {type: integer, maximum: 20}"),
        ("size: {type: integer, minimum: 5}", "size: {type: integer, minimum: 1}"),
        ("size: {type: integer, minimum: 1}", "size: integer"),
        ("size: {type: number, exclusive_maximum: 1}", "size: {type: number, maximum: 1}"),
        ("size: {type: integer, multiple_of: 10}", "size: {type: integer, multiple_of: 5}"),
        ("size: {type: string, max_length: 10}", "size: {type: string, max_length: 100}"),
        ("size: {type: string, min_length: 3}", "size: string"),
        ("size: {type: string, max_length: 10, han_double: true}", "size: {type: string, max_length: 10}"),
        ("size: {type: string, pattern: \"^[a-z]+$\"}", "size: {type: string, pattern: \"^[a-z0-9]+$\"}"),
        ("size: {type: string, pattern: \"^[a-z]{2,8}$\"}", "size: {type: string, pattern: \"^[a-z]+$\"}"),
        ("size: {type: string, const: a}", "size: {enum: [a, b]}"),
        ("size: {type: integer, enum: [1, 2]}", "size: {type: integer, enum: [1, 2, 3]}"),
        ("size: {type: \"[string]\", max_items: 2}", "size: {type: \"[string]\", max_items: 3}"),
        ("size: {type: \"[string]\", min_items: 2}", "size: \"[string]\""),
        ("size: {type: \"[string]\", unique_items: true}", "size: \"[string]\""),
        ("size: {type: map<string>, max_properties: 2}", "size: {type: map<string>, max_properties: 3}"),
        ("size: {type: map<string>, property_names: \"^[a-z]+$\"}", "size: map<string>"),
    ] {
        check_body(low, high, if low.contains("const") { &["widening body /size, code changes"] } else { &widens });
        check_body(high, low, &breaks);
    }
}

#[test]
fn limits_of_items() {
    let few = "size: {type: \"[string]\", items: {max_length: 5}}";
    let many = "size: {type: \"[string]\", items: {max_length: 9}}";
    check_body(few, many, &["widening body /size"]);
    check_body(many, few, &["breaking body /size: refused"]);
    let few = "size: {type: map<integer>, items: {maximum: 5}}";
    check_body("size: map<integer>", few, &["breaking body /size: refused"]);
}

#[test]
fn presence() {
    check_body("a: string", "a: string\nb: string", &["widening body /b"]);
    check_body("a: string\nb: string", "a: string", &["breaking body /b: refused"]);
    check_body("a: string", "a: string\nb: {type: string, required: true}", &["breaking body /b: refused"]);
    check_body("a: integer", "a: {type: integer, required: true}", &["breaking body /a: refused"]);
    check_body("a: {type: integer, required: true}", "a: integer", &["widening body /a, code changes"]);
    check_body("a: {type: integer, nullable: true}", "a: integer", &["breaking body /a: refused"]);
    check_body("a: integer", "a: {type: integer, nullable: true}", &["widening body /a, code changes"]);
}

#[test]
fn defaults() {
    let breaks = ["breaking body /a: means other"];
    check_body("a: {type: integer, default: 1}", "a: {type: integer, default: 2}", &breaks);
    check_body("a: {type: integer, default: 1}", "a: integer", &breaks);
    check_body("a: integer", "a: {type: integer, default: 2}", &["documentation body /a"]);
}

#[test]
fn a_limit_that_nothing_can_break() {
    check_body("a: {type: integer, maximum: 5}", "a: {type: integer, maximum: 5, minimum: -9223372036854775808}", &[]);
    let days = "a: {type: integer, enum: [1, 2, 3]}";
    check_body(days, "a: {type: integer, enum: [1, 2, 3], maximum: 3}", &[]);
}

#[test]
fn defaults_inside() {
    use crate::support::{check_files, operation};
    let files = |default: u32| {
        let types = format!(
            "types:\n  Part:\n    doc: A part.\n    fields: {{size?: {{type: integer, default: {default}}}}}\n"
        );
        format!("{}{types}", specwright_test_specs::resource(&operation("body: {part: Part}")))
    };
    let (old, new) = (files(1), files(2));
    check_files(&[("x.yaml", &old)], &[("x.yaml", &new)], &["breaking body Part/size"]);
}
