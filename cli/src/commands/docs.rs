//! `docs [--open]`: the book with the reference of every API, as a static site.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline;
use specwright_codegen::write::Mode;

use super::codegen;
use super::validate::all_apis;
use crate::output::{self, counted, say};
use crate::{CommandResult, Verdict};

/// The reference is made from the specs, so it never lags behind them; a spec with errors is a finding.
pub(crate) fn run(project: &Path, open: bool) -> CommandResult {
    let begin = Instant::now();
    let (apis, broken) = all_apis(project)?;
    if !broken.is_empty() {
        say(&format!("no book was made: the specs of {} have errors", broken.join(", ")));
        return Ok(Verdict::Findings);
    }
    let book = pipeline::write_book(&codegen::lock(project, Mode::Write)?, &apis)?;
    let (pages, time) = (counted(book.pages, "page"), output::time(begin.elapsed()));
    say(&format!("{}: {pages}, {} written or removed, {time}", book.start.display(), book.drift.len()));
    if open {
        show(&book.start)?;
    }
    Ok(Verdict::Clean)
}

/// Hands a page to whatever opens pages here.
fn show(page: &Path) -> Result<(), Failure> {
    let program = match () {
        () if cfg!(target_os = "macos") => "open",
        () if cfg!(windows) => "explorer",
        () => "xdg-open",
    };
    let started = Command::new(program).arg(page).spawn();
    started.map(drop).map_err(|error| Failure::new(format!("cannot run `{program}` to open the book: {error}")))
}
