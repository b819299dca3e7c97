//! Lists of operations, models, endpoints, rate limits and statuses.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright_codegen::model::{Api, Operation, RateLimit};

use super::document::{Document, text, texts};
use super::report::Report;
use super::{Spec, shapes};

pub(super) fn check(spec: &Spec<'_>, document: &Document, documents: &[Document], report: &mut Report) {
    let api = spec.api;
    for operation in document.operations().into_iter().filter(|it| spec.places(it).is_empty()) {
        report.missing(document.title(), operation, "operation", "in the spec");
    }
    let operations = operations(spec, document);
    models(spec, document, documents, &operations, report);
    for entry in document.entries("endpoints") {
        let name = text(entry, "endpoint");
        let mut taken = Vec::new();
        for operation in texts(entry, "operations") {
            taken.extend(spec.places(operation).iter().flat_map(|it| shapes::models(api, &it.operation().parameters)));
        }
        for model in texts(entry, "models").into_iter().filter(|it| !taken.iter().any(|other| other == it)) {
            report.missing(document.title(), name, "model", model);
        }
    }
    for entry in document.entries("rates") {
        let (requests, seconds) = (entry["requests"].as_u64(), entry["seconds"].as_u64());
        let same = |it: &RateLimit| Some(it.requests) == requests && Some(it.per_seconds) == seconds;
        if !api.rate_limits.iter().any(same) {
            report.missing(document.title(), "*", "rate", entry);
        }
    }
    for entry in document.entries("statuses") {
        status(api, document, &operations, entry, report);
    }
}

/// All operations of the resources in a section.
fn operations<'a>(spec: &Spec<'a>, document: &Document) -> Vec<&'a Operation> {
    let named = document.operations().into_iter().flat_map(|it| spec.places(it)).map(|it| it.operation().resource);
    let resources: BTreeSet<_> = named.map(|it| it.0).collect();
    spec.api.operations.iter().map(|it| &**it).filter(|it| resources.contains(&it.resource.0)).collect()
}

/// If a section lists models, the spec has exactly those. If several sections share an operation, it has those of all.
fn models(
    spec: &Spec<'_>,
    document: &Document,
    documents: &[Document],
    operations: &[&Operation],
    report: &mut Report,
) {
    let api = spec.api;
    let list = |it: &Document| it.entries("models").iter().map(|it| text(it, "model").to_owned()).collect::<Vec<_>>();
    let listed: BTreeSet<_> = list(document).into_iter().collect();
    if listed.is_empty() {
        return;
    }
    let taken: BTreeSet<_> = operations.iter().flat_map(|it| shapes::models(api, &it.parameters)).collect();
    for model in listed.difference(&taken) {
        report.missing(document.title(), model, "model", "accepted by an operation");
    }
    for op in operations {
        let is = |it: &str| spec.places(it).iter().any(|it| std::ptr::eq(it.operation(), *op));
        let names = |it: &&Document| it.operations().into_iter().any(is);
        let sharing: Vec<_> = documents.iter().filter(names).collect();
        if !sharing.is_empty() && !names(&document) {
            continue; // This belongs to another section.
        }
        let listed: BTreeSet<_> = listed.iter().cloned().chain(sharing.into_iter().flat_map(list)).collect();
        for model in shapes::models(api, &op.parameters).iter().filter(|it| !listed.contains(*it)) {
            report.missing(document.title(), model, "model", "in the document's list");
        }
    }
    for entry in document.entries("models") {
        let Some(operation) = entry.get("operation").and_then(Value::as_str) else { continue };
        let model = text(entry, "model");
        let takes = |it: &Operation| shapes::models(api, &it.parameters).iter().any(|it| it == model);
        if !spec.places(operation).iter().any(|it| takes(it.operation())) {
            report.missing(document.title(), model, "model", format!("accepted by {operation}"));
        }
    }
}

fn status(api: &Api, document: &Document, operations: &[&Operation], entry: &Value, report: &mut Report) {
    let status = entry["status"].as_u64().expect("a status");
    let row = status.to_string();
    if status < 400 {
        return;
    }
    let Some(code) = entry.get("code").and_then(Value::as_str) else {
        let own = operations.iter().flat_map(|it| &it.statuses);
        if !api.errors.statuses.iter().chain(own).any(|it| u64::from(it.status) == status) {
            report.missing(document.title(), &row, "status", "what it means");
        }
        if let Some(message) = entry.get("message").and_then(Value::as_str) {
            let says = |body: &Value| body["error"].as_str().is_some_and(|it| it.starts_with(message));
            if !api.errors.examples.iter().any(|it| u64::from(it.status) == status && says(&it.body)) {
                report.missing(document.title(), &row, "message", message);
            }
        }
        return;
    };
    // A code that a section lists for all its operations.
    for op in operations {
        if !op.statuses.iter().any(|it| u64::from(it.status) == status && it.doc.contains(code)) {
            report.missing(document.title(), &row, "code", format!("{code} at {}", op.full_name(api)));
        }
    }
}
