//! Small specs for the tests of all crates, and [`atelier`], a spec that uses all of the language.

mod compiled;
mod hash;

pub use compiled::{API, Compiled, api, atelier, compile, resource};
pub use hash::hash;
