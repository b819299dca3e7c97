//! The files of the generated crates as they stand before a run, told apart by their lengths and times.

use std::collections::BTreeMap;
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

    /// The crates after a run that changed these files. Where it only gave files another text, no other file is looked at.
    pub(super) fn after(mut self, drift: &[Drift], project: &Path, settings: &Settings) -> Option<Self> {
        for Drift { path, kind } in drift {
            let found =
                path.split_once('/').and_then(|(name, rest)| Some((self.crates.get_mut(name)?.as_mut()?, rest)));
            let found = found.and_then(|(it, rest)| Some((it.entries.get_mut(rest)?, &mut it.digest)));
            match (found, kind) {
                (Some((entry, digest)), DriftKind::Changed { .. }) => {
                    let metadata = fs::symlink_metadata(self.folder.join(path)).ok().filter(fs::Metadata::is_file)?;
                    *entry = Some(Stamp::of(&metadata)?);
                    *digest = OnceLock::new();
                }
                _ => return Self::of(project, settings),
            }
        }
        Some(self)
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
