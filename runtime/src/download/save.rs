//! Saves a download to a file, which is either complete or absent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Download, DownloadProgress};
use crate::disk::{Disk, OnDisk};
use crate::random;
use crate::{Error, Result};

impl Download {
    /// Writes the whole body to a file, replaces any existing file, and returns the number of bytes.
    ///
    /// The data is written to a temporary file in the same folder, which is renamed when it is complete. A reader of
    /// `path` sees either the whole new file or the old one. On an error, or if the future is dropped, the temporary file
    /// is removed.
    ///
    /// # Errors
    /// Fails if the body does not arrive completely, or if it cannot be written
    /// ([`ErrorKind::Io`](crate::ErrorKind::Io)).
    pub async fn save(self, path: impl AsRef<Path>) -> Result<u64> {
        self.save_with(path, |_| {}).await
    }

    /// As [`save`](Self::save), and reports progress: once before the first byte, and after every piece.
    ///
    /// ```no_run
    /// # async fn f(download: specwright_runtime::Download) -> specwright_runtime::Result<()> {
    /// let bytes = download.save_with("film.mp4", |it| match it.total {
    ///     Some(total) => eprint!("\r{} of {total} bytes", it.received),
    ///     None => eprint!("\r{} bytes", it.received),
    /// });
    /// println!("{} bytes", bytes.await?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub async fn save_with(mut self, path: impl AsRef<Path>, mut tell: impl FnMut(DownloadProgress)) -> Result<u64> {
        let path = path.as_ref();
        let disk = Disk::of(&*self.client.shared.clock);
        let mut file = PartialFile::create(path, disk).map_err(|it| self.not_saved(path, it))?;
        tell(self.progress());
        let mut written = 0;
        while let Some(piece) = self.next().await {
            let piece = piece?;
            file.data.write(&piece).await.map_err(|it| self.not_saved(path, it))?;
            written += piece.len() as u64;
            tell(self.progress());
        }
        file.take_place(path, disk).await.map_err(|it| self.not_saved(path, it))?;
        Ok(written)
    }

    fn not_saved(&self, path: &Path, error: io::Error) -> Error {
        self.write_error(&format!("the file `{}`", path.display()), error)
    }
}

/// A file with a temporary name, which is removed on drop.
struct PartialFile {
    // The file is closed before it is removed.
    data: OnDisk,
    name: TemporaryPath,
}

/// A path that is removed on drop.
struct TemporaryPath(PathBuf);

impl PartialFile {
    /// Created on this thread, because a creation on another thread could finish after the removal.
    fn create(path: &Path, disk: Disk) -> io::Result<Self> {
        if path.file_name().is_none() {
            let why = "the path must end in a file name";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        if path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder; give the path of a file in it"));
        }
        let mut tries = 0;
        loop {
            // The temporary name does not contain the file's name, which may already have the maximum length.
            let beside = path.with_file_name(format!(".{}.part", random::digits()));
            match fs::OpenOptions::new().write(true).create_new(true).open(&beside) {
                Ok(file) => return Ok(Self { data: disk.opened(file), name: TemporaryPath(beside) }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 8 => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn take_place(mut self, path: &Path, disk: Disk) -> io::Result<()> {
        self.data.flush().await?;
        drop(self.data);
        disk.rename(&self.name.0, path).await?;
        self.name.0 = PathBuf::new();
        Ok(())
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // A failure cannot be reported here.
            fs::remove_file(&self.0).ok();
        }
    }
}
