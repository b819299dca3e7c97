//! What lies inside of a type: the fields of its objects, the items of its lists, the members of its unions.

use specwright_codegen::model::{Api, Record, TaggedUnion, Type, TypeKind};

/// Unions in unions that are followed.
const DEEPEST: usize = 16;

/// What a type has under a name.
#[derive(Debug)]
pub(crate) enum Inside<'a> {
    /// A field, or a value of a map.
    Field(&'a Type),
    /// It may be there, and is of no known type.
    Unlisted,
    /// There is no such field.
    Unknown,
}

/// The type itself, or the members of a union, down to those that are no unions.
pub(crate) fn members<'a>(api: &'a Api, ty: &'a Type) -> Vec<&'a Type> {
    let mut found = Vec::new();
    add_members(api, ty, DEEPEST, &mut found);
    found
}

fn add_members<'a>(api: &'a Api, ty: &'a Type, depth: usize, found: &mut Vec<&'a Type>) {
    let ty = ty.non_null();
    match (api.union_members(ty), depth.checked_sub(1)) {
        (Some(inner), Some(depth)) => inner.iter().for_each(|it| add_members(api, it, depth, found)),
        _ => found.push(ty),
    }
}

/// What the items are, if a value of the type can be a list.
pub(crate) fn item<'a>(api: &'a Api, ty: &'a Type) -> Option<&'a Type> {
    members(api, ty).into_iter().find_map(|it| match it {
        Type::Array(item) => Some(&**item),
        _ => None,
    })
}

/// What the items of a tuple are, if a value of the type can be one.
pub(crate) fn places<'a>(api: &'a Api, ty: &'a Type) -> Option<&'a [Type]> {
    members(api, ty).into_iter().find_map(|it| match it {
        Type::Tuple(items) => Some(items.as_slice()),
        _ => None,
    })
}

/// Whether a value of the type can be of this one.
pub(crate) fn can_be(api: &Api, ty: &Type, wanted: &Type) -> bool {
    members(api, ty).contains(&wanted)
}

/// The records whose fields an object of the type may have.
pub(crate) fn records<'a>(api: &'a Api, ty: &'a Type) -> Vec<&'a Record> {
    let mut found = Vec::new();
    for member in members(api, ty) {
        let Type::Named(id) = member else { continue };
        match &api.ty(*id).kind {
            TypeKind::Record(record) => found.push(record),
            TypeKind::Tagged(union) => {
                found.extend(union.members.iter().filter_map(|(_, id)| match &api.ty(*id).kind {
                    TypeKind::Record(record) => Some(record),
                    _ => None,
                }))
            }
            TypeKind::Enum(_) | TypeKind::Union { .. } => {}
        }
    }
    found
}

/// The names that an object of the type may have.
pub(crate) fn names<'a>(api: &'a Api, ty: &'a Type) -> Vec<&'a str> {
    let mut names: Vec<&str> = tags(api, ty).into_iter().map(|it| it.tag.as_str()).collect();
    names.extend(records(api, ty).into_iter().flat_map(|it| it.fields.iter().map(|it| it.name.as_str())));
    names
}

/// The tagged unions that an object of the type may be of.
fn tags<'a>(api: &'a Api, ty: &'a Type) -> Vec<&'a TaggedUnion> {
    let tag = |it: &&'a Type| match it {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Tagged(union) => Some(union),
            _ => None,
        },
        _ => None,
    };
    members(api, ty).iter().filter_map(tag).collect()
}

/// What an object of the type has under a name.
pub(crate) fn inside<'a>(api: &'a Api, ty: &'a Type, name: &str) -> Inside<'a> {
    let records = records(api, ty);
    if let Some((_, field)) = records.iter().find_map(|it| it.find(name)) {
        return Inside::Field(&field.ty);
    }
    if let Some(union) = tags(api, ty).into_iter().find(|it| it.tag == name) {
        return Inside::Field(&union.tag_type);
    }
    if let Some(other) = records.iter().find_map(|it| it.additional.as_ref()) {
        return Inside::Field(other);
    }
    let map = members(api, ty).into_iter().find_map(|it| match it {
        Type::Map(value) => Some(Inside::Field(value)),
        Type::Json => Some(Inside::Unlisted),
        _ => None,
    });
    match map {
        Some(found) => found,
        None if records.iter().any(|it| it.open) => Inside::Unlisted,
        None => Inside::Unknown,
    }
}

/// Whether objects of the type are maps of values that are neither objects nor lists.
pub(crate) fn holds_only_scalars(api: &Api, ty: &Type) -> bool {
    let has_inside = |it: &Type| {
        let is_open = |it: &&Type| matches!(it, Type::Map(_) | Type::Array(_) | Type::Json);
        members(api, it).iter().any(is_open) || !records(api, it).is_empty()
    };
    let mut maps = members(api, ty).into_iter().filter_map(|it| match it {
        Type::Map(value) => Some(&**value),
        _ => None,
    });
    records(api, ty).is_empty() && maps.next().is_some_and(|it| !has_inside(it))
}

/// The values of an enum.
pub(crate) fn enum_values<'a>(api: &'a Api, ty: &'a Type) -> Vec<&'a str> {
    let mut values = Vec::new();
    for member in members(api, ty) {
        if let Type::Named(id) = member
            && let TypeKind::Enum(def) = &api.ty(*id).kind
        {
            values.extend(def.values.iter().map(|it| it.value.as_str()));
        }
    }
    values
}

/// The type at a JSON pointer into a value of this one.
pub(crate) fn at<'a>(api: &'a Api, mut ty: &'a Type, pointer: &str) -> Option<&'a Type> {
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let is_index = !name.is_empty() && name.bytes().all(|it| it.is_ascii_digit());
        ty = match item(api, ty).filter(|_| is_index) {
            Some(item) => item,
            None => match inside(api, ty, &name) {
                Inside::Field(ty) => ty,
                Inside::Unlisted | Inside::Unknown => return None,
            },
        };
    }
    Some(ty)
}
