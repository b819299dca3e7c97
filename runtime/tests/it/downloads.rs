//! Tests downloads through reqwest.

use std::time::Duration;

use specwright_runtime::{Client, Download, Downloads as _, ErrorKind, Result, Task};

use crate::api::{API, Content, Tape};
use crate::server::{Folder, Server, Step, answer, peak_memory, pours, says, stalls};

fn client(server: &Server) -> Client {
    let direct = reqwest::Client::builder().no_proxy().build().unwrap();
    Client::builder(&API).api_key("k").base_url(&*server.url).http_client(direct).build().unwrap()
}

async fn download(step: Step) -> Result<Download> {
    let server = Server::new([step]);
    client(&server).call().start(Content).with_max_retries(0).await
}

#[tokio::test]
async fn whole_bodies_arrive() {
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n\
                   3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
    let until_closed = "HTTP/1.0 200 OK\r\ncontent-type: audio/mpeg\r\n\r\nabcdefg";
    for (step, length) in
        [(answer(200, "audio/mpeg", "abcdefg"), Some(7)), (says(chunked), None), (says(until_closed), None)]
    {
        let download = download(step).await.unwrap();
        assert_eq!((download.content_type(), download.content_length()), (Some("audio/mpeg"), length));
        assert_eq!(download.bytes(7).await.unwrap(), "abcdefg");
    }
}

#[tokio::test]
async fn a_short_body_is_an_error() {
    let folder = Folder::new("cut");
    let announced = "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 10\r\nconnection: close\r\n\r\nabc";
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
    for step in [announced, chunked] {
        let download = download(says(step)).await.unwrap();
        let error = download.save(folder.0.join("a.mp3")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.to_string().contains("broke off after 3"), "{error}");
        assert_eq!(folder.names(), [] as [&str; 0]);
    }
}

#[tokio::test]
async fn silence_ends_a_download() {
    let server = Server::new([stalls("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")]);
    let direct = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = Client::builder(&API).api_key("k").base_url(&*server.url).http_client(direct);
    let client = client.idle_timeout(Duration::from_millis(50)).build().unwrap();
    let mut download = client.send(Content).await.unwrap();
    assert_eq!(download.next().await.unwrap().unwrap(), "abc");
    let error = download.next().await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("no data for 50ms, after 3 bytes"), "{error}");
    assert!(download.next().await.is_none());
    // It continues until the client has closed the connection.
    tokio::task::spawn_blocking(|| server.requests()).await.unwrap();
}

#[tokio::test]
async fn dropping_a_save_leaves_nothing_and_closes_the_connection() {
    let folder = Folder::new("dropped");
    let server = Server::new([stalls("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")]);
    let download = client(&server).send(Content).await.unwrap();
    let (told, started) = tokio::sync::oneshot::channel();
    let mut told = Some(told);
    let path = folder.0.join("a.mp3");
    let save = download.save_with(&path, |it| {
        if it.received == 3
            && let Some(told) = told.take()
        {
            told.send(()).unwrap();
        }
    });
    tokio::select! {
        saved = save => panic!("{saved:?}"),
        started = started => started.unwrap(),
    }
    assert_eq!(folder.names(), [] as [&str; 0]);
    tokio::task::spawn_blocking(|| server.requests()).await.unwrap();
}

#[tokio::test]
async fn files_are_replaced_when_complete() {
    let folder = Folder::new("replaced");
    let path = folder.0.join("a.mp3");
    std::fs::write(&path, "old and longer than the new one").unwrap();
    let mut seen = Vec::new();
    let download = download(answer(200, "audio/mpeg", "new")).await.unwrap();
    let saved = download.save_with(&path, |it| seen.push((it.received, it.total))).await.unwrap();
    assert_eq!((saved, std::fs::read_to_string(&path).unwrap().as_str()), (3, "new"));
    assert_eq!((seen.first(), seen.last()), (Some(&(0, Some(3))), Some(&(3, Some(3)))));
    assert_eq!(folder.names(), ["a.mp3"]);

    let nowhere = folder.0.join("none/a.mp3");
    for path in [&folder.0, &nowhere] {
        let error = self::download(answer(200, "audio/mpeg", "new")).await.unwrap().save(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
    assert_eq!(folder.names(), ["a.mp3"]);
}

#[tokio::test]
async fn a_hundred_megabytes_need_little_memory() {
    const TOTAL: usize = 100 << 20;
    for chunked in [false, true] {
        let download = download(pours(TOTAL, chunked)).await.unwrap();
        assert_eq!(download.copy_to(&mut tokio::io::sink()).await.unwrap(), TOTAL as u64);
    }
    if let Some(peak) = peak_memory() {
        assert!(peak < TOTAL * 6 / 10, "{} MiB", peak >> 20);
    }
    let error = download(pours(TOTAL, true)).await.unwrap().bytes(1 << 20).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
}

#[tokio::test]
async fn errors_are_errors() {
    let error = download(answer(404, "application/json", r#"{"error":{"message":"no tape"}}"#)).await.unwrap_err();
    assert!(error.is_not_found() && error.message() == "no tape", "{error}");
    let error = download(answer(200, "application/json", r#"{"error":{"message":"no tape"}}"#)).await.unwrap_err();
    assert!(
        error.status().unwrap().is_success() && error.message() == "no tape" && error.request_id() == Some("r-1"),
        "{error}"
    );
    let error = download(says("HTTP/1.1 204 No Content\r\n\r\n")).await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("no content"), "{error}");
}

#[tokio::test]
async fn submit_wait_download() {
    let status = |state: &str| answer(200, "application/json", &format!(r#"{{"id":"7","state":"{state}"}}"#));
    let server = Server::new([status("busy"), status("done"), answer(200, "audio/mpeg", "abc")]);
    let task = Task::<Tape>::resume(&client(&server), &crate::api::TASK, "7");
    let download = task.wait_and_download().await.unwrap();
    assert_eq!(download.bytes(3).await.unwrap(), "abc");
    let last = server.requests().pop().unwrap();
    assert!(last.starts_with("GET /tapes/7/content HTTP/1.1\r\n") && last.contains("accept: audio/mpeg"), "{last}");
    assert_eq!(Tape::operation().name, "tapes.content");
}

/// Only if TLS is not enabled in reqwest.
#[cfg(not(any(feature = "reqwest-rustls", feature = "reqwest-rustls-no-provider", feature = "reqwest-native-tls")))]
#[tokio::test]
async fn https_without_tls_is_reported_immediately() {
    let client = Client::builder(&API).api_key("k").base_url("https://127.0.0.1:1").build().unwrap();
    let error = client.send(Content).await.unwrap_err();
    let cause = std::error::Error::source(&error).and_then(|it| it.source()).unwrap().to_string();
    assert!(error.is_config() && cause.contains("`reqwest-rustls`"), "{error}: {cause}");
    assert_eq!(error.attempts(), 1);
}
