//! Commands that are not compiled in: cargo compiles this program once more, with the feature that has them.
//!
//! So the commands that everybody uses every day compile quickly, and the others are there all the same.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use specwright_codegen::failure::Failure;

use crate::output::say;
use crate::{CommandResult, cargo};

/// Set for the program with the feature. Were the feature missing there too, it would start itself for ever.
const COMPILED_WITH: &str = "SPECWRIGHT_COMPILED_WITH";
/// Cargo needs less to see that there is nothing to do.
const SLOW: Duration = Duration::from_secs(2);
/// After so many crates there is a line about them.
const STEP: usize = 20;

/// Compiles the package that cargo is running with `feature`, and lets its program take the place of this one.
///
/// `what` names the command's main part, for people. `args` are the arguments of this process without its name. If
/// cargo did not start this process, the package `xtask` of the project is compiled.
#[cfg_attr(
    all(feature = "call", feature = "import", feature = "mock"),
    expect(dead_code, reason = "all features are compiled in")
)]
pub(crate) fn run(project: &Path, feature: &str, what: &str, args: &[OsString]) -> CommandResult {
    let package = env::var("CARGO_PKG_NAME").unwrap_or_else(|_| "xtask".to_owned());
    if env::var_os(COMPILED_WITH).is_some_and(|it| it == feature) {
        let message = format!("the feature `specwright-cli/{feature}` does not compile {what} into `{package}`");
        return Err(Failure::new(message).help("its program must call `specwright_cli::main` of that dependency"));
    }
    let folder = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| project.to_path_buf(), PathBuf::from);
    let program = told_if_slow(what, || build(&folder, &package, feature, what))?;
    let mut command = Command::new(program);
    command.args(args).env(COMPILED_WITH, feature);
    replace(command)
}

/// Says what takes long, if it does: a program that is compiled already is there at once.
fn told_if_slow<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, finished) = mpsc::channel::<()>();
    let text = format!("starting {what}; the first time, cargo compiles it, which may take a minute or two");
    let teller = thread::spawn(move || {
        if finished.recv_timeout(SLOW) == Err(RecvTimeoutError::Timeout) {
            say(&text);
        }
    });
    let result = work();
    drop(done);
    // It has ended, or ends now.
    let _ = teller.join();
    result
}

/// The program of the package, compiled with the feature. Cargo shows its progress and faults on standard error.
fn build(folder: &Path, package: &str, feature: &str, what: &str) -> Result<PathBuf, Failure> {
    let mut command = cargo::command();
    // The feature of the dependency, so that the package needs none of its own.
    command.args(["build", "--package", package, "--features", &format!("specwright-cli/{feature}")]);
    command.stdin(Stdio::null());
    // In a terminal cargo draws a bar of its own. Elsewhere it would write a line for every crate.
    let in_terminal = io::stderr().is_terminal();
    if !in_terminal {
        command.arg("--quiet");
    }
    command.args(["--message-format", "json-render-diagnostics"]).arg("--manifest-path").arg(folder.join("Cargo.toml"));
    command.stdout(Stdio::piped());
    let no_cargo = |error: std::io::Error| Failure::new(format!("cannot run cargo to compile {what}: {error}"));
    let mut child = command.spawn().map_err(no_cargo)?;
    let (mut program, mut compiled) = (None, 0_usize);
    for line in child.stdout.take().into_iter().flat_map(|it| BufReader::new(it).lines()) {
        let message: Value = serde_json::from_str(&line.map_err(no_cargo)?).unwrap_or_default();
        if message["fresh"] == false && !in_terminal {
            compiled += 1;
            if compiled.is_multiple_of(STEP) {
                say(&format!("compiled {compiled} crates of {what}"));
            }
        }
        if let Some(executable) = message["executable"].as_str() {
            program = Some(PathBuf::from(executable));
        }
    }
    let status = child.wait().map_err(no_cargo)?;
    program.filter(|_| status.success()).ok_or_else(|| {
        Failure::new(format!("cargo could not compile the package `{package}` with {what}"))
            .help("cargo says why above; the package must depend on `specwright-cli`")
    })
}

/// Runs a program in place of this one. The program replaces this process, so that it receives signals and its exit code is ours.
#[cfg(unix)]
pub(crate) fn replace(mut command: Command) -> CommandResult {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(Failure::new(format!("cannot run `{}`: {error}", command.get_program().display())))
}

#[cfg(not(unix))]
pub(crate) fn replace(mut command: Command) -> CommandResult {
    let program = command.get_program().display().to_string();
    let status = command.status().map_err(|error| Failure::new(format!("cannot run `{program}`: {error}")))?;
    match status.code() {
        Some(0) => Ok(crate::Verdict::Clean),
        Some(1) => Ok(crate::Verdict::Findings),
        _ => Err(Failure::new(format!("`{program}` has failed")).help("it says why above")),
    }
}
