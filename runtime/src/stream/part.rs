//! A part of an event. Its texts may begin or end with half of a surrogate pair, whose other half is in another event.

use serde_json::Value;

use crate::reading;

/// A part of an event, and the same part of its twin if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventPart<'a> {
    pub(crate) value: &'a Value,
    pub(crate) twin: Option<&'a Value>,
}

/// The halves of surrogate pairs at the ends of a text. In the text they are `U+FFFD`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CutHalves {
    /// The second half of a pair that began before the text.
    pub(crate) first: Option<u16>,
    /// The first half of a pair that continues after it.
    pub(crate) last: Option<u16>,
}

impl<'a> EventPart<'a> {
    pub(crate) fn new(value: &'a Value, twin: Option<&'a Value>) -> Self {
        Self { value, twin }
    }

    /// The part that a pointer refers to.
    pub(crate) fn at(self, pointer: &str) -> Option<Self> {
        let twin = self.twin.and_then(|it| it.pointer(pointer));
        self.value.pointer(pointer).map(|value| Self { value, twin })
    }

    /// A field of an object.
    pub(crate) fn field(self, name: &str) -> Option<Self> {
        let twin = self.twin.and_then(|it| it.get(name));
        self.value.get(name).map(|value| Self { value, twin })
    }

    /// The items of a list. Other values have none.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let twins = self.twin.and_then(Value::as_array);
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(nth, value)| Self { value, twin: twins.and_then(|it| it.get(nth)) })
    }

    pub(crate) fn ends(self) -> CutHalves {
        let (Some(text), Some(twin)) = (self.value.as_str(), self.twin.and_then(Value::as_str)) else {
            return CutHalves::default();
        };
        let first = reading::half(text.chars().next(), twin.chars().next());
        let last = reading::half(text.chars().next_back(), twin.chars().next_back());
        CutHalves { first: first.filter(|it| *it >= 0xdc00), last: last.filter(|it| *it < 0xdc00) }
    }
}

/// The character that consists of two halves.
pub(crate) fn join_surrogates(first: u16, second: u16) -> char {
    char::decode_utf16([first, second]).find_map(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The text without the half at its start.
pub(crate) fn without_first(text: &str) -> &str {
    text.strip_prefix(char::REPLACEMENT_CHARACTER).unwrap_or(text)
}

/// An empty text, list or object.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
