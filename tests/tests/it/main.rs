//! Tests across the crates, in one binary.
