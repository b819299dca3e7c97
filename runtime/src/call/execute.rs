//! Runs the steps in order: judge, prepare, attempt.

use bytes::Bytes;
use tracing::Instrument as _;

use super::attempt::Attempts;
use super::judge::Judgement;
use super::options::CallOptions;
use super::prepare::PreparedCall;
use crate::clock::BoxFuture;
use crate::{AnswerForm, Client, Operation, RawResponse, RequestParts, Result, Violation};

/// A request as its builder wrote it.
pub(crate) struct WrittenRequest {
    pub(crate) operation: &'static Operation,
    pub(crate) parts: RequestParts,
    pub(crate) judgement: Judgement,
}

/// Sends a written request until it succeeds or must not be retried, and returns the response if its status is a success.
pub(crate) fn execute<'a>(
    client: &'a Client,
    request: WrittenRequest,
    options: Option<Box<CallOptions>>,
) -> BoxFuture<'a, Result<RawResponse>> {
    let operation = request.operation;
    let span = span(operation);
    let of_call = span.clone();
    let work = async move {
        let accept = match (operation.accept, operation.form) {
            (Some(accept), _) => accept.value(),
            (None, AnswerForm::Text(accept)) => accept,
            (None, AnswerForm::Json | AnswerForm::JsonOrNothing) => operation.json_type.unwrap_or("application/json"),
        };
        let (prepared, warnings) = prepare(client, request, options, (accept, &of_call))?;
        let mut raw = Attempts::new(&client.shared, &prepared).send().await?;
        if operation.accept.is_none() && raw.rest.is_some() {
            let message = "the response is a stream: call `stream`";
            return Err(raw.meta.decode_error(Bytes::new(), message, None));
        }
        raw.meta.warnings = warnings;
        Ok(raw)
    };
    Box::pin(work.instrument(span))
}

/// Everything before the first attempt: the prepared call, and the violations that do not prevent it from being sent.
pub(crate) fn prepare(
    client: &Client,
    request: WrittenRequest,
    options: Option<Box<CallOptions>>,
    (accept, span): (&'static str, &tracing::Span),
) -> Result<(PreparedCall, Vec<Violation>)> {
    let WrittenRequest { operation, mut parts, judgement } = request;
    let options = options.unwrap_or_default();
    client.shared.may_be_polled().map_err(|it| it.of(operation))?;
    options.fault().map_err(|it| it.of(operation))?;
    let warnings = judgement.into_warnings(operation, &client.shared.secrets)?;
    let prepared = PreparedCall::new(client, operation, &mut parts, &options, (accept, span))?;
    Ok((prepared, warnings))
}

/// The span of a call. It contains nothing from the request.
pub(crate) fn span(operation: &'static Operation) -> tracing::Span {
    tracing::info_span!(
        "api_call",
        operation = operation.name,
        method = operation.method,
        path = operation.path,
        attempt = tracing::field::Empty,
        status = tracing::field::Empty,
        request_id = tracing::field::Empty,
    )
}
