//! What may step in before and after an answer: faults on purpose, or a test's own wishes.

use http::HeaderMap;

use crate::faults::Fault;

pub use crate::outcome::{Cut, Delivery, Outcome};

/// A request that an operation was found for.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Counted from 1, over all requests.
    pub number: u64,
    /// Name of the API.
    pub api: &'a str,
    /// `seedance.text_to_video`; of a poll, what started the task.
    pub operation: &'a str,
    /// As sent.
    pub method: &'a str,
    /// As sent, without the query.
    pub path: &'a str,
    /// As sent.
    pub headers: &'a HeaderMap,
    /// What goes wrong with it on purpose.
    pub faults: &'a [Fault],
}

/// Steps in. Nothing of it may block.
pub trait Hook: Send + Sync {
    /// Before the request is looked at; an outcome ends it here.
    fn before(&self, call: &Call<'_>) -> Option<Outcome> {
        let _ = call;
        None
    }

    /// Before the answer is sent.
    fn after(&self, call: &Call<'_>, outcome: Outcome) -> Outcome {
        let _ = call;
        outcome
    }

    /// Whether the task that this call starts is to fail.
    fn fails_task(&self, call: &Call<'_>) -> bool {
        let _ = call;
        false
    }
}
