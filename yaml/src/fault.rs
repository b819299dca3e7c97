//! What is wrong with a document as YAML. What is said of it, whoever reads the document decides.

use std::borrow::Cow;

use crate::source::Span;

/// A fault of a document, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
    /// A bracket on a line before, which is still open there and may be the cause.
    pub still_open: Option<Span>,
}

/// The kinds of faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A key occurs twice in a mapping.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stands first.
        first: Span,
    },
    /// `&name`
    Anchor,
    /// `*name`
    Alias,
    /// `!tag`
    Tag,
    /// `<<`
    MergeKey,
    /// A list or a mapping as a key.
    CollectionKey,
    /// A `:` with nothing before it.
    MissingKey,
    /// A second document in the file.
    SecondDocument,
    /// More than [`DEEPEST`](crate::DEEPEST) collections in each other.
    NestedTooDeep,
    /// No YAML.
    Syntax {
        /// What is wrong, in a few words.
        problem: Cow<'static, str>,
        /// What to say at the place.
        label: Cow<'static, str>,
        /// What to do.
        help: Cow<'static, str>,
    },
    /// A tab where YAML requires spaces.
    TabIndentation,
    /// A control character, or one that turns the direction of writing.
    InvisibleCharacter(char),
    /// A character in a key, or near a syntax error, that looks like nothing or like a space.
    UnseenCharacter(char),
    /// More than [`MOST_BYTES`](crate::MOST_BYTES).
    FileTooLarge {
        /// How many it has.
        bytes: usize,
    },
    /// The file says nothing.
    EmptyDocument,
    /// A plain scalar that YAML readers take for different things.
    AmbiguousScalar {
        /// The scalar.
        text: String,
        /// What other readers take it for: "a date".
        other: &'static str,
        /// How to write what they take it for.
        way_out: Option<&'static str>,
    },
    /// A number that no number of JSON can be.
    NumberOutOfRange {
        /// The scalar.
        text: String,
        /// Why: "does not fit into 64 bits".
        why: &'static str,
    },
    /// A `%` directive.
    Directive,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub(crate) fn new(kind: FaultKind, span: Span) -> Self {
        Self { kind, span, still_open: None }
    }
}
