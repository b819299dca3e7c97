//! The same meaning in another form is no change.

use crate::support::{check, check_body, check_files, check_operation, operation};

const MODEL: &str = "model: {enum: [a, b], required: true}\n";

#[track_caller]
fn same(before: &str, after: &str) {
    let (before, after) = (format!("{MODEL}{before}"), format!("{MODEL}{after}"));
    check_body(&before, &after, &[]);
    check_body(&after, &before, &[]);
}

#[test]
fn only_and_forbidden() {
    same(
        "size: {type: integer, only: {model: a}}",
        "size: {type: integer, cases: [{when: {model: b}, forbidden: true}]}",
    );
    same(
        "size: {type: integer, only: {model: a}, required: true}",
        "size: {type: integer, cases: [{when: {model: b}, forbidden: true}, {when: {model: a}, required: true}]}",
    );
}

#[test]
fn cases_that_cover_everything() {
    same(
        "size: {type: integer, maximum: 5}",
        "size: {type: integer, cases: [{when: {model: a}, maximum: 5}, {when: {model: b}, maximum: 5}]}",
    );
    same(
        "size: {type: integer, cases: [{when: {model: a}, maximum: 5, minimum: 1}]}",
        "size: {type: integer, cases: [{when: {model: a}, maximum: 5}, {when: {model: a}, minimum: 1}]}",
    );
    same(
        "size: {type: integer, cases: [{when: {model: {not: a}}, maximum: 5}]}",
        "size: {type: integer, cases: [{when: {model: b}, maximum: 5}]}",
    );
}

#[test]
fn limits_in_other_words() {
    same("size: {type: integer, minimum: 1}", "size: {type: integer, exclusive_minimum: 0}");
    same("size: {type: string, pattern: \"^[0-9]+$\"}", "size: {type: string, pattern: \"^\\\\d{1,}$\"}");
    same("size: {enum: [x, z]}", "size: {enum: [z, x]}");
    same("size: int32", "size: {type: integer, minimum: -2147483648, maximum: 2147483647}");
    same(
        "size: {type: integer, enum: [1, 2]}",
        "size: {type: integer, enum: [2, 1, 1.0]}".replace(", 1.0", "").as_str(),
    );
}

#[test]
fn rules_and_cases() {
    let fields = |b: &str, rules: &str| format!("body: {{a: string, b: {b}}}\n{rules}");
    let rule = fields("string", "rules: [{requires: {a: b}}]");
    let case = fields("{type: string, cases: [{when: {a: $present}, required: true}]}", "");
    check_operation(&rule, &case, &[]);
    check_operation(&case, &rule, &[]);
    let rule = fields("string", "rules: [{at_most_one_of: [a, b]}]");
    let case = fields("{type: string, cases: [{when: {a: $present}, forbidden: true}]}", "");
    check_operation(&rule, &case, &[]);
    check_operation(&case, &rule, &[]);
    let one = fields("string", "rules: [{exactly_one_of: [a, b]}]");
    let two = fields("string", "rules: [{any_of: [a, b]}, {at_most_one_of: [b, a]}]");
    check_operation(&one, &two, &[]);
    check_operation(&two, &one, &[]);
}

#[test]
fn defaults_in_conditions() {
    // Left out, `mode` is `x`; said in another way.
    let one = "mode: {enum: [x, z], default: x}\nsize: {type: integer, cases: [{when: {mode: x}, maximum: 5}]}";
    let two = "mode: {enum: [x, z], default: x}\nsize: {type: integer, cases: [{when: [{mode: $absent}, {mode: x}], maximum: 5}]}";
    same(one, two);
}

#[test]
fn written_out_and_copied() {
    let written = "  first:\n    post: /first\n    summary: Makes.\n    body: {a: string, b: {type: integer, maximum: 5}}\n    response: none\n  \
         second:\n    post: /second\n    summary: Makes.\n    body: {a: string, b: {type: integer, maximum: 5}}\n    response: none\n";
    let copied = "  second:\n    post: /second\n    summary: Makes.\n    like: first\n    body: {}\n    response: none\n  first:\n    post: /first\n    \
         summary: Makes.\n    body: {a: string, b: {type: integer, maximum: 5}}\n    response: none\n";
    check(written, copied, &[]);
    check(copied, written, &[]);
}

#[test]
fn names_of_the_spec_alone() {
    let api = |server: &str, parameter: &str, limit: &str| {
        format!(
            "api: test_api\ntitle: Test\ndoc: For tests.\nservers:\n  main: https://a.example.com\n  {server}: https://b.example.com\n\
             rate_limits: {{{limit}: {{requests: 5, per: 1m, unit: requests, scope: key}}}}\n\
             parameters:\n  {parameter}: {{type: integer, maximum: 5}}\n"
        )
    };
    let resource = |server: &str, parameter: &str, limit: &str| {
        format!(
            "resource: x\ntitle: X\ndoc: X.\nserver: {server}\noperations:\n  make:\n    post: /make\n    summary: Makes.\n    \
             rate_limit: {limit}\n    body: {{size: {{use: {parameter}}}}}\n    response: none\n"
        )
    };
    let files = |server: &str, parameter: &str, limit: &str| {
        (api(server, parameter, limit), resource(server, parameter, limit))
    };
    let ((api_old, old), (api_new, new)) = (files("second", "count", "slow"), files("other", "amount", "few"));
    check_files(&[("api.yaml", &api_old), ("x.yaml", &old)], &[("api.yaml", &api_new), ("x.yaml", &new)], &[]);
}

#[test]
fn names_that_are_never_sent() {
    let path = |name: &str| operation(&format!("path: /things/{{{name}}}\nresponse: string"));
    // The builder takes it by its place.
    check(&path("id"), &path("thing_id"), &["documentation rust, code changes"]);
}

#[test]
fn conditions_on_what_is_inside() {
    let body = |when: &str| {
        format!("body:\n  options: Options\n  size: {{type: integer, cases: [{{when: {when}, maximum: 5}}]}}")
    };
    let files = |when: &str| {
        let types = "types:\n  Options:\n    doc: Options.\n    fields: {mode?: {enum: [x, z]}, deep?: boolean}\n";
        format!("{}{types}", specwright_test_specs::resource(&operation(&body(when))))
    };
    let (one, two) =
        (files("{options.mode: [x, z], options.deep: true}"), files("{options.deep: true, options.mode: [z, x]}"));
    check_files(&[("x.yaml", &one)], &[("x.yaml", &two)], &[]);
    let other = files("{options.mode: x, options.deep: true}");
    check_files(&[("x.yaml", &one)], &[("x.yaml", &other)], &["widening body /size"]);
    check_files(&[("x.yaml", &other)], &[("x.yaml", &one)], &["breaking body /size: refused"]);
}

#[test]
fn types_with_other_names() {
    let files = |name: &str| {
        let types = format!("types:\n  {name}:\n    doc: A part.\n    fields: {{size: integer}}\n");
        let body = format!("body: {{part: {name}, parts: \"[{name}]\"}}\nresponse: {name}");
        format!("{}{types}", specwright_test_specs::resource(&operation(&body)))
    };
    let (old, new) = (files("Part"), files("Piece"));
    // What is sent is the same, but Rust code names the type.
    let diff = check_files(&[("x.yaml", &old)], &[("x.yaml", &new)], &["breaking rust"]);
    assert_eq!(diff.changes[0].rust, ["test_api::x::Part", "test_api::x::Piece"]);
}

#[test]
fn values_that_are_gone_break_nothing_else() {
    // With `a` removed, `size` is forbidden for what is left, as before.
    let before = "model: {enum: [a, b, c], required: true}\nsize: {type: integer, only: {model: [a, b]}}";
    let after = "model: {enum: [b, c], required: true}\nsize: {type: integer, only: {model: b}}";
    check_body(before, after, &["breaking body /model: refused"]);
}
