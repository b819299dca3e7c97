//! What goes to the terminal: results to standard output, everything said about them to standard error.
//!
//! A reader that has seen enough (`| head`) is not a failure, so a broken pipe ends the output and nothing else.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use specwright_codegen::diagnostics::{Diagnostic, json, render};
use specwright_codegen::escape::{escaped_lines, json_line};
use specwright_codegen::failure::Failure;
use specwright_codegen::source::Sources;

/// Whether standard error may be coloured.
pub(crate) fn colour() -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    !forbidden && io::stderr().is_terminal()
}

/// A line of news on standard error, with what a terminal would obey escaped: it may quote names of files and lines of
/// specs.
pub(crate) fn say(text: &str) {
    show(&escaped_lines(text));
}

/// As [`say`], of what is safe already and may have colours.
fn show(text: &str) {
    // Nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A failure of the environment or of usage.
pub(crate) fn failure(failure: &Failure) {
    if colour() {
        show(&format!("\x1b[1m\x1b[91merror\x1b[0m\x1b[1m:\x1b[0m {failure}"));
    } else {
        show(&format!("error: {failure}"));
    }
}

/// A result on standard output, as it stands. `false`: nobody reads any more.
pub(crate) fn print(text: &str) -> Result<bool, Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("cannot write to standard output: {error}"))),
    }
}

/// Diagnostics for people.
pub(crate) fn diagnostics(sources: &Sources, diagnostics: &[Diagnostic]) {
    let colour = colour();
    for it in diagnostics {
        show(&format!("{}\n", render::human(sources, it, colour).trim_end()));
    }
}

/// Diagnostics for programs: one object a line.
pub(crate) fn json_lines(sources: &Sources, diagnostics: &[Diagnostic]) -> Result<bool, Failure> {
    let text: String = diagnostics.iter().map(|it| json_line(&json::to_json(sources, it)) + "\n").collect();
    print(&text)
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
