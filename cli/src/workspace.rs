//! The cargo workspace of a project: whether it has what the generated crates inherit, and the text that adds it.

use std::fs;
use std::path::Path;

use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline::{self, SPEC};
use specwright_codegen::regular_file;
use specwright_codegen::settings::{self, EDITION, FILE, Misnamed, Missing, RUST_VERSION, RootManifest, Settings};

use crate::output::{self, say};
use crate::source::Source;

/// Folders between the project and one with crates.
const DEEPEST: usize = 1;

/// Fails where cargo would refuse the generated crates, so that nothing is written that stops cargo.
pub(crate) fn check(project: &Path, settings: &Settings) -> Result<(), Failure> {
    has_runtime(project, settings)?;
    if settings.outputs.crates {
        names_are_free(project, settings, &pipeline::api_names(project)?)?;
    }
    if !settings.crates.workspace || !settings.outputs.crates {
        return Ok(());
    }
    let apis = pipeline::api_names(project)?;
    if apis.is_empty() {
        return Ok(());
    }
    let Some(root) = RootManifest::find(project)? else {
        let message =
            format!("`{}` is in no cargo workspace, but its generated crates inherit from one", project.display());
        return Err(Failure::new(message).help(format!(
            "make a workspace with `cargo xtask init`, or let the crates stand alone: put `workspace = false` below \
             `[crates]` in `{FILE}`"
        )));
    };
    let missing = root.missing(settings, &apis);
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("`{}` lacks what the generated crates inherit; nothing was written", root.path.display());
    let add = lines(&missing, &root.member(settings));
    Err(Failure::new(message).help(format!(
        "add these lines, each below its table:\n\n{add}\n  or let the crates stand alone: put `workspace = false` below \
         `[crates]` in `{FILE}`"
    )))
}

/// Cargo refuses a workspace with two packages of one name. Crates that are there already were looked at before.
pub(crate) fn names_are_free(project: &Path, settings: &Settings, apis: &[String]) -> Result<(), Failure> {
    let folder = |api: &str| project.join(&settings.crates.output).join(api);
    let is_there = |api: &&String| {
        let manifest = regular_file::read_to_string(&folder(api).join("Cargo.toml")).unwrap_or_default();
        manifest.contains(&format!("name = \"{}\"", settings.crates.package(api)))
    };
    let new: Vec<&String> = apis.iter().filter(|it| !is_there(it)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let Some(root) = RootManifest::find(project)? else { return Ok(()) };
    let top = root.path.parent().unwrap_or(Path::new(""));
    let packages = root.packages();
    for api in new {
        let package = settings.crates.package(api);
        let own = fs::canonicalize(folder(api)).ok();
        let is_taken = |it: &&(String, String)| it.0 == package && fs::canonicalize(top.join(&it.1)).ok() != own;
        if let Some((_, taken)) = packages.iter().find(is_taken) {
            let place = if taken.is_empty() { ".".to_owned() } else { taken.clone() };
            let message = format!(
                "the workspace has a package `{package}` in `{place}`, so the crate of the API `{api}` needs another name; \
                 no crate was written"
            );
            return Err(Failure::new(message).help(format!(
                "give the API another name, or its package: put `prefix = \"…\"` below `[crates]` in `{FILE}`"
            )));
        }
    }
    Ok(())
}

/// Cargo refuses the whole workspace if a crate of it depends on a folder that is none.
fn has_runtime(project: &Path, settings: &Settings) -> Result<(), Failure> {
    let Some(settings::Source::Path(path)) = &settings.crates.runtime else { return Ok(()) };
    if !settings.outputs.crates || project.join(path).join("Cargo.toml").is_file() {
        return Ok(());
    }
    let message = format!("`{FILE}` takes the runtime from `{path}`, which has no `Cargo.toml`; nothing was written");
    Err(Failure::new(message).help("name the folder `runtime` of a checkout, relative to the project"))
}

/// Says what another prefix or another folder in the project file leaves to do by hand. It is said after the crates are
/// written: before that, cargo could not find the packages by their new names.
pub(crate) fn tell_left(project: &Path, settings: &Settings) -> Result<(), Failure> {
    if !settings.outputs.crates {
        return Ok(());
    }
    let apis = pipeline::api_names(project)?;
    if let Some(root) = RootManifest::find(project).ok().flatten() {
        for Misnamed { dependency, folder, package } in root.misnamed(settings, &apis) {
            say(&format!(
                "note: the package in `{folder}` is called `{package}` now; write `package = \"{package}\"` into the \
                 dependency `{dependency}` of `{}`",
                output::shown(&root.path)
            ));
        }
    }
    for folder in left(project, &settings.crates.output, &apis) {
        say(&format!(
            "note: `{folder}` was generated before `output` was `{}`, and is not kept up to date; remove it, and name the new \
             folder in the manifests that name it",
            settings.crates.output
        ));
    }
    Ok(())
}

/// Generated crates in folders that are not the one of the project file, relative to the project.
fn left(project: &Path, output: &str, apis: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        for entry in fs::read_dir(project.join(&folder)).into_iter().flatten().flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let is_other = name.starts_with('.') || ["target", "node_modules", SPEC].contains(&name.as_str());
            if is_other || !entry.file_type().is_ok_and(|it| it.is_dir()) {
                continue;
            }
            let below = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // Another project has crates of its own.
            if below == output || project.join(&below).join(SPEC).is_dir() {
                continue;
            }
            let is_left = |api: &&String| is_generated(&project.join(&below).join(api).join("Cargo.toml"), api);
            found.extend(apis.iter().filter(is_left).map(|api| format!("{below}/{api}")));
            if depth < DEEPEST {
                waiting.push((below, depth + 1));
            }
        }
    }
    found.sort();
    found
}

/// Whether a manifest was generated from the spec of an API.
fn is_generated(manifest: &Path, api: &str) -> bool {
    let first = regular_file::read_to_string(manifest).ok();
    let first = first.as_deref().and_then(|it| it.lines().next()).unwrap_or_default();
    first.starts_with("# @generated") && first.contains(&format!("from {SPEC}/{api}."))
}

/// The lines to add, below the names of their tables.
fn lines(missing: &[Missing], member: &str) -> String {
    let mut out = String::new();
    let mut last = "";
    for it in missing {
        let (table, line) = line(*it, member);
        if table != last {
            out.push_str(&format!("    [{table}]\n"));
            last = table;
        }
        if !line.is_empty() {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}

/// The table and the line of something that is missing. `member` is the pattern of the generated crates.
pub(crate) fn line(missing: Missing, member: &str) -> (&'static str, String) {
    let dependency = |folder: &str| match Source::of_this_program() {
        Ok(source) => source.dependency(folder),
        Err(_) => "{ git = \"…\", rev = \"…\", default-features = false }".to_owned(),
    };
    match missing {
        Missing::Member => ("workspace", format!("members = [\"{member}\"] # beside those that are there")),
        Missing::Package("edition") => ("workspace.package", format!("edition = \"{EDITION}\"")),
        Missing::Package("rust-version") => ("workspace.package", format!("rust-version = \"{RUST_VERSION}\"")),
        Missing::Package("publish") => ("workspace.package", "publish = false".to_owned()),
        Missing::Package(other) => ("workspace.package", format!("{other} = \"MIT OR Apache-2.0\" # or yours")),
        Missing::Dependency("tokio") => {
            ("workspace.dependencies", "tokio = { version = \"1\", default-features = false }".to_owned())
        }
        Missing::Dependency(_) => ("workspace.dependencies", format!("specwright-runtime = {}", dependency("runtime"))),
        Missing::Lints => ("workspace.lints", String::new()),
    }
}
