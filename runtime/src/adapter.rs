//! [`Transport`] over reqwest.

use std::error::Error as _;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as _, Frame, SizeHint};

use crate::transport::{Body, BoxFuture, ByteStream, SendOptions, Transport, TransportError, TransportErrorKind};

/// Sends with a [`reqwest::Client`].
///
/// A client that you pass in keeps its settings: proxies, certificates, pools and, with the exceptions below,
/// redirects. Be careful with redirects: reqwest removes `authorization` when it goes to another host, but not a key in
/// another header, such as `x-api-key`. [`reqwest::redirect::Policy::none`] is the safe choice.
///
/// Whatever its settings, it sends every request once. Its own retries are not used, since
/// [`Error::attempts`](crate::Error::attempts) and [`RetryPolicy`](crate::RetryPolicy) could not count them. For the
/// same reason it does not follow a redirect that would send a body again (307 and 308). The runtime follows the
/// redirects of a download; only after a 303 does a client that you passed in continue by itself. Its own headers
/// ([`default_headers`](reqwest::ClientBuilder::default_headers)) are sent to every origin, so set a key on the API's
/// client instead.
#[derive(Clone)]
pub struct Reqwest {
    client: reqwest::Client,
}

/// Without the client: its settings may hold passwords of proxies, and the code that formats them would be in every program.
impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reqwest")
    }
}

impl Reqwest {
    /// Creates its own client. It follows no redirects, which could turn a `POST` into a `GET`, and send keys in custom
    /// headers to other hosts.
    ///
    /// # Errors
    /// Fails if the TLS stack cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).referer(false);
        // The runtime retries requests and counts the attempts. The only exception is that hyper uses another connection
        // if the one from its pool was closed before the first byte was sent, which no server notices.
        let builder = builder.retry(reqwest::retry::never());
        let client = builder.build().map_err(|it| TransportError::new(TransportErrorKind::Invalid, it))?;
        Ok(Self { client })
    }
}

impl From<reqwest::Client> for Reqwest {
    fn from(client: reqwest::Client) -> Self {
        Self { client }
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Body>,
        options: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let taken = Arc::new(AtomicBool::new(false));
        let request = reqwest::Request::try_from(request.map(|body| {
            let content = match body.into_bytes() {
                Ok(bytes) => Content::Bytes { hides_length: options.follows_redirects && bytes.is_empty(), bytes },
                Err(body) => Content::Pieces(Mutex::new(body.into_stream())),
            };
            reqwest::Body::wrap(Outgoing { content, taken: Arc::clone(&taken) })
        }));
        Box::pin(async move {
            let error = |it| error(it, taken.load(Ordering::Relaxed));
            // The runtime enforces the timeout: the attempt's limit covers the body too, and drops this future.
            let mut answer = self.client.execute(request.map_err(error)?).await.map_err(error)?;
            let mut response = http::Response::new(Body::from_bytes(Bytes::new()));
            *response.status_mut() = answer.status();
            *response.version_mut() = answer.version();
            std::mem::swap(response.headers_mut(), answer.headers_mut());
            *response.body_mut() = Body::from_stream(Pieces(answer.into()));
            Ok(response)
        })
    }
}

/// A body that reqwest cannot copy, so that it sends a request at most once.
struct Outgoing {
    content: Content,
    /// Whether a connection existed and has requested the body.
    taken: Arc<AtomicBool>,
}

enum Content {
    Bytes {
        bytes: Bytes,
        /// An empty body of known length would be recreated for a redirect.
        hides_length: bool,
    },
    /// Nobody else has it. reqwest wants to share it between threads all the same.
    Pieces(Mutex<ByteStream>),
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.taken.store(true, Ordering::Relaxed);
        let piece = match &mut self.content {
            Content::Bytes { bytes, .. } => {
                let bytes = std::mem::take(bytes);
                (!bytes.is_empty()).then_some(Ok(bytes))
            }
            Content::Pieces(pieces) => {
                let pieces = pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
                ready!(pieces.as_mut().poll_next(context))
            }
        };
        Poll::Ready(piece.map(|it| it.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        let Content::Bytes { bytes, .. } = &self.content else { return false };
        // Asked when the head is sent; for a body without bytes, nothing else can be observed.
        self.taken.store(true, Ordering::Relaxed);
        bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Bytes { bytes, hides_length: false } => SizeHint::with_exact(bytes.len() as u64),
            _ => SizeHint::default(),
        }
    }
}

/// The body of a response.
struct Pieces(reqwest::Body);

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(why)) => return Poll::Ready(Some(Err(error(why, true)))),
                // What is no data is a trailer.
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
            }
        }
    }
}

/// The error without its URL, which may contain ids and query values. `taken` says whether the body was requested.
fn error(error: reqwest::Error, taken: bool) -> TransportError {
    if error.is_connect() && lacks_tls(&error) {
        return TransportError::new(TransportErrorKind::Invalid, NO_TLS);
    }
    // A file that cannot be read is not a fault of the connection.
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.downcast_ref::<TransportError>().is_some_and(|it| it.kind() == TransportErrorKind::Invalid) {
            let why = inner.source().map_or_else(|| inner.to_string(), ToString::to_string);
            return TransportError::new(TransportErrorKind::Invalid, why);
        }
        cause = inner.source();
    }
    let kind = if error.is_builder() {
        TransportErrorKind::Invalid
    } else if is_sent_back(&error) {
        TransportErrorKind::Refused
    } else if error.is_connect() && !taken {
        // If the body was requested, the connection to the target of a redirect failed.
        TransportErrorKind::NotSent
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, error.without_url())
}

/// Whether the server said that it has not processed the request, which only HTTP/2 can say (RFC 9113, section 8.7).
fn is_sent_back(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            // A stream ends with a GOAWAY only if it was opened after the last stream that the server processes.
            let leaves = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
            let refuses = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            return error.is_remote() && (leaves || refuses);
        }
        source = cause.source();
    }
    false
}

const NO_TLS: &str = "the URL is https, and there is no TLS: turn on the feature `reqwest-rustls` or `reqwest-native-tls`, \
     or hand a client that has TLS to `ClientBuilder::http_client(…)`";

/// Whether the connector refused the scheme itself, which only its message shows. This crate's features are not enough,
/// because another crate may have enabled TLS in reqwest.
fn lacks_tls(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if crate::byte_scan::contains_ignore_case(&cause.to_string(), "scheme is not http") {
            return true;
        }
        source = cause.source();
    }
    false
}
