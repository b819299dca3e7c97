//! The commands and their flags, as data for clap.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};
use std::path::PathBuf;

use crate::HostCommand;
use crate::commands::{call, diff, mock};
use crate::source::Source;

/// The whole command line, with the commands that the repository adds.
pub(crate) fn command(host: &[HostCommand]) -> Command {
    Command::new(crate::tool())
        .bin_name(crate::tool())
        .version(env!("CARGO_PKG_VERSION"))
        .about("Compiles API specs into typed Rust clients and their docs.")
        .after_help("Exit codes: 0 success, 1 findings, 2 wrong usage or a broken environment.")
        .disable_help_subcommand(true)
        .arg(
            Arg::new("project")
                .long("project")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath)
                .global(true)
                .help("The folder that contains `spec/` (default: found from the current folder)"),
        )
        .subcommands([
            codegen(),
            lint(),
            explain(),
            validate(),
            openapi(),
            mock::flags::command(),
            call::flags::command(),
            docs(),
            init(),
            new(),
            import(),
            diff::command(),
            check(),
            completions(),
        ])
        .subcommands(host.iter().map(host_command))
}

/// Its program reads the arguments, `--help` too.
fn host_command(command: &HostCommand) -> Command {
    Command::new(command.name).about(command.about).disable_help_flag(true).arg(
        Arg::new("more")
            .value_name("ARGUMENT")
            .num_args(0..)
            .trailing_var_arg(true)
            .allow_hyphen_values(true)
            .help("Arguments of its program"),
    )
}

fn codegen() -> Command {
    Command::new("codegen")
        .about("Compile spec/ into generated/")
        .arg(apis())
        .arg(switch("check", "Write nothing; fail on any difference"))
        .arg(switch("watch", "Run again whenever a spec changes").conflicts_with("check"))
}

fn lint() -> Command {
    Command::new("lint").about("Report what is wrong with the specs").arg(apis()).arg(format()).arg(
        Arg::new("max-findings")
            .long("max-findings")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("Show at most N findings (default: 100); JSON lists all of them"),
    )
}

fn explain() -> Command {
    Command::new("explain")
        .about("Explain the code of a diagnostic, or list all codes")
        .arg(Arg::new("code").value_name("CODE").help("A code such as SW0101"))
}

fn validate() -> Command {
    Command::new("validate")
        .about("Check JSON requests against a spec")
        .override_usage(
            "validate API METHOD PATH [FILE|-] [--format human|json]\n       \
             validate --batch FILE|-",
        )
        .after_help(
            "--batch reads JSON Lines such as {\"api\":\"…\",\"method\":\"POST\",\"path\":\"/…\",\"body\":{…}}, with\n\
             path_params, query and headers where needed, and prints one JSON line for each.",
        )
        .arg(Arg::new("api").value_name("API").required_unless_present("batch").help("The API, as its folder is named"))
        .arg(Arg::new("method").value_name("METHOD").required_unless_present("batch").help("Such as POST"))
        .arg(
            Arg::new("path")
                .value_name("PATH")
                .required_unless_present("batch")
                .help("A path template or an actual path"),
        )
        .arg(Arg::new("file").value_name("FILE").help("The body; `-` or no FILE reads standard input"))
        .arg(
            Arg::new("batch")
                .long("batch")
                .value_name("FILE")
                .conflicts_with_all(["api", "method", "path", "file"])
                .help("Many requests, one JSON object per line"),
        )
        .arg(format())
}

fn openapi() -> Command {
    Command::new("openapi")
        .about("Export a spec as OpenAPI")
        .arg(Arg::new("api").value_name("API").required(true).help("The API, as its folder is named"))
        .arg(
            Arg::new("openapi")
                .long("openapi")
                .value_name("VERSION")
                .value_parser(PossibleValuesParser::new(["3.1", "3.0"]))
                .default_value("3.1")
                .help("The OpenAPI version; 3.0 has conditional rules only as text"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("FILE")
                .help("Write to this file (default: standard output)"),
        )
}

fn docs() -> Command {
    Command::new("docs")
        .about("Build the book, with the reference of every API, in target/book")
        .arg(switch("open", "Open it in a browser"))
}

fn init() -> Command {
    Command::new("init")
        .about("Make a workspace with a spec, or add a spec to a workspace")
        .after_help(
            "--source says where the workspace gets Specwright from:\n  \
               path:DIR             a checkout of its repository\n  \
               git:URL#REVISION     a revision of a git repository\n  \
               registry:VERSION     a version in the registry\n\
             Without it, the workspace gets it as this program was got. It is written into the `Cargo.toml` of the\n\
             workspace and can be changed there; with --existing, into that of the new package and `specwright.toml`.\n\n\
             No file is overwritten. --existing adds two members to the root manifest and an alias to\n\
             `.cargo/config.toml`, and changes nothing else.",
        )
        .arg(
            Arg::new("dir")
                .value_name("DIR")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath)
                .help("The folder of the workspace"),
        )
        .arg(
            Arg::new("api")
                .long("api")
                .value_name("NAME")
                .help("The name of the API, in snake case (default: made from the document or the folder)"),
        )
        .arg(Arg::new("openapi").long("openapi").value_name("FILE").help("Start from an OpenAPI document"))
        .arg(switch("existing", "Add to the workspace or package that DIR is"))
        .arg(
            Arg::new("source")
                .long("source")
                .value_name("SOURCE")
                .value_parser(value_parser!(Source))
                .help("Where the workspace gets Specwright from: path:DIR, git:URL#REVISION or registry:VERSION"),
        )
}

fn new() -> Command {
    Command::new("new")
        .about("Start the spec of another API")
        .arg(Arg::new("name").value_name("API").required(true).help("Folder and crate name, in snake case"))
}

fn import() -> Command {
    Command::new("import")
        .about("Write a spec from an OpenAPI document, or bring one up to date")
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .help("The document, JSON or YAML; `-` reads standard input"),
        )
        .arg(
            Arg::new("api")
                .long("api")
                .value_name("NAME")
                .help("The name of the API, in snake case (default: made from the title)"),
        )
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("TAG|OPERATION")
                .action(ArgAction::Append)
                .num_args(1..)
                .help("Only these tags and operations (default: all)"),
        )
        .arg(
            Arg::new("into")
                .long("into")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath)
                .help("The folder that gets the folder of the API (default: spec)"),
        )
        .arg(
            switch("update", "Bring a spec that was imported before up to date: shows the changes, keeps what is yours")
                .long_help(
                    "Bring a spec that was imported before up to date with the document. What was written by hand stays; \
                     what the document changed is shown as a diff, and written with `--write`. What both have changed is \
                     told, and stays as it is. Without `--only`, it is the one of the last import.",
                ),
        )
        .arg(switch("write", "Write what `--update` shows").requires("update"))
        .arg(switch("all", "Show every finding, not some of each kind"))
        .arg(format())
}

fn check() -> Command {
    Command::new("check").about("Run everything that CI runs, in the same order").arg(
        Arg::new("base")
            .long("base")
            .value_name("REVISION")
            .help("Compare versions with this revision of git (default: the last tag, or the last commit)"),
    )
}

fn completions() -> Command {
    Command::new("completions")
        .about("Print a script with which a shell completes `specwright`")
        .after_help(
            "For bash: `eval \"$(specwright completions bash)\"` in ~/.bashrc; for zsh the same in ~/.zshrc, after `compinit`;\n\
             for fish: `specwright completions fish > ~/.config/fish/completions/specwright.fish`.",
        )
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(PossibleValuesParser::new(["bash", "zsh", "fish"]))
                .help("The shell"),
        )
}

pub(crate) fn apis() -> Arg {
    Arg::new("apis").value_name("API").action(ArgAction::Append).num_args(0..).help("Only these (default: all)")
}

pub(crate) fn format() -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(PossibleValuesParser::new(["human", "json"]))
        .default_value("human")
        .help("Output for people or for programs")
}

pub(crate) fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}
