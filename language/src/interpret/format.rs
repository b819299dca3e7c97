//! Formats of text: URLs, times, base64. Each accepts exactly what the format's definition allows.

/// An absolute URL of one of `schemes` with a host, and no whitespace or control characters anywhere.
pub(crate) fn is_url(text: &str, schemes: &[&str]) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let Some(rest) = rest.strip_prefix("//") else { return false };
    if !schemes.iter().any(|it| scheme.eq_ignore_ascii_case(it)) {
        return false;
    }
    // Most are of visible ASCII alone.
    if !text.bytes().all(|it| it.is_ascii_graphic()) && text.chars().any(|it| it.is_whitespace() || it.is_control()) {
        return false;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    is_host_and_port(host_and_port)
}

fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, port)) => (host, port.strip_prefix(':').or(port.is_empty().then_some(""))),
            None => return false,
        },
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, Some("")),
        },
    };
    !host.is_empty() && port.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()) && it.len() <= 5)
}

/// A date and time of RFC 3339, leap seconds included: those that end June or December in UTC, as section 5.7 has it.
pub(crate) fn is_date_time(text: &str) -> bool {
    date_time(text.as_bytes()).is_some()
}

/// When a date and time of RFC 3339 is: seconds in UTC from the beginning of the year 0, and the digits of the fraction.
/// A leap second is the first one of the next minute.
pub(crate) fn moment(text: &str) -> Option<(i64, &str)> {
    date_time(text.as_bytes())?;
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let leap_days = if year == 0 { 0 } else { (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 };
    let months: u32 = (1..u32::try_from(month).ok()?).map(|it| days_of(u32::try_from(year).unwrap_or(0), it)).sum();
    let days = year * 365 + leap_days + i64::from(months) + day - 1;
    let seconds = days * 86_400 + part(11, 13)? * 3_600 + part(14, 16)? * 60 + part(17, 19)?;
    let rest = &text[19..];
    let offset_at = rest.find(['Z', 'z', '+', '-'])?;
    let (fraction, offset) = rest.split_at(offset_at);
    let fraction = fraction.strip_prefix('.').unwrap_or("").trim_end_matches('0');
    let ahead = match offset.split_at(1) {
        ("Z" | "z", _) => 0,
        (sign, clock) => {
            let (hours, minutes) = clock.split_once(':')?;
            let ahead = hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60;
            if sign == "-" { -ahead } else { ahead }
        }
    };
    Some((seconds - ahead, fraction))
}

fn date_time(text: &[u8]) -> Option<()> {
    let year = digits(text.get(0..4)?)?;
    let month = digits(text.get(5..7)?)?;
    let day = digits(text.get(8..10)?)?;
    let hour = digits(text.get(11..13)?)?;
    let minute = digits(text.get(14..16)?)?;
    let second = digits(text.get(17..19)?)?;
    let separators = text[4] == b'-' && text[7] == b'-' && text[13] == b':' && text[16] == b':';
    let between = matches!(text[10], b'T' | b't' | b' ');
    let in_range = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    if !(separators && between && in_range) {
        return None;
    }
    let mut rest = &text[19..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let n_digits = fraction.iter().take_while(|it| it.is_ascii_digit()).count();
        if n_digits == 0 {
            return None;
        }
        rest = &fraction[n_digits..];
    }
    let (sign, offset_hour, offset_minute) = match rest {
        b"Z" | b"z" => (1, 0, 0),
        [sign @ (b'+' | b'-'), offset @ ..] if offset.len() == 5 && offset[2] == b':' => {
            let sign = if *sign == b'+' { 1 } else { -1 };
            (sign, i64::from(digits(&offset[..2])?), i64::from(digits(&offset[3..])?))
        }
        _ => return None,
    };
    if offset_hour > 23 || offset_minute > 59 {
        return None;
    }
    let utc = i64::from(hour) * 60 + i64::from(minute) - sign * (offset_hour * 60 + offset_minute);
    (second < 60 || (utc.rem_euclid(1440) == 1439 && ends_half_year(year, month, day, utc.div_euclid(1440))))
        .then_some(())
}

/// Whether the day so many days after a date is 30 June or 31 December.
fn ends_half_year(year: u32, month: u32, day: u32, later: i64) -> bool {
    let before: u32 = (1..month).map(|it| days_of(year, it)).sum();
    let day_of_year = i64::from(before + day) + later;
    let days_until = |months: u32| i64::from((1..=months).map(|it| days_of(year, it)).sum::<u32>());
    // The day before 1 January is 31 December as well.
    [0, days_until(6), days_until(12)].contains(&day_of_year)
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |sum, it| it.is_ascii_digit().then(|| sum * 10 + u32::from(it - b'0')))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The base64 digits of a text, without data-URL prefix and padding; `None` if it is no base64.
///
/// Both alphabets are taken, and padding may be left out: the documents do not say, so nothing is refused for it.
fn base64_digits(text: &str) -> Option<&str> {
    let data = if text.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("data:")) {
        let (head, data) = text.split_once(',')?;
        if !head.to_ascii_lowercase().ends_with(";base64") {
            return None;
        }
        data
    } else {
        text
    };
    let digits = data.trim_end_matches('=');
    let n_padding = data.len() - digits.len();
    let known = digits.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'-' | b'_'));
    let whole = match digits.len() % 4 {
        0 => n_padding == 0,
        2 => matches!(n_padding, 0 | 2),
        3 => matches!(n_padding, 0 | 1),
        _ => false,
    };
    (known && whole).then_some(digits)
}

/// Whether a text is base64, with or without data-URL prefix.
pub(crate) fn is_base64(text: &str) -> bool {
    base64_digits(text).is_some()
}

/// How many bytes a base64 text stands for; of any other text its own bytes.
pub(crate) fn n_bytes(text: &str, base64: bool) -> u64 {
    let digits = if base64 { base64_digits(text) } else { None };
    digits.map_or(text.len(), |it| it.len() / 4 * 3 + it.len() % 4 * 3 / 4) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (text, expected) in [
            ("https://a.example/x?y=1#z", true),
            ("http://localhost:8080", true),
            ("HTTPS://A", true),
            ("https://user:pw@a.example/", true),
            ("https://[::1]:80/", true),
            ("https://例え.jp/絵", true),
            ("https://", false),
            ("https:///path", false),
            ("https://:80", false),
            ("https://a:port/", false),
            ("https://user@/", false),
            ("https://[::1", false),
            ("//a.example", false),
            ("a.example", false),
            ("ftp://a.example", false),
            ("javascript://a", false),
            ("https://a.example/a b", false),
            ("https://a.example/\n", false),
            (" https://a.example", false),
            ("", false),
        ] {
            assert_eq!(is_url(text, &["http", "https"]), expected, "{text}");
        }
        assert!(!is_url("http://a.example", &["https"]));
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("2026-11-20T10:00:00Z", true),
            ("2026-11-20t10:00:00.123456+02:00", true),
            ("2016-12-31 23:59:60z", true),
            ("2015-06-30T23:59:60.5Z", true),
            ("2017-01-01T08:59:60+09:00", true),
            ("2016-12-31T15:59:60.123-08:00", true),
            ("2015-07-01T00:59:60+01:00", true),
            ("2015-06-30T18:29:60-05:30", true),
            ("2016-12-30T23:59:60-24:00", false),
            ("2016-12-31T23:59:60+00:01", false),
            ("2016-12-31T23:58:60Z", false),
            ("2016-12-31T22:59:60Z", false),
            ("2016-12-31T23:59:61Z", false),
            ("2016-12-30T23:59:60Z", false),
            ("2017-01-01T00:59:60Z", false),
            ("2016-12-31T08:59:60+09:00", false),
            ("2017-01-01T15:59:60-08:00", false),
            ("2024-02-29T23:59:60Z", false),
            ("2016-03-31T23:59:60Z", false),
            ("2026-11-20T12:30:60Z", false),
            ("2023-02-29T00:00:00Z", false),
            ("2026-13-01T00:00:00Z", false),
            ("2026-11-20T24:00:00Z", false),
            ("2026-11-20T10:00:00", false),
            ("2026-11-20T10:00:00.Z", false),
            ("2026-11-20T10:00:00+0200", false),
            ("2026-11-20", false),
            ("２026-11-20T10:00:00Z", false),
            ("", false),
        ] {
            assert_eq!(is_date_time(text), expected, "{text}");
        }
    }

    #[test]
    fn base64() {
        for (text, expected) in [
            ("aGVsbG8=", true),
            ("aGVsbG8", true),
            ("a-_/", true),
            ("data:image/png;base64,aGVsbG8=", true),
            ("", true),
            ("a", false),
            ("a===", false),
            ("aGVs=bG8", false),
            ("aGVs bG8=", false),
            ("data:image/png,aGVs", false),
            ("dätä:", false),
        ] {
            assert_eq!(is_base64(text), expected, "{text}");
        }
        assert_eq!(n_bytes("data:;base64,aGVsbG8=", true), 5);
        assert_eq!(n_bytes("hello", false), 5);
    }
}
