//! One operation of the reference.

use super::fields::{self, TableKind};
use super::{examples, types, variants, view};
use crate::emit::labels;
use crate::emit::markdown::{block, cell, code, code_cell, inline, json, table};
use crate::model::{
    Api, Certainty, Condition, ExampleOf, Operation, Output, StatusAnswer, StatusForm, Stream, StreamEvents, Task,
    Type, TypeId,
};
use crate::prose;

/// The heading, which also determines the anchor.
pub(super) fn heading(api: &Api, operation: &Operation) -> String {
    code(&operation.full_name(api))
}

/// What the page says about the operation.
pub(super) fn view(api: &Api, operation: &Operation) -> view::Operation {
    let mut parameters = vec![fields::table_of(api, &operation.parameters, TableKind::Parameters)];
    parameters.extend(fields::value_tables(api, &operation.parameters));
    parameters.retain(|it| !it.is_empty());
    if parameters.is_empty() {
        parameters.push("None.".to_owned());
    }
    if operation.parameters.open {
        parameters.push("Unknown body parameters are accepted.".to_owned());
    }
    view::Operation {
        heading: heading(api, operation),
        summary: inline(&operation.summary),
        request: code(&format!("{} {}", operation.method.as_str(), operation.path_template())),
        doc: block(&operation.doc),
        facts: facts(api, operation),
        parameters,
        variants: variants::view(api, operation),
        rules: fields::rules(api, &operation.parameters),
        answer: answer(api, operation),
        statuses: statuses(api, operation),
        examples: examples::legal(api, operation),
        refused: examples::refused(operation),
    }
}

fn facts(api: &Api, operation: &Operation) -> Vec<String> {
    let mut facts = Vec::new();
    if operation.server != 0
        && let Some(server) = api.servers.get(operation.server)
    {
        facts.push(format!("**Server:** {} {}", code(&server.name), code(&server.url)));
    }
    let alternatives = operation.auth.iter().map(|all| {
        let all: Vec<String> = all.iter().filter_map(|it| auth(api, it)).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(" and ") }
    });
    let alternatives: Vec<String> = alternatives.collect();
    let sent = if alternatives.is_empty() { "none".to_owned() } else { alternatives.join(", or ") };
    facts.push(format!("**Auth:** {sent}"));
    if operation.has_body {
        let kinds: Vec<String> = operation.content_types.iter().map(|it| code(&it.media_type)).collect();
        facts.push(format!("**Body:** {}", kinds.join(" or ")));
    }
    if !operation.accept.is_empty() {
        let kinds: Vec<String> = operation.accept.iter().map(|it| code(it)).collect();
        let of = if matches!(operation.output, Output::Empty | Output::Redirect) { "Errors" } else { "Response" };
        facts.push(format!("**{of}:** {}", kinds.join(" or ")));
    }
    if let Some(words) = &operation.deprecated {
        facts.push(format!("**Deprecated:** {}", inline(words)));
    }
    facts.push(if let Some(header) = &operation.idempotency {
        format!("**Retries:** failed calls are retried, with the same key in {}", code(header))
    } else if operation.is_idempotent() {
        "**Retries:** failed calls are retried".to_owned()
    } else {
        "**Retries:** a failed call is retried only if the server certainly did not process it".to_owned()
    });
    for limit in operation.rate_limits.iter().filter_map(|it| api.rate_limits.get(*it)) {
        facts.push(format!("**Rate limit:** {} ({})", code(&limit.name), inline(&labels::rate(limit))));
    }
    if let Some(source) = &operation.origin.source {
        facts.push(format!("**Source:** {}", inline(source)));
    }
    if operation.partly_documented {
        facts.push(
            "**Partly documented:** the vendor mentions this operation but does not describe it in full".to_owned(),
        );
    }
    if operation.origin.certainty == Certainty::Inferred {
        facts.push(
            "**Inferred:** the vendor's documentation implies this operation but does not state that it exists"
                .to_owned(),
        );
    }
    if let Some(unclear) = &operation.origin.unclear {
        facts.push(format!("**Unclear:** {}", inline(unclear)));
    }
    facts
}

fn auth(api: &Api, auth: &crate::model::Auth) -> Option<String> {
    let credential = api.credentials.get(auth.credential)?;
    let scheme = credential.schemes.get(auth.scheme)?;
    let scopes: Vec<String> = auth.scopes.iter().map(|it| code(it)).collect();
    let with = match scopes.len() {
        0 => String::new(),
        1 => format!(" with the scope {}", scopes.join(", ")),
        _ => format!(" with the scopes {}", scopes.join(", ")),
    };
    Some(format!("{} as {}{with}", code(&credential.name), code(&labels::sent_as(scheme))))
}

fn statuses(api: &Api, operation: &Operation) -> String {
    let typed = operation.error_types().next().is_some();
    let body =
        |ty: Option<&Type>| ty.or(operation.error_type.as_ref()).map_or(String::new(), |it| types::type_cell(api, it));
    let row = |it: &crate::model::StatusMeaning| {
        let mut row = vec![it.status.to_string(), code_cell(labels::error_kind(it.kind)), cell(&it.doc)];
        row.extend(typed.then(|| body(it.ty.as_ref())));
        row
    };
    let mut rows: Vec<_> = operation.statuses.iter().map(row).collect();
    if operation.error_type.is_some() {
        rows.push(vec!["others".to_owned(), String::new(), String::new(), body(None)]);
    }
    let titles: &[&str] = if typed { &["status", "kind", "meaning", "body"] } else { &["status", "kind", "meaning"] };
    table(titles, &rows)
}

fn answer(api: &Api, operation: &Operation) -> Vec<String> {
    let status = operation.success;
    let mut blocks = match &operation.output {
        Output::Empty if operation.stream.is_some() => vec![format!("Status {status}.")],
        Output::Empty => vec![format!("Status {status}, with no body.")],
        Output::Binary { media_types } => {
            let types: Vec<String> = media_types.iter().map(|it| code(it)).collect();
            vec![format!("Status {status}: bytes of type {}.", types.join(", "))]
        }
        Output::Text { media_types } => {
            let types: Vec<String> = media_types.iter().map(|it| code(it)).collect();
            vec![format!("Status {status}: text of type {}.", types.join(", "))]
        }
        Output::Redirect => {
            vec![format!("Status {status}: the header `Location` says where it leads. The client does not follow it.")]
        }
        Output::ByStatus(answers) => by_status(api, answers),
        Output::Json { ty, wrapper, plain_text, nullable } => {
            let under = wrapper.as_ref().map(|it| format!(" under {}", code(it))).unwrap_or_default();
            let null = if *nullable { ", or `null`" } else { "" };
            let mut blocks = vec![format!("Status {status}: {}{under}{null}.", types::type_cell(api, ty))];
            push_inline_fields(api, ty, &mut blocks);
            blocks.extend(plain_text.as_ref().map(|it| format!("A plain-text response becomes {}.", code(it))));
            blocks
        }
        Output::Task(task) => task_answer(api, operation, task),
    };
    if let Some(stream) = &operation.stream {
        push_stream(api, operation, stream, &mut blocks);
    }
    if let Some(pages) = &operation.pages {
        blocks.push(inline(&prose::pages(api, &operation.parameters, pages)));
    }
    if let Some((_, record)) = operation.response_headers.and_then(|it| types::record_of(api, &Type::Named(it))) {
        blocks.push("Headers:".to_owned());
        blocks.push(fields::table_of(api, record, TableKind::Answer));
    }
    match (&operation.failure, &api.errors.when) {
        (Some(own), _) => blocks.push(format!("It is an error when {}.", prose::failure(own))),
        (None, Some(_)) => blocks.push("A response with a success status is never an error.".to_owned()),
        (None, None) => {}
    }
    blocks
}

/// A line for each status, and the fields of records that are written in place.
fn by_status(api: &Api, answers: &[StatusAnswer]) -> Vec<String> {
    let mut blocks = Vec::new();
    for answer in answers {
        let status = answer.status;
        match &answer.ty {
            Some(ty) => {
                let kinds = || answer.form.media_types().iter().map(|it| code(it)).collect::<Vec<_>>().join(" or ");
                blocks.push(match &answer.form {
                    StatusForm::Json => format!("Status {status}: {}.", types::type_cell(api, ty)),
                    StatusForm::Wrapped(key) => {
                        format!("Status {status}: {} under {}.", types::type_cell(api, ty), code(key))
                    }
                    StatusForm::Text(_) => format!("Status {status}: text of {}.", kinds()),
                    StatusForm::Binary(_) => format!("Status {status}: bytes of {}.", kinds()),
                });
                push_inline_fields(api, ty, &mut blocks);
            }
            None => blocks.push(format!("Status {status}, with no body.")),
        }
    }
    blocks
}

/// The fields of an inline record, for which there is no section to link to.
fn push_inline_fields(api: &Api, ty: &Type, blocks: &mut Vec<String>) {
    let inner = match ty {
        Type::Array(item) => item.non_null(),
        ty => ty,
    };
    if let Some((def, record)) = types::record_of(api, inner)
        && def.inline
    {
        blocks.push(fields::table_of(api, record, TableKind::Answer));
        blocks.extend(fields::value_tables(api, record));
        blocks.retain(|it| !it.is_empty());
    }
}

fn task_answer(api: &Api, operation: &Operation, task: &Task) -> Vec<String> {
    let holds = if task.status.is_some() { "its id" } else { "the URL of its status" };
    let place = if task.is_url_in_header { "The header " } else { "" };
    let mut blocks = vec![format!(
        "Status {}: a task, to be polled until it is done. {place}{} holds {holds}.",
        operation.success,
        code(&task.id_field)
    )];
    blocks.extend(record_blocks(api, task.created));
    let status = match task.status {
        Some(_) => code(&status_call(task)),
        None => "that URL".to_owned(),
    };
    blocks.push(format!(
        "Poll {status} every {}; {} holds the state. Waiting gives up after {}.",
        labels::duration(task.poll_interval_ms),
        code(&task.state_field),
        labels::duration(task.deadline_ms)
    ));
    blocks.push(states(task));
    if task.failed.is_empty() {
        blocks.push(format!("A task that is done failed if {} has a value.", code(&task.error_pointer)));
    }
    if let Some(cancel) = task.cancel {
        blocks.push(format!("{} cancels it.", code(&api.operation(cancel).full_name(api))));
    }
    if let Some(stage) = &task.stage {
        blocks.push(format!("{} reports progress within a state:", code(&stage.field)));
        let rows: Vec<_> = stage.values.iter().map(|(value, doc)| vec![code_cell(value), cell(doc)]).collect();
        blocks.push(table(&[&code_cell(&stage.field), "meaning"], &rows));
    }
    if !task.every_state.is_empty() {
        let names: Vec<String> = task.every_state.iter().map(|it| code(it)).collect();
        blocks.push(format!("Present in every state: {}.", names.join(", ")));
    }
    blocks.push("Once completed:".to_owned());
    blocks.extend(record_blocks(api, task.result));
    if let Some(callback) = task.callback {
        let name = code(&operation.parameters.field(callback).name);
        blocks.push(format!("If {name} is set, the API also sends the body of a poll to that URL."));
    }
    blocks.retain(|it| !it.is_empty());
    blocks
}

fn record_blocks(api: &Api, id: TypeId) -> Vec<String> {
    let ty = Type::Named(id);
    let mut blocks = Vec::new();
    push_inline_fields(api, &ty, &mut blocks);
    if !api.ty(id).inline {
        blocks.push(types::type_cell(api, &ty));
    }
    blocks
}

/// `GET /api/v1/tasks/{id}`, or the place of the URL.
pub(super) fn status_call(task: &Task) -> String {
    match &task.status {
        Some(path) => format!("GET {}", path.template()),
        None => format!("GET {{{}}}", task.id_field),
    }
}

fn states(task: &Task) -> String {
    let error = match task.error_pointer.as_str() {
        "" => String::new(),
        pointer => format!("failed; {} holds the reason", code_cell(pointer)),
    };
    let mut rows = Vec::new();
    for (states, meaning) in [
        (&task.pending, "not done yet: poll again (unknown states count as this)".to_owned()),
        (&task.completed, "done".to_owned()),
        (&task.failed, error),
    ] {
        rows.extend(states.iter().map(|it| vec![code_cell(it), meaning.clone()]));
    }
    table(&[&code_cell(&task.state_field), "meaning"], &rows)
}

fn push_stream(api: &Api, operation: &Operation, stream: &Stream, blocks: &mut Vec<String>) {
    let when = match &stream.when {
        Condition::Always => String::new(),
        when => format!(" when {}", inline(&prose::condition(&operation.parameters, api, when))),
    };
    let (form, one) = match stream.json_lines {
        true => ("Lines of JSON", "Every line is"),
        false => ("Server-sent events", "Every `data:` line is"),
    };
    blocks.push(format!("{form}{when}."));
    match &stream.events {
        StreamEvents::Data(ty) => {
            blocks.push(format!("{one} {}.", types::type_cell(api, ty)));
            push_inline_fields(api, ty, blocks);
        }
        StreamEvents::Named(events) => {
            let rows: Vec<_> = events
                .iter()
                .map(|(name, ty)| {
                    vec![code_cell(name), ty.as_ref().map_or_else(String::new, |it| types::type_cell(api, it))]
                })
                .collect();
            blocks.push(table(&["event", "data"], &rows));
        }
    }
    let mut ends = Vec::new();
    ends.extend(stream.end_data.as_ref().map(|it| format!("The data {} ends the stream.", code(it))));
    ends.extend(stream.end_event().map(|it| format!("The event {} ends the stream.", code(it))));
    ends.extend(stream.error_events.iter().map(|it| format!("The event {} reports an error.", code(it))));
    ends.extend(stream.error.as_ref().map(|it| format!("Data with a value at {} reports an error.", code(it))));
    if !ends.is_empty() {
        blocks.push(ends.join("\n"));
    }
}

/// The blocks of an example's response.
pub(super) fn answer_blocks(of: ExampleOf, response: &serde_json::Value) -> [String; 2] {
    let words = match of {
        ExampleOf::Call => "The call returns:",
        ExampleOf::Status => "A poll of its status returns:",
        ExampleOf::Callback => "The callback's body:",
    };
    [words.to_owned(), json(response)]
}
