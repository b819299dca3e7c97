//! The stages themselves, in order. The one place to change when a stage gains an output.

use std::collections::BTreeMap;

use crate::check;
use crate::diagnostics::Diagnostics;
use crate::emit::{self, EmitCache};
use crate::interpret::examples;
use crate::load::Loaded;
use crate::model::Api;

/// Text → meaning: everything there is to say about a spec before anything is emitted.
///
/// Each stage starts only when the one before found no error, and tells all it finds.
pub(super) fn analyse_api(loaded: &Loaded) -> (Option<Api>, Diagnostics) {
    let (api, mut diagnostics) = loaded.compile();
    if let Some(api) = api.as_ref().filter(|_| !diagnostics.has_errors()) {
        diagnostics.extend(check::check(api));
        diagnostics.extend(examples::check_examples(api));
    }
    (api, diagnostics)
}

/// Meaning → the files of the crate, by path within it. `emit_cache` is brought up to date; whether it differs now.
pub(super) fn emit(api: &Api, printed: &mut EmitCache) -> (BTreeMap<String, String>, bool, Diagnostics) {
    match emit::crate_files_cached(api, printed) {
        Ok((files, new)) => {
            let differs = printed.renew(new, &files.keys().map(String::as_str).collect());
            (files, differs, Diagnostics::new())
        }
        Err(diagnostics) => (BTreeMap::new(), false, diagnostics),
    }
}
