//! The stages, in the order in which they run. All but the last take one API; `write` takes the files of all at once.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::emit::EmitCache;
use crate::failure::Failure;
use crate::load::Loaded;
use crate::lower::view::Crate;
use crate::model::Api;
use crate::settings::Settings;
use crate::write::{self, Drift, Folder, Lock, Tree};
use crate::{emit, load, lower};

pub(super) use specwright_language::stages::analyse;

/// Folder → text.
pub(super) fn load(project: &Path, name: &str) -> Result<Loaded, Failure> {
    load::load(project, name).map_err(|error| Failure::new(format!("cannot read a spec: {error}")))
}

/// Model → Rust view.
///
/// # Errors
///
/// A name cannot be had in Rust, or the spec says something that has no Rust yet.
pub(super) fn lower(api: &Api) -> Result<Crate, Diagnostics> {
    lower::api(api)
}

/// What [`lower`] would report.
pub(super) fn faults_of_rust(api: &Api) -> Diagnostics {
    lower::faults(api)
}

/// Model → the pages of the reference, by path within the crate.
pub(super) fn pages(api: &Api, settings: &Settings) -> BTreeMap<String, String> {
    emit::pages(api, settings)
}

/// Model and Rust view → the other files of the crate, by path within it. `cache` is brought up to date; whether it differs now.
pub(super) fn emit(
    api: &Api,
    krate: &Crate,
    cache: &mut EmitCache,
    settings: &Settings,
) -> (BTreeMap<String, String>, bool) {
    let (files, new) = emit::crate_files(api, krate, cache, settings);
    let differs = cache.renew(new, &files.keys().map(String::as_str).collect());
    (files, differs)
}

/// Files of all crates → disk: how the folder differed from them.
pub(super) fn write(
    lock: &Lock,
    generated: &Path,
    files: &BTreeMap<String, String>,
    scope: &[Folder],
) -> Result<Vec<Drift>, Failure> {
    // Beside it, since cargo takes every folder in it for a crate.
    write::sync(lock, Tree { root: generated, beside: lock.project() }, files, scope)
}
