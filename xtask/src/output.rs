//! What goes to the terminal: results to standard output, everything said about them to standard error.
//!
//! A reader that has seen enough (`| head`) is not a failure, so a broken pipe ends the output and nothing else.

use std::env;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
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
    printed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

fn printed(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("cannot write to standard output: {error}"))),
    }
}

/// Findings that people are shown in one run. Nobody reads more, and a fault at the top of a file can have very many.
pub(crate) const MOST_FINDINGS: usize = 100;

/// The diagnostics of one API for people, at most [`MOST_FINDINGS`].
pub(crate) fn diagnostics(sources: &Sources, diagnostics: &[Diagnostic]) {
    findings(&[(sources, diagnostics)], MOST_FINDINGS);
}

/// The diagnostics of several APIs for people, at most so many: where there are more, errors go before the rest.
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

/// Diagnostics for programs: one object a line, all of them. `false`: nobody reads any more.
pub(crate) fn json_lines(sources: &Sources, diagnostics: &[Diagnostic]) -> Result<bool, Failure> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut lines = diagnostics.iter().map(|it| json_line(&json::to_json(sources, it)));
    printed(lines.try_for_each(|it| writeln!(stdout, "{it}")).and_then(|()| stdout.flush()))
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
