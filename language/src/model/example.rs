//! Examples of the vendor's documentation, and where their parts are written.

use std::collections::BTreeMap;

use crate::source::{Span, Spanned};

/// A request, an answer, or both.
#[derive(Clone, Debug)]
pub struct Example {
    /// Short title.
    pub name: String,
    /// All parameters by name, whatever their place.
    pub request: Option<serde_json::Value>,
    /// What is wrong with the request: pointer or parameter name → rule. Empty: it is legal.
    pub invalid: Vec<(Spanned<String>, Spanned<String>)>,
    /// What comes back: the create answer, the result, or a status body.
    pub response: Option<serde_json::Value>,
    /// The events of a stream: name (`""` of a chunk) and data.
    pub events: Vec<(String, serde_json::Value)>,
    /// What `response` is an answer to.
    pub of: ExampleOf,
    /// Section or line of the document.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// Where the parts of the request are written.
    pub request_places: Places,
    /// Where the parts of the response are written.
    pub response_places: Places,
}

/// Where the parts of a JSON value are written, by JSON pointer.
#[derive(Clone, Debug, Default)]
pub struct Places(pub BTreeMap<String, Span>);

impl Places {
    /// Where the part at a pointer is written; of a part that is not there, what should hold it.
    #[must_use]
    pub fn find(&self, pointer: &str) -> Option<Span> {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.0.get(pointer) {
                return Some(*span);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

/// What an example's response answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleOf {
    /// The call itself.
    Call,
    /// A poll of the task's status.
    Status,
    /// A callback.
    Callback,
}
