//! Import, export, compare: the export of an imported spec says the same of the API as the document.
//!
//! The comparison knows nothing of the import. It turns both documents into lines that say what is allowed, and compares
//! the lines. `scripts/roundtrip.py` does so for any document.

use std::collections::BTreeSet;

use serde_json::Value;
use specwright_codegen::emit::openapi::{self, Version};
use specwright_codegen::pipeline;
use specwright_import::finding::Findings;
use specwright_import::read::Workspace;

use super::{import, with_body, with_paths};

/// What a document allows, one line each.
struct Lines<'d> {
    root: &'d Value,
    found: BTreeSet<String>,
}

impl<'d> Lines<'d> {
    fn of(root: &'d Value) -> BTreeSet<String> {
        let mut lines = Lines { root, found: BTreeSet::new() };
        for (path, item) in members(root.get("paths")) {
            for (method, operation) in members(Some(item)).filter(|it| it.0 != "parameters") {
                let place = format!("{method} {path}");
                lines.found.insert(place.clone());
                for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                    lines.parameter(&place, parameter);
                }
                let body = operation.get("requestBody").map(|it| lines.followed(it));
                if let Some(body) = body {
                    let required = body.get("required") == Some(&Value::Bool(true));
                    lines.found.insert(format!("{place} body required {required}"));
                    lines.content(&format!("{place} body"), body, true);
                }
                for (status, response) in members(operation.get("responses")).filter(|it| it.0.starts_with('2')) {
                    let response = lines.followed(response);
                    lines.found.insert(format!("{place} {status}"));
                    lines.content(&format!("{place} {status}"), response, false);
                }
            }
        }
        lines.found
    }

    fn followed(&self, value: &'d Value) -> &'d Value {
        let reference = value.get("$ref").and_then(Value::as_str);
        match reference.and_then(|it| self.root.pointer(it.trim_start_matches('#'))) {
            Some(target) => self.followed(target),
            None => value,
        }
    }

    fn parameter(&mut self, place: &str, parameter: &'d Value) {
        let it = self.followed(parameter);
        let text = |key: &str| it.get(key).and_then(Value::as_str);
        let (name, location) = (text("name").unwrap_or_default(), text("in").unwrap_or_default());
        let required = it.get("required") == Some(&Value::Bool(true));
        let place = format!("{place} {location} {name}");
        self.found.insert(format!("{place} required {required}"));
        let Some(schema) = it.get("schema") else { return };
        if matches!(self.followed(schema).get("type").and_then(Value::as_str), Some("array" | "object")) {
            let style = text("style").unwrap_or(if location == "query" { "form" } else { "simple" });
            let explode = it.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
            self.found.insert(format!("{place} style {style} {explode}"));
        }
        self.schema(&place, schema, true, 0);
    }

    fn content(&mut self, place: &str, of: &'d Value, sent: bool) {
        for (media_type, media) in members(of.get("content")) {
            self.found.insert(format!("{place} {media_type}"));
            if let Some(schema) = media.get("schema") {
                self.schema(&format!("{place} {media_type}"), schema, sent, 0);
            }
        }
    }

    fn schema(&mut self, place: &str, schema: &'d Value, sent: bool, depth: usize) {
        let it = self.followed(schema);
        if depth > 8 {
            return;
        }
        for part in it.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.schema(place, part, sent, depth + 1);
        }
        let types: Vec<&str> = match it.get("type") {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one],
            _ => Vec::new(),
        };
        self.found.extend(types.iter().map(|it| format!("{place} type {it}")));
        for (key, value) in members(Some(it)) {
            let is_bound = (key == "minimum" || key == "maximum") && value.as_f64().is_some_and(|it| it.abs() > 2e9);
            match key {
                "enum" | "x-extensible-enum" | "const" => {
                    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                    self.found.extend(values.iter().map(|it| format!("{place} value {it}")));
                }
                "required" => {
                    let names = value.as_array().into_iter().flatten();
                    self.found.extend(names.map(|it| format!("{place} requires {it}")));
                }
                "properties" => {
                    for (name, property) in members(Some(value)) {
                        let place = format!("{place}/{name}");
                        self.found.insert(place.clone());
                        self.schema(&place, property, sent, depth + 1);
                    }
                }
                "items" | "additionalProperties" if value.is_object() => {
                    self.schema(&format!("{place}/{key}"), value, sent, depth + 1);
                }
                "oneOf" | "anyOf" => {
                    for member in value.as_array().into_iter().flatten() {
                        self.schema(&format!("{place}|"), member, sent, depth + 1);
                    }
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minLength"
                | "maxLength" | "pattern" | "minItems" | "maxItems" | "uniqueItems" | "minProperties"
                | "maxProperties"
                    if sent && !is_bound && value != &Value::from(0) =>
                {
                    let shown = value.as_f64().map_or_else(|| value.to_string(), |it| it.to_string());
                    self.found.insert(format!("{place} {key} {shown}"));
                }
                "format" if value != "int64" => {
                    self.found.insert(format!("{place} format {value}"));
                }
                _ => {}
            }
        }
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

#[track_caller]
fn comes_back(text: &str) {
    let imported = import(text);
    assert_eq!(imported.report.counts.inexact, [], "{:#?}", imported.report.findings);
    let compiled = pipeline::lint_texts("tea", imported.files.clone());
    let export = openapi::document(compiled.api.as_ref().expect("it compiles"), Version::V3_1);
    let workspace = Workspace::load("tea.yaml", text.to_owned(), &|_| Err(String::new()), &mut Findings::default());
    let document = workspace.as_ref().and_then(Workspace::root).map(|it| it.node.to_json()).expect("it can be read");
    let (before, after) = (Lines::of(&document), Lines::of(&export));
    let lost: Vec<&String> = before.difference(&after).collect();
    let new: Vec<&String> = after.difference(&before).collect();
    assert!(lost.is_empty() && new.is_empty(), "lost {lost:#?}\nnew {new:#?}\n{:#?}", imported.files);
}

#[test]
fn bodies_come_back() {
    for schema in [
        "{type: object, required: [a], properties: {a: {type: string, minLength: 2, maxLength: 9}, b: {type: integer, minimum: 1, maximum: 5}}}",
        "{type: object, required: [a], properties: {a: {type: string, enum: [x, y]}, b: {type: string, format: date-time}}}",
        "{type: object, required: [a], properties: {a: {type: array, minItems: 1, uniqueItems: true, items: {type: number, exclusiveMinimum: 2}}}}",
        "{type: object, required: [a], properties: {a: {type: [string, 'null'], pattern: '^a+$'}, b: {type: boolean}}}",
        "{type: object, required: [a], properties: {a: {type: object, additionalProperties: {type: integer}, maxProperties: 4}}}",
        "{type: object, required: [a], properties: {a: {type: object, required: [c], properties: {c: {type: string, format: uuid}}}}}",
    ] {
        comes_back(&with_body(schema, ""));
    }
}

#[test]
fn a_length_that_a_format_implies_is_not_said_again() {
    let schema = "{type: object, properties: {a: {type: string, format: uuid, minLength: 36, maxLength: 36}}}";
    import(&with_body(schema, "")).has("pots.yaml", "a: uuid");
}

#[test]
fn a_head_without_a_body_has_its_status() {
    let head = |status: &str| {
        format!("{{/pots: {{head: {{tags: [pots], responses: {{'{status}': {{description: Done}}}}}}}}}}")
    };
    import(&with_paths(&head("204"), "")).has("pots.yaml", "response: none\nsuccess: 204");
    assert!(!import(&with_paths(&head("200"), "")).file("pots.yaml").contains("success"));
    comes_back(&with_paths(&head("204"), ""));
}

#[test]
fn named_types_come_back() {
    let components = "{schemas: {\
        Base: {type: object, required: [name], properties: {name: {type: string, maxLength: 3}}}, \
        Pot: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [size], properties: {size: {type: integer, maximum: 9}}}]}, \
        Lid: {type: object, properties: {pots: {type: array, items: {$ref: '#/components/schemas/Pot'}}}}}}";
    comes_back(&with_body(
        "{type: object, required: [pot], properties: {pot: {$ref: '#/components/schemas/Pot'}}}",
        components,
    ));
    let lid = "{type: object, required: [lid], properties: {lid: {$ref: '#/components/schemas/Lid'}}}";
    comes_back(&with_body(lid, components));
}

#[test]
fn parameters_and_responses_come_back() {
    let query = |name: &str, more: &str| format!("{{name: {name}, in: query, {more}}}");
    let list = "schema: {type: array, items: {type: string}}";
    let parameters = [
        query("a", "required: true, schema: {type: string, maxLength: 4, minLength: 1}"),
        query("b", "schema: {type: integer, minimum: 1}"),
        query("c", list),
        query("d", &format!("explode: false, {list}")),
        query("e", &format!("style: pipeDelimited, explode: false, {list}")),
        "{name: X-Tea, in: header, schema: {type: string, enum: [green, black]}}".to_owned(),
        "{name: id, in: path, required: true, schema: {type: integer}}".to_owned(),
    ];
    let pot = "{type: object, required: [id], properties: {id: {type: integer}, kind: {type: string, enum: [x, y]}}}";
    comes_back(&with_paths(
        &format!(
            "{{'/pots/{{id}}': {{get: {{tags: [pots], parameters: [{}], responses: {{'200': {{description: Ok, content: \
             {{application/json: {{schema: {pot}}}}}}}}}}}, delete: {{tags: [pots], parameters: [{}], \
             responses: {{'204': {{description: Done}}}}}}}}}}",
            parameters.join(", "),
            parameters[6],
        ),
        "",
    ));
}
