//! Tests across the crates, in one binary: the project's own rules, and its specs as they stand.

mod differential;
mod files;
mod project;
mod random;
mod specs;
mod tidy;
