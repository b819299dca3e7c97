//! Hooks before and after a response: requested faults, or the behaviour that a test wants.

use http::HeaderMap;

use crate::faults::Fault;

pub use crate::outcome::{Cut, Delivery, Outcome};

/// A request that has an operation.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The number of the request, counted from 1 over all requests.
    pub number: u64,
    /// Name of the API.
    pub api: &'a str,
    /// `seedance.text_to_video`. For a poll, the operation that started the task.
    pub operation: &'a str,
    /// As sent.
    pub method: &'a str,
    /// As sent, without the query.
    pub path: &'a str,
    /// As sent.
    pub headers: &'a HeaderMap,
    /// The requested faults.
    pub faults: &'a [Fault],
}

/// A hook. Its methods must not block.
pub trait Hook: Send + Sync {
    /// Called before the request is processed. An outcome replaces the response.
    fn before(&self, call: &Call<'_>) -> Option<Outcome> {
        let _ = call;
        None
    }

    /// Called before the response is sent.
    fn after(&self, call: &Call<'_>, outcome: Outcome) -> Outcome {
        let _ = call;
        outcome
    }

    /// Whether the task that this call starts should fail.
    fn fails_task(&self, call: &Call<'_>) -> bool {
        let _ = call;
        false
    }
}
