//! Tables for what validators ask.

use super::check::*;

#[track_caller]
fn table(name: &str, ask: impl Fn(&str) -> bool, yes: &[&str], no: &[&str]) {
    for text in yes {
        assert!(ask(text), "{name}: {text:?} should pass");
    }
    for text in no {
        assert!(!ask(text), "{name}: {text:?} should not pass");
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
        "2024-02-29T23:59:60Z",
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
        (0.1 + 0.2, 0.1, true),
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
fn uniqueness() {
    let texts = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    assert!(unique::<i64>(&[]) && unique(&[1_i64]) && unique(&texts(&["a", "b"])) && !unique(&texts(&["a", "b", "a"])));
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
        ("^日[本-東]$", vec!["日本"], vec!["日", "日日本"]),
    ] {
        table(regex, |text| pattern(text, regex), &yes, &no);
    }
}

#[test]
fn patterns_that_are_not_understood_pass() {
    for regex in [
        "(?=a)b",
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
    fn lengths_agree_with_counting(text in "[a漢é😀]{0,12}", limit in 0_usize..14) {
        let count = text.chars().count();
        assert_eq!((longer(&text, limit), shorter(&text, limit)), (count > limit, count < limit));
        let weighed = han_length(&text);
        assert_eq!((han_longer(&text, limit), han_shorter(&text, limit)), (weighed > limit, weighed < limit));
    }
}
