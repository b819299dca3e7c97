//! Answers by status, values or none, texts and redirects.

use palaver::channels::TopicHeaders;
use palaver::channels::archive::ArchiveAnswer;
use rt::ErrorKind;

use super::*;

fn job() -> Answer {
    Answer::json(202, &json!({"job": "j-1"}))
}

#[tokio::test]
async fn several_statuses_with_one_type_are_that_type() {
    for status in [200, 201] {
        let server = Server::answering([Answer::json(status, &json!({"id": "C1", "name": "general"}))]).await;
        let channel = palaver(&server).channels().ensure("general").send().await.unwrap();
        assert_eq!((channel.id.as_str(), channel.status().as_u16()), ("C1", status));
    }
}

#[tokio::test]
async fn several_types_are_an_enum_told_apart_by_the_status() {
    let archive = async |answer| {
        let server = Server::answering([answer]).await;
        palaver(&server).channels().archive().channel("C1").send().await.map(|it| it.into_inner())
    };
    let whole = Answer::json(200, &json!({"archived_at": "2026-01-01T00:00:00Z"}));
    assert!(matches!(archive(whole).await.unwrap(), ArchiveAnswer::Ok(it) if it.archived_at.starts_with("2026")));
    assert!(matches!(archive(job()).await.unwrap(), ArchiveAnswer::Accepted(it) if it.job == "j-1"));
    assert_eq!(archive(Answer::new(204, "")).await.unwrap(), ArchiveAnswer::NoContent);
    // What the spec does not know is read as the first.
    let other = Answer::json(203, &json!({"archived_at": "2026-01-01T00:00:00Z"}));
    assert!(matches!(archive(other).await.unwrap(), ArchiveAnswer::Ok(_)));
    // A status that promises a body has to bring it.
    let error = archive(Answer::new(202, "")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    // An error is one whatever the status.
    let error = archive(Answer::json(202, &json!({"ok": false, "error": "is_archived"}))).await.unwrap_err();
    assert_eq!(error.code(), Some("is_archived"));
}

#[tokio::test]
async fn what_did_not_change_is_a_value_and_no_error() {
    let server = Server::answering([Answer::new(304, "").header("etag", "\"7\"")]).await;
    let topic = palaver(&server).channels().topic().channel("C1").if_none_match("\"7\"").send().await.unwrap();
    assert!(topic.is_none());
    let headers = TopicHeaders::read(topic.headers()).unwrap();
    assert_eq!((headers.etag.as_str(), headers.x_changes), ("\"7\"", None));
    assert_eq!(server.only().header("if-none-match"), "\"7\"");

    let server = Server::answering([Answer::json(200, &json!({"topic": "Boats"}))]).await;
    let topic = palaver(&server).channels().topic().channel("C1").send().await.unwrap();
    assert_eq!(topic.as_ref().unwrap().topic, "Boats");
    let error = TopicHeaders::read(topic.headers()).unwrap_err();
    assert_eq!(error.at, "/ETag", "a header that is always sent is missing");
}

#[tokio::test]
async fn headers_have_types() {
    let topic = Answer::json(200, &json!({"topic": "Boats"})).header("etag", "\"7\"");
    for (sent, read) in [("12", Some(12)), (" 0 ", Some(0)), ("many", None)] {
        let server = Server::answering([topic.clone().header("x-changes", sent)]).await;
        let topic = palaver(&server).channels().topic().channel("C1").send().await.unwrap();
        assert_eq!(TopicHeaders::read(topic.headers()).ok().and_then(|it| it.x_changes), read, "{sent}");
    }
}

#[tokio::test]
async fn the_contract_server_knows_what_did_not_change() {
    let (server, client) = mock().await;
    let topic = client.channels().topic().channel("C1").send().await.unwrap();
    let headers = TopicHeaders::read(topic.headers()).unwrap();
    assert!(topic.is_some() && headers.x_changes.is_some());
    let again = client.channels().topic().channel("C1").if_none_match(headers.etag).send().await.unwrap();
    assert!(again.is_none());
    drop(server);
}

#[tokio::test]
async fn null_and_no_body_are_none() {
    for answer in [Answer::json(200, &json!(null)), Answer::new(204, ""), Answer::new(200, "")] {
        let server = Server::answering([answer]).await;
        assert!(palaver(&server).channels().pinned().channel("C1").send().await.unwrap().is_none());
    }
    let server = Server::answering([Answer::json(200, &json!({"ts": "1", "text": "hi"}))]).await;
    assert_eq!(palaver(&server).channels().pinned().channel("C1").send().await.unwrap().as_ref().unwrap().text, "hi");
    // Only nothing is none.
    let server = Server::answering([Answer::json(200, &json!({"ts": 1}))]).await;
    let error = palaver(&server).channels().pinned().channel("C1").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn texts_are_read_as_they_are() {
    let text = "ada: \"Hello\n";
    let server = Server::answering([Answer::new(200, text).header("content-type", "text/plain")]).await;
    let answer = palaver(&server).channels().transcript().channel("C1").send().await.unwrap();
    assert_eq!((answer.as_str(), server.only().header("accept")), (text, "text/plain"));

    let feed = "<?xml version=\"1.0\"?><feed/>";
    let server = Server::answering([Answer::new(200, feed).header("content-type", "application/atom+xml")]).await;
    let answer = palaver(&server).channels().feed().channel("C1").send().await.unwrap();
    assert_eq!((answer.as_str(), server.only().header("accept")), (feed, "application/atom+xml"));

    // The page of a proxy is no answer.
    let server = Server::answering([Answer::new(200, "<html></html>").header("content-type", "text/html")]).await;
    let error = palaver(&server).channels().feed().channel("C1").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let refused = Answer::json(200, &json!({"ok": false, "error": "channel_not_found"}));
    let server = Server::answering([refused]).await;
    let error = palaver(&server).channels().transcript().channel("C1").send().await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let answer = || Answer::new(303, "").header("location", "https://palaver.example/join/x");
    let server = Server::answering([answer()]).await;
    let redirect = palaver(&server).channels().invite().channel("C1").send().await.unwrap();
    assert_eq!(redirect.location, "https://palaver.example/join/x");
    assert_eq!((redirect.status().as_u16(), server.count()), (303, 1));

    for answer in [Answer::new(303, ""), Answer::json(200, &json!({}))] {
        let server = Server::answering([answer]).await;
        let error = palaver(&server).channels().invite().channel("C1").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}

#[tokio::test]
async fn the_contract_server_has_all_of_them() {
    let (server, client) = mock().await;
    let channels = client.channels();
    assert_eq!(channels.ensure("general").send().await.unwrap().status().as_u16(), 200);
    assert!(matches!(*channels.archive().channel("C1").send().await.unwrap(), ArchiveAnswer::Ok(_)));
    for (status, expected) in [("status=202", "Accepted"), ("status=204", "NoContent")] {
        let answer = channels.archive().channel("C1").send().with_header("x-specwright-fault", status).await.unwrap();
        assert!(format!("{:?}", *answer).starts_with(expected));
    }
    assert!(channels.topic().channel("C1").send().await.unwrap().is_some());
    assert!(
        channels.topic().channel("C1").send().with_header("x-specwright-fault", "status=304").await.unwrap().is_none()
    );
    assert!(channels.pinned().channel("C1").send().await.unwrap().is_some());
    assert_eq!(channels.transcript().channel("C1").send().await.unwrap().as_str(), "ada: Hello!\n");
    assert!(channels.feed().channel("C1").send().await.unwrap().starts_with("<?xml"));
    assert!(channels.invite().channel("C1").send().await.unwrap().location.starts_with("https://"));
    drop(server);
}
