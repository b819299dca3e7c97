//! A resource as the other files of its crate need it: its place, and what lowering tells of it in short.

use super::{Docs, Resource};
use crate::digest::Digest;
use crate::model::TypeId;

/// A resource of a crate.
#[derive(Debug, Hash)]
pub(crate) struct CrateResource {
    /// As the spec has it.
    pub name: String,
    pub module: String,
    /// Folder name: the module without `r#`.
    pub folder: String,
    pub feature: String,
    pub title: String,
    pub docs: Docs,
    pub outline: Outline,
    /// What its own files are made from; missing where these are known.
    pub lowered: Option<Resource>,
}

/// What lowering tells of a resource in short. It is kept with the files of the resource: a later run that finds the same
/// around it need not lower it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Outline {
    /// All that its view depends on beside what it leads to.
    pub(crate) around: Digest,
    /// With which results of other resources its own are one type.
    pub(crate) shared: Digest,
    /// Results of its tasks that may be equal to others, with what makes them equal.
    pub(crate) results: Vec<(TypeId, Digest)>,
    pub(crate) handle: String,
    /// Of its operations.
    pub(crate) methods: Vec<String>,
    pub(crate) has_variants: bool,
    pub(crate) has_downloads: bool,
    pub(crate) has_redirects: bool,
    pub(crate) has_streams: bool,
    /// The best of its calls.
    pub(crate) call: Option<RankedCall>,
}

/// A call that may become the first of the API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RankedCall {
    /// The least comes first.
    pub rank: [bool; 4],
    pub lines: Vec<String>,
}
