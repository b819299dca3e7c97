//! Spec files as text: short forms where they fit on a line, blocks of text, and nothing that need not be said.

mod entry;
mod files;
mod operation;
mod scalar;
mod tree;
mod types;

use crate::spec::Spec;

pub use tree::Marks;

/// A part of the spec, so that what the compiler says of a place can be told of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    Type { file: Option<usize>, at: usize },
    Field { file: Option<usize>, ty: usize, at: usize },
    Shared { file: Option<usize>, at: usize },
    Header { at: usize },
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
