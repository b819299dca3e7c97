//! Access to files on disk, async or blocking as the client requires.

use std::io::{self, Read as _, Write as _};
use std::path::Path;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Handle;

use crate::Clock;

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// How files are accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disk {
    /// On tokio's threads for blocking work, so that a slow disk does not delay other tasks.
    Tokio,
    /// On this thread, in small pieces: for blocking clients, and for runtimes other than tokio, on which the first
    /// variant would panic.
    Here,
}

impl Disk {
    /// The variant for a client with this clock, on this thread.
    pub(crate) fn of(clock: &dyn Clock) -> Self {
        if clock.blocks() || Handle::try_current().is_err() { Self::Here } else { Self::Tokio }
    }

    pub(crate) async fn open(self, path: &Path) -> io::Result<OnDisk> {
        match self {
            Self::Tokio => tokio::fs::File::open(path).await.map(OnDisk::Tokio),
            Self::Here => std::fs::File::open(path).map(OnDisk::Here),
        }
    }

    pub(crate) fn opened(self, file: std::fs::File) -> OnDisk {
        match self {
            Self::Tokio => OnDisk::Tokio(tokio::fs::File::from_std(file)),
            Self::Here => OnDisk::Here(file),
        }
    }

    pub(crate) async fn rename(self, from: &Path, to: &Path) -> io::Result<()> {
        match self {
            Self::Tokio => tokio::fs::rename(from, to).await,
            Self::Here => std::fs::rename(from, to),
        }
    }
}

/// An open file.
#[derive(Debug)]
pub(crate) enum OnDisk {
    Tokio(tokio::fs::File),
    Here(std::fs::File),
}

impl OnDisk {
    /// The next piece, which is empty at the end.
    pub(crate) async fn read(&mut self) -> io::Result<Bytes> {
        match self {
            Self::Tokio(file) => {
                let mut piece = BytesMut::with_capacity(PIECE);
                file.read_buf(&mut piece).await?;
                Ok(piece.freeze())
            }
            Self::Here(file) => {
                let mut piece = Vec::with_capacity(PIECE);
                std::io::Read::by_ref(file).take(PIECE as u64).read_to_end(&mut piece)?;
                Ok(piece.into())
            }
        }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Tokio(file) => file.write_all(bytes).await,
            Self::Here(file) => file.write_all(bytes),
        }
    }

    /// Waits until everything is written, because tokio reports the last failure only then.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tokio(file) => file.flush().await,
            Self::Here(file) => file.flush(),
        }
    }
}
