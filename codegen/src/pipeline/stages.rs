//! The stages, in the order in which they run. All but the last take one API; `write` takes the files of all at once.

use std::path::Path;

use crate::dependencies::{self, Dependencies};
use crate::diagnostics::Diagnostics;
use crate::digest::Digest;
use crate::emit::{EmitCache, Files};
use crate::failure::Failure;
use crate::load::Loaded;
use crate::lower::view::Crate;
use crate::model::Api;
use crate::settings::Settings;
use crate::write::{self, Drift, Folder, Lock, Tree, Wanted};
use crate::{emit, load, lower};

pub(super) use specwright_language::stages::{analyse, judge, resolved as resolve};

/// Folder → text, unless the files were read before.
pub(super) fn load(project: &Path, name: &str, before: Option<Loaded>) -> Result<Loaded, Failure> {
    before
        .map_or_else(|| load::load(project, name), Ok)
        .map_err(|error| Failure::new(format!("cannot read a spec: {error}")))
}

/// Model → Rust view.
///
/// # Errors
///
/// A name cannot be had in Rust, or the spec says something that has no Rust yet.
pub(super) fn lower_whole(api: &Api) -> Result<Crate, Diagnostics> {
    lower::api(api)
}

/// Model → Rust view, without resources, or docs of operations, whose files the cache has, as far as can be told. `from` has
/// what the docs of each resource are made from.
///
/// # Errors
///
/// As [`lower_whole`].
pub(super) fn lower<'f>(
    api: &Api,
    cache: &EmitCache,
    from: impl FnOnce() -> &'f [Digest],
) -> Result<Crate, Diagnostics> {
    let kept = || {
        let resources = api.resources.iter().zip(from());
        resources.map(|(it, words)| Some(&cache.resource(&it.name, *words)?.outline)).collect()
    };
    lower::api_but_kept(api, kept)
}

/// What [`lower_whole`] would report.
pub(super) fn faults_of_rust(api: &Api) -> Diagnostics {
    lower::faults(api)
}

/// Model → what the files of each resource can depend on.
pub(super) fn dependencies(api: &Api, loaded: &Loaded) -> Dependencies {
    dependencies::of_resources(api, &loaded.sources)
}

/// Model → the pages of the reference, by path within the crate; and those that the cache did not have.
pub(super) fn pages(api: &Api, cache: &EmitCache, from: &[Digest], settings: &Settings) -> (Files, EmitCache) {
    emit::pages(api, cache, from, settings)
}

/// Model and Rust view → the other files of the crate, by path within it; and those that the cache did not have. `None`: it
/// takes docs that the view does not have.
pub(super) fn emit(
    api: &Api,
    krate: &Crate,
    cache: &EmitCache,
    from: &[Digest],
    settings: &Settings,
) -> Option<(Files, EmitCache)> {
    emit::crate_files(api, krate, cache, from, settings)
}

/// Files of all crates → disk: how the folder differed from them.
pub(super) fn write(lock: &Lock, generated: &Path, files: Wanted<'_>, scope: &[Folder]) -> Result<Vec<Drift>, Failure> {
    // Beside it, since cargo takes every folder in it for a crate.
    write::sync(lock, Tree { root: generated, beside: lock.project() }, files, scope)
}
