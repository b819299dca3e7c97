//! Formats of text that a type names: see [`TextFormat`]. Each takes exactly what the format's definition allows.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::format::is_date_time;
use crate::model::TextFormat;

/// Whether a text has a format.
pub(super) fn has_text_format(format: TextFormat, text: &str) -> bool {
    match format {
        // A date or a time is what makes a date-time with the other half. A leap second is fine on some day.
        TextFormat::Date => text.len() == 10 && is_date_time(&format!("{text}T00:00:00Z")),
        TextFormat::Time => is_time(text),
        TextFormat::Duration => is_duration(text),
        TextFormat::Uuid => is_uuid(text),
        TextFormat::Decimal => is_decimal(text),
        TextFormat::Email => is_email(text),
        TextFormat::Uri => is_uri(text),
        TextFormat::Hostname => is_hostname(text),
        TextFormat::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        TextFormat::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
    }
}

fn is_time(text: &str) -> bool {
    text.is_ascii()
        && ["2016-06-30", "2016-07-01", "2016-12-31", "2017-01-01"]
            .iter()
            .any(|day| is_date_time(&format!("{day}T{text}")))
}

/// `P`, then weeks alone, or days and more, or a time. Units stand in their order, without gaps between two of a kind.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    if let Some(weeks) = rest.strip_suffix('W') {
        return is_digits(weeks);
    }
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let date_fits = are_units(date, "YMD");
    let time_fits = time.is_none_or(|it| !it.is_empty() && are_units(it, "HMS"));
    date_fits && time_fits && !(date.is_empty() && time.is_none())
}

/// Numbers with units, which follow each other as they do in `order`. None at all is fine.
fn are_units(text: &str, order: &str) -> bool {
    let mut last: Option<usize> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let Some(end) = rest.find(|it: char| !it.is_ascii_digit()) else { return false };
        let unit = rest[end..].chars().next().and_then(|it| order.find(it));
        let follows = match (unit, last) {
            (Some(unit), Some(last)) => unit == last + 1,
            (unit, _) => unit.is_some(),
        };
        if end == 0 || !follows {
            return false;
        }
        last = unit;
        rest = &rest[end + 1..];
    }
    true
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|it| it.len()).eq([8, 4, 4, 4, 12]) && groups.concat().bytes().all(|it| it.is_ascii_hexdigit())
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    match digits.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(digits),
    }
}

/// A name of words with dots between them, `@`, and a host.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let word = |it: &str| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&it))
    };
    name.len() <= 64 && name.split('.').all(word) && is_hostname(host)
}

fn is_hostname(text: &str) -> bool {
    let label = |it: &str| {
        (1..=63).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
            && !it.starts_with('-')
            && !it.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// A scheme, a colon, and characters of a URI.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it));
    let pieces: Vec<&str> = rest.split('%').collect();
    let escapes = pieces.iter().skip(1).all(|it| it.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2);
    let allowed = |it: u8| it.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&it);
    scheme_fits && escapes && rest.bytes().all(allowed) && rest.matches('#').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that have a format, and texts that do not. The runtime's tests have the same.
    const CASES: [(TextFormat, &[&str], &[&str]); 10] = [
        (TextFormat::Date, &["2026-02-28", "2024-02-29"], &["2026-02-29", "2026-2-1", "20260201", "2026-02-28 ", ""]),
        (
            TextFormat::Time,
            &["12:00:00Z", "12:00:00.5+02:00", "23:59:60Z", "08:59:60+09:00"],
            &["12:00:00", "24:00:00Z", "12:00Z", "12:00:60Z", "12:00:00 Z", ""],
        ),
        (
            TextFormat::Duration,
            &["P1D", "PT1H30M", "P1Y2M3DT4H5M6S", "P2W", "PT36H", "P1M", "P3DT1S"],
            &["P", "PT", "P1", "1D", "P1H", "PT1D", "P1D2Y", "P1W2D", "PT1.5S", "P1DT", "P1Y1D", "PT1H1S", "p1d", ""],
        ),
        (
            TextFormat::Uuid,
            &["018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0f", "018F3C5E-7B1A-7C3D-9E2F-5A6B7C8D9E0F"],
            &["018f3c5e7b1a7c3d9e2f5a6b7c8d9e0f", "018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0g", "018f3c5e-7b1a", ""],
        ),
        (
            TextFormat::Decimal,
            &["0", "-12.50", "007", "1.0"],
            &["", "-", "1.", ".5", "1e3", "+1", "1,5", "1.2.3", " 1"],
        ),
        (
            TextFormat::Email,
            &["ann@example.com", "a.b+c@x", "o'neil@a-b.example"],
            &["ann", "@example.com", "ann@", "a..b@x", ".a@x", "a b@x", "a@b@c", "a@-x", "a@x_y", ""],
        ),
        (
            TextFormat::Uri,
            &["https://example.com/a?b=1#c", "urn:isbn:1", "mailto:a@b", "a:", "x:%20"],
            &["example.com", "/a", "1a:b", "a b:c", "a:b c", "a:%2", "a:%zz", "a:#b#c", "a:é", ":a", ""],
        ),
        (TextFormat::Hostname, &["example.com", "a", "xn--a-b.c", "1.2"], &["", "-a", "a-", "a..b", "a_b", "a.", "é"]),
        (TextFormat::Ipv4, &["192.0.2.1", "0.0.0.0", "255.255.255.255"], &["256.0.0.1", "1.2.3", "01.2.3.4", "a", ""]),
        (
            TextFormat::Ipv6,
            &["::", "2001:db8::1", "::ffff:192.0.2.1"],
            &["2001:db8", "1::2::3", "::1%eth0", "[::1]", "192.0.2.1", ""],
        ),
    ];

    #[test]
    fn each_takes_what_its_definition_allows() {
        for (format, fine, other) in CASES {
            for text in fine.iter().chain(&[format.sample()]) {
                assert!(has_text_format(format, text), "{format:?}: {text}");
            }
            for text in other {
                assert!(!has_text_format(format, text), "{format:?}: {text}");
            }
        }
    }
}
