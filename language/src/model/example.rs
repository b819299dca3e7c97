//! Examples of the vendor's documentation, and where their parts are written.

use serde_json::Value;

use crate::source::{Span, Spanned};

/// A request, an answer, or both.
#[derive(Clone, Debug, Hash)]
pub struct Example {
    /// Short title.
    pub name: String,
    /// All parameters by name, whatever their place.
    pub request: Option<Value>,
    /// What is wrong with the request: pointer or parameter name → rule. Empty: it is legal.
    pub invalid: Vec<(Spanned<String>, Spanned<String>)>,
    /// What comes back: the create answer, the result, or a status body.
    pub response: Option<Value>,
    /// The events of a stream: name (`""` of a chunk) and data.
    pub events: Vec<(String, Value)>,
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

/// Where a JSON value and its parts are written, in the order of the text: each part after what it is in.
///
/// Only faults of examples are looked up, so a pointer is followed then, and none is made for each part before.
#[derive(Clone, Debug, Default, Hash)]
pub struct Places(pub Vec<Span>);

impl Places {
    /// Where the part of `value` at a pointer is written; of a part that is not there, what should hold it.
    #[must_use]
    pub fn find(&self, value: &Value, pointer: &str) -> Option<Span> {
        let (mut value, mut at) = (value, 0);
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let (parts, nth): (Vec<&Value>, _) = match value {
                Value::Object(fields) => (fields.values().collect(), fields.keys().position(|it| *it == step)),
                Value::Array(items) => (items.iter().collect(), step.parse().ok()),
                _ => break,
            };
            let Some((nth, part)) = nth.and_then(|nth| Some((nth, *parts.get(nth)?))) else { break };
            at += 1 + parts.into_iter().take(nth).map(count).sum::<usize>();
            value = part;
        }
        self.0.get(at).copied()
    }
}

/// A value and its parts.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// What an example's response answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExampleOf {
    /// The call itself.
    Call,
    /// A poll of the task's status.
    Status,
    /// A callback.
    Callback,
}
