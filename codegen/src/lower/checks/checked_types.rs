//! Finds the types of requests whose values need a `check`.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Access, Api, Clause, Condition, Constraint, Field, Type, TypeId, TypeKind};

/// The named types whose values are sent. What only a field that is answered has is a type of requests too, since a value
/// that was read can be sent back; but the field is left out then, and nothing in it is checked.
pub(crate) fn sent_types(api: &Api) -> BTreeSet<TypeId> {
    let mut open = Vec::new();
    let is_sent = |it: &&Field| it.access != Access::ReadOnly;
    for operation in &api.operations {
        operation.parameters.fields.iter().filter(is_sent).for_each(|it| it.ty.mentions(&mut open));
    }
    let mut sent = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !sent.insert(id) {
            continue;
        }
        match &api.ty(id).kind {
            TypeKind::Record(record) => {
                record.fields.iter().filter(is_sent).for_each(|it| it.ty.mentions(&mut open));
                record.additional.iter().for_each(|it| it.mentions(&mut open));
            }
            other => other.mentions(&mut open),
        }
    }
    sent
}

/// The named types of requests in which something can be wrong.
pub(crate) fn checked_types(api: &Api) -> BTreeSet<TypeId> {
    let sent = sent_types(api);
    let mut checked = BTreeSet::new();
    let all = || api.types.iter().enumerate().map(|(index, def)| (TypeId(index as u32), def));
    // Who must be looked at again when something turns out to be checked.
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for (id, def) in all().filter(|(_, def)| def.in_request) {
        member_types(&def.kind).into_iter().for_each(|it| holders.entry(it).or_default().push(id));
    }
    let mut open: Vec<TypeId> = all().map(|(id, _)| id).collect();
    while let Some(id) = open.pop() {
        let def = api.ty(id);
        if sent.contains(&id) && !checked.contains(&id) && needs_check(api, &def.kind, def.in_response, &checked) {
            checked.insert(id);
            open.extend(holders.get(&id).into_iter().flatten());
        }
    }
    checked
}

/// The types whose values a value of a kind holds, in lists and maps too. Unions are checked whatever they hold.
fn member_types(kind: &TypeKind) -> Vec<TypeId> {
    fn add_named(ty: &Type, out: &mut Vec<TypeId>) {
        match ty {
            Type::Named(id) => out.push(*id),
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => add_named(inner, out),
            Type::Tuple(items) => items.iter().for_each(|it| add_named(it, out)),
            _ => {}
        }
    }
    match kind {
        TypeKind::Record(record) => {
            let mut all = Vec::new();
            record.types().for_each(|it| add_named(it, &mut all));
            all
        }
        TypeKind::Tagged(union) => union.members.iter().map(|(_, it)| *it).collect(),
        TypeKind::Enum(_) | TypeKind::Union { .. } => Vec::new(),
    }
}

fn needs_check(api: &Api, kind: &TypeKind, in_response: bool, checked: &BTreeSet<TypeId>) -> bool {
    match kind {
        TypeKind::Enum(_) => false,
        TypeKind::Record(record) => {
            let sent = || record.fields.iter().filter(|it| it.access != Access::ReadOnly);
            let checkable = |it: &Clause| {
                // What is always required cannot be missing in a record: its constructor takes it.
                let by_type = it.constraint == Constraint::Required && it.when == Condition::Always;
                !by_type && !matches!(it.constraint, Constraint::Default(_))
            };
            !record.rules.is_empty()
                || sent().any(|it| it.may_lack && it.always_required())
                || sent().any(|it| it.clauses.iter().any(checkable) || type_needs(api, &it.ty, checked))
                || record.additional.iter().any(|it| type_needs(api, it, checked))
        }
        TypeKind::Tagged(union) => {
            (in_response && !union.open) || union.members.iter().any(|(_, it)| checked.contains(it))
        }
        // What is of none of the members is held too, for answers.
        TypeKind::Union { .. } => true,
    }
}

fn type_needs(api: &Api, ty: &Type, checked: &BTreeSet<TypeId>) -> bool {
    match ty {
        Type::Sized(format) => format.is_of_integers(),
        Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => true,
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => type_needs(api, inner, checked),
        Type::Tuple(items) => items.iter().any(|it| type_needs(api, it, checked)),
        Type::Union(_) => true,
        Type::Named(id) => {
            let def = api.ty(*id);
            let unknown = matches!(&def.kind, TypeKind::Enum(values) if !values.open && def.in_response);
            unknown || checked.contains(id)
        }
        Type::String | Type::Integer | Type::Number | Type::Boolean | Type::File | Type::Json => false,
    }
}
