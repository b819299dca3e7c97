//! The life of a call, from a builder to its reply.
//!
//! 1. `build`: a generated builder fills a [`Request`](crate::Request) and passes it to a [`Call`], which has the client
//!    and the options of this call. The resulting [`PendingRequest`] does nothing until it is awaited. Then the request's
//!    own rules are checked, and it is written into [`RequestParts`](crate::RequestParts).
//! 2. `judge`: decides whether a broken rule is an error or a warning.
//! 3. `prepare`: options, credential, headers, body and address become a `PreparedCall`, which no attempt changes.
//! 4. `attempt`: the call is sent within its timeouts, follows redirects, and is retried if the retry policy allows it.
//! 5. `read`: the body is read. A response without a success status becomes an [`Error`](crate::Error), any other a
//!    [`RawResponse`](crate::RawResponse).
//! 6. [`reply`](crate::reply): generated code turns that into the result of the operation: a value, a task or a download.
//!
//! `execute` calls judge, prepare and attempt in order, and attempt reads each response. `options` has the options of one
//! call, `limit` the timeouts of an attempt, `token` the access tokens of an attempt, and `extra` adds fields that the
//! spec does not know. A stream ([`stream`](crate::stream)) takes the same steps, except the fifth. A
//! [`Task`](crate::Task) makes a separate call for each poll.
//!
//! Steps that another module awaits return boxed futures, because the compiler repeats the code of an `async fn` wherever
//! it is awaited. What only some operations need is a function pointer in their description, so that only programs with
//! such an operation contain it.
//!
//! `build` uses `execute`, `execute` uses the steps, and none of them uses what uses it. A test enforces this direction.

pub(crate) mod attempt;
pub(crate) mod build;
pub(crate) mod execute;
pub(crate) mod extra;
pub(crate) mod judge;
pub(crate) mod limit;
pub(crate) mod options;
pub(crate) mod prepare;
pub(crate) mod read;
#[cfg(feature = "oauth2")]
mod token;

pub use build::{Call, PendingRequest};
pub use options::CallOptions;
