//! The flags of `mock`. They are known without the server, so that `--help` compiles nothing.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use crate::cli::{apis, switch};

/// The command with all of its flags; `--project` is one of every command.
pub(crate) fn command() -> Command {
    Command::new("mock")
        .about("Serve mock APIs on this machine, from their specs alone")
        .after_help("Exit codes: 0 interrupted, 2 wrong usage or broken environment.")
        .arg(apis())
        .arg(
            Arg::new("addr")
                .long("addr")
                .value_name("ADDRESS")
                .value_parser(value_parser!(SocketAddr))
                .default_value("127.0.0.1:4010")
                .help("The address to listen on; port 0 chooses a free port"),
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
