//! Verdicts: what the interpreter says of a request to an imported spec is what a validator of JSON Schema says of it by the
//! document's own schemas, wherever the import calls the operation exact.
//!
//! Requests are made by chance from the document: mostly valid, with limits that are just met and just missed, missing
//! properties and values of other types. With `SPECWRIGHT_CORPUS=FOLDER` all documents of a folder are tried, and each
//! disagreement is printed.

mod requests;
mod schemas;

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use specwright_codegen::interpret::{self, Request};
use specwright_codegen::model::{Api, Operation};
use specwright_codegen::pipeline;
use specwright_import::finding::Findings;
use specwright_import::plan::Options;
use specwright_import::read::Workspace;

use requests::Maker;
use schemas::Schemas;

/// The number of requests to each operation.
const TRIES: usize = 60;

/// What was compared, and each disagreement.
#[derive(Default)]
struct Compared {
    operations: usize,
    verdicts: usize,
    refused: usize,
    /// Values on which both agree only if members of unions have no other properties than those that they list.
    closed: usize,
    disagreements: Vec<String>,
}

/// Compares the verdicts of all exact operations of a document.
fn compare(path: &str, text: &str, tries: usize) -> Compared {
    let mut compared = Compared::default();
    let workspace = Workspace::load(path, text.to_owned(), &|_| Err(String::new()), &mut Findings::default());
    let Some(root) = workspace.as_ref().and_then(Workspace::root).map(|it| it.node.to_json()) else { return compared };
    let options = Options { api: Some("tea".to_owned()), ..Options::default() };
    let outcome = specwright_import::import(path, text.to_owned(), &|_| Err(String::new()), &options);
    let compiled = pipeline::lint_texts("tea", outcome.files.clone());
    if outcome.files.is_empty() {
        return compared;
    }
    let api = compiled.api.as_ref().expect("the spec compiles");
    let inexact: BTreeSet<&str> = outcome.report.counts.inexact.iter().map(|it| it.0.as_str()).collect();
    let schemas = Schemas::new(&root);
    let paths = root.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in schemas.followed(item).as_object().into_iter().flatten() {
            let shown = format!("{} {path}", method.to_ascii_uppercase());
            if inexact.contains(shown.as_str()) {
                continue;
            }
            let Some(found) = operation_of(api, method, path) else { continue };
            compared.operations += 1;
            body(&schemas, api, found, &shown, operation, tries, &mut compared);
            parameters(&schemas, api, found, &shown, operation, tries, &mut compared);
        }
    }
    compared
}

/// The operation of a method and a path, if no other one has them.
fn operation_of<'a>(api: &'a Api, method: &str, path: &str) -> Option<&'a Operation> {
    let mut found = api.operations.iter().map(|it| &**it).filter(|it| {
        it.method.as_str().eq_ignore_ascii_case(method) && it.path_template() == path.split('?').next().unwrap_or(path)
    });
    found.next().filter(|_| found.next().is_none())
}

fn body(
    schemas: &Schemas<'_>,
    api: &Api,
    op: &Operation,
    shown: &str,
    operation: &Value,
    tries: usize,
    out: &mut Compared,
) {
    let body = operation.get("requestBody").map(|it| schemas.followed(it));
    let Some(schema) = body.and_then(|it| it.pointer("/content/application~1json/schema")) else { return };
    let Some(validator) = schemas.validator(schema) else { return };
    let mut maker = Maker::new(schemas, shown);
    for _ in 0..tries {
        let value = maker.value(schema, 0);
        let request = Request::of_body(&value);
        let mut found = interpret::validate(api, op, &request).violations;
        found.retain(|it| it.location.in_body());
        let expected = validator.is_valid(&value);
        out.verdicts += 1;
        out.refused += usize::from(!expected);
        if expected != found.is_empty() {
            if schemas.closed(schema).is_some_and(|it| it.is_valid(&value) == found.is_empty()) {
                out.closed += 1;
                continue;
            }
            let says = found.first().map_or("nothing", |it| it.message.as_str());
            let error = validator.iter_errors(&value).next().map(|it| format!("{it} at {}", it.instance_path()));
            let error = error.unwrap_or_else(|| "nothing".to_owned());
            let place = found.first().map_or("", |it| it.at.as_str());
            out.disagreements.push(format!("{shown}: body {value}\n  spec: {says} at {place}\n  schema: {error}"));
            return;
        }
    }
}

fn parameters(
    schemas: &Schemas<'_>,
    api: &Api,
    op: &Operation,
    shown: &str,
    operation: &Value,
    tries: usize,
    out: &mut Compared,
) {
    let all = operation.get("parameters").and_then(Value::as_array);
    for parameter in all.into_iter().flatten().map(|it| schemas.followed(it)) {
        let Some((name, schema)) = parameter.get("name").and_then(Value::as_str).zip(parameter.get("schema")) else {
            continue;
        };
        if parameter.get("in").and_then(Value::as_str) != Some("query") || !schemas.is_plain(schema) {
            continue;
        }
        let Some(validator) = schemas.validator(schema) else { continue };
        let mut maker = Maker::new(schemas, name);
        for _ in 0..tries / 4 {
            let value = maker.value(schema, 0);
            let is_plain = |it: &Value| it.is_string() || it.is_number() || it.is_boolean();
            let is_sent = match &value {
                // Nothing is sent of an empty list, and of a text with commas another one might be read.
                Value::Array(items) => {
                    !items.is_empty() && items.iter().all(|it| it.is_string() && it.as_str() != Some(""))
                }
                other => is_plain(other) && other.as_str() != Some(""),
            };
            if !is_sent || value.as_str().is_some_and(|it| it.parse::<f64>().is_ok() || it == "true") {
                continue;
            }
            // A number where a text is meant is that text when it is sent.
            if !value.is_string() && schemas.is_text(schema) {
                continue;
            }
            let query = Map::from_iter([(name.to_owned(), value.clone())]);
            let mut found = interpret::validate(api, op, &Request { query: &query, ..Request::empty() }).violations;
            let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            found.retain(|it| it.location == specwright_codegen::model::Location::Query);
            found.retain(|it| it.at == pointer || it.at.starts_with(&format!("{pointer}/")));
            let expected = validator.is_valid(&value);
            out.verdicts += 1;
            out.refused += usize::from(!expected);
            if expected != found.is_empty() {
                let says = found.first().map_or("nothing", |it| it.message.as_str());
                out.disagreements.push(format!("{shown}: query {name} {value}\n  spec: {says}\n  schema: {expected}"));
                break;
            }
        }
    }
}

#[track_caller]
fn agree(schema: &str, components: &str) {
    let text = super::with_body(schema, components);
    let compared = compare("tea.yaml", &text, 400);
    assert_eq!(compared.operations, 1, "it is not exact: {schema}");
    assert!(compared.disagreements.is_empty(), "{schema}\n{}", compared.disagreements.join("\n"));
    assert!((8..392).contains(&compared.refused), "{} of {}: {schema}", compared.refused, compared.verdicts);
}

#[test]
fn of_small_schemas() {
    let of =
        |schema: &str| format!("{{type: object, required: [a], properties: {{a: {schema}, b: {{type: boolean}}}}}}");
    for schema in [
        "{type: string}",
        "{type: string, minLength: 2, maxLength: 5}",
        "{type: string, enum: [x, y]}",
        "{type: string, pattern: '^[a-c]+$'}",
        "{type: integer, minimum: -3, maximum: 8}",
        "{type: integer, exclusiveMinimum: 0, multipleOf: 3}",
        "{type: number, minimum: 0.5, exclusiveMaximum: 2}",
        "{type: boolean}",
        "{type: [string, 'null'], maxLength: 3}",
        "{type: array, items: {type: integer, minimum: 1}, minItems: 1, maxItems: 3}",
        "{type: array, uniqueItems: true, items: {type: string, enum: [x, y, z]}}",
        "{type: object, additionalProperties: {type: integer}, maxProperties: 1}",
        "{type: object, required: [c], properties: {c: {type: string, maxLength: 2}, d: {type: integer}}}",
        "{oneOf: [{type: string}, {type: integer}, {type: 'null'}]}",
        "{anyOf: [{type: string, maxLength: 3}, {type: array, items: {type: string}}]}",
        "{oneOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]}",
        "{oneOf: [{type: string}, {type: object, properties: {x: {type: string}}}, {type: object, properties: {y: {type: string}}, additionalProperties: false}]}",
        "{oneOf: [{type: object, properties: {x: {type: string}}, additionalProperties: false}, {type: object, properties: {x: {type: string}, y: {type: integer}}, additionalProperties: false}]}",
        "{const: x}",
        "{type: string, format: date}",
        "{type: string, format: uuid}",
    ] {
        agree(&of(schema), "");
    }
}

#[test]
fn of_schemas_with_names() {
    let components = "{schemas: {\
        Base: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}, \
        Pot: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [size], properties: {size: {type: integer, maximum: 9}}}]}, \
        Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, weight: {type: number}}}, \
        Text: {type: object, required: [kind, text], properties: {kind: {type: string, enum: [text]}, text: {type: string}}}, \
        Image: {type: object, required: [kind, url], properties: {kind: {type: string, enum: [image]}, url: {type: string}}}}}";
    for schema in [
        "{$ref: '#/components/schemas/Pot'}",
        "{$ref: '#/components/schemas/Tree'}",
        "{type: object, required: [part], properties: {part: {oneOf: [{$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/Image'}], discriminator: {propertyName: kind}}}}",
        "{type: object, properties: {parts: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/Image'}]}}}}",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}",
        "{type: object, properties: {a: {type: [string, 'null']}, b: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}",
    ] {
        agree(schema, components);
    }
}

#[test]
fn of_a_folder_of_documents() {
    let Some(folder) = std::env::var_os("SPECWRIGHT_CORPUS") else { return };
    let wanted = std::env::var("SPECWRIGHT_CORPUS_ONLY").unwrap_or_default();
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|it| it.expect("a file").path()).collect();
    paths.sort();
    let mut all = Compared::default();
    for path in paths {
        let name = path.display().to_string();
        if !(name.ends_with(".yaml") || name.ends_with(".json")) || !name.contains(&wanted) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        let it = compare(&name, &text, TRIES);
        let (count, closed) = (it.disagreements.len(), it.closed);
        println!("{name}: {} operations, {} verdicts, {count} disagree, {closed} closed", it.operations, it.verdicts);
        it.disagreements.iter().for_each(|it| println!("{it}"));
        all.operations += it.operations;
        all.verdicts += it.verdicts;
        all.closed += it.closed;
        all.disagreements.extend(it.disagreements);
    }
    let (count, closed) = (all.disagreements.len(), all.closed);
    println!("{} operations, {} verdicts, {count} disagree, {closed} closed", all.operations, all.verdicts);
}
