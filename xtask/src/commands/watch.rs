//! `codegen --watch`: runs again whenever a spec file changes, until it is interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use specwright_codegen::pipeline::SPEC;

use super::codegen;
use crate::CommandResult;
use crate::output::{self, say};

/// Specs stand in the folders of `spec/`, not below.
const DEEPEST: usize = 1;

const PAUSE: Duration = Duration::from_millis(200);

/// A few dozen files: looking at their times is cheaper than a library that is told of changes.
type Times = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Never returns but by an interrupt: an error in a spec is what the next save mends.
pub(crate) fn run(project: &Path, apis: &[String]) -> CommandResult {
    let folder = project.join(SPEC);
    loop {
        // Taken before the run, so that a save during the run starts the next one.
        let seen = times(&folder);
        if let Err(failure) = codegen::run(project, apis, false) {
            output::failure(&failure);
        }
        say(&format!("watching `{SPEC}/`; Ctrl-C ends it"));
        while times(&folder) == seen {
            thread::sleep(PAUSE);
        }
        say("");
    }
}

fn times(folder: &Path) -> Times {
    let mut found = Times::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        // What cannot be read now may be so after the next save.
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
            // Through links, as specs are read; these may lead round in circles.
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() && depth < DEEPEST => folders.push((path, depth + 1)),
                Ok(metadata) => {
                    found.insert(path, (metadata.len(), metadata.modified().ok()));
                }
                Err(_) => {}
            }
        }
    }
    found
}
