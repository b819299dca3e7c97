//! Wanted files → the generated tree, or a list of differences. The only place that writes to the disk.
//!
//! Knows nothing of what is in the files but their marker: a file whose first lines say `@generated` is ours, and is
//! replaced or removed freely; any other file is somebody's work, and is neither overwritten nor deleted.
//! Everything is read, compared and found possible before anything changes, by trying: what is written waits beside its
//! place under a temporary name until all of it is there. Only who holds the project's [`Lock`] writes.

mod apply;
mod diff;
mod disk;
mod existing_files;
mod lock;
mod marker;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::Path;

use crate::failure::Failure;

pub use diff::{line_diff, whole_diff};
pub use lock::Lock;
pub use marker::is_marked;
pub(crate) use marker::is_temporary;

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
    /// A temporary file or folder of a run that was killed. The path of one beside the root starts with `../`.
    Leftover,
    /// It is a folder that holds no file, which cargo takes for a crate.
    Empty,
    /// It is a folder that holds files, none of them generated and none a manifest: cargo takes it for a crate and stops,
    /// and it is somebody's own, so that it stays.
    NoCrate,
}

/// Where files go.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'t> {
    /// What all paths are relative to.
    pub root: &'t Path,
    /// Where whole folders are put together before they get their place in the root, and taken apart after they lost it.
    /// A folder on the same file system, the root itself where nobody minds.
    pub beside: &'t Path,
}

/// A folder of the root that a run owns: files in it that have the marker and are not wanted are stale.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// Why it stays although nothing is wanted in it.
    pub protected: Option<Failure>,
}

impl Folder {
    /// A folder that goes when nothing is wanted in it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), protected: None }
    }
}

/// All files that the folders of a run shall have, relative to the root with `/` between parts.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Those that are to have a text.
    pub texts: &'w BTreeMap<String, String>,
    /// Those that are there and stay as they are. Nobody reads them.
    pub kept: &'w BTreeSet<String>,
}

impl<'w> Wanted<'w> {
    /// These and no others.
    #[must_use]
    pub fn texts(texts: &'w BTreeMap<String, String>) -> Self {
        static NONE: BTreeSet<String> = BTreeSet::new();
        Self { texts, kept: &NONE }
    }

    pub(crate) fn paths(self) -> impl Iterator<Item = &'w String> {
        self.texts.keys().chain(self.kept)
    }

    fn contains(self, path: &str) -> bool {
        self.texts.contains_key(path) || self.kept.contains(path)
    }

    /// Whether there is any in a folder, whose path ends with `/`.
    fn has_any_in(self, folder: &str) -> bool {
        let from = (Bound::Included(folder), Bound::Unbounded);
        let text = self.texts.range::<str, _>(from).next().map(|(path, _)| path);
        [text, self.kept.range::<str, _>(from).next()].into_iter().flatten().any(|it| it.starts_with(folder))
    }
}

/// Brings the folders of `scope` in line with `wanted`, or only tells how they differ, as the lock says.
///
/// Files outside of the folders of `scope` are not looked at.
///
/// # Errors
///
/// When a file cannot be read, one that is kept is not there, a wanted path is taken by a file without the marker or leads out of the root through a
/// link, a protected folder would go, or a file cannot be written or removed. Nothing has changed then, unless the
/// message says what has.
pub fn sync(lock: &Lock, tree: Tree<'_>, wanted: Wanted<'_>, scope: &[Folder]) -> Result<Vec<Drift>, Failure> {
    let plan = plan::make(&tree, wanted, scope, lock.mode(), lock.is_sure())?;
    if lock.mode() == Mode::Write {
        apply::apply(&tree, wanted.texts, &plan)?;
    }
    Ok(plan.drift)
}
