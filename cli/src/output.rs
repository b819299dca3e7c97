//! Output to the terminal. Results go to standard output, messages about them to standard error.
//!
//! A broken pipe (`| head`) ends the output. It is not a failure.

use std::borrow::Cow;
use std::env;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use specwright_codegen::diagnostics::{Diagnostic, Severity, json, render};
use specwright_codegen::escape::{escaped_lines, json_line};
use specwright_codegen::failure::Failure;
use specwright_codegen::source::Sources;

/// Whether standard error may be coloured.
pub(crate) fn colour() -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    !forbidden && io::stderr().is_terminal()
}

/// Prints a message to standard error. Control characters are escaped, since it may quote file names and lines of specs.
pub(crate) fn say(text: &str) {
    show(&escaped_lines(text));
}

/// Writes to standard error what another part of the program has escaped, without a line end.
pub(crate) fn write_raw(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

/// As [`say`], for text that is already escaped and may contain colours.
fn show(text: &str) {
    // If standard error is closed, nobody can read the message.
    let _ = writeln!(io::stderr().lock(), "{}", as_called(text, crate::tool()));
}

/// Messages name commands as `cargo xtask`; people get them as they call this program.
fn as_called<'t>(text: &'t str, tool: &str) -> Cow<'t, str> {
    const WRITTEN: &str = "`cargo xtask";
    match text.contains(WRITTEN) && tool != "cargo xtask" {
        true => Cow::Owned(text.replace(WRITTEN, &format!("`{tool}"))),
        false => Cow::Borrowed(text),
    }
}

/// A failure of the environment or of usage.
pub(crate) fn failure(failure: &Failure) {
    if colour() {
        show(&format!("\x1b[1m\x1b[91merror\x1b[0m\x1b[1m:\x1b[0m {failure}"));
    } else {
        show(&format!("error: {failure}"));
    }
}

/// Prints a result to standard output, unchanged. Returns `false` if the reader has closed the pipe.
pub(crate) fn print(text: &str) -> Result<bool, Failure> {
    let mut stdout = io::stdout().lock();
    printed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

fn printed(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("cannot write to standard output: {error}"))),
    }
}

/// The most findings that one run shows. One fault at the top of a file can cause very many.
pub(crate) const MOST_FINDINGS: usize = 100;

/// The diagnostics of one API for people, at most [`MOST_FINDINGS`].
pub(crate) fn diagnostics(sources: &Sources, diagnostics: &[Diagnostic]) {
    findings(&[(sources, diagnostics)], MOST_FINDINGS);
}

/// The diagnostics of several APIs for people, at most `most` of them. If there are more, errors come first.
pub(crate) fn findings(all: &[(&Sources, &[Diagnostic])], most: usize) {
    let colour = colour();
    let total: usize = all.iter().map(|(_, diagnostics)| diagnostics.len()).sum();
    let each = || all.iter().flat_map(|(sources, diagnostics)| diagnostics.iter().map(move |it| (*sources, it)));
    let errors = each().filter(|(_, it)| it.severity == Severity::Error).count();
    let (mut errors_left, mut others_left) = (errors.min(most), most.saturating_sub(errors));
    for (sources, it) in each() {
        let left = if it.severity == Severity::Error { &mut errors_left } else { &mut others_left };
        if *left > 0 {
            *left -= 1;
            show(&format!("{}\n", render::human(sources, it, colour).trim_end()));
        }
    }
    if total > most {
        let first = if errors < total { ", errors first" } else { "" };
        say(&format!(
            "{} more not shown{first}: `cargo xtask lint --format json` lists all, `lint --max-findings N` shows more\n",
            counted(total - most, "finding"),
        ));
    }
}

/// All diagnostics for programs, one object per line. Returns `false` if the reader has closed the pipe.
pub(crate) fn json_lines(sources: &Sources, diagnostics: &[Diagnostic]) -> Result<bool, Failure> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut lines = diagnostics.iter().map(|it| json_line(&json::to_json(sources, it)));
    printed(lines.try_for_each(|it| writeln!(stdout, "{it}")).and_then(|()| stdout.flush()))
}

/// A path as people write it: from where they are, if it is below.
pub(crate) fn shown(path: &Path) -> String {
    let here = env::current_dir().ok();
    let below = here.and_then(|it| path.strip_prefix(it).ok().map(Path::to_path_buf));
    below.unwrap_or_else(|| path.to_path_buf()).display().to_string()
}

/// `3 files`, `1 file`.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}

/// `12 ms`, `1.4 s`.
pub(crate) fn time(duration: Duration) -> String {
    match duration.as_millis() {
        0..1000 => format!("{} ms", duration.as_millis()),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::as_called;

    #[test]
    fn commands_are_named_as_people_call_them() {
        let text = "`cargo xtask lint` lists all; cargo xtask is an alias";
        assert_eq!(as_called(text, "specwright"), "`specwright lint` lists all; cargo xtask is an alias");
        assert_eq!(as_called(text, "cargo specwright"), "`cargo specwright lint` lists all; cargo xtask is an alias");
        assert_eq!(as_called(text, "cargo xtask"), text);
    }
}
