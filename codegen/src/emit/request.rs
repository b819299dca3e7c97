//! A request of an example, split into path, query, headers and body.

use serde_json::{Map, Value};

use crate::model::{Location, Operation};
use crate::serialize;

/// The parts of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Request {
    /// Path with its parameters filled in, and the query behind it.
    pub(super) target: String,
    /// Headers in the order of the spec.
    pub(super) headers: Vec<(String, String)>,
    /// The body: parameters by the names that are sent, or the one value that it is.
    pub(super) body: Option<Value>,
}

impl Request {
    /// Sorts the parameters of an example by their place. What the operation does not know goes into the body.
    pub(super) fn of(operation: &Operation, parameters: &Value) -> Self {
        let mut request = Self { target: target(operation, parameters), ..Self::default() };
        let mut fields = Map::new();
        let mut cookies = Vec::new();
        for (name, value) in parameters.as_object().into_iter().flatten() {
            let field = operation.parameters.find(name).map(|(_, field)| field);
            let sent = field.map_or(name.as_str(), |it| it.sent_name()).to_owned();
            match (field.map_or(Location::Body, |it| it.location), field) {
                (Location::Header, Some(field)) => {
                    request.headers.extend(serialize::headers(field, value));
                }
                (Location::Cookie, Some(field)) => {
                    cookies.extend(serialize::cookie(field, value).map(|it| format!("{sent}={it}")));
                }
                (Location::Body, Some(field)) if field.pair_prefix().is_some() && value.is_object() => {
                    let start = field.pair_prefix().unwrap_or_default();
                    let entries = value.as_object().into_iter().flatten();
                    fields.extend(entries.map(|(key, value)| (format!("{start}{key}"), value.clone())));
                }
                (Location::Body, _) => {
                    fields.insert(sent, value.clone());
                }
                (Location::WholeBody, _) => request.body = Some(value.clone()),
                _ => {}
            }
        }
        if !cookies.is_empty() {
            request.headers.push(("Cookie".to_owned(), cookies.join("; ")));
        }
        if operation.has_body && operation.whole_body().is_none() {
            request.body = Some(Value::Object(fields));
        }
        request
    }
}

fn target(operation: &Operation, parameters: &Value) -> String {
    let nothing = Map::new();
    let parameters = parameters.as_object().unwrap_or(&nothing);
    let (path, query) = (serialize::path(operation, parameters), serialize::query(operation, parameters));
    if query.is_empty() { path } else { format!("{path}?{query}") }
}
