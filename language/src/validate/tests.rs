//! Finding operations, batch lines, verdicts for people.

use serde_json::{Map, Value, json};

use super::{Batch, Target, find_operation, render_verdict};
use crate::escape::json_line;
use crate::interpret::{Request, fixture, validate};

const SPEC: &str = "
types: {Created: {fields: {id: string}}, Result: {fields: {id: string}}}
operations:
  by_model:
    post: /api/text/{model_id}
    path: {model_id: {enum: [a, b, 'x y']}}
    body: {prompt: {required: true, max_length: 3}}
  default: {post: /api/text/default, body: {prompt: string}}
  make:
    post: /v1/make
    body: {prompt: {required: true}, n: {type: integer, maximum: 3, certainty: inferred}}
    task: {created: Created, result: Result}
  verb: {post: '/v1/models/{model}:generate', body: {a: string}}
  models_openai: {get: /v1/models, query: {limit: {type: integer, maximum: 5}, tag: {type: [string]}}}
  models_anthropic: {get: /v1/models, auth: api_key.x_api_key}
  remove: {delete: '/v1/models/{model}'}
  pots: {get: /v1/pots, query: {page: integer}}
  pots_of_city: {get: /v1/pots, query: {city: {required: true}, country: {required: true}, page: integer}}
  pots_of_id: {get: /v1/pots, query: {city_id: {required: true}}}
";

/// Name, path parameters and query of what is found, or the error.
#[track_caller]
fn check(request: &str, headers: &Value, expected: &str) {
    let api = fixture::api(SPEC);
    let (method, path) = request.split_once(' ').expect("method and path");
    let headers = headers.as_object().cloned().unwrap_or_default();
    let found = match find_operation(&api, method, path, &headers, None) {
        Ok(found) => {
            let kind = if matches!(found.target, Target::Status(_)) { "status of " } else { "" };
            let mut text = format!("{kind}{}", found.target.operation().name);
            for part in [&found.path_params, &found.query] {
                if !part.is_empty() {
                    text.push_str(&format!(" {}", Value::Object(part.clone())));
                }
            }
            text
        }
        Err(error) => error,
    };
    assert_eq!(found, expected);
}

#[test]
fn paths() {
    let none = json!({});
    for (request, expected) in [
        ("POST /api/text/{model_id}", "by_model"),
        ("POST /api/text/a", r#"by_model {"model_id":"a"}"#),
        ("post /api/text/x%20y", r#"by_model {"model_id":"x y"}"#),
        ("POST /api/text/default", "default"),
        ("POST /base/api/text/default", "default"),
        ("POST https://api.example.com/base/api/text/b?x=1", r#"by_model {"model_id":"b"} {"x":"1"}"#),
        ("POST http://127.0.0.1:4010/v1/make#top", "make"),
        ("GET /v1/make/123", r#"status of make {"id":"123"}"#),
        ("GET /v1/make/{id}", "status of make"),
        ("POST /v1/models/g-3:x:generate", r#"verb {"model":"g-3:x"}"#),
        ("POST /v1/models/{model}:generate", "verb"),
        ("DELETE /v1/models/m", r#"remove {"model":"m"}"#),
        ("GET /v1/models?limit=5&tag=a&tag=b+c", r#"models_openai {"limit":"5","tag":["a","b c"]}"#),
        ("GET /v1/pots?page=2", r#"pots {"page":"2"}"#),
        ("GET /v1/pots?city_id=7", r#"pots_of_id {"city_id":"7"}"#),
        ("GET /v1/pots?city=a&country=b", r#"pots_of_city {"city":"a","country":"b"}"#),
        ("PUT /v1/make", "`test` has no operation `PUT /v1/make`; the path takes POST"),
        ("POST /v1/mke", "`test` has no operation `POST /v1/mke`; a similar path exists: `/v1/make`"),
        ("POST /api/text/", "`test` has no operation `POST /api/text/`"),
        ("POST nothing/at/all/like/it/ever", "`test` has no operation `POST nothing/at/all/like/it/ever`"),
    ] {
        check(request, &none, expected);
    }
}

#[test]
fn headers_tell_operations_apart() {
    check("GET /v1/models", &json!({}), "models_openai");
    check("GET /v1/models", &json!({"X-API-Key": "k"}), "models_anthropic");
    check("GET /v1/models", &json!({"authorization": "bearer k"}), "models_openai");
    check("GET /v1/models", &json!({"authorization": "é", "x-api-key": 5}), "models_openai");
}

#[test]
fn batch_lines() {
    let batch = Batch::new(vec![fixture::api(SPEC)]);
    for (line, expected) in [
        (
            json!({"api": "test", "method": "POST", "path": "/api/text/c", "body": {"prompt": "long"}}),
            json!({"valid": false, "violations": [
                {"at": "/model_id", "in": "path", "rule": "enum", "message": "`model_id` must be one of `a`, `b`, `x y`"},
                {"at": "/prompt", "rule": "max_length", "message": "`prompt` must have at most 3 characters"},
            ], "warnings": []}),
        ),
        (
            json!({"api": "test", "method": "POST", "path": "/api/text/{model_id}", "path_params": {"model_id": "b"}, "body": {"prompt": "x"}}),
            json!({"valid": true, "violations": [], "warnings": []}),
        ),
        (
            json!({"api": "test", "method": "POST", "path": "/v1/make", "body": {"prompt": "x", "n": 4}}),
            json!({"valid": true, "violations": [], "warnings": [
                {"at": "/n", "rule": "maximum", "message": "`n` must be at most 3"},
            ]}),
        ),
        (
            json!({"api": "test", "method": "GET", "path": "/v1/models", "query": {"limit": "6"}}),
            json!({"valid": false, "violations": [
                {"at": "/limit", "in": "query", "rule": "maximum", "message": "`limit` must be at most 5"},
            ], "warnings": []}),
        ),
        (
            json!({"api": "test", "method": "GET", "path": "/v1/make/1", "body": {"any": 1}}),
            json!({"valid": true, "violations": [], "warnings": []}),
        ),
        (json!({"api": "tets"}), json!({"error": "unknown API `tets`; an API with a similar name exists: `test`"})),
        (json!({"api": 5}), json!({"error": "`api` is not a string"})),
        (json!({"method": "GET"}), json!({"error": "`api` is missing"})),
        (
            json!({"api": "test", "method": "GET", "path": "/x", "query": []}),
            json!({"error": "`query` is not an object"}),
        ),
        (json!([]), json!({"error": "the line is not a JSON object"})),
    ] {
        assert_eq!(batch.line(&line.to_string()), expected, "{line}");
        let is_valid = expected.get("valid") == Some(&json!(true));
        assert_eq!(batch.line_text(line.to_string().as_bytes()), (json_line(&expected), is_valid), "{line}");
    }
    // Names of all kinds, and more than a verdict holds.
    let names: Map<String, Value> = (0..300).map(|it| (format!("\u{1b}\"\\\n\u{202e}é/~{it}"), json!({}))).collect();
    let line = json!({"api": "test", "method": "POST", "path": "/v1/make", "body": names}).to_string();
    let told = batch.line(&line);
    assert!(told.get("omitted_violations").is_some(), "{told}");
    assert_eq!(batch.line_text(line.as_bytes()), (json_line(&told), false));
    for line in ["", "{", "nonsense", "\u{0}", &"[".repeat(100_000)] {
        assert!(batch.line(line).get("error").is_some());
    }
}

#[test]
fn verdicts_for_people() {
    let api = fixture::api(SPEC);
    let found = find_operation(&api, "POST", "/api/text/c", &Map::new(), None).expect("it exists");
    let body = json!({"prompt": "long"});
    let request = Request { path: &found.path_params, ..Request::of_body(&body) };
    let verdict = validate(&api, found.target.operation(), &request);
    let expected = "things.by_model: 2 violations
error[enum] /model_id in the path: `model_id` must be one of `a`, `b`, `x y` (found \"c\")
error[max_length] /prompt: `prompt` must have at most 3 characters (found 4 characters)
";
    assert_eq!(render_verdict(&api, &found, &verdict), expected);
}

#[test]
fn what_is_beyond_the_lists_is_counted() {
    let api = fixture::api(SPEC);
    let found = find_operation(&api, "POST", "/api/text/a", &Map::new(), None).expect("it exists");
    let unknown: Map<String, Value> = (0..250).map(|it| (format!("x{it}"), Value::Null)).collect();
    let body = Value::Object(unknown);
    let request = Request { path: &found.path_params, ..Request::of_body(&body) };
    let verdict = validate(&api, found.target.operation(), &request);
    let text = render_verdict(&api, &found, &verdict);
    assert!(text.starts_with("things.by_model: 251 violations\n"), "{text}");
    assert!(text.ends_with("\nerror: and 151 more\n"), "{text}");
    assert_eq!(text.lines().count(), 102);
    let line = json!({"api": "test", "method": "POST", "path": "/api/text/a", "body": body});
    let answer = Batch::new(vec![api]).line(&line.to_string());
    assert_eq!(answer["violations"].as_array().map(Vec::len), Some(100));
    assert_eq!((&answer["omitted_violations"], answer.get("omitted_warnings")), (&json!(151), None));
}
