//! Tests that everything in a vendor's document is in the spec.
//!
//! `tests/coverage/<api>` contains a second reading of the documents: tables and samples as facts, extracted mechanically
//! and without the spec. Its README describes the form. Here each fact is looked up in the compiled spec. Missing facts
//! are printed with section, row and expectation. Intended differences are in [`exceptions`], and an exception that is no
//! longer needed fails too.

mod answers;
mod document;
mod exceptions;
mod knowledge;
mod lists;
mod parameters;
mod report;
mod samples;
mod shapes;
mod undocumented;
mod wire;

use std::collections::BTreeMap;

use specwright_codegen::model::{Api, Method, Operation, Output, PathPart, Task};

use crate::{apis, files};
use report::Report;

#[test]
fn all_of_animeapi_is_in_its_spec() {
    check("animeapi");
}

#[test]
fn all_of_runanything_is_in_its_spec() {
    check("runanything");
}

#[test]
fn all_of_runapi_is_in_its_spec() {
    check("runapi");
}

#[test]
fn all_of_runcrate_is_in_its_spec() {
    check("runcrate");
}

/// The target of a method and path.
#[derive(Clone, Copy)]
enum RouteTarget<'a> {
    Call(&'a Operation),
    /// The status of the operation's task.
    Status(&'a Operation, &'a Task),
}

impl<'a> RouteTarget<'a> {
    fn operation(self) -> &'a Operation {
        match self {
            Self::Call(op) | Self::Status(op, _) => op,
        }
    }
}

/// A compiled spec, its operations by method and path.
struct Spec<'a> {
    api: &'a Api,
    /// `GET /a/b/{}`. There are several if operations differ by their credential.
    places: BTreeMap<String, Vec<RouteTarget<'a>>>,
}

impl<'a> Spec<'a> {
    fn new(api: &'a Api) -> Self {
        let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for op in &api.operations {
            let call = format!("{} {}", op.method.as_str(), template(&op.path));
            places.entry(call).or_default().push(RouteTarget::Call(op));
            if let Output::Task(task) = &op.output
                && let Some(path) = &task.status
            {
                let status = format!("{} {}", Method::Get.as_str(), template(&path.parts));
                places.entry(status).or_default().push(RouteTarget::Status(op, task));
            }
        }
        Self { api, places }
    }

    /// The targets of a method and path. Empty if the spec does not have them.
    fn places(&self, method_and_path: &str) -> &[RouteTarget<'a>] {
        self.places.get(method_and_path).map_or(&[], Vec::as_slice)
    }
}

#[track_caller]
fn check(name: &str) {
    let spec = Spec::new(apis::of(&files::root(), name));
    let mut report = Report::default();
    let documents = document::of(name);
    for document in &documents {
        lists::check(&spec, document, &documents, &mut report);
        wire::check(&spec, document, &mut report);
        for table in document.tables() {
            match table.kind() {
                "parameters" => parameters::check(&spec, &table, &mut report),
                "common" => parameters::check_common(&spec, document, &table, &mut report),
                "answer" => answers::check(&spec, &table, &mut report),
                "headers" => wire::check_headers(&spec, &table, &mut report),
                "events" => wire::check_events(&spec, &table, &mut report),
                "kinds" => wire::check_kinds(&spec, &table, &mut report),
                other => panic!("{}: no such kind of table: {other}", table.section()),
            }
        }
        samples::check(&spec, document, &mut report);
    }
    undocumented::check(&spec, &documents, &mut report);
    let missing = report.without(exceptions::of(name));
    assert!(missing.is_empty(), "{} of {name}'s document is not in its spec:\n\n{}", missing.len(), missing.join("\n"));
}

/// A path without the names of its parameters.
fn template(path: &[PathPart]) -> String {
    let text = path.iter().map(|part| match part {
        PathPart::Literal(literal) => literal.as_str(),
        PathPart::Parameter(_) => "{}",
    });
    text.collect()
}
