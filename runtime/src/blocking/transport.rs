//! [`Transport`] over ureq.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use http::header::{CONTENT_LENGTH, USER_AGENT};

use crate::headers;
use crate::transport::{
    Body, BoxFuture, ByteStream, SendOptions, Transport, TransportError, TransportErrorKind, takes_body,
};

/// The number of bytes that are read from a response at once.
const PIECE: usize = 64 * 1024;

/// Sends with a [`ureq::Agent`] on the polling thread. Its futures block the thread until they are ready. It is meant
/// for [blocking clients](crate::ClientBuilder::blocking).
///
/// An agent that you pass in keeps its settings: proxies, certificates, pools, and timeouts that are shorter than the
/// call's. It never treats a status as an error, and follows no redirects: the runtime follows those of a download, and
/// any others could send keys in custom headers to other hosts.
///
/// Timeouts: an ordinary call ends at its timeout. If the body is read later, connecting, sending and waiting for the
/// headers have that timeout each. ureq has a single timeout for silence in headers and body: the longer of the call's
/// timeout and [`ClientBuilder::idle_timeout`](crate::ClientBuilder::idle_timeout).
#[derive(Clone, Debug)]
pub struct Ureq {
    agent: ureq::Agent,
    /// Whether the agent was passed in, so that its settings are unknown.
    has_tls: bool,
}

impl Ureq {
    /// Creates its own agent. It follows no redirects, which would send keys in custom headers to other hosts.
    #[must_use]
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder().max_redirects(0).max_redirects_will_error(false);
        #[cfg(any(
            feature = "blocking-rustls",
            feature = "blocking-rustls-no-provider",
            feature = "blocking-native-tls"
        ))]
        let config = config.tls_config(tls());
        let has_tls = cfg!(any(
            feature = "blocking-rustls",
            feature = "blocking-rustls-no-provider",
            feature = "blocking-native-tls"
        ));
        Self { agent: config.build().into(), has_tls }
    }

    fn exchange(
        &self,
        request: http::Request<Body>,
        options: SendOptions,
    ) -> Result<http::Response<Body>, TransportError> {
        let is_https = request.uri().scheme_str() == Some("https");
        if is_https && !self.has_tls {
            return Err(TransportError::new(TransportErrorKind::Invalid, NO_TLS));
        }
        let (mut head, body) = request.into_parts();
        let mut begun = false;
        let answer = match body.into_bytes() {
            Ok(bytes) if bytes.is_empty() && !takes_body(&head.method) => {
                self.run(http::Request::from_parts(head, ()), options)
            }
            Ok(bytes) if bytes.is_empty() => self.run(http::Request::from_parts(head, &[][..]), options),
            body => {
                let body = body.map_or_else(
                    |it| it,
                    |bytes| {
                        headers::set_default(&mut head.headers, CONTENT_LENGTH, bytes.len().into());
                        Body::from_bytes(bytes)
                    },
                );
                let mut pieces = Outgoing { pieces: body.into_stream(), piece: Bytes::new(), begun: false };
                let body = ureq::SendBody::from_reader(&mut pieces);
                let answer = self.run(http::Request::from_parts(head, body), options);
                begun = pieces.begun;
                answer
            }
        };
        let answer = answer.map_err(|it| error(it, begun))?;
        Ok(answer.map(|body| {
            let reader = Box::new(body.into_reader());
            Body::from_stream(Pieces { reader: Some(reader), room: Vec::new() })
        }))
    }

    fn run(
        &self,
        request: http::Request<impl ureq::AsSendBody>,
        options: SendOptions,
    ) -> Result<http::Response<ureq::Body>, ureq::Error> {
        let own = self.agent.config().timeouts();
        let shorter = |own, asked| match (own, asked) {
            (Some(own), Some(asked)) => Some(std::cmp::min::<std::time::Duration>(own, asked)),
            (own, asked) => own.or(asked),
        };
        let is_told_who_asks = !options.follows_redirects || request.headers().contains_key(USER_AGENT);
        let config = self.agent.configure_request(request).http_status_as_error(false).allow_non_standard_methods(true);
        // After a redirect to another origin, only the headers from the runtime are sent.
        let config = if is_told_who_asks { config } else { config.user_agent("") };
        let config = config.max_redirects(0).max_redirects_will_error(false);
        let config = if options.streams {
            let limit = options.timeout;
            let silence = options.idle_timeout.map(|it| limit.map_or(it, |limit| limit.max(it)));
            config
                .timeout_resolve(shorter(own.resolve, limit))
                .timeout_connect(shorter(own.connect, limit))
                .timeout_send_request(shorter(own.send_request, limit))
                .timeout_send_body(shorter(own.send_body, limit))
                .timeout_recv_response(shorter(own.recv_response, limit))
                .timeout_per_read(shorter(self.agent.config().timeout_per_read(), silence))
        } else {
            config.timeout_global(shorter(own.global, options.timeout))
        };
        self.agent.run(config.build())
    }
}

/// rustls if it is available, with the certificates that the machine trusts.
#[cfg(any(feature = "blocking-rustls", feature = "blocking-rustls-no-provider", feature = "blocking-native-tls"))]
fn tls() -> ureq::tls::TlsConfig {
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
    let rustls = cfg!(any(feature = "blocking-rustls", feature = "blocking-rustls-no-provider"));
    let provider = if rustls { TlsProvider::Rustls } else { TlsProvider::NativeTls };
    TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).provider(provider).build()
}

impl Default for Ureq {
    fn default() -> Self {
        Self::new()
    }
}

impl From<ureq::Agent> for Ureq {
    fn from(agent: ureq::Agent) -> Self {
        Self { agent, has_tls: true }
    }
}

impl Transport for Ureq {
    fn send(
        &self,
        request: http::Request<Body>,
        options: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move { self.exchange(request, options) })
    }
}

/// A body to send, as ureq reads it.
struct Outgoing {
    pieces: ByteStream,
    piece: Bytes,
    /// Whether the head was sent.
    begun: bool,
}

impl Read for Outgoing {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.begun = true;
        while self.piece.is_empty() {
            match self.pieces.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Some(piece)) => self.piece = piece.map_err(io::Error::other)?,
                Poll::Ready(None) => return Ok(0),
                Poll::Pending => {
                    let why =
                        "the stream of a file has to wait, which a blocking client cannot do; give it bytes or a path";
                    return Err(io::Error::other(TransportError::new(TransportErrorKind::Invalid, why)));
                }
            }
        }
        let length = self.piece.len().min(to.len());
        to[..length].copy_from_slice(&self.piece[..length]);
        self.piece.advance(length);
        Ok(length)
    }
}

/// The body of a response, as the runtime reads it.
struct Pieces {
    reader: Option<Box<ureq::BodyReader<'static>>>,
    room: Vec<u8>,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(reader) = &mut this.reader else { return Poll::Ready(None) };
        // Created when the first byte is read, because most responses are read at once.
        this.room.resize(PIECE, 0);
        let read = loop {
            match reader.read(&mut this.room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let piece = match read {
            Ok(0) => None,
            Ok(length) => return Poll::Ready(Some(Ok(Bytes::copy_from_slice(&this.room[..length])))),
            Err(fault) => Some(Err(error(fault.into(), true))),
        };
        this.reader = None;
        Poll::Ready(piece)
    }
}

/// The error without the URL, which may contain ids and query values. `begun` says whether a connection has accepted a
/// part of the request.
fn error(error: ureq::Error, begun: bool) -> TransportError {
    use ureq::{Error, Timeout};
    let of_socket = |it: &io::Error| match it.kind() {
        // The system also reports these for a connection that already existed.
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable
            if !begun =>
        {
            TransportErrorKind::NotSent
        }
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportErrorKind::Timeout,
        _ if !begun && is_lookup(it) => TransportErrorKind::NotSent,
        _ => TransportErrorKind::Broken,
    };
    let kind = match error {
        Error::Io(error) => {
            // A failure of the body that is being sent.
            return match error.downcast::<TransportError>() {
                Ok(own) => own,
                Err(error) => TransportError::new(of_socket(&error), error),
            };
        }
        Error::BadUri(_) | Error::Http(_) | Error::RequireHttpsOnly(_) => {
            return TransportError::new(TransportErrorKind::Invalid, "the URL is not one that ureq can send to");
        }
        Error::TlsRequired => return TransportError::new(TransportErrorKind::Invalid, NO_TLS),
        Error::InvalidProxyUrl => TransportErrorKind::Invalid,
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => TransportErrorKind::NotSent,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Broken,
    };
    TransportError::new(kind, error)
}

/// Whether the name of the host was not found. The standard library has no kind for that, only this text on Unix.
fn is_lookup(error: &io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address information")
}

const NO_TLS: &str = "the URL is https, and there is no TLS: turn on the feature `blocking-rustls` or \
     `blocking-native-tls`, or hand `Ureq::from` an agent that has TLS";
