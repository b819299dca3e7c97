//! How to follow a task.

use super::{Operation, WithSteps};

/// Parameters of the path of a status beside the id, in order, each with the index of the client's parameter that it may have
/// its value from. Otherwise it has that of the call that created the task.
pub type PathParameters = &'static [(&'static str, Option<usize>)];

/// How to follow a task.
#[derive(Debug)]
pub struct TaskSpec {
    /// The status call.
    pub status: Operation,
    /// Path before and after the id. Other parameters stand in it by name: `/accounts/{account}/tasks/`.
    pub path: (&'static str, &'static str),
    /// The other parameters of the path. Set by [`within`](Self::within).
    pub within: Option<WithSteps<PathParameters>>,
    /// Place of the id in the create response: the name of a field, or a JSON pointer.
    pub id: &'static str,
    /// The id may have several segments: a slash in it is one in the path.
    pub id_has_segments: bool,
    /// The id is the URL of the status, and [`path`](Self::path) is not used. Set by [`at_url`](Self::at_url).
    pub at_url: Option<WithSteps<()>>,
    /// The header of the create response that has that URL, in lower case; `None`: it is in the body.
    pub url_header: Option<&'static str>,
    /// Field of the id in status responses, if the API documents it.
    pub status_id: Option<&'static str>,
    /// Place of the state: the name of a field, or a JSON pointer.
    pub state: &'static str,
    /// States of success.
    pub completed: &'static [&'static str],
    /// States of failure. If there are none, a task failed that is completed and has a value at [`error`](Self::error).
    pub failed: &'static [&'static str],
    /// JSON pointer of the failure's message.
    pub error: &'static str,
    /// Field that reports progress within a state.
    pub stage: Option<&'static str>,
    /// The operation that cancels it, and its path before and after the id.
    pub cancel: Option<(&'static Operation, (&'static str, &'static str))>,
    /// Milliseconds between polls.
    pub interval_ms: u64,
    /// Milliseconds after which waiting gives up.
    pub deadline_ms: u64,
}

impl TaskSpec {
    /// A task as most APIs have it: its fields are `id` and `status`, its final states `completed` and `failed`, and its
    /// message `error`. It is polled every five seconds for a quarter of an hour. `path` is the path before and after the
    /// id.
    #[must_use]
    pub const fn new(status: Operation, path: (&'static str, &'static str)) -> Self {
        Self {
            status,
            path,
            within: None,
            id: "id",
            id_has_segments: false,
            at_url: None,
            url_header: None,
            status_id: Some("id"),
            state: "status",
            completed: &["completed"],
            failed: &["failed"],
            error: "/error",
            stage: None,
            cancel: None,
            interval_ms: 5_000,
            deadline_ms: 900_000,
        }
    }

    /// Sets other places of the id: in the create response, and in status responses if they have one.
    #[must_use]
    pub const fn ids(mut self, id: &'static str, status_id: Option<&'static str>) -> Self {
        self.id = id;
        self.status_id = status_id;
        self
    }

    /// The id may have several segments, which stay those of the paths that it is in.
    #[must_use]
    pub const fn id_of_segments(mut self) -> Self {
        self.id_has_segments = true;
        self
    }

    /// Sets another place of the state.
    #[must_use]
    pub const fn state(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }

    /// Sets other states of success and of failure.
    #[must_use]
    pub const fn ends(mut self, completed: &'static [&'static str], failed: &'static [&'static str]) -> Self {
        self.completed = completed;
        self.failed = failed;
        self
    }

    /// Sets another JSON pointer of the failure's message.
    #[must_use]
    pub const fn error(mut self, error: &'static str) -> Self {
        self.error = error;
        self
    }

    /// Sets a field that reports progress within a state.
    #[must_use]
    pub const fn stage(mut self, stage: &'static str) -> Self {
        self.stage = Some(stage);
        self
    }

    /// Sets the operation that cancels it, and its path before and after the id.
    #[must_use]
    pub const fn cancel(mut self, operation: &'static Operation, path: (&'static str, &'static str)) -> Self {
        self.cancel = Some((operation, path));
        self
    }

    /// Sets another interval between polls, and another deadline of waiting, in milliseconds.
    #[must_use]
    pub const fn times(mut self, interval_ms: u64, deadline_ms: u64) -> Self {
        self.interval_ms = interval_ms;
        self.deadline_ms = deadline_ms;
        self
    }
}
