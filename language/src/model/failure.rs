//! Errors inside answers of success.

use super::Matcher;
use crate::source::Span;

/// When an answer of success is an error: all tests of one of the lists hold. No list is empty.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct FailureCondition {
    /// The lists.
    pub any: Vec<Vec<FailureTest>>,
    /// Where it is written.
    pub span: Span,
}

/// A test of one value of an answer.
///
/// A value that is absent or `null` meets only [`Matcher::Absent`], [`Matcher::Null`] and the opposite of
/// [`Matcher::Present`]: an answer without a code is not one whose code is not 0.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct FailureTest {
    /// JSON pointer of the value.
    pub at: String,
    /// What it must be.
    pub matcher: Matcher,
}
