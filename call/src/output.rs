//! Where a call writes. Results go to standard output, everything about them to standard error.
//!
//! Nothing that a server sent reaches a terminal as it is: what a terminal obeys is escaped, and secrets are redacted.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Mutex;

use serde_json::{Map, Value};
use specwright_codegen::escape::{escaped, escaped_lines, is_unseen};
use specwright_codegen::failure::Failure;
use specwright_runtime::{Client, UploadProgress};

use crate::progress::Progress;

/// Erases the line of a terminal.
const ERASE: &str = "\r\x1b[K";
/// Characters of a line that is erased again: of a longer one, a part would stay.
const WIDEST: usize = 78;

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Clean,
    /// The request breaks a rule, or the server refused it. It has been said.
    Findings,
}

/// The input and output of a call.
pub struct Console<'a> {
    /// What `@-` reads.
    pub input: &'a mut dyn Read,
    /// The answer.
    pub out: &'a mut dyn Write,
    /// Everything else.
    pub err: &'a mut dyn Write,
    /// Whether people read the answer.
    pub out_is_terminal: bool,
    /// Whether people read the rest.
    pub err_is_terminal: bool,
    /// Writes to the same place as `err`, as it is, while a file is sent; without it, nothing is shown of that. It is a
    /// function of its own, because the connection calls it.
    pub while_sending: Option<fn(&str)>,
}

impl fmt::Debug for Console<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("out_is_terminal", &self.out_is_terminal).finish_non_exhaustive()
    }
}

/// Whether the reader of the output is still there.
pub(crate) type Open = bool;

impl Console<'_> {
    /// A message, on lines of its own.
    pub(crate) fn say(&mut self, text: &str) {
        // If standard error is closed, nobody can read the message.
        let _ = writeln!(self.err, "{}", escaped_lines(text.trim_end()));
    }

    /// The same, unless there is nothing to say.
    pub(crate) fn say_if_any(&mut self, text: &str) {
        if !text.is_empty() {
            self.say(text);
        }
    }

    /// A result, as it is. `false` if the reader has closed the pipe.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub(crate) fn print(&mut self, text: &str) -> Result<Open, Failure> {
        self.print_bytes(text.as_bytes())
    }

    pub(crate) fn print_bytes(&mut self, bytes: &[u8]) -> Result<Open, Failure> {
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Failure::new(format!("cannot write the answer: {error}"))),
        }
    }

    /// A line that the next one replaces, if this is a terminal.
    pub(crate) fn progress(&mut self, text: &str) {
        let text = escaped(text);
        let _ = match self.err_is_terminal {
            // Longer ones would not be erased.
            true => write!(self.err, "{ERASE}{}", text.chars().take(WIDEST).collect::<String>()),
            false => writeln!(self.err, "{text}"),
        };
        let _ = self.err.flush();
    }

    /// What shows a line about a file that is being sent, in place of [`progress`](Self::progress).
    pub(crate) fn progress_of_upload(&self, name: &str) -> Option<impl Fn(UploadProgress) + Send + Sync + use<>> {
        let (show, is_terminal) = (self.while_sending?, self.err_is_terminal);
        let progress = Mutex::new(Progress::new(&format!("sending {name}"), is_terminal));
        Some(move |it: UploadProgress| {
            let line = progress.lock().ok().and_then(|mut progress| progress.line(it.sent, it.total));
            match (line, is_terminal) {
                _ if is_terminal && it.total == Some(it.sent) => show(ERASE),
                (Some(line), true) => show(&format!("{ERASE}{}", line.chars().take(WIDEST).collect::<String>())),
                (Some(line), false) => show(&format!("{line}\n")),
                (None, _) => {}
            }
        })
    }

    /// Erases the line of [`progress`](Self::progress).
    pub(crate) fn end_progress(&mut self) {
        if self.err_is_terminal {
            let _ = write!(self.err, "{ERASE}");
            let _ = self.err.flush();
        }
    }
}

/// A file that is made when the first byte comes, so that a call that fails leaves the old one as it is.
#[derive(Debug)]
pub(crate) struct FileOutput<'p> {
    path: &'p Path,
    file: Option<File>,
    written: u64,
}

impl<'p> FileOutput<'p> {
    pub(crate) fn new(path: &'p Path) -> Self {
        Self { path, file: None, written: 0 }
    }

    /// How many bytes it has, if it was made.
    pub(crate) fn written(&self) -> Option<u64> {
        self.file.as_ref().map(|_| self.written)
    }
}

impl Write for FileOutput<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("`{}`: {error}", self.path.display()));
        if self.file.is_none() {
            self.file = Some(File::create(self.path).map_err(named)?);
        }
        let Some(file) = &mut self.file else { return Ok(0) };
        let written = file.write(bytes).map_err(named)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

/// Text of a server: without secrets.
pub(crate) fn clean<'t>(client: &Client, text: &'t str) -> Cow<'t, str> {
    client.redact(text)
}

/// A value of a server: without secrets.
pub(crate) fn clean_value(client: &Client, value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(client.redact(text).into_owned()),
        Value::Array(items) => items.iter().map(|it| clean_value(client, it)).collect(),
        Value::Object(fields) => {
            let clean = |(name, it): (&String, &Value)| (client.redact(name).into_owned(), clean_value(client, it));
            Value::Object(fields.iter().map(clean).collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// JSON for people: on several lines, with what nobody sees escaped as JSON does it.
pub(crate) fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    let mut out = String::with_capacity(text.len() + 1);
    let mut units = [0; 2];
    for character in text.chars() {
        // Between texts there are only line ends and spaces.
        if character != '\n' && is_unseen(character) {
            character.encode_utf16(&mut units).iter().for_each(|it| out.push_str(&format!("\\u{it:04x}")));
        } else {
            out.push(character);
        }
    }
    out.push('\n');
    out
}
