//! Tests random specs through all stages: no panic, the same bytes every time, Rust that parses, and valid Markdown.
//!
//! `spec` builds them from the whole language, and `matrix` puts every form of type into every place. Both use the names
//! of `names` and the texts of `words`. Rust that parses does not always compile, so with `RUN_SLOW_TESTS` crates are
//! compiled and documented without warnings.

mod answers;
mod matrix;
mod names;
mod rules;
mod spec;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use specwright_codegen::diagnostics::Severity;
use specwright_codegen::{check, pipeline};
use specwright_test_specs as testing;

use crate::files::root;

/// The number of tested specs.
const SPECS: u64 = 100;
/// The number of compiled crates, and of turns of the matrix, in slow tests.
const COMPILED: usize = 60;
const TURNS: usize = 6;

/// The files of a crate, by path.
type Files = BTreeMap<String, String>;

/// The output of a spec. `None` if it has errors.
fn crate_of(files: &[(String, String)]) -> Result<Files, String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let compiled = testing::compile(&files);
    let Some(api) = &compiled.api else { return Err(compiled.short()) };
    let found = check::check(api);
    if found.has_errors() {
        return Err(found.into_sorted().iter().map(|it| format!("{} {}\n", it.code.as_str(), it.message)).collect());
    }
    pipeline::crate_files(api).map_err(|found| {
        found.into_sorted().iter().map(|it| format!("{} {}\n", it.code.as_str(), it.message)).collect()
    })
}

/// A diagnostic of a spec: its places, by file and byte, and its text.
struct Fault {
    places: Vec<(String, usize)>,
    message: String,
}

/// The errors with which the compiler refuses a spec.
fn faults(files: &[(String, String)]) -> Vec<Fault> {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let compiled = testing::compile(&files);
    let found = match &compiled.api {
        Some(api) => check::check(api).into_sorted(),
        None => compiled.diagnostics,
    };
    let path = |file| compiled.sources.get(file).map(|it| it.path.clone()).unwrap_or_default();
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors
        .map(|it| Fault {
            places: it
                .related
                .iter()
                .chain([&it.primary])
                .map(|it| (path(it.span.file), it.span.start as usize))
                .collect(),
            message: format!("{} {}", it.code, it.message),
        })
        .collect()
}

#[test]
fn every_form_in_every_place_gives_a_valid_crate() {
    let turns = if env::var_os("RUN_SLOW_TESTS").is_some() { TURNS } else { 1 };
    for turn in 0..turns {
        let files: Vec<(String, String)> = matrix::files(turn).into_iter().collect();
        let made = crate_of(&files).unwrap_or_else(|why| panic!("turn {turn}: {why}"));
        is_sound(turn as u64, &made);
    }
}

fn is_sound(seed: u64, files: &Files) {
    for (path, text) in files {
        match path.rsplit_once('.').map(|it| it.1) {
            Some("rs") => is_sound_rust(seed, path, text),
            Some("md") => is_sound_markdown(seed, path, text),
            _ => {}
        }
    }
}

#[test]
fn every_spec_is_refused_or_gives_a_valid_crate() {
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut accepted = 0;
    let mut missing = vec![
        "\"read_only\"",
        "\"write_only\"",
        "\"style\"",
        "\"styles\"",
        "\"form\"",
        "\"multipart\"",
        "\"binary\"",
        "\"$body\"",
        "\"one_of\":[\"map<integer>\"",
        "\"any_of\"",
        ",url]",
        "\"not\":{\"enum\"",
        "\"not\":{\"pattern\"",
    ];
    for seed in 0..SPECS {
        let mut files = spec::files(seed);
        let first = crate_of(&files);
        files.reverse();
        let again = crate_of(&files);
        match (first, again) {
            (Ok(first), Ok(again)) => {
                assert_eq!(first, again, "seed {seed}: the order of the files changes the output");
                accepted += 1;
                missing.retain(|it| !files.iter().any(|(_, text)| text.replace(char::is_whitespace, "").contains(it)));
                is_sound(seed, &first);
            }
            (Err(why), Err(_)) => {
                for line in why.lines().take(1) {
                    *refused.entry(line.split_once("SW").map_or(line, |it| it.1).to_owned()).or_default() += 1;
                }
            }
            (first, again) => panic!("seed {seed}: accepted in one order of files only: {first:?} {again:?}"),
        }
    }
    assert!(missing.is_empty(), "no accepted spec has {missing:?}");
    assert!(accepted * 3 > SPECS, "{accepted} of {SPECS} accepted; refused: {refused:#?}");
}

/// Checks that it parses, and that no name occurs twice in one scope.
fn is_sound_rust(seed: u64, path: &str, text: &str) {
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("seed {seed}, {path}: {error}\n{text}"));
    let unique = |what: &str, names: Vec<String>| {
        let mut seen = BTreeSet::new();
        for name in names {
            assert!(seen.insert(name.clone()), "seed {seed}, {path}: `{name}` occurs twice among {what}");
        }
    };
    let mut items = Vec::new();
    for item in &file.items {
        match item {
            syn::Item::Struct(it) => {
                items.push(it.ident.to_string());
                let fields = it.fields.iter().filter_map(|it| it.ident.as_ref()).map(ToString::to_string);
                unique(&it.ident.to_string(), fields.collect());
            }
            syn::Item::Enum(it) => {
                items.push(it.ident.to_string());
                unique(&it.ident.to_string(), it.variants.iter().map(|it| it.ident.to_string()).collect());
            }
            syn::Item::Impl(it) if it.trait_.is_none() => {
                let functions = it.items.iter().filter_map(|it| match it {
                    syn::ImplItem::Fn(it) => Some(it.sig.ident.to_string()),
                    _ => None,
                });
                unique("methods", functions.collect());
            }
            _ => {}
        }
    }
    unique("items", items);
}

/// Checks that fences are closed, that tables keep their columns, and that there are no HTML tags outside code.
fn is_sound_markdown(seed: u64, path: &str, text: &str) {
    let mut fence: Option<String> = None;
    let mut columns = 0;
    for line in text.lines() {
        let marks: String = line.trim_start().chars().take_while(|it| *it == '`').collect();
        if let Some(open) = &fence {
            if marks.len() >= open.len() && line.trim() == marks {
                fence = None;
            }
            continue;
        }
        if marks.len() >= 3 && !line.trim_start()[marks.len()..].contains('`') {
            fence = Some(marks);
            continue;
        }
        let plain = without_code(line).replace("<br>", "");
        let n_bars = line.replace("\\|", "").matches('|').count();
        if line.starts_with('|') {
            assert!(columns == 0 || columns == n_bars, "seed {seed}, {path}: a row with other columns: {line}");
            columns = n_bars;
        } else {
            columns = 0;
        }
        let opens = |rest: &str| {
            let link = rest.starts_with("https://") || rest.starts_with("http://");
            !link && rest.starts_with(|it: char| it.is_ascii_alphabetic() || it == '/' || it == '!')
        };
        let tag = plain.match_indices('<').any(|(at, _)| !plain[..at].ends_with('\\') && opens(&plain[at + 1..]));
        assert!(!tag || line.starts_with("<!-- @generated"), "seed {seed}, {path}: HTML: {line}");
    }
    assert!(fence.is_none(), "seed {seed}, {path}: a fence is open at the end");
}

/// A line without its code spans.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        if rest[..at].ends_with('\\') {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        }
        out.push_str(&rest[..at]);
        let marks: String = rest[at..].chars().take_while(|it| *it == '`').collect();
        let after = &rest[at + marks.len()..];
        match after.find(&marks) {
            Some(end) => rest = &after[end + marks.len()..],
            None => {
                out.push_str(&marks);
                rest = after;
            }
        }
    }
    out + rest
}

/// Compiles and documents some of the crates, without warnings. This is slow, so it requires `RUN_SLOW_TESTS`.
#[test]
fn crates_of_random_specs_compile() {
    if env::var_os("RUN_SLOW_TESTS").is_none() {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random");
    fs::remove_dir_all(&folder)
        .or_else(|error| if folder.exists() { Err(error) } else { Ok(()) })
        .expect("an empty folder");
    let mut members = Vec::new();
    for turn in 0..TURNS {
        let files: Vec<(String, String)> = matrix::files(turn).into_iter().collect();
        let made = crate_of(&files).unwrap_or_else(|why| panic!("turn {turn}: {why}"));
        members.push(write(&folder, &format!("matrix_{turn}"), &made));
    }
    let accepted = (0..).filter_map(|seed| Some((seed, crate_of(&spec::files(seed)).ok()?)));
    members.extend(accepted.take(COMPILED).map(|(seed, made)| write(&folder, &format!("random_{seed}"), &made)));
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let start = workspace.find("members = ").expect("members");
    let end = start + workspace[start..].find("]\n").expect("the end of a list") + 1;
    let manifest = format!("{}members = {members:?}{}", &workspace[..start], &workspace[end..]);
    // Paths of the workspace's dependencies start at its root.
    let manifest = manifest.replace("path = \"", &format!("path = \"{}/", root().display()));
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
    for command in ["check", "doc"] {
        let out = Command::new(env!("CARGO"))
            .args([command, "--workspace", "--offline", "--quiet"])
            .args(if command == "doc" { "--no-deps" } else { "--all-targets" }.split(' '))
            .current_dir(&folder)
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .output()
            .expect("cargo");
        assert!(out.status.success(), "cargo {command}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

/// Writes a crate under its own name, and returns the name.
fn write(folder: &Path, name: &str, files: &Files) -> String {
    for (path, text) in files {
        let text = match path.as_str() {
            "Cargo.toml" => {
                text.replace("\"random_api\"", &format!("\"{name}\"")).replace(", \"reqwest-rustls\"", ", \"serde\"")
            }
            _ => text.replace("random_api::", &format!("{name}::")),
        };
        let path = folder.join(name).join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    name.to_owned()
}
