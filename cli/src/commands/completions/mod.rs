//! `completions bash|zsh|fish`: a script with which a shell completes the commands of the program `specwright`.
//!
//! Commands and flags are written down in the script. The names of APIs, operations and parameters are asked for with the
//! hidden flag `call --complete` when they are needed, so they are always those of the spec.

use clap_complete::{Shell, generate};

use crate::{CommandResult, Verdict, cli, output};

/// The name of the program, which the scripts are for: cargo completes `cargo xtask` by itself, or not at all.
const PROGRAM: &str = "specwright";

/// Prints the script for a shell.
pub(crate) fn run(shell: &str) -> CommandResult {
    let (shell, words) = match shell {
        "zsh" => (Shell::Zsh, include_str!("words.zsh")),
        "fish" => (Shell::Fish, include_str!("words.fish")),
        _ => (Shell::Bash, include_str!("words.bash")),
    };
    let mut script = Vec::new();
    generate(shell, &mut cli::command(&[]).name(PROGRAM).bin_name(PROGRAM), PROGRAM, &mut script);
    output::print(&format!("{}\n{words}", String::from_utf8_lossy(&script)))?;
    Ok(Verdict::Clean)
}
