//! Whether and when to send again.

use std::time::Duration;

use crate::client::Shared;
use crate::send::PreparedCall;
use crate::{Clock, Error, ErrorKind, Result, StatusKind};

/// How often and how patiently a client sends again.
///
/// A policy does not decide what may be sent again; that depends on what a second request could cost.
///
/// An operation that can cost money or have effects is repeated only when the API certainly did no work for the request:
///
/// - no connection came about, or the server sent the request back unread (HTTP/2 has two ways to say so);
/// - the answer says "too many requests" or "unavailable", and shows that the API itself says so: by an error in the form
///   that its spec describes, by a readable `Retry-After`, or by status 421 or 425. What an error means is decided by its
///   code where the spec declares that, else by the status. A bare 429 or 503, or the page or the usual words of a gateway,
///   are not enough: the gateway may have handed the request on.
///
/// After a status of success such a call is never repeated, whatever the answer holds.
///
/// A read is repeated after all of these, after any other error of the kinds "too many requests", "unavailable", "timed out"
/// and "server error", after a timeout, after a broken connection, and after a body that broke off or did not come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    pub(crate) max_retries: u32,
    min_delay: Duration,
    max_delay: Duration,
    pub(crate) max_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            min_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(10),
            max_wait: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// 2 retries after 0 to 0.5 s and 0 to 1 s, as [`Default`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing is sent twice.
    #[must_use]
    pub fn none() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }

    /// Retries after the first attempt; 0 for none. The default is 2.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = most;
        self
    }

    /// The ceilings of the delays: `first` before the first retry, doubled before each one after, up to `most`. The
    /// delay itself is drawn evenly from zero to the ceiling, so that clients do not come back in step.
    #[must_use]
    pub fn delays(mut self, first: Duration, most: Duration) -> Self {
        self.min_delay = first;
        self.max_delay = most;
        self
    }

    /// The longest wait that a server may ask for with `Retry-After`. When it asks for more, the call fails at once and
    /// the error says how long. The default is 60 s.
    #[must_use]
    pub fn max_wait(mut self, most: Duration) -> Self {
        self.max_wait = most;
        self
    }

    /// The longest wait after this attempt; the first is 1. The wait is drawn from all of it: where a draw is only added,
    /// clients that failed together come back together.
    pub(crate) fn max_backoff(&self, attempt: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.min_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

/// Counts attempts, and knows how long to wait before the next.
pub(crate) struct Attempts {
    pub(crate) attempt: u32,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self { attempt: 0 }
    }

    pub(crate) fn next(&mut self, call: &PreparedCall) -> u32 {
        self.attempt += 1;
        call.span.record("attempt", self.attempt);
        self.attempt
    }
}

impl Shared {
    /// Waits until the next attempt is due, if there may be one.
    pub(crate) async fn wait_before_retry(
        &self,
        call: &PreparedCall,
        tries: &mut Attempts,
        error: Error,
    ) -> Result<()> {
        let policy = &self.limits.retry;
        let may_repeat = may_repeat(&error, call.operation.idempotent) && call.body.reopens();
        if tries.attempt > call.max_retries || !may_repeat {
            return Err(error);
        }
        let wait = match error.retry_after() {
            Some(asked) if asked > policy.max_wait => return Err(error),
            Some(asked) => asked,
            None => jitter(&*self.clock, policy.max_backoff(tries.attempt)),
        };
        if self.remaining(call).is_some_and(|it| it <= wait) {
            return Err(error);
        }
        tracing::debug!(kind = ?error.kind(), wait_ms = wait.as_millis() as u64, "sending again");
        self.clock.sleep(wait).await;
        Ok(())
    }

    pub(crate) fn remaining(&self, call: &PreparedCall) -> Option<Duration> {
        call.deadline.map(|it| it.saturating_duration_since(self.clock.now()))
    }
}

/// An even draw from zero to `max_backoff`.
pub(crate) fn jitter(clock: &dyn Clock, ceiling: Duration) -> Duration {
    ceiling.mul_f64(clock.random().clamp(0.0, 1.0))
}

/// Whether the request may be sent again after `error`.
pub(crate) fn may_repeat(error: &Error, idempotent: bool) -> bool {
    match error.kind() {
        ErrorKind::Connect => true,
        ErrorKind::Api(StatusKind::RateLimited | StatusKind::Unavailable) => idempotent || error.is_refused(),
        ErrorKind::Api(StatusKind::Timeout | StatusKind::Server) => idempotent,
        // Sending reports a decode error only for a body that broke off.
        ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Decode => idempotent,
        _ => false,
    }
}
