//! The fourth step: sends a call, waits, and retries it if that is worthwhile.

use std::future::Future;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_LENGTH};

use super::limit::Limit;
use super::prepare::{Outgoing, PreparedCall};
use super::read::{read_body, transport_error};
use crate::client::Shared;
use crate::clock::within;
use crate::disk::Disk;
use crate::media::{EVENTS, JSON_LINES};
use crate::redirect::{self, Route};
use crate::response::ResponseHead;
use crate::retry::{jitter, may_repeat};
use crate::transport::{Body, SendOptions};
use crate::{Error, ErrorKind, RawResponse, Result};

/// The attempts of one call: their number, and when the next is due.
pub(crate) struct Attempts<'a> {
    shared: &'a Shared,
    call: &'a PreparedCall,
    attempt: u32,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(shared: &'a Shared, call: &'a PreparedCall) -> Self {
        Self { shared, call, attempt: 0 }
    }

    /// Sends the call until it succeeds or must not be retried.
    pub(crate) async fn send(mut self) -> Result<RawResponse> {
        loop {
            self.begin();
            let exchange = async |limit| {
                let (meta, body) = self.send_head(&limit).await?;
                read_body(self.shared, self.call, meta, body, &limit).await
            };
            match self.within_limits(exchange).await {
                Ok(raw) => return Ok(raw),
                Err(error) => self.wait_before_retry(error).await?,
            }
        }
    }

    /// Begins the next attempt.
    pub(crate) fn begin(&mut self) {
        self.attempt += 1;
        self.call.span.record("attempt", self.attempt);
    }

    /// One attempt within its timeout.
    pub(crate) async fn within_limits<T, F: Future<Output = Result<T>>>(
        &self,
        exchange: impl FnOnce(Limit) -> F,
    ) -> Result<T> {
        let clock = &*self.shared.clock;
        let limit = Limit::begin(self.call.timeout, self.remaining(), clock);
        let exchange = exchange(limit);
        within(clock, limit.time, exchange).await.unwrap_or_else(|| Err(limit.error(self.call, self.attempt)))
    }

    /// Sends the request, and returns the head of the response and the unread body.
    pub(crate) async fn send_head(&self, limit: &Limit) -> Result<(ResponseHead, Body)> {
        let call = self.call;
        let events = call.headers.get(ACCEPT).is_some_and(|it| it == EVENTS || it == JSON_LINES);
        let streams = events || call.operation.accept.is_some();
        let idle_timeout = call.idle_timeout.filter(|_| streams);
        let follows_redirects = redirect::is_followed(call.operation);
        let mut route = Route::new(call.uri.clone());
        loop {
            // The target of a redirect gets the remaining time.
            let timeout = limit.left(&*self.shared.clock);
            if route.is_redirected() && timeout.is_some_and(|it| it.is_zero()) {
                return Err(limit.error(call, self.attempt));
            }
            let options = SendOptions { timeout, streams, idle_timeout, follows_redirects };
            let answer = self.shared.transport.send(self.request(&route), options).await;
            let answer = answer.map_err(|it| transport_error(call, self.attempt, route.check_location(it)))?;
            let (head, body) = answer.into_parts();
            let meta = ResponseHead {
                operation: call.operation,
                status: head.status,
                headers: head.headers,
                warnings: Vec::new(),
                attempts: self.attempt,
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

    /// The request to the current target of the redirects.
    fn request(&self, route: &Route) -> http::Request<Body> {
        let call = self.call;
        let (body, length) = match &call.body {
            Outgoing::Bytes(bytes) => (Body::from_bytes(bytes.clone()), None),
            Outgoing::File(file) => file.open(Disk::of(&*self.shared.clock)),
            Outgoing::Multipart(form, boundary) => form.open(boundary, Disk::of(&*self.shared.clock)),
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

    /// Waits until the next attempt is due, if another one is allowed.
    pub(crate) async fn wait_before_retry(&self, error: Error) -> Result<()> {
        let (call, clock, policy) = (self.call, &self.shared.clock, &self.shared.limits.retry);
        let may_repeat = may_repeat(&error, call.may_repeat) && call.body.reopens();
        if self.attempt > call.max_retries || !may_repeat {
            return Err(error);
        }
        let wait = match error.retry_after() {
            Some(asked) if asked > policy.max_wait => return Err(error),
            Some(asked) => asked,
            None => jitter(&**clock, policy.max_backoff(self.attempt)),
        };
        if self.remaining().is_some_and(|it| it <= wait) {
            return Err(error);
        }
        tracing::debug!(kind = ?error.kind(), wait_ms = wait.as_millis() as u64, "sending again");
        clock.sleep(wait).await;
        Ok(())
    }

    fn remaining(&self) -> Option<Duration> {
        self.call.deadline.map(|it| it.saturating_duration_since(self.shared.clock.now()))
    }
}
