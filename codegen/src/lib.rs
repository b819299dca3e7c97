//! The Specwright compiler: declarative API specs in, typed Rust clients and their docs out.
//!
//! Data flows one way: [`source`] → [`yaml`] → [`syntax`] → [`model`] → [`check`] → `lower` → [`emit`] → [`mod@write`].

pub mod analyse;
pub mod boundary;
pub mod check;
mod cycles;
pub mod diagnostics;
pub mod emit;
pub mod escape;
pub mod failure;
pub mod interpret;
pub mod load;
mod lower;
pub mod model;
mod parallel;
pub mod pipeline;
pub mod resolve;
pub mod source;
pub mod starter;
pub mod syntax;
pub mod testing;
mod unseen;
pub mod validate;
pub mod words;
pub mod write;
pub mod yaml;
