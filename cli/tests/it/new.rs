//! `new`: a spec that generates from the start.

use crate::project::{Project, WORKSPACE};

#[test]
fn a_new_api_is_complete() {
    let project = Project::empty();
    project.run(&["new", "paper_boat"]).exits(0).says("Next:").says("specwright codegen paper_boat");
    assert!(project.get("spec/paper_boat/api.yaml").contains("api: paper_boat"));
    assert!(project.has("generated/paper_boat/docs/README.md"));
    project.run(&["codegen", "--check"]).exits(0);
    project.run(&["lint"]).exits(0).says("0 errors, 0 warnings");
}

#[test]
fn what_is_there_stays() {
    let project = Project::pets();
    let before = project.tree("spec");
    project.run(&["new", "pets"]).exits(2).says("already exists");
    project.put("generated/boats/keep.txt", "");
    project.run(&["new", "boats"]).exits(2).says("already exists");
    assert_eq!(project.tree("spec"), before);
}

#[test]
fn names_are_checked_before_anything_is_written() {
    let project = Project::empty();
    for name in ["Paper", "paper-boat", "../paper", "type", ""] {
        project.run(&["new", name]).exits(2);
    }
    assert!(project.tree("spec").is_empty());
}

#[test]
fn a_name_of_another_package_is_refused() {
    let project = Project::empty();
    project.put("Cargo.toml", WORKSPACE.replace("src/..\"]", "src/..\", \"xtask\", \"tools/*\"]"));
    project.put("xtask/Cargo.toml", "[package]\nname = \"xtask\"\n");
    project.put("tools/one/Cargo.toml", "[package]\nname = \"hammer\"\n");
    for (name, place) in [("xtask", "xtask"), ("hammer", "tools/one")] {
        project.run(&["new", name]).exits(2).says(&format!("has a package `{name}` in `{place}`"));
        assert!(!project.has(&format!("spec/{name}")), "{name}");
    }
    project.run(&["new", "boat"]).exits(0);
    project.put("spec/hammer/api.yaml", project.get("spec/boat/api.yaml").replace("api: boat ", "api: hammer "));
    project.put("spec/hammer/example.yaml", project.get("spec/boat/example.yaml"));
    project.run(&["codegen"]).exits(2).says("no crate was written");
    assert!(!project.has("generated/hammer"));
    project.put("specwright.toml", "[crates]\nprefix = \"acme-\"\n");
    project.run(&["codegen"]).exits(0);
}
