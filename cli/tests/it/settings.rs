//! `specwright.toml`, and what a workspace must have for the crates that are generated into it.

use std::fs;

use crate::project::{DOGS, Project, WORKSPACE};

/// The project with a project file, without a workspace.
fn alone(file: &str) -> Project {
    let project = Project::pets();
    fs::remove_file(project.root.join("Cargo.toml")).expect("removed");
    project.put("specwright.toml", file);
    project
}

#[test]
fn crates_that_stand_alone_say_all_themselves() {
    let project = alone("[crates]\nworkspace = false\n");
    project.run(&["codegen"]).exits(0);
    let manifest = project.get("generated/pets/Cargo.toml");
    assert!(!manifest.contains("workspace"), "{manifest}");
    for line in [
        "edition = \"2024\"",
        "rust-version = \"1.88\"",
        "readme = \"README.md\"",
        "keywords = [\"api\", \"client\", \"pets\"]",
        "categories = [\"api-bindings\"]",
        "[package.metadata.docs.rs]",
        "specwright-runtime = { version = \"0.1\", default-features = false }",
        "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }",
    ] {
        assert!(manifest.lines().any(|it| it == line), "{line} is not in {manifest}");
    }
    assert!(!project.get("generated/pets/README.md").contains("## Licence"));
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn the_project_file_decides_names_places_and_metadata() {
    let project = alone(
        "[crates]\nworkspace = false\nruntime = { path = \"runtime\" }\nlicense = \"ISC\"\nprefix = \"acme-\"\n\
         rust-version = \"1.90\"\nrepository = \"https://example.com/pets\"\nauthors = [\"Ada\"]\npublish = true\n\
         output = \"clients/rust\"\n[outputs]\nopenapi = \"3.1\"\n",
    );
    project.run(&["codegen"]).exits(2).says("takes the runtime from `runtime`, which has no `Cargo.toml`");
    project.put("runtime/Cargo.toml", "");
    project.run(&["codegen"]).exits(0);
    assert!(!project.has("generated"));
    let manifest = project.get("clients/rust/pets/Cargo.toml");
    for line in [
        "name = \"acme-pets\"",
        "name = \"pets\"",
        "rust-version = \"1.90\"",
        "license = \"ISC\"",
        "publish = true",
        "repository = \"https://example.com/pets\"",
        "authors = [\"Ada\"]",
        "specwright-runtime = { version = \"0.1\", path = \"../../../runtime\", default-features = false }",
    ] {
        assert!(manifest.lines().any(|it| it == line), "{line} is not in {manifest}");
    }
    let readme = project.get("clients/rust/pets/README.md");
    assert!(readme.contains("acme-pets = \"0.1.0\"\n") && readme.contains("## Licence\n\nISC\n"), "{readme}");
    let document: serde_json::Value =
        serde_json::from_str(&project.get("clients/rust/pets/openapi.json")).expect("JSON");
    assert!(document["paths"]["/dogs"].is_object(), "{document}");
    // What is no longer wanted goes.
    let file = project.get("specwright.toml").replace("openapi = \"3.1\"", "docs = false");
    project.put("specwright.toml", file);
    project.run(&["codegen"]).exits(0).says("3 removed");
    assert!(!project.has("clients/rust/pets/docs") && !project.has("clients/rust/pets/openapi.json"));
    assert!(!project.get("clients/rust/pets/README.md").contains("docs/"));
}

#[test]
fn documents_alone_are_no_crate() {
    let project = alone("[outputs]\ncrates = false\nopenapi = \"3.0\"\n");
    project.run(&["codegen"]).exits(0);
    assert!(project.has("generated/pets/docs/dogs.md") && project.has("generated/pets/openapi.json"));
    assert!(!project.has("generated/pets/Cargo.toml") && !project.has("generated/pets/src"));
    project.run(&["codegen", "--check"]).exits(0);
    project.run(&["codegen"]).exits(0).says("nothing changed since the last run");
}

#[test]
fn a_change_of_the_project_file_is_one() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    project.put("specwright.toml", "[crates]\nlicense = \"ISC\"\n");
    project.run(&["codegen", "--check"]).exits(1).says("differs: generated/pets/Cargo.toml");
    project.run(&["codegen"]).exits(0).says("2 written");
    project.put("specwright.toml", "[crates]\nlicence = \"ISC\"\n[output]\n");
    project
        .run(&["codegen"])
        .exits(2)
        .says("specwright.toml:2:1: `licence` is not a key of `[crates]`; a similar one exists: `license`")
        .says("specwright.toml:3:2: `[output]`");
}

#[test]
fn what_the_workspace_lacks_is_told_before_anything_is_written() {
    let project = Project::pets();
    project.put("Cargo.toml", "[workspace]\nmembers = [\"mine\"]\n[workspace.package]\nedition = \"2021\"\n");
    let ran = project.run(&["codegen"]).exits(2).says("nothing was written").says("workspace = false");
    for line in [
        "members = [\"generated/*/src/..\"]",
        "rust-version = \"1.88\"",
        "publish = false",
        "specwright-runtime = { path = \"",
        "tokio = {",
        "[workspace.lints]",
    ] {
        assert!(ran.stderr.contains(line), "{line} is not in {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("edition ="), "{}", ran.stderr);
    assert!(!project.has("generated"));
    fs::remove_file(project.root.join("Cargo.toml")).expect("removed");
    let root = project.root.display().to_string();
    project.run(&["codegen", "--project", &root]).exits(2).says("is in no cargo workspace").says("workspace = false");
}

#[test]
fn what_another_prefix_and_another_folder_leave_is_told() {
    let project = Project::pets();
    let manifest = WORKSPACE.replace("[workspace.lints]", "pets = { path = \"generated/pets\" }\n[workspace.lints]");
    project.put("Cargo.toml", &manifest);
    let ran = project.run(&["codegen"]).exits(0);
    assert!(!ran.stderr.contains("note: "), "{}", ran.stderr);
    project.put("specwright.toml", "[crates]\nprefix = \"acme-\"\n");
    project
        .run(&["codegen"])
        .exits(0)
        .says("write `package = \"acme-pets\"` into the dependency `pets` of `Cargo.toml`");
    project.put("specwright.toml", "[crates]\noutput = \"clients\"\n");
    project.put("Cargo.toml", manifest.replace("generated/", "clients/"));
    project.run(&["codegen"]).exits(0).says("note: `generated/pets` was generated before `output` was `clients`");
    // What is not generated, and what belongs to another project, is nobody's remains.
    fs::remove_dir_all(project.root.join("generated")).expect("removed");
    project.put("mine/pets/Cargo.toml", "# mine\n");
    project.put("sub/spec/pets/api.yaml", "");
    project.put("sub/generated/pets/Cargo.toml", project.get("clients/pets/Cargo.toml"));
    project.put("spec/pets/dogs.yaml", DOGS.replace("Dogs only.", "Dogs."));
    let ran = project.run(&["codegen"]).exits(0);
    assert!(!ran.stderr.contains("note: "), "{}", ran.stderr);
}
