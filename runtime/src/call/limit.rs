//! The timeout of an attempt.

use std::time::{Duration, Instant};

use super::prepare::PreparedCall;
use crate::clock::in_words;
use crate::{Clock, Error, ErrorKind};

/// The timeout of one attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(super) time: Option<Duration>,
    /// What the limit belongs to: the call or one attempt.
    of: &'static str,
    end: Option<Instant>,
}

impl Limit {
    /// The shorter of the attempt's timeout and the remaining time of the call, starting now.
    pub(super) fn begin(timeout: Option<Duration>, remaining: Option<Duration>, clock: &dyn Clock) -> Self {
        let time = match (timeout, remaining) {
            (Some(timeout), Some(remaining)) => Some(timeout.min(remaining)),
            (timeout, remaining) => timeout.or(remaining),
        };
        let of = if remaining.is_some() && time == remaining { "the call" } else { "one attempt" };
        Self { time, of, end: time.and_then(|it| clock.now().checked_add(it)) }
    }

    pub(super) fn left(&self, clock: &dyn Clock) -> Option<Duration> {
        self.time.map(|time| self.end.map_or(time, |it| it.saturating_duration_since(clock.now())))
    }

    pub(super) fn is_over(&self, clock: &dyn Clock) -> bool {
        self.end.is_some_and(|it| it <= clock.now())
    }

    #[cold]
    pub(super) fn error(&self, call: &PreparedCall, attempt: u32) -> Error {
        let (time, of) = (self.time.unwrap_or_default(), self.of);
        let message = format!("no complete response within {}, the limit of {of}", in_words(time));
        let mut error = Error::new(ErrorKind::Timeout, message).of(call.operation).without(&call.secrets);
        error.inner_mut().attempts = attempt;
        error
    }
}
