//! What earlier runs printed, each file with a digest of all that it was made from.
//!
//! To make tokens, or Markdown, and to print them is most of a run, and most files come out as they did the last time.

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
    pub text: String,
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
        let changed = self.files.len() < before || !new.files.is_empty() || self.resources != new.resources;
        self.resources = new.resources;
        self.files.extend(new.files);
        changed
    }
}
