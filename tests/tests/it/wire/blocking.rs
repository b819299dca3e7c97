//! Tests the same servers through the blocking transport: faults cause the same kinds of errors.

use rt::blocking::{Blocking as _, iter};
use rt::{BlockingClock, Ureq};

use super::*;

/// A client on its own thread, without the proxies of the environment.
async fn on_a_thread<T: Send + 'static>(
    server: &ScriptedServer,
    limit: Duration,
    work: impl FnOnce(runapi::Client) -> T + Send + 'static,
) -> T {
    let agent = ureq::Agent::config_builder().proxy(None).max_redirects(0).max_redirects_will_error(false).build();
    let builder = runapi::Client::builder().api_key(KEY).base_url(server.url());
    let builder = builder.transport(Ureq::from(ureq::Agent::from(agent))).clock(BlockingClock);
    let builder = builder.timeout(limit).idle_timeout(limit).retry(rt::RetryPolicy::none());
    let client = builder.max_event_bytes(1 << 20).max_answer_bytes(1 << 20).build().unwrap();
    tokio::task::spawn_blocking(move || work(client)).await.unwrap()
}

const SHORT: Duration = Duration::from_millis(400);
const FAR: Duration = Duration::from_secs(60);

/// The events that could be read, all errors, the partial total, and then the total.
fn drained(client: &runapi::Client) -> rt::Result<(usize, Vec<ErrorKind>, Value)> {
    let call = client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9);
    let mut stream = call.stream().blocking()?;
    let (mut events, mut errors) = (0, Vec::new());
    for event in iter(&mut stream) {
        match event {
            Ok(_) => events += 1,
            Err(error) => errors.push(error.kind()),
        }
    }
    let partial = stream.partial().clone();
    // A lost event makes the total an error, and so does an early end.
    let whole = stream.collect().blocking();
    assert_eq!(whole.err().map(|it| it.kind()), errors.first().copied());
    Ok((events, errors, partial))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_fail_in_the_same_ways() {
    let overloaded =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"M\"}}\n\n";
    let deep = format!("event: ping\ndata: {}\n\n{REST}", "[".repeat(100_000));
    let long = "a".repeat(64 << 10);
    for (then, forever, closes, wanted) in [
        ("", "", true, ErrorKind::Transport),
        ("event: content_block_delta\ndata: {\"ty", "", true, ErrorKind::Transport),
        ("event: content_block_delta\ndata: {\"ty", "", false, ErrorKind::Timeout),
        (overloaded, "", false, ErrorKind::Api(StatusKind::Unavailable)),
        (&deep, "", true, ErrorKind::Decode),
        ("data: ", &long, true, ErrorKind::AnswerTooLarge),
    ] {
        let (first, forever) = ([EVENTS, HALF, then].concat(), forever.to_owned());
        let server = ScriptedServer::start(move |mut line| {
            let (first, forever) = (first.clone(), forever.clone());
            async move {
                line.say(first).await;
                while !forever.is_empty() && line.pushed < 100 << 20 && line.say(&forever).await {}
                assert!(line.pushed < 16 << 20, "{} bytes were accepted", line.pushed);
                if !closes {
                    line.until_left().await;
                }
            }
        })
        .await;
        let limit = if wanted == ErrorKind::Timeout { SHORT } else { FAR };
        let (events, errors, partial) = on_a_thread(&server, limit, |it| drained(&it)).await.unwrap();
        let all = if wanted == ErrorKind::Decode { 6 } else { 3 };
        assert_eq!((events, errors, server.count()), (all, vec![wanted], 1), "{then:.60}");
        assert_eq!(partial["content"][0]["text"], "Ahoy");
        server.finished().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn responses_in_one_piece_fail_in_the_same_ways() {
    let deep = format!("{JSON}{}", "[".repeat(100_000));
    let spaces = " ".repeat(64 << 10);
    let headers = "x-more: of the same\r\n".repeat(2_000);
    for (answer, forever, wanted) in [
        ("", "", ErrorKind::Timeout),
        ("HTTP/1.1 200 OK\r\nx-", "", ErrorKind::Timeout),
        ("HTTP/1.1 200 OK\r\n", headers.as_str(), ErrorKind::Transport),
        ("SSH-2.0-OpenSSH_9.9\r\n\r\n", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{", "", ErrorKind::Transport),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n{", "", ErrorKind::Timeout),
        (&deep, "\0", ErrorKind::Decode),
        (JSON, &spaces, ErrorKind::AnswerTooLarge),
    ] {
        let (answer, forever) = (answer.to_owned(), forever.to_owned());
        let server = ScriptedServer::start({
            let answer = answer.clone();
            move |mut line| {
                let (answer, forever) = (answer.clone(), forever.clone());
                async move {
                    line.say(answer).await;
                    match forever.as_str() {
                        "" => line.until_left().await,
                        // Once is enough, because the end shows that this was everything.
                        "\0" => {}
                        more => {
                            while line.pushed < 100 << 20 && line.say(more).await {}
                            assert!(line.pushed < 16 << 20, "{} bytes were accepted", line.pushed);
                        }
                    }
                }
            }
        })
        .await;
        let limit = if wanted == ErrorKind::Timeout { SHORT } else { FAR };
        let chat = |it: runapi::Client| it.gpt().chat().gpt_5_2().user("Hello").send().blocking().map(|_| ());
        let error = on_a_thread(&server, limit, chat).await.unwrap_err();
        assert_eq!(error.kind(), wanted, "{answer:.60}: {error}");
        server.finished().await;
    }
}
