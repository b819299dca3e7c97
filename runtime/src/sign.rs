//! Signatures of requests, for APIs whose credentials are not simply sent.

use std::error::Error as StdError;
use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::request::Parts;

use crate::BoxFuture;

/// Signs requests: it sees each one as it is sent, and adds what proves its origin.
///
/// [`ClientBuilder::signer`](crate::ClientBuilder::signer) sets it. Every attempt is signed anew, so that a signature
/// with a date does not grow old. A redirect to another origin is not signed.
///
/// ```
/// use specwright_runtime::{BoxFuture, SignError, Signer, UnsignedRequest};
///
/// #[derive(Debug)]
/// struct Digest;
///
/// impl Signer for Digest {
///     fn sign<'a>(&'a self, request: UnsignedRequest<'a>) -> BoxFuture<'a, Result<(), SignError>> {
///         Box::pin(async move {
///             let length = request.body.ok_or("only bodies in memory can be signed")?.len();
///             let signature = format!("{} {} {length}", request.head.method, request.head.uri.path());
///             request.head.headers.insert("x-signature", signature.parse()?);
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Signer: fmt::Debug + Send + Sync + 'static {
    /// Changes the head of a request so that it is signed.
    ///
    /// # Errors
    /// Fails if the request cannot be signed. It is not sent then.
    fn sign<'a>(&'a self, request: UnsignedRequest<'a>) -> BoxFuture<'a, Result<(), SignError>>;
}

/// Why a request cannot be signed.
pub type SignError = Box<dyn StdError + Send + Sync>;

/// A request that is complete but for its signature.
#[derive(Debug)]
#[non_exhaustive]
pub struct UnsignedRequest<'a> {
    /// The method, the absolute URL and the headers, except for `host` and a `content-length` that the transport adds. It
    /// may be changed.
    pub head: &'a mut Parts,
    /// The body, byte for byte; `None` if it is read while it is sent, as files are.
    pub body: Option<&'a Bytes>,
    /// The time, by the client's clock.
    pub time: SystemTime,
}
