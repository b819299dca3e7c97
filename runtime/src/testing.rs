//! A fake server and a virtual clock, for tests of clients without a network and without waiting.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::Value;

use crate::transport::{Body, SendOptions};
use crate::{BoxFuture, Clock, Transport, TransportError, TransportErrorKind};

/// The parts of a request, without sending it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// Percent-encoded.
    pub path: String,
    /// Percent-encoded, without the `?`.
    pub query: String,
    /// In the order of the spec.
    pub headers: Vec<(std::borrow::Cow<'static, str>, String)>,
    /// JSON text; empty if there is no JSON body.
    pub body: Vec<u8>,
    /// Text and files instead of JSON.
    pub multipart: Option<crate::Multipart>,
    /// The fields of a form instead of JSON, percent-encoded.
    pub form: Option<String>,
    /// Whether the body is a file instead of JSON.
    pub file: bool,
    /// Text instead of JSON.
    pub text: Option<String>,
}

/// Writes a request as it would be sent.
#[must_use]
pub fn written(request: &impl crate::Request) -> Written {
    let mut parts = crate::RequestParts::default();
    request.write(&mut parts);
    written_parts(parts)
}

/// Not generic, or else it would be compiled for each request.
fn written_parts(parts: crate::RequestParts) -> Written {
    let crate::RequestParts { path, query, headers, body, multipart, form, file, text, .. } = parts;
    Written {
        path,
        query,
        headers,
        body: body.into_bytes(),
        multipart: multipart.map(|mut it| std::mem::take(it.form())),
        form,
        file: file.is_some(),
        text,
    }
}

/// A clock whose time passes only when everything waits for it.
///
/// It starts at 2026-01-01T00:00:00Z. [`set_random`](Self::set_random) sets the random number for jitter, which is 1 at
/// first: the longest delay.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    start: Instant,
    state: Arc<Mutex<Time>>,
}

#[derive(Debug)]
struct Time {
    passed: Duration,
    /// Until when, and the waker to call then.
    sleepers: Vec<(Duration, Waker)>,
    random: f64,
}

impl Default for VirtualClock {
    fn default() -> Self {
        let time = Time { passed: Duration::ZERO, sleepers: Vec::new(), random: 1.0 };
        Self { start: Instant::now(), state: Arc::new(Mutex::new(time)) }
    }
}

impl VirtualClock {
    /// At its start.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the random number for jitter, from 0 to 1.
    pub fn set_random(&self, value: f64) {
        self.state().random = value;
    }

    /// The time that has passed.
    #[must_use]
    pub fn passed(&self) -> Duration {
        self.state().passed
    }

    /// Runs a future to its end. Whenever it can only wait, time jumps to the next moment that something waits for.
    ///
    /// # Panics
    /// Panics if the future waits for something other than time.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            if !woken.0.swap(false, Ordering::Relaxed) {
                self.jump();
            }
        }
    }

    /// Lets the time pass until something that waits for it ends. Not generic, or else it would be compiled for each future.
    fn jump(&self) {
        let mut state = self.state();
        let now = state.passed;
        state.sleepers.retain(|it| it.0 > now);
        let next = state.sleepers.iter().map(|it| it.0).min();
        let next = next.expect("the future waits for something other than time");
        state.passed = next;
        let due: Vec<_> = state.sleepers.extract_if(.., |it| it.0 <= next).collect();
        drop(state);
        due.into_iter().for_each(|it| it.1.wake());
    }

    fn state(&self) -> MutexGuard<'_, Time> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    fn system_time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_225_600) + self.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            let until = clock.passed().saturating_add(duration);
            poll_fn(|context| {
                let mut state = clock.state();
                if state.passed >= until {
                    return Poll::Ready(());
                }
                state.sleepers.push((until, context.waker().clone()));
                Poll::Pending
            })
            .await;
        })
    }

    fn random(&self) -> f64 {
        self.state().random
    }
}

/// Whether a future has something to do before time passes.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A server that responds from a list and records what it was sent. At the end of the list, it repeats the last
/// response.
#[derive(Clone, Default)]
pub struct FakeServer {
    state: Arc<Mutex<Server>>,
    clock: Option<VirtualClock>,
}

#[derive(Default)]
struct Server {
    answers: VecDeque<Answer>,
    requests: Vec<http::Request<Bytes>>,
}

/// The response of a [`FakeServer`] to one request.
#[derive(Clone, Debug)]
pub struct Answer {
    kind: AnswerKind,
    after: Duration,
}

#[derive(Clone, Debug)]
enum AnswerKind {
    Http { status: u16, headers: Vec<(String, String)>, body: Bytes, breaks: bool },
    Fault(TransportErrorKind),
    Never,
}

impl Answer {
    /// A status and a body.
    ///
    /// ```
    /// # use specwright_runtime::testing::Answer;
    /// Answer::new(503, "busy").header("retry-after", "2");
    /// ```
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let kind = AnswerKind::Http { status, headers: Vec::new(), body: body.into(), breaks: false };
        Self { kind, after: Duration::ZERO }
    }

    /// A status and JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).header("content-type", "application/json")
    }

    /// A failure of the transport instead of a response.
    #[must_use]
    pub fn fault(kind: TransportErrorKind) -> Self {
        Self { kind: AnswerKind::Fault(kind), after: Duration::ZERO }
    }

    /// Never responds.
    #[must_use]
    pub fn never() -> Self {
        Self { kind: AnswerKind::Never, after: Duration::ZERO }
    }

    /// Adds a header. The name and the value must be valid.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let AnswerKind::Http { headers, .. } = &mut self.kind {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The connection breaks after the body.
    #[must_use]
    pub fn broken(mut self) -> Self {
        if let AnswerKind::Http { breaks, .. } = &mut self.kind {
            *breaks = true;
        }
        self
    }

    /// Responds only after some time. It needs [`FakeServer::with_clock`].
    #[must_use]
    pub fn after(mut self, time: Duration) -> Self {
        self.after = time;
        self
    }
}

impl FakeServer {
    /// A server with these responses.
    #[must_use]
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let server = Server { answers: answers.into_iter().collect(), requests: Vec::new() };
        Self { state: Arc::new(Mutex::new(server)), clock: None }
    }

    /// A server whose responses take time.
    #[must_use]
    pub fn with_clock(mut self, clock: &VirtualClock) -> Self {
        self.clock = Some(clock.clone());
        self
    }

    /// What it was sent, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }

    /// How many requests it was sent.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).requests.len()
    }
}

impl fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FakeServer({} requests)", self.count())
    }
}

impl Transport for FakeServer {
    fn send(
        &self,
        request: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let (head, body) = request.into_parts();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Data that is available counts as sent before the response is awaited.
        let coming = match body.into_bytes() {
            Ok(body) => {
                state.requests.push(http::Request::from_parts(head, body));
                None
            }
            Err(body) => Some((head, body)),
        };
        let answer = match state.answers.len() {
            0 => None,
            1 => state.answers.front().cloned(),
            _ => state.answers.pop_front(),
        };
        Box::pin(async move {
            if let Some((head, body)) = coming {
                let body = body.collect(usize::MAX).await;
                let body = body.map_err(|it| TransportError::new(TransportErrorKind::Invalid, it))?;
                let request = http::Request::from_parts(head, body);
                self.state.lock().unwrap_or_else(PoisonError::into_inner).requests.push(request);
            }
            let answer = answer.unwrap_or_else(|| Answer::new(500, "the fake server has no response"));
            if let Some(clock) = self.clock.as_ref().filter(|_| !answer.after.is_zero()) {
                clock.sleep(answer.after).await;
            }
            match answer.kind {
                AnswerKind::Never => std::future::pending().await,
                AnswerKind::Fault(kind) => Err(TransportError::new(kind, "a fault of the fake server")),
                AnswerKind::Http { status, headers, body, breaks } => {
                    let mut response = http::Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    let body = if breaks { Body::from_stream(Broken(Some(body))) } else { Body::from_bytes(body) };
                    response.body(body).map_err(|it| TransportError::new(TransportErrorKind::Invalid, it))
                }
            }
        })
    }
}

/// A body that ends in a failure.
struct Broken(Option<Bytes>);

impl futures_core::Stream for Broken {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = self.0.take().map(Ok);
        let fault = || TransportError::new(TransportErrorKind::Broken, "a fault of the fake server");
        Poll::Ready(Some(piece.unwrap_or_else(|| Err(fault()))))
    }
}
