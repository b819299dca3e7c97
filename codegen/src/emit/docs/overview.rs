//! The first page of the reference: what all operations have in common, and links to each.

use super::operation::{heading, status_call};
use super::view::{Overview, ResourceLine, Section};
use crate::emit::labels;
use crate::emit::markdown::{anchor, block, cell, code, code_cell, heading as heading_text, inline, json, table};
use crate::model::{Api, MessagePlace, Operation, Output, Resource, Server, Task, Type, WebhookEvent};
use crate::prose;

/// What the page says.
pub(super) fn view(api: &Api) -> Overview {
    let sections =
        [servers(api), auth(api), client(api), errors(api), limits(api), request_id(api), tasks(api), webhook(api)];
    Overview {
        marker: crate::emit::markdown_marker(api),
        title: heading_text(&api.title),
        doc: block(&api.doc),
        source: api.source.as_deref().map(inline).unwrap_or_default(),
        sections: sections.into_iter().flatten().chain(event_types(api)).collect(),
        resources: resource_lines(api, ""),
    }
}

/// The table of a resource's operations; `page` stands before the `#` of links.
pub(super) fn operations(api: &Api, resource: &Resource, page: &str) -> String {
    let row = |operation: &Operation| {
        let link = format!("[{}]({page}#{})", code_cell(&operation.name), anchor(&heading(api, operation)));
        let request = format!("{} {}", operation.method.as_str(), operation.path_template());
        vec![link, code_cell(&request), cell(&operation.summary)]
    };
    let rows: Vec<_> = resource.operations.iter().map(|it| row(api.operation(*it))).collect();
    table(&["operation", "request", "what it does"], &rows)
}

/// A paragraph and a table per resource; `folder` stands before the names of pages.
pub(in crate::emit) fn resource_lines(api: &Api, folder: &str) -> Vec<ResourceLine> {
    api.resources.iter().map(|it| resource(api, it, folder)).collect()
}

fn resource(api: &Api, resource: &Resource, folder: &str) -> ResourceLine {
    let page = format!("{folder}{}.md", resource.name);
    ResourceLine {
        link: format!("[{}]({page})", heading_text(&resource.title)),
        doc: block(&resource.doc),
        operations: operations(api, resource, &page),
    }
}

fn section(title: &str, blocks: Vec<String>) -> Option<Section> {
    let blocks: Vec<String> = blocks.into_iter().filter(|it| !it.is_empty()).collect();
    (!blocks.is_empty()).then(|| Section { title: title.to_owned(), blocks, rules: Vec::new() })
}

fn servers(api: &Api) -> Option<Section> {
    let rows: Vec<_> = api.servers.iter().map(|it| vec![code_cell(&it.name), url_cell(it), cell(&it.doc)]).collect();
    let variables = api.servers.iter().flat_map(|it| &it.variables).map(|it| {
        let values: Vec<String> = it.values.iter().map(|it| code_cell(it)).collect();
        let default = it.default.as_ref().map_or_else(|| "required".to_owned(), |it| code_cell(it));
        vec![code_cell(&it.name), code_cell(&it.env), default, values.join(", "), cell(&it.doc)]
    });
    let variables =
        table(&["variable", "environment variable", "default", "values", "meaning"], &variables.collect::<Vec<_>>());
    let mut blocks = vec![table(&["name", "URL", "for"], &rows), variables];
    blocks.retain(|it| !it.is_empty());
    section("Base URLs", blocks)
}

fn url_cell(server: &Server) -> String {
    if server.url.is_empty() { "of your own".to_owned() } else { code_cell(&server.url) }
}

fn auth(api: &Api) -> Option<Section> {
    if api.credentials.is_empty() {
        return section("Authentication", vec!["No authentication is needed.".to_owned()]);
    }
    let mut rows = Vec::new();
    for credential in &api.credentials {
        let sent: Vec<String> = credential.schemes.iter().map(|it| code_cell(&labels::sent_as(it))).collect();
        let mut notes = vec![cell(&credential.doc)];
        notes.extend(credential.looks_like.as_ref().map(|it| format!("Looks like {}.", code_cell(it))));
        notes.retain(|it| !it.is_empty());
        notes.extend(credential.oauth2.as_ref().map(|it| cell(&prose::oauth2(it))));
        let envs: Vec<String> = credential.variables().iter().map(|it| code_cell(it.0)).collect();
        rows.push(vec![code_cell(&credential.name), sent.join(" or "), envs.join(", "), notes.join("<br>")]);
    }
    section("Authentication", vec![table(&["credential", "sent as", "environment variable", "notes"], &rows)])
}

/// The parameters that are set on the client.
fn client(api: &Api) -> Option<Section> {
    let rows = api.client_parameters.iter().map(|it| {
        let env = it.env.as_deref().map(code_cell).unwrap_or_default();
        let default =
            it.default.as_ref().map(|it| code_cell(&it.as_str().map_or_else(|| it.to_string(), str::to_owned)));
        vec![
            code_cell(&it.name),
            labels::location(it.location).to_owned(),
            env,
            default.unwrap_or_default(),
            cell(&it.doc),
        ]
    });
    let table = table(&["parameter", "in", "environment variable", "default", "meaning"], &rows.collect::<Vec<_>>());
    if table.is_empty() {
        return None;
    }
    let words = "Set once with `Client::builder().parameter(name, value)`, and sent by every operation that has it. A call \
        that sets it sends its own value.";
    section("Parameters of the client", vec![words.to_owned(), table])
}

fn errors(api: &Api) -> Option<Section> {
    let errors = &api.errors;
    let pointers = |all: &[String]| all.iter().map(|it| code_cell(it)).collect::<Vec<_>>().join(", then ");
    let body: Vec<_> = [("message", &errors.message), ("code", &errors.code), ("details", &errors.details)]
        .into_iter()
        .filter(|(_, it)| !it.is_empty())
        .map(|(what, it)| vec![what.to_owned(), pointers(it)])
        .collect();
    let typed: Vec<&Type> = errors.ty.iter().chain(errors.statuses.iter().filter_map(|it| it.ty.as_ref())).collect();
    let of_type = |ty: &Type| match super::types::record_of(api, ty) {
        Some((def, _)) => code_cell(&def.name),
        None => "object".to_owned(),
    };
    let statuses: Vec<_> = errors
        .statuses
        .iter()
        .map(|it| {
            let mut row = vec![it.status.to_string(), code_cell(labels::error_kind(it.kind)), cell(&it.doc)];
            let body = || it.ty.as_ref().or(errors.ty.as_ref()).map_or(String::new(), of_type);
            row.extend((!typed.is_empty()).then(body));
            row
        })
        .collect();
    let codes: Vec<_> = errors.codes.iter().map(|it| vec![code_cell(&it.value), cell(&it.doc)]).collect();
    let titles: &[&str] =
        if typed.is_empty() { &["status", "kind", "meaning"] } else { &["status", "kind", "meaning", "body"] };
    let mut blocks = vec![
        table(&["part of the body", "where"], &body),
        table(titles, &statuses),
        table(&["code", "meaning"], &codes),
    ];
    let inside = errors.when.as_ref().map(prose::failure);
    blocks.extend(inside.map(|it| format!("A response with a success status is an error too when {it}.")));
    if let Some(ty) = &errors.ty {
        blocks.push(format!("Where nothing else is said, the body of an error is {}.", of_type(ty)));
    }
    blocks.extend(error_types(api, &typed));
    if !codes.is_empty() {
        blocks.push("Other codes may appear.".to_owned());
    }
    for example in &errors.examples {
        blocks.push(format!("**{}** (status {})", inline(&example.name), example.status));
        blocks.push(json(&example.body));
    }
    section("Errors", blocks)
}

/// The fields of the types that errors have, each once: they have no page of their own.
fn error_types(api: &Api, typed: &[&Type]) -> Vec<String> {
    let mut seen = Vec::new();
    let mut blocks = Vec::new();
    for ty in typed {
        if seen.contains(ty) {
            continue;
        }
        seen.push(*ty);
        if let Some((def, record)) = super::types::record_of(api, ty) {
            blocks.push(format!("The fields of {}:", code_cell(&def.name)));
            blocks.push(super::fields::table_of(api, record, super::fields::TableKind::Answer));
        }
    }
    blocks
}

fn limits(api: &Api) -> Option<Section> {
    let rows: Vec<_> =
        api.rate_limits.iter().map(|it| vec![code_cell(&it.name), cell(&labels::rate(it)), cell(&it.doc)]).collect();
    let mut blocks = vec![table(&["limit", "rate", "for"], &rows)];
    if let Some(headers) = &api.rate_limit_headers {
        let reset = format!("when the limit resets, {}", labels::reset_format(headers.reset_format));
        let rows: Vec<_> = [
            (&headers.limit, "the limit"),
            (&headers.remaining, "what remains of it"),
            (&headers.reset, reset.as_str()),
        ]
        .into_iter()
        .filter_map(|(name, words)| Some(vec![code_cell(name.as_ref()?), words.to_owned()]))
        .collect();
        blocks.push(table(&["response header", "holds"], &rows));
    }
    section("Rate limits", blocks)
}

fn request_id(api: &Api) -> Option<Section> {
    let header = api.request_id_header.as_ref()?;
    section(
        "Request id",
        vec![format!(
            "The response header {} identifies the request. Quote it when you contact support.",
            code(header)
        )],
    )
}

fn tasks(api: &Api) -> Option<Section> {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for operation in &api.operations {
        if let Output::Task(task) = &operation.output {
            let cells = task_cells(task);
            let name = code_cell(&operation.full_name(api));
            match groups.iter_mut().find(|(_, it)| *it == cells) {
                Some((names, _)) => names.push(name),
                None => groups.push((vec![name], cells)),
            }
        }
    }
    if groups.is_empty() {
        return None;
    }
    let rows: Vec<Vec<String>> =
        groups.into_iter().map(|(names, cells)| cells.into_iter().chain([names.join(", ")]).collect()).collect();
    let head =
        ["status call", "state in", "pending", "completed", "failed", "poll every", "give up after", "operations"];
    let intro = "Some calls return an id immediately. A status call fetches the result once it is ready.";
    section("Tasks", vec![intro.to_owned(), table(&head, &rows)])
}

fn task_cells(task: &Task) -> Vec<String> {
    let codes = |all: &[String]| all.iter().map(|it| code_cell(it)).collect::<Vec<_>>().join(", ");
    vec![
        code_cell(&status_call(task)),
        code_cell(&task.state_field),
        codes(&task.pending),
        codes(&task.completed),
        codes(&task.failed),
        labels::duration(task.poll_interval_ms),
        labels::duration(task.deadline_ms),
    ]
}

fn webhook(api: &Api) -> Option<Section> {
    let webhook = api.webhook.as_ref()?;
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let written = |encoding: &str, prefix: &str| match prefix {
        "" => cell(encoding),
        prefix => format!("{} after {}", cell(encoding), code_cell(prefix)),
    };
    let between = match webhook.separator.as_str() {
        " " => "a space".to_owned(),
        separator => code_cell(separator),
    };
    let mut rows = Vec::new();
    let place = |it: &MessagePlace| match it {
        MessagePlace::Header(name) => code_cell(name),
        MessagePlace::Body(at) => format!("{} of the body", code_cell(at)),
    };
    rows.extend(webhook.id.as_ref().map(|it| row("delivery id", place(it))));
    rows.extend(webhook.timestamp.as_ref().map(|it| row("time of signing", place(it))));
    let beside = webhook.timestamp_prefix.as_ref();
    rows.extend(beside.map(|it| row("time of signing", format!("beside the signatures, after {}", code_cell(it)))));
    let secret = if webhook.algorithm == "ed25519" { "public key" } else { "secret" };
    rows.extend([row("signatures", place(&webhook.signature)), row("algorithm", code_cell(&webhook.algorithm))]);
    if !webhook.signed.is_empty() {
        rows.extend([
            row("signed text", code_cell(&webhook.signed)),
            row("signature encoding", written(&webhook.signature_encoding, &webhook.signature_prefix)),
            row("separator of several signatures", between),
        ]);
    }
    rows.extend([
        row(&format!("{secret} encoding"), written(&webhook.secret_encoding, &webhook.secret_prefix)),
        row(&format!("{secret} in variable"), code_cell(&webhook.env)),
    ]);
    rows.extend(webhook.retries.map(|it| vec!["retries".to_owned(), format!("up to {it} times")]));
    let mut blocks = vec![block(&webhook.doc), table(&["part", "value"], &rows)];
    if let Some(told) = &webhook.events {
        let place = match &told.name {
            MessagePlace::Body(at) => format!("at {} of the body", code(at)),
            MessagePlace::Header(name) => format!("in the header {}", code(name)),
        };
        blocks.push(format!("The name of the event is {place}. There may be others."));
        let event = |it: &WebhookEvent| vec![code_cell(&it.name), super::types::type_cell(api, &it.ty), cell(&it.doc)];
        blocks.push(table(&["event", "body", "meaning"], &told.events.iter().map(event).collect::<Vec<_>>()));
    }
    section("Webhooks", blocks)
}

/// The types of the events of a webhook, which no page of a resource has.
pub(super) fn event_types(api: &Api) -> Vec<Section> {
    let events = api.webhook.iter().filter_map(|it| it.events.as_ref()).flat_map(|it| &it.events);
    let types = super::types::reachable_from(api, events.map(|it| &it.ty));
    types.into_iter().map(|it| super::types::section(api, it)).collect()
}
