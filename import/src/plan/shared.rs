//! Parameters that several operations have: said once, under `headers` of the API or `parameters` of a file.

use std::collections::BTreeMap;

use crate::spec::{Entry, Operation, Response, Spec};
use crate::text;

/// An entry that is shorter than this is written where it is used, unless many use it.
const SHORT: usize = 48;
/// An entry that is shorter than this is always written where it is used.
const SHORTEST: usize = 24;
/// So many uses are many.
const MANY: usize = 4;

/// Says the media type of responses in JSON once, if no response has another one.
pub(super) fn accept(spec: &mut Spec) {
    let is_json = |it: &&mut Operation| {
        matches!(it.response, Response::Type(_) | Response::Record(_) | Response::Nullable(_) | Response::ByStatus(_))
    };
    let mut all: Vec<&mut Operation> =
        spec.resources.iter_mut().flat_map(|it| &mut it.operations).filter(is_json).collect();
    let Some(first) = all.first().map(|it| it.accept.clone()) else { return };
    if all.len() > 1 && all.iter().all(|it| it.accept == first) {
        all.iter_mut().for_each(|it| it.accept.clear());
        spec.api.accept = first;
    }
}

/// Moves what is shared to where it is said once.
pub(super) fn share_parameters(spec: &mut Spec) {
    share_headers(spec);
    share_query(spec);
    // Across files first, so that a file only has what no other has.
    let mut of_all: BTreeMap<String, BTreeMap<String, (Entry, usize, usize)>> = BTreeMap::new();
    for file in &spec.resources {
        let mut seen = std::collections::BTreeSet::new();
        for entry in file.operations.iter().flat_map(parameters) {
            if let Some((key, entry)) = shareable(entry) {
                let of_name = of_all.entry(entry.name.clone()).or_default();
                let found = of_name.entry(key.clone()).or_insert((entry, 0, 0));
                found.1 += 1;
                found.2 += usize::from(seen.insert(key));
            }
        }
    }
    let mut by_api: BTreeMap<String, String> = BTreeMap::new();
    for (name, variants) in &of_all {
        let is_worth = |it: &(Entry, usize, usize)| it.2 > 1 && (it.1 >= MANY || length(&it.0) >= SHORT);
        let best = variants.iter().filter(|(_, it)| is_worth(it)).max_by_key(|(_, it)| it.1);
        if let Some((key, (entry, ..))) = best {
            let called = text::snake(name);
            if called.is_empty() || spec.api.parameters.iter().any(|it| it.name == called) {
                continue;
            }
            spec.api.parameters.push(Entry { name: called.clone(), ..entry.clone() });
            by_api.insert(key.clone(), called);
        }
    }
    for file in &mut spec.resources {
        let mut counts: BTreeMap<String, BTreeMap<String, (Entry, usize)>> = BTreeMap::new();
        for entry in file.operations.iter().flat_map(parameters) {
            if let Some((key, entry)) = shareable(entry)
                && !by_api.contains_key(&key)
            {
                counts.entry(entry.name.clone()).or_default().entry(key).or_insert((entry, 0)).1 += 1;
            }
        }
        let mut by_file = by_api.clone();
        for (name, variants) in counts {
            let is_worth = |it: &(Entry, usize)| it.1 > 1 && (it.1 >= MANY || length(&it.0) >= SHORT);
            let best = variants.into_iter().filter(|(_, it)| is_worth(it)).max_by_key(|(_, it)| it.1);
            let called = text::snake(&name);
            let taken = |it: &str| by_file.values().any(|other| other == it);
            if let Some((key, (entry, _))) = best
                && !called.is_empty()
                && !taken(&called)
                && !spec.api.parameters.iter().any(|it| it.name == called)
            {
                file.parameters.push(Entry { name: called.clone(), ..entry });
                by_file.insert(key, called);
            }
        }
        for operation in &mut file.operations {
            for entry in operation.parameters_mut() {
                let Some((key, _)) = shareable(entry) else { continue };
                if let Some(shared) = by_file.get(&key) {
                    *entry = Entry {
                        name: entry.name.clone(),
                        alias: entry.alias.clone(),
                        rust: entry.rust.clone(),
                        required: entry.required,
                        shared: Some(shared.clone()),
                        ..Entry::default()
                    };
                }
            }
        }
    }
}

/// Headers that every operation has in the same way.
fn share_headers(spec: &mut Spec) {
    let operations = || spec.resources.iter().flat_map(|it| &it.operations);
    let count = operations().count();
    if count < 2 {
        return;
    }
    let Some(first) = operations().next() else { return };
    let everywhere: Vec<Entry> = first
        .headers
        .iter()
        .filter(|it| it.alias.is_none() && operations().all(|other| other.headers.contains(it)))
        .cloned()
        .collect();
    for operation in spec.resources.iter_mut().flat_map(|it| &mut it.operations) {
        operation.headers.retain(|it| !everywhere.contains(it));
    }
    spec.api.headers = everywhere;
}

/// The fewest operations of an API whose common query parameters are worth setting once.
const FEWEST: usize = 6;
/// What each call has a value of its own for, even if every operation has it.
const OF_CALLS: [&str; 16] = [
    "page",
    "per_page",
    "perpage",
    "page_size",
    "pagesize",
    "limit",
    "offset",
    "skip",
    "start",
    "count",
    "cursor",
    "size",
    "sort",
    "order",
    "q",
    "search",
];

/// Query parameters that every operation has in the same way, such as a version or a key: callers set them once.
fn share_query(spec: &mut Spec) {
    let operations = || spec.resources.iter().flat_map(|it| &it.operations);
    if operations().count() < FEWEST {
        return;
    }
    let is_named = |operation: &Operation, name: &str| {
        let of_pages = operation.pages.iter().chain(&operation.comments).any(|it| it.contains(name));
        let of_stream = operation.stream.as_ref().is_some_and(|it| it.when.as_deref() == Some(name));
        of_pages || of_stream || operation.rules.iter().any(|it| it.names.iter().any(|it| it == name))
    };
    let is_one_value = |it: &Entry| {
        let is_word =
            matches!(it.ty.as_str(), "" | "string" | "integer" | "int32" | "uint32" | "uint64" | "number" | "boolean");
        is_word && it.style.is_none() && it.alias.is_none() && it.constant.is_none() && it.default.is_none()
    };
    let Some(first) = operations().next() else { return };
    let fits = |it: &&Entry| {
        is_one_value(it)
            && !OF_CALLS.contains(&it.name.to_ascii_lowercase().as_str())
            && operations().all(|other| other.query.contains(it) && !is_named(other, &it.name))
    };
    let everywhere: Vec<Entry> = first.query.iter().filter(fits).cloned().collect();
    for operation in spec.resources.iter_mut().flat_map(|it| &mut it.operations) {
        operation.query.retain(|it| !everywhere.contains(it));
    }
    spec.api.client_query = everywhere;
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Entry> {
    operation
        .path_parameters
        .iter()
        .chain(&operation.query)
        .chain(&operation.headers)
        .chain(&operation.cookies)
        .chain(&operation.body)
}

/// What is shared of an entry, and its key; nothing if it is too short for that.
fn shareable(entry: &Entry) -> Option<(String, Entry)> {
    let bare = Entry { required: false, alias: None, rust: None, ..entry.clone() };
    let key = format!("{bare:?}");
    let is_whole = entry.name == super::body::WHOLE;
    (length(&bare) >= SHORTEST && bare.shared.is_none() && !is_whole).then_some((key, bare))
}

/// About how many characters an entry has.
fn length(entry: &Entry) -> usize {
    entry.doc.len()
        + entry.ty.len()
        + entry.limits.iter().map(|it| 12 + it.1.as_str().map_or(0, str::len)).sum::<usize>()
        + entry.unclear.len() * 20
        + entry.values.as_ref().map_or(0, |it| it.list.len() * 8)
}
