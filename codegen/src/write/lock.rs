//! One run at a time writes to a project, and nobody looks at it meanwhile.
//!
//! The system takes the lock back when the process ends, however it ends, so a killed run blocks nobody.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::Mode;
use crate::failure::Failure;
use crate::regular_file;

/// The right to write to a project, or to look at it while nobody writes. Ends when it is dropped.
#[derive(Debug)]
pub struct Lock {
    project: PathBuf,
    mode: Mode,
    /// Nothing where locks cannot be had: a read-only checkout, a file system without locks.
    file: Option<File>,
}

impl Lock {
    /// Waits until no other run is in the way; `waits` is called once if that takes time.
    ///
    /// [`Mode::Check`] goes on without a lock where none can be had, since it changes nothing.
    ///
    /// # Errors
    ///
    /// When the lock's file, `target/specwright/lock`, cannot be made or locked and something is to be written.
    pub fn take(project: &Path, mode: Mode, waits: impl FnOnce()) -> Result<Self, Failure> {
        let path = project.join("target").join("specwright").join("lock");
        let failed = |error: io::Error| Failure::io("lock", &path, &error);
        let file = match (open(&path, mode), mode) {
            (Ok(file), _) => file,
            (Err(_), Mode::Check) => return Ok(Self { project: project.to_owned(), mode, file: None }),
            (Err(error), Mode::Write) => return Err(failed(error)),
        };
        let tried = match mode {
            Mode::Write => file.try_lock(),
            Mode::Check => file.try_lock_shared(),
        };
        let locked = match (tried, mode) {
            (Ok(()), _) => Ok(()),
            (Err(TryLockError::WouldBlock), Mode::Write) => {
                waits();
                file.lock()
            }
            (Err(TryLockError::WouldBlock), Mode::Check) => {
                waits();
                file.lock_shared()
            }
            (Err(TryLockError::Error(error)), _) => Err(error),
        };
        let file = match locked {
            Ok(()) => Some(file),
            // Some file systems have no locks; there, runs take care of each other only by the age of their files.
            Err(error) if error.kind() == io::ErrorKind::Unsupported || mode == Mode::Check => None,
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { project: project.to_owned(), mode, file })
    }

    /// The project's folder.
    #[must_use]
    pub fn project(&self) -> &Path {
        &self.project
    }

    /// What it was taken for.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether no other run is at work for sure.
    pub(super) fn is_sure(&self) -> bool {
        self.file.is_some()
    }
}

fn open(path: &Path, mode: Mode) -> io::Result<File> {
    regular_file::check(path)?;
    let existing = File::open(path);
    if mode == Mode::Check && existing.is_ok() {
        return existing;
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options().read(true).append(true).create(true).open(path)
}
