//! The facts that were not found.

use std::fmt::Display;

/// An intended difference.
pub(super) struct Exception {
    /// Section of the document.
    pub(super) section: &'static str,
    /// Row of a table, model, endpoint, or `sample`.
    pub(super) row: &'static str,
    /// The kind of fact, which is the first word of the finding.
    pub(super) fact: &'static str,
    /// Why the spec differs.
    pub(super) because: &'static str,
}

/// All findings of an API.
#[derive(Default)]
pub(super) struct Report(Vec<Finding>);

struct Finding {
    section: String,
    row: String,
    fact: &'static str,
    expected: String,
}

impl Report {
    /// `fact` is one word: `required`, `enum`, `sample`.
    pub(super) fn missing(&mut self, section: &str, row: &str, fact: &'static str, expected: impl Display) {
        self.0.push(Finding { section: section.to_owned(), row: row.to_owned(), fact, expected: expected.to_string() });
    }

    /// The findings without exceptions, plus the exceptions without a finding.
    pub(super) fn without(self, exceptions: &[Exception]) -> Vec<String> {
        let meant = |it: &Exception, finding: &Finding| {
            it.section == finding.section && it.row == finding.row && it.fact == finding.fact
        };
        let found = self.0.iter().filter(|finding| !exceptions.iter().any(|it| meant(it, finding)));
        let found = found.map(|it| format!("{} | {} | {}: {}", it.section, it.row, it.fact, it.expected));
        let unused = exceptions.iter().filter(|it| !self.0.iter().any(|finding| meant(it, finding)));
        let unused = unused.map(|it| {
            format!("{} | {} | {}: this exception is not needed ({})", it.section, it.row, it.fact, it.because)
        });
        found.chain(unused).collect()
    }
}
