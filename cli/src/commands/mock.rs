//! `mock`: starts the contract server. It is a separate program, so that xtask stays quick to compile.

use std::env;
use std::path::Path;
use std::process::Command;

use specwright_codegen::failure::Failure;

use crate::CommandResult;

/// The options from the flags.
pub(crate) struct MockOptions<'a> {
    pub(crate) apis: &'a [String],
    pub(crate) address: &'a str,
    pub(crate) allow_remote: bool,
    pub(crate) more: &'a [String],
}

/// Runs until the server ends.
pub(crate) fn run(project: &Path, wanted: &MockOptions<'_>) -> CommandResult {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // Use the workspace of this tool, whatever the current folder is.
    if let Some(manifest) =
        env::var_os("CARGO_MANIFEST_DIR").and_then(|it| Some(Path::new(&it).parent()?.join("Cargo.toml")))
    {
        command.arg("run").arg("--manifest-path").arg(manifest);
    } else {
        command.arg("run");
    }
    // Show cargo's output: the first run compiles the server, which takes a minute or two.
    command.args(["--release", "--package", "specwright-contract", "--"]);
    command.arg("--project").arg(project).args(["--addr", wanted.address]);
    if wanted.allow_remote {
        command.arg("--allow-remote");
    }
    command.args(wanted.more).args(wanted.apis);
    exec(command)
}

/// The server replaces this process and cargo's, so that it receives signals and its exit code is ours.
#[cfg(unix)]
fn exec(mut command: Command) -> CommandResult {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(Failure::new(format!("cannot run cargo: {error}")))
}

#[cfg(not(unix))]
fn exec(mut command: Command) -> CommandResult {
    let status = command.status().map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    match status.code() {
        Some(0) => Ok(crate::Verdict::Clean),
        Some(1) => Ok(crate::Verdict::Findings),
        _ => Err(Failure::new("the server has ended").help("it says why above")),
    }
}
