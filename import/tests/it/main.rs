//! Imports of small documents, one for each feature and each fault, and the text of the specs that they become.

mod bodies;
mod damaged;
mod endpoints;
mod extensions;
mod faults;
mod names;
mod requests;
mod roundtrip;
mod suggestions;
mod swagger;
mod types;
mod update;
mod verdicts;
mod wording;
mod xml;

use std::collections::BTreeMap;

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::pipeline;
use specwright_import::finding::Finding;
use specwright_import::plan::Options;
use specwright_import::report::Report;

/// A document that was imported.
struct Imported {
    files: BTreeMap<String, String>,
    report: Report,
}

impl Imported {
    /// The text of a file.
    #[track_caller]
    fn file(&self, name: &str) -> &str {
        self.files.get(name).unwrap_or_else(|| panic!("no `{name}` among {:?}", self.files.keys()))
    }

    /// Asserts that a file has some lines, whatever their indentation.
    #[track_caller]
    fn has(&self, name: &str, lines: &str) {
        let words = |text: &str| text.lines().map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
        let text = self.file(name);
        assert!(words(text).contains(&words(lines)), "{name} has not\n{lines}\nbut is\n{text}");
    }

    /// The finding of a kind.
    #[track_caller]
    fn finding(&self, kind: &str) -> &Finding {
        let found = self.report.findings.iter().find(|it| it.kind == kind);
        found.unwrap_or_else(|| panic!("no `{kind}` among {:#?}", self.report.findings))
    }
}

/// Imports a document, and asserts that the compiler takes the spec.
#[track_caller]
fn import(text: &str) -> Imported {
    import_linked(text, &[])
}

/// As [`import`], with other files.
#[track_caller]
fn import_linked(text: &str, others: &[(&str, &str)]) -> Imported {
    let read = |path: &str| {
        let found = others.iter().find(|it| it.0 == path);
        found.map(|it| it.1.to_owned()).ok_or_else(|| "it does not exist".to_owned())
    };
    let options = Options { api: Some("tea".to_owned()), ..Options::default() };
    let outcome = specwright_import::import("tea.yaml", text.to_owned(), &read, &options);
    let compiled = pipeline::lint_texts("tea", outcome.files.clone());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{:#?}", outcome.files);
    Imported { files: outcome.files.into_iter().collect(), report: outcome.report }
}

/// A document with one operation, `POST /pots`, whose body has this schema (in flow style), and perhaps components.
fn with_body(schema: &str, components: &str) -> String {
    let components = if components.is_empty() { "{}" } else { components };
    format!(
        "openapi: 3.1.0\ninfo: {{title: Tea, version: '1'}}\npaths:\n  /pots:\n    post:\n      operationId: brew\n      \
         tags: [pots]\n      requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}\n      \
         responses: {{'204': {{description: Done}}}}\ncomponents: {components}\n"
    )
}

/// A document with these paths (in flow style), and perhaps more below.
fn with_paths(paths: &str, more: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Tea, version: '1'}}\npaths: {paths}\n{more}\n")
}
