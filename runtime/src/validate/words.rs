//! The sentences of rules and violations.
//!
//! They are written into one text, without the formatting machinery: it takes longer than finding the violations.

use std::fmt;

use super::{Actual, MadeRule, Rule, RuleLimit, RuleWords, ValidationError, Violation};
use crate::byte_scan::all_printable;
use crate::concat::push_all;
use crate::escape::escaped;
use crate::number::{push_count, push_double};

/// The bytes of nearly every violation.
const USUAL_LENGTH: usize = 128;

impl Rule {
    /// The message in the docs.
    #[must_use]
    pub fn message(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// The limit as text; empty if there is none.
    #[must_use]
    pub fn limit(&self) -> String {
        match &self.words {
            RuleWords::Stored { limit, .. } => (*limit).to_owned(),
            RuleWords::Made(rule) => {
                let mut out = String::new();
                rule.limit.write(&mut out);
                out
            }
        }
    }

    fn write(&self, out: &mut String) {
        match &self.words {
            RuleWords::Stored { message, .. } => out.push_str(message),
            RuleWords::Made(rule) => rule.write(out),
        }
    }
}

impl MadeRule {
    fn write(&self, out: &mut String) {
        let Self { name, kind, limit, when, because, of_items } = self;
        if *kind == "required" {
            push_all(out, &["required parameter `", name, "` is missing"]);
        } else {
            push_all(out, &[if *of_items { "each item of `" } else { "`" }, name, "` "]);
            limit.ask(kind, out);
        }
        if !when.is_empty() {
            push_all(out, &[" when ", when]);
        }
        if !because.is_empty() {
            push_all(out, &[": ", because]);
        }
    }
}

impl RuleLimit {
    /// The requirement of a rule, which follows the name.
    fn ask(&self, kind: &str, out: &mut String) {
        let (before, after) = match (kind, self) {
            ("minimum" | "minimum_integer", _) => ("must be at least ", ""),
            ("maximum" | "maximum_integer", _) => ("must be at most ", ""),
            ("min_length" | "min_items", Self::Count(1)) => return out.push_str("must not be empty"),
            ("min_length", _) => ("must have at least ", self.noun(" character", " characters")),
            ("max_length", _) => ("must have at most ", self.noun(" character", " characters")),
            ("min_items", _) => ("must have at least ", self.noun(" item", " items")),
            ("max_items", _) => ("must have at most ", self.noun(" item", " items")),
            ("forbidden", _) => return out.push_str("is not allowed"),
            ("only", _) => return out.push_str("is only allowed"),
            ("ignored", _) => return out.push_str("has no effect"),
            ("url", _) => return out.push_str("must be an absolute `http://` or `https://` URL"),
            ("https_url", _) => return out.push_str("must be an absolute `https://` URL"),
            ("date_time", _) => return out.push_str("must be an RFC 3339 date and time"),
            ("base64", _) => return out.push_str("must be base64 text"),
            _ if matches!(self.values(), 1 | 2) => return self.list("must be ", " or ", out),
            _ => ("must be one of ", ""),
        };
        out.push_str(before);
        self.write(out);
        out.push_str(after);
    }

    fn noun(&self, one: &'static str, many: &'static str) -> &'static str {
        if matches!(self, Self::Count(1)) { one } else { many }
    }

    /// How many values are listed.
    fn values(&self) -> usize {
        match self {
            Self::Texts(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::None | Self::Count(_) | Self::Integer(_) | Self::Number(_) => 0,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::None => {}
            Self::Count(count) => push_count(out, *count as u64),
            Self::Integer(number) => push_integer(out, *number),
            Self::Number(number) => push_number(out, *number),
            Self::Texts(_) | Self::Integers(_) | Self::Numbers(_) => self.list("", ", ", out),
        }
    }

    /// The values in code spans.
    fn list(&self, before: &str, between: &str, out: &mut String) {
        for index in 0..self.values() {
            push_all(out, &[if index == 0 { before } else { between }, "`"]);
            match self {
                Self::Texts(values) => out.push_str(values.get(index).unwrap_or(&"")),
                Self::Integers(values) => push_integer(out, values.get(index).copied().unwrap_or_default()),
                Self::Numbers(values) => push_number(out, values.get(index).copied().unwrap_or_default()),
                Self::None | Self::Count(_) | Self::Integer(_) | Self::Number(_) => {}
            }
            out.push('`');
        }
    }
}

impl Actual {
    fn write(&self, out: &mut String) {
        let (count, one, many) = match self {
            Self::Nothing => return,
            Self::Length(count) => (*count, " character", " characters"),
            Self::Items(count) => (*count, " item", " items"),
            Self::Properties(count) => (*count, " property", " properties"),
            Self::Integer(number) => return push_integer(out, *number),
            Self::Unsigned(number) => return push_count(out, *number),
            Self::Number(number) => return push_number(out, *number),
            Self::Text(text) => return push_all(out, &["`", text, "`"]),
        };
        push_count(out, count);
        out.push_str(if count == 1 { one } else { many });
    }
}

impl Violation {
    fn write(&self, out: &mut String) {
        let start = out.len();
        push_all(out, &[&self.at, ": "]);
        self.rule.write(out);
        if self.found != Actual::Nothing {
            out.push_str(" (found ");
            self.found.write(out);
            out.push(')');
        }
        escape_from(out, start);
    }
}

impl ValidationError {
    fn write(&self, out: &mut String) {
        push_all(out, &["the request of `", self.operation, "` breaks "]);
        if let [one] = self.violations.as_slice() {
            out.push_str("a rule: ");
            return one.write(out);
        }
        push_count(out, (self.violations.len() + self.omitted) as u64);
        out.push_str(" rules:");
        for violation in &self.violations {
            out.push_str("\n  ");
            violation.write(out);
        }
        if self.omitted > 0 {
            out.push_str("\n  and ");
            push_count(out, self.omitted as u64);
            out.push_str(" more");
        }
    }
}

/// With its message in place of what the message is made of.
impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Rule");
        out.field("keyword", &self.keyword).field("strength", &self.strength);
        out.field("message", &self.message()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Actual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

impl fmt::Display for Actual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        escape_from(&mut out, 0);
        f.write_str(&out)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::with_capacity(USUAL_LENGTH);
        self.write(&mut out);
        f.write_str(&out)
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::with_capacity(USUAL_LENGTH * (self.violations.len() + 1));
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// Escapes what is invisible after a position.
fn escape_from(out: &mut String, start: usize) {
    let (before, text) = out.split_at_checked(start).unwrap_or_default();
    if !all_printable(text.as_bytes()) {
        *out = before.to_owned() + &escaped(text);
    }
}

fn push_integer(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    push_count(out, number.unsigned_abs());
}

fn push_number(out: &mut String, number: f64) {
    let is_short = number.fract() == 0.0 && number.abs() < 1e15 && (number != 0.0 || number.is_sign_positive());
    if is_short {
        push_integer(out, number as i64);
    } else {
        push_double(out, number);
    }
}
