//! The spec language: turns the files of an API into a model, tells everything that is wrong with them, and judges requests.
//!
//! Data flows one way, and [`stages`] calls the stages in a row:
//!
//! ```text
//! load → yaml → syntax → resolve → model → check, interpret::examples
//! ```
//!
//! [`constraints`] says what each keyword means, [`analyse`] reasons about conditions, [`prose`] words them, and
//! [`diagnostics`] makes all messages. [`interpret`] judges requests by the model alone, and [`boundary`] makes requests
//! on both sides of every limit. [`validate`] finds the operation of a request, [`serialize`] writes parameters as they are
//! sent, and [`specialise`] says what a variant leaves of an operation.

// What tests share with other crates names this one as they do.
#[cfg(test)]
extern crate self as specwright_language;

pub mod analyse;
pub mod boundary;
pub mod check;
pub mod constraints;
pub mod cycles;
pub mod diagnostics;
pub mod discard;
pub mod escape;
pub mod failure;
pub mod interpret;
pub mod load;
pub mod model;
pub mod parallel;
pub mod parts;
pub mod pattern;
pub mod prose;
pub mod regular_file;
pub mod resolve;
pub mod rust_words;
pub mod serialize;
pub mod specialise;
pub mod stages;
pub mod syntax;
#[cfg(test)]
mod testing;
pub mod validate;
pub mod xml;
pub mod yaml;

pub use specwright_yaml::source;
