//! Streams of lines of JSON.

use palaver::channels::audit::AuditEvent;

use super::*;

fn lines(text: &str) -> Answer {
    Answer::new(200, text).header("content-type", "application/x-ndjson")
}

#[tokio::test]
async fn every_line_is_an_event() {
    let text =
        "{\"ts\": \"1\", \"text\": \"a\"}\r\n\n{\"ts\": \"2\", \"text\": \"b\"}\n{\"ts\": \"3\", \"text\": \"c\"}";
    let server = Server::answering([lines(text)]).await;
    let mut stream = palaver(&server).channels().watch().channel("C1").stream().await.unwrap();
    let mut texts = Vec::new();
    while let Some(message) = stream.next().await {
        texts.push(message.unwrap().text);
    }
    // The last line has no end, and is whole nevertheless.
    assert_eq!(texts, ["a", "b", "c"]);
    assert_eq!(server.only().header("accept"), "application/x-ndjson");

    // Many servers call it JSON.
    let server = Server::answering([Answer::new(200, text).header("content-type", "application/json")]).await;
    let mut stream = palaver(&server).channels().watch().channel("C1").stream().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().text, "a");
}

#[tokio::test]
async fn a_line_that_breaks_off_is_an_error() {
    let server = Server::answering([lines("{\"ts\": \"1\", \"text\": \"a\"}\n{\"ts\": \"2")]).await;
    let mut stream = palaver(&server).channels().watch().channel("C1").stream().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().text, "a");
    assert!(stream.next().await.unwrap().unwrap_err().is_transient());
}

#[tokio::test]
async fn a_field_names_the_event_and_one_ends_the_stream() {
    let text = "{\"kind\": \"progress\", \"done\": 1}\n{\"kind\": \"finished\", \"findings\": 0}\n";
    let server = Server::answering([lines(text)]).await;
    let mut stream = palaver(&server).channels().audit().channel("C1").stream().await.unwrap();
    assert!(matches!(stream.next().await.unwrap().unwrap(), AuditEvent::Progress(it) if it.done == 1));
    assert!(matches!(stream.next().await.unwrap().unwrap(), AuditEvent::Finished(it) if it.findings == 0));
    assert!(stream.next().await.is_none());

    let server = Server::answering([lines("{\"ok\": false, \"error\": \"channel_not_found\"}\n")]).await;
    let error = palaver(&server).channels().audit().channel("C1").stream().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn the_contract_server_streams_lines() {
    let (server, client) = mock().await;
    let mut stream = client.channels().watch().channel("C1").stream().await.unwrap();
    stream.next().await.unwrap().unwrap();
    let mut stream = client.channels().audit().channel("C1").stream().await.unwrap();
    let mut last = None;
    while let Some(event) = stream.next().await {
        last = Some(event.unwrap());
    }
    assert!(matches!(last, Some(AuditEvent::Finished(_))));
    drop(server);
}
