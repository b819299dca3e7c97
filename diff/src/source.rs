//! Reads specs from a folder or from a revision of git: without a checkout, and without a change to anybody's files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use specwright_codegen::diagnostics::Diagnostic;
use specwright_codegen::failure::Failure;
use specwright_codegen::load::Loaded;
use specwright_codegen::model::Api;
use specwright_codegen::pipeline::{self, SPEC};
use specwright_codegen::regular_file;
use specwright_codegen::source::Sources;

/// The file that makes a folder an API.
const API_FILE: &str = "api.yaml";
/// Folders between what is named and the folder of an API.
const DEEPEST: usize = 2;

/// Specs by the names of their APIs: for each the names of its files and their texts.
pub type Specs = BTreeMap<String, Files>;

/// The files of a spec.
pub type Files = BTreeMap<String, String>;

/// The specs that a word means: a project, a folder of specs, the folder of one API, a revision of git, or `REV:PATH`
/// with such a folder of a revision. A folder goes before a revision of that name.
///
/// # Errors
///
/// When it is none of these, or holds no spec.
pub fn read(project: &Path, word: &str) -> Result<Specs, Failure> {
    let folder = Path::new(word);
    let files = if folder.is_dir() {
        let mut files = Files::new();
        read_folder(folder, "", DEEPEST, &mut files)?;
        files
    } else {
        read_revision(project, word)?
    };
    let specs = sorted_out(files);
    if specs.is_empty() {
        return Err(Failure::new(format!("`{word}` holds no spec"))
            .help("name a project, a folder with specs, the folder of an API, or a revision of git"));
    }
    Ok(specs)
}

fn read_folder(folder: &Path, prefix: &str, depth: usize, out: &mut Files) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io("read the folder", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = entry.path();
        if name.starts_with('.') || (prefix.is_empty() && matches!(name.as_str(), "target" | "generated")) {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                read_folder(&path, &format!("{prefix}{name}/"), depth - 1, out)?;
            }
        } else if name.ends_with(".yaml") {
            let text = regular_file::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
            out.insert(format!("{prefix}{name}"), text);
        }
    }
    Ok(())
}

fn read_revision(project: &Path, word: &str) -> Result<Files, Failure> {
    let (revision, path) = match word.split_once(':') {
        Some((revision, path)) => (revision, path.trim_matches('/').to_owned()),
        // The project itself may be a folder of the repository.
        None => (word, git(project, &["rev-parse", "--show-prefix"], word)?.trim().trim_matches('/').to_owned()),
    };
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Failure::new(format!("`{word}` is neither a folder nor a revision of git")));
    }
    let commit = git(project, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")], word)?;
    let commit = commit.trim();
    let top = git(project, &["rev-parse", "--show-toplevel"], word)?;
    let top = Path::new(top.trim_end_matches('\n'));
    let under = if path.is_empty() { String::new() } else { format!("{path}/") };
    let mut arguments = vec!["ls-tree", "-r", "-z", "--name-only", commit];
    if !under.is_empty() {
        arguments.extend(["--", &under]);
    }
    let list = git(top, &arguments, word)?;
    let mut files = Files::new();
    for name in list.split('\0').filter(|it| it.ends_with(".yaml")) {
        let Some(inner) = name.strip_prefix(under.as_str()) else { continue };
        let is_spec = inner.matches('/').count() <= DEEPEST && (inner.starts_with(SPEC) || !under.is_empty());
        if is_spec && !inner.starts_with("target/") && !inner.starts_with("generated/") {
            files.insert(inner.to_owned(), git(top, &["cat-file", "blob", &format!("{commit}:{name}")], word)?);
        }
    }
    Ok(files)
}

fn git(folder: &Path, arguments: &[&str], word: &str) -> Result<String, Failure> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| {
        Failure::new(format!("`{word}` is no folder, and git cannot be run: {error}"))
            .help("install git, or name a folder")
    })?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{word}` is neither a folder nor a revision of git"))
            .help("name a project, a folder with specs, the folder of an API, or a revision such as `HEAD~1`"));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("a spec of `{word}` is not UTF-8")))
}

/// Files of a project, a folder of specs or an API → APIs. Only the files beside an `api.yaml` belong to it.
fn sorted_out(files: Files) -> Specs {
    let mut folders: BTreeMap<String, Files> = BTreeMap::new();
    for (path, text) in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        folders.entry(folder.to_owned()).or_default().insert(name.to_owned(), text);
    }
    folders.retain(|_, files| files.contains_key(API_FILE));
    let in_spec = |it: &String| it.strip_prefix(SPEC).is_some_and(|it| it.starts_with('/'));
    if folders.contains_key("") {
        folders.retain(|it, _| it.is_empty());
    } else if folders.keys().any(in_spec) {
        folders.retain(|it, _| in_spec(it));
    } else {
        folders.retain(|it, _| !it.contains('/'));
    }
    let named = |(folder, files): (String, Files)| {
        let name = match name_of(&files) {
            // `api.yaml` has an error, which is told.
            name if name.is_empty() => {
                folder.rsplit('/').next().filter(|it| !it.is_empty()).unwrap_or("api").to_owned()
            }
            name => name,
        };
        (name, files)
    };
    folders.into_iter().map(named).collect()
}

/// The name that `api.yaml` gives its API.
fn name_of(files: &Files) -> String {
    let text = files.get(API_FILE).map_or("", String::as_str);
    let line = text.lines().find_map(|it| it.strip_prefix("api:"));
    let name = line.unwrap_or_default().split('#').next().unwrap_or_default();
    name.trim().trim_matches(['"', '\'']).to_owned()
}

/// A spec that has no meaning: its files, and what is wrong with them.
#[derive(Debug)]
pub struct Faulty {
    /// The files.
    pub sources: Sources,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// The meaning of a spec.
///
/// # Errors
///
/// When it has errors.
pub fn compile(name: &str, files: &Files) -> Result<Api, Box<Faulty>> {
    let mut loaded = Loaded::default();
    for (file, text) in files {
        let id = loaded.sources.add(format!("{SPEC}/{name}/{file}"), text.clone());
        loaded.files.push(id);
    }
    let (api, found) = pipeline::model(&loaded);
    api.ok_or_else(|| Box::new(Faulty { sources: loaded.sources, diagnostics: found.into_sorted() }))
}

/// The last tag that the present state comes from, or the last commit; `None` where there is no git, or no commit.
#[must_use]
pub fn last_release(project: &Path) -> Option<String> {
    let run = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(project).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned()).filter(|it| !it.is_empty())
    };
    run(&["describe", "--tags", "--abbrev=0"]).or_else(|| run(&["rev-parse", "--verify", "--quiet", "HEAD"]))
}
