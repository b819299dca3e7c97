//! The Rust view → source files of one crate. Pure: no decision, no look-up, no disk.
//!
//! One file per concern; each function takes a piece of [`view`](crate::lower::view) and gives tokens.

mod builder;
mod checks;
mod client;
mod codec;
mod krate;
mod operation;
mod print;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod webhook;

use std::collections::BTreeMap;

use crate::lower::view::Crate;

/// All files of the crate but its docs and README, by path inside the crate's folder.
pub(crate) fn files(krate: &Crate) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files.insert("Cargo.toml".to_owned(), krate::manifest(krate));
    let mut source = |path: String, emitter: &str, tokens| {
        files.insert(format!("src/{path}"), print::file(&krate.spec, emitter, tokens));
    };
    source("lib.rs".to_owned(), "krate", krate::lib(krate));
    source("client.rs".to_owned(), "client", client::module(krate));
    source("types.rs".to_owned(), "types", types::module(krate));
    if let Some(codes) = &krate.error_codes {
        source("error.rs".to_owned(), "types", types::error_module(krate, codes));
    }
    if let Some(webhook) = &krate.webhook {
        source("webhook.rs".to_owned(), "webhook", webhook::module(krate, webhook));
    }
    for resource in &krate.resources {
        source(format!("{}/mod.rs", resource.folder), "operation", operation::resource_module(krate, resource));
        if !resource.types.is_empty() {
            source(format!("{}/types.rs", resource.folder), "types", types::resource_module(resource));
        }
        for operation in &resource.operations {
            let path = format!("{}/{}.rs", resource.folder, operation.file);
            source(path, "operation", operation::module(operation));
        }
    }
    files
}
