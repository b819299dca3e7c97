//! One API: its spec → the files of its crate, or what is wrong with it.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use super::fingerprint::Before;
use super::{ApiReport, Stage, Watch, emit_cache, stages};
use crate::dependencies::Dependencies;
use crate::diagnostics::{Diagnostics, Severity};
use crate::discard;
use crate::emit::{self, EmitCache, Files};
use crate::failure::Failure;
use crate::load::{CHANGELOG, Loaded};
use crate::model::Api;
use crate::parallel;
use crate::parts::Parts;
use crate::settings::Settings;

/// What became of one API.
pub(super) struct Generated {
    pub(super) report: ApiReport,
    /// By path inside its crate.
    pub(super) files: Files,
    /// What was printed, if it is to be kept.
    pub(super) cache: Option<EmitCache>,
}

/// All stages but the last, for one API. `before`: how everything stands, where what is made is kept, and what is kept is
/// used.
pub(super) fn generate_one(
    project: &Path,
    name: &str,
    before: Option<&Before>,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Generated, Failure> {
    let start = Instant::now();
    watch.begins(name, Stage::Read);
    let loaded = stages::load(project, name, before.and_then(|it| it.take_spec(name)))?;
    watch.begins(name, Stage::Check);
    // Meanwhile, since names are resolved by one thread.
    let keeps = before.is_some();
    let cache = || before.map(|it| emit_cache::load(project, name, it)).unwrap_or_default();
    let (mut cache, (api, mut found)) = parallel::join(cache, || stages::resolve(&loaded));
    // Whoever needs it first finds it out.
    let from = OnceLock::new();
    let from = Lazy { api: api.as_ref().filter(|_| keeps), loaded: &loaded, made: &from };
    let mut told = Parts::default();
    if let Some(api) = &api {
        let judged;
        (judged, told) = stages::judge(api, &known(api, &cache, &from));
        found.extend(judged);
    }
    let mut files = Files::default();
    let mut differs = false;
    let mut view = None;
    if let Some(api) = api.as_ref().filter(|_| !found.has_errors()) {
        watch.begins(name, Stage::Lower);
        let pages = || stages::pages(api, &cache, &from.get().digests, settings);
        let rust = || {
            let mut krate = stages::lower(api, &cache, || from.get().digests.as_slice())?;
            watch.begins(name, Stage::Emit);
            let mut emitted = stages::emit(api, &krate, &cache, &from.get().digests, settings);
            if emitted.is_none() {
                // The docs were the same, and something else was not.
                krate = stages::lower_whole(api)?;
                emitted = stages::emit(api, &krate, &cache, &from.get().digests, settings);
            }
            view = Some(krate);
            Ok::<_, Diagnostics>(emitted.expect("nothing is missing of a view with all of its docs"))
        };
        match parallel::join(pages, rust) {
            ((pages, new_pages), Ok((emitted, mut new))) => {
                files = emitted;
                files.extend(pages);
                if let Some(text) = &loaded.changelog {
                    files.texts.insert(CHANGELOG.to_owned(), emit::changelog(api, text));
                }
                new.files.extend(new_pages.files);
                for (at, resource) in api.resources.iter().enumerate() {
                    if let Some(it) = new.resources.get_mut(&resource.name) {
                        it.is_sound = from.get().are_apart(at, &told);
                    }
                }
                differs = cache.renew(new, &files.paths().collect());
            }
            (_, Err(faults)) => found.extend(faults.into_sorted()),
        }
    }
    let diagnostics = found.into_sorted();
    let count = |severity| diagnostics.iter().filter(|it| it.severity == severity).count();
    let report = ApiReport {
        name: name.to_owned(),
        operations: api.as_ref().map_or(0, |it| it.operations.len()),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        elapsed: start.elapsed(),
        diagnostics,
        ..ApiReport::default()
    };
    let cache = (keeps && differs).then_some(cache);
    let report = ApiReport { sources: loaded.sources, ..report };
    discard::here((api, view));
    Ok(Generated { report, files, cache })
}

/// What the resources of an API lead to, from when it is needed. There is none where nothing is kept.
struct Lazy<'a> {
    api: Option<&'a Api>,
    loaded: &'a Loaded,
    made: &'a OnceLock<Dependencies>,
}

impl Lazy<'_> {
    fn get(&self) -> &Dependencies {
        self.made.get_or_init(|| self.api.map(|it| stages::dependencies(it, self.loaded)).unwrap_or_default())
    }
}

/// What need not be judged again: all that resources lead to of which nothing was told when it was the same.
fn known(api: &Api, cache: &EmitCache, from: &Lazy<'_>) -> Parts {
    let mut known = Parts::default();
    // To find out what it would be takes longer than to judge a small API.
    if cache.resources.values().any(|it| it.is_sound) {
        for (at, resource) in api.resources.iter().enumerate() {
            let kept = cache.resources.get(&resource.name).filter(|it| it.is_sound);
            if kept.is_some_and(|it| from.get().digests.get(at) == Some(&it.words)) {
                known.extend(from.get().parts(at));
            }
        }
    }
    known
}
