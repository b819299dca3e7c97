//! The manifest of the cargo workspace that generated crates inherit from: what it has, and what it lacks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item};

use super::Settings;
use crate::failure::Failure;
use crate::regular_file;

/// The manifest of a workspace.
#[derive(Debug)]
pub struct RootManifest {
    /// Where it is.
    pub path: PathBuf,
    document: Document<String>,
    /// The folder of the project as seen from the manifest, with `/` between parts; empty if it is the same.
    project: String,
}

/// A dependency on a generated crate by a name that its package does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misnamed {
    /// The name of the dependency.
    pub dependency: String,
    /// The folder of the crate, as the manifest says it.
    pub folder: String,
    /// The name of the package.
    pub package: String,
}

/// Something that generated crates inherit, and the workspace does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A key of `[workspace.package]`.
    Package(&'static str),
    /// A key of `[workspace.dependencies]`.
    Dependency(&'static str),
    /// The table `[workspace.lints]`.
    Lints,
    /// An entry of `members` that includes the generated crates.
    Member,
}

impl RootManifest {
    /// The nearest manifest of a workspace in the project's folder or above it.
    ///
    /// # Errors
    ///
    /// When a manifest cannot be read, or is not TOML.
    pub fn find(project: &Path) -> Result<Option<Self>, Failure> {
        let full = fs::canonicalize(project).map_err(|error| Failure::io("read the folder", project, &error))?;
        for folder in full.ancestors() {
            let path = folder.join("Cargo.toml");
            let text = match regular_file::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Failure::io("read", &path, &error)),
            };
            let document = Document::parse(text).map_err(|error| {
                Failure::new(format!("cannot read `{}`: {}", path.display(), error.message().trim()))
            })?;
            if document.as_table().contains_key("workspace") {
                let below = full.strip_prefix(folder).unwrap_or(Path::new(""));
                let parts: Vec<_> = below.components().map(|it| it.as_os_str().to_string_lossy()).collect();
                return Ok(Some(Self { path, project: parts.join("/"), document }));
            }
        }
        Ok(None)
    }

    /// The licence in `[workspace.package]`.
    #[must_use]
    pub fn license(&self) -> Option<String> {
        self.workspace("package")?.get("license")?.as_str().map(str::to_owned)
    }

    /// What the crates of these APIs inherit and the workspace does not have, in the order of the manifest.
    #[must_use]
    pub fn missing(&self, settings: &Settings, apis: &[String]) -> Vec<Missing> {
        let mut missing = Vec::new();
        if !settings.crates.workspace || !settings.outputs.crates || apis.is_empty() {
            return missing;
        }
        let crates = &settings.crates;
        if !apis.iter().all(|it| self.includes(&format!("{}/{it}", crates.output))) {
            missing.push(Missing::Member);
        }
        let package = [
            ("edition", crates.edition.is_some()),
            ("rust-version", crates.rust_version.is_some()),
            ("license", crates.license.is_some()),
            ("publish", crates.publish.is_some()),
        ];
        let has = |table: &str, key: &str| self.workspace(table).is_some_and(|it| it.get(key).is_some());
        missing.extend(
            package.into_iter().filter(|(key, set)| !set && !has("package", key)).map(|it| Missing::Package(it.0)),
        );
        let dependencies = [("specwright-runtime", crates.runtime.is_some()), ("tokio", false)];
        let lacks = dependencies.into_iter().filter(|(key, set)| !set && !has("dependencies", key));
        missing.extend(lacks.map(|it| Missing::Dependency(it.0)));
        if self.workspace("lints").is_none() {
            missing.push(Missing::Lints);
        }
        missing
    }

    /// The dependencies of the workspace on generated crates that cargo would not find, because another prefix has given the
    /// packages other names.
    #[must_use]
    pub fn misnamed(&self, settings: &Settings, apis: &[String]) -> Vec<Misnamed> {
        let slash = if self.project.is_empty() { "" } else { "/" };
        let dependencies = self.workspace("dependencies").and_then(Item::as_table_like);
        let mut found = Vec::new();
        for (name, item) in dependencies.into_iter().flat_map(|it| it.iter()) {
            let Some(folder) = item.get("path").and_then(Item::as_str) else { continue };
            let path = folder.trim_start_matches("./").trim_end_matches('/');
            let is_of = |api: &&String| path == format!("{}{slash}{}/{api}", self.project, settings.crates.output);
            let Some(api) = apis.iter().find(is_of) else { continue };
            let package = settings.crates.package(api);
            if item.get("package").and_then(Item::as_str).unwrap_or(name) != package {
                found.push(Misnamed { dependency: name.to_owned(), folder: folder.to_owned(), package });
            }
        }
        found
    }

    /// The packages of the workspace by name, and their folders as seen from the manifest. Patterns of `members` with more
    /// than `*`, and manifests that cannot be read, are left out.
    #[must_use]
    pub fn packages(&self) -> Vec<(String, String)> {
        let top = self.path.parent().unwrap_or(Path::new(""));
        let mut folders = vec![String::new()];
        let members = self.workspace("members").and_then(Item::as_array);
        for pattern in members.into_iter().flatten().filter_map(|it| it.as_str()) {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/').trim_end_matches("/src/..");
            if !pattern.contains("**") && !pattern.contains(['?', '[']) {
                folders.extend(expand(top, pattern));
            }
        }
        folders.sort();
        folders.dedup();
        let named = |folder: String| {
            let text = regular_file::read_to_string(&top.join(&folder).join("Cargo.toml")).ok()?;
            let document = Document::parse(text).ok()?;
            Some((document.as_table().get("package")?.get("name")?.as_str()?.to_owned(), folder))
        };
        folders.into_iter().filter_map(named).collect()
    }

    /// The pattern for `members` that includes all generated crates.
    #[must_use]
    pub fn member(&self, settings: &Settings) -> String {
        let slash = if self.project.is_empty() { "" } else { "/" };
        // With `src/..`, since cargo would stop at a folder without a manifest, and then could not run what removes it.
        format!("{}{slash}{}/*/src/..", self.project, settings.crates.output)
    }

    fn workspace(&self, table: &str) -> Option<&Item> {
        self.document.as_table().get("workspace")?.get(table)
    }

    /// Whether `members` includes a folder of the project.
    fn includes(&self, folder: &str) -> bool {
        let slash = if self.project.is_empty() { "" } else { "/" };
        let folder = format!("{}{slash}{folder}", self.project);
        let members = self.workspace("members").and_then(Item::as_array);
        members.into_iter().flatten().filter_map(|it| it.as_str()).any(|it| matches(it, &folder))
    }
}

/// The folders that a pattern stands for.
fn expand(top: &Path, pattern: &str) -> Vec<String> {
    pattern.split('/').fold(vec![String::new()], |folders, part| {
        let below = |folder: &String, name: &str| {
            if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
        };
        let inside = |folder: String| -> Vec<String> {
            if !part.contains('*') {
                return vec![below(&folder, part)];
            }
            let entries = fs::read_dir(top.join(&folder)).into_iter().flatten().flatten();
            let names = entries.filter_map(|it| it.file_name().into_string().ok());
            names.filter(|it| matches_part(part, it)).map(|it| below(&folder, &it)).collect()
        };
        folders.into_iter().flat_map(inside).collect()
    })
}

/// Whether a pattern of `members` includes a folder. Patterns with more than `*` are taken for matches.
fn matches(pattern: &str, folder: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/').trim_end_matches("/src/..");
    if pattern.contains("**") || pattern.contains(['?', '[']) {
        return true;
    }
    let (patterns, parts): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), folder.split('/').collect());
    patterns.len() == parts.len() && patterns.iter().zip(parts).all(|(pattern, part)| matches_part(pattern, part))
}

fn matches_part(pattern: &str, part: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == part };
    let Some(rest) = part.strip_prefix(before) else { return false };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|it| matches_part(after, it)))
}
