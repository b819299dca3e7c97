//! The contract server as a command: it runs until it is interrupted.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use specwright_codegen::escape::escaped_lines;
use specwright_codegen::failure::Failure;
use specwright_contract::faults::FaultPlan;
use specwright_contract::{Builder, Pace, Server, ready_message};

use crate::output::{self, say};
use crate::{CommandResult, Verdict};

/// Serves the APIs of a project, and prints the address as soon as there is one.
pub(super) fn run(project: &Path, matches: &ArgMatches) -> CommandResult {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(format!("the server has no room to run: {error}")))?;
    runtime.block_on(async {
        let builder = builder(project, matches).faults(faults(matches)?);
        let server = builder.start().await.map_err(|error| Failure::new(error.to_string()))?;
        // It serves also while nobody reads where.
        output::print(&(escaped_lines(&ready_message(&server)) + "\n"))?;
        // Reported afterwards, because a server is ready before all responses were generated once.
        server.unanswerable().iter().for_each(|it| say(&format!("note: {it}")));
        let _ = tokio::signal::ctrl_c().await;
        Ok(Verdict::Clean)
    })
}

fn builder(project: &Path, matches: &ArgMatches) -> Builder {
    let mut builder = Server::builder().watch().spec_folder(project);
    if let Some(address) = matches.get_one::<SocketAddr>("addr") {
        builder = builder.bind(*address);
    }
    builder = builder.apis(matches.get_many::<String>("apis").unwrap_or_default().cloned());
    if matches.get_flag("allow-remote") {
        builder = builder.allow_remote();
    }
    for name in matches.get_many::<String>("allow-host").unwrap_or_default() {
        builder = builder.allow_host(name);
    }
    if matches.get_flag("documented-urls") {
        builder = builder.documented_urls();
    }
    if matches.get_flag("strict-keys") {
        builder = builder.strict_keys();
    }
    if let Some(polls) = matches.get_one::<u32>("polls") {
        builder = builder.pace(Pace::Polls(*polls));
    }
    if let Some(time) = matches.get_one::<u64>("task-ms") {
        let time = Duration::from_millis(*time);
        builder = builder.pace(Pace::Time(time)).callback_after(time);
    }
    if let Some(pause) = matches.get_one::<u64>("stream-ms") {
        builder = builder.stream_pace(Duration::from_millis(*pause));
    }
    if let Some(url) = matches.get_one::<String>("callbacks-to") {
        builder = builder.callbacks_to(url);
    }
    if matches.get_flag("enforce-rate-limits") {
        builder = builder.enforce_rate_limits();
    }
    if let Some(seed) = matches.get_one::<u64>("seed") {
        builder = builder.seed(*seed);
    }
    builder
}

/// The fault plan from file and flags. The error lists every problem.
fn faults(matches: &ArgMatches) -> Result<FaultPlan, Failure> {
    let mut plan = FaultPlan::new(matches.get_one::<u64>("seed").copied().unwrap_or_default());
    let mut problems = Vec::new();
    if let Some(path) = matches.get_one::<PathBuf>("faults") {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
        problems.extend(plan.add_config(&path.display().to_string(), &text).err());
    }
    for text in matches.get_many::<String>("fault").unwrap_or_default() {
        problems.extend(plan.add_flag(text).err());
    }
    if problems.is_empty() {
        return Ok(plan);
    }
    Err(Failure::new(problems.iter().map(|it| it.to_string().trim_end().to_owned()).collect::<Vec<_>>().join("\n")))
}
