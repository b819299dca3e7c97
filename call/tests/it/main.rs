//! Calls against real servers on loopback: a mock server, and one that answers what a test tells it to.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod answers;
mod arguments;
mod curl;
mod errors;
mod examples;
mod help;
mod server;
mod support;
