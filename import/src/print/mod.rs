//! Spec files as text: short forms where they fit on a line, blocks of text, and nothing that need not be said.

mod entry;
mod files;
mod operation;
mod scalar;
mod tree;
mod types;

use crate::Origin;
use crate::spec::Spec;

pub use tree::Marks;

/// A part of the spec, so that what the compiler says of a place can be told of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    Type { file: Option<usize>, at: usize },
    Field { file: Option<usize>, ty: usize, at: usize },
    Shared { file: Option<usize>, at: usize },
    Header { at: usize },
    ClientQuery { at: usize },
    Servers,
    Credential { at: usize },
    Status { file: Option<usize>, at: usize },
    Operation { file: usize, at: usize },
    Parameter { file: usize, operation: usize, list: u8, at: usize },
    Response { file: usize, operation: usize },
    ResponseField { file: usize, operation: usize, at: usize },
    ResponseHeader { file: usize, operation: usize, at: usize },
    Example { file: usize, operation: usize, at: usize },
}

/// A file of the spec: its name, its text, and where its parts are.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub text: String,
    pub marks: Marks,
}

/// The files of a spec, `api.yaml` first.
#[must_use]
pub fn files(spec: &Spec) -> Vec<File> {
    let mut files = vec![files::api(&spec.api)];
    files.extend(spec.resources.iter().enumerate().map(|(at, it)| files::resource(at, it)));
    files
}

/// The operations and types of files with their places in the document.
#[must_use]
pub fn origins(spec: &Spec, files: &[File]) -> Vec<Origin> {
    let place = |mark: Mark| match mark {
        Mark::Operation { file, at } => Some(spec.resources.get(file)?.operations.get(at)?.place.clone()),
        Mark::Type { file: None, at } => Some(spec.api.types.get(at)?.place.clone()),
        Mark::Type { file: Some(file), at } => Some(spec.resources.get(file)?.types.get(at)?.place.clone()),
        _ => None,
    };
    let of = |file: &File| -> Vec<Origin> {
        let one = |&(start, end, mark): &(u32, u32, Mark)| {
            let place = place(mark)?;
            Some(Origin { file: file.name.clone(), start: start as usize, end: end as usize, place })
        };
        file.marks.iter().filter_map(one).collect()
    };
    files.iter().flat_map(of).collect()
}
