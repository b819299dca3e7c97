//! The fifth step: the body of an answer, and whether it is one of success.

use bytes::Bytes;
use http::StatusCode;

use super::limit::Limit;
use super::prepare::PreparedCall;
use crate::byte_scan::contains_ignore_case;
use crate::client::Shared;
use crate::response::ResponseHead;
use crate::transport::{Body, CollectError};
use crate::{
    AnswerForm, Error, ErrorKind, RawResponse, Result, TransportError, TransportErrorKind, download, failure, reading,
    status,
};

/// Bytes of an error's body that are read.
const LONGEST_ERROR: usize = 1 << 20;

/// Reads the body, if the operation does not answer with bytes, and judges the status.
pub(crate) async fn read_body(
    shared: &Shared,
    call: &PreparedCall,
    meta: ResponseHead,
    body: Body,
    limit: &Limit,
) -> Result<RawResponse> {
    // Where the body may be read later, the transport of a clock that blocks knows no limit but that of silence.
    let is_over = || shared.clock.blocks() && limit.is_over(&*shared.clock);
    if meta.status.is_success() && call.operation.accept.is_some() {
        let (first, rest) =
            download::peek_body(&meta, body, &is_over).await.map_err(|it| body_error(call, &meta, it))?;
        return Ok(RawResponse { body: first, rest: Some(rest), parsed: None, meta });
    }
    // A stream may never end: whoever asked for a whole answer is told without waiting for it.
    if meta.status.is_success() && meta.content_type_has("event-stream") {
        return Ok(RawResponse { body: Bytes::new(), rest: Some(body), parsed: None, meta });
    }
    let is_answer = meta.status.is_success() || call.operation.other_answers.contains(&meta.status.as_u16());
    if !is_answer {
        // The status alone says enough, and words do not fill a megabyte.
        let (body, is_cut) = body.read_at_most(shared.limits.max_answer.min(LONGEST_ERROR), &is_over).await;
        let mut error = status::error(&meta, body, shared.clock.system_time());
        error.inner_mut().body_is_cut = is_cut;
        return Err(error);
    }
    let (body, fault) = body.collect_most(shared.limits.max_answer, &is_over).await;
    let mut raw = RawResponse { body, rest: None, parsed: None, meta };
    match fault {
        None => {}
        // Nobody may ask for it again, and nothing is missing but the end of the connection.
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
}

impl RawResponse {
    fn is_json(&self) -> bool {
        self.meta.content_type().is_none_or(|it| contains_ignore_case(it, "json"))
    }

    /// These say themselves that there is no body.
    fn has_no_body(&self) -> bool {
        matches!(self.meta.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED)
    }

    /// Whether the body is JSON of which nothing can be missing. Of a number there may be more digits.
    fn is_whole_json(&self) -> bool {
        self.is_json() && reading::read(&self.body).is_ok_and(|it| !it.is_number())
    }

    /// Fails when the body says, in the way of the spec, that the call failed despite the status.
    fn is_no_failure(&mut self, shared: &Shared) -> Result<()> {
        if self.parsed.is_none() {
            self.parsed = reading::read(&self.body).ok();
        }
        let is_failure = self.parsed.as_ref().is_some_and(|it| failure::is_failure(self.meta.operation, it));
        if !is_failure {
            return Ok(());
        }
        Err(status::error_in_answer(&*shared.clock, &self.meta, self.body.clone()))
    }

    /// Fails when the body is shorter than announced: HTTP/2 lets a server take back the rest without a word. JSON that is
    /// whole nevertheless is not thrown away, since it may be paid for.
    fn has_its_length(&self) -> Result<()> {
        let announced = download::content_length(&self.meta.headers).filter(|_| !self.has_no_body());
        let Some(total) = announced.filter(|it| *it > self.body.len() as u64) else { return Ok(()) };
        if self.is_whole_json() {
            return Ok(());
        }
        let message = format!("the body broke off after {} of {total} bytes", self.body.len());
        Err(self.meta.error(ErrorKind::Transport, message))
    }

    /// Fails when the body broke off or did not come, so that it can be asked for again; other faults are left to whoever
    /// reads it.
    fn parse_whole(&mut self, may_be_empty: bool) -> Result<()> {
        if self.body.is_empty() {
            if may_be_empty || self.has_no_body() {
                return Ok(());
            }
            return Err(self.meta.decode_error(Bytes::new(), "the body is empty", None));
        }
        match reading::read(&self.body) {
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
    // The head came, so the request did arrive, whatever the transport says of this failure.
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

/// The error of an attempt that brought no answer.
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
