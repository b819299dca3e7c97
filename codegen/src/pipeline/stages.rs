//! The stages themselves, in order. The one place to change when a stage gains an output.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::model::Api;
use crate::source::{FileId, Sources};

/// Text → meaning: everything there is to say about a spec before anything is emitted.
pub(super) fn understand(_sources: &Sources, _files: &[FileId]) -> (Option<Api>, Diagnostics) {
    (None, Diagnostics::new())
}

/// Meaning → the files of the crate, by path within it.
pub(super) fn emit(_api: &Api) -> (BTreeMap<String, String>, Diagnostics) {
    (BTreeMap::new(), Diagnostics::new())
}
