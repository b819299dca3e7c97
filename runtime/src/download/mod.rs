//! Responses of bytes, read as they arrive.

mod name;
mod save;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::byte_scan::{contains_ignore_case, equal_ignore_case};
use crate::headers;
use crate::operation::WithSteps;
use crate::redirect::Route;
use crate::response::ResponseHead;
use crate::transport::Body;
use crate::{
    BoxFuture, Client, Error, ErrorKind, Operation, RateLimit, RawResponse, Result, TransportError, TransportErrorKind,
    Violation, failure, status,
};

/// A response of bytes, such as audio or video. Its headers have arrived, and the rest is read on demand.
///
/// Write it to a file with [`save`](Self::save), read it into memory with [`bytes`](Self::bytes), or read it piece by
/// piece with [`next`](Self::next). It is a `Stream` as well. Only one piece is in memory at a time. A body that is
/// shorter than announced is an error, and so is silence for longer than
/// [`ClientBuilder::idle_timeout`](crate::ClientBuilder::idle_timeout). Dropping it closes the connection.
///
/// A GET follows up to ten redirects, but never from https to http. Another origin receives only `accept` and `range`:
/// no credential, and none of the caller's headers.
///
/// ```no_run
/// # async fn f(download: specwright_runtime::Download) -> specwright_runtime::Result<()> {
/// let name = download.file_name().unwrap_or_else(|| "speech.mp3".to_owned());
/// let bytes = download.save(&name).await?;
/// println!("{name}: {bytes} bytes");
/// # Ok(()) }
/// ```
#[must_use = "nothing is read until it is asked for"]
pub struct Download {
    client: Client,
    meta: Box<ResponseHead>,
    /// Bytes that were already read to detect an error.
    first: Bytes,
    body: Body,
    received: u64,
    ended: bool,
    /// Runs while no data arrives.
    silence: Option<BoxFuture<'static, ()>>,
}

/// The progress of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Bytes received.
    pub received: u64,
    /// The total number of bytes, if the server announces it.
    pub total: Option<u64>,
}

/// A task's result that can be downloaded. Generated code implements it for [`Task::download`](crate::Task::download).
pub trait Downloads {
    /// The operation that returns the bytes.
    fn operation() -> &'static Operation;

    /// Its path before and after the id. Other parameters stand in it by name, as in that of the status.
    fn path() -> (&'static str, &'static str);
}

impl Download {
    pub(crate) fn of(raw: RawResponse, client: &Client) -> Result<Self> {
        let RawResponse { body: first, rest, meta, .. } = raw;
        if matches!(meta.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
            return Err(meta.decode_error(first, "the response has no content", None));
        }
        if let Some(error) = refusal(&meta, &first, client) {
            return Err(error);
        }
        Ok(Self {
            client: client.clone(),
            meta: Box::new(meta),
            first,
            body: rest.unwrap_or_else(|| Body::from_bytes(Bytes::new())),
            received: 0,
            ended: false,
            silence: None,
        })
    }

    /// The media type, as the server sends it: `audio/mpeg`.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        headers::text(&self.meta.headers, CONTENT_TYPE.as_str())
    }

    /// The total number of bytes, if the server announces it.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        content_length(&self.meta.headers)
    }

    /// The file's name from the server: a bare name, without folders, invisible characters, or characters that some
    /// systems do not allow. `None` if there is none, or if nothing of it is left.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        let name = name::file_name(self.meta.headers.get(CONTENT_DISPOSITION)?.as_bytes())?;
        Some(self.meta.secrets.redactor().text(&name).unwrap_or(name))
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The request's id, for the API's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.meta.request_id()
    }

    /// Violations in the request that were not enforced.
    #[must_use]
    pub fn warnings(&self) -> &[Violation] {
        &self.meta.warnings
    }

    /// The rate limit, from the response's headers.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.meta.rate_limit()
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// The progress so far.
    #[must_use]
    pub fn progress(&self) -> DownloadProgress {
        DownloadProgress { received: self.received, total: self.content_length() }
    }

    /// The next piece; `None` at the end, and after an error.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Reads the whole body into memory, up to `limit` bytes.
    ///
    /// # Errors
    /// Fails if there is more ([`ErrorKind::AnswerTooLarge`]), or if the body does not arrive completely.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes> {
        let too_large = |it: &Self| {
            it.meta.error(ErrorKind::AnswerTooLarge, format!("more than {limit} bytes, the limit of this download"))
        };
        let limit_long = u64::try_from(limit).unwrap_or(u64::MAX);
        if self.content_length().is_some_and(|it| it > limit_long) {
            return Err(too_large(&self));
        }
        let mut all = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece?;
            if piece.len() > limit - all.len() {
                return Err(too_large(&self));
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// Writes the whole body, flushes, and returns the number of bytes written.
    ///
    /// # Errors
    /// Fails if the body does not arrive completely, or if it cannot be written ([`ErrorKind::Io`]). What was written
    /// before stays.
    pub async fn copy_to(mut self, to: &mut (impl AsyncWrite + Unpin + ?Sized)) -> Result<u64> {
        let mut written = 0;
        while let Some(piece) = self.next().await {
            let piece = piece?;
            to.write_all(&piece).await.map_err(|it| self.write_error("the download", it))?;
            written += piece.len() as u64;
        }
        to.flush().await.map_err(|it| self.write_error("the download", it))?;
        Ok(written)
    }

    fn write_error(&self, what: &str, error: std::io::Error) -> Error {
        self.meta.error(ErrorKind::Io, what.to_owned()).because(error)
    }

    fn end(&mut self) {
        self.ended = true;
        self.silence = None;
        // The connection is free, or closed if something is left of the body.
        self.body = Body::from_bytes(Bytes::new());
    }

    fn cut_short_error(&self, error: Option<TransportError>) -> Error {
        let kind = match error.as_ref().map(TransportError::kind) {
            Some(TransportErrorKind::Timeout) => ErrorKind::Timeout,
            _ => ErrorKind::Transport,
        };
        let message = match self.content_length() {
            Some(total) => format!("the body broke off after {} of {total} bytes", self.received),
            None => format!("the body broke off after {} bytes", self.received),
        };
        let out = self.meta.error(kind, message);
        match error {
            Some(error) => out.because(error),
            None => out,
        }
    }

    /// Whether no data arrived for too long.
    fn poll_idle_timeout(&mut self, context: &mut Context<'_>) -> Poll<Error> {
        let shared = &self.client.shared;
        let Some(limit) = shared.limits.idle_timeout.filter(|_| !shared.clock.blocks()) else { return Poll::Pending };
        let silence = self.silence.get_or_insert_with(|| shared.clock.sleep(limit));
        silence.as_mut().poll(context).map(|()| {
            let message = format!("no data for {limit:?}, after {} bytes", self.received);
            self.meta.error(ErrorKind::Timeout, message)
        })
    }
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        if let Err(error) = this.client.shared.may_be_polled() {
            this.end();
            return Poll::Ready(Some(Err(error.of(this.meta.operation))));
        }
        let piece = loop {
            if !this.first.is_empty() {
                break Ok(std::mem::take(&mut this.first));
            }
            match this.body.poll_piece(context) {
                Poll::Ready(Some(Ok(piece))) if piece.is_empty() => {}
                Poll::Ready(Some(Ok(piece))) => break Ok(piece),
                Poll::Ready(Some(Err(error))) => break Err(this.cut_short_error(Some(error))),
                Poll::Ready(None) if this.content_length().is_some_and(|it| it > this.received) => {
                    break Err(this.cut_short_error(None));
                }
                Poll::Ready(None) => {
                    this.end();
                    return Poll::Ready(None);
                }
                Poll::Pending => match this.poll_idle_timeout(context) {
                    Poll::Ready(error) => break Err(error),
                    Poll::Pending => return Poll::Pending,
                },
            }
        };
        match &piece {
            Ok(piece) => {
                this.received += piece.len() as u64;
                this.silence = None;
            }
            Err(_) => this.end(),
        }
        Poll::Ready(Some(piece))
    }
}

/// Leaves the headers out, since it is unknown which of them are secret.
impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.secrets.debug(f, |f| {
            let mut out = f.debug_struct("Download");
            out.field("status", &self.meta.status).field("content_type", &self.content_type());
            out.field("progress", &self.progress()).finish_non_exhaustive()
        })
    }
}

/// The length of the bytes as they are returned. The announced length of a compressed body is not that.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    let plain = headers::text(headers, CONTENT_ENCODING.as_str()).is_none_or(|it| equal_ignore_case(it, "identity"));
    headers::text(headers, CONTENT_LENGTH.as_str()).filter(|_| plain)?.parse().ok()
}

/// The steps of a call that only operations take which return bytes.
pub(crate) struct BytesSteps {
    /// See [`peek_body`].
    pub(crate) peek: for<'a> fn(&'a ResponseHead, Body, &'a (dyn Fn() -> bool + Sync)) -> PeekedBody<'a>,
    /// See [`Route::follow`].
    pub(crate) follow: fn(&mut Route, &HeaderMap, &HeaderMap) -> Result<(), String>,
}

/// The beginning of a body, and the rest.
type PeekedBody<'a> = BoxFuture<'a, Result<(Bytes, Body), TransportError>>;

impl Operation {
    /// Sets the media types of a response of bytes.
    #[must_use]
    pub const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = Some(WithSteps::new(accept, &BytesSteps { peek: peek_body, follow: Route::follow }));
        self
    }

    /// What is done about its response of bytes, if it has one.
    pub(crate) fn bytes_steps(&self) -> Option<&'static BytesSteps> {
        self.accept?.steps()
    }
}

/// An error in the API's own form is never longer.
const LONGEST_ERROR: usize = 64 * 1024;

/// The beginning of a body that may be an error although the status is a success: JSON that was not requested. Any other
/// body is left unchanged. It must arrive before `is_over`.
pub(crate) fn peek_body<'a>(
    meta: &'a ResponseHead,
    mut body: Body,
    is_over: &'a (dyn Fn() -> bool + Sync),
) -> PeekedBody<'a> {
    Box::pin(async move {
        let is_json =
            headers::text(&meta.headers, CONTENT_TYPE.as_str()).is_some_and(|it| contains_ignore_case(it, "json"));
        let asked_for = meta.operation.accept.is_some_and(|it| contains_ignore_case(it.value(), "json"));
        let long = content_length(&meta.headers).is_some_and(|it| it > LONGEST_ERROR as u64);
        let mut first = BytesMut::new();
        if is_json && !asked_for && !long {
            while first.len() <= LONGEST_ERROR {
                match body.next().await {
                    Some(_) if is_over() => return Err(TransportError::took_too_long()),
                    Some(piece) => first.extend_from_slice(&piece?),
                    None => {
                        body = Body::from_bytes(Bytes::new());
                        break;
                    }
                }
            }
        }
        Ok((first.freeze(), body))
    })
}

/// The error in the beginning of the body, if it is an error in the API's own form.
fn refusal(meta: &ResponseHead, first: &Bytes, client: &Client) -> Option<Error> {
    if first.len() > LONGEST_ERROR {
        return None;
    }
    let value = crate::reading::read(first).ok()?;
    let api = meta.operation.api;
    let mut words = api.error_message.iter().filter_map(|it| crate::json::at(&value, it));
    let mut says_so = || words.any(status::is_set) || status::declared_kind(api, &value).is_some();
    if !failure::is_failure(meta.operation, &value) && !says_so() {
        return None;
    }
    Some(status::error_in_answer(&*client.shared.clock, meta, first.clone()))
}
