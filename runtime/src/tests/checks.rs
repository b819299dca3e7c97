//! Tables of values for the checks of validators.

use serde_json::json;

use super::check::*;

#[track_caller]
fn table(name: &str, ask: impl Fn(&str) -> bool, yes: &[&str], no: &[&str]) {
    for text in yes {
        assert!(ask(text), "{name}: {text:?} should pass");
    }
    for text in no {
        assert!(!ask(text), "{name}: {text:?} should be invalid");
    }
}

#[test]
fn urls() {
    let yes = [
        "https://a",
        "http://a.b/c?d#e",
        "HTTPS://A.B",
        "http://1.2.3.4:80",
        "http://[::1]:8080/x",
        "http://a:/",
        "https://u:p@h:1/",
        "https://bücher.de/ü",
        "https://a?x",
        "http://a\\b",
        "http://a:99999",
        "http://localhost",
    ];
    let no = [
        "",
        "a",
        "https:",
        "https://",
        "https:///a",
        "ftp://a",
        "//a",
        "http://:80",
        "http://a:b",
        "http://a:100000",
        "http://a b",
        "http://a/b c",
        "http://a\n",
        " http://a",
        "data:image/png;base64,AA",
        "http://[::1",
        "http://[]",
        "http://[::1]x",
        "httpsü",
        "http:/a",
        "http://u@",
    ];
    table("is_url", is_url, &yes, &no);
    table("is_https_url", is_https_url, &["https://a", "Https://a/b"], &["http://a", "https://", "", "https"]);
}

#[test]
fn date_times() {
    let yes = [
        "2026-11-20 08:30:00Z",
        "2026-11-20T08:30:00Z",
        "2026-11-20t08:30:00z",
        "2026-11-20T08:30:00.123456789+05:30",
        "2024-02-29T23:59:59Z",
        // Leap seconds in any time zone.
        "2016-12-31T23:59:60Z",
        "2015-06-30t23:59:60.5z",
        "2017-01-01T08:59:60+09:00",
        "2015-07-01T05:29:60+05:30",
        "2016-12-31T15:59:60.123-08:00",
        "2015-06-30T18:29:60-05:30",
        "2016-12-31T00:00:60-23:59",
        "0000-01-01T23:58:60+23:59",
        "2000-02-29T00:00:00-00:00",
        "0000-01-01T00:00:00Z",
    ];
    let no = [
        "",
        "2026-11-20",
        "2026-11-20T08:30:00",
        "2026-11-20T08:30Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2016-12-31T23:59:61Z",
        // A leap second is only valid in the last minute of such a day in UTC.
        "2016-12-31T23:58:60Z",
        "2016-12-31T22:59:60Z",
        "2016-12-31T23:59:60+00:01",
        "2016-12-31T08:59:60+09:00",
        "2017-01-01T15:59:60-08:00",
        "2017-01-01T00:59:60Z",
        // No other day.
        "2016-12-30T23:59:60Z",
        "2024-02-29T23:59:60Z",
        "2016-03-31T23:59:60Z",
        "2026-11-20T12:30:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+1:00",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00.1",
        "+026-01-01T00:00:00Z",
        "2026-01-01T00:00:00é",
    ];
    table("is_date_time", is_date_time, &yes, &no);
}

#[test]
fn base64() {
    let yes = [
        "",
        "QQ==",
        "QQ",
        "QUI=",
        "QUI",
        "QUJD",
        "-_+/",
        "data:image/png;base64,QUJD",
        "data:;base64,",
        "DATA:a/b;x=y;BASE64,QQ==",
    ];
    let no = [
        "Q",
        "QUJDQ",
        "Q===",
        "QQ=",
        "=",
        "QQ==QQ==",
        "QU D",
        "QUJD\r\nQUJD",
        "QUJ*",
        "data:image/png,QUJD",
        "data:QUJD",
        "data:,QUJD",
        "data:éééé,QUJD",
        "https://a",
    ];
    table("is_base64", is_base64, &yes, &no);
}

#[test]
fn multiples() {
    for (value, of, fits) in [
        (0.3, 0.1, true),
        // The value that would be sent is 0.30000000000000004.
        (0.1 + 0.2, 0.1, false),
        (7.001, 0.01, false),
        (1e22 + 0.3, 0.1, true),
        (1e300, 7.0, false),
        (1e300, 0.25, true),
        (1e308, 1e300, false),
        (5e-324, 5e-324, true),
        (1e-7, 1e-7, true),
        (1e-8, 1e-7, false),
        (1e300, 1e-300, true),
        (1.1, 0.1, true),
        (4.35, 0.01, true),
        (1e9 + 0.01, 0.01, true),
        (1e9 + 0.005, 0.01, false),
        (0.35, 0.1, false),
        (10.0, 5.0, true),
        (11.0, 5.0, false),
        (0.0, 0.1, true),
        (-0.3, 0.1, true),
        (1.0, 0.0, false),
        (f64::NAN, 1.0, false),
        (f64::INFINITY, 1.0, false),
        (1e-20, 1.0, false),
        (9_007_199_254_740_993.0, 1.0, true),
    ] {
        assert_eq!(multiple_of(value, of), fits, "{value} of {of}");
    }
}

#[test]
fn whole_numbers_of_all_64_bits() {
    assert!(multiple_of(i128::from(u64::MAX), 5) && !multiple_of(i128::from(u64::MAX), 2));
    assert!(multiple_of(i128::from(u64::MAX), 0.5) && !multiple_of(i128::from(u64::MAX), 1e30));
    let number = Number::of(&json!(u64::MAX)).unwrap();
    assert!(number == i128::from(u64::MAX) && number > i128::from(i64::MAX) && number < 1.9e19);
    assert!(is_one_of(&json!(u64::MAX), &[], &[18_446_744_073_709_551_615], &[], &[]));
    assert!(!is_one_of(&json!(u64::MAX - 1), &[], &[18_446_744_073_709_551_615], &[1.8446744073709552e19], &[]));
}

#[test]
fn lengths() {
    assert!(!longer("äöü", 3) && longer("äöü!", 3) && !longer("", 0) && longer("a", 0));
    assert!(!shorter("äöü", 3) && shorter("äö", 3) && !shorter("", 0) && shorter("", 1));
    assert!(!longer("😀😀", 2) && longer("😀😀😀", 2));
    assert_eq!(han_length("漢字ab、ア한"), 4 + 2 + 3);
    assert_eq!(han_length("々〇𠀀豈"), 8);
    assert!(han_longer("漢字", 3) && !han_longer("漢字", 4) && !han_longer("abcd", 4) && han_longer("abcde", 4));
    assert!(han_shorter("漢", 3) && !han_shorter("漢字", 4) && !han_shorter("abc", 3) && han_shorter("é", 2));
    assert!(!longer("a", usize::MAX) && shorter("a", usize::MAX));
}

#[test]
fn multiples_of_integers_are_exact() {
    assert!(multiple_of(9_007_199_254_740_993_i128, 0.5) && !multiple_of(9_007_199_254_740_993_i128, 2.0));
    assert!(!multiple_of(i128::from(i64::MIN), 2.5) && multiple_of(i128::from(i64::MIN), 1024));
}

#[test]
fn numbers_compare_by_value() {
    let number = |text: &str| Number::of(&serde_json::from_str(text).expect(text)).expect(text);
    for (less, greater) in [
        ("9007199254740992", "9007199254740993"),
        ("9007199254740992.0", "9007199254740993"),
        ("9223372036854775807", "9223372036854775808.0"),
        ("18446744073709551615", "1.8446744073709552e19"),
        ("-1e300", "-9223372036854775808"),
        ("0", "5e-324"),
        ("-1.5", "-1"),
    ] {
        assert!(number(less) < number(greater) && number(greater) > number(less), "{less} {greater}");
    }
    for (one, other) in [("1", "1.0"), ("-0", "0"), ("-0.0", "0"), ("1E5", "100000"), ("9.0e15", "9000000000000000")] {
        assert!(number(one) == number(other), "{one} {other}");
    }
    assert!(number("5") == 5 && number("5") == 5.0 && number("5") > 4.5 && number("5") < 6);
    assert_eq!(Number::of(&serde_json::json!("5")).map(Number::integer), None);
}

#[test]
fn values_of_any_kind_are_listed_by_value() {
    let is = |text: &str| is_one_of(&serde_json::from_str(text).expect(text), &["a"], &[5, 1 << 53], &[0.5], &[true]);
    for text in ["\"a\"", "5", "5.0", "0.5", "5e-1", "9007199254740992", "9.007199254740992e15", "true"] {
        assert!(is(text), "{text}");
    }
    for text in ["\"b\"", "4", "9007199254740993", "false", "null", "[5]"] {
        assert!(!is(text), "{text}");
    }
}

#[test]
fn uniqueness() {
    let texts = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    assert!(unique::<i64>(&[]) && unique(&[1_i64]) && unique(&texts(&["a", "b"])) && !unique(&texts(&["a", "b", "a"])));
    let unique = |text: &str| {
        unique_values(serde_json::from_str::<serde_json::Value>(text).expect(text).as_array().expect(text))
    };
    for text in
        ["[]", "[1, \"1\", true]", "[1, [1]]", "[9007199254740992, 9007199254740993]", "[{\"a\": 1}, {\"b\": 1}]"]
    {
        assert!(unique(text), "{text}");
    }
    for text in [
        "[1, 1.0]",
        "[0, -0.0]",
        "[{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1e0}]",
        "[null, null]",
        "[1e15, 1000000000000000]",
    ] {
        assert!(!unique(text), "{text}");
    }
}

#[test]
fn patterns() {
    for (regex, yes, no) in [
        ("^[a-z]+$", vec!["a", "abc"], vec!["", "A", "ab1", "a\n"]),
        ("b", vec!["b", "abc"], vec!["", "a"]),
        ("", vec!["", "x"], vec![]),
        ("^$", vec![""], vec!["x"]),
        (r"^\d{3}-\d{2,4}$", vec!["123-45", "123-4567"], vec!["12-45", "123-4", "123-45678"]),
        ("^(cat|dog)s?$", vec!["cat", "dogs"], vec!["cow", "catss", "s"]),
        ("^(?:ab)+c", vec!["abc", "ababcx"], vec!["c", "aabc"]),
        ("^(a|ab)(c|bcd)$", vec!["ac", "abc", "abcd", "abbcd"], vec!["ab", "abb"]),
        ("^a*?b", vec!["b", "aab"], vec!["aa"]),
        ("^.{2}$", vec!["ab", "é😀"], vec!["a", "abc", "a\n"]),
        (r"^[^\s,]+(,[^\s,]+)*$", vec!["a", "a,b,c"], vec!["", "a,", "a b", ",a"]),
        (r"^[\w.-]+@[\w-]+\.\w+$", vec!["a.b-c@d.e"], vec!["a@b", "@b.c"]),
        (r"^[\]\[\\^-]$", vec!["]", "[", "\\", "^", "-"], vec!["a"]),
        (r"^[a\-z]$", vec!["a", "-", "z"], vec!["b"]),
        (r"\bcat\b", vec!["a cat!", "cat"], vec!["cats", "concat"]),
        (r"\Bcat", vec!["concat"], vec!["cat"]),
        (r"^\/\.\*\+\?\(\)\{\}\|\$$", vec!["/.*+?(){}|$"], vec!["x"]),
        ("^(a*)*$", vec!["", "aaa"], vec!["b", "aab"]),
        ("^(a?){3}$", vec!["", "a", "aaa"], vec!["aaaa"]),
        ("^(|a)b$", vec!["b", "ab"], vec!["aab"]),
        ("^a{0}b{2,}$", vec!["bb", "bbb"], vec!["b", "abb"]),
        ("a|^b$|c", vec!["xa", "b", "c!"], vec!["bb", ""]),
        (r"^\S+\s\D$", vec!["a b"], vec!["a 1", "ab"]),
        ("^https://[^/]+/.+[.](png|jpe?g)$", vec!["https://a/b.png", "https://a/b/c.jpg"], vec!["https://a/.gif"]),
        ("[(|)]", vec!["(", "|", ")"], vec!["a"]),
        (r"^(x(y(z)?)?)?$", vec!["", "x", "xy", "xyz"], vec!["xz", "yz"]),
        ("^(?!-)[a-z-]+$", vec!["a-b"], vec!["-a", ""]),
        ("^(?=.*[A-Z])(?=.*[0-9]).{3,}$", vec!["aB1", "1xA"], vec!["ab1", "B1", "ABC"]),
        (r"^(?!\s*$).+", vec!["a", " a"], vec!["", "  "]),
        ("^日[本-東]$", vec!["日本"], vec!["日", "日日本"]),
    ] {
        table(regex, |text| pattern(text, regex), &yes, &no);
    }
}

#[test]
fn unsupported_patterns_accept_everything() {
    for regex in [
        "(?<=a)b",
        r"(a)\1",
        r"\p{L}",
        "(",
        ")",
        "[a",
        "a**",
        "*",
        "a{2",
        "a{3,1}",
        "\\",
        "(?<n>a)",
        "a{x}",
        "[z\\q]",
        "|)",
        "[\\",
        "(\\",
        "a{99999999999999999999}",
    ] {
        assert!(pattern("zzz", regex), "{regex}");
    }
}

#[test]
fn patterns_end() {
    let long = "a".repeat(20_000);
    assert!(pattern(&long, "^a*$") && pattern(&long, "^(a|b)*$") && pattern(&long, "(a*)*(a*)*b"));
    assert!(pattern(&long, "^(a+)+$") && !pattern(&long, "^a*b$"));
    assert!(pattern("a", &"(".repeat(10_000)));
    assert!(pattern("a", &format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000))));
}

proptest::proptest! {
    #[test]
    fn no_text_and_no_pattern_panics(text in ".{0,40}", regex in r"[ab.|()\[\]\\^$*+?{}0-9,dws:é-]{0,20}") {
        let _ = pattern(&text, &regex);
        for ask in [is_url, is_https_url, is_date_time, is_base64] {
            ask(&text);
        }
    }

    #[test]
    fn lengths_match_the_count_of_characters(text in "[a漢é😀]{0,12}", limit in 0_usize..14) {
        let count = text.chars().count();
        assert_eq!((longer(&text, limit), shorter(&text, limit)), (count > limit, count < limit));
        let weighed = han_length(&text);
        assert_eq!((han_longer(&text, limit), han_shorter(&text, limit)), (weighed > limit, weighed < limit));
    }
}
