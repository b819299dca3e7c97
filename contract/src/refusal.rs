//! The error response of an API: its own error body, based on its document.

use std::borrow::Cow;

use http::HeaderName;
use serde_json::{Map, Value, json};
use specwright_codegen::interpret::{Verdict, Violation};
use specwright_codegen::model::{Api, FailureCondition};
use specwright_codegen::validate::{push_object, verdict_text};

use crate::answers::{Failure, error_body};
use crate::log::Refused;
use crate::outcome::Outcome;

/// Header with the violations as JSON.
const VIOLATIONS: HeaderName = HeaderName::from_static("x-specwright-violations");
/// Header with the server's own explanation of an error.
const WHY: HeaderName = HeaderName::from_static("x-specwright-refused");
/// The length of a header that clients accept, in bytes.
const MOST_HEADER: usize = 4096;
/// The length of the server's own explanation, in characters.
const MOST_WHY: usize = 500;

/// A refusal, before it is written in the API's form.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) why: Refused,
    /// Our message. If `documented` is set, the API's own message is used.
    pub(crate) message: String,
    /// Whether the document's message for the status is better than ours.
    pub(crate) documented: bool,
    pub(crate) verdict: Verdict,
    /// A header that says what would be accepted: `Allow`, or `WWW-Authenticate`.
    pub(crate) header: Option<Box<(HeaderName, String)>>,
    /// What makes an answer of success an error; left out, what the API says of all operations.
    pub(crate) when: Option<Box<FailureCondition>>,
    /// Whether part of the request was not read.
    pub(crate) close: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, why: Refused, message: impl Into<String>) -> Self {
        let (message, verdict) = (message.into(), Verdict::default());
        Self { status, why, message, documented: false, verdict, header: None, when: None, close: false }
    }

    pub(crate) fn documented(mut self) -> Self {
        self.documented = true;
        self
    }

    pub(crate) fn close(mut self) -> Self {
        self.close = true;
        self
    }

    /// The refusal of an invalid request.
    pub(crate) fn of_verdict(status: u16, verdict: Verdict) -> Self {
        let first = verdict.violations.first().map_or("", |it| it.message.as_str());
        let message = match verdict.violations.len() + verdict.omitted_violations {
            0 | 1 => capitalised(first),
            more => format!("{} ({} more)", capitalised(first), more - 1),
        };
        Self { verdict, ..Self::new(status, Refused::Invalid, message) }
    }

    /// The response in the API's form, or in our form without an API.
    pub(crate) fn outcome(&self, api: Option<&Api>) -> Outcome {
        let body = match api {
            Some(api) => self.body(api),
            None => json!({ "error": self.message }),
        };
        let mut text = Vec::with_capacity(512);
        // A value is always valid JSON, and writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut text, &body);
        if let (Value::Object(fields), false) = (&body, self.verdict.is_valid()) {
            // Behind the fields of the API, before the brace that ends them.
            text.pop();
            text.extend_from_slice(if fields.is_empty() { b"\"x_specwright\":" } else { b",\"x_specwright\":" });
            text.extend_from_slice(verdict_text(&self.verdict).as_bytes());
            text.push(b'}');
        }
        let mut outcome = Outcome::json_text(self.status, text.into()).header(WHY, &ascii(&self.message));
        if !self.verdict.is_valid() {
            let Verdict { violations, omitted_violations, .. } = &self.verdict;
            outcome = outcome.header(VIOLATIONS, &violations_header(violations, *omitted_violations));
        }
        if let Some((name, value)) = self.header.as_deref() {
            outcome = outcome.header(name.clone(), value);
        }
        outcome.manner.close = self.close;
        outcome
    }

    fn body(&self, api: &Api) -> Value {
        let Self { status, message, documented, .. } = self;
        let details = self.verdict.violations.first().map(|first| {
            let parameter = first.at.split('/').nth(1).unwrap_or_default();
            let fields = [("parameter", parameter), ("rule", first.rule), ("at", first.at.as_str())];
            fields.into_iter().map(|(name, it)| (name.to_owned(), Value::from(it))).collect::<Map<_, _>>()
        });
        let details = details.as_ref();
        let failure =
            Failure { status: *status, message, code: None, details, documented: *documented, when: None, ty: None };
        let condition = self.when.as_deref().or(api.errors.when.as_ref());
        match (condition, *status) {
            (Some(condition), 200..300) => {
                let kind = self.why.kind();
                let code = api.errors.codes.iter().find(|it| it.kind.is_some() && it.kind == kind);
                error_body(api, Failure { code: code.map(|it| &*it.value), when: Some(condition), ..failure })
            }
            _ => error_body(api, failure),
        }
    }
}

/// The warnings of a valid request.
pub(crate) fn warnings_header(verdict: &Verdict) -> (HeaderName, String) {
    let text = violations_header(&verdict.warnings, verdict.omitted_warnings);
    (HeaderName::from_static("x-specwright-warnings"), text)
}

/// As many violations as fit, as a JSON list of ASCII text. `{"more": n}` counts the others, including those that were
/// omitted earlier.
fn violations_header(all: &[Violation], omitted: usize) -> String {
    let mut written = String::with_capacity(512);
    written.push('[');
    let mut count = 0;
    for it in all {
        let end = written.len();
        if count > 0 {
            written.push(',');
        }
        push_object(&mut written, [("at", &*it.at), ("rule", it.rule), ("message", &it.message)]);
        if !is_plain(&written[end..]) {
            let text = escaped_json(&written[end..]);
            written.replace_range(end.., &text);
        }
        if written.len() + 32 > MOST_HEADER {
            written.truncate(end);
            break;
        }
        count += 1;
    }
    let more = all.len() - count + omitted;
    if more > 0 {
        written.push_str(&format!("{}{{\"more\":{more}}}", if count > 0 { "," } else { "" }));
    }
    written.push(']');
    written
}

/// Found out without a branch for each byte.
fn is_plain(text: &str) -> bool {
    !text.bytes().fold(false, |any, it| any | (it >= 0x7f))
}

/// JSON in which all but ASCII is escaped.
fn escaped_json(json: &str) -> String {
    let mut text = String::new();
    for character in json.chars() {
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

fn ascii(text: &str) -> Cow<'_, str> {
    let is_fine = |it: char| it.is_ascii_graphic() || it == ' ';
    if text.len() <= MOST_WHY && text.chars().all(is_fine) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(MOST_WHY).map(|it| if is_fine(it) { it } else { '?' }).collect())
}

fn capitalised(sentence: &str) -> String {
    let mut rest = sentence.chars();
    let mut text = String::with_capacity(sentence.len() + 16);
    text.extend(rest.next().into_iter().flat_map(char::to_uppercase));
    text.push_str(rest.as_str());
    text
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
    fn headers_contain_ascii_json_of_bounded_size() {
        let text = violations_header(&[violation("größer 🎬")], 0);
        assert!(text.is_ascii());
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read[0]["message"], "größer 🎬");
        let many = vec![violation(&"é".repeat(100)); 500];
        for omitted in [0, 8_000_000] {
            let text = violations_header(&many, omitted);
            assert!(text.len() <= MOST_HEADER);
            let read: Value = serde_json::from_str(&text).unwrap();
            let told = read.as_array().unwrap().len() - 1;
            assert_eq!(read[told]["more"], 500 - told + omitted);
        }
        let few: Value = serde_json::from_str(&violations_header(&many[..1], 7)).unwrap();
        assert_eq!((few.as_array().unwrap().len(), &few[1]["more"]), (2, &json!(7)));
    }
}
