//! Specs for the tests of every stage, and tests of documents against the compiler.

mod guide;
mod spec_keys;

pub(crate) use specwright_test_specs::{API, api, atelier, compile, resource};
