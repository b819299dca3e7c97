//! Faults on demand: what goes wrong, for which requests, how often.
//!
//! A [`FaultPlan`] is built from three sources with the same language: flags ([`FaultPlan::add_flag`]), a config file
//! ([`FaultPlan::add_config`]), and the header [`HEADER`] of a single request. [`FaultPlan::decide`] returns the faults
//! of a request; nothing here opens a socket, waits, or reads a clock. The effects on bodies and headers are here too
//! ([`truncated`], [`with_wrong_types`], [`rate_limited`]), so a server only applies them.
//!
//! # The language
//!
//! ```text
//! POST /api/v1/suno/*: 429 rate=0.2 retry_after=2
//! ──┬─ ───────┬──────  ─┬─ ─────────┬────────────
//! method   selector   fault      options
//! ```
//!
//! The method is optional. A selector that begins with `/` is matched against the path (with or without the API's
//! prefix), any other selector against the operation's name, such as `suno.text_to_music`. `*` matches any run of
//! characters, including slashes. Faults and options are separated by spaces or commas.
//!
//! | fault | effect |
//! |---|---|
//! | `latency=200ms`, `latency=100ms..2s` | waits before it responds; for a range, the seed chooses the time |
//! | `status=503`, or just `503` | responds with that status and the API's own error body |
//! | `cut=before`, `cut=body`, `cut=120` | closes the connection before the response, in the middle of its body, or after so many bytes |
//! | `truncate`, `truncate=40` | ends the body in the middle, or after so many bytes, as if it were complete |
//! | `wrong_json` | changes the type of every value in the body |
//! | `slow=100` | sends so many bytes per second |
//! | `stall`, `stall=3` | a stream goes silent after one event, or after so many, and stays open |
//! | `task_fails` | the task that the call creates fails |
//! | `callback_twice` | delivers every callback of the task twice |
//! | `callback_reordered` | delivers the callbacks of the task in reverse order |
//!
//! | option | meaning |
//! |---|---|
//! | `rate=0.2` | affects one request in five, chosen by the seed; default: all |
//! | `times=3` | affects three requests, then no more |
//! | `after=2` | lets two requests pass first |
//! | `retry_after=2` | with a status: `Retry-After` in seconds; the default for 429 and 503 is 1 |
//!
//! If several rules select a request, all of them apply. If there are two faults of one kind, the header's fault wins,
//! and then that of the earlier rule. The header allows only faults and `retry_after`, because it concerns a single
//! request. `none` in the header exempts the request from the plan.
//!
//! # Repeatability
//!
//! Each rule counts the requests that it selects. `rate` and ranges depend only on the seed, the rule and that number.
//! Requests to other routes have no influence, and the same plan with the same seed has the same effects again.

mod config;
mod damage;
mod glob;
mod headers;
mod language;
mod plan;
mod problem;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use damage::{truncated, with_wrong_types};
pub use headers::rate_limited;
pub use plan::{FaultInput, FaultPlan};
pub use problem::{Problem, Problems};

/// The request header that asks for faults, in lower case.
pub const HEADER: &str = "x-specwright-fault";

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Waits before the response.
    Latency(Duration),
    /// Responds with this status instead of the normal response.
    Status {
        /// 200 to 599.
        status: u16,
        /// Seconds of `Retry-After`.
        retry_after: Option<u64>,
    },
    /// Cuts the connection.
    Cut(Cut),
    /// Ends the body after so many bytes, or in the middle if it is `None`. See [`truncated`].
    Truncate(Option<usize>),
    /// Changes the types of the body's values. See [`with_wrong_types`].
    WrongJson,
    /// Sends so many bytes a second.
    Slow(u32),
    /// A stream goes silent after so many events.
    Stall(u32),
    /// The task that the call creates fails.
    TaskFails,
    /// Callbacks of the task that the call creates are delivered twice.
    CallbackTwice,
    /// Callbacks of the task that the call creates are delivered in reverse order.
    CallbackReordered,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before the first byte of the response.
    Before,
    /// In the middle of the body.
    Middle,
    /// After so many bytes of the body.
    After(usize),
}
