//! What the portable subset takes, matches and refuses.

use super::Pattern;

#[track_caller]
fn check(pattern: &str, matching: &[&str], other: &[&str]) {
    let parsed = Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    for text in matching {
        assert!(parsed.is_match(text), "{pattern} should match {text:?}");
    }
    for text in other {
        assert!(!parsed.is_match(text), "{pattern} should not match {text:?}");
    }
}

#[test]
fn literals_match_anywhere() {
    check("b", &["b", "abc"], &["", "ac"]);
    check("", &["", "x"], &[]);
    check("é汉", &["né汉"], &["e汉"]);
}

#[test]
fn anchors() {
    check("^a", &["ab"], &["ba", ""]);
    check("a$", &["ba"], &["ab", "a\n"]);
    check("^$", &[""], &["a", "\n"]);
    check("^a|b$", &["ax", "xb"], &["xa", "bx"]);
    check("(^|-)x", &["x", "a-x"], &["ax"]);
}

#[test]
fn classes() {
    check("^[a-c_]+$", &["abc_"], &["abd", ""]);
    check("^[^a-c]$", &["d", "\n"], &["a"]);
    check("^[\\w.-]+$", &["a-b.c_9"], &["a b", "é"]);
    check("^[\\d\\]]$", &["5", "]"], &["a", "٣"]);
    check("^[^\\D]$", &["5"], &["a"]);
    check("^[-a]$", &["-", "a"], &["b"]);
    check("^[a-]$", &["-", "a"], &["b"]);
    check("^\\s\\S$", &[" x", "\u{3000}x"], &["xx", "  "]);
    check("^\\D\\W$", &["a-"], &["1-", "aa"]);
    check("^.$", &["x", "👍"], &["\n", ""]);
}

#[test]
fn quantifiers() {
    check("^a*$", &["", "aaa"], &["ab"]);
    check("^a+?b?$", &["a", "aab"], &["b"]);
    check("^a{2}$", &["aa"], &["a", "aaa"]);
    check("^a{2,}$", &["aa", "aaaa"], &["a"]);
    check("^a{1,3}$", &["a", "aaa"], &["", "aaaa"]);
    check("^a{0}$", &[""], &["a"]);
    check("^(ab|c){2,3}$", &["abc", "ccc"], &["ab", "cccc"]);
    check("^(){5}(|a)*$", &["", "aa"], &["b"]);
}

#[test]
fn look_ahead_at_the_start() {
    check("^(?!-)[a-z-]+$", &["a-b"], &["-a", ""]);
    check("^(?=.*[A-Z])(?=.*[0-9]).{3,}$", &["aB1", "1xA"], &["ab1", "B1", "ABC"]);
    check("^(?!a|b$)^[a-c]+$", &["c", "bc"], &["a", "ab", "b"]);
    check(r"^(?!\s*$).+", &["a", " a"], &["", "  "]);
    check("^(?!a)[a-c]$|^x(y|z)$", &["b", "xy"], &["a", "x"]);
}

#[test]
fn groups_and_alternation() {
    check("^(?:a|bc)d$", &["ad", "bcd"], &["abcd"]);
    check("^(a(b(c)?)?)?$", &["", "a", "ab", "abc"], &["ac"]);
    check("^(a||b)c$", &["ac", "c", "bc"], &["abc"]);
}

#[test]
fn escapes() {
    check(r"^\.\/\{\t\n\r$", &["./{\t\n\r"], &["x/{\t\n\r"]);
}

#[test]
fn hostile_patterns_are_quick() {
    let text = "a".repeat(5_000);
    check("^(a*)*b$", &[], &[&text]);
    check("^(a|a)*b$", &[], &[&text]);
    check("^(a?){200}b$", &[], &[&text]);
    check("(x+x+)+y", &[], &[&"x".repeat(5_000)]);
}

#[test]
fn refused() {
    for pattern in [
        "(",
        ")",
        "[",
        "[a",
        "a{",
        "a{2",
        "a{,2}",
        "a{3,2}",
        "*",
        "a**",
        "a+*",
        "^*",
        "\\",
        "\\1",
        "\\p{L}",
        "(?=a)",
        "(?<n>a)",
        "(?i)a",
        "[b-a]",
        "[\\d-z]",
        "[a-\\d]",
        "[[a]]",
        "]",
        "}",
        "\\x41",
        "\\u0042",
        "\\f",
        "a)",
        "[]",
        "[^]",
        "[\\b]",
        "[a&&b]",
        "[a~~b]",
        "\\b*",
        "a{x}",
        "(?",
        "[a-\\",
        "[a-",
        "(a{1000}){1000}",
        "a{10001}",
        "((a{100}){100}){100}",
    ] {
        assert!(Pattern::parse(pattern).is_err(), "{pattern}");
    }
    assert!(Pattern::parse(&"(".repeat(100_000)).is_err());
}

#[test]
fn portable_patterns_pass() {
    for pattern in [
        "",
        "a|b|",
        "(a(?:b))*",
        r"\d{3}-\w+?",
        "[^\\]-]",
        "^#[0-9A-Fa-f]{6}$",
        "a{2,}b{1,3}",
        r"^https://[^/]+/\S*$",
        "日本+",
        r"\.\*\\",
        "[\\w-]+",
        r"\bword\b",
        "[a-z\\d_]",
    ] {
        assert_eq!(Pattern::parse(pattern).err(), None, "{pattern}");
    }
    assert!(Pattern::parse(&"a".repeat(4_001)).is_err());
}

#[test]
fn errors_say_what_is_wrong() {
    for (pattern, words) in [
        ("(", "`(` without `)`"),
        ("a)", "`)` without `(`"),
        ("^*", "nothing for `*` to repeat"),
        ("a**", "nothing for `*` to repeat"),
        ("a{", "a quantifier is `{3}`, `{3,}` or `{3,5}`; a literal `{` is `\\{`"),
        ("a{3,1}", "a quantifier whose minimum is above its maximum"),
        ("(?=a)", "look-around and named groups are not portable"),
        ("^a(?!b)", "look-around and named groups are not portable"),
        ("^(?!a)*", "nothing for `*` to repeat"),
        ("[b-a]", "a range whose start is above its end"),
        ("\\p{L}", "the escape `\\p` is not portable"),
        ("\\1", "back-references are not portable"),
        ("}", "`}` stands alone; write `\\}`"),
    ] {
        assert_eq!(Pattern::parse(pattern).err().as_deref(), Some(words), "{pattern}");
    }
}

#[test]
fn texts_that_go_on_after_a_match_are_not_followed_to_their_end() {
    let mut lengths = super::Lengths::default();
    lengths.narrow(crate::model::Bound::AtMost, 4_000_000_000, crate::model::LengthUnit::Plain);
    let pattern = Pattern::parse("^.").expect("a pattern");
    assert_eq!(super::count(&[pattern], &lengths, u64::MAX), None);
}
