//! What has to be written and removed, found out before anything is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::diff::line_diff;
use super::existing_files::{ExistingFiles, Links};
use super::marker::is_marked;
use super::{Drift, DriftKind, Folder, Mode, Tree, Wanted};
use crate::failure::Failure;
use crate::parallel;

/// The file that makes a folder a crate.
pub(super) const MANIFEST: &str = "Cargo.toml";

/// All that is to do, and what is only told.
pub(super) struct Plan {
    /// By path.
    pub(super) drift: Vec<Drift>,
    /// Folders of the scope that are not there, or hold no file, and will.
    pub(super) new: Vec<String>,
    /// Folders of the scope that hold files of ours only, and will not be there.
    pub(super) gone: Vec<String>,
    /// What killed runs left behind.
    pub(super) leftovers: Vec<PathBuf>,
    /// Folders without files, below folders of the scope in which something is wanted: they go without a word.
    pub(super) hollow: Vec<String>,
}

/// All differences between the folders of `scope` and `wanted`; an error if they could not be mended.
///
/// `alone`: no other run is at work for sure.
pub(super) fn make(
    tree: &Tree<'_>,
    wanted: Wanted<'_>,
    scope: &[Folder],
    mode: Mode,
    alone: bool,
) -> Result<Plan, Failure> {
    check_names(wanted, scope)?;
    let mut found = ExistingFiles::of(tree, scope.iter().map(|it| it.name.as_str()), wanted, alone)?;
    let mut plan =
        Plan { drift: Vec::new(), new: Vec::new(), gone: Vec::new(), leftovers: Vec::new(), hollow: Vec::new() };
    for (path, at) in std::mem::take(&mut found.leftovers) {
        plan.drift.push(Drift { path, kind: DriftKind::Leftover });
        plan.leftovers.push(at);
    }
    let stale = &found.stale;
    let state = Disk { root: tree.root, found: &found };
    for folder in scope {
        plan.folder(&state, folder, wanted)?;
    }
    if let Some(path) = wanted.kept.iter().find(|it| !found.is_file(it)) {
        let message = format!("`{}` was removed by something else meanwhile", tree.root.join(path).display());
        return Err(Failure::new(message).help("run again"));
    }
    let links = Links::new(tree.root);
    let mut foreign = Vec::new();
    let files: Vec<_> = wanted.texts.iter().collect();
    let states = parallel::map(&files, |(path, text)| state.of(path, text));
    for ((path, text), state) in files.into_iter().zip(states) {
        if !found.is_file(path) {
            links.check(path)?;
        }
        match state? {
            State::Equal => {}
            State::Foreign => foreign.push(path.as_str()),
            State::Absent => plan.drift.push(Drift { path: path.clone(), kind: DriftKind::Missing }),
            State::Differs(on_disk) => {
                let diff = if mode == Mode::Check { line_diff(&on_disk, text) } else { String::new() };
                plan.drift.push(Drift { path: path.clone(), kind: DriftKind::Changed { diff } });
            }
        }
    }
    if !foreign.is_empty() {
        return Err(foreign_files(tree.root, &foreign));
    }
    if mode == Mode::Check {
        let stray = found.all.iter().filter(|it| is_stray(it, wanted) && !stale.contains(*it));
        plan.drift.extend(stray.map(|path| Drift { path: path.clone(), kind: DriftKind::Stray }));
    }
    plan.drift.extend(stale.iter().map(|path| Drift { path: path.clone(), kind: DriftKind::Stale }));
    plan.drift.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

impl Plan {
    /// What becomes of a folder as a whole. A crate comes and goes whole or not at all: half of one would stop cargo.
    fn folder(&mut self, disk: &Disk<'_>, folder: &Folder, wanted: Wanted<'_>) -> Result<(), Failure> {
        let name = &folder.name;
        let inside = format!("{name}/");
        let is_wanted = wanted.has_any_in(&inside);
        let mut files = disk.found.files_below(name).peekable();
        let is_there = disk.found.folders.contains(name);
        match (files.peek().is_some(), is_wanted) {
            (false, true) if !disk.found.all.contains(name) => self.new.push(name.clone()),
            (false, false) if is_there => self.drift.push(Drift { path: name.clone(), kind: DriftKind::Empty }),
            (true, false) => {
                let (goes, stays): (Vec<_>, Vec<_>) = files.partition(|it| disk.found.stale.contains(*it));
                match (goes.first(), stays.first()) {
                    (None, Some(_)) if !disk.found.all.contains(&format!("{name}/{MANIFEST}")) => {
                        self.drift.push(Drift { path: name.clone(), kind: DriftKind::NoCrate });
                    }
                    (None, _) => {}
                    (Some(_), _) if folder.protected.is_some() => {
                        return folder.protected.clone().map_or(Ok(()), Err);
                    }
                    (Some(_), Some(kept)) => {
                        let (folder, kept) = (disk.root.join(name), disk.root.join(kept));
                        let (folder, kept) = (folder.display(), kept.display());
                        let message = format!("`{folder}` is no longer wanted, but `{kept}` is not generated");
                        return Err(Failure::new(message).help("move the file away, or delete it, and run again"));
                    }
                    (Some(_), None) => self.gone.push(name.clone()),
                }
            }
            (true, true) => {
                let below = disk.found.hollow.range(inside.clone()..).take_while(|it| it.starts_with(&inside));
                self.hollow.extend(below.cloned());
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether a file has no business where it is. Hidden ones are those of editors and systems.
fn is_stray(path: &str, wanted: Wanted<'_>) -> bool {
    !wanted.contains(path) && !path.split('/').any(|it| it.starts_with('.'))
}

/// Emitters choose the paths; a bad one is a fault of the compiler, told before it can do harm.
fn check_names(wanted: Wanted<'_>, scope: &[Folder]) -> Result<(), Failure> {
    let plain = |path: &str| !path.contains('\\') && path.split('/').all(|it| !matches!(it, "" | "." | ".."));
    let folders: BTreeSet<&str> = scope.iter().map(|it| it.name.as_str()).collect();
    let in_scope = |path: &str| path.match_indices('/').any(|(at, _)| folders.contains(&path[..at]));
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for path in wanted.paths() {
        if !plain(path) || !in_scope(path) {
            return Err(Failure::new(format!("the compiler wants to write `{path}`, which is outside its folders")));
        }
        if wanted.texts.get(path).is_some_and(|text| !is_marked(text)) {
            return Err(Failure::new(format!("the compiler made `{path}` without its `@generated` marker")));
        }
        if let Some(other) = folded.insert(path.to_lowercase(), path) {
            let message = format!("`{other}` and `{path}` are one file on systems that ignore case");
            return Err(Failure::new(message).help("give one of the two another name with `rust:`"));
        }
    }
    match folders.iter().find(|it| !plain(it)) {
        Some(folder) => Err(Failure::new(format!("`{folder}` is not a folder inside the generated tree"))),
        None => Ok(()),
    }
}

fn foreign_files(root: &Path, paths: &[&str]) -> Failure {
    let names: Vec<String> = paths.iter().map(|it| format!("`{}`", root.join(it).display())).collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    Failure::new(format!("{} {are} in the way: not generated, so not overwritten", names.join(", ")))
        .help("a generated file starts with `@generated`; move the file away, or delete it, and run again")
}

/// How a wanted file stands on the disk.
enum State {
    Equal,
    Absent,
    Differs(String),
    Foreign,
}

/// What is on the disk.
struct Disk<'d> {
    root: &'d Path,
    found: &'d ExistingFiles<'d>,
}

impl Disk<'_> {
    fn of(&self, path: &str, text: &str) -> Result<State, Failure> {
        let full = self.root.join(path);
        // Reading a pipe would wait forever.
        if !self.found.is_file(path) && fs::metadata(&full).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
            return Ok(State::Foreign);
        }
        let bytes = match fs::read(&full) {
            Ok(bytes) => bytes,
            // A folder may go when all that is in it is stale.
            Err(_) if full.is_dir() => {
                let goes = self.found.files_below(path).all(|it| self.found.stale.contains(it));
                return Ok(if goes { State::Absent } else { State::Foreign });
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(if self.parents_can_be(path) { State::Absent } else { State::Foreign });
            }
            Err(error) => return Err(Failure::io("read", &full, &error)),
        };
        // As nearly every file is.
        if bytes == text.as_bytes() {
            return Ok(State::Equal);
        }
        let on_disk = String::from_utf8_lossy(&bytes);
        let on_disk = if on_disk.contains('\r') { on_disk.replace("\r\n", "\n") } else { on_disk.into_owned() };
        Ok(match () {
            () if on_disk == text => State::Equal,
            () if is_marked(&on_disk) => State::Differs(on_disk),
            () => State::Foreign,
        })
    }

    /// Whether no parent folder of `path` is a file that has to stay.
    fn parents_can_be(&self, path: &str) -> bool {
        let mut parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        parents.all(|parent| !self.found.all.contains(parent) || self.found.stale.contains(parent))
    }
}
