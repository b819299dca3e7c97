//! Errors: the form of their bodies, the statuses, and the headers of every response.

use serde_json::{Map, Value, json};

use super::schema::{Context, Side, object};
use super::{insert_text, joined};
use crate::emit::labels;
use crate::model::{Api, ErrorCode, Operation, StatusMeaning, Type};

/// The body of a failure, as far as the pointers of the spec tell: open, and nothing in it is promised.
pub(super) fn schema(api: &Api) -> Value {
    let mut root = object(json!({"type": "object"}));
    for pointer in &api.errors.details {
        place(&mut root, pointer, json!({}));
    }
    for pointer in &api.errors.message {
        place(&mut root, pointer, json!({"type": "string"}));
    }
    for pointer in &api.errors.code {
        place(&mut root, pointer, code_schema(&api.errors.codes));
    }
    Value::Object(root)
}

fn code_schema(codes: &[ErrorCode]) -> Value {
    let mut schema = Map::new();
    // A code may be a number: only what is documented is said.
    if !codes.is_empty() {
        let values: Vec<&str> = codes.iter().map(|it| it.value.as_str()).collect();
        schema.insert("x-extensible-enum".to_owned(), json!(values));
    }
    let words: Vec<String> = codes.iter().map(|it| format!("- `{}`: {}", it.value, it.doc.trim())).collect();
    insert_text(&mut schema, "description", &words.join("\n"));
    Value::Object(schema)
}

/// Puts a schema where a JSON pointer leads. Where two pointers cross, the value in the middle is left open: an error
/// may be text in one answer and an object in another.
fn place(root: &mut Map<String, Value>, pointer: &str, leaf: Value) {
    let names: Vec<String> = pointer.split('/').skip(1).map(|it| it.replace("~1", "/").replace("~0", "~")).collect();
    let Some((last, before)) = names.split_last() else { return };
    let mut here = root;
    for name in before {
        let next = property(here, name);
        next.remove("type");
        here = next;
    }
    let target = property(here, last);
    if target.contains_key("properties") {
        target.remove("type");
    } else if target.is_empty() {
        target.extend(object(leaf));
    }
}

fn property<'a>(schema: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let properties = child(schema, "properties");
    child(properties, name)
}

/// The object under a key, made if need be.
fn child<'a>(parent: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let value = parent.entry(key).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was made an object")
}

/// `components.responses`: one per status of the API, and one for the rest.
pub(super) fn responses(context: &Context<'_>) -> Map<String, Value> {
    let mut responses = Map::new();
    for meaning in &context.api.errors.statuses {
        responses.insert(format!("Error{}", meaning.status), response(context, meaning, None));
    }
    responses.insert("Error".to_owned(), with_body(context, "Any other failure.", (None, 0), Map::new(), None));
    responses
}

/// Adds the failures of one operation: its own statuses, those of the API, anything else.
pub(super) fn insert(context: &Context<'_>, operation: Option<&Operation>, responses: &mut Map<String, Value>) {
    let own = operation.map_or(&[][..], |it| &it.statuses);
    let general = context.api.errors.statuses.iter().filter(|it| own.iter().all(|own| own.status != it.status));
    let mut all: Vec<(u16, Value)> = general
        .map(|it| (it.status, json!({"$ref": format!("#/components/responses/Error{}", it.status)})))
        .chain(own.iter().map(|it| (it.status, response(context, it, operation))))
        .collect();
    all.sort_by_key(|(status, _)| *status);
    for (status, value) in all {
        responses.entry(status.to_string()).or_insert(value);
    }
    let default = match operation.and_then(|it| it.error_type.as_ref()) {
        Some(ty) => with_body(context, "Any other failure.", (Some(ty), 0), Map::new(), operation),
        None => json!({"$ref": "#/components/responses/Error"}),
    };
    responses.insert("default".to_owned(), default);
}

fn response(context: &Context<'_>, meaning: &StatusMeaning, operation: Option<&Operation>) -> Value {
    let mut examples = Map::new();
    for example in context.api.errors.examples.iter().filter(|it| it.status == meaning.status) {
        super::operation::push_example(&mut examples, &example.name, &example.body);
    }
    let kind = format!("Kind: `{}`.", labels::error_kind(meaning.kind));
    let words = joined([meaning.doc.as_str(), &kind]);
    with_body(context, &words, (meaning.ty.as_ref(), meaning.status), examples, operation)
}

/// `operation` is that of a response of its own, or none of all that have no other.
fn with_body(
    context: &Context<'_>,
    words: &str,
    (ty, status): (Option<&Type>, u16),
    examples: Map<String, Value>,
    operation: Option<&Operation>,
) -> Value {
    let schema = match ty.or(context.api.errors.ty.as_ref()) {
        Some(ty) => Value::Object(context.ty(ty, Side::Answer)),
        None => json!({"$ref": format!("#/components/schemas/{}", context.error_schema_name())}),
    };
    let mut content = object(json!({ "schema": schema }));
    if !examples.is_empty() {
        content.insert("examples".to_owned(), Value::Object(examples));
    }
    let mut response = object(json!({"description": words}));
    insert_headers(context.api, &mut response);
    response.insert("content".to_owned(), super::xml::of_error(context.api, operation, status, &content.into()).into());
    Value::Object(response)
}

/// Headers of every answer, with their words.
fn headers(api: &Api) -> Vec<(&str, String, &'static str)> {
    let mut headers = Vec::new();
    if let Some(name) = &api.request_id_header {
        headers.push((name.as_str(), "Identifies the request.".to_owned(), "string"));
    }
    if let Some(limits) = &api.rate_limit_headers {
        let reset = format!("When the rate limit resets: {}.", labels::reset_format(limits.reset_format));
        for (name, words, kind) in [
            (&limits.limit, "The rate limit.".to_owned(), "integer"),
            (&limits.remaining, "What remains of the rate limit.".to_owned(), "integer"),
            (&limits.reset, reset, "string"),
        ] {
            headers.extend(name.as_ref().map(|it| (it.as_str(), words, kind)));
        }
    }
    headers
}

/// `components.headers`.
pub(super) fn header_components(api: &Api) -> Map<String, Value> {
    let object = |(name, words, kind): (&str, String, &str)| {
        (name.to_owned(), json!({"description": words, "schema": {"type": kind}}))
    };
    headers(api).into_iter().map(object).collect()
}

/// Refers to the headers of every answer.
pub(super) fn insert_headers(api: &Api, response: &mut Map<String, Value>) {
    let all: Map<String, Value> = headers(api)
        .into_iter()
        .map(|(name, _, _)| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect();
    if !all.is_empty() {
        response.insert("headers".to_owned(), Value::Object(all));
    }
}
