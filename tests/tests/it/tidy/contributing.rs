//! The walks of CONTRIBUTING.md: the paths, rows, packages and modules that they name exist, and so do the slowest tests.

use std::fs;

use super::none;
use crate::files;

/// The folders that paths start with.
const FOLDERS: [&str; 14] = [
    "call",
    "cli",
    "codegen",
    "contract",
    "docs",
    "examples",
    "format",
    "generated",
    "language",
    "runtime",
    "spec",
    "tests",
    "xtask",
    "yaml",
];

#[test]
fn paths_exist() {
    let missing = |it: &&str| !it.contains('…') && !files::root().join(it).exists();
    let text = guide();
    let offenders: Vec<String> =
        spans(&text).into_iter().filter(|it| is_path(it)).filter(missing).map(str::to_owned).collect();
    none("CONTRIBUTING.md names a path that does not exist", &offenders);
}

#[test]
fn rows_are_in_their_files() {
    let text = guide();
    let rows = rows(&text);
    assert!(rows.len() > 15, "only {} rows found: {rows:?}", rows.len());
    let offenders: Vec<String> = rows
        .into_iter()
        .filter(|(row, path)| !fs::read_to_string(files::root().join(path)).is_ok_and(|it| it.contains(row)))
        .map(|(row, path)| format!("`{row}` in `{path}`"))
        .collect();
    none("CONTRIBUTING.md names a row that does not exist", &offenders);
}

#[test]
fn commands_name_packages_and_modules_that_exist() {
    let text = guide();
    let packages: Vec<String> = files::by_hand("Cargo.toml")
        .iter()
        .filter_map(|it| {
            it.text.lines().find_map(|it| it.strip_prefix("name = \"")?.strip_suffix('"').map(str::to_owned))
        })
        .collect();
    let mut offenders = Vec::new();
    for command in spans(&text).into_iter().filter(|it| it.contains("cargo test")) {
        let words: Vec<&str> = command.split(' ').collect();
        if let Some(package) = after(&words, "-p")
            && !packages.iter().any(|it| it == package)
        {
            offenders.push(format!("{command}: no package `{package}`"));
        }
        let Some(last) = words.last().filter(|it| it.contains("::")) else { continue };
        let folder = match after(&words, "-p") {
            _ if words.contains(&"it") => "tests/tests/it",
            Some("specwright-language-tests") => "language/src",
            _ => "codegen/src",
        };
        let module = format!("{folder}/{}", last.trim_end_matches("::").replace("::", "/"));
        if ![module.clone(), format!("{module}.rs")].iter().any(|it| files::root().join(it).exists()) {
            offenders.push(format!("{command}: no module `{module}`"));
        }
    }
    none("CONTRIBUTING.md shows a command that finds nothing", &offenders);
}

#[test]
fn the_slowest_tests_exist() {
    let text = fs::read_to_string(files::root().join("tests/README.md")).expect("tests/README.md");
    let section = text.split_once("## The slowest tests\n").expect("the section").1;
    let rows = section.lines().take_while(|it| !it.starts_with("## ")).filter_map(|it| it.strip_prefix("| `"));
    let tests: Vec<&str> = rows.filter_map(|it| it.split_once('`')).map(|it| it.0).collect();
    assert_eq!(tests.len(), 10, "{tests:?}");
    let mut sources = files::by_hand(".rs");
    sources.extend(files::below("diff", ".rs"));
    let is_there = |it: &&str| {
        let name = format!("fn {}()", it.rsplit("::").next().unwrap_or(it));
        sources.iter().any(|file| file.text.contains(&name))
    };
    let offenders: Vec<String> = tests.iter().filter(|it| !is_there(it)).map(|it| (*it).to_owned()).collect();
    none("tests/README.md explains a test that is not there", &offenders);
}

fn guide() -> String {
    fs::read_to_string(files::root().join("CONTRIBUTING.md")).expect("CONTRIBUTING.md")
}

/// The texts between backticks.
fn spans(text: &str) -> Vec<&str> {
    text.lines().flat_map(|it| it.split('`').skip(1).step_by(2)).collect()
}

fn is_path(span: &str) -> bool {
    !span.contains(' ') && FOLDERS.contains(&span.split('/').next().unwrap_or(span))
}

/// "row `a` in `b` and in `c`" is `a` in `b` and `a` in `c`.
fn rows(text: &str) -> Vec<(&str, &str)> {
    let mut rows = Vec::new();
    for line in text.lines() {
        let pieces: Vec<&str> = line.split('`').collect();
        let mut row = None;
        for pair in pieces.chunks_exact(2) {
            let [before, span] = pair else { continue };
            if before.ends_with("row ") {
                row = Some(*span);
            } else if let (Some(row), true) = (row, before.ends_with(" in ")) {
                rows.push((row, *span));
            }
        }
    }
    rows
}

fn after<'a>(words: &[&'a str], flag: &str) -> Option<&'a str> {
    let at = words.iter().position(|it| *it == flag)?;
    words.get(at + 1).copied()
}

#[test]
fn rows_are_found() {
    let text = "| read it | row `a` in `codegen/b.rs`, row `c` in `d` and in `e` |\nthe jobs in `f`\n";
    assert_eq!(rows(text), [("a", "codegen/b.rs"), ("c", "d"), ("c", "e")]);
    assert_eq!(spans("`x` y `z w`"), ["x", "z w"]);
    assert!(is_path("spec") && is_path("codegen/src/emit") && !is_path("cargo test") && !is_path("specwright"));
}
