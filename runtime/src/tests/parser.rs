//! Compares the reader of JSON text with serde_json's.

use proptest::prelude::*;

use super::*;
use crate::json::parse;

/// Both read the same value, or both say that there is none. Of a text with several faults, each may name another.
#[track_caller]
fn agrees(text: &[u8]) {
    let shown = text.escape_ascii();
    match (parse(text), serde_json::from_slice::<Value>(text)) {
        // As text, since 0 and -0 are equal.
        (Ok(ours), Ok(theirs)) => assert_eq!(ours.to_string(), theirs.to_string(), "{shown}"),
        (Err(_), Err(_)) => {}
        (ours, theirs) => panic!("{shown}: {ours:?} instead of {theirs:?}"),
    }
}

/// As [`agrees`], also on whether more text may make it a value. They differ where bytes that are not UTF-8 stand before the end.
#[track_caller]
fn agrees_on_the_end(text: &[u8]) {
    agrees(text);
    if let (Err(ours), Err(theirs)) = (parse(text), serde_json::from_slice::<Value>(text)) {
        assert_eq!(ours.is_cut, theirs.is_eof(), "{}: {ours} | {theirs}", text.escape_ascii());
    }
}

const TEXTS: &[&str] = &[
    r#" {"a": [1, -2, 0.5, 1e3, -0, 1E-2, 2e+3, true, false, null], "b": {"c": {}, "d": []}, "a": "again"} "#,
    r#"["\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00", "é€😀", "", "a longer text without an escape"]"#,
    "[\n\t1 ,\r\n 2\n]",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "123456789012345678901234567890.5e-10",
];

#[test]
fn texts_and_their_beginnings_are_read_alike() {
    for text in TEXTS {
        for end in 0..=text.len() {
            agrees_on_the_end(&text.as_bytes()[..end]);
        }
    }
}

#[test]
fn faults_are_the_same() {
    for text in [
        "",
        " ",
        "x",
        "nul",
        "nulx",
        "tru",
        "falze",
        "01",
        "-",
        "-x",
        "+1",
        ".5",
        "1.",
        "1.x",
        "1e",
        "1e+",
        "1ex",
        "1 2",
        "--1",
        "1e400",
        "-1e400",
        "1e-400",
        "0e999999999999999999999",
        "1e99999999999999999999",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,]",
        "[1 2]",
        "[1}",
        "{",
        "{}",
        "{,}",
        "{\"a\"",
        "{\"a\" 1}",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\":1 \"b\"}",
        "{1:2}",
        "{\"a\":1]",
        "\"",
        "\"a",
        "\"a\nb\"",
        "\"\\",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\ud800",
        "\"\\ud800\\",
        "\"\\ud800\\u",
        "\"\\ud800\\ud8",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "NaN",
        "Infinity",
        "-Infinity",
        "{}x",
        "[]]",
        "\u{feff}1",
        "1\u{a0}",
        "'a'",
        "{a:1}",
        "// x\n1",
        "[1]\n\n,",
    ] {
        agrees_on_the_end(text.as_bytes());
    }
    for text in [&b"\"\xff\""[..], b"\"\xe2\x82\"", b"\"\xe2\x82", b"\xff", b"\"\xed\xa0\x80\"", b"[\"a\xc3\", 1]"] {
        agrees_on_the_end(text);
    }
}

#[test]
fn nothing_is_too_deep_or_too_shallow() {
    for depth in [1, 126, 127, 128, 129, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":[", "]}")] {
            let text = format!("{}{}", open.repeat(depth), close.repeat(depth));
            agrees_on_the_end(text.as_bytes());
        }
    }
}

#[test]
fn errors_say_where() {
    for (text, wanted) in [
        ("[1,\n  x]", "expected value at line 2 column 3"),
        ("{\"a\":1,}", "trailing comma at line 1 column 8"),
        ("{\"a\" 1}", "expected `:` at line 1 column 6"),
        ("[1e400]", "number out of range at line 1 column 2"),
        ("[1,\n", "the text ends too early at line 2 column 0"),
    ] {
        assert_eq!(parse(text.as_bytes()).unwrap_err().to_string(), wanted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A few bytes of a text are replaced, removed or doubled.
    #[test]
    fn changed_texts_are_read_alike(which in 0..TEXTS.len(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3), 1..4)) {
        const BYTES: &[u8] = b"{}[],:\"\\0123456789.eE+-tfnu \n\x00\x1f\x7f\xc3\xa9\xffabdN";
        let mut text = TEXTS[which].as_bytes().to_vec();
        for (at, byte, how) in changes {
            if text.is_empty() {
                break;
            }
            let at = at.index(text.len());
            match how {
                0 => text[at] = BYTES[byte.index(BYTES.len())],
                1 => text.insert(at, BYTES[byte.index(BYTES.len())]),
                _ => {
                    text.remove(at);
                }
            }
        }
        agrees(&text);
    }

    #[test]
    fn any_value_is_read(value in super::json::value()) {
        agrees(value.to_string().as_bytes());
        agrees(serde_json::to_string_pretty(&value).unwrap().as_bytes());
    }

    #[test]
    fn any_bytes_are_read_alike(text in prop::collection::vec(any::<u8>(), 0..12)) {
        agrees(&text);
    }
}
