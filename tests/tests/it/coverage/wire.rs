//! How requests are sent: base URLs, keys, headers, and the kinds of stream events and parts.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright_codegen::model::{
    Api, Auth, Encoding, Location, Operation, ResetFormat, Server, StreamEvents, Type, TypeId, TypeKind,
};

use super::Spec;
use super::document::{Document, Table, text};
use super::report::Report;

pub(super) fn check(spec: &Spec<'_>, document: &Document, report: &mut Report) {
    let api = spec.api;
    for url in document.texts("urls") {
        let (method, rest) = url.split_once(' ').expect("a method and a URL");
        let is = |server: &Server| {
            let path = rest.strip_prefix(server.url.as_str());
            path.is_some_and(|it| !spec.places(&format!("{method} {it}")).is_empty())
        };
        if !api.servers.iter().any(is) {
            report.missing(document.title(), url, "url", "of an operation");
        }
    }
    for entry in document.entries("sends") {
        let header = text(entry, "header");
        let prefix = entry.get("prefix").and_then(Value::as_str).unwrap_or_default();
        let ways = api.credentials.iter().flat_map(|it| &it.schemes);
        if !ways.into_iter().any(|it| it.header() == Some(header) && it.prefix == prefix) {
            report.missing(document.title(), header, "key", format!("sent after `{prefix}`"));
        }
    }
    if let Some(expected) = document.one("rate_limit_headers") {
        rate_limit_headers(api, document, expected, report);
    }
}

fn rate_limit_headers(api: &Api, document: &Document, expected: &Value, report: &mut Report) {
    let told = api.rate_limit_headers.as_ref();
    for (key, found) in [
        ("limit", told.and_then(|it| it.limit.as_deref())),
        ("remaining", told.and_then(|it| it.remaining.as_deref())),
        ("reset", told.and_then(|it| it.reset.as_deref())),
    ] {
        let name = text(expected, key);
        if !found.is_some_and(|it| it.eq_ignore_ascii_case(name)) {
            report.missing(document.title(), name, "header", key);
        }
    }
    let format = text(expected, "format");
    let found = match told.map(|it| it.reset_format) {
        Some(ResetFormat::Seconds) => "seconds",
        Some(ResetFormat::Unix) => "unix",
        Some(ResetFormat::Unknown) | None => "unknown",
    };
    if found != format {
        report.missing(document.title(), text(expected, "reset"), "header", format!("{format}, not {found}"));
    }
}

/// Headers of a request. Those of the key and the body come from the client; the others are parameters.
pub(super) fn check_headers(spec: &Spec<'_>, table: &Table<'_>, report: &mut Report) {
    for op in operations(spec, table) {
        for row in table.rows() {
            let name = text(row, "name");
            let by_client = (name.eq_ignore_ascii_case("content-type") && op.encoding == Encoding::Json && op.has_body)
                || schemes(spec.api, op).any(|it| it.eq_ignore_ascii_case(name));
            let parameter = op.parameters.find(name).filter(|(_, it)| it.location == Location::Header);
            let required = parameter.is_some_and(|(_, it)| it.always_required());
            match parameter {
                None if by_client => {}
                None => report.missing(table.section(), name, "header", op.full_name(spec.api)),
                Some(_) if required != (text(row, "required") == "Yes") => {
                    report.missing(table.section(), name, "required", text(row, "required"));
                }
                Some(_) => {}
            }
        }
    }
}

/// Headers that the operation's credential may be sent in.
pub(super) fn schemes<'a>(api: &'a Api, op: &Operation) -> impl Iterator<Item = &'a str> {
    let credentials = op.auth.iter().flatten().map(|it| &api.credentials[it.credential]);
    credentials.flat_map(|it| &it.schemes).filter_map(|it| it.header())
}

/// The default header of a credential.
pub(super) fn header<'a>(api: &'a Api, auth: &Auth) -> Option<&'a str> {
    api.credentials[auth.credential].schemes[auth.scheme].header()
}

/// Events of a stream.
pub(super) fn check_events(spec: &Spec<'_>, table: &Table<'_>, report: &mut Report) {
    for op in operations(spec, table) {
        let names: BTreeSet<_> = match op.stream.as_ref().map(|it| &it.events) {
            Some(StreamEvents::Named(events)) => events.iter().map(|it| it.0.as_str()).collect(),
            Some(StreamEvents::Data(_)) | None => BTreeSet::new(),
        };
        for name in table.rows().iter().map(|it| text(it, "name")).filter(|it| !names.contains(it)) {
            report.missing(table.section(), name, "event", op.full_name(spec.api));
        }
    }
}

/// Kinds of parts: the tags of a union somewhere in a parameter.
pub(super) fn check_kinds(spec: &Spec<'_>, table: &Table<'_>, report: &mut Report) {
    let api = spec.api;
    for op in operations(spec, table) {
        let inside = table.inside().expect("a parameter");
        let Some((_, field)) = op.parameters.find(inside) else {
            report.missing(table.section(), inside, "parameter", op.full_name(api));
            continue;
        };
        let mut unions = Vec::new();
        tags(api, &field.ty, &mut BTreeSet::new(), &mut unions);
        let names: Vec<_> = table.rows().iter().map(|it| text(it, "name")).collect();
        if !unions.iter().any(|union| names.iter().all(|it| union.iter().any(|tag| tag == it))) {
            report.missing(table.section(), inside, "kinds", names.join(", "));
        }
    }
}

/// The tags of each tagged union inside a type.
fn tags(api: &Api, ty: &Type, seen: &mut BTreeSet<TypeId>, out: &mut Vec<Vec<String>>) {
    match ty {
        Type::Array(items) | Type::Map(items) => tags(api, items, seen, out),
        Type::Union(members) => members.iter().for_each(|it| tags(api, it, seen, out)),
        Type::Named(id) if seen.insert(*id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => record.fields.iter().for_each(|it| tags(api, &it.ty, seen, out)),
            TypeKind::Union { members, .. } => members.iter().for_each(|it| tags(api, it, seen, out)),
            TypeKind::Tagged(union) => {
                out.push(union.members.iter().map(|it| it.0.value.clone()).collect());
                union.members.iter().for_each(|it| tags(api, &Type::Named(it.1), seen, out));
            }
            TypeKind::Enum(_) => {}
        },
        _ => {}
    }
}

fn operations<'a>(spec: &Spec<'a>, table: &Table<'_>) -> impl Iterator<Item = &'a Operation> {
    spec.places(table.operation()).iter().map(|it| it.operation())
}
