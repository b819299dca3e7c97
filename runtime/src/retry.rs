//! Whether and when to retry.

use std::time::Duration;

use crate::clock::seconds;
use crate::{Clock, Error, ErrorKind, StatusKind};

/// How often a client retries, and after which delays.
///
/// A policy does not decide which requests may be retried. That depends on what a second request could cost.
///
/// A call that can cost money or have effects is retried only if the API certainly did not process the request:
///
/// - there was no connection, or the server returned the request unread (HTTP/2 has two ways to report this);
/// - the response means "too many requests" or "unavailable", and shows that it comes from the API itself: by an error
///   in the form that the spec describes, by a readable `Retry-After`, or by status 421 or 425. The meaning of an error
///   is that of its code if the spec declares one, otherwise that of its status. A bare 429 or 503, or the page or the
///   usual words of a gateway, are not enough: the gateway may have passed the request on.
///
/// After a success status such a call is never retried, whatever the response contains. A call with an idempotency key
/// counts as a read here, since the server does not process the same key twice.
///
/// A read is retried after all of these, after any other error of the kinds "too many requests", "unavailable", "timed
/// out" and "server error", after a timeout, after a broken connection, and after an incomplete or missing body.
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
    /// Two retries, after 0 to 0.5 s and after 0 to 1 s, as [`Default`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No retries.
    #[must_use]
    pub fn none() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }

    /// Sets the number of retries after the first attempt; 0 for none. The default is 2.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = most;
        self
    }

    /// Sets the upper limits of the delays: `first` for the first retry, doubled for each one after, up to `most`. The
    /// delay is random between zero and the limit, so that clients do not retry in step.
    #[must_use]
    pub fn delays(mut self, first: Duration, most: Duration) -> Self {
        self.min_delay = first;
        self.max_delay = most;
        self
    }

    /// Sets the longest wait that a server may request with `Retry-After`. If it requests a longer wait, the call fails
    /// immediately, and the error says how long the wait would be. The default is 60 s.
    #[must_use]
    pub fn max_wait(mut self, most: Duration) -> Self {
        self.max_wait = most;
        self
    }

    /// The longest wait after this attempt; the first is 1. The wait is random over the whole range. If only a part of
    /// it were random, clients that failed together would retry together.
    pub(crate) fn max_backoff(&self, attempt: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.min_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

/// A random duration from zero to `max_backoff`, uniformly distributed.
pub(crate) fn jitter(clock: &dyn Clock, ceiling: Duration) -> Duration {
    seconds(ceiling.as_secs_f64() * clock.random().clamp(0.0, 1.0))
}

/// Whether the request may be retried after `error`.
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
