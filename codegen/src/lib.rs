//! The Specwright compiler: turns declarative API specs into typed Rust clients and their docs.
//!
//! Data flows one way, and [`pipeline`] calls the stages in a row:
//!
//! ```text
//! load → yaml → syntax → resolve → model → check, interpret::examples → lower → emit → write
//! ```
//!
//! [`constraints`] says what each keyword means, [`analyse`] reasons about conditions, [`prose`] words them, and
//! [`diagnostics`] makes all messages. [`interpret`] judges requests by the model alone, and [`boundary`] makes requests
//! on both sides of every limit. [`validate`] finds the operation of a request, [`serialize`] writes parameters as they are
//! sent, `specialise` says what a variant leaves of an operation, [`surface`] lists what callers of a generated crate write,
//! and [`scaffold`] has the first files of a new API.

// What tests share with other crates names this one as they do.
#[cfg(test)]
extern crate self as specwright_codegen;

pub mod analyse;
pub mod boundary;
pub mod check;
pub mod constraints;
mod cycles;
pub mod diagnostics;
pub mod emit;
pub mod escape;
pub mod failure;
pub mod interpret;
pub mod load;
mod lower;
pub mod model;
pub mod naming;
mod parallel;
pub mod pattern;
pub mod pipeline;
pub mod prose;
pub mod resolve;
mod rust_words;
pub mod scaffold;
pub mod serialize;
pub mod settings;
mod specialise;
pub mod surface;
pub mod syntax;
#[cfg(test)]
mod testing;
pub mod validate;
pub mod write;
pub mod xml;
pub mod yaml;

pub use specwright_yaml::source;
