//! What is measured, one file each.

mod binary;
mod build;
mod clone;
mod codegen;
mod contract;
mod growth;
mod judge;
mod project;
mod request;
mod tools;

use crate::Result;
use crate::context::Context;
use crate::report::Measured;

/// A part of the measurements that can be run alone.
pub(crate) struct Section {
    pub(crate) name: &'static str,
    /// What is measured, for people.
    pub(crate) about: &'static str,
    /// Whether it is measured if no section is named.
    pub(crate) by_default: bool,
    pub(crate) measure: fn(&Context) -> Result<Measured>,
}

/// All sections, in the order in which they are measured.
pub(crate) const SECTIONS: [Section; 8] = [
    Section {
        name: "build",
        about: "what rustc takes for the generated crates, beside other generators' crates of the same API",
        by_default: true,
        measure: build::measure,
    },
    Section {
        name: "binary",
        about: "bytes that one call adds to a program",
        by_default: true,
        measure: binary::measure,
    },
    Section {
        name: "request",
        about: "nanoseconds and instructions of checking and writing a request",
        by_default: true,
        measure: request::measure,
    },
    Section {
        name: "codegen",
        about: "time and memory of `cargo xtask codegen` and `lint`, beside other generators",
        by_default: true,
        measure: codegen::measure,
    },
    Section {
        name: "growth",
        about: "time and memory of `cargo xtask codegen` for 100, 1000 and 10000 operations",
        by_default: true,
        measure: growth::measure,
    },
    Section {
        name: "judge",
        about: "requests per second of `cargo xtask validate --batch`",
        by_default: true,
        measure: judge::measure,
    },
    Section {
        name: "contract",
        about: "requests per second of the contract server, and its time to be ready",
        by_default: true,
        measure: contract::measure,
    },
    Section {
        name: "clone",
        about: "a fresh clone's first `cargo xtask codegen`, which compiles the compiler",
        by_default: false,
        measure: clone::measure,
    },
];
