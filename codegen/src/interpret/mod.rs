//! The independent reading of the rules: a model and a JSON value in, violations out.
//!
//! Used by [`crate::validate`], by the check of examples, by the contract server and by differential tests against
//! the emitted validators. It follows the model alone: nothing here knows YAML, Rust types or the emitters. Sentences
//! come from [`crate::words`].
//!
//! No input makes it panic or recurse deeper than the input itself; the time is linear in the input (sorting aside).
//! Violations come in a fixed order: the fields of a record in the order of the spec, with what is inside them, then
//! unknown fields in the order sent, then the record's rules.
//!
//! How the gaps are read:
//!
//! - An absent field counts as the default of a case whose condition holds, else as its own, when a condition compares
//!   it with values. Sent null is not absent there.
//! - Null on a field that is nullable satisfies every constraint on its value; it is "there" for `required`,
//!   `forbidden` and `ignored`.
//! - A value of a wrong type gets one `type` violation, and nothing else is said of that field.
//! - A missing or forbidden field is reported once, by the strongest clause that holds.
//! - Certainty `inferred` and `ignored` make warnings.

mod answer;
mod condition;
mod constraint;
pub mod examples;
pub mod fold;
mod format;
mod number;
pub mod pattern;
mod record;
mod request;
mod rules;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod ty;
mod wire;

pub use answer::{fits_field, validate_answer, validate_state};
pub(crate) use constraint::satisfies;
pub use request::{Request, validate};
pub use text::is_han;
pub use wire::read as read_by_type;

use serde_json::Value;

use crate::model::{Api, Certainty, Location, Type};
use crate::source::Span;
use crate::words::Subject;

#[cfg(test)]
pub(crate) use tests::fixture;
pub(crate) use text::push_segment;

/// What is to be said of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What is broken. Empty: the request is legal.
    pub violations: Vec<Violation>,
    /// Broken inferred rules, and parameters without effect.
    pub warnings: Vec<Violation>,
}

impl Verdict {
    /// Whether the request is legal.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer (RFC 6901); of a missing field where it would be. A parameter outside of the body: `/name`.
    pub at: String,
    /// Where the parameter goes.
    pub location: Location,
    /// The keyword of the spec language.
    pub rule: &'static str,
    /// The sentence of the docs.
    pub message: String,
    /// The limit as text, if the rule has one.
    pub limit: Option<String>,
    /// What was found instead, shortened. Never of a secret.
    pub found: Option<String>,
    /// Whether the document says so.
    pub certainty: Certainty,
    /// Where the rule is written; types and unknown parameters have no rule of their own.
    pub rule_span: Option<Span>,
}

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the API: closed where the spec is.
    Request,
    /// From the API: unknown fields, enum values and tags pass, limits are the API's own matter.
    Response,
}

/// Checks an answer of the API against its type.
///
/// Answers are open: what is missing or of a wrong type is a violation, what is unknown is not.
#[must_use]
pub fn validate_value(api: &Api, ty: &Type, value: &Value) -> Vec<Violation> {
    let mut checker = Checker::new(api, Direction::Response);
    checker.value(ty, value, Subject::Body);
    checker.verdict.violations
}

/// Checks a value of a request against its type, without the operation around it.
#[must_use]
pub(crate) fn validate_request_value(api: &Api, ty: &Type, value: &Value) -> Vec<Violation> {
    let mut checker = Checker::new(api, Direction::Request);
    checker.value(ty, value, Subject::Body);
    checker.verdict.violations
}

/// Levels of a value that are looked at; no JSON text that was parsed is deeper.
const DEEPEST: usize = 200;

/// Walks a value along its type and collects what is broken.
pub(crate) struct Checker<'a> {
    api: &'a Api,
    direction: Direction,
    verdict: Verdict,
    /// Where the walk is.
    pointer: String,
    location: Location,
    /// Inside a secret nothing that was found is shown.
    secret: bool,
    depth: usize,
}

/// Everything of a violation but its place.
struct Finding<'f> {
    rule: &'static str,
    message: String,
    limit: Option<String>,
    found: Option<String>,
    certainty: Certainty,
    rule_span: Option<Span>,
    /// Steps from the place of the walk.
    below: &'f [&'f str],
}

impl<'f> Finding<'f> {
    fn new(rule: &'static str, message: String) -> Self {
        let certainty = Certainty::Stated;
        Self { rule, message, limit: None, found: None, certainty, rule_span: None, below: &[] }
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn new(api: &'a Api, direction: Direction) -> Self {
        Self {
            api,
            direction,
            verdict: Verdict::default(),
            pointer: String::new(),
            location: Location::Body,
            secret: false,
            depth: 0,
        }
    }

    /// Does `work` one step further down.
    fn inside(&mut self, segment: &str, work: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_segment(&mut self.pointer, segment);
        work(self);
        self.pointer.truncate(length);
    }

    fn report(&mut self, finding: Finding<'_>) {
        let Finding { rule, message, limit, found, certainty, rule_span, below } = finding;
        let mut at = self.pointer.clone();
        for segment in below {
            push_segment(&mut at, segment);
        }
        let found = found.filter(|_| !self.secret);
        let location = self.location;
        let violation = Violation { at, location, rule, message, limit, found, certainty, rule_span };
        if certainty == Certainty::Inferred || rule == "ignored" {
            self.verdict.warnings.push(violation);
        } else {
            self.verdict.violations.push(violation);
        }
    }
}
