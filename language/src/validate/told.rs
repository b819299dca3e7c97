//! Which of several operations on one path a request means: constants of its query and headers, its content type, what
//! it accepts, the required parameters that it has, and constants of its body.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use crate::model::{Field, Location, Operation, same_value};

/// What a request tells beside its method and its path.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The query, as it is sent.
    pub query: &'a Map<String, Value>,
    /// A header by its name, whatever its case.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The body, where it is known already.
    pub body: Option<&'a Value>,
}

impl std::fmt::Debug for Told<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Told").field("query", self.query).finish_non_exhaustive()
    }
}

impl Told<'_> {
    /// Those of the operations that the request means; all of them if it tells nothing.
    #[must_use]
    pub fn meant<'o>(&self, operations: &[&'o Operation]) -> Vec<&'o Operation> {
        if operations.len() < 2 {
            return operations.to_vec();
        }
        let best = operations.iter().filter_map(|it| self.rank(it)).max();
        let Some(best) = best else { return operations.to_vec() };
        operations.iter().filter(|it| self.rank(it) == Some(best)).copied().collect()
    }

    /// How many constants are sent, whether the body is of this kind, whether the responses are asked for, and how many
    /// required parameters are missing and given. Nothing if a constant is another.
    fn rank(&self, op: &Operation) -> Option<(usize, bool, bool, Reverse<usize>, usize)> {
        let given = |field: &Field| match field.location {
            Location::Query => self.query.get(field.sent_name()).and_then(Value::as_str),
            _ => (self.header)(field.sent_name()),
        };
        let mut sent = 0;
        for (field, value) in op.constants() {
            if given(field) != Some(text(value).as_str()) {
                return None;
            }
            sent += 1;
        }
        if let Some(body) = self.body {
            for (field, value) in op.constants_of_body() {
                let given = body.get(field.sent_name());
                // A form has texts.
                if !given.is_some_and(|it| same_value(it, value) || it.as_str() == Some(text(value).as_str())) {
                    return None;
                }
                sent += 1;
            }
        }
        let kind = (self.header)("content-type").unwrap_or_default();
        let is_kind = if op.has_body { op.content_type(kind).is_some() } else { kind.is_empty() };
        let accepted = (self.header)("accept").unwrap_or_default();
        let is_asked = op.response_types().iter().any(|it| accepted.split(',').any(|accepted| is_same(accepted, it)));
        let (needed, found) =
            op.always_sent().fold((0, 0), |(all, found), it| (all + 1, found + usize::from(given(it).is_some())));
        Some((sent, is_kind, is_asked, Reverse(needed - found), found))
    }
}

/// Whether two media types are the same, parameters included.
fn is_same(one: &str, other: &str) -> bool {
    let parts = |it: &str| it.split(';').map(|it| it.trim().to_ascii_lowercase()).collect::<Vec<_>>();
    parts(one) == parts(other)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
