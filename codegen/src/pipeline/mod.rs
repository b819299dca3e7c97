//! All stages in a row: the specs of a project → its generated crates, or what is wrong with them.
//!
//! The command line and tests call it. Nothing is written while any of the requested specs has an error, and the
//! diagnostics of all of them are reported.

mod book;
mod crates;
mod emit_cache;
mod fingerprint;
mod linted;
mod one_api;
mod project;
mod stages;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::discard;
use crate::emit::EmitCache;
use crate::failure::Failure;
use crate::load::Loaded;
use crate::model::Api;
use crate::parallel::{self, STACK};
use crate::settings::Settings;
use crate::source::Sources;
use crate::write::{Drift, DriftKind, Folder, Lock, Mode, Wanted};

use fingerprint::Before;
use linted::Clean;
use one_api::{Generated, generate_one};

pub use book::{Book, write_book};
pub use project::{SPEC, api_names};
pub use specwright_language::stages::model;

/// What a run of [`generate`] did, or would have done.
#[derive(Debug)]
pub struct Outcome {
    /// The requested APIs by name.
    pub apis: Vec<ApiReport>,
    /// Every file that was not as it should be.
    pub drift: Vec<Drift>,
    /// Generated crates whose spec is gone.
    pub removed_crates: Vec<String>,
    /// A fingerprint showed that nothing had changed since the last run: counts are that run's, diagnostics are left out.
    pub unchanged_since_last_run: bool,
    /// All of it.
    pub elapsed: Duration,
}

/// What is done with an API, in this order. The number of each tells how many are behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Its files are read.
    Read,
    /// Its files are parsed, its rules and examples checked.
    Check,
    /// Names of Rust are given.
    Lower,
    /// Its files are made.
    Emit,
    /// All files are made, or there are errors.
    Done,
}

/// Looks on while crates are generated. It is called by several threads.
pub trait Watch: Sync {
    /// A stage of an API begins.
    fn begins(&self, api: &str, stage: Stage);
}

impl Outcome {
    /// Whether a spec has an error, so that nothing was written.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.apis.iter().any(|it| it.errors > 0)
    }
}

/// One API in a run.
#[derive(Debug, Default)]
pub struct ApiReport {
    /// Its name.
    pub name: String,
    /// How many operations it has.
    pub operations: usize,
    /// Files that were missing or had another text.
    pub written: usize,
    /// Files that no spec gives any more.
    pub removed: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Errors in the spec.
    pub errors: usize,
    /// Warnings about the spec.
    pub warnings: usize,
    /// Compiling and emitting; writing is not in it.
    pub elapsed: Duration,
    /// A fingerprint showed that its spec and its crate are as the last run left them: counts are that run's.
    pub unchanged_since_last_run: bool,
    /// The spec's files, to show diagnostics with.
    pub sources: Sources,
    /// What there is to say about it, in order.
    pub diagnostics: Vec<Diagnostic>,
}

/// An API without its files: what `lint`, `validate` and the exporters start from.
#[derive(Debug)]
pub struct Compiled {
    /// Its name.
    pub name: String,
    /// The spec's files.
    pub sources: Sources,
    /// What there is to say about it, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// The meaning of the spec; missing when it could not be made out.
    pub api: Option<Api>,
}

impl Compiled {
    /// The API, if the spec has no error.
    #[must_use]
    pub fn api_without_errors(&self) -> Option<&Api> {
        self.api.as_ref().filter(|_| self.count(Severity::Error) == 0)
    }

    /// As [`api_without_errors`](Self::api_without_errors), for good; without it, all that was found comes back.
    ///
    /// # Errors
    ///
    /// When the spec has an error.
    pub fn into_api_without_errors(mut self) -> Result<Api, Box<Self>> {
        match self.api.take() {
            Some(api) if self.count(Severity::Error) == 0 => Ok(api),
            api => Err(Box::new(Self { api, ..self })),
        }
    }

    /// How many diagnostics of a severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|it| it.severity == severity).count()
    }
}

/// The right to write to a project, or to look at it while nobody writes; see [`Lock::take`].
///
/// # Errors
///
/// As [`api_names`], so that nothing is written to a folder that is no project; or when there is no lock to be had.
pub fn lock(project: &Path, mode: Mode, waits: impl FnOnce()) -> Result<Lock, Failure> {
    api_names(project)?;
    Lock::take(project, mode, waits)
}

/// Brings `generated/` in line with `spec/`, or only tells how it differs.
///
/// `apis` empty means all, and then crates whose spec is gone are removed as well. The lock says which project, and
/// which of the two.
///
/// # Errors
///
/// When the project cannot be read or written, or an API of that name is not there.
pub fn generate(lock: &Lock, apis: &[String]) -> Result<Outcome, Failure> {
    /// Nobody looks.
    struct Nobody;
    impl Watch for Nobody {
        fn begins(&self, _: &str, _: Stage) {}
    }
    generate_watched(lock, apis, &Nobody)
}

/// As [`generate`], and tells how far it is.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_watched(lock: &Lock, apis: &[String], watch: &dyn Watch) -> Result<Outcome, Failure> {
    let (project, mode) = (lock.project(), lock.mode());
    let start = Instant::now();
    let settings = Settings::load(project)?;
    let names = requested(project, apis)?;
    let mut before = (mode == Mode::Write).then(|| Before::of(project, &settings, &names));
    let mut unchanged = before.as_mut().map(|it| std::mem::take(&mut it.apis)).unwrap_or_default();
    if before.as_ref().is_some_and(|it| it.is_unchanged) {
        // Counts only: what there was to say is not kept.
        return Ok(Outcome {
            apis: unchanged,
            drift: Vec::new(),
            removed_crates: Vec::new(),
            unchanged_since_last_run: true,
            elapsed: start.elapsed(),
        });
    }
    // Warnings are not kept, and nobody shall miss them because of an edit elsewhere.
    unchanged.retain(|it| it.warnings == 0);
    let changed: Vec<String> =
        names.iter().filter(|name| unchanged.iter().all(|it| it.name != **name)).cloned().collect();
    unchanged.iter().for_each(|it| watch.begins(&it.name, Stage::Done));
    let made = in_parallel(&changed, |name| {
        let made = generate_one(project, name, before.as_ref(), &settings, watch);
        watch.begins(name, Stage::Done);
        made
    })?;
    let mut outcome = Outcome {
        apis: Vec::with_capacity(made.len()),
        drift: Vec::new(),
        removed_crates: Vec::new(),
        unchanged_since_last_run: false,
        elapsed: Duration::ZERO,
    };
    let (mut texts, mut kept) = (BTreeMap::new(), BTreeSet::new());
    let mut caches = Vec::new();
    for Generated { report, files, cache } in made {
        caches.extend(cache.map(|it| (report.name.clone(), it)));
        texts.extend(files.texts.into_iter().map(|(path, text)| (format!("{}/{path}", report.name), text)));
        kept.extend(files.kept.into_iter().map(|path| format!("{}/{path}", report.name)));
        outcome.apis.push(report);
    }
    let wanted = Wanted { texts: &texts, kept: &kept };
    // Those that could not be stored.
    let store =
        || caches.iter().filter(|(name, it)| !emit_cache::store(project, name, it)).map(|it| it.0.as_str()).collect();
    if outcome.has_errors() {
        let _: Vec<&str> = store();
        outcome.elapsed = start.elapsed();
        return Ok(outcome);
    }
    let mut scope: Vec<Folder> = changed.iter().map(Folder::new).collect();
    if apis.is_empty() {
        scope.extend(project::other_crates(project, &settings.crates.output, &names)?);
    }
    let write = || stages::write(lock, &project.join(&settings.crates.output), wanted, &scope);
    let (lost, drift): (Vec<&str>, _) = parallel::join(store, write);
    outcome.drift = drift?;
    count(&mut outcome, wanted);
    outcome.apis.extend(unchanged);
    outcome.apis.sort_by(|a, b| a.name.cmp(&b.name));
    let told = outcome.drift.iter().any(|it| it.kind == DriftKind::NoCrate);
    if let Some(before) = before.filter(|_| apis.is_empty() && !told) {
        let found = (outcome.apis.as_slice(), outcome.drift.as_slice());
        fingerprint::remember(project, &settings, before, found, |name| !lost.contains(&name));
    }
    discard::here((texts, kept, caches));
    outcome.elapsed = start.elapsed();
    Ok(outcome)
}

/// Reads and judges the specs; emits nothing. `apis` empty means all.
///
/// # Errors
///
/// When the project cannot be read, or an API of that name is not there.
pub fn compile(project: &Path, apis: &[String]) -> Result<Vec<Compiled>, Failure> {
    in_parallel(&requested(project, apis)?, |name| compile_one(project, name))
}

/// What there is to say about an API, and the files that it is said of.
#[derive(Debug, Default)]
pub struct Linted {
    /// Its name.
    pub name: String,
    /// The spec's files, to show diagnostics with.
    pub sources: Sources,
    /// In order.
    pub diagnostics: Vec<Diagnostic>,
    /// It was not read: an earlier run found nothing in it, and its files are as they were then.
    pub unchanged_since_last_run: bool,
}

/// As [`compile`], and what can be said about the Rust that would be made: names that collide, and what has none yet.
///
/// An API in which an earlier run found nothing, and whose files are as they were then, is not read again.
///
/// # Errors
///
/// As [`compile`].
pub fn lint(project: &Path, apis: &[String]) -> Result<Vec<Linted>, Failure> {
    let clean = Clean::of(project);
    let linted = in_parallel(&requested(project, apis)?, |name| {
        if clean.as_ref().is_some_and(|it| it.has(name)) {
            return Ok(Linted { name: name.to_owned(), unchanged_since_last_run: true, ..Linted::default() });
        }
        let Compiled { name, sources, diagnostics, api } =
            with_names(compiled(name, stages::load(project, name, clean.as_ref().and_then(|it| it.take_spec(name)))?));
        discard::here(api);
        Ok(Linted { name, sources, diagnostics, unchanged_since_last_run: false })
    })?;
    if let Some(clean) = clean {
        clean.remember(project, linted.iter().filter(|it| it.diagnostics.is_empty()).map(|it| it.name.as_str()));
    }
    Ok(linted)
}

/// What [`lint`] says of files that are written nowhere yet: their names in the folder of the API, and their texts.
#[must_use]
pub fn lint_texts(name: &str, files: impl IntoIterator<Item = (String, String)>) -> Compiled {
    let mut loaded = Loaded::default();
    for (file, text) in files {
        let id = loaded.sources.add(format!("{SPEC}/{name}/{file}"), text);
        loaded.files.push(id);
    }
    with_names(compiled(name, loaded))
}

/// With what can be said about its Rust, where nothing is wrong so far.
fn with_names(mut compiled: Compiled) -> Compiled {
    if let Some(found) = compiled.api_without_errors().map(stages::faults_of_rust) {
        compiled.diagnostics.extend(found.into_sorted());
    }
    compiled
}

/// One API whose spec has no errors, for commands that need its meaning.
///
/// # Errors
///
/// As [`compile`]. A spec with errors is no failure: look at [`Compiled::api_without_errors`].
pub fn compile_one(project: &Path, name: &str) -> Result<Compiled, Failure> {
    Ok(compiled(name, stages::load(project, name, None)?))
}

fn compiled(name: &str, loaded: Loaded) -> Compiled {
    let (api, diagnostics) = stages::analyse(&loaded);
    let sources = loaded.sources;
    Compiled { name: name.to_owned(), sources, diagnostics: diagnostics.into_sorted(), api }
}

fn requested(project: &Path, apis: &[String]) -> Result<Vec<String>, Failure> {
    let known = api_names(project)?;
    if apis.is_empty() {
        return Ok(known);
    }
    let mut names = Vec::with_capacity(apis.len());
    for api in apis {
        if !known.contains(api) {
            return Err(project::unknown_api(project, api, &known));
        }
        names.push(api.clone());
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// The files of the crate of an API, by path inside its folder, in a project without a project file.
///
/// # Errors
///
/// A name cannot be had in Rust, or the spec says something that has no Rust yet.
pub fn crate_files(api: &Api) -> Result<BTreeMap<String, String>, Diagnostics> {
    let settings = Settings::default();
    let nothing = EmitCache::default();
    let mut files = stages::emit(api, &stages::lower_whole(api)?, &nothing, &[], &settings).unwrap_or_default().0;
    files.extend(stages::pages(api, &nothing, &[], &settings).0);
    Ok(files.texts)
}

/// A call of an API as Rust, to begin a program with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstCall {
    /// What the call uses.
    pub imports: Vec<String>,
    /// The call of `client`, whose result a `let` names.
    pub lines: Vec<String>,
    /// The feature of the crate that has the operation.
    pub feature: String,
}

/// The first call of an API's documentation; missing where no operation has one, or the API has no Rust.
#[must_use]
pub fn first_call(api: &Api) -> Option<FirstCall> {
    let krate = stages::lower_whole(api).ok()?;
    let lines = krate.first_call?.lines.into_iter().filter(|it| !it.is_empty());
    let (imports, lines): (Vec<String>, Vec<String>) = lines.partition(|it| it.starts_with("use "));
    let handle = |module: &str| lines.iter().any(|it| it.trim() == format!(".{module}()"));
    let feature = krate.resources.iter().find(|it| handle(&it.module))?.feature.clone();
    Some(FirstCall { imports, lines, feature })
}

/// APIs do not know of each other, so as many are made at a time as there are processors. More would only take memory
/// from each other: what an API leaves in the memory of its thread is used again by the next. Results keep the order of
/// the names.
fn in_parallel<T: Send>(names: &[String], work: impl Fn(&str) -> Result<T, Failure> + Sync) -> Result<Vec<T>, Failure> {
    std::thread::scope(|scope| {
        // Not here, where the stack may be small.
        let run = || {
            parallel::make_room();
            parallel::map(names, |it| work(it))
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let thread = thread.map_err(|error| Failure::new(format!("no thread: {error}")))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).into_iter().collect()
    })
}

fn count(outcome: &mut Outcome, wanted: Wanted<'_>) {
    for report in &mut outcome.apis {
        let prefix = format!("{}/", report.name);
        let files = wanted.paths().filter(|it| it.starts_with(&prefix)).count();
        let drift = || outcome.drift.iter().filter(|it| it.path.starts_with(&prefix));
        report.removed = drift().filter(|it| it.kind == DriftKind::Stale).count();
        report.written = drift().filter(|it| matches!(it.kind, DriftKind::Missing | DriftKind::Changed { .. })).count();
        report.unchanged = files - report.written;
    }
    let stale = outcome.drift.iter().filter(|it| it.kind == DriftKind::Stale);
    let crates = stale.filter_map(|it| it.path.split('/').next());
    let mut gone: Vec<String> =
        crates.filter(|krate| outcome.apis.iter().all(|api| api.name != *krate)).map(str::to_owned).collect();
    gone.dedup();
    outcome.removed_crates = gone;
}
