//! Tests streams of four kinds, with a server that sends them piece by piece.

mod decoder;
mod events;
mod halves;
mod holes;
mod hostile;
mod opening;
mod specs;
mod steps;
mod tools;
mod totals;

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use super::{API, Create, KEY, Read, coded, refused, secs};
use crate::stream::{OtherEvent, StreamSpec};
use crate::testing::VirtualClock;
use crate::transport::{Body, SendOptions};
use crate::*;

/// What a body does next.
#[derive(Clone)]
pub(super) enum Piece {
    Bytes(Bytes),
    Wait(Duration),
    Fault,
    Never,
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self::Bytes(Bytes::copy_from_slice(text.as_bytes()))
    }
}

/// A body that counts the open bodies of its kind.
struct Pieces<I> {
    pieces: I,
    clock: VirtualClock,
    wait: Option<BoxFuture<'static, ()>>,
    open: Arc<AtomicUsize>,
}

impl<I: Iterator<Item = Piece> + Unpin> Stream for Pieces<I> {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(wait) = &mut self.wait {
                std::task::ready!(wait.as_mut().poll(context));
                self.wait = None;
            }
            match self.pieces.next() {
                Some(Piece::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Piece::Wait(time)) => self.wait = Some(self.clock.sleep(time)),
                Some(Piece::Fault) => {
                    return Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Broken, "cut"))));
                }
                Some(Piece::Never) => self.wait = Some(Box::pin(std::future::pending())),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<I> Drop for Pieces<I> {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

type Answering = Box<dyn Iterator<Item = Piece> + Send + Sync>;
type Made = (u16, &'static str, Answering);

/// Responds with bodies that arrive in pieces.
#[derive(Clone)]
pub(super) struct Streamer {
    clock: VirtualClock,
    answers: Arc<Mutex<VecDeque<Made>>>,
    pub(super) open: Arc<AtomicUsize>,
    pub(super) accepts: Arc<Mutex<Vec<String>>>,
}

impl std::fmt::Debug for Streamer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Streamer")
    }
}

impl Transport for Streamer {
    fn send(
        &self,
        request: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let accept = request.headers()["accept"].to_str().unwrap().to_owned();
        self.accepts.lock().unwrap().push(accept);
        let (status, kind, pieces) = self.answers.lock().unwrap().pop_front().unwrap();
        self.open.fetch_add(1, Ordering::Relaxed);
        let body = Pieces { pieces, clock: self.clock.clone(), wait: None, open: Arc::clone(&self.open) };
        Box::pin(async move {
            let head = http::Response::builder().status(status).header("content-type", kind);
            Ok(head.header("x-request-id", "req-1").body(Body::from_stream(body)).unwrap())
        })
    }
}

/// A client whose server streams.
pub(super) struct Streams {
    pub(super) client: Client,
    pub(super) server: Streamer,
    pub(super) clock: VirtualClock,
}

impl Streams {
    pub(super) fn new(answers: impl IntoIterator<Item = Vec<Piece>>) -> Self {
        Self::with(answers.into_iter().map(sse), |it| it)
    }

    pub(super) fn with(
        answers: impl IntoIterator<Item = Made>,
        change: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let clock = VirtualClock::new();
        let server = Streamer {
            clock: clock.clone(),
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            open: Arc::default(),
            accepts: Arc::default(),
        };
        let builder = Client::builder(&API).api_key(KEY).transport(server.clone()).clock(clock.clone());
        Self { client: change(builder).build().unwrap(), server, clock }
    }

    /// An operation that must not be repeated after a broken connection.
    pub(super) fn open(&self, spec: &'static StreamSpec) -> Result<EventStream<OtherEvent, Whole>> {
        self.clock.run(self.streaming(spec))
    }

    pub(super) fn streaming(&self, spec: &'static StreamSpec) -> Streaming<OtherEvent, Whole> {
        self.client.call().stream(Create("a tree"), spec, other)
    }

    /// An operation that may be repeated.
    pub(super) fn reopen(&self, spec: &'static StreamSpec) -> Result<EventStream<OtherEvent, Whole>> {
        self.clock.run(self.client.call().stream(Read("1"), spec, other))
    }

    pub(super) fn next(&self, stream: &mut EventStream<OtherEvent, Whole>) -> Option<Result<OtherEvent>> {
        self.clock.run(stream.next())
    }

    /// Names of the events up to the end, and the error that ended it.
    pub(super) fn drain(&self, stream: &mut EventStream<OtherEvent, Whole>) -> (Vec<OtherEvent>, Option<Error>) {
        let mut events = Vec::new();
        while let Some(event) = self.next(stream) {
            match event {
                Ok(event) => events.push(event),
                Err(error) => {
                    assert!(self.next(stream).is_none(), "{error}");
                    return (events, Some(error));
                }
            }
        }
        (events, None)
    }

    pub(super) fn sent(&self) -> usize {
        self.server.accepts.lock().unwrap().len()
    }

    pub(super) fn opened(&self) -> usize {
        self.server.open.load(Ordering::Relaxed)
    }
}

/// A response of events.
pub(super) fn sse(pieces: impl IntoIterator<Item = Piece, IntoIter: Send + Sync + 'static>) -> Made {
    (200, "text/event-stream; charset=utf-8", Box::new(pieces.into_iter()))
}

/// Any event.
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of the others")]
pub(super) fn other(name: &str, data: &Reader<'_>) -> Result<OtherEvent, DecodeError> {
    Ok(OtherEvent::new(name, data))
}

/// A response that is unchanged.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whole(pub(super) Value);

impl Decode for Whole {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        from.object()?;
        Ok(Self(from.any()?))
    }
}

/// All bytes in pieces of this size.
pub(super) fn cut(text: &[u8], most: usize) -> Vec<Piece> {
    text.chunks(most.max(1)).map(|it| Piece::Bytes(Bytes::copy_from_slice(it))).collect()
}

#[test]
fn streams_are_send() {
    fn moves<T: Send + 'static>(it: T) -> T {
        it
    }
    let it = Streams::new([vec![Piece::from("data: {}\n\ndata: [DONE]\n\n")]]);
    let streaming = moves(it.client.call().stream(Create("a tree"), &specs::CHUNKS, other));
    let mut stream: EventStream<OtherEvent, ()> = moves(it.clock.run(streaming).unwrap());
    assert!(it.clock.run(stream.next()).unwrap().is_ok());
    drop(moves(stream.into_text()));
    assert_eq!(&*it.server.accepts.lock().unwrap(), &["text/event-stream"]);
}
