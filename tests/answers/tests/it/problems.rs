//! Typed bodies of errors.

use palaver::channels::Taken;
use palaver::types::{Limited, Problem};

use super::*;

#[tokio::test]
async fn the_body_of_an_error_has_the_type_of_its_status() {
    let taken = json!({"ok": false, "error": "name_taken", "taken_by": "C7"});
    let server = Server::answering([Answer::json(409, &taken)]).await;
    let error = palaver(&server).channels().ensure("general").send().await.unwrap_err();
    assert_eq!(error.status_kind(), Some(rt::StatusKind::Conflict), "what 409 means in HTTP");
    assert_eq!(error.body_as::<Taken>().unwrap().taken_by, "C7");
    assert_eq!(error.body_as::<Problem>().unwrap().error, "name_taken");
    // What it is not, it is not.
    assert!(error.body_as::<Limited>().is_none());

    let server = Server::answering([Answer::new(502, "<html>Bad gateway</html>")]).await;
    let error = palaver(&server).channels().join().channel("C1").send().await.unwrap_err();
    assert!(error.body_as::<Problem>().is_none());
}

#[tokio::test]
async fn the_contract_server_sends_such_bodies() {
    let (server, client) = mock().await;
    let call = client.channels().join().channel("C1").send().with_max_retries(0);
    let error = call.with_header("x-specwright-fault", "429").await.unwrap_err();
    assert!(error.is_rate_limited());
    assert!(error.body_as::<Limited>().is_some(), "{:?}", error.body());
    drop(server);
}
