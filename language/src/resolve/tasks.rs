//! Tasks: merges the defaults of the API with the keys of the operation.

use std::collections::BTreeSet;

use super::path_template::{Part, Template};
use super::pointer;
use super::view::TypeView;
use crate::diagnostics::{Diagnostics, types};
use crate::model::{
    FieldIx, Location, PathPart, Record, Stage, StatusParameter, StatusPath, StatusValue, Task, Type, TypeId,
};
use crate::source::{Span, Spanned};
use crate::syntax::document::{Entry, StateDoc, StatusCallDoc, TaskDoc, Text};

const DEFAULT_INTERVAL_MS: u64 = 5_000;
const DEFAULT_DEADLINE_MS: u64 = 600_000;

/// The types of a task, made beforehand.
pub(super) struct TaskTypes<'a> {
    pub created: TypeId,
    pub result: TypeId,
    pub created_record: Option<&'a Record>,
    pub view: TypeView<'a>,
}

/// All that is said of a task. What the operation says goes before its file, and that before `api.yaml`.
#[derive(Clone, Copy)]
pub(super) struct TaskDeclarations<'d> {
    pub own: &'d TaskDoc,
    pub file: &'d TaskDoc,
    pub api: &'d TaskDoc,
}

impl<'d> TaskDeclarations<'d> {
    fn first_declared<T>(&self, key: impl Fn(&'d TaskDoc) -> Option<&'d T>) -> Option<&'d T> {
        key(self.own).or_else(|| key(self.file)).or_else(|| key(self.api))
    }
}

/// The call that creates a task: its path and its parameters, and those of the client that belong in paths.
#[derive(Clone, Copy)]
pub(super) struct Create<'a> {
    pub path: &'a Template,
    pub parameters: &'a Record,
    pub client: &'a [Entry],
}

/// The task of an operation.
pub(super) fn resolve(
    said: &TaskDeclarations<'_>,
    create: Create<'_>,
    types_: &TaskTypes<'_>,
    span: Span,
    out: &mut Diagnostics,
) -> Task {
    let doc = said.own;
    let id_field = id(said);
    let mut pending = states(said.first_declared(|it| it.pending.as_ref()));
    let completed = needed("completed", states(said.first_declared(|it| it.completed.as_ref())), span, out);
    let has_boolean_states = has_boolean_states(said);
    let mut failed = states(said.first_declared(|it| it.failed.as_ref()));
    if has_boolean_states {
        // Defaults of the API are about other tasks.
        pending.retain(|it| it.is_boolean);
        failed.retain(|it| it.is_boolean);
        if let [done] = completed.as_slice()
            && pending.is_empty()
            && failed.is_empty()
        {
            let other = if done.value == "true" { "false" } else { "true" };
            pending.push(StateDoc { value: other.to_owned(), ..done.clone() });
        }
    } else {
        // `failed: []` says that a task failed that is completed and has an error.
        let is_none = said.first_declared(|it| it.failed.as_ref()).is_some_and(|it| it.value.is_empty());
        failed = if is_none { failed } else { needed("failed", failed, span, out) };
    }
    check_disjoint([&pending, &completed, &failed], out);
    for state in pending.iter().chain(&completed).chain(&failed).filter(|it| it.is_boolean != has_boolean_states) {
        let help = "write either words or truth values";
        out.push(types::bad_task("the states of a task are of one type", help, state.span));
    }
    check_id(said, types_, &id_field, span, out);
    check_state(said, types_, span, out);
    let interval = said.first_declared(|it| it.interval.as_ref());
    let deadline = said.first_declared(|it| it.deadline.as_ref());
    let interval_ms = interval.map_or(DEFAULT_INTERVAL_MS, |it| it.value);
    let deadline_ms = deadline.map_or(DEFAULT_DEADLINE_MS, |it| it.value);
    if interval_ms > deadline_ms {
        let of = |it: &TaskDoc| it.interval.as_ref().or(it.deadline.as_ref()).map(|it| it.span);
        let at = of(said.own).or(of(said.file)).or(interval.map(|it| it.span)).unwrap_or(span);
        out.push(types::bad_task("the interval is longer than the deadline", "shorten `interval`", at));
    }
    let values = |states: &[StateDoc]| states.iter().map(|it| it.value.clone()).collect();
    Task {
        created: types_.created,
        result: types_.result,
        id_field,
        status: status_path(doc, create, span, out),
        is_url_in_header: matches!(doc.status, Some(StatusCallDoc::Header(_))),
        every_state: every_state(said).iter().map(|it| it.name.value.clone()).collect(),
        state_field: state(said),
        pending: values(&pending),
        completed: values(&completed),
        failed: values(&failed),
        has_boolean_states,
        error_pointer: text(said.first_declared(|it| it.error.as_ref()), "/error"),
        stage: doc.stage.as_ref().map(|it| Stage {
            field: it.field.value.clone(),
            values: it.values.iter().map(|(value, words)| (value.value.clone(), words.clone())).collect(),
        }),
        poll_interval_ms: interval_ms,
        deadline_ms,
        // Known when all operations are: see `downloads`.
        download: None,
        cancel: None,
        callback: callback(said, create.parameters, out),
        span,
    }
}

/// Whether the create answer has the id, or the URL of the status.
fn check_id(said: &TaskDeclarations<'_>, types_: &TaskTypes<'_>, place: &str, span: Span, out: &mut Diagnostics) {
    let at = match &said.own.status {
        Some(StatusCallDoc::Url(text) | StatusCallDoc::Header(text)) => text.span,
        _ => said.own.id.as_ref().or(said.file.id.as_ref()).map_or(span, |it| it.span),
    };
    if let Some(StatusCallDoc::Url(_) | StatusCallDoc::Header(_)) = said.own.status {
        let of_id = [&said.own.id, &said.own.cancel, &said.own.download].into_iter().flatten().next();
        if let Some(key) = of_id {
            let help = "remove this key: its task is known by the URL of its status";
            out.push(types::bad_task(
                "the task has no id, since the response has the URL of its status",
                help,
                key.span,
            ));
        }
    }
    if let Some(StatusCallDoc::Header(name)) = &said.own.status {
        super::names::check_header_token(name, out);
        return;
    }
    let Some(record) = types_.created_record else { return };
    let is_url = matches!(said.own.status, Some(StatusCallDoc::Url(_)));
    let is_number = |it: &Type| !is_url && matches!(it, Type::Integer | Type::Sized(_));
    let is_text = |it: &Type| {
        matches!(it, Type::String | Type::Json | Type::Url | Type::HttpsUrl | Type::Formatted(_)) || is_number(it)
    };
    if place.starts_with('/') {
        match pointer::follow(types_.view, &Type::Named(types_.created), place) {
            Ok(found) if found.iter().all(|it| is_text(it)) => {}
            Ok(_) => {
                let problem = format!("`{place}` of the create response is no string or integer");
                out.push(types::bad_task(&problem, "list a field of type `string` there, under `created`", at));
            }
            Err(fault) => out.push(types::bad_task(&fault.problem(place), &fault.help(), at)),
        }
    } else if !record
        .fields
        .iter()
        .any(|it| it.name == place && (matches!(it.ty, Type::String | Type::Json) || is_number(&it.ty)))
    {
        let problem = format!("the create response has no field `{place}` of type `string` or `integer`");
        out.push(types::bad_task(&problem, "list it under `created`, or name the field with `id`", at));
    }
}

/// Whether the place of the state is one where the result has a state. A field of that name need not be listed.
fn check_state(said: &TaskDeclarations<'_>, types_: &TaskTypes<'_>, span: Span, out: &mut Diagnostics) {
    let place = state(said);
    if !place.starts_with('/') {
        return;
    }
    let at = said.own.state.as_ref().or(said.file.state.as_ref()).map_or(span, |it| it.span);
    if let Err(fault) = pointer::follow(types_.view, &Type::Named(types_.result), &place) {
        out.push(types::bad_task(&fault.problem(&place), &fault.help(), at));
    }
}

/// The place in the create answer that holds the id, or the URL of the status: a field, or a header.
pub(super) fn id(said: &TaskDeclarations<'_>) -> String {
    if let Some(StatusCallDoc::Url(place) | StatusCallDoc::Header(place)) = &said.own.status {
        return place.value.clone();
    }
    text(said.first_declared(|it| it.id.as_ref()), "id")
}

/// The place in the status body that holds the state.
pub(super) fn state(said: &TaskDeclarations<'_>) -> String {
    text(said.first_declared(|it| it.state.as_ref()), "status")
}

/// Whether the states are truth values: that of a completed task decides.
pub(super) fn has_boolean_states(said: &TaskDeclarations<'_>) -> bool {
    said.first_declared(|it| it.completed.as_ref()).is_some_and(|it| it.value.iter().any(|it| it.is_boolean))
}

/// The fields of every state, which belong to each result.
pub(super) fn every_state<'d>(said: &TaskDeclarations<'d>) -> &'d [Entry] {
    said.first_declared(|it| it.every_state.as_ref()).map_or(&[], |it| &it.value)
}

fn text(said: Option<&Text>, default: &str) -> String {
    said.map_or(default, |it| &it.value).to_owned()
}

fn states(said: Option<&Spanned<Vec<StateDoc>>>) -> Vec<StateDoc> {
    said.map(|it| it.value.clone()).unwrap_or_default()
}

fn needed(key: &str, states: Vec<StateDoc>, span: Span, out: &mut Diagnostics) -> Vec<StateDoc> {
    if states.is_empty() {
        let problem = format!("no state means that the task is {key}");
        let help = format!("add `{key}: […]` here, or under `tasks` of the file or of `api.yaml`");
        out.push(types::bad_task(&problem, &help, span));
    }
    states
}

fn check_disjoint(lists: [&[StateDoc]; 3], out: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for state in lists.into_iter().flatten() {
        if !seen.insert(&state.value) {
            let problem = format!("the state `{}` is listed twice", state.value);
            out.push(types::bad_task(&problem, "each state means one thing", state.span));
        }
    }
}

fn status_path(doc: &TaskDoc, create: Create<'_>, span: Span, out: &mut Diagnostics) -> Option<StatusPath> {
    let written = match &doc.status {
        Some(StatusCallDoc::Url(_) | StatusCallDoc::Header(_)) => return None,
        Some(StatusCallDoc::Path(written)) => written,
        None => {
            if create.path.names().next().is_some() {
                let help = "write the path of the status call: `status: /v1/tasks/{id}`";
                out.push(types::bad_task(
                    "the path has parameters, so the status path cannot be derived from it",
                    help,
                    span,
                ));
            }
            let literal: String = create.path.parts.iter().filter_map(literal_part).collect();
            return Some(StatusPath::of_id(&format!("{}/", literal.trim_end_matches('/')), ""));
        }
    };
    let (path, query) = written.value.split_once('?').unwrap_or((&written.value, ""));
    // `{+id}` is RFC 6570's: what is reserved stays as it is.
    let segments: Vec<&str> = path.split("{+").skip(1).filter_map(|it| it.split('}').next()).collect();
    let path = &Text::new(path.replace("{+", "{"), written.span);
    let Some(template) = Template::parse(path, out) else { return Some(StatusPath::of_id("/", "")) };
    let query = match query_of(query) {
        Ok(query) => query,
        Err(part) => {
            let problem = format!("`{part}` is not a part of the query of a status path");
            out.push(types::bad_task(&problem, "write it like `/v1/tasks?task_id={id}`", written.span));
            return Some(StatusPath::of_id("/", ""));
        }
    };
    let known = |name: &str| {
        let is_it = |it: &crate::model::Field| it.location == Location::Path && it.sent_name() == name;
        let created =
            create.parameters.fields.iter().position(is_it).map(|it| StatusValue::Created(FieldIx(it as u32)));
        let client = || create.client.iter().position(|it| it.name.value == name).map(StatusValue::Client);
        created.or_else(client)
    };
    let in_query = query.iter().filter_map(|(_, it)| match it {
        Part::Parameter(name) => Some(name.as_str()),
        Part::Literal(_) => None,
    });
    let names: Vec<&str> = template.names().chain(in_query).collect();
    let alone = names.len() == 1;
    let parameters: Vec<StatusParameter> = names
        .into_iter()
        .map(|name| StatusParameter {
            name: name.to_owned(),
            from: known(name).filter(|_| !alone).unwrap_or(StatusValue::Id),
        })
        .collect();
    let ids: Vec<&str> = parameters.iter().filter(|it| it.from == StatusValue::Id).map(|it| it.name.as_str()).collect();
    if ids.len() != 1 {
        let (problem, help) = match ids.as_slice() {
            [] => ("no parameter of the status path is the id".to_owned(), "write it like `/v1/tasks/{id}`".to_owned()),
            all => (
                format!("the status path has several parameters that could be the id: {}", quoted(all)),
                "the others must be in the path of the operation, or under `path` of `client`".to_owned(),
            ),
        };
        out.push(types::bad_task(&problem, &help, written.span));
        return Some(StatusPath::of_id("/", ""));
    }
    if let Some(other) = segments.iter().find(|it| !ids.contains(it)) {
        let problem = format!("`{{+{other}}}` is not the id of the task, which alone may have several segments");
        out.push(types::bad_task(&problem, &format!("write `{{{other}}}`"), written.span));
    }
    let mut index = 0;
    let mut part = |it: &Part| match it {
        Part::Literal(text) => PathPart::Literal(text.clone()),
        Part::Parameter(_) => {
            index += 1;
            PathPart::Parameter(FieldIx(index - 1))
        }
    };
    let parts = template.parts.iter().map(&mut part).collect();
    let query = query.iter().map(|(name, it)| (name.clone(), part(it))).collect();
    Some(StatusPath { parts, query, keeps_slashes: !segments.is_empty(), parameters })
}

/// The query of a status path: `task_id={id}&kind=video`. The error is the part that is no such thing.
fn query_of(query: &str) -> Result<Vec<(String, Part)>, &str> {
    let is_plain = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || "-._~".contains(it));
    let mut all: Vec<(String, Part)> = Vec::new();
    for pair in query.split('&').filter(|_| !query.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(pair)?;
        let parameter = value.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        if !is_plain(name) || !is_plain(parameter.unwrap_or(value)) || all.iter().any(|(it, _)| it == name) {
            return Err(pair);
        }
        let part = match parameter {
            Some(parameter) => Part::Parameter(parameter.to_owned()),
            None => Part::Literal(value.to_owned()),
        };
        all.push((name.to_owned(), part));
    }
    Ok(all)
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

fn literal_part(part: &Part) -> Option<&str> {
    match part {
        Part::Literal(text) => Some(text),
        Part::Parameter(_) => None,
    }
}

/// The parameter that takes the callback's URL. A default names it for operations that have it.
fn callback(said: &TaskDeclarations<'_>, parameters: &Record, out: &mut Diagnostics) -> Option<FieldIx> {
    let Some(name) = &said.own.callback else {
        let name = said.first_declared(|it| it.callback.as_ref())?;
        return parameters.find(&name.value).map(|(ix, _)| ix);
    };
    let found = parameters.find(&name.value).map(|(ix, _)| ix);
    if found.is_none() {
        let known = parameters.fields.iter().map(|it| it.name.as_str());
        out.push(crate::diagnostics::names::unknown_parameter(&name.value, "the operation", known, name.span));
    }
    found
}
