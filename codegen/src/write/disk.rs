//! The few things that the writer does to a disk. Tests make one of them fail, or end the process in its place.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file that is not there yet.
pub(super) fn create(path: &Path, text: &str) -> io::Result<()> {
    step()?;
    fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()))
}

pub(super) fn create_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    step()?;
    fs::create_dir_all(path)
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::rename(from, to)
}

/// Removes a file; one that is not there is no failure.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    step()?;
    absent_is_fine(fs::remove_file(path))
}

/// Removes a folder with all that is in it; links in it are not followed.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    step()?;
    absent_is_fine(fs::remove_dir_all(path))
}

/// Removes a folder that holds nothing but such folders. Leaves those that hold a file.
pub(super) fn remove_empty_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_empty_folders(&entry.path())?;
        }
    }
    if fs::read_dir(folder)?.next().is_some() {
        return Ok(());
    }
    step()?;
    absent_is_fine(fs::remove_dir(folder))
}

/// Goes up from a removed file for as long as folders are empty; stops at `root`.
pub(super) fn remove_empty_parents(root: &Path, path: &Path) {
    let mut folder = path.parent();
    while let Some(it) = folder.filter(|it| *it != root && it.starts_with(root)) {
        // Fails on the first folder that still holds something, which is where to stop.
        if step().and_then(|()| fs::remove_dir(it)).is_err() {
            return;
        }
        folder = it.parent();
    }
}

/// Whether something can be renamed from the one folder to the other. Where that cannot be told, it can.
pub(super) fn on_one_device(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let device = |it: &Path| fs::metadata(it).map(|it| it.dev());
        !matches!((device(a), device(b)), (Ok(a), Ok(b)) if a != b)
    }
    #[cfg(not(unix))]
    {
        let _ = (a, b);
        true
    }
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(not(test))]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use faults::step;

/// What happens to a step in a test.
#[cfg(test)]
pub(super) mod faults {
    use std::cell::Cell;
    use std::io;

    /// What happens instead of a step.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub(crate) enum Fault {
        /// It fails, as on a disk that is full or a folder that may not be written.
        Failure,
        /// The process ends on the spot, as if it were killed.
        Kill,
    }

    /// The exit code of a process that ended so.
    pub(crate) const KILLED: i32 = 9;

    thread_local! {
        static NEXT: Cell<Option<(usize, Fault)>> = const { Cell::new(None) };
    }

    /// Lets so many steps of this thread pass and then makes one of them go wrong.
    pub(crate) fn after(steps: usize, fault: Fault) {
        NEXT.set(Some((steps, fault)));
    }

    /// No more faults; whether the one that was asked for has happened.
    pub(crate) fn off() -> bool {
        NEXT.take().is_none()
    }

    pub(in super::super) fn step() -> io::Result<()> {
        match NEXT.get() {
            None => Ok(()),
            Some((0, Fault::Kill)) => std::process::exit(KILLED),
            Some((0, Fault::Failure)) => {
                NEXT.set(None);
                Err(io::Error::other("a fault of the test"))
            }
            Some((left, fault)) => {
                NEXT.set(Some((left - 1, fault)));
                Ok(())
            }
        }
    }
}
