//! Errors inside answers of success.

use rt::{ErrorKind, StatusKind};

use super::*;

fn refused(code: &str) -> Answer {
    Answer::json(200, &json!({"ok": false, "error": code, "detail": "No such luck"}))
}

#[tokio::test]
async fn an_answer_that_says_so_is_an_error_with_its_code() {
    let server = Server::answering([refused("channel_not_found")]).await;
    let client = palaver(&server);
    let error = client.channels().info().channel("C1").send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!((error.code(), error.message()), (Some("channel_not_found"), "No such luck"));
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert_eq!(palaver::ErrorCode::of(&error), Some(palaver::ErrorCode::ChannelNotFound));

    let error = client.channels().post_message().channel("C1").text("hi").send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = client.channels().join().channel("C1").send().await.unwrap_err();
    assert!(error.is_not_found(), "a call without an answer: {error}");
    let error = client.channels().history().channel("C1").send().await.unwrap_err();
    assert!(error.is_not_found(), "a wrapped answer: {error}");
    let error = client.channels().avatar("C1").send().await.unwrap_err();
    assert!(error.is_not_found(), "bytes: {error}");
    let error = client.channels().listen().channel("C1").stream().await.unwrap_err();
    assert!(error.is_not_found(), "a stream: {error}");
    let error = client.channels().export().channel("C1").send().await.unwrap_err();
    assert!(error.is_not_found(), "a task: {error}");
}

#[tokio::test]
async fn a_code_without_a_kind_is_no_reason_to_try_again() {
    let server = Server::answering([refused("is_archived")]).await;
    let error = palaver(&server).channels().info().channel("C1").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api(StatusKind::InvalidRequest));
    assert!(!error.is_transient());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_read_is_tried_again_after_a_code_that_passes() {
    let good = json!({"ok": true, "channel": {"id": "C1", "name": "general"}});
    let server = Server::answering([refused("ratelimited"), Answer::json(200, &good)]).await;
    let answer = palaver(&server).channels().info().channel("C1").send().await.unwrap();
    assert_eq!((answer.channel.name.as_str(), answer.attempts()), ("general", 2));

    // What may have been taken is not sent twice without a key.
    let server = Server::answering([refused("ratelimited")]).await;
    let error = palaver(&server).channels().audit().channel("C1").stream().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_operation_may_have_its_own_condition_or_none() {
    let server = Server::answering([Answer::json(200, &json!({"ok": false, "error": "Two windows are broken"}))]).await;
    let answer = palaver(&server).channels().settings().channel("C1").send().await.unwrap();
    assert!(!answer.ok);

    for (body, is_error) in [
        (json!({"code": 0, "users": []}), false),
        (json!({"code": 17}), true),
        (json!({"code": 0, "status": "error"}), true),
        (json!({"code": 0, "ok": false}), false),
    ] {
        let server = Server::answering([Answer::json(200, &body)]).await;
        let result = palaver(&server).channels().presence().send().await;
        assert_eq!(result.is_err(), is_error, "{body}");
    }
}

#[tokio::test]
async fn an_event_of_a_stream_may_be_an_error() {
    let events =
        "data: {\"ts\": \"1\", \"text\": \"hi\"}\n\ndata: {\"ok\": false, \"error\": \"channel_not_found\"}\n\n";
    let server = Server::answering([Answer::new(200, events).header("content-type", "text/event-stream")]).await;
    let mut stream = palaver(&server).channels().listen().channel("C1").stream().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().text, "hi");
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_poll_may_fail_and_a_failed_task_is_something_else() {
    let created = || Answer::json(200, &json!({"ok": true, "export_id": "e-1", "state": "queued"}));
    let server = Server::answering([created(), refused("invalid_auth")]).await;
    let task = palaver(&server).channels().export().channel("C1").send().await.unwrap();
    let error = task.wait().await.unwrap_err();
    assert!(error.is_authentication(), "{error}");
    assert_eq!(error.task_id(), Some("e-1"));

    let failed =
        Answer::json(200, &json!({"ok": false, "export_id": "e-1", "state": "failed", "error": "is_archived"}));
    let server = Server::answering([created(), failed]).await;
    let task = palaver(&server).channels().export().channel("C1").send().await.unwrap();
    let error = task.wait().await.unwrap_err();
    assert!(error.is_task_failed(), "{error}");
}

#[tokio::test]
async fn the_contract_server_answers_as_the_service_does() {
    let (server, client) = mock().await;
    let answer = client.channels().info().channel("C024BE91L").send().await.unwrap();
    assert!(answer.ok);
    let answer = client.channels().post_message().channel("C1").text("hi").send().await.unwrap();
    assert!(answer.ok && answer.raw().get("error").is_none());
    assert_eq!(client.channels().presence().send().await.unwrap().code, 0);
    let url = client.channels().export().channel("C1").send().await.unwrap().wait().await.unwrap();
    assert!(url.ok);

    // What breaks a rule is an error with status 200, and the code that means so.
    let call = client.channels().info().channel("nowhere").send().with_validation(rt::Validation::Off);
    let error = call.await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.code()), (200, Some("invalid_arguments")));

    // So is one that is asked for.
    let fault = client.channels().post_message().channel("C1").text("hi").send();
    let error = fault.with_header("x-specwright-fault", "status=200").await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.code()), (200, Some("channel_not_found")));
    drop(server);
}
