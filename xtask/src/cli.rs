//! The commands and their flags, as data for clap.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use std::path::PathBuf;

/// The whole command line.
pub(crate) fn command() -> Command {
    Command::new("cargo xtask")
        .bin_name("cargo xtask")
        .about("Specs in, typed Rust clients and their docs out.")
        .after_help("Exit codes: 0 done, 1 findings, 2 wrong usage or broken environment.")
        .disable_help_subcommand(true)
        .arg(
            Arg::new("project")
                .long("project")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath)
                .global(true)
                .help("The folder that holds `spec/` (default: found from here)"),
        )
        .subcommands([codegen(), lint(), explain(), validate(), openapi(), mock(), docs(), new(), check()])
}

fn codegen() -> Command {
    Command::new("codegen")
        .about("Compile spec/ into generated/")
        .arg(apis())
        .arg(switch("check", "Write nothing; fail on any difference"))
        .arg(switch("watch", "Run again whenever a spec changes").conflicts_with("check"))
}

fn lint() -> Command {
    Command::new("lint").about("Say what is wrong with the specs").arg(apis()).arg(format()).arg(
        Arg::new("max-findings")
            .long("max-findings")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("Show people at most so many findings (default: 100); JSON has all of them"),
    )
}

fn explain() -> Command {
    Command::new("explain")
        .about("Explain the code of a diagnostic, or list all codes")
        .arg(Arg::new("code").value_name("CODE").help("Such as SW0101"))
}

fn validate() -> Command {
    Command::new("validate")
        .about("Check JSON requests against a spec")
        .override_usage(
            "cargo xtask validate API METHOD PATH [FILE|-] [--format human|json]\n       \
             cargo xtask validate --batch FILE|-",
        )
        .after_help(
            "--batch reads JSON Lines such as {\"api\":\"…\",\"method\":\"POST\",\"path\":\"/…\",\"body\":{…}}, with\n\
             path_params, query and headers where needed, and answers with one JSON line for each.",
        )
        .arg(Arg::new("api").value_name("API").required_unless_present("batch"))
        .arg(Arg::new("method").value_name("METHOD").required_unless_present("batch"))
        .arg(Arg::new("path").value_name("PATH").required_unless_present("batch").help("Template or real path"))
        .arg(Arg::new("file").value_name("FILE").help("The body; `-` or nothing reads standard input"))
        .arg(
            Arg::new("batch")
                .long("batch")
                .value_name("FILE")
                .conflicts_with_all(["api", "method", "path", "file"])
                .help("Many requests, one JSON object a line"),
        )
        .arg(format())
}

fn openapi() -> Command {
    Command::new("openapi")
        .about("Export a spec as OpenAPI")
        .arg(Arg::new("api").value_name("API").required(true))
        .arg(
            Arg::new("openapi")
                .long("openapi")
                .value_name("VERSION")
                .value_parser(PossibleValuesParser::new(["3.1", "3.0"]))
                .default_value("3.1")
                .help("Version of OpenAPI; 3.0 says rules under conditions in words only"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .help("Write to this file (default: standard output)"),
        )
}

fn mock() -> Command {
    Command::new("mock")
        .about("Play APIs on this machine, from their specs alone")
        .arg(apis())
        .arg(
            Arg::new("addr")
                .long("addr")
                .value_name("ADDRESS")
                .default_value("127.0.0.1:4010")
                .help("Where to listen; port 0 is any that is free"),
        )
        .arg(switch("allow-remote", "Let other machines in"))
        .arg(
            Arg::new("more")
                .value_name("FLAG")
                .last(true)
                .num_args(0..)
                .allow_hyphen_values(true)
                .help("More flags of the server; `cargo xtask mock -- --help` lists them"),
        )
}

fn docs() -> Command {
    Command::new("docs")
        .about("Build the book, with the reference of every API, in target/book")
        .arg(switch("open", "Show it in a browser"))
}

fn new() -> Command {
    Command::new("new")
        .about("Start the spec of another API")
        .arg(Arg::new("name").value_name("API").required(true).help("Folder and crate name, in snake case"))
}

fn check() -> Command {
    Command::new("check").about("All that CI runs, in the same order")
}

fn apis() -> Arg {
    Arg::new("apis").value_name("API").action(ArgAction::Append).num_args(0..).help("Only these (default: all)")
}

fn format() -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(PossibleValuesParser::new(["human", "json"]))
        .default_value("human")
        .help("For people or for programs")
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}
