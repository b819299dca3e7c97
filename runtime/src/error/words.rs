//! Formats an error: on one line for people, and for debugging.

use std::error::Error as _;
use std::fmt::{self, Write as _};

use super::{Error, ErrorKind, Source};
use crate::clock::in_words;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Source::Validation(error)) = &self.inner.source {
            return error.fmt(f);
        }
        // Values that are not the server's texts, such as the id of a task, may contain a secret too.
        let mut text = String::new();
        self.write(&mut text)?;
        f.write_str(&self.inner.secrets.redact_value(&text))
    }
}

impl Error {
    fn write(&self, f: &mut String) -> fmt::Result {
        let it = &*self.inner;
        if let Some(operation) = it.operation {
            write!(f, "`{}`: ", operation.name)?;
        }
        f.write_str(self.kind().description())?;
        if !it.message.is_empty() {
            write!(f, ": {}", it.message)?;
        }
        // Causes that a person can fix are shown in full. The causes of a broken connection would not help.
        if let Some(Source::Decode(error)) = &it.source {
            write!(f, ": {error}")?;
        } else if matches!(self.kind(), ErrorKind::Config | ErrorKind::Io) {
            let mut cause = self.source();
            while let Some(error) = cause {
                write!(f, ": {error}")?;
                cause = error.source();
            }
        }
        let mut notes = Notes { f, any: false };
        if let Some(status) = it.status.filter(|it| !it.is_success()) {
            notes.add(format_args!("status {}", status.as_u16()))?;
        }
        if let Some(code) = &it.code {
            notes.add(format_args!("code {code}"))?;
        }
        if let Some(id) = &it.task_id {
            notes.add(format_args!("task {id}"))?;
        }
        if let Some(id) = &it.request_id {
            notes.add(format_args!("request {id}"))?;
        }
        if let Some(wait) = it.retry_after {
            notes.add(format_args!("retry after {}", in_words(wait)))?;
        }
        if let Some(body) = it.body.as_ref().filter(|_| it.body_is_cut) {
            notes.add(format_args!("only the first {} bytes of the body", body.len()))?;
        }
        if it.attempts > 1 {
            notes.add(format_args!("{} attempts", it.attempts))?;
        }
        if notes.any { f.write_str(")") } else { Ok(()) }
    }
}

struct Notes<'a> {
    f: &'a mut String,
    any: bool,
}

impl Notes<'_> {
    fn add(&mut self, text: fmt::Arguments<'_>) -> fmt::Result {
        self.f.write_str(if std::mem::replace(&mut self.any, true) { ", " } else { " (" })?;
        self.f.write_fmt(text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.kind()).field("display", &self.to_string());
        if let Some(body) = &self.inner.body {
            out.field("body_bytes", &body.len());
        }
        if let Some(source) = self.source() {
            out.field("source", &source);
        }
        out.finish_non_exhaustive()
    }
}
