//! A stream of server-sent events as static data: which events it has, how it goes on and ends, and what its events add
//! up to.
//!
//! The name of an event of plain `data:` chunks is `""`. Pointers are JSON pointers (RFC 6901) into the data of an event.

/// How a stream is read.
#[derive(Debug)]
pub struct StreamSpec {
    /// Events are told apart by their names; else every event is a chunk of one type.
    pub named: bool,
    /// Pointer of the event's name in its data, for servers that leave the `event:` line out.
    pub name: Option<&'static str>,
    /// Data that ends the stream, such as `[DONE]`.
    pub end_data: Option<&'static str>,
    /// Events that carry an error.
    pub error_events: &'static [&'static str],
    /// Where data that carries an error, of whatever event, has it.
    pub error: Option<&'static str>,
    /// What may come when; the first is the state in the beginning. Empty: anything at any time, and the end of the
    /// connection is the end, if there is no `end_data`.
    pub states: &'static [State],
    /// Where text for a reader is.
    pub text: &'static [TextAt],
    /// What each event adds to the answer.
    pub fold: &'static [CollectRule],
}

/// A state of a stream.
#[derive(Debug)]
pub struct State {
    /// What the spec calls it.
    pub name: &'static str,
    /// Event and index of the state after it. An event without a move stays in the state.
    pub moves: &'static [(&'static str, usize)],
    /// Nothing comes after it: the answer is complete.
    pub ends: bool,
}

/// Text for a reader in the data of an event.
#[derive(Debug)]
pub struct TextAt {
    /// Event name.
    pub event: &'static str,
    /// Pointer; a segment `*` stands for every item of a list.
    pub at: &'static str,
    /// A field beside the text that is `true` where the text is for nobody to read.
    pub unless: Option<&'static str>,
}

/// What an event adds.
#[derive(Debug)]
pub struct CollectRule {
    /// Event name.
    pub event: &'static str,
    /// In this order.
    pub steps: &'static [CollectStep],
}

/// Takes a part of an event into the answer. What is absent, null or empty (a text, a list or an object with nothing in it)
/// replaces nothing. What a step cannot take makes the total an error, unless another step with the same `from` takes it.
#[derive(Debug)]
pub struct CollectStep {
    /// What is done.
    pub verb: Verb,
    /// Pointer into the event, or into the item of [`Verb::Each`]; `""` is all of it.
    pub from: &'static str,
    /// Pointer into the answer, or on from where [`Verb::Each`] is. A segment `{name}` is the value of that field of the
    /// event or item: a key, or a position in a list. What is not there yet is made: a list where a position
    /// follows, else an object.
    pub into: &'static str,
}

/// What a [`CollectStep`] does.
#[derive(Debug)]
pub enum Verb {
    /// Replaces.
    Set,
    /// Puts it where nothing is yet.
    First,
    /// Adds text to text.
    Append,
    /// Puts the fields of an object into an object.
    Merge,
    /// Adds the items of a list to a list. With a name: of an item that differs from the last one in the text of that
    /// field alone, the text is added to the last one's.
    Concat(Option<&'static str>),
    /// Adds text to text that is read as JSON when the stream is over.
    Json,
    /// Puts this JSON where nothing is yet, if something is at `from`.
    Const(&'static str),
    /// Does the steps for each item of a list.
    Each(&'static [CollectStep]),
    /// The same, for items that may not tell their position in the field `at`: each is given one. Without `begins` it is
    /// that in the event's list.
    Numbered {
        /// The field with the position.
        at: &'static str,
        /// Where an item has its id. Another id is another item; but where positions are told, only with text at `begins`.
        id: Option<&'static str>,
        /// Where an item has text that begins a new one, such as its name. What has none goes on with the last.
        begins: &'static [&'static str],
        /// Where an item has a text of JSON. With it, a name that is the last one's again begins a new item only when that
        /// one's JSON is whole; more for the same item makes the total an error then.
        ends: Option<&'static str>,
        /// For each item.
        steps: &'static [CollectStep],
    },
}
