//! `codegen [API…] [--check]`: generates the crates from the specs, or reports how the crates differ.

use std::path::Path;

use specwright_codegen::discard;
use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline::{self, ApiReport, Outcome};
use specwright_codegen::settings::Settings;
use specwright_codegen::write::{DriftKind, Lock, Mode, REPAIR};

use crate::live::{self, Stages};
use crate::output::{self, counted, say};
use crate::workspace;
use crate::{CommandResult, Verdict};

/// In check mode, the lines of at most this many differing files are shown. The others are listed by name.
const SHOWN: usize = 5;

/// What is wrong with a folder among the crates that is not generated.
const NO_CRATE: &str = "not a crate, but cargo expects one; move it away, or delete it";

/// Runs once and prints the outcome.
pub(crate) fn run(project: &Path, apis: &[String], check: bool) -> CommandResult {
    let settings = Settings::load(project)?;
    workspace::check(project, &settings)?;
    let lock = lock(project, if check { Mode::Check } else { Mode::Write })?;
    let stages = Stages::new(if apis.is_empty() { pipeline::api_names(project)?.len() } else { apis.len() });
    let outcome = live::during(&|terminal| stages.text(terminal), || pipeline::generate_watched(&lock, apis, &stages))?;
    drop(lock);
    let found: Vec<_> = outcome.apis.iter().map(|it| (&it.sources, it.diagnostics.as_slice())).collect();
    output::findings(&found, output::MOST_FINDINGS);
    if outcome.has_errors() {
        errors(&outcome);
        return Ok(Verdict::Findings);
    }
    if check && !outcome.drift.is_empty() {
        drift(&outcome, &settings.crates.output, apis);
        return Ok(Verdict::Findings);
    }
    lines(&outcome);
    total(&outcome);
    if !check && !outcome.unchanged_since_last_run {
        workspace::tell_left(project, &settings)?;
    }
    discard::here(outcome);
    Ok(Verdict::Clean)
}

/// Takes the project's lock. If another run holds it, says so and waits.
pub(crate) fn lock(project: &Path, mode: Mode) -> Result<Lock, Failure> {
    pipeline::lock(project, mode, || say("waiting for another run of `cargo xtask` in this project to end"))
}

fn errors(outcome: &Outcome) {
    for api in &outcome.apis {
        if api.errors > 0 {
            say(&format!("{}: {}{}", api.name, counted(api.errors, "error"), warnings(api)));
        }
    }
    say("nothing was written: the specs above have errors (see `cargo xtask explain CODE`)");
}

fn drift(outcome: &Outcome, output: &str, apis: &[String]) {
    let mut with_lines = 0;
    for it in &outcome.drift {
        let path = shown(output, &it.path);
        match &it.kind {
            DriftKind::Leftover => say(&format!("left:    {path} (left by an interrupted run)")),
            DriftKind::Empty => say(&format!("empty:   {path} (a folder without files)")),
            DriftKind::NoCrate => say(&format!("stray:   {path} ({NO_CRATE})")),
            DriftKind::Missing => say(&format!("missing: {path}")),
            DriftKind::Stale => say(&format!("stale:   {path}")),
            DriftKind::Stray => say(&format!("stray:   {path} (not generated; move it away, or delete it)")),
            DriftKind::Changed { diff } => {
                say(&format!("differs: {path}"));
                if with_lines < SHOWN {
                    say(&diff.lines().map(|line| format!("    {line}\n")).collect::<String>());
                    with_lines += 1;
                }
            }
        }
    }
    let names: String = apis.iter().map(|it| format!(" {it}")).collect();
    let are = if outcome.drift.len() == 1 { "is" } else { "are" };
    let stays = |it: &DriftKind| matches!(it, DriftKind::Stray | DriftKind::NoCrate);
    let repair = if outcome.drift.iter().all(|it| stays(&it.kind)) {
        String::new()
    } else {
        format!(" (`-` is the file, `+` the spec); `{REPAIR}{names}` repairs it")
    };
    say(&format!("{} {are} out of date with the specs{repair}", counted(outcome.drift.len(), "file")));
}

/// A path of the tree as seen from the project.
fn shown(output: &str, path: &str) -> String {
    path.strip_prefix("../").map_or_else(|| format!("{output}/{path}"), str::to_owned)
}

fn lines(outcome: &Outcome) {
    let width = outcome.apis.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for api in &outcome.apis {
        let time =
            if api.unchanged_since_last_run { String::new() } else { format!(", {}", output::time(api.elapsed)) };
        let ApiReport { name, operations, written, removed, unchanged, .. } = api;
        say(&format!(
            "{name:width$}  {}: {written} written, {removed} removed, {unchanged} unchanged{}{time}",
            counted(*operations, "operation"),
            warnings(api),
        ));
    }
    for krate in &outcome.removed_crates {
        say(&format!("{krate:width$}  removed: its spec no longer exists"));
    }
    for it in outcome.drift.iter().filter(|it| it.kind == DriftKind::Empty) {
        say(&format!("{:width$}  removed: a folder without files", it.path));
    }
    for it in outcome.drift.iter().filter(|it| it.kind == DriftKind::NoCrate) {
        say(&format!("{:width$}  stays: {NO_CRATE}", it.path));
    }
    let leftovers = outcome.drift.iter().filter(|it| it.kind == DriftKind::Leftover).count();
    if leftovers > 0 {
        say(&format!("{} left by an interrupted run removed", counted(leftovers, "temporary file")));
    }
}

fn total(outcome: &Outcome) {
    let sum = |of: fn(&ApiReport) -> usize| outcome.apis.iter().map(of).sum::<usize>();
    let nothing = if outcome.unchanged_since_last_run { ", nothing changed since the last run" } else { "" };
    say(&format!(
        "total: {}, {}, {} in {}{nothing}",
        counted(outcome.apis.len(), "API"),
        counted(sum(|it| it.operations), "operation"),
        counted(sum(|it| it.written + it.unchanged), "file"),
        output::time(outcome.elapsed),
    ));
    if outcome.unchanged_since_last_run && sum(|it| it.warnings) > 0 {
        say("`cargo xtask lint` shows the warnings again");
    }
}

fn warnings(api: &ApiReport) -> String {
    if api.warnings == 0 { String::new() } else { format!(", {}", counted(api.warnings, "warning")) }
}
