//! Values that are listed: `enum`, `const`, and `not`.

use serde_json::{Number, Value, json};

use super::words::{Words, limit, one_of, one_of_short};
use super::{AppliesTo, ArgumentFault, ArgumentKind, BASE, BoundaryBase, Keyword, Schema, Written};
use crate::model::number;
use crate::model::{Constraint, Excluded, Type, TypeKind, same_value};
use crate::pattern::{Lengths, Pattern, Texts};
use crate::prose::either;

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

pub(super) const KEYWORDS: [Keyword; 3] = [
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
    Keyword {
        name: "not",
        argument: ArgumentKind::Excluded,
        applies_to: AppliesTo::Scalars,
        words: Words::Own(
            |it| format!("must not {}", excluded_words(it, "be", "match")),
            |it| match it {
                Constraint::Not(Excluded::Pattern(_)) => format!("does not match {}", limit(it).unwrap_or_default()),
                _ => format!("not {}", limit(it).unwrap_or_default()),
            },
        ),
        constraint: |it, _| if let Written::Excluded(it) = it { Some(Constraint::Not(it.clone())) } else { None },
        fault: |it| match it {
            Written::Excluded(Excluded::Pattern(text)) => Pattern::parse(text).err().map(ArgumentFault::Pattern),
            _ => None,
        },
        holds: |it, value| match it {
            Constraint::Not(Excluded::Values(all)) => Some(!all.iter().any(|it| same_value(it, value))),
            _ if value.is_string() => None,
            _ => Some(true),
        },
        schema: |it| match it {
            Constraint::Not(Excluded::Values(all)) => Schema::Exact("not", json!({ "enum": all })),
            Constraint::Not(Excluded::Pattern(text)) => {
                Schema::Exact("not", json!({"type": "string", "pattern": text}))
            }
            _ => Schema::None,
        },
        boundary_values: |it, base| match it {
            Constraint::Not(Excluded::Values(all)) => {
                all.iter().take(MOST_TRIED).cloned().chain(others(base, all)).collect()
            }
            Constraint::Not(Excluded::Pattern(text)) => {
                let matching = Pattern::parse(text).ok().and_then(|it| Texts::new(&[it], &Lengths::default()));
                let matching = matching.iter().flat_map(|it| (0..3).filter_map(|nth| it.nth(nth)));
                matching.map(Value::from).chain(["", "a", "0", "!"].map(Value::from)).collect()
            }
            _ => Vec::new(),
        },
        ..BASE
    },
];

/// `be one of …`, `match …`.
fn excluded_words(constraint: &Constraint, be: &str, matches: &str) -> String {
    let limit = limit(constraint).unwrap_or_default();
    match constraint {
        Constraint::Not(Excluded::Pattern(_)) => format!("{matches} {limit}"),
        Constraint::Not(Excluded::Values(all)) if all.len() <= 2 => format!("{be} {}", either(all)),
        _ => format!("{be} one of {limit}"),
    }
}

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
            let number =
                |it: f64| if it.fract() == 0.0 { number::whole(it as i128).map(Value::Number) } else { float(it) };
            let whole = beside.map(number);
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
