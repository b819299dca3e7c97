//! Calls an operation of an API from its spec alone, without generated code: what `cargo xtask call` does.
//!
//! ```text
//! find (the operation) → arguments (parameters by name) → check (the interpreter judges) → client → send → output
//! ```
//!
//! `described` turns the model into the static data with which generated crates describe an API to the runtime, so retries,
//! credentials, redaction, tasks, streams and downloads are those of generated clients. `curl` prints a request instead of
//! sending it, and `help` says what an API offers.
//!
//! Secrets come from the environment alone, and no output shows one: [`run`] redacts what a server repeats, and a printed
//! command has the name of the variable. What a terminal would obey is escaped.

mod arguments;
mod check;
mod client;
mod complete;
mod curl;
mod described;
mod example;
mod find;
mod help;
#[cfg(feature = "mock")]
mod mock;
mod options;
mod output;
mod parts;
mod progress;
mod request;
mod run;
mod send;
mod shell;
mod style;
mod types;

pub use complete::complete;
pub use options::{Asked, Mock, Options, Pages};
pub use output::{Console, Outcome};
pub use run::run;
