//! Whether the texts of one pattern are texts of another.
#![allow(clippy::unwrap_used)]

use super::{Difference, Lengths, Pattern, difference};

#[track_caller]
fn check(one: &str, other: &str, expected: Option<&str>) {
    let [first, second] = [one, other].map(|it| Pattern::parse(it).unwrap());
    let found = difference(&first, &second, &Lengths::default());
    let expected = expected.map_or(Difference::None, |it| Difference::Text(it.to_owned()));
    assert_eq!(found, expected, "{one} against {other}");
}

#[test]
fn the_same_in_other_words() {
    check("^[0-9]+$", r"^\d\d*$", None);
    check(r"^\d{1,}$", "^[0-9]+$", None);
    check("^(a|b)c$", "^[ab]c$", None);
    check("a", "^.*a.*$", Some("\na"));
    check("^a", "a", None);
    check("", "x*", None);
}

#[test]
fn more_than_the_other() {
    check("^[a-z]+$", "^[a-z]{1,3}$", Some("aaaa"));
    check("^[a-z]{1,3}$", "^[a-z]+$", None);
    check("^[a-z-]+$", "^[a-z]+$", Some("-"));
    check("b", "^a|b$", Some("b\0"));
}

#[test]
fn look_ahead() {
    check("^(?!-)[a-z-]+$", "^[a-z-]+$", None);
    let [one, other] = ["^[a-z-]+$", "^(?!-)[a-z-]+$"].map(|it| Pattern::parse(it).unwrap());
    assert_eq!(difference(&one, &other, &Lengths::default()), Difference::Unknown);
}

#[test]
fn within_lengths() {
    let [one, other] = ["^a*$", "^a{0,5}$"].map(|it| Pattern::parse(it).unwrap());
    let mut lengths = Lengths::default();
    lengths.narrow(crate::model::Bound::AtMost, 5, crate::model::LengthUnit::Plain);
    assert_eq!(difference(&one, &other, &lengths), Difference::None);
    lengths.narrow(crate::model::Bound::AtLeast, 2, crate::model::LengthUnit::Plain);
    let [one, other] = ["^a*$", "^$|^aa$"].map(|it| Pattern::parse(it).unwrap());
    assert_eq!(difference(&one, &other, &lengths), Difference::Text("aaa".to_owned()));
}
