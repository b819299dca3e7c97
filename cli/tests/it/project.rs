//! A project in a temporary folder, and runs of the tool in it.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// The common part of a small API.
pub(crate) const API: &str = "\
api: pets
title: Pets
doc: All about pets.
servers: https://pets.example.com
";

/// A manifest with all that generated crates inherit.
pub(crate) const WORKSPACE: &str = "\
[workspace]
members = [\"generated/*/src/..\"]

[workspace.package]
edition = \"2024\"
rust-version = \"1.88\"
license = \"MIT\"
publish = false

[workspace.dependencies]
specwright-runtime = \"0.1\"
tokio = \"1\"

[workspace.lints]
";

/// One resource with rules worth breaking.
pub(crate) const DOGS: &str = "\
resource: dogs
title: Dogs
doc: Dogs only.
types:
  Dog:
    doc: A dog.
    fields:
      id: string
operations:
  create:
    post: /dogs/{kennel}
    summary: Add a dog.
    body:
      name: {type: string, required: true, max_length: 5, doc: What it listens to.}
      size: {enum: [small, large], doc: How big it is.}
    response: Dog
  list:
    get: /dogs
    summary: List all dogs.
    response: \"[Dog]\"
";

/// A folder that goes away with the test.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// No API at all.
    pub(crate) fn empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("specwright-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let project = Self { root: std::env::temp_dir().join(name) };
        project.put("Cargo.toml", WORKSPACE);
        fs::create_dir_all(project.root.join("spec")).expect("a folder");
        project
    }

    /// One API, `pets`.
    pub(crate) fn pets() -> Self {
        let project = Self::empty();
        project.put("spec/pets/api.yaml", API);
        project.put("spec/pets/dogs.yaml", DOGS);
        project
    }

    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        let full = self.root.join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("a folder");
        fs::write(full, text).expect("a file");
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Runs the tool in the project's folder.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_in(&self.root, args, b"")
    }

    /// Runs it with something on standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &[u8]) -> Ran {
        self.run_in(&self.root, args, input)
    }

    /// Runs it in another folder.
    pub(crate) fn run_in(&self, folder: &Path, args: &[&str], input: &[u8]) -> Ran {
        let mut child = command(folder, args).spawn().expect("the tool starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.to_vec();
        // Beside the reading below, or both sides could wait for each other.
        let writer = thread::spawn(move || {
            // A run that reads nothing closes the pipe early.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().expect("the tool ends");
        writer.join().expect("the writer ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// All files under a folder with their text, by path.
    pub(crate) fn tree(&self, folder: &str) -> Vec<(PathBuf, String)> {
        fn walk(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), files);
                } else {
                    match fs::read_to_string(entry.path()) {
                        Ok(text) => files.push((entry.path(), text)),
                        // A run that goes on meanwhile renames what it has written.
                        Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound, "{}", entry.path().display()),
                    }
                }
            }
        }
        let mut files = Vec::new();
        walk(&self.root.join(folder), &mut files);
        files.sort();
        files
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Ran {
    /// Fails with all of the output unless the exit code is this.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is not in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{text}` is not in {self:#?}");
        self
    }
}

pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
    command.args(args).current_dir(folder).env_remove("CARGO_MANIFEST_DIR").env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
