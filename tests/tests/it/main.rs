//! Tests across the crates, in one binary: the project's own rules, and its specs as they stand.

mod behaviour;
mod contract;
mod coverage;
mod differential;
mod families;
mod files;
mod project;
mod random;
mod readme;
#[macro_use]
mod runapi;
mod specs;
mod streams;
mod support;
mod tidy;
mod wire;
