//! Commands that a repository adds: programs of its workspace, which cargo compiles when they are asked for.

use std::env;
use std::path::Path;

use clap::ArgMatches;

use crate::{CommandResult, HostCommand, cargo, with_feature};

/// Runs the program of the command, with its arguments. Its exit code is ours.
pub(crate) fn run(host: &HostCommand, flags: &ArgMatches) -> CommandResult {
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--package", host.package]);
    // The workspace of this program, whatever the current folder is.
    if let Some(folder) = env::var_os("CARGO_MANIFEST_DIR") {
        command.arg("--manifest-path").arg(Path::new(&folder).join("..").join("Cargo.toml"));
    }
    command.arg("--").args(flags.get_many::<String>("more").unwrap_or_default());
    with_feature::replace(command)
}
