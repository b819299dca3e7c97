//! The interface between the runtime and an HTTP library.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

pub use crate::clock::BoxFuture;

/// Sends one HTTP request and returns the response, whatever its status.
///
/// The default is the adapter for reqwest. [`ClientBuilder::transport`](crate::ClientBuilder::transport) sets another,
/// such as a mock, another HTTP library or a stack of layers. An implementation must not retry or treat a status as an
/// error; the runtime does both, and counts the requests. Dropping the future must abandon the request.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request`. Its URI is absolute, and its headers are complete except for `host`. A streamed body of known
    /// length has `content-length`.
    ///
    /// # Errors
    /// Fails if no status line was received. The error says whether the server may have seen the request.
    fn send(
        &self,
        request: http::Request<Body>,
        options: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}

/// The settings of one attempt, for the transport.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SendOptions {
    /// The time after which the runtime drops the attempt, for transports that can pass it on. With [a clock that
    /// blocks](crate::Clock::blocks), the transport must enforce it itself.
    pub timeout: Option<Duration>,
    /// Whether the attempt ends with the headers of a successful response, and the body is read later, piece by piece.
    pub streams: bool,
    /// The longest time between two pieces of such a body, enforced like `timeout`.
    pub idle_timeout: Option<Duration>,
    /// Whether the runtime follows redirects of this request itself, so that no key is sent to another host. The
    /// transport must return redirects unchanged.
    pub follows_redirects: bool,
}

/// A boxed stream of bytes.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The body of a request or a response: bytes in memory, or a stream of bytes.
pub struct Body(Kind);

enum Kind {
    Bytes(Bytes),
    Stream(ByteStream),
}

impl Body {
    /// A body that is complete.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }

    /// A body that arrives piece by piece.
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self(Kind::Stream(Box::pin(stream)))
    }

    /// The bytes, if they are in memory.
    ///
    /// # Errors
    /// Returns the body if it is a stream.
    pub fn into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Kind::Bytes(bytes) => Ok(bytes),
            Kind::Stream(_) => Err(self),
        }
    }

    /// The bytes as a stream.
    #[must_use]
    pub fn into_stream(self) -> ByteStream {
        match self.0 {
            Kind::Bytes(bytes) => Box::pin(OnePiece(bytes)),
            Kind::Stream(stream) => stream,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    pub(crate) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        match &mut self.0 {
            Kind::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Bytes(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Kind::Stream(stream) => stream.as_mut().poll_next(context),
        }
    }

    /// Reads the whole body, up to `limit` bytes.
    ///
    /// # Errors
    /// Fails if the connection breaks, or if there is more.
    pub async fn collect(self, limit: usize) -> Result<Bytes, CollectError> {
        let (all, fault) = self.collect_most(limit, &|| false, Patience::FirstPiece).await;
        fault.map_or(Ok(all), Err)
    }

    /// As [`collect`](Self::collect), until `is_over`. If it fails, it also returns the first bytes, of which there are at
    /// most `limit`. The rest is not read.
    pub(crate) fn collect_most<'a>(
        mut self,
        limit: usize,
        is_over: &'a (dyn Fn() -> bool + Sync),
        patience: Patience,
    ) -> BoxFuture<'a, (Bytes, Option<CollectError>)> {
        Box::pin(async move {
            let mut all = BytesMut::new();
            let mut first = Bytes::new();
            let mut fault = None;
            while let Some(piece) = poll_fn(|context| self.poll_piece(context)).await {
                let mut piece = match piece {
                    Ok(piece) => piece,
                    Err(error) => {
                        fault = Some(CollectError::Transport(error));
                        break;
                    }
                };
                let room = limit - first.len() - all.len();
                if piece.len() > room {
                    // A copy, so that what is returned does not keep the memory of the rest.
                    piece = Bytes::copy_from_slice(&piece[..room]);
                    fault = Some(CollectError::TooLarge);
                }
                // One piece, which is the usual case, is not copied.
                if first.is_empty() && all.is_empty() {
                    first = piece;
                } else {
                    all.extend_from_slice(&std::mem::take(&mut first));
                    all.extend_from_slice(&piece);
                }
                // Nothing follows the first piece of most bodies, so that one may come late.
                let is_checked = patience == Patience::None || !all.is_empty();
                if fault.is_none() && is_checked && is_over() {
                    fault = Some(CollectError::Transport(TransportError::took_too_long()));
                }
                if fault.is_some() {
                    break;
                }
            }
            (if all.is_empty() { first } else { all.freeze() }, fault)
        })
    }
}

/// Which pieces of a body may arrive after the time is over.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Patience {
    /// None may.
    None,
    /// The first may, and is then read as the whole body if nothing follows it.
    FirstPiece,
}

/// Bytes in memory as a stream of at most one piece.
struct OnePiece(Bytes);

impl Stream for OnePiece {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Kind::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

/// Why [`Body::collect`] failed.
#[derive(Debug)]
pub enum CollectError {
    /// The connection broke.
    Transport(TransportError),
    /// The body is larger than the limit.
    TooLarge,
}

impl fmt::Display for CollectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(_) => f.write_str("the response broke off"),
            Self::TooLarge => f.write_str("the response is larger than the limit"),
        }
    }
}

impl StdError for CollectError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::TooLarge => None,
        }
    }
}

/// The kind of a [`TransportError`]. It decides whether the request may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// There was no connection (name not found, refused, TLS failed). The server certainly did not see the request.
    NotSent,
    /// The server returned the request unread: with HTTP/2, it refused the stream, or went away before it.
    Refused,
    /// It took too long. The server may have processed the request.
    Timeout,
    /// The connection broke. The server may have processed the request.
    Broken,
    /// The request cannot be sent at all, so a retry is useless.
    Invalid,
}

/// Why there was no response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn StdError + Send + Sync>,
}

impl TransportError {
    /// An error with its cause. `source` must not show the query or headers of the request.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, source: source.into() }
    }

    /// The timeout of an attempt expired while its body was arriving.
    pub(crate) fn took_too_long() -> Self {
        Self::new(TransportErrorKind::Timeout, "the body did not end in time")
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::NotSent => "no connection to the server",
            TransportErrorKind::Refused => "the server returned the request unread",
            TransportErrorKind::Timeout => "the server took too long",
            TransportErrorKind::Broken => "the connection broke",
            TransportErrorKind::Invalid => "the request cannot be sent",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Methods whose requests announce the length of their body even if it is empty.
pub(crate) fn takes_body(method: &http::Method) -> bool {
    matches!(method.as_str(), "POST" | "PUT" | "PATCH")
}
