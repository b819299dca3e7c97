//! Everything that is served: the prepared APIs and the routes to their operations. It is created and replaced as a
//! whole.

use std::fmt;
use std::path::{Path, PathBuf};

use specwright_codegen::diagnostics::{Severity, render};
use specwright_codegen::failure::Failure;
use specwright_codegen::model::{Api, FieldIx, Method, Output, PathPart};
use specwright_codegen::pipeline::{self, Compiled, SPEC};
use specwright_codegen::validate::{RouteKind, RouteTarget, Routes};

use crate::prepare::PreparedApi;

/// Where the statuses of tasks are whose URLs the answers have.
pub(crate) const STATUS_OF_MOCK: &str = "/__specwright/tasks";

/// The prepared APIs.
#[derive(Debug)]
pub(crate) struct Registry {
    pub(crate) apis: Vec<PreparedApi>,
    pub(crate) routes: Routes,
}

/// Why the registry could not be created.
#[derive(Debug)]
pub(crate) enum RegistryError {
    /// A folder or file cannot be read, or an API does not exist.
    Environment(Failure),
    /// Specs have errors. The text of the diagnostics.
    Specs(String),
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(failure) => failure.fmt(f),
            Self::Specs(diagnostics) => f.write_str(diagnostics.trim_end()),
        }
    }
}

impl Registry {
    /// Reads and compiles the specs. Without names, all specs. For `files`, see [`PreparedApi::new`].
    pub(crate) fn read(folder: &Path, apis: &[String], files: Option<&str>) -> Result<Self, RegistryError> {
        let project = project(folder).map_err(RegistryError::Environment)?;
        let compiled = pipeline::compile(&project, apis).map_err(RegistryError::Environment)?;
        let errors: String = compiled.iter().map(errors).collect();
        if !errors.is_empty() {
            return Err(RegistryError::Specs(errors));
        }
        let apis: Vec<Api> = compiled.into_iter().filter_map(|it| it.api).collect();
        if apis.is_empty() {
            let failure = Failure::new(format!("there is no API under `{}`", folder.display()));
            return Err(RegistryError::Environment(failure.help("`cargo xtask new NAME` starts one")));
        }
        Ok(Self::new(apis, files))
    }

    pub(crate) fn new(apis: Vec<Api>, files: Option<&str>) -> Self {
        let apis: Vec<PreparedApi> = apis.into_iter().map(|it| PreparedApi::new(it, files)).collect();
        let mut routes = Routes::new();
        for (index, prepared) in apis.iter().enumerate() {
            add_routes(&mut routes, &format!("/{}", prepared.name), index, prepared);
        }
        // A single API is also found without its name.
        if let [alone] = apis.as_slice() {
            add_routes(&mut routes, "", 0, alone);
        }
        Self { apis, routes }
    }

    pub(crate) fn api(&self, name: &str) -> Option<&PreparedApi> {
        self.apis.iter().find(|it| &*it.name == name)
    }

    /// The API that has a token endpoint at this path, and the path below the API's own prefix.
    pub(crate) fn token_endpoint<'p>(&self, path: &'p str) -> Option<(&PreparedApi, &'p str)> {
        let of = |it: &'_ PreparedApi, path: &str| {
            it.api.credentials.iter().filter_map(|it| it.oauth2.as_ref()).any(|oauth2| it.token_path(oauth2) == path)
        };
        let below = |it: &PreparedApi| path.strip_prefix('/')?.strip_prefix(&*it.name).filter(|path| of(it, path));
        let named = self.apis.iter().find_map(|it| Some((it, below(it)?)));
        named.or_else(|| match self.apis.as_slice() {
            [alone] if of(alone, path) => Some((alone, path)),
            _ => None,
        })
    }

    /// The API for a path that has no operation.
    pub(crate) fn api_of_path(&self, path: &str) -> Option<&PreparedApi> {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        match self.apis.as_slice() {
            [alone] => Some(alone),
            _ => self.api(first),
        }
    }
}

fn add_routes(routes: &mut Routes, prefix: &str, api: usize, prepared: &PreparedApi) {
    for (operation, op) in prepared.api.operations.iter().enumerate() {
        let mount = prepared.mounts.get(op.server).map_or("", String::as_str);
        let base = format!("{prefix}{mount}");
        let target = |kind| RouteTarget { api, operation, kind };
        routes.add_operation(&base, op, target(RouteKind::Call));
        if let Output::Task(task) = &op.output {
            match &task.status {
                Some(path) => routes.add_status(&base, path, target(RouteKind::Status)),
                None => routes.add(&base, &status_of_mock(), Method::Get, target(RouteKind::Status)),
            }
        }
    }
}

/// The path of a status whose URL the answer has: the server chooses it.
fn status_of_mock() -> Vec<PathPart> {
    vec![PathPart::Literal(format!("{STATUS_OF_MOCK}/")), PathPart::Parameter(FieldIx(0))]
}

fn errors(compiled: &Compiled) -> String {
    let errors = compiled.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{}\n", render::human(&compiled.sources, it, false).trim_end())).collect()
}

/// The project of a folder: the folder is its `spec`, or contains one.
fn project(folder: &Path) -> Result<PathBuf, Failure> {
    if folder.join(SPEC).is_dir() {
        return Ok(folder.to_path_buf());
    }
    let whole = folder.canonicalize().map_err(|error| Failure::io("read the folder", folder, &error))?;
    let is_spec = whole.file_name().is_some_and(|it| it == SPEC);
    match whole.parent().filter(|_| is_spec) {
        Some(parent) => Ok(parent.to_path_buf()),
        None => Err(Failure::new(format!("`{}` is not a folder of specs", folder.display()))
            .help(format!("name a folder called `{SPEC}`, or one that contains it"))),
    }
}
