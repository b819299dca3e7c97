//! Runs that meet each other, that were killed, or that may not write.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use crate::project::{DOGS, Project, command};

/// The file that runs lock.
fn lock(project: &Project) -> File {
    project.put("target/specwright/lock", "");
    File::options().append(true).open(project.root.join("target/specwright/lock")).expect("a file")
}

#[test]
fn a_second_run_waits_for_the_first() {
    for (args, shared) in [(&["codegen"][..], false), (&["codegen", "--check"], false), (&["codegen"], true)] {
        let project = Project::pets();
        project.run(&["codegen"]).exits(0);
        let lock = lock(&project);
        if shared { lock.lock_shared() } else { lock.lock() }.expect("locked");
        let mut child = command(&project.root, args).stdin(Stdio::null()).spawn().expect("the tool starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        stderr.read_line(&mut line).expect("a line");
        assert!(line.contains("waiting for another run"), "{line}");
        assert_eq!(child.try_wait().expect("it can be asked"), None);
        drop(lock);
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).expect("text");
        assert!(child.wait().expect("it ends").success(), "{rest}");
        assert!(rest.contains("total: 1 API"), "{rest}");
    }
}

#[test]
fn checks_do_not_wait_for_each_other_and_lint_for_nobody() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    let lock = lock(&project);
    lock.lock_shared().expect("locked");
    let ran = project.run(&["codegen", "--check"]).exits(0);
    assert!(!ran.stderr.contains("waiting"), "{}", ran.stderr);
    lock.unlock().and_then(|()| lock.lock()).expect("locked");
    project.run(&["lint"]).exits(0);
}

#[test]
fn runs_at_once_leave_what_one_leaves() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    let expected = project.tree("generated");
    fs::remove_dir_all(project.root.join("generated")).expect("removed");
    let start = |_| command(&project.root, &["codegen"]).stdin(Stdio::null()).spawn().expect("the tool starts");
    let children: Vec<_> = (0..6).map(start).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(project.tree("generated"), expected);
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn what_a_killed_run_left_is_told_and_removed() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    project.put("generated/pets/src/.specwright-4711-3.tmp", "");
    project.put(".specwright-4711-1.tmp/Cargo.toml", "# @generated\n");
    project
        .run(&["codegen", "--check"])
        .exits(1)
        .says("left:    generated/pets/src/.specwright-4711-3.tmp")
        .says("left:    .specwright-4711-1.tmp")
        .says("`specwright codegen` repairs it");
    project.run(&["codegen"]).exits(0).says("2 temporary files left by an interrupted run removed");
    assert!(!project.has("generated/pets/src/.specwright-4711-3.tmp") && !project.has(".specwright-4711-1.tmp"));
    // Also where all else is as the last run left it.
    for path in [".specwright-4711-1.tmp", "generated/.specwright-4711-2.tmp"] {
        project.put(path, "");
        project.run(&["codegen"]).exits(0).says("1 temporary file left by an interrupted run removed");
        assert!(!project.has(path));
    }
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn folders_without_files_are_told_and_removed() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    fs::create_dir_all(project.root.join("generated/lost/src")).expect("folders");
    project.run(&["codegen", "--check"]).exits(1).says("empty:   generated/lost");
    assert!(project.has("generated/lost"));
    project.run(&["codegen"]).exits(0).says("lost").says("a folder without files");
    assert!(!project.has("generated/lost"));
    project.run(&["codegen", "--check"]).exits(0);
    // Cargo looks into hidden ones as well.
    fs::create_dir_all(project.root.join("generated/.lost")).expect("folders");
    project.run(&["codegen", "--check"]).exits(1).says("empty:   generated/.lost");
    project.run(&["codegen"]).exits(0).says(".lost").says("a folder without files");
    assert!(!project.has("generated/.lost"));
}

#[test]
fn a_folder_of_somebody_that_is_no_crate_is_told_every_time() {
    let project = Project::pets();
    project.put("generated/.notes/todo.txt", "mine");
    for _ in 0..2 {
        project.run(&["codegen"]).exits(0).says(".notes").says("stays: not a crate, but cargo expects one");
    }
    project.run(&["codegen", "--check"]).exits(1).says("stray:   generated/.notes (not a crate");
    assert!(project.has("generated/.notes/todo.txt"));
}

#[test]
fn nothing_changes_when_something_cannot_be_written() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    let before = project.tree("generated");
    // A folder that cannot be made, since a file stands there, is found before anything is written.
    fs::remove_dir_all(project.root.join("generated/pets/docs")).expect("removed");
    project.put("generated/pets/docs", "mine");
    project.put("spec/pets/dogs.yaml", DOGS.replace("List all dogs.", "List every dog."));
    let kept = project.tree("generated");
    project.run(&["codegen"]).exits(2).says("generated/pets/docs").says("not overwritten");
    assert_eq!(project.tree("generated"), kept);
    fs::remove_file(project.root.join("generated/pets/docs")).expect("removed");
    project.put("spec/pets/dogs.yaml", DOGS);
    project.run(&["codegen"]).exits(0);
    assert_eq!(project.tree("generated"), before);
}

#[test]
fn a_checkout_that_may_not_be_written_can_be_checked() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    fs::remove_dir_all(project.root.join("target")).expect("removed");
    // Where no lock can be made, nothing is written, but all is looked at.
    project.put("target", "a file");
    project.run(&["codegen", "--check"]).exits(0).says("total: 1 API");
    project.run(&["codegen"]).exits(2).says("target/specwright/lock");
}
