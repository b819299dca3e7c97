//! The command line as people use it: a process in a project of its own.

mod codegen;
mod docs;
mod findings;
mod init;
mod mock;
mod new;
mod openapi;
mod project;
mod removal;
mod runs;
mod settings;
mod usage;
mod validate;
