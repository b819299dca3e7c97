//! Tests the runtime over real sockets: downloads, redirects and waiting with both transports, HTTP/2, incomplete
//! responses, calls without an async runtime, and signed requests.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod api;
mod aws_signature;
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
