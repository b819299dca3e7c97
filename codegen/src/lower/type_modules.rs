//! The module of each type: the resource's own if only that resource uses it, else `crate::types`.

use std::collections::BTreeSet;

use crate::model::{Api, Operation, Output, ResourceId, StreamEvents, TypeId};

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
    let mut modules: Vec<Option<ResourceId>> =
        written.zip(&users).map(|(written, users)| written.filter(|it| stays(it, users))).collect();
    // A shared type holds shared types only: it is there whatever resources are.
    let shared = (0..api.types.len()).filter(|it| modules[*it].is_none()).map(|it| TypeId(it as u32)).collect();
    for id in transitive_types(api, shared) {
        modules[id.0 as usize] = None;
    }
    modules
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
                api.ty(id).kind.mentions(&mut open);
            }
        }
    }
    users
}

/// The types that an operation mentions itself.
fn mentioned_types(operation: &Operation) -> Vec<TypeId> {
    let mut used = Vec::new();
    for field in &operation.parameters.fields {
        field.ty.mentions(&mut used);
    }
    used.extend(operation.response_headers);
    operation.error_types().for_each(|it| it.mentions(&mut used));
    match &operation.output {
        Output::Task(task) => used.extend([task.created, task.result]),
        other => other.types().into_iter().for_each(|it| it.mentions(&mut used)),
    }
    match operation.stream.as_ref().map(|it| &it.events) {
        Some(StreamEvents::Data(ty)) => ty.mentions(&mut used),
        Some(StreamEvents::Named(events)) => {
            events.iter().filter_map(|it| it.1.as_ref()).for_each(|it| it.mentions(&mut used))
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
        api.ty(id).kind.mentions(&mut open);
    }
    seen
}
