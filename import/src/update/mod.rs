//! Importing again: what the document changed goes into a spec that people have edited, and what they wrote stays.
//!
//! The import leaves a [`record`] of what it wrote. With it, a key that differs from the document is known to be changed
//! by hand, by the document, or by both, which is told and left alone. Operations are known by method and path, and
//! types by name or, if a person renamed them, by what they are made of.

mod entities;
mod merge;
mod part;
mod record;
mod renames;
mod spec;
mod text;
mod whole;

use std::collections::BTreeMap;

use specwright_codegen::diagnostics::{Diagnostic, Severity};
use specwright_codegen::pipeline;
use specwright_codegen::source::Sources;

use crate::Outcome;
use crate::finding::Place;

/// The file beside the spec with what the last import wrote.
pub const RECORD: &str = "import.lock";

/// The record of the files that an import wrote. `only` is what was asked for.
#[must_use]
pub fn record(files: &[(String, String)], only: &[String]) -> String {
    match spec::read(files, &BTreeMap::new()) {
        Ok(files) => record::write(&spec::parts(&files), only),
        // The compiler has taken them.
        Err(_) => String::new(),
    }
}

/// The tags and operations that an import was asked for, by its record.
#[must_use]
pub fn only(record: &str) -> Vec<String> {
    record::read(record).map(|it| it.only).unwrap_or_default()
}

/// Why something in the spec is not as the document has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToldKind {
    /// Both changed it.
    Conflict,
    /// It differs, and nobody knows who changed it, since there is no record.
    Differs,
    /// The document no longer has it, but it was changed by hand.
    Gone,
    /// It was removed by hand, and the document has changed it since.
    Removed,
}

/// A place in a file of the spec or of the import, before it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    kind: ToldKind,
    path: String,
    spec: Option<(usize, usize)>,
    document: Option<(usize, usize)>,
    is: String,
    wanted: String,
}

/// Something that was left as a person has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub kind: ToldKind,
    /// What it is about: `operations.list.query.limit.maximum`.
    pub path: String,
    /// The file of the spec, with line and column.
    pub spec: Option<(String, u32, u32)>,
    /// The operation or the type in the document.
    pub document: Option<Place>,
    /// What the spec says.
    pub is: String,
    /// What the document says.
    pub wanted: String,
}

impl Left {
    /// What it is, in one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        let Self { path, is, wanted, .. } = self;
        match self.kind {
            ToldKind::Conflict => {
                format!(
                    "`{path}` is `{is}` in the spec and `{wanted}` in the document; both have changed since the last import"
                )
            }
            ToldKind::Differs => format!("`{path}` is `{is}` in the spec and `{wanted}` in the document"),
            ToldKind::Gone => format!("the document no longer has `{path}`, which was changed by hand"),
            ToldKind::Removed => format!("`{path}` was removed by hand, and the document has changed it since"),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.kind {
            ToldKind::Conflict | ToldKind::Differs => "the spec was left as it is; change it if the document is right",
            ToldKind::Gone => "remove it, unless the server still has it",
            ToldKind::Removed => "nothing, if it is still not wanted",
        }
    }
}

/// What an update gives.
#[derive(Debug, Default)]
pub struct Update {
    /// Files that differ from what they were, with their new text; those that go have none.
    pub files: Vec<(String, Option<String>)>,
    /// The record of this import.
    pub record: String,
    /// What was left as a person has it.
    pub left: Vec<Left>,
    /// Whether there was a record of the last import.
    pub had_record: bool,
}

/// Why a spec cannot be updated.
#[derive(Debug)]
pub enum Refusal {
    /// The files are no YAML, or the spec has errors already.
    Broken(Sources, Vec<Diagnostic>),
    /// A line of the record is none.
    Record(usize),
    /// The compiler refuses what would come out.
    Result(Sources, Vec<Diagnostic>),
}

/// Merges an import into the files of a spec. `record` is the text of the record beside them.
///
/// # Errors
///
/// When the spec has errors before or after, or the record is damaged. Nothing is to be written then.
pub fn update(
    api: &str,
    files: &[(String, String)],
    record: Option<&str>,
    outcome: &Outcome,
    only: &[String],
) -> Result<Update, Refusal> {
    let before = pipeline::lint_texts(api, files.iter().cloned());
    if before.count(Severity::Error) > 0 {
        return Err(Refusal::Broken(before.sources, before.diagnostics));
    }
    let last = record.map(record::read).transpose().map_err(Refusal::Record)?;
    // The spec itself could be read, so that faults are those of what came out.
    let broken = |it: spec::Faulty| Refusal::Result(sources(api, &it.texts), it.found);
    let mut told = Vec::new();
    let files: Vec<(String, String)> = files.to_vec();
    let whole::Merged { files: merged, spec, new } =
        whole::merged(&files, &outcome.files, last.as_ref(), &mut told).map_err(broken)?;
    let after = pipeline::lint_texts(api, merged.iter().cloned());
    if after.count(Severity::Error) > 0 {
        return Err(Refusal::Result(after.sources, after.diagnostics));
    }
    let mut changed = Vec::new();
    for (name, text) in &merged {
        let old = files.iter().find(|it| it.0 == *name).map(|it| it.1.replace("\r\n", "\n"));
        if old.as_ref() != Some(text) {
            changed.push((name.clone(), Some(text.clone())));
        }
    }
    let gone = files.iter().filter(|it| !merged.iter().any(|other| other.0 == it.0));
    changed.extend(gone.map(|it| (it.0.clone(), None)));
    let record = self::record(&outcome.files, only);
    let left = told.into_iter().map(|it| resolved(it, &spec, &new, outcome)).collect();
    Ok(Update { files: changed, record, left, had_record: last.is_some() })
}

fn sources(api: &str, files: &[(String, String)]) -> Sources {
    let mut sources = Sources::default();
    for (name, text) in files {
        sources.add(format!("{}/{api}/{name}", pipeline::SPEC), text.clone());
    }
    sources
}

/// Places become lines, and places in what was imported become places in the document.
fn resolved(told: Told, files: &[(String, String)], new: &[(String, String)], outcome: &Outcome) -> Left {
    let spec = told.spec.and_then(|(file, at)| {
        let (name, text) = files.get(file)?;
        let before = text.get(..at)?;
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().map_or(0, |it| it.chars().count()) as u32 + 1;
        Some((name.clone(), line, column))
    });
    let document = told.document.and_then(|(file, at)| {
        let name = &new.get(file)?.0;
        let around = outcome.origins.iter().filter(|it| it.file == *name && it.start <= at && at < it.end);
        around.min_by_key(|it| it.end - it.start).map(|it| it.place.clone())
    });
    Left { kind: told.kind, path: told.path, spec, document, is: told.is, wanted: told.wanted }
}
