//! Formats an error: on one line for people, and for debugging.

use std::error::Error as _;
use std::fmt;

use super::{Error, ErrorKind, Source};
use crate::clock::in_words;
use crate::number::count_text;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Source::Validation(error)) = &self.inner.source {
            return error.fmt(f);
        }
        // Values that are not the server's texts, such as the id of a task, may contain a secret too.
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&self.inner.secrets.redact_value(&text))
    }
}

impl Error {
    fn write(&self, f: &mut String) {
        let it = &*self.inner;
        if let Some(operation) = it.operation {
            f.push('`');
            f.push_str(operation.name);
            f.push_str("`: ");
        }
        f.push_str(self.kind().description());
        if !it.message.is_empty() {
            f.push_str(": ");
            f.push_str(&it.message);
        }
        // Causes that a person can fix are shown in full. The causes of a broken connection would not help.
        if let Some(Source::Decode(error)) = &it.source {
            push_cause(f, error);
        } else if matches!(self.kind(), ErrorKind::Config | ErrorKind::Io) {
            let mut cause = self.source();
            while let Some(error) = cause {
                push_cause(f, error);
                cause = error.source();
            }
        }
        let mut notes = Notes { f, any: false };
        if let Some(status) = it.status.filter(|it| !it.is_success()) {
            notes.add("status ", &count_text(status.as_u16().into()));
        }
        if let Some(code) = &it.code {
            notes.add("code ", code);
        }
        if let Some(id) = &it.task_id {
            notes.add("task ", id);
        }
        if let Some(id) = &it.request_id {
            notes.add("request ", id);
        }
        if let Some(wait) = it.retry_after {
            notes.add("retry after ", &in_words(wait));
        }
        if let Some(body) = it.body.as_ref().filter(|_| it.body_is_cut) {
            notes.add("only the first ", &count_text(body.len() as u64));
            notes.f.push_str(" bytes of the body");
        }
        if it.attempts > 1 {
            notes.add("", &count_text(it.attempts.into()));
            notes.f.push_str(" attempts");
        }
        if notes.any {
            f.push(')');
        }
    }
}

/// Adds the text of a cause, by one function for all types.
#[inline(never)]
fn push_cause(f: &mut String, cause: &dyn std::error::Error) {
    f.push_str(": ");
    f.push_str(&cause.to_string());
}

struct Notes<'a> {
    f: &'a mut String,
    any: bool,
}

impl Notes<'_> {
    #[inline(never)]
    fn add(&mut self, words: &str, value: &str) {
        self.f.push_str(if std::mem::replace(&mut self.any, true) { ", " } else { " (" });
        self.f.push_str(words);
        self.f.push_str(value);
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
