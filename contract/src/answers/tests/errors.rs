//! Error bodies.

use serde_json::json;
use specwright_codegen::model::Api;
use specwright_test_specs as testing;

use crate::answers::{Failure, error, error_body};

fn api(errors: &str) -> Api {
    let api = testing::API.replace("tasks:", &format!("errors:\n{errors}tasks:"));
    let things =
        "resource: things\ntitle: Things\ndoc: Things.\noperations: {get: {get: /x, summary: Get., response: none}}\n";
    testing::api(&[("api.yaml", &api), ("things.yaml", things)])
}

#[test]
fn without_examples_pointers_give_the_shape() {
    let flat = api("  message: /error\n  code: /code\n");
    assert_eq!(error(&flat, 400, "No", Some("BAD")), json!({"error": "No", "code": "BAD"}));
    let deep = api("  message: [/detail/0/msg, /error]\n  code: /error/co~1de\n");
    assert_eq!(error(&deep, 400, "No", Some("BAD")), json!({"detail": [{"msg": "No"}], "error": {"co/de": "BAD"}}));
    assert_eq!(error(&deep, 400, "No", None), json!({"detail": [{"msg": "No"}]}));
}

#[test]
fn an_example_gives_the_shape() {
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

/// Places may contain each other, in any order. The message and the code are still present.
#[test]
fn nested_places_keep_message_and_code() {
    let details = serde_json::Map::from_iter([("parameter".to_owned(), json!("name"))]);
    for (pointers, example) in [
        ("  message: /error/message\n  code: /error/code\n  details: /error\n", ""),
        ("  message: /error/message\n  code: /error/code\n  details: ''\n", ""),
        ("  message: /error/message\n  code: /error/code\n  details: /error/message\n", ""),
        ("  message: /error/message\n  code: /error/code\n  details: /error/message/more\n", ""),
        ("  message: /error/details/message\n  code: /error/code\n  details: /error/details\n", ""),
        ("  message: /error/message\n  code: /error/details/code\n  details: [/error/details, /error]\n", ""),
        ("  message: [/error, /error/message]\n  code: /error/code\n  details: /error\n", ""),
        ("  message: /errors/0/message\n  code: /errors/0/code\n  details: /errors\n", ""),
        ("  message: /errors/0/message\n  code: /errors/1/code\n  details: /errors/0\n", ""),
        ("  message: /message\n  code: /code\n  details: /details\n", ""),
        (
            "  message: /error/message\n  code: /error/code\n  details: /error\n",
            "{error: {code: BAD, message: Old, type: t, issues: [{x: 1}]}, id: 7}",
        ),
        (
            "  message: /errors/0/message\n  code: /errors/0/code\n  details: /errors\n",
            "{errors: [{code: BAD, message: Old}, {code: BAD, message: Older}]}",
        ),
        ("  message: [/error/message, /error]\n  code: /error/code\n  details: /error\n", "{error: Old}"),
        ("  message: /error/message\n  code: /error/code\n  details: ''\n", "{error: {code: BAD, message: Old}}"),
    ] {
        let examples = match example {
            "" => String::new(),
            body => format!("  examples: [{{name: a, status: 400, body: {body}}}]\n"),
        };
        let api = api(&format!("{pointers}{examples}"));
        let at = |body: &serde_json::Value, all: &[String]| {
            all.iter().find_map(|it| body.pointer(it)?.as_str()).map(str::to_owned)
        };
        for status in [400, 404] {
            for (code, details) in
                [(Some("NEW"), None), (None, Some(&details)), (Some("NEW"), Some(&details)), (None, None)]
            {
                let failure =
                    Failure { status, message: "Is so", code, details, documented: false, when: None, ty: None };
                let body = error_body(&api, failure);
                assert_eq!(at(&body, &api.errors.message).as_deref(), Some("Is so"), "{pointers} {status} {body}");
                if let Some(code) = code {
                    assert_eq!(at(&body, &api.errors.code).as_deref(), Some(code), "{pointers} {status} {body}");
                } else if status == 404 {
                    assert_eq!(at(&body, &api.errors.code), None, "{pointers} {body}");
                }
            }
        }
    }
}

#[test]
fn details_are_written_if_their_place_is_an_object() {
    let details = serde_json::Map::from_iter([("parameter".to_owned(), json!("name"))]);
    let with = |pointers: &str| {
        let failure = Failure {
            status: 400,
            message: "No",
            code: None,
            details: Some(&details),
            documented: false,
            when: None,
            ty: None,
        };
        error_body(&api(pointers), failure)
    };
    let [outside, beside, taken] = [
        with("  message: /error/message\n  details: /error\n"),
        with("  message: /error/message\n  details: /error/details\n"),
        with("  message: /error\n  details: [/error/details, /more]\n"),
    ];
    assert_eq!(outside, json!({"error": {"parameter": "name", "message": "No"}}));
    assert_eq!(beside, json!({"error": {"details": {"parameter": "name"}, "message": "No"}}));
    assert_eq!(taken, json!({"more": {"parameter": "name"}, "error": "No"}));
}

#[test]
fn an_api_without_declared_errors_still_has_a_message() {
    let silent = testing::api(&[(
        "things.yaml",
        "resource: things\ntitle: Things\ndoc: Things.\noperations: {get: {get: /x, summary: Get., response: none}}\n",
    )]);
    assert_eq!(error(&silent, 404, "Gone", None), json!({"error": "Gone"}));
}

#[test]
fn the_whole_body_may_be_the_message() {
    let api = api("  message: ''\n");
    assert_eq!(error(&api, 404, "Gone", None), json!("Gone"));
}
