//! Tests following a task to its end.

use std::time::Duration;

use rt::testing::{self, FakeServer, VirtualClock};
use rt::{Error, ErrorKind, Response, Result, Task, TaskState, WaitOptions};
use runanything::text::GenerateResult;

use super::*;

/// A client that skips its waits.
fn client(server: &Server) -> (runanything::Client, SkippingClock) {
    let clock = SkippingClock::new();
    (set_up(runanything::Client::builder(), server).clock(clock.clone()).build().unwrap(), clock)
}

async fn started(client: &runanything::Client) -> Task<GenerateResult> {
    client.text().generate().mage().messages(hello()).send().await.unwrap()
}

/// Creates a task and waits for it.
async fn outcome(answers: Vec<Answer>) -> (Result<Response<GenerateResult>>, Server, SkippingClock) {
    let server = Server::answering([vec![accepted("t/1")], answers].concat()).await;
    let (client, clock) = client(&server);
    let result = started(&client).await.wait().await;
    (result, server, clock)
}

#[tokio::test]
async fn a_task_is_polled_until_it_is_completed() {
    let (result, server, clock) = outcome(vec![processing(), processing(), completed("A qubit is …")]).await;
    let result = result.unwrap();
    assert_eq!((result.reply.as_str(), result.tokens), ("A qubit is …", 5));
    let all = server.received();
    assert_eq!(all[0].target, "/api/text/Mage");
    for asked in &all[1..] {
        assert_eq!((asked.method.as_str(), asked.target.as_str()), ("GET", "/api/v2/status/t%2F1"));
        assert_eq!(asked.header("authorization"), format!("Bearer {KEY}"));
        assert!(asked.body.is_empty());
    }
    // The spec says every two seconds. Each pause is a tenth longer, plus at most a tenth of jitter.
    assert_eq!(clock.waits().len(), 3);
    for (wait, base) in clock.waits().iter().zip([2.0, 2.2, 2.42]) {
        assert!((wait.as_secs_f64() - base * 1.1).abs() < 1e-3, "{:?}", clock.waits());
    }
}

#[tokio::test]
async fn an_undocumented_state_is_not_final() {
    let queued = Answer::json(200, &json!({"status": "queued"}));
    let (result, server, _) = outcome(vec![queued, completed("x")]).await;
    assert_eq!((result.unwrap().reply.as_str(), server.count()), ("x", 3));
}

#[tokio::test]
async fn a_failed_task_has_a_reason() {
    for (error, message, code) in [
        (json!("out of tokens"), "out of tokens", None),
        (json!({"message": "too long", "code": "TOO_LONG"}), "too long", Some("TOO_LONG")),
        (json!(null), "the server gives no reason", None),
    ] {
        let body = json!({"status": "error", "error": error});
        let (result, server, _) = outcome(vec![processing(), Answer::json(200, &body)]).await;
        let error = result.unwrap_err();
        assert!(error.is_task_failed() && !error.is_transient());
        assert_eq!((error.message(), error.code(), error.task_id()), (message, code, Some("t/1")));
        assert_eq!((error.body_json(), server.count()), (Some(body), 3));
    }
}

#[tokio::test]
async fn temporary_faults_do_not_end_the_wait() {
    let faults =
        [Answer::cut(), Answer::new(500, ""), Answer::new(503, ""), Answer::new(429, ""), processing().truncated()];
    let answers = faults.into_iter().chain([processing(), completed("x")]).collect();
    let (result, server, _) = outcome(answers).await;
    assert_eq!((result.unwrap().reply.as_str(), server.count()), ("x", 8));
}

#[tokio::test]
async fn responses_that_are_not_a_status_do_not_end_the_wait() {
    for answer in [
        Answer::new(200, "<html>").header("content-type", "text/html"),
        Answer::new(200, ""),
        Answer::new(204, ""),
        // Not found, although it was just created.
        Answer::new(404, ""),
        Answer::json(200, &json!([])),
        Answer::json(200, &json!({})),
        Answer::json(200, &json!({"status": null})),
        processing().truncated(),
    ] {
        let (result, server, _) = outcome(vec![answer.clone(), answer.clone(), processing(), completed("x")]).await;
        assert_eq!((result.unwrap().reply.as_str(), server.count()), ("x", 5), "{answer:?}");
    }
}

#[tokio::test]
async fn a_long_retry_after_does_not_use_up_the_deadline() {
    let busy = Answer::new(429, "").header("retry-after", "1e9");
    let server = Server::answering([accepted("t/1"), busy, completed("x")]).await;
    // Shorter than what this clock treats as a limit.
    let policy = rt::RetryPolicy::new().max_wait(Duration::from_secs(20));
    let clock = SkippingClock::new();
    let builder = set_up(runanything::Client::builder(), &server).clock(clock.clone()).retry(policy);
    let result = started(&builder.build().unwrap()).await.wait().await;
    assert_eq!((result.unwrap().reply.as_str(), server.count()), ("x", 3));
    assert_eq!(clock.waits()[1], Duration::from_secs(20));
}

#[tokio::test]
async fn permanent_faults_end_the_wait_and_keep_the_id() {
    fn ends(check: impl Fn(&Error) -> bool, error: &Error) {
        assert!(check(error), "{error:?}");
        assert_eq!(error.task_id(), Some("t/1"), "{error}");
    }
    for answer in [
        Answer::json(200, &json!({"status": "completed"})),
        Answer::json(200, &json!({"status": "completed", "reply": 5, "tokens": 5})),
    ] {
        let (result, server, _) = outcome(vec![answer]).await;
        ends(Error::is_decode, &result.unwrap_err());
        assert_eq!(server.count(), 2);
    }
    let (result, ..) = outcome(vec![Answer::new(404, "")]).await;
    ends(Error::is_not_found, &result.unwrap_err());
    let (result, server, _) = outcome(vec![Answer::new(410, "")]).await;
    ends(Error::is_not_found, &result.unwrap_err());
    assert_eq!(server.count(), 2);
    let (result, ..) = outcome(vec![processing(), Answer::new(401, "")]).await;
    ends(Error::is_authentication, &result.unwrap_err());
}

#[tokio::test]
async fn a_create_without_a_task_id_is_an_error() {
    for body in [json!({}), json!({"id": null}), json!({"id": ""}), json!([]), json!({"id": {"x": 1}})] {
        let server = Server::answering([Answer::json(200, &body)]).await;
        let error = client(&server).0.text().generate().mage().messages(hello()).send().await.unwrap_err();
        assert!(error.is_decode() && server.count() == 1, "{body}: {error}");
    }
    // A number is a valid id.
    let server = Server::answering([Answer::json(200, &json!({"id": 12, "tokens": -1})), completed("x")]).await;
    started(&client(&server).0).await.wait().await.unwrap();
    assert_eq!(server.received()[1].target, "/api/v2/status/12");
}

#[tokio::test]
async fn a_task_can_be_resumed_after_a_restart() {
    let server = Server::answering([accepted("t-1"), completed("x")]).await;
    let id = started(&client(&server).0).await.id().to_owned();
    let (later, clock) = client(&server);
    let task = later.text().generate_task(id);
    assert_eq!((task.id(), task.created()), ("t-1", &rt::Value::Null));
    assert_eq!(task.wait().await.unwrap().reply, "x");
    assert_eq!((server.received()[1].target.as_str(), clock.waits().len()), ("/api/v2/status/t-1", 0));
}

#[tokio::test]
async fn a_single_poll_does_not_wait() {
    let failed = Answer::json(200, &json!({"status": "error", "error": "no"}));
    let server = Server::answering([accepted("t-1"), processing(), failed, completed("x")]).await;
    let (client, clock) = client(&server);
    let task = started(&client).await;
    assert_eq!(task.status().await.unwrap().state, TaskState::Pending);
    assert!(matches!(task.status().await.unwrap().state, TaskState::Failed(it) if it.message == "no"));
    assert!(matches!(task.status().await.unwrap().into_result(), Ok(Some(it)) if it.reply == "x"));
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn progress_reports_each_change_once() {
    let half = Answer::json(200, &json!({"status": "processing", "done": 0.5}));
    let answers = [accepted("t-1"), processing(), processing(), half.clone(), half, completed("x")];
    let server = Server::answering(answers).await;
    let mut progress = started(&client(&server).0).await.progress();
    let mut seen = Vec::new();
    while let Some(status) = progress.next().await {
        seen.push(status.unwrap().raw().clone());
    }
    let last = json!({"status": "completed", "reply": "x", "tokens": 5});
    assert_eq!(seen, [json!({"status": "processing"}), json!({"status": "processing", "done": 0.5}), last]);
    assert_eq!(server.count(), 6);
}

#[test]
fn a_wait_for_an_endless_task_ends_at_the_deadline() {
    let clock = VirtualClock::new();
    let created = testing::Answer::json(200, &json!({"id": "t-1", "tokens": -1}));
    let pending = testing::Answer::json(200, &json!({"status": "processing"}));
    let server = FakeServer::new([created, pending]).with_clock(&clock);
    let builder = runanything::Client::builder().api_key(KEY).transport(server.clone()).clock(clock.clone());
    let client = builder.build().unwrap();
    let task = clock.run(started(&client));

    let error = clock.run(task.wait()).unwrap_err();
    assert_eq!((error.kind(), error.task_id()), (ErrorKind::WaitDeadline, Some("t-1")));
    assert_eq!(clock.passed(), Duration::from_secs(300), "five minutes, as the spec says");
    assert!(error.to_string().contains("still `processing` after 300s"), "{error}");
    assert!(server.count() < 80, "the pauses grow: {}", server.count());

    let rhythm = WaitOptions::new().interval(Duration::from_secs(1)).deadline(Duration::from_secs(10));
    assert!(clock.run(task.wait_with(rhythm)).unwrap_err().is_wait_deadline());
    assert_eq!(clock.passed(), Duration::from_secs(310));
}
