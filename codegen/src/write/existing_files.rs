//! What stands on the disk in the folders that a run owns.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::marker::{self, is_marked};
use super::{Tree, Wanted};
use crate::failure::Failure;

/// Without a lock, a temporary file younger than this may belong to a run that is still at work.
const ABANDONED: Duration = Duration::from_secs(60);

/// The files of the folders that a run owns, relative to the root.
pub(super) struct ExistingFiles<'t> {
    root: &'t Path,
    /// No other run is at work, so that every temporary file is a leftover.
    alone: bool,
    /// Every file and link but leftovers.
    pub(super) all: BTreeSet<String>,
    /// Those of them that are links, pipes and the like.
    special: BTreeSet<String>,
    /// Files with the marker that nobody wants.
    pub(super) stale: BTreeSet<String>,
    /// What killed runs left behind: as told, and where it is.
    pub(super) leftovers: Vec<(String, PathBuf)>,
    /// The folders themselves that are there.
    pub(super) folders: BTreeSet<String>,
    /// Folders below them that hold nothing but folders, without those below these.
    pub(super) hollow: BTreeSet<String>,
}

impl<'t> ExistingFiles<'t> {
    /// Looks at the folders of `scope`, and for leftovers right in the root and beside it.
    pub(super) fn of<'f>(
        tree: &Tree<'t>,
        scope: impl Iterator<Item = &'f str>,
        wanted: Wanted<'_>,
        alone: bool,
    ) -> Result<Self, Failure> {
        let mut found = Self {
            root: tree.root,
            alone,
            all: BTreeSet::new(),
            special: BTreeSet::new(),
            stale: BTreeSet::new(),
            leftovers: Vec::new(),
            folders: BTreeSet::new(),
            hollow: BTreeSet::new(),
        };
        for folder in scope {
            found.walk(folder, wanted)?;
            if found.root.join(folder).is_dir() {
                found.folders.insert(folder.to_owned());
            }
        }
        found.keep_what_links_lead_to();
        found.leftovers_in(tree.root, "")?;
        if tree.beside != tree.root {
            found.leftovers_in(tree.beside, "../")?;
        }
        Ok(found)
    }

    /// Whether this is a plain file, and all folders on the way to it are folders.
    pub(super) fn is_file(&self, path: &str) -> bool {
        self.all.contains(path) && !self.special.contains(path)
    }

    /// The files below a folder.
    pub(super) fn files_below<'s>(&'s self, folder: &str) -> impl Iterator<Item = &'s String> + use<'s> {
        let inside = format!("{folder}/");
        let from = self.all.range::<str, _>((std::ops::Bound::Included(inside.as_str()), std::ops::Bound::Unbounded));
        from.take_while(move |it| it.starts_with(&inside))
    }

    /// Whether there is a file in a folder. Links are seen and not followed: what is behind one is not ours.
    fn walk(&mut self, folder: &str, wanted: Wanted<'_>) -> Result<bool, Failure> {
        let full = self.root.join(folder);
        match fs::symlink_metadata(&full) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                self.special.insert(folder.to_owned());
                self.all.insert(folder.to_owned());
                return Ok(true);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Failure::io("read the folder", &full, &error)),
        }
        let mut holds = false;
        let mut hollow = Vec::new();
        let failed = |error: io::Error| Failure::io("read the folder", &full, &error);
        for entry in fs::read_dir(&full).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                // A name that is no text is not one of ours; it stays, and so does its folder.
                self.all.insert(format!("{folder}/{}", entry.file_name().to_string_lossy()));
                holds = true;
                continue;
            };
            let path = format!("{folder}/{name}");
            let kind = entry.file_type().map_err(|error| Failure::io("read", &entry.path(), &error))?;
            if kind.is_dir() {
                match self.walk(&path, wanted)? {
                    true => holds = true,
                    false => hollow.push(path),
                }
            } else if kind.is_file() && self.is_leftover(&entry.path(), &name) {
                self.leftovers.push((path, entry.path()));
            } else {
                if !kind.is_file() {
                    self.special.insert(path.clone());
                } else if !wanted.contains(&path) && opens_with_marker(&entry.path())? {
                    self.stale.insert(path.clone());
                }
                self.all.insert(path);
                holds = true;
            }
        }
        if holds {
            self.hollow.extend(hollow);
        }
        Ok(holds)
    }

    /// A file that is reached by a link is somebody's way to keep it, whatever its own path is.
    fn keep_what_links_lead_to(&mut self) {
        let real = |path: &String| fs::canonicalize(self.root.join(path)).ok();
        let targets: Vec<PathBuf> = self.special.iter().filter_map(real).collect();
        let is_kept = |path: &String| real(path).is_none_or(|it| targets.iter().any(|target| it.starts_with(target)));
        if !targets.is_empty() {
            self.stale = self.stale.iter().filter(|it| !is_kept(it)).cloned().collect();
        }
    }

    /// Temporary files and folders right in a folder.
    fn leftovers_in(&mut self, folder: &Path, shown: &str) -> Result<(), Failure> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Failure::io("read the folder", folder, &error)),
        };
        for entry in entries.flatten() {
            if let Some(name) = entry.file_name().to_str()
                && entry.file_type().is_ok_and(|it| it.is_dir() || it.is_file())
                && self.is_leftover(&entry.path(), name)
            {
                self.leftovers.push((format!("{shown}{name}"), entry.path()));
            }
        }
        Ok(())
    }

    fn is_leftover(&self, path: &Path, name: &str) -> bool {
        let old = || {
            let modified = fs::metadata(path).and_then(|it| it.modified());
            modified.is_ok_and(|it| it.elapsed().is_ok_and(|age| age > ABANDONED))
        };
        marker::is_temporary(name) && (self.alone || old())
    }
}

fn opens_with_marker(path: &Path) -> Result<bool, Failure> {
    let failed = |error: io::Error| Failure::io("read", path, &error);
    let mut head = Vec::with_capacity(marker::HEAD);
    fs::File::open(path).map_err(failed)?.take(marker::HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    Ok(is_marked(&String::from_utf8_lossy(&head)))
}

/// Guards against links on the way to a file.
pub(super) struct Links<'t> {
    root: &'t Path,
    real_root: Option<PathBuf>,
}

impl<'t> Links<'t> {
    pub(super) fn new(root: &'t Path) -> Self {
        Self { root, real_root: fs::canonicalize(root).ok() }
    }

    /// Fails when `path` passes through, or is, a link whose target is not inside the root.
    pub(super) fn check(&self, path: &str) -> Result<(), Failure> {
        // Without a root there is nothing in it either.
        let Some(real_root) = &self.real_root else { return Ok(()) };
        let mut at = self.root.to_path_buf();
        for part in path.split('/') {
            at.push(part);
            let Ok(metadata) = fs::symlink_metadata(&at) else { return Ok(()) };
            if metadata.is_symlink() && !fs::canonicalize(&at).is_ok_and(|it| it.starts_with(real_root)) {
                let message = format!("`{}` is a link that leads out of `{}`", at.display(), self.root.display());
                return Err(Failure::new(message).help("remove the link; generated files are written in place"));
            }
        }
        Ok(())
    }
}
