//! When the crate of a spec goes, and when it must not: a crate is removed only where its spec is gone for certain.

use std::fs;

use crate::project::{API, DOGS, Project};

/// A project of `pets` and `cats`, both generated.
fn generated() -> Project {
    let project = Project::pets();
    project.put("spec/cats/api.yaml", API.replace("pets", "cats").replace("Pets", "Cats"));
    project.put("spec/cats/dogs.yaml", DOGS);
    project.run(&["codegen"]).exits(0);
    project
}

/// Both ways of asking fail with this, and all that was generated is still there.
#[track_caller]
fn refuses(project: &Project, says: &[&str]) {
    let before = project.tree("generated");
    assert!(before.len() > 10);
    for args in [&["codegen"][..], &["codegen", "--check"]] {
        let ran = says.iter().fold(project.run(args).exits(2), |ran, text| ran.says(text));
        assert_eq!(ran.stdout, "");
    }
    assert_eq!(project.tree("generated"), before);
}

#[test]
fn without_any_spec_nothing_goes() {
    let project = generated();
    for api in ["pets", "cats"] {
        fs::remove_dir_all(project.root.join("spec").join(api)).expect("removed");
    }
    refuses(&project, &["spec` contains no API", "generated/cats` is not removed", "yourself"]);
    fs::remove_dir_all(project.root.join("spec")).expect("removed");
    for args in [&["codegen", "--project", "."][..], &["codegen", "--check", "--project", "."]] {
        project.run(args).exits(2).says("spec");
    }
    assert!(project.has("generated/pets/Cargo.toml") && project.has("generated/cats/Cargo.toml"));
    // With nothing to lose, no API is no failure.
    let project = Project::empty();
    project.run(&["codegen"]).exits(0).says("total: 0 APIs");
    project.put("generated/mine/src/lib.rs", "");
    project.run(&["codegen"]).exits(0);
    assert!(project.has("generated/mine/src/lib.rs"));
}

#[test]
fn a_folder_without_its_api_file_is_not_gone() {
    let project = generated();
    fs::remove_file(project.root.join("spec/pets/api.yaml")).expect("removed");
    refuses(&project, &["spec/pets", "api.yaml"]);
    fs::remove_dir_all(project.root.join("spec/pets")).expect("removed");
    project.put("spec/pets", "a file");
    refuses(&project, &["spec/pets` exists but is not an API", "generated/pets` is not removed"]);
}

#[test]
fn a_name_that_differs_in_case_is_not_gone() {
    let project = generated();
    let text = fs::read_to_string(project.root.join("generated/pets/src/lib.rs")).expect("a text");
    project.put("generated/Pets/src/lib.rs", text);
    if fs::read_dir(project.root.join("generated")).expect("a folder").count() < 3 {
        return; // One and the same on this system.
    }
    refuses(&project, &["differ in case only", "generated/Pets` is not removed"]);
}

#[test]
fn a_run_for_one_api_or_of_another_project_leaves_the_rest() {
    let project = generated();
    fs::remove_dir_all(project.root.join("spec/cats")).expect("removed");
    project.run(&["codegen", "pets"]).exits(0);
    project.run(&["codegen", "pets", "--check"]).exits(0);
    project.run(&["codegen", "--project", "spec"]).exits(2);
    project.run(&["codegen", "--project", "generated"]).exits(2);
    assert!(!project.has("spec/target") && !project.has("generated/target"));
    assert!(project.has("generated/cats/Cargo.toml"));
    project.run(&["codegen"]).exits(0).says("cats").says("its spec no longer exists");
    assert!(!project.has("generated/cats") && project.has("generated/pets/Cargo.toml"));
}

#[cfg(unix)]
mod links {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{generated, refuses};
    use crate::project::{DOGS, Project};

    /// Moves a file or folder away and puts a link in its place.
    fn move_and_link(project: &Project, from: &str, to: &str) {
        let (from, to) = (project.root.join(from), project.root.join(to));
        fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        fs::rename(&from, &to).expect("moved");
        symlink(to, from).expect("a link");
    }

    #[test]
    fn specs_behind_links_are_specs() {
        for moved in ["spec", "spec/pets", "spec/pets/dogs.yaml", "spec/pets/api.yaml"] {
            let project = generated();
            let before = project.tree("generated");
            move_and_link(&project, moved, "elsewhere/it");
            project.run(&["codegen", "--check"]).exits(0).says("2 APIs");
            project.run(&["codegen"]).exits(0).says("2 APIs");
            assert_eq!(project.tree("generated"), before, "{moved}");
            project.run(&["lint"]).exits(0).says("2 APIs");
            // A change behind the link is one.
            project.put("spec/pets/dogs.yaml", DOGS.replace("List all dogs.", "List every dog."));
            project.run(&["codegen", "--check"]).exits(1).says("differs: generated/pets");
            project.run(&["codegen"]).exits(0);
            assert!(project.get("generated/pets/docs/README.md").contains("List every dog."), "{moved}");
        }
    }

    #[test]
    fn links_that_lead_to_no_folder_are_told() {
        let project = generated();
        let link = project.root.join("spec/pets");
        fs::remove_dir_all(&link).expect("removed");
        for target in ["nowhere", "pets", "../Cargo.toml"] {
            symlink(target, &link).expect("a link");
            refuses(&project, &["spec/pets", "link"]);
            // The other one is known well enough to be generated, but the run says what is wrong first.
            project.run(&["codegen", "cats"]).exits(2).says("spec/pets");
            fs::remove_file(&link).expect("removed");
        }
        // One that cannot be meant for an API does not matter.
        symlink("nowhere", project.root.join("spec/README.md")).expect("a link");
        symlink("../Cargo.toml", project.root.join("spec/notes.txt")).expect("a link");
        symlink("../generated/cats", &link).expect("a link");
        refuses(&project, &["spec/pets` has no `api.yaml`"]);
        fs::remove_file(&link).expect("removed");
        project.run(&["codegen"]).exits(0).says("pets").says("its spec no longer exists");
    }

    #[test]
    fn broken_links_in_a_spec_are_told() {
        let project = generated();
        let before = project.tree("generated");
        for (file, code) in [("spec/pets/api.yaml", 2), ("spec/pets/dogs.yaml", 1), ("spec/pets/more.yaml", 1)] {
            let path = project.root.join(file);
            let text = fs::read(&path).ok();
            let _ = fs::remove_file(&path);
            symlink("nowhere", &path).expect("a link");
            project.run(&["codegen"]).exits(code).says(file);
            project.run(&["codegen", "--check"]).exits(code).says(file);
            fs::remove_file(&path).expect("removed");
            if let Some(text) = text {
                project.put(file, text);
            }
        }
        assert_eq!(project.tree("generated"), before);
    }
}
