//! Commands and flags, exit codes, and what happens to output that nobody reads.

use std::fs;

use crate::project::{Project, command};

#[test]
fn alone_it_lists_the_commands() {
    let ran = Project::empty().run(&[]).exits(0);
    for name in ["codegen", "lint", "explain", "validate", "openapi", "mock", "docs", "new", "check"] {
        assert!(ran.stdout.contains(&format!("\n  {name} ")), "{name}: {}", ran.stdout);
    }
    assert_eq!(ran.stderr, "");
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let project = Project::pets();
    for args in [
        &["codgen"][..],
        &["codegen", "--chekc"],
        &["codegen", "--check", "--watch"],
        &["lint", "--format", "xml"],
        &["validate", "pets", "POST"],
        &["new"],
        &["codegen", "--project", "no/such/folder"],
    ] {
        project.run(args).exits(2);
    }
    project.run(&["codgen"]).says("codegen");
    project.run(&["--help"]).exits(0).prints("Usage");
    project.run(&["--version"]).exits(0).prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn what_a_terminal_obeys_in_an_argument_is_shown_escaped() {
    let ran = Project::pets().run(&["\u{1b}[2J\u{202e}"]).exits(2);
    assert!(!ran.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.stderr);
    ran.says("\\u{1b}[2J\\u{202e}");
}

#[test]
fn unknown_apis_get_the_nearest_name() {
    let project = Project::pets();
    for args in [&["codegen", "pet"][..], &["lint", "pet"], &["validate", "pet", "GET", "/dogs"], &["openapi", "pet"]] {
        project.run(args).exits(2).says("no API `pet`").says("`pets`");
    }
    assert!(!project.has("generated"));
}

#[test]
fn a_folder_that_is_no_api_is_told() {
    let project = Project::pets();
    project.put("spec/stray/notes.txt", "");
    project.run(&["lint"]).exits(2).says("spec/stray").says("api.yaml");
    project.put("spec/stray/api.yml", "");
    project.run(&["lint"]).exits(2).says("api.yaml");
    fs::remove_dir_all(project.root.join("spec/stray")).expect("removed");
    project.put("spec/pets/cats.yml", "");
    project.run(&["lint"]).exits(1).says("cats.yml").says(".yaml");
    fs::remove_dir_all(project.root.join("spec")).expect("removed");
    project.run(&["lint", "--project", "."]).exits(2).says("spec");
    project.run(&["lint"]).exits(2).says("--project");
}

#[test]
fn the_project_is_found_from_below() {
    let project = Project::pets();
    project.run_in(&project.root.join("spec/pets"), &["lint"], b"").exits(0).says("1 API");
    let elsewhere = std::env::temp_dir();
    let root = project.root.to_str().expect("UTF-8");
    project.run_in(&elsewhere, &["lint", "--project", root], b"").exits(0).says("1 API");
    project.run_in(&elsewhere, &["--project", root, "lint"], b"").exits(0).says("1 API");
}

#[test]
fn codes_are_listed_and_explained() {
    let project = Project::empty();
    let list = project.run(&["explain"]).exits(0);
    let first = list.stdout.split_whitespace().next().expect("a code").to_owned();
    assert!(list.stdout.lines().count() > 10, "{}", list.stdout);
    let page = project.run(&["explain", &first.to_lowercase()]).exits(0);
    assert!(page.stdout.starts_with(&format!("# {first}: ")), "{}", page.stdout);
    assert!(page.stdout.lines().count() > 3, "{}", page.stdout);
    project.run(&["explain", "SW010"]).exits(2).says("similar");
    project.run(&["explain", "nonsense"]).exits(2).says("lists all");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let project = Project::pets();
    for args in [&["explain"][..], &["--help"], &[]] {
        let mut child = command(&project.root, args).spawn().expect("the tool starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the tool ends");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
    }
}

#[test]
fn nothing_is_coloured_off_a_terminal() {
    let project = Project::pets();
    project.put("spec/pets/dogs.yaml", "resource: [\n");
    let ran = project.run(&["lint"]).exits(1);
    assert!(!ran.stderr.contains('\x1b'), "{}", ran.stderr);
}
