//! Signs the requests of a client that has a signer.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

use crate::transport::{Body, BoxFuture};
use crate::{SignError, Signer, UnsignedRequest};

/// The signer of a client. Only a client with one refers to what it does, so other programs do not contain that.
pub(crate) struct Signing {
    signer: Arc<dyn Signer>,
    sign: Sign,
}

type Sign = for<'a> fn(&'a dyn Signer, http::Request<Body>, Option<&'a Bytes>, SystemTime) -> Signed<'a>;

type Signed<'a> = BoxFuture<'a, Result<http::Request<Body>, SignError>>;

impl Signing {
    pub(super) fn new(signer: impl Signer) -> Self {
        Self { signer: Arc::new(signer), sign }
    }

    /// The request with a signature. `bytes` are its body, if they are in memory.
    pub(crate) fn sign<'a>(
        &'a self,
        request: http::Request<Body>,
        bytes: Option<&'a Bytes>,
        time: SystemTime,
    ) -> Signed<'a> {
        (self.sign)(&*self.signer, request, bytes, time)
    }
}

fn sign<'a>(
    signer: &'a dyn Signer,
    request: http::Request<Body>,
    bytes: Option<&'a Bytes>,
    time: SystemTime,
) -> Signed<'a> {
    Box::pin(async move {
        let (mut head, body) = request.into_parts();
        signer.sign(UnsignedRequest { head: &mut head, body: bytes, time }).await?;
        Ok(http::Request::from_parts(head, body))
    })
}
