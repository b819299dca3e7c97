//! YAML text into a tree, with what is wrong with it as diagnostics. The crate `specwright-yaml` reads it.

#[cfg(test)]
mod tests;

pub(crate) use specwright_yaml::integer_to_json;
pub use specwright_yaml::{DEEPEST, Entry, Kind, MOST_BYTES, Node, Scalar, Style, Value, free, spans, to_json};

use crate::diagnostics::{self, Diagnostics};
use crate::source::FileId;

/// Reads a document. The tree is complete if `out` has no errors for this file; after a syntax error there is none.
///
/// `text` must be the file's text in the run's sources, as spans refer to it byte by byte.
pub fn parse<'t>(file: FileId, text: &'t str, out: &mut Diagnostics) -> Option<Node<'t>> {
    let mut faults = Vec::new();
    let root = specwright_yaml::parse(file, text, &mut faults);
    out.extend(faults.into_iter().map(diagnostics::yaml::of));
    root
}
