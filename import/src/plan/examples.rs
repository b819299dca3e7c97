//! Examples of requests and responses, as far as they are complete; the compiler judges whether they are right.

use serde_json::{Map, Value};

use super::operation::PlannedOperation;
use crate::spec::{Example, Operation};
use crate::text;

/// The most examples of an operation.
const MOST: usize = 3;
/// The longest example, as JSON.
const LONGEST: usize = 2500;

pub(super) fn set(planned: &PlannedOperation<'_>, operation: &mut Operation) {
    let mut examples: Vec<Example> = Vec::new();
    for (name, body) in planned.body.examples.iter().take(MOST) {
        if let Some(request) = request(planned, operation, body) {
            examples.push(Example { name: shown(name), request: Some(request), response: None });
        }
    }
    for (name, response) in planned.answers.examples.iter().take(MOST) {
        if response.to_string().len() > LONGEST || response.is_null() {
            continue;
        }
        let name = shown(name);
        let request_alone =
            examples.iter_mut().find(|it| it.name == name && it.response.is_none() && it.request.is_some());
        match request_alone {
            Some(example) => example.response = Some(response.clone()),
            None => {
                let name = if examples.iter().any(|it| it.name == name) { format!("{name}, answered") } else { name };
                examples.push(Example { name, request: None, response: Some(response.clone()) });
            }
        }
    }
    examples.truncate(MOST);
    // Names are read by people, and must differ.
    let mut seen = std::collections::BTreeSet::new();
    for (at, example) in examples.iter_mut().enumerate() {
        if !seen.insert(example.name.clone()) {
            example.name = format!("{} {}", example.name, at + 1);
        }
    }
    operation.examples = examples;
}

/// All parameters by name; nothing if a required one has no example.
fn request(planned: &PlannedOperation<'_>, operation: &Operation, body: &Value) -> Option<Value> {
    let mut all = Map::new();
    let parameters = &planned.parameters;
    let before = [
        (&operation.path_parameters, &parameters.path),
        (&operation.query, &parameters.query),
        (&operation.headers, &parameters.headers),
        (&operation.cookies, &parameters.cookies),
    ];
    for (entries, pieces) in before {
        for entry in entries.iter().filter(|it| it.required) {
            let piece = &pieces.iter().find(|it| it.name == entry.name)?.piece;
            let value =
                entry.constant.clone().or_else(|| piece.examples.first().cloned()).or_else(|| entry.default.clone())?;
            all.insert(entry.alias.clone().unwrap_or_else(|| entry.name.clone()), value);
        }
    }
    if planned.body.is_whole() {
        all.insert("body".to_owned(), body.clone());
        let request = Value::Object(all);
        return (request.to_string().len() <= LONGEST).then_some(request);
    }
    for (name, value) in body.as_object()? {
        let entry = operation.body.iter().find(|it| it.name == *name);
        let called = entry.and_then(|it| it.alias.clone()).unwrap_or_else(|| name.clone());
        if entry.is_none() && !operation.open {
            // What only answers have is no part of a request.
            continue;
        }
        all.insert(called, value.clone());
    }
    let request = Value::Object(all);
    (request.to_string().len() <= LONGEST).then_some(request)
}

fn shown(name: &str) -> String {
    let words = text::plain(&name.replace(['_', '-'], " "));
    if words.is_empty() { "example".to_owned() } else { words }
}
