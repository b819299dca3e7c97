//! Values that are listed: `enum`, `const`.

use serde_json::{Number, Value, json};

use super::words::{Words, limit, one_of, one_of_short};
use super::{AppliesTo, ArgumentKind, BASE, BoundaryBase, Keyword, Schema, Written};
use crate::model::{Constraint, Type, TypeKind, same_value};

/// Values of an `enum` that are tried.
const MOST_TRIED: usize = 40;

const LISTED: Keyword = Keyword {
    applies_to: AppliesTo::Scalars,
    holds: |it, value| Some(listed(it).is_none_or(|all| all.iter().any(|it| same_value(it, value)))),
    boundary_values: |it, base| {
        let values = listed(it).unwrap_or_default();
        values.iter().take(MOST_TRIED).cloned().chain(others(base, values)).collect()
    },
    ..BASE
};

pub(super) const KEYWORDS: [Keyword; 2] = [
    // Its values may have words of their own.
    Keyword {
        name: "enum",
        words: Words::Own(one_of, one_of_short),
        schema: |it| Schema::Exact("enum", json!(listed(it))),
        ..LISTED
    },
    Keyword {
        name: "const",
        argument: ArgumentKind::Scalar,
        words: Words::Own(one_of, |it| format!("always {}", limit(it).unwrap_or_default())),
        constraint: |it, _| if let Written::Scalar(value) = it { Some(Constraint::Const(value.clone())) } else { None },
        schema: |it| Schema::Exact("const", listed(it).and_then(|it| it.first()).cloned().unwrap_or_default()),
        ..LISTED
    },
];

/// The values that a constraint lists; `None` of one that lists none.
#[must_use]
pub fn listed(constraint: &Constraint) -> Option<&[Value]> {
    match constraint {
        Constraint::Enum(values) => Some(values),
        Constraint::Const(value) => Some(std::slice::from_ref(value)),
        _ => None,
    }
}

/// Values of the type that are none of those.
fn others(base: &BoundaryBase<'_>, values: &[Value]) -> Vec<Value> {
    let others: Vec<Value> = match base.ty {
        Type::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Type::Integer | Type::Sized(_) | Type::Number => {
            let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
            let beside = numbers.iter().flat_map(|it| [it - 1.0, it + 1.0]);
            let halves = numbers.iter().map(|it| it + 0.5).filter(|_| *base.ty == Type::Number).collect::<Vec<_>>();
            let whole = beside.map(|it| if it.fract() == 0.0 { Some(Value::from(it as i64)) } else { float(it) });
            whole.flatten().chain(halves.into_iter().filter_map(float)).collect()
        }
        Type::Named(id) => match &base.api.ty(*id).kind {
            TypeKind::Enum(def) => def.values.iter().map(|it| Value::from(it.value.as_str())).collect(),
            _ => Vec::new(),
        },
        Type::String | Type::Json => vec![Value::from("no such value")],
        _ => Vec::new(),
    };
    others.into_iter().filter(|it| !values.iter().any(|listed| same_value(it, listed))).collect()
}

fn float(number: f64) -> Option<Value> {
    Number::from_f64(number).map(Value::Number)
}
