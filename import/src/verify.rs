//! The compiler's opinion of the spec: what it refuses is taken back, so that nothing is written that does not compile.
//!
//! Most of what a document gets wrong is known before. This is for the rest, such as examples that do not match their
//! schemas, which nobody but the compiler can judge.

mod repair;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::diagnostics::{Diagnostic, Severity};
use specwright_codegen::pipeline;

use crate::finding::{Findings, Place};
use crate::gaps;
use crate::print::{self, File, Mark};
use crate::report::Counts;
use crate::spec::Spec;

/// How often the spec is changed and looked at again.
const MOST_ROUNDS: usize = 24;

/// The files of a spec that compiles; `counts` and `out` learn what was taken back.
pub fn verify(spec: &mut Spec, counts: &mut Counts, out: &mut Findings) -> Vec<File> {
    let mut attempts: BTreeMap<String, usize> = BTreeMap::new();
    let mut files = print::files(spec);
    for _ in 0..MOST_ROUNDS {
        let errors = errors(spec, &files);
        if errors.is_empty() {
            break;
        }
        // From the back, so that what is removed does not move what is still to be looked at.
        let mut marks: BTreeMap<Mark, Diagnostic> = BTreeMap::new();
        for error in errors {
            if let Some(mark) = innermost(&files, &error) {
                marks.entry(mark).or_insert(error);
            }
        }
        if marks.is_empty() {
            break;
        }
        let mut changed = BTreeSet::new();
        for (mark, error) in marks.into_iter().rev() {
            let attempt = attempts.entry(repair::name(spec, mark)).or_default();
            *attempt += 1;
            if changed.insert(mark) {
                repair::repair(spec, mark, &error, *attempt, counts, out);
            }
        }
        spec.resources.retain(|it| !it.operations.is_empty());
        files = print::files(spec);
    }
    // Nothing is known to come here; if something does, it is told rather than found by whoever compiles the spec.
    if spec.resources.is_empty() {
        // That nothing is there has been said.
        return files;
    }
    for error in errors(spec, &files) {
        out.push(gaps::SPEC_REFUSED.at(Place::of_document(""), &[&error.message]));
    }
    files
}

/// What the compiler refuses.
fn errors(spec: &Spec, files: &[File]) -> Vec<Diagnostic> {
    let texts = files.iter().map(|it| (it.name.clone(), it.text.clone()));
    let compiled = pipeline::lint_texts(&spec.api.name, texts);
    compiled.diagnostics.into_iter().filter(|it| it.severity == Severity::Error).collect()
}

/// The smallest part of the spec that a message is about.
fn innermost(files: &[File], error: &Diagnostic) -> Option<Mark> {
    let span = error.primary.span;
    let file = files.get(span.file.0 as usize)?;
    // An outer part comes before those in it.
    let mut around = file.marks.iter().rev().filter(|(start, end, _)| *start <= span.start && span.start < *end);
    around.next().map(|it| it.2)
}
