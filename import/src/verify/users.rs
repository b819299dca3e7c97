//! The operations that use a part of a spec, so that what happens to the part is told of them.

use std::collections::BTreeSet;

use super::repair::names;
use crate::spec::{Entry, Kind, Operation, ResourceFile, Response, Spec, Type};

/// The operations of a file that use an entry of `parameters`.
pub(super) fn of_shared<'s>(file: &'s ResourceFile, name: &str) -> impl Iterator<Item = &'s Operation> {
    file.operations.iter().filter(move |it| entries(it).any(|it| it.shared.as_deref() == Some(name)))
}

/// The operations that name a type, themselves or through other types.
pub(super) fn of_type<'s>(spec: &'s Spec, name: &str) -> impl Iterator<Item = &'s Operation> {
    let types: Vec<&Type> = spec.resources.iter().flat_map(|it| &it.types).chain(&spec.api.types).collect();
    let mut users = BTreeSet::from([name.to_owned()]);
    loop {
        let before = users.len();
        for ty in &types {
            if !users.contains(&ty.name)
                && expressions(&ty.kind).iter().any(|it| users.iter().any(|user| names(it, user)))
            {
                users.insert(ty.name.clone());
            }
        }
        if users.len() == before {
            break;
        }
    }
    let of_api = spec.api.error_type.iter().any(|it| users.contains(it));
    spec.resources
        .iter()
        .flat_map(|it| &it.operations)
        .filter(move |it| of_api || mentioned(it).iter().any(|it| users.iter().any(|user| names(it, user))))
}

fn entries(it: &Operation) -> impl Iterator<Item = &Entry> {
    it.path_parameters.iter().chain(&it.query).chain(&it.headers).chain(&it.cookies).chain(&it.body)
}

fn mentioned(it: &Operation) -> Vec<&str> {
    let mut all: Vec<&str> = entries(it).chain(&it.response_headers).map(|it| it.ty.as_str()).collect();
    match &it.response {
        Response::Type(ty) | Response::Nullable(ty) => all.push(ty),
        Response::Record(fields) => all.extend(fields.iter().map(|it| it.ty.as_str())),
        Response::ByStatus(statuses) => {
            for (_, response) in statuses {
                if let Response::Type(ty) = response {
                    all.push(ty);
                }
            }
        }
        _ => {}
    }
    all.extend(it.stream.iter().map(|it| it.data.as_str()));
    all.extend(it.error_type.as_deref());
    all.extend(it.statuses.iter().filter_map(|it| it.ty.as_deref()));
    all
}

fn expressions(kind: &Kind) -> Vec<&str> {
    match kind {
        Kind::Record { like, fields, extra, .. } => {
            let own = fields.iter().map(|it| it.ty.as_str());
            own.chain(like.as_deref()).chain(extra.as_deref()).collect()
        }
        Kind::Union { members, .. } => members.iter().map(String::as_str).collect(),
        Kind::Tagged { members, .. } => members.iter().map(|it| it.ty.as_str()).collect(),
        Kind::Enum(_) => Vec::new(),
    }
}
