//! Text into trees: the document itself, and the files that it links to.

mod json;
mod swagger;
mod text;
mod tree;
mod workspace;
mod yaml;

use specwright_codegen::source::{FileId, Span};

pub use text::decode;
pub use tree::{Kind, Member, Node};
pub use workspace::{Cursor, Workspace};

/// How deep lists and mappings may nest.
const DEEPEST: usize = 192;
/// The most nodes of a document; aliases could make endlessly many.
const MOST_NODES: usize = 5_000_000;

/// What is wrong with a text, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is neither JSON nor YAML.
    Syntax {
        problem: String,
        span: Span,
    },
    /// The last one counts.
    DuplicateKey {
        key: String,
        span: Span,
    },
    /// An alias without an anchor; read as `null`.
    UnknownAlias {
        span: Span,
    },
    /// `yes`, `no`, `on` or `off`; read as text.
    Yaml11 {
        text: String,
        span: Span,
    },
    /// Only the first is read.
    SecondDocument,
    TooDeep {
        span: Span,
    },
    TooManyNodes {
        span: Span,
    },
}

/// The tree of a text: JSON if it is, else YAML.
fn parse(file: FileId, text: &str, faults: &mut Vec<Fault>) -> Option<Node> {
    let looks_like_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if looks_like_json {
        let mut found = Vec::new();
        if let Some(node) = json::parse(file, text, &mut found) {
            faults.extend(found);
            return Some(node);
        }
    }
    yaml::parse(file, text, faults)
}
