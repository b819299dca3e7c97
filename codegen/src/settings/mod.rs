//! The project file `specwright.toml`: what the generated crates inherit, what their manifests say, and what is written.
//!
//! A project without the file has the defaults: crates that inherit from the workspace, with docs, in `generated/`.

mod read;
mod root_manifest;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

use crate::emit::openapi::Version;
use crate::failure::Failure;
use crate::regular_file;

pub use read::is_version;
pub use root_manifest::{Misnamed, Missing, RootManifest};

/// The name of the project file, in the folder that contains `spec/`.
pub const FILE: &str = "specwright.toml";

/// The versions of the runtime that generated crates can use.
pub const RUNTIME_VERSION: &str = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// What the runtime must have for generated code: `requires!` of the runtime compares it, and its level must not be lower.
pub const RUNTIME_LEVEL: u32 = 1;

/// The edition that generated code is written for.
pub const EDITION: &str = "2024";

/// The oldest Rust that compiles generated crates and the runtime.
pub const RUST_VERSION: &str = "1.88";

/// All that a project decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The table `[crates]`.
    pub crates: Crates,
    /// The table `[outputs]`.
    pub outputs: Outputs,
}

/// How the generated crates are made. A key that is not set is inherited from the workspace, or has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crates {
    /// Whether the manifests inherit from the manifest of a workspace what is not set here.
    pub workspace: bool,
    /// Where the runtime comes from.
    pub runtime: Option<Source>,
    /// The edition.
    pub edition: Option<String>,
    /// The minimum version of Rust.
    pub rust_version: Option<String>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// The URL of the repository.
    pub repository: Option<String>,
    /// The authors.
    pub authors: Vec<String>,
    /// Whether the crates may be published.
    pub publish: Option<bool>,
    /// What the names of packages begin with. Folders and libraries are called like the API alone.
    pub prefix: String,
    /// The folder of the generated crates, relative to the project, with `/` between parts.
    pub output: String,
    /// The licence that the crates inherit from the workspace, if that says one. It is not a key of the file.
    pub inherited_license: Option<String>,
}

/// Which files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// The crates.
    pub crates: bool,
    /// The reference in Markdown.
    pub docs: bool,
    /// An OpenAPI document of this version.
    pub openapi: Option<Version>,
}

/// Where a crate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A version requirement of the registry.
    Version(String),
    /// A folder, relative to the project or absolute.
    Path(String),
    /// A git repository, and one of `rev`, `tag` and `branch` with its value.
    Git {
        /// The URL of the repository.
        url: String,
        /// Such as `("rev", "1f3a…")`; the default branch without it.
        at: Option<(&'static str, String)>,
    },
}

impl Default for Crates {
    fn default() -> Self {
        Self {
            workspace: true,
            runtime: None,
            edition: None,
            rust_version: None,
            license: None,
            repository: None,
            authors: Vec::new(),
            publish: None,
            prefix: String::new(),
            output: "generated".to_owned(),
            inherited_license: None,
        }
    }
}

impl Default for Outputs {
    fn default() -> Self {
        Self { crates: true, docs: true, openapi: None }
    }
}

impl Settings {
    /// What the file of a project says; the defaults if it has none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or something in it is wrong. All faults are told, each with its line.
    pub fn load(project: &Path) -> Result<Self, Failure> {
        let path = project.join(FILE);
        let mut settings = match regular_file::read_to_string(&path) {
            Ok(text) => read::read(&path.display().to_string(), &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(Failure::io("read", &path, &error)),
        };
        if settings.crates.workspace {
            // A manifest that cargo cannot read is cargo's to tell.
            let root = RootManifest::find(project).ok().flatten();
            settings.crates.inherited_license = root.and_then(|it| it.license());
        }
        Ok(settings)
    }
}

impl Crates {
    /// The licence that the generated documents name.
    #[must_use]
    pub fn license(&self) -> Option<&str> {
        self.license.as_deref().or(self.inherited_license.as_deref())
    }

    /// The name of the package of an API.
    #[must_use]
    pub fn package(&self, api: &str) -> String {
        format!("{}{api}", self.prefix)
    }

    /// Whether the manifests have what registries show: those that are made to be published.
    #[must_use]
    pub fn for_registries(&self) -> bool {
        self.publish.unwrap_or(!self.workspace)
    }
}
