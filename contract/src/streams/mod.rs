//! Streams from the model alone: events that add up to the response that the same request gets in one piece.
//!
//! `collect` in the spec says how events add up; this module applies it in reverse. Texts, and JSON as text, are split
//! into several pieces. What `collect` does not define (which fields every chunk repeats, what comes last) is taken from
//! the spec's examples with events. If the resulting events do not add up to the response, the events of the example that
//! fits best are sent. Without such an example, events are generated from states and types.

mod build;
mod chunks;
mod example_hints;
mod named;
mod pieces;
mod states;
mod synthetic;
#[cfg(test)]
mod tests;
mod wire;

use serde_json::{Map, Value};
use specwright_codegen::interpret::{accumulate, validate_answer, validate_value};
use specwright_codegen::model::{Api, FieldIx, Operation, Stream, StreamEvents, Type};

pub(crate) use wire::written;

use crate::answers::Gap;

/// An event: its name (`""` for a chunk) and its data.
pub(crate) type Event = (String, Value);

/// Whether a request asks for a stream.
pub(crate) fn is_asked(op: &Operation, request: &Map<String, Value>) -> bool {
    let asks = |(field, value): (FieldIx, &Value)| {
        let field = op.parameters.field(field);
        request.get(&field.name).or(field.default.as_ref()) == Some(value)
    };
    op.stream.as_ref().and_then(Stream::asked_by).is_some_and(|it| it.into_iter().all(asks))
}

/// The same request for a response in one piece, without the parameter that asks for a stream.
pub(crate) fn in_one_piece(op: &Operation, request: &Map<String, Value>) -> Map<String, Value> {
    let mut plain = request.clone();
    for (field, _) in op.stream.as_ref().and_then(Stream::asked_by).unwrap_or_default() {
        plain.shift_remove(&op.parameters.field(field).name);
    }
    plain
}

/// The events of a stream. `answer` is the response to the request in one piece.
///
/// # Errors
/// Fails if no example shows the events, and no valid ones can be generated.
pub(crate) fn events(
    api: &Api,
    op: &Operation,
    answer: Option<&Value>,
    request: &Map<String, Value>,
) -> Result<Vec<Event>, Gap> {
    let Some(stream) = &op.stream else { return Ok(Vec::new()) };
    let derived = answer.and_then(|it| derived(api, op, stream, it)).filter(|it| are_valid(api, stream, it));
    let (derived, same) = match (derived, answer) {
        (Some(events), Some(answer)) => {
            let same = adds_up(stream, &events, answer);
            (Some(events), same)
        }
        _ => (None, false),
    };
    match derived {
        Some(events) if same => Ok(events),
        other => match example(op, request).or(other) {
            Some(events) => Ok(events),
            None => judged(api, stream, synthetic::events(api, stream)),
        },
    }
}

fn derived(api: &Api, op: &Operation, stream: &Stream, answer: &Value) -> Option<Vec<Event>> {
    let rules = stream.collect.as_ref()?;
    let shown = example_hints::ExampleHints::new(op);
    match &stream.events {
        StreamEvents::Data(ty) => {
            let rule = rules.iter().find(|it| it.event.is_empty())?;
            chunks::chunks(api, ty, &rule.steps, answer, &shown)
        }
        StreamEvents::Named(_) => named::events(api, stream, rules, answer, &shown),
    }
}

/// Whether events add up to a response. Null values and empty lists may be missing.
pub(crate) fn adds_up(stream: &Stream, events: &[Event], answer: &Value) -> bool {
    accumulate::collect(stream, events).is_some_and(|it| without_blanks(&it) == without_blanks(answer))
}

fn without_blanks(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.iter().filter(|(_, it)| !it.is_null() && it.as_array().is_none_or(|it| !it.is_empty()));
            Value::Object(known.map(|(name, it)| (name.clone(), without_blanks(it))).collect())
        }
        Value::Array(items) => items.iter().map(without_blanks).collect(),
        other => other.clone(),
    }
}

/// The type of an event's data. `None` if it has no data, or if the type is unknown.
fn type_of<'a>(stream: &'a Stream, event: &str) -> Option<&'a Type> {
    match &stream.events {
        StreamEvents::Data(ty) => Some(ty),
        StreamEvents::Named(all) => all.iter().find(|it| it.0 == event)?.1.as_ref(),
    }
}

fn are_valid(api: &Api, stream: &Stream, events: &[Event]) -> bool {
    events.iter().all(|(name, data)| type_of(stream, name).is_none_or(|it| validate_value(api, it, data).is_empty()))
}

fn judged(api: &Api, stream: &Stream, events: Vec<Event>) -> Result<Vec<Event>, Gap> {
    let fault = |(name, data): &Event| validate_answer(api, type_of(stream, name)?, data).into_iter().next();
    match events.iter().find_map(fault) {
        None => Ok(events),
        Some(fault) => Err(Gap { at: fault.at, why: fault.message }),
    }
}

/// The events of the example whose request fits best.
fn example(op: &Operation, request: &Map<String, Value>) -> Option<Vec<Event>> {
    let legal = op.examples.iter().filter(|it| it.invalid.is_empty() && !it.events.is_empty());
    let equal = |shown: &Value| {
        let shown = shown.as_object().into_iter().flatten();
        shown.filter(|(name, value)| request.get(*name) == Some(*value)).count()
    };
    let scored = legal.map(|it| (it.request.as_ref().map_or(0, equal), it));
    // Of equally good ones, the first.
    let best = scored.reduce(|best, it| if it.0 > best.0 { it } else { best })?;
    Some(best.1.events.clone())
}
