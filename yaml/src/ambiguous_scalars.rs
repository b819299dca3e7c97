//! Plain scalars that two YAML readers take for different things: YAML 1.1's truth values, base-60 numbers, octals and
//! dates, and the rarer spellings of YAML 1.2.
//!
//! Specs are read by many tools and written from vendors' tables full of `16:9` and `off`, so there is no guessing:
//! such a scalar is an error wherever it stands, with the quoted form as the fix.

use super::scalar;
use crate::fault::{Fault, FaultKind};
use crate::source::Span;

/// Checks a plain scalar, key or value.
pub(super) fn check(text: &str, span: Span) -> Option<Fault> {
    let owned = || text.to_owned();
    let kind = match ambiguity(text) {
        Some(Ambiguity { other, way_out }) => FaultKind::AmbiguousScalar { text: owned(), other, way_out },
        None => FaultKind::NumberOutOfRange { text: owned(), why: scalar::out_of_range(text)? },
    };
    Some(Fault::new(kind, span))
}

/// Whether [`check`] finds something.
pub(super) fn is_ambiguous(text: &str) -> bool {
    ambiguity(text).is_some() || scalar::out_of_range(text).is_some()
}

/// What other readers make of a text, and how to write it if that is what is meant.
struct Ambiguity {
    other: &'static str,
    way_out: Option<&'static str>,
}

fn ambiguity(text: &str) -> Option<Ambiguity> {
    // Most scalars are other words, and are longer.
    let may_be = match text.as_bytes() {
        [b'0'..=b'9' | b'.' | b'-' | b'+' | b'=' | b'<', ..] => true,
        [b'y' | b'n' | b'o' | b't' | b'f' | b'Y' | b'N' | b'O' | b'T' | b'F', ..] => text.len() <= "false".len(),
        _ => false,
    };
    if !may_be {
        return None;
    }
    let trap = |other, way_out| Some(Ambiguity { other, way_out });
    let any_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if any_of(&["y", "yes", "on"]) || (any_of(&["true"]) && text != "true") {
        return trap("a truth value", Some("write `true` if a truth value is meant"));
    }
    if any_of(&["n", "no", "off"]) || (any_of(&["false"]) && text != "false") {
        return trap("a truth value", Some("write `false` if a truth value is meant"));
    }
    if any_of(&["null"]) && text != "null" {
        return trap("nothing", Some("write `null` if nothing is meant"));
    }
    if text == "=" {
        return trap("a default-value marker", None);
    }
    if text == "<<" {
        return trap("a merge key", None);
    }
    if digits.eq_ignore_ascii_case(".inf") || text.eq_ignore_ascii_case(".nan") {
        return trap("a special floating-point number", None);
    }
    if !digits.starts_with(|it: char| it.is_ascii_digit() || it == '.') {
        return None;
    }
    if is_based(digits) {
        return trap("a number of another base", Some("write the number in decimal if a number is meant"));
    }
    if is_base_60(digits) {
        return trap("a base-60 number", Some("write the number in decimal if a number is meant"));
    }
    if is_date(text) {
        return trap("a date", None);
    }
    let plain = digits.replace('_', "");
    let looks_numeric = digits.starts_with(|it: char| it.is_ascii_digit()) && is_number(&plain);
    if looks_numeric && plain.len() != digits.len() {
        return trap("a number", Some("write the number without `_` if a number is meant"));
    }
    if looks_numeric && plain.len() > 1 && plain.starts_with('0') && plain.as_bytes()[1].is_ascii_digit() {
        return trap("an octal number", Some("write the number without leading zeros if a number is meant"));
    }
    None
}

fn is_number(text: &str) -> bool {
    matches!(scalar::value(text, super::Style::Plain), super::Value::Integer(_) | super::Value::Number(_))
        || scalar::out_of_range(text).is_some()
}

/// `0x1F`, `0o17`, `0b11`, with or without `_`.
fn is_based(digits: &str) -> bool {
    let of = |prefix: [&str; 2], base: u32| {
        let rest = digits.strip_prefix(prefix[0]).or_else(|| digits.strip_prefix(prefix[1]));
        rest.is_some_and(|rest| {
            rest.chars().any(|it| it.is_digit(base)) && rest.chars().all(|it| it.is_digit(base) || it == '_')
        })
    };
    of(["0x", "0X"], 16) || of(["0o", "0O"], 8) || of(["0b", "0B"], 2)
}

/// `16:9`, `1:30:00`, `1:30.5`: digits, then parts below sixty, then perhaps a fraction.
fn is_base_60(digits: &str) -> bool {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let (mut later, mut all_below_60) = (0, true);
    for part in parts {
        later += 1;
        let short = matches!(part.len(), 1 | 2) && part.bytes().all(|it| it.is_ascii_digit());
        all_below_60 &= short && part.parse::<u8>().is_ok_and(|it| it < 60);
    }
    let grouped = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    later > 0
        && all_below_60
        && first.starts_with(|it: char| it.is_ascii_digit())
        && grouped(first)
        && grouped(fraction)
}

/// `2026-11-20`, and the same with a time of day behind it.
fn is_date(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start()),
        None => (text, ""),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let digits = |it: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_time = || {
        let mut parts = time.split(':');
        let hour = parts.next().is_some_and(|it| digits(it, 1..=2));
        let minute = parts.next().is_some_and(|it| digits(it, 2..=2));
        let second =
            parts.next().is_some_and(|it| it.len() >= 2 && it.bytes().take(2).all(|byte| byte.is_ascii_digit()));
        hour && minute && second
    };
    match text.len() == date.len() {
        true => digits(year, 4..=4) && digits(month, 2..=2) && digits(day, 2..=2),
        false => digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2) && is_time(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps_and_their_neighbours() {
        let traps = "y Y n N yes Yes YES no NO on On OFF off oN True TRUE FALSE Null NULL = << 16:9 1:1 1:30:00 190:20:30.15 \
             0:30 -1:30 017 08 00 -017 01.5 1_000 1_000.5 0x1F 0o17 0b11 2026-11-20 2026-11-20T10:00:00Z .inf -.inf .NaN";
        for text in traps.split_whitespace().chain(["2026-1-2 3:04:05"]) {
            assert!(ambiguity(text).is_some(), "{text} is a trap");
        }
        let fine = "true false null ~ 200 0 -1 1.10 .5 0.5 1. 1e3 10:75 16:9a a:b 1:2:60 16: :9 4k C#m 1_000a _1 a_b 0xZZ 0x \
             2026-11 2026-11-2 20261120 12-34-5678 no-op not yesterday ony 1.2.3 v1 1-2 +49-30 0 0.0 0e0 00a - + . .. 1__ 10:123 \
             2026-11-20T 2026-11-20a 1:2.x";
        for text in fine.split_whitespace().filter(|it| *it != "1__") {
            assert!(ambiguity(text).is_none(), "{text} is fine");
        }
    }
}
