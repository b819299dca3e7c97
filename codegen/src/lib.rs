//! The Specwright compiler: turns declarative API specs into typed Rust clients and their docs.
//!
//! Data flows one way, and [`pipeline`] calls the stages in a row:
//!
//! ```text
//! specs → model → lower → emit → write
//! ```
//!
//! [`specwright_language`] makes the model of the specs, and its modules are modules of this crate, too: what needs both
//! names this one alone. [`surface`] lists what callers of a generated crate write, and [`scaffold`] has the first files of
//! a new API.

mod dependencies;
mod digest;
pub mod emit;
mod lower;
pub mod naming;
pub mod pipeline;
pub mod scaffold;
pub mod settings;
pub mod surface;
#[cfg(test)]
mod testing;
pub mod write;

pub use specwright_language::{
    analyse, boundary, check, constraints, diagnostics, discard, escape, failure, interpret, load, model, pattern,
    prose, regular_file, resolve, serialize, source, syntax, validate, xml, yaml,
};
use specwright_language::{cycles, parallel, parts, rust_words, specialise};
