//! Specs for the tests of every stage.

#[allow(unreachable_pub, reason = "the crate of specs exports it")]
#[path = "../../../tests/specs/src/compiled.rs"]
mod compiled;
mod facts;
mod tests;

pub(crate) use compiled::{API, Compiled, api, atelier, compile, resource};
pub(crate) use facts::model;
