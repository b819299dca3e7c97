//! Made-up APIs of any size, for what must not grow faster than their operations. A test uses them too.

use std::fmt::Write as _;

/// The files of a spec, by name, with so many operations in each resource.
pub(crate) fn files(operations: usize, of_resource: usize) -> Vec<(String, String)> {
    let api = "api: growth\ntitle: Growth\ndoc: Many operations.\nservers: https://growth.example/v1\n\
               credentials:\n  key: {env: GROWTH_KEY, doc: Any., send: {bearer: {header: Authorization, prefix: \"Bearer \"}}}\n";
    let mut files = vec![("api.yaml".to_owned(), api.to_owned())];
    for start in (0..operations).step_by(of_resource) {
        let number = start / of_resource;
        let mut text = format!("resource: group_{number}\ntitle: Group {number}\ndoc: Some of them.\noperations:\n");
        for index in start..operations.min(start + of_resource) {
            let _ = write!(
                text,
                "  act_{index}:\n    post: /group_{number}/act_{index}/{{id}}/run\n    summary: Act on a thing.\n    \
                 body:\n      prompt: {{type: string, required: true, max_length: 500}}\n      \
                 model: {{enum: [fast, good], required: true}}\n      \
                 steps: {{type: integer, minimum: 1, maximum: 50, cases: [{{when: {{model: fast}}, maximum: 20}}]}}\n      \
                 strength: {{type: number, minimum: 0, maximum: 1, only: {{model: good}}}}\n      \
                 tags: {{type: \"[string]\", max_items: 9}}\n    \
                 response: {{text: string, score: number}}\n    examples:\n      - name: one\n        \
                 request: {{id: x, prompt: A paper boat, model: fast, steps: 9}}\n        \
                 response: {{text: Done., score: 1}}\n",
            );
        }
        files.push((format!("group_{number}.yaml"), text));
    }
    files
}
