//! `init DIR [--api NAME | --openapi FILE] [--existing]`: a workspace with a spec that works at once, or a spec in a
//! workspace that exists.

mod environment;
mod existing;
mod files;
mod surroundings;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use specwright_codegen::failure::Failure;
use specwright_codegen::pipeline::{self, SPEC};
use specwright_codegen::regular_file;
use specwright_codegen::scaffold;

use self::files::{File, Names};
use super::codegen;
#[cfg(feature = "import")]
use super::import;
use crate::output::say;
use crate::source::Source;
use crate::{CommandResult, Verdict};

/// What is made, and where.
pub(crate) struct Wanted<'a> {
    /// The folder of the workspace.
    pub(crate) folder: &'a Path,
    /// The name of the API; made from the document or the folder if it is not given.
    pub(crate) api: Option<String>,
    /// An OpenAPI document to start from.
    #[cfg_attr(not(feature = "import"), expect(dead_code, reason = "the program with the importer runs then"))]
    pub(crate) openapi: Option<&'a str>,
    /// Add to a workspace that exists.
    pub(crate) existing: bool,
    /// Where Specwright comes from; the way this program came without it.
    pub(crate) source: Option<Source>,
}

/// Writes all files or none, then generates. What an OpenAPI document says and the spec does not is told, but is no
/// finding: the workspace works.
pub(crate) fn run(wanted: &Wanted<'_>) -> CommandResult {
    let source = wanted.source.clone().map_or_else(Source::of_this_program, Ok)?;
    let (api, spec) = spec(wanted)?;
    if wanted.existing {
        not_taken(&api, &surroundings::names_of_packages(wanted.folder))?;
    } else {
        not_taken(&api, &files::PACKAGES)?;
        surroundings::note_outer_workspace(wanted.folder);
    }
    let model = pipeline::lint_texts(&api, spec.iter().cloned()).api;
    let title = model.as_ref().map_or_else(|| api.clone(), |it| it.title.clone());
    let mut names = Names { api: api.clone(), title, ..Names::default() };
    let mut plan = if wanted.existing {
        existing::plan(wanted.folder, &mut names, &source)?
    } else {
        files::new_workspace(&names, &source, model.as_ref())
    };
    plan.extend(spec.into_iter().map(|(path, text)| File::new(format!("{SPEC}/{api}/{path}"), text)));
    no_conflicts(wanted.folder, &plan, &api)?;
    write(wanted.folder, &plan)?;
    format(&wanted.folder.join("hello/src/main.rs"));
    if codegen::run(wanted.folder, std::slice::from_ref(&api), false)? == Verdict::Findings {
        return Ok(Verdict::Findings);
    }
    let (folder, tool) = (wanted.folder.display(), &names.tool);
    let next = match wanted.existing {
        true => format!("cargo {tool} mock {api}              serves a mock of the API on this machine"),
        false => "cargo run -p hello           calls a mock of the API on this machine".to_owned(),
    };
    say(&format!(
        "\n`{folder}` has the spec `{SPEC}/{api}/` and its crate. Specwright comes from {source}.\nThere:\n  \
         1. {next}\n  2. edit {SPEC}/{api}/, and run: cargo {tool} codegen\n  3. cargo test"
    ));
    Ok(Verdict::Clean)
}

/// The name of the API, and the files of its spec by their paths in its folder.
fn spec(wanted: &Wanted<'_>) -> Result<(String, Vec<(String, String)>), Failure> {
    let refused = |error: String| Failure::new(error).help("name the API with `--api`");
    #[cfg(feature = "import")]
    if let Some(file) = wanted.openapi {
        return import::spec(file, wanted.api.clone(), false);
    }
    let name = wanted.api.clone().unwrap_or_else(|| name_of(wanted.folder));
    let files = scaffold::files(&name).map_err(refused)?;
    Ok((name, files))
}

/// Cargo refuses a workspace with two packages of one name.
fn not_taken(api: &str, packages: &[impl AsRef<str>]) -> Result<(), Failure> {
    if packages.iter().all(|it| it.as_ref() != api) {
        return Ok(());
    }
    let message =
        format!("the workspace has a package `{api}` beside the crate of the API, so the API needs another name");
    Err(Failure::new(message).help(format!("name the API with `--api`, such as `--api {api}_api`")))
}

/// The name of a folder as that of an API, as far as it goes.
fn name_of(folder: &Path) -> String {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let name = full.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.replace(['-', ' ', '.'], "_")
}

/// Every file that is there already is told, before anything is written; and so is what stands where a folder must be.
fn no_conflicts(folder: &Path, plan: &[File], api: &str) -> Result<(), Failure> {
    let taken = plan.iter().filter(|it| !it.replaces && fs::symlink_metadata(folder.join(&it.path)).is_ok());
    let mut taken: Vec<String> = taken.map(|it| it.path.clone()).collect();
    let parents = |it: &File| Path::new(&it.path).ancestors().skip(1).map(Path::to_path_buf).collect::<Vec<_>>();
    let is_no_folder = |it: &PathBuf| fs::metadata(folder.join(it)).is_ok_and(|it| !it.is_dir());
    let blocked: BTreeSet<PathBuf> = plan.iter().flat_map(parents).filter(is_no_folder).collect();
    if let Some(it) = blocked.first() {
        let message = format!("`{}` is not a folder, and nothing was written", folder.join(it).display());
        return Err(Failure::new(message).help("choose another folder"));
    }
    let spec = format!("{SPEC}/{api}");
    if taken.iter().all(|it| !it.starts_with(&spec)) && folder.join(&spec).exists() {
        taken.push(spec);
    }
    if taken.is_empty() {
        return Ok(());
    }
    let list: String = taken.iter().map(|it| format!("\n  {it}")).collect();
    Err(Failure::new(format!("`{}` already has these, and nothing was written:{list}", folder.display())).help(
        "choose another folder, name another API with `--api`, or add to a workspace that exists with `--existing`",
    ))
}

/// Writes all files. If one cannot be written, those before it are taken back.
fn write(folder: &Path, plan: &[File]) -> Result<(), Failure> {
    let mut undo: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    let mut made: Vec<PathBuf> = Vec::new();
    let result = plan.iter().try_for_each(|it| {
        let path: PathBuf = folder.join(&it.path);
        let parent = path.parent().unwrap_or(folder);
        made.extend(parent.ancestors().filter(|it| !it.exists()).map(Path::to_path_buf));
        fs::create_dir_all(parent).map_err(|error| Failure::io("create the folder", parent, &error))?;
        undo.push((path.clone(), regular_file::read(&path).ok()));
        regular_file::check(&path)
            .and_then(|()| fs::write(&path, &it.text))
            .map_err(|error| Failure::io("write", &path, &error))
    });
    if result.is_err() {
        // The failure is told; that something could not be taken back is no better news.
        for (path, text) in undo.into_iter().rev() {
            let _ = match text {
                Some(text) => fs::write(path, text),
                None => fs::remove_file(path),
            };
        }
        made.sort();
        made.iter().rev().for_each(|it| drop(fs::remove_dir(it)));
    }
    result
}

/// The call is written as the documentation has it; the formatter may break its lines elsewhere. Without a formatter it
/// stays as it is.
fn format(file: &Path) {
    if file.is_file() {
        let mut command = Command::new("rustfmt");
        let _ = command.args(["--edition", "2024"]).arg(file).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
