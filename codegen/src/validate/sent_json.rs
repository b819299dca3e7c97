//! JSON that a caller sends: read strictly, but a place that cannot be text is a violation there and not the end.
//!
//! The command line, JSON Lines and the contract server read bodies here, so that all of them give one verdict.

use serde_json::Value;

use crate::interpret::{Verdict, Violation, push_segment};
use crate::model::{Certainty, Location};

/// Places that are told; more than these are one fault of whoever wrote the text.
const MOST_PLACES: usize = 100;

/// JSON as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SentJson {
    /// With `U+FFFD` for what cannot be text.
    pub value: Value,
    /// Where that is, in the order of the text.
    pub not_text: Vec<InvalidText>,
}

/// A place that cannot be text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidText {
    /// JSON pointer of the text; where it is a name, of the object that has it.
    pub at: String,
    what: &'static str,
}

const HALF: &str = "half of a surrogate pair stands alone";
const BYTES: &str = "not all of its bytes are UTF-8";

/// Reads JSON. A mark of the byte order in front is skipped.
///
/// # Errors
/// It is none, for another reason than what is at places; in words.
pub fn read_json(bytes: &[u8]) -> Result<SentJson, String> {
    if let [0xfe, 0xff, ..] | [0xff, 0xfe, ..] = bytes {
        return Err("it is UTF-16, and must be UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok(SentJson { value, not_text: Vec::new() }),
        Err(error) => error.to_string(),
    };
    // Read twice, with other characters for each kind of fault: where the readings differ, there is one.
    let texts = (repaired(bytes, ["\u{fffd}"; 2]), repaired(bytes, ["1", "2"]));
    let (Some(value), Some(marked)) = texts else { return Err(error) };
    let value: Value = serde_json::from_str(&value).map_err(|error| error.to_string())?;
    let marked: Value = serde_json::from_str(&marked).map_err(|error| error.to_string())?;
    let mut not_text = Vec::new();
    find_invalid_texts(&value, &marked, &mut String::new(), &mut not_text);
    Ok(SentJson { value, not_text })
}

impl InvalidText {
    /// The same without the first part of its place; `None` where it begins otherwise.
    fn below(&self, name: &str) -> Option<Self> {
        let at = self.at.strip_prefix('/')?.strip_prefix(name)?;
        (at.is_empty() || at.starts_with('/')).then(|| Self { at: at.to_owned(), ..self.clone() })
    }

    fn violation(&self, location: Location) -> Violation {
        let name = self.at.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        let subject = if name.is_empty() { "the body".to_owned() } else { format!("`{name}`") };
        Violation {
            at: self.at.clone(),
            location,
            rule: "type",
            message: format!("{subject} is not text: {}", self.what),
            limit: None,
            found: None,
            certainty: Certainty::Stated,
            rule_span: None,
        }
    }
}

/// The verdict on a value with places that cannot be text: nothing else is said of these.
#[must_use]
pub fn with_not_text(mut verdict: Verdict, location: Location, places: &[InvalidText]) -> Verdict {
    if places.is_empty() {
        return verdict;
    }
    for found in [&mut verdict.violations, &mut verdict.warnings] {
        found.retain(|it| it.location != location || places.iter().all(|place| place.at != it.at));
    }
    verdict.violations.splice(0..0, places.iter().map(|it| it.violation(location)));
    verdict
}

/// The places below a key.
pub(super) fn below(places: &[InvalidText], name: &str) -> Vec<InvalidText> {
    places.iter().filter_map(|it| it.below(name)).collect()
}

/// The text with these instead of lone halves of pairs, and of bytes that are no UTF-8; `None`: there are none.
fn repaired(bytes: &[u8], [half, byte]: [&str; 2]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut changed = false;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(byte);
            changed = true;
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    // A backslash stands in texts alone, or it is no JSON.
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let taken =
            match (utf16_unit(escape), escape.get(5..).and_then(|it| it.strip_prefix('\\')).and_then(utf16_unit)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 11,
                (Some(0xd800..=0xdfff), _) => {
                    out.push_str(half);
                    changed = true;
                    rest = escape.get(5..)?;
                    continue;
                }
                (Some(_), _) => 5,
                (None, _) => escape.chars().next().map_or(0, char::len_utf8),
            };
        out.push('\\');
        out.push_str(escape.get(..taken)?);
        rest = escape.get(taken..)?;
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// The unit of UTF-16 of an escape, without its backslash.
fn utf16_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    let is_hex = digits.bytes().all(|it| it.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

fn find_invalid_texts(value: &Value, marked: &Value, at: &mut String, out: &mut Vec<InvalidText>) {
    if out.len() >= MOST_PLACES {
        return;
    }
    let length = at.len();
    match (value, marked) {
        (Value::String(value), Value::String(marked)) => out.extend(invalid_text_in(value, marked, at)),
        (Value::Array(values), Value::Array(marked)) => {
            for (nth, (value, marked)) in values.iter().zip(marked).enumerate() {
                push_segment(at, &nth.to_string());
                find_invalid_texts(value, marked, at, out);
                at.truncate(length);
            }
        }
        (Value::Object(values), Value::Object(marked)) => {
            for ((name, value), (marked_name, marked)) in values.iter().zip(marked) {
                out.extend(invalid_text_in(name, marked_name, at));
                push_segment(at, name);
                find_invalid_texts(value, marked, at, out);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

fn invalid_text_in(value: &str, marked: &str, at: &str) -> Option<InvalidText> {
    let (_, mark) = value.chars().zip(marked.chars()).find(|(a, b)| a != b)?;
    Some(InvalidText { at: at.to_owned(), what: if mark == '1' { HALF } else { BYTES } })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], value: Value, places: &[(&str, &'static str)]) {
        let given = read_json(bytes).unwrap_or_else(|error| panic!("{}: {error}", bytes.escape_ascii()));
        let places: Vec<_> = places.iter().map(|&(at, what)| InvalidText { at: at.to_owned(), what }).collect();
        assert_eq!(given, SentJson { value, not_text: places }, "{}", bytes.escape_ascii());
    }

    #[test]
    fn what_is_text_is_as_it_was() {
        check(br#"{"a":"\ud83d\ude00\\ud83d\\\\ud83d\u0000"}"#, json!({"a": "😀\\ud83d\\\\ud83d\u{0}"}), &[]);
        check(b"\xef\xbb\xbf[1]", json!([1]), &[]);
    }

    #[test]
    fn places_that_are_no_text_are_known() {
        check(br#""\ud83d""#, json!("\u{fffd}"), &[("", HALF)]);
        check(br#"{"a":["x","\\\ude00\ud83d\ude00"]}"#, json!({"a": ["x", "\\\u{fffd}😀"]}), &[("/a/1", HALF)]);
        check(b"{\"a/b\":{\"c\":\"\xff\"}}", json!({"a/b": {"c": "\u{fffd}"}}), &[("/a~1b/c", BYTES)]);
        check(b"{\"a\":{\"\xe4\xbd\":1}}", json!({"a": {"\u{fffd}": 1}}), &[("/a", BYTES)]);
        check(
            b"[\"\\ud83d\xff\",\"\\uDE00\",\"\xff\\ud83d\",\"\xef\xbf\xbd1\"]",
            json!(["\u{fffd}\u{fffd}", "\u{fffd}", "\u{fffd}\u{fffd}", "\u{fffd}1"]),
            &[("/0", HALF), ("/1", HALF), ("/2", BYTES)],
        );
        // Two names that cannot be told apart any more.
        check(br#"{"\ud83d":1,"\ude00":2}"#, json!({"\u{fffd}": 2}), &[("", HALF)]);
        let many = format!("[{}]", ["\"\\ud83d\""; 500].join(","));
        assert_eq!(read_json(many.as_bytes()).map(|it| it.not_text.len()), Ok(MOST_PLACES));
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for text in [
            "",
            "nope",
            "\"\\ud83d",
            "\"\\ud83d\\",
            "\"\\ud83",
            "[\"\\ud83d\",]",
            "\\ud83d",
            "\"\\ud83d\n\"",
            "\"\\ud83é\"",
        ] {
            assert!(read_json(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read_json(b"\xff\xfe{\0}\0").is_err_and(|it| it.contains("UTF-16")));
        assert!(read_json(&[b"\"\\ud83d\"".as_slice(), &[b'['; 100_000]].concat()).is_err());
        assert!(read_json(&[b'['; 100_000]).is_err_and(|it| it.contains("recursion")));
    }
}
