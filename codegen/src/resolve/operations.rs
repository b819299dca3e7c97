//! Operations, once their parameters are known.

use std::collections::BTreeMap;

use super::assemble::Source;
use super::path_template::{Part, Template};
use super::tasks::{self, TaskTypes};
use super::types::Types;
use super::view::{Scope, View};
use super::{common, condition, names as forms};
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{
    Api, Auth, Condition, Constraint, Example, ExampleOf, FieldPath, Location, Matcher, Method, Operation, Output,
    PathPart, Record, ResourceId, Stream, StreamEvents, Test, Type, TypeId, TypeKind, Variant,
};
use crate::source::Span;
use crate::syntax::document::{
    ApiDocument, BodyDoc, ExampleDoc, OperationDoc, ResourceDocument, ResponseDoc, StreamDoc, VariantDoc, VariantsDoc,
};

/// An operation and the types made for it.
pub(super) struct Plan<'d> {
    pub resource: ResourceId,
    pub doc: &'d OperationDoc,
    pub template: Option<Template>,
    /// Which owner holds its parameters.
    pub owner: usize,
    /// The record written in place as the response.
    pub response: Option<TypeId>,
    pub created: Option<TypeId>,
    pub result: Option<TypeId>,
}

/// What operations are resolved against.
pub(super) struct Common<'c, 'd> {
    pub api: &'c Api,
    pub document: &'d ApiDocument,
    pub resources: &'d [ResourceDocument],
}

/// The operation of a plan.
pub(super) fn resolve(
    common: &Common<'_, '_>,
    plan: &Plan<'_>,
    types_: &mut Types<'_>,
    mut record: Record,
    sources: &[Source],
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
        let help = "`open` lets unknown body parameters pass";
        out.push(types::bad_operation("`open` on an operation without a body", help, doc.name.span));
    }
    let variants = doc.variants.as_ref().map(|it| variants(it, types_, &record, sources, out)).unwrap_or_default();
    let output = output(common, plan, types_, &record, out);
    let stream = doc.stream.as_ref().map(|it| stream(it, plan, types_, &record, sources, out));
    let success = doc.success.as_ref().map(|it| it.value).unwrap_or(match output {
        Output::Task(_) => 202,
        Output::Empty if stream.is_none() => 204,
        Output::Empty | Output::Json { .. } | Output::Binary { .. } => 200,
    });
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
        encoding: doc.encoding,
        parameters: record,
        has_body,
        variants,
        output,
        success,
        stream,
        rate_limits: doc
            .rate_limits
            .iter()
            .filter_map(|it| common::index("rate limit", it, limits.clone(), out))
            .collect(),
        statuses: common::statuses(&doc.statuses),
        examples: doc.examples.iter().map(|it| example(it, doc, out)).collect(),
        rust_name: forms::check_rust(doc.rust.as_ref(), out),
        span: doc.name.span,
    }
}

fn path(template: Option<&Template>, record: &Record) -> Vec<PathPart> {
    let part = |it: &Part| match it {
        Part::Literal(text) => Some(PathPart::Literal(text.clone())),
        Part::Parameter(name) => record.find(name).map(|(ix, _)| PathPart::Parameter(ix)),
    };
    template.map(|it| it.parts.iter().filter_map(part).collect()).unwrap_or_default()
}

fn output(
    common: &Common<'_, '_>,
    plan: &Plan<'_>,
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
            task,
            &common.document.tasks,
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
        ResponseDoc::Body(body) => (body, None),
        ResponseDoc::Wrapped(wrapper, body) => (body, Some(wrapper.value.clone())),
    };
    let ty = match (body, plan.response) {
        (BodyDoc::Type(expr), _) => types_.expr(expr, Some(plan.resource), out),
        (BodyDoc::Record(_), id) => id.map(Type::Named),
    };
    let ty = ty.unwrap_or(Type::Json);
    if matches!(ty, Type::File) {
        let help = "write `response: {binary: [audio/mpeg]}`";
        out.push(types::type_misplaced("a file", "a JSON answer", help, response.span));
    }
    Output::Json { ty, wrapper }
}

fn stream(
    doc: &StreamDoc,
    plan: &Plan<'_>,
    types_: &mut Types<'_>,
    record: &Record,
    sources: &[Source],
    out: &mut Diagnostics,
) -> Stream {
    let resource = Some(plan.resource);
    let events = match (&doc.data, &doc.events) {
        (_, Some(events)) => {
            let mut named = Vec::new();
            for (name, ty) in events {
                let ty = ty.as_ref().map(|it| types_.expr(it, resource, out).unwrap_or(Type::Json));
                named.push((name.value.clone(), ty));
            }
            for name in [&doc.end_event, &doc.error_event].into_iter().flatten() {
                // An error event may be left out: its body is the API's error body.
                let is_end = doc.end_event.as_ref() == Some(name);
                if is_end && !named.iter().any(|(it, _)| *it == name.value) {
                    let known: Vec<&str> = named.iter().map(|(it, _)| it.as_str()).collect();
                    out.push(names::unknown_name("event", &name.value, &known, name.span));
                }
            }
            StreamEvents::Named(named)
        }
        (Some(data), None) => StreamEvents::Data(types_.expr(data, resource, out).unwrap_or(Type::Json)),
        (None, None) => StreamEvents::Data(Type::Json),
    };
    let when = match &doc.when {
        Some(when) => {
            let scope = scope(types_, record, sources);
            condition::resolve(scope, when, out).unwrap_or(Condition::Always)
        }
        None => Condition::Always,
    };
    Stream {
        when,
        events,
        end_data: doc.end_data.clone(),
        end_event: doc.end_event.as_ref().map(|it| it.value.clone()),
        error_event: doc.error_event.as_ref().map(|it| it.value.clone()),
        span: doc.span,
    }
}

fn scope<'a>(types_: &'a Types<'_>, record: &'a Record, sources: &'a [Source]) -> Scope<'a> {
    let view = View { types: &types_.defs, broken: &types_.broken };
    Scope { view, record, what: "the operation", own: None, sources }
}

fn variants(
    doc: &VariantsDoc,
    types_: &Types<'_>,
    record: &Record,
    sources: &[Source],
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
                    let made = values
                        .iter()
                        .map(|it| variant(super::view::shown(it), it.clone(), String::new(), None, field.span));
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
        let help = "show what the call answers with `response`";
        out.push(types::bad_operation("only tasks have status bodies and callbacks", help, doc.span));
    }
    Example {
        name: doc.name.clone(),
        request: doc.request.clone(),
        invalid: doc.invalid.clone(),
        response: response.cloned(),
        of,
        source: doc.source.clone(),
        span: doc.span,
        request_places: doc.request_places.clone(),
        response_places: doc.answer_places.clone(),
    }
}

/// The header that an operation sends its credential in, and where the operation stands.
type Occupant<'a> = (Option<&'a str>, Span);

/// Reports operations that no server could tell apart.
pub(super) fn check_endpoints(api: &Api, plans: &[Plan<'_>], out: &mut Diagnostics) {
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
