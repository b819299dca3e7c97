//! Two specs in, the changes as short lines out. Every witness is checked again.

use specwright_codegen::boundary::RequestParts;
use specwright_codegen::interpret::{Request, validate};
use specwright_codegen::model::{Api, Location, Operation};
use specwright_diff::{ApiDiff, Change, Class, Evidence, compare};
use specwright_test_specs as specs;

/// The whole diff of two specs, given as files.
#[track_caller]
pub(crate) fn diff_files(before: &[(&str, &str)], after: &[(&str, &str)]) -> ApiDiff {
    let (old, new) = (specs::api(before), specs::api(after));
    let diff = compare(&old, &new);
    for change in &diff.changes {
        check_evidence(&old, &new, change);
    }
    if diff.class().is_none_or(|it| it < Class::Breaking) {
        nothing_is_refused(&old, &new);
    }
    diff
}

/// A witness is accepted by the old spec and refused by the new one.
#[track_caller]
pub(crate) fn check_evidence(old: &Api, new: &Api, change: &Change) {
    let Some(name) = &change.operation else { return };
    let find = |api: &Api| api.operations.iter().position(|it| it.full_name(api) == *name);
    let is_valid = |api: &Api, request: &RequestParts| {
        let Some(at) = find(api) else { return false };
        let operation: &Operation = &api.operations[at];
        let RequestParts { path, query, headers, body } = request;
        validate(api, operation, &Request { path, query, headers, body: body.as_ref() }).is_valid()
    };
    match &change.evidence {
        Evidence::Refused { request, violation } => {
            assert!(is_valid(old, request), "not accepted before: {request:?}\n{change:?}");
            assert!(!is_valid(new, request), "still accepted: {request:?}\n{change:?}");
            assert!(!violation.is_empty());
        }
        Evidence::MeansOther(request) => {
            assert!(is_valid(old, request) && is_valid(new, request), "not accepted: {request:?}\n{change:?}");
        }
        Evidence::Unanswered(request) => assert!(is_valid(old, request), "not accepted: {request:?}\n{change:?}"),
        Evidence::None | Evidence::NotFound(_) => {}
    }
}

/// No request at a boundary that the old spec accepts is refused by the new one.
#[track_caller]
fn nothing_is_refused(old: &Api, new: &Api) {
    for operation in &old.operations {
        let name = operation.full_name(old);
        let Some(theirs) = new.operations.iter().find(|it| it.full_name(new) == name) else { continue };
        if operation.path_template() != theirs.path_template() {
            // Path parameters are given by name here, and their names are never sent.
            continue;
        }
        for (api, op) in [(old, operation), (new, theirs)] {
            for case in specwright_codegen::boundary::suite(api, op) {
                let RequestParts { path, query, headers, body } = &case.request;
                let request = Request { path, query, headers, body: body.as_ref() };
                // Headers that the old spec does not describe are none of its parameters.
                let fields = &operation.parameters.fields;
                let known = |name: &String| {
                    fields.iter().any(|it| it.location == Location::Header && it.sent_name().eq_ignore_ascii_case(name))
                };
                if headers.keys().all(known) && validate(old, operation, &request).is_valid() {
                    let verdict = validate(new, theirs, &request);
                    assert!(verdict.is_valid(), "{name} refuses {:?}\n{:?}", case.request, verdict.violations);
                }
            }
        }
    }
}

/// A change in a line: class, place, what shows it, and whether code has to change.
pub(crate) fn line(change: &Change) -> String {
    let mut line = change.class.word().to_owned();
    if change.side == specwright_diff::Side::Rust {
        line.push_str(" rust");
    }
    if !change.place.is_empty() {
        line.push_str(&format!(" {}", change.place));
    }
    match &change.evidence {
        Evidence::None => {}
        Evidence::Refused { .. } => line.push_str(": refused"),
        Evidence::MeansOther(_) => line.push_str(": means other"),
        Evidence::Unanswered(_) => line.push_str(": unanswered"),
        Evidence::NotFound(_) => line.push_str(": may break"),
    }
    if change.source_breaking {
        line.push_str(", code changes");
    }
    if !change.variants.is_empty() {
        line.push_str(&format!(" ({})", change.variants.join(", ")));
    }
    line
}

/// The changes of two specs as lines, and all of them in words if they are not as expected.
#[track_caller]
pub(crate) fn check_files(before: &[(&str, &str)], after: &[(&str, &str)], expected: &[&str]) -> ApiDiff {
    let diff = diff_files(before, after);
    let found: Vec<String> = diff.changes.iter().map(line).collect();
    let words = diff.changes.iter().map(|it| format!("  {}  -- {} {:?}\n", line(it), it.message, it.rust));
    assert_eq!(found, expected, "\n{}", words.collect::<String>());
    diff
}

/// As [`check_files`], of the operations of a resource, indented as they stand under `operations:`.
#[track_caller]
pub(crate) fn check(before: &str, after: &str, expected: &[&str]) -> ApiDiff {
    let (old, new) = (specs::resource(before), specs::resource(after));
    check_files(&[("x.yaml", &old)], &[("x.yaml", &new)], expected)
}

/// One operation with these lines of parameters in its body.
pub(crate) fn body(lines: &str) -> String {
    operation(&format!("body:\n{}", indented(lines, 2)))
}

/// One operation with these keys.
pub(crate) fn operation(keys: &str) -> String {
    let keys = indented(keys.trim_end(), 4);
    let response = if keys.contains("response:") || keys.contains("task:") { "" } else { "    response: none\n" };
    let method = if keys.contains("body:") { "post" } else { "get" };
    let path = if keys.contains("    path: /") { "" } else { "/things" };
    if path.is_empty() {
        return format!(
            "  make:\n{}\n{response}    summary: Makes.\n",
            keys.replace("    path: /", &format!("    {method}: /"))
        );
    }
    format!("  make:\n    {method}: {path}\n    summary: Makes.\n{keys}\n{response}")
}

/// The changes of the body of an operation.
#[track_caller]
pub(crate) fn check_body(before: &str, after: &str, expected: &[&str]) -> ApiDiff {
    check(&body(before), &body(after), expected)
}

/// The changes of the keys of an operation.
#[track_caller]
pub(crate) fn check_operation(before: &str, after: &str, expected: &[&str]) -> ApiDiff {
    check(&operation(before), &operation(after), expected)
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|it| format!("{}{it}\n", " ".repeat(by))).collect()
}
