//! Operations: which there are, where they belong, and all that is said of each.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::diagnostics::suggest::nearest;
use specwright_codegen::model::Method;

use super::body::Body;
use super::errors::Errors;
use super::parameters::{Parameter, Parameters};
use super::response::Answers;
use super::ty::{Piece, Ty};
use super::{Options, Owner, Planner, names};
use crate::finding::fault;
use crate::gaps;
use crate::openapi;
use crate::text;

/// An operation that is planned.
#[derive(Clone, Debug)]
pub(crate) struct PlannedOperation<'d> {
    /// Its place in the document.
    pub at: usize,
    pub from: &'d openapi::Operation,
    pub resource: String,
    pub name: String,
    pub path: String,
    pub parameters: Parameters,
    pub body: Body,
    pub answers: Answers,
    pub errors: Errors,
}

/// The operations that are planned.
#[derive(Debug, Default)]
pub(crate) struct PlannedOperations<'d> {
    pub list: Vec<PlannedOperation<'d>>,
    /// Operations that became a part of another one, and that one, by their places in the document.
    pub joined: Vec<(usize, usize)>,
}

/// Tags that a message lists.
const MOST_TAGS: usize = 12;

/// Whether an operation is one that `--only` means: by its id, a tag, its resource, or as `GET /path`.
fn is_called(operation: &openapi::Operation, wanted: &String) -> bool {
    operation.id.as_ref() == Some(wanted)
        || operation.tags.contains(wanted)
        || names::resource(operation) == *wanted
        || format!("{} {}", operation.method.to_ascii_uppercase(), operation.path) == *wanted
}

/// What `--only` names and the document does not have, with what may have been meant.
pub(crate) fn not_found<'o>(document: &openapi::Document, options: &'o Options) -> Vec<(&'o str, String)> {
    let operations = || document.operations.iter();
    let missing = options.only.iter().filter(|wanted| !operations().any(|it| is_called(it, wanted)));
    let tags: BTreeSet<&str> = operations().flat_map(|it| &it.tags).map(String::as_str).collect();
    let with_help = |wanted: &'o String| {
        let ids = operations().filter_map(|it| it.id.as_deref());
        let help = match nearest(wanted, tags.iter().copied().chain(ids)) {
            Some(near) => format!("a similar one exists: `{near}`"),
            None if tags.is_empty() => "name an operation by its id, or as `GET /path`".to_owned(),
            None => {
                let some: Vec<String> = tags.iter().take(MOST_TAGS).map(|it| format!("`{it}`")).collect();
                let more = if tags.len() > some.len() { " and others" } else { "" };
                format!("the tags are {}{more}", some.join(", "))
            }
        };
        (wanted.as_str(), help)
    };
    missing.map(with_help).collect()
}

impl<'p> Planner<'p> {
    pub(super) fn operations(&mut self, options: &Options) -> PlannedOperations<'p> {
        let document: &'p openapi::Document = self.document;
        let is_wanted = |it: &openapi::Operation| {
            options.only.is_empty() || options.only.iter().any(|wanted| is_called(it, wanted))
        };
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        for it in &document.operations {
            if let Some(id) = &it.id {
                let count = ids.entry(id).or_default();
                *count += 1;
                if *count == 2 {
                    self.out.push(fault::duplicate_operation_id(id, it.place.clone()));
                }
            }
        }
        let mut by_resource: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        for (at, operation) in document.operations.iter().enumerate().filter(|it| is_wanted(it.1)) {
            let resource = names::resource(operation);
            if !order.contains(&resource) {
                order.push(resource.clone());
            }
            by_resource.entry(resource).or_default().push(at);
        }
        let mut planned = PlannedOperations::default();
        for resource in order {
            let of_resource = by_resource.remove(&resource).unwrap_or_default();
            let operations: Vec<&openapi::Operation> = of_resource.iter().map(|at| &document.operations[*at]).collect();
            let found = names::operations(&resource, &operations);
            for (at, name) in of_resource.into_iter().zip(found) {
                self.owner = Some(Owner::Operation(at));
                let found = self.operation(at, &document.operations[at], &resource, name);
                for operation in found {
                    let is_taken = |it: &PlannedOperation<'_>| it.resource == resource && it.name == operation.name;
                    if !planned.list.iter().any(is_taken) {
                        planned.list.push(operation);
                    }
                }
                self.owner = None;
            }
        }
        planned
    }

    fn operation(
        &mut self,
        at: usize,
        from: &'p openapi::Operation,
        resource: &str,
        name: String,
    ) -> Vec<PlannedOperation<'p>> {
        let place = from.place.clone();
        if !openapi::METHODS.contains(&from.method.as_str()) && !Method::is_name(&from.method) {
            self.gap(&gaps::METHOD, place, &[&from.method]);
            return Vec::new();
        }
        let Some((path, constants)) = self.path(from) else {
            self.gap(&gaps::PATH, place, &[&from.path]);
            return Vec::new();
        };
        let prefix = type_prefix(resource, &name);
        let mut parameters = self.parameters(at, from, &prefix);
        parameters.query.retain(|it| !constants.iter().any(|constant| constant.name == it.name));
        parameters.query.splice(0..0, constants);
        // What a GET has as a body is nothing that most servers read; the language has it nevertheless.
        let mut bodies = self.bodies(at, from, &prefix).into_iter();
        let Some((_, body)) = bodies.next() else { return Vec::new() };
        self.answering = true;
        let answers = self.answers(from, &parameters, &body, &prefix);
        let errors = self.errors(from, &prefix);
        self.answering = false;
        for place in &from.callbacks {
            let shown = place.pointer.rsplit('/').next().unwrap_or_default().to_owned();
            self.out.push(gaps::WEBHOOK.at(place.clone(), &[&shown]));
        }
        let resource = resource.to_owned();
        let first = PlannedOperation { at, from, resource, name, path, parameters, body, answers, errors };
        let others: Vec<PlannedOperation<'p>> = bodies
            .map(|(word, body)| PlannedOperation { name: format!("{}_{word}", first.name), body, ..first.clone() })
            .collect();
        std::iter::once(first).chain(others).collect()
    }

    /// The path as the spec has it: it starts with `/`, and has neither a query nor a fragment. A query in it is one of
    /// constants, which tell apart what has the same path otherwise.
    fn path(&mut self, from: &openapi::Operation) -> Option<(String, Vec<Parameter>)> {
        let mut path: String = from.path.chars().filter(|it| !it.is_control() && !it.is_whitespace()).collect();
        let mut query = Vec::new();
        if let Some(at) = path.find(['?', '#']) {
            self.out.push(fault::path_characters(&from.path, from.place.clone()));
            if path[at..].starts_with('?') {
                let written = path[at + 1..].split('#').next().unwrap_or_default();
                query = written.split('&').filter_map(constant).collect();
            }
            path.truncate(at);
        }
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let path = with_prefixes(self.apart(plain_names(&path), from), &from.parameters);
        let path = self.without_empty_segments(path, from);
        let names = super::parameters::path_names(&path);
        let opened = path.matches('{').count();
        (opened == path.matches('}').count() && opened == names.len()).then_some((path, query))
    }
}

impl Planner<'_> {
    /// Parameters with nothing between them: one that has a single value is text, and `{.name}` of RFC 6570 begins with a
    /// dot.
    pub(super) fn apart(&mut self, path: String, from: &openapi::Operation) -> String {
        let mut path = path;
        while let Some(at) = path.find("}{") {
            let before = path[..at].rsplit('{').next().unwrap_or_default().to_owned();
            let after = path[at + 2..].split('}').next().unwrap_or_default().to_owned();
            let texts = [after.clone(), before].map(|it| (format!("{{{it}}}"), self.only_text(&it, from)));
            let text = texts.into_iter().find_map(|(name, text)| Some((name, text?)));
            match text {
                Some((name, text)) => path = path.replace(&name, &text),
                None if after.starts_with('.') => path.insert(at + 1, '.'),
                None => break,
            }
        }
        path
    }

    /// The one text that a path parameter may be.
    fn only_text(&mut self, name: &str, from: &openapi::Operation) -> Option<String> {
        let is_it = |it: &&openapi::Parameter| it.location == openapi::Location::Path && it.name == name;
        let schema = from.parameters.iter().find(is_it)?.schema?;
        let flat = self.flat(schema);
        let text = match (flat.constant.as_ref(), flat.values.as_deref()) {
            (Some(only), _) | (None, Some([only])) => only.as_str()?,
            _ => return None,
        };
        let is_plain = !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || "-._~".contains(it));
        is_plain.then(|| text.to_owned())
    }

    /// `//pots/` as `/pots/`: a path of the language has no empty segment but the last.
    fn without_empty_segments(&mut self, path: String, from: &openapi::Operation) -> String {
        if !path.contains("//") {
            return path;
        }
        let mut plain = path.clone();
        while plain.contains("//") {
            plain = plain.replace("//", "/");
        }
        self.out.push(fault::empty_segment(&path, &plain, from.place.clone()));
        plain
    }
}

/// The path with what `matrix` and `label` put before the values of its parameters: `/pots{id}` as `/pots;id={id}`.
fn with_prefixes(path: String, parameters: &[openapi::Parameter]) -> String {
    let in_path = parameters.iter().filter(|it| it.location == openapi::Location::Path);
    in_path.fold(path, |path, it| {
        let name = format!("{{{}}}", it.name);
        match it.style.as_deref() {
            Some("matrix") => path.replace(&name, &format!(";{}={name}", it.name)),
            Some("label") => path.replace(&name, &format!(".{name}")),
            _ => path,
        }
    })
}

/// `/{+name}` and `/{id:[0-9]+}` with names alone.
pub(super) fn plain_names(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for (at, part) in path.split('{').enumerate() {
        if at == 0 {
            out.push_str(part);
            continue;
        }
        out.push('{');
        match part.rsplit_once('}').filter(|_| part.contains([':', '+', '*'])) {
            Some((name, rest)) => {
                let name = name.trim_start_matches('+').trim_end_matches('*');
                out.push_str(name.split(':').next().unwrap_or_default());
                out.push('}');
                out.push_str(rest);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// `beta=true` as a parameter that always has that value.
fn constant(written: &str) -> Option<Parameter> {
    let (name, value) = written.split_once('=')?;
    if name.is_empty() || written.contains(['{', '}']) {
        return None;
    }
    let mut piece = Piece::of(Ty::STRING);
    piece.constant = Some(value.into());
    Some(Parameter::new(name, true, piece))
}

/// What types that belong to an operation are named after.
pub(super) fn type_prefix(resource: &str, name: &str) -> String {
    let generic = !name.contains('_');
    let whole = if generic { format!("{} {name}", text::singular(resource)) } else { name.to_owned() };
    text::pascal(&whole)
}
