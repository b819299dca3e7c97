//! Edits of whole specs, one at a time, in both directions: `tests/edits` has a table for each kind.
//!
//! A row replaces pieces of text in a spec, and lists what `diff` says of it: the lines of [`crate::support::line`],
//! each once, in the order of the alphabet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use specwright_codegen::load::{self, Loaded};
use specwright_codegen::model::Api;
use specwright_codegen::pipeline;
use specwright_diff::{Class, Surface, compare_surfaces};

use crate::support::{check_evidence, line};

type Files = Vec<(String, String)>;

fn files(api: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let project = if root.join("spec").join(api).is_dir() { root } else { root.join("tests/project") };
    let loaded = load::load(&project, api).unwrap();
    let sources = loaded.files.iter().filter_map(|it| loaded.sources.get(*it));
    sources.map(|it| (it.path.clone(), it.text.clone())).collect()
}

#[track_caller]
fn edited(files: &Files, changes: &[Value], title: &str) -> Files {
    let mut files = files.clone();
    for change in changes {
        let word = |key: &str| change[key].as_str();
        let name = format!("/{}.yaml", word("file").unwrap());
        let (_, text) = files.iter_mut().find(|(path, _)| path.ends_with(&name)).unwrap();
        match (word("from"), word("to"), word("add")) {
            (Some(from), Some(to), None) => {
                assert!(text.contains(from), "{title}: no {from:?} in {name}");
                *text = text.replacen(from, to, 1);
            }
            (None, None, Some(more)) => text.push_str(more),
            _ => panic!("{title}: `from` and `to`, or `add`"),
        }
    }
    files
}

/// A spec whose name is another has another folder, as `diff` has it.
fn in_folder(files: &Files) -> Files {
    let of_api = files.iter().find(|(path, _)| path.ends_with("/api.yaml"));
    let name = of_api.and_then(|(_, text)| text.lines().find_map(|it| it.strip_prefix("api: "))).unwrap();
    let moved = |path: &str| format!("spec/{name}/{}", path.rsplit('/').next().unwrap());
    files.iter().map(|(path, text)| (moved(path), text.clone())).collect()
}

#[track_caller]
fn model(files: &Files, title: &str) -> Api {
    let mut loaded = Loaded::default();
    for (path, text) in in_folder(files) {
        let id = loaded.sources.add(path, text);
        loaded.files.push(id);
    }
    let (api, found) = pipeline::model(&loaded);
    api.unwrap_or_else(|| panic!("{title}: {:?}", found.into_sorted()))
}

#[track_caller]
fn check_table(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/edits/{table}.yaml"));
    let rows: Vec<Value> = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = String::new();
    let names: BTreeSet<&str> = rows.iter().map(|it| it["api"].as_str().unwrap()).collect();
    let models: BTreeMap<&str, (Files, Api)> = names
        .into_iter()
        .map(|api| {
            let files = files(api);
            let old = model(&files, api);
            (api, (files, old))
        })
        .collect();
    let specs: BTreeMap<&str, (&Files, &Api, Surface<'_>)> =
        models.iter().map(|(name, (files, old))| (*name, (files, old, Surface::new(old)))).collect();
    for row in &rows {
        let title = row["edit"].as_str().unwrap();
        let (before, old, of_old) = &specs[row["api"].as_str().unwrap()];
        let new = model(&edited(before, row["changes"].as_array().unwrap(), title), title);
        let of_new = Surface::new(&new);
        for (way, (was, of_was), (is, of_is)) in
            [("forth", (*old, of_old), (&new, &of_new)), ("back", (&new, &of_new), (*old, of_old))]
        {
            let diff = compare_surfaces(of_was, of_is);
            diff.changes.iter().for_each(|it| check_evidence(was, is, it));
            let found: BTreeSet<String> = diff.changes.iter().map(line).collect();
            let expected: BTreeSet<String> =
                row[way].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
            if found != expected {
                let words = diff.changes.iter().map(|it| format!("    {} -- {}\n", line(it), it.message));
                wrong.push_str(&format!("{title}, {way}: expected {expected:?}\n{}", words.collect::<String>()));
            }
            // Whatever breaks callers names what they wrote, if the spec has a crate.
            let nameless = diff.of_class(Class::Breaking).find(|it| it.rust.is_empty());
            let has_crate = diff.changes.iter().any(|it| !it.rust.is_empty());
            assert!(!has_crate || nameless.is_none(), "{title}, {way}: {nameless:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn of_the_api() {
    check_table("api");
}

#[test]
fn of_what_is_shared() {
    check_table("shared");
}

#[test]
fn of_operations() {
    check_table("operations");
}

#[test]
fn of_parameters() {
    check_table("parameters");
}

#[test]
fn of_types() {
    check_table("types");
}
