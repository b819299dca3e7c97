//! Which module each type lives in: the resource's own where only that resource uses it, else `crate::types`.

use std::collections::BTreeSet;

use crate::model::{Api, Output, ResourceId, StreamEvents, Type, TypeId, TypeKind};

/// The home of every type, by [`TypeId`]; `None`: `crate::types`.
pub(crate) fn homes(api: &Api) -> Vec<Option<ResourceId>> {
    let mut users: Vec<BTreeSet<ResourceId>> = vec![BTreeSet::new(); api.types.len()];
    for operation in &api.operations {
        let mut reached = Vec::new();
        for field in &operation.parameters.fields {
            reach(&field.ty, &mut reached);
        }
        match &operation.output {
            Output::Json { ty, .. } => reach(ty, &mut reached),
            Output::Task(task) => reached.extend([task.created, task.result]),
            Output::Empty | Output::Binary { .. } => {}
        }
        match operation.stream.as_ref().map(|it| &it.events) {
            Some(StreamEvents::Data(ty)) => reach(ty, &mut reached),
            Some(StreamEvents::Named(events)) => {
                events.iter().filter_map(|it| it.1.as_ref()).for_each(|it| reach(it, &mut reached))
            }
            None => {}
        }
        for id in closure(api, reached) {
            users[id.0 as usize].insert(operation.resource);
        }
    }
    let written = api.types.iter().map(|it| it.resource);
    let mut homes: Vec<Option<ResourceId>> =
        written.zip(&users).map(|(written, users)| written.filter(|it| users.iter().all(|user| user == it))).collect();
    // A shared type holds shared types only: it is there whatever resources are.
    let shared = (0..api.types.len()).filter(|it| homes[*it].is_none()).map(|it| TypeId(it as u32)).collect();
    for id in closure(api, shared) {
        homes[id.0 as usize] = None;
    }
    homes
}

/// All types that these reach, themselves included.
fn closure(api: &Api, from: Vec<TypeId>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut open = from;
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match &api.ty(id).kind {
            TypeKind::Record(record) => record.fields.iter().for_each(|it| reach(&it.ty, &mut open)),
            TypeKind::Union(members) => members.iter().for_each(|it| reach(it, &mut open)),
            TypeKind::Tagged(union) => open.extend(union.members.iter().map(|it| it.1)),
            TypeKind::Enum(_) => {}
        }
    }
    seen
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
