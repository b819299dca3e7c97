//! Error bodies.

use serde_json::json;
use specwright_codegen::model::Api;
use specwright_codegen::testing;

use crate::answers::error;

fn api(errors: &str) -> Api {
    let api = testing::API.replace("tasks:", &format!("errors:\n{errors}tasks:"));
    let things =
        "resource: things\ntitle: Things\ndoc: Things.\noperations: {get: {get: /x, summary: Get., response: none}}\n";
    testing::api(&[("api.yaml", &api), ("things.yaml", things)])
}

#[test]
fn pointers_alone_give_the_shape() {
    let flat = api("  message: /error\n  code: /code\n");
    assert_eq!(error(&flat, 400, "No", Some("BAD")), json!({"error": "No", "code": "BAD"}));
    let deep = api("  message: [/detail/0/msg, /error]\n  code: /error/co~1de\n");
    assert_eq!(error(&deep, 400, "No", Some("BAD")), json!({"detail": [{"msg": "No"}], "error": {"co/de": "BAD"}}));
    assert_eq!(error(&deep, 400, "No", None), json!({"detail": [{"msg": "No"}]}));
}

#[test]
fn an_example_gives_more() {
    let examples = "  message: [/error/message, /error]\n  code: /error/code\n  details: /error/details\n  examples:
    - {name: a, status: 400, body: {error: {code: A, message: Was so, details: {x: 1}}, status: error}}
    - {name: b, status: 400, body: {error: {code: B, message: Other}, status: error}}
    - {name: c, status: 500, body: {error: Broken}}\n";
    let api = api(examples);
    let of = |status, message, code| error(&api, status, message, code);
    assert_eq!(of(400, "Is so", None), json!({"error": {"code": "A", "message": "Is so"}, "status": "error"}));
    assert_eq!(
        of(400, "Was so", None),
        json!({"error": {"code": "A", "message": "Was so", "details": {"x": 1}}, "status": "error"})
    );
    assert_eq!(of(400, "Is so", Some("B")), json!({"error": {"code": "B", "message": "Is so"}, "status": "error"}));
    assert_eq!(of(404, "Gone", None), json!({"error": {"message": "Gone"}, "status": "error"}));
    assert_eq!(of(500, "Down", None), json!({"error": "Down"}));
}
