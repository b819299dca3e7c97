//! Documents with faults: each is told with its place, and has a reading that makes sense.

use super::{import, import_linked, with_body, with_paths};

/// A body with this schema has a finding of this kind, and the spec has some lines.
#[track_caller]
fn of_schema(schema: &str, kind: &str, lines: &str) {
    let imported = import(&with_body(schema, ""));
    let finding = imported.finding(kind);
    let location = imported.report.sources.location(finding.place.span);
    assert!(location.line > 3, "{kind}: {location:?}");
    imported.has("pots.yaml", lines);
}

#[test]
fn schemas() {
    let of = |schema: &str| format!("{{type: object, properties: {{a: {schema}}}}}");
    for (schema, kind, lines) in [
        (of("{$ref: '#/components/schemas/Missing'}"), "dangling-ref", "type: json"),
        (of("{type: string, nullable: true}"), "nullable-in-3.1", "a: {nullable: true}"),
        (of("{type: array}"), "array-without-items", "a: [json]"),
        (of("{type: strin}"), "unknown-type", "a: json"),
        (of("{type: integer, maxLength: 3}"), "limit-misfit", "a: integer"),
        (of("{type: string, maxLength: many}"), "limit-malformed", "a: string"),
        (of("{type: string, minLength: 5, maxLength: 2}"), "limit-malformed", "a: {min_length: 5}"),
        (of("{type: string, enum: []}"), "empty-enum", "a: string"),
        (of("{type: string, enum: [a, a, b]}"), "duplicate-enum-value", "a: {enum: [a, b]}"),
        (of("{type: string, enum: [a, 1]}"), "enum-misfit", "a: {enum: [a, \"1\"]}"),
        (of("{allOf: [{type: string}, {type: integer}]}"), "no-value", "a: json"),
        (
            of("{type: string, oneOf: [{type: object, properties: {b: {}}}]}"),
            "contradictory-type",
            "a: string | PotBrewA",
        ),
        (
            of("{type: boolean, oneOf: [{type: boolean}, {type: string, enum: [x]}]}"),
            "contradictory-type",
            "a: boolean | PotBrewA",
        ),
        (of("{type: array, enum: [x, z], items: {type: string}}"), "enum-of-items", "items: {enum: [x, z]}"),
        (of("{type: string, pattern: '/^a$/'}"), "pattern-in-slashes", "pattern: \"^a$\""),
        (of("{type: string, format: date, maxLength: 5}"), "format-misfit", "a: {max_length: 5}"),
        (
            "{type: object, required: [b], properties: {a: {type: string}}}".to_owned(),
            "required-unknown",
            "b: {type: json, required: true}",
        ),
        (of("{type: integer, minimum: 1, default: 0}"), "value-misfit", "a: {type: integer, minimum: 1}"),
        (of("{type: string, pattern: '(?<=a)b'}"), "pattern", "unclear:"),
        (of("{type: object, if: {required: [a]}}"), "not", "unclear:"),
    ] {
        of_schema(&schema, kind, lines);
    }
}

#[test]
fn a_reference_counts_more_than_a_type_beside_it() {
    let imported = import(&with_body(
        "{type: object, properties: {a: {$ref: '#/components/schemas/Pot', type: string}}}",
        "{schemas: {Pot: {type: object, properties: {size: {type: integer}}}}}",
    ));
    imported.has("pots.yaml", "a: Pot");
}

#[test]
fn code_whose_backticks_are_escaped_is_code() {
    for (written, meant) in [
        ("Only \\`a\\` and \\`b\\`.", "doc: Only `a` and `b`."),
        ("One \\` is one.", "doc: One \\` is one."),
        ("The `\\`` and `\\``.", "doc: The `\\`` and `\\``."),
    ] {
        let body = with_body(&format!("{{type: object, properties: {{a: {{description: '{written}'}}}}}}"), "");
        import(&body).has("pots.yaml", meant);
    }
}

#[test]
fn formats_that_say_as_much_as_their_patterns() {
    let of = |schema: &str| format!("{{type: object, properties: {{a: {schema}}}}}");
    let uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
    for (schema, lines) in [
        (
            format!("{{type: string, format: uuid, minLength: 36, maxLength: 36, pattern: '{uuid}'}}"),
            format!("a: {{type: uuid, pattern: \"{uuid}\"}}"),
        ),
        (
            "{type: string, format: date-time, maxLength: 24}".to_owned(),
            "a: {type: date-time, max_length: 24}".to_owned(),
        ),
        ("{type: string, format: date, pattern: '^2'}".to_owned(), "a: {type: date, pattern: \"^2\"}".to_owned()),
        ("{type: string, format: date, pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'}".to_owned(), "a: date".to_owned()),
        ("{type: string, format: date-time, minLength: 1, maxLength: 64}".to_owned(), "a: date-time".to_owned()),
    ] {
        let imported = import(&with_body(&of(&schema), ""));
        imported.has("pots.yaml", &lines);
        assert_eq!(imported.report.counts.operations.exact, 1, "{schema}");
    }
}

#[test]
fn a_discriminator_that_is_not_required_is_read_as_required() {
    let member = |value: &str| format!("{{type: object, properties: {{kind: {{const: {value}, default: {value}}}}}}}");
    let components = format!("{{schemas: {{Cup: {}, Pot: {}}}}}", member("cup"), member("pot"));
    let imported = import(&with_body(
        "{type: object, properties: {part: {oneOf: [{$ref: '#/components/schemas/Cup'}, {$ref: '#/components/schemas/Pot'}], \
         discriminator: {propertyName: kind, mapping: {cup: '#/components/schemas/Cup', pot: '#/components/schemas/Pot'}}}}}",
        &components,
    ));
    imported.finding("optional-discriminator");
    imported.has("pots.yaml", "tag: kind\none_of: {cup: Cup, pot: Pot}");
}

#[test]
fn schemas_that_contain_themselves() {
    let components = "{schemas: {A: {allOf: [{$ref: '#/components/schemas/B'}]}, B: {allOf: [{$ref: '#/components/schemas/A'}]}, \
                      List: {type: array, items: {$ref: '#/components/schemas/List'}}, \
                      Tree: {type: object, required: [tree], properties: {tree: {$ref: '#/components/schemas/Tree'}}}, \
                      Any: {oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Any'}}]}}}";
    let property = |name: &str| format!("{}: {{$ref: '#/components/schemas/{name}'}}", name.to_lowercase());
    let all: Vec<String> = ["A", "List", "Tree", "Any"].iter().map(|it| property(it)).collect();
    let imported = import(&with_body(&format!("{{type: object, properties: {{{}}}}}", all.join(", ")), components));
    imported.finding("cyclic-ref");
    imported.finding("endless-type");
    imported.has("pots.yaml", "Any:\none_of: [string, \"[Any]\"]");
}

#[test]
fn operations() {
    let ok = "responses: {'204': {description: Done}}";
    let parameter = |name: &str, place: &str| format!("{{name: {name}, in: {place}, schema: {{type: string}}}}");
    for (paths, kind) in [
        (format!("{{'/a/{{id}}': {{get: {{{ok}}}}}}}"), "path-parameter-missing"),
        (format!("{{/a: {{get: {{parameters: [{}], {ok}}}}}}}", parameter("id", "path")), "path-parameter-unused"),
        (
            format!("{{'/a/{{id}}': {{get: {{parameters: [{}], {ok}}}}}}}", parameter("id", "path")),
            "path-parameter-optional",
        ),
        (format!("{{/a: {{get: {{parameters: [{0}, {0}], {ok}}}}}}}", parameter("q", "query")), "duplicate-parameter"),
        (format!("{{/a: {{get: {{parameters: [{}], {ok}}}}}}}", parameter("''", "query")), "nameless-parameter"),
        (format!("{{/a: {{head: {{requestBody: {{content: {{application/json: {{}}}}}}, {ok}}}}}}}"), "body-of-head"),
        (format!("{{'/a#b': {{get: {{{ok}}}}}}}"), "path-characters"),
        (format!("{{'/a//b': {{get: {{{ok}}}}}}}"), "empty-segment"),
        ("{/a: {get: {responses: {'200': {description: Ok, content: {pdf: {}}}}}}}".to_owned(), "bad-media-type"),
        (
            format!(
                "{{/a: {{post: {{requestBody: {{content: {{form-data: {{schema: {{type: object, properties: {{b: {{type: string}}}}}}}}}}}}, {ok}}}}}}}"
            ),
            "bad-media-type",
        ),
        (
            format!("{{/a: {{get: {{operationId: x, {ok}}}}}, /b: {{get: {{operationId: x, {ok}}}}}}}"),
            "duplicate-operation-id",
        ),
        (format!("{{/a: {{get: {{security: [{{none: []}}], {ok}}}}}}}"), "unknown-scheme"),
        ("{/a: {get: {responses: {'20': {description: x}}}}}".to_owned(), "bad-status"),
        ("{/a: {get: {}}}".to_owned(), "no-success"),
        (format!("{{/a: {{get: {{parameters: {{q: 1}}, {ok}}}}}}}"), "wrong-kind"),
    ] {
        let more = "components: {securitySchemes: {key: {type: http, scheme: bearer}}}\nsecurity: [{key: []}]";
        let imported = import(&with_paths(&paths, more));
        imported.finding(kind);
        assert!(imported.files.len() > 1, "{kind}");
        assert_eq!(imported.report.counts.operations.approximated, 0, "{kind}");
    }
}

#[test]
fn keys_that_are_numbers_are_statuses() {
    let imported =
        import(&with_paths("{/a: {get: {responses: {200: {description: Done}, 404: {description: None}}}}}", ""));
    imported.has("a.yaml", "response: none\nsuccess: 200");
    imported.has("a.yaml", "404: {kind: not_found, doc: None}");
}

#[test]
fn words_and_anchors_of_yaml() {
    let text = "openapi: 3.1.0\ninfo: {title: Tea, title: Tea, version: 2026-01-01}\npaths:\n  /pots:\n    get: &get\n      \
                tags: [no]\n      responses: {'204': {description: yes}}\n    post:\n      <<: *get\n      summary: Brew.\n";
    let imported = import(text);
    imported.finding("duplicate-key");
    imported.finding("yaml-1.1");
    imported.has("no.yaml", "post: /pots\nsummary: Brew.");
}

#[test]
fn other_files() {
    let text = with_paths("{/a: {$ref: 'paths/a.yaml'}}", "");
    let path = "get: {responses: {'200': {description: Ok, content: {application/json: {schema: {$ref: '../types.json#/Pot'}}}}}}";
    let types = r#"{"Pot": {"type": "object", "properties": {"size": {"type": "integer"}}}}"#;
    let imported = import_linked(&text, &[("paths/a.yaml", path), ("types.json", types)]);
    imported.has("a.yaml", "size?: integer");
    let missing =
        import(&with_paths("{/a: {$ref: 'missing.yaml'}, /b: {get: {responses: {'204': {description: Done}}}}}", ""));
    missing.finding("unreadable-file");
    missing.finding("dangling-ref");
}

#[test]
fn what_is_no_document_is_told() {
    for (text, kind) in [
        ("", "empty-file"),
        ("openapi: 3.1.0\npaths: {}\n", "no-operations"),
        ("a: [", "syntax"),
        ("swagger: '2.0'\npaths: {}\n", "no-operations"),
        ("swagger: '1.2'\npaths: {}\n", "unknown-version"),
        ("just: text\n", "unknown-version"),
    ] {
        let outcome =
            specwright_import::import("x.yaml", text.to_owned(), &|_| Err(String::new()), &Default::default());
        assert!(outcome.files.is_empty(), "{text}");
        assert!(outcome.report.dropped(), "{text}");
        assert!(outcome.report.findings.iter().any(|it| it.kind == kind), "{text}: {:#?}", outcome.report.findings);
    }
}

#[test]
fn what_only_names_must_be_there() {
    let text = "openapi: 3.1.0\npaths:\n  /pots:\n    get:\n      operationId: listPots\n      tags: [pots]\n      \
                responses: {'204': {description: Done}}\n";
    let check = |only: &[&str], files: bool, told: &[(&str, &str)]| {
        let only = only.iter().map(|it| (*it).to_owned()).collect();
        let options = specwright_import::plan::Options { api: None, only };
        let outcome = specwright_import::import("x.yaml", text.to_owned(), &|_| Err(String::new()), &options);
        let found: Vec<(&str, &str)> = outcome
            .report
            .findings
            .iter()
            .filter(|it| ["unknown-choice", "no-operations"].contains(&it.kind))
            .map(|it| (it.message.as_str(), it.help.as_str()))
            .collect();
        assert_eq!((found.as_slice(), !outcome.files.is_empty()), (told, files), "{:#?}", outcome.report.findings);
    };
    check(&["pots"], true, &[]);
    check(&["listPots"], true, &[]);
    let similar = ("the document has no tag and no operation `listPot`", "a similar one exists: `listPots`");
    check(&["pots", "listPot"], true, &[similar]);
    check(&["kettles"], false, &[("the document has no tag and no operation `kettles`", "the tags are `pots`")]);
}

#[test]
fn a_file_that_is_no_document_is_named() {
    let outcome = specwright_import::import("x.yaml", String::new(), &|_| Err(String::new()), &Default::default());
    let file = outcome.report.sources.get(outcome.report.findings[0].place.span.file).map(|it| it.path.as_str());
    assert_eq!(file, Some("x.yaml"));
}

#[test]
fn what_is_dropped_has_a_place_and_a_way_out() {
    let imported = import(&with_paths(
        "{/a: {additionalOperations: {Brew: {responses: {'204': {description: Done}}}}, get: {responses: {'204': {description: Done}}}}}",
        "",
    ));
    let finding = imported.finding("method");
    assert_eq!(finding.place.pointer, "/paths/~1a/additionalOperations/Brew");
    assert!(!finding.help.is_empty());
    assert!(imported.report.dropped());
    assert_eq!((imported.report.counts.operations.exact, imported.report.counts.operations.dropped), (1, 1));
}

#[test]
fn an_enum_that_no_person_lists_is_text() {
    let values: Vec<String> = (0..5000).map(|it| format!("v{it}")).collect();
    let imported = import(&with_body(
        &format!("{{type: object, properties: {{a: {{type: string, enum: [{}]}}}}}}", values.join(", ")),
        "",
    ));
    imported.has("pots.yaml", "a: {unclear: The document lists 5000 values}");
}

#[test]
fn a_union_of_itself_is_any_json() {
    let imported = import(&with_body(
        "{type: object, properties: {a: {$ref: '#/components/schemas/A'}}}",
        "{schemas: {A: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}}}",
    ));
    imported.has("pots.yaml", "a: json");
    imported.finding("ambiguous-union");
}

#[test]
fn two_credentials_in_one_header_are_alternatives() {
    let imported = import(&with_paths(
        "{/pots: {get: {responses: {'204': {description: Done}}}}}",
        "security: [{bearer: [], key: []}]\ncomponents: {securitySchemes: {bearer: {type: http, scheme: bearer}, \
         key: {type: apiKey, in: header, name: authorization}}}",
    ));
    imported.has("api.yaml", "auth: [bearer, key]");
    imported.finding("shared-header");
}
