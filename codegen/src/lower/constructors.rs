//! Constructors of types, and the builder methods that add an item by one.

use super::Ctx;
use super::fields::{self, Owner, literals, record_storage};
use super::names::{self, Names};
use super::types::tagged_variant;
use super::unions::member_names;
use super::view::{Argument, Ctor, Expr, ExtraFields, TypeName};
use crate::model::{Constructor, Template, Type, TypeId, TypeKind};
use crate::rust_words::without_raw_prefix;

/// The constructors of a type.
pub(crate) fn of_type(ctx: &mut Ctx<'_>, id: TypeId, scope: &mut Names<'_>) -> Vec<Ctor> {
    let api = ctx.api;
    let def = api.ty(id);
    if !def.in_request {
        return Vec::new();
    }
    let mut made = Vec::new();
    for constructor in &def.constructors {
        let method = names::snake(&constructor.name);
        scope.take(ctx, &method, &constructor.name, constructor.span);
        made.push(ctor(ctx, id, constructor, method));
    }
    made
}

/// One constructor, as a method of its type.
pub(crate) fn ctor(ctx: &mut Ctx<'_>, id: TypeId, constructor: &Constructor, method: String) -> Ctor {
    let name = ctx.type_name(id).clone();
    let mut arguments = Vec::new();
    for (argument, ty) in &constructor.arguments {
        let owner =
            Owner { name: &name.ident, module: name.module.as_deref(), field: argument, span: constructor.span };
        // `$a_b` and `$a__b` are spelled alike.
        let ident = names::snake(argument);
        let numbered = (2_u32..).map(|it| format!("{}_{it}", without_raw_prefix(&ident)));
        let is_free = |it: &String| arguments.iter().all(|other: &Argument| other.ident != *it);
        let ident = [ident.clone()].into_iter().chain(numbered).find(is_free).unwrap_or_default();
        arguments.push(Argument { ident, ty: fields::ty(ctx, ty, owner) });
    }
    let value = expr(ctx, &name, constructor, &constructor.value);
    let docs = ctx.docs(|| vec![format!("`{}`", shown(&constructor.written).replace('`', "'"))]);
    Ctor { method, docs, arguments, value }
}

fn expr(ctx: &mut Ctx<'_>, home: &TypeName, constructor: &Constructor, template: &Template) -> Expr {
    match template {
        Template::Argument(at) => Expr::Argument(*at),
        Template::Value(ty, value) => match literals(ctx, ty, std::slice::from_ref(value)).as_deref() {
            Some([literal]) => Expr::Literal(literal.clone(), matches!(value, serde_json::Value::String(_))),
            _ => Expr::Json(value.to_string()),
        },
        Template::List(items) => Expr::List(items.iter().map(|it| expr(ctx, home, constructor, it)).collect()),
        Template::Record(id, given) => {
            let def = ctx.api.ty(*id);
            let TypeKind::Record(record) = &def.kind else { return Expr::Json("null".to_owned()) };
            let mut fields = Vec::new();
            for (at, field) in record.fields.iter().enumerate() {
                if !fields::is_held(def, field) {
                    continue;
                }
                let value = given.iter().find(|it| it.0.0 as usize == at).map(|it| expr(ctx, home, constructor, &it.1));
                let boxed = ctx.known.circles.needs_box(*id, &field.ty);
                let value = value.map(|it| if boxed { Expr::Boxed(Box::new(it)) } else { it });
                fields.push((fields::ident(field), record_storage(field), value));
            }
            let extra = match &record.additional {
                Some(_) => Some(ExtraFields::Typed),
                None => (record.open || def.in_response).then_some(ExtraFields::Any),
            };
            Expr::Record { name: ctx.type_name(*id).clone(), fields, extra }
        }
        Template::Member(ty, at, inner) => {
            let inner = Box::new(expr(ctx, home, constructor, inner));
            let (name, variant) = member(ctx, home, constructor, ty, *at);
            Expr::Member { name, variant, inner }
        }
    }
}

/// The enum of a union, and its variant.
fn member(ctx: &mut Ctx<'_>, home: &TypeName, constructor: &Constructor, ty: &Type, at: usize) -> (TypeName, String) {
    let api = ctx.api;
    let kind = match ty {
        Type::Named(id) => Some(&api.ty(*id).kind),
        _ => None,
    };
    let variant = match (ty, kind) {
        (_, Some(TypeKind::Tagged(union))) => tagged_variant(api, union, &union.members[at]),
        (Type::Union(members), _) | (_, Some(TypeKind::Union { members, .. })) => {
            member_names(ctx, members).swap_remove(at)
        }
        _ => String::new(),
    };
    let owner = Owner { name: &home.ident, module: home.module.as_deref(), field: "value", span: constructor.span };
    let name = match fields::ty(ctx, ty, owner) {
        super::view::Ty::Named { name, .. } => name,
        _ => home.clone(),
    };
    (name, variant)
}

/// JSON without the quotes of keys and arguments.
fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, it)| format!("{name}: {}", shown(it))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        serde_json::Value::Array(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            format!("[{}]", items.join(", "))
        }
        serde_json::Value::String(text) if text.starts_with('$') => "…".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
