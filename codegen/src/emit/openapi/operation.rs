//! One call as an operation object: parameters, body, responses.

use serde_json::{Map, Value, json};

use super::schema::{Context, Side, object};
use super::{answers, errors, insert_text, joined, rules, scheme_name, server_object, styles};
use crate::emit::labels;
use crate::emit::request::Request;
use crate::model::{
    Auth, AuthScheme, Certainty, Condition, Encoding, ExampleOf, Field, FieldIx, FieldPath, Location, MessagePlace,
    NextPage, Operation, Output, Pages, PartForm, Record, StreamEvents, Type, TypeKind,
};
use crate::prose;

/// `seedance_text_to_video`.
pub(super) fn id(context: &Context<'_>, operation: &Operation) -> String {
    format!("{}_{}", context.api.resource(operation.resource).name, operation.name)
}

/// The call itself; the status call of its task is one of its own.
pub(super) fn object_of(context: &Context<'_>, operation: &Operation) -> Map<String, Value> {
    let mut value = Map::new();
    value.insert("operationId".to_owned(), id(context, operation).into());
    value.insert("tags".to_owned(), json!([context.api.resource(operation.resource).name]));
    insert_text(&mut value, "summary", &operation.summary);
    insert_text(&mut value, "description", &description(context, operation));
    if operation.deprecated.is_some() {
        value.insert("deprecated".to_owned(), true.into());
    }
    insert_servers_and_security(context, operation, &mut value);
    let mut parameters = parameters(context, operation);
    parameters.extend(operation.idempotency.as_ref().map(|name| {
        json!({
            "name": name, "in": "header", "schema": {"type": "string"},
            "description": "Identifies the request: sent again with the same key, it is not done twice.",
        })
    }));
    if !parameters.is_empty() {
        value.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if operation.has_body {
        value.insert("requestBody".to_owned(), body(context, operation));
    }
    let mut responses = Map::new();
    match &operation.output {
        Output::ByStatus(all) => {
            for answer in all {
                responses.insert(answer.status.to_string(), answers::of_status(context, operation, answer));
            }
        }
        _ => {
            responses.insert(operation.success.to_string(), answers::success(context, operation));
        }
    }
    errors::insert(context, Some(operation), &mut responses);
    value.insert("responses".to_owned(), Value::Object(responses));
    if let Output::Task(task) = &operation.output {
        if let Some(callbacks) = answers::callbacks(context, operation, task) {
            value.insert("callbacks".to_owned(), callbacks);
        }
        value.insert("x-specwright-task".to_owned(), answers::task_words(context, operation, task));
    }
    insert_extensions(context, operation, &mut value);
    value
}

/// Where it is served, and how calls are authenticated.
pub(super) fn insert_servers_and_security(
    context: &Context<'_>,
    operation: &Operation,
    value: &mut Map<String, Value>,
) {
    if operation.server != 0
        && let Some(server) = context.api.servers.get(operation.server)
    {
        value.insert("servers".to_owned(), json!([server_object(server)]));
    }
    value.insert("security".to_owned(), Value::Array(requirements(context, operation)));
}

/// The alternatives of an operation. The API accepts every way to send a key; the operation's own comes first.
fn requirements(context: &Context<'_>, operation: &Operation) -> Vec<Value> {
    let mut all = Vec::new();
    for alternative in &operation.auth {
        let credential = |it: &Auth| context.api.credentials.get(it.credential);
        if let [only] = alternative.as_slice() {
            let Some(credential) = credential(only) else { continue };
            let others = credential.schemes.iter().enumerate().filter(|(ix, _)| *ix != only.scheme).map(|(_, it)| it);
            let schemes = credential.schemes.get(only.scheme).into_iter().chain(others);
            all.extend(
                schemes.filter(|it| it.body().is_none()).map(|it| json!({ scheme_name(credential, it): only.scopes })),
            );
            continue;
        }
        let mut together = Map::new();
        for auth in alternative {
            if let Some(known) = credential(auth)
                && let Some(scheme) = known.schemes.get(auth.scheme).filter(|it| it.body().is_none())
            {
                together.insert(scheme_name(known, scheme), json!(auth.scopes));
            }
        }
        if alternative.is_empty() || !together.is_empty() {
            all.push(Value::Object(together));
        }
    }
    all
}

fn description(context: &Context<'_>, operation: &Operation) -> String {
    let record = &operation.parameters;
    let told: Vec<String> =
        record.rules.iter().map(|it| format!("- {}.", prose::rule(record, context.api, it))).collect();
    let told = if told.is_empty() { String::new() } else { format!("Rules:\n\n{}", told.join("\n")) };
    let unclear = operation.origin.unclear.as_ref().map(|it| format!("Unclear: {it}")).unwrap_or_default();
    let partly = if operation.partly_documented { "Only partly documented by the vendor." } else { "" };
    let old = operation.deprecated.as_ref().map(|it| format!("Deprecated: {it}")).unwrap_or_default();
    let pages = operation.pages.as_ref().map(|it| prose::pages(context.api, record, it)).unwrap_or_default();
    joined([operation.doc.as_str(), &old, &pages, partly, &unclear, &told])
}

fn insert_extensions(context: &Context<'_>, operation: &Operation, value: &mut Map<String, Value>) {
    rules::insert(context, &operation.parameters, &|it| is_body_field(&operation.parameters, it), value);
    if !operation.variants.is_empty() {
        let variant = |it: &crate::model::Variant| {
            let when = prose::condition(&operation.parameters, context.api, &it.when);
            let mut variant = object(json!({"name": it.name, "when": when}));
            insert_text(&mut variant, "description", &it.doc);
            Value::Object(variant)
        };
        value.insert("x-specwright-variants".to_owned(), operation.variants.iter().map(variant).collect());
    }
    if let Some(stream) = &operation.stream {
        let mut told = Map::new();
        if stream.when != Condition::Always {
            let when = prose::condition(&operation.parameters, context.api, &stream.when);
            told.insert("when".to_owned(), when.into());
        }
        if let StreamEvents::Named(events) = &stream.events {
            told.insert("events".to_owned(), events.iter().map(|(name, _)| name.as_str()).collect());
        }
        insert_text(&mut told, "end_data", stream.end_data.as_deref().unwrap_or_default());
        insert_text(&mut told, "end_event", stream.end_event().unwrap_or_default());
        insert_text(&mut told, "error_event", &stream.error_events.join(", "));
        insert_text(&mut told, "error", stream.error.as_deref().unwrap_or_default());
        value.insert("x-specwright-stream".to_owned(), Value::Object(told));
    }
    if let Some(pages) = &operation.pages {
        value.insert("x-specwright-pages".to_owned(), extension(context, &operation.parameters, pages));
    }
    let by_prefix = |prefix: &dyn Fn(&Field) -> Option<&str>| -> Map<String, Value> {
        let prefixed = operation.parameters.fields.iter().filter(|it| prefix(it).is_some());
        let schema = |it: &Field| context.field(&operation.parameters, it, Side::Request).into();
        prefixed.map(|it| (it.sent_name().to_owned(), schema(it))).collect()
    };
    let is_in_query = |it: &Field| it.location == Location::Query;
    for (key, prefixed) in [
        ("x-specwright-headers-by-prefix", by_prefix(&|it| it.header_prefix())),
        ("x-specwright-query-by-prefix", by_prefix(&|it| it.pair_prefix().filter(|_| is_in_query(it)))),
    ] {
        if !prefixed.is_empty() {
            value.insert(key.to_owned(), Value::Object(prefixed));
        }
    }
    if operation.billed {
        value.insert("x-specwright-billed".to_owned(), true.into());
    }
    let limits = operation.rate_limits.iter().filter_map(|it| context.api.rate_limits.get(*it));
    let limits: Vec<Value> = limits.map(|it| labels::rate(it).into()).collect();
    if !limits.is_empty() {
        value.insert("x-specwright-rate-limits".to_owned(), limits.into());
    }
    if operation.origin.certainty == Certainty::Inferred {
        value.insert("x-specwright-certainty".to_owned(), "inferred".into());
    }
    insert_text(value, "x-specwright-source", operation.origin.source.as_deref().unwrap_or_default());
}

/// How one page leads to the next, with the keys of the spec.
fn extension(context: &Context<'_>, record: &Record, pages: &Pages) -> Value {
    let name = |it: &FieldPath| prose::path(record, context.api, it);
    let place = |it: &MessagePlace| match it {
        MessagePlace::Body(at) => Value::from(at.as_str()),
        MessagePlace::Header(name) => json!({"header": name}),
    };
    let (way, value) = match &pages.next {
        NextPage::Cursor { parameter, from } => ("cursor", json!({"parameter": name(parameter), "from": from})),
        NextPage::Header { parameter, name: header } => {
            ("cursor", json!({"parameter": name(parameter), "header": header}))
        }
        NextPage::LastItem { parameter, at } => ("cursor", json!({"parameter": name(parameter), "last_item": at})),
        NextPage::Offset { parameter, total } => {
            let mut value = object(json!({"parameter": name(parameter)}));
            value.extend(total.as_ref().map(|it| ("total".to_owned(), place(it))));
            ("offset", Value::Object(value))
        }
        NextPage::Number { parameter, first, pages } => {
            let mut value = object(json!({"parameter": name(parameter), "first": first}));
            value.extend(pages.as_ref().map(|it| ("pages".to_owned(), place(it))));
            ("page", Value::Object(value))
        }
        NextPage::Url(at) => ("url", at.as_str().into()),
        NextPage::Link(relation) => ("link", relation.as_str().into()),
    };
    let mut all = object(json!({"items": pages.items, way: value}));
    if let Some((at, goes_on)) = &pages.more {
        all.insert(if *goes_on { "while" } else { "until" }.to_owned(), at.as_str().into());
    }
    if let Some(size) = &pages.size {
        all.insert("size".to_owned(), name(size).into());
    }
    Value::Object(all)
}

fn is_body_field(record: &Record, ix: FieldIx) -> bool {
    record.field(ix).location == Location::Body
}

fn parameters(context: &Context<'_>, operation: &Operation) -> Vec<Value> {
    let record = &operation.parameters;
    // OpenAPI says what a body is beside the body.
    let is_told = |it: &Field| it.location == Location::Header && it.name.eq_ignore_ascii_case("content-type");
    // Nor has it names of which only the start is known.
    let is_told = |it: &Field| is_told(it) || it.header_prefix().or(it.pair_prefix()).is_some();
    let fields = record.fields.iter().filter(|it| !it.location.in_body() && !is_told(it));
    fields.map(|it| parameter(context, record, it)).collect()
}

fn parameter(context: &Context<'_>, record: &Record, field: &Field) -> Value {
    let mut schema = context.field(record, field, Side::Request);
    let mut value =
        object(json!({"name": styles::parameter_name(context.api, field), "in": labels::location(field.location)}));
    for key in ["description", "deprecated"] {
        if let Some(words) = schema.remove(key) {
            value.insert(key.to_owned(), words);
        }
    }
    if field.location == Location::Path || super::schema::is_required(field) {
        value.insert("required".to_owned(), true.into());
    }
    styles::put_schema(context.api, field, schema, &mut value);
    Value::Object(value)
}

fn body(context: &Context<'_>, operation: &Operation) -> Value {
    let record = &operation.parameters;
    let whole = operation.whole_body().map(|(_, it)| it);
    let schema = match whole {
        Some(field) => context.field(record, field, Side::Request),
        None => {
            let mut schema = context.record(record, Side::Request, |it| is_body_field(record, it));
            insert_keys(context, operation, &mut schema);
            schema
        }
    };
    let mut examples = Map::new();
    for example in operation.examples.iter().filter(|it| it.invalid.is_empty()) {
        if let Some(parameters) = &example.request {
            let body = Request::of(operation, parameters).body;
            body.iter().for_each(|it| push_example(&mut examples, &example.name, it));
        }
    }
    let mut content = object(json!({ "schema": schema }));
    if !examples.is_empty() {
        content.insert("examples".to_owned(), Value::Object(examples));
    }
    // Where no parameter is always needed, no body at all is the same as an empty one.
    let required = record.fields.iter().any(|it| it.location.in_body() && it.always_required());
    let all = operation.content_types.iter().map(|it| {
        let element = crate::xml::body(context.api, operation);
        let content = super::xml::content(context.api, &it.media_type, element.as_ref(), &content.clone().into());
        let mut content = object(content);
        let encoding = encoding_of(context, record, it.encoding);
        if !encoding.is_empty() {
            content.insert("encoding".to_owned(), Value::Object(encoding));
        }
        (it.media_type.clone(), Value::Object(content))
    });
    json!({"required": required, "content": Map::from_iter(all)})
}

/// Credentials that are sent in the body are fields of it, since OpenAPI knows no such credentials.
fn insert_keys(context: &Context<'_>, operation: &Operation, schema: &mut Map<String, Value>) {
    let is_needed = operation.auth.len() == 1;
    for auth in operation.auth.iter().flatten() {
        let Some(credential) = context.api.credentials.get(auth.credential) else { continue };
        let Some(name) = credential.schemes.get(auth.scheme).and_then(AuthScheme::body) else { continue };
        let mut key = object(json!({"type": "string", "writeOnly": true}));
        insert_text(&mut key, "description", &credential.doc);
        if let Some(properties) = schema.entry("properties").or_insert_with(|| json!({})).as_object_mut() {
            properties.insert(name.to_owned(), Value::Object(key));
        }
        if let Some(required) =
            schema.entry("required").or_insert_with(|| json!([])).as_array_mut().filter(|_| is_needed)
        {
            required.push(name.into());
        }
    }
    if schema.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        schema.remove("required");
    }
}

/// How the fields of a form and the parts of a multipart body are written.
fn encoding_of(context: &Context<'_>, record: &Record, encoding: Encoding) -> Map<String, Value> {
    match encoding {
        Encoding::Form => match record.fields.iter().find(|it| it.location == Location::WholeBody) {
            Some(whole) => styles::encoding(context.api, fields_of(context, whole).iter()),
            None => styles::encoding(context.api, properties_of_body(record)),
        },
        Encoding::Multipart | Encoding::Related => {
            let styled = |it: &&Field| it.location == Location::WholeBody && it.sent.part == PartForm::Styled;
            if let Some(whole) = record.fields.iter().find(styled) {
                return styles::encoding(context.api, fields_of(context, whole).iter());
            }
            let parts = properties_of_body(record);
            parts.filter_map(|it| Some((it.sent_name().to_owned(), styles::part(context.api, it)?))).collect()
        }
        Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Binary | Encoding::Text => Map::new(),
    }
}

/// The parameters of the body that are one property: an entry of a map whose name is a start of names is one of its own,
/// and only listed properties have an encoding.
fn properties_of_body(record: &Record) -> impl Iterator<Item = &Field> {
    record.fields.iter().filter(|it| it.location == Location::Body && it.pair_prefix().is_none())
}

/// The fields of a form of one type, as parameters of their own.
fn fields_of(context: &Context<'_>, whole: &Field) -> Vec<Field> {
    let Type::Named(id) = &whole.ty else { return Vec::new() };
    let TypeKind::Record(record) = &context.api.ty(*id).kind else { return Vec::new() };
    let as_sent = |field: &Field| {
        let mut field = field.clone();
        field.sent.style = styles::inside_of_form(context.api, &field, whole.sent.style);
        field
    };
    record.fields.iter().map(as_sent).collect()
}

/// Answers of the document to the call, a poll or in a callback.
pub(super) fn answer_examples(operation: &Operation, of: ExampleOf) -> Map<String, Value> {
    let mut examples = Map::new();
    for example in operation.examples.iter().filter(|it| it.of == of && it.invalid.is_empty()) {
        if let Some(response) = &example.response {
            push_example(&mut examples, &example.name, response);
        }
    }
    examples
}

/// Adds an example under a key made from its name.
pub(super) fn push_example(examples: &mut Map<String, Value>, name: &str, value: &Value) {
    let slug: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' }).collect();
    let mut key = if slug.is_empty() { "example".to_owned() } else { slug };
    while examples.contains_key(&key) {
        key.push('_');
    }
    examples.insert(key, json!({"summary": name, "value": value}));
}
