//! Where a project keeps its specs and its generated crates.

use std::fs;
use std::io;
use std::path::Path;

use crate::diagnostics::suggest;
use crate::failure::Failure;

/// The folder of the specs.
pub const SPEC: &str = "spec";
/// The folder of the generated crates.
pub const GENERATED: &str = "generated";
/// The file that makes a folder an API.
const API_FILE: &str = "api.yaml";

/// The APIs of a project: the folders under `spec/` that hold an `api.yaml`, by name.
///
/// # Errors
///
/// When `spec/` cannot be read, or a folder in it holds no `api.yaml`.
pub fn api_names(project: &Path) -> Result<Vec<String>, Failure> {
    let folder = project.join(SPEC);
    let mut names = folders(&folder).map_err(|error| {
        let failure = Failure::io("read the folder", &folder, &error);
        if error.kind() == io::ErrorKind::NotFound {
            return failure.help("run this in a project, or name one with `--project`");
        }
        failure
    })?;
    names.sort();
    for name in &names {
        let file = folder.join(name).join(API_FILE);
        if !file.is_file() {
            let message = format!("`{SPEC}/{name}` holds no `{API_FILE}`, so it is no API");
            return Err(Failure::new(message).help("`docs/spec-language.md` shows what the file holds"));
        }
    }
    Ok(names)
}

/// Folders under `generated/`, by name.
pub(super) fn generated_crates(project: &Path) -> Result<Vec<String>, Failure> {
    let folder = project.join(GENERATED);
    match folders(&folder) {
        Ok(mut names) => {
            names.sort();
            Ok(names)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Failure::io("read the folder", &folder, &error)),
    }
}

pub(super) fn unknown_api(project: &Path, name: &str, known: &[String]) -> Failure {
    let failure = Failure::new(format!("there is no API `{name}` under `{}`", project.join(SPEC).display()));
    match suggest::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("an API with a similar name exists: `{near}`")),
        None if known.is_empty() => failure.help("`cargo xtask new NAME` starts one"),
        None => failure.help(format!("the APIs are {}", known.join(", "))),
    }
}

fn folders(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir()
            && let Some(name) = entry.file_name().to_str().filter(|it| !it.starts_with('.'))
        {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
