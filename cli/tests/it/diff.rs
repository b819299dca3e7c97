//! `diff`: folders and revisions, exit codes, formats, versions and the changelog. Verdicts are tested in its crate.

use std::process::Command;

use serde_json::Value;

use crate::project::{API, DOGS, Project};

fn git(project: &Project, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(&project.root).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(arguments);
    let output = command.output().expect("git");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A project whose first commit has the tag `v1`.
fn committed() -> Project {
    let project = Project::pets();
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "-m", "first"]);
    git(&project, &["tag", "v1"]);
    project
}

fn shorter() -> String {
    DOGS.replace("max_length: 5", "max_length: 3")
}

#[test]
fn revisions_and_folders() {
    let project = committed();
    let ran = project.run(&["diff", "v1"]).exits(0);
    assert_eq!(ran.stdout, "nothing changed for callers\n");
    project.put("spec/pets/dogs.yaml", shorter());
    let ran = project.run(&["diff", "v1"]).exits(1).says("set `version: 0.2.0` in `spec/pets/api.yaml`");
    assert!(ran.stdout.contains("breaking dogs.create body /name"), "{}", ran.stdout);
    assert!(ran.stdout.contains("pets::dogs::create::Create::name"), "{}", ran.stdout);
    let ran = project.run(&["diff"]).exits(1).says("compared with v1");
    assert!(ran.stdout.contains("breaking dogs.create body /name"), "{}", ran.stdout);
    git(&project, &["commit", "--quiet", "-a", "-m", "second"]);
    for words in [
        &["diff", "HEAD~1", "HEAD"][..],
        &["diff", "v1", ".", "pets"],
        &["diff", "v1:spec/pets", "spec/pets"],
        &["diff", "v1:spec", "spec"],
    ] {
        assert_eq!(project.run(words).exits(1).stdout, ran.stdout, "{words:?}");
    }
    project.run(&["diff", "HEAD"]).exits(0);
    assert_eq!(project.get("spec/pets/dogs.yaml"), shorter());
}

#[test]
fn what_fails() {
    let project = committed();
    project.put("spec/pets/dogs.yaml", DOGS.replace("max_length: 5", "max_length: 9"));
    project.run(&["diff", "v1"]).exits(0);
    project.run(&["diff", "v1", "--fail-on", "widening"]).exits(1);
    project.run(&["diff", "v1", "--fail-on", "none"]).exits(0);
    project.put("spec/pets/dogs.yaml", shorter());
    project.run(&["diff", "v1", "--fail-on", "none"]).exits(0);
}

#[test]
fn wrong_usage() {
    let project = committed();
    project.run(&["diff", "nowhere"]).exits(2).says("neither a folder nor a revision");
    project.run(&["diff", "v1", ".", "cats"]).exits(2).says("the APIs are pets");
    project.run(&["diff", "v1:nowhere", "."]).exits(2);
    project.put("spec/pets/dogs.yaml", DOGS.replace("type: string", "type: strnig"));
    project.run(&["diff", "v1"]).exits(2).says("strnig");
}

#[test]
fn formats() {
    let project = committed();
    project.put("spec/pets/dogs.yaml", shorter());
    let ran = project.run(&["diff", "v1", "--format", "json"]).exits(1);
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(document["missing_version"], "0.2.0");
    assert_eq!(document["changes"][0]["evidence"], "refused");
    assert!(document["changes"][0]["request"]["body"]["name"].is_string(), "{document}");
    let ran = project.run(&["diff", "v1", "--format", "markdown"]).exits(1);
    assert!(ran.stdout.starts_with("## pets 0.1.0\n\n### Breaking\n\n- `dogs.create`: "), "{}", ran.stdout);
}

#[test]
fn versions_and_the_changelog() {
    let project = committed();
    project.put("spec/pets/dogs.yaml", shorter());
    project.put("spec/pets/api.yaml", format!("{API}version: 0.2.0\n"));
    let ran = project.run(&["diff", "v1", "--changelog"]).exits(1);
    assert!(!ran.stderr.contains("set `version"), "{}", ran.stderr);
    let text = project.get("spec/pets/CHANGELOG.md");
    assert!(text.starts_with("# Changelog\n\n## 0.2.0\n\n### Breaking\n"), "{text}");
    project.run(&["codegen"]).exits(0);
    let copied = project.get("generated/pets/CHANGELOG.md");
    assert!(copied.contains("@generated") && copied.contains(text.trim()), "{copied}");
    project.run(&["codegen", "--check"]).exits(0);
    std::fs::remove_file(project.root.join("spec/pets/CHANGELOG.md")).expect("removed");
    project.run(&["codegen", "--check"]).exits(1);
    project.run(&["codegen"]).exits(0);
    assert!(!project.has("generated/pets/CHANGELOG.md"));
}

#[test]
fn apis_that_come_and_go() {
    let project = committed();
    project.put("spec/cats/api.yaml", API.replace("api: pets", "api: cats"));
    project.put("spec/cats/dogs.yaml", DOGS);
    let ran = project.run(&["diff", "v1"]).exits(0);
    assert!(ran.stdout.contains("cats: the API was added"), "{}", ran.stdout);
    let ran = project.run(&["diff", ".", "v1"]).exits(1);
    assert!(ran.stdout.contains("cats: the API was removed"), "{}", ran.stdout);
}

#[test]
fn without_a_revision_there_is_nothing_to_compare_with() {
    Project::pets().run(&["diff"]).exits(2).says("commit them first");
}
