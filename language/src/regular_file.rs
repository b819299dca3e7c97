//! Reads files, and only what is one: opening a named pipe would wait forever.

use std::fs;
use std::io;
use std::path::Path;

/// As [`fs::read`]. Links are followed.
///
/// # Errors
///
/// As [`fs::read`], and when there is something else than a file.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    check(path)?;
    fs::read(path)
}

/// As [`fs::read_to_string`]. Links are followed.
///
/// # Errors
///
/// As [`fs::read_to_string`], and when there is something else than a file.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    check(path)?;
    fs::read_to_string(path)
}

/// Fails for what is there and is no file. What is absent and what is a folder is the system's to tell.
///
/// # Errors
///
/// When opening it could wait forever.
pub fn check(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(it) if !it.is_file() && !it.is_dir() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
        }
        _ => Ok(()),
    }
}
