//! Operations with one method and path.

use super::{Imported, import, with_paths};

/// Two operations of `GET /pots/{…}`, of which nothing tells which one is meant.
fn two(one: &str, other: &str) -> Imported {
    import(&with_paths(&format!("{{'/pots/{{id}}': {{{one}}}, '/pots/{{name}}': {{{other}}}}}"), ""))
}

fn parameter(name: &str, ty: &str) -> String {
    format!("parameters: [{{name: {name}, in: path, required: true, schema: {{type: {ty}}}}}]")
}

fn answer(schema: &str) -> String {
    format!("responses: {{'200': {{description: Ok, content: {{application/json: {{schema: {schema}}}}}}}}}")
}

#[track_caller]
fn none_is_dropped(imported: &Imported) {
    let counts = &imported.report.counts.operations;
    assert_eq!((counts.exact, counts.approximated, counts.dropped), (0, 2, 0), "{:#?}", imported.report.findings);
    imported.finding("merged-endpoint");
}

#[test]
fn other_responses_are_a_union() {
    let of = |field: &str| {
        answer(&format!("{{type: object, required: [{field}], properties: {{{field}: {{type: integer}}}}}}"))
    };
    let imported = two(
        &format!("get: {{{}, {}}}", parameter("id", "integer"), of("size")),
        &format!("get: {{summary: Get by name., {}, {}}}", parameter("name", "string"), of("age")),
    );
    none_is_dropped(&imported);
    imported.has("pots.yaml", "get:\nget: /pots/{id}");
    imported.has("pots.yaml", "The document has another operation here");
    imported.has("pots.yaml", "PotGetAnyResponse:\none_of: [PotGetResponse, GetPotResponse]");
    imported.has("pots.yaml", "response: PotGetAnyResponse");
    assert!(!imported.file("pots.yaml").contains("path:"), "any text is the id");
}

#[test]
fn a_response_beside_none_may_be_missing() {
    let imported = two(
        &format!("get: {{{}, responses: {{'204': {{description: Done}}}}}}", parameter("id", "string")),
        &format!(
            "get: {{{}, {}}}",
            parameter("name", "string"),
            answer("{type: object, properties: {a: {type: string}}}")
        ),
    );
    none_is_dropped(&imported);
    imported.has("pots.yaml", "nullable: true");
}

#[test]
fn fields_of_both_bodies_are_those_of_one() {
    let of = |name: &str, fields: &str| {
        format!(
            "post: {{{}, requestBody: {{required: true, content: {{application/json: {{schema: {{type: object, required: [a], \
             properties: {{a: {{type: string}}, {fields}}}}}}}}}}}, responses: {{'204': {{description: Done}}}}}}",
            parameter(name, "string")
        )
    };
    let imported =
        two(&of("id", "b: {type: integer}, c: {type: string}"), &of("name", "b: {type: string}, d: {type: string}"));
    none_is_dropped(&imported);
    imported.has("pots.yaml", "body:\na: {type: string, required: true}\nb: json\nc: string\nd: string");
}

#[test]
fn a_body_that_one_has_may_be_missing() {
    let body = "requestBody: {required: true, content: {application/json: {schema: {type: object, required: [a], properties: \
                {a: {type: string}}}}}}";
    let done = "responses: {'204': {description: Done}}";
    let imported = two(
        &format!("post: {{{}, {body}, {done}}}", parameter("id", "string")),
        &format!("post: {{{}, {done}}}", parameter("name", "string")),
    );
    none_is_dropped(&imported);
    imported.has("pots.yaml", "body:\na: string");
}
