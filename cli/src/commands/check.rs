//! `check`: runs everything that CI runs, in the same order, up to the first step that fails.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use specwright_codegen::failure::Failure;

use super::{codegen, diff};
use crate::output::{self, say};
use crate::{CommandResult, Verdict, cargo};

/// A step is a cargo command, with variables set for it.
struct CheckStep {
    args: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const BEFORE: [CheckStep; 2] = [
    CheckStep { args: &["fmt", "--all", "--check"], environment: &[] },
    // All targets by name: `--all-targets` would also check libraries that have no tests as if they had, so each twice.
    CheckStep {
        args: &[
            "clippy",
            "--workspace",
            "--lib",
            "--bins",
            "--examples",
            "--tests",
            "--benches",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
];

const AFTER: [CheckStep; 2] = [
    CheckStep { args: &["test"], environment: &[] },
    CheckStep { args: &["doc", "--workspace", "--no-deps"], environment: &[("RUSTDOCFLAGS", "-D warnings")] },
];

/// Licences, advisories and sources of dependencies.
const DENY: CheckStep = CheckStep { args: &["deny", "check"], environment: &[] };

/// Whether a project has settings for `cargo deny`, and it is installed.
fn denies(project: &Path) -> bool {
    let installed =
        || cargo::command().args(["deny", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    project.join("deny.toml").is_file() && installed().is_ok_and(|it| it.success())
}

/// Each step with its time; exit code 1 at the first failure.
pub(crate) fn run(project: &Path, base: Option<&str>) -> CommandResult {
    let start = Instant::now();
    for step in &BEFORE {
        if run_cargo(project, step)? == Verdict::Findings {
            return Ok(Verdict::Findings);
        }
    }
    let name = "cargo xtask codegen --check";
    if timed(name, || codegen::run(project, &[], true))? == Verdict::Findings {
        return Ok(Verdict::Findings);
    }
    // A crate whose spec breaks callers says so by its version.
    if timed("versions", || diff::check_versions(project, base))? == Verdict::Findings {
        return Ok(Verdict::Findings);
    }
    for step in &AFTER {
        if run_cargo(project, step)? == Verdict::Findings {
            return Ok(Verdict::Findings);
        }
    }
    let deny = denies(project);
    if deny && run_cargo(project, &DENY)? == Verdict::Findings {
        return Ok(Verdict::Findings);
    }
    let steps = BEFORE.len() + 2 + AFTER.len() + usize::from(deny);
    say(&format!("all {steps} steps passed in {}", output::time(start.elapsed())));
    Ok(Verdict::Clean)
}

fn run_cargo(project: &Path, step: &CheckStep) -> CommandResult {
    let name = format!("cargo {}", step.args.join(" "));
    timed(&name, || {
        let mut command = cargo::command();
        command.args(step.args).envs(step.environment.iter().copied()).current_dir(project);
        let status = command.status().map_err(|error| Failure::new(format!("cannot run `{name}`: {error}")))?;
        Ok(if status.success() { Verdict::Clean } else { Verdict::Findings })
    })
}

fn timed(name: &str, work: impl FnOnce() -> CommandResult) -> CommandResult {
    say(&format!("── {name}"));
    let start = Instant::now();
    let verdict = work()?;
    let word = if verdict == Verdict::Clean { "passed" } else { "FAILED" };
    say(&format!("── {name}: {word} in {}\n", output::time(start.elapsed())));
    Ok(verdict)
}
