//! Examples of an operation.

use crate::diagnostics::{Diagnostics, types};
use crate::model::{Example, ExampleOf};
use crate::syntax::document::{ExampleDoc, OperationDoc};

pub(super) fn example(doc: &ExampleDoc, operation: &OperationDoc, out: &mut Diagnostics) -> Example {
    let (response, of) = match (&doc.response, &doc.status, &doc.callback) {
        (Some(response), _, _) => (Some(response), ExampleOf::Call),
        (None, Some(status), _) => (Some(status), ExampleOf::Status),
        (None, None, Some(callback)) => (Some(callback), ExampleOf::Callback),
        (None, None, None) => (None, ExampleOf::Call),
    };
    if of != ExampleOf::Call && operation.task.is_none() {
        let help = "show the call's response with `response`";
        out.push(types::bad_operation("only tasks have status bodies and callbacks", help, doc.span));
    }
    Example {
        name: doc.name.clone(),
        request: doc.request.clone(),
        invalid: doc.invalid.clone(),
        response: response.cloned(),
        events: events(doc, operation, out),
        of,
        source: doc.source.clone(),
        span: doc.span,
        request_places: doc.request_places.clone(),
        response_places: doc.answer_places.clone(),
    }
}

/// The events of an example: of named ones each is `{name: data}`.
fn events(doc: &ExampleDoc, operation: &OperationDoc, out: &mut Diagnostics) -> Vec<(String, serde_json::Value)> {
    let Some(first) = doc.events.first() else { return Vec::new() };
    let Some(stream) = &operation.stream else {
        let help = "show the call's response with `response`";
        out.push(types::bad_operation("only streams have events", help, first.span));
        return Vec::new();
    };
    let mut events = Vec::new();
    for event in &doc.events {
        if stream.events.is_none() {
            events.push((String::new(), event.value.clone()));
            continue;
        }
        match event.value.as_object().map(|it| it.iter().collect::<Vec<_>>()).as_deref() {
            Some([(name, data)]) => {
                let none = data.as_str() == Some("none");
                events.push(((*name).clone(), if none { serde_json::Value::Null } else { (*data).clone() }));
            }
            _ => {
                let help = "write each event as `name: data`";
                out.push(types::bad_operation("an event of a stream has one name", help, event.span));
            }
        }
    }
    events
}
