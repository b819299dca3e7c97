//! Tests that generated responses of the contract server for random specs follow those specs.

use serde_json::{Map, Value, json};
use specwright_codegen::boundary::{Expect, suite};
use specwright_codegen::check;
use specwright_codegen::interpret::{Violation, validate_answer, validate_state};
use specwright_codegen::model::{Api, OperationId, Output, Type};
use specwright_contract::answers::{Answers, State};
use specwright_test_specs as testing;

use super::spec;

/// The number of tested specs.
const SPECS: u64 = 120;
/// The number of tested requests of the boundary suite for each operation.
const REQUESTS: usize = 5;

#[test]
fn generated_responses_follow_their_specs() {
    let mut tried = 0;
    for seed in 0..SPECS {
        let files = spec::files(seed);
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let compiled = testing::compile(&files);
        let Some(api) = compiled.api.as_ref().filter(|it| !check::check(it).has_errors()) else { continue };
        let answers = Answers::with_files(api, "http://127.0.0.1:4010/files");
        for (index, op) in api.operations.iter().enumerate() {
            let legal = suite(api, op).into_iter().filter(|it| it.expect == Expect::Valid).take(REQUESTS);
            let requests = legal.map(|it| {
                let body = it.request.body.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
                let all = [it.request.path, it.request.query, it.request.headers, body];
                Value::Object(all.into_iter().flatten().collect::<Map<_, _>>())
            });
            for request in requests.chain([json!({})]) {
                let found = broken(api, OperationId(index as u32), &answers, &request, seed);
                assert!(found.is_empty(), "seed {seed}, {}: {request}\n{found:#?}", op.full_name(api));
                tried += 1;
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}

fn broken(api: &Api, id: OperationId, answers: &Answers, request: &Value, seed: u64) -> Vec<Violation> {
    match &api.operation(id).output {
        Output::Empty | Output::Binary { .. } | Output::Text { .. } | Output::Redirect | Output::ByStatus(_) => {
            Vec::new()
        }
        Output::Json { ty, wrapper, .. } => {
            let answer = answers.response(api, id, request, seed).expect("an answer");
            let inner = wrapper.as_ref().map_or(Some(&answer), |it| answer.get(it));
            validate_answer(api, ty, inner.expect("the wrapped value"))
        }
        Output::Task(task) => {
            let created = answers.created(api, id, request, "task-7");
            let mut all = validate_answer(api, &Type::Named(task.created), &created);
            for state in [State::Pending, State::Completed, State::Failed] {
                all.extend(validate_state(api, task, &answers.status(api, id, request, "task-7", &state, seed)));
            }
            all
        }
    }
}
