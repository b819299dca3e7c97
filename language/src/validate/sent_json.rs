//! JSON that a caller sends: read strictly, but a place that cannot be text is a violation there and not the end.
//!
//! The command line, JSON Lines and the contract server read bodies here, so that all of them give one verdict.

use serde_json::Value;

use crate::interpret::{MOST_FINDINGS, Verdict, Violation, place};
use crate::model::{Certainty, Location};

/// JSON as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SentJson {
    /// With `U+FFFD` for what cannot be text.
    pub value: Value,
    /// Where that is, in the order of the text: the first [`MOST_FINDINGS`].
    pub not_text: Vec<InvalidText>,
    /// How many such places there are beyond those in `not_text`.
    pub omitted: usize,
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
        Ok(value) => return Ok(SentJson { value, not_text: Vec::new(), omitted: 0 }),
        Err(error) => error.to_string(),
    };
    // Read again with characters in their place that are nowhere else. A second value to compare with would be as large
    // as the first.
    let Some([half, byte]) = unused(bytes) else { return Err(error) };
    let Some(text) = repaired(bytes, [half, byte]) else { return Err(error) };
    let mut value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    drop(text);
    let mut found = Places { marks: [half, byte], kept: Vec::new(), omitted: 0 };
    found.visit(&value, &mut Vec::new());
    replace(&mut value, found.marks);
    Ok(SentJson { value, not_text: found.kept, omitted: found.omitted })
}

/// Reads lines of JSON, as a list of what they are. Lines without anything in them do not count.
///
/// # Errors
/// A line is no JSON: which one, and why.
pub fn read_json_lines(bytes: &[u8]) -> Result<SentJson, String> {
    let mut all = SentJson { value: Value::Null, not_text: Vec::new(), omitted: 0 };
    let mut items = Vec::new();
    for (index, line) in bytes.split(|it| *it == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read = read_json(line).map_err(|error| format!("line {}: {error}", index + 1))?;
        for it in read.not_text {
            if all.not_text.len() < MOST_FINDINGS {
                all.not_text.push(InvalidText { at: format!("/{}{}", items.len(), it.at), ..it });
            } else {
                all.omitted += 1;
            }
        }
        all.omitted += read.omitted;
        items.push(read.value);
    }
    all.value = Value::Array(items);
    Ok(all)
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

/// The verdict on a value with places that cannot be text, and so many more: nothing else is said of these.
#[must_use]
pub fn with_not_text(mut verdict: Verdict, location: Location, places: &[InvalidText], omitted: usize) -> Verdict {
    if places.is_empty() && omitted == 0 {
        return verdict;
    }
    // A body that is one value has the name `body`.
    let prefix = if location == Location::WholeBody { "/body" } else { "" };
    let places: Vec<_> =
        places.iter().map(|it| InvalidText { at: format!("{prefix}{}", it.at), ..it.clone() }).collect();
    for found in [&mut verdict.violations, &mut verdict.warnings] {
        found.retain(|it| it.location != location || places.iter().all(|place| place.at != it.at));
    }
    verdict.violations.splice(0..0, places.iter().map(|it| it.violation(location)));
    let more = verdict.violations.len().saturating_sub(MOST_FINDINGS);
    verdict.violations.truncate(MOST_FINDINGS);
    verdict.omitted_violations += more + omitted;
    verdict
}

/// The places below a key.
pub(super) fn below(places: &[InvalidText], name: &str) -> Vec<InvalidText> {
    places.iter().filter_map(|it| it.below(name)).collect()
}

/// The text with these instead of lone halves of pairs, and of bytes that are no UTF-8; `None`: there are none.
fn repaired(bytes: &[u8], [half, byte]: [char; 2]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut changed = false;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(byte);
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
                    out.push(half);
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

/// Two characters for private use that are not in the text, nor escaped in it.
fn unused(bytes: &[u8]) -> Option<[char; 2]> {
    const FIRST: u32 = 0xe000;
    const COUNT: usize = 6400;
    let mut used = [false; COUNT];
    let mut mark = |code: u32| {
        let index = code.checked_sub(FIRST).and_then(|it| used.get_mut(it as usize));
        index.into_iter().for_each(|it| *it = true);
    };
    for chunk in bytes.utf8_chunks() {
        let text = chunk.valid();
        text.chars().for_each(|it| mark(u32::from(it)));
        for (at, _) in text.match_indices('\\') {
            utf16_unit(&text[at + 1..]).into_iter().for_each(|it| mark(u32::from(it)));
        }
    }
    let mut free = (FIRST..).zip(used).filter(|it| !it.1).filter_map(|it| char::from_u32(it.0));
    Some([free.next()?, free.next()?])
}

/// The places of the characters that stand for what cannot be text.
struct Places {
    marks: [char; 2],
    kept: Vec<InvalidText>,
    omitted: usize,
}

/// A step on the way to a place.
#[derive(Clone, Copy)]
enum PathStep<'v> {
    Item(usize),
    Field(&'v str),
}

impl Places {
    fn visit<'v>(&mut self, value: &'v Value, way: &mut Vec<PathStep<'v>>) {
        match value {
            Value::String(text) => self.check_text(text, way),
            Value::Array(items) => {
                for (nth, item) in items.iter().enumerate() {
                    way.push(PathStep::Item(nth));
                    self.visit(item, way);
                    way.pop();
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.check_text(name, way);
                    way.push(PathStep::Field(name));
                    self.visit(field, way);
                    way.pop();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Keeps the place of a text that is none.
    fn check_text(&mut self, text: &str, way: &[PathStep<'_>]) {
        let Some(mark) = text.chars().find(|it| self.marks.contains(it)) else { return };
        if self.kept.len() >= MOST_FINDINGS {
            self.omitted += 1;
            return;
        }
        let steps = way.iter().map(|it| match it {
            PathStep::Item(nth) => nth.to_string(),
            // The pointer is cut far earlier.
            PathStep::Field(name) => name.chars().take(MOST_NAME).map(|it| self.shown(it)).collect(),
        });
        let steps: Vec<String> = steps.collect();
        let at = place("", &steps.iter().map(String::as_str).collect::<Vec<_>>());
        self.kept.push(InvalidText { at, what: if mark == self.marks[0] { HALF } else { BYTES } });
    }

    fn shown(&self, character: char) -> char {
        if self.marks.contains(&character) { char::REPLACEMENT_CHARACTER } else { character }
    }
}

/// Characters of a name that are looked at for a pointer, which has room for fewer.
const MOST_NAME: usize = 2000;

/// Puts `U+FFFD` in place of all marks.
fn replace(value: &mut Value, marks: [char; 2]) {
    match value {
        Value::String(text) if text.contains(marks) => {
            *text = text.replace(marks, "\u{fffd}");
        }
        Value::Array(items) => items.iter_mut().for_each(|it| replace(it, marks)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|it| replace(it, marks));
            if fields.keys().any(|it| it.contains(marks)) {
                let all = std::mem::take(fields);
                fields.extend(all.into_iter().map(|(name, field)| (name.replace(marks, "\u{fffd}"), field)));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], value: Value, places: &[(&str, &'static str)]) {
        let given = read_json(bytes).unwrap_or_else(|error| panic!("{}: {error}", bytes.escape_ascii()));
        let places: Vec<_> = places.iter().map(|&(at, what)| InvalidText { at: at.to_owned(), what }).collect();
        assert_eq!(given, SentJson { value, not_text: places, omitted: 0 }, "{}", bytes.escape_ascii());
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
        assert_eq!(read_json(many.as_bytes()).map(|it| (it.not_text.len(), it.omitted)), Ok((MOST_FINDINGS, 400)));
    }

    #[test]
    fn places_are_short_and_counted_whatever_is_sent() {
        let text = format!("{{\"{}\":[{}]}}", "k".repeat(1 << 20), ["\"\\ud83d\""; 300].join(","));
        let given = read_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        assert!(given.not_text.iter().all(|it| it.at.len() < 1100 && it.at.ends_with('…')));
        let broken = Verdict { violations: vec![given.not_text[0].violation(Location::Body); 7], ..Verdict::default() };
        let broken = broken.violations.iter().map(|it| Violation { at: "/other".to_owned(), ..it.clone() });
        let verdict = Verdict { violations: broken.collect(), omitted_violations: 5, ..Verdict::default() };
        let verdict = with_not_text(verdict, Location::Body, &given.not_text, given.omitted);
        assert_eq!((verdict.violations.len(), verdict.omitted_violations), (MOST_FINDINGS, 200 + 7 + 5));
    }

    #[test]
    fn characters_for_private_use_are_text() {
        check("[\"\u{e000}\",\"\\ue001\",\"\\\\ue002\"]".as_bytes(), json!(["\u{e000}", "\u{e001}", "\\ue002"]), &[]);
        let text = "[\"\u{e000}\\ud83d\",\"\\ue001\",\"\\\\ue002\\uE003\"]";
        let value = json!(["\u{e000}\u{fffd}", "\u{e001}", "\\ue002\u{e003}"]);
        check(text.as_bytes(), value, &[("/0", HALF)]);
        // Whoever uses all of them must write no halves.
        let all: String = ('\u{e000}'..='\u{f8ff}').collect();
        assert!(read_json(format!("\"{all}\"").as_bytes()).is_ok());
        assert!(read_json(format!("\"{all}\\ud83d\"").as_bytes()).is_err());
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
