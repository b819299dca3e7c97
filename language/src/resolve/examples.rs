//! Examples of an operation.

use serde_json::Value;

use crate::diagnostics::{Diagnostics, types};
use crate::model::{Example, ExampleOf};
use crate::syntax::document::{ExampleDoc, Json, OperationDoc};

pub(super) fn example(doc: ExampleDoc, operation: &OperationDoc, out: &mut Diagnostics) -> Example {
    let ExampleDoc { name, source, request, invalid, response, events, status, callback, span, .. } = doc;
    let (response, of) = match (response, status, callback) {
        (Some(response), _, _) => (Some(response), ExampleOf::Call),
        (None, Some(status), _) => (Some(status), ExampleOf::Status),
        (None, None, Some(callback)) => (Some(callback), ExampleOf::Callback),
        (None, None, None) => (None, ExampleOf::Call),
    };
    if of != ExampleOf::Call && operation.task.is_none() {
        let help = "show the call's response with `response`";
        out.push(types::bad_operation("only tasks have status bodies and callbacks", help, span));
    }
    Example {
        name,
        request,
        invalid,
        response,
        events: named_events(events, operation, out),
        of,
        source,
        span,
        request_places: doc.request_places,
        response_places: doc.answer_places,
    }
}

/// The events of an example: of named ones each is `{name: data}`.
fn named_events(given: Vec<Json>, operation: &OperationDoc, out: &mut Diagnostics) -> Vec<(String, Value)> {
    let Some(first) = given.first() else { return Vec::new() };
    let Some(stream) = &operation.stream else {
        let help = "show the call's response with `response`";
        out.push(types::bad_operation("only streams have events", help, first.span));
        return Vec::new();
    };
    let mut events = Vec::new();
    for event in given {
        if stream.events.is_none() {
            events.push((String::new(), event.value));
            continue;
        }
        match event.value {
            Value::Object(fields) if fields.len() == 1 => {
                let data = |it: Value| if it.as_str() == Some("none") { Value::Null } else { it };
                events.extend(fields.into_iter().map(|(name, it)| (name, data(it))));
            }
            _ => {
                let help = "write each event as `name: data`";
                out.push(types::bad_operation("an event of a stream has one name", help, event.span));
            }
        }
    }
    events
}
