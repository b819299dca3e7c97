//! What earlier runs printed, each file with a digest of all that it was made from.
//!
//! To make tokens, or Markdown, and to print them is most of a run, and most files come out as they did the last time.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;

/// Files of one crate by path, as one compiler printed them.
#[derive(Debug, Default)]
pub struct EmitCache {
    /// By path inside the crate.
    pub files: BTreeMap<String, CachedFile>,
    /// By name.
    pub resources: BTreeMap<String, CachedResource>,
}

/// What the source files of a resource were made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachedResource {
    /// All that docs of its operations can depend on.
    pub words: Digest,
    /// Its view, without these docs.
    pub rest: Digest,
    /// Nothing was told of the rules and examples of all that it leads to.
    pub is_sound: bool,
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

impl CachedResource {
    /// Whether the source files are those that this was made from.
    pub(crate) fn gives_the_files_of(&self, other: &Self) -> bool {
        (self.words, self.rest) == (other.words, other.rest)
    }
}

impl EmitCache {
    /// The file that this input gave before.
    pub(crate) fn find(&self, path: &str, from: Digest) -> Option<&CachedFile> {
        self.files.get(path).filter(|it| it.from == from)
    }

    /// For each of these resources, with what its words depend on, whether they are as they were.
    pub(crate) fn knows_words<'n>(&self, resources: impl Iterator<Item = (&'n str, Digest)>) -> Vec<bool> {
        resources.map(|(name, words)| self.resources.get(name).is_some_and(|it| it.words == words)).collect()
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
