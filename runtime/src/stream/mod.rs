//! Server-sent events: typed, bounded, added up.
//!
//! `wire` makes the bytes of a connection fit for the parser of events (sse-stream), `core` follows the spec's states and
//! finds errors and the end, `accumulate` adds events up in places that `place` and `items` find, `text` picks what a reader
//! reads, `part` knows of characters whose halves stand in two events. `events` and `open` are what users see.

pub(crate) mod accumulate;
mod core;
mod events;
mod items;
mod lost;
mod mismatch;
mod open;
pub(crate) mod part;
mod place;
mod spec;
mod text;
pub(crate) mod wire;

pub use events::{EventStream, OtherEvent, ReadEvent, TextStream, chunk};
pub use open::Streaming;
pub use spec::{CollectRule, CollectStep, State, StreamSpec, TextAt, Verb};
