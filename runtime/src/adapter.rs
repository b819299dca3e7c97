//! [`Transport`] over reqwest.

use std::error::Error as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::transport::{Body, BoxFuture, SendOptions, Transport, TransportError, TransportErrorKind};

/// Sends with a [`reqwest::Client`].
///
/// One that is handed in keeps its own settings: proxies, certificates, pools, redirects. Mind redirects: reqwest takes
/// `authorization` off when it goes to another host, but not a key in a header of another name, such as `x-api-key`.
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: reqwest::Client,
}

impl Reqwest {
    /// With a client of its own. It follows no redirects: they would turn a `POST` into a `GET`, and carry keys in
    /// headers of their own to other hosts.
    ///
    /// # Errors
    /// The TLS stack cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).referer(false);
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
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let request = reqwest::Request::try_from(request.map(|body| match body.into_bytes() {
            Ok(bytes) => reqwest::Body::from(bytes),
            Err(body) => reqwest::Body::wrap_stream(body.into_stream()),
        }));
        Box::pin(async move {
            // The runtime keeps the time: the attempt's limit covers the body too, and drops this future.
            let mut answer = self.client.execute(request.map_err(error)?).await.map_err(error)?;
            let mut response = http::Response::new(Body::from_bytes(Bytes::new()));
            *response.status_mut() = answer.status();
            *response.version_mut() = answer.version();
            std::mem::swap(response.headers_mut(), answer.headers_mut());
            *response.body_mut() = Body::from_stream(Pieces(Box::pin(answer.bytes_stream())));
            Ok(response)
        })
    }
}

type ReqwestStream = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

struct Pieces(ReqwestStream);

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context).map(|piece| piece.map(|it| it.map_err(error)))
    }
}

/// Without its URL: that may hold ids and query values.
fn error(error: reqwest::Error) -> TransportError {
    if error.is_connect() && lacks_tls(&error) {
        return TransportError::new(TransportErrorKind::Invalid, NO_TLS);
    }
    // A file that cannot be read is not the connection's fault.
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
    } else if error.is_connect() {
        TransportErrorKind::NotSent
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, error.without_url())
}

const NO_TLS: &str = "the URL is https, and there is no TLS: turn on the feature `reqwest-rustls` or `reqwest-native-tls`, \
     or hand a client that has TLS to `ClientBuilder::http_client(…)`";

/// Whether the connector refused the scheme itself, which it says in words alone. Features of this crate do not tell:
/// another crate may have turned TLS on in reqwest.
fn lacks_tls(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if crate::words::holds(&cause.to_string(), "scheme is not http") {
            return true;
        }
        source = cause.source();
    }
    false
}
