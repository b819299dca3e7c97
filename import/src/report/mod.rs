//! What became of a document: counts, and a line for each thing that was not carried as it is.

pub mod human;
pub mod json;

use crate::finding::{Finding, Level};
use crate::spec::Operation;
use specwright_codegen::source::Sources;

/// How many of something are exact, approximated and dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub exact: usize,
    pub approximated: usize,
    pub dropped: usize,
}

impl Count {
    /// All of them.
    #[must_use]
    pub fn all(self) -> usize {
        self.exact + self.approximated + self.dropped
    }

    pub(crate) fn add(&mut self, level: Option<Level>) {
        match level {
            Some(Level::Dropped) => self.dropped += 1,
            Some(Level::Approximated) => self.approximated += 1,
            _ => self.exact += 1,
        }
    }
}

/// What became of the parts of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub operations: Count,
    pub parameters: Count,
    pub types: Count,
    /// The approximated operations that are exact but for a body that the spec has as text, such as one of XML.
    pub as_text: usize,
    /// The operations that are not exact: their names in the document, with how they are.
    pub inexact: Vec<(String, Level)>,
}

impl Counts {
    /// An operation that the compiler takes only with less.
    pub(crate) fn approximate(&mut self, operation: &Operation) {
        let shown = shown(operation);
        if !self.inexact.iter().any(|it| it.0 == shown) {
            self.inexact.push((shown, Level::Approximated));
            self.operations.exact = self.operations.exact.saturating_sub(1);
            self.operations.approximated += 1;
        }
    }

    /// An operation that the compiler does not take at all.
    pub(crate) fn drop_operation(&mut self, operation: &Operation) {
        self.approximate(operation);
        self.operations.approximated = self.operations.approximated.saturating_sub(1);
        self.operations.dropped += 1;
    }

    /// A type that the compiler takes only with less.
    pub(crate) fn approximate_type(&mut self) {
        self.types.exact = self.types.exact.saturating_sub(1);
        self.types.approximated += 1;
    }
}

fn shown(operation: &Operation) -> String {
    format!("{} {}", operation.method.to_ascii_uppercase(), operation.path)
}

/// The whole report.
#[derive(Debug)]
pub struct Report {
    /// The name of the API.
    pub api: String,
    pub counts: Counts,
    pub findings: Vec<Finding>,
    pub sources: Sources,
}

impl Report {
    /// Whether something is missing from the spec.
    #[must_use]
    pub fn dropped(&self) -> bool {
        self.findings.iter().any(|it| it.level == Level::Dropped)
    }
}
