//! A request of an example, split into path, query, headers and body.

use serde_json::{Map, Value};

use crate::model::{Location, Operation, PathPart};

/// The parts of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Request {
    /// Path with its parameters filled in, and the query behind it.
    pub(super) target: String,
    /// Headers in the order of the spec.
    pub(super) headers: Vec<(String, String)>,
    /// What goes into the body; empty where nothing does.
    pub(super) body: Map<String, Value>,
}

impl Request {
    /// Sorts the parameters of an example by their place. What the operation does not know goes into the body.
    pub(super) fn of(operation: &Operation, parameters: &Value) -> Self {
        let mut request = Self { target: target(operation, parameters), ..Self::default() };
        for (name, value) in parameters.as_object().into_iter().flatten() {
            let location = operation.parameters.find(name).map_or(Location::Body, |(_, field)| field.location);
            match location {
                Location::Body => {
                    request.body.insert(name.clone(), value.clone());
                }
                Location::Header => request.headers.push((name.clone(), text(value))),
                Location::Path | Location::Query => {}
            }
        }
        request
    }
}

fn target(operation: &Operation, parameters: &Value) -> String {
    let mut target = String::new();
    for part in &operation.path {
        match part {
            PathPart::Literal(literal) => target.push_str(literal),
            PathPart::Parameter(ix) => {
                let name = &operation.parameters.field(*ix).name;
                match parameters.get(name) {
                    Some(value) => push_encoded(&mut target, &text(value)),
                    None => target.push_str(&format!("{{{name}}}")),
                }
            }
        }
    }
    let mut separator = '?';
    for field in operation.parameters.fields.iter().filter(|it| it.location == Location::Query) {
        let values = match parameters.get(&field.name) {
            None => continue,
            Some(Value::Array(items)) => items.iter().collect(),
            Some(value) => vec![value],
        };
        for value in values {
            target.push(separator);
            push_encoded(&mut target, &field.name);
            target.push('=');
            push_encoded(&mut target, &text(value));
            separator = '&';
        }
    }
    target
}

/// A value as it stands in a path, a query or a header.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}
