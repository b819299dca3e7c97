//! Folders as a whole, and what killed runs leave behind.

use std::fs;
use std::sync::mpsc;
use std::thread;

use super::{A, B, Folder, texts};
use crate::failure::Failure;
use crate::write::{self, Drift, DriftKind, Lock, Mode, Tree, Wanted};

fn kinds(drift: &[Drift]) -> Vec<(&str, &DriftKind)> {
    drift.iter().map(|it| (it.path.as_str(), &it.kind)).collect()
}

#[test]
fn leftovers_of_a_killed_run_are_told_and_swept() {
    let folder = Folder::new();
    folder.put("pets/a.rs", A);
    folder.put("pets/.specwright-1-a.rs.tmp", "");
    folder.put("pets/src/.specwright-4194304-17.tmp", "// @gene");
    folder.put(".specwright-7-1.tmp", "");
    folder.put("../.specwright-7-2.tmp/src/lib.rs", "half");
    let told = [
        ("../.specwright-7-2.tmp", &DriftKind::Leftover),
        (".specwright-7-1.tmp", &DriftKind::Leftover),
        ("pets/.specwright-1-a.rs.tmp", &DriftKind::Leftover),
        ("pets/src/.specwright-4194304-17.tmp", &DriftKind::Leftover),
    ];
    assert_eq!(kinds(&folder.sync(&[("pets/a.rs", A)], Mode::Check).expect("can be read")), told);
    assert_eq!(kinds(&folder.write(&[("pets/a.rs", A)])), told);
    assert_eq!(folder.files(), ["pets/", "pets/a.rs"]);
    assert!(folder.beside().is_empty());
    assert_eq!(folder.write(&[("pets/a.rs", A)]), []);
}

#[test]
fn what_only_looks_like_a_leftover_stays() {
    let folder = Folder::new();
    folder.put("pets/a.rs", A);
    let names = [
        ".specwright-notes.tmp",
        ".specwright-12.tmp",
        ".specwright-12-.tmp",
        ".specwright--a.tmp",
        ".specwright-1x-a.tmp",
        ".specwright-12-a.rs",
        "specwright-12-a.tmp",
    ];
    for name in names {
        folder.put(&format!("pets/{name}"), "mine");
    }
    folder.put("pets/.specwright-12-folder.tmp/mine", "mine");
    folder.write(&[("pets/a.rs", B)]);
    assert_eq!(folder.files().len(), 2 + names.len() + 2);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.0.join("pets/.specwright-12-link.tmp")).expect("link");
        folder.write(&[("pets/a.rs", A)]);
        assert!(fs::symlink_metadata(folder.0.join("pets/.specwright-12-link.tmp")).is_ok());
    }
}

#[test]
fn an_empty_leftover_does_not_keep_a_crate() {
    let folder = Folder::new();
    folder.put("pets/Cargo.toml", "# @generated\n");
    folder.put("pets/.specwright-1-a.rs.tmp", "");
    folder.put("pets/deep/er/.specwright-1-b.rs.tmp", "");
    assert_eq!(folder.write(&[]).len(), 3);
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

#[test]
fn a_folder_that_goes_takes_its_empty_folders_along() {
    let folder = Folder::new();
    folder.put("pets/Cargo.toml", "# @generated\n");
    fs::create_dir_all(folder.0.join("pets/src/old/deep")).expect("folders");
    folder.write(&[]);
    assert!(folder.files().is_empty() && folder.beside().is_empty(), "{:?}", folder.files());
}

#[test]
fn folders_without_a_file_are_told_and_removed() {
    let folder = Folder::new();
    for path in ["pets", "cats/src/deep", "dogs", "apes"] {
        fs::create_dir_all(folder.0.join(path)).expect("folders");
    }
    folder.put("dogs/mine.txt", "mine");
    folder.put("apes/.specwright-1-x.tmp", "");
    let scope = ["pets", "cats", "dogs", "apes"];
    let check = folder.sync_all(&[("pets/a.rs", A)], &scope, Mode::Check).expect("can be read");
    let expected = [
        ("apes", &DriftKind::Empty),
        ("apes/.specwright-1-x.tmp", &DriftKind::Leftover),
        ("cats", &DriftKind::Empty),
        // Cargo takes it for a crate.
        ("dogs", &DriftKind::NoCrate),
        ("dogs/mine.txt", &DriftKind::Stray),
        ("pets/a.rs", &DriftKind::Missing),
    ];
    assert_eq!(kinds(&check), expected);
    folder.sync_all(&[("pets/a.rs", A)], &scope, Mode::Write).expect("can be written");
    assert_eq!(folder.files(), ["dogs/", "dogs/mine.txt", "pets/", "pets/a.rs"]);
}

#[test]
fn a_protected_folder_stays_and_so_does_all_else() {
    let folder = Folder::new();
    folder.put("pets/a.rs", A);
    folder.put("cats/a.rs", A);
    let protected =
        |name: &str| write::Folder { name: name.to_owned(), protected: Some(Failure::new(format!("{name} stays"))) };
    for mode in [Mode::Check, Mode::Write] {
        let lock = Lock::take(folder.project(), mode, || ()).expect("a lock");
        let tree = Tree { root: &folder.0, beside: folder.project() };
        let sync = |wanted: &[(&str, &str)]| {
            write::sync(&lock, tree, Wanted::texts(&texts(wanted)), &[write::Folder::new("pets"), protected("cats")])
        };
        assert_eq!(sync(&[("pets/a.rs", B)]), Err(Failure::new("cats stays")));
        assert_eq!(folder.get("pets/a.rs").as_deref(), Some(A));
        // What is wanted in it is written, and what nobody generated is nobody's business.
        assert_eq!(sync(&[("pets/a.rs", A), ("cats/a.rs", A)]), Ok(Vec::new()));
    }
}

#[test]
fn one_run_at_a_time() {
    let folder = Folder::new();
    for (held, wanted) in [(Mode::Check, Mode::Write), (Mode::Write, Mode::Write), (Mode::Write, Mode::Check)] {
        let lock = Lock::take(folder.project(), held, || ()).expect("a lock");
        let (told, heard) = mpsc::channel();
        let project = folder.project().to_owned();
        let waiting = thread::spawn(move || Lock::take(&project, wanted, || told.send(()).expect("somebody listens")));
        heard.recv().expect("it says that it waits");
        drop(lock);
        let other = waiting.join().expect("it ends").expect("a lock");
        assert_eq!(other.mode(), wanted);
    }
    let looking = Lock::take(folder.project(), Mode::Check, || ()).expect("a lock");
    Lock::take(folder.project(), Mode::Check, || ()).expect("many may look at once");
    drop(looking);
    // What a run of another version left in the file does not matter, nor that there is no such file.
    folder.put("../target/specwright/lock", "1234");
    Lock::take(folder.project(), Mode::Write, || ()).expect("a lock");
}

#[test]
fn where_no_lock_can_be_had_one_may_look_but_not_write() {
    let folder = Folder::new();
    folder.put("../target", "a file");
    Lock::take(folder.project(), Mode::Check, || ()).expect("nothing is changed");
    let failure = Lock::take(folder.project(), Mode::Write, || ()).expect_err("no lock");
    assert!(failure.message.contains("specwright/lock"), "{failure}");
}
