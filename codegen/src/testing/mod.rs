//! Specs for the tests of every stage, and tests of documents against the compiler.

use std::path::{Path, PathBuf};

mod guide;
mod spec_keys;

pub(crate) use specwright_test_specs::{API, api, atelier, compile, resource};

use crate::model::Api;

/// The folder of the project. The manifest that compiles these tests is in `tests/units`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The model of a spec without errors, of the project in this folder below the root.
pub(crate) fn model_of(project: &str, api: &str) -> Api {
    let loaded = crate::load::load(&root().join(project), api).expect("the spec is there");
    crate::pipeline::model(&loaded).0.expect("the spec has no errors")
}
