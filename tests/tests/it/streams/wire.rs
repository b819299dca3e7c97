//! Sends the events of a spec's example in pieces of any size, through a scripted transport.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde_json::Value;
use specwright_codegen::model;
use specwright_runtime::transport::{Body, SendOptions};
use specwright_runtime::{BoxFuture, Transport, TransportError, bytes::Bytes, http};

/// The notation of events, which differs between servers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub line_end: &'static str,
    /// With `event:` lines, if the events have names.
    pub names: bool,
    /// With a byte order mark, comments and ignored fields.
    pub noise: bool,
}

/// The bytes of a stream.
pub(crate) fn written(stream: &model::Stream, events: &[(String, Value)], manner: Manner) -> Vec<u8> {
    let end = manner.line_end;
    let mut out = String::new();
    if manner.noise {
        out.push_str(&format!("\u{feff}: hello{end}retry: 5{end}{end}"));
    }
    for (at, (name, data)) in events.iter().enumerate() {
        let mut data = data.clone();
        if let Some(pointer) = stream.name.as_ref().filter(|_| !name.is_empty()) {
            if !data.is_object() {
                data = serde_json::json!({});
            }
            data[pointer.trim_start_matches('/')] = name.as_str().into();
        }
        if manner.names && !name.is_empty() {
            out.push_str(&format!("event: {name}{end}"));
        }
        if manner.noise {
            out.push_str(&format!("id: {at}{end}: a comment{end}odd: field{end}"));
            // Over several lines, as the protocol allows between the tokens of JSON.
            let lines = serde_json::to_string_pretty(&data).unwrap();
            lines.lines().for_each(|it| out.push_str(&format!("data: {it}{end}")));
            out.push_str(end);
        } else {
            out.push_str(&format!("data:{data}{end}{end}"));
        }
    }
    if let Some(last) = &stream.end_data {
        out.push_str(&format!("data: {last}{end}{end}"));
    }
    out.into_bytes()
}

/// Responds to every request with the same bytes, this many at a time.
#[derive(Clone, Debug)]
pub(crate) struct Played {
    pub kind: &'static str,
    pub bytes: Arc<Vec<u8>>,
    pub piece: usize,
}

impl Transport for Played {
    fn send(
        &self,
        _: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let pieces = Pieces { bytes: self.bytes.clone(), piece: self.piece, at: 0 };
        let mut response = http::Response::new(Body::from_stream(pieces));
        response.headers_mut().insert("content-type", http::HeaderValue::from_static(self.kind));
        Box::pin(async { Ok(response) })
    }
}

struct Pieces {
    bytes: Arc<Vec<u8>>,
    piece: usize,
    at: usize,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let to = (self.at + self.piece).min(self.bytes.len());
        let piece = Bytes::copy_from_slice(&self.bytes[self.at..to]);
        self.at = to;
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}
