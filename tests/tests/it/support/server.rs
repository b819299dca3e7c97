//! An HTTP/1.1 server on loopback that records its requests, and misbehaves as the test requires.
//!
//! It writes every byte itself on purpose: a library would not send half a response, and would share its view of HTTP
//! with the client under test.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case, in the order of arrival.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The only header of this name; `-` for none.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|it| it.0 == name);
        let value = found.next().map_or("-", |it| it.1.as_str());
        assert!(found.next().is_none(), "`{name}` was sent twice");
        value
    }

    /// The body as JSON; `null` for none.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// What the server does with one request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// A complete response; the connection stays open.
    Whole,
    /// The announced length is too long, the last byte is missing, and the connection closes.
    Truncated,
    /// The announced length is too long, the last byte is missing, and nothing more is sent.
    Stalled,
    /// The connection closes before the first byte.
    Cut,
    /// No response is sent; the connection stays open until the client closes it.
    Silent,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), end: End::Whole }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).header("content-type", "application/json")
    }

    pub(crate) fn cut() -> Self {
        Self { end: End::Cut, ..Self::new(200, "") }
    }

    pub(crate) fn silent() -> Self {
        Self { end: End::Silent, ..Self::new(200, "") }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Ends in the middle of the body.
    pub(crate) fn truncated(self) -> Self {
        Self { end: End::Truncated, ..self }
    }

    /// Stops in the middle of the body, with the connection open.
    pub(crate) fn stalled(self) -> Self {
        Self { end: End::Stalled, ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Said\r\n", self.status);
        if self.status != 204 {
            let missing = if self.end == End::Whole { 0 } else { 100 };
            head.push_str(&format!("content-length: {}\r\n", self.body.len() + missing));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        // A body that only lacks the end of the connection would count as complete.
        let sent = self.body.len().saturating_sub(usize::from(self.end != End::Whole));
        [head.as_bytes(), &self.body[..sent]].concat()
    }
}

/// The server. It ends with the test.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

/// The response to a request, by the number of earlier requests.
type Answering = dyn Fn(&Received, usize) -> Answer + Send + Sync;

struct State {
    answer: Box<Answering>,
    received: Mutex<Vec<Received>>,
    came: Notify,
    hung_up: Notify,
}

impl Server {
    /// Sends these responses in turn, and repeats the last one.
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Mutex<VecDeque<Answer>> = Mutex::new(answers.into_iter().collect());
        Self::start(move |_, _| {
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            let last = answers.front().cloned().expect("an answer");
            if answers.len() > 1 { answers.pop_front().expect("an answer") } else { last }
        })
        .await
    }

    /// Responds by the request and by the number of earlier requests.
    pub(crate) async fn start(answer: impl Fn(&Received, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::with(Box::new(answer)).await
    }

    /// Not generic, or else it and its tasks would be compiled for each test.
    async fn with(answer: Box<Answering>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State { answer, received: Mutex::default(), came: Notify::new(), hung_up: Notify::new() });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, shared.clone()));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far, in the order of completion.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.received().clone()
    }

    /// The only request so far.
    #[track_caller]
    pub(crate) fn only(&self) -> Received {
        let mut all = self.received();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    pub(crate) fn count(&self) -> usize {
        self.state.received().len()
    }

    /// Waits for a request that was not waited for yet.
    pub(crate) async fn request_came(&self) {
        self.state.came.notified().await;
    }

    /// Waits until a client abandons a request without a response.
    pub(crate) async fn client_left(&self) {
        self.state.hung_up.notified().await;
    }
}

impl State {
    fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection, until either side closes it.
async fn serve(mut connection: TcpStream, state: Arc<State>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut connection, &mut buffer).await {
        let before = {
            let mut all = state.received();
            all.push(request.clone());
            all.len() - 1
        };
        let answer = (state.answer)(&request, before);
        state.came.notify_one();
        if matches!(answer.end, End::Whole | End::Truncated | End::Stalled)
            && connection.write_all(&answer.bytes()).await.is_err()
        {
            return;
        }
        match answer.end {
            End::Whole => {}
            End::Truncated | End::Cut => return,
            End::Silent | End::Stalled => {
                // No more bytes arrive, only the end.
                let _ = connection.read(&mut [0]).await;
                state.hung_up.notify_one();
                return;
            }
        }
    }
}

/// The next request of a connection. `None` if it is closed.
pub(crate) async fn read(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|it| it == b"\r\n\r\n") {
            break at;
        }
        more(connection, buffer).await?;
    };
    let head = String::from_utf8(buffer[..end].to_vec()).expect("a head in ASCII");
    let mut lines = head.split("\r\n");
    let mut first = lines.next().expect("a request line").split(' ');
    let (method, target, version) = (first.next(), first.next(), first.next());
    assert_eq!(version, Some("HTTP/1.1"), "{head}");
    let headers: Vec<(String, String)> = lines
        .map(|it| it.split_once(':').expect("a header"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|it| it.0 == "content-length").map_or(0, |it| it.1.parse().expect("a length"));
    let whole = end + 4 + length;
    while buffer.len() < whole {
        more(connection, buffer).await?;
    }
    let body = buffer[end + 4..whole].to_vec();
    buffer.drain(..whole);
    let text = |it: Option<&str>| it.expect("a request line").to_owned();
    Some(Received { method: text(method), target: text(target), headers, body })
}

async fn more(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 16 * 1024];
    match connection.read(&mut piece).await {
        Ok(0) | Err(_) => None,
        Ok(count) => {
            buffer.extend_from_slice(&piece[..count]);
            Some(())
        }
    }
}
