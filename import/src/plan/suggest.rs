//! What is worth adding by hand, guessed from names alone. So it is written as comments, which a person switches on.

use std::collections::BTreeMap;

use crate::spec::{Entry, Kind, Operation, Response, Spec};

const ITEMS: [&str; 6] = ["data", "items", "results", "value", "records", "entries"];
const CURSORS: [&str; 9] = [
    "cursor",
    "after",
    "page_token",
    "pageToken",
    "next_token",
    "nextToken",
    "continuation_token",
    "starting_after",
    "after_id",
];
const NEXT: [&str; 8] =
    ["next_cursor", "nextCursor", "next_page_token", "nextPageToken", "next_token", "nextToken", "cursor", "last_id"];
const SIZES: [&str; 8] = ["limit", "per_page", "perPage", "page_size", "pageSize", "size", "count", "maxResults"];
const MESSAGES: [&str; 6] = ["message", "detail", "error_description", "errorMessage", "description", "error"];
const CODES: [&str; 4] = ["code", "error_code", "errorCode", "type"];

/// Adds comments where names suggest more than the document says.
pub(super) fn suggest(spec: &mut Spec) {
    let mut records: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let all = spec.resources.iter().flat_map(|it| &it.types).chain(&spec.api.types);
    for ty in all {
        if let Kind::Record { fields, .. } = &ty.kind {
            records.insert(ty.name.clone(), fields.clone());
        }
    }
    if let Some(fields) = spec.api.error_type.as_ref().and_then(|it| records.get(it)) {
        let mut lines = Vec::new();
        for (key, names) in [("message", &MESSAGES[..]), ("code", &CODES[..])] {
            let place = names.iter().find_map(|name| text_at(fields, name, &records));
            lines.extend(place.map(|it| format!("{key}: {it}")));
        }
        if !lines.is_empty() {
            spec.api.error_suggestions = lines;
        }
    }
    let shared: BTreeMap<String, Entry> = spec.api.parameters.iter().map(|it| (it.name.clone(), it.clone())).collect();
    for file in &mut spec.resources {
        let mut known = shared.clone();
        known.extend(file.parameters.iter().map(|it| (it.name.clone(), it.clone())));
        let is_unsaid = |it: &Operation| it.pages.is_none() && it.comments.is_empty();
        for operation in file.operations.iter_mut().filter(|it| it.method == "get" && is_unsaid(it)) {
            operation.comments = pages(operation, &records, &known).into_iter().collect();
        }
    }
}

/// The place of a text with this name: in the record, or in one that it has under `error`.
fn text_at(fields: &[Entry], name: &str, records: &BTreeMap<String, Vec<Entry>>) -> Option<String> {
    if fields.iter().any(|it| it.name == name && it.ty == "string") {
        return Some(format!("/{name}"));
    }
    let error = fields.iter().find(|it| it.name == "error")?;
    let inner = records.get(&error.ty)?;
    inner.iter().any(|it| it.name == name && it.ty == "string").then(|| format!("/error/{name}"))
}

fn pages(
    operation: &Operation,
    records: &BTreeMap<String, Vec<Entry>>,
    known: &BTreeMap<String, Entry>,
) -> Option<String> {
    let fields: &[Entry] = match &operation.response {
        Response::Record(fields) => fields,
        Response::Type(ty) if ty.starts_with('[') => &[],
        Response::Type(ty) => records.get(ty)?,
        _ => return None,
    };
    let is_list = matches!(&operation.response, Response::Type(ty) if ty.starts_with('['));
    let lists: Vec<&Entry> = fields.iter().filter(|it| it.ty.starts_with('[')).collect();
    let items = ITEMS.iter().find_map(|name| lists.iter().find(|it| it.name == *name)).or(match lists.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let mut parts: Vec<String> = items.map(|it| format!("items: /{}", it.name)).into_iter().collect();
    if items.is_none() && !is_list {
        return None;
    }
    let parameter = |names: &'static [&'static str], types: &'static [&'static str]| {
        names.iter().find_map(|name| {
            let entry = operation.query.iter().find(|it| it.name == *name)?;
            let entry = entry.shared.as_ref().and_then(|it| known.get(it)).unwrap_or(entry);
            types.contains(&entry.ty.as_str()).then_some(*name)
        })
    };
    let field = |names: &[&str], ty: &str| {
        names.iter().find_map(|name| fields.iter().find(|it| it.name == *name && it.ty == ty)).map(|it| it.name.clone())
    };
    let more = field(&["has_more", "hasMore", "has_next", "hasNext"], "boolean");
    if let Some(cursor) = parameter(&CURSORS, &["string"]) {
        let from = field(&NEXT, "string");
        match (from, &more) {
            (Some(from), _) => parts.push(format!("cursor: {{parameter: {cursor}, from: /{from}}}")),
            (None, Some(_)) => parts.push(format!("cursor: {{parameter: {cursor}, last_item: /id}}")),
            (None, None) => return None,
        }
        parts.extend(more.map(|it| format!("while: /{it}")));
    } else if let Some(offset) = parameter(&["offset", "skip", "start"], &["integer"]) {
        parts.push(format!("offset: {offset}"));
    } else if let Some(page) = parameter(&["page", "page_number", "pageNumber"], &["integer"]) {
        parts.push(format!("page: {page}"));
    } else {
        return None;
    }
    parts.extend(parameter(&SIZES, &["integer"]).map(|it| format!("size: {it}")));
    Some(format!("pages: {{{}}}", parts.join(", ")))
}
