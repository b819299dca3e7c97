//! A stream of server-sent events as static data: which events it has, how it continues and ends, and how its events are
//! accumulated.
//!
//! The name of an event of plain `data:` chunks is `""`. Pointers are JSON pointers (RFC 6901) into the data of an event.

/// How a stream is read.
#[derive(Debug)]
pub struct StreamSpec {
    /// Whether events are distinguished by their names. Otherwise every event is a chunk of the same type.
    pub named: bool,
    /// Pointer to the event's name in its data, for servers that leave out the `event:` line.
    pub name: Option<&'static str>,
    /// Data that ends the stream, such as `[DONE]`.
    pub end_data: Option<&'static str>,
    /// Events that contain an error.
    pub error_events: &'static [&'static str],
    /// Pointer to the error in the data of any event.
    pub error: Option<&'static str>,
    /// The states of the stream; the first one is the initial state. If it is empty, any event is allowed at any time,
    /// and the end of the connection ends the stream if there is no `end_data`.
    pub states: &'static [State],
    /// Pointers to text for a reader.
    pub text: &'static [TextAt],
    /// What each event adds to the total.
    pub collect: &'static [CollectRule],
}

impl StreamSpec {
    /// Chunks of one type without names, states, text or a total. The others are made from it by naming what differs.
    pub const CHUNKS: Self = Self {
        named: false,
        name: None,
        end_data: None,
        error_events: &[],
        error: None,
        states: &[],
        text: &[],
        collect: &[],
    };
}

/// A state of a stream.
#[derive(Debug)]
pub struct State {
    /// Its name in the spec.
    pub name: &'static str,
    /// Pairs of an event and the index of the next state. An event without a pair keeps the state.
    pub moves: &'static [(&'static str, usize)],
    /// Whether the response is complete in this state.
    pub ends: bool,
}

/// Text for a reader in the data of an event.
#[derive(Debug)]
pub struct TextAt {
    /// Event name.
    pub event: &'static str,
    /// A pointer, in which a segment `*` means every item of a list.
    pub at: &'static str,
    /// A field beside the text that is `true` if the text is not for a reader.
    pub unless: Option<&'static str>,
}

/// What an event adds.
#[derive(Debug)]
pub struct CollectRule {
    /// Event name.
    pub event: &'static str,
    /// The steps, in order.
    pub steps: &'static [CollectStep],
}

/// Adds a part of an event to the total. Absent, null and empty values (an empty text, list or object) replace nothing. A
/// value that a step does not accept makes the total an error, unless another step with the same `from` accepts it.
#[derive(Debug)]
pub struct CollectStep {
    /// The operation.
    pub verb: Verb,
    /// Pointer into the event, or into the item of [`Verb::Each`]; `""` is the whole value.
    pub from: &'static str,
    /// Pointer into the total, or relative to the place of [`Verb::Each`]. A segment `{name}` is the value of that field
    /// of the event or item: a key, or a position in a list. Missing values are created: a list if a position follows,
    /// else an object.
    pub into: &'static str,
}

/// The operation of a [`CollectStep`].
#[derive(Debug)]
pub enum Verb {
    /// Replaces the value.
    Set,
    /// Sets the value if there is none yet.
    First,
    /// Appends text to text.
    Append,
    /// Puts the fields of an object into an object.
    Merge,
    /// Appends the items of a list to a list. With a name, if an item differs from the last one only in the text of that
    /// field, the text is appended to that of the last item.
    Concat(Option<&'static str>),
    /// Appends text to text that is parsed as JSON at the end of the stream.
    Json,
    /// Sets this JSON if there is no value yet and `from` has one.
    Const(&'static str),
    /// Runs the steps for each item of a list.
    Each(&'static [CollectStep]),
    /// The same, for items that may have no position in the field `at`: each gets one. Without `begins` it is the
    /// position in the event's list.
    Numbered {
        /// The field with the position.
        at: &'static str,
        /// Pointer to an item's id. Another id is another item; but if items have positions, only together with text at
        /// `begins`.
        id: Option<&'static str>,
        /// Pointer to text that begins a new item, such as its name. An item without it continues the last one.
        begins: &'static [&'static str],
        /// Pointer to a JSON text of an item. With it, a repeated name begins a new item only if the JSON of the last
        /// item is complete. More text for the same item then makes the total an error.
        ends: Option<&'static str>,
        /// For each item.
        steps: &'static [CollectStep],
    },
}
