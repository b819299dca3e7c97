//! Unions that are distinguished by JSON type: their items, the names of their members, and their places in requests.

use std::collections::BTreeSet;

use super::constraints::scalar;
use super::fields::{self, Owner};
use super::view::{
    JsonKind, MemberShape, NamedKind, RuleData, Strength, Ty, TypeItem, TypeName, UnionChecks, UnionItem, UnionMember,
    UnionTrial,
};
use super::{Ctx, checks, docs, names};
use crate::model::{
    Access, Api, PartForm, ResourceId, Shape, Type, TypeId, TypeKind, ambiguous_lists, ambiguous_objects, is_object,
    shapes,
};
use crate::prose;
use crate::rust_words::without_raw_prefix;
use crate::source::Span;

/// Unions by the module that they become items of.
pub(crate) type UnionsByModule = BTreeSet<(Option<String>, Type)>;

/// A union without a name gets that of its field; equal unions of a module share one item.
pub(crate) fn inline_union(ctx: &mut Ctx<'_>, ty: &Type, members: &[Type], owner: Owner<'_>) -> Ty {
    let module = owner.module.map(str::to_owned);
    let place = (module.clone(), ty.clone());
    let known = ctx.unions.get(&place).cloned();
    let name = known.unwrap_or_else(|| {
        let ident = format!("{}{}", owner.name.trim_end_matches('_'), names::pascal(owner.field));
        // The spec does not contain this name, so the author could not resolve a collision.
        let ident = ctx.scope(&module).take_free(&ident, owner.field, owner.span);
        let name = TypeName { module: module.clone(), ident };
        // The members of a union in place are told apart.
        let in_request = ctx.known.checked_unions.contains(&place).then(UnionTrials::default);
        ctx.unions.insert(place, name.clone());
        let words = vec![format!("The value of `{}`.", docs::one_line(owner.field))];
        let item = union_item(ctx, &name, words, (ty, members), in_request, owner.span);
        ctx.made.push((name.module.clone(), TypeItem::Union(item)));
        name
    });
    Ty::Named { name, kind: NamedKind::Union }
}

/// What a union of a request has to ask its members.
#[derive(Clone, Copy, Default)]
pub(crate) struct UnionTrials {
    /// Only one of them may accept a value.
    pub is_exclusive: bool,
    /// Such a union compares it with others.
    pub is_compared: bool,
}

/// The types that unions compare with each other because only one member may accept a value, and all that these hold.
pub(crate) fn compared(api: &Api) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut left = Vec::new();
    for def in api.types.iter().filter(|it| it.in_request) {
        let TypeKind::Union { members, exclusive: true } = &def.kind else { continue };
        if ambiguous_objects(&api.types, members) || ambiguous_lists(members) {
            members.iter().for_each(|it| it.mentions(&mut left));
        }
    }
    while let Some(id) = left.pop() {
        if seen.insert(id) {
            api.ty(id).kind.mentions(&mut left);
        }
    }
    seen
}

/// The item of a union: the type, and its members. `in_request`: requests hold it.
pub(crate) fn union_item(
    ctx: &mut Ctx<'_>,
    name: &TypeName,
    words: Vec<String>,
    (ty, members): (&Type, &[Type]),
    in_request: Option<UnionTrials>,
    span: Span,
) -> UnionItem {
    let (trials, in_request) = (in_request.unwrap_or_default(), in_request.is_some());
    let ident = name.ident.as_str();
    let mut words = words;
    let mut items = Vec::new();
    let mut deep = Vec::new();
    let mut rules = Vec::new();
    let shapes = shapes(&ctx.api.types, members).unwrap_or_default();
    let kept = kept(ctx.api, members);
    if trials.is_exclusive && !kept.is_empty() {
        let sentence = "A request is refused if several of the variants accept the value.";
        words.extend([String::new(), sentence.to_owned()]);
    }
    for (at, (member, member_ident)) in members.iter().zip(member_names(ctx, members)).enumerate() {
        let shape = shapes.iter().find(|(it, _)| *it == at).map(|(_, it)| it);
        let is_list = matches!(member, Type::Array(_) | Type::Tuple(_));
        let is_kept = (is_list && kept.contains(&JsonKind::List))
            || (is_object(&ctx.api.types, member) && kept.contains(&JsonKind::Object));
        let checks =
            in_request.then(|| checks::nested_check(ctx, member, prose::Subject::Field(ident), &mut rules)).flatten();
        if let Some(checks) = checks {
            deep.push((items.len(), checks));
        }
        items.push(UnionMember {
            ident: member_ident.clone(),
            value: String::new(),
            tag: None,
            docs: vec![format!(
                "{}.",
                sentence_case(&shape.map_or_else(|| prose::type_noun(ctx.api, member), prose::shape_noun))
            )],
            shape: shape.map(member_shapes).unwrap_or_default(),
            reader: is_kept.then(|| reader_name(&member_ident)),
            takes_all: match member {
                Type::Union(_) => true,
                Type::Named(id) => matches!(ctx.api.ty(*id).kind, TypeKind::Union { .. }),
                _ => false,
            },
            keeps: ctx.api.union_members(member).map(|it| self::kept(ctx.api, it)).unwrap_or_default(),
            ty: fields::ty(ctx, member, Owner { name: ident, module: name.module.as_deref(), field: "item", span }),
        });
    }
    let check = in_request.then(|| {
        let message = prose::type_sentence(ctx.api, prose::Subject::Field(ident), &Type::Union(members.to_vec()));
        let mut rule = |keyword| {
            rules.push(RuleData {
                at: String::new(),
                keyword,
                limit: String::new(),
                message: message.clone(),
                strength: Strength::Stated,
                plain: None,
            });
            rules.len() - 1
        };
        let other_text = has_closed_texts(ctx.api, members).then(|| rule("enum"));
        let other = Some(rule("type"));
        let none = rules.len() - 1;
        let is_tried = !kept.is_empty() && (trials.is_exclusive || trials.is_compared);
        let trial = is_tried.then(|| UnionTrial {
            members: (0..items.len()).filter(|it| items[*it].reader.is_some()).collect(),
            none,
            several: trials.is_exclusive.then(|| {
                rules.push(RuleData {
                    at: String::new(),
                    keyword: "one_of",
                    limit: String::new(),
                    message: prose::exclusive_sentence(ctx.api, prose::Subject::Field(ident), members),
                    strength: Strength::Stated,
                    plain: None,
                });
                rules.len() - 1
            }),
        });
        UnionChecks { members: deep, rules, other, kept, other_text, trial }
    });
    UnionItem {
        ident: ident.to_owned(),
        docs: words,
        tag: None,
        members: items,
        other: true,
        as_text: ctx.known.types_as_text.contains(&(name.module.clone(), ty.clone())),
        constructors: Vec::new(),
        check,
    }
}

/// The kinds of JSON that a union keeps as it is, since nothing tells its members of that kind apart.
fn kept(api: &Api, members: &[Type]) -> Vec<JsonKind> {
    let objects = ambiguous_objects(&api.types, members).then_some(JsonKind::Object);
    let lists = ambiguous_lists(members).then_some(JsonKind::List);
    objects.into_iter().chain(lists).collect()
}

fn member_shapes(shape: &Shape<'_>) -> Vec<MemberShape> {
    match shape {
        Shape::Values { field, values } => {
            let values = Some(values.iter().filter_map(scalar).collect());
            vec![MemberShape { field: (*field).to_owned(), values }]
        }
        Shape::Has { field } => vec![MemberShape { field: (*field).to_owned(), values: None }],
        Shape::Any(shapes) => shapes.iter().flat_map(member_shapes).collect(),
    }
}

/// `as_card`.
fn reader_name(member: &str) -> String {
    format!("as_{}", without_raw_prefix(&names::snake(member)).trim_end_matches('_'))
}

fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|it| it.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// What the members of a union without tag are called. Each gets a different name: the spec does not
/// contain these names, so the author could not resolve a collision.
pub(crate) fn member_names(ctx: &Ctx<'_>, members: &[Type]) -> Vec<String> {
    let mut taken = vec!["Other".to_owned()];
    for member in members {
        let name = names::first_free(&member_name(ctx, member), |it| !taken.iter().any(|taken| taken == it));
        taken.push(name);
    }
    taken.split_off(1)
}

fn member_name(ctx: &Ctx<'_>, member: &Type) -> String {
    match member {
        Type::String | Type::Base64 | Type::DateTime | Type::Formatted(_) => "Text".to_owned(),
        Type::Url | Type::HttpsUrl => "Url".to_owned(),
        Type::Integer | Type::Sized(_) => "Integer".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::File => "File".to_owned(),
        Type::Array(inner) => format!("{}List", member_name(ctx, inner)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Map(inner) => format!("{}Map", member_name(ctx, inner)),
        Type::Nullable(inner) => member_name(ctx, inner),
        Type::Union(_) => "Union".to_owned(),
        Type::Named(id) => ctx.type_name(*id).ident.clone(),
    }
}

/// What is written in place of unions in requests, with the module where it becomes an item: there it is checked.
pub(crate) fn in_requests(api: &Api, type_names: &[TypeName], module: impl Fn(ResourceId) -> String) -> UnionsByModule {
    let mut all = UnionsByModule::new();
    for operation in &api.operations {
        let module = Some(module(operation.resource));
        operation.parameters.fields.iter().for_each(|it| unions_in(&it.ty, &module, &mut all));
    }
    for id in super::checks::sent_types(api) {
        let (def, name) = (api.ty(id), &type_names[id.0 as usize]);
        match &def.kind {
            TypeKind::Record(record) => {
                let sent = record.fields.iter().filter(|it| it.access != Access::ReadOnly).map(|it| &it.ty);
                sent.chain(&record.additional).for_each(|it| unions_in(it, &name.module, &mut all));
            }
            TypeKind::Union { members, .. } => members.iter().for_each(|it| unions_in(it, &name.module, &mut all)),
            TypeKind::Tagged(_) | TypeKind::Enum(_) => {}
        }
    }
    all
}

fn unions_in(ty: &Type, module: &Option<String>, out: &mut UnionsByModule) {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => unions_in(inner, module, out),
        Type::Tuple(items) => items.iter().for_each(|it| unions_in(it, module, out)),
        Type::Union(members) => {
            out.insert((module.clone(), ty.clone()));
            members.iter().for_each(|it| unions_in(it, module, out));
        }
        _ => {}
    }
}

/// The unions and enums that stand where only text can: in paths, queries, headers and parts of multipart bodies. A named one is
/// listed by its name.
pub(crate) fn as_text(api: &Api, type_names: &[TypeName], module: impl Fn(ResourceId) -> String) -> UnionsByModule {
    let mut all = UnionsByModule::new();
    for operation in &api.operations {
        let module = Some(module(operation.resource));
        for field in &operation.parameters.fields {
            // What has a style is written as JSON first.
            let is_styled = super::fields::style(api, field).is_some();
            let has_parts = operation.content_types.iter().any(|it| it.encoding.has_parts());
            let is_part = has_parts && matches!(field.sent.part, PartForm::Plain | PartForm::Named);
            if if field.location.in_body() { is_part } else { !is_styled } {
                add_as_text(api, type_names, &field.ty, &module, &mut all);
            }
        }
    }
    all
}

fn add_as_text(api: &Api, type_names: &[TypeName], ty: &Type, module: &Option<String>, out: &mut UnionsByModule) {
    let (module, members) = match ty {
        Type::Union(members) => (module, members.as_slice()),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Union { members, .. } => (&type_names[id.0 as usize].module, members.as_slice()),
            TypeKind::Enum(_) => (&type_names[id.0 as usize].module, [].as_slice()),
            TypeKind::Record(_) | TypeKind::Tagged(_) => return,
        },
        Type::Array(item) | Type::Nullable(item) => return add_as_text(api, type_names, item, module, out),
        _ => return,
    };
    let union = (module.clone(), ty.clone());
    if out.insert(union) {
        members.iter().for_each(|it| add_as_text(api, type_names, it, module, out));
    }
}

/// The members of a union that is told apart by JSON type.
pub(super) fn members<'m>(api: &'m Api, ty: &'m Type) -> Option<&'m [Type]> {
    api.union_members(ty)
}

/// Whether the values of an enum are the only texts that the Rust of a union can hold beside `Other`.
fn has_closed_texts(api: &Api, members: &[Type]) -> bool {
    members.iter().any(|it| match it {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(values) => !values.open && !api.ty(*id).in_response,
            TypeKind::Union { members, .. } => has_closed_texts(api, members),
            TypeKind::Record(_) | TypeKind::Tagged(_) => false,
        },
        _ => false,
    })
}
