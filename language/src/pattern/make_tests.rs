//! What is made for patterns: each text matches, and no two are equal.

use std::collections::BTreeSet;

use super::{Lengths, Pattern, Texts};
use crate::model::{Bound, LengthUnit};

fn texts(patterns: &[&str], lengths: std::ops::RangeInclusive<u64>, n: u64) -> Vec<String> {
    let parsed: Vec<Pattern> =
        patterns.iter().map(|it| Pattern::parse(it).unwrap_or_else(|error| panic!("{it}: {error}"))).collect();
    let mut wanted = Lengths::default();
    wanted.narrow(Bound::AtLeast, *lengths.start(), LengthUnit::Plain);
    wanted.narrow(Bound::AtMost, *lengths.end(), LengthUnit::Plain);
    let Some(made) = Texts::new(&parsed, &wanted) else { return Vec::new() };
    let all: Vec<String> = (0..n).map_while(|it| made.nth(it)).collect();
    for text in &all {
        let length = text.chars().count() as u64;
        assert!(lengths.contains(&length), "{text:?} for {patterns:?} has {length} characters");
        for pattern in &parsed {
            assert!(pattern.is_match(text), "{text:?} for {patterns:?}");
        }
    }
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    all
}

#[track_caller]
fn check(pattern: &str, first: &str) {
    assert_eq!(texts(&[pattern], 0..=u64::MAX, 40).first().map(String::as_str), Some(first), "{pattern}");
}

#[test]
fn the_plainest_comes_first() {
    check(r"^[A-Z]{3}-\d{4}$", "ABC-1234");
    check("^a$", "a");
    check("b", "b");
    check("", "a");
    check("^$", "");
    check("^(?!a)[a-c]$", "b");
    check("^(?=.*[0-9])[a-z0-9]{2}$", "a1");
    check("^.{3}$", "abc");
    check("^(red|green|blue)$", "red");
    check("^(?:ab){2,3}$", "abab");
    check("^x?$", "x");
    check("^#[0-9A-Fa-f]{6}$", "#abcdef");
    check(r"^https://cdn\.example\.com/[a-z]+\.png$", "https://cdn.example.com/a.png");
    check(r"^[^a-z]$", "A");
    check(r"^\s$", " ");
    check(r"^[\t]$", "\t");
    check("^[а-я]{2}$", "аб");
    check("^日本+$", "日本");
    check(r"^\W\D\S$", "-ab");
    check(r"\bword\b", "word");
    check(r"^a\B.$", "aa");
    check("^[^\0-\u{ffff}]$", "\u{10000}");
    check(r"^([01]\d|2[0-3]):[0-5]\d$", "10:10");
    check(
        r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        "ab89ab89-ab89-4ab8-ab89-ab89ab89ab89",
    );
}

#[test]
fn lengths_are_kept() {
    assert_eq!(texts(&["^[a-z]+$"], 5..=5, 1), ["abcde"]);
    assert_eq!(texts(&["^(ab|c)+$"], 3..=3, 9).len(), 3);
    assert_eq!(texts(&["x"], 4..=4, 1)[0].len(), 4);
    assert_eq!(texts(&["^[a-z]{10,}$"], 1..=5, 1).len(), 0);
    assert_eq!(texts(&["^[a-z]+$"], 2_000..=3_000, 1)[0].len(), 2_000);
    assert_eq!(texts(&["^(abc){3}$"], 10..=20, 1).len(), 0);
    assert_eq!(texts(&["^a*$"], 0..=0, 5), [""]);
}

#[test]
fn characters_may_count_twice() {
    let made = |pattern: &str, weight| {
        let pattern = Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let texts = Texts::new(&[pattern], &Lengths::exactly(weight, LengthUnit::HanDouble));
        texts.and_then(|it| it.nth(0))
    };
    assert_eq!(made("^[a-z]+$", 3).as_deref(), Some("abc"));
    assert_eq!(made("^.{2}$", 4).as_deref(), Some("字字"));
    assert_eq!(made("^[a-z]{2}$", 3), None);
}

#[test]
fn patterns_are_taken_together() {
    assert_eq!(texts(&["^[a-m]+$", "^[h-z]+$"], 3..=9, 1), ["hij"]);
    assert_eq!(texts(&["^a", "z$", "-"], 0..=9, 1)[0].len(), 3);
    assert_eq!(texts(&["^https?://[a-z.]+/.*$", r"\.png$", "example"], 0..=99, 1).len(), 1);
    assert_eq!(texts(&["^a+$", "^b+$"], 0..=99, 1).len(), 0);
}

#[test]
fn there_are_as_many_as_there_can_be() {
    assert_eq!(texts(&["^(red|green|blue)$"], 0..=99, 99), ["red", "blue", "green"]);
    assert_eq!(texts(&["^[ab]{2}$"], 0..=99, 99), ["ab", "aa", "bb", "ba"]);
    assert_eq!(texts(&[r"^\d$"], 0..=99, 99).len(), 10);
    assert_eq!(texts(&["^a+$"], 0..=99, 50).len(), 50);
    assert_eq!(texts(&["^[a-z]{3}$"], 0..=99, 5_000).len(), 5_000);
}

#[test]
fn hostile_patterns_end() {
    for pattern in [
        "^(a*)*b$",
        "^(a|a)*b$",
        "^(a?){200}b$",
        "(x+x+)+y",
        "^[a-z]{5000}$",
        "^.{0,2000}x$",
        "^(a|b|c|d|e|f|g|h){50}$",
        "^((a|b)(c|d)){100}(e|f)$",
        "^(.*a.*b.*c.*d.*e.*f)$",
    ] {
        assert!(!texts(&[pattern], 0..=10_000, 20).is_empty(), "{pattern}");
    }
    assert!(texts(&["^[a-z]{0,4000}[0-9]$", "^[a-z]*[A-Z]$"], 0..=10_000, 1).is_empty());
}
