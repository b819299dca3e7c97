//! Compiles specs that a test has as text.
//!
//! The unit tests of the compiler include this file, because they see their crate from inside.

use specwright_language::diagnostics::{Diagnostic, render};
use specwright_language::load::Loaded;
use specwright_language::model::Api;
use specwright_language::source::Sources;
use specwright_language::stages;

/// The `api.yaml` of tests that do not bring their own.
pub const API: &str = "\
api: test_api
title: Test
doc: For tests.
servers: https://api.example.com
credentials:
  api_key: {env: TEST_API_KEY, send: {bearer: {header: Authorization, prefix: \"Bearer \"}}}
tasks:
  pending: [processing]
  completed: [completed]
  failed: [failed]
";

/// What became of some files.
#[derive(Debug)]
pub struct Compiled {
    /// The files.
    pub sources: Sources,
    /// The model, unless there were errors.
    pub api: Option<Api>,
    /// By file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles files given as name and text; [`API`] is added when no `api.yaml` is among them.
#[must_use]
pub fn compile(files: &[(&str, &str)]) -> Compiled {
    let mut sources = Sources::default();
    let mut ids = Vec::new();
    if !files.iter().any(|(name, _)| *name == "api.yaml") {
        ids.push(sources.add("api.yaml", API));
    }
    ids.extend(files.iter().map(|(name, text)| sources.add(*name, *text)));
    let loaded = Loaded { sources, files: ids, ..Loaded::default() };
    let (api, diagnostics) = stages::model(&loaded);
    Compiled { sources: loaded.sources, api, diagnostics: diagnostics.into_sorted() }
}

/// The model of files that have no errors.
///
/// # Panics
///
/// When they have: with the rendered diagnostics.
#[must_use]
#[track_caller]
pub fn api(files: &[(&str, &str)]) -> Api {
    let compiled = compile(files);
    match compiled.api {
        Some(api) => api,
        None => panic!("the spec has errors:\n{}", compiled.rendered()),
    }
}

/// A resource `x` with these operations (and types), indented as they stand under `operations:`.
#[must_use]
pub fn resource(operations: &str) -> String {
    format!("resource: x\ntitle: X\ndoc: X.\noperations:\n{operations}")
}

/// The files of a spec that uses every part of the language: media with variants and tasks, managed keys, streams, files.
#[must_use]
pub fn atelier() -> &'static [(&'static str, &'static str)] {
    &[
        ("api.yaml", include_str!("atelier/api.yaml")),
        ("assistant.yaml", include_str!("atelier/assistant.yaml")),
        ("files.yaml", include_str!("atelier/files.yaml")),
        ("keys.yaml", include_str!("atelier/keys.yaml")),
        ("motion.yaml", include_str!("atelier/motion.yaml")),
    ]
}

impl Compiled {
    /// All diagnostics as people see them.
    #[must_use]
    pub fn rendered(&self) -> String {
        self.diagnostics.iter().map(|it| render::human(&self.sources, it, false) + "\n").collect()
    }

    /// All diagnostics, one per line.
    #[must_use]
    pub fn short(&self) -> String {
        self.diagnostics.iter().map(|it| render::short(&self.sources, it) + "\n").collect()
    }
}
