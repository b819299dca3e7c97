//! YAML trees into typed documents.
//!
//! One function per part of the language; each reports all faults of its part and goes on. Nothing here looks into
//! another file or knows what a name refers to: that is [`crate::resolve`]'s.

mod api;
mod argument;
mod condition;
mod credential;
pub mod document;
mod entry;
mod oauth2;
mod operation;
mod pages;
mod read;
mod resource;
mod response;
mod rule;
mod stream;
mod task;
mod type_expr;
mod types;
mod webhook;
mod xml;

use crate::diagnostics::Diagnostics;
use crate::yaml::Node;

use document::{ApiDocument, ResourceDocument};

/// Reads `api.yaml`.
pub fn api(node: &Node, out: &mut Diagnostics) -> Option<ApiDocument> {
    api::decode(node, out)
}

/// Reads a resource file.
pub fn resource(node: &Node, out: &mut Diagnostics) -> Option<ResourceDocument> {
    resource::decode(node, out)
}

/// An entry with nothing but its name.
pub(crate) fn blank_entry(name: document::Text, optional: bool) -> document::Entry {
    entry::blank_entry(name, optional)
}

/// Whether a text is a JSON pointer; reports it if not.
pub(crate) fn check_pointer(text: &document::Text, out: &mut Diagnostics) -> bool {
    api::check_pointer(text, out)
}

/// The value as text if it is one.
pub(crate) fn as_text(value: &document::Json) -> Option<document::Text> {
    entry::as_text(value)
}
