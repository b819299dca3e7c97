//! Tests incomplete responses, and informational heads before the final one, through both transports.

use std::sync::LazyLock;
use std::time::Duration;

use specwright_runtime::{Client, ErrorKind, RetryPolicy, Ureq};

use crate::api::{API, Create, List};
use crate::server::{Server, says};

/// Creating one takes longer than a test.
static DIRECT: LazyLock<reqwest::Client> = LazyLock::new(|| reqwest::Client::builder().no_proxy().build().unwrap());

fn client(blocks: bool, url: &str) -> Client {
    let policy = RetryPolicy::new().delays(Duration::ZERO, Duration::ZERO);
    let builder = Client::builder(&API).api_key("k").base_url(url).retry(policy);
    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let builder =
        if blocks { builder.blocking().transport(Ureq::from(agent)) } else { builder.http_client(DIRECT.clone()) };
    builder.build().unwrap()
}

/// How a response is framed, with the text that results from its body.
type Frame = (&'static str, fn(&str) -> String);

const FRAMES: [Frame; 3] = [
    ("content-length: 99", |it| it.to_owned()),
    ("transfer-encoding: chunked", |it| format!("{:x}\r\n{it}\r\n", it.len())),
    ("transfer-encoding: chunked", |it| format!("{:x}\r\n{it}", it.len() + 9)),
];

fn cut((framed, frame): Frame, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{framed}\r\nconnection: close\r\n\r\n{}", frame(body))
}

#[tokio::test]
async fn a_complete_paid_response_is_kept() {
    for blocks in [false, true] {
        for frame in FRAMES {
            let about = format!("{blocks}, {:?}", frame.0);
            let server = Server::new([says(cut(frame, "{\"id\":\"7\"}"))]);
            let task = client(blocks, &server.url).send(Create("a")).await.unwrap();
            assert_eq!((task.id(), server.requests().len()), ("7", 1), "{about}");
            // An incomplete response is an error with the received bytes.
            let server = Server::new([says(cut(frame, "{\"id\":\"7\",\"sta"))]);
            let error = client(blocks, &server.url).send(Create("a")).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts(), server.requests().len()),
                (ErrorKind::Transport, 1, 1),
                "{about}"
            );
            assert_eq!((&*error.body_text(), error.body_is_cut()), ("{\"id\":\"7\",\"sta", true), "{about}");
            // A read is retried, complete or not.
            let server = Server::new(["{\"id\":\"7\"}", "{\"id", "{"].map(|it| says(cut(frame, it))));
            let error = client(blocks, &server.url).send(List).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts(), server.requests().len()),
                (ErrorKind::Transport, 3, 3),
                "{about}"
            );
        }
    }
}

#[tokio::test]
async fn informational_heads_are_skipped() {
    for blocks in [false, true] {
        for early in ["100 Continue", "102 Processing", "103 Early Hints\r\nlink: </x>", "103 A\r\n\r\nHTTP/1.1 199 B"]
        {
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n{\"id\":\"7\"}";
            let server = Server::new([says(format!("HTTP/1.1 {early}\r\n\r\n{answer}"))]);
            let task = client(blocks, &server.url).send(Create("a")).await.unwrap();
            assert_eq!((task.id(), server.requests().len()), ("7", 1), "{blocks}, {early}");
        }
    }
}
