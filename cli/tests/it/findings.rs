//! Very many findings: how many are shown, and that each is in the JSON.

use crate::project::{DOGS, Project};

/// `pets` with a field written so many times, and a type that nothing uses.
fn with_duplicates(n: usize) -> Project {
    let project = Project::pets();
    let fields = "      id: string\n".repeat(n + 1);
    let unused = "  Cat:\n    doc: A cat.\n    fields: {id: string}\n";
    project.put(
        "spec/pets/dogs.yaml",
        DOGS.replace("types:\n", &format!("types:\n{unused}")).replace("      id: string\n", &fields),
    );
    project
}

#[test]
fn people_are_shown_the_first_hundred_and_told_of_the_rest() {
    let project = with_duplicates(150);
    for args in [&["lint"][..], &["codegen"], &["openapi", "pets"]] {
        let ran = project.run(args).says("50 findings more not shown").says("`specwright lint --format json`");
        assert_eq!(ran.stderr.matches("error[SW").count(), 100, "{args:?}");
    }
    let ran = project.run(&["lint", "--max-findings", "3"]).exits(1).says("147 findings more not shown");
    assert_eq!(ran.stderr.matches("error[SW").count(), 3);
    project.run(&["lint"]).says("1 API: 150 errors");
    let ran = project.run(&["lint", "--max-findings", "150"]).exits(1);
    assert!(!ran.stderr.contains("not shown"), "{}", ran.stderr);
    assert_eq!(project.run(&["lint", "--format", "json"]).exits(1).stdout.lines().count(), 150);
    project.run(&["lint", "--max-findings", "many"]).exits(2);
}

#[test]
fn errors_are_shown_before_warnings() {
    let project = Project::pets();
    let rules = "      - any_of: [a, b]\n".repeat(120);
    let many = format!(
        "  many:\n    post: /many\n    summary: Many rules.\n    body: {{a: string, b: string}}\n    rules:\n{rules}    response: Dog\n"
    );
    let last = "  last:\n    post: /last\n    summary: The last.\n    body:\n      size: {enum: [small, large], doc: How big.}\n      \
                name:\n        doc: A name.\n        cases:\n          - {when: {size: small}, required: true}\n          \
                - {when: {size: small}, forbidden: no name}\n    response: Dog\n";
    project.put("spec/pets/dogs.yaml", format!("{DOGS}{many}{last}"));
    let ran = project.run(&["lint"]).exits(1).says("more not shown, errors first");
    assert!(ran.stderr.contains("error[SW"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("warning[SW").count() + ran.stderr.matches("error[SW").count(), 100);
}

#[test]
fn what_is_shown_does_not_grow_with_the_spec() {
    // Each points at the first of its kind, at the top of the file.
    let shown = |n| with_duplicates(n).run(&["lint"]).exits(1).stderr.len();
    let (few, many) = (shown(1000), shown(8000));
    assert!(many < few + few / 10, "{few} bytes for 1000 findings, {many} for 8000");
    // All on one line.
    let minified = |n: usize| {
        let project = Project::pets();
        let fields = "id: string, ".repeat(n);
        project.put(
            "spec/pets/dogs.yaml",
            DOGS.replace("    fields:\n      id: string\n", &format!("    fields: {{{fields}}}\n")),
        );
        project.run(&["lint"]).exits(1).says("not shown").stderr.len()
    };
    let (few, many) = (minified(1000), minified(8000));
    assert!(many < few + few / 10, "{few} bytes for 1000 findings on a line, {many} for 8000");
    assert!(few < 100 * 1000, "{few}");
}
