//! Names of resources and operations, from tags and ids, or else from paths.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::naming;

use super::endpoints::anonymous;
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
    let tag = group.or_else(|| operation.tags.first().cloned()).map(|it| of_tag(&it)).filter(|it| !it.is_empty());
    let name = tag.or_else(|| from_path(&operation.path)).unwrap_or_else(|| "root".to_owned());
    // `api.yaml` is the file that all resources share.
    if name == "api" { "general".to_owned() } else { name }
}

/// What a tag calls its resource: `Teapot API` is `teapot`, and `Cross-Site Tea (CST)` is `cst`.
pub(super) fn of_tag(tag: &str) -> String {
    let name = snake(short_form(tag).unwrap_or(tag));
    // What else would it be?
    name.strip_suffix("_api").map(str::to_owned).unwrap_or(name)
}

/// The short form of a name that ends with it in brackets.
fn short_form(name: &str) -> Option<&str> {
    let (words, short) = name.trim().strip_suffix(')')?.split_once('(')?;
    let initials = words.split([' ', '-']).filter_map(|it| it.chars().next());
    let is_short = short.len() > 1 && short.chars().all(|it| it.is_ascii_uppercase());
    (is_short && initials.map(|it| it.to_ascii_uppercase()).eq(short.chars())).then_some(short)
}

/// The first word of a path that is no version.
fn from_path(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let words = path.split('/').filter(|it| !it.is_empty() && !it.contains('{'));
    let mut words = words.map(snake).filter(|it| !it.is_empty() && it != "api" && !is_version(it));
    words.next()
}

pub(super) fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
}

/// A name in Rust for a resource whose own name a generated crate has already.
pub(super) fn resource_rust_name(name: &str) -> Option<String> {
    naming::is_reserved_resource(name).then(|| format!("{name}_api"))
}

/// The names of the operations of one resource.
pub(super) fn operations(resource: &str, operations: &[&Operation]) -> Vec<String> {
    let mut choices: Vec<Vec<String>> = operations.iter().map(|it| choices(resource, it)).collect();
    drop_common_end(&mut choices);
    let most = choices.iter().map(Vec::len).max().unwrap_or_default();
    let mut names: Vec<Option<String>> = vec![None; operations.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for round in 0..most {
        // The order of the document does not matter.
        let mut wanted: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut chosen = Vec::new();
        for (at, of) in choices.iter().enumerate().filter(|(at, _)| names[*at].is_none()) {
            if let Some(name) = of.get(round.min(of.len() - 1)) {
                wanted.entry(name).or_default().push(at);
            }
        }
        for (name, by) in wanted.into_iter().filter(|it| !taken.contains(it.0)) {
            // Of several, the one with the shortest path; `delete` and the like are rather of one than of all.
            let is_of_one = matches!(name, "get" | "update" | "replace" | "delete");
            let depth = |at: &usize| {
                let path = operations[*at].path.trim_end_matches('/');
                (is_of_one && !path.ends_with('}'), path.matches('/').count())
            };
            let least = by.iter().map(depth).min();
            let mut shortest: Vec<&usize> = by.iter().filter(|it| Some(depth(it)) == least).collect();
            // Those of one method and path are mostly one operation in the end.
            let endpoint = |at: &usize| (&operations[*at].method, anonymous(&operations[*at].path));
            shortest.dedup_by_key(|it| endpoint(it));
            if let [only] = shortest.as_slice() {
                names[**only] = Some(name.to_owned());
                chosen.push(name.to_owned());
            }
        }
        taken.extend(chosen);
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

/// The fewest operations whose names may have an end in common by chance.
const FEWEST: usize = 3;

/// Words that all names end with say nothing: `list_special`, `get_special` and `delete_special`.
fn drop_common_end(choices: &mut [Vec<String>]) {
    let firsts: Vec<Vec<&str>> = choices.iter().filter_map(|it| Some(it.first()?.split('_').collect())).collect();
    let Some((first, others)) = firsts.split_first().filter(|it| it.1.len() + 1 >= FEWEST) else { return };
    let in_common = |other: &Vec<&str>| {
        let count = first.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| singular(a) == singular(b)).count();
        count.min(other.len() - 1)
    };
    let count = others.iter().map(in_common).min().unwrap_or_default().min(first.len() - 1);
    if count == 0 {
        return;
    }
    let shorter: Vec<String> = firsts.iter().map(|it| it[..it.len() - count].join("_")).collect();
    for (of, name) in choices.iter_mut().zip(shorter) {
        of.insert(0, name);
    }
}

/// Names that an operation may have, the best first.
fn choices(resource: &str, operation: &Operation) -> Vec<String> {
    let mut choices = Vec::new();
    let given = operation
        .extensions
        .iter()
        .find(|(key, _)| matches!(key.as_str(), "x-fern-sdk-method-name" | "x-speakeasy-name-override"));
    choices.extend(given.and_then(|it| it.1.as_str()).map(snake));
    let mut last = None;
    if let Some(id) = &operation.id
        && says_only_path(id, operation)
    {
        last = Some(snake(id));
    } else if let Some(id) = &operation.id {
        let id = snake(&without_path_suffix(&snake_of_any_length(id), operation));
        let mut short = without_resource(&id, resource);
        // The name of a method is no verb.
        if let [only] = short.as_mut_slice() {
            *only = match only.as_str() {
                "del" | "remove" if operation.method == "delete" => "delete".to_owned(),
                "put" => "replace".to_owned(),
                "post" => "create".to_owned(),
                "patch" => "update".to_owned(),
                _ => std::mem::take(only),
            };
        }
        // `get_pets` brings all of them, if `get_pet` brings one.
        let is_list = short == ["get"]
            && operation.method == "get"
            && !operation.path.trim_end_matches('/').ends_with('}')
            && id.rsplit('_').next().is_some_and(|it| singular(it) != it || is_list_of(operation));
        choices.extend(is_list.then(|| "list".to_owned()));
        choices.extend(short);
        if singular(&id) == singular(resource) {
            // `event` among the events is no verb.
            last = Some(id);
        } else {
            choices.push(id);
        }
    }
    choices.extend(super::path_names::choices(resource, operation));
    choices.extend(last);
    choices.retain(|it| !it.is_empty());
    choices.dedup();
    if choices.is_empty() {
        choices.push(snake(&operation.method));
    }
    choices
}

/// Whether an operation says that it lists something.
fn is_list_of(operation: &Operation) -> bool {
    let said = [&operation.summary, &operation.description].into_iter().find(|it| !it.trim().is_empty());
    let first = said.and_then(|it| it.split_whitespace().next()).unwrap_or_default();
    first.eq_ignore_ascii_case("list") || first.eq_ignore_ascii_case("lists")
}

/// Whether an id is nothing but the method and the path: `GetPotsPotLids` of `GET /v1/pots/{pot}/lids`.
fn says_only_path(id: &str, operation: &Operation) -> bool {
    let letters = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect::<String>()
    };
    let id = letters(id);
    let words = || operation.path.split('/').filter(|it| !it.is_empty());
    let whole: String = words().map(letters).collect();
    let plain: String = words().map(letters).filter(|it| it != "api" && !is_version(it)).collect();
    let method = operation.method.to_ascii_lowercase();
    [whole, plain].iter().any(|it| id == format!("{method}{it}") || id == format!("{it}{method}"))
}

/// `read_item_items_item_id_get`, as FastAPI makes ids, without what the path and the method say.
fn without_path_suffix(id: &str, operation: &Operation) -> String {
    let path = snake_of_any_length(&operation.path.replace(['{', '}'], ""));
    let suffix = match path.as_str() {
        "" => format!("_{}", operation.method),
        path => format!("_{path}_{}", operation.method),
    };
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
