//! Specs for the tests of every stage.

use std::path::{Path, PathBuf};

#[allow(unreachable_pub, reason = "the crate of specs exports it")]
#[path = "../../../tests/specs/src/compiled.rs"]
mod compiled;
mod facts;
mod tests;

pub(crate) use compiled::{API, Compiled, api, atelier, compile, resource};
pub(crate) use facts::model;

/// The folder of the project. The manifest that compiles these tests is in `tests/units`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}
