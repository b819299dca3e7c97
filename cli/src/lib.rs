//! The commands of Specwright: reads flags, calls the compiler, prints.
//!
//! `cargo xtask` and the program `specwright` are one call of [`main`].
//!
//! Exit code 0 is success. Exit code 1 means findings: an error in a spec, a difference, an invalid request. Exit code 2
//! means wrong usage or a broken environment. Logic that needs unit tests belongs in `specwright-codegen`.

mod cargo;
mod cli;
mod commands;
mod live;
mod output;
mod project;
mod source;
mod with_feature;
mod workspace;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use specwright_codegen::failure::Failure;

/// The outcome of a command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// There is nothing to report.
    Clean,
    /// There were findings, and they have been printed.
    Findings,
}

/// The result of a command. A failure becomes exit code 2.
type CommandResult = Result<Verdict, Failure>;

/// A command that a repository adds to its own `cargo xtask`: a program of its workspace, which reads the arguments.
#[derive(Clone, Copy, Debug)]
pub struct HostCommand {
    /// The name of the command.
    pub name: &'static str,
    /// What it does, for the list of commands.
    pub about: &'static str,
    /// The package of the program.
    pub package: &'static str,
}

/// Runs the command that the arguments of this process name, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    main_with(&[])
}

/// As [`main`], with the commands that a repository adds.
#[must_use]
pub fn main_with(host: &[HostCommand]) -> ExitCode {
    run_with(host, env::args_os().skip(1).collect())
}

/// As [`main`], with other arguments; the name of the program is not among them.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_with(&[], args.into_iter().collect())
}

/// What people call this program: installed, or as the alias of a workspace.
pub(crate) fn tool() -> &'static str {
    let program = env::args_os().next().map(PathBuf::from);
    match program.as_deref().and_then(Path::file_stem).and_then(|it| it.to_str()) {
        Some("specwright") => "specwright",
        // The package that `init` adds to a workspace with an `xtask` of its own.
        Some("specwright-commands") => "cargo specwright",
        _ => "cargo xtask",
    }
}

fn run_with(host: &[HostCommand], args: Vec<OsString>) -> ExitCode {
    let named = [OsString::from(tool())].into_iter().chain(args.iter().cloned());
    let matches = match cli::command(host).try_get_matches_from(named) {
        Ok(matches) => matches,
        // What a terminal obeys in an argument is not handed back to it.
        Err(error) if error.use_stderr() => {
            output::say(error.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    match commands::run(&matches, &args, host) {
        Ok(Verdict::Clean) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(1),
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}
