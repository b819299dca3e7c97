//! The life of a call, from a builder to its reply.
//!
//! 1. `build`: a generated builder fills a [`Request`](crate::Request) and hands it to a [`Call`], which has the client and
//!    the options of this call. The [`PendingRequest`] that comes of it does nothing until it is awaited; then the request is
//!    written into [`RequestParts`](crate::RequestParts).
//! 2. `judge`: the request's own rules are tried. Whether a broken one is an error or a warning is decided here alone.
//! 3. `prepare`: options, credential, headers, body and address become a `PreparedCall`, which no attempt changes.
//! 4. `attempt`: it is sent, within its limits of time, along redirects, and again where the retry policy allows that.
//! 5. `read`: the body is read, and an answer that is none of success becomes an [`Error`](crate::Error). What is left is a
//!    [`RawResponse`](crate::RawResponse).
//! 6. [`reply`](crate::reply): generated code reads it as what the operation brings: a value, a task, or a download.
//!
//! `execute` calls the steps 2 to 5 one after the other. `options` holds what may be set for one call, `limit` how long an attempt
//! may take, and `extra` puts
//! fields into a request that the spec does not know. A stream ([`stream`](crate::stream)) takes the same steps but for the
//! fifth; a [`Task`](crate::Task) makes a call of its own for each poll.
//!
//! `build` uses `execute`, `execute` uses the steps, and none of them uses what uses it: a test keeps this direction.

pub(crate) mod attempt;
pub(crate) mod build;
pub(crate) mod execute;
pub(crate) mod extra;
pub(crate) mod judge;
pub(crate) mod limit;
pub(crate) mod options;
pub(crate) mod prepare;
pub(crate) mod read;

pub use build::{Call, PendingRequest};
pub use options::CallOptions;
