//! The headers of a response that asks a caller to wait.

use specwright_codegen::model::{Api, Operation, ResetFormat};

/// Headers of a 429 or 503: `retry-after`, and the rate limit headers that the spec names, which report the operation's
/// first limit as used up. `now` is the time in seconds since 1970.
#[must_use]
pub fn rate_limited(api: &Api, op: &Operation, retry_after: Option<u64>, now: u64) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> =
        retry_after.map(|it| ("retry-after".to_owned(), it.to_string())).into_iter().collect();
    let limit = op.rate_limits.first().and_then(|it| api.rate_limits.get(*it));
    let (Some(names), Some(limit)) = (&api.rate_limit_headers, limit) else { return headers };
    let wait = retry_after.unwrap_or(limit.per_seconds);
    let reset = match names.reset_format {
        ResetFormat::Seconds => wait,
        ResetFormat::Unix | ResetFormat::Unknown => now.saturating_add(wait),
    };
    let all = [(&names.limit, limit.requests), (&names.remaining, 0), (&names.reset, reset)];
    headers.extend(all.into_iter().filter_map(|(name, value)| Some((name.clone()?, value.to_string()))));
    headers
}

#[cfg(test)]
mod tests {
    use specwright_test_specs as testing;

    use super::rate_limited;

    #[test]
    fn the_state_of_a_limit_is_in_the_headers_of_the_spec() {
        let headers = |format: &str, retry_after| {
            let limits = format!(
                "rate_limits: {{calls: {{requests: 100, per: 1m}}}}\nrate_limit_headers: {{limit: X-Limit, remaining: X-Left, \
                 reset: {{header: X-Reset, format: {format}}}}}\ntasks:"
            );
            let api = testing::API.replace("tasks:", &limits);
            let things = "resource: things\ntitle: Things\ndoc: Things.\noperations: {get: {get: /x, summary: Get., \
                          rate_limit: calls, response: none}}\n";
            let api = testing::api(&[("api.yaml", &api), ("things.yaml", things)]);
            let all = rate_limited(&api, &api.operations[0], retry_after, 1000);
            all.into_iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(headers("unix", Some(2)), "retry-after 2, x-limit 100, x-left 0, x-reset 1002");
        assert_eq!(headers("seconds", None), "x-limit 100, x-left 0, x-reset 60");
    }
}
