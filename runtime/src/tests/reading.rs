//! Tests reading of server data that is not entirely valid text.

use super::*;
use crate::reading::{half, read, read_with_halves, text};

#[track_caller]
fn check(bytes: &[u8], wanted: Value) {
    let found = read(bytes).unwrap_or_else(|error| panic!("{}: {error}", bytes.escape_ascii()));
    assert_eq!(found, wanted, "{}", bytes.escape_ascii());
    assert_eq!(read_with_halves(bytes).unwrap().0, wanted, "{}", bytes.escape_ascii());
}

#[test]
fn valid_text_is_unchanged() {
    for text in [
        r#"{"a":"\ud83d\ude00","b":"\uD83D\uDE00","c":"\\ud83d","d":"\\\\ud83d","e":"\u0000\"\ud7ff\ue000"}"#,
        r#"["\/\b\f\n\r\t\\", "", "\"", 1e3, -0.5, true, null]"#,
        "\" \u{fffd} \u{f0000} ä 😀 \u{7f}\"",
    ] {
        let wanted: Value = serde_json::from_str(text).unwrap();
        check(text.as_bytes(), wanted.clone());
        // Also in a text that must be repaired.
        let found = read(format!("[{text},\"\\ud83d\"]").as_bytes()).unwrap();
        assert_eq!(found, json!([wanted, "\u{fffd}"]));
    }
}

#[test]
fn lone_surrogates_are_replaced() {
    check(br#""\ud83d""#, json!("\u{fffd}"));
    check(br#""\ude00""#, json!("\u{fffd}"));
    check(br#""a\ud83db""#, json!("a\u{fffd}b"));
    check(br#""\ud83d\ud83d\ude00""#, json!("\u{fffd}😀"));
    check(br#""\ud83d\ude00\ude00""#, json!("😀\u{fffd}"));
    check(br#""\ud83d\u0041""#, json!("\u{fffd}A"));
    check(br#""\ud83d\n""#, json!("\u{fffd}\n"));
    check(br#""\ud83d\\ude00""#, json!("\u{fffd}\\ude00"));
    check(br#""\\\ud83d""#, json!("\\\u{fffd}"));
    check(br#""\"\ud83d\"""#, json!("\"\u{fffd}\""));
    check(br#"{"a\udfff": {"\uDBFF": ["\udbff"]}}"#, json!({"a\u{fffd}": {"\u{fffd}": ["\u{fffd}"]}}));
}

#[test]
fn invalid_utf8_is_replaced() {
    check(b"\"a\xffb\"", json!("a\u{fffd}b"));
    check(b"{\"\xc3\": \"\xe4\xbd\"}", json!({"\u{fffd}": "\u{fffd}"}));
    check(b"\"\xed\xa0\xbd\\ud83d\"", json!("\u{fffd}\u{fffd}\u{fffd}\u{fffd}"));
    check(b"\"a\x00\x1f\nb\\n\"", json!("a\u{0}\u{1f}\nb\n"));
}

#[test]
fn byte_order_marks_are_skipped() {
    check(b"\xef\xbb\xbf{}", json!({}));
    check(b"\xef\xbb\xbf \"\\ud83d\"", json!("\u{fffd}"));
    check("\"\u{feff}\"".as_bytes(), json!("\u{feff}"));
    check("\u{feff}\u{feff}{}".as_bytes(), json!({}));
    check("\r\n\u{feff} \u{feff}\n{}".as_bytes(), json!({}));
    check("\u{feff}{}\n\u{feff}\r\n\u{feff}".as_bytes(), json!({}));
    check("\u{feff}\"\\ud83d\u{feff}\"\u{feff}".as_bytes(), json!("\u{fffd}\u{feff}"));
    assert!(read("\u{feff}{\u{feff}}".as_bytes()).is_err() && read("\u{feff}".as_bytes()).unwrap_err().is_cut());
    for bytes in [&b"\xff\xfe{\x00}\x00"[..], b"\xfe\xff\x00{\x00}"] {
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().contains("UTF-16") && !error.is_cut(), "{error}");
    }
}

#[test]
fn numbers_that_json_does_not_have_are_null() {
    let text = br#"{"id":"7","a":NaN,"b":[-Infinity, Infinity,-1],"c":"NaN -Infinity","NaN":"\ud83d"}"#;
    check(text, json!({"id": "7", "a": null, "b": [null, null, -1], "c": "NaN -Infinity", "NaN": "\u{fffd}"}));
    let it = Setup::new([Answer::new(200, &text[..])]);
    assert_eq!(it.send(CreateTask).unwrap().id(), "7");
    let text = br#"{"id":"7","a":1e400,"b":[-1E+999, 1e-400, 1.5e3],"c":"1e400"}"#;
    check(text, json!({"id": "7", "a": null, "b": [null, 0.0, 1500.0], "c": "1e400"}));
    check(format!("[{}]", "9".repeat(400)).as_bytes(), json!([null]));
    for text in ["{\"a\":NaNs}", "[-NaN]", "[Inf]", "[nan]", "{NaN:1}", "[1NaN]", "-"] {
        assert!(read(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn text_may_contain_a_few_zero_bytes() {
    let text = |bytes: &[u8]| text(bytes).map(|it| it.into_owned()).map_err(|it| it.to_string());
    assert_eq!(text(b"\xef\xbb\xbf1\n00:01 A boat.\x00\n"), Ok("1\n00:01 A boat.\0\n".to_owned()));
    for binary in [&b"A\0 \0b\0o\0a\0t\0"[..], b"\0\0\0\x18ftypmp42", b"\0"] {
        assert!(text(binary).is_err_and(|it| it.contains("many zero bytes")), "{}", binary.escape_ascii());
    }
}

#[test]
fn invalid_json_is_an_error() {
    for text in
        ["", "{", "\"\\ud83d", "\"\\ud83", "\"\\u12g4\"", "\"\\x\"", "[\"\\ud83d\",]", "\\ud83d", "nope", "\u{0}"]
    {
        assert!(read(text.as_bytes()).is_err(), "{text}");
    }
    // Text that begins like a number which JSON does not have is no beginning of one.
    for text in ["Not Found", "Internal Server Error", "Invalid API key", "-I", "In", "[N"] {
        let (error, theirs) = (read(text.as_bytes()).unwrap_err(), serde_json::from_str::<Value>(text).unwrap_err());
        assert!(error.to_string().ends_with(&theirs.to_string()) && !error.is_cut(), "{text}: {error} | {theirs}");
    }
    assert!(read(b"{\"a\": \"\\ud83d").unwrap_err().is_cut());
    assert!(!read(b"{\"a\": \"\\ud83d\"]").unwrap_err().is_cut());
    // Nesting is limited, whatever else is wrong.
    let deep = |end: &str| format!("{}{end}", "[".repeat(100_000));
    for text in [deep(""), deep("\"\\ud83d\""), deep(&"]".repeat(100_000))] {
        assert!(read(text.as_bytes()).unwrap_err().to_string().contains("recursion"));
    }
}

#[test]
fn halves_are_known() {
    let (value, twin) = read_with_halves(br#"{"a": "x\ud83d", "b": "\u00e4"}"#).unwrap();
    let last = |it: &Value, key: &str| it[key].as_str().unwrap().chars().next_back();
    let twin = twin.unwrap();
    assert_eq!(half(last(&value, "a"), last(&twin, "a")), Some(0xd83d));
    assert_eq!(half(last(&value, "b"), last(&twin, "b")), None);
    assert!(read_with_halves(br#""\ud83d\ude00""#).unwrap().1.is_none());
    assert!(read_with_halves(b"\"\xff\"").unwrap().1.is_none());
    for code in (0xd800..=0xdfff).step_by(7) {
        let (value, twin) = read_with_halves(format!("\"\\u{code:04x}\"").as_bytes()).unwrap();
        let first = |it: &Value| it.as_str().unwrap().chars().next();
        assert_eq!(half(first(&value), first(&twin.unwrap())), Some(code));
    }
}

/// A lone surrogate, an invalid byte, and a byte order mark: a strict reader would fail on each.
const DIRTY: &[u8] =
    b"\xef\xbb\xbf{\"url\":\"https://x/1.png\",\"id\":\"7\",\"note\":\"\\ud83d\",\"seed\":7,\"more\":\"\xff\"}";

#[test]
fn every_kind_of_server_data_is_read_the_same_way() {
    // A response, one that may be retried, and one in whose place text may come.
    let it = Setup::new([Answer::new(200, DIRTY)]);
    let picture = it.send(Create("a tree")).unwrap();
    assert_eq!(
        (picture.url.as_str(), &picture.raw()["note"], &picture.raw()["more"]),
        ("https://x/1.png", &json!("\u{fffd}"), &json!("\u{fffd}"))
    );
    let wrapped = [b"{\"picture\":", &DIRTY[3..], b"}"].concat();
    assert_eq!(Setup::new([Answer::new(200, wrapped)]).send(Read("1")).unwrap().url, "https://x/1.png");

    // An error.
    let body =
        &b"\xef\xbb\xbf{\"error\":{\"code\":\"slow_down\",\"message\":\"no \\ud83d\xff\",\"details\":[\"\\ude00\"]}}"[..];
    let error = Setup::new([Answer::new(400, body)]).send(Create("a tree")).unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("slow_down"), "no \u{fffd}\u{fffd}"));
    assert_eq!(
        (error.details(), error.body_json().unwrap()["error"]["code"].as_str()),
        (Some(&json!(["\u{fffd}"])), Some("slow_down"))
    );

    // The state of a task, also from a callback.
    let body = &b"\xef\xbb\xbf{\"id\":\"7\",\"status\":\"failed\",\"error\":\"\\ud83d\xff\"}"[..];
    let status = TaskStatus::<Picture>::from_slice(&TASK, body).unwrap();
    assert_eq!(status.state_name(), "failed");
    let error = TaskStatus::<Picture>::from_slice(&TASK, b"\xfe\xff\0{").unwrap_err();
    assert!(error.to_string().contains("not JSON"), "{error}");
}

#[test]
fn a_created_task_keeps_its_id() {
    let it = Setup::new([Answer::new(200, &b"\xef\xbb\xbf{\"id\":\"7\",\"note\":\"\\ud83d\xff\"}"[..])]);
    assert_eq!(it.send(CreateTask).unwrap().id(), "7");
}
