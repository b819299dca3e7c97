//! Where a project keeps its specs and its generated crates.

use std::fs;
use std::io;
use std::path::Path;

use crate::diagnostics::suggest;
use crate::failure::Failure;
use crate::write::{Folder, is_temporary};

/// The folder of the specs.
pub const SPEC: &str = "spec";
/// The file that makes a folder an API.
const API_FILE: &str = "api.yaml";

/// The APIs of a project: the folders under `spec/` that hold an `api.yaml`, by name. Links are followed.
///
/// # Errors
///
/// When `spec/` cannot be read, a link in it that may be an API leads to no folder, or a folder in it holds no
/// `api.yaml`.
pub fn api_names(project: &Path) -> Result<Vec<String>, Failure> {
    let folder = project.join(SPEC);
    let failed = |error: io::Error| {
        let failure = Failure::io("read the folder", &folder, &error);
        if error.kind() == io::ErrorKind::NotFound {
            return failure.help("run this in a project, or pass `--project`");
        }
        failure
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(|error| Failure::io("read", &path, &error))?;
        let name = entry.file_name();
        let is_api = kind.is_dir() || (kind.is_symlink() && leads_to_folder(&path, &name.to_string_lossy())?);
        match name.to_str() {
            Some(name) if is_api && !name.starts_with('.') => names.push(name.to_owned()),
            None if is_api => {
                return Err(Failure::new(format!("the name of the folder `{}` is not UTF-8", path.display())));
            }
            _ => {}
        }
    }
    names.sort();
    for name in &names {
        check_api_file(&folder.join(name), name)?;
    }
    Ok(names)
}

/// Whether a link in `spec/` leads to a folder. One that is called like an API and leads elsewhere, or nowhere, is a
/// failure: were it overlooked, the API would seem to be gone.
fn leads_to_folder(link: &Path, name: &str) -> Result<bool, Failure> {
    let plain = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'));
    match fs::metadata(link) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) if plain => {
            let message = format!("`{SPEC}/{name}` is a link to a file, but an API must be a folder");
            Err(Failure::new(message).help("point it to the API's folder, or remove it"))
        }
        Err(error) if plain => Err(Failure::io("follow the link", link, &error)
            .help("fix or remove it; its crate is left alone while the link exists")),
        Ok(_) | Err(_) => Ok(false),
    }
}

fn check_api_file(folder: &Path, name: &str) -> Result<(), Failure> {
    let file = folder.join(API_FILE);
    match fs::metadata(&file) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(&file).is_ok() => {
            Err(Failure::io("follow the link", &file, &error))
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::io("read", &file, &error)),
        _ => {
            let message = format!("`{SPEC}/{name}` has no `{API_FILE}`, so it is not an API");
            Err(Failure::new(message).help("`docs/spec-language.md` shows what the file holds"))
        }
    }
}

/// Folders among the generated crates, by name: hidden ones too, since cargo takes every folder there for a crate.
pub(super) fn generated_crates(project: &Path, output: &str) -> Result<Vec<String>, Failure> {
    let folder = project.join(output);
    match folders(&folder) {
        Ok(mut names) => {
            names.sort();
            Ok(names)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Failure::io("read the folder", &folder, &error)),
    }
}

/// Folders among the generated crates that belong to none of the APIs. What was generated in them goes, but only where it is
/// certain that the spec is gone.
pub(super) fn other_crates(project: &Path, output: &str, apis: &[String]) -> Result<Vec<Folder>, Failure> {
    let others = generated_crates(project, output)?.into_iter().filter(|it| !apis.contains(it));
    Ok(others.map(|name| Folder { protected: reason_to_keep_crate(project, output, apis, &name), name }).collect())
}

/// Why it is not certain that the spec of a crate is gone.
fn reason_to_keep_crate(project: &Path, output: &str, apis: &[String], krate: &str) -> Option<Failure> {
    let spec = project.join(SPEC).join(krate);
    let stays = format!("so `{output}/{krate}` is not removed");
    let failure = match fs::symlink_metadata(&spec) {
        // On a system that ignores case, a folder whose name changed in case only is found here as well.
        Ok(_) => {
            let message = format!("`{}` exists but is not an API, {stays}", spec.display());
            Failure::new(message).help("an API must be a folder whose name matches its crate's exactly")
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let failure = Failure::io("look at", &spec, &error);
            Failure { message: format!("{}, {stays}", failure.message), ..failure }
        }
        Err(_) => {
            let message = match apis.iter().find(|it| it.eq_ignore_ascii_case(krate)) {
                Some(api) => format!("the API `{api}` and `{output}/{krate}` differ in case only, {stays}"),
                None if apis.is_empty() => {
                    format!("`{}` contains no API, {stays}", project.join(SPEC).display())
                }
                None => return None,
            };
            Failure::new(message).help(format!("if you no longer need the crate, remove `{output}/{krate}` yourself"))
        }
    };
    Some(failure)
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
            && let Some(name) = entry.file_name().to_str().filter(|it| !is_temporary(it))
        {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
