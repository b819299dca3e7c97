//! The Rust view → source files of one crate. Pure: no decision, no look-up, no disk.
//!
//! There is one file per concern. Each function takes a piece of [`view`](crate::lower::view) and returns tokens.

mod builder;
mod checks;
mod client;
mod codec;
mod constructors;
mod failure;
mod krate;
mod manifest;
mod operation;
mod pages;
mod print;
mod request;
mod resource;
mod statics;
mod stream;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod unions;
mod webhook;
mod xml;

use std::hash::Hash;

use self::print::Module;
use super::{CachedFile, CachedResource, EmitCache, Files};
use crate::digest::Digest;
use crate::lower::view::{Crate, CrateResource, Resource};
use crate::parallel;
use crate::settings::Crates;

pub(super) use krate::first_call;

/// All files of the crate but its docs and README, by path inside the crate's folder; and those that were not known
/// `before`. `None`: files are missing there of a resource whose view has no docs. `from` has what the docs of each
/// resource are made from.
///
/// Files are independent of each other, so each is a job, and jobs are shared out to a few threads; tokens never leave
/// the thread that made them.
pub(crate) fn files(krate: &Crate, before: &EmitCache, from: &[Digest], crates: &Crates) -> Option<(Files, EmitCache)> {
    let (mut files, mut printed) = (Files::default(), EmitCache::default());
    let resources: Vec<_> = krate.resources.iter().zip(from).collect();
    let described = parallel::map(&resources, |(resource, words)| cached(resource, **words, before));
    printed.resources =
        resources.iter().zip(described).filter_map(|(it, new)| Some((it.0.name.clone(), new?))).collect();
    let mut others = Vec::new();
    let mut foreign = false;
    for resource in &krate.resources {
        let new = printed.resources.get(&resource.name);
        let kept = new.zip(new.and_then(|it| before.resource(&resource.name, it.words)));
        match (kept.filter(|(new, old)| new.rest == old.rest), &resource.lowered) {
            (Some((_, old)), _) => {
                for path in &old.files {
                    foreign |= before.files.get(path)?.foreign;
                    files.kept.insert(path.clone());
                }
            }
            (None, Some(lowered)) if *lowered.has_words => others.push(lowered),
            (None, _) => return None,
        }
    }
    let done = parallel::map(&jobs(krate, &others), |job| job.run(krate, before));
    foreign |= done.iter().any(|it| it.foreign);
    for EmittedFile { path, foreign, text, from } in done {
        let Some(text) = text else {
            files.kept.insert(path);
            continue;
        };
        if let Some(from) = from {
            printed.files.insert(path.clone(), CachedFile { from, foreign, text: Digest::of(text.as_bytes()) });
        }
        files.texts.insert(path, text);
    }
    let lib = || krate::lib(krate, foreign);
    files.texts.insert("src/lib.rs".to_owned(), print::file(&krate.spec, "krate", lib(), lib).0);
    files.texts.insert("Cargo.toml".to_owned(), manifest::manifest(krate, crates));
    Some((files, printed))
}

/// What is kept of a resource: of one that was not lowered, what was kept `before`.
fn cached(resource: &CrateResource, words: Digest, before: &EmitCache) -> Option<CachedResource> {
    let Some(lowered) = &resource.lowered else { return before.resource(&resource.name, words).cloned() };
    let rest = Digest::without_words(lowered);
    Some(CachedResource { words, rest, is_sound: false, files: paths(lowered), outline: resource.outline.clone() })
}

/// The source files of a resource: its handle, its types if it has any, and its operations.
fn paths(resource: &Resource) -> Vec<String> {
    let types = (!resource.types.is_empty()).then_some("types");
    let operations = resource.operations.iter().map(|it| it.file.as_str());
    let names = ["mod"].into_iter().chain(types).chain(operations);
    names.map(|it| source_path(&format!("{}/{it}.rs", resource.folder))).collect()
}

fn source_path(path: &str) -> String {
    format!("src/{path}")
}

/// One source file to be made.
struct FileJob<'c> {
    /// Below `src/`.
    path: String,
    /// The module of the emitter, for the file's head.
    emitter: &'static str,
    /// All that `emit` looks at; missing where that is much and the file is small.
    from: Option<Box<dyn Fn() -> Digest + Sync + Send + 'c>>,
    emit: Emit<'c>,
}

/// A source file that was made.
struct EmittedFile {
    path: String,
    /// Whether an identifier has letters beyond ASCII.
    foreign: bool,
    /// Missing if the file stands in the crate as it is.
    text: Option<String>,
    /// What it was made from, if that is worth keeping.
    from: Option<Digest>,
}

type Emit<'c> = Box<dyn Fn() -> Module + Sync + Send + 'c>;

impl<'c> FileJob<'c> {
    /// `emit` is no closure, so it looks at nothing but `input`.
    fn new<I: Hash + Clone + Sync + Send + 'c, M: Into<Module> + 'c>(
        path: String,
        emitter: &'static str,
        input: I,
        emit: fn(I) -> M,
    ) -> Self {
        let from = input.clone();
        Self {
            path,
            emitter,
            from: Some(Box::new(move || Digest::of(&from))),
            emit: Box::new(move || emit(input.clone()).into()),
        }
    }

    fn run(&self, krate: &Crate, before: &EmitCache) -> EmittedFile {
        let path = source_path(&self.path);
        let from = self.from.as_ref().map(|it| it());
        if let Some(CachedFile { foreign, .. }) = from.and_then(|it| before.find(&path, it)) {
            return EmittedFile { path, foreign: *foreign, text: None, from };
        }
        let (text, foreign) = print::file(&krate.spec, self.emitter, (self.emit)(), &self.emit);
        EmittedFile { path, foreign, text: Some(text), from }
    }

    fn always(path: String, emitter: &'static str, emit: Emit<'c>) -> Self {
        Self { path, emitter, from: None, emit }
    }
}

/// `resources` are those whose files are not known.
fn jobs<'c>(krate: &'c Crate, resources: &[&'c Resource]) -> Vec<FileJob<'c>> {
    let mut jobs = vec![
        FileJob::always("client.rs".to_owned(), "client", Box::new(move || client::module(krate).into())),
        FileJob::new("types.rs".to_owned(), "types", types::SharedTypes::of(krate), types::module),
    ];
    if let Some(codes) = &krate.error_codes {
        jobs.push(FileJob::always(
            "error.rs".to_owned(),
            "types",
            Box::new(move || types::error_module(krate, codes).into()),
        ));
    }
    if let Some(webhook) = &krate.webhook {
        jobs.push(FileJob::always(
            "webhook.rs".to_owned(),
            "webhook",
            Box::new(move || webhook::module(krate, webhook).into()),
        ));
    }
    if !krate.xml.is_empty() {
        jobs.push(FileJob::new("xml_records.rs".to_owned(), "xml", krate.xml.as_slice(), xml::module));
    }
    for resource in resources.iter().copied() {
        let folder = &resource.folder;
        let input = (krate.name.as_str(), resource);
        jobs.push(FileJob::new(format!("{folder}/mod.rs"), "resource", input, |(name, it)| {
            resource::resource_module(name, it)
        }));
        if !resource.types.is_empty() {
            jobs.push(FileJob::new(format!("{folder}/types.rs"), "types", resource, types::resource_module));
        }
        for operation in &resource.operations {
            jobs.push(FileJob::new(
                format!("{folder}/{}.rs", operation.file),
                "operation",
                operation,
                operation::module,
            ));
        }
    }
    jobs
}
