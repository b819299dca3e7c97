//! `validate --batch FILE|-`: reads JSON Lines and prints one JSON line for each, in the same order.
//!
//! The specs are read once, and one line at a time is kept, so memory does not grow with the input. No line ends the
//! run: a line that cannot be checked gets `{"error":"…"}`. Empty lines are skipped.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde_json::{Value, json};
use specwright_codegen::escape::json_line;
use specwright_codegen::failure::Failure;
use specwright_codegen::validate::{self as requests, read_json};

use super::validate;
use crate::{CommandResult, Verdict};

/// A longer line gets an error, and is skipped without being kept in memory.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;
const BUFFER: usize = 64 * 1024;

/// Clean if every line could be checked and is valid.
pub(crate) fn run(project: &Path, file: &str) -> CommandResult {
    let input: Box<dyn Read> = if file == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file).map_err(|error| Failure::io("read", Path::new(file), &error))?)
    };
    let (apis, broken) = validate::all_apis(project)?;
    let mut batch = Batch { requests: requests::Batch::new(apis), broken, all_valid: true };
    let output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match batch.run(BufReader::with_capacity(BUFFER, input), output) {
        // The reader closed the pipe; the lines so far decide the exit code.
        Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(Trouble::Output(error)) => {
            return Err(Failure::new(format!("cannot write to standard output: {error}")));
        }
        Err(Trouble::Input(error)) => return Err(Failure::io("read", Path::new(file), &error)),
        Ok(()) => {}
    }
    Ok(if batch.all_valid { Verdict::Clean } else { Verdict::Findings })
}

enum Trouble {
    Input(io::Error),
    Output(io::Error),
}

struct Batch {
    requests: requests::Batch,
    /// Names of APIs whose specs have errors.
    broken: Vec<String>,
    all_valid: bool,
}

impl Batch {
    fn run(&mut self, mut input: BufReader<impl Read>, mut output: impl Write) -> Result<(), Trouble> {
        let mut line = Vec::new();
        let mut first = true;
        loop {
            // Flush, for programs that wait for each result before they send the next request.
            if input.buffer().is_empty() {
                output.flush().map_err(Trouble::Output)?;
            }
            line.clear();
            let read = (&mut input).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(Trouble::Input)?;
            if read == 0 {
                return output.flush().map_err(Trouble::Output);
            }
            let too_long = read as u64 == LONGEST_LINE && line.last() != Some(&b'\n');
            if too_long {
                input.skip_until(b'\n').map_err(Trouble::Input)?;
            }
            let text = if std::mem::take(&mut first) { line.strip_prefix(b"\xef\xbb\xbf") } else { None };
            let text = text.unwrap_or(&line).trim_ascii();
            if text.is_empty() {
                continue;
            }
            let (answer, is_valid) = if too_long { error("the line is too long") } else { self.judge(text) };
            self.all_valid &= is_valid;
            writeln!(output, "{answer}").map_err(Trouble::Output)?;
        }
    }

    /// The answer to a line, and whether its request is valid.
    fn judge(&self, line: &[u8]) -> (String, bool) {
        if !self.broken.is_empty()
            && let Ok(Value::Object(object)) = read_json(line).map(|it| it.value)
            && let Some(Value::String(name)) = object.get("api")
            && self.broken.contains(name)
        {
            return error(&format!("the spec of `{name}` has errors"));
        }
        self.requests.line_text(line)
    }
}

fn error(message: &str) -> (String, bool) {
    (json_line(&json!({ "error": message })), false)
}
