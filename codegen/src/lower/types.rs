//! Named types: enums, records, unions.

use std::collections::BTreeMap;

use super::constraints::scalar;
use super::docs;
use super::fields::{self, Owner, null_setter, record_storage};
use super::names::{Names, reserved};
use super::unions::{UnionTrials, union_item};
use super::view::{
    EnumItem, EnumVariant, NestedCheck, RecordField, RecordItem, RuleData, Strength, Tag, Test, Ty, TypeItem,
    UnionChecks, UnionItem, UnionMember,
};
use super::{Ctx, checks, constructors, names};
use crate::model::{Access, Api, EnumDef, EnumValue, Record, TaggedUnion, Type, TypeDef, TypeId, TypeKind};
use crate::prose;

/// Items by module.
pub(super) type TypeItems = BTreeMap<Option<String>, Vec<TypeItem>>;

/// Items of the named types of a module, and of the inline unions that were made until then.
pub(super) fn items(ctx: &mut Ctx<'_>, module: Option<&str>) -> TypeItems {
    let module = module.map(str::to_owned);
    let mut items = TypeItems::new();
    for &id in ctx.known.types_of.get(&module).into_iter().flatten() {
        let def = ctx.api.ty(id);
        if !def.in_request && !def.in_response {
            continue;
        }
        let item = match &def.kind {
            TypeKind::Enum(values) => TypeItem::Enum(enum_item(ctx, id, def, values)),
            TypeKind::Record(record) => TypeItem::Record(record_item(ctx, id, def, record)),
            TypeKind::Tagged(union) => TypeItem::Union(tagged_item(ctx, id, def, union)),
            TypeKind::Union { members, exclusive } => {
                let name = ctx.type_name(id).clone();
                let words = ctx.docs(|| docs::type_docs(ctx.api, id, &ctx.type_name(id).ident));
                let trial = UnionTrials { is_exclusive: *exclusive, is_compared: ctx.known.compared.contains(&id) };
                let trial = ctx.known.checked.contains(&id).then_some(trial);
                let mut item = union_item(ctx, &name, words, (&Type::Named(id), members), trial, def.span);
                item.constructors =
                    constructors::of_type(ctx, id, &mut Names::new("constructor").reserve(&reserved::UNION_METHODS));
                TypeItem::Union(item)
            }
        };
        items.entry(module.clone()).or_default().push(item);
    }
    for (module, item) in std::mem::take(&mut ctx.made) {
        items.entry(module).or_default().push(item);
    }
    items
}

/// By name.
pub(super) fn sort(items: &mut [TypeItem]) {
    items.sort_by(|a, b| name(a).cmp(name(b)));
}

fn name(item: &TypeItem) -> &str {
    match item {
        TypeItem::Enum(it) => &it.ident,
        TypeItem::Record(it) => &it.ident,
        TypeItem::Union(it) => &it.ident,
        TypeItem::Alias(it) => &it.record.ident,
    }
}

fn enum_item(ctx: &mut Ctx<'_>, id: TypeId, def: &TypeDef, values: &EnumDef) -> EnumItem {
    let other = values.open || def.in_response;
    let variants = variants(ctx, values.values.iter(), other);
    EnumItem {
        ident: ctx.type_name(id).ident.clone(),
        docs: ctx.docs(|| docs::type_docs(ctx.api, id, &ctx.type_name(id).ident)),
        variants,
        other,
        as_text: ctx.known.types_as_text.contains(&(ctx.type_name(id).module.clone(), Type::Named(id))),
    }
}

/// Variants of values, in the order of the spec.
fn variants<'v>(ctx: &mut Ctx<'_>, values: impl Iterator<Item = &'v EnumValue>, other: bool) -> Vec<EnumVariant> {
    // `ALL` is the list of them.
    let mut scope = Names::new("value").reserve(if other { &["Other", "ALL"] } else { &["ALL"] });
    let mut variants = Vec::new();
    for value in values {
        let ident = value.rust_name.as_deref().map_or_else(|| names::pascal(&value.value), names::pascal);
        scope.take(ctx, &ident, &value.value, value.span);
        variants.push(EnumVariant { ident, value: value.value.clone(), docs: ctx.docs(|| docs::enum_value(value)) });
    }
    variants
}

/// The enum of error codes, open.
pub(crate) fn error_codes(ctx: &mut Ctx<'_>) -> Option<EnumItem> {
    let codes = &ctx.api.errors.codes;
    if codes.is_empty() {
        return None;
    }
    let values: Vec<EnumValue> = codes
        .iter()
        .map(|it| EnumValue {
            value: it.value.clone(),
            doc: it.doc.clone(),
            rust_name: it.rust_name.clone(),
            span: it.span,
        })
        .collect();
    let variants = variants(ctx, values.iter(), true);
    let words = vec![format!("Error codes that the {} documentation lists.", docs::one_line(&ctx.api.title))];
    Some(EnumItem { ident: "ErrorCode".to_owned(), docs: words, variants, other: true, as_text: false })
}

/// The item of a record: its fields with their types, and what they must fulfil.
pub(super) fn record_item(ctx: &mut Ctx<'_>, id: TypeId, def: &TypeDef, record: &Record) -> RecordItem {
    let name = ctx.type_name(id).clone();
    let ident = name.ident.clone();
    let module = name.module.as_deref();
    let mut scope = Names::new("field").reserve(&reserved::RECORD_METHODS);
    let mut items = Vec::new();
    for field in record.fields.iter().filter(|it| fields::is_held(def, it)) {
        let field_ident = fields::ident(field);
        scope.take(ctx, &field_ident, &field.name, field.span);
        let ty = fields::ty(ctx, &field.ty, Owner { name: &ident, module, field: &field.name, span: field.span });
        items.push(RecordField {
            ident: field_ident.clone(),
            wire: field.name.clone(),
            ty: if ctx.known.circles.needs_box(id, &field.ty) { Ty::Boxed(Box::new(ty)) } else { ty },
            storage: record_storage(field),
            null_setter: null_setter(&field_ident, record_storage(field)),
            received: field.access == Access::ReadOnly && def.in_request,
            needed: field.may_lack && field.access == Access::WriteOnly && field.always_required(),
            secret: field.secret,
            docs: ctx.docs(|| docs::record_field(ctx.api, record, field, def.in_request)),
            deprecated: field.deprecated.as_deref().map(docs::deprecation_note),
        });
    }
    let additional = record
        .additional
        .as_ref()
        .map(|it| fields::ty(ctx, it, Owner { name: &ident, module, field: "extra", span: def.span }));
    let check =
        ctx.known.checked.contains(&id).then(|| checks::of_record(ctx, record, Some(id), record_storage, &name));
    let constructors = constructors::of_type(ctx, id, &mut scope);
    RecordItem {
        constructors,
        docs: ctx.docs(|| docs::type_docs(ctx.api, id, &ctx.type_name(id).ident)),
        fields: items,
        tags: ctx.known.tags.get(&id).cloned().unwrap_or_default(),
        extra: record.open || def.in_response,
        is_compared: !record.open && ctx.known.compared.contains(&id),
        additional,
        strict: !def.in_response,
        construct: def.in_request,
        check,
        ident,
    }
}

/// The tags of the unions that each record is a member of, in the order of the unions.
pub(super) fn tags(api: &Api) -> BTreeMap<TypeId, Vec<String>> {
    let mut all: BTreeMap<TypeId, Vec<String>> = BTreeMap::new();
    for def in api.types.iter() {
        let TypeKind::Tagged(union) = &def.kind else { continue };
        for (_, member) in &union.members {
            let tags = all.entry(*member).or_default();
            if !tags.contains(&union.tag) {
                tags.push(union.tag.clone());
            }
        }
    }
    all
}

/// The variant of a member: its tag, or the name of its record where the tag is no text.
pub(crate) fn tagged_variant(api: &Api, union: &TaggedUnion, (value, member): &(EnumValue, TypeId)) -> String {
    let record = api.ty(*member);
    names::pascal(match (&value.rust_name, &union.tag_type) {
        (Some(name), _) => name,
        (None, Type::String) => &value.value,
        (None, _) => record.rust_name.as_ref().unwrap_or(&record.name),
    })
}

fn tagged_item(ctx: &mut Ctx<'_>, id: TypeId, def: &TypeDef, union: &TaggedUnion) -> UnionItem {
    let name = ctx.type_name(id).clone();
    let ident = name.ident.clone();
    let other = union.open || def.in_response;
    let mut scope = Names::new("member").reserve(if other { &["Other"] } else { &[] });
    let mut members = Vec::new();
    let mut deep = Vec::new();
    for whole in &union.members {
        let (value, member) = whole;
        let member_ident = tagged_variant(ctx.api, union, whole);
        scope.take(ctx, &member_ident, &value.value, value.span);
        if ctx.known.checked.contains(member) {
            deep.push((members.len(), NestedCheck::Check));
        }
        members.push(UnionMember {
            ident: member_ident,
            value: value.value.clone(),
            tag: scalar(&union.tag_value(value)),
            docs: ctx.docs(|| docs::enum_value(value)),
            takes_all: false,
            keeps: Vec::new(),
            shape: Vec::new(),
            reader: None,
            ty: fields::ty(
                ctx,
                &Type::Named(*member),
                Owner { name: &ident, module: name.module.as_deref(), field: &value.value, span: value.span },
            ),
        });
    }
    let mut rules = Vec::new();
    let mut unknown = None;
    if other && !union.open {
        let values = union.tag_values();
        unknown = Some(0);
        rules.push(RuleData {
            at: format!("/{}", union.tag),
            keyword: "enum",
            limit: prose::listed(&values),
            message: format!("`{}` must be one of {}", union.tag, prose::listed(&values)),
            strength: Strength::Stated,
            plain: None,
        });
    }
    let check = ctx.known.checked.contains(&id).then_some(UnionChecks {
        members: deep,
        rules,
        other: unknown,
        kept: Vec::new(),
        other_text: None,
        trial: None,
    });
    let mut methods = Names::new("constructor").reserve(&reserved::UNION_METHODS);
    UnionItem {
        constructors: constructors::of_type(ctx, id, &mut methods),
        docs: ctx.docs(|| docs::type_docs(ctx.api, id, &ctx.type_name(id).ident)),
        tag: Some(Tag {
            field: union.tag.clone(),
            ty: match union.tag_type {
                Type::Integer => Ty::Integer,
                Type::Boolean => Ty::Boolean,
                _ => Ty::String,
            },
        }),
        members,
        other,
        as_text: false,
        check,
        ident,
    }
}

/// The test that an enum holds a value the spec knows.
pub(crate) fn unknown_value(ctx: &Ctx<'_>, id: TypeId) -> Option<Test> {
    let def = ctx.api.ty(id);
    match &def.kind {
        TypeKind::Enum(values) if !values.open && def.in_response => Some(Test::Unknown),
        _ => None,
    }
}
