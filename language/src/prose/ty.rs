//! Types in words: "`seed` must be a whole number".

use super::listed;
use crate::model::{Api, Field, Shape, Type, TypeKind, ambiguous_objects, is_object, shapes};

/// What a sentence about a whole number adds when the number is whole but out of range.
pub const INTEGER_RANGE: &str = " from -9223372036854775808 to 9223372036854775807";

/// The subject of a sentence about a type.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// The whole body or response.
    Body,
    /// A field.
    Field(&'a str),
    /// A field that may be null.
    Nullable(&'a str),
    /// Every item of an array.
    Item(&'a Subject<'a>),
    /// Every value of a map.
    Entry(&'a Subject<'a>),
    /// Every field that a record does not list.
    Additional,
}

impl<'a> Subject<'a> {
    /// The subject of sentences about a field's value.
    #[must_use]
    pub fn of(field: &'a Field) -> Self {
        if field.nullable { Self::Nullable(&field.name) } else { Self::Field(&field.name) }
    }
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Body => f.write_str("the body"),
            Self::Field(name) | Self::Nullable(name) => write!(f, "`{name}`"),
            Self::Item(of) => write!(f, "each item of {of}"),
            Self::Entry(of) => write!(f, "each value of {of}"),
            Self::Additional => f.write_str("each additional field"),
        }
    }
}

/// The message of a violation of a type or format.
#[must_use]
pub fn type_sentence(api: &Api, subject: Subject<'_>, ty: &Type) -> String {
    let null = if matches!(subject, Subject::Nullable(_)) { " or `null`" } else { "" };
    format!("{subject} must be {}{null}", type_noun(api, ty))
}

/// The message of a value that several members of a union accept, of which only one may.
#[must_use]
pub fn exclusive_sentence(api: &Api, subject: Subject<'_>, members: &[Type]) -> String {
    let named = |ty: &Type| match ty {
        Type::Named(id) => format!("`{}`", api.ty(*id).name),
        other => type_noun(api, other),
    };
    let nouns: Vec<String> = members
        .iter()
        .map(|it| match it {
            Type::Array(item) => format!("a list of {}", named(item)),
            other => named(other),
        })
        .collect();
    format!("{subject} must be accepted by only one of {}", nouns.join(", "))
}

/// The format that text of a type must have. The Rust type does not show it.
#[must_use]
pub fn format_noun(ty: &Type) -> Option<String> {
    let form = match ty {
        Type::Url => "an absolute `http://` or `https://` URL",
        Type::HttpsUrl => "an absolute `https://` URL",
        Type::DateTime => "an RFC 3339 date and time",
        Type::Formatted(format) => format.noun(),
        Type::Sized(format) if format.is_of_integers() => format.noun(),
        Type::Nullable(inner) => return format_noun(inner),
        Type::Base64 => "base64 text",
        Type::Array(item) => return format_noun(item).map(|it| format!("each {}", it.trim_start_matches("each "))),
        _ => return None,
    };
    Some(form.to_owned())
}

/// A type as a noun with its article: "a whole number", "a list", "one of `a`, `b`".
#[must_use]
pub fn type_noun(api: &Api, ty: &Type) -> String {
    match ty {
        Type::String => "a string".to_owned(),
        Type::Integer => "a whole number".to_owned(),
        Type::Sized(format) => format.noun().to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Url => "an absolute `http://` or `https://` URL".to_owned(),
        Type::HttpsUrl => "an absolute `https://` URL".to_owned(),
        Type::DateTime => "an RFC 3339 date and time".to_owned(),
        Type::Formatted(format) => format.noun().to_owned(),
        Type::Nullable(inner) => format!("{} or `null`", type_noun(api, inner)),
        Type::Base64 => "base64 text".to_owned(),
        Type::File => "a file".to_owned(),
        Type::Json => "any JSON value".to_owned(),
        Type::Array(_) => "a list".to_owned(),
        Type::Tuple(items) => format!("a list of exactly {} items", items.len()),
        Type::Map(_) => "an object".to_owned(),
        Type::Union(all) => union_noun(api, all),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(_) | TypeKind::Tagged(_) => "an object".to_owned(),
            TypeKind::Enum(def) if def.open => "a string".to_owned(),
            TypeKind::Enum(def) => {
                let values: Vec<_> = def.values.iter().map(|it| it.value.clone().into()).collect();
                let noun = if values.len() == 1 { "" } else { "one of " };
                format!("{noun}{}", listed(&values))
            }
            TypeKind::Union { members: all, .. } => union_noun(api, all),
        },
    }
}

/// An object that is distinguished by its fields: "an object whose `kind` is `card`".
#[must_use]
pub fn shape_noun(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Values { field, values } => {
            let one_of = if values.len() == 1 { "" } else { "one of " };
            format!("an object whose `{field}` is {one_of}{}", listed(values))
        }
        Shape::Has { field } => format!("an object with `{field}`"),
        Shape::Any(shapes) => {
            let nouns: Vec<String> = shapes.iter().map(shape_noun).collect();
            nouns.join(" or ")
        }
    }
}

fn union_noun(api: &Api, members: &[Type]) -> String {
    let shapes = shapes(&api.types, members).unwrap_or_default();
    let kept = ambiguous_objects(&api.types, members);
    let mut nouns: Vec<String> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let shape = shapes.iter().find(|(it, _)| *it == at);
        let noun = match member {
            _ if shape.is_some() => shape.map(|(_, it)| shape_noun(it)).unwrap_or_default(),
            // Nothing else is known of it than what it is called.
            Type::Named(id) if kept && is_object(&api.types, member) => format!("an object as `{}`", api.ty(*id).name),
            // A union's member that is itself a union: its name is enough, and a union of itself stays finite.
            Type::Named(id) if matches!(api.ty(*id).kind, TypeKind::Union { .. }) => format!("`{}`", api.ty(*id).name),
            _ => type_noun(api, member),
        };
        if !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    nouns.join(" or ")
}
