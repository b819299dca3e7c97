//! Tests HTTP/2 through reqwest, against a server that writes every frame itself, because a library would repair what
//! these tests break. It counts the requests that really arrive.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use specwright_runtime::{Client, ErrorKind, File, RetryPolicy};

use crate::api::{API, Content, Create, List, Upload};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

/// The flag for the last frame of a stream, and also the one for an acknowledgement.
const END: u8 = 1;
const END_HEADERS: u8 = 4;

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED: u32 = 7;
const CANCEL: u32 = 8;
const CALM: u32 = 11;

/// What the server does when a request has started.
#[derive(Clone, Copy, Debug)]
enum Does {
    Resets(u32),
    /// Sends GOAWAY, having processed no request, or this one as the last.
    Leaves(u32, bool),
    /// Closes the connection without a frame.
    Cuts,
    /// Responds with status 200: the announced length, the bytes, and how it ends.
    Answers(Option<usize>, &'static str, Ends),
}

#[derive(Clone, Copy, Debug)]
enum Ends {
    Well,
    By(u32),
}

use Does::{Answers, Cuts, Leaves, Resets};
use Ends::{By, Well};

const WHOLE: Does = Answers(None, r#"{"id":"7"}"#, Well);

/// Creating one takes longer than a test.
static HTTP2: LazyLock<reqwest::Client> =
    LazyLock::new(|| reqwest::Client::builder().http2_prior_knowledge().no_proxy().build().unwrap());

struct Server {
    url: String,
    requests: Arc<Mutex<usize>>,
}

impl Server {
    /// Does these in turn, and repeats the last one.
    fn new(steps: &[Does]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(0));
        let (counter, steps) = (Arc::clone(&requests), steps.to_vec());
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let (counter, steps) = (Arc::clone(&counter), steps.clone());
                std::thread::spawn(move || serve(stream, &counter, &steps));
            }
        });
        Self { url, requests }
    }

    fn count(&self) -> usize {
        *self.requests.lock().unwrap()
    }

    fn client(&self, policy: RetryPolicy) -> Client {
        let builder = Client::builder(&API).api_key("k").base_url(&*self.url).http_client(HTTP2.clone());
        builder.retry(policy.delays(Duration::ZERO, Duration::ZERO)).build().unwrap()
    }
}

/// One connection. It fails or ends when the client has closed it.
fn serve(mut stream: TcpStream, counter: &Mutex<usize>, steps: &[Does]) -> Option<()> {
    // A failed test must end.
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    stream.read_exact(&mut [0; 24]).ok()?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).ok()?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).ok()?;
        let mut payload = vec![0; usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2])];
        stream.read_exact(&mut payload).ok()?;
        let id = u32::from_be_bytes(head[5..].try_into().unwrap());
        match head[3] {
            SETTINGS if head[4] & END == 0 => stream.write_all(&frame(SETTINGS, END, 0, &[])).ok()?,
            PING if head[4] & END == 0 => stream.write_all(&frame(PING, END, 0, &payload)).ok()?,
            HEADERS => {
                let count = {
                    let mut count = counter.lock().unwrap();
                    *count += 1;
                    *count
                };
                let step = steps[count.min(steps.len()) - 1];
                stream.write_all(&bytes(step, id)).ok()?;
                if matches!(step, Cuts | Leaves(_, true)) {
                    return None;
                }
            }
            _ => {}
        }
    }
}

fn bytes(step: Does, id: u32) -> Vec<u8> {
    match step {
        Cuts => Vec::new(),
        Resets(code) => frame(RST_STREAM, 0, id, &code.to_be_bytes()),
        Leaves(code, taken) => {
            let last = if taken { id } else { 0 };
            frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())
        }
        Answers(length, body, ends) => {
            // `:status: 200` and two literals with names from the static table (RFC 7541, appendix A).
            let mut head = vec![0x88];
            let mut literal = |name: [u8; 2], value: &str| {
                head.extend(name);
                head.push(u8::try_from(value.len()).unwrap());
                head.extend(value.as_bytes());
            };
            literal([0x0f, 0x10], "application/json");
            if let Some(length) = length {
                literal([0x0f, 0x0d], &length.to_string());
            }
            let mut out = frame(HEADERS, END_HEADERS, id, &head);
            if !body.is_empty() {
                out.extend(frame(DATA, 0, id, body.as_bytes()));
            }
            out.extend(match ends {
                Well => frame(DATA, END, id, &[]),
                By(code) => frame(RST_STREAM, 0, id, &code.to_be_bytes()),
            });
            out
        }
    }
}

fn frame(kind: u8, flags: u8, id: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut out = vec![length[1], length[2], length[3], kind, flags];
    out.extend(id.to_be_bytes());
    out.extend(payload);
    out
}

/// The attempts that the client counts, which must equal the requests at the server, and the error.
async fn created(steps: &[Does], policy: RetryPolicy) -> (u32, Option<specwright_runtime::Error>) {
    let server = Server::new(steps);
    let error = server.client(policy).send(Create("a")).await.err();
    let count = u32::try_from(server.count()).unwrap();
    if let Some(error) = &error {
        assert_eq!(error.attempts(), count, "{steps:?}: {error}");
    }
    (count, error)
}

async fn listed(steps: &[Does], policy: RetryPolicy) -> (u32, Option<specwright_runtime::Error>) {
    let server = Server::new(steps);
    let (attempts, error) = match server.client(policy).send(List).await {
        Ok(answer) => (answer.attempts(), None),
        Err(error) => (error.attempts(), Some(error)),
    };
    assert_eq!(server.count(), attempts as usize, "{steps:?}: {error:?}");
    (attempts, error)
}

#[tokio::test]
async fn nothing_is_retried_without_a_retry_policy() {
    for step in [Resets(REFUSED), Leaves(NO_ERROR, false), Resets(CANCEL), Resets(INTERNAL_ERROR), Leaves(CALM, false)]
    {
        for _ in 0..2 {
            assert_eq!(created(&[step], RetryPolicy::none()).await.0, 1, "{step:?}");
            assert_eq!(listed(&[step], RetryPolicy::none()).await.0, 1, "{step:?}");
        }
        let server = Server::new(&[step]);
        let client = server.client(RetryPolicy::none());
        assert!(client.send(Upload(File::bytes("abc"))).await.is_err());
        assert!(client.send(Content).await.is_err());
        assert_eq!(server.count(), 2, "{step:?}");
    }
}

#[tokio::test]
async fn requests_returned_unread_are_retried_and_counted() {
    for step in [Resets(REFUSED), Leaves(NO_ERROR, false)] {
        let (sent, error) = created(&[step], RetryPolicy::new()).await;
        let error = error.unwrap();
        assert_eq!((sent, error.kind()), (3, ErrorKind::Connect), "{step:?}: {error:?}");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "the server returned the request unread");
        let (sent, error) = created(&[step, step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.is_none()), (3, true), "{step:?}: {error:?}");
        let (sent, error) = listed(&[step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.is_none()), (2, true), "{step:?}: {error:?}");
    }
}

#[tokio::test]
async fn possibly_processed_requests_are_retried_only_if_they_are_reads() {
    for step in [
        Resets(CANCEL),
        Resets(INTERNAL_ERROR),
        Resets(NO_ERROR),
        Leaves(NO_ERROR, true),
        // It says that it has processed nothing, but also reports an error.
        Leaves(INTERNAL_ERROR, false),
        Cuts,
    ] {
        let (sent, error) = created(&[step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.map(|it| it.kind())), (1, Some(ErrorKind::Transport)), "{step:?}");
        let (sent, error) = listed(&[step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.is_none()), (2, true), "{step:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_read_with_a_truncated_body_is_retried() {
    for (step, kind) in [
        (Answers(Some(10), "", By(NO_ERROR)), ErrorKind::Transport),
        (Answers(Some(10), r#"{"id""#, By(NO_ERROR)), ErrorKind::Transport),
        (Answers(Some(10), r#"{"id""#, By(CANCEL)), ErrorKind::Transport),
        (Answers(Some(10), r#"{"id""#, Well), ErrorKind::Transport),
        (Answers(None, "", By(NO_ERROR)), ErrorKind::Decode),
        (Answers(None, r#"{"id""#, By(NO_ERROR)), ErrorKind::Decode),
        (Answers(None, "", Well), ErrorKind::Decode),
    ] {
        let (sent, error) = listed(&[step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.is_none()), (2, true), "{step:?}: {error:?}");
        let (sent, error) = listed(&[step], RetryPolicy::new()).await;
        assert_eq!((sent, error.map(|it| it.kind())), (3, Some(kind)), "{step:?}");
        let (sent, error) = created(&[step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.map(|it| it.kind())), (1, Some(kind)), "{step:?}");
    }
}

#[tokio::test]
async fn a_complete_paid_response_is_kept() {
    for (length, ends) in
        [(None, By(CANCEL)), (Some(40), By(INTERNAL_ERROR)), (Some(40), By(NO_ERROR)), (Some(40), Well)]
    {
        let step = Answers(length, r#"{"id":"7"}"#, ends);
        let (sent, error) = created(&[step, WHOLE], RetryPolicy::new()).await;
        assert_eq!((sent, error.is_none()), (1, true), "{step:?}: {error:?}");
    }
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let server = Server::new(&[WHOLE, WHOLE, Leaves(NO_ERROR, false), WHOLE]);
    let client = server.client(RetryPolicy::new());
    for attempts in [1, 1, 2, 1] {
        let answer = client.send(List).await.unwrap();
        assert_eq!((answer.id.as_str(), answer.attempts()), ("7", attempts));
    }
    assert_eq!(server.count(), 5);
}
