//! Rate limits of the spec: the use of each key, reported in headers and optionally enforced.
//!
//! A limit is counted in windows of its own length, which begin with the first request. Every call counts as one,
//! whatever the limit's unit is. Every key is counted separately, whatever the limit's scope is.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{Duration, Instant};

use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue};
use specwright_codegen::model::{Api, Operation, RateLimit, ResetFormat};

/// The number of remembered windows. If there are more, those that have ended are forgotten, or else all of them.
const MOST_WINDOWS: usize = 10_000;

/// The use of each key.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    windows: HashMap<u64, Window>,
}

#[derive(Debug)]
struct Window {
    ends: Instant,
    used: u64,
}

/// The state of a caller's limits after a call.
#[derive(Debug, Default)]
pub(crate) struct RateStatus {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The seconds to wait. `None` if the call is within all limits.
    pub(crate) wait: Option<u64>,
}

impl Rates {
    /// Counts a call of an operation that has limits. `unix` is the time in seconds since 1970.
    pub(crate) fn count(&mut self, api: &Api, op: &Operation, key: &str, now: Instant, unix: u64) -> RateStatus {
        let mut standing = RateStatus::default();
        let mut tightest: Option<(&RateLimit, u64, u64)> = None;
        for limit in op.rate_limits.iter().filter_map(|it| api.rate_limits.get(*it)) {
            let window = self.window(api, limit, key, now);
            window.used += 1;
            let left = limit.requests.saturating_sub(window.used);
            let rest = window.ends.saturating_duration_since(now).as_millis().div_ceil(1000);
            let rest = u64::try_from(rest).unwrap_or(u64::MAX).max(1);
            if window.used > limit.requests {
                standing.wait = standing.wait.max(Some(rest));
            }
            if tightest.is_none_or(|it| left < it.1) {
                tightest = Some((limit, left, rest));
            }
        }
        if let (Some(names), Some((limit, left, rest))) = (&api.rate_limit_headers, tightest) {
            let reset = match names.reset_format {
                ResetFormat::Seconds => rest,
                ResetFormat::Unix | ResetFormat::Unknown => unix.saturating_add(rest),
            };
            let all = [(&names.limit, limit.requests), (&names.remaining, left), (&names.reset, reset)];
            let known = all.into_iter().filter_map(|(name, it)| Some((name.as_ref()?.parse().ok()?, it.into())));
            standing.headers.extend(known);
        }
        standing
    }

    fn window(&mut self, api: &Api, limit: &RateLimit, key: &str, now: Instant) -> &mut Window {
        let mut hasher = DefaultHasher::new();
        (&api.name, &limit.name, key).hash(&mut hasher);
        let id = hasher.finish();
        if self.windows.len() >= MOST_WINDOWS && !self.windows.contains_key(&id) {
            self.windows.retain(|_, it| it.ends > now);
            if self.windows.len() >= MOST_WINDOWS {
                self.windows.clear();
            }
        }
        let fresh = || Window { ends: now + Duration::from_secs(limit.per_seconds), used: 0 };
        let window = self.windows.entry(id).or_insert_with(fresh);
        if window.ends <= now {
            *window = fresh();
        }
        window
    }
}

/// The header with the time to wait.
pub(crate) fn retry_after(seconds: u64) -> (HeaderName, HeaderValue) {
    (RETRY_AFTER, seconds.into())
}

#[cfg(test)]
mod tests {
    use specwright_test_specs as testing;

    use super::*;

    #[test]
    fn limits_are_counted_by_key_and_window() {
        let limits = "rate_limits: {calls: {requests: 2, per: 1m}}\nrate_limit_headers: {limit: X-Limit, remaining: X-Left, \
            reset: {header: X-Reset, format: seconds}}\ntasks:";
        let api = testing::API.replace("tasks:", limits);
        let things = "resource: things\ntitle: Things\ndoc: Things.\noperations: {get: {get: /x, summary: Get., \
            rate_limit: calls, response: {a: string}}}\n";
        let api = testing::api(&[("api.yaml", &api), ("things.yaml", things)]);
        let Some(op) = api.operations.first() else { panic!("no operation") };
        let mut rates = Rates::default();
        let start = Instant::now();
        let mut call = |key: &str, second: u64| {
            let it = rates.count(&api, op, key, start + Duration::from_secs(second), 1_000);
            let headers: Vec<String> = it.headers.iter().map(|it| format!("{}: {:?}", it.0, it.1)).collect();
            (headers.join(", ").replace('"', ""), it.wait)
        };
        let told = |left: u64, reset: u64| format!("x-limit: 2, x-left: {left}, x-reset: {reset}");
        assert_eq!(call("a", 0), (told(1, 60), None));
        assert_eq!(call("a", 20), (told(0, 40), None));
        assert_eq!(call("a", 20), (told(0, 40), Some(40)));
        assert_eq!(call("b", 20), (told(1, 60), None));
        assert_eq!(call("a", 60), (told(1, 60), None));
    }
}
