//! Tests the runtime over real sockets: downloads, redirects and waiting with both transports, HTTP/2, incomplete
//! responses, and calls without an async runtime.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod api;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(all(feature = "reqwest", feature = "blocking"))]
mod broken;
#[cfg(feature = "reqwest")]
mod downloads;
#[cfg(any(feature = "reqwest", feature = "blocking"))]
mod echoes;
#[cfg(feature = "reqwest")]
mod http2;
#[cfg(all(feature = "reqwest", feature = "blocking"))]
mod keep_alive;
#[cfg(all(feature = "reqwest", feature = "blocking"))]
mod redirects;
mod server;
#[cfg(any(feature = "reqwest", feature = "blocking"))]
mod waiting;
