//! An OpenAPI document as progenitor takes it: it stops at what it does not know, instead of leaving it out.

use serde_json::{Map, Value};

/// Media types of bodies that it knows.
const KNOWN: [&str; 4] =
    ["application/json", "application/octet-stream", "application/x-www-form-urlencoded", "text/plain"];

/// Leaves in each operation the first success, the first error, and the first body that progenitor knows. Removes the
/// operations without such a body, and returns how many these are.
pub(crate) fn for_progenitor(document: &mut Value) -> usize {
    let mut removed = 0;
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(|it| it.values_mut()).filter_map(Value::as_object_mut) {
        let before = item.len();
        item.retain(|_, operation| operation.get("responses").is_none() || knows_body(operation));
        removed += before - item.len();
        for operation in item.values_mut() {
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                let success = first(responses, &['2']);
                let error = first(responses, &['4', '5']);
                responses.retain(|status, _| Some(status) == success.as_ref() || Some(status) == error.as_ref());
            }
        }
    }
    removed
}

/// The first status that starts with one of these digits.
fn first(responses: &Map<String, Value>, digits: &[char]) -> Option<String> {
    responses.keys().find(|it| it.starts_with(digits)).cloned()
}

/// Whether there is no body, or one that progenitor knows. Then the other forms of the body are removed.
fn knows_body(operation: &mut Value) -> bool {
    let content = operation.get_mut("requestBody").and_then(|it| it.get_mut("content"));
    let Some(content) = content.and_then(Value::as_object_mut) else { return true };
    let is_known = |it: &&String| it.split(';').next().is_some_and(|it| KNOWN.contains(&it));
    let Some(known) = content.keys().find(is_known).cloned() else { return false };
    content.retain(|media_type, _| *media_type == known);
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_response_of_each_kind_and_one_body_stay() {
        let mut document = json!({ "paths": {
            "/fold": {
                "parameters": [],
                "post": {
                    "requestBody": { "content": { "multipart/form-data": 1, "application/json": 2 } },
                    "responses": { "200": 1, "202": 2, "401": 3, "500": 4, "default": 5 },
                },
            },
            "/sail": { "post": { "requestBody": { "content": { "multipart/form-data": 1 } }, "responses": {} } },
        } });
        assert_eq!(for_progenitor(&mut document), 1);
        let expected = json!({ "paths": {
            "/fold": {
                "parameters": [],
                "post": {
                    "requestBody": { "content": { "application/json": 2 } },
                    "responses": { "200": 1, "401": 3 },
                },
            },
            "/sail": {},
        } });
        assert_eq!(document, expected);
    }
}
