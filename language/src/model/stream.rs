//! Server-sent events: their types, their order, and what they add up to.

use serde_json::Value;

use super::{Condition, FieldIx, Matcher, Test, Type};
use crate::source::Span;

/// Server-sent events of an operation.
#[derive(Clone, Debug, Hash)]
pub struct Stream {
    /// Every line is JSON (NDJSON); otherwise server-sent events.
    pub json_lines: bool,
    /// Always, or when this condition holds.
    pub when: Condition,
    /// `None`: plain `data:` chunks of one type; else a type per event name.
    pub events: StreamEvents,
    /// Where the data has the event's name: a JSON pointer.
    pub name: Option<String>,
    /// Data that ends the stream (`[DONE]`).
    pub end_data: Option<String>,
    /// What may come when; the first is where it begins. Empty: anything at any time.
    pub states: Vec<StreamState>,
    /// Event names that carry an error.
    pub error_events: Vec<String>,
    /// Data that has something there carries an error: a JSON pointer.
    pub error: Option<String>,
    /// Where text for a reader is.
    pub text: Vec<StreamText>,
    /// How the events add up to the answer; `None`: they do not.
    pub collect: Option<Vec<Collect>>,
    /// Where it is written.
    pub span: Span,
}

impl Stream {
    /// What the response is, and what a request for it asks for.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        if self.json_lines { "application/x-ndjson" } else { "text/event-stream" }
    }

    /// The parameters that ask for it, each with the value that does; none: it always comes. `None`: its condition is more
    /// than that.
    #[must_use]
    pub fn asked_by(&self) -> Option<Vec<(FieldIx, &Value)>> {
        let tests = match &self.when {
            Condition::Always => return Some(Vec::new()),
            Condition::All(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        let asks = |it| match it {
            &Condition::Test(Test { ref path, matcher: Matcher::OneOf(ref values) }) if path.steps.is_empty() => {
                let [value] = values.as_slice() else { return None };
                Some((path.field, value))
            }
            _ => None,
        };
        tests.iter().map(asks).collect()
    }

    /// The event that ends it, if there is only one.
    #[must_use]
    pub fn end_event(&self) -> Option<&str> {
        let ends = |to: &usize| self.states.get(*to).is_some_and(|it| it.ends);
        let mut events = self.states.iter().flat_map(|it| &it.moves).filter(|it| ends(&it.1)).map(|it| it.0.as_str());
        let first = events.next()?;
        events.all(|it| it == first).then_some(first)
    }
}

/// What the events carry.
#[derive(Clone, Debug, Hash)]
pub enum StreamEvents {
    /// Every chunk has this type.
    Data(Type),
    /// By event name; `None`: the event carries nothing of use.
    Named(Vec<(String, Option<Type>)>),
}

/// A state of a stream.
#[derive(Clone, Debug, Hash)]
pub struct StreamState {
    /// What the spec calls it.
    pub name: String,
    /// Event, and the index of the state after it.
    pub moves: Vec<(String, usize)>,
    /// The answer is complete.
    pub ends: bool,
}

/// Text for a reader.
#[derive(Clone, Debug, Hash)]
pub struct StreamText {
    /// Event name; `""` of chunks.
    pub event: String,
    /// JSON pointer; `*` is every item of a list.
    pub at: String,
    /// A field beside the text; where it is true, the text is not for readers.
    pub unless: Option<String>,
}

/// What an event adds to the answer.
#[derive(Clone, Debug, Hash)]
pub struct Collect {
    /// Event name; `""` of chunks.
    pub event: String,
    /// In this order.
    pub steps: Vec<CollectStep>,
}

/// A part of an event that goes into the answer.
#[derive(Clone, Debug, Hash)]
pub struct CollectStep {
    /// What is done with it.
    pub verb: Verb,
    /// JSON pointer into the event, or into the item.
    pub from: String,
    /// JSON pointer into the answer, with `{field}` segments.
    pub into: String,
}

/// What a [`CollectStep`] does.
#[derive(Clone, Debug, Hash)]
pub enum Verb {
    /// Replaces; what is empty replaces nothing.
    Set,
    /// Puts what is not empty where nothing is yet.
    First,
    /// Adds text to text.
    Append,
    /// Puts fields that are not null into an object.
    Merge,
    /// Adds items to a list; those that differ in this text alone are joined.
    Concat(Option<String>),
    /// Adds text that is JSON in the end.
    Json,
    /// Puts what is always the same where nothing is yet, if the event has something at the step's `from`.
    Const(Value),
    /// Does the steps for each item.
    Each(Vec<CollectStep>),
    /// The same, with positions for items that do not tell theirs.
    Numbered(Numbering, Vec<CollectStep>),
}

/// How items of a list are told apart that do not tell their position, or not truly.
#[derive(Clone, Debug, Hash)]
pub struct Numbering {
    /// The field with the position.
    pub at: String,
    /// JSON pointer into the item: its id.
    pub id: Option<String>,
    /// JSON pointers into the item: with text at one of them it may be a new one. None: an item without a position has
    /// that of its place in the event's list.
    pub begins: Vec<String>,
    /// JSON pointer into the item: a text of JSON. Once it is whole, the next of that name is a new one.
    pub ends: Option<String>,
}
