//! Operations, once their parameters are known.

use std::collections::BTreeMap;

use super::assemble::FieldSource;
use super::path_template::{Part, Template};
use super::tasks::{self, TaskDeclarations, TaskTypes};
use super::types::Types;
use super::view::{ConditionScope, TypeView};
use super::{common, condition, failures, names as forms, pages, streams};
use crate::diagnostics::{Diagnostics, names, suggest, types};
use crate::model::{
    Api, Auth, Condition, Constraint, Example, ExampleOf, Field, FieldPath, Location, Matcher, Method, Operation,
    OperationId, Output, PathPart, Record, ResourceId, StatusAnswer, Test, Type, TypeId, TypeKind, Variant,
};
use crate::source::Span;
use crate::syntax::document::{
    ApiDocument, BodyDoc, Entry, ExampleDoc, OperationDoc, OperationErrorsDoc, ResourceDocument, ResponseDoc,
    StatusResponseDoc, Text, VariantDoc, VariantsDoc,
};

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
    mut record: Record,
    sources: &[FieldSource],
    out: &mut Diagnostics,
) -> Operation {
    let (api, doc) = (common.api, plan.doc);
    let resource = &common.resources[plan.resource.0 as usize];
    let method = doc.method.as_ref().map_or(Method::Post, |it| it.value);
    let server = doc.server.as_ref().or(resource.server.as_ref());
    let auth = match doc.auth.as_ref().or(resource.auth.as_ref()) {
        Some(name) => common::auth(name, &api.credentials, out).unwrap_or_default(),
        None => (!api.credentials.is_empty()).then_some(Auth { credential: 0, scheme: 0 }),
    };
    record.open = doc.open;
    let has_fields = record.fields.iter().any(|it| it.location == Location::Body);
    let writes = matches!(method, Method::Post | Method::Put | Method::Patch);
    let has_body = has_fields || doc.body.is_some() || (doc.open && writes);
    if has_body && method == Method::Get {
        let span = doc.body.as_ref().map_or(doc.name.span, |it| it.span);
        out.push(types::bad_operation("a GET request has no body", "put the parameters under `query`", span));
    }
    if doc.open && !has_body {
        let help = "`open` only allows unknown body parameters";
        out.push(types::bad_operation("`open` on an operation without a body", help, doc.name.span));
    }
    let variants = doc.variants.as_ref().map(|it| variants(it, types_, &record, sources, out)).unwrap_or_default();
    let output = output(common, plan, types_, &record, out);
    let failure = failures::of_operation(doc.errors.as_ref(), api.errors.when.as_ref(), out);
    if let (Output::Json { ty, .. }, None, None) = (&output, &failure, &doc.errors) {
        check_failure_in_success(ty, types_, out);
    }
    let scope_of = |types_| scope(types_, &record, sources);
    let stream = doc.stream.as_ref().map(|it| {
        let made = streams::types(it, plan.resource, types_, out);
        streams::resolve(it, made, &output, scope_of(types_), out)
    });
    let view = TypeView { types: &types_.defs, broken: &types_.broken };
    let pages = doc.pages.as_ref().and_then(|it| pages::resolve(it, &output, (&record, method), view, out));
    let success = doc.success.as_ref().map(|it| it.value).unwrap_or(match &output {
        Output::Task(_) => 202,
        Output::Redirect => 302,
        Output::Empty if stream.is_none() => 204,
        Output::ByStatus(answers) => answers.iter().find(|it| it.ty.is_some()).map_or(200, |it| it.status),
        Output::Empty | Output::Json { .. } | Output::Binary { .. } | Output::Text { .. } => 200,
    });
    check_success(doc, &output, out);
    if let (Some(headers), Some(id)) = (&doc.response_headers, plan.response_headers) {
        check_headers(&headers.value, id, types_, out);
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
        deprecated: doc.deprecated.clone(),
        encoding: doc.encoding,
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
        response_headers: plan.response_headers,
        statuses,
        examples: doc.examples.iter().map(|it| example(it, doc, out)).collect(),
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

fn path(template: Option<&Template>, record: &Record) -> Vec<PathPart> {
    let part = |it: &Part| match it {
        Part::Literal(text) => Some(PathPart::Literal(text.clone())),
        Part::Parameter(name) => record.find(name).map(|(ix, _)| PathPart::Parameter(ix)),
    };
    template.map(|it| it.parts.iter().filter_map(part).collect()).unwrap_or_default()
}

fn output(
    common: &ResolveContext<'_, '_>,
    plan: &OperationPlan<'_>,
    types_: &mut Types<'_>,
    record: &Record,
    out: &mut Diagnostics,
) -> Output {
    let doc = plan.doc;
    if let (Some(task), Some(created), Some(result)) = (&doc.task, plan.created, plan.result) {
        let Some(template) = &plan.template else { return Output::Empty };
        let created_record = match &types_.defs[created.0 as usize].kind {
            TypeKind::Record(record) => Some(record),
            TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union(_) => None,
        };
        let made = TaskTypes { created, result, created_record };
        let span = task.span.unwrap_or(doc.name.span);
        return Output::Task(Box::new(tasks::resolve(
            &TaskDeclarations {
                own: task,
                file: &common.resources[plan.resource.0 as usize].tasks,
                api: &common.document.tasks,
            },
            template,
            record,
            &made,
            span,
            out,
        )));
    }
    let Some(response) = &doc.response else { return Output::Empty };
    let (body, wrapper) = match &response.value {
        ResponseDoc::None => return Output::Empty,
        ResponseDoc::Binary(types) => {
            return Output::Binary { media_types: types.iter().map(|it| it.value.clone()).collect() };
        }
        ResponseDoc::Text(types) => {
            return Output::Text { media_types: types.iter().map(|it| it.value.clone()).collect() };
        }
        ResponseDoc::Redirect => return Output::Redirect,
        ResponseDoc::ByStatus(answers) => return by_status(answers, plan, types_, response.span, out),
        ResponseDoc::Body(body) | ResponseDoc::Nullable(body) => (body, None),
        ResponseDoc::Wrapped(wrapper, body) => (body, Some(wrapper.value.clone())),
        ResponseDoc::PlainText(_, body) => (body, None),
    };
    let plain_text = match &response.value {
        ResponseDoc::PlainText(field, _) => Some(field),
        _ => None,
    };
    let ty = match (body, plan.response) {
        (BodyDoc::Type(expr), _) => types_.expr(expr, Some(plan.resource), out),
        (BodyDoc::Record(_), id) => id.map(Type::Named),
    };
    let ty = ty.unwrap_or(Type::Json);
    if matches!(ty, Type::File) {
        let help = "write `response: {binary: [audio/mpeg]}`";
        out.push(types::type_misplaced("a file", "a JSON response", help, response.span));
    }
    if let Some(field) = plain_text {
        check_plain_text(&ty, field, types_, out);
    }
    let nullable = matches!(response.value, ResponseDoc::Nullable(_));
    Output::Json { ty, wrapper, plain_text: plain_text.map(|it| it.value.clone()), nullable }
}

/// Answers by status: values and none.
fn by_status(
    answers: &[StatusResponseDoc],
    plan: &OperationPlan<'_>,
    types_: &mut Types<'_>,
    span: Span,
    out: &mut Diagnostics,
) -> Output {
    let mut all: Vec<StatusAnswer> = Vec::new();
    for answer in answers {
        let status = answer.status.value;
        let ty = answer.body.as_ref().map(|body| {
            let ty = match body {
                BodyDoc::Type(expr) => types_.expr(expr, Some(plan.resource), out),
                BodyDoc::Record(_) => plan.by_status.get(&status).map(|id| Type::Named(*id)),
            };
            ty.unwrap_or(Type::Json)
        });
        if ty == Some(Type::File) {
            let help = "answers by status are JSON; bytes are `response: {binary: [audio/mpeg]}`";
            out.push(types::type_misplaced("a file", "a JSON response", help, answer.status.span));
        }
        all.push(StatusAnswer { status, ty });
    }
    if all.iter().all(|it| it.ty.is_none()) {
        let help = "write `response: none`, with the status as `success` if it is not 204";
        out.push(types::bad_operation("none of the answers has a body", help, span));
        return Output::Empty;
    }
    Output::ByStatus(all)
}

/// A header is one value, under a name that headers may have.
fn check_headers(headers: &[Entry], id: TypeId, types_: &Types<'_>, out: &mut Diagnostics) {
    for header in headers {
        forms::check_header_token(&header.name, out);
        if let Some(flag) = header.nullable.as_ref().filter(|it| it.value) {
            let help = "mark a header that may be missing with `?`";
            out.push(types::type_misplaced("`null`", "a header", help, flag.span));
        }
    }
    let TypeKind::Record(record) = &types_.defs[id.0 as usize].kind else { return };
    let view = TypeView { types: &types_.defs, broken: &types_.broken };
    for field in record.fields.iter().filter(|it| !types_.broken.contains(&it.span)) {
        let fits = match &field.ty {
            Type::Named(_) => matches!(view.kind(&field.ty), Some(TypeKind::Enum(_))),
            Type::Array(_) | Type::Map(_) | Type::Union(_) | Type::Json | Type::File => false,
            _ => true,
        };
        if !fits {
            let help = "a header is a string, a number or a boolean; declare a list as a `string`";
            out.push(types::type_misplaced(&view.describe(&field.ty), "a response header", help, field.span));
        }
    }
}

/// `success` is one status, and of the kind that the answer has.
fn check_success(doc: &OperationDoc, output: &Output, out: &mut Diagnostics) {
    let Some(success) = &doc.success else { return };
    let is_redirect = (300..400).contains(&success.value);
    match output {
        Output::ByStatus(_) => {
            let help = "remove `success`: the statuses are the keys of `response`";
            out.push(types::bad_operation("the response names its statuses itself", help, success.span));
        }
        Output::Redirect if !is_redirect => {
            let help = "a redirect has the status 301, 302, 303, 307 or 308";
            out.push(types::bad_operation(
                &format!("{} is no status of a redirect", success.value),
                help,
                success.span,
            ));
        }
        Output::Redirect => {}
        _ if is_redirect => {
            let help = "if the answer is where the redirect leads, write `response: redirect`";
            out.push(types::bad_operation(&format!("{} is no status of success", success.value), help, success.span));
        }
        _ => {}
    }
}

/// An answer that tells by a flag whether the call succeeded, and what went wrong.
fn check_failure_in_success(ty: &Type, types_: &Types<'_>, out: &mut Diagnostics) {
    const FLAGS: [&str; 4] = ["ok", "success", "succeeded", "successful"];
    const ERRORS: [&str; 8] =
        ["error", "errors", "err", "error_message", "errorMessage", "error_msg", "error_code", "errorCode"];
    let Type::Named(id) = ty else { return };
    let TypeKind::Record(record) = &types_.defs[id.0 as usize].kind else { return };
    if !record.fields.iter().any(|it| ERRORS.contains(&it.name.as_str())) {
        return;
    }
    let flag = record.fields.iter().find(|it| it.ty == Type::Boolean && FLAGS.contains(&it.name.as_str()));
    out.extend(flag.map(|it| types::failure_in_success(&it.name, it.span)));
}

/// A plain text is the value of a field that takes text, and no other field is needed.
fn check_plain_text(ty: &Type, field: &Text, types_: &Types<'_>, out: &mut Diagnostics) {
    let Type::Named(id) = ty else {
        let help = "use a record with a field for the text";
        return out.push(types::bad_operation("only a record can have a field for plain text", help, field.span));
    };
    let TypeKind::Record(record) = &types_.defs[id.0 as usize].kind else { return };
    match record.find(&field.value) {
        None => {
            let known: Vec<&str> = record.fields.iter().map(|it| it.name.as_str()).collect();
            out.push(names::unknown_name("field", &field.value, &known, field.span));
        }
        Some((_, found)) if !matches!(found.ty, Type::String | Type::Json) => {
            let help = "name a field of type `string`";
            out.push(types::bad_operation(&format!("`{}` cannot hold text", field.value), help, field.span));
        }
        Some(_) => {}
    }
}

fn scope<'a>(types_: &'a Types<'_>, record: &'a Record, sources: &'a [FieldSource]) -> ConditionScope<'a> {
    let view = TypeView { types: &types_.defs, broken: &types_.broken };
    ConditionScope { view, record, what: "the operation", own: None, sources }
}

fn variants(
    doc: &VariantsDoc,
    types_: &Types<'_>,
    record: &Record,
    sources: &[FieldSource],
    out: &mut Diagnostics,
) -> Vec<Variant> {
    let scope = scope(types_, record, sources);
    match doc {
        VariantsDoc::Named(named) => {
            let mut variants = Vec::new();
            for VariantDoc { name, when, doc, rust } in &named.value {
                forms::check_snake("a variant", name, out);
                let rust_name = forms::check_rust(rust.as_ref(), out);
                let Some(when) = condition::resolve(scope, when, out) else { continue };
                variants.push(Variant { name: name.value.clone(), doc: doc.clone(), when, rust_name, span: name.span });
            }
            variants
        }
        VariantsDoc::ByParameter(name) => {
            let Some((ix, field)) = record.find(&name.value) else {
                let known = record.fields.iter().map(|it| it.name.as_str());
                out.push(names::unknown_parameter(&name.value, "the operation", known, name.span));
                return Vec::new();
            };
            if types_.broken.contains(&field.span) {
                return Vec::new();
            }
            let narrowed = field.clauses.iter().find_map(|it| match &it.constraint {
                Constraint::Enum(values) if it.when == Condition::Always => Some(values),
                _ => None,
            });
            let variant = |name: String, value: serde_json::Value, doc: String, rust_name, span: Span| Variant {
                name,
                doc,
                when: Condition::Test(Test { path: FieldPath::top(ix), matcher: Matcher::OneOf(vec![value]) }),
                rust_name,
                span,
            };
            match (scope.view.kind(&field.ty), narrowed) {
                (Some(TypeKind::Enum(def)), _) if !def.open => {
                    let allowed = |it: &str| narrowed.is_none_or(|them| them.iter().any(|them| them == it));
                    let values = def.values.iter().filter(|it| allowed(&it.value));
                    let made = values.map(|it| {
                        let rust = it.rust_name.clone();
                        variant(it.value.clone(), it.value.as_str().into(), it.doc.clone(), rust, it.span)
                    });
                    made.collect()
                }
                (None, Some(values)) => {
                    let made = values.iter().map(|it| {
                        variant(super::view::value_as_written(it), it.clone(), String::new(), None, field.span)
                    });
                    made.collect()
                }
                _ => {
                    let problem = format!("`{}` has no closed list of values", name.value);
                    let help = "list its values with `enum`, or name conditions: `variants: {short: {…}, long: {…}}`";
                    out.push(types::bad_variants(&problem, help, name.span));
                    Vec::new()
                }
            }
        }
    }
}

fn example(doc: &ExampleDoc, operation: &OperationDoc, out: &mut Diagnostics) -> Example {
    let (response, of) = match (&doc.response, &doc.status, &doc.callback) {
        (Some(response), _, _) => (Some(response), ExampleOf::Call),
        (None, Some(status), _) => (Some(status), ExampleOf::Status),
        (None, None, Some(callback)) => (Some(callback), ExampleOf::Callback),
        (None, None, None) => (None, ExampleOf::Call),
    };
    if of != ExampleOf::Call && operation.task.is_none() {
        let help = "show the call's response with `response`";
        out.push(types::bad_operation("only tasks have status bodies and callbacks", help, doc.span));
    }
    Example {
        name: doc.name.clone(),
        request: doc.request.clone(),
        invalid: doc.invalid.clone(),
        response: response.cloned(),
        events: events(doc, operation, out),
        of,
        source: doc.source.clone(),
        span: doc.span,
        request_places: doc.request_places.clone(),
        response_places: doc.answer_places.clone(),
    }
}

/// The events of an example: of named ones each is `{name: data}`.
fn events(doc: &ExampleDoc, operation: &OperationDoc, out: &mut Diagnostics) -> Vec<(String, serde_json::Value)> {
    let Some(first) = doc.events.first() else { return Vec::new() };
    let Some(stream) = &operation.stream else {
        let help = "show the call's response with `response`";
        out.push(types::bad_operation("only streams have events", help, first.span));
        return Vec::new();
    };
    let mut events = Vec::new();
    for event in &doc.events {
        if stream.events.is_none() {
            events.push((String::new(), event.value.clone()));
            continue;
        }
        match event.value.as_object().map(|it| it.iter().collect::<Vec<_>>()).as_deref() {
            Some([(name, data)]) => {
                let none = data.as_str() == Some("none");
                events.push(((*name).clone(), if none { serde_json::Value::Null } else { (*data).clone() }));
            }
            _ => {
                let help = "write each event as `name: data`";
                out.push(types::bad_operation("an event of a stream has one name", help, event.span));
            }
        }
    }
    events
}

/// Links tasks to the operations that bring what they made.
pub(super) fn downloads(api: &mut Api, plans: &[OperationPlan<'_>], out: &mut Diagnostics) {
    let mut by_resource: BTreeMap<ResourceId, BTreeMap<String, usize>> = BTreeMap::new();
    for (at, it) in api.operations.iter().enumerate() {
        by_resource.entry(it.resource).or_default().entry(it.name.clone()).or_insert(at);
    }
    for (at, plan) in plans.iter().enumerate() {
        let Some(name) = plan.doc.task.as_ref().and_then(|it| it.download.as_ref()) else { continue };
        let others = by_resource.get(&plan.resource);
        let Some(found) = others.and_then(|it| it.get(&name.value).copied()) else {
            let known = others.into_iter().flatten().map(|(name, _)| name.as_str());
            let known: Vec<&str> = known.take(suggest::MOST_KNOWN).collect();
            out.push(names::unknown_name("operation", &name.value, &known, name.span));
            continue;
        };
        let other = &api.operations[found];
        let mut needed = other.parameters.fields.iter().filter(|it| it.location != Location::Header);
        let one = matches!((needed.next(), needed.next()), (Some(it), None) if it.location == Location::Path);
        if !matches!(other.output, Output::Binary { .. }) || !one {
            let problem = format!("`{}` cannot download a task's result", name.value);
            let help = "a download must have only the id as a path parameter and a `binary` response";
            out.push(types::bad_task(&problem, help, name.span));
        } else if let Output::Task(task) = &mut api.operations[at].output {
            task.download = Some(OperationId(found as u32));
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

/// The header that an operation sends its credential in, and where the operation stands.
type Occupant<'a> = (Option<&'a str>, Span);

/// Reports operations that no server could tell apart.
pub(super) fn check_endpoints(api: &Api, plans: &[OperationPlan<'_>], out: &mut Diagnostics) {
    let mut seen: BTreeMap<(Method, usize, String), Vec<Occupant<'_>>> = BTreeMap::new();
    for (operation, plan) in api.operations.iter().zip(plans) {
        let (Some(template), Some(_)) = (&plan.template, &plan.doc.method) else { continue };
        let header = operation
            .auth
            .and_then(|it| api.credentials[it.credential].schemes.get(it.scheme))
            .map(|it| it.header.as_str());
        let key = (operation.method, operation.server, template.shape());
        let others = seen.entry(key).or_default();
        let same = others.iter().find(|(other, _)| match (other, header) {
            (Some(other), Some(header)) => other.eq_ignore_ascii_case(header),
            (other, header) => other.is_none() && header.is_none(),
        });
        if let Some((_, first)) = same {
            let endpoint = format!("{} {}", operation.method.as_str(), operation.path_template());
            out.push(names::duplicate_endpoint(&endpoint, operation.span, *first));
        } else {
            others.push((header, operation.span));
        }
    }
}
