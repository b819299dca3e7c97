//! What is refused, and in whose words.

use serde_json::json;
use specwright_contract::{Refused, Server};

use crate::support::{JSON, RUNAPI_KEY, get, post, runapi, send, spec, start, studio};

const CREATE: &str = "/api/v1/nano_banana/text_to_image";

#[test]
fn broken_rules_are_named_in_the_body_and_in_a_header() {
    let server = runapi();
    let reply = post(&server, "/api/v1/suno/text_to_music", r#"{"vocal_mode": "auto_lyrics", "colour": 1}"#);
    assert_eq!(reply.status, 422);
    let named = reply.violations();
    assert!(named.contains(&("/model".to_owned(), "required".to_owned())), "{named:?}");
    assert!(named.contains(&("/colour".to_owned(), "unknown_parameter".to_owned())), "{named:?}");
    let body = reply.json();
    assert!(body["error"].as_str().unwrap().contains("model"), "{body}");
    assert_eq!(body["x_specwright"]["violations"][0]["rule"], "required");
    let record = server.requests().pop().unwrap();
    assert_eq!((record.status, record.refused), (422, Some(Refused::Invalid)));
    assert_eq!(record.violations.len(), named.len());
}

#[test]
fn errors_have_the_shape_of_the_api() {
    let server = start(Server::builder().spec_folder(spec()));
    let runanything = post(&server, "/runanything/api/text/default", "{}").json();
    assert!(runanything["error"]["message"].as_str().unwrap().contains("messages"), "{runanything}");
    assert_eq!(runanything["error"]["code"], "INVALID_PARAMETER");
    assert_eq!(runanything["error"]["details"]["parameter"], "messages");
    assert_eq!(runanything["status"], "error");
    let animeapi = post(&server, "/animeapi/api/generate", "{}");
    assert_eq!(animeapi.status, 400);
    assert!(animeapi.json()["error"].as_str().unwrap().contains("prompt"));
    assert_eq!(animeapi.json().get("code"), None, "no code is documented for it");
    let key = send(&server, "POST", "/animeapi/api/generate", &[JSON], b"{}");
    assert_eq!((key.status, key.json()), (401, json!({"error": "Invalid API key", "code": "INVALID_KEY"})));
}

#[test]
fn paths_and_methods_that_are_not_there() {
    let server = runapi();
    let path = get(&server, "/api/v1/nothing");
    assert_eq!(path.status, 404);
    assert!(path.json()["error"].as_str().unwrap().contains("/api/v1/nothing"));
    let method = send(&server, "DELETE", CREATE, &[RUNAPI_KEY], b"");
    assert_eq!((method.status, method.header("allow")), (405, "POST"));
    let keys = send(&server, "PUT", "/api/v1/keys/token_123", &[RUNAPI_KEY], b"");
    assert_eq!((keys.status, keys.header("allow")), (405, "GET, PATCH, DELETE"));
    assert_eq!(send(&server, "BREW", CREATE, &[], b"").status, 405);
    let why: Vec<_> = server.requests().into_iter().map(|it| it.refused.unwrap()).collect();
    assert_eq!(why, [Refused::Path, Refused::Method, Refused::Method, Refused::Method]);
}

#[test]
fn bodies_that_cannot_be_read() {
    let server = runapi();
    for body in ["{", "nonsense", "{\"prompt\": \"\\ud800}", "{} {}", &"[".repeat(5000)] {
        let reply = post(&server, CREATE, body);
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.json()["error"].as_str().unwrap().contains("not valid JSON"));
    }
    assert_eq!(send(&server, "POST", CREATE, &[RUNAPI_KEY, JSON], b"{\"prompt\":\"\xff}").status, 400);
    assert_eq!(post(&server, CREATE, "[1]").violations(), [(String::new(), "type".to_owned())]);
    let text = send(&server, "POST", CREATE, &[RUNAPI_KEY, ("Content-Type", "text/plain")], b"{}");
    assert_eq!(text.status, 415);
    let charset = [RUNAPI_KEY, ("Content-Type", "Application/JSON; charset=utf-8")];
    assert_eq!(send(&server, "POST", CREATE, &charset, b"{}").status, 422);
    assert_eq!(send(&server, "POST", CREATE, &[RUNAPI_KEY], b"{}").status, 422, "none is as good as JSON");
}

#[test]
fn a_body_where_none_is_taken() {
    let reply = send(&runapi(), "GET", "/api/v1/me/balance", &[RUNAPI_KEY, JSON], b"{\"a\":1}");
    assert_eq!((reply.status, reply.violations().len()), (422, 1), "{reply:?}");
}

#[test]
fn parameters_of_all_places_are_judged() {
    let server = studio();
    let path = "/studio/v1/models/hum-9/Alto:compose?take=0&take=2&preview=perhaps&tag=a&strange=1";
    let headers = [RUNAPI_KEY, JSON, ("studio-version", "tomorrow"), ("studio-trace", "0123456789abcdef")];
    let reply = send(&server, "POST", path, &headers, br#"{"text": 5}"#);
    let named: Vec<_> = reply.violations().into_iter().map(|(at, rule)| format!("{at} {rule}")).collect();
    for wanted in [
        "/model enum",
        "/voice pattern",
        "/take/0 minimum",
        "/preview type",
        "/strange unknown_parameter",
        "/studio-version pattern",
        "/Studio-Trace max_length",
        "/text type",
    ] {
        assert!(named.iter().any(|it| it == wanted), "{wanted} is not in {named:?}");
    }
    let path = "/studio/v1/models/hum-1/%61lto:compose?take=1&take=2&preview=false&tag=a%20b&tag=c";
    let headers = [RUNAPI_KEY, JSON, ("studio-version", "2026-11"), ("STUDIO-TRACE", "short")];
    let reply = send(&server, "POST", path, &headers, br#"{"text": "La"}"#);
    assert_eq!(reply.status, 201, "{reply:?}");
}

#[test]
fn many_violations_stay_within_bounds() {
    let names: Vec<String> = (0..5000).map(|it| format!("\"strange_{it}\": 1")).collect();
    let reply = post(&runapi(), CREATE, &format!("{{{}}}", names.join(",")));
    assert_eq!(reply.status, 422);
    assert!(reply.header("x-specwright-violations").len() <= 4096);
    assert_eq!(reply.json()["x_specwright"]["violations"].as_array().unwrap().len(), 100);
}

#[test]
fn every_answer_has_the_id_of_its_request() {
    let server = studio();
    let ids = [(); 2].map(|()| get(&server, "/studio/compat/v1/models").header("x-request-id").to_owned());
    assert!(!ids[0].is_empty() && ids[0] != ids[1], "{ids:?}");
}
