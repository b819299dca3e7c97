//! Named pipes where files are expected: opening one waits until somebody writes to it, which nobody does.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::project::{Project, command};

/// Far more than a run takes.
const LONGEST: Duration = Duration::from_secs(60);

fn make_pipe(path: &Path) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo starts");
    assert!(made.success(), "{}", path.display());
}

/// Runs the tool, which has to end. What it says is what it said on standard error.
#[track_caller]
fn ends(project: &Project, args: &[&str], pipe: &str) -> String {
    let mut child = command(&project.root, args).stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it starts");
    let mut stderr = child.stderr.take().expect("a pipe");
    let reader = thread::spawn(move || {
        let mut text = String::new();
        let _ = stderr.read_to_string(&mut text);
        text
    });
    let start = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            break status.code();
        }
        if start.elapsed() > LONGEST {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{args:?} waits for the pipe `{pipe}`");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let said = reader.join().expect("the reader ends");
    assert!(code.is_some_and(|it| it <= 2) && !said.contains("panicked"), "{args:?} {pipe}: {code:?} {said}");
    said
}

const RUNS: [&[&str]; 4] = [&["lint"], &["codegen", "--check"], &["codegen"], &["new", "cats"]];

/// Each file that a run leaves behind, and some that it would find, in turn.
#[test]
fn no_run_waits_for_a_pipe() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    project.run(&["lint"]).exits(0);
    let relative = |path: &Path| path.strip_prefix(&project.root).expect("below").to_string_lossy().into_owned();
    let mut pipes: Vec<String> = project.tree("").iter().map(|(path, _)| relative(path)).collect();
    // One file of a crate stands for those of its kind.
    pipes.retain(|it| !it.starts_with("generated/pets/docs/") && !it.starts_with("generated/pets/examples/"));
    assert!(pipes.iter().any(|it| it.starts_with("target/specwright/")), "{pipes:?}");
    let others = [
        "specwright.toml",
        "spec/pets/CHANGELOG.md",
        "spec/pets/cats.yaml",
        "spec/pets/notes.txt",
        "spec/notes",
        "generated/pets/src/other.rs",
        "generated/cats/Cargo.toml",
        "generated/other",
        "old/pets/Cargo.toml",
    ];
    pipes.extend(others.map(str::to_owned));
    for pipe in pipes {
        let project = Project::pets();
        project.run(&["codegen"]).exits(0);
        project.run(&["lint"]).exits(0);
        let _ = fs::remove_file(project.root.join(&pipe));
        make_pipe(&project.root.join(&pipe));
        for args in RUNS {
            ends(&project, args, &pipe);
        }
    }
}

#[test]
fn a_pipe_is_told() {
    for pipe in ["specwright.toml", "Cargo.toml", "spec/pets/dogs.yaml", "spec/pets/CHANGELOG.md"] {
        let project = Project::pets();
        project.put("specwright.toml", "");
        let _ = fs::remove_file(project.root.join(pipe));
        make_pipe(&project.root.join(pipe));
        let said = ends(&project, &["codegen"], pipe);
        assert!(said.contains("it is not a regular file") && said.contains(pipe), "{pipe}: {said}");
    }
}
