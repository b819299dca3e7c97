//! Bodies, responses and errors in XML.

use specwright_codegen::emit::openapi::{self, Version};
use specwright_codegen::pipeline;

use super::{Imported, import, with_paths};

/// What is imported of the export of what was imported.
#[track_caller]
fn again(imported: &Imported, version: Version) -> Imported {
    let compiled = pipeline::lint_texts("tea", imported.files.clone());
    let export = openapi::document(compiled.api.as_ref().expect("it compiles"), version);
    import(&export.to_string())
}

/// An operation that sends a schema in XML, and one that answers it.
fn both(schema: &str, schemas: &str) -> Imported {
    let content = format!("content: {{application/xml: {{schema: {schema}}}}}");
    let paths = format!(
        "{{/pots: {{put: {{tags: [pots], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: Done}}}}}}, \
         get: {{tags: [pots], responses: {{'200': {{description: Ok, {content}}}}}}}}}}}"
    );
    import(&with_paths(&paths, &components(schemas)))
}

fn components(schemas: &str) -> String {
    format!("components: {{schemas: {{{schemas}}}}}")
}

#[track_caller]
fn is_exact(imported: &Imported, count: usize) {
    let counts = &imported.report.counts.operations;
    assert_eq!((counts.exact, counts.approximated), (count, 0), "{:#?}", imported.report.findings);
}

#[test]
fn what_xml_objects_say_is_kept() {
    let imported = both(
        "{$ref: '#/components/schemas/pot'}",
        "pot: {type: object, xml: {name: Pot, namespace: 'urn:pots', prefix: p}, required: [id, tags], properties: {\
            id: {type: integer, xml: {attribute: true}}, \
            Color: {type: string}, \
            size: {type: number, xml: {name: Size}}, \
            lang: {type: string, xml: {name: 'xml:lang', attribute: true}}, \
            tags: {type: array, items: {type: string, xml: {name: Tag}}}, \
            lids: {type: array, xml: {name: Lids, wrapped: true}, items: {$ref: '#/components/schemas/Lid'}}, \
            marks: {type: array, xml: {wrapped: true}, items: {type: string}}, \
            best: {$ref: '#/components/schemas/Lid'}, \
            note: {$ref: '#/components/schemas/Note'}}}, \
         Lid: {type: object, xml: {name: lid}, properties: {wide: {type: boolean}}}, \
         Note: {type: object, properties: {by: {type: string, xml: {attribute: true}}, words: {type: string, xml: {x-ms-text: true}}}}",
    );
    is_exact(&imported, 2);
    for version in [Version::V3_0, Version::V3_1] {
        let again = again(&imported, version);
        is_exact(&again, 2);
        let lines = |it: &Imported| {
            let text = it.file("pots.yaml").lines().map(str::trim);
            text.filter(|it| it.contains("xml")).map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
        };
        // What is sent and what is answered are schemas of their own in the export.
        assert!(lines(&again).is_superset(&lines(&imported)), "{}", again.file("pots.yaml"));
    }
    for line in [
        "encoding: application/xml\nbody: Pot",
        "accept: application/xml\nresponse: Pot",
        "xml: {namespace: urn:pots, prefix: p}",
        "id: {type: integer, xml: {attribute: true}}",
        "Color?: string",
        "size?: {type: number, xml: Size}",
        "lang?: {xml: {prefix: xml, attribute: true}}",
        "tags: {type: [string], xml: Tag}",
        "lids?: {type: [Lid], xml: {name: Lids, item: lid, wrapped: true}}",
        "marks?: {type: [string], xml: {item: marks, wrapped: true}}",
        "best?: {type: Lid, xml: lid}",
        "note?: Note",
        "words?: {xml: {text: true}}",
    ] {
        imported.has("pots.yaml", line);
    }
}

#[test]
fn a_list_is_a_response_and_a_body_that_has_a_name() {
    let list = |xml: &str| {
        both(
            &format!("{{type: array{xml}, items: {{$ref: '#/components/schemas/Lid'}}}}"),
            "Lid: {type: object, properties: {wide: {type: boolean}}}",
        )
    };
    let imported = list(", xml: {name: Lids, wrapped: true}");
    is_exact(&imported, 2);
    imported.has("pots.yaml", "response: {type: \"[Lid]\", xml: {name: Lids}}");
    imported.has("pots.yaml", "body: {$body: {type: [Lid], xml: Lids}}");
    // Nobody knows what its element is called.
    let imported = list("");
    imported.has("pots.yaml", "accept: application/xml\nresponse: \"[Lid]\"");
    imported.has("pots.yaml", "text: [application/xml]");
    imported.finding("body-media");
    assert_eq!(imported.report.counts.operations.exact, 1);
}

#[test]
fn errors_in_xml_have_types() {
    let error = "{description: Wrong, content: {application/xml: {schema: {$ref: '#/components/schemas/Error'}}}}";
    let ok =
        "{description: Ok, content: {application/xml: {schema: {type: object, properties: {id: {type: string}}}}}}";
    let operation = format!("{{tags: [pots], responses: {{'200': {ok}, '404': {error}, default: {error}}}}}");
    let imported = import(&with_paths(
        &format!("{{/pots: {{get: {operation}, post: {operation}}}}}"),
        &components("Error: {type: object, properties: {Code: {type: string}, Message: {type: string}}}"),
    ));
    is_exact(&imported, 2);
    imported.has("api.yaml", "type: Error");
    imported.has("api.yaml", "accept: application/xml");
}

#[test]
fn json_is_preferred() {
    let schema = "{type: object, xml: {name: pot}, properties: {id: {type: string, xml: {name: ID}}}}";
    let content = format!("content: {{application/xml: {{schema: {schema}}}, application/json: {{schema: {schema}}}}}");
    let imported = import(&with_paths(
        &format!(
            "{{/pots: {{post: {{tags: [pots], requestBody: {{{content}}}, responses: {{'200': {{description: Ok, {content}}}}}}}}}}}"
        ),
        "",
    ));
    is_exact(&imported, 1);
    imported.has("pots.yaml", "body:\nid: string\nresponse: {id?: string}");
}

#[test]
fn what_xml_cannot_hold_is_text() {
    for property in [
        "rows: {type: array, items: {type: array, items: {type: string}}}",
        "sizes: {type: object, additionalProperties: {type: array, items: {type: string}}}",
        "$ref id: {type: string}",
        "a: {type: string, xml: {name: c}}, b: {type: string, xml: {name: c}}",
        "a: {type: object, properties: {d: {type: string}}, xml: {attribute: true}}",
        "either: {oneOf: [{type: string}, {type: array, items: {type: string}}]}",
    ] {
        let schema = format!("{{type: object, xml: {{name: pot}}, properties: {{{property}}}}}");
        let imported = both(&schema, "");
        imported.has("pots.yaml", "response: {text: [application/xml]}");
        assert_eq!(imported.report.counts.operations.approximated, 2, "{property}");
        assert_eq!(imported.report.counts.as_text, 2);
    }
}

#[test]
fn names_of_lists_and_of_the_only_property_are_taken() {
    let imported = import(&with_paths(
        "{/pots: {put: {tags: [pots], responses: {'204': {description: Done}}, requestBody: {required: true, content: {text/xml: {schema: \
         {type: object, required: [Config], properties: {Config: {type: object, xml: {name: Configuration}, properties: {\
         Rules: {allOf: [{$ref: '#/components/schemas/Rules'}, {xml: {name: Rule}}]}}}}}}}}}}}",
        &components("Rules: {type: array, items: {type: object, properties: {id: {type: string}}}}"),
    ));
    is_exact(&imported, 1);
    imported.has("pots.yaml", "body: PotReplaceBody");
    imported.has("pots.yaml", "Rules?: {type: [PotReplaceBodyRule], xml: Rule}");
}
