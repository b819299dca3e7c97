//! Vendor extensions: pagination that is stated, and names.

use super::{Imported, import, with_body, with_paths};

#[track_caller]
fn list(extension: &str, parameters: &str) -> Imported {
    import(&with_paths(
        &format!(
            "{{/pots: {{get: {{tags: [pots], {extension}, parameters: [{parameters}], responses: {{'200': {{description: Ok, content: \
             {{application/json: {{schema: {{type: object, properties: {{data: {{type: array, items: {{type: string}}}}, \
             next: {{type: string}}, nextLink: {{type: string}}, pages: {{type: integer}}}}}}}}}}}}}}}}}}}}"
        ),
        "",
    ))
}

#[test]
fn pages_that_are_stated_are_carried() {
    let cursor = "{name: cursor, in: query, schema: {type: string}}";
    let page = "{name: page, in: query, schema: {type: integer}}, {name: limit, in: query, schema: {type: integer}}";
    for (extension, parameters, pages) in [
        ("x-ms-pageable: {nextLinkName: nextLink, itemName: data}", "", "pages: {items: /data, url: /nextLink}"),
        (
            "x-fern-pagination: {cursor: $request.cursor, next_cursor: $response.next, results: $response.data}",
            cursor,
            "pages: {items: /data, cursor: {parameter: cursor, from: /next}}",
        ),
        (
            "x-fern-pagination: {offset: $request.page, results: $response.data}",
            page,
            "pages: {items: /data, page: page}",
        ),
        (
            "x-speakeasy-pagination: {type: cursor, inputs: [{name: cursor, in: parameters, type: cursor}], \
             outputs: {results: $.data, nextCursor: $.next}}",
            cursor,
            "pages: {items: /data, cursor: {parameter: cursor, from: /next}}",
        ),
        (
            "x-speakeasy-pagination: {type: offsetLimit, inputs: [{name: page, in: parameters, type: page}, \
             {name: limit, in: parameters, type: limit}], outputs: {results: $.data, numPages: $.pages}}",
            page,
            "pages: {items: /data, page: {parameter: page, pages: /pages}, size: limit}",
        ),
    ] {
        list(extension, parameters).has("pots.yaml", &format!("\n{pages}\n"));
    }
}

#[test]
fn pages_that_do_not_fit_are_suggestions() {
    let imported = list("x-ms-pageable: {nextLinkName: missing, itemName: data}", "");
    imported.has("pots.yaml", "# pages: {items: /data, url: /missing}");
    imported.finding("pages");
    let incomplete = "x-speakeasy-pagination: {type: cursor, inputs: [{name: cursor, in: parameters, type: cursor}], \
                      outputs: {results: '$.data[*].x', nextCursor: $.next}}";
    list(incomplete, "{name: cursor, in: query, schema: {type: string}}")
        .has("pots.yaml", "# pages: {cursor: {parameter: cursor, from: /next}}");
}

#[test]
fn names_and_values_are_carried() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{/a: {{get: {{tags: [pots], operationId: x, x-speakeasy-name-override: warm, {ok}}}}}, \
             /b: {{get: {{tags: [pots], x-fern-sdk-group-name: [kettles], x-fern-sdk-method-name: boil, {ok}}}}}, \
             /c: {{get: {{tags: [pots], parameters: [{{name: size, in: query, schema: {{type: string, enum: [s, l], \
             x-enumNames: [Small, Large], x-enum-descriptions: {{s: One cup., l: Ten cups.}}}}}}, \
             {{name: heat, in: query, schema: {{type: integer, enum: [0, 1], x-enum-varnames: [Cold, Hot]}}}}], {ok}}}}}}}"
        ),
        "",
    ));
    imported.has("pots.yaml", "warm:\nget: /a");
    imported.has("kettles.yaml", "boil:\nget: /b");
    imported.has("pots.yaml", "enum: {s: {doc: One cup., rust: Small}, l: {doc: Ten cups., rust: Large}}");
    imported.has("pots.yaml", "heat: {type: integer, enum: {0: Cold, 1: Hot}}");
}

#[test]
fn words_for_what_is_deprecated_are_carried() {
    for (schema, written) in [
        (
            "{type: integer, deprecated: true, x-stainless-deprecation-message: Deprecated. Newer pots refuse it.}",
            "a: {type: integer, deprecated: Newer pots refuse it.}",
        ),
        (
            "{type: integer, x-speakeasy-deprecation-message: Use `b`., description: How hot.}",
            "a: {type: integer, deprecated: Use `b`., doc: How hot.}",
        ),
        (
            "{type: integer, deprecated: true, description: Deprecated. Use 'b' instead.}",
            "a: {type: integer, deprecated: Use 'b' instead.}",
        ),
        ("{type: integer, deprecated: true}", "a: {type: integer, deprecated: No longer recommended.}"),
    ] {
        let body = with_body(&format!("{{type: object, properties: {{a: {schema}, b: {{type: integer}}}}}}"), "");
        import(&body).has("pots.yaml", written);
    }
}

#[test]
fn keys_of_idempotency_are_made_by_the_client() {
    let header = "parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}]";
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&with_paths(
        &format!(
            "{{/pots: {{post: {{tags: [pots], x-fern-idempotent: true, {header}, {ok}}}}}, \
             /lids: {{post: {{tags: [lids], {header}, {ok}}}}}}}"
        ),
        "x-fern-idempotency-headers: [{header: Idempotency-Key, name: key}]",
    ));
    imported.has("pots.yaml", "summary: Create a pot.\nidempotency: Idempotency-Key\nresponse: none");
    // Of this one nothing is stated.
    imported.has("lids.yaml", "headers:\nIdempotency-Key: string");
    imported.has("lids.yaml", "# idempotency: Idempotency-Key");
}

#[test]
fn what_is_not_escaped_in_a_path_has_its_slashes() {
    let imported = import(&with_paths(
        "{'/pots/{key}': {get: {tags: [pots], parameters: [{name: key, in: path, required: true, \
         x-ms-skip-url-encoding: true, schema: {type: string}}], responses: {'204': {description: Done}}}}}",
        "",
    ));
    imported.has("pots.yaml", "key: {allow_reserved: true}");
}

#[test]
fn retries_of_every_call_are_told() {
    let imported = import(&with_paths(
        "{/pots: {get: {responses: {'204': {description: Done}}}}}",
        "x-speakeasy-retries: {strategy: backoff}\nx-logo: {url: /pot.png}",
    ));
    assert_eq!(imported.report.findings.len(), 1, "{:#?}", imported.report.findings);
    assert!(imported.finding("extension").help.starts_with("nothing"));
}

#[test]
fn what_has_no_reading_is_told_once() {
    let get = "{get: {x-ms-long-running-operation: true, x-code-samples: [], responses: {'204': {description: Done}}}}";
    let imported = import(&with_paths(&format!("{{/pots: {get}, /lids: {get}}}"), ""));
    let told: Vec<_> = imported.report.findings.iter().filter(|it| it.kind == "extension").collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].message.ends_with(": 2"), "{}", told[0].message);
    assert!(told[0].help.contains("task"), "{}", told[0].help);
}

#[test]
fn names_of_clients_are_those_in_rust() {
    let imported = import(&with_body(
        "{type: object, properties: {a: {type: string, x-ms-client-name: firstLetter}, 'odata.type': {type: string, \
         x-ms-client-name: odataType}, b: {type: string, x-ms-client-name: type}}}",
        "",
    ));
    imported.has("pots.yaml", "a: {rust: first_letter}\nodata.type: string\nb: string");
}

#[test]
fn parts_of_pages_that_are_marked_are_stated() {
    let parameter = "{name: after, in: query, schema: {type: string, x-stainless-pagination-property: {purpose: next_cursor_param}}}";
    let fields = "{list: {x-stainless-pagination-property: {purpose: items}, type: array, items: {type: string}}, \
                  more: {x-stainless-pagination-property: {purpose: next_cursor_field}, type: string}}";
    let imported = import(&with_paths(
        &format!(
            "{{/pots: {{get: {{parameters: [{parameter}], responses: {{'200': {{description: Ok, content: {{application/json: \
             {{schema: {{type: object, properties: {fields}}}}}}}}}}}}}}}}}"
        ),
        "",
    ));
    imported.has("pots.yaml", "pages: {items: /list, cursor: {parameter: after, from: /more}}");
}

#[test]
fn where_a_state_is_found_is_suggested() {
    let imported = import(&with_paths(
        "{/pots: {post: {responses: {'202': {description: Ok, headers: {Operation-Location: {schema: {type: string}}}}}}}}",
        "",
    ));
    imported.has("pots.yaml", "# task: {status: {header: Operation-Location}, result: …}");
}
