//! `import FILE --update [--write]`: a spec that was imported before gets what the document has changed since.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use specwright_codegen::escape::json_line;
use specwright_codegen::failure::Failure;
use specwright_codegen::regular_file;
use specwright_codegen::write::whole_diff;
use specwright_import::Outcome;
use specwright_import::report::json as report_json;
use specwright_import::update::{self, Left, RECORD, Refusal, Update};

use super::spec::Wanted;
use crate::output::{self, counted, say, shown};
use crate::{CommandResult, Verdict};

/// The tags and operations of the last import into a folder.
pub(crate) fn only(folder: &Path) -> Vec<String> {
    regular_file::read_to_string(&folder.join(RECORD)).map(|it| update::only(&it)).unwrap_or_default()
}

/// Shows what changes, and writes it if that is wanted. Changes that are not written are findings, and so is what was
/// left as it is.
pub(crate) fn run(wanted: &Wanted<'_>, folder: &Path, outcome: &Outcome, only: &[String]) -> CommandResult {
    let files = files(folder)?;
    let path = folder.join(RECORD);
    let record = match regular_file::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::io("read", &path, &error)),
    };
    let update = match update::update(&outcome.report.api, &files, record.as_deref(), outcome, only) {
        Ok(update) => update,
        Err(Refusal::Record(line)) => {
            let message = format!("line {line} of `{}` is no record of an import", path.display());
            return Err(Failure::new(message).help("restore the file from version control, or remove it"));
        }
        Err(Refusal::Broken(sources, found)) => {
            output::diagnostics(&sources, &found);
            say("nothing was written: mend the spec first, and then bring it up to date");
            return Ok(Verdict::Findings);
        }
        Err(Refusal::Result(sources, found)) => {
            output::diagnostics(&sources, &found);
            say("nothing was written: what is written by hand does not fit the document any more, as shown");
            return Ok(Verdict::Findings);
        }
    };
    if wanted.json {
        let mut report = report_json::render(&outcome.report);
        if let Some(report) = report.as_object_mut() {
            report.insert("update".to_owned(), told(&update, outcome));
        }
        output::print(&(json_line(&report) + "\n"))?;
    } else {
        show(folder, &files, &update)?;
        update.left.iter().for_each(|it| show_left(folder, it, outcome));
    }
    if !update.had_record {
        say(&format!("there was no `{RECORD}`: what differs from the document is taken as written by hand"));
    }
    let is_new = record.as_ref() != Some(&update.record);
    if wanted.write && (is_new || !update.files.is_empty()) {
        write(folder, &update)?;
        say(&format!("changed {} of {}", counted(update.files.len(), "file"), folder.display()));
    } else if update.files.is_empty() {
        say("nothing changes");
    } else {
        say(&format!("{} would change; `--write` writes them", counted(update.files.len(), "file")));
    }
    let pending = !wanted.write && !update.files.is_empty();
    let is_clean = !pending && update.left.is_empty() && !outcome.report.dropped();
    Ok(if is_clean { Verdict::Clean } else { Verdict::Findings })
}

/// The files of the spec, in the order of their names.
fn files(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| {
        Failure::io("read the folder", folder, &error)
            .help("without `--update`, the document is imported into a new folder")
    })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io("read the folder", folder, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.retain(|it| !it.starts_with('.') && it.ends_with(".yaml"));
    names.sort();
    let read = |name: String| {
        let path = folder.join(&name);
        let text = regular_file::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
        Ok((name, text))
    };
    names.into_iter().map(read).collect()
}

fn show(folder: &Path, files: &[(String, String)], update: &Update) -> Result<(), Failure> {
    for (name, text) in &update.files {
        let path = folder.join(name);
        let old = files.iter().find(|it| it.0 == *name).map_or("", |it| it.1.as_str());
        let diff = whole_diff(old, text.as_deref().unwrap_or_default());
        let absent = "/dev/null".to_owned();
        let shown = shown(&path);
        let before = if old.is_empty() { &absent } else { &shown };
        let after = if text.is_none() { &absent } else { &shown };
        if !output::print(&format!("--- {before}\n+++ {after}\n{diff}"))? {
            break;
        }
    }
    Ok(())
}

fn show_left(folder: &Path, left: &Left, outcome: &Outcome) {
    say(&format!("kept: {}", left.message()));
    if let Some((name, line, column)) = &left.spec {
        say(&format!("  --> {}:{line}:{column}", shown(&folder.join(name))));
    }
    if let Some(place) = &left.document {
        let sources = &outcome.report.sources;
        let location = sources.location(place.span);
        let file = sources.get(place.span.file).map_or("", |it| it.path.as_str());
        say(&format!("  --> {file}:{}:{}  {}", location.line, location.column, place.pointer));
    }
    say(&format!("  help: {}", left.help()));
}

fn told(update: &Update, outcome: &Outcome) -> Value {
    let left = |it: &Left| {
        let spec = it.spec.as_ref().map(|(file, line, column)| json!({"file": file, "line": line, "column": column}));
        let document = it.document.as_ref().map(|place| {
            let location = outcome.report.sources.location(place.span);
            json!({"pointer": place.pointer, "line": location.line, "column": location.column})
        });
        json!({"path": it.path, "spec": spec, "document": document, "message": it.message(), "help": it.help()})
    };
    let changed = |it: &(String, Option<String>)| json!({"file": it.0, "removed": it.1.is_none()});
    json!({
        "changed": update.files.iter().map(changed).collect::<Vec<_>>(),
        "kept": update.left.iter().map(left).collect::<Vec<_>>(),
    })
}

/// Everything is written beside its place before anything gets it.
fn write(folder: &Path, update: &Update) -> Result<(), Failure> {
    let record = (RECORD.to_owned(), Some(update.record.clone()));
    let waiting = |name: &str| -> PathBuf { folder.join(format!(".{name}.new")) };
    let all = || update.files.iter().chain([&record]);
    for (name, text) in all() {
        if let Some(text) = text {
            let path = waiting(name);
            regular_file::check(&path)
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| Failure::io("write", &path, &error))?;
        }
    }
    for (name, text) in all() {
        let path = folder.join(name);
        match text {
            Some(_) => fs::rename(waiting(name), &path).map_err(|error| Failure::io("write", &path, &error))?,
            None => fs::remove_file(&path).map_err(|error| Failure::io("remove", &path, &error))?,
        }
    }
    Ok(())
}
