//! Which successful responses are errors.

/// When an answer of success is an error, such as `{"ok": false}`: if all tests of one of the lists hold.
#[derive(Debug)]
pub struct FailureCondition(pub &'static [&'static [FailureTest]]);

/// A test of one value of an answer.
#[derive(Debug)]
pub struct FailureTest {
    /// JSON pointer of the value.
    pub at: &'static str,
    /// What the value must be.
    pub matcher: FailureMatcher,
}

/// What a value must be. A value that is absent or `null` is only `Absent`, or `Null`, or the opposite of `Present`.
#[derive(Debug)]
pub enum FailureMatcher {
    /// One of these.
    OneOf(&'static [FailureValue]),
    /// There, and not `null`.
    Present,
    /// Not there, or `null`.
    Absent,
    /// `null`.
    Null,
    /// `""`, `[]` or `{}`.
    Empty,
    /// Any of several.
    Any(&'static [FailureMatcher]),
    /// Not that.
    Not(&'static FailureMatcher),
}

/// A value to compare with.
#[derive(Debug)]
pub enum FailureValue {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Integer(i128),
    /// Another number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
}
