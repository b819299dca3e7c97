//! The input of the second pass: all types with their fields, and helpers to query them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::constraints::ValueKind;
use crate::model::number::Exact;
use crate::model::{FieldIx, FieldPath, IntegerFormat, PathStep, Record, Type, TypeDef, TypeKind};
use crate::source::Span;

/// All types, and the fields whose type was reported as broken, by the place of their name.
#[derive(Clone, Copy)]
pub(super) struct TypeView<'a> {
    pub types: &'a [TypeDef],
    pub broken: &'a BTreeSet<Span>,
}

/// What a path leads to.
pub(super) struct PathTarget<'a> {
    pub ty: &'a Type,
    pub nullable: bool,
    /// The path goes through items of an array.
    pub through_items: bool,
}

/// Why a path leads nowhere.
pub(super) enum PathFault {
    /// Something on the way was reported already.
    Silent,
    /// This name is unknown; the names that are known there.
    Unknown(String, Vec<String>),
    /// The value of this name has no fields.
    NoFields(String),
    /// The value of this name is not an array, or is one and `[]` is missing.
    Items(String),
}

impl<'a> TypeView<'a> {
    pub(super) fn kind(self, ty: &'a Type) -> Option<&'a TypeKind> {
        match ty {
            Type::Named(id) => Some(&self.types[id.0 as usize].kind),
            _ => None,
        }
    }

    /// What its values are to constraints; `None` of a union.
    pub(super) fn value_kind(self, ty: &Type) -> Option<ValueKind> {
        ValueKind::of(ty, |id| &self.types[id.0 as usize].kind)
    }

    /// The type of a record's field, and steps from there.
    pub(super) fn path(self, record: &'a Record, text: &str) -> Result<(FieldPath, PathTarget<'a>), PathFault> {
        // A name may hold dots of its own.
        let (first, rest) = match record.find(text) {
            Some(_) => (text, ""),
            None => text.split_once('.').unwrap_or((text, "")),
        };
        let (mut path, mut leaf) = self.first(record, first)?;
        for segment in rest.split('.').filter(|_| !rest.is_empty()) {
            let Some(TypeKind::Record(inner)) = self.kind(leaf.ty) else {
                return Err(PathFault::NoFields(first.to_owned()));
            };
            let Type::Named(id) = leaf.ty else { return Err(PathFault::Silent) };
            let (step, next) = self.first(inner, segment)?;
            path.steps.push(PathStep::Field(*id, step.field));
            path.steps.extend(step.steps);
            leaf = PathTarget { through_items: leaf.through_items || next.through_items, ..next };
        }
        Ok((path, leaf))
    }

    /// One segment: a field, with `[]` for each array it goes into.
    fn first(self, record: &'a Record, segment: &str) -> Result<(FieldPath, PathTarget<'a>), PathFault> {
        let name = segment.trim_end_matches("[]");
        let Some((ix, field)) = record.find(name) else {
            let known = record.fields.iter().map(|it| it.name.clone()).collect();
            return Err(PathFault::Unknown(name.to_owned(), known));
        };
        if self.broken.contains(&field.span) {
            return Err(PathFault::Silent);
        }
        let mut path = FieldPath::top(ix);
        let mut ty = &field.ty;
        for _ in 0..(segment.len() - name.len()) / 2 {
            let Type::Array(item) = ty else { return Err(PathFault::Items(name.to_owned())) };
            path.steps.push(PathStep::Items);
            ty = item;
        }
        let through_items = !path.steps.is_empty();
        Ok((path, PathTarget { ty, nullable: field.nullable, through_items }))
    }

    /// The members of a union, those of unions inside it included; the type itself if it is none.
    pub(super) fn members(self, ty: &'a Type) -> Vec<&'a Type> {
        let mut members = Vec::new();
        let mut seen = BTreeSet::new();
        let mut todo = vec![ty];
        while let Some(ty) = todo.pop() {
            match ty {
                Type::Union(inner) => todo.extend(inner),
                Type::Named(id) => match &self.types[id.0 as usize].kind {
                    TypeKind::Union { members: inner, .. } => {
                        if seen.insert(*id) {
                            todo.extend(inner);
                        }
                    }
                    TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => members.push(ty),
                },
                _ => members.push(ty),
            }
        }
        members
    }

    /// How messages name a type.
    pub(super) fn describe(self, ty: &Type) -> String {
        match ty {
            Type::String => "a string".to_owned(),
            Type::Integer => "an integer".to_owned(),
            Type::Sized(format) => format.noun().to_owned(),
            Type::Number => "a number".to_owned(),
            Type::Boolean => "a boolean".to_owned(),
            Type::Url | Type::HttpsUrl => "a URL".to_owned(),
            Type::DateTime => "a date-time".to_owned(),
            Type::Formatted(format) => format.noun().to_owned(),
            Type::Nullable(inner) => format!("{} or `null`", self.describe(inner)),
            Type::Base64 => "base64".to_owned(),
            Type::File => "a file".to_owned(),
            Type::Json => "free-form JSON".to_owned(),
            Type::Array(_) => "an array".to_owned(),
            Type::Tuple(items) => format!("an array of {} types by place", items.len()),
            Type::Map(_) => "a map".to_owned(),
            Type::Union(_) => "any member of the union".to_owned(),
            Type::Named(id) => {
                let def = &self.types[id.0 as usize];
                match (&def.kind, def.inline) {
                    (TypeKind::Enum(_), true) => "an enum of strings".to_owned(),
                    _ => format!("`{}`", def.name),
                }
            }
        }
    }

    /// Whether a value has a type, judged by its outer form alone. Values of closed enums are [`Fit::OutsideEnum`].
    pub(super) fn fit(self, ty: &'a Type, value: &Value) -> Fit {
        let yes_if = |it: bool| if it { Fit::Yes } else { Fit::No };
        if let Type::Nullable(inner) = ty {
            return if value.is_null() { Fit::Yes } else { self.fit(inner, value) };
        }
        let mut best = Fit::No;
        for member in self.members(ty) {
            let fit = match member {
                Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                    yes_if(value.is_string())
                }
                Type::Integer => yes_if(is_integer(value)),
                Type::Sized(format) => yes_if(is_of_range(*format, value)),
                Type::Number => yes_if(is_double(value)),
                Type::Boolean => yes_if(value.is_boolean()),
                Type::File => Fit::No,
                Type::Json => Fit::Yes,
                Type::Array(item) => match value {
                    Value::Array(items) => items.iter().map(|it| self.fit(item, it)).max().unwrap_or(Fit::Yes),
                    _ => Fit::No,
                },
                Type::Tuple(types) => match value {
                    Value::Array(items) if items.len() == types.len() => {
                        types.iter().zip(items).map(|(ty, it)| self.fit(ty, it)).max().unwrap_or(Fit::No)
                    }
                    _ => Fit::No,
                },
                Type::Map(_) => yes_if(value.is_object()),
                Type::Union(_) | Type::Nullable(_) => Fit::No,
                Type::Named(_) => match self.kind(member) {
                    Some(TypeKind::Enum(it)) => match value {
                        Value::String(text) if it.open || it.values.iter().any(|it| it.value == *text) => Fit::Yes,
                        Value::String(_) => Fit::OutsideEnum,
                        _ => Fit::No,
                    },
                    Some(TypeKind::Record(_) | TypeKind::Tagged(_)) => yes_if(value.is_object()),
                    Some(TypeKind::Union { .. }) | None => Fit::No,
                },
            };
            best = best.min(fit);
        }
        best
    }

    /// The values of a closed or open enum of strings.
    pub(super) fn enum_values(self, ty: &'a Type) -> Option<(Vec<&'a str>, bool)> {
        match self.kind(ty) {
            Some(TypeKind::Enum(it)) => Some((it.values.iter().map(|it| it.value.as_str()).collect(), it.open)),
            _ => None,
        }
    }
}

/// How a value fits a type; the better the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It does.
    Yes,
    /// A text, but none of the enum's.
    OutsideEnum,
    /// It does not.
    No,
}

/// `5`, `5.0`: a whole number that an integer can be.
pub(super) fn is_integer(value: &Value) -> bool {
    value.as_number().is_some_and(|it| Exact::of(it).integer().is_some())
}

/// A whole number within a range.
fn is_of_range(format: IntegerFormat, value: &Value) -> bool {
    let (least, most) = format.ends();
    value.as_number().and_then(|it| Exact::of(it).whole()).is_some_and(|it| (least..=most).contains(&it))
}

/// A whole number of any size.
pub(super) fn is_whole(value: &Value) -> bool {
    value.as_number().is_some_and(|it| match Exact::of(it) {
        Exact::Whole(_) => true,
        Exact::Double(number) => number.fract() == 0.0,
    })
}

/// Whether a double represents a number exactly.
fn is_double(value: &Value) -> bool {
    value.as_number().is_some_and(|it| Exact::of(it).double().is_some())
}

/// A value as it would be written.
pub(super) fn value_as_written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The scope of a condition: the record, what it is called, and the field it belongs to.
#[derive(Clone, Copy)]
pub(super) struct ConditionScope<'a> {
    pub view: TypeView<'a>,
    pub record: &'a Record,
    /// "the operation" or "the type".
    pub what: &'a str,
    pub own: Option<FieldIx>,
    /// The enums of numbers, by field.
    pub sources: &'a [super::assemble::FieldSource<'a>],
}
