//! One operation: its request, its builders, its response.

use super::fields::{self, Owner, null_setter, request_storage};
use super::names::{Names, operation_module, reserved, resource_module};
use super::view::{
    Download, Entry, Failure, Need, Operation, PartMethod, PathPiece, Reply, Request, RequestField, StatusParameter,
    Task, TypeName,
};
use super::{Ctx, builders, checks, docs, examples, names, replies, secrets, statuses, streams};
use crate::digest::Words;
use crate::model::{
    self, Api, Encoding, ListStyle, Location, Method, OperationId, Output, PartForm, PathPart, StatusPath, StatusValue,
};
use crate::rust_words::without_raw_prefix;

/// Lowers an operation; `methods` are the names its resource has already.
pub(crate) fn operation(ctx: &mut Ctx<'_>, id: OperationId, methods: &mut Names<'_>) -> Operation {
    let operation = ctx.api.operation(id);
    let full_name = operation.full_name(ctx.api);
    let method = names::snake(operation.rust_name.as_deref().unwrap_or(&operation.name));
    methods.take(ctx, &method, &operation.name, operation.span);
    let pascal = names::pascal(&operation.name);
    let module = operation_module(operation);
    let request = request(ctx, operation, &pascal);
    let lowered = builders::builders(ctx, operation, &request, &pascal, &full_name);
    let reply = reply(ctx, id, &method, methods);
    let stream = streams::stream(ctx, operation, &pascal, &full_name, &reply);
    let pages = super::pages::pages(ctx, operation);
    let mut out = Operation {
        file: without_raw_prefix(&module).to_owned(),
        module,
        method,
        docs: ctx.words(|| docs::operation(ctx.api, operation)),
        summary: docs::sentence(&docs::one_line(&operation.summary)),
        http_method: operation.method.as_str(),
        has_other_method: matches!(operation.method, Method::Other(_)),
        path: operation.path.iter().map(path_piece).collect(),
        path_template: operation.path_template(),
        server: operation.server,
        auth: operation.auth.iter().map(|all| all.iter().map(|it| (it.credential, it.scheme)).collect()).collect(),
        idempotent: operation.is_idempotent(),
        has_body: operation.has_body,
        downloads: matches!(operation.output, Output::Binary { .. }) && ctx.known.downloading.contains(&id),
        cancels: ctx.known.cancelling.contains(&id),
        accept: match &operation.output {
            Output::Binary { media_types } => Some(media_types.join(", ")),
            _ => None,
        },
        xml: None,
        json_type: (!operation.accept.is_empty()).then(|| operation.accept.join(", ")),
        idempotency: operation.idempotency.as_ref().map(|it| it.to_ascii_lowercase()),
        deprecated: operation.deprecated.as_deref().map(docs::deprecation_note),
        response_headers: replies::headers(ctx, operation),
        answer_form: replies::form(operation),
        other_answers: replies::other_answers(&operation.output),
        content_types: match operation.has_body && !operation.is_plain_json() {
            true if matches!(
                operation.encoding,
                Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Binary | Encoding::Text
            ) =>
            {
                operation.content_types.iter().map(|it| it.media_type.clone()).collect()
            }
            _ => Vec::new(),
        },
        alternatives: {
            // XML is made of the body in JSON.
            let in_json = |it: Encoding| matches!(it, Encoding::Json | Encoding::Xml);
            let is_same = |it: Encoding| it == operation.encoding || (in_json(it) && in_json(operation.encoding));
            let others = operation.content_types.iter().filter(|it| !is_same(it.encoding));
            others.map(|it| (it.encoding, it.media_type.clone())).collect()
        },
        whole_body: match operation.encoding {
            Encoding::Binary => "file_body",
            Encoding::Text => "text_body",
            Encoding::Lines => "lines_body",
            Encoding::Json | Encoding::Xml | Encoding::Multipart | Encoding::Related | Encoding::Form => "whole_body",
        },
        encoding: operation.encoding,
        has_keys: {
            let credentials = operation.auth.iter().flatten().filter_map(|it| ctx.api.credentials.get(it.credential));
            operation.has_body && credentials.flat_map(|it| &it.schemes).any(|it| it.body().is_some())
        },
        statuses: statuses(&operation.statuses),
        failure: operation.failure.as_ref().map(|it| match ctx.api.errors.when.as_ref() {
            Some(of_api) if of_api == it => Failure::OfApi,
            _ => Failure::Own(it.clone()),
        }),
        request,
        arguments: lowered.arguments,
        needs: lowered.needs,
        builder_struct: String::new(),
        entry: lowered.entry,
        reply,
        stream,
        pages,
        example: None,
        full_name,
    };
    if ctx.has_words {
        field_docs(ctx.api, operation, &mut out);
    }
    if ctx.known.has_words {
        // Whatever is kept: the first call of the API is one of these.
        out.example = examples::call(ctx, operation, &out);
    }
    out
}

/// What a parameter is stands at the setter that says it of all kinds of requests; the field of the request names that.
fn field_docs(api: &Api, model: &model::Operation, operation: &mut Operation) {
    let builder = match &operation.entry {
        Entry::Single { builder, .. } => builder,
        Entry::Variants { any, .. } => any,
    };
    for (index, field) in operation.request.fields.iter_mut().enumerate() {
        let words = if builder.setters.iter().any(|it| it.field == index) {
            let name = without_raw_prefix(&field.ident);
            // Not `Builder::name`: that would be the first of all builders of the resource.
            vec![format!("See [`{name}`](type.{}.html#method.{name}).", builder.ident)]
        } else {
            docs::parameter(api, &model.parameters, &model.parameters.fields[index])
        };
        field.docs = Words(words);
    }
}

fn path_piece(part: &PathPart) -> PathPiece {
    match part {
        PathPart::Literal(text) => PathPiece::Literal(text.clone()),
        PathPart::Parameter(ix) => PathPiece::Field(ix.0 as usize),
    }
}

fn request(ctx: &mut Ctx<'_>, operation: &model::Operation, pascal: &str) -> Request {
    let ident = format!("{}Request", pascal.trim_end_matches('_'));
    let module = resource_module(ctx.api.resource(operation.resource));
    let record = &operation.parameters;
    let mut scope = Names::new("parameter").reserve(&reserved::BUILDER_METHODS);
    if operation.stream.is_some() {
        scope = scope.reserve(&["stream"]);
    }
    if operation.pages.is_some() {
        scope = scope.reserve(&["pages", "items"]);
    }
    let mut items = Vec::new();
    for field in &record.fields {
        let field_ident = fields::parameter_ident(field);
        // A field without a setter may be called like a method.
        if !streams::asks_for_stream(operation, items.len()) {
            scope.take(ctx, &field_ident, &field.name, field.span);
        }
        for push in &field.push {
            scope.take(ctx, &names::snake(push), push, field.span);
        }
        if field.nullable {
            scope.take(ctx, &names::null_setter(&field_ident), &field.name, field.span);
        }
        items.push(RequestField {
            ident: field_ident.clone(),
            wire: field.name.clone(),
            sent: field.sent.name.clone(),
            style: fields::style(ctx.api, field),
            is_flag: field.sent.style.is_flag(),
            keeps_slashes: field.sent.keeps_slashes,
            header_prefix: field.header_prefix().map(str::to_ascii_lowercase),
            part_name: part_name(field),
            part: part(field),
            location: field.location,
            ty: fields::ty(
                ctx,
                &field.ty,
                Owner { name: pascal, module: Some(&module), field: &field.name, span: field.span },
            ),
            storage: request_storage(field),
            null_setter: null_setter(&field_ident, request_storage(field)),
            secret: field.secret,
            client: field.client,
            docs: Words::default(),
            deprecated: field.deprecated.as_deref().map(docs::deprecation_note),
        });
    }
    let owner = TypeName { module: Some(module), ident: pascal.to_owned() };
    let checks = checks::of_record(ctx, record, None, request_storage, &owner);
    let full_name = operation.full_name(ctx.api);
    let words = docs::join(vec![
        vec![format!("The parameters of `{full_name}` as plain data, checked when it is sent.")],
        vec!["For requests whose parameters are known only at run time; the builders are safer.".to_owned()],
    ]);
    let hides = secrets::are_in_request(ctx.api, operation);
    Request { ident, docs: words, fields: items, open: record.open, hides, checks }
}

/// The name of a part: brackets of a list are a part of it.
fn part_name(field: &model::Field) -> Option<String> {
    let brackets = field.sent.part == PartForm::Named && field.sent.style.lists == ListStyle::Brackets;
    if brackets { Some(field.sent.item_name(field.sent_name(), 0)) } else { field.sent.name.clone() }
}

fn part(field: &model::Field) -> Option<PartMethod> {
    let kind = field.sent.part_type().map(str::to_owned);
    match field.sent.part {
        PartForm::Named if field.sent.style.lists == ListStyle::Indices => {
            Some(PartMethod::Typed("indexed_parts", kind.unwrap_or_default()))
        }
        PartForm::Plain | PartForm::Named => kind.map(|it| PartMethod::Typed("typed_part", it)),
        PartForm::Json => kind.map(|it| PartMethod::Typed("json_part", it)),
        PartForm::JsonItems => kind.map(|it| PartMethod::Typed("json_parts", it)),
        PartForm::Entries => Some(PartMethod::Typed("entry_parts", kind.unwrap_or_default())),
        PartForm::Styled => Some(PartMethod::Styled(field.sent.style)),
    }
}

fn reply(ctx: &mut Ctx<'_>, id: OperationId, method: &str, methods: &mut Names<'_>) -> Reply {
    let operation = ctx.api.operation(id);
    match &operation.output {
        Output::Empty => Reply::Empty,
        Output::Binary { .. } => Reply::Bytes,
        Output::Json { ty, nullable: true, .. } => {
            Reply::Optional { ty: replies::ty(ctx, operation, ty, "answer"), none: Vec::new() }
        }
        Output::Json { ty, wrapper, plain_text, nullable: false } => {
            let ty = replies::ty(ctx, operation, ty, "answer");
            Reply::Json { ty, wrapper: wrapper.clone(), plain_text: plain_text.clone() }
        }
        Output::ByStatus(answers) => replies::by_status(ctx, operation, answers),
        Output::Text { .. } => Reply::Text,
        Output::Redirect => Reply::Redirect,
        Output::Task(task) => {
            let resume = format!("{}_task", without_raw_prefix(method).trim_end_matches('_'));
            methods.take(ctx, &resume, &operation.name, operation.span);
            let download = task.download.filter(|_| ctx.known.downloads.get(&task.result) == Some(&id)).map(|it| {
                let brings = ctx.api.operation(it);
                Download { module: operation_module(brings), path: path_of_task(brings, task) }
            });
            let cancel = task.cancel.map(|it| {
                let cancels = ctx.api.operation(it);
                Download { module: operation_module(cancels), path: path_of_task(cancels, task) }
            });
            Reply::Task(Box::new(Task {
                download,
                cancel,
                result: ctx.type_name(task.result).clone(),
                resume,
                status_template: task.status.as_ref().map_or_else(|| operation.path_template(), StatusPath::template),
                status_path: task.status.as_ref().map(StatusPath::around_the_id),
                url_header: task.is_url_in_header.then(|| task.id_field.to_ascii_lowercase()),
                keeps_slashes: task.status.as_ref().is_some_and(|it| it.keeps_slashes),
                within: within(ctx, operation, task),
                id: task.id_field.clone(),
                status_id: task.status_has_id(ctx.api).then(|| task.id_field.clone()),
                state: task.state_field.clone(),
                completed: task.completed.clone(),
                failed: task.failed.clone(),
                error: task.error_pointer.clone(),
                callback: task.callback.is_some(),
                stage: task.stage.as_ref().map(|it| it.field.clone()),
                interval_ms: task.poll_interval_ms,
                deadline_ms: task.deadline_ms,
            }))
        }
    }
}

/// The parameters of the status path beside the id.
fn within(ctx: &mut Ctx<'_>, operation: &model::Operation, task: &model::Task) -> Vec<StatusParameter> {
    let mut scope = Names::new("parameter").reserve(&["id"]);
    let others = task.status.iter().flat_map(StatusPath::others);
    let parameter = |it: &model::StatusParameter| {
        let argument = match it.from {
            StatusValue::Created(ix) => fields::parameter_ident(operation.parameters.field(ix)),
            StatusValue::Client(_) | StatusValue::Id => names::snake(&it.name),
        };
        scope.take(ctx, &argument, &it.name, operation.span);
        StatusParameter { name: it.name.clone(), argument, client: it.client(operation) }
    };
    others.map(parameter).collect()
}

/// The path of an operation on a task before and after the id, with parameters of the status path by name.
fn path_of_task(operation: &model::Operation, task: &model::Task) -> (String, String) {
    let known = |name: &str| task.status.iter().flat_map(StatusPath::others).any(|it| it.name == name);
    let parameter = |part: &PathPart| match part {
        PathPart::Literal(_) => None,
        PathPart::Parameter(ix) => {
            let name = operation.parameters.field(*ix).sent_name();
            let from = if known(name) { StatusValue::Created(*ix) } else { StatusValue::Id };
            Some(model::StatusParameter { name: name.to_owned(), from })
        }
    };
    let parameters: Vec<_> = operation.path.iter().filter_map(parameter).collect();
    let mut index = 0;
    let part = |part: &PathPart| match part {
        PathPart::Literal(text) => PathPart::Literal(text.clone()),
        PathPart::Parameter(_) => {
            index += 1;
            PathPart::Parameter(model::FieldIx(index - 1))
        }
    };
    StatusPath { parts: operation.path.iter().map(part).collect(), query: Vec::new(), parameters, keeps_slashes: false }
        .around_the_id()
}

/// Whether a parameter is part of the path.
pub(crate) fn in_path(field: &model::Field) -> bool {
    field.location == Location::Path
}

/// The needs by field.
pub(crate) fn need_of(needs: &[Need], field: usize) -> Option<usize> {
    needs.iter().position(|it| it.field == field)
}
