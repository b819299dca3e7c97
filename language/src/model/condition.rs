//! Conditions: a closed language over the fields of one record.

use serde_json::Value;

use super::FieldPath;

/// When something applies. Globs are already expanded to lists of values.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Condition {
    /// Without condition.
    Always,
    /// One field against one matcher.
    Test(Test),
    /// All hold. Never empty.
    All(Vec<Condition>),
    /// At least one holds. Never empty.
    Any(Vec<Condition>),
    /// It does not hold (from `only:`).
    Not(Box<Condition>),
}

/// One field against one matcher.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Test {
    /// A field of the record, or one inside an object field.
    pub path: FieldPath,
    /// What it must be.
    pub matcher: Matcher,
}

/// What a field must be.
///
/// An absent field with a default (its own, or that of a case whose condition holds) is compared as that default by
/// [`Matcher::OneOf`]; `Present`, `Absent`, `Null` and `Empty` look at what was really sent.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Matcher {
    /// Equals one of these (numbers by value: 1 and 1.0 are equal).
    OneOf(Vec<Value>),
    /// Sent, and not null.
    Present,
    /// Not sent, or null.
    Absent,
    /// Sent as null.
    Null,
    /// Sent as `""`, `[]` or `{}`.
    Empty,
    /// Any of several.
    Any(Vec<Matcher>),
    /// Not that.
    Not(Box<Matcher>),
}
