//! Tests across the crates, in one binary, including the project's own rules and its current specs.

mod apis;
mod behaviour;
mod contract;
mod coverage;
mod differential;
mod families;
mod files;
mod growth;
mod kept;
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
