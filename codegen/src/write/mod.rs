//! Wanted files → the generated tree, or a list of differences. The only place that writes to the disk.
//!
//! Knows nothing of what is in the files but their marker: a file whose first lines say `@generated` is ours, and is
//! replaced or removed freely; any other file is somebody's work, and is neither overwritten nor deleted.
//! Everything is read, compared and found possible before the first byte is written.

mod diff;
mod marker;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::failure::Failure;

pub use diff::line_diff;
pub use marker::is_marked;

/// The command that brings the generated tree in line with the specs.
pub const REPAIR: &str = "cargo xtask codegen";

/// Whether differences are mended or only told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Files are written and removed.
    Write,
    /// Nothing is written.
    Check,
}

/// A file that is, or was until just now, not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Relative to the root, `/` between parts.
    pub path: String,
    /// In which way.
    pub kind: DriftKind,
}

/// In which way a file differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// It is wanted and not there.
    Missing,
    /// It has another text. The difference is told in [`Mode::Check`] only.
    Changed {
        /// A few lines of it, `-` for the file and `+` for what it should be.
        diff: String,
    },
    /// It carries the marker and nobody wants it any more.
    Stale,
    /// It is somebody's own, among files that are generated. Told in [`Mode::Check`] only: cargo builds a `build.rs` or a
    /// `src/bin/` that nobody generated as well.
    Stray,
}

/// Brings the folders of `scope` in line with `wanted`, or only tells how they differ.
///
/// Paths are relative to `root` with `/` between parts. `scope` names the folders that this run owns: marked files in
/// them that are not wanted are stale, files elsewhere are not looked at.
///
/// # Errors
///
/// When a file cannot be read or written, when a wanted path is taken by a file without the marker, or when it leads
/// out of `root` through a link. Nothing is written in the latter two cases.
pub fn sync(
    root: &Path,
    wanted: &BTreeMap<String, String>,
    scope: &[String],
    mode: Mode,
) -> Result<Vec<Drift>, Failure> {
    let plan = plan::make(root, wanted, scope, mode)?;
    if mode == Mode::Write {
        apply(root, wanted, &plan)?;
    }
    Ok(plan)
}

/// Removes first, so that a folder can take the place of a stale file and the other way round.
fn apply(root: &Path, wanted: &BTreeMap<String, String>, plan: &[Drift]) -> Result<(), Failure> {
    for drift in plan.iter().filter(|it| it.kind == DriftKind::Stale) {
        let path = root.join(&drift.path);
        match fs::remove_file(&path) {
            Ok(()) => remove_empty_parents(root, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::io("remove", &path, &error)),
        }
    }
    for drift in plan.iter().filter(|it| it.kind != DriftKind::Stale) {
        if let Some(text) = wanted.get(&drift.path) {
            write_whole(&root.join(&drift.path), text)?;
        }
    }
    Ok(())
}

/// Goes up from a removed file for as long as folders are empty; stops at the root.
fn remove_empty_parents(root: &Path, path: &Path) {
    let mut folder = path.parent();
    while let Some(it) = folder.filter(|it| *it != root && it.starts_with(root)) {
        // Fails on the first folder that still holds something, which is where to stop.
        if fs::remove_dir(it).is_err() {
            return;
        }
        folder = it.parent();
    }
}

/// Removes a folder that holds nothing but such folders.
fn remove_empty_folders(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|it| it.is_dir()) {
            remove_empty_folders(&entry.path());
        }
    }
    // Fails where a file stands, which the one who writes here will tell.
    let _ = fs::remove_dir(folder);
}

/// Writes beside the file and renames, so that a reader or a power cut finds the old text or the new one.
fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| Failure::io("create the folder", folder, &error))?;
    if path.is_dir() {
        remove_empty_folders(path);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(marker::temporary_name(&name));
    let written = fs::File::create(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What matters is told below; a leftover is swept by the next run.
        let _ = fs::remove_file(&beside);
        Failure::io("write", path, &error)
    })
}
