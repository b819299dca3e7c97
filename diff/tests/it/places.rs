//! The same kinds of edits in paths, queries, headers, forms and in what is inside of objects, lists, maps and unions.

use crate::support::{check, check_files, check_operation, operation};

#[test]
fn outside_of_the_body() {
    for place in ["query", "headers"] {
        let with = |entry: &str| format!("{place}:\n  X-Size: {entry}");
        let at = if place == "query" { "query /X-Size" } else { "header /X-Size" };
        let line = |words: &str| words.replace("AT", at);
        check_operation(
            &with("{type: integer, maximum: 9}"),
            &with("{type: integer, maximum: 5}"),
            &[&line("breaking AT: refused")],
        );
        check_operation(
            &with("{type: integer, maximum: 5}"),
            &with("{type: integer, maximum: 9}"),
            &[&line("widening AT")],
        );
        check_operation(&with("integer"), &with("{type: integer, required: true}"), &[&line("breaking AT: refused")]);
        check_operation(
            &with("{enum: [a, b]}"),
            &with("{enum: [a, c]}"),
            &[&line("breaking AT: refused"), &line("widening AT")],
        );
        check_operation(&with("string"), &with("integer"), &[&line("breaking AT: refused")]);
    }
    // A number in a query is its text, but the setter takes another type.
    check_operation("query: {size: integer}", "query: {size: string}", &["widening query /size, code changes"]);
    check_operation("query: {a: string}", "query: {a: string, b: string}", &["widening query /b"]);
    check_operation("query: {a: string, b: string}", "query: {a: string}", &["breaking query /b: refused"]);
    check_operation("headers: {X-A: string}", "", &["breaking header /X-A: means other"]);
}

#[test]
fn in_paths() {
    let path = |entry: &str| {
        operation("path: /things/{id}\npath_: 1\nresponse: string")
            .replace("path_: 1", &format!("path: {{id: {entry}}}"))
    };
    check(
        &path("{type: string, max_length: 9}"),
        &path("{type: string, max_length: 5}"),
        &["breaking path /id: refused"],
    );
    check(&path("integer"), &path("{type: integer, minimum: 5}"), &["breaking path /id: refused"]);
    check(&path("{enum: [a, b]}"), &path("{enum: [a]}"), &["breaking path /id: refused"]);
}

#[test]
fn moved() {
    check_operation(
        "query: {a: string}\nbody: {b: string}",
        "body: {b: string, a: string}",
        &["breaking body /a: refused"],
    );
    check_operation("query: {a: string}", "headers: {a: string}", &["breaking header /a: refused"]);
}

/// A resource with one operation and types.
fn with_types(body: &str, types: &str) -> String {
    format!("{}types:\n{types}", specwright_test_specs::resource(&operation(body)))
}

#[track_caller]
fn check_types(body: &str, before: &str, after: &str, expected: &[&str]) {
    let (old, new) = (with_types(body, before), with_types(body, after));
    check_files(&[("x.yaml", &old)], &[("x.yaml", &new)], expected);
}

fn record(fields: &str) -> String {
    format!("  Part:\n    doc: A part.\n    fields: {{{fields}}}\n")
}

#[test]
fn inside_of_values() {
    for (body, place) in [
        ("body: {part: {type: Part, required: true}}", "body /part/size"),
        ("body: {part: Part}", "body /part/size"),
        ("body: {parts: \"[Part]\"}", "body /parts/*/size"),
        ("body: {parts: map<Part>}", "body /parts/*/size"),
        ("body: {deep: \"[[Part]]\"}", "body /deep/*/*/size"),
        ("body: Part", "body /body/size"),
        ("body: \"[Part]\"", "body /body/*/size"),
        ("body: {part: string | Part}", "body /part/size"),
    ] {
        let record = |entry: &str| record(&format!("size: {entry}, \"name?\": string"));
        let line = |words: &str| words.replace("AT", place);
        let (few, many) = (record("{type: integer, maximum: 5}"), record("{type: integer, maximum: 9}"));
        check_types(body, &many, &few, &[&line("breaking AT: refused")]);
        check_types(body, &few, &many, &[&line("widening AT")]);
        check_types(body, &record("integer"), &record("string"), &[&line("breaking AT: refused")]);
    }
    let body = "body: {parts: \"[Part]\"}";
    let (one, two) = (record("size: integer"), record("size: integer, name: string"));
    check_types(body, &one, &two, &["breaking body /parts/*/name: refused"]);
    check_types(body, &two, &one, &["breaking body /parts/*/name: refused"]);
    let optional = record("size: integer, \"name?\": string");
    check_types(body, &one, &optional, &["widening body /parts/*/name"]);
    check_types(body, &two, &optional, &["widening body /parts/*/name, code changes"]);
    check_types(body, &optional, &two, &["breaking body /parts/*/name: refused"]);
}

#[test]
fn tagged_unions() {
    let body = "body: {parts: \"[Part]\"}";
    let types = |members: &str, fields: &str| {
        format!(
            "  Part:\n    doc: A part.\n    tag: kind\n    one_of: {{{members}}}\n  Text:\n    doc: Text.\n    fields: {{text: {fields}}}\n  \
             Image:\n    doc: Image.\n    fields: {{url: url}}\n"
        )
    };
    let one = types("text: Text, picture: Image, image: Image", "string");
    let two = types("text: Text, image: Image", "string");
    check_types(body, &one, &two, &["breaking body /parts/*: refused"]);
    check_types(body, &two, &one, &["widening body /parts/*"]);
    let short = types("text: Text, image: Image", "{type: string, max_length: 5}");
    check_types(body, &two, &short, &["breaking body /parts/*/text: refused"]);
}

#[test]
fn open_records() {
    let body = "body: {part: Part}";
    let open = format!("{}    open: true\n", record("size: integer"));
    let closed = record("size: integer");
    check_types(body, &open, &closed, &["breaking body /part: refused"]);
    check_types(body, &closed, &open, &["widening body /part"]);
    let texts = format!("{}    additional_properties: string\n", record("size: integer"));
    check_types(body, &open, &texts, &["breaking body /part/*: refused"]);
}

#[test]
fn rules_of_records() {
    let body = "body: {parts: \"[Part]\"}";
    let fields = record("\"a?\": string, \"b?\": string");
    let rule = format!("{fields}    rules: [{{at_most_one_of: [a, b]}}]\n");
    let case = record("\"a?\": string, \"b?\": {type: string, cases: [{when: {a: $present}, forbidden: true}]}");
    check_types(body, &fields, &rule, &["breaking body /parts/*: refused"]);
    check_types(body, &rule, &fields, &["widening body /parts/*"]);
    check_types(body, &rule, &case, &[]);
    check_types(body, &case, &rule, &[]);
}
