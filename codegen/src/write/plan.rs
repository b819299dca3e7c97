//! What has to be written and removed, found out before anything is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::diff::line_diff;
use super::marker::{self, is_marked};
use super::{Drift, DriftKind, Mode};
use crate::failure::Failure;

/// A temporary file younger than this may belong to a run that is still at work.
const ABANDONED: Duration = Duration::from_secs(60);

/// All differences between the folders of `scope` and `wanted`, by path; an error if they could not be mended.
pub(super) fn make(
    root: &Path,
    wanted: &BTreeMap<String, String>,
    scope: &[String],
    mode: Mode,
) -> Result<Vec<Drift>, Failure> {
    check_names(wanted, scope)?;
    let mut found = Found::default();
    for folder in scope {
        found.walk(root, folder)?;
    }
    let stale: BTreeSet<&str> = found.ours.iter().map(String::as_str).filter(|it| !wanted.contains_key(*it)).collect();
    for folder in scope {
        check_abandoned(root, folder, wanted, &found, &stale)?;
    }
    let links = Links::new(root);
    let mut drift: Vec<Drift> = Vec::new();
    let mut foreign = Vec::new();
    for (path, text) in wanted {
        links.check(root, path)?;
        match state(root, path, text, &found, &stale)? {
            State::Equal => {}
            State::Foreign => foreign.push(path.as_str()),
            State::Absent => drift.push(Drift { path: path.clone(), kind: DriftKind::Missing }),
            State::Differs(on_disk) => {
                let diff = if mode == Mode::Check { line_diff(&on_disk, text) } else { String::new() };
                drift.push(Drift { path: path.clone(), kind: DriftKind::Changed { diff } });
            }
        }
    }
    if !foreign.is_empty() {
        return Err(foreign_files(root, &foreign));
    }
    if mode == Mode::Check {
        let stray = found.all.iter().filter(|it| is_stray(it, wanted) && !stale.contains(it.as_str()));
        drift.extend(stray.map(|path| Drift { path: path.clone(), kind: DriftKind::Stray }));
    }
    drift.extend(stale.into_iter().map(|path| Drift { path: path.to_owned(), kind: DriftKind::Stale }));
    drift.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(drift)
}

/// Whether a file has no business where it is. Hidden ones are those of editors and systems.
fn is_stray(path: &str, wanted: &BTreeMap<String, String>) -> bool {
    !wanted.contains_key(path) && !path.split('/').any(|it| it.starts_with('.'))
}

/// Emitters choose the paths; a bad one is a fault of the compiler, told before it can do harm.
fn check_names(wanted: &BTreeMap<String, String>, scope: &[String]) -> Result<(), Failure> {
    let plain = |path: &str| !path.contains('\\') && path.split('/').all(|it| !matches!(it, "" | "." | ".."));
    let in_scope = |path: &str| {
        scope.iter().any(|folder| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for (path, text) in wanted {
        if !plain(path) || !in_scope(path) {
            return Err(Failure::new(format!("the compiler wants to write `{path}`, which is outside its folders")));
        }
        if !is_marked(text) {
            return Err(Failure::new(format!("the compiler made `{path}` without its `@generated` marker")));
        }
        if let Some(other) = folded.insert(path.to_lowercase(), path) {
            let message = format!("`{other}` and `{path}` are one file on systems that ignore case");
            return Err(Failure::new(message).help("give one of the two another name with `rust:`"));
        }
    }
    match scope.iter().find(|it| !plain(it)) {
        Some(folder) => Err(Failure::new(format!("`{folder}` is not a folder inside the generated tree"))),
        None => Ok(()),
    }
}

/// A folder that nothing is wanted in goes whole or not at all: a crate without its manifest would stop cargo.
fn check_abandoned(
    root: &Path,
    folder: &str,
    wanted: &BTreeMap<String, String>,
    found: &Found,
    stale: &BTreeSet<&str>,
) -> Result<(), Failure> {
    let inside = format!("{folder}/");
    let mut stays = found.all.iter().filter(|it| it.starts_with(&inside) && !stale.contains(it.as_str()));
    let goes = stale.iter().any(|it| it.starts_with(&inside));
    match stays.next() {
        Some(kept) if goes && !wanted.keys().any(|it| it.starts_with(&inside)) => {
            let (folder, kept) = (root.join(folder), root.join(kept));
            let message =
                format!("`{}` is no longer wanted, but `{}` is not generated", folder.display(), kept.display());
            Err(Failure::new(message).help("move the file away, or delete it, and run again"))
        }
        _ => Ok(()),
    }
}

fn foreign_files(root: &Path, paths: &[&str]) -> Failure {
    let names: Vec<String> = paths.iter().map(|it| format!("`{}`", root.join(it).display())).collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    Failure::new(format!("{} {are} in the way: not generated, so not overwritten", names.join(", ")))
        .help("a generated file opens with `@generated`; move the file away, or delete it, and run again")
}

/// How a wanted file stands on the disk.
enum State {
    Equal,
    Absent,
    Differs(String),
    Foreign,
}

fn state(root: &Path, path: &str, text: &str, found: &Found, stale: &BTreeSet<&str>) -> Result<State, Failure> {
    let full = root.join(path);
    let bytes = match fs::read(&full) {
        Ok(bytes) => bytes,
        // A folder may go when all that is in it is stale.
        Err(_) if full.is_dir() => {
            let inside = format!("{path}/");
            let mut files = found.all.iter().filter(|it| it.starts_with(&inside));
            return Ok(if files.all(|it| stale.contains(it.as_str())) { State::Absent } else { State::Foreign });
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(if parents_can_be(path, found, stale) { State::Absent } else { State::Foreign });
        }
        Err(error) => return Err(Failure::io("read", &full, &error)),
    };
    let on_disk = String::from_utf8_lossy(&bytes);
    let on_disk = if on_disk.contains('\r') { on_disk.replace("\r\n", "\n") } else { on_disk.into_owned() };
    Ok(match () {
        () if on_disk == text => State::Equal,
        () if is_marked(&on_disk) => State::Differs(on_disk),
        () => State::Foreign,
    })
}

/// Whether no parent folder of `path` is a file that has to stay.
fn parents_can_be(path: &str, found: &Found, stale: &BTreeSet<&str>) -> bool {
    let mut slashes = path.match_indices('/').map(|(at, _)| &path[..at]);
    slashes.all(|parent| !found.all.contains(parent) || stale.contains(parent))
}

/// The files of the folders that a run owns.
#[derive(Default)]
struct Found {
    /// Every file and link.
    all: BTreeSet<String>,
    /// Those with the marker, and temporary files that a run left behind.
    ours: Vec<String>,
}

impl Found {
    /// Links are seen and not followed: what is behind one is not ours.
    fn walk(&mut self, root: &Path, folder: &str) -> Result<(), Failure> {
        let full = root.join(folder);
        match fs::symlink_metadata(&full) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                self.all.insert(folder.to_owned());
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Failure::io("read the folder", &full, &error)),
        }
        let entries = fs::read_dir(&full).map_err(|error| Failure::io("read the folder", &full, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io("read the folder", &full, &error))?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                // A name that is no text is not one of ours; it stays, and so does its folder.
                self.all.insert(format!("{folder}/{}", entry.file_name().to_string_lossy()));
                continue;
            };
            let path = format!("{folder}/{name}");
            let kind = entry.file_type().map_err(|error| Failure::io("read", &entry.path(), &error))?;
            if kind.is_dir() {
                self.walk(root, &path)?;
                continue;
            }
            if kind.is_file() && is_ours(&entry.path(), &name)? {
                self.ours.push(path.clone());
            }
            self.all.insert(path);
        }
        Ok(())
    }
}

fn is_ours(path: &Path, name: &str) -> Result<bool, Failure> {
    let failed = |error: io::Error| Failure::io("read", path, &error);
    if marker::is_temporary(name) {
        let modified = fs::metadata(path).and_then(|it| it.modified());
        return Ok(modified.is_ok_and(|it| it.elapsed().is_ok_and(|age| age > ABANDONED)));
    }
    let mut head = Vec::with_capacity(marker::HEAD);
    fs::File::open(path).map_err(failed)?.take(marker::HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    Ok(is_marked(&String::from_utf8_lossy(&head)))
}

/// Guards against links on the way to a file.
struct Links {
    real_root: Option<PathBuf>,
}

impl Links {
    fn new(root: &Path) -> Self {
        Self { real_root: fs::canonicalize(root).ok() }
    }

    /// Fails when `path` passes through, or is, a link whose target is not inside the root.
    fn check(&self, root: &Path, path: &str) -> Result<(), Failure> {
        // Without a root there is nothing in it either.
        let Some(real_root) = &self.real_root else { return Ok(()) };
        let mut at = root.to_path_buf();
        for part in path.split('/') {
            at.push(part);
            let Ok(metadata) = fs::symlink_metadata(&at) else { return Ok(()) };
            if metadata.is_symlink() && !fs::canonicalize(&at).is_ok_and(|it| it.starts_with(real_root)) {
                let message = format!("`{}` is a link that leads out of `{}`", at.display(), root.display());
                return Err(Failure::new(message).help("remove the link; generated files are written in place"));
            }
        }
        Ok(())
    }
}
