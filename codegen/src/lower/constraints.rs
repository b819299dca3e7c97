//! Constraints → the tests that fail when they are broken.

use serde_json::Value;

use super::Ctx;
use super::checks::{fits, members};
use super::fields::{self, Owner, literals};
use super::unions::member_names;
use super::view::{JsonKind, Literal, Number, Pick, Test, Text, Ty, TypeName};
use crate::model::{Constraint, Num, Type, TypeKind, Weights};
use crate::source::Span;

/// The Rust of a union, and its members with what each is called.
pub(super) struct UnionOf {
    pub(super) ty: Ty,
    pub(super) name: TypeName,
    pub(super) members: Vec<(String, Type)>,
}

impl UnionOf {
    /// The owner of what stands in its members.
    pub(super) fn owner(&self, span: Span) -> Owner<'_> {
        Owner { name: &self.name.ident, module: self.name.module.as_deref(), field: "item", span }
    }
}

pub(super) fn union_of(ctx: &mut Ctx<'_>, ty: &Type, owner: Owner<'_>) -> Option<UnionOf> {
    let members = members(ctx.api, ty)?.to_vec();
    let union = fields::ty(ctx, ty, owner);
    let Ty::Named { name, .. } = &union else { return None };
    let name = name.clone();
    let members = member_names(ctx, &members).into_iter().zip(members).collect();
    Some(UnionOf { ty: union, name, members })
}

/// Which values of the type are meant; `None`: no Rust for this.
pub(super) fn pick(ctx: &mut Ctx<'_>, ty: &Type, values: &[Value], owner: Owner<'_>) -> Option<Pick> {
    if let Some(union) = union_of(ctx, ty, owner) {
        let inner = union.owner(owner.span);
        let mut arms = Vec::new();
        for (variant, member) in &union.members {
            let wanted: Vec<Value> = values.iter().filter(|it| fits(ctx, member, it)).cloned().collect();
            if !wanted.is_empty() {
                arms.push((variant.clone(), pick(ctx, member, &wanted, inner)?));
            }
        }
        return Some(if arms.is_empty() { Pick::Literals(Vec::new()) } else { Pick::Members(arms, union.ty) });
    }
    if *ty == Type::Json {
        let literal = |it: &Value| match it {
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Bool(value) => Some(Literal::Boolean(*value)),
            Value::Number(number) => number.as_f64().map(Literal::Number),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let all: Option<Vec<Literal>> = values.iter().map(literal).collect();
        return all.map(|it| if it.is_empty() { Pick::Literals(it) } else { Pick::Json(it) });
    }
    literals(ctx, ty, values).map(Pick::Literals)
}

/// A limit at the end of what the type can hold.
pub(super) fn never_fails(test: &Test) -> bool {
    matches!(
        test,
        Test::Below(Number::Integer(i64::MIN))
            | Test::Above(Number::Integer(i64::MAX))
            | Test::Shorter { least: 0, .. }
            | Test::FewerItems(0)
    )
}

/// What fails when a value of the type breaks the constraint; `None`: no Rust for this. Of a type of several kinds, a
/// constraint looks at values of its own kind.
pub(super) fn test(ctx: &mut Ctx<'_>, ty: &Type, constraint: &Constraint, owner: Owner<'_>) -> Option<Test> {
    let several = *ty == Type::Json || members(ctx.api, ty).is_some();
    match constraint {
        Constraint::Enum(values) if several => return pick(ctx, ty, values, owner).map(Test::NotPicked),
        Constraint::Const(value) if several => {
            return pick(ctx, ty, std::slice::from_ref(value), owner).map(Test::NotPicked);
        }
        _ if *ty == Type::Json => {
            let (kind, ty) = match constraint {
                Constraint::MinLength(..) | Constraint::MaxLength(..) | Constraint::Pattern(_) => {
                    (JsonKind::Text, Type::String)
                }
                Constraint::MinItems(_) | Constraint::MaxItems(_) | Constraint::UniqueItems => {
                    (JsonKind::List, Type::Array(Box::new(Type::Json)))
                }
                _ => (JsonKind::Number, Type::Number),
            };
            let test = test(ctx, &ty, constraint, owner)?;
            return Some(if never_fails(&test) { test } else { Test::Json(kind, Box::new(test)) });
        }
        _ => {}
    }
    if let Some(union) = union_of(ctx, ty, owner) {
        let inner = union.owner(owner.span);
        let mut arms = Vec::new();
        let mut never = None;
        for (variant, member) in &union.members {
            match test(ctx, member, constraint, inner) {
                Some(test) if never_fails(&test) => never = Some(test),
                Some(test) => arms.push((variant.clone(), fields::ty(ctx, member, inner), test)),
                None => {}
            }
        }
        return if arms.is_empty() { never } else { Some(Test::Member { union: union.ty, arms }) };
    }
    let text = match ty {
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64 => Some(Text::Plain),
        Type::Named(id) if matches!(ctx.api.ty(*id).kind, TypeKind::Enum(_)) => Some(Text::Enum),
        _ => None,
    };
    let list = matches!(ty, Type::Array(_));
    let number = |limit: Num, round: fn(f64) -> f64| match ty {
        Type::Integer => Some(Number::Integer(match limit {
            Num::Integer(limit) => limit,
            // Saturates: a limit beyond i64 holds for every i64.
            Num::Float(limit) => round(limit) as i64,
        })),
        Type::Number => Some(Number::Float(limit.as_f64())),
        _ => None,
    };
    match constraint {
        Constraint::Enum(values) => Some(Test::NotOneOf { literals: literals(ctx, ty, values)? }),
        Constraint::Const(value) => Some(Test::NotOneOf { literals: literals(ctx, ty, std::slice::from_ref(value))? }),
        Constraint::Minimum(limit) => Some(Test::Below(number(*limit, f64::ceil)?)),
        Constraint::Maximum(limit) => Some(Test::Above(number(*limit, f64::floor)?)),
        Constraint::ExclusiveMinimum(limit) => Some(match number(*limit, f64::floor)? {
            Number::Integer(i64::MIN) => Test::Below(Number::Integer(i64::MIN + 1)),
            limit => Test::NotAbove(limit),
        }),
        Constraint::ExclusiveMaximum(limit) => Some(match number(*limit, f64::ceil)? {
            Number::Integer(i64::MAX) => Test::Above(Number::Integer(i64::MAX - 1)),
            limit => Test::NotBelow(limit),
        }),
        Constraint::MultipleOf(of) => match (ty, of) {
            (Type::Integer, Num::Integer(of)) => Some(Test::NotMultipleOf(Number::Integer(*of))),
            (Type::Integer | Type::Number, of) => Some(Test::NotMultipleOf(Number::Float(of.as_f64()))),
            _ => None,
        },
        Constraint::MinLength(least, weights) => {
            Some(Test::Shorter { text: text?, least: *least, han_double: *weights == Weights::HanDouble })
        }
        Constraint::MaxLength(most, weights) => {
            Some(Test::Longer { text: text?, most: *most, han_double: *weights == Weights::HanDouble })
        }
        Constraint::Pattern(pattern) => Some(Test::Pattern { text: text?, pattern: pattern.clone() }),
        Constraint::MinItems(least) => list.then_some(Test::FewerItems(*least)),
        Constraint::MaxItems(most) => list.then_some(Test::MoreItems(*most)),
        Constraint::UniqueItems => list.then_some(Test::NotUnique),
        Constraint::Required | Constraint::Forbidden | Constraint::Ignored | Constraint::Default(_) => None,
        Constraint::MaxBytes(most) => (*ty == Type::File).then_some(Test::Larger(*most)),
    }
}
