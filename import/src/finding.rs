//! What is told about a document: what is wrong with it, and what the spec says otherwise or not at all.
//!
//! A [`Finding`] is data; the words are in two tables: [`fault`] has what is wrong with a document, and
//! [`crate::gaps`] what the spec language cannot say.

pub mod fault;

use specwright_codegen::source::{FileId, Span};

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is lost.
    Note,
    /// The document is wrong, and was read in the way that makes sense.
    Fault,
    /// The spec allows more, or describes less, than the document.
    Approximated,
    /// The spec does not have it.
    Dropped,
}

impl Level {
    /// The word for it in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Fault => "fault",
            Self::Approximated => "approximated",
            Self::Dropped => "dropped",
        }
    }
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The JSON pointer in its file; empty for the whole file.
    pub pointer: String,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// A part of the document as a whole, for what has no place of its own.
    pub(crate) fn of_document(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), span: Span::new(FileId(0), 0, 0) }
    }
}

/// One thing that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// The kind, stable across versions: `dangling-ref`.
    pub kind: &'static str,
    /// Where.
    pub place: Place,
    /// What, in one sentence without a final dot.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// All that is told, in the order in which it was found.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    seen: std::collections::BTreeSet<(Span, &'static str, String)>,
}

impl Findings {
    /// Adds one, unless the same was said of the same place.
    pub fn push(&mut self, finding: Finding) {
        if self.seen.insert((finding.place.span, finding.kind, finding.message.clone())) {
            self.list.push(finding);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// Puts other places in place of all.
    pub(crate) fn move_all(&mut self, to: impl Fn(&Place) -> Place) {
        self.list.iter_mut().for_each(|it| it.place = to(&it.place));
    }

    /// All of them by place.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.list.sort_by(|a, b| (a.place.span.start, a.kind).cmp(&(b.place.span.start, b.kind)));
        self.list
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|it| self.push(it));
    }
}
