//! Types and places of fields.

use serde_json::Value;

use super::names::reserved;
use super::unions::{inline_union, members};
use super::view::{FieldPlace, Literal, NamedKind, PlaceStep, Storage, Ty, TypeName};
use super::{Ctx, names};
use crate::model::number::Exact;
use crate::model::{
    Access, Api, EnumDef, Field, FieldPath, IntegerFormat, PathStep, Record, Style, TextFormat, Type, TypeDef, TypeId,
    TypeKind,
};
use crate::source::Span;

/// Where a type stands: names what inline unions become, and what diagnostics speak of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    /// Pascal case.
    pub name: &'a str,
    /// The module that inline unions go to; `None`: `crate::types`.
    pub module: Option<&'a str>,
    /// The field.
    pub field: &'a str,
    pub span: Span,
}

/// The Rust type of a value.
pub(crate) fn ty(ctx: &mut Ctx<'_>, ty: &Type, owner: Owner<'_>) -> Ty {
    match ty {
        Type::DateTime => Ty::Text("DateTime"),
        Type::Formatted(format) => text_of(*format),
        Type::String | Type::Url | Type::HttpsUrl | Type::Base64 => Ty::String,
        Type::Sized(IntegerFormat::Uint64) => Ty::Unsigned,
        Type::Integer | Type::Sized(_) => Ty::Integer,
        Type::Number => Ty::Number,
        Type::Boolean => Ty::Boolean,
        Type::Json => Ty::Json,
        Type::File => Ty::File,
        Type::Array(inner) => Ty::List(Box::new(self::ty(ctx, inner, owner))),
        Type::Tuple(items) => Ty::Tuple(items.iter().map(|it| self::ty(ctx, it, owner)).collect()),
        Type::Map(inner) => Ty::Map(Box::new(self::ty(ctx, inner, owner))),
        Type::Nullable(inner) => Ty::Nullable(Box::new(self::ty(ctx, inner, owner))),
        Type::Named(id) => Ty::Named { name: ctx.type_name(*id).clone(), kind: kind(ctx, *id) },
        Type::Union(members) => inline_union(ctx, ty, members, owner),
    }
}

/// Text of a format. Where types of other crates stand for it, setters take these too.
fn text_of(format: TextFormat) -> Ty {
    match format {
        TextFormat::Date => Ty::Text("Date"),
        TextFormat::Duration => Ty::Text("Duration"),
        TextFormat::Uuid => Ty::Text("Uuid"),
        TextFormat::Decimal => Ty::Text("Decimal"),
        // No common type has the offset that RFC 3339 wants of a time.
        TextFormat::Time
        | TextFormat::Email
        | TextFormat::Uri
        | TextFormat::Hostname
        | TextFormat::Ipv4
        | TextFormat::Ipv6 => Ty::String,
    }
}

fn kind(ctx: &Ctx<'_>, id: TypeId) -> NamedKind {
    match &ctx.api.ty(id).kind {
        TypeKind::Record(_) => NamedKind::Record,
        TypeKind::Enum(_) => NamedKind::Enum,
        TypeKind::Tagged(_) | TypeKind::Union { .. } => NamedKind::Union,
    }
}

/// How a field of a record type holds its value.
pub(crate) fn record_storage(field: &Field) -> Storage {
    match (field.always_required() && !field.may_lack, field.nullable) {
        (true, false) => Storage::Plain,
        (true, true) => Storage::Null,
        (false, false) => Storage::Optional,
        (false, true) => Storage::OptionalNullable,
    }
}

/// Whether values of a type have a field at all.
pub(crate) fn is_held(def: &TypeDef, field: &Field) -> bool {
    match field.access {
        Access::Both => true,
        Access::ReadOnly => def.in_response,
        Access::WriteOnly => def.in_request,
    }
}

/// How a parameter of a request holds its value: a request is built step by step, so all can be missing.
pub(crate) fn request_storage(field: &Field) -> Storage {
    if field.nullable { Storage::OptionalNullable } else { Storage::Optional }
}

/// The identifier of a field of a record. One that a method of all records has gets a `_`, as a keyword would.
pub(crate) fn ident(field: &Field) -> String {
    apart_from(field, &reserved::RECORD_METHODS)
}

/// The identifier of a parameter, as [`ident`] beside the methods of all builders.
pub(crate) fn parameter_ident(field: &Field) -> String {
    apart_from(field, &reserved::BUILDER_METHODS)
}

/// How a parameter of a path, a query or a header is written, if its text alone is not enough: it is JSON first then.
pub(crate) fn style(api: &Api, field: &Field) -> Option<Style> {
    let style = field.sent.style;
    (style != Style::PLAIN || is_union_with_lists(api, &field.ty)).then_some(style)
}

fn is_union_with_lists(api: &Api, ty: &Type) -> bool {
    let members = match ty {
        Type::Union(members) => members,
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Union { members, .. } => members,
            TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => return false,
        },
        _ => return false,
    };
    members.iter().any(|it| matches!(it, Type::Array(_)) || is_union_with_lists(api, it))
}

fn apart_from(field: &Field, reserved: &[&str]) -> String {
    let prefix = field.header_prefix().or(field.pair_prefix());
    let name = prefix.and(field.name.strip_suffix('*')).unwrap_or(&field.name);
    let ident = names::snake(field.rust_name.as_deref().unwrap_or(name));
    // A name that the spec chose for Rust alone is its own business, and reported.
    let collides = field.rust_name.is_none() && reserved.contains(&ident.as_str());
    if collides { format!("{ident}_") } else { ident }
}

/// The Rust place of a path, from a record and the type that it is of.
pub(crate) fn place(
    ctx: &mut Ctx<'_>,
    (record, of): (&Record, Option<TypeId>),
    storage: fn(&Field) -> Storage,
    owner: &TypeName,
    path: &FieldPath,
) -> FieldPlace {
    let field = record.field(path.field);
    let mut steps = vec![step(ctx, field, of, storage)];
    let mut last = field;
    let mut ty = field.ty.clone();
    for it in &path.steps {
        match it {
            PathStep::Items => {
                if let Some(step) = steps.last_mut() {
                    step.each += 1;
                }
                ty = match ty {
                    Type::Array(inner) | Type::Map(inner) => *inner,
                    other => other,
                };
            }
            PathStep::Field(id, ix) => {
                if let TypeKind::Record(inner) = &ctx.api.ty(*id).kind {
                    last = inner.field(*ix);
                    steps.push(step(ctx, last, Some(*id), record_storage));
                    ty = last.ty.clone();
                }
            }
        }
    }
    let owner = Owner { name: &owner.ident, module: owner.module.as_deref(), field: &last.name, span: last.span };
    FieldPlace { steps, ty: self::ty(ctx, &ty, owner) }
}

fn step(ctx: &Ctx<'_>, field: &Field, of: Option<TypeId>, storage: fn(&Field) -> Storage) -> PlaceStep {
    let boxed = of.is_some_and(|it| ctx.known.circles.needs_box(it, &field.ty));
    let ident = if of.is_some() { ident(field) } else { parameter_ident(field) };
    PlaceStep { ident, wire: field.name.clone(), storage: storage(field), boxed, each: 0 }
}

/// Values as constants of a Rust type; `None` where there is no such constant.
pub(crate) fn literals(ctx: &Ctx<'_>, ty: &Type, values: &[Value]) -> Option<Vec<Literal>> {
    if let Type::Named(id) = ty
        && let TypeKind::Enum(def) = &ctx.api.ty(*id).kind
    {
        let ty = ctx.type_name(*id);
        let variant = |value: &Value| {
            let variant = variant_name(def, value.as_str()?)?;
            Some(Literal::Variant { ty: ty.clone(), variant })
        };
        // A value that an open enum does not list has no variant: all are compared as text then.
        let variants: Option<Vec<_>> = values.iter().map(variant).collect();
        return variants.or_else(|| values.iter().map(text).collect());
    }
    let literal = |value: &Value| match ty {
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => text(value),
        Type::Boolean => value.as_bool().map(Literal::Boolean),
        Type::Sized(IntegerFormat::Uint64) => unsigned(value).map(Literal::Unsigned),
        Type::Integer | Type::Sized(_) => integer(value).map(Literal::Integer),
        Type::Number => value.as_number().and_then(|it| Exact::of(it).double()).map(Literal::Number),
        Type::File
        | Type::Json
        | Type::Array(_)
        | Type::Tuple(_)
        | Type::Map(_)
        | Type::Nullable(_)
        | Type::Union(_)
        | Type::Named(_) => None,
    };
    values.iter().map(literal).collect()
}

fn text(value: &Value) -> Option<Literal> {
    value.as_str().map(|it| Literal::Text(it.to_owned()))
}

pub(crate) fn integer(value: &Value) -> Option<i64> {
    value.as_number().and_then(|it| Exact::of(it).integer())
}

pub(crate) fn unsigned(value: &Value) -> Option<u64> {
    value.as_number().and_then(|it| u64::try_from(Exact::of(it).whole()?).ok())
}

/// The variant of a value.
pub(crate) fn variant_name(def: &EnumDef, value: &str) -> Option<String> {
    let value = def.values.iter().find(|it| it.value == value)?;
    Some(value.rust_name.as_deref().map_or_else(|| names::pascal(&value.value), names::pascal))
}

/// Whether a value can be one of the type at all.
pub(super) fn value_fits_type(ctx: &Ctx<'_>, ty: &Type, value: &Value) -> bool {
    if let Some(members) = members(ctx.api, ty) {
        return members.iter().any(|it| value_fits_type(ctx, it, value));
    }
    if *ty == Type::Json {
        return !value.is_null();
    }
    literals(ctx, ty, std::slice::from_ref(value)).is_some() || value.is_array() || value.is_object()
}

/// The method that sends `null`, where a field that can be left out has one.
pub(crate) fn null_setter(ident: &str, storage: Storage) -> Option<String> {
    (storage == Storage::OptionalNullable).then(|| names::null_setter(ident))
}
