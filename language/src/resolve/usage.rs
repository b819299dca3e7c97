//! Checks that need all types and operations: unused types, endless types, ambiguous unions.

use std::collections::BTreeSet;

use super::types::Types;
use super::view::TypeView;
use crate::cycles::Cycles;
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{
    Access, Api, Output, StreamEvents, Type, TypeDef, TypeId, TypeKind, ambiguous_lists, ambiguous_objects, shapes,
};
use crate::source::Span;
use crate::syntax::document::TypeDeclKind;

/// Fills in who can hold each type. The model has everything but its types.
pub(super) fn mark_usage(defs: &mut [TypeDef], Api { operations, errors, webhook, .. }: &Api) {
    let mut requests: Vec<TypeId> = Vec::new();
    let mut responses: Vec<TypeId> = Vec::new();
    let of_errors = errors.ty.iter().chain(errors.statuses.iter().filter_map(|it| it.ty.as_ref()));
    of_errors.for_each(|it| it.mentions(&mut responses));
    let events = webhook.as_ref().and_then(|it| it.events.as_ref()).into_iter().flat_map(|it| &it.events);
    events.for_each(|it| it.ty.mentions(&mut responses));
    for operation in operations {
        responses.extend(operation.response_headers);
        operation.error_types().for_each(|it| it.mentions(&mut responses));
        for field in &operation.parameters.fields {
            field.ty.mentions(&mut requests);
        }
        match &operation.output {
            Output::Task(task) => responses.extend([task.created, task.result]),
            other => other.types().into_iter().for_each(|it| it.mentions(&mut responses)),
        }
        if let Some(stream) = &operation.stream {
            match &stream.events {
                StreamEvents::Data(ty) => ty.mentions(&mut responses),
                StreamEvents::Named(events) => {
                    events.iter().flat_map(|(_, it)| it).for_each(|it| it.mentions(&mut responses))
                }
            }
        }
    }
    for id in closure(defs, requests) {
        defs[id.0 as usize].in_request = true;
    }
    for id in closure(defs, responses) {
        defs[id.0 as usize].in_response = true;
    }
    for def in defs {
        if let TypeKind::Record(record) = &mut def.kind {
            for field in &mut record.fields {
                field.may_lack = match field.access {
                    Access::Both => false,
                    Access::ReadOnly => def.in_request,
                    Access::WriteOnly => def.in_response,
                };
            }
        }
    }
}

/// Warns of types that no operation can hold.
pub(super) fn report_unused(defs: &[TypeDef], copied: &BTreeSet<TypeId>, out: &mut Diagnostics) {
    let copied = closure(defs, copied.iter().copied().collect());
    for (ix, def) in defs.iter().enumerate() {
        let is_used = def.in_request || def.in_response || def.inline || copied.contains(&TypeId(ix as u32));
        if !is_used {
            out.push(names::unused_type(&def.name, def.span));
        }
    }
}

fn closure(defs: &[TypeDef], mut todo: Vec<TypeId>) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        defs[id.0 as usize].kind.mentions(&mut todo);
    }
    seen
}

/// What every value of a record has: of a field, whether it is there, and whether it is a list that is never empty.
#[derive(Clone, Copy, Default)]
pub(super) struct Guaranteed {
    pub there: bool,
    pub filled: bool,
}

/// The types that a value of a field holds directly: those of its items too where it has some.
fn directly_held(ty: &Type, always: Guaranteed) -> &Type {
    match ty {
        // A list of what may be `null` ends there.
        Type::Array(item) if always.filled => item,
        _ => ty,
    }
}

/// Reports records whose every value would hold another of their kind, and unions that hold themselves.
pub(super) fn check_ends(all: &Types<'_>, always: impl Fn(TypeId, usize) -> Guaranteed, out: &mut Diagnostics) {
    let defs = &all.defs;
    // A type has an end when some value of it can be written down; grows until nothing is added.
    let mut ends: Vec<bool> = vec![false; defs.len()];
    fn holds(ty: &Type, ends: &[bool]) -> bool {
        match ty {
            Type::Named(id) => ends[id.0 as usize],
            Type::Tuple(items) => items.iter().all(|it| holds(it, ends)),
            Type::Union(members) => members.iter().any(|it| holds(it, ends)),
            _ => true,
        }
    }
    // Who must be looked at again when a type turns out to have an end.
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); defs.len()];
    for (ix, _) in defs.iter().enumerate() {
        for used in direct(defs, TypeId(ix as u32), &always) {
            users[used.0 as usize].push(ix as u32);
        }
    }
    let mut todo: Vec<u32> = (0..defs.len() as u32).collect();
    while let Some(ix) = todo.pop() {
        let at = ix as usize;
        if ends[at] {
            continue;
        }
        let id = TypeId(ix);
        ends[at] = match &defs[at].kind {
            TypeKind::Record(record) => record.fields.iter().enumerate().all(|(field, it)| {
                let always = always(id, field);
                it.nullable || !always.there || holds(directly_held(&it.ty, always), &ends)
            }),
            TypeKind::Enum(_) => true,
            TypeKind::Tagged(union) => {
                union.open || union.members.is_empty() || union.members.iter().any(|(_, it)| ends[it.0 as usize])
            }
            TypeKind::Union { members, .. } => members.iter().any(|it| holds(it, &ends)),
        };
        if ends[at] {
            todo.extend(&users[at]);
        }
    }
    // Types that merely hold an endless one are not at fault, and one of a circle is enough.
    let endless = |id: TypeId| -> Vec<usize> {
        let held = direct(defs, id, &always).into_iter().map(|it| it.0 as usize);
        held.filter(|it| !ends[*it]).collect()
    };
    let cycles = Cycles::of(defs.len(), |ix| if ends[ix] { Vec::new() } else { endless(TypeId(ix as u32)) });
    let mut told = vec![false; defs.len()];
    for ix in 0..defs.len() {
        if ends[ix] || told[ix] || !cycles.is_on_one(ix) || all.broken_types.contains(&TypeId(ix as u32)) {
            continue;
        }
        out.push(types::endless_type(&defs[ix].name, defs[ix].span));
        // With all that it reaches: those have no end because it has none, or it because of them.
        let mut todo = vec![ix];
        while let Some(ix) = todo.pop() {
            if !std::mem::replace(&mut told[ix], true) {
                todo.extend(endless(TypeId(ix as u32)));
            }
        }
    }
}

fn direct(defs: &[TypeDef], id: TypeId, always: &impl Fn(TypeId, usize) -> Guaranteed) -> Vec<TypeId> {
    fn add_named(ty: &Type, ids: &mut Vec<TypeId>) {
        match ty {
            Type::Named(id) => ids.push(*id),
            Type::Tuple(members) | Type::Union(members) => members.iter().for_each(|it| add_named(it, ids)),
            _ => {}
        }
    }
    let mut ids = Vec::new();
    let mut add = |ty: &Type| add_named(ty, &mut ids);
    match &defs[id.0 as usize].kind {
        TypeKind::Record(record) => {
            let fields = record.fields.iter().enumerate();
            for (ix, field) in fields.filter(|(_, it)| !it.nullable) {
                let always = always(id, ix);
                if always.there {
                    add(directly_held(&field.ty, always));
                }
            }
        }
        TypeKind::Enum(_) => {}
        TypeKind::Tagged(union) => ids.extend(union.members.iter().map(|(_, id)| *id)),
        TypeKind::Union { members, .. } => members.iter().for_each(add),
    }
    ids
}

/// Reports unions whose members have a JSON type in common.
pub(super) fn check_unions(all: &Types<'_>, out: &mut Diagnostics) {
    let view = TypeView { types: &all.defs, broken: &all.broken };
    for (union, span) in &all.unions {
        check_union(view, all, union, *span, out);
    }
    let cycles = Cycles::of(all.defs.len(), |ix| direct_members(&all.defs[ix]));
    for (ix, def) in all.defs.iter().enumerate() {
        let id = TypeId(ix as u32);
        if let TypeKind::Union { .. } = def.kind
            && !all.broken_types.contains(&id)
        {
            if cycles.is_on_one(ix) {
                out.push(types::endless_type(&def.name, def.span));
            } else {
                check_union(view, all, &Type::Named(id), def.span, out);
            }
        }
    }
}

/// The named members of a union, and of unions in place among them.
fn direct_members(def: &TypeDef) -> Vec<usize> {
    let TypeKind::Union { members, .. } = &def.kind else { return Vec::new() };
    let mut ids = Vec::new();
    for member in members {
        match member {
            Type::Named(id) => ids.push(id.0 as usize),
            Type::Union(members) => ids.extend(members.iter().filter_map(|it| match it {
                Type::Named(id) => Some(id.0 as usize),
                _ => None,
            })),
            _ => {}
        }
    }
    ids
}

fn check_union(view: TypeView<'_>, all: &Types<'_>, union: &Type, span: Span, out: &mut Diagnostics) {
    let direct = match union {
        Type::Union(members) => members.as_slice(),
        other => match view.kind(other) {
            Some(TypeKind::Union { members, .. }) => members.as_slice(),
            _ => &[],
        },
    };
    let have_shapes = shapes(&all.defs, direct).is_some();
    let declared = declared_union(all, union);
    let mut clashes = false;
    // The JSON type of what was seen, its name, the member it is of, and whether it is that member itself.
    let mut seen: Vec<(&str, String, usize, bool)> = Vec::new();
    for (at, of) in direct.iter().enumerate() {
        let mut members = view.members(of);
        members.reverse();
        for member in members {
            let json = match member {
                Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                    "texts"
                }
                Type::Integer | Type::Sized(_) | Type::Number => "numbers",
                Type::Boolean => "truth values",
                Type::Array(_) | Type::Tuple(_) => "arrays",
                Type::Map(_) => "objects",
                // In place, as a part of a multipart body; elsewhere files are refused by their places.
                Type::File if declared.is_none() => "files",
                Type::File | Type::Json => {
                    let problem = format!("{} cannot be a member of a union", view.describe(member));
                    out.push(types::ambiguous_union(&problem, span));
                    return;
                }
                Type::Union(_) | Type::Nullable(_) => continue,
                Type::Named(id) if all.broken_types.contains(id) => return,
                Type::Named(id) => match view.types[id.0 as usize].kind {
                    TypeKind::Enum(_) => "texts",
                    TypeKind::Record(_) | TypeKind::Tagged(_) => "objects",
                    TypeKind::Union { .. } => continue,
                },
            };
            let shown = view.describe(member);
            // Objects with distinguishing fields may be members together.
            let has_shape = have_shapes && json == "objects";
            // What is in one member is told apart there.
            let is_direct = std::ptr::eq(member, of);
            let clash = seen.iter().find(|(it, _, other, _)| *it == json && *other != at && !has_shape);
            if let Some((_, other, _, is_other_direct)) = clash {
                let may_clash = declared.is_some() && is_direct && *is_other_direct;
                if may_clash && matches!(json, "objects" | "arrays") {
                    clashes = true;
                } else {
                    let problem = format!("the union cannot be told apart: {other} and {shown} are both {json}");
                    let is_kept = direct.iter().any(|it| is_kept(view, it));
                    let say = if is_kept { types::kept_in_union } else { types::ambiguous_union };
                    out.push(say(&problem, span));
                    return;
                }
            }
            seen.push((json, shown, at, is_direct));
        }
    }
    if declared == Some(UnionKeyword::AnyOf) && !clashes {
        out.push(types::any_of_told_apart(span));
    }
}

/// How a union is declared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UnionKeyword {
    OneOf,
    AnyOf,
}

/// How a type is declared, if it is a union under `types`: only such unions may have members that nothing tells apart.
fn declared_union(all: &Types<'_>, ty: &Type) -> Option<UnionKeyword> {
    let Type::Named(id) = ty else { return None };
    match all.declared.get(id.0 as usize)?.1.kind {
        TypeDeclKind::Union { any_of, .. } => Some(if any_of { UnionKeyword::AnyOf } else { UnionKeyword::OneOf }),
        _ => None,
    }
}

/// Whether a union has members that nothing tells apart.
fn is_kept(view: TypeView<'_>, union: &Type) -> bool {
    match view.kind(union) {
        Some(TypeKind::Union { members, .. }) => ambiguous_objects(view.types, members) || ambiguous_lists(members),
        _ => false,
    }
}
