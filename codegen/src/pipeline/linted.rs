//! Remembers in which APIs `lint` found nothing, so that it reads only those that were edited since.
//!
//! `target/specwright/linted` has a line for each: its name, and the hash of its specs that [`Specs`] has. What is found is
//! never kept, so an API with as much as a warning is read again by each run. The file may be deleted at any time.

use std::fs;
use std::path::{Path, PathBuf};

use super::fingerprint::Specs;
use crate::load::Loaded;
use crate::regular_file;
use crate::settings::Settings;

/// The APIs that are as they were when nothing was found in them.
#[derive(Debug)]
pub(super) struct Clean {
    specs: Specs,
    apis: Vec<String>,
}

impl Clean {
    /// Missing where something cannot be read, which is told by what reads it.
    pub(super) fn of(project: &Path) -> Option<Self> {
        let settings = Settings::load(project).ok()?;
        let specs = Specs::of(project, &settings)?;
        let text = regular_file::read_to_string(&file(project)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let apis =
            specs.iter().filter(|it| lines.contains(&line(*it).as_str())).map(|(api, _)| api.to_owned()).collect();
        Some(Self { specs, apis })
    }

    pub(super) fn has(&self, api: &str) -> bool {
        self.apis.iter().any(|it| it == api)
    }

    /// The files of an API, if there is nothing to say about them yet.
    pub(super) fn take_spec(&self, api: &str) -> Option<Loaded> {
        self.specs.take(api)
    }

    /// Keeps these, and those in which nothing was found now. Errors are ignored: the next run does all the work.
    pub(super) fn remember<'a>(self, project: &Path, found: impl Iterator<Item = &'a str>) {
        let new: Vec<&str> = found.filter(|it| !self.has(it)).collect();
        if new.is_empty() {
            return;
        }
        let kept = self.specs.iter().filter(|(api, _)| self.has(api) || new.contains(api));
        let text: String = kept.map(|it| line(it) + "\n").collect();
        let file = file(project);
        let Some(folder) = file.parent() else { return };
        // Under a name of its own first, since another run may be reading.
        let written = folder.join(format!("linted-{}", std::process::id()));
        let _ = fs::create_dir_all(folder)
            .and_then(|()| regular_file::check(&written).and_then(|()| fs::write(&written, text)))
            .and_then(|()| fs::rename(&written, &file));
    }
}

fn line((api, hash): (&str, u64)) -> String {
    format!("{api} {hash:016x}")
}

fn file(project: &Path) -> PathBuf {
    project.join("target").join("specwright").join("linted")
}
