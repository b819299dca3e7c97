//! Whatever the reader of common forms reads, the other one reads in the same way and without a word.

use std::path::Path;

use super::soup::soup_of;
use crate::common_forms::document;
use crate::source::FileId;
use crate::{Node, build, characters};

/// What both readers make of a document, if the one of common forms reads it.
#[track_caller]
fn agreed(yaml: &str) -> Option<Node<'_>> {
    let file = FileId(0);
    let mut out = Vec::new();
    let hidden = characters::check(file, yaml, &mut out);
    let unseen = characters::unseen(file, yaml);
    if !hidden.is_empty() || !unseen.is_empty() {
        return None;
    }
    let tree = document(file, yaml)?;
    let other = build::document(file, yaml, &hidden, &unseen, &mut out);
    assert_eq!(out, [], "{yaml}");
    assert_eq!(Some(&tree), other.as_ref(), "{yaml}");
    Some(tree)
}

/// All specs of the repository.
fn specs() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let entries = |folder: &Path| std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect::<Vec<_>>();
    let apis = [root.join("spec"), root.join("tests/project/spec")];
    let files = apis.iter().flat_map(|it| entries(it)).flat_map(|it| entries(&it));
    files
        .filter(|it| it.extension().is_some_and(|it| it == "yaml"))
        .map(|it| std::fs::read_to_string(it).unwrap())
        .collect()
}

#[test]
fn specs_are_written_in_common_forms() {
    let specs = specs();
    let read = specs.iter().filter(|it| agreed(it).is_some()).count();
    assert!(read * 10 >= specs.len() * 9, "{read} of {}", specs.len());
}

#[test]
fn forms_that_are_common_and_forms_that_are_not() {
    for yaml in [
        "a: 1\n",
        "- a\n- - b\n  - c\n-\n- d: e\n  f:\n  - g\n",
        "# c\na:   # c\n\n  b: c # d\n  # e\nf:\n# g\n- h#i\n- -1\n",
        "a: |\n  b\n\n   c  \n\nd: |-\n  e\n # f\ng:\n- |\n h\n",
        "a: >-\n  b\n  c: d\ne: >\n f\n\n",
        "a: {b: , c: [d, \"e\\n\\\"\", 'f''g',], h?: url, i: {}}\nj: [\n  k, # l\n  {m: o}\n  ]\n",
        "'a b': c\n\"d\": e\nf g: h:i\nj: https://k/?l=m#n\nä: ö\n",
        "a:\n  b\nc:\nd:\n",
    ] {
        assert!(agreed(yaml).is_some(), "{yaml}");
    }
    for yaml in [
        "a: b",
        "a: b\n  c\n",
        "a: 'b\n  c'\n",
        "a: >\n  b\n\n  c\n",
        "a: >\n  b\n   c\n",
        "a: >2\n    b\n",
        "a: |+\n  b\n",
        "a: |\n\n  b\n",
        "a: b\na: c\n",
        "a: no\n",
        "a: 1\n b: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: &b c\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: {\nb: c}\n",
        "a : b\n",
        "? a\n: b\n",
        "---\na: b\n",
        "a: b\n...\n",
        "a: b: c\n",
        "a: - b\n",
        "a: \"\\x41\"\n",
        "\ta: b\n",
        "a: b\r\n",
        "a\n",
        "\n",
    ] {
        assert_eq!(agreed(yaml), None, "{yaml}");
    }
}

/// The tokens of the forms that are read, and some at their borders.
const TOKENS: &[&str] = &[
    "a", "b", "c d", "é", "x?", "-1", "0.5", "true", "~", "\n", "\n", "\n", "\n  ", "\n  ", "\n    ", "\n- ", "\n  - ",
    " ", "  ", ": ", ": ", ": ", ":", ":\n", ":\n  ", "- ", "- ", "-", "[", "]", "{", "}", ", ", ",", " # c\n", "#",
    "''", "'a'", "'it''s'", "\"b\"", "\"c\\n\"", "\"\\\\\"", "|", "|\n  ", "|-\n    ", ">", ">-\n  ", "a: ", "b: ",
    "c: 1\n", "- d\n", "[e, f]", "{g: h}", "a: b\n", "?", "*", "[]", "{}", "\n  a: ", "\n  b:\n", "x:y", "--", "---",
];

#[test]
fn random_documents_are_read_alike() {
    let read = (0..12_000).filter(|seed| agreed(&(soup_of(TOKENS, *seed) + "\n")).is_some()).count();
    assert!(read > 300, "only {read} were read: the test tests little");
}

#[test]
fn damaged_specs_are_read_alike() {
    let specs = specs();
    let mut read = 0;
    for (seed, spec) in (0..).zip(specs.iter().cycle().take(600)) {
        // A piece of a spec, so that the other reader does not take long, with a few tokens put into it.
        let lines: Vec<&str> = spec.lines().collect();
        let from = seed * 7919 % lines.len();
        let mut piece = lines[from..lines.len().min(from + 40)].join("\n") + "\n";
        for at in 0..seed % 3 {
            let mut place = (seed * 104_729 + at * 1_299_709) % piece.len();
            while !piece.is_char_boundary(place) {
                place -= 1;
            }
            piece.insert_str(place, TOKENS[(seed + at * 31) % TOKENS.len()]);
        }
        read += usize::from(agreed(&piece).is_some());
    }
    assert!(read > 60, "only {read} were read: the test tests little");
}
