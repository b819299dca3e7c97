//! Tests that what the compiler writes grows with the operations of an API, and not faster.

use std::fmt::Write as _;

use specwright_codegen::pipeline;

/// Operations of the smaller API.
const OPERATIONS: usize = 40;
/// Operations of one resource.
const OF_RESOURCE: usize = 10;

#[test]
fn twice_the_operations_give_twice_the_output() {
    let (once, twice) = (Output::of(OPERATIONS), Output::of(2 * OPERATIONS));
    let check = |what: &str, once: usize, twice: usize| {
        let ratio = twice as f64 / once as f64;
        // Every crate has a part that does not depend on its operations; longer numbers in names are a little more.
        assert!((1.7..2.03).contains(&ratio), "{ratio:.3} times the {what}: {twice} for {once}");
    };
    check("files", once.files, twice.files);
    check("lines", once.lines, twice.lines);
    check("bytes", once.bytes, twice.bytes);
}

struct Output {
    files: usize,
    lines: usize,
    bytes: usize,
}

impl Output {
    fn of(operations: usize) -> Output {
        let compiled = pipeline::lint_texts("growth", spec(operations));
        let found: Vec<_> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
        let api = compiled.api_without_errors().unwrap_or_else(|| panic!("errors: {found:?}"));
        let files = pipeline::crate_files(api).unwrap_or_else(|_| panic!("names that Rust cannot have"));
        Output {
            files: files.len(),
            lines: files.values().map(|it| it.lines().count()).sum(),
            bytes: files.values().map(String::len).sum(),
        }
    }
}

fn spec(operations: usize) -> Vec<(String, String)> {
    let api = "api: growth\ntitle: Growth\ndoc: Many operations.\nservers: https://growth.example/v1\n\
               credentials:\n  key: {env: GROWTH_KEY, doc: Any., send: {bearer: {header: Authorization, prefix: \"Bearer \"}}}\n";
    let mut files = vec![("api.yaml".to_owned(), api.to_owned())];
    for start in (0..operations).step_by(OF_RESOURCE) {
        let number = start / OF_RESOURCE;
        let mut text = format!("resource: group_{number}\ntitle: Group {number}\ndoc: Some of them.\noperations:\n");
        for index in start..start + OF_RESOURCE {
            let _ = write!(
                text,
                "  act_{index}:\n    post: /group_{number}/act_{index}/{{id}}/run\n    summary: Act on a thing.\n    \
                 body:\n      model: {{enum: [fast, good], required: true}}\n      \
                 steps: {{type: integer, minimum: 1, maximum: 50, cases: [{{when: {{model: fast}}, maximum: 20}}]}}\n      \
                 strength: {{type: number, minimum: 0, maximum: 1, only: {{model: good}}}}\n    \
                 response: {{text: string, score: number}}\n",
            );
        }
        files.push((format!("group_{number}.yaml"), text));
    }
    files
}
