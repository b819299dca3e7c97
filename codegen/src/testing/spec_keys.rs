//! `docs/spec-keys.md` against the compiler: every key has a section, every piece of spec compiles, and what a section
//! shows comes out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{API, compile, root};
use crate::diagnostics::Code;
use crate::{check, emit, pipeline};

/// A section: the keys of its heading, its spec, and what it shows.
struct Section<'a> {
    chapter: &'a str,
    title: &'a str,
    spec: &'a str,
    shown: Vec<&'a str>,
}

fn sections(page: &str) -> Vec<Section<'_>> {
    let mut found = Vec::new();
    for chapter in page.split("\n## ").skip(1) {
        let name = chapter.lines().next().unwrap_or_default();
        for section in chapter.split("\n### ").skip(1) {
            let title = section.lines().next().unwrap_or_default();
            let mut blocks = section.split("\n```").skip(1).step_by(2);
            let spec = blocks.next().and_then(|it| it.strip_prefix("yaml\n"));
            let spec = spec.unwrap_or_else(|| panic!("`{title}` begins with a piece of spec"));
            let shown = blocks.filter_map(|it| it.split_once('\n')).map(|(_, text)| text).collect();
            found.push(Section { chapter: name, title, spec, shown });
        }
    }
    found
}

fn has(text: &str, key: &str) -> bool {
    text.lines().any(|it| it.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
}

/// The lines of `defaults` whose keys `text` does not have, with all that is indented below them.
fn missing(text: &str, defaults: &str) -> String {
    let mut wanted = true;
    let lines = defaults.lines().filter(|line| {
        if !line.starts_with(' ') {
            wanted = !has(text, line.split(':').next().unwrap_or_default());
        }
        wanted
    });
    lines.map(|it| format!("{it}\n")).collect()
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|it| format!("{:by$}{it}\n", "")).collect()
}

/// `api.yaml` and the resource file that a piece of spec is part of.
fn files(section: &Section<'_>) -> (String, String) {
    let spec = format!("{}\n", section.spec);
    let head = "resource: x\ntitle: X\ndoc: X.\n";
    let methods = ["get", "post", "put", "patch", "delete", "head", "options", "PROPFIND"];
    let resource = |operation: &str| format!("{head}operations:\n  run:\n{}", indented(operation, 4));
    let run = "post: /run\nsummary: Run it.\nbody: {a: string}\nresponse: none\n";
    if section.chapter == "The API" {
        return (format!("{spec}{}", missing(&spec, API)), resource(run));
    }
    let file = if methods.iter().any(|it| has(&spec, it)) {
        resource(&format!("{spec}{}", missing(&spec, "summary: Run it.\n")))
    } else if has(&spec, "types") && !has(&spec, "operations") {
        let first = spec.lines().nth(1).unwrap_or_default().trim().trim_end_matches(':');
        format!("{}{spec}", resource(&format!("post: /run\nsummary: Run it.\nbody: {{a: {first}}}\nresponse: none\n")))
    } else if has(&spec, "operations") || has(&spec, "resource") {
        let run = format!("{head}operations:\n  run:\n{}", indented(run, 4));
        format!("{spec}{}", missing(&spec, &run))
    } else {
        resource(&format!("post: /run\nsummary: Run it.\nresponse: none\nbody:\n{}", indented(&spec, 2)))
    };
    (API.to_owned(), file)
}

fn page() -> String {
    let path = root().join("docs/spec-keys.md");
    fs::read_to_string(path).expect("the page")
}

/// Without white space and the signs of comments, which the printer decides.
fn flat(text: &str) -> String {
    text.split_whitespace().filter(|it| *it != "///" && *it != "//!").collect()
}

#[test]
fn what_the_page_shows_comes_out() {
    let mut lies = Vec::new();
    for section in sections(&page()) {
        let (api, resource) = files(&section);
        let compiled = compile(&[("api.yaml", &api), ("x.yaml", &resource)]);
        let Some(model) = &compiled.api else {
            lies.push(format!("{}\n{}", section.title, compiled.rendered()));
            continue;
        };
        lies.extend(compiled.diagnostics.iter().map(|it| format!("{}: {} {}", section.title, it.code, it.message)));
        let found = check::check(model).into_sorted();
        lies.extend(found.iter().map(|it| format!("{}: {} {}", section.title, it.code, it.message)));
        let mut out: String = emit::docs::pages(model).into_values().collect();
        match pipeline::crate_files(model) {
            Ok(files) => out.extend(files.into_values()),
            // What has no Rust yet has a reference.
            Err(found) => {
                let other = found.iter().filter(|it| it.code != Code::NotGenerated);
                lies.extend(other.map(|it| format!("{}: {} {}", section.title, it.code, it.message)));
            }
        }
        let out = flat(&out);
        for shown in section.shown.iter().filter(|it| !out.contains(&flat(it))) {
            lies.push(format!("{} does not give\n{shown}", section.title));
        }
    }
    assert!(lies.is_empty(), "{}", lies.join("\n\n"));
}

/// The texts of all files in a folder and its folders.
fn source_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder").map(|it| it.expect("an entry").path());
    let texts = |path: PathBuf| match path.is_dir() {
        true => source_files(&path),
        false => vec![fs::read_to_string(path).expect("a source file")],
    };
    entries.flat_map(texts).collect()
}

/// The keys that the readers of `syntax` ask for.
fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for text in source_files(&root().join("language/src/syntax")) {
        for asks in [
            "take",
            "need",
            "text",
            "need_text",
            "prose",
            "need_prose",
            "field_name",
            "need_field_name",
            "flag",
            "whole",
            "word",
            "entry",
        ] {
            let call = format!(".{asks}(\"");
            let calls = text.split(&call).skip(1);
            keys.extend(calls.filter_map(|it| it.split_once('"')).map(|(key, _)| key.to_owned()));
        }
    }
    keys
}

#[test]
fn every_key_has_a_section() {
    let page = page();
    let titles: String = sections(&page).iter().map(|it| format!("{}\n", it.title)).collect();
    let missing: Vec<_> = keys().into_iter().filter(|it| !titles.contains(&format!("`{it}`"))).collect();
    assert!(missing.is_empty(), "no section of docs/spec-keys.md is about {missing:?}");
}
