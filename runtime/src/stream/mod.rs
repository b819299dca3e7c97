//! Server-sent events: typed, bounded, accumulated.
//!
//! `wire` reads a connection within its limits, and `blocks` finds the blocks of lines in its bytes. `core` follows the
//! spec's states and finds errors and the end. `accumulate` adds up events at the places that `place` and `items` find,
//! `text` extracts the text for a reader, and `part` handles surrogate pairs that are split across two events. `events` and
//! `open` are the public part.

pub(crate) mod accumulate;
pub(crate) mod blocks;
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
