//! Turns a condition into values of parameters that make it hold.

use serde_json::{Map, Value, json};
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::check::{sample, sample_of};
use specwright_codegen::model::{
    Api, Condition, Field, FieldPath, Matcher, Operation, PathStep, Record, RuleKind, Test, Type, TypeKind,
};

use crate::sample::{get, put};

/// Ways of one condition that are tried.
const MOST_WAYS: usize = 24;

/// Fields of one rule that are there or not, in all ways.
const MOST_TOGGLED: usize = 4;

/// Items of a list that is made.
const MOST_ITEMS: usize = 200;

/// What one parameter, or a field inside of it, has to be; `None`: it is left out.
type Setting<'a> = (&'a FieldPath, Option<Value>);

/// Requests in which a condition of an operation holds, from one that may not.
pub(crate) fn requests(api: &Api, operation: &Operation, when: &Condition, base: &RequestParts) -> Vec<RequestParts> {
    let with = |settings: Vec<Setting<'_>>| {
        let mut request = base.clone();
        for (path, value) in settings {
            set(api, operation, &mut request, path, value);
        }
        request
    };
    ways(api, &operation.parameters, when, true).into_iter().map(with).collect()
}

/// Requests that have some of the fields of a rule and lack the others.
pub(crate) fn toggled(api: &Api, operation: &Operation, rule: &RuleKind, base: &RequestParts) -> Vec<RequestParts> {
    let paths: Vec<&FieldPath> = match rule {
        RuleKind::AnyOf(paths)
        | RuleKind::ExactlyOneOf(paths)
        | RuleKind::AtMostOneOf(paths)
        | RuleKind::AllOrNone(paths) => paths.iter().collect(),
        RuleKind::Requires(first, others) => std::iter::once(first).chain(others).collect(),
        RuleKind::Sum { terms, maximum: Some(most), .. } => {
            return terms
                .iter()
                .filter_map(|(path, weight)| crowded(api, operation, base, path, most / weight.max(&1)))
                .collect();
        }
        // Those ask for amounts.
        RuleKind::Compare(..) | RuleKind::Sum { .. } | RuleKind::TotalLength { .. } | RuleKind::SameKind(_) => {
            return Vec::new();
        }
    };
    let value = |path: &FieldPath| sample(api, reached(api, &operation.parameters, path)?);
    let sets = 1_usize << paths.len().min(MOST_TOGGLED);
    let with = |set: usize| {
        let mut request = base.clone();
        for (at, path) in paths.iter().enumerate() {
            let there = set & (1 << at.min(MOST_TOGGLED)) != 0;
            // Beside nothing else: neighbours may have rules of their own.
            put_alone(api, operation, &mut request, path, value(path).filter(|_| there));
        }
        request
    };
    (0..sets).map(with).collect()
}

/// The request with a list of one item more than so many.
fn crowded(api: &Api, operation: &Operation, base: &RequestParts, path: &FieldPath, most: u64) -> Option<RequestParts> {
    let field = reached(api, &operation.parameters, path)?;
    let is_list = |it: &&Type| matches!(it, Type::Array(_));
    let list = match &field.ty {
        Type::Union(members) => members.iter().find(is_list)?,
        other => Some(other).filter(is_list)?,
    };
    let Type::Array(item) = list else { return None };
    let item = sample_of(api, item)?;
    let count = usize::try_from(most).ok().filter(|it| *it < MOST_ITEMS)?;
    let mut request = base.clone();
    set(api, operation, &mut request, path, Some(Value::Array(vec![item; count + 1])));
    Some(request)
}

fn put_alone(api: &Api, operation: &Operation, request: &mut RequestParts, path: &FieldPath, value: Option<Value>) {
    if value.is_some()
        && let [.., PathStep::Field(id, _)] = path.steps.as_slice()
        && let TypeKind::Record(record) = &api.ty(*id).kind
    {
        for field in record.fields.iter().filter(|it| !it.always_required()) {
            let Some((ix, _)) = record.find(&field.name) else { continue };
            let mut steps = path.steps.clone();
            if let Some(last) = steps.last_mut() {
                *last = PathStep::Field(*id, ix);
            }
            if path.steps.len() > 1 {
                set(api, operation, request, &FieldPath { steps, ..path.clone() }, None);
            }
        }
    }
    set(api, operation, request, path, value);
}

fn set(api: &Api, operation: &Operation, request: &mut RequestParts, path: &FieldPath, value: Option<Value>) {
    let field = operation.parameters.field(path.field);
    if path.steps.is_empty() {
        return put(request, field, value);
    }
    let mut whole = get(request, field).cloned().or_else(|| sample(api, field)).unwrap_or_else(|| json!({}));
    if !whole.is_object() {
        whole = json!({});
    }
    set_inside(api, &mut whole, &path.steps, value);
    put(request, field, Some(whole));
}

fn set_inside(api: &Api, whole: &mut Value, steps: &[PathStep], value: Option<Value>) {
    let Some((PathStep::Field(id, ix), rest)) = steps.split_first() else { return };
    let TypeKind::Record(record) = &api.ty(*id).kind else { return };
    let field = record.field(*ix);
    let Some(object) = whole.as_object_mut() else { return };
    match (rest.is_empty(), value) {
        (true, Some(value)) => {
            object.insert(field.name.clone(), value);
        }
        (true, None) => {
            object.shift_remove(&field.name);
        }
        (false, value) => {
            let made = || sample(api, field).unwrap_or_else(|| Value::Object(Map::new()));
            set_inside(api, object.entry(field.name.clone()).or_insert_with(made), rest, value);
        }
    }
}

/// Settings that make a condition hold, or its opposite.
fn ways<'a>(api: &Api, record: &'a Record, condition: &'a Condition, holds: bool) -> Vec<Vec<Setting<'a>>> {
    let mut all = match (condition, holds) {
        (Condition::Always, true) => vec![Vec::new()],
        (Condition::Always, false) => Vec::new(),
        (Condition::Test(test), _) => of_test(api, record, test, holds),
        (Condition::Not(inner), _) => ways(api, record, inner, !holds),
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            parts.iter().fold(vec![Vec::new()], |before, part| {
                let own = ways(api, record, part, holds);
                let joined = before.iter().flat_map(|first: &Vec<Setting<'a>>| {
                    own.iter().map(|second| first.iter().chain(second).cloned().collect())
                });
                joined.take(MOST_WAYS).collect()
            })
        }
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            parts.iter().flat_map(|it| ways(api, record, it, holds)).collect()
        }
    };
    all.truncate(MOST_WAYS);
    all
}

fn of_test<'a>(api: &Api, record: &'a Record, test: &'a Test, holds: bool) -> Vec<Vec<Setting<'a>>> {
    let Some(field) = reached(api, record, &test.path) else { return Vec::new() };
    of_matcher(api, field, &test.matcher, holds).into_iter().map(|it| vec![(&test.path, it)]).collect()
}

fn reached<'a>(api: &'a Api, record: &'a Record, path: &FieldPath) -> Option<&'a Field> {
    let mut field = record.field(path.field);
    for step in &path.steps {
        let PathStep::Field(id, ix) = step else { return None };
        let TypeKind::Record(inner) = &api.ty(*id).kind else { return None };
        field = inner.field(*ix);
    }
    Some(field)
}

fn of_matcher(api: &Api, field: &Field, matcher: &Matcher, holds: bool) -> Vec<Option<Value>> {
    match (matcher, holds) {
        (Matcher::OneOf(values), true) => values.iter().cloned().map(Some).collect(),
        (Matcher::OneOf(values), false) => {
            let mut all: Vec<Option<Value>> =
                known(api, field).into_iter().filter(|it| !values.contains(it)).map(Some).collect();
            all.push(None);
            all
        }
        (Matcher::Present, true) | (Matcher::Absent, false) => {
            known(api, field).into_iter().take(2).map(Some).collect()
        }
        (Matcher::Present, false) | (Matcher::Absent, true) => vec![None],
        (Matcher::Null, true) => vec![Some(Value::Null)],
        (Matcher::Empty, true) => [json!(""), json!([]), json!({})].map(Some).to_vec(),
        (Matcher::Null | Matcher::Empty, false) => {
            known(api, field).into_iter().take(1).map(Some).chain([None]).collect()
        }
        (Matcher::Any(parts), true) => parts.iter().flat_map(|it| of_matcher(api, field, it, true)).collect(),
        (Matcher::Any(parts), false) => parts.iter().take(1).flat_map(|it| of_matcher(api, field, it, false)).collect(),
        (Matcher::Not(inner), _) => of_matcher(api, field, inner, !holds),
    }
}

/// Some values of a field.
fn known(api: &Api, field: &Field) -> Vec<Value> {
    let mut all: Vec<Value> = sample(api, field).into_iter().collect();
    match &field.ty {
        Type::Boolean => all.extend([json!(true), json!(false)]),
        Type::Named(id) => {
            if let TypeKind::Enum(def) = &api.ty(*id).kind {
                all.extend(def.values.iter().map(|it| Value::from(it.value.as_str())));
            }
        }
        _ => {}
    }
    all
}
