//! What `codegen` keeps between runs never shows in what it writes: after each edit of a spec, the files are those that a
//! run makes that knows nothing of earlier ones.
//!
//! The edits are those of the tests of `specwright-diff`: one of every kind that maintainers make.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use specwright_codegen::pipeline::{self, Outcome};
use specwright_codegen::write::Mode;

/// Every so many edits are tried of the specs that have most of them.
const STRIDE: usize = 5;

/// A project with one spec, whose folder goes away with the test.
struct Project {
    root: PathBuf,
    spec: PathBuf,
}

impl Project {
    fn of(api: &str) -> Self {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = [ours.join("../spec").join(api), ours.join("project/spec").join(api)];
        let from = folders.iter().find(|it| it.is_dir()).expect("there is such a spec");
        let root = std::env::temp_dir().join(format!("specwright-kept-{}-{api}", std::process::id()));
        let spec = root.join("spec").join(api);
        fs::create_dir_all(&spec).expect("a temporary folder");
        fs::write(root.join("specwright.toml"), "[crates]\nworkspace = false\n").expect("a file");
        for entry in fs::read_dir(from).expect("a folder").flatten() {
            fs::copy(entry.path(), spec.join(entry.file_name())).expect("a file");
        }
        Self { root, spec }
    }

    fn generate(&self, mode: Mode) -> Outcome {
        let lock = pipeline::lock(&self.root, mode, || ()).expect("a lock");
        pipeline::generate(&lock, &[]).expect("specs can be read")
    }

    /// Generates after an edit, which may be one that the compiler refuses; then looks for what would be different if
    /// nothing had been kept.
    fn check(&self, edit: &str) -> bool {
        if self.generate(Mode::Write).has_errors() {
            return false;
        }
        // This mode reads nothing that was kept.
        let stale: Vec<String> = self.generate(Mode::Check).drift.into_iter().map(|it| it.path).collect();
        assert!(stale.is_empty(), "{edit}: {stale:?}");
        true
    }
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
fn edit(project: &Project, row: &Value) -> BTreeMap<PathBuf, String> {
    let mut before = BTreeMap::new();
    for change in row["changes"].as_array().expect("changes") {
        let word = |key: &str| change[key].as_str();
        let path = project.spec.join(format!("{}.yaml", word("file").expect("a file")));
        let text = fs::read_to_string(&path).expect("a file");
        let edited = match (word("from"), word("to")) {
            (Some(from), Some(to)) => text.replacen(from, to, 1),
            _ => format!("{text}{}", word("add").expect("text to add")),
        };
        fs::write(&path, edited).expect("a file");
        before.entry(path).or_insert(text);
    }
    before
}

#[test]
fn edits_leave_nothing_stale() {
    let mut tried = 0;
    for (api, rows) in edits() {
        let project = Project::of(&api);
        assert!(project.check(&api), "{api} has no errors");
        let stride = if rows.len() > 50 { STRIDE } else { 1 };
        for row in rows.iter().step_by(stride) {
            let before = edit(&project, row);
            tried += usize::from(project.check(row["edit"].as_str().expect("a name")));
            for (path, text) in before {
                fs::write(path, text).expect("a file");
            }
        }
        assert!(project.check(&api));
    }
    assert!(tried > 150, "{tried}");
}
