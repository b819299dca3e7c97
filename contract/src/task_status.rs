//! The status of a task, in the form of its API.

use bytes::Bytes;

use crate::answers::Part;
use crate::gaps::check_gap;
use crate::prepare::PreparedApi;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::tasks::{TaskProgress, state};

/// The body with the status of a task, for polls and callbacks.
pub(crate) fn status_body(
    shared: &Shared,
    prepared: &PreparedApi,
    standing: &TaskProgress,
    task: &str,
) -> Option<Result<Bytes, Refusal>> {
    let (id, _, ready) = prepared.find(&standing.operation)?;
    let request = serde_json::from_slice(&standing.request).ok()?;
    let state = state(standing.progress, &ready.stages, standing.fails);
    let part = Part::Status(state.clone());
    let body = || prepared.answers.status_bytes(&prepared.api, id, &request, task, &state, shared.settings.seed);
    Some(check_gap(prepared, id, &part).map(|()| body()))
}
