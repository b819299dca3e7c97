//! JSON samples: each is an example of the spec, and the fields of examples are declared.
//!
//! The facts hold a hash of each body, so that the spec stays the only place where bodies are written out.

use serde_json::Value;
use specwright_codegen::model::{Api, Example, ExampleOf, Location, Operation, Output, Record, Type, TypeKind};
use specwright_test_specs as testing;

use super::answers::Answer;
use super::document::{Document, text, texts};
use super::report::Report;
use super::{RouteTarget, Spec, shapes, wire};

pub(super) fn check(spec: &Spec<'_>, document: &Document, report: &mut Report) {
    let api = spec.api;
    for sample in document.entries("samples") {
        let (section, of) = (text(sample, "section"), text(sample, "of"));
        let operation = sample.get("operation").and_then(Value::as_str);
        let places: Vec<_> = match operation {
            Some(operation) => spec.places(operation).to_vec(),
            None => api.operations.iter().map(|it| RouteTarget::Call(it)).collect(),
        };
        let hash = text(sample, "hash");
        let is = |body: &Value| testing::hash(body) == hash;
        if of == "error" {
            if !api.errors.examples.iter().any(|it| is(&it.body)) {
                report.missing(section, "sample", "sample", format!("an error with {:?}", texts(sample, "keys")));
            }
            continue;
        }
        let mut found = false;
        let keyed = |op: &Operation| match sample.get("header").and_then(Value::as_str) {
            Some(header) => op.auth.iter().flatten().any(|it| wire::header(api, it) == Some(header)),
            None => true,
        };
        for place in places.iter().filter(|it| keyed(it.operation())) {
            let op = place.operation();
            let shown = |it: &&Example| match of {
                "part" => body(op, it, "request").is_some_and(|it| is(&part(&it, &texts(sample, "keys")))),
                _ => body(op, it, of).is_some_and(|it| is(&it)),
            };
            for example in op.examples.iter().filter(shown) {
                found = true;
                if !matches!(of, "request" | "part") {
                    undeclared(api, *place, example, section, report);
                }
            }
        }
        if !found {
            let expected = format!("{of} of {} with {:?} {hash}", operation.unwrap_or("any"), texts(sample, "keys"));
            report.missing(section, "sample", "sample", expected);
        }
    }
}

/// Some fields of a body, because documents show only the relevant part of a request.
fn part(body: &Value, keys: &[&str]) -> Value {
    let fields = body.as_object().into_iter().flatten().filter(|it| keys.contains(&it.0.as_str()));
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The part of an example for a kind of body.
fn body(op: &Operation, example: &Example, of: &str) -> Option<Value> {
    let response = |of| example.response.clone().filter(|_| example.of == of);
    match of {
        "request" => {
            let mut request = example.request.clone().filter(|_| example.invalid.is_empty())?;
            for field in op.parameters.fields.iter().filter(|it| it.location != Location::Body) {
                request.as_object_mut()?.shift_remove(&field.name);
            }
            Some(request)
        }
        "answer" => response(ExampleOf::Call),
        "status" => response(ExampleOf::Status),
        "callback" => response(ExampleOf::Callback),
        other => panic!("no such kind of sample: {other}"),
    }
}

/// Fields of an example that the response's type does not have. Responses are open, so no other check reports them.
fn undeclared(api: &Api, place: RouteTarget<'_>, example: &Example, section: &str, report: &mut Report) {
    let Some(shown) = &example.response else { return };
    let place = match (place, &place.operation().output) {
        (RouteTarget::Call(op), Output::Task(task)) if example.of != ExampleOf::Call => RouteTarget::Status(op, task),
        (place, _) => place,
    };
    let mut extra = Vec::new();
    match Answer::of(api, place) {
        Some(Answer::Type(ty)) => in_type(api, ty, unwrapped(place, shown), &mut extra),
        Some(Answer::Record(record)) => in_record(api, record, shown, &mut extra),
        Some(Answer::Status(record, task)) => {
            in_record(api, record, shown, &mut extra);
            let stage = task.stage.as_ref().map_or("", |it| it.field.as_str());
            extra.retain(|it| *it != task.state_field && format!("/{it}") != task.error_pointer && *it != stage);
        }
        None => {}
    }
    for field in extra {
        report.missing(section, &field, "field", format!("declared, as `{}` shows it", example.name));
    }
}

fn unwrapped<'a>(place: RouteTarget<'_>, shown: &'a Value) -> &'a Value {
    match &place.operation().output {
        Output::Json { wrapper: Some(key), .. } => shown.get(key).unwrap_or(shown),
        _ => shown,
    }
}

fn in_record(api: &Api, record: &Record, shown: &Value, extra: &mut Vec<String>) {
    for (name, value) in shown.as_object().into_iter().flatten() {
        match record.find(name) {
            Some((_, field)) => in_type(api, &field.ty, value, extra),
            None => extra.push(name.clone()),
        }
    }
}

fn in_type(api: &Api, ty: &Type, shown: &Value, extra: &mut Vec<String>) {
    match ty {
        Type::Array(items) => shown.as_array().into_iter().flatten().for_each(|it| in_type(api, items, it, extra)),
        Type::Named(id) if matches!(api.ty(*id).kind, TypeKind::Record(_)) => {
            let record = shapes::record_of(api, ty).expect("a record");
            in_record(api, record, shown, extra);
        }
        _ => {}
    }
}

#[test]
fn a_hash_does_not_depend_on_order_or_notation() {
    let of = |text: &str| testing::hash(&serde_json::from_str(text).expect("JSON"));
    assert_eq!(of(r#"{"b": 1.0, "a": [true]}"#), of(r#"{"a":[true],"b":1}"#));
    assert_ne!(of(r#"{"a": 1}"#), of(r#"{"a": "1"}"#));
}
