//! A resource file.

use super::document::ResourceDocument;
use super::read::{self, Map};
use super::{api, credential, entry, operation, response, task, types};
use crate::diagnostics::{Diagnostics, decode};
use crate::yaml::Node;

/// The most operations of a resource.
const MOST_OPERATIONS: usize = 4096;

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<ResourceDocument> {
    let mut map = Map::of(node, "a resource", out)?;
    let mut document = ResourceDocument {
        resource: map.need_text("resource", out),
        title: map.need_prose("title", out).map(|it| it.value).unwrap_or_default(),
        doc: map.need_prose("doc", out).map(|it| it.value).unwrap_or_default(),
        source: map.prose("source", out),
        rust: map.text("rust", out),
        server: map.text("server", out),
        auth: map.take("auth").map(|it| credential::auth(it, out)),
        idempotency: map.take("idempotency").and_then(|it| read::idempotency(it, out)),
        accept: map.take("accept").and_then(|it| response::accept(it, out)),
        statuses: map.take("statuses").map(|it| api::statuses(it, out)).unwrap_or_default(),
        tasks: map.take("tasks").and_then(|it| task::defaults(it, out)).unwrap_or_default(),
        styles: map.take("styles").map(|it| entry::styles(it, out)).unwrap_or_default(),
        parameters: map.take("parameters").map(|it| entry::parameters(it, out)).unwrap_or_default(),
        types: map.take("types").map(|it| types::decode(it, out)).unwrap_or_default(),
        operations: Vec::new(),
    };
    if let Some(node) = map.require("operations", out) {
        let entries = read::entries(node, "operations", out).unwrap_or_default();
        if entries.is_empty() && node.as_map().is_some() {
            out.push(decode::empty("operations", node.span));
        }
        if entries.len() > MOST_OPERATIONS {
            out.push(decode::too_many("operations", entries.len(), MOST_OPERATIONS, node.span));
        }
        let read = entries.iter().take(MOST_OPERATIONS);
        document.operations = read.filter_map(|it| operation::decode(it, out)).collect();
    }
    map.finish(out);
    Some(document)
}
