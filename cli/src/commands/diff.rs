//! `diff [OLD [NEW [API…]]]`: what changed for callers between two versions of the specs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use specwright_codegen::diagnostics::Diagnostic;
use specwright_codegen::escape::escaped_lines;
use specwright_codegen::failure::Failure;
use specwright_codegen::model::Api;
use specwright_codegen::pipeline::SPEC;
use specwright_codegen::regular_file;
use specwright_codegen::source::Sources;
use specwright_diff::source::{self, Faulty, Files, Specs};
use specwright_diff::{ApiDiff, Class, changelog, compare, only_in, report};

use super::{flag_text, names};
use crate::output::{self, say};
use crate::{CommandResult, Verdict};

/// The flags.
pub(crate) fn command() -> Command {
    Command::new("diff")
        .about("Tell what changed for callers between two versions of the specs")
        .after_help(
            "OLD and NEW are projects, folders with specs, folders of an API, revisions of git such as `HEAD~1` or `v0.1`,\n\
             or folders of a revision such as `v0.1:spec/animeapi`. Revisions are read without a checkout.\n\n\
             Exit codes: 0 nothing of the kind that `--fail-on` names, 1 something, 2 wrong usage or a spec with errors.",
        )
        .arg(
            Arg::new("old")
                .value_name("OLD")
                .help("The version that callers know (default: the last tag, or the last commit)"),
        )
        .arg(Arg::new("new").value_name("NEW").help("The version after it (default: the project)"))
        .arg(
            Arg::new("apis")
                .value_name("API")
                .action(ArgAction::Append)
                .num_args(0..)
                .help("Only these (default: all)"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(["human", "json", "markdown"]))
                .default_value("human")
                .help("Output for people, for programs, or for a changelog"),
        )
        .arg(
            Arg::new("fail-on")
                .long("fail-on")
                .value_name("CLASS")
                .value_parser(PossibleValuesParser::new(["breaking", "widening", "none"]))
                .default_value("breaking")
                .help("Exit with 1 for changes of this class or a graver one"),
        )
        .arg(
            Arg::new("changelog")
                .long("changelog")
                .action(ArgAction::SetTrue)
                .help("Write the section of the new version into `spec/API/CHANGELOG.md` of the project"),
        )
}

pub(crate) fn run(project: &Path, flags: &ArgMatches) -> CommandResult {
    let (old, was) = match flags.get_one::<String>("old") {
        Some(word) => (source::read(project, word)?, word.clone()),
        None => {
            let last = source::last_release(project).ok_or_else(|| {
                Failure::new("there is no revision of git to compare the specs with")
                    .help("commit them first, or name the version that callers know: a folder or a revision")
            })?;
            // The id of a commit is long.
            let short = if last.len() >= 40 { last.get(..10).unwrap_or(&last) } else { &last };
            say(&format!("compared with {short}"));
            (source::read(project, &last)?, short.to_owned())
        }
    };
    let here = project.display().to_string();
    let is = flags.get_one::<String>("new").unwrap_or(&here);
    let new = source::read(project, is)?;
    let found = all(&old, &new, &names(flags))?;
    found.faulty_old.iter().chain(&found.faulty_new).for_each(|it| output::diagnostics(&it.sources, &it.diagnostics));
    match (found.faulty_old.is_empty(), found.faulty_new.is_empty()) {
        (true, true) => {}
        (_, false) if flags.contains_id("new") => return Err(unreadable(is)),
        (_, false) => return Err(unreadable("the project").help("`cargo xtask lint` tells them")),
        (false, true) => return Err(unreadable(&was)),
    }
    let diffs = found.diffs;
    let text = match flag_text(flags, "format") {
        "json" => diffs.iter().map(|it| report::json(it).to_string() + "\n").collect(),
        "markdown" => diffs.iter().map(report::markdown).collect::<Vec<_>>().join("\n"),
        _ if diffs.is_empty() => "nothing changed for callers\n".to_owned(),
        _ => escaped_lines(&diffs.iter().map(report::human).collect::<Vec<_>>().join("\n")) + "\n",
    };
    output::print(&text)?;
    if flags.get_flag("changelog") {
        diffs.iter().try_for_each(|it| write_changelog(project, it))?;
    }
    diffs.iter().for_each(tell_version);
    let fails = |it: &ApiDiff| match flag_text(flags, "fail-on") {
        "none" => false,
        "widening" => it.class() >= Some(Class::Widening),
        _ => it.class() == Some(Class::Breaking),
    };
    Ok(if diffs.iter().any(fails) { Verdict::Findings } else { Verdict::Clean })
}

/// For `check`: whether every spec that breaks callers since a revision says so by its version. Without a revision, the
/// last tag is taken, or the last commit.
pub(crate) fn check_versions(project: &Path, base: Option<&str>) -> CommandResult {
    let last = || source::last_release(project);
    let Some(base) = base.map(str::to_owned).or_else(last) else {
        say("there is no revision of git to compare versions with");
        return Ok(Verdict::Clean);
    };
    let old = match source::read(project, &base) {
        Ok(old) => old,
        // Before the first spec there is nothing to break.
        Err(failure) if failure.message.ends_with("holds no spec") => return Ok(Verdict::Clean),
        Err(failure) => return Err(failure),
    };
    let new = source::read(project, &project.display().to_string())?;
    let found = all(&old, &new, &[])?;
    if !found.faulty_new.is_empty() {
        found.faulty_new.iter().for_each(|it| output::diagnostics(&it.sources, &it.diagnostics));
        return Err(unreadable("the project").help("`cargo xtask lint` tells them"));
    }
    // What was released once cannot be corrected any more.
    for faulty in &found.faulty_old {
        let api = &faulty.api;
        say(&format!("note: the spec of `{api}` in `{base}` has errors, so its version is compared with nothing"));
    }
    let diffs = found.diffs;
    diffs.iter().for_each(tell_version);
    let missing = diffs.iter().any(|it| is_error(it) && it.missing_version().is_some());
    Ok(if missing { Verdict::Findings } else { Verdict::Clean })
}

fn unreadable(what: &str) -> Failure {
    Failure::new(format!("a spec of {} has errors, so its meaning is not known", quoted(what)))
}

fn quoted(what: &str) -> String {
    if what.contains(' ') { what.to_owned() } else { format!("`{what}`") }
}

/// What two versions of specs are.
#[derive(Default)]
struct Found {
    /// Of the APIs that are not the same text in both.
    diffs: Vec<ApiDiff>,
    /// Specs with errors.
    faulty_old: Vec<FaultyApi>,
    faulty_new: Vec<FaultyApi>,
}

struct FaultyApi {
    api: String,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

fn all(old: &Specs, new: &Specs, wanted: &[String]) -> Result<Found, Failure> {
    let (old, new) = alone(old, new);
    let known: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    if let Some(unknown) = wanted.iter().find(|it| !known.contains(it)) {
        let names: Vec<&str> = known.iter().map(|it| it.as_str()).collect();
        let failure = Failure::new(format!("neither version has an API `{unknown}`"));
        return Err(failure.help(format!("the APIs are {}", names.join(", "))));
    }
    let mut found = Found::default();
    for name in known.into_iter().filter(|it| wanted.is_empty() || wanted.contains(it)) {
        let (was, is) = (old.get(name), new.get(name));
        if was == is {
            continue;
        }
        let read = |files: Option<&&Files>| files.map(|it| compiled(name, it)).transpose();
        match (read(was), read(is)) {
            (Ok(was), Ok(is)) => found.diffs.push(match (was, is) {
                (Some(was), Some(is)) => compare(&was, &is),
                (was, is) => only_in(was.as_ref(), is.as_ref()),
            }),
            (was, is) => {
                found.faulty_old.extend(was.err());
                found.faulty_new.extend(is.err());
            }
        }
    }
    Ok(found)
}

type ByName<'s> = std::collections::BTreeMap<String, &'s Files>;

/// The specs by name. Two folders with one API each are about the same API, whatever they call it.
fn alone<'s>(old: &'s Specs, new: &'s Specs) -> (ByName<'s>, ByName<'s>) {
    let by_name = |all: &'s Specs| all.iter().map(|(name, files)| (name.clone(), files)).collect::<ByName<'s>>();
    let (mut was, is) = (by_name(old), by_name(new));
    if let (1, 1, Some(name)) = (was.len(), is.len(), is.keys().next())
        && !was.contains_key(name)
    {
        was = was.into_values().map(|files| (name.clone(), files)).collect();
    }
    (was, is)
}

fn compiled(name: &str, files: &Files) -> Result<Api, FaultyApi> {
    // The folder is called as the file says.
    let own = files.get("api.yaml").and_then(|it| it.lines().find_map(|it| it.strip_prefix("api:")));
    let own = own.map_or(name, |it| it.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
    let own = if own.is_empty() { name } else { own };
    source::compile(own, files).map_err(|faulty| {
        let Faulty { sources, diagnostics } = *faulty;
        FaultyApi { api: name.to_owned(), sources, diagnostics }
    })
}

/// Whether a version that is not the one to set is wrong, and not only worth a note.
fn is_error(diff: &ApiDiff) -> bool {
    diff.class() == Some(Class::Breaking) || diff.goes_back()
}

/// Says which version to set, if the one that is there does not tell that callers may have to change their code.
fn tell_version(diff: &ApiDiff) {
    let (Some(version), Some(now)) = (diff.missing_version(), &diff.new_version) else { return };
    let api = &diff.api;
    let why = match diff.class() {
        Some(Class::Breaking) => "error: it breaks callers",
        _ if diff.goes_back() => "error: it had a later version",
        _ => "note: Rust code of callers may have to change",
    };
    say(&format!("{why}, but its version is {now}\n  help: set `version: {version}` in `{SPEC}/{api}/api.yaml`"));
}

fn write_changelog(project: &Path, diff: &ApiDiff) -> Result<(), Failure> {
    let folder = project.join(SPEC).join(&diff.api);
    if diff.new_version.is_none() || !folder.is_dir() {
        return Ok(());
    }
    let file = folder.join("CHANGELOG.md");
    let text = match regular_file::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::io("read", &file, &error)),
    };
    let new = changelog::with_entry(text.as_deref(), &report::changelog_entry(diff));
    regular_file::check(&file)
        .and_then(|()| fs::write(&file, new))
        .map_err(|error| Failure::io("write", &file, &error))?;
    say(&format!("wrote `{}`; `cargo xtask codegen` copies it into the crate", file.display()));
    Ok(())
}
