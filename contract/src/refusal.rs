//! What an API says when it refuses: its own error body, made of what its document shows.

use http::HeaderName;
use serde_json::{Map, Value, json};
use specwright_codegen::interpret::{Verdict, Violation};
use specwright_codegen::model::{Api, ErrorExample};
use specwright_codegen::validate::verdict_json;

use crate::log::Refused;
use crate::outcome::Outcome;

/// Header with the violations as JSON.
const VIOLATIONS: HeaderName = HeaderName::from_static("x-specwright-violations");
/// Header with what the server has to say of a refusal.
const WHY: HeaderName = HeaderName::from_static("x-specwright-refused");
/// Bytes of a header that clients take.
const MOST_HEADER: usize = 4096;
/// Violations that are told in the body.
const MOST_TOLD: usize = 100;

/// A refusal, not yet in the API's words.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) why: Refused,
    /// Our words; the API's own are taken where `documented` says so.
    pub(crate) message: String,
    /// The document's sentence for the status is better than ours.
    pub(crate) documented: bool,
    pub(crate) verdict: Verdict,
    pub(crate) allow: Option<String>,
    /// There is more of the request than was read.
    pub(crate) close: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, why: Refused, message: impl Into<String>) -> Self {
        let (message, verdict) = (message.into(), Verdict::default());
        Self { status, why, message, documented: false, verdict, allow: None, close: false }
    }

    pub(crate) fn documented(mut self) -> Self {
        self.documented = true;
        self
    }

    pub(crate) fn close(mut self) -> Self {
        self.close = true;
        self
    }

    /// Of a request that breaks rules.
    pub(crate) fn of_verdict(status: u16, verdict: Verdict) -> Self {
        let first = verdict.violations.first().map_or("", |it| it.message.as_str());
        let message = match verdict.violations.len() {
            0 | 1 => capitalised(first),
            more => format!("{} ({} more)", capitalised(first), more - 1),
        };
        Self { verdict, ..Self::new(status, Refused::Invalid, message) }
    }

    /// In the words of the API; without one, in ours.
    pub(crate) fn outcome(&self, api: Option<&Api>) -> Outcome {
        let mut body = match api {
            Some(api) => error_body(api, self),
            None => json!({ "error": self.message }),
        };
        if let (Value::Object(fields), false) = (&mut body, self.verdict.is_valid()) {
            let mut told = self.verdict.clone();
            told.violations.truncate(MOST_TOLD);
            told.warnings.truncate(MOST_TOLD);
            fields.insert("x_specwright".to_owned(), verdict_json(&told));
        }
        let mut outcome = Outcome::json(self.status, &body).header(WHY, &ascii(&self.message));
        if !self.verdict.is_valid() {
            outcome = outcome.header(VIOLATIONS, &violations_header(&self.verdict.violations));
        }
        if let Some(allow) = &self.allow {
            outcome = outcome.allow(allow);
        }
        outcome.manner.close = self.close;
        outcome
    }
}

/// The warnings of a request that passed.
pub(crate) fn warnings_header(warnings: &[Violation]) -> (HeaderName, String) {
    (HeaderName::from_static("x-specwright-warnings"), violations_header(warnings))
}

fn error_body(api: &Api, refusal: &Refusal) -> Value {
    let errors = &api.errors;
    let same = |it: &&ErrorExample| it.status == refusal.status;
    let known_code = |it: &&ErrorExample| {
        let code = errors.code.iter().find_map(|pointer| it.body.pointer(pointer)?.as_str());
        code.is_none_or(|code| errors.codes.iter().any(|it| it.value == code))
    };
    let best = errors.examples.iter().find(|it| same(it) && known_code(it)).or(errors.examples.iter().find(same));
    let mut body = match best {
        Some(example) => example.body.clone(),
        // The shape of another status, without what is particular to that.
        None => {
            let mut body = errors.examples.first().map_or_else(|| Value::Object(Map::new()), |it| it.body.clone());
            for pointer in errors.code.iter().chain(&errors.details) {
                remove(&mut body, pointer);
            }
            body
        }
    };
    if best.is_none() || !refusal.documented {
        let found = errors.message.iter().find(|it| body.pointer(it).is_some_and(Value::is_string));
        let pointer = found.or(errors.message.first()).map_or("/error", String::as_str);
        put(&mut body, pointer, Value::String(refusal.message.clone()));
    }
    for pointer in errors.details.iter().filter(|_| !refusal.documented) {
        remove(&mut body, pointer);
        if let Some(first) = refusal.verdict.violations.first() {
            let details = json!({ "parameter": parameter(first), "rule": first.rule, "at": first.at });
            put(&mut body, pointer, details);
            break;
        }
    }
    body
}

/// Name of the parameter at the top of a pointer.
fn parameter(violation: &Violation) -> &str {
    violation.at.split('/').nth(1).unwrap_or_default()
}

/// Puts a value at a pointer; objects on the way are made. Something else in the way is replaced.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut at = body;
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        let index: Option<usize> = at.as_array().and_then(|items| segment.parse().ok().filter(|it| *it < items.len()));
        at = match index {
            Some(index) => &mut at[index],
            None => {
                if !at.is_object() {
                    *at = Value::Object(Map::new());
                }
                &mut at[segment]
            }
        };
    }
    *at = value;
}

fn remove(body: &mut Value, pointer: &str) {
    if let Some((parent, last)) = pointer.rsplit_once('/')
        && let Some(Value::Object(fields)) = body.pointer_mut(parent)
    {
        fields.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
    }
}

/// As many violations as fit, as a JSON list of ASCII text; `{"more": n}` counts the others.
fn violations_header(all: &[Violation]) -> String {
    let mut text = String::from("[");
    for (index, it) in all.iter().enumerate() {
        let one = ascii_json(&json!({ "at": it.at, "rule": it.rule, "message": it.message }));
        if text.len() + one.len() + 32 > MOST_HEADER {
            text.push_str(&format!("{}{{\"more\":{}}}", if index > 0 { "," } else { "" }, all.len() - index));
            break;
        }
        if index > 0 {
            text.push(',');
        }
        text.push_str(&one);
    }
    text.push(']');
    text
}

/// JSON whose other characters are escaped.
fn ascii_json(value: &Value) -> String {
    let mut text = String::new();
    for character in value.to_string().chars() {
        if character.is_ascii() && character != '\x7f' {
            text.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

fn ascii(text: &str) -> String {
    text.chars().take(500).map(|it| if it.is_ascii_graphic() || it == ' ' { it } else { '?' }).collect()
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use specwright_codegen::model::{Certainty, Location};

    use super::*;

    fn violation(message: &str) -> Violation {
        Violation {
            at: "/prompt".to_owned(),
            location: Location::Body,
            rule: "max_length",
            message: message.to_owned(),
            limit: None,
            found: None,
            certainty: Certainty::Stated,
            rule_span: None,
        }
    }

    #[test]
    fn headers_hold_ascii_json_of_bounded_size() {
        let text = violations_header(&[violation("größer 🎬")]);
        assert!(text.is_ascii());
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read[0]["message"], "größer 🎬");
        let many = vec![violation(&"é".repeat(100)); 500];
        let text = violations_header(&many);
        assert!(text.len() <= MOST_HEADER);
        let read: Value = serde_json::from_str(&text).unwrap();
        let told = read.as_array().unwrap().len() - 1;
        assert_eq!(read[told]["more"], 500 - told);
    }

    #[test]
    fn values_are_put_where_pointers_say() {
        let mut body = json!({"error": "text", "list": [1]});
        put(&mut body, "/error/message", "m".into());
        put(&mut body, "/list/0", 2.into());
        put(&mut body, "/a~1b", 3.into());
        assert_eq!(body, json!({"error": {"message": "m"}, "list": [2], "a/b": 3}));
        remove(&mut body, "/error/message");
        assert_eq!(body["error"], json!({}));
    }
}
