//! Values just inside and just outside one constraint, derived from a valid value.

use serde_json::{Number, Value};

use crate::check::cardinality::numbers::Range;
use crate::check::cardinality::{Limits, text as texts};
use crate::model::{Api, Constraint, LengthUnit, Num, Target, Type, TypeKind};

/// Characters and items of what is made, at most.
const LONGEST: u64 = 50_000;
const MOST_ITEMS: u64 = 300;

/// Times that have 60 seconds where a leap second can be, and where none can be.
pub(super) const TIMES: [&str; 6] = [
    "2016-12-31T23:59:60Z",
    "2017-01-01T08:59:60+09:00",
    "2015-06-30T15:59:60.5-08:00",
    "2016-12-31T23:58:60Z",
    "2016-12-31T23:59:60+09:00",
    "2016-03-31T23:59:60Z",
];

/// Values around a limit, beside which others may hold. Which side each is on is for the interpreter to say.
pub(super) fn boundary_values(
    api: &Api,
    ty: &Type,
    constraint: &Constraint,
    beside: &[&Constraint],
    base: &Value,
) -> Vec<Value> {
    let whole = *ty == Type::Integer;
    match constraint {
        Constraint::Minimum(limit)
        | Constraint::Maximum(limit)
        | Constraint::ExclusiveMinimum(limit)
        | Constraint::ExclusiveMaximum(limit) => {
            // On the grid that other limits leave.
            let on_grid = Range::new(beside.iter().copied(), whole).around((*limit).into());
            numbers(*limit, whole).into_iter().chain(on_grid.into_iter().map(Value::Number)).collect()
        }
        Constraint::MultipleOf(unit) => {
            let within = |all: Range| all.samples().into_iter().map(Value::Number);
            let others = within(Range::new(beside.iter().copied(), whole));
            let multiples_within = within(Range::new(beside.iter().copied().chain([constraint]), whole));
            multiples(*unit, base.as_f64().unwrap_or(0.0)).into_iter().chain(multiples_within).chain(others).collect()
        }
        Constraint::MinLength(limit, weights) | Constraint::MaxLength(limit, weights) => match base.as_str() {
            Some(text) => {
                let resized = near(*limit).filter_map(|it| resized(text, it));
                let patterned = beside.iter().any(|it| matches!(it, Constraint::Pattern(_)));
                let made = near(*limit).filter(|_| patterned).filter_map(|it| of_length(ty, beside, it, *weights));
                resized.chain(made).map(Value::from).collect()
            }
            None => Vec::new(),
        },
        Constraint::MinItems(limit) | Constraint::MaxItems(limit) => match base.as_array() {
            Some(items) => near(*limit).filter_map(|it| repeated(api, ty, items, it)).collect(),
            None => Vec::new(),
        },
        Constraint::UniqueItems => match base.as_array().and_then(|it| it.first()) {
            Some(first) => vec![Value::from(vec![first.clone(), first.clone()])],
            None => Vec::new(),
        },
        Constraint::Enum(values) => values.iter().take(40).cloned().chain(others(api, ty, values)).collect(),
        Constraint::Const(value) => {
            std::iter::once(value.clone()).chain(others(api, ty, std::slice::from_ref(value))).collect()
        }
        Constraint::Pattern(_) => ["", " ", "!", "a", "A", "0", "\u{e9}"].map(Value::from).to_vec(),
        Constraint::Required
        | Constraint::Forbidden
        | Constraint::Ignored
        | Constraint::MaxBytes(_)
        | Constraint::Default(_) => Vec::new(),
    }
}

fn near(limit: u64) -> impl Iterator<Item = u64> {
    [limit.checked_sub(1), Some(limit), limit.checked_add(1)].into_iter().flatten()
}

fn numbers(limit: Num, whole: bool) -> Vec<Value> {
    let at = match limit {
        Num::Integer(at) => {
            let mut values: Vec<Value> =
                [at.checked_sub(1), Some(at), at.checked_add(1)].into_iter().flatten().map(Value::from).collect();
            if !whole {
                values.extend([at as f64 - 0.5, at as f64 + 0.5].into_iter().filter_map(float));
            }
            return values;
        }
        Num::Float(at) => at,
    };
    if whole {
        return vec![Value::from(at.floor() as i64), Value::from(at.ceil() as i64)];
    }
    [at, at - 0.1, at + 0.1].into_iter().filter_map(float).collect()
}

fn multiples(unit: Num, base: f64) -> Vec<Value> {
    match unit {
        Num::Integer(unit) if unit != 0 => {
            let at = (base as i64 / unit).saturating_add(1).saturating_mul(unit);
            [at, at.saturating_add(1), at.saturating_add(unit)].map(Value::from).to_vec()
        }
        Num::Integer(_) => Vec::new(),
        Num::Float(unit) => [base + unit, base + unit * 0.5, base - unit * 0.5].into_iter().filter_map(float).collect(),
    }
}

fn float(number: f64) -> Option<Value> {
    Number::from_f64(number).map(Value::Number)
}

/// A text of that length that matches the patterns beside.
fn of_length(ty: &Type, beside: &[&Constraint], length: u64, weights: LengthUnit) -> Option<String> {
    let exact = [Constraint::MinLength(length, weights), Constraint::MaxLength(length, weights)];
    let patterns = beside.iter().copied().filter(|it| matches!(it, Constraint::Pattern(_)));
    let limits: Vec<(Target, &Constraint)> = patterns.chain(&exact).map(|it| (Target::Value, it)).collect();
    texts::example(ty, Limits::new(&limits), &|_| false)
}

/// The text cut or filled up with `a`.
pub(super) fn resized(text: &str, length: u64) -> Option<String> {
    let length = (length <= LONGEST).then_some(length as usize)?;
    let kept: String = text.chars().take(length).collect();
    let missing = length - kept.chars().count();
    Some(kept + &"a".repeat(missing))
}

/// So many items: those there are, then more like the last; texts are kept apart.
pub(super) fn repeated(api: &Api, ty: &Type, items: &[Value], count: u64) -> Option<Value> {
    let count = (count <= MOST_ITEMS).then_some(count as usize)?;
    let mut all: Vec<Value> = items.iter().take(count).cloned().collect();
    let last = items.last();
    while all.len() < count {
        let at = all.len();
        all.push(match (last?, ty) {
            (Value::String(text), Type::Array(item)) if is_free_text(api, item) => Value::from(format!("{text}{at}")),
            (Value::Number(number), _) => match number.as_i64() {
                Some(number) => Value::from(number.saturating_add(at as i64)),
                None => last?.clone(),
            },
            (other, _) => other.clone(),
        });
    }
    Some(Value::Array(all))
}

fn is_free_text(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::String | Type::Url | Type::HttpsUrl => true,
        Type::Named(id) => matches!(&api.ty(*id).kind, TypeKind::Enum(def) if def.open),
        _ => false,
    }
}

/// Values of the type that are none of those.
fn others(api: &Api, ty: &Type, values: &[Value]) -> Vec<Value> {
    let others: Vec<Value> = match ty {
        Type::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Type::Integer | Type::Number => {
            let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
            let beside = numbers.iter().flat_map(|it| [it - 1.0, it + 1.0]);
            let halves = numbers.iter().map(|it| it + 0.5).filter(|_| *ty == Type::Number).collect::<Vec<_>>();
            let whole = beside.map(|it| if it.fract() == 0.0 { Some(Value::from(it as i64)) } else { float(it) });
            whole.flatten().chain(halves.into_iter().filter_map(float)).collect()
        }
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => def.values.iter().map(|it| Value::from(it.value.as_str())).collect(),
            _ => Vec::new(),
        },
        Type::String | Type::Json => vec![Value::from("no such value")],
        _ => Vec::new(),
    };
    others.into_iter().filter(|it| !values.contains(it)).collect()
}
