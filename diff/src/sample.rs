//! Requests that may be accepted by one spec and refused by another: what witnesses are looked for among.

use serde_json::{Map, Value, json};
use specwright_codegen::boundary::{self, RequestParts};
use specwright_codegen::check::{sample, sample_of};
use specwright_codegen::constraints::{self, BoundaryBase};
use specwright_codegen::interpret::{self, Request, Verdict};
use specwright_codegen::model::{
    Api, Constraint, EnumValue, Field, Location, Operation, TaggedUnion, Type, TypeId, TypeKind,
};
use specwright_codegen::pattern::{Difference, Pattern, difference};

use crate::gap::{Gap, GapKind, Limit, Step};
use crate::pairs;
use crate::prove::lengths;
use crate::requests::Call;

/// Characters of texts that are made.
const LONGEST: u64 = 5_000;

/// What an operation says of a request.
pub(crate) fn verdict(call: Call<'_>, request: &RequestParts) -> Verdict {
    #[cfg(test)]
    crate::work_tests::asked();
    let RequestParts { path, query, headers, body } = request;
    interpret::validate(call.api, call.operation(), &Request { path, query, headers, body: body.as_ref() })
}

/// The requests of an operation that its boundaries and examples give, legal or not.
pub(crate) fn known_requests(call: Call<'_>) -> Vec<RequestParts> {
    let operation = call.operation();
    let mut all: Vec<RequestParts> = boundary::suite(call.api, operation).into_iter().map(|it| it.request).collect();
    let examples = operation.examples.iter().filter_map(|it| it.request.as_ref()?.as_object());
    all.extend(examples.map(|it| from_names(operation, it)));
    if all.is_empty() {
        all.push(RequestParts::default());
    }
    all
}

/// A request from parameters by name.
pub(crate) fn from_names(operation: &Operation, values: &Map<String, Value>) -> RequestParts {
    let mut parts = RequestParts::default();
    let mut body = Map::new();
    for (name, value) in values {
        let Some((_, field)) = operation.parameters.find(name) else {
            if operation.has_body {
                body.insert(name.clone(), value.clone());
            }
            continue;
        };
        set(&mut parts, &mut body, field, value.clone());
    }
    if operation.whole_body().is_none() && (operation.has_body || !body.is_empty()) {
        parts.body = Some(Value::Object(body));
    }
    parts
}

fn set(parts: &mut RequestParts, body: &mut Map<String, Value>, field: &Field, value: Value) {
    let place = match field.location {
        Location::WholeBody => return parts.body = Some(value),
        Location::Body => body,
        Location::Path => &mut parts.path,
        Location::Query => &mut parts.query,
        Location::Header => &mut parts.headers,
        Location::Cookie => return interpret::put_cookie(&mut parts.headers, field.sent_name(), Some(value)),
    };
    place.insert(field.sent_name().to_owned(), value);
}

/// Puts a value into a request, or takes it out.
pub(crate) fn put(request: &mut RequestParts, field: &Field, value: Option<Value>) {
    let place = match field.location {
        Location::WholeBody => return request.body = value,
        Location::Body => {
            let body = request.body.get_or_insert_with(|| Value::Object(Map::new()));
            let Some(body) = body.as_object_mut() else { return };
            body
        }
        Location::Path => &mut request.path,
        Location::Query => &mut request.query,
        Location::Header => &mut request.headers,
        Location::Cookie => return interpret::put_cookie(&mut request.headers, field.sent_name(), value),
    };
    match value {
        Some(value) => {
            place.insert(field.sent_name().to_owned(), value);
        }
        None => {
            place.shift_remove(field.sent_name());
        }
    }
}

/// Requests of an operation that it accepts, first those made to have a parameter.
pub(crate) fn with_sample(call: Call<'_>, field: &Field) -> Vec<RequestParts> {
    let known: Vec<RequestParts> = known_requests(call).into_iter().filter(|it| verdict(call, it).is_valid()).collect();
    let made = known.iter().filter_map(|it| {
        let mut request = it.clone();
        put(&mut request, field, Some(sample(call.api, field)?));
        Some(request)
    });
    let mut all: Vec<RequestParts> = made.take(8).collect();
    all.extend(known);
    all
}

/// What a request has of a parameter.
pub(crate) fn get<'r>(request: &'r RequestParts, field: &Field) -> Option<&'r Value> {
    match field.location {
        Location::WholeBody => request.body.as_ref(),
        Location::Body => request.body.as_ref()?.get(field.sent_name()),
        Location::Path => request.path.get(field.sent_name()),
        Location::Query => request.query.get(field.sent_name()),
        Location::Header => request.headers.get(field.sent_name()),
        Location::Cookie => request.headers.get("Cookie")?.get(field.sent_name()),
    }
}

/// A request of one operation as the other names its path parameters.
pub(crate) fn renamed(request: &RequestParts, from: &Operation, to: &Operation) -> RequestParts {
    let (own, theirs) = (pairs::path_parameters(from), pairs::path_parameters(to));
    let mut renamed = request.clone();
    if own.len() != theirs.len() {
        return renamed;
    }
    renamed.path = Map::new();
    for (name, value) in &request.path {
        let at = own.iter().position(|it| from.parameters.field(*it).sent_name() == name);
        let other = at.and_then(|it| theirs.get(it)).map(|it| to.parameters.field(*it).sent_name().to_owned());
        renamed.path.insert(other.unwrap_or_else(|| name.clone()), value.clone());
    }
    renamed
}

/// Values of a parameter that have at a place what may be refused.
pub(crate) fn aimed(old: &Api, field: &Field, steps: &[Step<'_>], gap: &Gap<'_>) -> Vec<Value> {
    let ty = steps.iter().rev().find_map(|it| match it {
        Step::Field(field) => Some(&field.ty),
        Step::Member(ty) | Step::Place(_, ty) => Some(*ty),
        Step::Item | Step::Entry | Step::Tagged(..) => None,
    });
    let ty = ty.unwrap_or(&field.ty);
    let leaves: Vec<Value> = match &gap.kind {
        GapKind::Value { value, tag: false } => vec![value.as_str().into()],
        GapKind::Value { tag: true, .. } | GapKind::Removed | GapKind::Moved { .. } => {
            leaf_sample(old, field, steps).into_iter().collect()
        }
        GapKind::Unlisted { samples, .. } => samples.clone(),
        GapKind::Null => vec![Value::Null],
        GapKind::Type { ty, .. } => of_type(old, ty),
        GapKind::Limit { limit: Limit::Clause(target, constraint), .. } => {
            let mut all = around(old, ty, constraint, field);
            if *target == specwright_codegen::model::Target::Items {
                let item = match ty {
                    Type::Array(item) | Type::Map(item) => item.non_null(),
                    other => other,
                };
                let wrap = |it: Value| match ty {
                    Type::Map(_) => json!({"key": it}),
                    _ => json!([it]),
                };
                all = around(old, item, constraint, field).into_iter().map(wrap).collect();
            }
            all
        }
        GapKind::Limit { .. } | GapKind::Required { .. } | GapKind::Closed | GapKind::Body(_) => Vec::new(),
    };
    let mut values = Vec::new();
    if let (GapKind::Required { .. }, Some((Step::Field(last), before))) = (&gap.kind, steps.split_last()) {
        // An object without the field.
        if let Some(mut whole) = built(old, field, before, None) {
            remove(&mut whole, before, &last.name);
            values.push(whole);
        }
    }
    if matches!(gap.kind, GapKind::Closed) {
        values.extend(built(old, field, steps, None).map(|mut whole| {
            if let Some(Value::Object(object)) = at_mut(&mut whole, steps) {
                object.insert("unheard_of".to_owned(), json!(1));
            }
            whole
        }));
    }
    if steps.is_empty() {
        values.extend(leaves);
    } else {
        values.extend(leaves.into_iter().filter_map(|it| built(old, field, steps, Some(it))));
    }
    values
}

fn leaf_sample(api: &Api, field: &Field, steps: &[Step<'_>]) -> Option<Value> {
    match steps.last() {
        None => sample(api, field),
        Some(Step::Field(field)) => sample(api, field),
        Some(Step::Member(ty) | Step::Place(_, ty)) => sample_of(api, ty),
        Some(Step::Tagged(union, tag, id)) => tagged_sample(api, union, tag, *id),
        Some(Step::Item | Step::Entry) => None,
    }
}

fn tagged_sample(api: &Api, union: &TaggedUnion, tag: &EnumValue, id: TypeId) -> Option<Value> {
    let mut object = match &api.ty(id).kind {
        TypeKind::Record(record) if record.fields.is_empty() => json!({}),
        _ => sample_of(api, &Type::Named(id)).unwrap_or_else(|| json!({})),
    };
    object.as_object_mut()?.insert(union.tag.clone(), union.tag_value(tag));
    Some(object)
}

/// Several values of a type.
fn of_type(api: &Api, ty: &Type) -> Vec<Value> {
    let mut all: Vec<Value> = sample_of(api, ty).into_iter().collect();
    match ty {
        Type::String | Type::Base64 => all.extend(["a", "no such value", "12", "x y", ""].map(Value::from)),
        Type::Url => all.extend(["http://example.com/", "https://example.com/a"].map(Value::from)),
        Type::Integer => all.extend([json!(0), json!(-1), json!(3_000_000_000_i64), json!(-3_000_000_000_i64)]),
        Type::Number => all.extend([json!(0.5), json!(1), json!(-1.5)]),
        Type::Boolean => all.extend([json!(true), json!(false)]),
        Type::Json => all.extend([json!(1), json!("a"), json!([]), json!({"a": 1}), json!(true)]),
        Type::Named(id) => {
            if let TypeKind::Enum(def) = &api.ty(*id).kind {
                all.extend(def.values.iter().map(|it| Value::from(it.value.as_str())));
            }
        }
        _ => {}
    }
    all
}

/// Values on both sides of a limit.
fn around(api: &Api, ty: &Type, constraint: &Constraint, field: &Field) -> Vec<Value> {
    let own: Vec<&Constraint> = field.clauses.iter().map(|it| &it.constraint).collect();
    if let Constraint::MaxBytes(most) = constraint {
        // A file of which nothing but its size is known.
        return vec![json!({"size": most + 1})];
    }
    let bases: Vec<Value> = sample(api, field).into_iter().chain(of_type(api, ty)).collect();
    let mut all = Vec::new();
    for value in bases.iter().take(4) {
        let base = BoundaryBase { api, ty: ty.non_null(), beside: &[], value };
        all.extend((constraints::of(constraint).boundary_values)(constraint, &base));
    }
    all.extend(bases);
    for limit in &own {
        // The last that the old limit takes is often the first that the new one does not.
        let Some(value) = all.first().cloned() else { break };
        let base = BoundaryBase { api, ty: ty.non_null(), beside: &[], value: &value };
        all.extend((constraints::of(limit).boundary_values)(limit, &base));
    }
    for limit in own.iter().copied().chain([constraint]) {
        if let Constraint::MinLength(count, _) | Constraint::MaxLength(count, _) = limit
            && *count <= LONGEST
        {
            // Texts of characters that some limits count twice.
            all.push("漢".repeat(*count as usize).into());
        }
    }
    if let Constraint::Pattern(text) = constraint
        && let Ok(theirs) = Pattern::parse(text)
    {
        let patterns = own.iter().filter_map(|it| match it {
            Constraint::Pattern(text) => Pattern::parse(text).ok(),
            _ => None,
        });
        for own_pattern in patterns.chain(Pattern::parse("").ok()) {
            if let Difference::Text(text) = difference(&own_pattern, &theirs, &lengths(&own)) {
                all.push(text.into());
            }
        }
    }
    all.dedup();
    all.truncate(48);
    all
}

/// A value of a parameter with another value at a place in it.
fn built(api: &Api, field: &Field, steps: &[Step<'_>], leaf: Option<Value>) -> Option<Value> {
    let mut whole = match steps.first() {
        Some(Step::Member(ty)) => sample_of(api, ty),
        Some(Step::Tagged(union, tag, id)) => tagged_sample(api, union, tag, *id),
        _ => sample(api, field),
    }?;
    fill(api, &mut whole, &field.ty, steps, leaf);
    Some(whole)
}

fn fill(api: &Api, value: &mut Value, ty: &Type, steps: &[Step<'_>], leaf: Option<Value>) {
    let Some((step, rest)) = steps.split_first() else {
        if let Some(leaf) = leaf {
            *value = leaf;
        }
        return;
    };
    match step {
        Step::Field(field) => {
            if let Some(object) = value.as_object_mut() {
                let inner = object.entry(field.name.clone()).or_insert_with(|| sample(api, field).unwrap_or_default());
                fill(api, inner, &field.ty, rest, leaf);
            }
        }
        Step::Item => {
            let item = item_type(ty);
            if !value.is_array() || value.as_array().is_some_and(Vec::is_empty) {
                *value = Value::Array(vec![sample_of(api, item).unwrap_or_default()]);
            }
            if let Some(first) = value.as_array_mut().and_then(|it| it.first_mut()) {
                fill(api, first, item, rest, leaf);
            }
        }
        Step::Place(at, ty) => {
            if let Some(item) = value.get_mut(*at) {
                fill(api, item, ty, rest, leaf);
            }
        }
        Step::Entry => {
            let item = item_type(ty);
            if let Some(object) = value.as_object_mut() {
                let inner = object.entry("key").or_insert_with(|| sample_of(api, item).unwrap_or_default());
                fill(api, inner, item, rest, leaf);
            }
        }
        Step::Member(member) => {
            if let Some(made) = sample_of(api, member) {
                *value = made;
            }
            fill(api, value, member, rest, leaf);
        }
        Step::Tagged(union, tag, id) => {
            if let Some(made) = tagged_sample(api, union, tag, *id) {
                *value = made;
            }
            fill(api, value, &Type::Named(*id), rest, leaf);
        }
    }
}

fn item_type(ty: &Type) -> &Type {
    match ty {
        Type::Array(item) | Type::Map(item) => item,
        Type::Nullable(inner) => item_type(inner),
        other => other,
    }
}

fn at_mut<'v>(value: &'v mut Value, steps: &[Step<'_>]) -> Option<&'v mut Value> {
    let mut value = value;
    for step in steps {
        value = match step {
            Step::Field(field) => value.get_mut(&field.name)?,
            Step::Item => value.as_array_mut()?.first_mut()?,
            Step::Place(at, _) => value.get_mut(*at)?,
            Step::Entry => value.as_object_mut()?.values_mut().last()?,
            Step::Member(_) | Step::Tagged(..) => value,
        };
    }
    Some(value)
}

fn remove(whole: &mut Value, steps: &[Step<'_>], name: &str) {
    if let Some(Value::Object(object)) = at_mut(whole, steps) {
        object.shift_remove(name);
    }
}
