//! Answers that no example shows: made up from the spec, judged, and refused where there is none that holds to it.

use serde_json::{Value, json};
use specwright_codegen::interpret::{validate_answer, validate_state};
use specwright_codegen::model::{Api, Output, Type};
use specwright_contract::{Refused, Server};

use crate::support::{Project, Reply, post, send, start};

const API: &str = r#"api: shop
title: Shop
doc: A shop.
servers: https://shop.example
credentials:
  api_key: {env: SHOP_KEY, send: {bearer: {header: Authorization, prefix: "Bearer "}}}
errors:
  message: /error/message
  code: /error/code
  details: /error
  examples:
    - {name: bad, status: 400, body: {error: {code: BAD, message: It is bad., trace: 1}}}
tasks:
  pending: [processing]
  completed: [completed]
  failed: [failed]
"#;

const THINGS: &str = r#"resource: things
title: Things
doc: Things.
operations:
  order:
    post: /orders
    summary: Order.
    body: {name: {type: string, required: true}, count: integer}
    response: Order
  broken:
    post: /broken
    summary: No answer can be made up.
    response: {items: "[Broken]"}
  build:
    post: /builds
    summary: Build.
    body: {name: string, callback_url: url}
    task:
      callback: callback_url
      created: Ticket
      every_state: {id: {type: string, pattern: "^bld_[0-9]{6}$"}, status: string}
      result: {sum: {type: string, pattern: "^[0-9a-f]{8}$"}, at: date-time}
  lost:
    post: /lost
    summary: A task whose result cannot be made up.
    task: {every_state: {id: string, status: string}, result: {link: {type: string, min_length: 40000}}}
types:
  Order:
    fields:
      number: {type: string, pattern: "^[A-Z]{3}-\\d{4}$"}
      price: {type: number, multiple_of: 0.01, minimum: 7.001, maximum: 7.019}
      link: {type: url, pattern: "^https://shop\\.example/[a-z]+/[0-9]+$"}
      level: {type: integer, exclusive_minimum: 3, exclusive_maximum: 5}
      parts: {type: [string], min_items: 2, unique_items: true, items: {pattern: "^P[12]$"}}
      kind: Kind
  Kind: {tag: kind, one_of: {small: Small, large: Large}}
  Small: {fields: {code: {type: string, pattern: "^s$"}}}
  Large: {fields: {code: {type: string, pattern: "^l$"}}}
  Broken: {fields: {link: {type: string, min_length: 40000}}}
  Ticket: {fields: {id: {type: string, pattern: "^bld_[0-9]{6}$"}, status: string}}
"#;

fn shop(name: &str) -> (Server, Project) {
    let project = Project::new(name, &[("shop/api.yaml", API), ("shop/things.yaml", THINGS)]);
    (start(Server::builder().spec_folder(project.spec())), project)
}

/// Judges an answer with the API that is played.
fn judge(server: &Server, judge: impl Fn(&Api) -> Vec<specwright_codegen::interpret::Violation>) {
    let mut seen = 0;
    server.for_each_api(|api| {
        assert_eq!(judge(api), []);
        seen += 1;
    });
    assert_eq!(seen, 1);
}

fn output<'a>(api: &'a Api, name: &str) -> &'a Output {
    &api.operations.iter().find(|it| it.name == name).unwrap().output
}

#[test]
fn answers_hold_to_patterns_and_limits() {
    let (server, _project) = shop("made-up");
    for body in [r#"{"name": "a"}"#, r#"{"name": "b", "count": 9}"#] {
        let reply = post(&server, "/orders", body);
        assert_eq!(reply.status, 200, "{reply:?}");
        judge(&server, |api| match output(api, "order") {
            Output::Json { ty, .. } => validate_answer(api, ty, &reply.json()),
            other => panic!("{other:?}"),
        });
        assert_eq!((&reply.json()["number"], &reply.json()["price"]), (&json!("ABC-1234"), &json!(7.01)));
    }
}

#[test]
fn ids_of_tasks_have_the_form_of_the_spec() {
    let (server, _project) = shop("made-up-tasks");
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let created = post(&server, "/builds", "{}");
        assert_eq!(created.status, 202, "{created:?}");
        let id = created.json()["id"].as_str().unwrap().to_owned();
        let states: Vec<Reply> = (0..2)
            .map(|_| send(&server, "GET", &format!("/builds/{id}"), &[crate::support::RUNAPI_KEY], b""))
            .collect();
        judge(&server, |api| match output(api, "build") {
            Output::Task(task) => {
                let of_states = states.iter().flat_map(|it| validate_state(api, task, &it.json()));
                validate_answer(api, &Type::Named(task.created), &created.json()).into_iter().chain(of_states).collect()
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(states[1].json()["status"], "completed");
        ids.insert(id);
    }
    assert_eq!(ids.len(), 20, "{ids:?}");
}

#[test]
fn what_cannot_be_made_up_is_told_and_refused() {
    let (server, project) = shop("made-up-gaps");
    let said = server.unanswerable();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("things.broken") && said[0].contains("/items/0/link"), "{said:?}");
    assert!(said[1].contains("things.lost") && said[1].contains("a completed task"), "{said:?}");
    let reply = post(&server, "/broken", "");
    assert_eq!(reply.status, 501, "{reply:?}");
    let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("/items/0/link") && message.contains("no value can be generated"), "{message}");
    assert_eq!(server.requests().pop().unwrap().refused, Some(Refused::Unanswerable));
    let lost = post(&server, "/lost", "").json()["id"].as_str().unwrap().to_owned();
    let poll = || send(&server, "GET", &format!("/lost/{lost}"), &[crate::support::RUNAPI_KEY], b"").status;
    assert_eq!([poll(), poll()], [200, 501]);
    // An example fills the gap.
    let long = "a".repeat(40_000);
    let example = format!("    examples: [{{name: one, response: {{items: [{{link: {long}}}]}}}}]\n");
    let filled = THINGS
        .replace("    response: {items: \"[Broken]\"}\n", &format!("    response: {{items: \"[Broken]\"}}\n{example}"));
    project.write("shop/things.yaml", &filled);
    server.reload().unwrap();
    assert_eq!(server.unanswerable().len(), 1);
    assert_eq!(post(&server, "/broken", "").json(), json!({"items": [{"link": long}]}));
}

/// The spec's details stand around message and code.
#[test]
fn errors_keep_message_and_code() {
    let (server, _project) = shop("made-up-errors");
    for (reply, status, words) in [
        (post(&server, "/nothing", "{}"), 404, "/nothing"),
        (post(&server, "/orders", "{}"), 400, "name"),
        (post(&server, "/orders", "{"), 400, "not valid JSON"),
        (send(&server, "GET", "/builds/none", &[crate::support::RUNAPI_KEY], b""), 404, "no such task"),
        (send(&server, "POST", "/orders", &[], b"{}"), 401, "api_key"),
    ] {
        assert_eq!(reply.status, status, "{reply:?}");
        let body: Value = reply.json();
        assert!(body["error"]["message"].as_str().is_some_and(|it| it.contains(words)), "{words}: {body}");
        assert_eq!(body["error"].get("code").and_then(Value::as_str), (status == 400).then_some("BAD"), "{body}");
    }
}
