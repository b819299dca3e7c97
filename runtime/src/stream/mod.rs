//! Server-sent events: typed, bounded, added up.

mod spec;

pub use spec::{Fold, State, Step, StreamSpec, TextAt, Verb};
