//! Which operations can be judged although the spec has errors: those on which no error has an effect.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Diagnostics, Severity};
use crate::source::{FileId, Span};
use crate::syntax::document::{Documents, OperationDoc, ResourceDocument};

/// What of a spec has no error, and depends on nothing that has one.
#[derive(Debug, Default)]
pub struct Sound {
    /// By the order of the operations in the model.
    pub operations: Vec<bool>,
    /// Files whose types have no error. Without `api.yaml`, there are none.
    pub files: BTreeSet<FileId>,
}

/// The operations without an error. An error inside of an operation concerns it and those that are `like` it; any other
/// error concerns the whole file; and one in `api.yaml` concerns everything.
#[must_use]
pub fn operations(documents: &Documents, found: &Diagnostics) -> Sound {
    let errors: Vec<Span> =
        found.iter().filter(|it| it.severity == Severity::Error).map(|it| it.primary.span).collect();
    let all = || documents.resources.iter().flat_map(|it| it.operations.iter().map(move |operation| (it, operation)));
    if errors.iter().any(|it| it.file == documents.span.file) {
        return Sound { operations: all().map(|_| false).collect(), files: BTreeSet::new() };
    }
    let is_inside = |error: &Span, of: &OperationDoc| {
        error.file == of.extent.file && of.extent.start <= error.start && error.start <= of.extent.end
    };
    let outside: BTreeSet<FileId> =
        errors.iter().filter(|error| !all().any(|(_, it)| is_inside(error, it))).map(|it| it.file).collect();
    let broken =
        |it: &OperationDoc| outside.contains(&it.extent.file) || errors.iter().any(|error| is_inside(error, it));
    let mut sound: Vec<bool> = all().map(|(_, it)| !broken(it)).collect();
    let places: BTreeMap<(&str, &str), usize> =
        all().enumerate().map(|(at, (resource, it))| ((name(resource), it.name.value.as_str()), at)).collect();
    // What is copied may be what is broken. A chain has an end, or is an error itself.
    loop {
        let mut changed = false;
        for (at, (resource, it)) in all().enumerate() {
            let Some(like) = &it.like else { continue };
            let key = like.value.split_once('.').unwrap_or((name(resource), like.value.as_str()));
            let is_sound = places.get(&key).is_some_and(|other| sound[*other]);
            if sound[at] && !is_sound {
                sound[at] = false;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut files: BTreeSet<FileId> = all().map(|(_, it)| it.extent.file).filter(|it| !outside.contains(it)).collect();
    files.insert(documents.span.file);
    Sound { operations: sound, files }
}

fn name(resource: &ResourceDocument) -> &str {
    resource.resource.as_ref().map_or("", |it| it.value.as_str())
}
