//! Turns an OpenAPI document into a spec: the files that a person would write, and a report of what they do not say.
//!
//! Data flows one way:
//!
//! ```text
//! read → openapi → plan → spec → print → verify → report
//! ```
//!
//! [`read`] gives trees with places, of every file that the document links to. [`openapi`] reads them as typed data, as
//! tolerantly as they can be meant. [`plan`] decides what to write, [`spec`] is that as a small tree, and
//! [`print`](mod@print) its text. [`verify`] asks the compiler about the text, and takes back what it refuses. Everything
//! that is told on the way is a [`finding`]. [`update`] puts what comes out into a spec that people have edited.

pub mod finding;
pub mod gaps;
pub mod openapi;
pub mod plan;
pub mod print;
pub mod read;
pub mod report;
pub mod spec;
mod text;
pub mod update;
pub mod verify;

use finding::Findings;
use report::Report;
use specwright_codegen::source::Sources;

/// What an import gives.
#[derive(Debug)]
pub struct Outcome {
    /// The files of the spec by name; none if the document cannot be read at all.
    pub files: Vec<(String, String)>,
    pub report: Report,
    /// Where the operations and types of the files come from.
    pub origins: Vec<Origin>,
}

/// A part of a file, and its place in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub file: String,
    /// The bytes of the file.
    pub start: usize,
    pub end: usize,
    pub place: finding::Place,
}

/// A file that could not be read as a document, for its name in messages.
fn only(path: &str, text: String) -> Sources {
    let mut sources = Sources::default();
    sources.add(path, text);
    sources
}

/// Imports a document. `read` gives the text of a file that it links to, by its path.
#[must_use]
pub fn import(
    path: &str,
    text: String,
    read: &dyn Fn(&str) -> Result<String, String>,
    options: &plan::Options,
) -> Outcome {
    let mut findings = Findings::default();
    let workspace = read::Workspace::load(path, text.clone(), read, &mut findings);
    let document = workspace.as_ref().and_then(|it| openapi::read(it, &mut findings));
    let Some(document) = document else {
        let report = Report {
            api: options.api.clone().unwrap_or_default(),
            counts: Default::default(),
            findings: findings.into_sorted(),
            sources: workspace.map_or_else(|| only(path, text), |it| it.sources),
        };
        return Outcome { files: Vec::new(), report, origins: Vec::new() };
    };
    let (mut spec, mut counts) = plan::plan(&document, options, &mut findings);
    let mut files = verify::verify(&mut spec, &mut counts, &mut findings);
    let root = workspace.as_ref().and_then(|it| it.root()).map(|it| it.file);
    let not_found = plan::not_found(&document, options);
    for (wanted, help) in &not_found {
        findings.extend(root.map(|file| finding::fault::unknown_choice(wanted, help, file)));
    }
    if spec.resources.iter().all(|it| it.operations.is_empty()) {
        // That nothing is there of what was asked for has been said.
        findings.extend(root.filter(|_| not_found.is_empty()).map(finding::fault::no_operations));
        files.clear();
    }
    let mut origins = print::origins(&spec, &files);
    if let Some(workspace) = &workspace {
        findings.move_all(|it| workspace.as_written(it));
        origins.iter_mut().for_each(|it| it.place = workspace.as_written(&it.place));
    }
    let files = files.into_iter().map(|it| (it.name, it.text)).collect();
    let sources = workspace.map(|it| it.sources).unwrap_or_default();
    Outcome { files, report: Report { api: spec.api.name, counts, findings: findings.into_sorted(), sources }, origins }
}
