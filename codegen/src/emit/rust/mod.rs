//! The Rust view → source files of one crate. Pure: no decision, no look-up, no disk.
//!
//! One file per concern; each function takes a piece of [`view`](crate::lower::view) and gives tokens.

mod builder;
mod checks;
mod client;
mod codec;
mod constructors;
mod krate;
mod operation;
mod print;
mod stream;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod webhook;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use proc_macro2::TokenStream;

use crate::lower::view::Crate;

pub(super) use krate::first_call;

/// All files of the crate but its docs and README, by path inside the crate's folder.
///
/// Files are independent of each other, so each is a job, and jobs are shared out to a few threads; tokens never leave
/// the thread that made them.
pub(crate) fn files(krate: &Crate) -> BTreeMap<String, String> {
    let jobs = jobs(krate);
    let next = AtomicUsize::new(0);
    let foreign = AtomicBool::new(false);
    let work = || {
        let mut done = Vec::new();
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let tokens = (job.emit)();
            if tokens::has_foreign_letters(&tokens) {
                foreign.store(true, Ordering::Relaxed);
            }
            done.push((format!("src/{}", job.path), print::file(&krate.spec, job.emitter, tokens)));
        }
        done
    };
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let mut files: BTreeMap<String, String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.flatten().collect()
    });
    let lib = krate::lib(krate, foreign.into_inner());
    files.insert("src/lib.rs".to_owned(), print::file(&krate.spec, "krate", lib));
    files.insert("Cargo.toml".to_owned(), krate::manifest(krate));
    files
}

/// More threads than this wait for each other.
const MOST_THREADS: usize = 8;

/// One source file to be made.
struct Job<'c> {
    /// Below `src/`.
    path: String,
    /// The module of the emitter, for the file's head.
    emitter: &'static str,
    emit: Emit<'c>,
}

type Emit<'c> = Box<dyn Fn() -> TokenStream + Sync + Send + 'c>;

fn jobs<'c>(krate: &'c Crate) -> Vec<Job<'c>> {
    let mut jobs: Vec<Job<'c>> = Vec::new();
    let mut job = |path: String, emitter, emit: Emit<'c>| {
        jobs.push(Job { path, emitter, emit });
    };
    job("client.rs".to_owned(), "client", Box::new(move || client::module(krate)));
    job("types.rs".to_owned(), "types", Box::new(move || types::module(krate)));
    if let Some(codes) = &krate.error_codes {
        job("error.rs".to_owned(), "types", Box::new(move || types::error_module(krate, codes)));
    }
    if let Some(webhook) = &krate.webhook {
        job("webhook.rs".to_owned(), "webhook", Box::new(move || webhook::module(krate, webhook)));
    }
    for resource in &krate.resources {
        let folder = &resource.folder;
        job(format!("{folder}/mod.rs"), "operation", Box::new(move || operation::resource_module(krate, resource)));
        if !resource.types.is_empty() {
            job(format!("{folder}/types.rs"), "types", Box::new(move || types::resource_module(resource)));
        }
        for operation in &resource.operations {
            job(format!("{folder}/{}.rs", operation.file), "operation", Box::new(move || operation::module(operation)));
        }
    }
    jobs
}
