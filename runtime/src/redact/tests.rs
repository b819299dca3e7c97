//! Tests every form of a secret in every context.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;

use super::*;

const KEY: &str = "sk-live_Ab+9/zK\"4&wQ=7";

fn secrets(secret: &str) -> Secrets {
    Secrets::new(vec![secret.as_bytes().to_vec().into()])
}

#[track_caller]
fn check(secret: &str, text: &str, expected: &str) {
    assert_eq!(secrets(secret).redactor().text(text).as_deref().unwrap_or(text), expected, "{text}");
}

#[track_caller]
fn gone(text: &str) {
    check(KEY, &format!("no key {text}, sorry"), "no key [secret], sorry");
    check(KEY, text, "[secret]");
}

fn percent(text: &str, which: impl Fn(usize, u8) -> bool, upper: bool) -> String {
    let encode = |(at, byte): (usize, u8)| match (which(at, byte), upper) {
        (false, _) => char::from(byte).to_string(),
        (true, false) => format!("%{byte:02x}"),
        (true, true) => format!("%{byte:02X}"),
    };
    text.bytes().enumerate().map(encode).collect()
}

fn in_base64(bytes: &[u8], alphabet: &[u8; 2], padded: bool) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let three = [0, 1, 2].map(|it| u32::from(group.get(it).copied().unwrap_or_default()));
        let bits = three[0] << 16 | three[1] << 8 | three[2];
        for index in 0..4 {
            let value = (bits >> (18 - 6 * index) & 63) as u8;
            match value {
                _ if index > group.len() as u32 => out.push_str(if padded { "=" } else { "" }),
                0..26 => out.push((b'A' + value) as char),
                26..52 => out.push((b'a' + value - 26) as char),
                52..62 => out.push((b'0' + value - 52) as char),
                other => out.push(alphabet[usize::from(other - 62)] as char),
            }
        }
    }
    out
}

#[test]
fn as_it_is() {
    gone(KEY);
    check(KEY, &format!("{KEY} and {KEY}{KEY}"), "[secret] and [secret]");
    check(KEY, &format!("Bearer {KEY}"), "Bearer [secret]");
    check(KEY, "no key at all", "no key at all");
    check(KEY, "", "");
    gone(&KEY.to_uppercase());
    gone(&KEY.to_lowercase());
}

#[test]
fn secrets_in_urls_are_redacted() {
    for upper in [false, true] {
        gone(&percent(KEY, |_, _| true, upper));
        gone(&percent(KEY, |_, byte| !byte.is_ascii_alphanumeric(), upper));
        gone(&percent(KEY, |at, _| at % 3 == 1, upper));
        gone(&percent(&percent(KEY, |_, _| true, upper), |_, byte| byte == b'%', !upper));
    }
}

#[test]
fn secrets_in_json_and_nested_json_are_redacted() {
    let once = serde_json::to_string(KEY).unwrap();
    let once = once.trim_matches('"').replace('/', "\\/");
    gone(&once);
    let twice = serde_json::to_string(&once).unwrap();
    gone(twice.trim_matches('"'));
    let thrice = serde_json::to_string(&twice).unwrap();
    gone(thrice[3..thrice.len() - 3].trim_matches('"'));
    let points: String = KEY.chars().map(|it| format!("\\u{:04X}", u32::from(it))).collect();
    gone(&points);
    gone(&points.replace('\\', "\\\\"));
    gone(&points.replace('\\', "\\\\\\\\"));
    gone(&KEY.chars().map(|it| format!("\\u{{{:x}}}", u32::from(it))).collect::<String>());
    gone(&KEY.bytes().map(|it| format!("\\x{it:02x}")).collect::<String>());
    gone(format!("{once:?}").trim_matches('"'));
    gone(&percent(&once, |_, _| true, false));
}

#[test]
fn in_pages() {
    let named = KEY.replace('&', "&amp;").replace('"', "&quot;").replace('/', "&#x2F;").replace('+', "&plus;");
    gone(&named);
    gone(&named.replace('&', "&amp;"));
    gone(&KEY.bytes().map(|it| format!("&#{it};")).collect::<String>());
    gone(&KEY.bytes().map(|it| format!("&#X{it:X};")).collect::<String>());
    check("a.b:c!d_e$f@g", "a&period;b&colon;c&excl;d&lowbar;e&dollar;f&commat;g", "[secret]");
    check("a&b<c>d\"efgh", "a&ampb&ltc&gtd&quotefgh", "[secret]");
}

#[test]
fn secrets_in_base64_are_redacted() {
    for alphabet in [b"+/", b"-_"] {
        for padded in [true, false] {
            for before in ["", "a", "ab", "user:", "{\"key\": \"", "Bearer "] {
                for after in ["", "z", "\"}", "more text"] {
                    let encoded = in_base64(format!("{before}{KEY}{after}").as_bytes(), alphabet, padded);
                    let shown = secrets(KEY).redactor().text(&encoded).unwrap();
                    assert!(shown.contains("[secret]"), "{encoded}: {shown}");
                    // The rest depends only on what is around the key.
                    let left = encoded.len() - (shown.len() - "[secret]".len());
                    assert!(left * 6 >= KEY.len() * 8, "{encoded}: {shown}");
                    let escaped = percent(&encoded, |_, byte| !byte.is_ascii_alphanumeric(), true);
                    assert!(secrets(KEY).redactor().text(&escaped).unwrap().contains("[secret]"), "{escaped}");
                }
            }
        }
    }
    let lines = in_base64(format!("{}{KEY}", "user".repeat(20)).as_bytes(), b"+/", true);
    let broken: Vec<_> = lines.as_bytes().chunks(16).map(|it| std::str::from_utf8(it).unwrap()).collect();
    assert!(secrets(KEY).redactor().text(&broken.join("\r\n")).unwrap().ends_with("[secret]"));
}

#[test]
fn secrets_in_nested_encodings_are_redacted() {
    let hex = |text: &str| text.bytes().map(|it| format!("{it:02x}")).collect::<String>();
    let percent_all = |text: &str| percent(text, |_, byte| !byte.is_ascii_alphanumeric(), true);
    let json = |text: &str| serde_json::to_string(text).unwrap().replace('/', "\\/");
    let in_standard = |text: &str| in_base64(text.as_bytes(), b"+/", true);
    let in_url_safe = |text: &str| in_base64(text.as_bytes(), b"-_", false);
    let forms: [&dyn Fn(&str) -> String; 5] = [&hex, &percent_all, &json, &in_standard, &in_url_safe];
    for before in ["", "u", "user:", "{\"key\": "] {
        for inner in forms {
            for middle in forms {
                for outer in forms {
                    let once = format!("{before}{}", inner(KEY));
                    let twice = format!("a{before}{}", middle(&once));
                    for text in [middle(&once), outer(&twice)] {
                        let shown = secrets(KEY).redact(&text).into_owned();
                        assert!(shown.contains("[secret]"), "{before} {text}: {shown}");
                        // Only the text around it remains.
                        assert!(shown.len() * 2 < text.len() + 160, "{before} {text}: {shown}");
                    }
                }
            }
        }
    }
    // Also directly beside characters that could be part of the encoding.
    for before in ["token_", "/v1/files/", "x", "xy", "xyz"] {
        let text = format!("{before}{}", in_standard(&in_url_safe(&format!("user:{KEY}"))));
        assert!(secrets(KEY).redact(&text).contains("[secret]"), "{text}");
    }
}

#[test]
fn in_hexadecimal() {
    gone(&KEY.bytes().map(|it| format!("{it:02x}")).collect::<String>());
    gone(&KEY.bytes().map(|it| format!("{it:02X}")).collect::<String>());
}

#[test]
fn broken_over_lines() {
    let (one, two) = KEY.split_at(9);
    for between in [" ", "\n", "\r\n    ", "\u{200b}", "\\n", "%0A", "&#10;", "\\\\n", "\u{2028}", "\u{1b}"] {
        gone(&format!("{one}{between}{two}"));
    }
}

#[test]
fn parts_of_it() {
    // Half of it, anywhere; less if the text was cut.
    check(KEY, &format!("key {}***", &KEY[..12]), "key [secret]***");
    check(KEY, &format!("key {}***", &KEY[..8]), &format!("key {}***", &KEY[..8]));
    check(KEY, &format!("key {}", &KEY[..8]), "key [secret]");
    check(KEY, &format!("key {}…", &KEY[..8]), "key [secret]…");
    check(KEY, &format!("key {}", &KEY[..7]), &format!("key {}", &KEY[..7]));
}

#[test]
fn short_secrets_are_redacted_as_words() {
    check("abc", "abc is no key", "abc is no key");
    check("demo", "demo is no democracy: (demo), \"demo\"", "[secret] is no democracy: ([secret]), \"[secret]\"");
    check("pass12", "pass12%20 PASS12! bypass12", "[secret]%20 [secret]! bypass12");
    check("", "text", "text");
    check("password", "The passwords", "The [secret]s");
    // Scripts without spaces have letters beside every word.
    check("test", "系统test繁忙, latest", "系统[secret]繁忙, latest");
}

#[test]
fn secrets_with_repetition_are_redacted() {
    check("aaaaaaaa", &"a".repeat(100), "[secret]");
    check("abababab", "xabababababy", "x[secret]y");
    check("aaaaaaab", "aaaaaaaaaaab", "aaaa[secret]");
}

#[test]
fn of_other_alphabets() {
    check("schlüssel-für-türen", "der schlüssel-für-türen fehlt", "der [secret] fehlt");
    check("schlüssel-für-türen", "schl%C3%BCssel-f%c3%bcr-t\\u00fcren", "[secret]");
    let bytes = Secrets::new(vec![vec![0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7].into()]);
    let text = in_base64(&[0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7], b"+/", true);
    assert_eq!(bytes.redactor().text(&format!("secret {text}!")).unwrap(), "secret [secret]!");
}

#[test]
fn several_at_once() {
    let both = Secrets::new(vec![b"first-key".to_vec().into(), b"second-key".to_vec().into()]);
    assert_eq!(both.redact("first-key, second-key"), "[secret], [secret]");
    let more = both.and(vec![b"third-key".to_vec().into()]);
    assert_eq!(more.redact("third-key first-key"), "[secret] [secret]");
    assert_eq!(both.redact("third-key"), "third-key");
    assert_eq!(format!("{both:?}"), "Secrets");
}

#[test]
fn secrets_in_field_names_are_redacted() {
    let mut value = serde_json::json!({KEY: 1, "a": [{"b": format!("x{KEY}")}], "c": 2});
    secrets(KEY).redactor().value(&mut value);
    assert_eq!(value, serde_json::json!({"[secret]": 1, "a": [{"b": "x[secret]"}], "c": 2}));
    let mut value = serde_json::json!({"number": 123_456_789_012_u64, "other": 123_456});
    secrets("123456789012").redactor().value(&mut value);
    assert_eq!(value, serde_json::json!({"number": "[secret]", "other": 123_456}));
}

#[test]
fn lines_are_cut_after_redaction() {
    let text = format!("{} {KEY}", "x".repeat(390));
    assert_eq!(secrets(KEY).redactor().line(&text, 400), format!("{} [secret]", "x".repeat(390)));
    assert_eq!(secrets(KEY).redactor().line(&text, 395), format!("{} [sec…", "x".repeat(390)));
}

#[test]
fn time_grows_linearly_with_the_text() {
    // A quadratic search would take hours here.
    let key = "a".repeat(2000);
    let texts = [
        "a".repeat(1 << 19),
        "\\".repeat(1 << 19),
        "%25".repeat(1 << 17),
        "&#38;".repeat(1 << 16),
        // Text in base64 from every offset, and encoded twice.
        "UVVGQlFVRkI".repeat(1 << 13),
        "4242".repeat(1 << 14),
    ];
    for text in texts {
        let shown = secrets(&key).redactor().text(&text);
        assert_eq!(shown.is_some(), text.starts_with('a'));
    }
    // At any position, also across the border of two pieces.
    for at in [65_000, 65_530, 65_536, 131_070, 200_000] {
        let shown =
            secrets(KEY).redactor().text(&format!("{}{KEY}{}", "é".repeat(at / 2), "x".repeat(70_000))).unwrap();
        assert_eq!(shown.len(), at / 2 * 2 + "[secret]".len() + 70_000, "{at}");
    }
}

#[test]
fn secrets_in_manual_headers_and_queries_are_found() {
    #[track_caller]
    fn check(name: &str, value: &str, expected: &[&str]) {
        let mut found = Vec::new();
        in_header(name, value.as_bytes(), &mut found);
        let found: Vec<_> = found.iter().map(|it| String::from_utf8(it.expose_secret().to_vec()).unwrap()).collect();
        assert_eq!(found, expected, "{name}: {value}");
    }
    check("authorization", "Bearer abcdefgh12", &["abcdefgh12"]);
    check("x-api-key", "abcdefgh12", &["abcdefgh12"]);
    check("X-Goog-Api-Key", "abc", &[]);
    check("authorization", "Basic dXNlcjpodW50ZXIyMg==", &["dXNlcjpodW50ZXIyMg", "hunter22"]);
    check("cookie", "session=abcdefgh12; theme=dark", &["abcdefgh12"]);
    check("content-type", "application/json", &[]);
    check("anthropic-version", "2023-06-01", &[]);
    check("idempotency-key", "abcdefgh12", &[]);
    let mut found = Vec::new();
    in_query("full=abcdefgh12&api_key=abc%2Fdefgh&key=1", &mut found);
    assert_eq!(found.iter().map(|it| it.expose_secret().to_vec()).collect::<Vec<_>>(), [b"abc/defgh"]);
}

proptest! {
    /// Escapes of all kinds, character by character. A text that looks like an escape can only be distinguished if the
    /// whole text was escaped in the same way, so the keys here contain none.
    #[test]
    fn mixed_escapes(
        key in "[!-$'-\\[\\]-~]{8,40}",
        kinds in proptest::collection::vec(0..9_usize, 40),
        before in "[ -$'-\\[\\]-~é]{0,20}",
        after in "[ -~é]{0,20}",
    ) {
        let mut text = String::new();
        for (character, kind) in key.chars().zip(kinds) {
            let code = u32::from(character);
            match kind {
                0 => text.push_str(&format!("\\u{code:04x}")),
                1 => text.push_str(&format!("%{code:02X}")),
                2 => text.push_str(&format!("&#{code};")),
                3 => text.push_str(&format!("\\\\u{code:04x}")),
                4 => text.push_str(&format!("%25{code:02x}")),
                5 => text.push_str(&format!("&#x{code:x};")),
                _ => text.push_str(&format!("\\u{code:04X}")),
            }
        }
        let text = format!("{before} {text} {after}");
        let shown = secrets(&key).redactor().text(&text).unwrap_or_default();
        prop_assert!(shown.contains("[secret]"), "{text} -> {shown}");
    }

    /// No input makes it fail, and text that is not a secret is kept.
    #[test]
    fn any_text(key in any::<String>(), text in any::<String>(), tail in "[a\\\\u0-9{}%&#x;]{0,60}") {
        let text = format!("{text}{tail}");
        let _ = secrets(&key).redactor().text(&text);
        let _ = secrets(&key).redactor().line(&text, 40);
        prop_assert_eq!(secrets("quite-another-key").redactor().text(&text), None);
    }
}
