//! From a document to the files of a spec.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use specwright_codegen::escape::json_line;
use specwright_codegen::failure::Failure;
use specwright_codegen::scaffold;
use specwright_import::plan::Options;
use specwright_import::read::decode;
use specwright_import::report::{human, json};
use specwright_import::update::{RECORD, record};

use super::update;
use crate::live;
use crate::output::{self, say};
use crate::{CommandResult, Verdict};

/// What is imported, and where it goes.
pub(crate) struct Wanted<'a> {
    /// The document; `-` is standard input.
    pub(crate) file: &'a str,
    /// The name of the API; made from the title if it is not given.
    pub(crate) api: Option<String>,
    /// Tags and operations; all if there are none.
    pub(crate) only: Vec<String>,
    /// The folder that gets the folder of the API.
    pub(crate) into: PathBuf,
    /// That folder is the one of the project's specs.
    pub(crate) is_of_project: bool,
    /// Bring a spec up to date that was imported before.
    pub(crate) update: bool,
    /// Write what that changes.
    pub(crate) write: bool,
    /// Print the report as JSON.
    pub(crate) json: bool,
    /// Show every finding.
    pub(crate) all: bool,
}

/// The name of the API of a document and the files of its spec, after telling what they do not say.
pub(crate) fn spec(file: &str, api: Option<String>, all: bool) -> Result<(String, Vec<(String, String)>), Failure> {
    check_name(api.as_deref())?;
    let text = document(file)?;
    let path = if file == "-" { "standard input" } else { file };
    let options = Options { api, only: Vec::new() };
    let outcome = live::during(&|_| importing(path), || specwright_import::import(path, text, &linked, &options));
    say(human::render(&outcome.report, all).trim_end());
    if outcome.files.is_empty() {
        return Err(Failure::new(format!("nothing in `{path}` can be imported")));
    }
    Ok((outcome.report.api, outcome.files))
}

/// Writes the files of the spec and tells what they do not say. Something that was dropped is a finding.
pub(crate) fn run(wanted: &Wanted<'_>) -> CommandResult {
    check_name(wanted.api.as_deref())?;
    let text = document(wanted.file)?;
    let path = if wanted.file == "-" { "standard input" } else { wanted.file };
    let import = |only: &[String]| {
        let options = Options { api: wanted.api.clone(), only: only.to_vec() };
        live::during(&|_| importing(path), || specwright_import::import(path, text.clone(), &linked, &options))
    };
    let mut only = wanted.only.clone();
    let mut outcome = import(&only);
    let folder = wanted.into.join(&outcome.report.api);
    if wanted.update && only.is_empty() {
        only = update::only(&folder);
        if !only.is_empty() {
            outcome = import(&only);
        }
    }
    let report = &outcome.report;
    if !wanted.json {
        say(human::render(report, wanted.all).trim_end());
    }
    if outcome.files.is_empty() {
        if wanted.json {
            output::print(&(json_line(&json::render(report)) + "\n"))?;
        }
        return Err(Failure::new(format!("nothing in `{path}` can be imported")));
    }
    if wanted.update {
        return update::run(wanted, &folder, &outcome, &only);
    }
    if wanted.json {
        output::print(&(json_line(&json::render(report)) + "\n"))?;
    }
    write(&folder, &outcome.files, &only)?;
    let (files, api) = (output::counted(outcome.files.len(), "file"), &report.api);
    say(&format!("wrote {files} to {}", output::shown(&folder)));
    if wanted.is_of_project {
        say(&format!("next: `cargo xtask codegen {api}` makes its crate"));
    }
    Ok(if report.dropped() { Verdict::Findings } else { Verdict::Clean })
}

fn importing(path: &str) -> String {
    format!("importing {path}")
}

/// A name that is given becomes that of a folder and of a crate.
fn check_name(api: Option<&str>) -> Result<(), Failure> {
    let checked = api.map_or(Ok(()), scaffold::check_name);
    checked.map_err(|error| Failure::new(error).help("give `--api` another name, or leave it out"))
}

fn document(file: &str) -> Result<String, Failure> {
    let bytes = if file == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        bytes
    } else {
        fs::read(file).map_err(|error| {
            let failure = Failure::io("read", Path::new(file), &error);
            match file.contains("://") {
                true => failure.help("a document is read from a file, or from standard input: `curl URL | … import -`"),
                false => failure,
            }
        })?
    };
    decode(bytes).map_err(|at| {
        Failure::new(format!("`{file}` is no text: byte {at} is not UTF-8"))
            .help("save the file as UTF-8, and try again")
    })
}

/// A file that a document links to.
fn linked(path: &str) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    decode(bytes).map_err(|at| format!("byte {at} is not UTF-8; save the file as UTF-8"))
}

/// A folder that has files already is somebody's work.
fn write(folder: &Path, files: &[(String, String)], only: &[String]) -> Result<(), Failure> {
    if fs::read_dir(folder).is_ok_and(|mut it| it.next().is_some()) {
        let message = format!("`{}` already has files", folder.display());
        let help = "bring it up to date with `--update`, choose another name with `--api`, or remove the folder";
        return Err(Failure::new(message).help(help));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::io("create the folder", folder, &error))?;
    let record = (RECORD.to_owned(), record(files, only));
    for (name, text) in files.iter().chain([&record]) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(())
}
