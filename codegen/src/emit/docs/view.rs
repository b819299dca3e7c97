//! The data of pages. Every field is already Markdown.

/// One page per resource.
pub(super) struct Resource {
    pub(super) marker: String,
    pub(super) title: String,
    pub(super) doc: String,
    pub(super) source: String,
    /// Table of its operations.
    pub(super) index: String,
    pub(super) operations: Vec<Operation>,
    pub(super) types: Vec<Section>,
}

pub(super) struct Operation {
    pub(super) heading: String,
    pub(super) summary: String,
    /// `POST /path`
    pub(super) request: String,
    pub(super) doc: String,
    /// Items of a list.
    pub(super) facts: Vec<String>,
    /// Table, then tables of enum values.
    pub(super) parameters: Vec<String>,
    pub(super) variants: Option<Variants>,
    pub(super) rules: Vec<String>,
    pub(super) answer: Vec<String>,
    /// Table of statuses that mean something here.
    pub(super) statuses: String,
    pub(super) examples: Vec<Example>,
    pub(super) refused: Vec<String>,
}

pub(super) struct Variants {
    pub(super) list: Vec<String>,
    pub(super) intro: String,
    pub(super) table: String,
}

pub(super) struct Example {
    pub(super) title: String,
    pub(super) source: String,
    /// Blocks, one after the other.
    pub(super) blocks: Vec<String>,
}

/// A heading, blocks, and sentences behind them.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) blocks: Vec<String>,
    pub(super) rules: Vec<String>,
}

/// The first page.
pub(super) struct Overview {
    pub(super) marker: String,
    pub(super) title: String,
    pub(super) doc: String,
    pub(super) source: String,
    pub(super) sections: Vec<Section>,
    pub(super) resources: Vec<ResourceLine>,
}

/// A resource and its operations in short.
pub(in crate::emit) struct ResourceLine {
    /// A link.
    pub(super) link: String,
    pub(super) doc: String,
    /// Table of operations.
    pub(super) operations: String,
}
