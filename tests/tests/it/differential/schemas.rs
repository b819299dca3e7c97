//! A third implementation: the exported schemas, evaluated by an independent JSON Schema validator.
//!
//! A schema expresses less than a spec (no rules over amounts, and not that a constraint of a union applies to values of
//! one kind), but it must accept what the interpreter accepts. For numbers it expresses everything.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use specwright_codegen::boundary;
use specwright_codegen::emit::openapi::{self, Version};
use specwright_codegen::interpret::{self, Request, Violation};
use specwright_codegen::model::{Api, Encoding, Location, Operation};

use super::{RandomSource, mutate};
use crate::{apis, files, project};

/// The number of random bodies per operation.
const TRIES: usize = 600;

/// A validator for the body of an operation. `None` if the operation has no JSON body, or shares its path with another.
fn body_of(api: &Api, document: &Value, op: &Operation) -> Option<Validator> {
    let (method, path) = (op.method.as_str().to_ascii_lowercase(), op.path_template());
    let twins = api.operations.iter().filter(|it| it.method == op.method && it.path_template() == path);
    if !op.has_body || op.encoding != Encoding::Json || twins.count() > 1 {
        return None;
    }
    let escaped = path.replace('~', "~0").replace('/', "~1");
    let place = format!("/paths/{escaped}/{method}/requestBody/content/application~1json/schema");
    document.pointer(&place)?;
    let mut root = document.clone();
    root["$ref"] = format!("#{}", place.replace('{', "%7B").replace('}', "%7D")).into();
    Some(jsonschema::draft202012::new(&root).unwrap_or_else(|error| panic!("{place}: {error}")))
}

fn violations(api: &Api, op: &Operation, body: &Value) -> Vec<Violation> {
    let nothing = Map::new();
    let request = Request { path: &nothing, query: &nothing, headers: &nothing, body: Some(body) };
    let mut found = interpret::validate(api, op, &request).violations;
    found.retain(|it| it.location.in_body());
    found
}

fn bodies(api: &Api, op: &Operation) -> Vec<Value> {
    let mut chance = RandomSource::new(&op.full_name(api));
    if let Some((_, field)) = op.whole_body() {
        let suite = boundary::suite(api, op).into_iter().filter_map(|it| it.request.body);
        let named = suite.map(|it| Map::from_iter([(field.name.clone(), it)]));
        let seeds: Vec<Map<String, Value>> = named.collect();
        let random = (0..TRIES).map(|_| chance.request(api, &op.parameters, &seeds));
        let random: Vec<_> = random.collect();
        return seeds.into_iter().chain(random).filter_map(|mut it| it.remove(&field.name)).collect();
    }
    let suite = boundary::suite(api, op).into_iter().filter_map(|it| it.request.body?.as_object().cloned());
    let mut bodies: Vec<Map<String, Value>> = suite.collect();
    let in_body = |name: &String| op.parameters.find(name).is_none_or(|(_, it)| it.location == Location::Body);
    for _ in 0..TRIES {
        let mut body = chance.request(api, &op.parameters, &bodies);
        body.retain(|name, _| in_body(name));
        bodies.push(body);
    }
    bodies.into_iter().map(Value::Object).collect()
}

/// Checks that the schema accepts what the interpreter accepts.
fn agree(project: &std::path::Path, name: &str) {
    let api = apis::of(project, name);
    let document = openapi::document(api, Version::V3_1);
    let mut refused = Vec::new();
    for op in &api.operations {
        let Some(schema) = body_of(api, &document, op) else { continue };
        for body in bodies(api, op) {
            let found = violations(api, op, &body);
            if found.is_empty()
                && let Err(error) = schema.validate(&body)
            {
                refused.push(format!("{}: {body}\n{} {error}", op.full_name(api), error.instance_path()));
            }
        }
    }
    let shown: Vec<_> = refused.iter().take(6).map(String::as_str).collect();
    assert!(refused.is_empty(), "{} legal bodies refused:\n{}", refused.len(), shown.join("\n"));
}

#[test]
fn schemas_accept_valid_bodies() {
    agree(&project::folder(), "depot");
    agree(&project::folder(), "kinds");
    agree(&project::folder(), "studio");
    agree(&files::root(), "animeapi");
    agree(&files::root(), "runcrate");
}

/// Steps with a fraction. A validator that uses doubles cannot evaluate them for whole numbers beyond 2^53.
const WITH_FRACTION: &[&str] = &["halves", "cents", "tenths"];

#[test]
fn schemas_of_numbers_are_complete() {
    let api = apis::of(&project::folder(), "kinds");
    let op = api.operations.iter().find(|it| it.name == "numbers").expect("the operation");
    let schema = body_of(api, &openapi::document(api, Version::V3_1), op).expect("a schema");
    let judge = |body: &Value| {
        let beyond = |name: &str| body.get(name).and_then(Value::as_f64).is_some_and(|it| it.abs() > 1e15);
        if WITH_FRACTION.iter().any(|it| beyond(it)) {
            return;
        }
        let mut found = violations(api, op, body);
        // JSON Schema has no keyword for these.
        found.retain(|it| !matches!(it.rule, "compare" | "sum"));
        assert_eq!(schema.is_valid(body), found.is_empty(), "{body}\n{found:?}");
    };
    for body in bodies(api, op) {
        judge(&body);
    }
    for form in mutate::FORMS {
        let number = mutate::read(form);
        for field in op.parameters.fields.iter().filter(|it| it.location == Location::Body) {
            for value in [number.clone(), json!([number, 1]), json!([number, number]), json!([1, 1.0, number])] {
                judge(&json!({ field.name.clone(): value }));
            }
        }
    }
}
