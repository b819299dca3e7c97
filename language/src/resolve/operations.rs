//! Operations, once their parameters are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assemble::FieldSource;
use super::path_template::{Part, Template};
use super::types::Types;
use super::view::{ConditionScope, TypeView};
use super::{common, credentials, failures, locations, names as forms, pages, responses, streams, variants};
use crate::diagnostics::{Diagnostics, names, suggest, types};
use crate::model::{
    Api, Auth, Example, Field, FieldIx, Location, Method, Operation, OperationId, Output, PathPart, Record, ResourceId,
    TypeId,
};
use crate::syntax::document::{ApiDocument, OperationDoc, OperationErrorsDoc, ResourceDocument, Text};

/// An operation and the types made for it.
pub(super) struct OperationPlan<'d> {
    pub resource: ResourceId,
    pub doc: &'d OperationDoc,
    pub template: Option<Template>,
    /// Which owner holds its parameters.
    pub owner: usize,
    /// The record written in place as the response.
    pub response: Option<TypeId>,
    /// The same, of responses by status.
    pub by_status: BTreeMap<u16, TypeId>,
    /// The record of the headers of responses.
    pub response_headers: Option<TypeId>,
    pub created: Option<TypeId>,
    pub result: Option<TypeId>,
}

/// What operations are resolved against.
pub(super) struct ResolveContext<'c, 'd> {
    pub api: &'c Api,
    pub document: &'d ApiDocument,
    pub resources: &'d [ResourceDocument],
}

/// The operation of a plan.
pub(super) fn resolve(
    common: &ResolveContext<'_, '_>,
    plan: &OperationPlan<'_>,
    types_: &mut Types<'_>,
    (mut record, sources): (Record, &[FieldSource<'_>]),
    examples: Vec<Example>,
    out: &mut Diagnostics,
) -> Operation {
    let (api, doc) = (common.api, plan.doc);
    let resource = &common.resources[plan.resource.0 as usize];
    let method = doc.method.as_ref().map_or(Method::Post, |it| it.value);
    let server = doc.server.as_ref().or(resource.server.as_ref());
    let auth = doc.auth.as_ref().or(resource.auth.as_ref()).or(common.document.auth.as_ref());
    let auth = credentials::auth(auth, &api.credentials, out);
    record.open = doc.open;
    let has_fields = record.fields.iter().any(|it| it.location.in_body());
    let writes = matches!(method, Method::Post | Method::Put | Method::Patch);
    credentials::check_body(&auth, &api.credentials, doc, &record, out);
    let scheme = |it: &Auth| api.credentials.get(it.credential)?.schemes.get(it.scheme);
    let has_key = auth.iter().flatten().filter_map(scheme).any(|it| it.body().is_some());
    let has_body = has_fields || doc.body.is_some() || ((doc.open || has_key) && writes);
    if has_body && method == Method::Head {
        let span = doc.body.as_ref().map_or(doc.name.span, |it| it.span);
        out.push(types::bad_operation("a HEAD request has no body", "put the parameters under `query`", span));
    }
    let whole = record.fields.iter().find(|it| it.location == Location::WholeBody);
    if let Some(whole) = whole {
        let view = TypeView { types: &types_.defs, broken: &types_.broken };
        locations::check_whole_body(view, whole, &record, doc, out);
    }
    locations::check_order(&record, doc, out);
    locations::check_lines(&record, doc, out);
    if doc.open && !has_body {
        let help = "`open` only allows unknown body parameters";
        out.push(types::bad_operation("`open` on an operation without a body", help, doc.name.span));
    }
    let variants =
        doc.variants.as_ref().map(|it| variants::variants(it, types_, &record, sources, out)).unwrap_or_default();
    let output = responses::output(common, plan, types_, &record, out);
    let failure = failures::of_operation(doc.errors.as_ref(), api.errors.when.as_ref(), out);
    if let (Output::Json { ty, .. }, None, None) = (&output, &failure, &doc.errors) {
        responses::check_failure_in_success(ty, types_, out);
    }
    let scope_of = |types_| scope(types_, &record, sources);
    let stream = doc.stream.as_ref().map(|it| {
        let made = streams::types(it, plan.resource, types_, out);
        streams::resolve(it, made, &output, scope_of(types_), out)
    });
    let pages =
        doc.pages.as_ref().and_then(|it| pages::resolve(it, &output, (scope(types_, &record, sources), method), out));
    if method == Method::Head && !matches!(output, Output::Empty) {
        let span = doc.response.as_ref().map_or(doc.name.span, |it| it.span);
        out.push(types::bad_operation("a HEAD request is answered without a body", "write `response: none`", span));
    }
    let success = doc.success.as_ref().map(|it| it.value).unwrap_or(match &output {
        Output::Task(_) => 202,
        Output::Redirect => 302,
        Output::Empty if stream.is_none() && method != Method::Head => 204,
        Output::ByStatus(answers) => answers.iter().find(|it| it.ty.is_some()).map_or(200, |it| it.status),
        Output::Empty | Output::Json { .. } | Output::Binary { .. } | Output::Text { .. } => 200,
    });
    responses::check_success(doc, &output, out);
    if let (Some(headers), Some(id)) = (&doc.response_headers, plan.response_headers) {
        responses::check_headers(&headers.value, id, types_, out);
    }
    let id = Some(plan.resource);
    let own_error = match &doc.errors {
        Some(OperationErrorsDoc::Own { ty, .. }) => ty.as_ref(),
        Some(OperationErrorsDoc::None) | None => None,
    };
    let error_type = failures::body_type(own_error, id, types_, out);
    let mut statuses = common::statuses_of(&doc.statuses, &resource.statuses);
    failures::status_types(&mut statuses, &doc.statuses, id, types_, out);
    // What is wrong with the types of the file is reported once.
    let is_first = resource.operations.first().is_some_and(|it| it.name.span == doc.name.span);
    let mut reported = Diagnostics::new();
    failures::status_types(&mut statuses, &resource.statuses, id, types_, if is_first { out } else { &mut reported });
    let limits = api.rate_limits.iter().map(|it| it.name.as_str());
    Operation {
        resource: plan.resource,
        name: doc.name.value.clone(),
        method,
        path: path(plan.template.as_ref(), &record),
        server: server.map_or(0, |it| common::server(it, &api.servers, out)),
        summary: doc.summary.clone(),
        doc: doc.doc.clone(),
        origin: super::types::origin(&doc.remarks),
        partly_documented: doc.partly_documented,
        auth,
        billed: doc.billed.unwrap_or(method == Method::Post && has_body),
        idempotency: idempotency(common, plan, method, &record, out),
        accept: accept(common, plan, &output, out),
        deprecated: doc.deprecated.clone(),
        encoding: doc.encoding(),
        content_types: doc.content_types(),
        parameters: record,
        has_body,
        variants,
        output,
        success,
        stream,
        pages,
        rate_limits: doc
            .rate_limits
            .iter()
            .filter_map(|it| common::index("rate limit", it, limits.clone(), out))
            .collect(),
        failure,
        error_type,
        response_xml: doc.response_xml.clone(),
        response_headers: plan.response_headers,
        statuses,
        examples,
        rust_name: forms::check_rust(doc.rust.as_ref(), out),
        span: doc.name.span,
    }
}

/// The header of idempotency keys: what the operation says, or its file or the API of all that make or change something.
fn idempotency(
    common: &ResolveContext<'_, '_>,
    plan: &OperationPlan<'_>,
    method: Method,
    record: &Record,
    out: &mut Diagnostics,
) -> Option<String> {
    let resource = &common.resources[plan.resource.0 as usize];
    let inherited = resource.idempotency.as_ref().or(common.document.idempotency.as_ref());
    // What can be repeated anyway needs no key.
    let needs_one = matches!(method, Method::Post | Method::Patch);
    let name = plan.doc.idempotency.as_ref().or(inherited.filter(|_| needs_one))?;
    if name.value == "none" {
        return None;
    }
    let same = |it: &&Field| it.location == Location::Header && it.name.eq_ignore_ascii_case(&name.value);
    if let Some(parameter) = record.fields.iter().find(same) {
        let problem = format!("`{}` is sent by `idempotency` already", parameter.name);
        let help = "remove the parameter, or write `idempotency: none` in the operation";
        out.push(types::bad_operation(&problem, help, parameter.span));
    }
    Some(name.value.clone())
}

/// The media types of JSON that the responses have: what the operation says, or its file or the API of those in JSON.
fn accept(
    common: &ResolveContext<'_, '_>,
    plan: &OperationPlan<'_>,
    output: &Output,
    out: &mut Diagnostics,
) -> Vec<String> {
    let resource = &common.resources[plan.resource.0 as usize];
    // Without a body, it is the media type of errors.
    let is_json = !matches!(output, Output::Binary { .. } | Output::Text { .. });
    if let Some(own) = plan.doc.accept.as_ref().filter(|_| !is_json) {
        let of = "operations that do not respond with text or bytes";
        out.push(types::keyword_without_effect("`accept`", of, own.span));
    }
    let inherited = || resource.accept.as_ref().or(common.document.accept.as_ref());
    let all = plan.doc.accept.as_ref().or_else(inherited).filter(|_| is_json);
    all.map(|it| it.value.clone()).unwrap_or_default()
}

fn path(template: Option<&Template>, record: &Record) -> Vec<PathPart> {
    let part = |it: &Part| match it {
        Part::Literal(text) => Some(PathPart::Literal(text.clone())),
        Part::Parameter(name) => {
            let is_it = |it: &Field| it.location == Location::Path && it.sent_name() == name;
            let index = record.fields.iter().position(is_it)?;
            Some(PathPart::Parameter(FieldIx(index as u32)))
        }
    };
    template.map(|it| it.parts.iter().filter_map(part).collect()).unwrap_or_default()
}

pub(super) fn scope<'a>(
    types_: &'a Types<'_>,
    record: &'a Record,
    sources: &'a [FieldSource<'_>],
) -> ConditionScope<'a> {
    let view = TypeView { types: &types_.defs, broken: &types_.broken };
    ConditionScope { view, record, what: "the operation", own: None, sources }
}

/// Links tasks to the operations that bring what they made.
pub(super) fn downloads(api: &mut Api, plans: &[OperationPlan<'_>], out: &mut Diagnostics) {
    let by_name = by_resource(api);
    for (at, plan) in plans.iter().enumerate() {
        let Some(name) = plan.doc.task.as_ref().and_then(|it| it.download.as_ref()) else { continue };
        let Some(found) = find(&by_name, plan.resource, name, out) else { continue };
        let other = &api.operations[found];
        if !matches!(other.output, Output::Binary { .. }) || !takes_only_an_id_beside(other, &others_of(api, at)) {
            let problem = format!("`{}` cannot download a task's result", name.value);
            let help = "a download must have only the id as a path parameter, beside those of the status path, and a \
                        `binary` response";
            out.push(types::bad_task(&problem, help, name.span));
        } else if let Output::Task(task) = &mut Arc::make_mut(&mut api.operations[at]).output {
            task.download = Some(OperationId(found as u32));
        }
    }
}

/// Operations by their files and names.
fn by_resource(api: &Api) -> BTreeMap<ResourceId, BTreeMap<String, usize>> {
    let mut by_resource: BTreeMap<ResourceId, BTreeMap<String, usize>> = BTreeMap::new();
    for (at, it) in api.operations.iter().enumerate() {
        by_resource.entry(it.resource).or_default().entry(it.name.clone()).or_insert(at);
    }
    by_resource
}

/// The operation of a name in the same file. A name that leads nowhere is reported.
fn find(
    by_name: &BTreeMap<ResourceId, BTreeMap<String, usize>>,
    resource: ResourceId,
    name: &Text,
    out: &mut Diagnostics,
) -> Option<usize> {
    let others = by_name.get(&resource);
    let found = others.and_then(|it| it.get(&name.value).copied());
    if found.is_none() {
        let known = others.into_iter().flatten().map(|(name, _)| name.as_str());
        let known: Vec<&str> = known.take(suggest::MOST_KNOWN).collect();
        out.push(names::unknown_name("operation", &name.value, &known, name.span));
    }
    found
}

/// The parameters of the status path of a task beside its id.
fn others_of(api: &Api, at: usize) -> Vec<String> {
    match &api.operations[at].output {
        Output::Task(task) => task.status.iter().flat_map(|it| it.others()).map(|it| it.name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Whether the id is all that an operation needs, apart from headers and from parameters of the task's status path.
fn takes_only_an_id_beside(operation: &Operation, others: &[String]) -> bool {
    let mut needed = operation.parameters.fields.iter().filter(|it| {
        it.location != Location::Header
            && !(it.location == Location::Path && others.iter().any(|other| other == it.sent_name()))
    });
    matches!((needed.next(), needed.next()), (Some(it), None) if it.location == Location::Path)
}

/// Links tasks to the operations that cancel them.
pub(super) fn cancels(api: &mut Api, plans: &[OperationPlan<'_>], out: &mut Diagnostics) {
    let by_name = by_resource(api);
    for (at, plan) in plans.iter().enumerate() {
        let Some(name) = plan.doc.task.as_ref().and_then(|it| it.cancel.as_ref()) else { continue };
        let Some(found) = find(&by_name, plan.resource, name, out) else { continue };
        let other = &api.operations[found];
        if !takes_only_an_id_beside(other, &others_of(api, at)) || other.has_body {
            let problem = format!("`{}` cannot cancel a task", name.value);
            let help =
                "what cancels must have only the id as a path parameter, beside those of the status path, and no body";
            out.push(types::bad_task(&problem, help, name.span));
        } else if let Output::Task(task) = &mut Arc::make_mut(&mut api.operations[at]).output {
            task.cancel = Some(OperationId(found as u32));
        }
    }
}

/// The operation called `resource.operation`.
pub(super) fn operation_by_full_name(api: &Api, name: &Text, out: &mut Diagnostics) -> Option<OperationId> {
    let known: Vec<String> = api.operations.iter().map(|it| it.full_name(api)).collect();
    let found = known.iter().position(|it| *it == name.value);
    if found.is_none() {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        out.push(names::unknown_name("operation", &name.value, &known, name.span));
    }
    found.map(|it| OperationId(it as u32))
}
