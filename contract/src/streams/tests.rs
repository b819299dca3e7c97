//! Tests the streams of all specs: their events add up to the response that the same request gets in one piece.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use specwright_codegen::boundary::{Expect, suite};
use specwright_codegen::interpret::{accumulate, validate_answer, validate_value};
use specwright_codegen::model::{Api, Operation, OperationId};
use specwright_codegen::pipeline;
use specwright_test_specs as testing;

use super::{adds_up, events, in_one_piece, is_asked, type_of, without_blanks};
use crate::answers::Answers;

static APIS: LazyLock<Vec<Api>> = LazyLock::new(|| {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut apis = vec![testing::api(testing::atelier())];
    for project in [root.to_owned(), root.join("tests/project")] {
        for name in pipeline::api_names(&project).unwrap() {
            apis.push(pipeline::compile_one(&project, &name).unwrap().into_api_without_errors().unwrap());
        }
    }
    apis
});

fn requests(api: &Api, op: &Operation) -> Vec<Map<String, Value>> {
    let shown = op.examples.iter().filter(|it| it.invalid.is_empty()).filter_map(|it| it.request.clone());
    let made = suite(api, op).into_iter().filter(|it| it.expect == Expect::Valid).take(20).map(|it| {
        let body = it.request.body.and_then(|it| it.as_object().cloned()).unwrap_or_default();
        let all = [it.request.path, it.request.query, it.request.headers, body];
        Value::Object(all.into_iter().flatten().collect())
    });
    shown.chain(made).chain([json!({})]).filter_map(|it| it.as_object().cloned()).collect()
}

#[test]
fn events_add_up_to_the_response_in_one_piece() {
    let (mut tried, mut from_examples, mut wrong) = (0, 0, Vec::new());
    for api in &*APIS {
        let answers = Answers::new(api);
        for (index, op) in api.operations.iter().enumerate() {
            let Some(stream) = &op.stream else { continue };
            for (seed, request) in requests(api, op).into_iter().enumerate() {
                let plain = Value::Object(in_one_piece(op, &request));
                let answer = answers.response(api, OperationId(index as u32), &plain, seed as u64 % 3);
                let played = events(api, op, answer.as_ref(), &request).unwrap();
                assert!(!played.is_empty(), "{}", op.full_name(api));
                for (name, data) in &played {
                    let faults = type_of(stream, name).map_or_else(Vec::new, |it| validate_value(api, it, data));
                    assert!(faults.is_empty(), "{} {name} {data}: {faults:?}", op.full_name(api));
                }
                let (Some(answer), Some(_)) = (answer, &stream.collect) else { continue };
                tried += 1;
                // If the rules cannot be reversed, the example's events are sent, with the example's own ids.
                let shown = op.examples.iter().any(|it| it.events == played);
                from_examples += usize::from(shown && !adds_up(stream, &played, &answer));
                if !shown && !adds_up(stream, &played, &answer) {
                    let found = without_blanks(&accumulate::collect(stream, &played).unwrap());
                    wrong.push(format!("{}: {found}\n  {}", op.full_name(api), without_blanks(&answer)));
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
    assert!(from_examples * 10 < tried, "{from_examples} of {tried}");
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
}

/// The events of one operation's request.
fn played(api: &str, operation: &str, request: Value) -> Vec<(String, Value)> {
    let api = APIS.iter().find(|it| it.name == api).unwrap();
    let index = api.operations.iter().position(|it| it.full_name(api) == operation).unwrap();
    let op = &api.operations[index];
    let request = request.as_object().unwrap();
    assert!(is_asked(op, request));
    let plain = Value::Object(in_one_piece(op, request));
    let answer = Answers::new(api).response(api, OperationId(index as u32), &plain, 0);
    events(api, op, answer.as_ref(), request).unwrap()
}

fn names(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().map(|it| it.0.as_str()).collect()
}

#[test]
fn named_events_are_in_order() {
    let request = json!({"model": "claude-sonnet-4-6", "max_tokens": 9, "stream": true,
        "system": "You are a helpful assistant.", "messages": [{"role": "user", "content": "Hi"}]});
    let events = played("runapi", "claude.create_message", request);
    let names = names(&events);
    assert_eq!(names[..2], ["message_start", "content_block_start"]);
    assert!(names.iter().filter(|it| **it == "content_block_delta").count() > 2, "{names:?}");
    assert_eq!(names[names.len() - 3..], ["content_block_stop", "message_delta", "message_stop"]);
    assert_eq!(events[0].1["message"]["content"], json!([]));
    assert_eq!(
        events[1].1,
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    );
    assert_eq!(events[2].1["delta"]["type"], "text_delta");
    assert_eq!(events[names.len() - 1].1, json!({"type": "message_stop"}));
}

#[test]
fn items_open_with_their_own_state() {
    let request = json!({"model": "gpt-5.4", "stream": true, "input": "Explain the theory of relativity."});
    let events = played("runapi", "gpt.create_response", request);
    // An event that adds nothing to the one before it.
    let events: Vec<_> = events.into_iter().filter(|it| it.0 != "response.in_progress").collect();
    let names = names(&events);
    assert_eq!(names[..3], ["response.created", "response.output_item.added", "response.content_part.added"]);
    assert_eq!(names[names.len() - 2..], ["response.output_item.done", "response.completed"]);
    assert_eq!(events[0].1["response"]["status"], "in_progress");
    assert_eq!(events[1].1["item"]["status"], "in_progress");
    assert_eq!(events[3].1["item_id"], events[1].1["item"]["id"]);
    assert_eq!(events[names.len() - 2].1["item"]["status"], "completed");
}

#[test]
fn tool_calls_are_split_into_pieces() {
    let request = json!({"model": "claude-opus-4-7", "max_tokens": 4096, "stream": true,
        "thinking": {"type": "enabled", "budget_tokens": 2048}, "tool_choice": {"type": "auto"},
        "tools": [{"name": "get_weather", "description": "Get the current weather", "input_schema":
            {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]}}],
        "messages": [{"role": "user", "content": "What is the weather in Beijing?"}]});
    let events = played("runapi", "claude.create_message", request);
    let pieces: Vec<&str> = events.iter().filter_map(|it| it.1["delta"]["partial_json"].as_str()).collect();
    assert!(pieces.len() > 1, "{events:?}");
    assert_eq!(serde_json::from_str::<Value>(&pieces.concat()).unwrap(), json!({"location": "Beijing"}));
}

#[test]
fn chunks_repeat_the_fields_that_examples_repeat() {
    let request = json!({"model": "gpt-5.2", "stream": true, "messages": [{"role": "user", "content": "Hi"}]});
    let events = played("runapi", "gpt.chat", request);
    assert!(events.len() > 4, "{events:?}");
    for (_, chunk) in &events {
        assert_eq!(chunk["object"], "chat.completion.chunk");
        assert!(chunk["id"].is_string() && chunk["model"] == "gpt-5.2" && chunk["choices"].is_array(), "{chunk}");
    }
    assert_eq!(events[0].1["choices"][0]["delta"], json!({"role": "assistant"}));
    let [.., (_, before), (_, last)] = &*events else { panic!() };
    assert_eq!(before["choices"][0]["finish_reason"], "stop");
    assert_eq!((&last["choices"], &last["usage"]["total_tokens"]), (&json!([]), &json!(65)));
}

#[test]
fn chunks_have_their_kind_and_role() {
    for (api, operation, model) in [
        ("runcrate", "chat.complete", "meta-llama/Meta-Llama-3.1-8B-Instruct"),
        ("runapi", "gemini.chat", "gemini-2.5-flash"),
    ] {
        let request = json!({"model": model, "stream": true, "messages": [{"role": "user", "content": "Hi"}]});
        let events = played(api, operation, request);
        assert!(events.iter().all(|it| it.1["object"] == "chat.completion.chunk"), "{operation}: {events:?}");
        assert_eq!(events[0].1["choices"][0]["delta"]["role"], "assistant", "{operation}: {events:?}");
        let again = events[1..].iter().filter(|it| it.1["choices"][0]["delta"].get("role").is_some());
        assert_eq!(again.count(), 0, "{operation}: {events:?}");
    }
}

const SPEAK: &str = r#"resource: things
title: Things
doc: Things.
operations:
  speak:
    post: /speak
    summary: Speak.
    body: {stream: boolean}
    response: {id: {type: string, pattern: "^sp-[0-9]{4}$"}, text: string}
    stream:
      when: {stream: true}
      data: Chunk
      collect: [{set: /id, into: /id}, {append: /text, into: /text}]
  tick:
    post: /tick
    summary: Tick.
    stream:
      data: Chunk
      end_data: "[DONE]"
  lost:
    post: /lost
    summary: No event can be made up.
    stream:
      data: Lost
      end_data: "[DONE]"
types:
  Chunk:
    fields:
      id?: {type: string, pattern: "^sp-[0-9]{4}$"}
      text?: string
      serial: {type: string, pattern: "^S[0-9]{2}$"}
      price: {type: number, multiple_of: 0.01, minimum: 1.001}
      kind: {enum: [chunk]}
  Lost: {fields: {link: {type: url, pattern: "^ftp://"}}}
"#;

/// Fields that `collect` does not define are generated within their limits, or reported if that is not possible.
#[test]
fn events_respect_the_limits_of_their_type() {
    let api = specwright_test_specs::api(&[("things.yaml", SPEAK)]);
    let answers = Answers::new(&api);
    let request = json!({"stream": true});
    let played = |index: usize| {
        let op = &api.operations[index];
        let answer = answers.response(&api, OperationId(index as u32), &json!({}), 0);
        events(&api, op, answer.as_ref(), request.as_object().unwrap())
    };
    for index in [0, 1] {
        let stream = api.operations[index].stream.as_ref().unwrap();
        let events = played(index).unwrap();
        assert!(!events.is_empty());
        for (name, data) in &events {
            assert_eq!(validate_answer(&api, type_of(stream, name).unwrap(), data), [], "{data}");
        }
    }
    let gap = played(2).unwrap_err();
    assert_eq!(gap.at, "/link", "{gap}");
}
