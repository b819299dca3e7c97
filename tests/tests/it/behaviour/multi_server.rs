//! Tests what the two real APIs do not have: several servers and credentials, variants, `null` besides absence, lists in
//! the query, secrets in bodies, and custom statuses and callbacks.

use rt::{ErrorKind, StatusKind, Validation};
use studio::keys::Scopes;
use studio::motion::{AspectRatio, Resolution, TextToClipModel};

use super::*;

const MANAGEMENT: &str = "mgm_very-secret";

fn client(server: &Server) -> studio::Client {
    let builder = set_up(studio::Client::builder(), server).clock(SkippingClock::new());
    builder.credential("management_key", MANAGEMENT).build().unwrap()
}

fn key() -> rt::Value {
    json!({"id": "k-1", "name": "web", "credit_limit": null, "tags": [], "created_at": "2026-01-01T00:00:00Z"})
}

#[tokio::test]
async fn each_operation_has_its_server_and_credential() {
    let server = Server::start(|request, _| match request.target.as_str() {
        "/health" => Answer::json(200, &json!("up")),
        "/api/v1/keys" => Answer::json(200, &json!([key()])),
        _ if request.header("x-api-key") == "-" => Answer::json(200, &json!({"data": [{"id": "m"}]})),
        _ => Answer::json(200, &json!([{"id": "m"}])),
    })
    .await;
    let client = client(&server);
    assert_eq!(*client.assistant().health().send().await.unwrap(), "up");
    assert_eq!(client.assistant().list_models().send().await.unwrap()[0].id, "m");
    assert_eq!(client.assistant().list_models_compat().send().await.unwrap()[0].id, "m");
    assert_eq!(client.keys().list_keys().send().await.unwrap()[0].credit_limit, None);
    let all = server.received();
    let sent: Vec<_> =
        all.iter().map(|it| (it.target.as_str(), it.header("authorization"), it.header("x-api-key"))).collect();
    let (bearer, management) = (format!("Bearer {KEY}"), format!("Bearer {MANAGEMENT}"));
    let expected = [
        ("/health", "-", "-"),
        ("/compat/v1/models", bearer.as_str(), "-"),
        ("/compat/v1/models", "-", KEY),
        ("/api/v1/keys", management.as_str(), "-"),
    ];
    assert_eq!(sent, expected);

    let without = set_up(studio::Client::builder(), &server).build().unwrap();
    let error = without.keys().list_keys().send().await.unwrap_err();
    assert!(error.is_config() && error.to_string().contains("STUDIO_MANAGEMENT_KEY"), "{error}");
    assert!(error.to_string().contains("credential(\"management_key\", …)"), "{error}");
}

#[tokio::test]
async fn absent_null_and_empty_are_distinct() {
    let server = Server::answering([Answer::json(200, &json!({"key": key()}))]).await;
    let keys = client(&server).keys();
    keys.update_key("k 1").name("web").send().await.unwrap();
    keys.update_key("k 1").name("web").tags(Vec::<String>::new()).send().await.unwrap();
    keys.update_key("k 1").name("web").credit_limit_null().send().await.unwrap();
    keys.update_key("k 1").name_null().credit_limit(5).note("why").send().await.unwrap();
    let all = server.received();
    let bodies: Vec<_> = all.iter().map(Received::json).collect();
    let expected = [
        json!({"name": "web"}),
        json!({"name": "web", "tags": []}),
        json!({"name": "web", "credit_limit": null}),
        json!({"name": null, "credit_limit": 5, "note": "why"}),
    ];
    assert_eq!(bodies, expected);
    assert!(all.iter().all(|it| (it.method.as_str(), it.target.as_str()) == ("PATCH", "/api/v1/keys/k%201")));
}

#[tokio::test]
async fn an_empty_response_is_accepted_if_no_content_is_declared() {
    let server = Server::answering([Answer::new(204, "")]).await;
    client(&server).keys().delete_key("k-1").send().await.unwrap();
    let sent = server.only();
    assert_eq!((sent.method.as_str(), sent.target.as_str(), sent.body.len()), ("DELETE", "/api/v1/keys/k-1", 0));
}

#[tokio::test]
async fn lists_and_headers_are_sent_in_their_places() {
    let server = Server::answering([Answer::json(200, &json!([]))]).await;
    let call = client(&server).keys().list_keys().page(2).tag(["a b", "c&d"]).studio_version("2026-01");
    call.send().await.unwrap();
    let sent = server.only();
    assert_eq!(sent.target, "/api/v1/keys?page=2&tag=a%20b&tag=c%26d");
    assert_eq!(sent.header("studio-version"), "2026-01");
}

#[tokio::test]
async fn secrets_of_bodies_are_sent_and_not_shown() {
    let made = json!({"key": "std_made-very-secret", "id": "k-2"});
    let server = Server::answering([Answer::json(201, &made), Answer::json(200, &json!("ok"))]).await;
    let keys = client(&server).keys();
    let answer = keys.create_key().name("web").tags(["a"]).scopes([Scopes::Read]).send().await.unwrap();
    assert_eq!((answer.key.as_str(), answer.status().as_u16()), ("std_made-very-secret", 201));
    assert!(!format!("{answer:?}").contains("very-secret"), "{answer:?}");
    let call = keys.rotate_key("k-2", 3).secret_answer("very-secret").extra("pin", "very-secret");
    assert!(!format!("{call:?}").contains("very-secret"), "{call:?}");
    call.send().await.unwrap();
    assert_eq!(server.received()[1].json(), json!({"secret_answer": "very-secret", "pin": "very-secret"}));
}

#[tokio::test]
async fn a_variant_sends_its_name_and_its_parameters() {
    let server = Server::answering([Answer::json(200, &json!({"id": "t-1"}))]).await;
    let motion = client(&server).motion();
    let call = motion.text_to_clip().brush_2_0().prompt("A dog running").aspect_ratio(AspectRatio::R16x9);
    call.resolution(Resolution::K4).send().await.unwrap();
    let sent = json!({"model": "brush-2.0", "prompt": "A dog running", "aspect_ratio": "16:9", "resolution": "4k"});
    let body = server.only().json();
    for (name, value) in sent.as_object().unwrap() {
        assert_eq!(&body[name], value, "{body}");
    }

    // Requests that a builder makes impossible are refused when they are given as JSON.
    let call = motion.text_to_clip().any().model(TextToClipModel::Brush15).prompt("A dog running");
    let error = call.resolution(Resolution::K4).send().await.unwrap_err();
    let found: Vec<_> = error.validation().unwrap().violations.iter().map(|it| (&*it.at, it.rule.keyword)).collect();
    for expected in [("/resolution", "enum"), ("/aspect_ratio", "required"), ("/duration", "required")] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
    assert_eq!(server.count(), 1);
    let call = motion.text_to_clip().any().prompt("x").send();
    call.with_validation(Validation::Off).await.unwrap();
    assert_eq!(server.received()[1].json()["prompt"], "x");
}

#[tokio::test]
async fn errors_have_their_declared_meaning() {
    let refused = json!({"error": {"code": "OUT_OF_INK", "message": "no ink", "details": {"colour": "blue"}}});
    let answer = |status: u16, body: &rt::Value| Answer::json(status, body).header("X-Request-Id", "r-9");
    let server = Server::answering([
        answer(531, &refused),
        answer(422, &json!({"detail": [{"msg": "too short"}]})),
        answer(200, &json!({"id": 5})),
        answer(200, &json!({"id": "t-1"})),
        answer(200, &json!({"status": "failed", "error": "no paper"})),
    ])
    .await;
    let client = client(&server);
    let draw = || client.motion().text_to_clip().brush_2_0().prompt("A dog running").send();
    let error = draw().await.unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Api(StatusKind::Refunded), Some("r-9")));
    assert_eq!(studio::ErrorCode::of(&error), Some(studio::ErrorCode::NoInk));
    assert_eq!((error.message(), error.details()), ("no ink", Some(&json!({"colour": "blue"}))));
    let error = draw().await.unwrap_err();
    assert_eq!((error.message(), error.code()), ("too short", None));
    assert_eq!(draw().await.unwrap().id(), "5");
    let task = draw().await.unwrap();
    assert_eq!(task.request_id(), Some("r-9"));
    let error = task.wait().await.unwrap_err();
    assert_eq!((error.message(), error.task_id(), error.request_id()), ("no paper", Some("t-1"), Some("r-9")));
    assert_eq!(error.headers().unwrap()["x-request-id"], "r-9");
}
