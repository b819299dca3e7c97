//! What every OpenAPI document must be, checked by hand.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::emit::openapi::Version;

const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "trace"];

/// Panics with what is wrong.
#[track_caller]
pub(super) fn check(document: &Value, version: Version) {
    let webhooks = if version == Version::V3_1 { "webhooks" } else { "x-webhooks" };
    let keys = document.as_object().expect("an object").keys();
    let top: Vec<&String> = keys.filter(|it| *it != webhooks).collect();
    assert_eq!(top, ["openapi", "info", "servers", "tags", "paths", "components"]);
    assert_eq!(
        document["openapi"].as_str().map(|it| &it[..3]),
        Some(if version == Version::V3_1 { "3.1" } else { "3.0" })
    );
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    check_operations(document);
    walk(document, &mut Vec::new(), &mut |value, place| {
        check_reference(document, value, place);
        check_schema(value, place, version);
    });
}

fn check_operations(document: &Value) {
    let mut ids = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        assert!(path.starts_with('/'), "{path}");
        let names: BTreeSet<&str> = path.split('{').skip(1).filter_map(|it| it.split('}').next()).collect();
        let shape = names.iter().fold(path.clone(), |shape, it| shape.replace(&format!("{{{it}}}"), "{}"));
        assert!(shapes.insert(shape), "{path} is there twice");
        let others = item.get("x-specwright-methods").and_then(Value::as_object).into_iter().flatten();
        let known = item.as_object().expect("a path item").iter().filter(|it| it.0 != "x-specwright-methods");
        for (method, call) in known.chain(others.clone()) {
            let place = format!("{method} {path}");
            assert!(METHODS.contains(&method.as_str()) || others.clone().any(|it| it.0 == method), "{place}");
            let id = call["operationId"].as_str().expect("an operation id");
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            let parameters = call["parameters"].as_array().cloned().unwrap_or_default();
            let declared: Vec<&str> =
                parameters.iter().filter(|it| it["in"] == "path").filter_map(|it| it["name"].as_str()).collect();
            assert_eq!(declared.iter().copied().collect::<BTreeSet<_>>(), names, "{place}");
            let mut keys = BTreeSet::new();
            for parameter in &parameters {
                assert!(
                    keys.insert((parameter["in"].to_string(), parameter["name"].to_string())),
                    "{place}: {parameter}"
                );
                assert!(parameter["in"] != "path" || parameter["required"] == true, "{place}: {parameter}");
                // One that is JSON has a media type.
                assert!(parameter["schema"].is_object() || parameter["content"].is_object(), "{place}: {parameter}");
            }
            let responses = call["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|it| it.starts_with(['2', '3'])), "{place}");
            for (status, response) in responses {
                assert!(response["$ref"].is_string() || response["description"].is_string(), "{place} {status}");
            }
            check_security(document, call, &place);
        }
    }
}

fn check_security(document: &Value, call: &Value, place: &str) {
    for requirement in call["security"].as_array().expect("security") {
        for name in requirement.as_object().expect("a requirement").keys() {
            assert!(document["components"]["securitySchemes"][name].is_object(), "{place}: {name}");
        }
    }
}

/// Every object of the document with the keys that lead to it; examples are data and not looked at.
fn walk(value: &Value, place: &mut Vec<String>, visit: &mut dyn FnMut(&Value, &[String])) {
    match value {
        Value::Object(map) => {
            visit(value, place);
            for (key, value) in map {
                let is_property = place.last().is_some_and(|it| it == "properties");
                let is_data =
                    ["example", "examples", "default", "enum", "const", "x-specwright-rules"].contains(&key.as_str());
                if is_data && !is_property {
                    continue;
                }
                place.push(key.clone());
                walk(value, place, visit);
                place.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                place.push(index.to_string());
                walk(item, place, visit);
                place.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn check_reference(document: &Value, value: &Value, place: &[String]) {
    if let Some(reference) = value["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').expect("a reference into the document");
        assert!(document.pointer(pointer).is_some(), "{reference} at {place:?}");
    }
}

fn check_schema(value: &Value, place: &[String], version: Version) {
    let is_names = place.last().is_some_and(|it| it == "properties");
    if is_names {
        return;
    }
    if let (Some(required), Some(properties)) = (value["required"].as_array(), value["properties"].as_object())
        && value["type"] == "object"
    {
        for name in required {
            assert!(properties.contains_key(name.as_str().unwrap_or_default()), "{name} at {place:?}");
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        if let Some(parts) = value.get(key) {
            assert!(parts.as_array().is_some_and(|it| !it.is_empty()), "{key} at {place:?}");
        }
    }
    if version == Version::V3_0 {
        for key in ["if", "then", "const", "contentEncoding", "contentMediaType"] {
            assert!(value.get(key).is_none(), "{key} at {place:?}");
        }
        assert!(!value["type"].is_array() && value["type"] != "null", "at {place:?}");
        assert!(value.get("$ref").is_none() || value.as_object().is_some_and(|it| it.len() == 1), "at {place:?}");
        assert!(!value["exclusiveMinimum"].is_number() && !value["exclusiveMaximum"].is_number(), "at {place:?}");
    } else {
        assert!(value.get("nullable").is_none(), "at {place:?}");
        assert!(!value["exclusiveMinimum"].is_boolean() && !value["exclusiveMaximum"].is_boolean(), "at {place:?}");
    }
}
