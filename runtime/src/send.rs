//! From a written request to an answer: headers, attempts, waits, verdicts.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use serde_json::Value;
use tracing::Instrument as _;

use crate::call::{CallOptions, judge};
use crate::client::Shared;
use crate::clock::within;
use crate::json::text_of;
use crate::multipart::Form;
use crate::response::Meta;
use crate::transport::{Body, CollectError, SendOptions};
use crate::{
    Client, Error, ErrorKind, Extra, JsonWriter, Operation, Parts, RawResponse, Result, Secret, TransportError,
    TransportErrorKind, Violation, Violations, retry, status,
};

/// Everything about a call that does not change between attempts.
struct Prepared<'a> {
    operation: &'static Operation,
    uri: Uri,
    headers: HeaderMap,
    body: Outgoing,
    secret: Option<&'a Secret>,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    max_retries: u32,
    span: tracing::Span,
}

/// A body that can be sent again, as far as what it is made of allows.
enum Outgoing {
    Bytes(Bytes),
    Multipart(Box<dyn Form>, String),
}

impl Outgoing {
    fn reopens(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Multipart(form, _) => form.reopens(),
        }
    }
}

impl Client {
    /// Judges, sends until there is a verdict, and brings the answer if it is one of success.
    pub(crate) async fn execute(
        &self,
        operation: &'static Operation,
        parts: Parts,
        found: Violations,
        options: Option<Box<CallOptions>>,
    ) -> Result<RawResponse> {
        let span = tracing::info_span!(
            "api_call",
            operation = operation.name,
            method = operation.method.as_str(),
            path = operation.path,
            attempt = tracing::field::Empty,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
        );
        let work = async {
            let options = options.unwrap_or_default();
            options.fault().map_err(|it| it.of(operation))?;
            let warnings = self.warnings(operation, found, &options)?;
            let mut prepared = self.prepare(operation, parts, *options)?;
            prepared.span = span.clone();
            let mut raw = self.shared.attempts(&prepared).await?;
            raw.meta.warnings = warnings;
            Ok(raw)
        };
        work.instrument(span.clone()).await
    }

    fn warnings(
        &self,
        operation: &'static Operation,
        found: Violations,
        options: &CallOptions,
    ) -> Result<Vec<Violation>> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mode = options.validation.unwrap_or(self.shared.limits.validation);
        let warnings = judge(operation.name, found, mode).map_err(|it| Error::from(it).of(operation))?;
        for warning in &warnings {
            // What was found there may be part of the body: it stays out of the log.
            tracing::warn!(at = %warning.at, rule = warning.rule.keyword, "{}", warning.rule.message);
        }
        Ok(warnings)
    }

    fn prepare(&self, operation: &'static Operation, mut parts: Parts, options: CallOptions) -> Result<Prepared<'_>> {
        let fault = |message: String| Error::config(message).of(operation);
        let shared = &*self.shared;
        if parts.empty_path_value {
            return Err(fault(format!("a parameter of the path `{}` is empty", operation.path)));
        }
        if crate::request::leads_elsewhere(&parts.path) {
            return Err(fault(format!("a parameter of the path `{}` is `.` or `..`", operation.path)));
        }
        let mut headers = shared.headers.clone();
        let accept = HeaderValue::from_static(operation.accept.unwrap_or("application/json"));
        headers.entry(ACCEPT).or_insert(accept);
        let by_hand = |name: &str| shared.headers.contains_key(name) || options.headers.contains_key(name);
        let scheme = operation.auth.and_then(|(credential, scheme)| {
            operation.api.credentials.get(credential)?.schemes.get(scheme).map(|it| it.header)
        });
        let mut secret = None;
        if scheme.is_none_or(|it| !by_hand(it))
            && let Some((name, value, known)) = self.authorization(operation)?
        {
            let name = HeaderName::from_bytes(name.as_bytes());
            headers.insert(name.map_err(|_| fault("a credential has a malformed header name".to_owned()))?, value);
            secret = Some(known);
        }
        for (name, value) in &parts.headers {
            let (name, value) = crate::client::header(name, value).map_err(|it| it.of(operation))?;
            headers.insert(name, value);
        }
        if parts.body.lost_a_number() {
            return Err(fault("a number of the body is not finite, which JSON cannot say".to_owned()));
        }
        let body = if let Some(mut form) = parts.multipart.take() {
            for (name, value) in &options.extra {
                form.add(name, &value.as_str().map_or_else(|| text_of(value), str::to_owned));
            }
            let boundary = crate::multipart::boundary();
            let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
            headers.insert(CONTENT_TYPE, kind.map_err(|_| fault("the boundary is malformed".to_owned()))?);
            Outgoing::Multipart(form, boundary)
        } else if operation.has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Outgoing::Bytes(merge(parts.body, &options.extra).map_err(fault)?.into())
        } else {
            for (name, value) in &options.extra {
                let text = value.as_str().map_or_else(|| text_of(value), str::to_owned);
                parts.query(name, &text);
            }
            Outgoing::Bytes(Bytes::new())
        };
        headers.extend(options.headers);

        let base = shared.servers.get(operation.server).map_or("", String::as_str);
        let mark = if parts.query.is_empty() { "" } else { "?" };
        let uri = format!("{base}{}{mark}{}", parts.path, parts.query).parse();
        let uri = uri.map_err(|_| fault(format!("the URL of `{}` is malformed or too long", operation.path)))?;
        let total = options.total_timeout.or(shared.limits.total_timeout);
        Ok(Prepared {
            operation,
            uri,
            headers,
            body,
            secret,
            timeout: options.timeout.or(shared.limits.timeout),
            // A limit beyond what the clock can say is none.
            deadline: total.and_then(|it| shared.clock.now().checked_add(it)),
            max_retries: options.max_retries.unwrap_or(shared.limits.retry.max_retries),
            span: tracing::Span::none(),
        })
    }
}

impl Shared {
    async fn attempts(&self, call: &Prepared<'_>) -> Result<RawResponse> {
        let policy = &self.limits.retry;
        let mut ceilings = policy.ceilings();
        let mut attempt = 0;
        loop {
            attempt += 1;
            call.span.record("attempt", attempt);
            let error = match self.attempt(call, attempt).await {
                Ok(raw) => return Ok(raw),
                Err(error) => error,
            };
            let may_repeat = retry::may_repeat(&error, call.operation.idempotent) && call.body.reopens();
            if attempt > call.max_retries || !may_repeat {
                return Err(error);
            }
            let ceiling = ceilings.next().unwrap_or_default();
            let wait = match error.retry_after() {
                Some(asked) if asked > policy.max_wait => return Err(error),
                Some(asked) => asked,
                None => retry::draw(&*self.clock, ceiling),
            };
            if self.remaining(call).is_some_and(|it| it <= wait) {
                return Err(error);
            }
            tracing::debug!(kind = ?error.kind(), wait_ms = wait.as_millis() as u64, "sending again");
            self.clock.sleep(wait).await;
        }
    }

    fn remaining(&self, call: &Prepared<'_>) -> Option<Duration> {
        call.deadline.map(|it| it.saturating_duration_since(self.clock.now()))
    }

    async fn attempt(&self, call: &Prepared<'_>, attempt: u32) -> Result<RawResponse> {
        let remaining = self.remaining(call);
        let limit = match (call.timeout, remaining) {
            (Some(timeout), Some(remaining)) => Some(timeout.min(remaining)),
            (timeout, remaining) => timeout.or(remaining),
        };
        let exchange = self.exchange(call, attempt, limit);
        within(&*self.clock, limit, exchange).await.unwrap_or_else(|| {
            let of = if remaining.is_some() && limit == remaining { "call" } else { "attempt" };
            let message = format!("no complete answer within {:?}, the limit of this {of}", limit.unwrap_or_default());
            let mut error = Error::new(ErrorKind::Timeout, message).of(call.operation);
            error.inner_mut().attempts = attempt;
            Err(error)
        })
    }

    async fn exchange(&self, call: &Prepared<'_>, attempt: u32, timeout: Option<Duration>) -> Result<RawResponse> {
        let (body, length) = match &call.body {
            Outgoing::Bytes(bytes) => (Body::from_bytes(bytes.clone()), None),
            Outgoing::Multipart(form, boundary) => form.open(boundary),
        };
        let mut request = http::Request::new(body);
        *request.method_mut() = call.operation.method.clone();
        *request.uri_mut() = call.uri.clone();
        *request.headers_mut() = call.headers.clone();
        if let Some(length) = length {
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        let options = SendOptions { timeout };
        let answer = self.transport.send(request, options).await.map_err(|it| transport_error(call, attempt, it))?;
        let (head, body) = answer.into_parts();
        let meta = Meta {
            operation: call.operation,
            status: head.status,
            headers: head.headers,
            warnings: Vec::new(),
            attempts: attempt,
        };
        call.span.record("status", meta.status.as_u16());
        if let Some(id) = meta.request_id() {
            call.span.record("request_id", id);
        }
        if call.operation.accept.is_some() && meta.status.is_success() {
            return Ok(RawResponse { body: Bytes::new(), rest: Some(body), parsed: None, meta });
        }
        let body = body.collect(self.limits.max_answer).await;
        if !meta.status.is_success() {
            // The status alone says enough.
            let body = body.unwrap_or_default();
            return Err(status::error(&meta, body, call.secret, self.clock.system_time()));
        }
        let body = match body {
            Ok(body) => body,
            Err(CollectError::Transport(error)) => {
                // The head came, so the request did arrive, whatever the transport says of this failure.
                let kind = match error.kind() {
                    TransportErrorKind::Timeout => TransportErrorKind::Timeout,
                    _ => TransportErrorKind::Broken,
                };
                let mut error = transport_error(call, attempt, TransportError::new(kind, error));
                let inner = error.inner_mut();
                inner.request_id = meta.request_id().map(str::to_owned);
                inner.headers = Some(meta.headers);
                return Err(error);
            }
            Err(CollectError::TooLarge) => {
                let message =
                    format!("more than {} bytes; see `ClientBuilder::max_answer_bytes`", self.limits.max_answer);
                let mut error = Error::new(ErrorKind::AnswerTooLarge, message).of(call.operation);
                let inner = error.inner_mut();
                inner.status = Some(meta.status);
                inner.request_id = meta.request_id().map(str::to_owned);
                inner.headers = Some(meta.headers);
                inner.attempts = attempt;
                return Err(error);
            }
        };
        let mut raw = RawResponse { body, rest: None, parsed: None, meta };
        if call.operation.idempotent && raw.is_json() {
            raw.parse_whole()?;
        }
        Ok(raw)
    }
}

impl RawResponse {
    fn is_json(&self) -> bool {
        let kind = self.meta.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        !self.body.is_empty() && kind.is_none_or(|it| it.contains("json"))
    }

    /// Fails when the body broke off, so that it can be asked for again; other faults are left to whoever reads it.
    fn parse_whole(&mut self) -> Result<()> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => self.parsed = Some(value),
            Err(error) if error.is_eof() => {
                let source = crate::error::Source::Other(error.into());
                return Err(self.meta.decode_error(self.body.clone(), "the body broke off", Some(source)));
            }
            Err(_) => {}
        }
        Ok(())
    }
}

fn transport_error(call: &Prepared<'_>, attempt: u32, error: TransportError) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::NotSent => ErrorKind::Connect,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Broken => ErrorKind::Transport,
        TransportErrorKind::Invalid => ErrorKind::Config,
    };
    let mut out = Error::new(kind, "").because(error).of(call.operation);
    out.inner_mut().attempts = attempt;
    out
}

const EXTRA_NEEDS_AN_OBJECT: &str = "extra fields need a body that is a JSON object";

/// The body with the extra fields in it; they come before what the request says.
fn merge(body: JsonWriter, extra: &Extra) -> Result<Vec<u8>, String> {
    let mut bytes = body.into_bytes();
    if extra.is_empty() {
        return Ok(bytes);
    }
    let mut out = JsonWriter::default();
    if bytes.is_empty() {
        out.begin_object();
        out.extra(extra);
        out.end_object();
        return Ok(out.into_bytes());
    }
    let known = |name: &String| {
        let mut key = JsonWriter::default();
        key.key(name);
        let key = key.into_bytes();
        bytes.windows(key.len()).any(|it| it == key)
    };
    if bytes.ends_with(b"}") && !extra.keys().any(known) {
        // Nothing is replaced: the fields go before the closing brace.
        bytes.pop();
        let mut out = JsonWriter::from(bytes);
        out.extra(extra);
        out.end_object();
        return Ok(out.into_bytes());
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(mut fields)) => {
            fields.extend(extra.iter().map(|(name, value)| (name.clone(), value.clone())));
            out.value(&Value::Object(fields));
            Ok(out.into_bytes())
        }
        _ => Err(EXTRA_NEEDS_AN_OBJECT.to_owned()),
    }
}
