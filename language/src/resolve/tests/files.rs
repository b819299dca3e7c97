//! Files and folders: what is missing, what cannot be read, what may not differ.

use std::fs;
use std::path::PathBuf;

use crate::diagnostics::Code;
use crate::{load, stages, testing};

/// A project's folder that goes away with the test.
struct Project(PathBuf);

impl Project {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("specwright-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("spec/demo")).expect("a folder");
        Self(root)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join("spec/demo").join(name), bytes).expect("a file");
    }

    fn codes(&self) -> Vec<Code> {
        let loaded = load::load(&self.0, "demo").expect("the folder");
        let (api, out) = stages::model(&loaded);
        assert_eq!(api.is_none(), out.has_errors());
        out.into_sorted().iter().map(|it| it.code).collect()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn api() -> String {
    testing::API.replace("test_api", "demo")
}

fn resource() -> String {
    super::operation("get: /ping")
}

#[test]
fn a_folder_is_read_in_the_order_of_names() {
    let project = Project::new("order");
    project.write("api.yaml", api());
    project.write("b.yaml", resource().replace("resource: x", "resource: b"));
    project.write("a.yaml", resource().replace("resource: x", "resource: z").replace("/ping", "/pong"));
    project.write("notes.txt", "not a spec");
    project.write(".hidden.yaml", "not a spec");
    let loaded = load::load(&project.0, "demo").expect("the folder");
    let paths: Vec<&str> = loaded.sources.iter().map(|(_, it)| it.path.as_str()).collect();
    assert_eq!(paths, ["spec/demo/a.yaml", "spec/demo/api.yaml", "spec/demo/b.yaml"]);
    let api = stages::model(&loaded).0.expect("no errors");
    assert_eq!(api.resources.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["z", "b"]);
}

#[test]
fn what_is_missing_is_said() {
    let project = Project::new("missing");
    assert!(load::load(&project.0, "demo").is_err(), "an empty folder");
    assert!(load::load(&project.0, "other").is_err(), "no folder");
    assert!(load::load(&project.0, "../demo").is_err(), "no name");
    assert!(load::load(&project.0, "").is_err(), "no name");
    project.write("x.yaml", resource());
    assert_eq!(project.codes(), [Code::NoApiFile]);
    let project = Project::new("alone");
    project.write("api.yaml", api());
    assert_eq!(project.codes(), [Code::NoResources]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let project = Project::new("unreadable");
    project.write("api.yaml", api());
    project.write("bytes.yaml", b"resource: \xff\xfe");
    project.write("old.yml", resource());
    fs::create_dir_all(project.0.join("spec/demo/folder.yaml")).expect("a folder");
    assert_eq!(project.codes(), [Code::Unreadable; 3]);
    let loaded = load::load(&project.0, "demo").expect("the folder");
    let places: Vec<u32> = loaded.diagnostics.iter().map(|it| it.primary.span.start).collect();
    assert_eq!(places, [10, 0, 0], "the byte, where there is one");
    let project = Project::new("broken-api");
    project.write("api.yaml", b"\xff");
    project.write("x.yaml", resource());
    assert_eq!(project.codes(), [Code::Unreadable], "the file is there, though nobody can read it");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_said() {
    let project = Project::new("links");
    project.write("api.yaml", api());
    let folder = project.0.join("spec/demo");
    std::os::unix::fs::symlink(folder.join("loop.yaml"), folder.join("loop.yaml")).expect("a link");
    std::os::unix::fs::symlink("nowhere", folder.join("gone.yaml")).expect("a link");
    assert_eq!(project.codes(), [Code::Unreadable; 2]);
}

#[test]
fn the_folder_has_the_name_of_the_api() {
    let project = Project::new("name");
    project.write("api.yaml", testing::API);
    project.write("x.yaml", resource());
    assert_eq!(project.codes(), [Code::NameMismatch]);
}

#[test]
fn a_huge_file_is_refused_without_reading_all_of_it() {
    let project = Project::new("huge");
    project.write("api.yaml", api());
    project.write("x.yaml", "é".repeat(3 << 20));
    assert_eq!(project.codes(), [Code::FileTooLarge]);
}

#[test]
fn a_spec_of_a_newer_language_is_told() {
    let project = Project::new("language");
    project.write("x.yaml", resource());
    for (language, codes) in [("1", vec![]), ("2", vec![Code::NewerLanguage]), ("0", vec![Code::BadText])] {
        project.write("api.yaml", format!("{}language: {language}\n", api()));
        assert_eq!(project.codes(), codes, "{language}");
    }
}
