//! What may be asked of one value: a variant per keyword, with its argument.
//!
//! This is what every reading of a spec shares. What a keyword *means* is said twice on purpose: in
//! [`crate::constraints`], which `resolve`, `check`, `boundary` and the exports ask, and in [`crate::interpret`].

use std::cmp::Ordering;

use serde_json::Value;

use super::{LengthUnit, Num};

/// What must hold.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Constraint {
    /// The field is there (null counts when the field is nullable).
    Required,
    /// The field is not there.
    Forbidden,
    /// The field has no effect: a warning when it is there.
    Ignored,
    /// One of these.
    Enum(Vec<Value>),
    /// Exactly this.
    Const(Value),
    /// None of what this says.
    Not(Excluded),
    /// At least.
    Minimum(Num),
    /// At most.
    Maximum(Num),
    /// More than.
    ExclusiveMinimum(Num),
    /// Less than.
    ExclusiveMaximum(Num),
    /// A multiple.
    MultipleOf(Num),
    /// Characters (Unicode scalar values), weighted.
    MinLength(u64, LengthUnit),
    /// Characters (Unicode scalar values), weighted.
    MaxLength(u64, LengthUnit),
    /// A regular expression.
    Pattern(String),
    /// Items of an array.
    MinItems(u64),
    /// Items of an array.
    MaxItems(u64),
    /// No two items are equal.
    UniqueItems,
    /// Entries of an object with free keys.
    MinProperties(u64),
    /// Entries of an object with free keys.
    MaxProperties(u64),
    /// A regular expression that every key of an object matches.
    PropertyNames(String),
    /// Bytes of a file that the caller holds.
    MaxBytes(u64),
    /// Not a constraint: the server's default under the condition.
    Default(Value),
}

/// What a value must not be.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Excluded {
    /// One of these.
    Values(Vec<Value>),
    /// Text that matches a regular expression.
    Pattern(String),
}

/// What stands behind a keyword.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Argument<'a> {
    /// Nothing: the keyword says it all.
    None,
    /// A list of values.
    Values(&'a [Value]),
    /// One value.
    Value(&'a Value),
    /// A number that values are compared with or divided by.
    Number(Num),
    /// How many of something.
    Count(u64),
    /// A regular expression.
    Pattern(&'a str),
    /// A regular expression for the keys of an object.
    Keys(&'a str),
    /// A regular expression that must not match.
    NotPattern(&'a str),
}

/// Which side of a limit is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The limit and everything above it.
    AtLeast,
    /// Everything above the limit.
    MoreThan,
    /// The limit and everything below it.
    AtMost,
    /// Everything below the limit.
    LessThan,
}

impl Bound {
    /// Whether it is a limit from below.
    #[must_use]
    pub fn is_lower(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }

    /// Whether the limit itself is not allowed.
    #[must_use]
    pub fn is_exclusive(self) -> bool {
        matches!(self, Self::MoreThan | Self::LessThan)
    }

    /// Whether it allows what compares like this with the limit.
    #[must_use]
    pub fn allows(self, value_to_limit: Ordering) -> bool {
        match self {
            Self::AtLeast => value_to_limit.is_ge(),
            Self::MoreThan => value_to_limit.is_gt(),
            Self::AtMost => value_to_limit.is_le(),
            Self::LessThan => value_to_limit.is_lt(),
        }
    }
}

impl Constraint {
    /// The keyword, its argument, and which side of the argument is allowed if the keyword is a limit.
    fn parts(&self) -> (&'static str, Argument<'_>, Option<Bound>) {
        use Argument::{Count, Keys, None as Nothing, NotPattern, Number, Pattern, Value, Values};
        use Bound::{AtLeast, AtMost, LessThan, MoreThan};
        match self {
            Self::Required => ("required", Nothing, None),
            Self::Forbidden => ("forbidden", Nothing, None),
            Self::Ignored => ("ignored", Nothing, None),
            Self::Enum(values) => ("enum", Values(values), None),
            Self::Const(value) => ("const", Value(value), None),
            Self::Not(Excluded::Values(values)) => ("not", Values(values), None),
            Self::Not(Excluded::Pattern(pattern)) => ("not", NotPattern(pattern), None),
            Self::Minimum(limit) => ("minimum", Number(*limit), Some(AtLeast)),
            Self::Maximum(limit) => ("maximum", Number(*limit), Some(AtMost)),
            Self::ExclusiveMinimum(limit) => ("exclusive_minimum", Number(*limit), Some(MoreThan)),
            Self::ExclusiveMaximum(limit) => ("exclusive_maximum", Number(*limit), Some(LessThan)),
            Self::MultipleOf(step) => ("multiple_of", Number(*step), None),
            Self::MinLength(limit, _) => ("min_length", Count(*limit), Some(AtLeast)),
            Self::MaxLength(limit, _) => ("max_length", Count(*limit), Some(AtMost)),
            Self::Pattern(pattern) => ("pattern", Pattern(pattern), None),
            Self::MinItems(limit) => ("min_items", Count(*limit), Some(AtLeast)),
            Self::MaxItems(limit) => ("max_items", Count(*limit), Some(AtMost)),
            Self::UniqueItems => ("unique_items", Nothing, None),
            Self::MinProperties(limit) => ("min_properties", Count(*limit), Some(AtLeast)),
            Self::MaxProperties(limit) => ("max_properties", Count(*limit), Some(AtMost)),
            Self::PropertyNames(pattern) => ("property_names", Keys(pattern), None),
            Self::MaxBytes(limit) => ("max_bytes", Count(*limit), Some(AtMost)),
            Self::Default(value) => ("default", Value(value), None),
        }
    }

    /// The keyword in specs and in violations.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        self.parts().0
    }

    /// What stands behind the keyword.
    #[must_use]
    pub fn argument(&self) -> Argument<'_> {
        self.parts().1
    }

    /// Which side of the argument is allowed; `None` for what is no limit.
    #[must_use]
    pub fn bound(&self) -> Option<Bound> {
        self.parts().2
    }

    /// How characters count, where it counts any.
    #[must_use]
    pub fn unit(&self) -> LengthUnit {
        match self {
            Self::MinLength(_, unit) | Self::MaxLength(_, unit) => *unit,
            _ => LengthUnit::Plain,
        }
    }

    /// How strict a limit is beside another of its keyword; `None` where they cannot be compared.
    #[must_use]
    pub fn strictness(&self, other: &Self) -> Option<Ordering> {
        let bound = self.bound()?;
        if self.keyword() != other.keyword() || self.unit() != other.unit() {
            return None;
        }
        let order = match (self.argument(), other.argument()) {
            (Argument::Number(one), Argument::Number(other)) => one.partial_cmp(&other)?,
            (Argument::Count(one), Argument::Count(other)) => one.cmp(&other),
            _ => return None,
        };
        Some(if bound.is_lower() { order } else { order.reverse() })
    }
}
