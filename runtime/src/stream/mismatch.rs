//! Why a part of an event does not fit into the total.

use serde_json::Value;

use crate::DecodeError;
use crate::json::type_name;

/// Why an event could not be added.
#[derive(Debug, PartialEq)]
pub(crate) enum TypeMismatch {
    /// The total would exceed the limit.
    TooLarge,
    /// A value of another kind is in its place.
    InTheWay,
    /// A step does not accept a part of the event.
    Part(DecodeError),
}

impl TypeMismatch {
    pub(crate) fn other(at: &str, expected: &'static str, found: Option<&Value>) -> Self {
        let found = found.map_or("nothing", type_name);
        Self::Part(DecodeError { at: at.to_owned(), expected, found })
    }

    /// The position in this field is out of range.
    pub(crate) fn range(field: &str) -> Self {
        let expected = "a position of at most 4095";
        Self::Part(DecodeError { at: format!("/{field}"), expected, found: "another value" })
    }

    /// The same mismatch, relative to an outer value.
    pub(crate) fn with_prefix(mut self, above: &str, nth: usize) -> Self {
        if let Self::Part(error) = &mut self {
            error.at = format!("{above}/{nth}{}", error.at);
        }
        self
    }
}
