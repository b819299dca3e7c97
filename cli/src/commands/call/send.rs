//! Compiles the spec, and calls.

use std::env;
use std::fs;
use std::io::{IsTerminal as _, stderr, stdin, stdout};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use specwright_call::{Asked, Console, Mock, Options, Outcome, Pages, complete, run as call};
use specwright_codegen::pipeline::SPEC;

use crate::commands::validate::sound_api;
use crate::{CommandResult, Verdict, output, project};

/// Calls an operation, or explains what can be called.
pub(super) fn run(flags: &ArgMatches) -> CommandResult {
    let project = project::root(flags)?;
    let text = |name: &str| flags.get_one::<String>(name).map(String::as_str);
    if let Some(word) = text("complete") {
        return completions(&project, text("api"), text("operation"), word);
    }
    let api = sound_api(&project, text("api").unwrap_or_default())?;
    let words: Vec<String> = flags.get_many::<String>("words").unwrap_or_default().cloned().collect();
    let asked = Asked {
        operation: text("operation"),
        words: &words,
        help: flags.get_flag("help"),
        options: options(flags, &project),
        environment: &|name| env::var(name).ok(),
        program: crate::tool(),
    };
    let (out_is_terminal, err_is_terminal) = (stdout().is_terminal(), stderr().is_terminal());
    let mut console = Console {
        input: &mut stdin().lock(),
        out: &mut stdout().lock(),
        err: &mut stderr(),
        out_is_terminal,
        err_is_terminal,
        while_sending: Some(output::write_raw),
    };
    match call(&api, &asked, &mut console)? {
        Outcome::Clean => Ok(Verdict::Clean),
        Outcome::Findings => Ok(Verdict::Findings),
    }
}

fn options(flags: &ArgMatches, project: &Path) -> Options {
    let seconds = |name: &str| flags.get_one::<u64>(name).map(|it| Duration::from_secs(*it));
    Options {
        base_url: flags.get_one::<String>("base-url").cloned(),
        allow_insecure: flags.get_flag("allow-insecure"),
        no_check: flags.get_flag("no-check"),
        dry_run: flags.get_flag("dry-run"),
        mock: flags.get_flag("mock").then(|| Mock::Start(project.join(SPEC))),
        include: flags.get_flag("include"),
        verbose: flags.get_flag("verbose"),
        output: flags.get_one::<PathBuf>("output").cloned(),
        no_wait: flags.get_flag("no-wait"),
        task: flags.get_one::<String>("task").cloned(),
        stream: flags.get_flag("stream"),
        json: flags.get_one::<String>("format").is_some_and(|it| it == "json"),
        pages: flags.get_one::<usize>("pages").map(|it| if *it == 0 { Pages::All } else { Pages::Most(*it) }),
        timeout: seconds("timeout"),
        deadline: seconds("deadline"),
        retries: flags.get_one::<u32>("retries").copied(),
        scheme: flags.get_one::<String>("scheme").cloned(),
    }
}

/// What can stand next, a line each: names of APIs, operations, parameters and values. A spec with errors has none, and
/// says nothing, since a shell shows it in the middle of a command.
fn completions(project: &Path, api: Option<&str>, operation: Option<&str>, word: &str) -> CommandResult {
    let found = match api {
        None => {
            let folders = fs::read_dir(project.join(SPEC)).into_iter().flatten().flatten();
            let names = folders.filter(|it| it.path().is_dir()).filter_map(|it| it.file_name().into_string().ok());
            let mut names: Vec<String> = names.filter(|it| it.starts_with(word)).collect();
            names.sort();
            names
        }
        Some(api) => {
            let compiled = specwright_codegen::pipeline::compile(project, &[api.to_owned()])?;
            let sound = compiled.into_iter().find_map(|it| it.into_api_without_errors().ok());
            sound.map(|it| complete(&it, operation, word)).unwrap_or_default()
        }
    };
    found.iter().try_for_each(|it| output::print(&format!("{it}\n")).map(|_| ()))?;
    Ok(Verdict::Clean)
}
