//! Detects that nothing has changed since the last run, or which APIs have not, without doing the work again.
//!
//! `target/specwright/fingerprint` holds, for each API, a hash over the compiler itself, the settings of the project, the
//! text of the API's spec files, and the length and times of every file of its crate, as they stood after a whole run
//! without errors; and one over all of them and everything else among the crates. Anything that cannot be read, or is not
//! a plain file, means: no fingerprint, so the run does all the work. So does a spec that was edited while the run was at
//! work. `--check` never asks.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher as _, DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use foldhash::quality::FixedState;

use super::project::{self, SPEC};
use super::{ApiReport, api_names};
use crate::parallel;
use crate::settings::Settings;
use crate::write::is_temporary;

/// No spec file is larger.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// A hash over the compiler, the settings and the texts of each API, as they stand before a run reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Specs(BTreeMap<String, u64>);

impl Specs {
    pub(super) fn of(project: &Path, settings: &Settings) -> Option<Self> {
        let (compiler, settings) = (compiler()?, format!("{settings:?}"));
        let hash = |api: String| {
            let mut hasher = DefaultHasher::new();
            (compiler, &settings, &api).hash(&mut hasher);
            hash_texts(&project.join(SPEC).join(&api), &mut hasher)?;
            Some((api, hasher.finish()))
        };
        api_names(project).ok()?.into_iter().map(hash).collect::<Option<_>>().map(Self)
    }

    /// Each API with its hash, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(api, hash)| (api.as_str(), *hash))
    }
}

/// Which compiler this is.
pub(super) fn compiler() -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    hash_metadata(&std::env::current_exe().ok()?, &mut hasher)?;
    Some(hasher.finish())
}

/// What is as the last run left it.
#[derive(Debug, Default)]
pub(super) struct Unchanged {
    /// Whether that is everything: these APIs, all others, and all that is among the crates.
    pub(super) everything: bool,
    /// The reports of that run for the APIs.
    pub(super) apis: Vec<ApiReport>,
}

/// The specs before a run, and which of `names` are as the last run left them, in their order.
pub(super) fn unchanged(project: &Path, settings: &Settings, names: &[String]) -> (Option<Specs>, Option<Unchanged>) {
    let (specs, now) = specs_and_crates(project, settings);
    let unchanged = || {
        let text = fs::read_to_string(file(project)).ok()?;
        if holds_leftover(project)? || holds_leftover(&project.join(&settings.crates.output))? {
            return None;
        }
        let now = Fingerprints { specs: specs.as_ref()?, crates: now? };
        let mut lines = text.lines();
        let same = lines.next()? == format!("{:016x}", now.all());
        let mut apis: Vec<ApiReport> = lines.filter_map(|it| parse(it, &now)).collect();
        apis.retain(|it| names.contains(&it.name));
        apis.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Unchanged { everything: same && apis.len() == names.len(), apis })
    };
    let unchanged = unchanged();
    (specs, unchanged)
}

/// Keeps what a whole run found that began with these specs. Errors are ignored: the next run does all the work.
pub(super) fn remember(project: &Path, before: Option<Specs>, settings: &Settings, reports: &[ApiReport]) {
    let file = file(project);
    // The old fingerprint goes first: should the new one not get written, there is none.
    let _ = fs::remove_file(&file);
    let Some(before) = before else { return };
    let (Some(specs), Some(crates)) = specs_and_crates(project, settings) else { return };
    if specs != before {
        return;
    }
    let now = Fingerprints { specs: &specs, crates };
    let mut text = format!("{:016x}\n", now.all());
    for it in reports {
        let files = it.written + it.unchanged;
        let own = now.api(&it.name);
        text.push_str(&format!("{} {} {files} {} {own:016x}\n", it.name, it.operations, it.warnings));
    }
    if let Some(folder) = file.parent() {
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&file, text));
    }
}

/// All specs, and all crates: hundreds of files each, of which two threads look at once.
fn specs_and_crates(project: &Path, settings: &Settings) -> (Option<Specs>, Option<Crates>) {
    let (crates, specs) = parallel::join(|| crates(project, settings), || Specs::of(project, settings));
    (specs, crates)
}

fn file(project: &Path) -> PathBuf {
    project.join("target").join("specwright").join("fingerprint")
}

/// The report of a line, if its API is as it was.
fn parse(line: &str, now: &Fingerprints<'_>) -> Option<ApiReport> {
    let mut words = line.split(' ');
    let name = words.next()?.to_owned();
    let mut number = || words.next()?.parse().ok();
    let (operations, unchanged, warnings) = (number()?, number()?, number()?);
    let is_same = words.next()? == format!("{:016x}", now.api(&name));
    let report =
        ApiReport { name, operations, unchanged, warnings, unchanged_since_last_run: true, ..Default::default() };
    is_same.then_some(report)
}

/// A hash over each folder among the crates.
type Crates = BTreeMap<String, u64>;

fn crates(project: &Path, settings: &Settings) -> Option<Crates> {
    let output = settings.crates.output.as_str();
    let hash = |krate: String| {
        let mut hasher = DefaultHasher::new();
        hash_tree(&project.join(output).join(&krate), &mut hasher)?;
        Some((krate, hasher.finish()))
    };
    project::generated_crates(project, output).ok()?.into_iter().map(hash).collect()
}

/// The specs, and the crates that were made from them.
struct Fingerprints<'s> {
    specs: &'s Specs,
    crates: Crates,
}

impl Fingerprints<'_> {
    fn all(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.specs.0, &self.crates).hash(&mut hasher);
        hasher.finish()
    }

    /// An API and its crate.
    fn api(&self, name: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.specs.0.get(name), self.crates.get(name)).hash(&mut hasher);
        hasher.finish()
    }
}

/// Names and texts of all files of a spec; other things in its folder leave it in doubt.
fn hash_texts(folder: &Path, hasher: &mut DefaultHasher) -> Option<()> {
    for entry in entries(folder)? {
        // Through links, as specs are read.
        let metadata = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file)?;
        if metadata.len() > MOST_BYTES {
            return None;
        }
        entry.file_name().hash(hasher);
        // Before each run, and so by a hash that is made for long texts.
        FixedState::default().hash_one(fs::read(entry.path()).ok()?).hash(hasher);
    }
    Some(())
}

fn entries(folder: &Path) -> Option<Vec<fs::DirEntry>> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder).ok()?.collect::<Result<_, _>>().ok()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Some(entries)
}

/// Whether a killed run left something right in a folder.
fn holds_leftover(folder: &Path) -> Option<bool> {
    let entries = entries(folder)?;
    Some(entries.iter().any(|it| it.file_name().to_str().is_some_and(is_temporary)))
}

fn hash_tree(folder: &Path, hasher: &mut DefaultHasher) -> Option<()> {
    folder.hash(hasher);
    for entry in entries(folder)? {
        let kind = entry.file_type().ok()?;
        if kind.is_dir() {
            hash_tree(&entry.path(), hasher)?;
        } else if kind.is_file() {
            hash_metadata(&entry.path(), hasher)?;
        } else {
            return None;
        }
    }
    Some(())
}

fn hash_metadata(path: &Path, hasher: &mut DefaultHasher) -> Option<()> {
    let metadata = fs::metadata(path).ok()?;
    path.hash(hasher);
    metadata.len().hash(hasher);
    metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.hash(hasher);
    // The time of the last edit can be set to what it was; that of the last change to a file's data or rights cannot.
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        (metadata.ctime(), metadata.ctime_nsec(), metadata.ino()).hash(hasher);
    }
    Some(())
}
