//! Why a part of an event has no place in what came before.

use serde_json::Value;

use crate::DecodeError;
use crate::json::type_name;

/// Why an event could not be added.
#[derive(Debug, PartialEq)]
pub(crate) enum TypeMismatch {
    /// It would be more than the limit.
    TooLarge,
    /// Something of another kind is where it belongs.
    InTheWay,
    /// A part of the event is not what a step takes.
    Part(DecodeError),
}

impl TypeMismatch {
    pub(crate) fn other(at: &str, expected: &'static str, found: Option<&Value>) -> Self {
        let found = found.map_or("nothing", type_name);
        Self::Part(DecodeError { at: at.to_owned(), expected, found })
    }

    /// A position in this field that no list has.
    pub(crate) fn range(field: &str) -> Self {
        let expected = "a position of at most 4095";
        Self::Part(DecodeError { at: format!("/{field}"), expected, found: "another value" })
    }

    /// The same, seen from further up.
    pub(crate) fn with_prefix(mut self, above: &str, nth: usize) -> Self {
        if let Self::Part(error) = &mut self {
            error.at = format!("{above}/{nth}{}", error.at);
        }
        self
    }
}
