//! The spec language's names for closed lists of the model, and numbers with units.

use crate::model::{AuthScheme, BasicAuth, ErrorKind, KeyPlace, Location, RateLimit, ResetFormat};

/// As specs spell it.
pub(super) fn error_kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::Authentication => "authentication",
        ErrorKind::PaymentRequired => "payment_required",
        ErrorKind::PermissionDenied => "permission_denied",
        ErrorKind::NotFound => "not_found",
        ErrorKind::Conflict => "conflict",
        ErrorKind::Timeout => "timeout",
        ErrorKind::TooLarge => "too_large",
        ErrorKind::UnsupportedMedia => "unsupported_media",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::ContentRefused => "content_refused",
        ErrorKind::Server => "server",
        ErrorKind::Unavailable => "unavailable",
        ErrorKind::Refunded => "refunded",
    }
}

/// `body`, `path`, …
pub(super) fn location(location: Location) -> &'static str {
    match location {
        Location::Body | Location::WholeBody => "body",
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// How a reset header is read.
pub(super) fn reset_format(format: ResetFormat) -> &'static str {
    match format {
        ResetFormat::Seconds => "seconds from now",
        ResetFormat::Unix => "seconds since 1970",
        ResetFormat::Unknown => "in an undocumented format",
    }
}

/// `Authorization: Bearer <key>`, `?key=<key>`, `Cookie: sid=<key>`, `key=<key> in the body`.
pub(super) fn sent_as(scheme: &AuthScheme) -> String {
    match &scheme.place {
        KeyPlace::Header(name) => format!("{name}: {}<key>", scheme.prefix),
        KeyPlace::Query(name) => format!("?{name}=<key>"),
        KeyPlace::Cookie(name) => format!("Cookie: {name}=<key>"),
        KeyPlace::Body(name) => format!("{name}=<key> in the body"),
        KeyPlace::Basic(BasicAuth::Pair) => "Authorization: Basic <username:password>".to_owned(),
        KeyPlace::Basic(BasicAuth::Username) => "Authorization: Basic <key:>".to_owned(),
        KeyPlace::Basic(BasicAuth::Password(username)) => format!("Authorization: Basic <{username}:key>"),
    }
}

/// `100 requests per minute per key`.
pub(super) fn rate(limit: &RateLimit) -> String {
    let scope = if limit.scope.is_empty() { String::new() } else { format!(" per {}", limit.scope) };
    let period = match limit.per_seconds {
        1 => "second".to_owned(),
        60 => "minute".to_owned(),
        3600 => "hour".to_owned(),
        86_400 => "day".to_owned(),
        seconds => duration(seconds * 1000),
    };
    format!("{} {} per {period}{scope}", limit.requests, limit.unit)
}

/// `5 s`, `10 min`, `250 ms`.
pub(super) fn duration(milliseconds: u64) -> String {
    for (size, unit) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")] {
        if milliseconds >= size && milliseconds.is_multiple_of(size) {
            return format!("{} {unit}", milliseconds / size);
        }
    }
    format!("{milliseconds} ms")
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_take_the_largest_unit_that_fits() {
        assert_eq!(duration(5000), "5 s");
        assert_eq!(duration(90_000), "90 s");
        assert_eq!(duration(600_000), "10 min");
        assert_eq!(duration(250), "250 ms");
        assert_eq!(duration(0), "0 ms");
    }
}
