//! What [`parse`] accepts, rejects and says.
#![allow(clippy::unwrap_used)]

mod faults;
mod fuzz;
mod messages;
#[path = "../../../../yaml/src/tests/soup.rs"]
mod soup;
mod trees;

use super::*;
use crate::diagnostics::{Diagnostic, render};
use crate::source::Sources;

/// A document in a run of its own.
fn read(yaml: &str) -> (Sources, Option<Node<'_>>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("spec.yaml", yaml);
    let mut out = Diagnostics::new();
    let node = parse(file, yaml, &mut out);
    (sources, node, out.into_sorted())
}

/// Everything said about a document, as a person sees it.
fn said(yaml: &str) -> String {
    let (sources, _, diagnostics) = read(yaml);
    let rendered: Vec<String> = diagnostics.iter().map(|it| render::human(&sources, it, false)).collect();
    rendered.join("\n\n")
}

/// The tree of a document without faults.
#[track_caller]
fn tree(yaml: &str) -> Node<'_> {
    let (_, node, diagnostics) = read(yaml);
    assert!(diagnostics.is_empty(), "{}", said(yaml));
    node.unwrap()
}
