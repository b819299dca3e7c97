//! Values of paths, queries and headers are sent as text. This module reads them by the parameter's type.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use crate::model::{Api, Type, TypeKind};
use crate::validate::percent_decoded;

/// Unions of unions end here.
const DEEPEST: usize = 16;

/// Reads text by a type: `5` for an integer, `true` for a boolean, `["a","b"]` or `a` for a list. Text that does not
/// read stays text, and breaks the type later. A number or boolean where text is wanted becomes its text.
#[must_use]
pub fn read<'a>(api: &Api, ty: &Type, value: &'a Value) -> Cow<'a, Value> {
    match value {
        Value::String(text) => read_text(api, ty, text, DEEPEST).map_or(Cow::Borrowed(value), Cow::Owned),
        Value::Array(items) => match ty {
            Type::Array(item) => Cow::Owned(items.iter().map(|it| read(api, item, it).into_owned()).collect()),
            _ => Cow::Borrowed(value),
        },
        Value::Number(_) | Value::Bool(_) => match ty {
            Type::Array(item) => Cow::Owned(Value::Array(vec![read(api, item, value).into_owned()])),
            Type::String => Cow::Owned(Value::String(value.to_string())),
            Type::Named(id) if matches!(api.ty(*id).kind, TypeKind::Enum(_)) => {
                Cow::Owned(Value::String(value.to_string()))
            }
            _ => Cow::Borrowed(value),
        },
        Value::Null | Value::Object(_) => Cow::Borrowed(value),
    }
}

/// A header's value under any case of its name.
pub(crate) fn header<'a>(headers: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    headers.get(name).or_else(|| headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// The header that holds all cookies.
const COOKIE: &str = "Cookie";

/// Puts a cookie into the headers of a request, which hold all cookies by name, or takes it out.
pub fn put_cookie(headers: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    let cookies = headers.entry(COOKIE).or_insert(Value::Null);
    if !cookies.is_object() {
        *cookies = Value::Object(Map::new());
    }
    let Value::Object(cookies) = cookies else { return };
    match value {
        Some(value) => {
            cookies.insert(name.to_owned(), value);
        }
        None => {
            cookies.shift_remove(name);
        }
    }
}

/// A cookie: from values by name, or from the text of the header, in which values are percent-encoded.
pub(crate) fn cookie<'a>(headers: &'a Map<String, Value>, name: &str, plain: bool) -> Option<Cow<'a, Value>> {
    match header(headers, COOKIE)? {
        Value::Object(cookies) => cookies.get(name).map(Cow::Borrowed),
        Value::String(text) => {
            let mut all = text.split(';').filter_map(|it| it.trim().split_once('='));
            let text = all.find(|(it, _)| it.trim() == name)?.1.trim().trim_matches('"');
            // The comma of an item stays apart from those between items.
            let text = if plain { text.to_owned() } else { text.replace("%2C", "%252C").replace("%2c", "%252C") };
            Some(Cow::Owned(Value::String(percent_decoded(&text))))
        }
        _ => None,
    }
}

fn read_text(api: &Api, ty: &Type, text: &str, fuel: usize) -> Option<Value> {
    let fuel = fuel.checked_sub(1)?;
    match ty {
        Type::Integer | Type::Sized(_) | Type::Number => number(text).map(Value::Number),
        Type::Boolean => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Array(item) => Some(list(api, item, text, fuel)),
        Type::Map(_) => object(text),
        Type::Nullable(inner) => read_text(api, inner, text, fuel),
        Type::Union(members) => union(api, members, text, fuel),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(_) | TypeKind::Tagged(_) => object(text),
            TypeKind::Enum(_) => None,
            TypeKind::Union { members, .. } => union(api, members, text, fuel),
        },
        Type::String
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Formatted(_)
        | Type::Base64
        | Type::File
        | Type::Tuple(_)
        | Type::Json => None,
    }
}

fn number(text: &str) -> Option<Number> {
    let plain = text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'-' | b'+' | b'.' | b'e' | b'E'));
    if !plain || text.starts_with('+') {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn list(api: &Api, item: &Type, text: &str, fuel: usize) -> Value {
    let items = match serde_json::from_str(text) {
        Ok(Value::Array(items)) => items,
        _ => vec![Value::String(text.to_owned())],
    };
    let read_item = |it: Value| match &it {
        Value::String(text) => read_text(api, item, text, fuel).unwrap_or(it),
        _ => it,
    };
    items.into_iter().map(read_item).collect()
}

fn object(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(Value::is_object)
}

/// The first member that the text reads as; text itself comes last.
fn union(api: &Api, members: &[Type], text: &str, fuel: usize) -> Option<Value> {
    let lists_last = |it: &&Type| matches!(it, Type::Array(_));
    members
        .iter()
        .filter(|it| !lists_last(it))
        .chain(members.iter().filter(lists_last).filter(|_| text.starts_with('[')))
        .find_map(|it| read_text(api, it, text, fuel))
}
