//! What comes back: fields, statuses, tasks, streams, pages.

use crate::support::{check_operation, diff_files};

#[track_caller]
fn fields(before: &str, after: &str, expected: &[&str]) {
    let response = |fields: &str| format!("response: {{{fields}}}");
    check_operation(&response(before), &response(after), expected);
}

#[test]
fn fields_of_responses() {
    fields("a: string, b: string", "a: string", &["breaking response /b"]);
    fields("a: string", "a: string, b: string", &["widening response /b"]);
    fields("a: string", "\"a?\": string", &["breaking response /a"]);
    fields("\"a?\": string", "a: string", &["widening response /a, code changes"]);
    fields("a: string", "a: {type: string, nullable: true}", &["breaking response /a"]);
    fields("a: {type: string, nullable: true}", "a: string", &["widening response /a, code changes"]);
    fields("a: integer", "a: string", &["breaking response /a"]);
    fields("a: string", "a: url", &["widening response /a"]);
    fields("a: url", "a: string", &["breaking response /a"]);
    fields("a: {type: string, max_length: 5}", "a: {type: string, max_length: 9}", &["documentation"]);
    fields(
        "a: \"[{b: string}]\"".replace("[{b: string}]", "[string]").as_str(),
        "a: \"[string?]\"",
        &["breaking response /a/*"],
    );
}

#[test]
fn enums_of_responses() {
    fields("a: {enum: [p, q]}", "a: {enum: [p]}", &["breaking response /a"]);
    fields("a: {enum: [p]}", "a: {enum: [p, q]}", &["widening response /a"]);
    fields("a: {enum: [p]}", "a: {enum: [p], open: true}", &["widening response /a"]);
    fields("a: {enum: [p]}", "a: string", &["breaking response /a"]);
}

#[test]
fn forms_of_responses() {
    check_operation("response: string", "response: none", &["breaking response"]);
    check_operation("response: string", "response: integer", &["breaking response"]);
    check_operation("response: string", "response: {type: string, nullable: true}", &["breaking response"]);
    check_operation(
        "response: {wrapped: items, type: \"[string]\"}",
        "response: {wrapped: things, type: \"[string]\"}",
        &["breaking response"],
    );
    check_operation("response: string", "response: string\nsuccess: 201", &["breaking response"]);
    check_operation("response: {text: [text/plain]}", "response: {text: [text/csv]}", &["breaking response"]);
    let statuses = "response: {200: string, 204: none}";
    check_operation(
        "response: {200: string, 201: string}",
        statuses,
        &["breaking response 201", "widening response 204, code changes"],
    );
    check_operation(
        "response: string\nresponse_headers: {ETag: string}",
        "response: string",
        &["breaking response headers"],
    );
}

#[test]
fn errors_of_operations() {
    let with = |kind: &str| format!("response: string\nstatuses: {{499: {{kind: {kind}, doc: Gone.}}}}");
    check_operation(&with("conflict"), &with("not_found"), &["breaking error 499"]);
    check_operation("response: string", &with("not_found"), &["breaking error 499"]);
    check_operation("response: string", &with("invalid_request"), &["documentation error 499"]);
}

#[test]
fn tasks() {
    let task = |keys: &str| format!("path: /videos\nbody: {{a: string}}\ntask: {{result: {{url: url}}{keys}}}");
    check_operation(&task(""), &task(", completed: [completed, done]"), &["widening task"]);
    check_operation(&task(", completed: [completed, done]"), &task(""), &["breaking task"]);
    check_operation(
        &task(", pending: [queued]"),
        &task(", failed: [failed, queued]"),
        &["breaking task", "documentation task"],
    );
    check_operation(&task(""), &task(", status: \"/tasks/{id}\""), &["breaking task"]);
    check_operation(
        &task(""),
        &task(", state: phase"),
        &["breaking task /status", "breaking task", "widening task /phase"],
    );
    check_operation(&task(""), &task("").replace("url: url", "\"url?\": url"), &["breaking task result /url"]);
    check_operation(&task(""), &task(", interval: 9s"), &["documentation task"]);
    check_operation(&task(""), "path: /videos\nbody: {a: string}\nresponse: {url: url}", &["breaking response"]);
}

#[test]
fn pages() {
    let list = |from: &str| {
        format!(
            "query: {{cursor: string}}\nresponse: {{data: \"[string]\", next?: string, after?: string}}\npages: {{items: /data, cursor: \
             {{parameter: cursor, from: {from}}}}}"
        )
    };
    check_operation(&list("/next"), &list("/after"), &["breaking pages"]);
    let plain = list("/next").split("\npages").next().unwrap_or_default().to_owned();
    check_operation(&plain, &list("/next"), &["widening pages"]);
    check_operation(&list("/next"), &plain, &["breaking pages"]);
}

#[test]
fn a_type_that_goes_both_ways() {
    let spec = |size: &str| {
        format!(
            "resource: x\ntitle: X\ndoc: X.\noperations:\n  make:\n    put: /things\n    summary: Makes.\n    body: Thing\n    response: Thing\n\
             types:\n  Thing:\n    doc: A thing.\n    fields: {{size: {size}, id: {{type: string, read_only: true}}}}\n"
        )
    };
    let (old, new) = (spec("integer"), spec("{type: integer, maximum: 5}"));
    let diff = diff_files(&[("x.yaml", &old)], &[("x.yaml", &new)]);
    assert_eq!(diff.changes.len(), 1, "{:?}", diff.changes);
}

#[test]
fn a_changelog_says_where() {
    let with = |fields: &str| format!("response: {{{fields}}}");
    let text = |before: &str, after: &str, lines: &[&str]| {
        specwright_diff::report::markdown(&check_operation(&with(before), &with(after), lines))
    };
    let missing = text("a: string", "\"a?\": string", &["breaking response /a"]);
    assert!(missing.contains("- `x.make`: the field `a` may be missing now."), "{missing}");
    let other = text("a: integer", "a: boolean", &["breaking response /a"]);
    assert!(
        other.contains("- `x.make`, `response /a`: it is `true` or `false` now (before: a whole number)."),
        "{other}"
    );
}
