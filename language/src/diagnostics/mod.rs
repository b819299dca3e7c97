//! The compiler's messages about a spec. This module has the data, one file per area has the texts, and [`render`] and
//! [`json`] print them.
//!
//! Every area (`yaml`, `decode`, …) is one file with its table of codes and one constructor function per diagnostic;
//! a stage calls the constructors and never writes a message of its own.
//!
//! A new diagnostic is a row in its area's table (variant, number, title), a constructor below the table, and a page
//! `pages/SW….md` with the headings `## Wrong` and `## Right`. No other file changes: [`Code`] is put together from the
//! tables, and without its page a code does not compile.

// The areas come first: each defines the macro that holds its table, which `code` puts together.
#[macro_use]
pub(crate) mod yaml;
#[macro_use]
pub(crate) mod decode;
#[macro_use]
pub(crate) mod names;
#[macro_use]
pub(crate) mod types;
#[macro_use]
pub(crate) mod rules;
#[macro_use]
pub(crate) mod examples;
#[macro_use]
pub mod emission;
#[macro_use]
pub mod rust_names;
mod code;
mod excerpt;
pub mod json;
pub mod render;
pub mod suggest;
#[cfg(test)]
mod tests;

pub use code::Code;

use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The spec is wrong: nothing is generated.
    Error,
    /// Worth a look; the output is still made.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place and what it has to do with the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A short phrase; may be empty.
    pub text: String,
}

/// A change of the spec that mends the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub replacement: String,
    /// What the change does, in the imperative: "put it in quotes".
    pub title: String,
}

/// One remark about a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind; has a page to explain it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One phrase, lower case, no final dot: "unknown type `Pte`".
    pub message: String,
    /// The narrowest place that is wrong.
    pub primary: Label,
    /// Other places that matter: "first written here".
    pub related: Vec<Label>,
    /// The way out: "a type with a similar name exists: `Pet`".
    pub help: Option<String>,
    /// Background.
    pub notes: Vec<String>,
    /// The way out as an edit.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Error, message.into(), span)
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Warning, message.into(), span)
    }

    /// A remark at `span`: nothing is wrong, and somebody may expect something else.
    #[must_use]
    pub fn hint(code: Code, message: impl Into<String>, span: Span) -> Self {
        Self::new(code, Severity::Note, message.into(), span)
    }

    fn new(code: Code, severity: Severity, message: String, span: Span) -> Self {
        let primary = Label { span, text: String::new() };
        Self { code, severity, message, primary, related: Vec::new(), help: None, notes: Vec::new(), fix: None }
    }

    /// The words at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// The way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// A piece of background.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// The way out as an edit: `title` says what replacing `span` does.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>, title: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into(), title: title.into() });
        self
    }
}

/// The diagnostics of a run, collected by every stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// An empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether an error is among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|it| it.severity == Severity::Error)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// All of them by file, place and code, without exact duplicates.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        // The message breaks ties so that the order never depends on the order of the stages.
        self.0.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        let mut kept: Vec<Diagnostic> = Vec::with_capacity(self.0.len());
        for diagnostic in self.0 {
            let same_place = kept.iter().rev().take_while(|it| sort_key(it) == sort_key(&diagnostic));
            if !same_place.into_iter().any(|it| *it == diagnostic) {
                kept.push(diagnostic);
            }
        }
        kept
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

fn sort_key(it: &Diagnostic) -> (u32, u32, Code, u32, &str) {
    let span = it.primary.span;
    (span.file.0, span.start, it.code, span.end, &it.message)
}
