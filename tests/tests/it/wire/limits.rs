//! Tests that endless data is dropped at its limit, and that memory does not exceed the limit.

use std::sync::mpsc;

use super::*;
use scripted_server::CHUNKS;

/// The maximum size of the socket buffers on both sides, and of the buffers of libraries.
const ON_THE_WAY: usize = 12 << 20;

/// A server that sends `first`, and then `more` until the client closes the connection. Returns the number of bytes sent.
async fn endless(first: String, more: Vec<u8>, chunks: bool) -> (ScriptedServer, mpsc::Receiver<usize>) {
    let (told, pushed) = mpsc::channel();
    let server = ScriptedServer::start(move |mut line| {
        let (first, more, told) = (first.clone(), more.clone(), told.clone());
        async move {
            line.say(first).await;
            if chunks {
                while line.pushed < 100 << 20 && line.chunk(&more).await {}
            } else {
                while line.pushed < 100 << 20 && line.say(&more).await {}
            }
            told.send(line.pushed).unwrap();
        }
    })
    .await;
    (server, pushed)
}

#[track_caller]
fn bounded(pushed: &mpsc::Receiver<usize>, limit: usize) {
    let pushed = pushed.recv_timeout(Duration::from_secs(60)).expect("the connection is closed");
    assert!(pushed < limit + ON_THE_WAY, "{pushed} bytes were accepted, with a limit of {limit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_of_a_hundred_megabytes_is_limited() {
    let piece = vec![b'a'; 64 << 10];
    for (start, chunks) in
        [("data: {\"text\":\"", false), ("data: ", true), ("event: ", false), ("", true), ("id: ", false)]
    {
        let head = if chunks { CHUNKS } else { EVENTS };
        let begun = if chunks { String::new() } else { format!("{HALF}{start}") };
        let (server, pushed) = endless(format!("{head}{begun}"), piece.clone(), chunks).await;
        let result = CLAUDE(&Setup::of(&server)).await;
        let error = match &result {
            Ok(it) => {
                assert_eq!((it.kind(), keeps_half(it)), (ErrorKind::AnswerTooLarge, true));
                &it.errors[0]
            }
            Err(error) => error,
        };
        assert_eq!(error.kind(), ErrorKind::AnswerTooLarge, "{start}");
        assert!(error.message().contains("more than 1048576 bytes; see `ClientBuilder::max_event_bytes`"), "{error}");
        bounded(&pushed, 1 << 20);
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_endless_lines_is_limited() {
    let (server, pushed) = endless(format!("{EVENTS}{HALF}"), "data: []\n".repeat(9_000).into_bytes(), false).await;
    let it = CLAUDE(&Setup::of(&server)).await.unwrap();
    assert_eq!((it.kind(), it.events), (ErrorKind::AnswerTooLarge, 3));
    bounded(&pushed, 1 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_total_is_limited() {
    let text = "a".repeat(50_000);
    let more = format!(
        "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\
         \"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}\n\n"
    );
    let (server, pushed) = endless(format!("{EVENTS}{HALF}"), more.into_bytes(), false).await;
    let it = CLAUDE(&Setup::of(&server)).await.unwrap();
    assert_eq!((it.kind(), keeps_half(&it)), (ErrorKind::AnswerTooLarge, false), "more than half arrived");
    assert!(it.errors[0].message().contains("max_answer_bytes"), "{}", it.errors[0]);
    assert!(it.partial.to_string().len() <= 1 << 20);
    bounded(&pushed, 1 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_response_is_limited() {
    for chunks in [false, true] {
        let head = if chunks { CHUNKS.replace("text/event-stream", "application/json") } else { JSON.to_owned() };
        let (server, pushed) = endless(head, vec![b' '; 64 << 10], chunks).await;
        let client: runapi::Client = Setup::of(&server).client(runapi::Client::builder());
        let error = client.gpt().chat().gpt_5_2().user("Hello").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AnswerTooLarge, "{error}");
        bounded(&pushed, 1 << 20);
        assert_eq!(server.count(), 1);
    }
}

/// An error is recognized by its status, however long its body is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_error_is_limited() {
    let head = "HTTP/1.1 400 Bad\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n";
    let (server, pushed) = endless(head.to_owned(), vec![b'a'; 64 << 10], false).await;
    let error = CLAUDE(&Setup::of(&server)).await.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api(StatusKind::InvalidRequest), "{error}");
    bounded(&pushed, 1 << 20);
}
