//! Which module each type lives in: the resource's own where only that resource uses it, else `crate::types`.

use std::collections::BTreeSet;

use crate::model::{Api, Operation, Output, ResourceId, StreamEvents, Type, TypeId, TypeKind};

/// Which resources use a type.
#[derive(Clone, Copy, PartialEq)]
enum Users {
    None,
    One(ResourceId),
    Several,
}

/// The home of every type, by [`TypeId`]; `None`: `crate::types`.
pub(crate) fn homes(api: &Api) -> Vec<Option<ResourceId>> {
    let users = users(api);
    let stays = |written: &ResourceId, users: &Users| match users {
        Users::None => true,
        Users::One(user) => user == written,
        Users::Several => false,
    };
    let written = api.types.iter().map(|it| it.resource);
    let mut homes: Vec<Option<ResourceId>> =
        written.zip(&users).map(|(written, users)| written.filter(|it| stays(it, users))).collect();
    // A shared type holds shared types only: it is there whatever resources are.
    let shared = (0..api.types.len()).filter(|it| homes[*it].is_none()).map(|it| TypeId(it as u32)).collect();
    for id in closure(api, shared) {
        homes[id.0 as usize] = None;
    }
    homes
}

/// The users of every type. Each type is looked into at most twice: when it gets its first user, and its second.
fn users(api: &Api) -> Vec<Users> {
    let mut users = vec![Users::None; api.types.len()];
    for operation in &api.operations {
        let mut open = used(operation);
        while let Some(id) = open.pop() {
            let known = &mut users[id.0 as usize];
            let now = match *known {
                Users::None => Users::One(operation.resource),
                Users::One(user) if user != operation.resource => Users::Several,
                same => same,
            };
            if *known != now {
                *known = now;
                held(api, id, &mut open);
            }
        }
    }
    users
}

/// The types that an operation mentions itself.
fn used(operation: &Operation) -> Vec<TypeId> {
    let mut used = Vec::new();
    for field in &operation.parameters.fields {
        reach(&field.ty, &mut used);
    }
    match &operation.output {
        Output::Json { ty, .. } => reach(ty, &mut used),
        Output::Task(task) => used.extend([task.created, task.result]),
        Output::Empty | Output::Binary { .. } => {}
    }
    match operation.stream.as_ref().map(|it| &it.events) {
        Some(StreamEvents::Data(ty)) => reach(ty, &mut used),
        Some(StreamEvents::Named(events)) => {
            events.iter().filter_map(|it| it.1.as_ref()).for_each(|it| reach(it, &mut used))
        }
        None => {}
    }
    used
}

/// All types that these reach, themselves included.
fn closure(api: &Api, from: Vec<TypeId>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut open = from;
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        held(api, id, &mut open);
    }
    seen
}

/// The types that a type mentions.
fn held(api: &Api, id: TypeId, out: &mut Vec<TypeId>) {
    match &api.ty(id).kind {
        TypeKind::Record(record) => record.fields.iter().for_each(|it| reach(&it.ty, out)),
        TypeKind::Union(members) => members.iter().for_each(|it| reach(it, out)),
        TypeKind::Tagged(union) => out.extend(union.members.iter().map(|it| it.1)),
        TypeKind::Enum(_) => {}
    }
}

/// The named types that a type mentions.
fn reach(ty: &Type, out: &mut Vec<TypeId>) {
    match ty {
        Type::Named(id) => out.push(*id),
        Type::Array(inner) | Type::Map(inner) => reach(inner, out),
        Type::Union(members) => members.iter().for_each(|it| reach(it, out)),
        Type::String
        | Type::Integer
        | Type::Number
        | Type::Boolean
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Base64
        | Type::File
        | Type::Json => {}
    }
}
