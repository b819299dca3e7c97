//! Idempotency keys: made for a call, the same over its attempts, settable.

use super::*;

fn posted() -> Answer {
    Answer::json(200, &json!({"ok": true, "ts": "1", "message": {"ts": "1", "text": "hi"}}))
}

#[tokio::test]
async fn a_call_has_one_key_for_all_its_attempts() {
    let server = Server::answering([Answer::new(500, ""), Answer::cut(), posted()]).await;
    let client = palaver(&server);
    let answer = client.channels().post_message().channel("C1").text("hi").send().await.unwrap();
    assert_eq!(answer.attempts(), 3);
    client.channels().post_message().channel("C1").text("hi").send().await.unwrap();

    let received = server.received();
    let keys: Vec<&str> = received.iter().map(|it| it.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 4);
    assert!(keys[0].len() == 36 && keys[0] == keys[1] && keys[1] == keys[2], "{keys:?}");
    assert_ne!(keys[2], keys[3], "another call has another key");
}

#[tokio::test]
async fn a_key_can_be_chosen() {
    let server = Server::answering([posted()]).await;
    let call = palaver(&server).channels().post_message().channel("C1").text("hi").send();
    call.with_idempotency_key("order-7").await.unwrap();
    assert_eq!(server.only().header("idempotency-key"), "order-7");
}

#[tokio::test]
async fn what_needs_no_key_sends_none() {
    let good = json!({"ok": true, "channel": {"id": "C1", "name": "general"}});
    let server = Server::answering([Answer::json(200, &good)]).await;
    palaver(&server).channels().info().channel("C1").send().await.unwrap();
    assert_eq!(server.only().header("idempotency-key"), "-");

    // And takes none: the key would have no effect.
    let error = palaver(&server).channels().info().channel("C1").send().with_idempotency_key("x").await.unwrap_err();
    assert!(error.is_config(), "{error}");

    // An operation may do without.
    let server = Server::answering([Answer::new(500, "")]).await;
    palaver(&server).channels().audit().channel("C1").stream().await.unwrap_err();
    assert_eq!(server.only().header("idempotency-key"), "-");
}
