//! Where parameters go: body, path, query, headers; bodies that are missing or no objects; unknown names.

use serde_json::{Map, Value, json};

use super::{check, fixture, summary};
use crate::interpret::{Request, validate};
use crate::model::Location;

#[track_caller]
fn check_request(yaml: &str, request: &Value, expected: &str) {
    let api = fixture::api(yaml);
    let part = |key: &str| request.get(key).and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    let (path, query, headers) = (part("path"), part("query"), part("headers"));
    let request = Request { path: &path, query: &query, headers: &headers, body: request.get("body") };
    assert_eq!(summary(&validate(&api, &api.operations[0], &request)), expected);
}

#[test]
fn bodies() {
    let required = "body: {a: {required: true}, b: string}";
    check_request(required, &json!({}), " type");
    check_request(required, &json!({"body": null}), " type");
    check_request(required, &json!({"body": []}), " type");
    check_request(required, &json!({"body": "x"}), " type");
    check_request(required, &json!({"body": {}}), "/a required");
    check_request("body: {b: string}", &json!({}), "");
    check_request("body: {b: string}\nrules: [{any_of: [b]}]", &json!({}), "/b any_of");
    check_request("get: /x", &json!({}), "");
    check_request("get: /x", &json!({"body": null}), "");
    check_request("get: /x", &json!({"body": {}}), "");
    check_request("get: /x", &json!({"body": {"a": 1}}), "/a unknown_parameter");
    check_request("get: /x", &json!({"body": 1}), " type");
}

#[test]
fn wire_values_are_read_by_type() {
    let spec = "get: /x
query: {n: {type: integer, maximum: 5}, b: boolean, l: {type: [integer], max_items: 2}, u: {type: 'integer | boolean'}, s: string}
headers: {X-Version: {enum: [v1, v2], required: true}}
";
    let with = |query: Value| json!({"query": query, "headers": {"x-version": "v1"}});
    check_request(spec, &with(json!({"n": "5", "b": "true", "l": "[1,2]", "u": "7", "s": "5"})), "");
    check_request(spec, &with(json!({"n": 5, "b": true, "l": ["1", 2], "u": true, "s": 5})), "");
    check_request(spec, &with(json!({"l": "3"})), "");
    check_request(
        spec,
        &with(json!({"n": "6", "b": "yes", "l": ["1", "2", "3"]})),
        "/n maximum, /b type, /l max_items",
    );
    check_request(spec, &with(json!({"n": "five", "l": ["x"]})), "/n type, /l/0 type");
    check_request(spec, &with(json!({"n": "+5"})), "/n type");
    check_request(spec, &with(json!({"q": "5"})), "/q unknown_parameter");
    check_request(spec, &json!({"headers": {"X-VERSION": "v3", "Unknown": "x"}}), "/X-Version enum");
    check_request(spec, &json!({}), "/X-Version required");
}

#[test]
fn paths() {
    let spec = "post: /api/{model}/things\npath: {model: {enum: [a, b]}}\nbody: {n: {type: integer, cases: [{when: {model: a}, required: true}]}}";
    check_request(spec, &json!({"path": {"model": "a"}, "body": {"n": 1}}), "");
    check_request(spec, &json!({"path": {"model": "a"}, "body": {}}), "/n required");
    check_request(spec, &json!({"path": {"model": "c"}, "body": {}}), "/model enum");
    check_request(spec, &json!({"path": {"modle": "b"}}), "/model required, /modle unknown_parameter");
}

#[test]
fn violations_tell_their_place() {
    let api = fixture::api("get: /x\nquery: {a: integer, b: integer}\nrules: [{any_of: [b]}]");
    let query = Map::from_iter([("a".to_owned(), json!("x"))]);
    let verdict = validate(&api, &api.operations[0], &Request { query: &query, ..Request::empty() });
    assert_eq!(summary(&verdict), "/a type, /b any_of");
    assert!(verdict.violations.iter().all(|it| it.location == Location::Query));
}

#[test]
fn unknown_names() {
    check("body: {a: string}\nopen: true", &[(r#"{"z":1}"#, "")]);
    check("body: {a: string}", &[(r#"{"a~/b":1,"":2}"#, "/a~0~1b unknown_parameter, / unknown_parameter")]);
    let verdict = super::verdict("body: {prompt: string}", &json!({"promt": 1}));
    let message = "unknown parameter `promt`; a parameter with a similar name exists: `prompt`";
    assert_eq!(verdict.violations[0].message, message);
}
