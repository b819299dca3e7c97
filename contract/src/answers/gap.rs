//! Responses that cannot be generated. They are reported when the server starts, and for each request for one.

use std::fmt;

use specwright_codegen::interpret::Violation;

use super::State;
use crate::pointer;

/// A place in a response for which no valid value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// JSON pointer in the response.
    pub at: String,
    /// The constraint that cannot be met there.
    pub why: String,
}

/// A kind of response of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The response of a call that creates no task.
    Response,
    /// The response of a call that creates a task.
    Created,
    /// The response of a poll, and the body of a callback.
    Status(State),
    /// The events of a stream.
    Stream,
}

impl Gap {
    /// The gap for one fault of a response.
    pub(super) fn of(violation: &Violation) -> Self {
        Self { at: violation.at.clone(), why: violation.message.clone() }
    }

    /// The gap if the search found no value.
    pub(super) fn nothing() -> Self {
        Self { at: String::new(), why: "no value of the type was found".to_owned() }
    }

    /// The gap in a value that is wrapped under a key.
    pub(super) fn below(self, wrapper: Option<&str>) -> Self {
        let step = wrapper.map(|it| format!("/{}", pointer::escaped(it))).unwrap_or_default();
        Self { at: format!("{step}{}", self.at), ..self }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.at.is_empty() { "the whole" } else { &self.at };
        write!(f, "no value can be generated for {place}; the spec says: {}", self.why)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response => f.write_str("the response"),
            Self::Created => f.write_str("the created task"),
            Self::Status(State::Pending) => f.write_str("a pending task"),
            Self::Status(State::Stage(stage)) => write!(f, "a task at the stage `{stage}`"),
            Self::Status(State::Completed) => f.write_str("a completed task"),
            Self::Status(State::Failed) => f.write_str("a failed task"),
            Self::Stream => f.write_str("the stream"),
        }
    }
}
