//! Failures outside a spec: an unreadable file, a missing folder, an unknown name.
//!
//! A fault *in* a spec is a [`Diagnostic`](crate::diagnostics::Diagnostic); a fault in the compiler is a panic.

use std::fmt;
use std::io;
use std::path::Path;

use crate::escape::escaped_lines;

/// One sentence about what could not be done, and the way out where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Lower case, no final dot, names the file or thing in question.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// A failure in words.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// `doing` says what was tried: "read", "create the folder".
    #[must_use]
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot {doing} `{}`: {error}", path.display()))
    }

    /// The way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It may quote names of files, arguments, and whatever a program was given.
        f.write_str(&escaped_lines(&self.message))?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", escaped_lines(help))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
