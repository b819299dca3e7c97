//! Tests every operation of every spec with the requests of its examples and of the boundary suite.

use serde_json::{Map, Value, json};
use specwright_codegen::boundary::{Expect, suite};
use specwright_codegen::interpret::{Violation, fits_field, validate_answer, validate_state};
use specwright_codegen::model::{Api, ExampleOf, Operation, OperationId, Output, Task, Type, TypeKind, value_at};

use super::APIS;
use crate::answers::ids::field_at;
use crate::answers::{Answers, State};

/// The number of requests of the boundary suite that are tested.
const REQUESTS: usize = 20;

fn requests(api: &Api, op: &Operation) -> Vec<Value> {
    let shown = op.examples.iter().filter(|it| it.invalid.is_empty()).filter_map(|it| it.request.clone());
    let made = suite(api, op).into_iter().filter(|it| it.expect == Expect::Valid).take(REQUESTS).map(|it| {
        let body = it.request.body.and_then(|it| it.as_object().cloned()).unwrap_or_default();
        let all = [it.request.path, it.request.query, it.request.headers, body];
        Value::Object(all.into_iter().flatten().collect::<Map<_, _>>())
    });
    shown.chain(made).chain([json!({}), json!(null)]).collect()
}

fn states(task: &Task) -> Vec<State> {
    let stages = task.stage.iter().flat_map(|it| &it.values).map(|(it, _)| State::Stage(it.clone()));
    [State::Pending, State::Completed, State::Failed, State::Stage("nobody said".to_owned())]
        .into_iter()
        .chain(stages)
        .collect()
}

/// Whether the ids of a task are whole numbers.
fn has_whole_id(api: &Api, task: &Task) -> bool {
    let TypeKind::Record(record) = &api.ty(task.created).kind else { return false };
    field_at(api, record, &task.id_field).is_some_and(|it| it.ty.is_whole())
}

fn faults(api: &Api, op: &Operation, id: OperationId, answers: &Answers, request: &Value, seed: u64) -> Vec<String> {
    let mut all = Vec::new();
    let mut told = |violations: Vec<Violation>, answer: &Value| {
        let name = op.full_name(api);
        all.extend(
            violations.into_iter().map(|it| format!("{} {name}: {} {} in {answer}", api.name, it.at, it.message)),
        );
    };
    let response = answers.response(api, id, request, seed);
    match &op.output {
        Output::Empty | Output::Binary { .. } | Output::Text { .. } | Output::Redirect | Output::ByStatus(_) => {
            assert_eq!(response, None);
        }
        Output::Json { ty, wrapper, .. } => {
            let response = response.unwrap();
            let inner = wrapper.as_ref().map_or(Some(&response), |it| response.get(it));
            let inner = inner.unwrap();
            told(validate_answer(api, ty, inner), inner);
            let bytes = answers.response_bytes(api, id, request, seed).unwrap();
            assert_eq!(bytes, serde_json::to_vec(&response).unwrap());
            assert_eq!(bytes, answers.response_bytes(api, id, request, seed).unwrap());
        }
        Output::Task(task) => {
            assert_eq!(response, None);
            // Where the status is at a URL, that is the id.
            let whole = has_whole_id(api, task);
            let task_id = match &task.status {
                Some(_) if whole => "7",
                Some(_) => "task-7",
                None => "https://bell.example/tasks/7",
            };
            let created = answers.created(api, id, request, task_id);
            told(validate_answer(api, &Type::Named(task.created), &created), &created);
            let id_shown = if whole { json!(7) } else { json!(task_id) };
            let expected = (!task.is_url_in_header).then_some(&id_shown);
            assert_eq!(value_at(&created, &task.id_field), expected, "{created}");
            if let (Some(state), Some(first)) = (value_at(&created, &task.state_field), task.pending.first()) {
                assert!([first].into_iter().chain(&task.pending).any(|it| *it == word(state)), "{created}");
            }
            assert_eq!(answers.created_bytes(api, id, request, task_id), serde_json::to_vec(&created).unwrap());
            for state in states(task) {
                let body = answers.status(api, id, request, task_id, &state, seed);
                told(validate_state(api, task, &body), &body);
                let expected = match state {
                    State::Completed => &task.completed,
                    State::Failed => &task.failed,
                    State::Pending | State::Stage(_) => &task.pending,
                };
                let shown = value_at(&body, &task.state_field).map(word).unwrap_or_default();
                // The last stages of a task belong to a final state.
                if !matches!(state, State::Stage(_)) {
                    assert!(expected.is_empty() || expected.contains(&shown), "{state:?} {body}");
                }
                if state == State::Failed {
                    let words = body.pointer(&task.error_pointer);
                    assert!(words.is_some_and(Value::is_string), "{} {body}", op.full_name(api));
                }
                if let Some(shown) = value_at(&body, &task.id_field).filter(|_| takes_id(api, task, &id_shown)) {
                    assert_eq!(*shown, id_shown, "{} {body}", op.full_name(api));
                }
                let bytes = answers.status_bytes(api, id, request, task_id, &state, seed);
                assert_eq!(bytes, serde_json::to_vec(&body).unwrap());
                assert_eq!(bytes, answers.status_bytes(api, id, request, task_id, &state, seed));
            }
        }
    }
    all
}

/// Whether the field of the result with the id's name can be an id.
fn takes_id(api: &Api, task: &Task, id: &Value) -> bool {
    let TypeKind::Record(record) = &api.ty(task.result).kind else { return false };
    record.find(&task.id_field).is_none_or(|(_, it)| fits_field(api, it, id))
}

#[test]
fn every_response_follows_its_spec() {
    let mut all = Vec::new();
    let mut n_requests = 0;
    for api in &*APIS {
        for answers in [Answers::new(api), Answers::with_files(api, "http://127.0.0.1:4010/files/")] {
            for (index, op) in api.operations.iter().enumerate() {
                let id = OperationId(index as u32);
                for (seed, request) in requests(api, op).iter().enumerate() {
                    n_requests += 1;
                    all.extend(faults(api, op, id, &answers, request, seed as u64 % 3));
                }
            }
        }
    }
    assert!(n_requests > 1000, "{n_requests}");
    all.sort();
    all.dedup();
    assert!(all.is_empty(), "{} of {n_requests}\n{}", all.len(), all.join("\n"));
}

#[test]
fn every_counting_parameter_sets_the_count() {
    let mut seen = 0;
    for api in &*APIS {
        let answers = Answers::new(api);
        for (index, op) in api.operations.iter().enumerate() {
            let Output::Task(task) = &op.output else { continue };
            // A name from the documents, to check the rule that finds it.
            if op.parameters.find("output_count").is_none() {
                continue;
            }
            for (count, request) in (1..=4).flat_map(|it| requests(api, op).into_iter().map(move |of| (it, of))) {
                let Value::Object(mut request) = request else { continue };
                request.insert("output_count".to_owned(), json!(count));
                let request = Value::Object(request);
                let body = answers.status(api, OperationId(index as u32), &request, "1", &State::Completed, 0);
                let images = body["images"].as_array().unwrap_or_else(|| panic!("{} {body}", task.state_field));
                assert_eq!(images.len(), count, "{} {request} {body}", op.full_name(api));
                let urls: std::collections::BTreeSet<&str> =
                    images.iter().filter_map(|it| it["url"].as_str()).collect();
                assert_eq!(urls.len(), count, "{body}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_documented_request_gets_the_documented_response() {
    let mut seen = 0;
    let mut differ = Vec::new();
    for api in &*APIS {
        let answers = Answers::new(api);
        for (index, op) in api.operations.iter().enumerate() {
            let id = OperationId(index as u32);
            for example in op.examples.iter().filter(|it| it.invalid.is_empty()) {
                let (Some(request), Some(shown)) = (&example.request, &example.response) else { continue };
                let found = match (&op.output, example.of) {
                    (Output::Task(task), ExampleOf::Call) => {
                        let id_shown = word(value_at(shown, &task.id_field).unwrap());
                        answers.created(api, id, request, &id_shown)
                    }
                    (Output::Json { .. }, ExampleOf::Call) => answers.response(api, id, request, 0).unwrap(),
                    _ => continue,
                };
                seen += 1;
                if found != *shown {
                    differ.push(format!("{}: {request}\nfound {found}\nshown {shown}", op.full_name(api)));
                }
            }
        }
    }
    assert!(seen > 80, "{seen}");
    assert!(differ.is_empty(), "{} of {seen}\n{}", differ.len(), differ.join("\n"));
}

#[test]
fn a_documented_state_is_shown_as_documented() {
    let mut seen = 0;
    for api in &*APIS {
        let answers = Answers::new(api);
        for (index, op) in api.operations.iter().enumerate() {
            let Output::Task(task) = &op.output else { continue };
            let shown: Vec<&Value> = op
                .examples
                .iter()
                .filter(|it| it.of != ExampleOf::Call)
                .filter_map(|it| it.response.as_ref())
                .collect();
            for (state, words) in [(State::Completed, &task.completed), (State::Failed, &task.failed)] {
                let of_state = |it: &&&Value| {
                    words.iter().any(|word| value_at(it, &task.state_field).is_some_and(|it| it == word.as_str()))
                };
                let documented: Vec<&&Value> = shown.iter().filter(of_state).collect();
                if documented.is_empty() {
                    continue;
                }
                seen += 1;
                let found = documented.iter().any(|it| {
                    let id_shown = value_at(it, &task.id_field).and_then(Value::as_str).unwrap_or("-");
                    answers.status(api, OperationId(index as u32), &json!({}), id_shown, &state, 0) == ***it
                });
                assert!(found, "{} {state:?}: {documented:?}", op.full_name(api));
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

/// A state as specs write it; some APIs have truth values.
fn word(state: &Value) -> String {
    state.as_str().map_or_else(|| state.to_string(), str::to_owned)
}
