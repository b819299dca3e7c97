//! Turns an outcome into an HTTP response.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;
use specwright_codegen::model::{Api, Operation, is_json, is_xml, without_parameters};
use specwright_codegen::xml::{self, Element};
use tokio::time::Sleep;

/// The response to a caller.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The status.
    pub status: u16,
    /// The headers, except those of the connection.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
    /// The pieces of a stream, sent one by one after the body.
    pub events: Vec<Bytes>,
    /// How it is sent.
    pub manner: Delivery,
}

/// How a response is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Waits before the first byte.
    pub delay: Duration,
    /// Cuts the connection after so many bytes of the body, or before the head.
    pub cut: Option<Cut>,
    /// Bytes per second.
    pub bytes_per_second: Option<u32>,
    /// Waits between the events of a stream.
    pub pace: Duration,
    /// A stream goes silent after so many events.
    pub stall: Option<u32>,
    /// Closes the connection afterwards.
    pub close: bool,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before the first byte of the response.
    BeforeHead,
    /// After so many bytes of the body.
    WithinBody(usize),
}

impl Outcome {
    /// A response without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), events: Vec::new(), manner: Delivery::default() }
    }

    /// A JSON response.
    #[must_use]
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        let mut bytes = Vec::with_capacity(256);
        // A value is always valid JSON, and writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut bytes, body);
        Self::json_text(status, bytes.into())
    }

    /// A response that is already JSON text.
    #[must_use]
    pub fn json_text(status: u16, body: Bytes) -> Self {
        let headers = vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        Self { headers, body, ..Self::empty(status) }
    }

    /// The same with another media type, if it is JSON.
    #[must_use]
    pub(crate) fn with_json_type(mut self, media_type: &str) -> Self {
        let plain = self.headers.iter_mut().find(|it| it.0 == CONTENT_TYPE && it.1 == "application/json");
        if let (Some((_, value)), Ok(media_type)) = (plain, HeaderValue::from_str(media_type)) {
            *value = media_type;
        }
        self
    }

    /// A response of bytes with a media type.
    #[must_use]
    pub fn bytes(status: u16, media_type: &str, body: Bytes) -> Self {
        Self { body, ..Self::empty(status) }.header(CONTENT_TYPE, media_type)
    }

    /// The events of a stream of this media type, each with its own line ends.
    #[must_use]
    pub fn stream(status: u16, media_type: &str, events: Vec<Bytes>) -> Self {
        let outcome = Self { events, ..Self::empty(status) };
        outcome.header(CONTENT_TYPE, media_type).header(CACHE_CONTROL, "no-cache")
    }

    /// Replaces the content, as if it were complete.
    pub(crate) fn replaced(mut self, body: Bytes) -> Self {
        self.events.clear();
        Self { body, ..self }
    }

    /// Everything that would be sent.
    pub(crate) fn content(&self) -> Bytes {
        match self.events.is_empty() {
            true => self.body.clone(),
            false => [std::slice::from_ref(&self.body), &*self.events].concat().concat().into(),
        }
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

/// The response as the caller asks for it: JSON, or XML that is made of it.
pub(crate) fn in_xml(api: &Api, op: &Operation, headers: &HeaderMap, outcome: Outcome) -> Outcome {
    let is_json = |it: &str| is_json(it);
    let kind = outcome.headers.iter().find(|it| it.0 == CONTENT_TYPE).and_then(|it| it.1.to_str().ok());
    if !op.has_xml() || outcome.body.is_empty() || !kind.is_some_and(is_json) {
        return outcome;
    }
    let asked = headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let is_asked = |it: &&String| asked.contains(without_parameters(it));
    let Some(kind) = op.accept.iter().find(is_asked).or(op.accept.first()) else { return outcome };
    if !is_xml(kind) {
        return outcome.with_json_type(kind);
    }
    let of = |all: Vec<(u16, Element)>| {
        let own = all.iter().position(|it| it.0 == outcome.status).or(all.iter().position(|it| it.0 == 0));
        own.and_then(|it| all.into_iter().nth(it)).map(|it| it.1)
    };
    let is_success = (200..300).contains(&outcome.status);
    let element = if is_success { of(xml::answers(api, op)) } else { of(xml::own_errors(api, op)) };
    let element = element.or_else(|| of(xml::errors(api)));
    match (element, serde_json::from_slice::<Value>(&outcome.body)) {
        (Some(element), Ok(value)) => {
            let text = xml::write(api, &element, &value);
            outcome.replaced(text.into()).with_json_type(kind)
        }
        _ => outcome,
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
    let Outcome { status, headers, body, events, manner } = outcome;
    if manner.cut == Some(Cut::BeforeHead) {
        return Err(WasCut);
    }
    let mut response = Response::new(Answer::new(body, events, manner));
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

/// The bytes of a response, as they will be sent.
#[derive(Debug)]
pub(crate) struct Answer {
    rest: Bytes,
    manner: Option<Box<ThrottledBody>>,
}

#[derive(Debug)]
struct ThrottledBody {
    /// Pieces that will be sent, one by one.
    events: std::vec::IntoIter<Bytes>,
    /// The number of events until the stream goes silent.
    until_silence: Option<u32>,
    pace: Duration,
    /// The number of bytes until the cut.
    left: Option<usize>,
    bytes_per_second: Option<u32>,
    pause: Option<Pin<Box<Sleep>>>,
    /// The data so far is being sent.
    flushed: bool,
}

/// Pieces per second of slow responses.
const PIECES: u32 = 10;
/// How long a stream is silent before its connection is closed.
const SILENCE: Duration = Duration::from_secs(600);

impl Answer {
    fn new(rest: Bytes, events: Vec<Bytes>, manner: Delivery) -> Self {
        let left = match manner.cut {
            Some(Cut::WithinBody(at)) => Some(at),
            Some(Cut::BeforeHead) | None => None,
        };
        if left.is_none() && manner.bytes_per_second.is_none() && events.is_empty() {
            return Self { rest, manner: None };
        }
        let slowly = ThrottledBody {
            until_silence: manner.stall.filter(|_| !events.is_empty()),
            events: events.into_iter(),
            pace: manner.pace,
            left,
            bytes_per_second: manner.bytes_per_second,
            pause: None,
            flushed: true,
        };
        Self { rest, manner: Some(Box::new(slowly)) }
    }
}

impl ThrottledBody {
    /// Takes the next event, if there is one. Silence ends everything.
    fn next(&mut self) -> Option<Bytes> {
        if self.until_silence == Some(0) {
            self.pause = Some(Box::pin(tokio::time::sleep(SILENCE)));
            self.left = Some(0);
            return None;
        }
        let next = self.events.next()?;
        self.until_silence = self.until_silence.map(|it| it - 1);
        Some(next)
    }

    /// Whether the data so far is being sent. hyper flushes it when there is nothing to add at the moment.
    fn is_flushed(&mut self, cx: &Context<'_>) -> bool {
        let was = std::mem::replace(&mut self.flushed, true);
        if !was {
            cx.waker().wake_by_ref();
        }
        was
    }

    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        let over = self.pause.as_mut().is_none_or(|it| it.as_mut().poll(cx).is_ready());
        if over {
            self.pause = None;
        }
        over
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
        if !slowly.is_over(cx) || !slowly.is_flushed(cx) {
            return Poll::Pending;
        }
        if this.rest.is_empty() && slowly.left != Some(0) {
            this.rest = slowly.next().unwrap_or_default();
            if !slowly.is_over(cx) {
                return Poll::Pending;
            }
        }
        if slowly.left == Some(0) {
            return Poll::Ready(Some(Err(WasCut)));
        }
        if this.rest.is_empty() {
            return Poll::Ready(None);
        }
        let mut size = this.rest.len();
        let mut pause = slowly.pace;
        if let Some(rate) = slowly.bytes_per_second {
            size = size.min((rate / PIECES).max(1) as usize);
            pause = pause.max(Duration::from_secs(1).mul_f64(size as f64 / f64::from(rate.max(1))));
        }
        if let Some(left) = &mut slowly.left {
            size = size.min(*left);
            *left -= size;
        }
        if !pause.is_zero() {
            slowly.pause = Some(Box::pin(tokio::time::sleep(pause)));
        }
        slowly.flushed = false;
        Poll::Ready(Some(Ok(Frame::data(this.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.manner.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.manner {
            // Sent in chunks, because the number of pieces is unknown.
            Some(slowly) if slowly.events.len() > 0 => SizeHint::new(),
            _ => SizeHint::with_exact(self.rest.len() as u64),
        }
    }
}
