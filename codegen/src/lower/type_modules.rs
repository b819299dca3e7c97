//! The module of each type: the resource's own if only that resource uses it, else `crate::types`.

use std::collections::BTreeSet;

use crate::model::{Api, Operation, Output, ResourceId, StreamEvents, Type, TypeId, TypeKind};

/// Which resources use a type.
#[derive(Clone, Copy, PartialEq)]
enum ResourceUse {
    None,
    One(ResourceId),
    Several,
}

/// The home of every type, by [`TypeId`]; `None`: `crate::types`.
pub(crate) fn type_modules(api: &Api) -> Vec<Option<ResourceId>> {
    let users = users(api);
    let stays = |written: &ResourceId, users: &ResourceUse| match users {
        ResourceUse::None => true,
        ResourceUse::One(user) => user == written,
        ResourceUse::Several => false,
    };
    let written = api.types.iter().map(|it| it.resource);
    let mut homes: Vec<Option<ResourceId>> =
        written.zip(&users).map(|(written, users)| written.filter(|it| stays(it, users))).collect();
    // A shared type holds shared types only: it is there whatever resources are.
    let shared = (0..api.types.len()).filter(|it| homes[*it].is_none()).map(|it| TypeId(it as u32)).collect();
    for id in transitive_types(api, shared) {
        homes[id.0 as usize] = None;
    }
    homes
}

/// The users of every type. Each type is looked into at most twice: when it gets its first user, and its second.
fn users(api: &Api) -> Vec<ResourceUse> {
    let mut users = vec![ResourceUse::None; api.types.len()];
    for operation in &api.operations {
        let mut open = mentioned_types(operation);
        while let Some(id) = open.pop() {
            let known = &mut users[id.0 as usize];
            let now = match *known {
                ResourceUse::None => ResourceUse::One(operation.resource),
                ResourceUse::One(user) if user != operation.resource => ResourceUse::Several,
                same => same,
            };
            if *known != now {
                *known = now;
                push_member_types(api, id, &mut open);
            }
        }
    }
    users
}

/// The types that an operation mentions itself.
fn mentioned_types(operation: &Operation) -> Vec<TypeId> {
    let mut used = Vec::new();
    for field in &operation.parameters.fields {
        push_named_types(&field.ty, &mut used);
    }
    used.extend(operation.response_headers);
    operation.error_types().for_each(|it| push_named_types(it, &mut used));
    match &operation.output {
        Output::Task(task) => used.extend([task.created, task.result]),
        other => other.types().into_iter().for_each(|it| push_named_types(it, &mut used)),
    }
    match operation.stream.as_ref().map(|it| &it.events) {
        Some(StreamEvents::Data(ty)) => push_named_types(ty, &mut used),
        Some(StreamEvents::Named(events)) => {
            events.iter().filter_map(|it| it.1.as_ref()).for_each(|it| push_named_types(it, &mut used))
        }
        None => {}
    }
    used
}

/// All types that these reach, themselves included.
fn transitive_types(api: &Api, from: Vec<TypeId>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut open = from;
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        push_member_types(api, id, &mut open);
    }
    seen
}

/// The types that a type mentions.
fn push_member_types(api: &Api, id: TypeId, out: &mut Vec<TypeId>) {
    match &api.ty(id).kind {
        TypeKind::Record(record) => record.fields.iter().for_each(|it| push_named_types(&it.ty, out)),
        TypeKind::Union(members) => members.iter().for_each(|it| push_named_types(it, out)),
        TypeKind::Tagged(union) => out.extend(union.members.iter().map(|it| it.1)),
        TypeKind::Enum(_) => {}
    }
}

/// The named types that a type mentions.
fn push_named_types(ty: &Type, out: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => out.push(*id),
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => push_named_types(inner, out),
        Type::Union(members) => members.iter().for_each(|it| push_named_types(it, out)),
        Type::String
        | Type::Integer
        | Type::Number
        | Type::Boolean
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Formatted(_)
        | Type::Base64
        | Type::File
        | Type::Json => {}
    }
}
