//! Dates in headers (RFC 9110, section 5.6.7), read by less code than in the crate `httpdate`: tests compare them, since such
//! a date can be the proof that a request was refused.

use std::time::{Duration, SystemTime};

/// The forms of a date: a digit stands for a character of the field of that index, 8 for any, and anything else for itself. They
/// are the preferred form, the obsolete one without its day of the week, and that of `asctime`. 7 is a space or a digit of the
/// day.
const IMF: &[u8] = b"555, 00 666 1111 22:33:44 GMT";
const RFC_850: &[u8] = b"00-666-11822:33:44 GMT";
const ASCTIME: &[u8] = b"555 666 70 22:33:44 1111";

const DAYS: &str = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

/// The moment of a date in any of the three forms.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let text = Some(text).filter(|it| it.is_ascii())?.trim();
    let mut fields = [0; 7];
    let weekday = if fill(text, IMF, &mut fields) || fill(text, ASCTIME, &mut fields) {
        DAYS.split(' ').position(|it| packed(it) == fields[5])?
    } else {
        let (name, rest) = text.split_once(',')?;
        fill(rest.strip_prefix(' ')?, RFC_850, &mut fields).then_some(())?;
        fields[1] += if fields[1] < 70 { 2000 } else { 1900 };
        DAYS.split(' ').position(|it| it == name)?
    };
    let [day, year, hour, minute, second, _, month] = fields;
    let month = MONTHS.split(' ').position(|it| packed(it) == month)? as u64 + 1;
    let [day, year, hour, minute, second] = [day, year, hour, minute, second].map(u64::from);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1970 || day == 0 || day > last || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (years, months) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 719_469;
    // 1 January 1970 was a Thursday.
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    ((days + 3) % 7 == weekday as u64)
        .then(|| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
        .flatten()
}

/// Reads the fields of a form, numbers as such and names as [`packed`] ones. Whether the text has this form.
fn fill(text: &str, form: &[u8], fields: &mut [u32; 7]) -> bool {
    *fields = [0; 7];
    text.len() == form.len()
        && text.bytes().zip(form).all(|(byte, kind)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            let (index, factor, value) = match kind {
                b'0'..=b'4' if digit < 10 => (usize::from(kind - b'0'), 10, digit),
                // A day below 10 has a space before it.
                b'7' if byte == b' ' => (0, 10, 0),
                b'7' if digit < 10 => (0, 10, digit),
                b'5' | b'6' => (usize::from(kind - b'0'), 256, byte.into()),
                b'8' => return true,
                b'0'..=b'7' => return false,
                _ => return byte == *kind,
            };
            fields[index] = fields[index] * factor + value;
            true
        })
}

/// The first three letters of a name as a number.
fn packed(name: &str) -> u32 {
    name.bytes().take(3).fold(0, |all, it| all * 256 + u32::from(it))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::parse;

    #[track_caller]
    fn check(text: &str) {
        assert_eq!(parse(text), httpdate::parse_http_date(text).ok(), "{text:?}");
    }

    /// A date in its three forms.
    fn forms(text: &str) -> [String; 3] {
        let words: Vec<&str> = text.split([' ', ',']).filter(|it| !it.is_empty()).collect();
        let [weekday, day, month, year, time, _] = words[..] else { panic!("{text}") };
        let full = super::DAYS.split(' ').find(|it| it.starts_with(weekday)).unwrap_or_default();
        let short = day.trim_start_matches('0');
        [
            text.to_owned(),
            format!("{full}, {day}-{month}-{} {time} GMT", &year[2..]),
            format!("{weekday} {month} {short:>2} {time} {year}"),
        ]
    }

    #[test]
    fn every_day_is_read_as_the_library_reads_it() {
        let (day, mut moment) = (Duration::from_secs(86_400), SystemTime::UNIX_EPOCH + Duration::from_secs(12_345));
        // All days of 82 years, then some.
        for index in 0..36_000 {
            let text = httpdate::fmt_http_date(moment);
            assert_eq!(parse(&text), Some(moment), "{text}");
            for form in forms(&text) {
                check(&form);
            }
            moment += if index < 30_000 { day } else { day * 480 };
        }
    }

    #[test]
    fn only_what_the_library_reads_is_a_date() {
        for text in ["Thu, 29 Feb 2024 23:59:59 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 00:00:00 GMT"]
        {
            for form in forms(text) {
                check(&form);
                check(&format!(" \t{form}\r\n"));
                check(&format!("{form} "));
                check(&form.to_lowercase());
                check(&form.replace("GMT", "UTC"));
                check(&form.replace("GMT", "+0000"));
                check(&form.replace(' ', "\u{a0}"));
                check(&format!("\u{a0}{form}"));
                for at in 0..form.len() {
                    for byte in 0..128_u8 {
                        let (before, after) = (&form[..at], &form[at + 1..]);
                        check(&format!("{before}{}{after}", char::from(byte)));
                        check(&format!("{before}{}{}{after}", char::from(byte), &form[at..=at]));
                    }
                    check(&form[..at]);
                    check(&form[at..]);
                    check(&format!("{}{}", &form[..at], &form[at + 1..]));
                }
            }
        }
        for text in ["", " ", ",", ", ", "Monday, ", "Mon", "Sun Nov 06 08:49:37 1994", "Sun Nov  0 08:49:37 1994", "é"]
        {
            check(text);
        }
    }

    #[test]
    fn days_and_times_that_are_none_are_refused() {
        for year in ["1600", "1969", "1970", "2000", "2024", "2100", "9999"] {
            for month in super::MONTHS.split(' ') {
                for (day, weekday) in
                    (0..36).chain([99]).flat_map(|day| super::DAYS.split(' ').map(move |it| (day, it)))
                {
                    for form in forms(&format!("{}, {day:02} {month} {year} 00:00:00 GMT", &weekday[..3])) {
                        check(&form);
                    }
                }
            }
        }
        for field in 0..100 {
            for time in [format!("{field:02}:00:00"), format!("00:{field:02}:00"), format!("00:00:{field:02}")] {
                for form in forms(&format!("Sun, 06 Nov 1994 {time} GMT")) {
                    check(&form);
                }
            }
        }
    }
}
