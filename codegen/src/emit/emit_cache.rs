//! What earlier runs printed: of each file digests of all that it was made from, and of its text.
//!
//! The texts stand in the crate; what is there no longer, or is another text, is not in here. To make tokens, or Markdown, and to print them is most of a run, and most files come out as they did the last time.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::lower::view::Outline;

/// Files of one crate by path, as one compiler printed them.
#[derive(Debug, Default)]
pub struct EmitCache {
    /// By path inside the crate.
    pub files: BTreeMap<String, CachedFile>,
    /// By name.
    pub resources: BTreeMap<String, CachedResource>,
    /// Files are missing that were printed, since the crate does not have them any more.
    pub lacks_files: bool,
}

/// What the source files of a resource were made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CachedResource {
    /// All that it leads to.
    pub words: Digest,
    /// Its view, without these docs.
    pub rest: Digest,
    /// Nothing was told of the rules and examples of all that it leads to.
    pub is_sound: bool,
    /// Its source files, by path inside the crate.
    pub files: Vec<String>,
    /// What stands for its view where it is not lowered.
    pub outline: Outline,
}

/// One file.
#[derive(Debug)]
pub struct CachedFile {
    /// All of the emitter's input.
    pub from: Digest,
    /// Whether an identifier has letters beyond ASCII.
    pub foreign: bool,
    /// The file's text.
    pub text: Digest,
}

/// Files of a crate, by path inside it.
#[derive(Debug, Default)]
pub struct Files {
    /// Those that were made now.
    pub texts: BTreeMap<String, String>,
    /// Those that stand in the crate as they would be made.
    pub kept: BTreeSet<String>,
}

impl Files {
    /// Takes in those of another.
    pub fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.kept.extend(other.kept);
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().chain(&self.kept).map(String::as_str)
    }
}

impl EmitCache {
    /// The file that this input gave before.
    pub(crate) fn find(&self, path: &str, from: Digest) -> Option<&CachedFile> {
        self.files.get(path).filter(|it| it.from == from)
    }

    /// The resource that has all of its files here and leads to the same as when they were made.
    pub(crate) fn resource(&self, name: &str, words: Digest) -> Option<&CachedResource> {
        let resource = self.resources.get(name).filter(|it| it.words == words)?;
        resource.files.iter().all(|it| self.files.contains_key(it)).then_some(resource)
    }

    /// Takes in what was printed anew, drops what is wanted no more. Whether anything differs now.
    pub fn renew(&mut self, new: Self, wanted: &BTreeSet<&str>) -> bool {
        let before = self.files.len();
        self.files.retain(|path, _| wanted.contains(path.as_str()));
        let changed =
            self.lacks_files || self.files.len() < before || !new.files.is_empty() || self.resources != new.resources;
        self.resources = new.resources;
        self.files.extend(new.files);
        changed
    }
}
