//! Answers that are made after a spec: held to all of it, and open.

use serde_json::json;

use crate::check;
use crate::interpret::{fits_field, validate_answer, validate_state, validate_value};
use crate::model::{Api, Output, Type, TypeKind};
use crate::testing;

const SPEC: &str = "
resource: things
title: Things
doc: Things.
operations:
  run:
    post: /run
    summary: Run.
    body: {}
    task:
      every_state: {id: string, model?: {enum: [a, b]}}
      result: {count: {type: integer, minimum: 3, maximum: 5}, url: url, tags?: {type: [string], items: {pattern: '^[A-Z]$'}}}
";

fn api() -> Api {
    testing::api(&[("things.yaml", SPEC)])
}

#[test]
fn more_is_asked_of_who_plays_the_api_than_of_its_answers() {
    let api = api();
    let Output::Task(task) = &api.operations[0].output else { panic!("a task") };
    let ty = Type::Named(task.result);
    let rules = |body: &serde_json::Value| -> Vec<String> {
        validate_answer(&api, &ty, body).into_iter().map(|it| format!("{} {}", it.at, it.rule)).collect()
    };
    let mut body = json!({"id": "1", "status": "completed", "count": 2, "url": "nowhere", "tags": ["A", "b"], "more": 1, "model": "c"});
    assert_eq!(validate_value(&api, &ty, &body), []);
    assert_eq!(rules(&body), ["/count minimum", "/url format", "/tags/1 pattern", "/model enum"]);
    let found: Vec<String> = validate_state(&api, task, &body).into_iter().map(|it| it.at).collect();
    assert_eq!(found, ["/count", "/url", "/tags/1", "/model"]);
    body = json!({"id": "1", "status": "processing"});
    assert_eq!(validate_state(&api, task, &body), []);
    assert_eq!(rules(&body), ["/count required", "/url required"]);
    assert_eq!(validate_state(&api, task, &json!({"status": "processing"})).len(), 1, "the id is in every state");
}

#[test]
fn fields_are_asked_one_by_one() {
    let api = api();
    let Output::Task(task) = &api.operations[0].output else { panic!("a task") };
    let TypeKind::Record(record) = &api.ty(task.result).kind else { panic!("a record") };
    let fits = |name: &str, value| record.find(name).is_some_and(|(_, it)| fits_field(&api, it, &value));
    assert!(fits("count", json!(3)) && !fits("count", json!(2)) && !fits("count", json!("3")));
    assert!(fits("tags", json!(["A"])) && !fits("tags", json!(["a"])) && !fits("tags", json!(null)));
    assert!(!fits("url", json!("x")) && fits("model", json!("a")) && !fits("model", json!("c")));
    for field in &record.fields {
        let sample = check::sample(&api, field);
        assert!(sample.is_some_and(|it| fits_field(&api, field, &it)), "{}", field.name);
    }
}
