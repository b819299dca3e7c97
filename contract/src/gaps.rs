//! Responses without an example that cannot be generated. A request for one is refused, and all are listed at the start.

use serde_json::{Map, Value};
use specwright_codegen::model::{Operation, OperationId};

use crate::answers::{Gap, Part};
use crate::log::Refused;
use crate::prepare::PreparedApi;
use crate::refusal::Refusal;
use crate::streams;

/// Refuses a request whose response has no example and cannot be generated, because an invalid response would not help.
pub(crate) fn check_gap(prepared: &PreparedApi, id: OperationId, part: &Part) -> Result<(), Refusal> {
    match prepared.answers.gap(&prepared.api, id, part) {
        None => Ok(()),
        Some(gap) => Err(unanswerable_refusal(part, gap)),
    }
}

pub(crate) fn unanswerable_refusal(part: &Part, gap: &Gap) -> Refusal {
    Refusal::new(501, Refused::Unanswerable, format!("There is no example of {part}, and {gap}"))
}

/// A line for each response of an API without an example that cannot be generated.
pub(crate) fn gaps(prepared: &PreparedApi) -> Vec<String> {
    let api = &prepared.api;
    let line = |op: &Operation, part: &Part, gap: &Gap| {
        let name = op.full_name(api);
        format!("`{}` {name}: {gap}; an example of {part} in the spec would be played instead", prepared.name)
    };
    let of = |(index, op): (usize, &Operation)| {
        let id = OperationId(u32::try_from(index).unwrap_or(u32::MAX));
        let gaps = prepared.answers.gaps(api, id);
        let mut lines: Vec<String> = gaps.iter().map(|(part, gap)| line(op, part, gap)).collect();
        let nothing = Map::new();
        let sound = prepared.answers.gap(api, id, &Part::Response).is_none();
        let answer = prepared.answers.response(api, id, &Value::Null, 0).filter(|_| sound);
        if let Err(gap) = streams::events(api, op, answer.as_ref(), &nothing) {
            lines.push(line(op, &Part::Stream, &gap));
        }
        lines
    };
    api.operations.iter().map(|it| &**it).enumerate().flat_map(of).collect()
}
