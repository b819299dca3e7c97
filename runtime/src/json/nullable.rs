//! Fields where `null` means something.

/// A value that may be `null`, if `null` differs from leaving it out.
#[derive(Clone, Debug, PartialEq)]
pub enum Nullable<T> {
    /// Sent as `null`.
    Null,
    /// Sent as itself.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if it is not `null`.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => None,
            Nullable::Value(value) => Some(value),
        }
    }
}
