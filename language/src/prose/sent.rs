//! What a parameter looks like when it is sent.

use serde_json::{Map, Value};

use super::code;
use crate::model::{Access, Api, Field, Location, PartForm, Style, TextStyle, Type, TypeKind};
use crate::serialize;

/// Objects inside of objects that a sample shows.
const DEEPEST: usize = 3;

/// "sent as `ids=a,b`", for a parameter that is not sent as its name and its text.
#[must_use]
pub fn sent(api: &Api, field: &Field) -> Option<String> {
    match field.access {
        Access::ReadOnly => return Some("read-only: it is never sent".to_owned()),
        Access::WriteOnly => return Some("write-only: it is never in a response".to_owned()),
        Access::Both => {}
    }
    match (field.sent.part, &field.sent.content_type) {
        (PartForm::Json, kind) => {
            return Some(format!("sent as a part of {}", kind.as_deref().map_or("JSON".to_owned(), code)));
        }
        (PartForm::JsonItems, kind) => {
            return Some(format!("each item is sent as a part of {}", kind.as_deref().map_or("JSON".to_owned(), code)));
        }
        (PartForm::Plain, Some(kind)) => return Some(format!("sent as a part of {}", code(kind))),
        (PartForm::Entries, kind) => {
            let start = field.pair_prefix().unwrap_or_default();
            let of = kind.as_deref().map_or(String::new(), |it| format!(" of {}", code(it)));
            return Some(match start {
                "" => format!("each entry is sent as a part{of}, whose name is its key"),
                _ => format!("each entry is sent as a part{of} of its own: {}", code(&format!("{start}key"))),
            });
        }
        (PartForm::Plain | PartForm::Named | PartForm::Styled, _) => {}
    }
    if let Some(start) = field.header_prefix() {
        return Some(format!("each entry is sent in a header of its own: {}", code(&format!("{start}key: a"))));
    }
    if field.sent.keeps_slashes {
        return Some("slashes in it stay slashes of the path".to_owned());
    }
    match field.sent.style.texts {
        TextStyle::Encoded => {}
        TextStyle::Reserved => return Some("punctuation in it is sent as it is".to_owned()),
        TextStyle::Flag => return Some(format!("sent as {}, without a `=`", code(field.sent_name()))),
    }
    if field.sent.style == Style::PLAIN {
        return field.sent.name.as_ref().map(|it| format!("sent as {}", code(it)));
    }
    let in_text = matches!(field.location, Location::Path | Location::Header | Location::Cookie);
    let value = sample(api, &field.ty, 0, DEEPEST);
    Some(format!("sent as {}", code(&serialize::shown(field, &value, in_text))))
}

/// A value that shows the form of its type; `nth` makes the items of a list different.
fn sample(api: &Api, ty: &Type, nth: usize, depth: usize) -> Value {
    let text = |it: &str| Value::from(it);
    let Some(depth) = depth.checked_sub(1) else { return text("a") };
    let fields = |all: &[Field]| -> Map<String, Value> {
        all.iter().take(2).map(|it| (it.name.clone(), sample(api, &it.ty, 0, depth))).collect()
    };
    match ty {
        Type::Integer | Type::Sized(_) => Value::from(nth + 1),
        Type::Number => Value::from(nth as f64 + 0.5),
        Type::Boolean => Value::from(nth == 0),
        Type::Array(item) => [0, 1].into_iter().map(|it| sample(api, item, it, depth)).collect(),
        Type::Tuple(items) => items.iter().map(|it| sample(api, it, nth, depth)).collect(),
        Type::Map(value) => Value::from_iter([("key", sample(api, value, nth, depth))]),
        Type::Json => Value::from_iter([("key", "a")]),
        Type::Union(members) => of_union(api, members, nth, depth),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => Value::Object(fields(&record.fields)),
            TypeKind::Enum(def) => def.values.get(nth).or(def.values.first()).map_or(text("a"), |it| text(&it.value)),
            TypeKind::Union { members, .. } => of_union(api, members, nth, depth),
            TypeKind::Tagged(union) => {
                let first = union.members.first();
                first.map_or(Value::Null, |(value, _)| Value::from_iter([(union.tag.as_str(), union.tag_value(value))]))
            }
        },
        _ => text(if nth == 0 { "a" } else { "b" }),
    }
}

/// Shows the member that needs a style.
fn of_union(api: &Api, members: &[Type], nth: usize, depth: usize) -> Value {
    let samples: Vec<Value> = members.iter().map(|it| sample(api, it, nth, depth)).collect();
    let several = samples.iter().find(|it| it.is_object() || it.is_array());
    several.or(samples.first()).cloned().unwrap_or_default()
}
