//! One file per command.

mod batch;
pub(crate) mod call;
mod check;
mod codegen;
mod completions;
pub(crate) mod diff;
mod docs;
mod explain;
mod host;
mod import;
mod init;
mod lint;
pub(crate) mod mock;
mod new;
mod openapi;
mod validate;
mod watch;

use std::ffi::OsString;
use std::path::Path;

use clap::ArgMatches;
use specwright_codegen::discard;

use crate::source::Source;
use crate::{CommandResult, HostCommand, Verdict, cli, output, project};

/// Runs the command that the flags select. Without a command, lists the commands.
///
/// `args` are what the flags were read from, without the name of the program.
pub(crate) fn run(matches: &ArgMatches, args: &[OsString], added: &[HostCommand]) -> CommandResult {
    match matches.subcommand() {
        None => {
            output::print(&cli::command(added).render_long_help().to_string())?;
            Ok(Verdict::Clean)
        }
        Some(("codegen", flags)) if flags.get_flag("watch") => watch::run(&project::root(flags)?, &names(flags)),
        Some(("codegen", flags)) => {
            discard::program_ends();
            codegen::run(&project::root(flags)?, &names(flags), flags.get_flag("check"))
        }
        Some(("lint", flags)) => {
            discard::program_ends();
            lint::run(&project::root(flags)?, &names(flags), form(flags))
        }
        Some(("explain", flags)) => explain::run(flags.get_one::<String>("code").map(String::as_str)),
        Some(("validate", flags)) => match flags.get_one::<String>("batch") {
            Some(file) => batch::run(&project::root(flags)?, file),
            None => validate::run(&project::root(flags)?, &validation_question(flags)),
        },
        Some(("openapi", flags)) => {
            let file = flags.get_one::<String>("output").map(String::as_str);
            openapi::run(&project::root(flags)?, flag_text(flags, "api"), flag_text(flags, "openapi"), file)
        }
        Some(("mock", flags)) => mock::run(&project::root(flags)?, flags, args),
        Some(("call", flags)) => call::run(flags, args),
        Some(("docs", flags)) => docs::run(&project::root(flags)?, flags.get_flag("open")),
        // The document is read by the importer, and everything else is written by the same program.
        #[cfg(not(feature = "import"))]
        Some(("init", flags)) if flags.contains_id("openapi") => import::run(flags, args),
        Some(("init", flags)) => init::run(&init::Wanted {
            folder: flags.get_one::<std::path::PathBuf>("dir").map_or(Path::new("."), |it| it),
            api: flags.get_one::<String>("api").cloned(),
            openapi: flags.get_one::<String>("openapi").map(String::as_str),
            existing: flags.get_flag("existing"),
            source: flags.get_one::<Source>("source").cloned(),
        }),
        Some(("new", flags)) => new::run(&project::root(flags)?, flag_text(flags, "name")),
        Some(("import", flags)) => import::run(flags, args),
        Some(("diff", flags)) => diff::run(&project::root(flags)?, flags),
        Some(("completions", flags)) => completions::run(flag_text(flags, "shell")),
        Some(("check", flags)) => {
            check::run(&project::root(flags)?, flags.get_one::<String>("base").map(String::as_str))
        }
        Some((name, flags)) => match added.iter().find(|it| it.name == name) {
            Some(command) => host::run(command, flags),
            None => unreachable!("`{name}` is declared in `cli` and has no file here"),
        },
    }
}

fn validation_question(flags: &ArgMatches) -> validate::Question<'_> {
    validate::Question {
        api: flag_text(flags, "api"),
        method: flag_text(flags, "method"),
        path: flag_text(flags, "path"),
        file: flags.get_one::<String>("file").map(String::as_str),
        json: wants_json(flags),
    }
}

fn names(flags: &ArgMatches) -> Vec<String> {
    flags.get_many::<String>("apis").unwrap_or_default().cloned().collect()
}

fn form(flags: &ArgMatches) -> lint::Form {
    match wants_json(flags) {
        true => lint::Form::Json,
        false => lint::Form::Human { most: *flags.get_one("max-findings").unwrap_or(&output::MOST_FINDINGS) },
    }
}

fn wants_json(flags: &ArgMatches) -> bool {
    flag_text(flags, "format") == "json"
}

/// The value of a flag that clap guarantees to be set.
fn flag_text<'a>(flags: &'a ArgMatches, name: &str) -> &'a str {
    flags.get_one::<String>(name).map_or("", String::as_str)
}
