//! From an outcome to HTTP: the one place where answers become responses.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

/// What a caller gets.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The status.
    pub status: u16,
    /// Headers; those of the connection are added.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
    /// How it is sent.
    pub manner: Manner,
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Waits before the first byte.
    pub delay: Duration,
    /// Cuts the connection after so many bytes of the body, or before the head.
    pub cut: Option<Cut>,
    /// Bytes a second.
    pub bytes_per_second: Option<u32>,
    /// Closes the connection afterwards.
    pub close: bool,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before a byte was answered.
    BeforeHead,
    /// After so many bytes of the body.
    WithinBody(usize),
}

impl Outcome {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), manner: Manner::default() }
    }

    /// A JSON answer.
    #[must_use]
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        let mut bytes = Vec::with_capacity(256);
        // A value is always JSON, and memory takes all of it.
        let _ = serde_json::to_writer(&mut bytes, body);
        Self::json_text(status, bytes.into())
    }

    /// An answer that is JSON already.
    #[must_use]
    pub fn json_text(status: u16, body: Bytes) -> Self {
        let headers = vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        Self { status, headers, body, manner: Manner::default() }
    }

    /// Adds a header, if the value can be one.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|it| (name, it)));
        self
    }

    pub(crate) fn allow(self, methods: &str) -> Self {
        self.header(ALLOW, methods)
    }
}

/// The connection is cut on purpose.
#[derive(Debug)]
pub(crate) struct WasCut;

impl fmt::Display for WasCut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for WasCut {}

impl From<Infallible> for WasCut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The response of an outcome, once its delay is over.
pub(crate) fn response(outcome: Outcome) -> Result<Response<Answer>, WasCut> {
    let Outcome { status, headers, body, manner } = outcome;
    if manner.cut == Some(Cut::BeforeHead) {
        return Err(WasCut);
    }
    let mut response = Response::new(Answer::new(body, manner));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let map = response.headers_mut();
    map.reserve(headers.len() + 2);
    for (name, value) in headers {
        map.append(name, value);
    }
    if manner.close {
        map.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// The bytes of an answer, as they are to be sent.
#[derive(Debug)]
pub(crate) struct Answer {
    rest: Bytes,
    manner: Option<Box<Slowly>>,
}

#[derive(Debug)]
struct Slowly {
    /// Bytes until the cut.
    left: Option<usize>,
    bytes_per_second: Option<u32>,
    pause: Option<Pin<Box<Sleep>>>,
    flushed: bool,
}

/// Pieces a second, of slow answers.
const PIECES: u32 = 10;

impl Answer {
    fn new(rest: Bytes, manner: Manner) -> Self {
        let left = match manner.cut {
            Some(Cut::WithinBody(at)) => Some(at),
            Some(Cut::BeforeHead) | None => None,
        };
        let special = left.is_some() || manner.bytes_per_second.is_some();
        let slowly = Slowly { left, bytes_per_second: manner.bytes_per_second, pause: None, flushed: false };
        Self { rest, manner: special.then(|| Box::new(slowly)) }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = WasCut;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.get_mut();
        let Some(slowly) = &mut this.manner else {
            let all = std::mem::take(&mut this.rest);
            return Poll::Ready((!all.is_empty()).then(|| Ok(Frame::data(all))));
        };
        if let Some(pause) = &mut slowly.pause {
            if pause.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            slowly.pause = None;
        }
        if slowly.left == Some(0) {
            if slowly.flushed {
                return Poll::Ready(Some(Err(WasCut)));
            }
            // What was said before the cut is only sent when there is nothing to add for the moment.
            slowly.flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.rest.is_empty() {
            return Poll::Ready(None);
        }
        let mut size = this.rest.len();
        if let Some(rate) = slowly.bytes_per_second {
            size = size.min((rate / PIECES).max(1) as usize);
            let pause = Duration::from_secs(1).mul_f64(size as f64 / f64::from(rate.max(1)));
            slowly.pause = Some(Box::pin(tokio::time::sleep(pause)));
        }
        if let Some(left) = &mut slowly.left {
            size = size.min(*left);
            *left -= size;
        }
        Poll::Ready(Some(Ok(Frame::data(this.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.manner.as_ref().is_none_or(|it| it.left.is_none())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
