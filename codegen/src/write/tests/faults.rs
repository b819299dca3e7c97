//! The writer on a disk that fails, and in a process that is killed: at every step there is.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Folder, texts};
use crate::failure::Failure;
use crate::write::disk::faults::{self, Fault};
use crate::write::{self, Lock, Mode, Tree, Wanted};

const OLD: &str = "// @generated old\n";
const NEW: &str = "// @generated new\n";

/// `pets` changes in all ways, `cats` goes, `birds` comes, `none` is a folder without files.
const BEFORE: [(&str, &str); 11] = [
    ("pets/Cargo.toml", "# @generated old\n"),
    ("pets/src/lib.rs", OLD),
    ("pets/src/same.rs", OLD),
    ("pets/src/gone/a.rs", OLD),
    ("pets/src/gone/b.rs", OLD),
    ("pets/docs/file", OLD),
    ("pets/docs/folder/a.md", OLD),
    ("pets/docs/folder/b.md", OLD),
    ("cats/Cargo.toml", "# @generated old\n"),
    ("cats/src/lib.rs", OLD),
    ("cats/src/deep/a.rs", OLD),
];
const AFTER: [(&str, &str); 8] = [
    ("pets/Cargo.toml", "# @generated new\n"),
    ("pets/src/lib.rs", NEW),
    ("pets/src/same.rs", OLD),
    ("pets/src/more/a.rs", NEW),
    ("pets/docs/file/a.md", NEW),
    ("pets/docs/folder", NEW),
    ("birds/Cargo.toml", "# @generated new\n"),
    ("birds/src/lib.rs", NEW),
];

fn prepared() -> Folder {
    let folder = Folder::new();
    for (path, text) in BEFORE {
        folder.put(path, text);
    }
    fs::create_dir_all(folder.0.join("none/in/it")).expect("folders");
    folder.put("pets/src/.specwright-1-lib.rs.tmp", "");
    folder.put("../.specwright-1-2.tmp/src/lib.rs", "half");
    folder
}

fn sync(root: &Path) -> Result<(), Failure> {
    let project = root.parent().expect("a project");
    let lock = Lock::take(project, Mode::Write, || ())?;
    let scope: Vec<_> = ["pets", "birds", "cats", "none"].into_iter().map(write::Folder::new).collect();
    write::sync(&lock, Tree { root, beside: project }, Wanted::texts(&texts(&AFTER)), &scope).map(|_| ())
}

/// Files of the tree with their texts, temporary ones aside.
fn visible(folder: &Folder) -> Vec<(String, String)> {
    let files = folder.files().into_iter().filter(|it| !it.ends_with('/') && !it.contains(".specwright-"));
    files.map(|it| (folder.get(&it).expect("a text"), it)).map(|(text, it)| (it, text)).collect()
}

/// Cargo takes every folder with a `src` in it for a crate, and stops at one without a manifest or a library.
#[track_caller]
fn assert_whole_crates(folder: &Folder, step: usize) {
    for entry in fs::read_dir(&folder.0).expect("folder") {
        let path = entry.expect("entry").path();
        if path.join("src").exists() {
            assert!(path.join("Cargo.toml").is_file() && path.join("src/lib.rs").is_file(), "step {step}: {path:?}");
        }
    }
}

/// Whatever happened, the next run leaves what it should, and nothing else.
#[track_caller]
fn assert_mended(folder: &Folder, step: usize) {
    sync(&folder.0).unwrap_or_else(|failure| panic!("step {step}: {failure}"));
    let mut expected: Vec<_> = AFTER.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    expected.sort();
    assert_eq!(visible(folder), expected, "step {step}");
    let folders = ["birds/", "birds/src/", "pets/", "pets/docs/", "pets/docs/file/", "pets/src/", "pets/src/more/"];
    let found: Vec<String> = folder.files().into_iter().filter(|it| it.ends_with('/') || it.contains("tmp")).collect();
    assert_eq!(found, folders, "step {step}");
    assert_eq!(folder.beside(), Vec::<String>::new(), "step {step}");
}

#[test]
fn a_step_that_fails_leaves_all_as_it_was_or_says_how_far_it_came() {
    let mut told = 0;
    for step in 0.. {
        let folder = prepared();
        let before = visible(&folder);
        faults::after(step, Fault::Failure);
        let result = sync(&folder.0);
        if !faults::off() {
            assert!(step > 30 && told > 10, "{step} steps, {told} after a change");
            return assert_mended(&folder, step);
        }
        if let Err(failure) = result {
            let changed = failure.help.as_ref().is_some_and(|it| it.contains("changes were already made"));
            assert_eq!(visible(&folder) != before, changed, "step {step}: {failure}");
            let left: Vec<_> = folder.files().into_iter().filter(|it| it.contains("specwright")).collect();
            assert!(left.is_empty() || !changed, "step {step}: {left:?}");
            told += usize::from(changed);
        }
        assert_whole_crates(&folder, step);
        assert_mended(&folder, step);
    }
}

#[test]
fn a_run_that_is_killed_leaves_whole_crates_and_the_next_one_goes_on() {
    let this = env::current_exe().expect("this program");
    for step in 0.. {
        let folder = prepared();
        let mut child = Command::new(&this);
        child.args(["--exact", "write::tests::faults::the_run_that_is_killed"]);
        let status = child.env(STEP, step.to_string()).env(ROOT, &folder.0).output().expect("it starts").status;
        if status.success() {
            assert!(step > 30, "{step} steps");
            return assert_mended(&folder, step);
        }
        assert_eq!(status.code(), Some(faults::KILLED), "step {step}");
        assert_whole_crates(&folder, step);
        assert_mended(&folder, step);
    }
}

const STEP: &str = "SPECWRIGHT_TEST_STEP";
const ROOT: &str = "SPECWRIGHT_TEST_ROOT";

/// What the test above starts; alone it does nothing.
#[test]
fn the_run_that_is_killed() {
    if let (Ok(step), Some(root)) = (env::var(STEP), env::var_os(ROOT)) {
        faults::after(step.parse().expect("a number"), Fault::Kill);
        sync(Path::new(&root)).expect("it comes to the end, or to none");
    }
}
