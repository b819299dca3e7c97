//! Sends a written request and returns the response: headers, attempts, waits, errors.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use serde_json::Value;
use tracing::Instrument as _;

use crate::byte_scan::contains_ignore_case;
use crate::call::{CallOptions, partition_violations};
use crate::client::Shared;
use crate::clock::within;
use crate::disk::Disk;
use crate::escape::escaped;
use crate::json::text_of;
use crate::multipart::Form;
use crate::redact::{self, Secrets};
use crate::redirect::{self, Route};
use crate::response::{ResponseHead, copy};
use crate::retry::Attempts;
use crate::transport::{Body, CollectError, SendOptions};
use crate::{
    Client, Clock, Error, ErrorKind, Extra, JsonWriter, Operation, RawResponse, RequestParts, Result, TransportError,
    TransportErrorKind, Violation, Violations, download, status,
};

/// Bytes of an error's body that are read.
const LONGEST_ERROR: usize = 1 << 20;

/// Everything about a call that does not change between attempts.
pub(crate) struct PreparedCall {
    pub(crate) operation: &'static Operation,
    uri: Uri,
    headers: HeaderMap,
    pub(crate) body: Outgoing,
    pub(crate) secrets: Secrets,
    timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) max_retries: u32,
    expects_nothing: bool,
    pub(crate) span: tracing::Span,
}

/// A body that can be sent again, as far as what it is made of allows.
pub(crate) enum Outgoing {
    Bytes(Bytes),
    Multipart(Box<dyn Form>, String),
}

impl Outgoing {
    pub(crate) fn reopens(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Multipart(form, _) => form.reopens(),
        }
    }
}

/// The span of a call: nothing in it comes from the request.
pub(crate) fn span(operation: &'static Operation) -> tracing::Span {
    tracing::info_span!(
        "api_call",
        operation = operation.name,
        method = operation.method.as_str(),
        path = operation.path,
        attempt = tracing::field::Empty,
        status = tracing::field::Empty,
        request_id = tracing::field::Empty,
    )
}

impl Client {
    /// Judges, sends until there is a verdict, and brings the answer if it is one of success.
    pub(crate) async fn execute(
        &self,
        operation: &'static Operation,
        parts: RequestParts,
        found: Violations,
        options: Option<Box<CallOptions>>,
    ) -> Result<RawResponse> {
        let span = span(operation);
        let work = async {
            let options = options.unwrap_or_default();
            let accept = operation.accept.unwrap_or("application/json");
            let (prepared, warnings) = self.prepare_checked(operation, parts, found, *options, (accept, &span))?;
            let mut raw = self.shared.attempts(&prepared).await?;
            if operation.accept.is_none() && raw.rest.is_some() {
                let message = "the answer is a stream: call `stream`";
                return Err(raw.meta.decode_error(Bytes::new(), message, None));
            }
            raw.meta.warnings = warnings;
            Ok(raw)
        };
        work.instrument(span.clone()).await
    }

    /// Everything about the call, and which of its broken rules do not keep it from being sent.
    pub(crate) fn prepare_checked(
        &self,
        operation: &'static Operation,
        parts: RequestParts,
        found: Violations,
        options: CallOptions,
        (accept, span): (&'static str, &tracing::Span),
    ) -> Result<(PreparedCall, Vec<Violation>)> {
        self.shared.may_be_polled().map_err(|it| it.of(operation))?;
        options.fault().map_err(|it| it.of(operation))?;
        let warnings = self.warnings(operation, found, &options)?;
        let mut prepared = self.prepare(operation, parts, options, accept)?;
        prepared.span = span.clone();
        Ok((prepared, warnings))
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
        let judged = partition_violations(operation.name, found, mode, &self.shared.secrets);
        let warnings = judged.map_err(|it| Error::from(it).of(operation))?;
        for warning in &warnings {
            // What was found there may be part of the body: it stays out of the log.
            tracing::warn!(at = %escaped(&warning.at), rule = warning.rule.keyword, "{}", warning.rule.message);
        }
        Ok(warnings)
    }

    fn prepare(
        &self,
        operation: &'static Operation,
        mut parts: RequestParts,
        options: CallOptions,
        accept: &'static str,
    ) -> Result<PreparedCall> {
        let fault = |message: String| Error::config(message).of(operation);
        let shared = &*self.shared;
        if parts.empty_path_value {
            return Err(fault(format!("a parameter of the path `{}` is empty", operation.path)));
        }
        if crate::request::has_dot_segment(&parts.path) {
            return Err(fault(format!("a parameter of the path `{}` is `.` or `..`", operation.path)));
        }
        let mut headers = copy(&shared.headers);
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static(accept));
        let by_hand = |name: &str| shared.headers.contains_key(name) || options.headers.contains_key(name);
        let another = options.scheme.as_deref();
        let scheme = operation.auth.and_then(|(credential, scheme)| {
            let schemes = operation.api.credentials.get(credential)?.schemes;
            let named = another.and_then(|name| schemes.iter().find(|it| it.name == name));
            named.or(schemes.get(scheme)).map(|it| it.header)
        });
        if scheme.is_none_or(|it| !by_hand(it))
            && let Some((name, value)) = self.authorization(operation, another)?
        {
            let name = HeaderName::from_bytes(name.as_bytes());
            headers.insert(name.map_err(|_| fault("a credential has a malformed header name".to_owned()))?, value);
        }
        // What the client knows is the same for every call; what is sent by hand in this one is looked at here.
        let mut more_secrets = Vec::new();
        for (name, value) in &options.headers {
            redact::in_header(name.as_str(), value.as_bytes(), &mut more_secrets);
        }
        for (name, value) in &parts.headers {
            redact::in_header(name, value.as_bytes(), &mut more_secrets);
            let (name, value) = crate::client::header(name, value).map_err(|it| it.of(operation))?;
            headers.insert(name, value);
        }
        if parts.body.lost_a_number() {
            return Err(fault("a number of the body is not finite, which JSON cannot say".to_owned()));
        }
        if let Some(put) = options.put_extra {
            put(&options.extra, &mut parts, operation.has_body).map_err(|it| fault(it.to_owned()))?;
        }
        let body = if let Some(form) = parts.multipart.take() {
            let boundary = crate::multipart::boundary();
            let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
            headers.insert(CONTENT_TYPE, kind.map_err(|_| fault("the boundary is malformed".to_owned()))?);
            Outgoing::Multipart(form, boundary)
        } else if operation.has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Outgoing::Bytes(parts.body.into_bytes().into())
        } else {
            Outgoing::Bytes(Bytes::new())
        };
        headers.extend(options.headers);
        redact::in_query(&parts.query, &mut more_secrets);

        let base = shared.servers.get(operation.server).map_or("", String::as_str);
        let mark = if parts.query.is_empty() { "" } else { "?" };
        let uri = format!("{base}{}{mark}{}", parts.path, parts.query).parse();
        let uri = uri.map_err(|_| fault(format!("the URL of `{}` is malformed or too long", operation.path)))?;
        let total = options.total_timeout.or(shared.limits.total_timeout);
        Ok(PreparedCall {
            operation,
            uri,
            headers,
            body,
            secrets: shared.secrets.and(more_secrets),
            timeout: options.timeout.or(shared.limits.timeout),
            idle_timeout: options.idle_timeout.unwrap_or(shared.limits.idle_timeout),
            // A limit beyond what the clock can say is none.
            deadline: total.and_then(|it| shared.clock.now().checked_add(it)),
            max_retries: options.max_retries.unwrap_or(shared.limits.retry.max_retries),
            expects_nothing: parts.expects_nothing,
            span: tracing::Span::none(),
        })
    }
}

impl Shared {
    async fn attempts(&self, call: &PreparedCall) -> Result<RawResponse> {
        let mut tries = Attempts::new();
        loop {
            let attempt = tries.next(call);
            let exchange = async |limit| {
                let (meta, body) = self.send_head(call, attempt, &limit).await?;
                self.read_body(call, meta, body, &limit).await
            };
            match self.attempt(call, attempt, exchange).await {
                Ok(raw) => return Ok(raw),
                Err(error) => self.wait_before_retry(call, &mut tries, error).await?,
            }
        }
    }

    /// One attempt within its limit of time.
    pub(crate) async fn attempt<T, F: Future<Output = Result<T>>>(
        &self,
        call: &PreparedCall,
        attempt: u32,
        exchange: impl FnOnce(Limit) -> F,
    ) -> Result<T> {
        let remaining = self.remaining(call);
        let limit = match (call.timeout, remaining) {
            (Some(timeout), Some(remaining)) => Some(timeout.min(remaining)),
            (timeout, remaining) => timeout.or(remaining),
        };
        let of = if remaining.is_some() && limit == remaining { "call" } else { "attempt" };
        let limit = Limit { time: limit, of, end: limit.and_then(|it| self.clock.now().checked_add(it)) };
        let exchange = exchange(limit);
        within(&*self.clock, limit.time, exchange).await.unwrap_or_else(|| Err(limit.error(call, attempt)))
    }

    /// Sends, and brings the answer up to where its body starts.
    pub(crate) async fn send_head(
        &self,
        call: &PreparedCall,
        attempt: u32,
        limit: &Limit,
    ) -> Result<(ResponseHead, Body)> {
        let events = call.headers.get(ACCEPT).is_some_and(|it| it == "text/event-stream");
        let streams = events || call.operation.accept.is_some();
        let idle_timeout = call.idle_timeout.filter(|_| streams);
        let follows_redirects = redirect::is_followed(call.operation);
        let mut route = Route::new(call.uri.clone());
        loop {
            // What a redirect leads to has the time that is left.
            let timeout = limit.left(&*self.clock);
            if route.is_redirected() && timeout.is_some_and(|it| it.is_zero()) {
                return Err(limit.error(call, attempt));
            }
            let options = SendOptions { timeout, streams, idle_timeout, follows_redirects };
            let answer = self.transport.send(self.request(call, &route), options).await;
            let answer = answer.map_err(|it| transport_error(call, attempt, route.check_location(it)))?;
            let (head, body) = answer.into_parts();
            let meta = ResponseHead {
                operation: call.operation,
                status: head.status,
                headers: head.headers,
                warnings: Vec::new(),
                attempts: attempt,
                is_redirected: route.is_redirected(),
                secrets: call.secrets.clone(),
            };
            call.span.record("status", meta.status.as_u16());
            if let Some(id) = meta.request_id().filter(|_| !call.span.is_disabled()) {
                call.span.record("request_id", &*meta.secrets.redact(id));
            }
            if !follows_redirects || !redirect::is_redirect(meta.status) {
                return Ok((meta, body));
            }
            if let Err(why) = route.follow(&meta.headers) {
                return Err(meta.error(ErrorKind::UnexpectedStatus, call.secrets.redact_value(&why)));
            }
        }
    }

    /// The request, to where redirects have led so far.
    fn request(&self, call: &PreparedCall, route: &Route) -> http::Request<Body> {
        let (body, length) = match &call.body {
            Outgoing::Bytes(bytes) => (Body::from_bytes(bytes.clone()), None),
            Outgoing::Multipart(form, boundary) => form.open(boundary, Disk::of(&*self.clock)),
        };
        let mut request = http::Request::new(body);
        *request.method_mut() = call.operation.method.clone();
        *request.uri_mut() = route.uri().clone();
        *request.headers_mut() = route.headers(&call.headers);
        if let Some(length) = length {
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        request
    }

    /// Reads the body, if the operation does not answer with bytes, and judges the status.
    pub(crate) async fn read_body(
        &self,
        call: &PreparedCall,
        meta: ResponseHead,
        body: Body,
        limit: &Limit,
    ) -> Result<RawResponse> {
        // Where the body may be read later, the transport of a clock that blocks knows no limit but that of silence.
        let is_over = || self.clock.blocks() && limit.end.is_some_and(|it| it <= self.clock.now());
        if meta.status.is_success() && call.operation.accept.is_some() {
            let (first, rest) =
                download::peek_body(&meta, body, &is_over).await.map_err(|it| body_error(call, &meta, it))?;
            return Ok(RawResponse { body: first, rest: Some(rest), parsed: None, meta });
        }
        // A stream may never end: whoever asked for a whole answer is told without waiting for it.
        if meta.status.is_success() && meta.content_type_has("event-stream") {
            return Ok(RawResponse { body: Bytes::new(), rest: Some(body), parsed: None, meta });
        }
        if !meta.status.is_success() {
            // The status alone says enough, and words do not fill a megabyte.
            let (body, is_cut) = body.read_at_most(self.limits.max_answer.min(LONGEST_ERROR), &is_over).await;
            let mut error = status::error(&meta, body, self.clock.system_time());
            error.inner_mut().body_is_cut = is_cut;
            return Err(error);
        }
        let (body, fault) = body.collect_most(self.limits.max_answer, &is_over).await;
        let mut raw = RawResponse { body, rest: None, parsed: None, meta };
        match fault {
            None => {}
            // Nobody may ask for it again, and nothing is missing but the end of the connection.
            Some(CollectError::Transport(_)) if !call.operation.idempotent && raw.is_whole_json() => {}
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
                    format!("more than {} bytes; see `ClientBuilder::max_answer_bytes`", self.limits.max_answer);
                return Err(raw.meta.error(ErrorKind::AnswerTooLarge, message));
            }
        }
        raw.has_its_length()?;
        if call.operation.idempotent && raw.is_json() {
            raw.parse_whole(call.expects_nothing)?;
        }
        Ok(raw)
    }
}

/// How long an attempt may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    time: Option<Duration>,
    /// Whose limit it is.
    of: &'static str,
    end: Option<Instant>,
}

impl Limit {
    fn left(&self, clock: &dyn Clock) -> Option<Duration> {
        self.time.map(|time| self.end.map_or(time, |it| it.saturating_duration_since(clock.now())))
    }

    #[cold]
    fn error(&self, call: &PreparedCall, attempt: u32) -> Error {
        let (time, of) = (self.time.unwrap_or_default(), self.of);
        let message = format!("no complete answer within {time:?}, the limit of this {of}");
        let mut error = Error::new(ErrorKind::Timeout, message).of(call.operation).without(&call.secrets);
        error.inner_mut().attempts = attempt;
        error
    }
}

impl RawResponse {
    fn is_json(&self) -> bool {
        self.meta.content_type().is_none_or(|it| contains_ignore_case(it, "json"))
    }

    /// These say themselves that there is no body.
    fn has_no_body(&self) -> bool {
        matches!(self.meta.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT)
    }

    /// Whether the body is JSON of which nothing can be missing. Of a number there may be more digits.
    fn is_whole_json(&self) -> bool {
        self.is_json() && crate::reading::read(&self.body).is_ok_and(|it| !it.is_number())
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
        match crate::reading::read(&self.body) {
            Ok(value) => self.parsed = Some(value),
            Err(error) if error.is_cut() => {
                let source = Some(error.into_source());
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

fn transport_error(call: &PreparedCall, attempt: u32, error: TransportError) -> Error {
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

const EXTRA_NEEDS_AN_OBJECT: &str = "extra fields need a body that is a JSON object";

/// See [`put_extra`].
pub(crate) type PutExtra = fn(&Extra, &mut RequestParts, bool) -> Result<(), &'static str>;

/// Puts fields that the spec does not know into the body, or into the query where there is none.
pub(crate) fn put_extra(extra: &Extra, parts: &mut RequestParts, has_body: bool) -> Result<(), &'static str> {
    let texts = extra.iter().map(|(name, value)| (name, value.as_str().map_or_else(|| text_of(value), str::to_owned)));
    if let Some(form) = &mut parts.multipart {
        texts.for_each(|(name, value)| form.add(name, &value));
    } else if has_body {
        parts.body = JsonWriter::from(merge(std::mem::take(&mut parts.body), extra)?);
    } else {
        texts.for_each(|(name, value)| parts.query(name, &value));
    }
    Ok(())
}

/// The body with the extra fields in it; they come before what the request says.
fn merge(body: JsonWriter, extra: &Extra) -> Result<Vec<u8>, &'static str> {
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
        _ => Err(EXTRA_NEEDS_AN_OBJECT),
    }
}
