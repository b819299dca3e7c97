//! Compares the runtime's checks of single values with the interpreter's, for the same texts.

use serde_json::{Value, json};
use specwright_codegen::interpret::{self, Request};
use specwright_codegen::model;
use specwright_codegen::pattern::Pattern;
use specwright_runtime::check;
use specwright_test_specs as testing;

use super::mutate::{FORMS, RandomSource, TEXTS, read};

const PATTERNS: &[&str] = &[
    "",
    "a",
    "^a$",
    "^[a-z]+$",
    "^[^a-z]*$",
    "a|b|^$",
    "^(ab|a)(c|bc)?$",
    "^(?:a|é){2,3}$",
    "^a{0}b?$",
    "^.$",
    "^..?.?$",
    r"^\d{4}-\d{2}$",
    r"^\w+$",
    r"\W",
    r"^\S+\s\S+$",
    r"\bab\b",
    r"a\Bb",
    r"^[\w.-]+$",
    r"^[\]\\^-]$",
    r"^@?[A-Za-z][A-Za-z0-9_]*$",
    r"^https?://",
    r"^.*?$",
    r"(a*)*b",
    r"^(a|b|ab)*c?$",
    r"\.",
    r"[字-漢]",
    r"^\{\}$|\$",
];

/// All texts, and variants with a piece inserted or removed.
fn texts() -> Vec<String> {
    let pieces =
        ["", "a", "b", "ab", " ", "\n", "é", "字", "-", "=", ":", "Z", "0", "/", "@", "_", "\u{85}", "\u{2028}"];
    let mut chance = RandomSource::new("texts");
    let mut texts: Vec<String> = TEXTS.iter().chain(&pieces).map(|it| (*it).to_owned()).collect();
    texts.push("data:;base64,".to_owned());
    texts.push("2026-12-31T23:59:60.123456+23:59".to_owned());
    for _ in 0..4000 {
        let from = &texts[chance.below(texts.len())];
        let at = from.char_indices().map(|it| it.0).nth(chance.below(from.chars().count() + 1)).unwrap_or(from.len());
        let (before, after) = from.split_at(at);
        let rest = if chance.one_in(2) { after.chars().skip(1).collect() } else { after.to_owned() };
        texts.push(format!("{before}{}{rest}", pieces[chance.below(pieces.len())]));
    }
    texts
}

#[test]
fn patterns() {
    for pattern in PATTERNS {
        let parsed = Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        for text in texts() {
            assert_eq!(check::pattern(&text, pattern), parsed.is_match(&text), "{pattern:?} on {text:?}");
        }
    }
}

/// An operation with one parameter, and whether the interpreter accepts a value for it.
struct Taken {
    api: model::Api,
}

impl Taken {
    fn new(entry: &str) -> Self {
        let text = testing::resource(&format!(
            "  o:\n    post: /o\n    summary: S.\n    response: none\n    body:\n      p: {entry}\n"
        ));
        Self { api: testing::api(&[("x.yaml", &text)]) }
    }

    fn takes(&self, value: impl Into<Value>) -> bool {
        let body = json!({"p": value.into()});
        interpret::validate(&self.api, &self.api.operations[0], &Request::of_body(&body)).is_valid()
    }
}

#[test]
fn formats_and_lengths() {
    type Test = (&'static str, fn(&str) -> bool);
    let tests: [Test; 8] = [
        ("{type: url}", check::is_url),
        ("{type: https-url}", check::is_https_url),
        ("{type: date-time}", check::is_date_time),
        ("{type: base64}", check::is_base64),
        ("{type: string, max_length: 3}", |it| !check::longer(it, 3)),
        ("{type: string, min_length: 3}", |it| !check::shorter(it, 3)),
        ("{type: string, max_length: 3, han_double: true}", |it| !check::han_longer(it, 3)),
        ("{type: string, min_length: 3, han_double: true}", |it| !check::han_shorter(it, 3)),
    ];
    for (entry, takes) in tests {
        let interpreted = Taken::new(entry);
        for text in texts() {
            assert_eq!(takes(&text), interpreted.takes(text.as_str()), "{entry} of {text:?}");
        }
    }
}

#[test]
fn characters_that_count_twice() {
    for character in '\0'..=char::MAX {
        assert_eq!(check::is_han(character), interpret::is_han(character), "{character:?}");
    }
}

#[test]
fn multiples() {
    let mut chance = RandomSource::new("multiples");
    for step in ["0.1", "0.05", "0.5", "2", "7", "0.001", "1.5", "1e3", "9007199254740993", "1e-7", "1e30", "2.5"] {
        let interpreted = Taken::new(&format!("{{type: number, multiple_of: {step}}}"));
        let exact = check::Number::of(&read(step)).unwrap_or_else(|| panic!("{step}"));
        let step: f64 = step.parse().unwrap_or_default();
        for _ in 0..500 {
            let near = step * (chance.below(100_000) as f64 - 50_000.0);
            let off = [0.0, step / 2.0, step / 1000.0, 1e-9, 1e-14, 1e-17][chance.below(6)];
            for value in [near, near + off, off, near * 1e15, near / 1e15, -near, near * 1e290, near / 1e290] {
                assert_eq!(check::multiple_of(value, exact), interpreted.takes(value), "{value:e} of {step}");
            }
        }
        for text in FORMS {
            let value = read(text);
            let number = check::Number::of(&value).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(check::multiple_of(number, exact), interpreted.takes(value), "{text} of {step}");
        }
    }
}

#[test]
fn numbers_compare_alike() {
    for limit in
        ["0", "0.5", "9007199254740993", "-9007199254740993", "9007199254740994.0", "9223372036854775807", "1e+30"]
    {
        let interpreted = Taken::new(&format!("{{type: json, maximum: {limit}}}"));
        let listed = Taken::new(&format!("{{type: json, enum: [{limit}]}}"));
        let limit = read(limit);
        let bound = check::Number::of(&limit).unwrap_or_else(|| panic!("{limit}"));
        for text in FORMS {
            let value = read(text);
            let number = check::Number::of(&value).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(number <= bound, interpreted.takes(value.clone()), "{text} <= {limit}");
            assert_eq!(number == bound, listed.takes(value.clone()), "{text} == {limit}");
            assert_eq!(!check::unique_values(&[value, limit.clone()]), number == bound, "{text} beside {limit}");
        }
    }
}
