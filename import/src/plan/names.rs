//! Names of resources and operations, from tags and ids, or else from paths.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::naming;

use crate::openapi::Operation;
use crate::text::{singular, snake, snake_of_any_length};

/// Names of types that generated modules use themselves.
pub(super) fn is_reserved_type(name: &str) -> bool {
    naming::is_reserved_type(name)
}

/// The resource of an operation: its first tag, or the first word of its path.
pub(super) fn resource(operation: &Operation) -> String {
    let group = operation.extensions.iter().find(|(key, _)| {
        matches!(key.as_str(), "x-fern-sdk-group-name" | "x-speakeasy-group" | "x-speakeasy-name-group")
    });
    let group = group.and_then(|(_, value)| match value {
        serde_json::Value::String(text) => Some(text.replace('.', " ")),
        serde_json::Value::Array(parts) => {
            let parts: Vec<&str> = parts.iter().filter_map(|it| it.as_str()).collect();
            Some(parts.join(" "))
        }
        _ => None,
    });
    let tag = group.or_else(|| operation.tags.first().cloned()).map(|it| snake(&it)).filter(|it| !it.is_empty());
    // `Teapot API`: what else would it be?
    let tag = tag.map(|it| it.strip_suffix("_api").map(str::to_owned).unwrap_or(it));
    let name = tag.or_else(|| from_path(&operation.path)).unwrap_or_else(|| "root".to_owned());
    // `api.yaml` is the file that all resources share.
    if name == "api" { "general".to_owned() } else { name }
}

/// The first word of a path that is no version.
fn from_path(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let words = path.split('/').filter(|it| !it.is_empty() && !it.contains('{'));
    let mut words = words.map(snake).filter(|it| !it.is_empty() && it != "api" && !is_version(it));
    words.next()
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
}

/// A name in Rust for a resource whose own name a generated crate has already.
pub(super) fn resource_rust_name(name: &str) -> Option<String> {
    naming::is_reserved_resource(name).then(|| format!("{name}_api"))
}

/// The names of the operations of one resource.
pub(super) fn operations(resource: &str, operations: &[&Operation]) -> Vec<String> {
    let choices: Vec<Vec<String>> = operations.iter().map(|it| choices(resource, it)).collect();
    let most = choices.iter().map(Vec::len).max().unwrap_or_default();
    let mut names: Vec<Option<String>> = vec![None; operations.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for round in 0..most {
        // A name that two would take is nobody's, so that the order does not matter.
        let mut wanted: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, of) in choices.iter().enumerate().filter(|(at, _)| names[*at].is_none()) {
            if let Some(name) = of.get(round.min(of.len() - 1)) {
                wanted.entry(name).or_default().push(at);
            }
        }
        for (name, by) in wanted {
            if let ([only], false) = (by.as_slice(), taken.contains(name)) {
                names[*only] = Some(name.to_owned());
                taken.insert(name.to_owned());
            }
        }
    }
    let mut out = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let name = name.unwrap_or_else(|| {
            let base = choices[at].last().cloned().unwrap_or_else(|| "call".to_owned());
            let base: String = base.chars().take(60).collect::<String>().trim_end_matches('_').to_owned();
            let mut number = 2;
            let mut name = base.clone();
            while !taken.insert(name.clone()) {
                name = format!("{base}_{number}");
                number += 1;
            }
            name
        });
        out.push(name);
    }
    out
}

/// Names that an operation may have, the best first.
fn choices(resource: &str, operation: &Operation) -> Vec<String> {
    let mut choices = Vec::new();
    let given = operation
        .extensions
        .iter()
        .find(|(key, _)| matches!(key.as_str(), "x-fern-sdk-method-name" | "x-speakeasy-name-override"));
    choices.extend(given.and_then(|it| it.1.as_str()).map(snake));
    if let Some(id) = &operation.id {
        let id = snake(&without_path_suffix(&snake_of_any_length(id), operation));
        let short = without_resource(&id, resource);
        choices.extend(short);
        choices.push(id);
    }
    choices.extend(path_choices(resource, operation));
    choices.retain(|it| !it.is_empty());
    choices.dedup();
    if choices.is_empty() {
        choices.push(snake(&operation.method));
    }
    choices
}

/// `read_item_items_item_id_get`, as FastAPI makes ids, without what the path and the method say.
fn without_path_suffix(id: &str, operation: &Operation) -> String {
    let path = snake_of_any_length(&operation.path.replace(['{', '}'], ""));
    let suffix = format!("_{path}_{}", operation.method);
    match id.strip_suffix(&suffix) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => id.to_owned(),
    }
}

/// An id without the words of its resource: `list_pets` of `pets` is `list`.
fn without_resource(id: &str, resource: &str) -> Vec<String> {
    let words: Vec<&str> = id.split('_').collect();
    let of_resource: Vec<String> = resource.split('_').map(singular).collect();
    let mut found = Vec::new();
    let fits = |at: usize| {
        words
            .get(at..at + of_resource.len())
            .is_some_and(|it| it.iter().zip(&of_resource).all(|(a, b)| singular(a) == *b))
    };
    if let Some(at) = (0..words.len()).find(|it| fits(*it)) {
        let mut rest: Vec<&str> = words[..at].to_vec();
        rest.extend(&words[at + of_resource.len()..]);
        // `get_by_id` is `get` where nothing else is.
        if rest.len() > 2 && rest[rest.len() - 2] == "by" {
            found.push(rest[..rest.len() - 2].join("_"));
        }
        if !rest.is_empty() {
            found.push(rest.join("_"));
        }
    }
    found.retain(|it| !it.is_empty() && it.starts_with(|it: char| it.is_ascii_lowercase()));
    found
}

/// Names from the method and the path.
fn path_choices(resource: &str, operation: &Operation) -> Vec<String> {
    let path = operation.path.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let ends_with_parameter = segments.last().is_some_and(|it| it.contains('{'));
    let statics: Vec<String> = segments
        .iter()
        .filter(|it| !it.contains('{'))
        .map(|it| snake(it))
        .filter(|it| !it.is_empty() && it != "api" && !is_version(it))
        .collect();
    let of_resource = singular(resource);
    let rest: Vec<&str> = statics.iter().map(String::as_str).filter(|it| singular(it) != of_resource).collect();
    let method = operation.method.to_ascii_lowercase().replace('-', "_");
    let verb = match (method.as_str(), ends_with_parameter) {
        ("get", true) => "get",
        ("get", false) => {
            let last = statics.last().map_or("", String::as_str);
            if singular(last) == last { "get" } else { "list" }
        }
        ("post", _) => "create",
        ("put", _) => "replace",
        ("patch", _) => "update",
        (method, _) => method,
    };
    let with = |words: &[&str]| {
        let mut all = vec![verb];
        all.extend(words);
        cut(&all.join("_"))
    };
    let mut choices = Vec::new();
    // `POST /hooks/{id}/ping` that "Pings a hook" is no `create_ping`.
    let first_word = operation.summary.split_whitespace().next().map(snake).unwrap_or_default();
    let acts = |it: &&&str| {
        operation.method != "get" && !ends_with_parameter && !it.is_empty() && {
            let verb = it.split('_').next().unwrap_or_default();
            first_word == verb || [format!("{verb}s"), format!("{verb}es")].contains(&first_word)
        }
    };
    choices.extend(rest.last().filter(acts).map(|it| (*it).to_owned()));
    if rest.is_empty() {
        choices.push(verb.to_owned());
    } else {
        choices.push(with(&rest[rest.len() - 1..]));
        choices.push(with(&rest));
    }
    let parameters: Vec<String> =
        segments.iter().filter(|it| it.contains('{')).map(|it| snake(it)).filter(|it| !it.is_empty()).collect();
    let all: Vec<&str> = statics.iter().map(String::as_str).collect();
    choices.push(with(&all));
    if let Some(last) = parameters.last() {
        choices.push(cut(&format!("{}_by_{last}", with(&all))));
    }
    choices.push(cut(&format!("{method}_{}", snake(&operation.path))));
    choices
}

fn cut(name: &str) -> String {
    name.chars().take(64).collect::<String>().trim_end_matches('_').to_owned()
}
