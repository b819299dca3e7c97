//! What is still judged although a spec has errors, and what is not.

use crate::load::Loaded;
use crate::source::Sources;
use crate::stages;
use crate::testing;

/// The codes of the errors of two files beside `api.yaml`.
fn codes(api: &str, files: [&str; 2]) -> Vec<String> {
    let mut sources = Sources::default();
    let mut ids = vec![sources.add("api.yaml", api)];
    ids.extend(files.iter().enumerate().map(|(at, text)| sources.add(format!("{at}.yaml"), *text)));
    let (_, found) = stages::analyse(&Loaded { sources, files: ids, ..Loaded::default() });
    found.into_sorted().iter().map(|it| it.code.to_string()).collect()
}

/// Two operations of a resource.
fn resource(name: &str, keys: [&str; 2], types: &str) -> String {
    let operation = |name: &str, keys: &str| format!("  {name}:\n    summary: Do it.\n    response: none\n{keys}");
    let [first, second] = keys;
    format!(
        "resource: {name}\ntitle: X\ndoc: X.\noperations:\n{}{}{types}",
        operation("first", first),
        operation("second", second)
    )
}

/// It has no legal request.
const IMPOSSIBLE: &str =
    "    post: /impossible\n    body: {a: {type: integer, multiple_of: 10, minimum: 1, maximum: 9}}\n";
const UNKNOWN: &str = "    post: /unknown\n    body: {a: Nothing}\n";
const WRONG_EXAMPLE: &str =
    "    post: /example\n    body: {a: {type: integer, maximum: 5}}\n    examples: [{name: x, request: {a: 6}}]\n";

#[test]
fn other_operations_are_judged() {
    let broken = resource("one", [UNKNOWN, IMPOSSIBLE], "");
    let sound = resource("two", [WRONG_EXAMPLE, "    get: /fine\n"], "");
    let alone = codes(testing::API, [&resource("one", ["    get: /a\n", IMPOSSIBLE], ""), &sound]);
    let both = codes(testing::API, [&broken, &sound]);
    assert_eq!(both.len(), alone.len() + 1, "{alone:?} {both:?}");
    assert!(alone.iter().all(|it| both.contains(it)) && both.contains(&"SW0301".to_owned()), "{both:?}");
    assert!(both.contains(&"SW0506".to_owned()) && both.iter().any(|it| it.starts_with("SW06")), "{both:?}");
}

#[test]
fn what_an_error_may_concern_is_not_judged() {
    let sound = resource("two", ["    get: /fine\n", "    get: /fine2\n"], "");
    // What is copied, the types of the file, and all that `api.yaml` says.
    let like =
        "    post: /like\n    like: first\n    body: {b: {type: integer, multiple_of: 10, minimum: 1, maximum: 9}}\n";
    assert_eq!(codes(testing::API, [&resource("one", [UNKNOWN, like], ""), &sound]), ["SW0301"]);
    let types = "types:\n  It: {fields: {a: Nothing}}\n";
    assert_eq!(codes(testing::API, [&resource("one", ["    get: /a\n", IMPOSSIBLE], types), &sound]), ["SW0301"]);
    let api = format!("{}types:\n  It: {{fields: {{a: Nothing}}}}\n", testing::API);
    assert_eq!(codes(&api, [&resource("one", ["    get: /a\n", IMPOSSIBLE], ""), &sound]), ["SW0301"]);
}
