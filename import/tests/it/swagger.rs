//! Documents of Swagger 2.0.

use super::{import, import_linked};

/// A document with these paths, and more (in flow style).
fn document(paths: &str, more: &str) -> String {
    format!(
        "swagger: '2.0'\ninfo: {{title: Tea, version: '1'}}\nhost: api.tea.example\nbasePath: /v1\nschemes: [http, https]\npaths: {paths}\n{more}\n"
    )
}

#[test]
fn bodies_and_definitions() {
    let imported = import(&document(
        "{/pots: {post: {tags: [pots], operationId: brew, parameters: [{name: pot, in: body, required: true, schema: {$ref: '#/definitions/Pot'}}], \
         responses: {'200': {description: Ok, schema: {type: array, items: {$ref: '#/definitions/Pot'}}}, '404': {$ref: '#/responses/None'}}}}}",
        "definitions: {Pot: {type: object, required: [size], properties: {size: {type: integer, format: int32, minimum: 1}, lid: {type: string, x-nullable: true}}}}\n\
         responses: {None: {description: There is none.}}",
    ));
    imported.has("api.yaml", "servers: https://api.tea.example/v1");
    imported.has("pots.yaml", "size: {type: int32, required: true, minimum: 1}");
    imported.has("pots.yaml", "lid: {nullable: true}");
    imported.has("pots.yaml", "response: \"[Pot]\"");
    imported.has("pots.yaml", "404: {kind: not_found, doc: There is none.}");
    imported.finding("swagger");
    assert_eq!(imported.report.counts.operations.exact, 1);
}

#[test]
fn parameters_and_forms() {
    let imported = import(&document(
        "{'/pots/{id}': {parameters: [{$ref: '#/parameters/id'}], \
         get: {tags: [pots], produces: [image/png], parameters: [{name: tags, in: query, type: array, collectionFormat: pipes, items: {type: string, enum: [a, b]}}], \
         responses: {'200': {description: Ok, schema: {type: file}, headers: {x-size: {type: integer}}}}}, \
         put: {tags: [pots], consumes: [multipart/form-data], parameters: [{name: image, in: formData, type: file, required: true}, {name: words, in: formData, type: string, maxLength: 9}], \
         responses: {'204': {description: Done}}}, \
         patch: {tags: [pots], parameters: [{name: words, in: formData, type: string}], responses: {'204': {description: Done}}}}}",
        "parameters: {id: {name: id, in: path, required: true, type: integer}}",
    ));
    imported.has("pots.yaml", "id: integer");
    imported.has("pots.yaml", "tags: {type: [string], items: {enum: [a, b]}, style: pipe}");
    imported.has("pots.yaml", "response: {binary: [image/png]}\nresponse_headers:\nx-size?: integer");
    imported.has("pots.yaml", "encoding: multipart");
    imported.has("pots.yaml", "image: {type: file, required: true}\nwords: {max_length: 9}");
    imported.has("pots.yaml", "encoding: form");
    assert_eq!(imported.report.counts.operations.exact, 3);
}

#[test]
fn other_files() {
    let common = "swagger: '2.0'\n\
                  parameters: {top: {name: top, in: query, type: integer, maximum: 9}, \
                  pot: {name: pot, in: body, required: true, schema: {$ref: '#/definitions/Pot'}}, \
                  note: {name: note, in: formData, type: string, maxLength: 5}}\n\
                  responses: {Ok: {description: Ok, schema: {$ref: 'tea.yaml#/definitions/Lid'}}}\n\
                  definitions: {Pot: {type: object, required: [size], properties: {size: {type: integer}}}}";
    let get = "{tags: [pots], parameters: [{$ref: 'common.yaml#/parameters/top'}], \
               responses: {'200': {$ref: 'common.yaml#/responses/Ok'}}}";
    let sent = |it: &str| {
        format!(
            "{{tags: [pots], parameters: [{{$ref: 'common.yaml#/parameters/{it}'}}], responses: {{'204': {{description: Done}}}}}}"
        )
    };
    let text = document(
        &format!("{{/pots: {{get: {get}, post: {}, patch: {}}}}}", sent("pot"), sent("note")),
        "definitions: {Lid: {type: object, properties: {color: {type: string}}}}",
    );
    let imported = import_linked(&text, &[("common.yaml", common)]);
    imported.has("pots.yaml", "top: {type: integer, maximum: 9}\nresponse: Lid");
    imported.has("pots.yaml", "body:\nsize: {type: integer, required: true}");
    imported.has("pots.yaml", "encoding: form\nbody:\nnote: {max_length: 5}");
    assert_eq!(imported.report.counts.operations.exact, 3, "{:#?}", imported.report.findings);
    assert_eq!(imported.report.findings.len(), 1, "{:#?}", imported.report.findings);
}

#[test]
fn paths_in_other_files() {
    let body = |it: &str| {
        format!("[{{name: pot, in: body, required: true, schema: {{$ref: 'common.yaml#/definitions/{it}'}}}}]")
    };
    let post = |it: &str| {
        format!("post: {{tags: [pots], parameters: {}, responses: {{'204': {{description: Done}}}}}}", body(it))
    };
    let sent = "parameters: {pot: {name: pot, in: body, required: true, schema: {$ref: '#/definitions/Pot'}}}\n";
    let put = "put: {tags: [pots], parameters: [{$ref: 'common.yaml#/parameters/pot'}], responses: {'204': {description: Done}}}";
    let definitions = "definitions: {Pot: {type: object, required: [size], properties: {size: {type: integer}}}, \
                       Lid: {type: object, properties: {color: {type: string}}}}\n";
    let imported = import_linked(
        &document("{/pots: {$ref: pots.yaml}, /lids: {$ref: 'all.yaml#/paths/~1lids'}}", ""),
        &[
            ("pots.yaml", &format!("{}\n{put}\n", post("Pot"))),
            ("all.yaml", &format!("paths: {{/lids: {{{}}}}}\n", post("Lid"))),
            ("common.yaml", &format!("{sent}{definitions}")),
        ],
    );
    imported.has("pots.yaml", "summary: Create a pot.\nbody:\nsize: {type: integer, required: true}");
    imported.has("pots.yaml", "summary: Replace a pot.\nbody:\nsize: {type: integer, required: true}");
    imported.has("pots.yaml", "summary: Create a lid.\nbody:\ncolor: string");
    assert_eq!(imported.report.counts.operations.exact, 3, "{:#?}", imported.report.findings);
    assert_eq!(imported.report.findings.len(), 1, "{:#?}", imported.report.findings);
}

#[test]
fn credentials() {
    let imported = import(&document(
        "{/pots: {get: {responses: {'204': {description: Done}}}}}",
        "securityDefinitions: {login: {type: basic}, app: {type: oauth2, flow: application, tokenUrl: 'https://tea.example/token', scopes: {brew: Brewing.}}}\n\
         security: [{login: []}, {app: [brew]}]",
    ));
    imported.has("api.yaml", "oauth2: {grant: client_credentials");
    imported.has("api.yaml", "auth: [login, {app: [brew]}]");
}

#[test]
fn places_are_those_of_the_file() {
    let imported = import(&document(
        "{/pots: {post: {parameters: [{name: pot, in: body, schema: {type: object, properties: {a: {type: strin}}}}], responses: {'204': {description: Done}}}}}",
        "definitions: {Lid: {type: string}}",
    ));
    let place = &imported.finding("unknown-type").place;
    assert!(place.pointer.starts_with("/paths/~1pots/post/parameters/0/schema/properties/a"), "{}", place.pointer);
}
