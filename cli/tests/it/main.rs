//! The command line as people use it: a process in a project of its own.

mod call;
#[cfg(unix)]
mod cargo;
mod codegen;
mod completions;
mod diff;
mod docs;
mod findings;
mod import;
mod init;
mod mock;
mod new;
mod openapi;
#[cfg(unix)]
mod pipes;
mod project;
mod removal;
mod runs;
mod settings;
mod usage;
mod validate;
