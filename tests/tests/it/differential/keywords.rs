//! Tests that every row of the table of keywords occurs in the documents, the exports, the boundary suites and the random
//! requests.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use specwright_codegen::boundary;
use specwright_codegen::constraints::{self, Schema};
use specwright_codegen::emit::openapi::{self, Version};
use specwright_codegen::interpret::{self, Request};
use specwright_codegen::model::{Api, Clause, Operation, TypeKind};

use super::{RandomSource, TRIES};
use crate::{apis, files, project};

/// Keywords that no request violates: a default cannot be violated, and only the sender knows the size of a file.
const NEVER_BROKEN: [&str; 2] = ["default", "max_bytes"];

/// The APIs of the test project that use the whole language.
fn with_each_api(mut each: impl FnMut(&Api)) {
    for name in ["studio", "kinds"] {
        each(apis::of(&project::folder(), name));
    }
}

fn clauses(api: &Api) -> impl Iterator<Item = &Clause> {
    let types =
        api.types.iter().filter_map(|it| if let TypeKind::Record(record) = &it.kind { Some(record) } else { None });
    let records = api.operations.iter().map(|it| &it.parameters).chain(types);
    records.flat_map(|it| &it.fields).flat_map(|it| &it.clauses)
}

/// The keywords that requests violate, including those of implied rules.
fn broken(api: &Api, op: &Operation, parts: &boundary::RequestParts) -> BTreeSet<&'static str> {
    let request =
        Request { path: &parts.path, query: &parts.query, headers: &parts.headers, body: parts.body.as_ref() };
    let verdict = interpret::validate(api, op, &request);
    verdict.violations.iter().chain(&verdict.warnings).map(|it| it.rule).collect()
}

#[track_caller]
fn none_missing(found: &BTreeSet<&'static str>, what: &str) {
    let rows = constraints::all().map(|it| it.name).filter(|it| !NEVER_BROKEN.contains(it));
    let missing: Vec<&str> = rows.filter(|it| !found.contains(it)).collect();
    assert!(missing.is_empty(), "no request of {what} breaks {missing:?}");
}

#[test]
fn boundary_suites_break_every_keyword() {
    let mut found = BTreeSet::new();
    with_each_api(|api| {
        for op in &api.operations {
            for case in boundary::suite(api, op) {
                found.extend(broken(api, op, &case.request));
            }
        }
    });
    none_missing(&found, "the boundary suites");
}

#[test]
fn random_requests_break_every_keyword() {
    let mut found = BTreeSet::new();
    with_each_api(|api| {
        for op in &api.operations {
            let body = |it: boundary::Case| it.request.body?.as_object().cloned();
            let seeds: Vec<Map<String, Value>> = boundary::suite(api, op).into_iter().filter_map(body).collect();
            let mut chance = RandomSource::new(&op.full_name(api));
            for _ in 0..TRIES / 4 {
                // Only random requests, without their seeds.
                let request = chance.request(api, &op.parameters, &seeds[..seeds.len().min(1)]);
                let body = op.has_body.then_some(Value::Object(request));
                found.extend(broken(api, op, &boundary::RequestParts { body, ..Default::default() }));
            }
        }
    });
    none_missing(&found, "the random requests");
}

#[test]
fn exports_contain_every_keyword() {
    let mut found = BTreeSet::new();
    with_each_api(|api| {
        let text = openapi::document(api, Version::V3_1).to_string();
        for constraint in clauses(api).map(|it| &it.constraint) {
            let keyword = constraint.keyword();
            let said = match (constraints::of(constraint).schema)(constraint) {
                Schema::Exact(name, _) | Schema::Loose(name, _) => text.contains(&format!("\"{name}\":")),
                Schema::OfObject => text.contains("\"required\":["),
                // As text.
                Schema::None => text.contains(&format!("\"rule\":\"{keyword}\"")),
            };
            if said {
                found.insert(keyword);
            }
        }
    });
    let missing: Vec<&str> = constraints::all().map(|it| it.name).filter(|it| !found.contains(it)).collect();
    assert!(missing.is_empty(), "no export of the test project says {missing:?}");
}

#[test]
fn documents_name_every_keyword() {
    let text = page("docs/spec-language.md");
    let missing: Vec<&str> = constraints::all()
        .map(|it| it.name)
        .filter(|it| !text.contains(&format!("`{it}`")) && !text.contains(&format!("{it}: ")))
        .collect();
    assert!(missing.is_empty(), "docs/spec-language.md does not name {missing:?}");
}

fn page(path: &str) -> String {
    std::fs::read_to_string(files::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn keys_have_a_section() {
    let text = page("docs/spec-keys.md");
    let headings: Vec<&str> = text.lines().filter(|it| it.starts_with("### ")).collect();
    let missing: Vec<&str> = constraints::all()
        .map(|it| it.name)
        .filter(|it| !headings.iter().any(|heading| heading.contains(&format!("`{it}`"))))
        .collect();
    assert!(missing.is_empty(), "docs/spec-keys.md has no section for {missing:?}");
}
