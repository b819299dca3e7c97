//! The files of the generated crates as they stand before a run, told apart by their lengths and times.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::fingerprint::Stamp;
use super::project;
use crate::digest::Digest;
use crate::settings::Settings;
use crate::write::{Drift, DriftKind};

/// All folders among the generated crates.
#[derive(Clone, Debug)]
pub(super) struct Crates {
    folder: PathBuf,
    /// By name. One that holds anything but folders and plain files leaves it in doubt what is in it.
    crates: BTreeMap<String, Option<Crate>>,
}

#[derive(Clone, Debug, Default)]
struct Crate {
    entries: Entries,
    /// Of the entries, once somebody has asked.
    digest: OnceLock<Digest>,
}

/// What is in a crate by its path there: the length and the times of a file, and nothing for a folder.
type Entries = BTreeMap<String, Option<Stamp>>;

impl Crates {
    pub(super) fn of(project: &Path, settings: &Settings) -> Option<Self> {
        let output = settings.crates.output.as_str();
        let names = project::generated_crates(project, output).ok()?;
        let folder = project.join(output);
        let crates = names.into_iter().map(|name| {
            let mut found = Crate::default();
            let is_plain = collect(&folder.join(&name), "", &mut found.entries).is_some();
            (name, is_plain.then_some(found))
        });
        Some(Self { crates: crates.collect(), folder })
    }

    /// The crates after a run that changed these files. What it did not change stands as it stood before, since the run read
    /// it then, if at all: what somebody else makes of it meanwhile is for the next run to find.
    pub(super) fn after(mut self, drift: &[Drift], project: &Path, settings: &Settings) -> Option<Self> {
        let all_is_text = drift.iter().all(|it| matches!(it.kind, DriftKind::Changed { .. }) && self.has(&it.path));
        // A run removes folders without files.
        if !all_is_text || self.crates.values().flatten().any(Crate::has_hollow_folder) {
            let now = Self::of(project, settings)?;
            return Some(self.merged(now, &drift.iter().map(|it| it.path.as_str()).collect()));
        }
        for Drift { path, .. } in drift {
            let (name, rest) = path.split_once('/')?;
            let found = self.crates.get_mut(name)?.as_mut()?;
            let metadata = fs::symlink_metadata(self.folder.join(path)).ok().filter(fs::Metadata::is_file)?;
            found.entries.insert(rest.to_owned(), Some(Stamp::of(&metadata)?));
            found.digest = OnceLock::new();
        }
        Some(self)
    }

    fn has(&self, path: &str) -> bool {
        path.split_once('/').is_some_and(|(name, rest)| self.file(name, rest).is_some())
    }

    /// The crates as they stand now where the run changed them, and as they stood before elsewhere.
    fn merged(self, mut now: Self, changed: &BTreeSet<&str>) -> Self {
        for (name, krate) in &mut now.crates {
            let is_changed = |path: &str| changed.contains(&*format!("{name}/{path}"));
            let was = self.crates.get(name).map(Option::as_ref);
            *krate = krate.take().and_then(|it| it.merged(was.unwrap_or(Some(&Crate::default()))?, is_changed));
        }
        // One that somebody else removed is not as the run left it.
        let is_gone = |name: &str| changed.iter().any(|it| it.split('/').next() == Some(name));
        for (name, krate) in self.crates {
            if !is_gone(&name) {
                now.crates.entry(name).or_insert(krate);
            }
        }
        now
    }

    /// A digest of all of them, if nothing is in doubt.
    pub(super) fn all(&self) -> Option<Digest> {
        let digests: Option<Vec<Digest>> = self.crates.keys().map(|it| self.digest(it)).collect();
        Some(Digest::of(&digests?))
    }

    /// A digest of one, if nothing in it is in doubt. One that is not there holds nothing.
    pub(super) fn digest(&self, name: &str) -> Option<Digest> {
        let entries = match self.crates.get(name) {
            Some(it) => {
                let Crate { entries, digest } = it.as_ref()?;
                Some(digest.get_or_init(|| Digest::of(entries)))
            }
            None => None,
        };
        Some(Digest::of(&(&self.folder, name, entries)))
    }

    /// Where a file of a crate is, if it is a plain one.
    pub(super) fn file(&self, name: &str, path: &str) -> Option<PathBuf> {
        self.crates.get(name)?.as_ref()?.entries.get(path)?.as_ref()?;
        Some(self.folder.join(name).join(path))
    }
}

impl Crate {
    /// Whether there is a folder without anything in it. Its path is before those of what is in it.
    fn has_hollow_folder(&self) -> bool {
        let next = self.entries.keys().skip(1).map(String::as_str).chain([""]);
        self.entries.keys().zip(next).any(|(path, next)| path.ends_with('/') && !next.starts_with(path.as_str()))
    }

    /// This crate, with all that no run changed as it was. It is in doubt what is in it if somebody else has added a file.
    fn merged(mut self, was: &Self, is_changed: impl Fn(&str) -> bool) -> Option<Self> {
        let is_file = |it: &(&String, &Option<Stamp>)| it.1.is_some();
        if self.entries.iter().filter(is_file).any(|(path, _)| !was.entries.contains_key(path) && !is_changed(path)) {
            return None;
        }
        let kept = was.entries.iter().filter(is_file).filter(|(path, _)| !is_changed(path));
        self.entries.extend(kept.map(|(path, stamp)| (path.clone(), stamp.clone())));
        Some(self)
    }
}

/// `below` is the folder's path in the crate, with `/` at its end.
fn collect(folder: &Path, below: &str, all: &mut Entries) -> Option<()> {
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let kind = entry.file_type().ok()?;
        let path = format!("{below}{}", entry.file_name().to_str()?);
        if kind.is_dir() {
            let inside = format!("{path}/");
            collect(&entry.path(), &inside, all)?;
            all.insert(inside, None);
        } else if kind.is_file() {
            all.insert(path, Some(Stamp::of(&entry.metadata().ok()?)?));
        } else {
            return None;
        }
    }
    Some(())
}
