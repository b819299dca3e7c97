//! Tasks whose state is a truth value, that are polled when the server says, that can be cancelled, whose ids are nested,
//! whose status is at a path with more than an id, or at a URL of the answer.

use std::time::Duration;

use super::*;
use crate::support::SkippingClock;

fn client(server: &Server, clock: &SkippingClock) -> ::bell::Client {
    set_up(::bell::Client::builder(), server).clock(clock.clone()).build().unwrap()
}

#[tokio::test]
async fn the_server_says_when_to_ask_again() {
    let pending = json!({"id": "c1", "done": false});
    let server = Server::answering([
        Answer::json(202, &pending).header("retry-after", "20"),
        Answer::json(200, &pending),
        Answer::json(200, &pending).header("retry-after", "25"),
        Answer::json(200, &json!({"id": "c1", "done": true, "bell": "Gloriosa"})),
    ])
    .await;
    let clock = SkippingClock::new();
    let task = client(&server, &clock).bells().cast().weight(3).send().await.unwrap();
    assert_eq!(task.id(), "c1");
    assert_eq!(task.wait().await.unwrap().bell, "Gloriosa");
    let waits = clock.waits();
    assert_eq!((waits[0], waits[2]), (Duration::from_secs(20), Duration::from_secs(25)), "{waits:?}");
    assert!(waits[1] < Duration::from_secs(7), "{waits:?}");
    assert_eq!(last(&server).target, "/castings/c1");
}

#[tokio::test]
async fn a_task_that_is_done_may_have_failed() {
    let server = Server::answering([
        Answer::json(202, &json!({"id": "c1", "done": false})),
        Answer::json(200, &json!({"id": "c1", "done": true, "error": {"message": "It cracked."}})),
    ])
    .await;
    let task = client(&server, &SkippingClock::new()).bells().cast().weight(3).send().await.unwrap();
    let error = task.wait().await.unwrap_err();
    assert!(error.is_task_failed());
    assert_eq!(error.message(), "It cracked.");
    let status = task.status().await.unwrap();
    assert_eq!(status.state_name(), "true");
    // There is no way to cancel it.
    assert_eq!(task.cancel().await.unwrap_err().message(), "the API describes no way to cancel this task");
}

#[tokio::test]
async fn a_task_is_cancelled_by_its_id() {
    let server =
        Server::answering([Answer::json(202, &json!({"id": "r/1", "status": "ringing"})), Answer::new(204, "")]).await;
    let task = client(&server, &SkippingClock::new()).bells().ring().times(3).send().await.unwrap();
    task.cancel().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("DELETE", "/rings/r%2F1"));
    assert!(sent.header("authorization").starts_with("Bearer "));
}

/// Where each request went.
fn targets(server: &Server) -> Vec<String> {
    server.received().iter().map(|it| format!("{} {}", it.method, it.target)).collect()
}

#[tokio::test]
async fn a_status_is_at_a_path_with_a_value_of_the_call() {
    let data = |state: &str, more: serde_json::Value| {
        let mut data = json!({"id": "t/1", "state": state});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Answer::json(200, &json!({"data": data}))
    };
    let server = Server::answering([
        data("filing", json!({})),
        data("filing", json!({})),
        data("tuned", json!({"pitch": "e"})),
        Answer::new(204, ""),
        data("cracked", json!({"why": "It was thin."})),
        data("cracked", json!({"id": "t/2"})),
    ])
    .await;
    let client = client(&server, &SkippingClock::new());
    let task = client.bells().tune("a b/c").bell("Gloriosa").send().await.unwrap();
    assert_eq!(task.id(), "t/1");
    assert_eq!(task.wait().await.unwrap().data.pitch.as_deref(), Some("e"));
    task.cancel().await.unwrap();
    // Another program knows the id and the foundry.
    let resumed = client.bells().tune_task("f2", "t/1");
    let error = resumed.wait().await.unwrap_err();
    assert_eq!((error.is_task_failed(), error.message()), (true, "It was thin."));
    let error = resumed.status().await.unwrap_err();
    assert!(error.is_decode() && error.message().contains("that of the task `t/2`"), "{error}");
    let own = "GET /foundries/a%20b%2Fc/tunings/t%2F1";
    let other = "GET /foundries/f2/tunings/t%2F1";
    let all =
        ["POST /foundries/a%20b%2Fc/tunings", own, own, "DELETE /foundries/a%20b%2Fc/tunings/t%2F1", other, other];
    assert_eq!(targets(&server), all);
}

#[tokio::test]
async fn a_status_is_at_the_url_in_the_answer() {
    for named in ["/elsewhere/p%201?part=2", "elsewhere/p%201?part=2"] {
        let server = Server::answering([
            Answer::json(202, &json!({"urls": {"status": named}})),
            Answer::json(200, &json!({"status": "ringing"})),
            Answer::json(200, &json!({"status": "rung", "minutes": 12})),
            Answer::json(200, &json!({"status": "rung", "minutes": 13})),
        ])
        .await;
        let client = client(&server, &SkippingClock::new());
        let task = client.bells().peal().tower("west").send().await.unwrap();
        assert_eq!(task.id(), format!("{}/elsewhere/p%201?part=2", server.url()));
        assert_eq!(task.wait().await.unwrap().minutes, 12);
        assert_eq!(client.bells().peal_task(task.id()).wait().await.unwrap().minutes, 13);
        let asked = "GET /elsewhere/p%201?part=2";
        assert_eq!(targets(&server), ["POST /peals", asked, asked, asked]);
        assert!(server.received().iter().all(|it| it.header("authorization").starts_with("Bearer ")));
    }
}

#[tokio::test]
async fn a_status_is_at_the_url_in_a_header() {
    for (named, body) in [("/elsewhere/t1?part=2", ""), ("elsewhere/t1?part=2", "{\"status\": \"queued\"}")] {
        let server = Server::answering([
            Answer::new(202, body).header("Operation-Location", named).header("Retry-After", "7"),
            Answer::json(200, &json!({"status": "ringing"})),
            Answer::json(200, &json!({"status": "rung", "strokes": 33})),
        ])
        .await;
        let client = client(&server, &SkippingClock::new());
        let task = client.bells().toll().bell("Gloriosa").send().await.unwrap();
        assert_eq!(task.id(), format!("{}/elsewhere/t1?part=2", server.url()));
        assert_eq!(task.wait().await.unwrap().strokes, 33);
        let asked = "GET /elsewhere/t1?part=2";
        assert_eq!(targets(&server), ["POST /tolls", asked, asked]);
    }
}

#[tokio::test]
async fn a_header_without_a_url_of_the_same_origin_is_an_error() {
    let server = Server::answering([
        Answer::json(202, &json!({})),
        Answer::json(202, &json!({})).header("Operation-Location", "https://other.example/tolls/1"),
    ])
    .await;
    let client = client(&server, &SkippingClock::new());
    let error = client.bells().toll().bell("Gloriosa").send().await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("operation-location"), "{error}");
    let task = client.bells().toll().bell("Gloriosa").send().await.unwrap();
    let error = task.wait().await.unwrap_err();
    assert!(error.message().contains("is not the origin of the request, so nothing is sent there"), "{error}");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn no_credential_goes_to_a_url_of_another_origin() {
    for named in ["http://127.0.0.2:9/status", "//other.example/status", "https://api.bell.example/status"] {
        let server = Server::answering([Answer::json(202, &json!({"urls": {"status": named}}))]).await;
        let task = client(&server, &SkippingClock::new()).bells().peal().tower("west").send().await.unwrap();
        let error = task.wait().await.unwrap_err();
        assert!(error.message().contains("is not the origin of the request, so nothing is sent there"), "{error}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn the_contract_server_has_such_tasks_too() {
    let folder = crate::project::folder().join("spec");
    let server = specwright_contract::Server::builder().spec_folder(folder).apis(["bell"]).start().await.unwrap();
    let builder = ::bell::Client::builder().api_key("key").base_url(server.url_of("bell").unwrap());
    let client = builder.http_client(direct()).clock(SkippingClock::new()).build().unwrap();
    let task = client.bells().tune("f1").bell("Gloriosa").send().await.unwrap();
    assert_eq!(task.wait().await.unwrap().data.state, "tuned");
    assert!(!task.download().await.unwrap().bytes(1 << 20).await.unwrap().is_empty());
    let elsewhere = client.bells().tune_task("f2", task.id()).status().await.unwrap_err();
    assert!(elsewhere.is_not_found(), "{elsewhere}");
    let task = client.bells().peal().tower("west").send().await.unwrap();
    assert!(task.id().starts_with(&server.url_of("bell").unwrap()), "{}", task.id());
    assert_eq!(task.wait().await.unwrap().minutes, 12);
    let task = client.bells().toll().bell("Gloriosa").send().await.unwrap();
    assert!(task.id().starts_with(&server.url_of("bell").unwrap()), "{}", task.id());
    assert_eq!(task.wait().await.unwrap().strokes, 33);
}

#[tokio::test]
async fn a_status_may_be_asked_for_in_the_query_by_a_number() {
    let state = |it: &str| Answer::json(200, &json!({"nr": 7, "status": it, "bell": "Pretiosa"}));
    let server = Server::answering([state("melting"), state("melting"), state("rung")]).await;
    let client = client(&server, &SkippingClock::new());
    let task = client.bells().recast("a b").bell("Gloriosa").send().await.unwrap();
    assert_eq!(task.id(), "7");
    assert_eq!(task.wait().await.unwrap().bell, "Pretiosa");
    let poll = "GET /towers/a%20b/recastings?casting=7&form=short";
    assert_eq!(targets(&server), ["POST /towers/a%20b/recastings", poll, poll]);
}

#[tokio::test]
async fn an_id_may_have_several_segments() {
    let named =
        |status: serde_json::Value| Answer::json(200, &json!({"name": "ores/a b/1", "status": status, "metal": "x"}));
    let server = Server::answering([
        named(json!({"state": "PENDING"})),
        named(json!({"state": "RUNNING"})),
        named(json!({"state": "DONE"})),
        Answer::new(204, ""),
        named(json!({"state": "DONE", "error": {"message": "It burnt."}})),
    ])
    .await;
    let client = client(&server, &SkippingClock::new());
    let task = client.bells().smelt("copper").send().await.unwrap();
    assert_eq!(task.wait().await.unwrap().metal, "x");
    task.cancel().await.unwrap();
    let error = task.wait().await.unwrap_err();
    assert_eq!((error.is_task_failed(), error.message()), (true, "It burnt."));
    let poll = "GET /v1/ores/a%20b/1";
    assert_eq!(targets(&server), ["POST /ores/copper:smelt", poll, poll, "POST /v1/ores/a%20b/1:cancel", poll]);
}
