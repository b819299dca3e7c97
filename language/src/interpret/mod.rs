//! The independent reading of the rules: a model and a JSON value in, violations out.
//!
//! Used by [`crate::validate`], by the check of examples, by the contract server and by differential tests against
//! the emitted validators. It follows the model alone: nothing here knows YAML, Rust types or the emitters. Sentences
//! come from [`crate::prose`].
//!
//! No input makes it panic or recurse deeper than the input itself; the time is linear in the input (sorting aside).
//! A verdict keeps the first [`MOST_FINDINGS`] violations and as many warnings. The rest are counted, and no words are
//! made for them, so a large request full of faults costs no more memory than the request itself.
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

pub mod accumulate;
mod answer;
mod condition;
mod constraint;
pub mod examples;
mod failure;
mod format;
mod gather;
mod number;
mod record;
mod request;
mod rules;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod text_format;
mod ty;
mod wire;

pub use answer::{fits_field, validate_answer, validate_state};
pub use failure::{is_failure, meets};
pub use gather::gather;
pub(crate) use request::validate_whole;
pub use request::{Request, validate};
pub use text::is_han;
pub use wire::{put_cookie, read as read_by_type};

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::model::{Api, Certainty, Constraint, Location, Type};
use crate::prose::Subject;
use crate::source::Span;

#[cfg(test)]
pub(crate) use tests::fixture;
pub(crate) use text::push_segment;
pub(crate) use ty::has_format;

/// Violations that a verdict holds at most, and warnings likewise.
pub const MOST_FINDINGS: usize = 100;

/// Bytes of a pointer in a violation; a longer one is cut, and ends with `…`.
const MOST_POINTER: usize = 1000;

/// What is to be said of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What is broken, the first [`MOST_FINDINGS`]. Empty: the request is legal.
    pub violations: Vec<Violation>,
    /// Broken inferred rules, and parameters without effect; the first [`MOST_FINDINGS`].
    pub warnings: Vec<Violation>,
    /// How many violations there are beyond those in `violations`.
    pub omitted_violations: usize,
    /// How many warnings there are beyond those in `warnings`.
    pub omitted_warnings: usize,
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
pub fn validate_request_value(api: &Api, ty: &Type, value: &Value) -> Vec<Violation> {
    let mut checker = Checker::new(api, Direction::Request);
    checker.value(ty, value, Subject::Body);
    checker.verdict.violations
}

/// Whether a value of a type satisfies a constraint.
#[must_use]
pub fn holds(constraint: &Constraint, value: &Value, ty: &Type) -> bool {
    constraint::find_violation(constraint, value, ty).is_none()
}

/// Levels of a value that are looked at; no JSON text that was parsed is deeper.
const DEEPEST: usize = 200;

/// Walks a value along its type and collects what is broken.
pub(crate) struct Checker<'a> {
    api: &'a Api,
    direction: Direction,
    /// Unknown fields pass, though all else is checked as in a request.
    open: bool,
    /// Violations and warnings that are kept, each; the rest are counted.
    most: usize,
    verdict: Verdict,
    /// Where the walk is.
    pointer: String,
    location: Location,
    /// Inside a secret nothing that was found is shown.
    secret: bool,
    depth: usize,
    /// Whether values are of types, by their places in memory; `None` where nothing is tried.
    trials: Option<BTreeMap<(usize, usize), bool>>,
}

/// What a finding is, which decides with which others it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FindingKind {
    Violation,
    Warning,
}

impl FindingKind {
    /// Of a broken rule: inferred rules only warn.
    fn of(certainty: Certainty) -> Self {
        match certainty {
            Certainty::Inferred => Self::Warning,
            Certainty::Stated => Self::Violation,
        }
    }
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
            open: false,
            most: usize::MAX,
            verdict: Verdict::default(),
            // As long as most become, so that it grows once.
            pointer: String::with_capacity(64),
            location: Location::Body,
            secret: false,
            depth: 0,
            trials: None,
        }
    }

    /// Does `work` one step further down.
    fn with_segment(&mut self, segment: &str, work: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_segment(&mut self.pointer, segment);
        work(self);
        self.pointer.truncate(length);
    }

    /// As [`with_segment`](Self::inside), for an item of a list.
    fn inside_item(&mut self, index: usize, work: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        // Writing to a string does not fail.
        let _ = write!(self.pointer, "/{index}");
        work(self);
        self.pointer.truncate(length);
    }

    /// Reports a violation.
    fn report<'f>(&mut self, make: impl FnOnce() -> Finding<'f>) {
        self.report_as(FindingKind::Violation, make);
    }

    /// Keeps a finding, or counts it when there are enough of its kind: its words are made only if it is kept.
    fn report_as<'f>(&mut self, kind: FindingKind, make: impl FnOnce() -> Finding<'f>) {
        let Verdict { violations, warnings, omitted_violations, omitted_warnings } = &mut self.verdict;
        let (all, omitted) = match kind {
            FindingKind::Violation => (violations, omitted_violations),
            FindingKind::Warning => (warnings, omitted_warnings),
        };
        if all.len() >= self.most {
            *omitted += 1;
            return;
        }
        let Finding { rule, message, limit, found, certainty, rule_span, below } = make();
        let at = place(&self.pointer, below);
        let found = found.filter(|_| !self.secret);
        all.push(Violation { at, location: self.location, rule, message, limit, found, certainty, rule_span });
    }
}

/// The pointer of a violation. Keys are the caller's own and may be huge: what is too long is cut before it is copied.
pub(crate) fn place(pointer: &str, below: &[&str]) -> String {
    let mut at = beginning(pointer).to_owned();
    let mut whole = at.len() == pointer.len();
    for segment in below {
        let shown = beginning(segment);
        push_segment(&mut at, shown);
        whole &= shown.len() == segment.len();
    }
    if !whole || at.len() > MOST_POINTER {
        let end = beginning(&at).len();
        at.truncate(end);
        at.push('…');
    }
    at
}

/// As much of a text as a pointer may have.
fn beginning(text: &str) -> &str {
    let end = (0..=text.len().min(MOST_POINTER)).rev().find(|it| text.is_char_boundary(*it));
    &text[..end.unwrap_or(0)]
}
