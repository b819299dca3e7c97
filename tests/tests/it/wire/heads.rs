//! Tests responses in one piece with an invalid head or invalid JSON.

use super::*;

/// A client without retries, with a short timeout if that is what ends the call.
fn client(server: &ScriptedServer, limit: Duration) -> runapi::Client {
    let builder = runapi::Client::builder().timeout(limit).retry(rt::RetryPolicy::none());
    Setup::of(server).client(builder)
}

const SHORT: Duration = Duration::from_millis(150);
const FAR: Duration = Duration::from_secs(60);

/// The result of a chat with this response, without a stream and with one.
async fn both(answer: &'static [u8], forever: &'static [u8], limit: Duration) -> [rt::Error; 2] {
    let server = ScriptedServer::start(move |mut line| async move {
        line.say(answer).await;
        if forever.is_empty() {
            line.until_left().await;
        } else {
            let piece = forever.repeat(1_000);
            while line.pushed < 100 << 20 && line.say(&piece).await {
                tokio::task::yield_now().await;
            }
            assert!(line.pushed < 16 << 20, "{} bytes were accepted", line.pushed);
        }
    })
    .await;
    let client = client(&server, limit);
    let call = || client.gpt().chat().gpt_5_2().user("Hello");
    let errors = [call().send().await.unwrap_err(), call().stream().await.map(|_| ()).unwrap_err()];
    server.finished().await;
    errors
}

#[tokio::test]
async fn endless_heads_are_limited() {
    for (head, forever, kind) in [
        // Slow ones end at the timeout of the attempt.
        ("", "", ErrorKind::Timeout),
        ("HTTP/1.1 200 O", "", ErrorKind::Timeout),
        ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-", "", ErrorKind::Timeout),
        // Long ones end at the limit of the transport.
        ("HTTP/1.1 200 OK\r\n", "x-more: of the same\r\n", ErrorKind::Transport),
        (
            "HTTP/1.1 200 OK\r\nx-long: ",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ErrorKind::Transport,
        ),
        ("HTTP/1.1 200 ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ErrorKind::Transport),
        // Bytes that are not a head.
        ("SSH-2.0-OpenSSH_9.9\r\n", "", ErrorKind::Transport),
        ("HTTP/1.1 OK\r\n\r\n", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\n{}", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffffff\r\n", "", ErrorKind::Transport),
    ] {
        let limit = if kind == ErrorKind::Timeout { SHORT } else { FAR };
        for error in both(head.as_bytes(), forever.as_bytes(), limit).await {
            assert_eq!(error.kind(), kind, "{head:?}: {error:?}");
            assert!(!error.to_string().is_empty() && error.attempts() == 1);
        }
    }
}

#[tokio::test]
async fn an_enormous_announced_length_is_not_allocated() {
    // A body of this size is impossible. One byte arrives, and then nothing, or the end.
    for length in ["9223372036854775807", "1000000000000"] {
        for closes in [true, false] {
            let server = ScriptedServer::start(move |mut line| async move {
                line.say(format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{{"
                ))
                .await;
                if !closes {
                    line.until_left().await;
                }
            })
            .await;
            let error = client(&server, if closes { FAR } else { SHORT })
                .gpt()
                .chat()
                .gpt_5_2()
                .user("Hello")
                .send()
                .await
                .unwrap_err();
            let kinds =
                if closes { [ErrorKind::Transport; 2] } else { [ErrorKind::Timeout, ErrorKind::AnswerTooLarge] };
            assert!(kinds.contains(&error.kind()), "{length}, {closes}: {error}");
        }
    }
}

#[tokio::test]
async fn invalid_json_is_an_error() {
    let deep = "[".repeat(100_000);
    let deep_object = "{\"a\":".repeat(100_000);
    let zipped = "\u{1f}\u{8b}\u{8}";
    for body in [&deep, &deep_object, "", "{\"id\": \"c", "{\"id\":\"c\"}{}", "nul", zipped, "\u{feff}", "\"\\ud800\""]
    {
        let body = body.to_owned();
        let server = ScriptedServer::start({
            let body = body.clone();
            move |mut line| {
                let all = format!("{JSON}{body}");
                async move {
                    line.say(all).await;
                }
            }
        })
        .await;
        let client = client(&server, FAR);
        let error = client.gpt().chat().gpt_5_2().user("Hello").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body:.40}: {error}");
        assert_eq!(error.body_text(), body, "all received bytes are in the error");
        let error = client.gpt().chat().gpt_5_2().user("Hello").stream().await.map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body:.40}: {error}");
    }
}
