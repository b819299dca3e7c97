//! Compares types of the spec with the type names of a document.

use serde_json::Value;
use specwright_codegen::model::{Api, Constraint, Field, Record, Type, TypeKind};

use super::knowledge::{Knowledge, same};

/// Whether a type matches a type name of a document.
pub(super) fn fits(api: &Api, ty: &Type, word: &str) -> bool {
    if let Some((one, other)) = word.split_once(" or ") {
        return fits(api, ty, one) && fits(api, ty, other);
    }
    if let Type::Named(id) = ty {
        return match &api.ty(*id).kind {
            TypeKind::Enum(_) => word == "string",
            TypeKind::Record(_) | TypeKind::Tagged(_) => word == "object",
            TypeKind::Union { members, .. } => members.iter().any(|it| fits(api, it, word)),
        };
    }
    match ty {
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
            word == "string"
        }
        Type::Integer | Type::Sized(_) => word == "integer",
        Type::Number => matches!(word, "number" | "float"),
        Type::Boolean => word == "boolean",
        Type::File => word == "file",
        Type::Map(_) => word == "object",
        Type::Json => true,
        Type::Union(members) => members.iter().any(|it| fits(api, it, word)),
        Type::Tuple(_) => word == "array",
        Type::Array(items) => match word {
            "array" => true,
            "array[string]" | "string[]" => fits(api, items, "string"),
            "array[object]" | "object[]" => fits(api, items, "object"),
            _ => false,
        },
        Type::Nullable(inner) => fits(api, inner, word),
        Type::Named(_) => unreachable!("looked at above"),
    }
}

/// The record that a type is, or that its items are.
pub(super) fn record_of<'a>(api: &'a Api, ty: &Type) -> Option<&'a Record> {
    match ty {
        Type::Array(items) => record_of(api, items),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        },
        _ => None,
    }
}

/// The field at `a[].b.c`.
pub(super) fn field_at<'a>(api: &'a Api, record: &'a Record, path: &str) -> Option<&'a Field> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    let (_, field) = record.find(head.trim_end_matches("[]"))?;
    match rest {
        None => Some(field),
        Some(rest) => field_at(api, record_of(api, &field.ty)?, rest),
    }
}

/// The only values that a field allows, as far as is known. `None` if any value is allowed.
pub(super) fn values(api: &Api, record: &Record, field: &Field, knowledge: &Knowledge) -> Option<Vec<Value>> {
    let mut left: Option<Vec<Value>> = match &field.ty {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(of) => Some(of.values.iter().map(|it| Value::from(it.value.as_str())).collect()),
            _ => None,
        },
        _ => None,
    };
    for clause in field.clauses.iter().filter(|it| knowledge.holds(record, &it.when) == Some(true)) {
        let allowed = match &clause.constraint {
            Constraint::Enum(values) => values.clone(),
            Constraint::Const(value) => vec![value.clone()],
            _ => continue,
        };
        left = Some(match left {
            None => allowed,
            Some(left) => left.into_iter().filter(|it: &Value| allowed.iter().any(|other| same(it, other))).collect(),
        });
    }
    left
}

/// The models that an operation accepts. Empty if it has no such parameter or accepts any model.
pub(super) fn models(api: &Api, record: &Record) -> Vec<String> {
    let Some((_, field)) = record.find("model") else { return Vec::new() };
    let values = values(api, record, field, &Knowledge::default()).unwrap_or_default();
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether a name matches a glob, in which `*` matches any text.
pub(super) fn glob(glob: &str, name: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == name };
    let Some(tail) = name.strip_prefix(start) else { return false };
    (0..=tail.len()).filter(|at| tail.is_char_boundary(*at)).any(|at| self::glob(rest, &tail[at..]))
}

#[test]
fn globs_match_whole_names() {
    assert!(glob("wan-2.7-*", "wan-2.7-r2v") && glob("*-flash-*", "wan-2.6-flash-edit-video") && glob("a", "a"));
    assert!(!glob("wan-2.7-*", "wan-2.6-x") && !glob("*-flash-*", "flash-x") && !glob("a", "ab"));
}
