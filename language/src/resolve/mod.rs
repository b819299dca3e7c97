//! Documents into the model: names to ids, defaults filled in, cases flattened to clauses, globs expanded.
//!
//! Everything is assembled first (`use`, `like`, records in place), then typed, then constrained: conditions reach into
//! records, so that all fields must have their types before the first condition is read. Whatever cannot be resolved is
//! reported once, and what depends on it stays silent.

mod assemble;
mod clauses;
mod client;
mod collect_records;
mod common;
mod condition;
mod constructors;
mod credentials;
mod endpoints;
mod events;
mod examples;
mod extends;
mod failures;
mod inline;
mod limits;
mod locations;
mod names;
mod operations;
mod pages;
mod path_template;
mod pointer;
mod responses;
mod rules;
pub mod sound;
mod streams;
mod styles;
mod tasks;
#[cfg(test)]
mod tests;
mod types;
mod usage;
mod variants;
mod view;

use std::sync::Arc;

use crate::diagnostics::{self, Diagnostics};
use crate::model::{Api, Clause, Encoding, Method, OperationId, Record, Resource, Rule, TypeId, TypeKind};
use crate::parallel;
use crate::rust_words::why_no_crate;
use crate::source::{Span, Spanned};
use crate::syntax::document::{ApiDocument, Documents, ExampleDoc, OperationDoc, ResourceDocument, ResponseDoc, Text};

use collect_records::{CollectedRecords, RecordKind};
use operations::ResolveContext;
use view::{ConditionScope, TypeView};

/// The model of the documents. With errors, those that `out` has already included, it is only what could be made out:
/// [`sound::operations`] says what of it can be judged.
///
/// The examples leave the documents: they are most of a spec, and nothing else asks for them.
pub fn resolve(documents: &mut Documents, out: &mut Diagnostics) -> Api {
    let operations = documents.resources.iter_mut().flat_map(|it| &mut it.operations);
    let examples = operations.map(|it| std::mem::take(&mut it.examples)).collect();
    assemble_model(documents, examples, out)
}

/// `examples` are those of each operation.
fn assemble_model(documents: &Documents, examples: Vec<Vec<ExampleDoc>>, out: &mut Diagnostics) -> Api {
    let Documents { api, resources, folder, span } = documents;
    let span = *span;
    check_names(api, resources, folder.as_deref(), out);
    check_defaults(resources, out);
    let text = |it: &Option<Text>| it.as_ref().map(|it| it.value.clone()).unwrap_or_default();
    let mut model = Api {
        name: text(&api.api),
        title: api.title.clone(),
        doc: api.doc.clone(),
        version: common::version(api, out),
        source: api.source.clone(),
        servers: common::servers(api, out),
        credentials: credentials::credentials(api, out),
        errors: common::errors(api, out),
        rate_limits: common::rate_limits(api, out),
        rate_limit_headers: common::rate_limit_headers(api, out),
        // Known when all operations are.
        first_call: None,
        client_parameters: Vec::new(),
        has_xml: false,
        request_id_header: common::header(api.request_id_header.as_ref(), out),
        webhook: common::webhook(api, out),
        types: Arc::default(),
        resources: resources.iter().map(|it| resource(it, span, out)).collect(),
        operations: Vec::new(),
        span: api.api.as_ref().map_or(span, |it| it.span),
    };
    let mut types = types::Types::declare(api, resources, out);
    let CollectedRecords { owners, plans } = collect_records::collect_records(api, resources, &mut types, out);
    let records = collect_records::type_all(&owners, &mut types, out);
    types.define(out);
    let mut records = constrain(&owners, records, &mut types, out);
    model.errors.ty = failures::body_type(api.errors.ty.as_ref(), None, &mut types, out);
    failures::status_types(&mut model.errors.statuses, &api.errors.statuses, None, &mut types, out);
    if let (Some(webhook), Some(doc)) = (&mut model.webhook, &api.webhook) {
        webhook.events = doc.events.as_ref().and_then(|it| events::events(it, &mut types, out));
    }
    for (plan, examples) in plans.iter().zip(examples) {
        let owner = &owners[plan.owner];
        let context = ResolveContext { api: &model, document: api, resources };
        let record = std::mem::take(&mut records[plan.owner]);
        let examples = examples.into_iter().map(|it| examples::example(it, plan.doc, out)).collect();
        let operation = operations::resolve(&context, plan, &mut types, (record, &owner.sources), examples, out);
        let id = OperationId(model.operations.len() as u32);
        model.resources[plan.resource.0 as usize].operations.push(id);
        model.operations.push(Arc::new(operation));
    }
    let mut made = types.constructors(out);
    for def in types.defs.iter_mut().rev() {
        def.constructors = made.pop().unwrap_or_default();
    }
    check_pushes(&owners, &model, &types, out);
    endpoints::check_endpoints(&model, &plans, out);
    operations::downloads(&mut model, &plans, out);
    operations::cancels(&mut model, &plans, out);
    model.first_call = api.first_call.as_ref().and_then(|it| operations::operation_by_full_name(&model, it, out));
    check_types(&owners, &types, out);
    model.client_parameters = client::parameters(api, &model, &types.defs, out);
    usage::mark_usage(&mut types.defs, &model);
    if !out.has_errors() {
        // After an error, what looks unused may be what the error hides.
        usage::report_unused(&types.defs, &types.copied, out);
    }
    model.types = Arc::new(types.defs);
    add_implied(&owners, &mut model);
    model.has_xml = crate::xml::uses_xml(&model);
    if !out.has_errors() {
        crate::xml::faults(&model, out);
    }
    model
}

fn check_names(api: &ApiDocument, resources: &[ResourceDocument], folder: Option<&str>, out: &mut Diagnostics) {
    if let Some(name) = &api.api
        && names::check_snake("an API", name, out)
    {
        if let Some(folder) = folder
            && folder != name.value
        {
            out.push(diagnostics::names::name_mismatch(&name.value, folder, name.span));
        }
        if let Some(why) = why_no_crate(&name.value) {
            let form = format!("it {why}; a crate can be called `{}_api`", name.value);
            out.push(diagnostics::names::bad_name("an API", &name.value, &form, name.span));
        }
    }
    let of_file = |it: &ResourceDocument| it.operations.iter().map(|it| it.idempotency.clone()).collect::<Vec<_>>();
    let idempotency = resources.iter().flat_map(|it| of_file(it).into_iter().chain([it.idempotency.clone()]));
    for name in idempotency.chain([api.idempotency.clone()]).flatten().filter(|it| it.value != "none") {
        names::check_header_token(&name, out);
    }
    let mut scope = names::UniqueNames::default();
    for resource in resources {
        if let Some(name) = &resource.resource {
            names::check_snake("a resource", name, out);
            scope.add("resources", name, out);
        }
        for operation in &resource.operations {
            names::check_snake("an operation", &operation.name, out);
        }
    }
}

/// Warns of defaults that no operation of their file takes.
fn check_defaults(resources: &[ResourceDocument], out: &mut Diagnostics) {
    for resource in resources {
        let tasks = resource.operations.iter().any(|it| it.task.is_some());
        if let Some(span) = resource.tasks.span.filter(|_| !tasks) {
            out.push(diagnostics::names::unused_default("tasks", "no operation of the file has a task", span));
        }
        let changes = |it: &OperationDoc| {
            let method = it.method.as_ref().map(|it| it.value);
            matches!(method, None | Some(Method::Post | Method::Patch))
        };
        if let Some(name) = &resource.idempotency
            && !resource.operations.iter().any(changes)
        {
            let why = "no operation of the file is a `post` or a `patch`";
            out.push(diagnostics::names::unused_default("idempotency", why, name.span));
        }
        let is_raw = |it: &OperationDoc| {
            let response = it.response.as_ref().map(|it| &it.value);
            matches!(response, Some(ResponseDoc::Binary(_) | ResponseDoc::Text(_)))
        };
        if let Some(accept) = &resource.accept
            && resource.operations.iter().all(is_raw)
            && !resource.operations.is_empty()
        {
            let why = "every operation of the file responds with text or bytes";
            out.push(diagnostics::names::unused_default("accept", why, accept.span));
        }
        for status in &resource.statuses {
            let own = |it: &OperationDoc| it.statuses.iter().any(|own| own.status.value == status.status.value);
            if resource.operations.iter().all(own) && !resource.operations.is_empty() {
                let status = &status.status;
                let why = "every operation of the file has its own";
                out.push(diagnostics::names::unused_default(&status.value.to_string(), why, status.span));
            }
        }
    }
}

fn resource(doc: &ResourceDocument, span: Span, out: &mut Diagnostics) -> Resource {
    let name = doc.resource.clone().unwrap_or(Spanned::new(String::new(), span));
    Resource {
        name: name.value,
        title: doc.title.clone(),
        doc: doc.doc.clone(),
        source: doc.source.clone(),
        operations: Vec::new(),
        rust_name: names::check_rust(doc.rust.as_ref(), out),
        span: name.span,
    }
}

/// The records of operations with their clauses and rules; those of types get theirs.
fn constrain(
    owners: &[collect_records::RecordSource<'_>],
    mut records: Vec<Record>,
    types: &mut types::Types<'_>,
    out: &mut Diagnostics,
) -> Vec<Record> {
    let view = TypeView { types: &types.defs, broken: &types.broken };
    // A record's conditions look at its own fields and at types, which all have theirs by now.
    let of_type = |id: &TypeId| match &types.defs[id.0 as usize].kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    };
    let pairs = owners.iter().zip(&records).map(|(owner, record)| match &owner.is {
        RecordKind::Type(id) => (owner, of_type(id).unwrap_or(record)),
        RecordKind::Operation(_) => (owner, record),
    });
    let pairs: Vec<_> = pairs.collect();
    let constraints = parallel::map(&pairs, |(owner, record)| {
        let mut found = Diagnostics::default();
        let what = match &owner.is {
            RecordKind::Type(_) => "the type",
            RecordKind::Operation(_) => "the operation",
        };
        let scope = ConditionScope { view, record, what, own: None, sources: &owner.sources };
        let mut all = Vec::with_capacity(record.fields.len());
        for (ix, (field, source)) in record.fields.iter().zip(&owner.sources).enumerate() {
            let own = Some(crate::model::FieldIx(ix as u32));
            all.push(clauses::of_field(ConditionScope { own, ..scope }, field, source, &mut found));
        }
        let rules = rules::resolve(scope, &owner.rules, &mut found);
        (all, rules, found)
    });
    // Until all are looked at, types have none.
    let mut of_types = Vec::new();
    for ((owner, record), (all, rules, found)) in owners.iter().zip(&mut records).zip(constraints) {
        out.extend(found);
        match &owner.is {
            RecordKind::Operation(encodings) => {
                let [first, others @ ..] = encodings.as_slice() else { continue };
                for (field, source) in record.fields.iter_mut().zip(&owner.sources) {
                    // JSON has no styles, so those of the other encodings count.
                    let styled = encodings.iter().filter(|it| **it != Encoding::Json || encodings.len() == 1);
                    let of_place = if field.location.in_body() { usize::MAX } else { 1 };
                    for encoding in styled.take(of_place) {
                        styles::resolve(view, field, source, (*encoding, owner.styles), out);
                    }
                }
                locations::check_parameters(view, record, &owner.sources, *first, out);
                for encoding in others {
                    locations::check_body(view, record, &owner.sources, *encoding, out);
                }
            }
            RecordKind::Type(id) => {
                if let TypeKind::Record(record) = &view.types[id.0 as usize].kind {
                    record.fields.iter().for_each(|it| locations::check_no_file(it, out));
                }
                of_types.push((*id, owner.open, all, rules));
                continue;
            }
        }
        put_constraints(record, owner.open, all, rules);
    }
    for (id, open, all, rules) in of_types {
        if let TypeKind::Record(record) = &mut types.defs[id.0 as usize].kind {
            put_constraints(record, open, all, rules);
        }
    }
    records
}

fn put_constraints(record: &mut Record, open: bool, clauses: Vec<Vec<Clause>>, rules: Vec<Rule>) {
    for (field, clauses) in record.fields.iter_mut().zip(clauses) {
        field.clauses = clauses;
    }
    record.rules = rules;
    record.open = open;
}

fn check_pushes(
    owners: &[collect_records::RecordSource<'_>],
    model: &Api,
    types: &types::Types<'_>,
    out: &mut Diagnostics,
) {
    let view = TypeView { types: &types.defs, broken: &types.broken };
    let mut operations = model.operations.iter();
    for owner in owners {
        let record = match owner.is {
            RecordKind::Type(id) => match &types.defs[id.0 as usize].kind {
                TypeKind::Record(record) => record,
                _ => continue,
            },
            RecordKind::Operation(_) => match operations.next() {
                Some(operation) => &operation.parameters,
                None => continue,
            },
        };
        let pushes: Vec<_> = owner.sources.iter().map(|it| it.entry.push.as_slice()).collect();
        constructors::check_push(view, record, &pushes, out);
    }
}

fn check_types(owners: &[collect_records::RecordSource<'_>], types: &types::Types<'_>, out: &mut Diagnostics) {
    let mut owner_of: Vec<Option<&collect_records::RecordSource<'_>>> = vec![None; types.defs.len()];
    for owner in owners {
        if let RecordKind::Type(TypeId(id)) = owner.is {
            owner_of[id as usize] = Some(owner);
        }
    }
    let always = |id: TypeId, field: usize| {
        let source = owner_of[id.0 as usize].and_then(|it| it.sources.get(field));
        source.map_or(usage::Guaranteed::default(), |it| usage::Guaranteed {
            there: it.required.is_some() && it.entry.only.is_none(),
            filled: it.entry.constraints.limits.iter().any(limits::asks_for_an_item),
        })
    };
    usage::check_ends(types, always, out);
    usage::check_unions(types, out);
}

/// Required texts and arrays of requests are not empty, unless the spec says so.
fn add_implied(owners: &[collect_records::RecordSource<'_>], model: &mut Api) {
    let types = Arc::make_mut(&mut model.types);
    let mut operations = model.operations.iter_mut();
    for owner in owners {
        let record = match owner.is {
            RecordKind::Type(id) => {
                let def = &mut types[id.0 as usize];
                match &mut def.kind {
                    TypeKind::Record(record) if def.in_request => record,
                    _ => continue,
                }
            }
            RecordKind::Operation(_) => match operations.next() {
                Some(operation) => &mut Arc::make_mut(operation).parameters,
                None => continue,
            },
        };
        for (field, source) in record.fields.iter_mut().zip(&owner.sources) {
            let may_be_empty = source.entry.may_be_empty.as_ref().is_some_and(|it| it.value);
            clauses::add_implied(field, may_be_empty);
        }
    }
}
