//! The headers of a response that say when to send the next request.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::clock::seconds;
use crate::headers;
use crate::http_date;
use crate::json::parse;
use crate::redact::Secrets;

/// The rate limit, from a response's headers. All fields are `None` for an API without such headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests per window.
    pub limit: Option<u64>,
    /// Requests left in this window.
    pub remaining: Option<u64>,
    /// When the window ends, in the server's form: see [`reset_in`](Self::reset_in).
    pub reset: Option<String>,
}

impl RateLimit {
    pub(crate) fn read(headers: &HeaderMap, names: &[Option<&'static str>; 3], secrets: &Secrets) -> Self {
        let text = |index: usize| headers::text(headers, names[index]?);
        Self {
            limit: text(0).and_then(|it| it.parse().ok()),
            remaining: text(1).and_then(|it| it.parse().ok()),
            reset: text(2).map(|it| secrets.redact_value(it)),
        }
    }

    /// The time until the window ends, seen from `now`.
    ///
    /// APIs seldom document the form of this header. Seconds, seconds since 1970, milliseconds since 1970 and HTTP
    /// dates are recognised by their size and form. `None` if there is no such header, or if it is none of these.
    #[must_use]
    pub fn reset_in(&self, now: SystemTime) -> Option<Duration> {
        reset_in(self.reset.as_deref()?, now)
    }
}

/// The wait that `Retry-After` asks for.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers::text(headers, RETRY_AFTER.as_str())?;
    match number(text) {
        Some(asked) => duration(asked),
        None => until(text, now),
    }
}

/// See [`RateLimit::reset_in`].
fn reset_in(text: &str, now: SystemTime) -> Option<Duration> {
    let Some(number) = number(text) else {
        return until(text, now);
    };
    let since_1970 = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    duration(match number {
        1e11.. => (number / 1e3 - since_1970).max(0.0),
        1e9.. => (number - since_1970).max(0.0),
        _ => number,
    })
}

/// The time until a date; zero if it is over.
fn until(date: &str, now: SystemTime) -> Option<Duration> {
    Some(http_date::parse(date)?.duration_since(now).unwrap_or_default())
}

/// Parses a number as JSON. Every program already contains that code, whereas Rust's own parser adds large tables.
fn number(text: &str) -> Option<f64> {
    parse(text.as_bytes()).ok()?.as_f64()
}

fn duration(asked: f64) -> Option<Duration> {
    // More than anyone waits, and far below what overflows a clock.
    const MOST: f64 = 366.0 * 86_400.0;
    (asked >= 0.0).then(|| seconds(asked.min(MOST)))
}
