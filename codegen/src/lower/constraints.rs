//! Turns constraints into the tests that detect a violation.

use serde_json::Value;

use super::Ctx;
use super::fields::{self, Owner, literals, value_fits_type};
use super::numbers;
use super::unions::{member_names, members};
use super::view::{JsonKind, Literal, Number, OneOf, Test, Text, Ty, TypeName};
use crate::model::{Constraint, Excluded, LengthUnit, Type, TypeKind};
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
pub(super) fn one_of(ctx: &mut Ctx<'_>, ty: &Type, values: &[Value], owner: Owner<'_>) -> Option<OneOf> {
    if let Some(union) = union_of(ctx, ty, owner) {
        let inner = union.owner(owner.span);
        let mut arms = Vec::new();
        for (variant, member) in &union.members {
            let wanted: Vec<Value> = values.iter().filter(|it| value_fits_type(ctx, member, it)).cloned().collect();
            if !wanted.is_empty() {
                arms.push((variant.clone(), one_of(ctx, member, &wanted, inner)?));
            }
        }
        return Some(if arms.is_empty() { OneOf::Literals(Vec::new()) } else { OneOf::Members(arms, union.ty) });
    }
    if *ty == Type::Json {
        let all: Option<Vec<Literal>> = values.iter().map(scalar).collect();
        return all.map(|it| if it.is_empty() { OneOf::Literals(it) } else { OneOf::Json(it) });
    }
    literals(ctx, ty, values).map(OneOf::Literals)
}

/// A constant that stands by itself, whatever the type is.
pub(super) fn scalar(value: &Value) -> Option<Literal> {
    match value {
        Value::String(text) => Some(Literal::Text(text.clone())),
        Value::Bool(value) => Some(Literal::Boolean(*value)),
        Value::Number(number) => numbers::literal(number),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A limit at the end of what the type can hold.
pub(super) fn never_fails(test: &Test) -> bool {
    if let Test::Picked(OneOf::Literals(none)) = test {
        return none.is_empty();
    }
    matches!(
        test,
        Test::Below(Number::Integer(i64::MIN))
            | Test::Above(Number::Integer(i64::MAX))
            | Test::Below(Number::Unsigned(0))
            | Test::Above(Number::Unsigned(u64::MAX))
            | Test::NotMultipleOf(Number::Unsigned(1))
            | Test::NotMultipleOf(Number::Integer(1))
            | Test::Shorter { least: 0, .. }
            | Test::FewerItems(0)
            | Test::FewerProperties(0)
    )
}

/// What fails when a value of the type breaks the constraint; `None`: no Rust for this. Of a type of several kinds, a
/// constraint looks at values of its own kind.
pub(super) fn test(ctx: &mut Ctx<'_>, ty: &Type, constraint: &Constraint, owner: Owner<'_>) -> Option<Test> {
    let several = *ty == Type::Json || members(ctx.api, ty).is_some();
    match constraint {
        Constraint::Enum(values) if several => return one_of(ctx, ty, values, owner).map(Test::NotPicked),
        Constraint::Const(value) if several => {
            return one_of(ctx, ty, std::slice::from_ref(value), owner).map(Test::NotPicked);
        }
        Constraint::Not(Excluded::Values(values)) if several => {
            return one_of(ctx, ty, values, owner).map(Test::Picked);
        }
        _ if *ty == Type::Json => {
            let (kind, ty) = match constraint {
                Constraint::MinLength(..)
                | Constraint::MaxLength(..)
                | Constraint::Pattern(_)
                | Constraint::Not(Excluded::Pattern(_)) => (JsonKind::Text, Type::String),
                Constraint::Not(Excluded::Values(_)) => {
                    return None;
                }
                Constraint::MinItems(_) | Constraint::MaxItems(_) | Constraint::UniqueItems => {
                    (JsonKind::List, Type::Array(Box::new(Type::Json)))
                }
                Constraint::MinProperties(_) | Constraint::MaxProperties(_) | Constraint::PropertyNames(_) => {
                    (JsonKind::Object, Type::Map(Box::new(Type::Json)))
                }
                Constraint::Minimum(_)
                | Constraint::Maximum(_)
                | Constraint::ExclusiveMinimum(_)
                | Constraint::ExclusiveMaximum(_)
                | Constraint::MultipleOf(_) => {
                    return numbers::test(ty, constraint).map(|it| Test::Json(JsonKind::Number, Box::new(it)));
                }
                Constraint::Required
                | Constraint::Forbidden
                | Constraint::Ignored
                | Constraint::Enum(_)
                | Constraint::Const(_)
                | Constraint::MaxBytes(_)
                | Constraint::Default(_) => return None,
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
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
            Some(Text::Plain)
        }
        Type::Named(id) if matches!(ctx.api.ty(*id).kind, TypeKind::Enum(_)) => Some(Text::Enum),
        _ => None,
    };
    let list = matches!(ty, Type::Array(_));
    match constraint {
        Constraint::Enum(values) => Some(Test::NotOneOf { literals: literals(ctx, ty, values)? }),
        Constraint::Const(value) => Some(Test::NotOneOf { literals: literals(ctx, ty, std::slice::from_ref(value))? }),
        Constraint::Not(Excluded::Values(values)) => Some(Test::Picked(OneOf::Literals(literals(ctx, ty, values)?))),
        Constraint::Not(Excluded::Pattern(pattern)) => Some(Test::Matches { text: text?, pattern: pattern.clone() }),
        Constraint::Minimum(_)
        | Constraint::Maximum(_)
        | Constraint::ExclusiveMinimum(_)
        | Constraint::ExclusiveMaximum(_)
        | Constraint::MultipleOf(_) => numbers::test(ty, constraint),
        Constraint::MinLength(least, unit) => {
            Some(Test::Shorter { text: text?, least: *least, han_double: *unit == LengthUnit::HanDouble })
        }
        Constraint::MaxLength(most, unit) => {
            Some(Test::Longer { text: text?, most: *most, han_double: *unit == LengthUnit::HanDouble })
        }
        Constraint::Pattern(pattern) => Some(Test::Pattern { text: text?, pattern: pattern.clone() }),
        Constraint::MinItems(least) => list.then_some(Test::FewerItems(*least)),
        Constraint::MaxItems(most) => list.then_some(Test::MoreItems(*most)),
        Constraint::MinProperties(least) => matches!(ty, Type::Map(_)).then_some(Test::FewerProperties(*least)),
        Constraint::MaxProperties(most) => matches!(ty, Type::Map(_)).then_some(Test::MoreProperties(*most)),
        Constraint::PropertyNames(pattern) => {
            matches!(ty, Type::Map(_)).then(|| Test::OtherKeys { pattern: pattern.clone() })
        }
        Constraint::UniqueItems => match ty {
            Type::Array(item) => Some(Test::NotUnique { by_value: writes_alike(ctx, item, 0) }),
            _ => None,
        },
        Constraint::Required | Constraint::Forbidden | Constraint::Ignored | Constraint::Default(_) => None,
        Constraint::MaxBytes(most) => (*ty == Type::File).then_some(Test::Larger(*most)),
    }
}

/// Whether two values of the type that differ in Rust may be equal as JSON: `1` and `1.0` where any JSON may stand, or a
/// text that is written as one of an enum's values.
fn writes_alike(ctx: &Ctx<'_>, ty: &Type, depth: usize) -> bool {
    const DEEPEST: usize = 8;
    if depth > DEEPEST {
        return true;
    }
    match ty {
        Type::Json | Type::Union(_) => true,
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => writes_alike(ctx, inner, depth + 1),
        Type::Tuple(items) => items.iter().any(|it| writes_alike(ctx, it, depth + 1)),
        Type::Named(id) => {
            let def = ctx.api.ty(*id);
            match &def.kind {
                TypeKind::Enum(listed) => listed.open || def.in_response,
                TypeKind::Record(record) => {
                    let alike = |ty: &Type| writes_alike(ctx, ty, depth + 1);
                    record.open || def.in_response || record.types().any(alike)
                }
                TypeKind::Union { .. } | TypeKind::Tagged(_) => true,
            }
        }
        Type::String
        | Type::Integer
        | Type::Sized(_)
        | Type::Number
        | Type::Boolean
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Formatted(_)
        | Type::Base64
        | Type::File => false,
    }
}
