//! What the starter gives for a name, and which names it refuses.

use super::{LONGEST, YAML_WORDS, files};
use crate::rust_words::{CRATES, KEYWORDS};

fn text(name: &str, path: &str) -> String {
    let found = files(name).expect("a good name").into_iter().find(|(it, _)| it == path);
    found.expect("a file of the starter").1
}

#[track_caller]
fn refused(name: &str, expected: &str) {
    let message = files(name).expect_err("a bad name");
    assert!(message.contains(expected), "{message}");
}

#[test]
fn the_name_is_filled_in_everywhere() {
    for (path, text) in files("paper_boat").expect("a good name") {
        assert!(!text.contains("__"), "a placeholder is left in {path}");
        assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains('\t'), "{path}");
    }
    let api = text("paper_boat", "api.yaml");
    for line in ["api: paper_boat ", "title: Paper Boat ", "    env: PAPER_BOAT_API_KEY "] {
        assert!(api.contains(&format!("\n{line}")), "{line}");
    }
}

#[test]
fn comments_stay_in_their_column() {
    for name in ["v2", "paper_boat"] {
        let api = text(name, "api.yaml");
        let columns: Vec<_> = api.lines().skip(5).take(4).map(|it| it.find(" #")).collect();
        assert!(columns.iter().all(|it| *it == columns[0]), "{api}");
    }
}

#[test]
fn comments_do_not_run_off_the_screen() {
    for (path, text) in files(&"a".repeat(LONGEST)).expect("a good name") {
        for line in text.lines() {
            assert!(line.chars().count() <= 160, "{path}: {line}");
        }
    }
}

#[test]
fn names_are_snake_case() {
    for name in ["a", "runapi", "paper_boat", "v2", "open_ai_4"] {
        assert!(files(name).is_ok(), "{name}");
    }
    for name in ["", "_", "_a", "a_", "a__b", "2captcha", "PaperBoat", "paper-boat", "größe", "a b", "../a", "a/b"] {
        refused(name, "expected snake case");
    }
}

#[test]
fn names_are_short() {
    assert!(files(&"a".repeat(LONGEST)).is_ok());
    refused(&"a".repeat(LONGEST + 1), "expected at most 40");
}

#[test]
fn names_are_free() {
    for name in KEYWORDS {
        // `gen` is a keyword since edition 2024; syn may still take it for a name.
        assert!(syn::parse_str::<syn::Ident>(name).is_err() || name == "gen", "`{name}`");
        refused(name, "is a keyword");
    }
    for name in CRATES {
        refused(name, "is the name of a crate");
    }
    for name in YAML_WORDS {
        refused(name, "is not plain text in YAML");
    }
}
