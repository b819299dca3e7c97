//! `call API OPERATION name=value…`: a real call from the spec alone. It is compiled in with the feature `call` alone, since
//! nothing else needs a client and TLS.

pub(crate) mod flags;
#[cfg(feature = "call")]
mod send;

use std::ffi::OsString;

use clap::ArgMatches;

use crate::{CommandResult, Verdict, cli, output};

/// Calls an operation, or explains what can be called. `args` are those of this process.
pub(crate) fn run(flags: &ArgMatches, args: &[OsString]) -> CommandResult {
    if !flags.contains_id("api") && flags.get_one::<String>("complete").is_none() {
        // The flags are known without the client.
        let mut all = cli::command(&[]);
        all.build();
        let help = all.find_subcommand_mut("call").map(|it| it.render_long_help().to_string());
        output::print(&help.unwrap_or_default())?;
        return Ok(Verdict::Clean);
    }
    with_client(flags, args)
}

#[cfg(feature = "call")]
fn with_client(flags: &ArgMatches, _args: &[OsString]) -> CommandResult {
    send::run(flags)
}

/// Compiles this program with the client, and lets that one run.
#[cfg(not(feature = "call"))]
fn with_client(flags: &ArgMatches, args: &[OsString]) -> CommandResult {
    crate::with_feature::run(&crate::project::root(flags)?, "call", "the client of all APIs", args)
}
