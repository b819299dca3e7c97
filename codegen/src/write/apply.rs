//! A plan → the disk, in two phases.
//!
//! First everything that will be written is written beside its place under a temporary name, and every folder in which
//! something will be removed is tried: a disk that is full or a folder that may not be written is found here, and nothing
//! has changed. Then temporary names become real ones, file by file; whole crates come and go by one renaming, so that
//! cargo never meets half of one. A run that is killed in the second phase leaves some files new and some old; the next
//! run goes on from there.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::plan::{MANIFEST, Plan};
use super::{Drift, DriftKind, Tree, disk, marker};
use crate::failure::Failure;

/// Does what is planned.
pub(super) fn apply(tree: &Tree<'_>, wanted: &BTreeMap<String, String>, plan: &Plan) -> Result<(), Failure> {
    remove_leftovers(plan)?;
    let mut staged = Staged::prepare(tree, wanted, plan)?;
    let all = staged.changes();
    staged.commit(tree, plan).map_err(|failure| match all - staged.changes() {
        0 => failure,
        done => failure
            .help(format!("{done} of {all} changes were already made; fix the cause and run again to make the rest")),
    })
}

/// Removes what killed runs left behind.
fn remove_leftovers(plan: &Plan) -> Result<(), Failure> {
    for path in &plan.leftovers {
        let is_folder = fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
        let removed = if is_folder { disk::remove_tree(path) } else { disk::remove(path) };
        removed.map_err(|error| Failure::io("remove", path, &error))?;
    }
    Ok(())
}

fn drifts_of_kind<'p>(plan: &'p Plan, kind: &DriftKind) -> impl Iterator<Item = &'p Drift> {
    plan.drift.iter().filter(move |it| it.kind == *kind)
}

/// What waits to be renamed. What still does when it is dropped is removed again.
struct Staged {
    /// Files under a temporary name, and the path that each gets, relative to the root. The next one comes last.
    files: Vec<(PathBuf, String)>,
    /// Whole folders under a temporary name, and what they get to be called.
    new: Vec<(PathBuf, String)>,
    /// Files that go.
    stale: BTreeSet<String>,
    /// Folders that go as a whole, and where to.
    gone: Vec<(String, PathBuf)>,
}

impl Drop for Staged {
    fn drop(&mut self) {
        // What matters has been told; a leftover is swept by the next run.
        for (temporary, _) in &self.files {
            let _ = fs::remove_file(temporary);
        }
        for (temporary, _) in &self.new {
            let _ = fs::remove_dir_all(temporary);
        }
    }
}

impl Staged {
    /// The first phase.
    fn prepare(tree: &Tree<'_>, wanted: &BTreeMap<String, String>, plan: &Plan) -> Result<Self, Failure> {
        let mut staged = Self { files: Vec::new(), new: Vec::new(), stale: BTreeSet::new(), gone: Vec::new() };
        let mut names = Names::default();
        // Whole folders are put together beside the tree, where cargo does not look.
        let at_once = disk::on_one_device(existing(tree.root), existing(tree.beside));
        let is_in = |path: &str, folders: &[String]| {
            at_once && folders.iter().any(|it| path.strip_prefix(it.as_str()).is_some_and(|it| it.starts_with('/')))
        };
        for folder in plan.new.iter().filter(|_| at_once) {
            let temporary = tree.beside.join(names.next());
            staged.new.push((temporary.clone(), folder.clone()));
            for (path, text) in wanted.iter().filter(|(path, _)| is_in(path, std::slice::from_ref(folder))) {
                create(&temporary.join(&path[folder.len() + 1..]), text, &tree.root.join(path))?;
            }
            names.proven.insert(tree.beside.to_owned());
            names.check_writable(existing(tree.root))?;
        }
        for drift in &plan.drift {
            let path = tree.root.join(&drift.path);
            match drift.kind {
                DriftKind::Missing | DriftKind::Changed { .. } if !is_in(&drift.path, &plan.new) => {
                    let Some(text) = wanted.get(&drift.path) else { continue };
                    let folder = existing(path.parent().unwrap_or(tree.root));
                    let temporary = folder.join(names.next());
                    // Known before it is written, so that half of it is removed too.
                    staged.files.push((temporary.clone(), drift.path.clone()));
                    create(&temporary, text, &path)?;
                    names.proven.insert(folder.to_owned());
                }
                DriftKind::Stale => {
                    names.check_writable(existing(path.parent().unwrap_or(tree.root)))?;
                    if !is_in(&drift.path, &plan.gone) {
                        staged.stale.insert(drift.path.clone());
                    }
                }
                DriftKind::Empty => names.check_writable(tree.root)?,
                _ => {}
            }
        }
        for folder in plan.gone.iter().filter(|_| at_once) {
            names.check_writable(tree.root)?;
            names.check_writable(tree.beside)?;
            staged.gone.push((folder.clone(), tree.beside.join(names.next())));
        }
        // A folder without its manifest stops cargo, so that it changes last.
        staged.files.sort_by_key(|(_, path)| Reverse((path.ends_with(MANIFEST), path.clone())));
        Ok(staged)
    }

    /// How much is still to do.
    fn changes(&self) -> usize {
        self.files.len() + self.new.len() + self.stale.len() + self.gone.len()
    }

    /// The second phase. Files come before those go that nobody wants any more: a manifest that names a file finds it.
    fn commit(&mut self, tree: &Tree<'_>, plan: &Plan) -> Result<(), Failure> {
        self.remove_obstacles(tree)?;
        while let Some((temporary, path)) = self.files.last() {
            let path = tree.root.join(path);
            if let Some(folder) = path.parent() {
                disk::create_folders(folder).map_err(|error| Failure::io("create the folder", folder, &error))?;
            }
            take_place(temporary, &path)?;
            self.files.pop();
        }
        while let Some((temporary, folder)) = self.new.last() {
            let path = tree.root.join(folder);
            disk::create_folders(tree.root).map_err(|error| Failure::io("create the folder", tree.root, &error))?;
            take_place(temporary, &path)?;
            self.new.pop();
        }
        while let Some(path) = self.stale.first().cloned() {
            self.remove(tree, &path)?;
        }
        while let Some((folder, beside)) = self.gone.last().cloned() {
            let path = tree.root.join(folder);
            disk::rename(&path, &beside).map_err(|error| Failure::io("remove", &path, &error))?;
            self.gone.pop();
            disk::remove_tree(&beside).map_err(|error| Failure::io("remove", &beside, &error))?;
        }
        for folder in drifts_of_kind(plan, &DriftKind::Empty).map(|it| &it.path).chain(&plan.hollow) {
            let path = tree.root.join(folder);
            // A new file may have its place there by now.
            if path.is_dir() {
                disk::remove_empty_folders(&path).map_err(|error| Failure::io("remove the folder", &path, &error))?;
            }
        }
        Ok(())
    }

    /// Removes first what stands where a file or its folder will be.
    fn remove_obstacles(&mut self, tree: &Tree<'_>) -> Result<(), Failure> {
        let mut first: BTreeSet<String> = BTreeSet::new();
        for (_, path) in &self.files {
            let parents = path.match_indices('/').map(|(at, _)| &path[..at]);
            first.extend(parents.filter(|it| self.stale.contains(*it)).map(str::to_owned));
            let inside = format!("{path}/");
            let children = self.stale.range(inside.clone()..).take_while(|it| it.starts_with(&inside));
            first.extend(children.cloned());
        }
        first.iter().try_for_each(|path| self.remove(tree, path))
    }

    /// Removes a stale file.
    fn remove(&mut self, tree: &Tree<'_>, path: &str) -> Result<(), Failure> {
        let full = tree.root.join(path);
        disk::remove(&full).map_err(|error| Failure::io("remove", &full, &error))?;
        self.stale.remove(path);
        disk::remove_empty_parents(tree.root, &full);
        Ok(())
    }
}

/// Writes a temporary file; messages name what it stands for.
fn create(temporary: &Path, text: &str, path: &Path) -> Result<(), Failure> {
    let folder = temporary.parent().map_or(Ok(()), disk::create_folders);
    folder.and_then(|()| disk::create(temporary, text)).map_err(|error| unchanged("write", path, &error))
}

/// Gives a temporary file or folder its name; empty folders make way.
fn take_place(temporary: &Path, path: &Path) -> Result<(), Failure> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
    let cleared = if is_folder { disk::remove_empty_folders(path) } else { Ok(()) };
    cleared.and_then(|()| disk::rename(temporary, path)).map_err(|error| Failure::io("write", path, &error))
}

/// A failure of the first phase.
fn unchanged(doing: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::io(doing, path, error).help("nothing was changed; check the permissions of the folder, and the disk")
}

/// The folder itself, or the nearest one above it that is there.
fn existing(folder: &Path) -> &Path {
    folder.ancestors().find(|it| it.is_dir()).unwrap_or(folder)
}

/// Temporary names, each used once, and the folders in which one was used: they can be written to.
#[derive(Default)]
struct Names {
    used: usize,
    proven: BTreeSet<PathBuf>,
}

impl Names {
    fn next(&mut self) -> String {
        self.used += 1;
        marker::temporary_name(self.used)
    }

    /// Makes sure that a folder can be written to, by doing it.
    fn check_writable(&mut self, folder: &Path) -> Result<(), Failure> {
        if self.proven.contains(folder) {
            return Ok(());
        }
        let path = folder.join(self.next());
        let proof = disk::create(&path, "").and_then(|()| disk::remove(&path));
        proof.map_err(|error| {
            let _ = fs::remove_file(&path);
            unchanged("change the folder", folder, &error)
        })?;
        self.proven.insert(folder.to_owned());
        Ok(())
    }
}
