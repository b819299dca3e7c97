//! The fifth step: reads the body of a response, and decides whether the response is a success.

use bytes::Bytes;
use http::StatusCode;

use super::limit::Limit;
use super::prepare::PreparedCall;
use crate::byte_scan::contains_ignore_case;
use crate::client::Shared;
use crate::clock::BoxFuture;
use crate::response::ResponseHead;
use crate::transport::{Body, CollectError, Patience};
use crate::{
    AnswerForm, Error, ErrorKind, RawResponse, Result, TransportError, TransportErrorKind, download, failure, reading,
    status,
};

/// The number of bytes that are read from an error's body.
const LONGEST_ERROR: usize = 1 << 20;

/// Reads the body, unless the operation returns bytes, and checks the status.
pub(crate) fn read_body<'a>(
    shared: &'a Shared,
    call: &'a PreparedCall,
    meta: ResponseHead,
    body: Body,
    limit: &'a Limit,
) -> BoxFuture<'a, Result<RawResponse>> {
    Box::pin(async move {
        // If the body may be read later, the transport of a blocking clock only enforces the limit of silence.
        let is_over = || shared.clock.blocks() && limit.is_over(&*shared.clock);
        if let Some(steps) = call.operation.bytes_steps().filter(|_| meta.status.is_success()) {
            let (first, rest) = (steps.peek)(&meta, body, &is_over).await.map_err(|it| body_error(call, &meta, it))?;
            return Ok(RawResponse { body: first, rest: Some(rest), parsed: None, meta });
        }
        // A stream may never end, so a caller that expects a whole response gets the error without waiting for the end.
        if meta.status.is_success() && meta.content_type_has("event-stream") {
            return Ok(RawResponse { body: Bytes::new(), rest: Some(body), parsed: None, meta });
        }
        let is_answer = meta.status.is_success() || call.operation.other_answers.contains(&meta.status.as_u16());
        if !is_answer {
            // The status is enough, and an error's text is shorter than a megabyte.
            let (body, cut) =
                body.collect_most(shared.limits.max_answer.min(LONGEST_ERROR), &is_over, Patience::None).await;
            let mut error = status::error(&meta, body, shared.clock.system_time());
            error.inner_mut().body_is_cut = cut.is_some();
            return Err(error);
        }
        let (body, fault) = body.collect_most(shared.limits.max_answer, &is_over, Patience::FirstPiece).await;
        let mut raw = RawResponse { body, rest: None, parsed: None, meta };
        match fault {
            None => {}
            // The request must not be repeated, and only the end of the connection is missing.
            Some(CollectError::Transport(_)) if !call.may_repeat && raw.is_whole_json() => {}
            Some(CollectError::Transport(error)) => {
                let mut error = body_error(call, &raw.meta, error);
                if !raw.body.is_empty() {
                    error.inner_mut().body = Some(raw.body);
                    error.inner_mut().body_is_cut = true;
                }
                return Err(error);
            }
            Some(CollectError::TooLarge) => {
                let message =
                    format!("more than {} bytes; see `ClientBuilder::max_answer_bytes`", shared.limits.max_answer);
                return Err(raw.meta.error(ErrorKind::AnswerTooLarge, message));
            }
        }
        raw.has_its_length()?;
        let is_text = matches!(call.operation.form, AnswerForm::Text(_));
        if call.may_repeat && raw.is_json() && !is_text {
            let may_be_empty = call.expects_nothing || call.operation.form == AnswerForm::JsonOrNothing;
            raw.parse_whole(may_be_empty)?;
        }
        if call.operation.failure.is_some() {
            raw.is_no_failure(shared)?;
        }
        Ok(raw)
    })
}

impl RawResponse {
    /// Whether it says that it is JSON, or XML that has a JSON.
    fn is_json(&self) -> bool {
        let is_xml = |it| reading::expects_xml(self.meta.operation) && contains_ignore_case(it, "xml");
        self.meta.content_type().is_none_or(|it| contains_ignore_case(it, "json") || is_xml(it))
    }

    fn read_body(&self) -> std::result::Result<serde_json::Value, reading::ReadError> {
        reading::answer(self.meta.operation, self.meta.status, &self.body)
    }

    /// By definition, responses with these statuses, and to a HEAD request, have no body. Their headers may announce one.
    fn has_no_body(&self) -> bool {
        let by_status =
            matches!(self.meta.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED);
        by_status || self.meta.operation.method == "HEAD"
    }

    /// Whether the body is complete JSON. A number does not count, since more digits could follow.
    fn is_whole_json(&self) -> bool {
        self.is_json() && self.read_body().is_ok_and(|it| !it.is_number())
    }

    /// Fails when the body says, in the way of the spec, that the call failed despite the status.
    fn is_no_failure(&mut self, shared: &Shared) -> Result<()> {
        if self.parsed.is_none() {
            self.parsed = self.read_body().ok();
        }
        let is_failure = self.parsed.as_ref().is_some_and(|it| failure::is_failure(self.meta.operation, it));
        if !is_failure {
            return Ok(());
        }
        Err(status::error_in_answer(&*shared.clock, &self.meta, self.body.clone()))
    }

    /// Fails if the body is shorter than announced, because HTTP/2 lets a server drop the rest silently. Complete JSON is
    /// kept nevertheless, since it may be paid for.
    fn has_its_length(&self) -> Result<()> {
        let announced = download::content_length(&self.meta.headers).filter(|_| !self.has_no_body());
        let Some(total) = announced.filter(|it| *it > self.body.len() as u64) else { return Ok(()) };
        if self.is_whole_json() {
            return Ok(());
        }
        let message = format!("the body broke off after {} of {total} bytes", self.body.len());
        Err(self.meta.error(ErrorKind::Transport, message))
    }

    /// Fails if the body broke off or did not arrive, so that the request can be retried. Other faults are left to the
    /// reader of the body.
    fn parse_whole(&mut self, may_be_empty: bool) -> Result<()> {
        if self.body.is_empty() {
            if may_be_empty || self.has_no_body() {
                return Ok(());
            }
            return Err(self.meta.decode_error(Bytes::new(), "the body is empty", None));
        }
        match self.read_body() {
            Ok(value) => self.parsed = Some(value),
            Err(error) if error.is_cut() => {
                let source = Some(error.into());
                return Err(self.meta.decode_error(self.body.clone(), "the body broke off", source));
            }
            Err(_) => {}
        }
        Ok(())
    }
}

/// The error of a body that broke off.
fn body_error(call: &PreparedCall, meta: &ResponseHead, error: TransportError) -> Error {
    // The head arrived, so the server received the request, whatever the transport reports about this failure.
    let kind = match error.kind() {
        TransportErrorKind::Timeout => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Broken,
    };
    let mut head = meta.error(ErrorKind::Transport, "");
    let mut error = transport_error(call, meta.attempts, TransportError::new(kind, error));
    let (inner, head) = (error.inner_mut(), head.inner_mut());
    inner.request_id = head.request_id.take();
    inner.headers = head.headers.take();
    error
}

/// The error of an attempt without a response.
pub(crate) fn transport_error(call: &PreparedCall, attempt: u32, error: TransportError) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::NotSent | TransportErrorKind::Refused => ErrorKind::Connect,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Broken => ErrorKind::Transport,
        TransportErrorKind::Invalid => ErrorKind::Config,
    };
    let mut out = Error::new(kind, "").without(&call.secrets).because(error).of(call.operation);
    out.inner_mut().attempts = attempt;
    out
}
