//! The two readers agree. What is said of faults, the compiler tests.
#![allow(clippy::unwrap_used)]

mod common_forms;
mod soup;
