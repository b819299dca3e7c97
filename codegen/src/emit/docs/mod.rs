//! The Markdown reference of an API: `docs/README.md` and a page per resource.
//!
//! ```text
//! text_to_video: {body: {prompt: {type: string, required: true, max_length: 2500}}}
//! ```
//! becomes
//! ```text
//! | parameter | in | type | required | allowed |
//! |---|---|---|---|---|
//! | `prompt` | body | string | always | at most 2500 characters |
//! ```

mod examples;
mod fields;
mod operation;
mod overview;
mod pages;
#[cfg(test)]
mod tests;
mod types;
mod variants;
mod view;

use std::collections::BTreeMap;

pub(super) use overview::resource_lines;
pub(super) use pages::resource_lines as add_resource_lines;

use super::markdown::{block, heading, inline};
use super::{CachedFile, EmitCache, Files, markdown_marker};
use crate::digest::Digest;
use crate::model::{Api, Resource};
use crate::parallel;

/// All pages, by their path in the crate's folder.
#[must_use]
pub fn pages(api: &Api) -> BTreeMap<String, String> {
    pages_from(api, &EmitCache::default(), &[]).0.texts
}

/// As [`pages`], and those that `before` did not have. `from` has what the page of each resource is made from.
pub(super) fn pages_from(api: &Api, before: &EmitCache, from: &[Digest]) -> (Files, EmitCache) {
    let page = |(at, resource): &(usize, &Resource)| {
        let path = format!("docs/{}.md", resource.name);
        let from = from.get(*at).copied();
        let is_kept = from.is_some_and(|it| before.find(&path, it).is_some());
        let text = (!is_kept).then(|| pages::resource(&resource_view(api, resource)));
        (path, text, from)
    };
    let resources: Vec<_> = api.resources.iter().enumerate().collect();
    let (mut all, mut new) = (Files::default(), EmitCache::default());
    for (path, text, from) in parallel::map(&resources, page) {
        let Some(text) = text else {
            all.kept.insert(path);
            continue;
        };
        if let Some(from) = from {
            new.files.insert(path.clone(), CachedFile { from, foreign: false, text: Digest::of(text.as_bytes()) });
        }
        all.texts.insert(path, text);
    }
    all.texts.insert("docs/README.md".to_owned(), pages::overview(&overview::view(api)));
    (all, new)
}

fn resource_view(api: &Api, resource: &Resource) -> view::Resource {
    let operations = || resource.operations.iter().map(|it| api.operation(*it));
    view::Resource {
        marker: markdown_marker(api),
        title: heading(&resource.title),
        doc: block(&resource.doc),
        source: resource.source.as_deref().map(inline).unwrap_or_default(),
        index: overview::operations(api, resource, ""),
        operations: operations().map(|it| operation::view(api, it)).collect(),
        types: types::reachable_types(api, operations()).into_iter().map(|it| types::section(api, it)).collect(),
    }
}
