//! What `codegen` keeps between runs never shows: after each edit of a spec, the files and what is told are those of a run
//! that knows nothing of earlier ones.
//!
//! The edits are those of the tests of `specwright-diff`, one of every kind that maintainers make, and limits that examples
//! break.

mod elsewhere;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use specwright_codegen::diagnostics::Diagnostic;
use specwright_codegen::pipeline::{self, Outcome};
use specwright_codegen::scaffold;
use specwright_codegen::write::Mode;

/// Every so many edits are tried of the specs that have most of them, and all where `RUN_SLOW_TESTS` is set.
fn stride(of_many: usize) -> usize {
    if std::env::var_os("RUN_SLOW_TESTS").is_some() { 1 } else { of_many }
}

/// A project whose folder goes away with the test.
struct Project {
    root: PathBuf,
}

impl Project {
    /// With the specs of these APIs.
    fn of(name: &str, apis: &[&str]) -> Self {
        let root = std::env::temp_dir().join(format!("specwright-kept-{}-{name}", std::process::id()));
        fs::create_dir_all(&root).expect("a temporary folder");
        fs::write(root.join("specwright.toml"), "[crates]\nworkspace = false\n").expect("a file");
        let project = Self { root };
        let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
        for api in apis {
            let folders = [ours.join("../spec").join(api), ours.join("project/spec").join(api)];
            let from = folders.iter().find(|it| it.is_dir()).expect("there is such a spec");
            for entry in fs::read_dir(from).expect("a folder").flatten() {
                let text = fs::read_to_string(entry.path()).expect("a file");
                project.write(&format!("spec/{api}/{}", entry.file_name().to_string_lossy()), &text);
            }
        }
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("a file")
    }

    /// Puts other text in place of some that is there once or more often.
    fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has `{from}`");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// The files of a spec, from the project's folder.
    fn files(&self, api: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join("spec").join(api)).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names.into_iter().filter(|it| it.ends_with(".yaml")).map(|it| format!("spec/{api}/{it}")).collect()
    }

    fn generate(&self, mode: Mode) -> Outcome {
        let lock = pipeline::lock(&self.root, mode, || ()).expect("a lock");
        pipeline::generate(&lock, &[]).expect("specs can be read")
    }

    /// Generates after an edit, which may be one that the compiler refuses; then looks for what would be different if
    /// nothing had been kept.
    #[track_caller]
    fn check(&self, edit: &str) -> Outcome {
        let kept = self.generate(Mode::Write);
        // This mode reads nothing that was kept.
        let fresh = self.generate(Mode::Check);
        assert_eq!(told(&kept), told(&fresh), "{edit}");
        if !kept.has_errors() {
            let stale: Vec<String> = fresh.drift.into_iter().map(|it| it.path).collect();
            assert!(stale.is_empty(), "{edit}: {stale:?}");
        }
        kept
    }
}

/// What a run says of each API of which it says anything. One that is as the last run left it has no warning.
fn told(outcome: &Outcome) -> Vec<(&str, usize, &[Diagnostic])> {
    let told = outcome.apis.iter().filter(|it| !it.diagnostics.is_empty());
    told.map(|it| (it.name.as_str(), it.errors, it.diagnostics.as_slice())).collect()
}

/// The APIs that a run did not read, since they are as the last run left them.
fn unread(outcome: &Outcome) -> Vec<&str> {
    outcome.apis.iter().filter(|it| it.unchanged_since_last_run).map(|it| it.name.as_str()).collect()
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The rows of all tables, by API.
fn edits() -> BTreeMap<String, Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../diff/tests/edits");
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let rows: Vec<Value> =
            serde_yaml::from_str(&fs::read_to_string(entry.path()).expect("a file")).expect("a table of edits");
        for row in rows {
            all.entry(row["api"].as_str().expect("an API").to_owned()).or_default().push(row);
        }
    }
    all
}

/// Makes the changes of a row, and returns the files as they were.
fn edit(project: &Project, api: &str, row: &Value) -> BTreeMap<String, String> {
    let mut before = BTreeMap::new();
    for change in row["changes"].as_array().expect("changes") {
        let word = |key: &str| change[key].as_str();
        let path = format!("spec/{api}/{}.yaml", word("file").expect("a file"));
        let text = project.read(&path);
        let edited = match (word("from"), word("to")) {
            (Some(from), Some(to)) => text.replacen(from, to, 1),
            _ => format!("{text}{}", word("add").expect("text to add")),
        };
        project.write(&path, &edited);
        before.entry(path).or_insert(text);
    }
    before
}

#[test]
fn edits_leave_nothing_stale() {
    let mut tried = 0;
    for (api, rows) in edits() {
        let project = Project::of(&api, &[&api]);
        assert!(!project.check(&api).has_errors(), "{api} has no errors");
        let stride = if rows.len() > 50 { stride(12) } else { 1 };
        for row in rows.iter().step_by(stride) {
            let before = edit(&project, &api, row);
            tried += usize::from(!project.check(row["edit"].as_str().expect("a name")).has_errors());
            for (path, text) in before {
                project.write(&path, &text);
            }
        }
        assert!(!project.check(&api).has_errors());
    }
    assert!(tried > 150, "{tried}");
}

/// Limits, and numbers that make most of them too strict.
const STRICT: [(&str, &str); 5] = [
    ("max_length: ", "1"),
    ("maximum: ", "1"),
    ("max_items: ", "1"),
    ("minimum: ", "99999"),
    ("min_length: ", "99999"),
];

#[test]
fn faults_are_told_whatever_was_judged_before() {
    let mut broken = 0;
    for api in ["jukebox", "palaver", "payments", "runanything", "studio"] {
        let project = Project::of(&format!("faults-{api}"), &[api]);
        assert!(!project.check(api).has_errors(), "{api} has no errors");
        for path in project.files(api) {
            let text = project.read(&path);
            for (limit, number) in STRICT {
                for (at, _) in text.match_indices(limit).step_by(stride(3)) {
                    let (before, after) = text.split_at(at + limit.len());
                    let rest = after.trim_start_matches(|it: char| it.is_ascii_digit());
                    project.write(&path, &format!("{before}{number}{rest}"));
                    broken += usize::from(project.check(&format!("{path}: {limit}at {at}")).has_errors());
                }
            }
            project.write(&path, &text);
        }
        assert!(!project.check(api).has_errors());
    }
    assert!(broken > 20, "{broken}");
}

#[test]
fn apis_of_one_project_do_not_touch_each_other() {
    let project = Project::of("several", &["bell", "jukebox", "payments"]);
    assert!(unread(&project.check("all are new")).is_empty());

    project.replace("spec/bell/bells.yaml", "title: Bells", "title: Large bells");
    let outcome = project.check("one is edited");
    assert_eq!(unread(&outcome), ["jukebox", "payments"]);
    assert!(outcome.drift.iter().all(|it| it.path.starts_with("bell/")) && !outcome.drift.is_empty());

    project.replace("spec/bell/bells.yaml", "minimum: 1}", "minimum: 1, maximum: 0}");
    let outcome = project.check("one is broken");
    assert_eq!((outcome.apis[0].errors > 0, outcome.drift.len()), (true, 0));
    project.replace("spec/jukebox/api.yaml", "title: Jukebox", "title: Juke");
    assert!(project.check("another is edited while one is broken").drift.is_empty());
    project.replace("spec/bell/bells.yaml", "minimum: 1, maximum: 0}", "minimum: 1}");
    let outcome = project.check("the one is mended");
    assert_eq!(unread(&outcome), ["bell", "payments"]);
    assert!(outcome.drift.iter().all(|it| it.path.starts_with("jukebox/")) && !outcome.drift.is_empty());

    let unused = "types:\n  Nobodys: {doc: Nobody has it., fields: {id: string}}\n";
    project.replace("spec/bell/bells.yaml", "types:\n", unused);
    assert_eq!(project.check("one has a warning").apis[0].warnings, 1);
    project.replace("spec/payments/api.yaml", "title: ", "title: Other ");
    let outcome = project.check("another is edited");
    assert_eq!((outcome.apis[0].warnings, unread(&outcome)), (1, vec!["jukebox"]), "the warning is told again");
    project.replace("spec/bell/bells.yaml", unused, "types:\n");
    assert_eq!(project.check("the warning is gone").apis[0].warnings, 0);

    let generated = ["generated/payments/src/lib.rs", "generated/payments/Cargo.toml"].map(|it| (it, project.read(it)));
    project.write(generated[0].0, &generated[0].1.replace("//!", "// !"));
    fs::remove_file(project.root.join(generated[1].0)).expect("a file");
    project.replace("spec/bell/bells.yaml", "title: Large bells", "title: Bells");
    let outcome = project.check("generated files of an API are edited and deleted that nobody touched");
    assert_eq!(unread(&outcome), ["jukebox"]);
    for (path, text) in generated {
        assert_eq!(project.read(path), text, "{path}");
    }

    fs::remove_dir_all(project.root.join("spec/jukebox")).expect("a folder");
    let outcome = project.check("an API is deleted");
    assert_eq!(unread(&outcome), ["bell", "payments"]);
    assert_eq!(outcome.removed_crates, ["jukebox"]);
    assert!(!project.root.join("generated/jukebox").exists());
}

#[test]
fn warnings_are_told_again_after_an_edit_elsewhere() {
    let project = Project::of("warnings", &[]);
    for (name, text) in scaffold::files("one").expect("a name") {
        project.write(&format!("spec/one/{name}"), &text);
        if name == "example.yaml" {
            let pairs = [
                ("resource: example", "resource: other"),
                ("Picture:", "Drawing:"),
                ("picture: Picture", "it: Drawing"),
            ];
            let other = pairs.iter().fold(text, |it, (from, to)| it.replace(from, to));
            let other = other.replace("picture: {url", "it: {url").replace("/v1/", "/v2/");
            project.write("spec/one/other.yaml", &other);
        }
    }
    let (ours, other) = ("spec/one/example.yaml", "spec/one/other.yaml");
    let warnings = |edit: &str| project.check(edit).apis[0].warnings;
    assert_eq!(warnings("all is new"), 0);
    project.replace(ours, "max_length: 500", "max_length: 5000");
    assert_eq!(warnings("a limit has no effect"), 1);
    project.replace(other, "summary: Draw a picture.", "summary: Draw any picture.");
    assert_eq!(warnings("the other file is edited"), 1);
    project.replace(other, "max_length: 500", "max_length: 6000");
    assert_eq!(warnings("it has such a limit as well"), 2);
    project.replace(ours, "max_length: 5000", "max_length: 500");
    assert_eq!(warnings("the first is mended"), 1);
}

#[test]
fn what_else_became_of_files_never_shows() {
    const SPEC: &str = "spec/bell/bells.yaml";
    const CACHE: &str = "target/specwright/emit_cache/bell";
    let project = Project::of("files", &["bell"]);
    project.check("all is new");
    let mut count = 0;
    let mut edit = || {
        count += 1;
        project.replace(SPEC, "title: ", &format!("title: {count} "));
    };
    let files = ["generated/bell/src/bells/mod.rs", "generated/bell/docs/bells.md", "generated/bell/src/types.rs"];
    for path in files.map(|it| project.root.join(it)).iter().filter(|it| it.exists()) {
        let text = fs::read_to_string(path).expect("a file");
        edit();
        fs::write(path, text.replacen("bell", "ball", 1)).expect("a file");
        project.check("a file is edited");
        edit();
        fs::remove_file(path).expect("a file");
        project.check("a file is deleted");
        edit();
        fs::remove_file(path).expect("a file");
        fs::create_dir(path).expect("a folder");
        project.check("a folder takes the place of a file");
    }
    // The cache is of a run, and the crate of another one.
    let (cache, spec) = (fs::read(project.root.join(CACHE)).expect("a cache"), project.read(SPEC));
    edit();
    project.check("the cache is new");
    fs::write(project.root.join(CACHE), &cache).expect("a file");
    project.write(SPEC, &spec);
    project.check("the cache is old, and so is the spec");
    edit();
    project.write("spec/other/api.yaml", "api: other");
    let outcome = project.generate(Mode::Write);
    assert!(outcome.has_errors(), "the cache is new, and no file is written");
    project.write(SPEC, &spec);
    fs::remove_dir_all(project.root.join("spec/other")).expect("a folder");
    project.check("the spec is old again");
    edit();
    let lock = pipeline::lock(&project.root, Mode::Write, || ()).expect("a lock");
    pipeline::generate(&lock, &["bell".to_owned()]).expect("specs can be read");
    drop(lock);
    project.check("the API was made alone before");
    edit();
    fs::remove_dir_all(project.root.join("generated")).expect("a folder");
    project.check("the crates are deleted");
}

#[cfg(unix)]
#[test]
fn a_file_of_two_apis_is_read_for_both() {
    let project = Project::of("shared", &[]);
    for api in ["one", "two", "three"] {
        for (name, text) in scaffold::files(api).expect("a name") {
            project.write(&format!("spec/{api}/{name}"), &text);
        }
    }
    let (ours, link) = ("spec/one/example.yaml", project.root.join("spec/two/example.yaml"));
    fs::remove_file(&link).expect("a file");
    std::os::unix::fs::symlink("../one/example.yaml", &link).expect("a link");
    assert!(!project.check("all are new").has_errors());
    project.replace(ours, "summary: Draw a picture.", "summary: Draw any picture.");
    let outcome = project.check("the file is edited");
    assert_eq!(unread(&outcome), ["three"]);
    for api in ["one/", "two/"] {
        assert!(outcome.drift.iter().any(|it| it.path.starts_with(api)), "{api}");
    }
    project.replace(ours, "max_length: 2000", "max_length: 2");
    let outcome = project.check("the file is broken");
    assert!(outcome.apis.iter().filter(|it| it.errors > 0).count() == 2);
}
