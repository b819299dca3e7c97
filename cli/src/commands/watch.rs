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

/// Specs are directly in the folders of `spec/`, not deeper.
const DEEPEST: usize = 1;

const PAUSE: Duration = Duration::from_millis(200);

/// There are a few dozen files, so checking their times is simpler than a library for change events.
type Times = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Runs until it is interrupted. An error in a spec does not end it, since the next save may fix the error.
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
        // A folder that cannot be read now may be readable after the next save.
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
            // Links are followed, as they are when specs are read. Links may form cycles.
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
