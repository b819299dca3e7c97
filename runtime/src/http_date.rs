//! Times in headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::byte_scan::find;

/// The time that a text says, in one of the three forms of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`,
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
///
/// The crate for this also writes them, and is five times as large.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let mut parts = [""; 9];
    let mut count = 0;
    for part in text.split([' ', ',', '-', ':']).filter(|it| !it.is_empty()) {
        *parts.get_mut(count)? = part;
        count += 1;
    }
    let (week, day, month, year, time) = match parts[..count] {
        [week, day, month, year, hour, minute, second, "GMT"] => (week, day, month, year, [hour, minute, second]),
        [week, month, day, hour, minute, second, year] => (week, day, month, year, [hour, minute, second]),
        _ => return None,
    };
    let number = |it: &str, least: u64, most: u64| it.parse().ok().filter(|it| (least..=most).contains(it));
    let [hour, minute, second] = time;
    let year = match number(year, 0, 9999)? {
        year if !text.contains('-') => year,
        year @ ..70 => year + 2000,
        year => year + 1900,
    };
    let month = three_letters(b"JanFebMarAprMayJunJulAugSepOctNovDec", month)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = if month == 1 { 28 + u64::from(is_leap) } else { 31 - month % 7 % 2 };
    let day = number(day, 1, longest)?;
    // Of a year that begins in March, so that the leap day is its last.
    let (marches, month) = if month < 2 { (year.checked_sub(1)?, month + 10) } else { (year, month - 2) };
    let days = marches * 365 + marches / 4 - marches / 100 + marches / 400 + (month * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    let seconds = number(hour, 0, 23)? * 3600 + number(minute, 0, 59)? * 60 + number(second, 0, 59)?;
    let is_its_day = three_letters(b"ThuFriSatSunMonTueWed", week.get(..3)?)? == days % 7;
    UNIX_EPOCH.checked_add(Duration::from_secs(days * 86_400 + seconds)).filter(|_| is_its_day)
}

/// Which of the names a text is.
fn three_letters(names: &[u8], name: &str) -> Option<u64> {
    let at = find(names, name.as_bytes()).filter(|at| name.len() == 3 && at % 3 == 0)?;
    Some(at as u64 / 3)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::parse;

    const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

    #[test]
    fn the_three_forms_are_one_time() {
        let time = Some(UNIX_EPOCH + Duration::from_secs(784_111_777));
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse(text), time, "{text}");
        }
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(UNIX_EPOCH));
        assert!(parse("Thu, 29 Feb 2024 00:00:00 GMT").is_some());
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "120",
            "Sun, 06 Nov 1994 08:49:37",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Now 1994 08:49:37 GMT",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:60 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Wed, 29 Feb 2023 00:00:00 GMT",
            "Wed, 31 Dec 1969 23:59:59 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT or later",
            "Your request was refused by the API at once",
            "So, 06 Nov 1994 08:49:37 GMT",
            "Sä, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_time_is_read(seconds in 0..253_402_300_800_u64) {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let text = httpdate::fmt_http_date(time);
            prop_assert_eq!(parse(&text), Some(time), "{}", text);
            let [_, day, month, year, clock, _] = text.split(' ').collect::<Vec<_>>()[..] else { panic!("{text}") };
            let name = DAYS[(seconds / 86_400 % 7) as usize];
            let unix = format!("{} {month} {day:>2} {clock} {year}", &name[..3]);
            prop_assert_eq!(parse(&unix), httpdate::parse_http_date(&unix).ok(), "{}", unix);
            let old = format!("{name}, {day}-{month}-{} {clock} GMT", &year[2..]);
            prop_assert_eq!(parse(&old), httpdate::parse_http_date(&old).ok(), "{}", old);
        }

        /// Days that do not exist, and wrong days of the week.
        #[test]
        fn any_text_of_this_form_is_judged_alike(week in 0..7_usize, day in 0..33_u32, month in 0..12_usize, year in 1969..2110_u32, hour in 0..25_u32) {
            const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let text = format!("{}, {day:02} {} {year} {hour:02}:00:59 GMT", &DAYS[week][..3], MONTHS[month]);
            prop_assert_eq!(parse(&text), httpdate::parse_http_date(&text).ok(), "{}", text);
        }
    }
}
