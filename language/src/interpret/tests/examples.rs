//! Examples against their operation.

use super::fixture;
use crate::interpret::examples::check_examples;

const SPEC: &str = "
types:
  Video: {fields: {url: url}}
  Result: {fields: {id: string, videos: '[Video]', note?: string}}
  Created: {fields: {id: string}}
post: /videos/{style}
path: {style: {enum: [a, b]}}
headers: {X-Mode: string}
body:
  prompt: {required: true, max_length: 5}
  n: {type: integer, maximum: 3, certainty: inferred}
  tags: {type: [string], items: {max_length: 2}}
task: {created: Created, result: Result, every_state: [id]}
";

#[track_caller]
fn check(examples: &str, expected: &[&str]) {
    check_spec(SPEC, examples, expected);
}

#[track_caller]
fn check_spec(spec: &str, examples: &str, expected: &[&str]) {
    let api = fixture::api(&format!("{spec}\nexamples:\n{examples}"));
    let told: Vec<String> = check_examples(&api).iter().map(|it| format!("{} {}", it.code, it.message)).collect();
    assert_eq!(told, expected);
}

#[test]
fn legal_examples() {
    check("  - {name: e, request: {style: a, X-Mode: fast, prompt: dog}}", &[]);
    check(
        "  - {name: e, request: {style: a, prompt: dog, n: 4}}",
        &["SW0602 example `e` breaks an inferred rule: `n` must be at most 3"],
    );
    check(
        "  - {name: e, request: {style: c}}",
        &[
            "SW0601 example `e` breaks a rule: `style` must be one of `a`, `b`",
            "SW0601 example `e` breaks a rule: required parameter `prompt` is missing",
        ],
    );
    check("  - {name: e, request: words}", &["SW0606 the request of example `e` is not a map of parameters"]);
}

#[test]
fn claims() {
    check("  - {name: e, request: {style: a, prompt: too long}, invalid: {prompt: max_length}}", &[]);
    check("  - {name: e, request: {style: a, prompt: dog, tags: [abc]}, invalid: {/tags/0: max_length}}", &[]);
    check("  - {name: e, request: {style: a, prompt: dog, n: 4}, invalid: {n: maximum}}", &[]);
    check(
        "  - {name: e, request: {style: a, prompt: dog, x: 1}, invalid: {prompt: max_length}}",
        &[
            "SW0604 example `e` breaks more than it claims: unknown parameter `x`",
            "SW0603 example `e` claims to break `max_length` of `prompt`, but does not",
        ],
    );
}

#[test]
fn answers_of_tasks() {
    check("  - {name: e, response: {id: '1', more: 1}}", &[]);
    check("  - {name: e, status: {id: '1', status: processing}}", &[]);
    check("  - {name: e, status: {id: '1', status: new state}}", &[]);
    check("  - {name: e, callback: {id: '1', status: completed, videos: [{url: x}]}}", &[]);
    let misfit = |what: &str, why: &str| format!("SW0605 {what} of example `e` does not match its type: {why}");
    let missing = |name: &str| format!("required field `{name}` is missing");
    check("  - {name: e, response: {}}", &[&misfit("the response", &missing("id"))]);
    check("  - {name: e, status: {status: processing}}", &[&misfit("the status", &missing("id"))]);
    check("  - {name: e, status: {id: '1'}}", &[&misfit("the status", &missing("status"))]);
    check("  - {name: e, callback: {id: '1', status: completed}}", &[&misfit("the callback", &missing("videos"))]);
    check("  - {name: e, status: {id: '1', status: failed, videos: [{}]}}", &[&misfit("the status", &missing("url"))]);
}

#[test]
fn other_answers() {
    let spec = "types: {V: {fields: {id: string}}}\nget: /x\n";
    let wrapped = format!("{spec}response: {{wrapped: data, type: '[V]'}}");
    check_spec(&wrapped, "  - {name: e, response: {data: [{id: x}]}}", &[]);
    check_spec(
        &wrapped,
        "  - {name: e, response: {data: [{}]}}\n  - {name: f, response: []}",
        &[
            "SW0605 the response of example `e` does not match its type: required field `id` is missing",
            "SW0605 the response of example `f` does not match its type: required field `data` is missing",
        ],
    );
    check_spec(
        spec,
        "  - {name: e, response: {}}\n  - {name: f, status: {}}",
        &[
            "SW0607 example `e` has the response, but the operation returns nothing",
            "SW0607 example `f` has the status, but the operation starts no task",
        ],
    );
}

/// The text that each diagnostic points at.
#[track_caller]
fn check_places(example: &str, expected: &[&str]) {
    let text = format!(
        "resource: x\ntitle: X\ndoc: X.\noperations:\n  run:\n    post: /x\n    summary: Do it.\n    body:\n      \
         prompt: {{required: true, max_length: 5}}\n      tags: {{type: [string], items: {{max_length: 2}}}}\n    \
         response: {{id: string, parts: '[string]'}}\n    examples:\n      - {example}\n"
    );
    let compiled = crate::testing::compile(&[("x.yaml", &text)]);
    let Some(api) = &compiled.api else { panic!("{}", compiled.rendered()) };
    let diagnostics = check_examples(api);
    let spans = diagnostics.iter().map(|it| it.primary.span);
    let told: Vec<&str> = spans.map(|it| &text[it.start as usize..it.end as usize]).collect();
    assert_eq!(told, expected);
}

#[test]
fn faults_are_told_where_they_stand() {
    check_places("{name: e, request: {prompt: too long}}", &["too long"]);
    check_places("{name: e, request: {prompt: dog, tags: [a, abc]}}", &["abc"]);
    check_places("{name: e, request: {prompt: dog, b: 1}}", &["1"]);
    check_places("{name: e, request: {tags: [a]}}", &["{tags: [a]}"]);
    check_places("{name: e, response: {id: '1'}}", &["{id: '1'}"]);
    check_places("{name: e, response: {id: '1', parts: [a, 5]}}", &["5"]);
}

/// Events that add up to something else than the answer, or cannot be added.
#[test]
fn events_that_collect_cannot_take() {
    let told = |event: &str| {
        let text = crate::testing::resource(&format!(
            "  run:\n    post: /x\n    summary: Do it.\n    body: {{stream: boolean}}\n    response: json\n    stream:\n      \
             when: {{stream: true}}\n      data: json\n      collect: [{{append: /text, into: /text}}]\n    examples:\n      \
             - {{name: e, request: {{}}, response: {{text: a}}, events: [{{text: a}}, {event}]}}\n"
        ));
        let api = crate::testing::api(&[("x.yaml", &text)]);
        check_examples(&api).iter().map(|it| it.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told("{text: null}"), [""; 0]);
    let words = "example `e` has event 2, but `collect` cannot take what is at `/text`: it expects a string";
    assert_eq!(told("{text: 1}"), [words]);
    assert!(told("{text: b}")[0].contains("the events add up to something else at `/text`"));
}
