//! Builds the data of events from pointers, and completes it by type.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use specwright_codegen::check;
use specwright_codegen::interpret::fits_field;
use specwright_codegen::model::{Access, Api, Field, Type, TypeKind};

use crate::pointer;

/// The maximum number of list positions that a pointer creates.
const MOST_ITEMS: usize = 64;
/// The maximum nesting of types.
const DEEPEST: usize = 32;

/// The parts of a JSON pointer.
pub(super) fn segments(pointer: &str) -> Vec<String> {
    pointer::steps(pointer).map(Cow::into_owned).collect()
}

/// Puts a value at a place. Missing parents are created.
pub(super) fn put(data: &mut Value, at: &[String], value: Value) {
    let mut place = data;
    for segment in at {
        let position = segment.parse::<usize>().ok().filter(|it| *it < MOST_ITEMS);
        if let (Some(position), true) = (position, place.is_null() || place.is_array()) {
            if place.is_null() {
                *place = json!([]);
            }
            let Value::Array(items) = place else { return };
            if items.len() <= position {
                items.resize(position + 1, Value::Null);
            }
            place = &mut items[position];
            continue;
        }
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(fields) = place else { return };
        place = fields.entry(segment.as_str()).or_insert(Value::Null);
    }
    *place = value;
}

/// The type at a place in a value of a type.
pub(super) fn type_at<'a>(api: &'a Api, ty: &'a Type, at: &[String]) -> Option<&'a Type> {
    let Some((first, rest)) = at.split_first() else { return Some(ty) };
    match ty {
        Type::Array(item) | Type::Map(item) => type_at(api, item.non_null(), rest),
        Type::Tuple(items) => type_at(api, items.get(first.parse::<usize>().ok()?)?.non_null(), rest),
        Type::Union(members) => members.iter().find_map(|it| type_at(api, it, at)),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => type_at(api, &record.find(first)?.1.ty, rest),
            TypeKind::Union { members, .. } => members.iter().find_map(|it| type_at(api, it, at)),
            TypeKind::Tagged(union) => union.members.iter().find_map(|(_, id)| match &api.ty(*id).kind {
                TypeKind::Record(record) => type_at(api, &record.find(first)?.1.ty, rest),
                _ => None,
            }),
            TypeKind::Enum(_) => None,
        },
        _ => None,
    }
}

/// The field at a place in a record type, tagged ones included.
pub(super) fn field_at<'a>(api: &'a Api, ty: &'a Type, name: &str) -> Option<&'a Field> {
    let Type::Named(id) = ty else { return None };
    match &api.ty(*id).kind {
        TypeKind::Record(record) => record.find(name).map(|it| it.1),
        TypeKind::Tagged(union) => union.members.iter().find_map(|(_, id)| match &api.ty(*id).kind {
            TypeKind::Record(record) => record.find(name).map(|it| it.1),
            _ => None,
        }),
        TypeKind::Union { .. } | TypeKind::Enum(_) => None,
    }
}

/// Adds missing required fields of a type: tags after the existing fields, and empty lists, objects and texts.
pub(super) fn complete(api: &Api, ty: &Type, value: &mut Value) {
    fill(api, ty, value, 0);
}

fn fill(api: &Api, ty: &Type, value: &mut Value, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match (ty, value) {
        (Type::Array(item), Value::Array(items)) => items.iter_mut().for_each(|it| fill(api, item, it, depth + 1)),
        (Type::Tuple(types), Value::Array(items)) => {
            types.iter().zip(items).for_each(|(ty, it)| fill(api, ty, it, depth + 1))
        }
        (Type::Named(id), value) => match &api.ty(*id).kind {
            TypeKind::Record(record) => {
                if value.is_null() {
                    *value = json!({});
                }
                if let Value::Object(fields) = value {
                    fill_record(api, &record.fields, fields, depth);
                }
            }
            TypeKind::Tagged(union) => {
                let Value::Object(fields) = value else { return };
                if !fields.contains_key(&union.tag) {
                    let fits = |id: &specwright_codegen::model::TypeId| match &api.ty(*id).kind {
                        TypeKind::Record(record) => fields.keys().all(|it| record.find(it).is_some()),
                        _ => false,
                    };
                    let Some((tag, _)) = union.members.iter().find(|it| fits(&it.1)) else { return };
                    fields.shift_insert(0, union.tag.clone(), union.tag_value(tag));
                }
                if let Some((_, id)) = union.member_of(fields)
                    && let TypeKind::Record(record) = &api.ty(*id).kind
                {
                    fill_record(api, &record.fields, fields, depth);
                }
            }
            TypeKind::Union { .. } | TypeKind::Enum(_) => {}
        },
        _ => {}
    }
}

fn fill_record(api: &Api, known: &[Field], fields: &mut Map<String, Value>, depth: usize) {
    for field in known.iter().filter(|it| it.access != Access::WriteOnly) {
        match fields.get_mut(&field.name) {
            Some(Value::Null) => {}
            Some(value) => fill(api, &field.ty, value, depth + 1),
            None if field.always_required() => {
                let plain = neutral(api, field, depth);
                let sample = || check::sample(api, field).unwrap_or_default();
                let value = if fits_field(api, field, &plain) { plain } else { sample() };
                fields.insert(field.name.clone(), value);
            }
            None => {}
        }
    }
}

/// The emptiest value that the type allows.
fn neutral(api: &Api, field: &Field, depth: usize) -> Value {
    if field.nullable { Value::Null } else { neutral_of(api, &field.ty, depth) }
}

fn neutral_of(api: &Api, ty: &Type, depth: usize) -> Value {
    match ty {
        Type::Array(_) => json!([]),
        Type::Tuple(items) => items.iter().map(|it| neutral_of(api, it, depth)).collect(),
        Type::Nullable(_) => Value::Null,
        Type::Map(_) | Type::Json => json!({}),
        Type::Integer | Type::Sized(_) | Type::Number => json!(0),
        Type::Boolean => json!(false),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => def.values.first().map_or_else(|| "".into(), |it| it.value.as_str().into()),
            _ => {
                let mut value = json!({});
                fill(api, ty, &mut value, depth + 1);
                value
            }
        },
        _ => json!(""),
    }
}
