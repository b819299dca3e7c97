//! The responses of calls and polls, the events of streams, and callbacks.

use serde_json::{Map, Value, json};

use super::errors;
use super::operation::{answer_examples, id, insert_servers_and_security};
use super::schema::{Context, Side, object};
use crate::model::{
    Condition, Encoding, ExampleOf, Field, MessagePlace, NextPage, Operation, Output, Pages, PathPart, StatusAnswer,
    StatusForm, StatusPath, StatusValue, Stream, StreamEvents, Task, Type, TypeKind, Webhook,
};

/// The response of the success status.
pub(super) fn success(context: &Context<'_>, operation: &Operation) -> Value {
    let mut content = Map::new();
    let mut words = "Done.";
    match &operation.output {
        Output::Empty => {}
        Output::Binary { media_types } => {
            for media_type in media_types {
                let schema = match context.version {
                    super::Version::V3_1 => json!({}),
                    super::Version::V3_0 => json!({"type": "string", "format": "binary"}),
                };
                content.insert(media_type.clone(), json!({"schema": schema}));
            }
        }
        Output::Text { media_types } => {
            for media_type in media_types {
                content.insert(media_type.clone(), json!({"schema": {"type": "string"}}));
            }
        }
        Output::Redirect => words = "The answer is elsewhere.",
        // Each status has a response of its own.
        Output::ByStatus(_) => {}
        Output::Json { ty, wrapper, plain_text, nullable } => {
            let mut schema = context.ty(ty, Side::Answer);
            super::xml::root(context, ty, operation.response_xml.as_deref(), &mut schema);
            if *nullable {
                schema = super::keywords::nullable(context.version, schema);
            }
            if let Some(wrapper) = wrapper {
                schema = object(json!({
                    "type": "object", "properties": { wrapper.clone(): schema }, "required": [wrapper],
                }));
            }
            content.extend(json_content(
                context,
                operation,
                None,
                &media(schema, answer_examples(operation, ExampleOf::Call)),
            ));
            if plain_text.is_some() {
                content.insert("text/plain".to_owned(), json!({"schema": {"type": "string"}}));
            }
        }
        Output::Task(task) => {
            words = "The task was accepted.";
            let schema = context.ty(&Type::Named(task.created), Side::Answer);
            content.extend(json_content(
                context,
                operation,
                None,
                &media(schema, answer_examples(operation, ExampleOf::Call)),
            ));
        }
    }
    if let Some(stream) = &operation.stream {
        if stream.when == Condition::Always {
            content.clear();
        }
        let schema = if stream.json_lines { lines(context, stream) } else { events(context, stream) };
        content.insert(stream.media_type().to_owned(), json!({ "schema": schema }));
    }
    let failure = operation.failure.as_ref().map(|it| format!("It is an error when {}.", crate::prose::failure(it)));
    let words = super::joined([words, failure.as_deref().unwrap_or_default()]);
    let mut response = object(json!({"description": words}));
    errors::insert_headers(context.api, &mut response);
    insert_own_headers(context, operation, &mut response);
    match &operation.output {
        Output::Redirect => insert_location(&mut response, "Location", "Where it leads."),
        Output::Task(task) if task.is_url_in_header => {
            insert_location(&mut response, &task.id_field, "The URL of the status.");
        }
        _ => {}
    }
    if let Some(Pages { next: NextPage::Link(relation), .. }) = &operation.pages {
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        let words = format!("Links to other pages; the one with the relation `{relation}` is the next page.");
        headers["Link"] = json!({"description": words, "schema": {"type": "string"}});
    }
    if let Some(Pages { next: NextPage::Header { name, .. }, .. }) = &operation.pages {
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if headers.get(name).is_none() {
            headers[name] = json!({"description": "Selects the next page.", "schema": {"type": "string"}});
        }
    }
    if !content.is_empty() {
        response.insert("content".to_owned(), Value::Object(content));
    }
    Value::Object(response)
}

/// The headers that the operation describes itself.
fn insert_own_headers(context: &Context<'_>, operation: &Operation, response: &mut Map<String, Value>) {
    let Some(id) = operation.response_headers else { return };
    let TypeKind::Record(record) = &context.api.ty(id).kind else { return };
    // OpenAPI has no headers of which only the start of the name is known.
    let (prefixed, fields): (Vec<_>, Vec<_>) = record.fields.iter().partition(|it| it.name.ends_with('*'));
    if !prefixed.is_empty() {
        let of = |it: &&Field| (it.name.clone(), context.field(record, it, Side::Answer).into());
        let prefixed: Map<String, Value> = prefixed.iter().map(of).collect();
        response.insert("x-specwright-headers-by-prefix".to_owned(), Value::Object(prefixed));
    }
    let Some(headers) = response.entry("headers").or_insert_with(|| json!({})).as_object_mut() else { return };
    for field in fields {
        let mut schema = context.field(record, field, Side::Answer);
        let mut header = Map::new();
        header.extend(schema.remove("description").map(|it| ("description".to_owned(), it)));
        if field.always_required() {
            header.insert("required".to_owned(), true.into());
        }
        header.insert("schema".to_owned(), Value::Object(schema));
        headers.insert(field.name.clone(), Value::Object(header));
    }
}

/// A header that says where something is.
fn insert_location(response: &mut Map<String, Value>, name: &str, words: &str) {
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    if let Some(headers) = headers.as_object_mut() {
        let location = json!({
            "description": words, "required": true, "schema": {"type": "string", "format": "uri-reference"},
        });
        headers.insert(name.to_owned(), location);
    }
}

/// The response of one of several statuses.
pub(super) fn of_status(context: &Context<'_>, operation: &Operation, answer: &StatusAnswer) -> Value {
    let failure = operation.failure.as_ref().map(|it| format!("It is an error when {}.", crate::prose::failure(it)));
    let words = match (answer.status, &answer.ty) {
        (202, _) => "Accepted, but not done yet.",
        (304, _) => "It did not change.",
        (308, _) => "It is not complete yet.",
        (_, None) => "Done, with no body.",
        (_, Some(_)) => "Done.",
    };
    let words = super::joined([words, failure.as_deref().unwrap_or_default()]);
    let mut response = object(json!({"description": words}));
    errors::insert_headers(context.api, &mut response);
    insert_own_headers(context, operation, &mut response);
    if let Some(ty) = &answer.ty {
        // An example does not say which status it comes with; where all have one type, it does not matter.
        let one_type = operation.output.types().windows(2).all(|it| it[0] == it[1]);
        let shows = one_type && answer.status == operation.success;
        let examples = if shows { answer_examples(operation, ExampleOf::Call) } else { Map::new() };
        let content = match &answer.form {
            StatusForm::Json => {
                json_content(context, operation, Some(answer.status), &media(context.ty(ty, Side::Answer), examples))
                    .into()
            }
            StatusForm::Wrapped(key) => {
                let schema = context.ty(ty, Side::Answer);
                let whole = json!({"type": "object", "properties": { key.clone(): schema }, "required": [key]});
                json_content(context, operation, Some(answer.status), &media(object(whole), examples)).into()
            }
            StatusForm::Text(all) => {
                all.iter().map(|it| (it.clone(), json!({"schema": {"type": "string"}}))).collect::<Map<_, _>>().into()
            }
            StatusForm::Binary(all) => {
                let schema = match context.version {
                    super::Version::V3_1 => json!({}),
                    super::Version::V3_0 => json!({"type": "string", "format": "binary"}),
                };
                all.iter().map(|it| (it.clone(), json!({ "schema": schema }))).collect::<Map<_, _>>().into()
            }
        };
        response.insert("content".to_owned(), content);
    }
    Value::Object(response)
}

/// JSON, or XML that is made of it, of the media types that the operation responds with.
fn json_content(
    context: &Context<'_>,
    operation: &Operation,
    status: Option<u16>,
    media: &Value,
) -> Map<String, Value> {
    let answers = crate::xml::answers(context.api, operation);
    let element = answers.iter().find(|it| status.is_none_or(|status| it.0 == status)).map(|it| &it.1);
    let of = |it: &str| (it.to_owned(), super::xml::content(context.api, it, element, media));
    operation.json_types().map(of).collect()
}

fn media(schema: Map<String, Value>, examples: Map<String, Value>) -> Value {
    let mut media = object(json!({ "schema": schema }));
    if !examples.is_empty() {
        media.insert("examples".to_owned(), Value::Object(examples));
    }
    Value::Object(media)
}

/// One line of JSON.
fn lines(context: &Context<'_>, stream: &Stream) -> Value {
    match &stream.events {
        StreamEvents::Data(ty) => Value::Object(context.ty(ty, Side::Answer)),
        StreamEvents::Named(events) => {
            let all = events.iter().filter_map(|it| it.1.as_ref()).map(|it| context.ty(it, Side::Answer));
            json!({ "anyOf": all.collect::<Vec<_>>() })
        }
    }
}

/// One event, the way OpenAPI 3.2 has it: an object of its lines, in which `data` is text that holds JSON.
fn events(context: &Context<'_>, stream: &Stream) -> Value {
    let data = |ty: &Type| match context.version {
        super::Version::V3_1 => json!({
            "type": "string", "contentMediaType": "application/json", "contentSchema": context.ty(ty, Side::Answer),
        }),
        super::Version::V3_0 => json!({"type": "string", "x-specwright-json": context.ty(ty, Side::Answer)}),
    };
    let mut all = match &stream.events {
        StreamEvents::Data(ty) => {
            vec![json!({"type": "object", "properties": {"data": data(ty)}, "required": ["data"]})]
        }
        StreamEvents::Named(events) => {
            let event = |(name, ty): &(String, Option<Type>)| {
                let mut properties = object(json!({"event": {"type": "string", "enum": [name]}}));
                properties.extend(ty.as_ref().map(|it| ("data".to_owned(), data(it))));
                json!({"title": name, "type": "object", "properties": properties, "required": ["event"]})
            };
            events.iter().map(event).collect()
        }
    };
    let known = |name: &&String| match &stream.events {
        StreamEvents::Named(events) => events.iter().any(|it| it.0 == **name),
        StreamEvents::Data(_) => false,
    };
    all.extend(stream.error_events.iter().filter(|it| !known(it)).map(|name| {
        let event = json!({"event": {"type": "string", "enum": [name]}});
        json!({"title": name, "type": "object", "properties": event, "required": ["event"]})
    }));
    all.extend(stream.end_data.as_ref().map(|end| {
        let data = json!({"data": {"type": "string", "enum": [end]}});
        json!({"title": end, "type": "object", "properties": data, "required": ["data"]})
    }));
    json!({ "anyOf": all })
}

/// The status call of a task that has a path.
pub(super) fn status_call(
    context: &Context<'_>,
    operation: &Operation,
    (task, path): (&Task, &StatusPath),
) -> Map<String, Value> {
    let mut value = Map::new();
    value.insert("operationId".to_owned(), format!("{}_status", id(context, operation)).into());
    value.insert("tags".to_owned(), json!([context.api.resource(operation.resource).name]));
    let summary =
        format!("The state of a `{}` task, and its result once it is done.", operation.full_name(context.api));
    value.insert("summary".to_owned(), summary.into());
    insert_servers_and_security(context, operation, &mut value);
    let parameters = path.parameters.iter().enumerate().map(|(index, it)| {
        let (name, schema) = match it.from {
            StatusValue::Id => (path.id_name(), object(json!({"type": "string"}))),
            StatusValue::Created(ix) => {
                let field = operation.parameters.field(ix);
                (&*it.name, context.field(&operation.parameters, field, Side::Request))
            }
            StatusValue::Client(_) => (&*it.name, object(json!({"type": "string"}))),
        };
        match path.query_name(index) {
            Some(name) => json!({"name": name, "in": "query", "required": true, "schema": schema}),
            None => {
                let mut parameter = object(json!({"name": name, "in": "path", "required": true, "schema": schema}));
                if path.keeps_slashes && it.from == StatusValue::Id {
                    parameter.insert("x-specwright-allow-reserved".to_owned(), true.into());
                }
                Value::Object(parameter)
            }
        }
    });
    let constants = path.query.iter().filter_map(|(name, it)| match it {
        PathPart::Literal(value) => {
            Some(json!({"name": name, "in": "query", "required": true, "schema": {"type": "string", "enum": [value]}}))
        }
        PathPart::Parameter(_) => None,
    });
    value.insert("parameters".to_owned(), parameters.chain(constants).collect());
    let examples = answer_examples(operation, ExampleOf::Status);
    let mut response = object(json!({"description": "The state of the task."}));
    errors::insert_headers(context.api, &mut response);
    let content = media(object(status_body(context, task)), examples);
    response.insert("content".to_owned(), json_content(context, operation, None, &content).into());
    let mut responses = Map::new();
    responses.insert("200".to_owned(), Value::Object(response));
    errors::insert(context, None, &mut responses);
    value.insert("responses".to_owned(), Value::Object(responses));
    value
}

/// The result when completed; before and on failure the state, and what is there in every state.
fn status_body(context: &Context<'_>, task: &Task) -> Value {
    let states = |all: &[String]| -> Vec<Value> { all.iter().map(|it| task.state_value(it)).collect() };
    let form = if task.has_boolean_states { "boolean" } else { "string" };
    let completed_states = states(&task.completed);
    let is_completed = json!({"type": form, "enum": completed_states});
    let completed = json!({
        "allOf": [
            context.ty(&Type::Named(task.result), Side::Answer),
            nested(&task.state_field, (Map::new(), is_completed)),
        ],
    });
    let others = [states(&task.pending), states(&task.failed)].concat();
    let mut properties = Map::new();
    let mut state = object(json!({"type": form, "x-extensible-enum": others}));
    // Without a state of failure, an error beside the state of success is one.
    if !task.failed.is_empty() {
        state.insert("not".to_owned(), json!({"enum": completed_states}));
    }
    if let TypeKind::Record(result) = &context.api.ty(task.result).kind {
        for name in task.every_state.iter().filter(|it| **it != task.state_field) {
            if let Some((_, field)) = result.find(name) {
                let schema = Value::Object(context.field(result, field, Side::Answer));
                properties.insert(name.clone(), schema);
            }
        }
    }
    if let Some(stage) = &task.stage {
        let values: Vec<&str> = stage.values.iter().map(|(value, _)| value.as_str()).collect();
        properties.entry(stage.field.clone()).or_insert(json!({"type": "string", "x-extensible-enum": values}));
    }
    let other = nested(&task.state_field, (properties, Value::Object(state)));
    json!({"anyOf": [completed, other]})
}

/// An object that has a value at a place, which is the name of a field or a pointer, and these other properties.
fn nested(place: &str, (others, schema): (Map<String, Value>, Value)) -> Value {
    let (name, rest) = match place.strip_prefix('/') {
        Some(pointer) => pointer.split_once('/').map_or((pointer, None), |(name, rest)| (name, Some(rest))),
        None => (place, None),
    };
    let name = if place.starts_with('/') { name.replace("~1", "/").replace("~0", "~") } else { name.to_owned() };
    let schema = match rest {
        Some(rest) => nested(&format!("/{rest}"), (Map::new(), schema)),
        None => schema,
    };
    let mut properties = Map::from_iter([(name.clone(), schema)]);
    for (other, schema) in others {
        properties.entry(other).or_insert(schema);
    }
    json!({"type": "object", "properties": properties, "required": [name]})
}

/// The same body, sent to the address that a parameter names.
pub(super) fn callbacks(context: &Context<'_>, operation: &Operation, task: &Task) -> Option<Value> {
    let name = &operation.parameters.field(task.callback?).sent_name();
    let mut call = Map::new();
    if let Some(webhook) = &context.api.webhook {
        call.insert("description".to_owned(), webhook_words(webhook).into());
        call.insert("parameters".to_owned(), webhook_headers(webhook, None));
    }
    let content = media(object(status_body(context, task)), answer_examples(operation, ExampleOf::Callback));
    call.insert("requestBody".to_owned(), json!({"required": true, "content": {"application/json": content}}));
    call.insert("responses".to_owned(), json!({"2XX": {"description": "The callback was accepted."}}));
    let expression = format!("{{$request.body#/{}}}", name.replace('~', "~0").replace('/', "~1"));
    Some(json!({ (name.to_owned()): { expression: { "post": call } } }))
}

fn webhook_headers(webhook: &Webhook, event: Option<&str>) -> Value {
    let header = |it: &str| json!({"name": it, "in": "header", "required": true, "schema": {"type": "string"}});
    let known = webhook.id.iter().chain(&webhook.timestamp).chain([&webhook.signature]);
    let headers = known.filter_map(|it| it.header()).chain(event);
    headers.map(header).collect()
}

/// The events that the API tells of itself.
pub(super) fn webhooks(context: &Context<'_>) -> Option<Value> {
    let webhook = context.api.webhook.as_ref()?;
    let told = webhook.events.as_ref()?;
    let header = match &told.name {
        MessagePlace::Header(name) => Some(name.as_str()),
        MessagePlace::Body(_) => None,
    };
    let mut all = Map::new();
    for event in &told.events {
        let mut call = Map::new();
        let words = super::joined([event.doc.as_str(), &webhook_words(webhook)]);
        call.insert("description".to_owned(), words.into());
        call.insert("parameters".to_owned(), webhook_headers(webhook, header));
        let schema = context.ty(&event.ty, Side::Answer);
        let media_type = if webhook.is_form() { Encoding::Form } else { Encoding::Json }.media_type();
        call.insert("requestBody".to_owned(), json!({"required": true, "content": { media_type: {"schema": schema}}}));
        call.insert("responses".to_owned(), json!({"2XX": {"description": "The event was accepted."}}));
        all.insert(event.name.clone(), json!({ "post": call }));
    }
    Some(Value::Object(all))
}

fn webhook_words(webhook: &crate::model::Webhook) -> String {
    let prefix = match webhook.signature_prefix.as_str() {
        "" => String::new(),
        prefix => format!(" after `{prefix}`"),
    };
    if webhook.signed.is_empty() {
        let token = format!("`{}` holds the secret itself{prefix}.", webhook.signature.word());
        return super::joined([webhook.doc.as_str(), &token]);
    }
    let signed = format!(
        "Signed with {} over `{}`, written as {}{prefix}.",
        webhook.algorithm, webhook.signed, webhook.signature_encoding
    );
    super::joined([webhook.doc.as_str(), &signed])
}

/// How a task is followed, for tools.
pub(super) fn task_words(context: &Context<'_>, operation: &Operation, task: &Task) -> Value {
    let mut told = object(json!({
        "id": task.id_field,
        "status_path": task.status.as_ref().map(StatusPath::template),
        "state": task.state_field,
        "pending": task.pending.iter().map(|it| task.state_value(it)).collect::<Vec<_>>(),
        "completed": task.completed.iter().map(|it| task.state_value(it)).collect::<Vec<_>>(),
        "failed": task.failed.iter().map(|it| task.state_value(it)).collect::<Vec<_>>(),
        "error": task.error_pointer,
        "interval_ms": task.poll_interval_ms,
        "deadline_ms": task.deadline_ms,
    }));
    if task.status.is_none() {
        told.shift_remove("status_path");
        told.shift_remove("id");
        let key = if task.is_url_in_header { "status_url_header" } else { "status_url" };
        told.insert(key.to_owned(), task.id_field.clone().into());
        told.insert("status_body".to_owned(), status_body(context, task));
    }
    if let Some(callback) = task.callback {
        told.insert("callback".to_owned(), operation.parameters.field(callback).name.clone().into());
    }
    if let Some(stage) = &task.stage {
        let values: Map<String, Value> = stage.values.iter().map(|(it, doc)| (it.clone(), json!(doc))).collect();
        told.insert("stage".to_owned(), json!({"field": stage.field, "values": values}));
    }
    Value::Object(told)
}
