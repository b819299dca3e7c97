//! Decides which requests the types of a generated crate can represent.
//!
//! The interpreter accepts any JSON as input, but a compiled request cannot have text in place of a number. Requests that
//! cannot be represented are not compared.

use serde_json::{Map, Value};
use specwright_codegen::interpret::validate_request_value;
use specwright_codegen::model::{Api, IntegerFormat, Record, Type, TypeKind, is_ambiguous, shapes};

/// Whether a record's struct can represent an object. `tag` is a field that its union handles.
pub(crate) fn record(api: &Api, record: &Record, object: &Map<String, Value>, tag: Option<&str>) -> bool {
    let known = |name: &String| Some(name.as_str()) == tag || record.fields.iter().any(|it| it.name == *name);
    let closed = record.open || object.keys().all(known);
    let additional = |(name, value): (&String, &Value)| {
        known(name) || record.additional.as_ref().is_none_or(|ty| self::value(api, ty, value))
    };
    closed
        && object.iter().all(additional)
        && record.fields.iter().all(|field| match object.get(&field.name) {
            // Parameters of a request can be missing, and so can fields that are not always required.
            None => {
                !field.always_required()
                    || field.may_lack
                    || record.fields.iter().any(|it| is_parameter(api, record, &it.name))
            }
            Some(Value::Null) => field.nullable || field.ty == Type::Json,
            Some(value) => self::value(api, &field.ty, value),
        })
}

/// Whether the record is the parameters of an operation.
fn is_parameter(api: &Api, record: &Record, _: &str) -> bool {
    api.operations.iter().any(|it| std::ptr::eq(&it.parameters, record))
}

fn value(api: &Api, ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Json, _)
        | (
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 | Type::File,
            Value::String(_),
        )
        | (Type::Boolean, Value::Bool(_)) => true,
        (Type::Sized(IntegerFormat::Uint64), Value::Number(number)) => {
            let ends = 0.0..18_446_744_073_709_551_616.0;
            number.is_u64() || number.as_f64().is_some_and(|it| it.fract() == 0.0 && ends.contains(&it))
        }
        (Type::Integer | Type::Sized(_), Value::Number(number)) => {
            let ends = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;
            number.is_i64() || number.as_f64().is_some_and(|it| it.fract() == 0.0 && ends.contains(&it))
        }
        // An `f64` cannot represent every whole number beyond 2^53.
        (Type::Number, Value::Number(number)) => {
            let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
            whole.is_none_or(|it| (it as f64) as i128 == it)
        }
        (Type::Array(inner), Value::Array(items)) => items.iter().all(|it| self::value(api, inner, it)),
        (Type::Tuple(types), Value::Array(items)) => {
            types.len() == items.len() && types.iter().zip(items).all(|(ty, it)| self::value(api, ty, it))
        }
        (Type::Map(inner), Value::Object(entries)) => entries.values().all(|it| self::value(api, inner, it)),
        (Type::Nullable(inner), _) => value.is_null() || self::value(api, inner, value),
        (Type::Union(members), _) => union(api, members, value),
        (Type::Named(id), _) => {
            let def = api.ty(*id);
            match (&def.kind, value) {
                (TypeKind::Record(inner), Value::Object(object)) => record(api, inner, object, None),
                (TypeKind::Enum(listed), Value::String(text)) => {
                    listed.open || def.in_response || listed.values.iter().any(|it| it.value == *text)
                }
                (TypeKind::Tagged(union), Value::Object(object)) => {
                    let has_tag = |it: &Value| self::value(api, &union.tag_type, it);
                    if !object.get(&union.tag).is_some_and(has_tag) {
                        return false;
                    }
                    match union.member_of(object) {
                        Some((_, member)) => match &api.ty(*member).kind {
                            TypeKind::Record(inner) => record(api, inner, object, Some(&union.tag)),
                            _ => false,
                        },
                        None => union.open || def.in_response,
                    }
                }
                (TypeKind::Union { members, .. }, _) => union(api, members, value),
                _ => false,
            }
        }
        _ => false,
    }
}

/// A union keeps a value that none of its members can represent. Faults inside a list or an object are reported
/// elsewhere.
fn union(api: &Api, members: &[Type], value: &Value) -> bool {
    if let (Some(shapes), Value::Object(object)) = (shapes(&api.types, members), value) {
        return shapes.iter().any(|(at, it)| it.fits(object) && self::value(api, &members[*at], value));
    }
    // What is built is one of the members, and so accepted as that.
    if is_ambiguous(&api.types, members, value) {
        return members
            .iter()
            .any(|it| validate_request_value(api, it, value).is_empty() && self::value(api, it, value));
    }
    let plain = matches!(value, Value::Bool(_) | Value::String(_));
    plain || members.iter().any(|it| self::value(api, it, value))
}
