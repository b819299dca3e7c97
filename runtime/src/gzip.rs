//! Compressed responses, read piece by piece: what they become is bounded by the limits of whoever reads them.

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use flate2::write::MultiGzDecoder;
use futures_core::Stream;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue};

use crate::headers;
use crate::transport::{Body, ByteStream, TransportError, TransportErrorKind};
use crate::{Operation, media};

/// Bytes that are expanded at a time. A byte becomes at most about a thousand, so a step makes a megabyte at most.
const STEP: usize = 1024;

/// Asks for a compressed response. Files are left as they are, since their length and their parts count, and so are
/// streams of events, since what compresses holds events back. What the call accepts is in the headers.
pub(crate) fn ask(operation: &Operation, headers: &mut HeaderMap) {
    if operation.accept.is_none() && !media::is_stream(headers) {
        headers::set_default(headers, ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
}

/// The body as it was before it was compressed, if that was asked for. The headers then no longer say that it is.
pub(crate) fn expanded(asked: bool, headers: &mut HeaderMap, body: Body) -> Body {
    let is_gzip = |it: &HeaderValue| it.as_bytes().eq_ignore_ascii_case(b"gzip") || it.as_bytes() == b"x-gzip";
    if !asked || !headers.get(CONTENT_ENCODING).is_some_and(is_gzip) {
        return body;
    }
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    let decoder = Some(MultiGzDecoder::new(Vec::new()));
    Body::from_stream(Expanding { from: body.into_stream(), piece: Bytes::new(), decoder, is_empty: true })
}

struct Expanding {
    from: ByteStream,
    /// What came and is not expanded yet.
    piece: Bytes,
    /// `None` at the end.
    decoder: Option<MultiGzDecoder<Vec<u8>>>,
    /// Nothing came so far: some servers call an empty body compressed.
    is_empty: bool,
}

impl Stream for Expanding {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let Some(decoder) = &mut this.decoder else { return Poll::Ready(None) };
            if this.piece.is_empty() {
                match ready!(this.from.as_mut().poll_next(context)) {
                    Some(Ok(piece)) => {
                        this.is_empty &= piece.is_empty();
                        this.piece = piece;
                    }
                    Some(Err(error)) => {
                        this.decoder = None;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => {
                        let ended = if this.is_empty { Ok(()) } else { decoder.try_finish() };
                        let rest = std::mem::take(decoder.get_mut());
                        this.decoder = None;
                        return Poll::Ready(match ended {
                            Err(error) => Some(Err(broken(error))),
                            Ok(()) if rest.is_empty() => None,
                            Ok(()) => Some(Ok(rest.into())),
                        });
                    }
                }
                continue;
            }
            let step = this.piece.len().min(STEP);
            let written = decoder.write_all(&this.piece[..step]);
            this.piece.advance(step);
            let out = std::mem::take(decoder.get_mut());
            if let Err(error) = written {
                this.decoder = None;
                return Poll::Ready(Some(Err(broken(error))));
            }
            if !out.is_empty() {
                return Poll::Ready(Some(Ok(out.into())));
            }
        }
    }
}

fn broken(error: std::io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Broken, format!("the compressed body is broken: {error}"))
}
