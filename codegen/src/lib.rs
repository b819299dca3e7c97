//! The Specwright compiler: turns declarative API specs into typed Rust clients and their docs.
//!
//! Data flows one way: [`source`] → [`yaml`] → [`syntax`] → [`model`] → [`check`] → `lower` → [`emit`] → [`mod@write`].

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
mod invisible_characters;
pub mod load;
mod lower;
pub mod model;
mod parallel;
pub mod pattern;
pub mod pipeline;
pub mod prose;
pub mod resolve;
pub mod scaffold;
pub mod source;
pub mod syntax;
pub mod testing;
pub mod validate;
pub mod write;
pub mod yaml;
