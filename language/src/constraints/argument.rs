//! Arguments of keywords, as they are written.

use serde_json::Value;

use super::AppliesTo;
use crate::model::{Excluded, Num};

/// How the argument of a keyword is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// In a form of its own, which only this keyword has.
    Own,
    /// `true`.
    Flag,
    /// A number.
    Number,
    /// A whole number, zero or more.
    Count,
    /// A text.
    Text,
    /// A text, a number or a truth value.
    Scalar,
    /// `{enum: […]}` or `{pattern: …}`.
    Excluded,
}

/// An argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(Num),
    /// A whole number, zero or more.
    Count(u64),
    /// A text.
    Text(String),
    /// A text, a number or a truth value.
    Scalar(Value),
    /// What a value must not be.
    Excluded(Excluded),
}

/// What is wrong with an argument whatever the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentFault {
    /// No value satisfies it; the words say why.
    Impossible(&'static str),
    /// A pattern that is not portable; the words say why.
    Pattern(String),
}

impl Written {
    /// The values that the keyword looks at with this argument, if these are not the same with every argument.
    #[must_use]
    pub fn applies_to(&self) -> Option<AppliesTo> {
        matches!(self, Self::Excluded(Excluded::Pattern(_))).then_some(AppliesTo::Texts)
    }

    pub(super) fn number(&self) -> Option<Num> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(super) fn count(&self) -> Option<u64> {
        if let Self::Count(count) = self { Some(*count) } else { None }
    }
}
