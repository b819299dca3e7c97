//! The runtime over real sockets: downloads with either transport, and calls without an async runtime.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod api;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "reqwest")]
mod downloads;
#[cfg(any(feature = "reqwest", feature = "blocking"))]
mod echoes;
mod server;
