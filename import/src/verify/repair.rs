//! Taking back what the compiler refuses: as little as possible first, and more when that is not enough.

use specwright_codegen::diagnostics::{Code, Diagnostic};

use crate::finding::{Findings, Level, Place, fault};
use crate::gaps;
use crate::print::Mark;
use crate::report::Counts;
use crate::spec::{Auth, Entry, Items, Kind, Operation, Response, Spec};

use super::users;

/// The name of a part, which stays when parts before it are removed.
pub(super) fn name(spec: &Spec, mark: Mark) -> String {
    let operation = |file: usize, at: usize| {
        let found = spec.resources.get(file).and_then(|it| it.operations.get(at));
        found.map(|it| format!("{} {}", it.method, it.path)).unwrap_or_default()
    };
    match mark {
        Mark::Parameter { file, operation: at, list, at: entry } => format!("{} {list} {entry}", operation(file, at)),
        Mark::Operation { file, at } | Mark::Response { file, operation: at } => operation(file, at),
        Mark::Example { file, operation: at, .. } => format!("{} example", operation(file, at)),
        other => format!("{other:?}"),
    }
}

pub(super) fn repair(
    spec: &mut Spec,
    mark: Mark,
    error: &Diagnostic,
    attempt: usize,
    counts: &mut Counts,
    out: &mut Findings,
) {
    match mark {
        Mark::Example { file, operation, at } => {
            let Some(it) = operation_of(spec, file, operation) else { return };
            if at < it.examples.len() {
                it.examples.remove(at);
            }
            out.push(fault::example_misfit(&error.message, it.place.clone()));
        }
        Mark::Operation { file, at } => {
            let Some(resource) = spec.resources.get_mut(file) else { return };
            // Pages that do not fit the response are the first suspect; what is left of them is a suggestion.
            if let Some(pages) = resource.operations.get_mut(at).and_then(|it| it.pages.take()) {
                if let Some(it) = resource.operations.get_mut(at) {
                    it.comments.push(format!("pages: {pages}"));
                    out.push(gaps::PAGES.at(it.place.clone(), &[&error.message]));
                }
                return;
            }
            if at < resource.operations.len() {
                let removed = resource.operations.remove(at);
                counts.drop_operation(&removed);
                let mut finding = gaps::TYPE_REFUSED.at(removed.place, &[&error.message]);
                finding.level = Level::Dropped;
                out.push(finding);
            }
        }
        Mark::Parameter { file, operation, list, at } => {
            let Some(it) = operation_of(spec, file, operation) else { return };
            let place = it.place.clone();
            let shared = entry_of(it, list, at).and_then(|it| it.shared.clone());
            if let Some(name) = shared {
                return repair_shared(spec, file, &name, error, attempt, counts, out);
            }
            let in_json = list == 3 && !it.encoding.iter().any(|it| it == "form" || it == "multipart");
            let Some(entry) = entry_of(it, list, at) else { return };
            let harm = if attempt > 4 {
                entries_of(it, list).remove(at);
                Harm::Widened
            } else {
                weaken(entry, error, attempt, in_json)
            };
            if harm == Harm::Widened {
                counts.approximate(it);
            }
            tell(error, harm, place, out);
        }
        Mark::Response { file, operation } => {
            let Some(it) = operation_of(spec, file, operation) else { return };
            it.response = Response::Type("json".to_owned());
            counts.approximate(it);
            let place = it.place.clone();
            tell(error, Harm::Widened, place, out);
        }
        Mark::ResponseField { file, operation, at } => {
            let Some(it) = operation_of(spec, file, operation) else { return };
            let place = it.place.clone();
            let mut harm = Harm::None;
            if let Response::Record(fields) = &mut it.response
                && let Some(entry) = fields.get_mut(at)
            {
                let before = entry.ty.clone();
                harm = weaken(entry, error, attempt, true);
                // A limit that only responses have limits nobody.
                if entry.ty != before {
                    counts.approximate(it);
                }
            }
            tell(error, harm, place, out);
        }
        Mark::ResponseHeader { file, operation, at } => {
            let Some(it) = operation_of(spec, file, operation) else { return };
            if at < it.response_headers.len() {
                it.response_headers.remove(at);
            }
            let place = it.place.clone();
            counts.approximate(it);
            tell(error, Harm::Widened, place, out);
        }
        Mark::Status { file, at } => {
            let statuses = match file {
                None => Some(&mut spec.api.statuses),
                Some(file) => spec.resources.get_mut(file).map(|it| &mut it.statuses),
            };
            if let Some(statuses) = statuses.filter(|it| at < it.len()) {
                statuses.remove(at);
            }
        }
        Mark::Header { at } => {
            let Some(entry) = spec.api.headers.get_mut(at) else { return };
            if weaken(entry, error, attempt, false) == Harm::Widened {
                spec.resources.iter().flat_map(|it| &it.operations).for_each(|it| counts.approximate(it));
            }
        }
        // Each operation can have it, if the client cannot.
        Mark::ClientQuery { at } => {
            if at < spec.api.client_query.len() {
                let entry = spec.api.client_query.remove(at);
                spec.resources.iter_mut().flat_map(|it| &mut it.operations).for_each(|it| it.query.push(entry.clone()));
            }
        }
        Mark::Servers => {
            out.push(gaps::SERVER.at(Place::of_document("/servers"), &[&error.message]));
            spec.api.servers.clear();
            for file in &mut spec.resources {
                file.server = None;
                file.operations.iter_mut().for_each(|it| it.server = None);
            }
        }
        Mark::Credential { at } => {
            if at < spec.api.credentials.len() {
                let place = Place::of_document("/components/securitySchemes");
                out.push(gaps::SCHEME.at(place, &[&error.message]));
                let removed = spec.api.credentials.remove(at);
                without_credential(spec, &removed.name);
            }
        }
        Mark::Shared { file, at } => {
            let entries = match file {
                None => Some(&spec.api.parameters),
                Some(file) => spec.resources.get(file).map(|it| &it.parameters),
            };
            let Some(name) = entries.and_then(|it| it.get(at)).map(|it| it.name.clone()) else { return };
            repair_shared(spec, file.unwrap_or(spec.resources.len()), &name, error, attempt, counts, out);
        }
        Mark::Field { file, ty, at } => {
            let types = types_of(spec, file);
            let Some(it) = types.and_then(|it| it.get_mut(ty)) else { return };
            let (place, name) = (it.place.clone(), it.name.clone());
            let mut harm = Harm::None;
            if let Kind::Record { fields, .. } = &mut it.kind
                && let Some(entry) = fields.get_mut(at)
            {
                harm = weaken(entry, error, attempt, true);
            }
            if harm == Harm::Widened {
                counts.approximate_type();
                users::of_type(spec, &name).for_each(|it| counts.approximate(it));
            }
            tell(error, harm, place, out);
        }
        Mark::Type { file, at } => {
            let Some(it) = types_of(spec, file).and_then(|it| it.get_mut(at)) else { return };
            // Whether members can be told apart is the compiler's word.
            if let Kind::Union { any_of, .. } = &mut it.kind
                && error.code == Code::AmbiguousUnion
                && attempt == 1
            {
                *any_of = !*any_of;
                return;
            }
            let (name, place) = (it.name.clone(), it.place.clone());
            tell(error, Harm::Widened, place, out);
            counts.approximate_type();
            users::of_type(spec, &name).for_each(|it| counts.approximate(it));
            remove_type(spec, &name);
        }
    }
}

/// An entry of `parameters` is mended where it stands, for all that use it: that of a file, or else that of the API.
fn repair_shared(
    spec: &mut Spec,
    file: usize,
    name: &str,
    error: &Diagnostic,
    attempt: usize,
    counts: &mut Counts,
    out: &mut Findings,
) {
    let of_file = spec.resources.get_mut(file).and_then(|it| it.parameters.iter_mut().find(|it| it.name == name));
    let is_of_file = of_file.is_some();
    let Some(entry) = of_file.or_else(|| spec.api.parameters.iter_mut().find(|it| it.name == name)) else { return };
    let harm = weaken(entry, error, attempt, false);
    let files = spec.resources.iter().enumerate().filter(|it| !is_of_file || it.0 == file);
    let users: Vec<&Operation> = files.flat_map(|it| users::of_shared(it.1, name)).collect();
    if let Some(first) = users.first() {
        tell(error, harm, first.place.clone(), out);
    }
    if harm == Harm::Widened {
        users.into_iter().for_each(|it| counts.approximate(it));
    }
}

/// What a change does to the values that are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    /// Nothing: only a default, an example or a name is gone.
    None,
    /// The document itself leaves no meaning.
    Fault,
    /// More is accepted than the document says.
    Widened,
}

fn tell(error: &Diagnostic, harm: Harm, place: Place, out: &mut Findings) {
    match harm {
        Harm::None if matches!(error.code, Code::RustNameTaken | Code::RustNameReserved) => {}
        Harm::None => out.push(fault::value_misfit(&error.message, place)),
        Harm::Fault => out.push(fault::without_meaning(&error.message, place)),
        Harm::Widened => out.push(gaps::TYPE_REFUSED.at(place, &[&error.message])),
    }
}

fn operation_of(spec: &mut Spec, file: usize, at: usize) -> Option<&mut Operation> {
    spec.resources.get_mut(file)?.operations.get_mut(at)
}

fn entries_of(operation: &mut Operation, list: u8) -> &mut Vec<Entry> {
    match list {
        0 => &mut operation.path_parameters,
        1 => &mut operation.query,
        2 => &mut operation.headers,
        4 => &mut operation.cookies,
        _ => &mut operation.body,
    }
}

fn entry_of(operation: &mut Operation, list: u8, at: usize) -> Option<&mut Entry> {
    entries_of(operation, list).get_mut(at)
}

fn types_of(spec: &mut Spec, file: Option<usize>) -> Option<&mut Vec<crate::spec::Type>> {
    match file {
        None => Some(&mut spec.api.types),
        Some(file) => spec.resources.get_mut(file).map(|it| &mut it.types),
    }
}

/// Says less of a value.
fn weaken(entry: &mut Entry, error: &Diagnostic, attempt: usize, in_json: bool) -> Harm {
    // Two of these may be about one default.
    if error.code == Code::DefaultBreaksRule && attempt <= 3 {
        entry.default = None;
        entry.examples.clear();
        return Harm::None;
    }
    if matches!(error.code, Code::ContradictoryLimits | Code::ImpossibleLimits) && attempt <= 2 {
        // A default outside of the limits is the first suspect.
        if entry.default.take().is_some() {
            return Harm::None;
        }
        for limits in [&mut entry.limits, &mut entry.items.limits] {
            let has_pattern = limits.iter().any(|it| it.0 == "pattern");
            limits.retain(|it| if has_pattern { it.0 != "pattern" } else { !it.0.starts_with("max") });
        }
        return Harm::Fault;
    }
    if attempt == 1 {
        match error.code {
            Code::OutsideEnum | Code::WrongType | Code::Respelled => {
                entry.default = None;
                entry.examples.clear();
                return Harm::None;
            }
            Code::RustNameTaken | Code::RustNameReserved => {
                entry.rust =
                    Some(format!("{}_value", crate::text::snake(&entry.name)).trim_start_matches('_').to_owned());
                return Harm::None;
            }
            Code::BadPattern => {
                entry.limits.retain(|it| it.0 != "pattern");
                entry.items.limits.retain(|it| it.0 != "pattern");
                return Harm::Widened;
            }
            // The document says nothing of how lists of lists are written.
            Code::StyleMissing | Code::BadStyle if entry.style != Some("json") => {
                entry.style = Some("json");
                return Harm::Fault;
            }
            _ => {}
        }
    }
    entry.default = None;
    entry.examples.clear();
    entry.limits.clear();
    entry.items = Items::default();
    if attempt > 1 {
        entry.values = None;
        entry.constant = None;
    }
    if attempt > 2 {
        entry.style = None;
        entry.nullable = false;
        entry.ty = if in_json { "json".to_owned() } else { "string".to_owned() };
        entry.raw = None;
    }
    Harm::Widened
}

/// Removes a credential from all that name it.
fn without_credential(spec: &mut Spec, name: &str) {
    let remove = |auth: &mut Option<Auth>| {
        let Some(alternatives) = auth else { return };
        alternatives.retain(|it| !it.iter().any(|it| it.name == name));
        if alternatives.is_empty() {
            *auth = None;
        }
    };
    remove(&mut spec.api.auth);
    for file in &mut spec.resources {
        remove(&mut file.auth);
        file.operations.iter_mut().for_each(|it| remove(&mut it.auth));
    }
}

/// Removes a type; what named it is any JSON.
fn remove_type(spec: &mut Spec, name: &str) {
    let mut waiting = vec![name.to_owned()];
    while let Some(name) = waiting.pop() {
        let api = &mut spec.api;
        api.error_type = api.error_type.take().filter(|it| *it != name);
        api.statuses.iter_mut().for_each(|it| it.ty = it.ty.take().filter(|it| *it != name));
        api.parameters.iter_mut().for_each(|it| without(it, &name));
        api.headers.iter_mut().for_each(|it| without(it, &name));
        let mut lists = vec![&mut api.types];
        for file in &mut spec.resources {
            file.parameters.iter_mut().for_each(|it| without(it, &name));
            file.operations.iter_mut().for_each(|it| without_in_operation(it, &name));
            lists.push(&mut file.types);
        }
        for list in lists {
            list.retain(|it| it.name != name);
            for it in list.iter_mut() {
                match &mut it.kind {
                    Kind::Record { fields, like, .. } => {
                        fields.iter_mut().for_each(|it| without(it, &name));
                        *like = like.take().filter(|it| *it != name);
                    }
                    Kind::Union { members, .. } if members.iter().any(|it| names(it, &name)) => {
                        waiting.push(it.name.clone())
                    }
                    Kind::Tagged { members, .. } if members.iter().any(|it| it.ty == name) => {
                        waiting.push(it.name.clone())
                    }
                    _ => {}
                }
            }
        }
    }
}

fn without_in_operation(it: &mut Operation, name: &str) {
    let lists = [&mut it.path_parameters, &mut it.query, &mut it.headers, &mut it.cookies];
    let lists = lists.into_iter().chain([&mut it.body, &mut it.response_headers]);
    lists.flatten().for_each(|it| without(it, name));
    match &mut it.response {
        Response::Type(ty) | Response::Nullable(ty) if names(ty, name) => {
            it.response = Response::Type(replaced(ty, name))
        }
        Response::Record(fields) => fields.iter_mut().for_each(|it| without(it, name)),
        Response::ByStatus(all) => {
            for (_, response) in all {
                if let Response::Type(ty) = response {
                    *ty = replaced(ty, name);
                }
            }
        }
        _ => {}
    }
    if let Some(stream) = &mut it.stream {
        stream.data = replaced(&stream.data, name);
    }
    it.error_type = it.error_type.take().filter(|it| it != name);
    it.statuses.iter_mut().for_each(|it| it.ty = it.ty.take().filter(|it| it != name));
    it.statuses.retain(|it| it.kind.is_some() || it.ty.is_some());
}

fn without(entry: &mut Entry, name: &str) {
    if names(&entry.ty, name) {
        entry.ty = replaced(&entry.ty, name);
        if entry.ty == "json" {
            entry.nullable = false;
        }
        entry.default = None;
        entry.examples.clear();
    }
}

/// Whether a type expression names a type.
pub(super) fn names(ty: &str, name: &str) -> bool {
    ty.split(|it: char| !(it.is_alphanumeric() || it == '-')).any(|it| it == name)
}

/// A type expression in which another type is any JSON.
fn replaced(ty: &str, name: &str) -> String {
    if !names(ty, name) {
        return ty.to_owned();
    }
    if ty.contains('|') {
        return "json".to_owned();
    }
    ty.replace(&format!("{name}?"), "json").replace(name, "json")
}
