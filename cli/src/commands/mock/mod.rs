//! `mock [API…]`: the contract server. It is compiled in with the feature `mock` alone, because most of what it needs is
//! needed by nothing else.

pub(crate) mod flags;
#[cfg(feature = "mock")]
mod serve;

use std::ffi::OsString;
use std::path::Path;

use clap::ArgMatches;

use crate::CommandResult;

/// Runs until it is interrupted. `args` are those of this process.
#[cfg(feature = "mock")]
pub(crate) fn run(project: &Path, flags: &ArgMatches, _args: &[OsString]) -> CommandResult {
    serve::run(project, flags)
}

/// Compiles this program with the server, and lets that one run. `args` are those of this process.
#[cfg(not(feature = "mock"))]
pub(crate) fn run(project: &Path, _flags: &ArgMatches, args: &[OsString]) -> CommandResult {
    crate::with_feature::run(project, "mock", "the mock server", args)
}
