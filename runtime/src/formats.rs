//! Formats of text that the types of a spec name. Each takes exactly what the format's definition allows.

use std::cmp::Ordering;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A date and time of RFC 3339, such as `2026-11-20T08:30:00Z`. The day must exist. A space may replace the `T`. The
/// second may be 60 where a leap second is possible: at the end of June and of December, in UTC.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || !text.is_ascii() {
        return false;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_u32, |sum, it| it.is_ascii_digit().then(|| sum * 10 + u32::from(it - b'0')))
    };
    let signs = bytes[4] == b'-' && bytes[7] == b'-' && matches!(bytes[10], b'T' | b't' | b' ') && bytes[13] == b':';
    if !signs || bytes[16] != b':' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else { return false };
    let (Some(hour), Some(minute), Some(second)) = (number(11, 13), number(14, 16), number(17, 19)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    if !(1..=days).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return false;
    }
    let mut at = 19;
    if bytes[at] == b'.' {
        let digits = bytes[20..].iter().take_while(|it| it.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        at += 1 + digits;
    }
    let ahead_of_utc = match bytes.get(at) {
        Some(b'Z' | b'z') if bytes.len() == at + 1 => 0,
        Some(sign @ (b'+' | b'-')) if bytes.len() == at + 6 && bytes[at + 3] == b':' => {
            let (Some(hours @ 0..24), Some(minutes @ 0..60)) = (number(at + 1, at + 3), number(at + 4, at + 6)) else {
                return false;
            };
            let minutes = (hours * 60 + minutes) as i32;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return false,
    };
    second < 60 || may_have_leap_second(month, day, (hour * 60 + minute) as i32 - ahead_of_utc)
}

/// How two dates, two dates and times, or two times of the same day follow each other. `None` if they are none of these. A
/// leap second is the first second of the next minute.
#[must_use]
pub fn order_of_times(a: &str, b: &str) -> Option<Ordering> {
    if is_date_time(a) && is_date_time(b) {
        return Some(instant(a).cmp(&instant(b)));
    }
    if is_time(a) && is_time(b) {
        let on_a_day = |it: &str| ["2017-01-01T", it].concat();
        return Some(instant(&on_a_day(a)).cmp(&instant(&on_a_day(b))));
    }
    (is_date(a) && is_date(b)).then(|| a.cmp(b))
}

/// Seconds in UTC, and the fraction, of a text that is a date and time.
fn instant(text: &str) -> (i64, &str) {
    let number = |text: &str| text.bytes().fold(0_i64, |sum, it| sum * 10 + i64::from(it.wrapping_sub(b'0')));
    let part = |from: usize, to: usize| number(text.get(from..to).unwrap_or_default());
    // Years begin in March, so that the day that some of them lack is their last.
    let (year, month) = if part(5, 7) < 3 { (part(0, 4) - 1, part(5, 7) + 9) } else { (part(0, 4), part(5, 7) - 3) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + part(8, 10);
    let rest = text.get(19..).unwrap_or_default();
    let digits = rest.strip_prefix('.').map_or("", |it| it.split(['Z', 'z', '+', '-']).next().unwrap_or_default());
    let zone = rest.trim_start_matches(['.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let ahead = match (zone.get(..1), zone.get(1..3), zone.get(4..6)) {
        (Some("+"), Some(hours), Some(minutes)) => number(hours) * 60 + number(minutes),
        (Some("-"), Some(hours), Some(minutes)) => -(number(hours) * 60 + number(minutes)),
        _ => 0,
    };
    let minutes = days * 1440 + part(11, 13) * 60 + part(14, 16) - ahead;
    (minutes * 60 + part(17, 19), digits.trim_end_matches('0'))
}

/// Whether a minute is the last one of June or December in UTC. It is counted from midnight of the given day, which may
/// already have begun when that minute ends.
fn may_have_leap_second(month: u32, day: u32, minute: i32) -> bool {
    const LAST: i32 = 24 * 60 - 1;
    match minute {
        -1 => matches!((month, day), (1 | 7, 1)),
        LAST => matches!((month, day), (6, 30) | (12, 31)),
        _ => false,
    }
}

/// A date of RFC 3339, such as `2026-11-20`. The day must exist.
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.len() == "2026-11-20".len() && is_date_time(&[text, "T00:00:00Z"].concat())
}

/// A time of RFC 3339 with its offset, such as `08:30:00Z`. The second may be 60 where a leap second is possible.
#[must_use]
pub fn is_time(text: &str) -> bool {
    // Of a time alone the day is not known: the leap second may belong to this day or to the one before or after.
    let on = |day: &str| is_date_time(&[day, "T", text].concat());
    on("2016-12-31") || on("2017-01-01")
}

/// A duration of ISO 8601 as RFC 3339 has it, such as `P3DT12H` or `P2W`.
#[must_use]
pub fn is_duration(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((b'P', mut rest)) = bytes.split_first() else { return false };
    // How far along the units it is, as an index: years to days, the `T`, hours to seconds, weeks.
    let (mut before, mut in_time, mut is_complete) = (None, false, false);
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'T' && !in_time {
            (in_time, before, is_complete, rest) = (true, None, false, behind);
            continue;
        }
        let digits = rest.iter().take_while(|it| it.is_ascii_digit()).count();
        let Some(unit) = rest.get(digits) else { return false };
        let is_only = *unit == b'W' && !in_time && before.is_none() && rest.len() == digits + 1;
        let order: &[u8] = if in_time { b"HMS" } else { b"YMD" };
        let at = order.iter().position(|it| it == unit);
        let follows = match (before, at) {
            (None, Some(_)) => true,
            (Some(before), Some(at)) => at == before + 1,
            (_, None) => is_only,
        };
        if digits == 0 || !follows {
            return false;
        }
        (before, is_complete, rest) = (at, true, &rest[digits + 1..]);
    }
    is_complete
}

/// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let fits = |(at, it): (usize, u8)| if matches!(at, 8 | 13 | 18 | 23) { it == b'-' } else { it.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// A decimal number as text, such as `-12.50`.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let mut parts = number.splitn(2, '.');
    parts.all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

/// An email address without quotes or comments: `ann@example.com`.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let mut before = b'.';
    for byte in name.bytes() {
        let fits = match byte {
            b'.' => before != b'.',
            _ => byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte),
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    before != b'.' && name.len() <= 64 && is_hostname(host)
}

/// A host name of RFC 1123: `api.example.com`.
#[must_use]
pub fn is_hostname(text: &str) -> bool {
    let is_label = |label: &[u8]| match label {
        [] => false,
        [b'-', ..] | [.., b'-'] => false,
        _ => label.len() <= 63 && label.iter().all(|it| it.is_ascii_alphanumeric() || *it == b'-'),
    };
    text.len() <= 253 && text.as_bytes().split(|it| *it == b'.').all(is_label)
}

/// An absolute URI of any scheme: `urn:isbn:0451450523`.
#[must_use]
pub fn is_uri(text: &str) -> bool {
    let Some(colon) = text.find(':') else { return false };
    let (scheme, mut rest) = (&text.as_bytes()[..colon], &text.as_bytes()[colon + 1..]);
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(it));
    let mut fragments = 0;
    while let Some((byte, behind)) = rest.split_first() {
        rest = match byte {
            b'%' => match behind {
                [high, low, behind @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => behind,
                _ => return false,
            },
            b'#' if fragments == 0 => {
                fragments = 1;
                behind
            }
            it if it.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=".contains(it) => behind,
            _ => return false,
        };
    }
    is_scheme
}

/// Four numbers from 0 to 255, without leading zeros.
#[must_use]
pub fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// An IPv6 address without brackets or a zone.
#[must_use]
pub fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that have a format, and texts that do not. The tests of the interpreter have the same.
    /// A check, texts that it accepts, and texts that it refuses.
    type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);

    const CASES: [Case; 10] = [
        (is_date, &["2026-02-28", "2024-02-29"], &["2026-02-29", "2026-2-1", "20260201", "2026-02-28 ", ""]),
        (
            is_time,
            &["12:00:00Z", "12:00:00.5+02:00", "23:59:60Z", "08:59:60+09:00"],
            &["12:00:00", "24:00:00Z", "12:00Z", "12:00:60Z", "12:00:00 Z", ""],
        ),
        (
            is_duration,
            &["P1D", "PT1H30M", "P1Y2M3DT4H5M6S", "P2W", "PT36H", "P1M", "P3DT1S"],
            &["P", "PT", "P1", "1D", "P1H", "PT1D", "P1D2Y", "P1W2D", "PT1.5S", "P1DT", "P1Y1D", "PT1H1S", "p1d", ""],
        ),
        (
            is_uuid,
            &["018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0f", "018F3C5E-7B1A-7C3D-9E2F-5A6B7C8D9E0F"],
            &["018f3c5e7b1a7c3d9e2f5a6b7c8d9e0f", "018f3c5e-7b1a-7c3d-9e2f-5a6b7c8d9e0g", "018f3c5e-7b1a", ""],
        ),
        (is_decimal, &["0", "-12.50", "007", "1.0"], &["", "-", "1.", ".5", "1e3", "+1", "1,5", "1.2.3", " 1"]),
        (
            is_email,
            &["ann@example.com", "a.b+c@x", "o'neil@a-b.example"],
            &["ann", "@example.com", "ann@", "a..b@x", ".a@x", "a b@x", "a@b@c", "a@-x", "a@x_y", ""],
        ),
        (
            is_uri,
            &["https://example.com/a?b=1#c", "urn:isbn:1", "mailto:a@b", "a:", "x:%20"],
            &["example.com", "/a", "1a:b", "a b:c", "a:b c", "a:%2", "a:%zz", "a:#b#c", "a:é", ":a", ""],
        ),
        (is_hostname, &["example.com", "a", "xn--a-b.c", "1.2"], &["", "-a", "a-", "a..b", "a_b", "a.", "é"]),
        (is_ipv4, &["192.0.2.1", "0.0.0.0", "255.255.255.255"], &["256.0.0.1", "1.2.3", "01.2.3.4", "a", ""]),
        (
            is_ipv6,
            &["::", "2001:db8::1", "::ffff:192.0.2.1"],
            &["2001:db8", "1::2::3", "::1%eth0", "[::1]", "192.0.2.1", ""],
        ),
    ];

    #[test]
    fn times_follow_each_other() {
        for (a, b, order) in [
            ("2026-01-31", "2026-02-01", Some(Ordering::Less)),
            ("2026-02-30", "2026-02-01", None),
            ("2026-02-01", "2026-02-01T00:00:00Z", None),
            ("2026-02-01T00:00:00Z", "2026-02-01T02:00:00+02:00", Some(Ordering::Equal)),
            ("2024-02-29T23:59:59.9Z", "2024-03-01T00:00:00Z", Some(Ordering::Less)),
            ("2026-02-01T00:00:00.50Z", "2026-02-01t00:00:00.5z", Some(Ordering::Equal)),
            ("2026-02-01T00:00:00.05Z", "2026-02-01T00:00:00.5-00:00", Some(Ordering::Less)),
            ("2027-01-01T00:30:00+01:00", "2026-12-31T23:29:59Z", Some(Ordering::Greater)),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", Some(Ordering::Equal)),
            ("0000-01-01T00:00:00Z", "0000-12-31T00:00:00Z", Some(Ordering::Less)),
            ("soon", "2026-02-01T00:00:00Z", None),
            ("08:30:00Z", "08:30:00.5Z", Some(Ordering::Less)),
            ("08:30:00+02:00", "07:00:00Z", Some(Ordering::Less)),
            ("00:30:00+01:00", "23:30:00Z", Some(Ordering::Less)),
            ("23:59:60Z", "23:59:59Z", Some(Ordering::Greater)),
            ("24:00:00Z", "23:59:59Z", None),
            ("08:30:00Z", "2026-02-01", None),
        ] {
            assert_eq!(order_of_times(a, b), order, "{a} {b}");
        }
    }

    #[test]
    fn each_takes_what_its_definition_allows() {
        for (index, (holds, fine, other)) in CASES.into_iter().enumerate() {
            assert!(fine.iter().all(|it| holds(it)), "{index}: {:?}", fine.iter().find(|it| !holds(it)));
            assert!(!other.iter().any(|it| holds(it)), "{index}: {:?}", other.iter().find(|it| holds(it)));
        }
    }
}
