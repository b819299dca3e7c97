//! Parameters that have one value, which the client sets itself. They are texts in Rust: nobody would ever choose from an
//! enum of one value, and each enum costs the compiler of the crate as much as a dozen functions.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::model::{
    Api, Clause, Condition, Constraint, Field, Operation, Origin, Target, Type, TypeDef, TypeId, TypeKind,
};

/// The API with texts in place of such enums, which have no use any more; `None`: it has none.
pub(crate) fn as_texts(api: &Api) -> Option<(Api, BTreeSet<TypeId>)> {
    let single = single_values(api);
    if single.is_empty() {
        return None;
    }
    // What stays as it is is shared with the original.
    let mut changed = api.clone();
    let is_single = |it: &Field| matches!(it.ty, Type::Named(id) if single.contains(&id));
    for operation in changed.operations.iter_mut().filter(|it| it.parameters.fields.iter().any(is_single)) {
        for field in Arc::make_mut(operation).parameters.fields.iter_mut().filter(|it| is_single(it)) {
            let Type::Named(id) = field.ty else { continue };
            let Some(value) = only_value(api.ty(id)) else { continue };
            field.ty = Type::String;
            field.clauses.insert(0, must_be(value, field));
        }
    }
    Some((changed, single))
}

/// The enums that are nothing but the types of such parameters.
fn single_values(api: &Api) -> BTreeSet<TypeId> {
    let types = api.types.iter().enumerate();
    let mut single: BTreeSet<TypeId> =
        types.filter(|(_, it)| only_value(it).is_some()).map(|(index, _)| TypeId(index as u32)).collect();
    let mut others = Vec::new();
    for def in api.types.iter() {
        def.kind.mentions(&mut others);
    }
    for parameter in &api.client_parameters {
        parameter.ty.mentions(&mut others);
    }
    for operation in &api.operations {
        for field in operation.parameters.fields.iter().filter(|it| !is_set_by_client(operation, it)) {
            field.ty.mentions(&mut others);
        }
    }
    for id in others {
        single.remove(&id);
    }
    single
}

/// The value of an enum of one, which only requests hold.
fn only_value(def: &TypeDef) -> Option<&str> {
    let TypeKind::Enum(def_values) = &def.kind else { return None };
    let is_inline = def.inline && def.rust_name.is_none() && def.constructors.is_empty();
    match def_values.values.as_slice() {
        [only] if is_inline && !def_values.open && def.in_request && !def.in_response => Some(&only.value),
        _ => None,
    }
}

/// With variants, a builder for all of them lets callers set it; and of a list or a map, callers say how long it is.
fn is_set_by_client(operation: &Operation, field: &Field) -> bool {
    let is_itself = matches!(field.ty, Type::Named(_));
    operation.variants.is_empty() && is_itself && field.always_required() && !field.nullable && field.client.is_none()
}

fn must_be(value: &str, field: &Field) -> Clause {
    Clause {
        when: Condition::Always,
        target: Target::Value,
        constraint: Constraint::Enum(vec![Value::from(value)]),
        because: None,
        origin: Origin::default(),
        implied: false,
        span: field.span,
    }
}
