//! Saves a download to a file, which is either complete or absent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Download, DownloadProgress};
use crate::disk::{Disk, OnDisk};
use crate::{Error, Result};

impl Download {
    /// Writes all of it to a file, in place of any that is there, and gives the number of bytes.
    ///
    /// It grows beside its place under another name, and takes its place when it is whole: whoever opens `path` sees all of
    /// it or what was there before. On an error, and when the future is dropped, nothing of it is left.
    ///
    /// # Errors
    /// It does not arrive, or cannot be written ([`ErrorKind::Io`](crate::ErrorKind::Io)).
    pub async fn save(self, path: impl AsRef<Path>) -> Result<u64> {
        self.save_with(path, |_| {}).await
    }

    /// As [`save`](Self::save), and tells how far it is: once before the first byte, and after every piece.
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

/// A file under a passing name, which goes when this is dropped.
struct PartialFile {
    // Closed before the name goes.
    data: OnDisk,
    name: TemporaryPath,
}

/// A path that is removed on drop.
struct TemporaryPath(PathBuf);

impl PartialFile {
    /// Made on this thread: a creation that is still under way elsewhere could come after the removal.
    fn create(path: &Path, disk: Disk) -> io::Result<Self> {
        if path.file_name().is_none() {
            let why = "a path that ends in the name of a file is expected";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        if path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder is there; name a file in it"));
        }
        let mut tries = 0;
        loop {
            // Not made of the name, which may be as long as names can be.
            let beside = path.with_file_name(format!(".{:016x}.part", fastrand::u64(..)));
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
            // Nobody is there to be told of a failure.
            fs::remove_file(&self.0).ok();
        }
    }
}
