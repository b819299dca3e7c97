//! The files of the generated crates as they stand before a run, told apart by their lengths and times.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use super::fingerprint::hash_metadata;
use super::project;
use crate::settings::Settings;
use crate::write::{Drift, DriftKind};

/// All folders among the generated crates.
#[derive(Clone, Debug)]
pub(super) struct Crates {
    folder: PathBuf,
    /// By name. One that holds anything but folders and plain files leaves it in doubt what is in it.
    crates: BTreeMap<String, Option<Entries>>,
}

/// What is in a crate by its path there: the hash of a file's length and times, and nothing for a folder.
type Entries = BTreeMap<String, Option<u64>>;

impl Crates {
    pub(super) fn of(project: &Path, settings: &Settings) -> Option<Self> {
        let output = settings.crates.output.as_str();
        let names = project::generated_crates(project, output).ok()?;
        let folder = project.join(output);
        let crates = names.into_iter().map(|name| {
            let mut entries = Entries::new();
            let is_plain = collect(&folder.join(&name), "", &mut entries).is_some();
            (name, is_plain.then_some(entries))
        });
        Some(Self { crates: crates.collect(), folder })
    }

    /// The crates after a run that changed these files. Where it only gave files another text, no other file is looked at.
    pub(super) fn after(mut self, drift: &[Drift], project: &Path, settings: &Settings) -> Option<Self> {
        for Drift { path, kind } in drift {
            let entry =
                path.split_once('/').and_then(|(name, rest)| self.crates.get_mut(name)?.as_mut()?.get_mut(rest));
            match (entry, kind) {
                (Some(entry), DriftKind::Changed { .. }) => *entry = Some(hash_of(&self.folder.join(path))?),
                _ => return Self::of(project, settings),
            }
        }
        Some(self)
    }

    /// A hash over all of them, if nothing is in doubt.
    pub(super) fn all(&self) -> Option<u64> {
        let hashes: Option<Vec<u64>> = self.crates.keys().map(|it| self.hash(it)).collect();
        let mut hasher = DefaultHasher::new();
        hashes?.hash(&mut hasher);
        Some(hasher.finish())
    }

    /// A hash over one, if nothing in it is in doubt. One that is not there holds nothing.
    pub(super) fn hash(&self, name: &str) -> Option<u64> {
        let entries = match self.crates.get(name) {
            Some(it) => Some(it.as_ref()?),
            None => None,
        };
        let mut hasher = DefaultHasher::new();
        (&self.folder, name, entries).hash(&mut hasher);
        Some(hasher.finish())
    }

    /// Where a file of a crate is, if it is a plain one.
    pub(super) fn file(&self, name: &str, path: &str) -> Option<PathBuf> {
        self.crates.get(name)?.as_ref()?.get(path)?.as_ref()?;
        Some(self.folder.join(name).join(path))
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
            let mut hasher = DefaultHasher::new();
            hash_metadata(&entry.metadata().ok()?, &mut hasher)?;
            all.insert(path, Some(hasher.finish()));
        } else {
            return None;
        }
    }
    Some(())
}

fn hash_of(file: &Path) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    hash_metadata(&fs::symlink_metadata(file).ok().filter(fs::Metadata::is_file)?, &mut hasher)?;
    Some(hasher.finish())
}
