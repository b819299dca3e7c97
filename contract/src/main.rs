//! `cargo xtask mock`: the contract server as a program, until it is interrupted.
//!
//! Exit code 0: interrupted; 2: wrong usage, or an environment that does not allow the work.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use specwright_codegen::escape::escaped_lines;
use specwright_contract::faults::FaultPlan;
use specwright_contract::{Builder, Pace, Server, ready_message};

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => {
            say(error.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            say(&format!("error: the server has no room to run: {error}"));
            return ExitCode::from(2);
        }
    };
    runtime.block_on(async {
        let faults = match faults(&matches) {
            Ok(faults) => faults,
            Err(error) => {
                say(&format!("error: {}", error.trim_end()));
                return ExitCode::from(2);
            }
        };
        let server = match builder(&matches).faults(faults).start().await {
            Ok(server) => server,
            Err(error) => {
                say(&format!("error: {error}"));
                return ExitCode::from(2);
            }
        };
        let mut stdout = std::io::stdout().lock();
        // The output may be closed.
        let _ = writeln!(stdout, "{}", escaped_lines(&ready_message(&server))).and_then(|()| stdout.flush());
        drop(stdout);
        // Reported afterwards, because a server is ready before all responses were generated once.
        server.unanswerable().iter().for_each(|it| say(&format!("note: {it}")));
        let _ = tokio::signal::ctrl_c().await;
        ExitCode::SUCCESS
    })
}

fn command() -> Command {
    Command::new("cargo xtask mock")
        .bin_name("cargo xtask mock")
        .about("Serve mock APIs on this machine, from their specs alone")
        .after_help("Exit codes: 0 interrupted, 2 wrong usage or broken environment.")
        .arg(
            Arg::new("apis")
                .value_name("API")
                .action(ArgAction::Append)
                .num_args(0..)
                .help("Only these (default: all)"),
        )
        .arg(
            Arg::new("addr")
                .long("addr")
                .value_name("ADDRESS")
                .value_parser(value_parser!(SocketAddr))
                .default_value("127.0.0.1:4010")
                .help("The address to listen on; port 0 chooses a free port"),
        )
        .arg(
            Arg::new("project")
                .long("project")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .default_value(".")
                .help("The folder that contains `spec/`"),
        )
        .arg(switch("allow-remote", "Allow connections from other machines"))
        .arg(
            Arg::new("allow-host")
                .long("allow-host")
                .value_name("NAME")
                .action(ArgAction::Append)
                .help("Also accept this host name, and web pages from it; may be repeated"),
        )
        .arg(switch("documented-urls", "Keep the documented URLs in responses instead of URLs of this server"))
        .arg(switch("strict-keys", "Accept only keys in the form that the spec says"))
        .arg(
            Arg::new("polls")
                .long("polls")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..))
                .conflicts_with("task-ms")
                .help("Tasks are done at the Nth poll (default: 2)"),
        )
        .arg(
            Arg::new("task-ms")
                .long("task-ms")
                .value_name("MS")
                .value_parser(value_parser!(u64))
                .help("Tasks are done N milliseconds after their start"),
        )
        .arg(
            Arg::new("stream-ms")
                .long("stream-ms")
                .value_name("MS")
                .value_parser(value_parser!(u64))
                .help("Pause between the events of a stream (default: none)"),
        )
        .arg(
            Arg::new("callbacks-to")
                .long("callbacks-to")
                .value_name("URL")
                .help("Send every callback to this URL, whatever its request says"),
        )
        .arg(
            Arg::new("fault")
                .long("fault")
                .value_name("RULE")
                .action(ArgAction::Append)
                .help("A fault to cause, like `POST /v1/*: 429 rate=0.2`; may be repeated"),
        )
        .arg(
            Arg::new("faults")
                .long("faults")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("A file of such rules (YAML)"),
        )
        .arg(switch("enforce-rate-limits", "Enforce the rate limits of the spec for every key"))
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("N")
                .value_parser(value_parser!(u64))
                .default_value("0")
                .help("Changes ids and values; equal seeds give equal responses"),
        )
}

fn builder(matches: &ArgMatches) -> Builder {
    let mut builder = Server::builder().watch();
    if let Some(project) = matches.get_one::<PathBuf>("project") {
        builder = builder.spec_folder(project);
    }
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
fn faults(matches: &ArgMatches) -> Result<FaultPlan, String> {
    let mut plan = FaultPlan::new(matches.get_one::<u64>("seed").copied().unwrap_or_default());
    let mut problems = Vec::new();
    if let Some(path) = matches.get_one::<PathBuf>("faults") {
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        problems.extend(plan.add_config(&path.display().to_string(), &text).err());
    }
    for text in matches.get_many::<String>("fault").unwrap_or_default() {
        problems.extend(plan.add_flag(text).err());
    }
    if problems.is_empty() {
        return Ok(plan);
    }
    Err(problems.iter().map(|it| it.to_string().trim_end().to_owned()).collect::<Vec<_>>().join("\n"))
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// Escapes control characters, because the text may quote files and arguments.
fn say(text: &str) {
    // There is nobody left to notify.
    let _ = writeln!(std::io::stderr().lock(), "{}", escaped_lines(text));
}
