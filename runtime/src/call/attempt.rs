//! The fourth step: sends a call, waits, and retries it if that is worthwhile.

use std::time::Duration;

use http::header::CONTENT_LENGTH;

use super::limit::Limit;
use super::prepare::{Outgoing, PreparedCall};
use super::read::{read_body, transport_error};
use crate::client::Shared;
use crate::clock::{BoxFuture, within};
use crate::disk::Disk;
use crate::headers;
use crate::media;
use crate::redact::Secrets;
use crate::redirect::{self, Route};
use crate::response::{RequestUrl, ResponseHead};
use crate::retry::{jitter, may_repeat};
use crate::transport::{Body, SendOptions, takes_body};
use crate::{Error, ErrorKind, RawResponse, Result};

/// The attempts of one call: their number, and when the next is due.
pub(crate) struct Attempts<'a> {
    shared: &'a Shared,
    call: &'a PreparedCall,
    attempt: u32,
    #[cfg(feature = "oauth2")]
    tokens: super::token::AttemptTokens,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(shared: &'a Shared, call: &'a PreparedCall) -> Self {
        Self {
            shared,
            call,
            attempt: 0,
            #[cfg(feature = "oauth2")]
            tokens: super::token::AttemptTokens::default(),
        }
    }

    /// Sends the call until it succeeds or must not be retried.
    pub(crate) fn send(mut self) -> BoxFuture<'a, Result<RawResponse>> {
        Box::pin(async move {
            loop {
                self.begin().await?;
                let limit = self.limit();
                let exchange = Box::pin(async {
                    let (meta, body) = self.send_head(&limit).await?;
                    read_body(self.shared, self.call, meta, body, &limit).await
                });
                match self.within(&limit, exchange).await {
                    Ok(raw) => return Ok(raw),
                    Err(error) => self.begin_wait(error)?.await,
                }
            }
        })
    }

    /// Begins the next attempt.
    #[cfg_attr(not(feature = "oauth2"), allow(clippy::unused_async, reason = "tokens are awaited"))]
    pub(crate) async fn begin(&mut self) -> Result<()> {
        self.attempt += 1;
        self.call.span.record("attempt", self.attempt);
        #[cfg(feature = "oauth2")]
        if !self.call.tokens.is_empty() {
            let (shared, call, remaining) = (self.shared, self.call, self.remaining());
            let fetched = within(&*shared.clock, remaining, Box::pin(self.tokens.fetch(shared, call))).await;
            fetched.unwrap_or_else(|| {
                let message = "no access token within the limit of the call";
                let mut error = Error::new(ErrorKind::Timeout, message).of(call.operation).without(&call.secrets);
                error.inner_mut().attempts = self.attempt - 1;
                Err(error)
            })?;
        }
        Ok(())
    }

    /// What no text of a server may show.
    fn secrets(&self) -> &Secrets {
        #[cfg(feature = "oauth2")]
        if let Some(secrets) = &self.tokens.secrets {
            return secrets;
        }
        &self.call.secrets
    }

    /// The timeout of an attempt that begins now.
    pub(crate) fn limit(&self) -> Limit {
        Limit::begin(self.call.timeout, self.remaining(), &*self.shared.clock)
    }

    /// One attempt within its timeout.
    pub(crate) async fn within<T>(&self, limit: &Limit, exchange: BoxFuture<'_, Result<T>>) -> Result<T> {
        let output = within(&*self.shared.clock, limit.time, exchange).await;
        output.unwrap_or_else(|| Err(limit.error(self.call, self.attempt)))
    }

    /// Sends the request, and returns the head of the response and the unread body.
    pub(crate) async fn send_head(&self, limit: &Limit) -> Result<(ResponseHead, Body)> {
        let call = self.call;
        let events = media::is_stream(&call.headers);
        let streams = events || call.operation.accept.is_some();
        let idle_timeout = call.idle_timeout.filter(|_| streams);
        let steps = call.operation.bytes_steps();
        // Of other requests, a redirect could repeat what they do.
        let follow = steps.filter(|_| call.operation.method == "GET").map(|it| it.follow);
        let follows_redirects = follow.is_some();
        let mut route = Route::new(call.uri.clone());
        loop {
            // The target of a redirect gets the remaining time.
            let timeout = limit.left(&*self.shared.clock);
            if route.is_redirected() && timeout.is_some_and(|it| it.is_zero()) {
                return Err(limit.error(call, self.attempt));
            }
            let options = SendOptions { timeout, streams, idle_timeout, follows_redirects };
            let request = self.request(&route).await?;
            let answer = self.shared.transport.send(request, options).await;
            let answer = answer.map_err(|it| transport_error(call, self.attempt, route.check_location(it)))?;
            #[cfg_attr(not(feature = "gzip"), allow(unused_mut, reason = "what is expanded changes"))]
            let (mut head, mut body) = answer.into_parts();
            #[cfg(feature = "gzip")]
            {
                body = crate::gzip::expanded(!streams, &mut head.headers, body);
            }
            let meta = ResponseHead {
                operation: call.operation,
                status: head.status,
                headers: head.headers,
                warnings: Vec::new(),
                attempts: self.attempt,
                is_redirected: route.is_redirected(),
                url: RequestUrl(call.uri.clone()),
                secrets: self.secrets().clone(),
            };
            call.span.record("status", meta.status.as_u16());
            if let Some(id) = meta.request_id().filter(|_| !call.span.is_disabled()) {
                call.span.record("request_id", &*meta.secrets.redact(id));
            }
            let Some(follow) = follow.filter(|_| redirect::is_redirect(meta.status)) else { return Ok((meta, body)) };
            if let Err(why) = follow(&mut route, &meta.headers, &call.headers) {
                return Err(meta.error(ErrorKind::UnexpectedStatus, call.secrets.redact_value(&why)));
            }
        }
    }

    /// The request to the current target of the redirects.
    async fn request(&self, route: &Route) -> Result<http::Request<Body>> {
        let call = self.call;
        let (body, length) = match &call.body {
            Outgoing::Bytes(bytes) => {
                // Some servers answer 411 to a POST that does not say that it has no body; RFC 9110 wants it said.
                let is_told = bytes.is_empty() && takes_body(&call.operation.http_method());
                (Body::from_bytes(bytes.clone()), is_told.then_some(0))
            }
            Outgoing::Upload(upload) => upload.open(Disk::of(&*self.shared.clock)),
        };
        let mut request = http::Request::new(body);
        *request.method_mut() = call.operation.http_method();
        *request.uri_mut() = route.uri().clone();
        *request.headers_mut() = headers::copy(route.kept_headers().unwrap_or(&call.headers));
        #[cfg(feature = "oauth2")]
        if !route.has_left() {
            for (name, value) in &self.tokens.headers {
                headers::set(request.headers_mut(), name.clone(), value.clone());
            }
        }
        if let Some(length) = length {
            headers::set(request.headers_mut(), CONTENT_LENGTH, length.into());
        }
        let Some(signing) = self.shared.signer.as_ref().filter(|_| !route.has_left()) else { return Ok(request) };
        let bytes = match &call.body {
            Outgoing::Bytes(bytes) => Some(bytes),
            Outgoing::Upload(upload) => upload.bytes(),
        };
        signing.sign(request, bytes, self.shared.clock.system_time()).await.map_err(|why| {
            let error = Error::config("the request cannot be signed").without(self.secrets()).because(why);
            error.of(call.operation)
        })
    }

    /// What ends when the next attempt is due, if another one is allowed.
    pub(crate) fn begin_wait(&mut self, error: Error) -> Result<BoxFuture<'static, ()>> {
        let (call, clock, policy) = (self.call, &self.shared.clock, &self.shared.limits.retry);
        // Another token is no retry: nothing is waited for, and it does not count.
        #[cfg(feature = "oauth2")]
        if call.body.reopens() && self.tokens.renew(self.shared, &error) {
            tracing::debug!("sending again with another access token");
            return Ok(Box::pin(std::future::ready(())));
        }
        #[cfg(feature = "oauth2")]
        let retries = self.attempt - u32::from(self.tokens.renewed);
        #[cfg(not(feature = "oauth2"))]
        let retries = self.attempt;
        let may_repeat = may_repeat(&error, call.may_repeat) && call.body.reopens();
        if retries > call.max_retries || !may_repeat {
            return Err(error);
        }
        let wait = match error.retry_after() {
            Some(asked) if asked > policy.max_wait => return Err(error),
            Some(asked) => asked,
            None => jitter(&**clock, policy.max_backoff(retries)),
        };
        if self.remaining().is_some_and(|it| it <= wait) {
            return Err(error);
        }
        tracing::debug!(kind = ?error.kind(), wait_ms = wait.as_millis() as u64, "sending again");
        Ok(clock.sleep(wait))
    }

    fn remaining(&self) -> Option<Duration> {
        self.call.deadline.map(|it| it.saturating_duration_since(self.shared.clock.now()))
    }
}
