//! Applies the decisions of a fault plan: before a response, to it, and to what follows it.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName};
use serde_json::Value;
use specwright_codegen::model::{Api, Operation, Output, is_json};

use crate::faults::{self, Fault, FaultInput, FaultPlan, HEADER, rate_limited};
use crate::log::Refused;
use crate::outcome::{Cut, Outcome};
use crate::refusal::Refusal;

/// The faults of a request. The request is refused if its header is invalid.
pub(crate) fn faults(
    plan: &FaultPlan,
    api: &str,
    operation: &str,
    method: &str,
    path: &str,
    headers: &HeaderMap,
) -> Result<Vec<Fault>, Refusal> {
    let header = headers.get(HEADER).map(|it| it.to_str().unwrap_or("text that is no ASCII"));
    // This is nearly always the case.
    if plan.is_empty() && header.is_none() {
        return Ok(Vec::new());
    }
    let asked = FaultInput { api, operation, method, path, header };
    plan.decide(&asked).map_err(|problems| Refusal::new(400, Refused::Malformed, problems.to_string()))
}

/// The status that replaces the response.
pub(crate) fn status(api: &Api, op: &Operation, faults: &[Fault]) -> Option<Outcome> {
    let (status, retry_after) = faults.iter().find_map(|it| match it {
        Fault::Status { status, retry_after } => Some((*status, *retry_after)),
        _ => None,
    })?;
    if matches!(&op.output, Output::ByStatus(answers) if answers.iter().any(|it| it.status == status)) {
        // That is one of its answers.
        return None;
    }
    if status < 400 && !(op.failure.is_some() && (200..300).contains(&status)) {
        return Some(Outcome::empty(status));
    }
    let refusal =
        Refusal { when: op.failure.clone().map(Box::new), ..Refusal::new(status, Refused::Fault, reason(status)) };
    let mut outcome = refusal.documented().outcome(Some(api));
    for (name, value) in rate_limited(api, op, retry_after, now()) {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            outcome.headers.retain(|it| it.0 != name);
            outcome = outcome.header(name, &value);
        }
    }
    Some(outcome)
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn reason(status: u16) -> String {
    let known = http::StatusCode::from_u16(status).ok().and_then(|it| it.canonical_reason());
    known.map_or_else(|| format!("Status {status}, on purpose"), |it| format!("{it}, on purpose"))
}

/// Applies the faults to a response.
pub(crate) fn damaged(outcome: Outcome, faults: &[Fault]) -> Outcome {
    let mut outcome = outcome;
    // The content of the body is changed before it is cut.
    for fault in faults {
        if *fault == Fault::WrongJson {
            outcome = wrong(outcome);
        }
    }
    for fault in faults {
        match fault {
            Fault::Truncate(at) => {
                let content = outcome.content();
                let left = faults::truncated(&content, *at).len();
                outcome = outcome.replaced(content.slice(..left));
            }
            Fault::Latency(time) => outcome.manner.delay = *time,
            Fault::Slow(rate) => outcome.manner.bytes_per_second = Some(*rate),
            Fault::Stall(events) => outcome.manner.stall = Some(*events),
            Fault::Cut(faults::Cut::Before) => outcome.manner.cut = Some(Cut::BeforeHead),
            Fault::Cut(faults::Cut::After(at)) => outcome.manner.cut = Some(Cut::WithinBody(*at)),
            Fault::Cut(faults::Cut::Middle) => {
                let half = outcome.content().len() / 2;
                outcome.manner.cut = Some(Cut::WithinBody(half));
            }
            Fault::WrongJson
            | Fault::Status { .. }
            | Fault::TaskFails
            | Fault::CallbackTwice
            | Fault::CallbackReordered => {}
        }
    }
    outcome
}

/// The same with other types. In a stream, every event is changed.
fn wrong(mut outcome: Outcome) -> Outcome {
    for event in &mut outcome.events {
        let text = String::from_utf8_lossy(event);
        let line = |it: &str| match it.strip_prefix("data: ").and_then(wrong_text) {
            Some(data) => format!("data: {data}\n"),
            None => format!("{it}\n"),
        };
        *event = text.lines().map(line).collect::<String>().into();
    }
    let is_json = outcome.headers.iter().any(|(name, value)| {
        let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        *name == CONTENT_TYPE && is_json(essence.trim_end())
    });
    match std::str::from_utf8(&outcome.body).ok().filter(|_| is_json).and_then(wrong_text) {
        Some(body) => Outcome { body: Bytes::from(body), ..outcome },
        None => outcome,
    }
}

fn wrong_text(json: &str) -> Option<String> {
    let value: Value = serde_json::from_str(json).ok()?;
    Some(faults::with_wrong_types(&value).to_string())
}
