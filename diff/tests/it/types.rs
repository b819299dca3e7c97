//! Types of parameters.

use crate::support::{check_body, check_files, check_operation, operation};

#[test]
fn other_types() {
    let breaks = ["breaking body /a: refused"];
    for (wide, narrow) in [
        ("integer", "int32"),
        ("number", "integer"),
        ("string", "url"),
        ("url", "https-url"),
        ("string", "date-time"),
        ("string", "uuid"),
        ("string", "{enum: [a, b]}"),
        ("{enum: [a, b], open: true}", "{enum: [a, b]}"),
        ("json", "string"),
        ("string | integer", "string"),
    ] {
        check_body(&format!("a: {wide}"), &format!("a: {narrow}"), &breaks);
    }
    for (wide, narrow) in
        [("\"[string?]\"", "\"[string]\""), ("\"[number]\"", "\"[integer]\""), ("map<json>", "map<string>")]
    {
        check_body(&format!("a: {wide}"), &format!("a: {narrow}"), &["breaking body /a/*: refused"]);
    }
    check_body("a: string", "a: integer", &breaks);
    check_body("a: string", "a: \"[string]\"", &breaks);
    check_body("a: integer", "a: number", &["widening body /a, code changes"]);
    check_body("a: url", "a: string", &["widening body /a"]);
    check_body("a: int32", "a: integer", &["widening body /a"]);
    check_body("a: uint64", "a: integer", &breaks);
    check_body("a: {type: uint64, maximum: 9223372036854775807}", "a: integer", &["widening body /a, code changes"]);
    check_body("a: integer", "a: uint64", &breaks);
    check_body("a: string", "a: string | integer", &["widening body /a, code changes"]);
}

#[test]
fn values_of_enums() {
    check_body("a: {enum: [p, q]}", "a: {enum: [p]}", &["breaking body /a: refused"]);
    check_body("a: {enum: [p]}", "a: {enum: [p, q]}", &["widening body /a"]);
    check_body("a: {enum: [p, q]}", "a: {enum: [p, r]}", &["breaking body /a: refused", "widening body /a"]);
    check_body("a: {enum: [p, q]}", "a: {enum: [p, q], open: true}", &["widening body /a, code changes"]);
    check_body(
        "a: {type: \"[string]\", items: {enum: [p, q]}}",
        "a: {type: \"[string]\", items: {enum: [p]}}",
        &["breaking body /a/*: refused"],
    );
}

#[test]
fn unions_of_which_only_one_member_may_accept_a_value() {
    let types = |keyword: &str, second: &str| {
        format!("{keyword}: [One, Two]}}\n  One: {{fields: {{a?: string}}}}\n  Two: {{fields: {{{second}}}}}\n")
    };
    let check = |(before, second): (&str, &str), (after, third): (&str, &str), expected: &[&str]| {
        let files = |keyword: &str, second: &str| {
            let text = operation("body: {it: It}");
            specwright_test_specs::resource(&text) + "types:\n  It: {" + &types(keyword, second)
        };
        let (before, after) = (files(before, second), files(after, third));
        check_files(&[("x.yaml", &before)], &[("x.yaml", &after)], expected);
    };
    check(("one_of", "b?: string"), ("one_of", "b?: string"), &[]);
    check(("one_of", "b?: string"), ("any_of", "b?: string"), &["widening body /it"]);
    check(("any_of", "b?: string"), ("one_of", "b?: string"), &["breaking body /it: refused"]);
    // What only the first accepted is accepted by both.
    check(
        ("one_of", "b?: string"),
        ("one_of", "b?: string, a?: string"),
        &["breaking body /it: refused", "widening body /it/a"],
    );
}

#[test]
fn bodies() {
    check_operation("body: {a: string}", "body: \"[string]\"", &["breaking: refused"]);
    check_operation(
        "body: {a: string}\nencoding: json",
        "body: {a: string}\nencoding: form",
        &["breaking body: unanswered"],
    );
    check_operation(
        "body: {a: string}\nencoding: json",
        "body: {a: string}\nencoding: [json, form]",
        &["widening body"],
    );
    check_operation("body: {binary: [image/png]}", "body: {binary: [image/png, image/jpeg]}", &["widening body"]);
    check_operation(
        "body: {binary: [image/png, image/jpeg]}",
        "body: {binary: [image/png]}",
        &["breaking body: unanswered"],
    );
    check_operation(
        "encoding: multipart\nbody: {a: {type: file, max_bytes: 100}}",
        "encoding: multipart\nbody: {a: {type: file, max_bytes: 50}}",
        &["breaking body /a: refused"],
    );
}

#[test]
fn styles() {
    let query = |style: &str| format!("query: {{a: {{type: \"[string]\", style: {style}}}}}");
    check_operation(&query("repeated"), &query("comma"), &["breaking query /a: means other"]);
    check_operation("query: {a: \"[string]\"}", &query("repeated"), &[]);
    check_operation(
        "query: {a: string}",
        "query: {b: {type: string, alias: a}}",
        &["breaking query /a: refused", "widening query /a"],
    );
}

#[test]
fn paths_and_methods() {
    let files = |line: &str| {
        let text = operation("query: {a: string}").replace("get: /things", line);
        specwright_test_specs::resource(&text)
    };
    let check = |before: &str, after: &str, expected: &[&str]| {
        check_files(&[("x.yaml", &files(before))], &[("x.yaml", &files(after))], expected)
    };
    check("get: /things", "get: /items", &["breaking: unanswered"]);
    check("get: /things", "put: /things", &["breaking: unanswered"]);
}
