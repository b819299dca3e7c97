//! The command line as people use it: a process in a project of its own.

mod codegen;
mod docs;
mod new;
mod openapi;
mod project;
mod usage;
mod validate;
