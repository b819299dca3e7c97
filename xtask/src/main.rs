//! `cargo xtask`: the command line. Reads flags, calls the compiler, prints.
//!
//! Exit code 0: done; 1: findings (an error in a spec, a difference, an illegal request); 2: wrong usage or an
//! environment that does not allow the work. What deserves a test of its own lives in `specwright-codegen`.

mod cli;
mod commands;
mod output;
mod project;

use std::process::ExitCode;

use specwright_codegen::failure::Failure;

/// What a command that did its work has to tell the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Nothing to complain about.
    Clean,
    /// Something was found; it has been told.
    Findings,
}

/// What a command returns: a failure is exit code 2.
type CommandResult = Result<Verdict, Failure>;

fn main() -> ExitCode {
    let matches = match cli::command().try_get_matches() {
        Ok(matches) => matches,
        // What a terminal obeys in an argument is not handed back to it.
        Err(error) if error.use_stderr() => {
            output::say(error.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    match commands::run(&matches) {
        Ok(Verdict::Clean) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(1),
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}
