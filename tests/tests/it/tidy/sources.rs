//! Tests what every hand-written Rust file must have, and what none may have.

use super::{code, none};
use crate::files;

/// Files of compile-fail cases are shown to people unchanged.
fn is_case(path: &str) -> bool {
    path.contains("/ui/")
}

#[test]
fn every_file_has_a_module_doc() {
    let files = files::by_hand(".rs");
    let without = files.iter().filter(|it| !is_case(&it.path) && !it.text.starts_with("//! "));
    none("a file must begin with its module doc", &without.map(|it| it.path.clone()).collect::<Vec<_>>());
}

#[test]
fn no_debugging_aids_are_committed() {
    let mut offenders = Vec::new();
    for file in files::by_hand(".rs") {
        let code = code(&file.text);
        for left in ["dbg!(", "todo!(", "unimplemented!("] {
            if code.contains(left) {
                offenders.push(format!("{}: {left}", file.path));
            }
        }
    }
    none("debugging aids and gaps are not committed", &offenders);
}

#[test]
fn calls_do_not_use_what_makes_programs_large() {
    // Modules that a program has only with a feature, or if it calls them.
    let is_apart = |path: &str| ["/xml/", "/webhook", "tests"].iter().any(|it| path.contains(it));
    let large = [
        ("parse::<f64>", "`json::parse`: every program has its numbers"),
        (":.0}", "`number::number_text`"),
        ("serde_json::from_", "`json::parse`"),
        ("serde_json::to_", "`JsonWriter`"),
        ("to_uppercase()", "`to_ascii_uppercase`, or none: the tables of Unicode are large"),
        ("to_lowercase()", "`to_ascii_lowercase`, or none: the tables of Unicode are large"),
    ];
    let mut offenders = Vec::new();
    for file in files::by_hand(".rs") {
        let code = code(&file.text);
        for (left, instead) in large {
            if file.path.starts_with("runtime/src/") && !is_apart(&file.path) && code.contains(left) {
                offenders.push(format!("{}: `{left}`; use {instead}", file.path));
            }
        }
    }
    none("decision 0025: a program contains what it calls", &offenders);
}

#[test]
fn text_files_have_one_kind_of_line_end_and_no_trailing_space() {
    let mut offenders = Vec::new();
    for ending in [".rs", ".toml", ".md", ".yaml"] {
        for file in files::by_hand(ending) {
            if file.text.contains('\r') || file.text.lines().any(|it| it.ends_with([' ', '\t'])) {
                offenders.push(file.path);
            } else if !file.text.is_empty() && !file.text.ends_with('\n') {
                offenders.push(format!("{}: no line end at the end", file.path));
            }
        }
    }
    none("line ends and trailing space", &offenders);
}

#[test]
fn files_are_small_enough_to_have_one_purpose() {
    // Tests are lists of cases, which are read one by one.
    let most = |path: &str| if path.contains("tests") { 700 } else { 500 };
    let lines = |it: &files::TextFile| it.text.lines().count();
    let files = files::by_hand(".rs");
    let long = files.iter().filter(|it| lines(it) > most(&it.path));
    none(
        "a file this long holds several things",
        &long.map(|it| format!("{}: {}", it.path, lines(it))).collect::<Vec<_>>(),
    );
}
