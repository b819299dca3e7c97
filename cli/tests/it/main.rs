//! The command line as people use it: a process in a project of its own.

mod call;
mod codegen;
mod diff;
mod docs;
mod findings;
mod import;
mod mock;
mod new;
mod openapi;
mod project;
mod removal;
mod runs;
mod usage;
mod validate;
