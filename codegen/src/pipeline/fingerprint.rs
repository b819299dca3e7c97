//! Detects that nothing has changed since the last run, without doing the work again.
//!
//! `target/specwright/fingerprint` holds a hash over the compiler itself, the settings of the project, the text of every spec file, and the length and times
//! of every generated file, as they stood after a whole run without errors. Anything that cannot be read, or is not a
//! plain file, means: no fingerprint, so the run does all the work. So does a spec that was edited while the run was at work. `--check` never asks.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::project::{self, SPEC};
use super::{ApiReport, api_names};
use crate::settings::Settings;
use crate::write::is_temporary;

/// No spec file is larger.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The compiler, the settings and the text of all specs, as they stand before a run reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Specs(u64);

impl Specs {
    pub(super) fn of(project: &Path, settings: &Settings) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        compiler()?.hash(&mut hasher);
        format!("{settings:?}").hash(&mut hasher);
        for api in api_names(project).ok()? {
            api.hash(&mut hasher);
            hash_texts(&project.join(SPEC).join(&api), &mut hasher)?;
        }
        Some(Self(hasher.finish()))
    }
}

/// Which compiler this is.
pub(super) fn compiler() -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    hash_metadata(&std::env::current_exe().ok()?, &mut hasher)?;
    Some(hasher.finish())
}

/// The reports of the last run for `names`, if everything is as that run left it.
pub(super) fn unchanged(project: &Path, specs: Specs, settings: &Settings, names: &[String]) -> Option<Vec<ApiReport>> {
    let text = fs::read_to_string(file(project)).ok()?;
    if holds_leftover(project)? || holds_leftover(&project.join(&settings.crates.output))? {
        return None;
    }
    let mut lines = text.lines();
    if lines.next()? != format!("{:016x}", fingerprint(project, specs, settings)?) {
        return None;
    }
    let reports: Vec<ApiReport> = lines.map(parse).collect::<Option<_>>()?;
    let mut reports: Vec<ApiReport> = reports.into_iter().filter(|it| names.contains(&it.name)).collect();
    reports.sort_by(|a, b| a.name.cmp(&b.name));
    (reports.len() == names.len()).then_some(reports)
}

/// Keeps what a whole run found that began with these specs. Errors are ignored: the next run does all the work.
pub(super) fn remember(project: &Path, before: Option<Specs>, settings: &Settings, reports: &[ApiReport]) {
    let file = file(project);
    // The old fingerprint goes first: should the new one not get written, there is none.
    let _ = fs::remove_file(&file);
    let Some(specs) = before.filter(|it| Specs::of(project, settings) == Some(*it)) else { return };
    let Some(fingerprint) = fingerprint(project, specs, settings) else { return };
    let mut text = format!("{fingerprint:016x}\n");
    for it in reports {
        let files = it.written + it.unchanged;
        text.push_str(&format!("{} {} {files} {}\n", it.name, it.operations, it.warnings));
    }
    if let Some(folder) = file.parent() {
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&file, text));
    }
}

fn file(project: &Path) -> PathBuf {
    project.join("target").join("specwright").join("fingerprint")
}

fn parse(line: &str) -> Option<ApiReport> {
    let mut words = line.split(' ');
    let name = words.next()?.to_owned();
    let mut number = || words.next()?.parse().ok();
    let (operations, unchanged, warnings) = (number()?, number()?, number()?);
    Some(ApiReport { name, operations, unchanged, warnings, ..ApiReport::default() })
}

fn fingerprint(project: &Path, specs: Specs, settings: &Settings) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    specs.0.hash(&mut hasher);
    let output = settings.crates.output.as_str();
    for krate in project::generated_crates(project, output).ok()? {
        hash_tree(&project.join(output).join(krate), &mut hasher)?;
    }
    Some(hasher.finish())
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
        fs::read(entry.path()).ok()?.hash(hasher);
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
