//! Specs for the tests of every stage, and tests of documents against the compiler.

#[allow(unreachable_pub, reason = "the crate of specs exports it")]
#[path = "../../../tests/specs/src/compiled.rs"]
mod compiled;
mod facts;
mod guide;
mod spec_keys;
mod tests;

pub(crate) use compiled::{API, Compiled, api, atelier, compile, resource};
pub(crate) use facts::model;
