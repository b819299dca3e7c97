//! Parameters, styles, servers and credentials.

use super::{import, with_paths};

#[test]
fn styles_are_those_of_the_document() {
    let query = |name: &str, more: &str| {
        format!("{{name: {name}, in: query, {more}, schema: {{type: array, items: {{type: string}}}}}}")
    };
    let imported = import(&with_paths(
        &format!(
            "{{/pots: {{get: {{tags: [pots], parameters: [{}, {}, {}, {{name: d, in: query, style: deepObject, schema: {{type: object, \
             additionalProperties: {{type: string}}}}}}], responses: {{'204': {{description: Done}}}}}}}}}}",
            query("a", "explode: true"),
            query("b", "explode: false"),
            query("c", "style: pipeDelimited, explode: false"),
        ),
        "",
    ));
    imported.has("pots.yaml", "a: {type: [string], style: repeated}");
    imported.has("pots.yaml", "b: {type: [string], style: comma}");
    imported.has("pots.yaml", "c: {type: [string], style: pipe}");
    imported.has("pots.yaml", "d: {type: map<string>, style: deep_object}");
}

#[test]
fn what_exports_of_this_project_say_is_read() {
    let imported = import(&with_paths(
        "{/pots: {post: {tags: [pots], parameters: [\
         {name: a, in: query, style: deepObject, explode: true, x-specwright-style: {lists: numbered}, schema: {type: array, items: {type: string}}}, \
         {name: b, in: query, allowReserved: true, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}, \
         {name: c, in: query, allowEmptyValue: true, schema: {const: ''}}], \
         x-specwright-query-by-prefix: {'meta-*': {type: object, additionalProperties: {type: string}}}, \
         x-specwright-headers-by-prefix: {'X-Meta-*': {type: object, additionalProperties: {type: string}}}, \
         requestBody: {required: true, content: {application/x-ndjson: {schema: {type: array, items: {type: string}}}}}, \
         responses: {'204': {description: Done}}}}}",
        "",
    ));
    imported.has("pots.yaml", "a: {type: [string], style: numbered}");
    imported.has("pots.yaml", "b: {type: [string], style: pipe, allow_reserved: true}");
    imported.has("pots.yaml", "meta-*: map<string>");
    imported.has("pots.yaml", "X-Meta-*: map<string>");
    imported.has("pots.yaml", "encoding: ndjson");
}

#[test]
fn any_items_of_a_list_are_text_outside_of_json() {
    for (items, written) in
        [("{}", "tags: {type: [string], style: comma}"), ("{type: integer}", "tags: {type: [integer], style: comma}")]
    {
        let imported = import(&with_paths(
            &format!(
                "{{/pots: {{get: {{tags: [pots], parameters: [{{name: tags, in: query, style: form, explode: false, \
                 schema: {{type: array, items: {items}}}}}], responses: {{'204': {{description: Done}}}}}}}}}}"
            ),
            "",
        ));
        imported.has("pots.yaml", written);
        assert!(imported.report.findings.is_empty(), "{:#?}", imported.report.findings);
    }
}

#[test]
fn a_query_in_a_path_is_a_constant() {
    let ok = "responses: {'204': {description: Done}}";
    let imported =
        import(&with_paths(&format!("{{/pots: {{get: {{{ok}}}}}, '/pots?beta=true': {{get: {{{ok}}}}}}}"), ""));
    imported.has("pots.yaml", "beta: {required: true, const: \"true\"}");
    assert_eq!(imported.report.counts.operations.exact, 2);
    assert_eq!(imported.finding("path-characters").place.pointer, "/paths/~1pots?beta=true/get");
}

#[test]
fn servers_and_credentials() {
    let imported = import(&with_paths(
        "{/pots: {get: {tags: [pots], responses: {'204': {description: Done}}}, post: {tags: [pots], security: [], responses: {'204': {description: Done}}}}}",
        "servers: [{url: 'https://{shop}.example.com:{port}/v1', variables: {shop: {default: ann}, port: {default: '443'}}}]\n\
         security: [{key: []}]\ncomponents: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}",
    ));
    imported.has(
        "api.yaml",
        "servers: {default: {url: \"https://{shop}.example.com:443/v1\", variables: {shop: {default: ann}}}}",
    );
    imported.has("api.yaml", "api_key:\nenv: TEA_API_KEY\nsend: {header: {header: X-Key}}");
    imported.has("pots.yaml", "auth: none");
}

#[test]
fn a_default_that_only_shows_what_to_write_is_none() {
    let imported = import(&with_paths(
        "{/pots: {get: {tags: [pots], responses: {'204': {description: Done}}}}}",
        "servers: [{url: 'https://{region}.example.com/{shopId}/{site}', \
         variables: {region: {default: eu}, shopId: {default: shop_id}, site: {default: your-site}}}]",
    ));
    imported.has("api.yaml", "variables: {region: {default: eu}, shop_id: {}, site: {}}");
}

#[test]
fn what_operations_share_is_said_once() {
    let limit = "{name: limit, in: query, description: How many of them are answered at the most., schema: {type: integer, maximum: 100}}";
    let error = "'404': {description: There is none., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}";
    let get = |tag: &str| {
        format!("get: {{tags: [{tag}], parameters: [{limit}], responses: {{'204': {{description: Done}}, {error}}}}}")
    };
    let imported = import(&with_paths(
        &format!("{{/pots: {{{}}}, /lids: {{{}}}}}", get("pots"), get("lids")),
        "components: {schemas: {Problem: {type: object, properties: {message: {type: string}}}}}",
    ));
    imported.has("pots.yaml", "limit: {use: limit}");
    imported.has(
        "api.yaml",
        "errors:\n# message: /message\ntype: Problem\nstatuses:\n404: {kind: not_found, doc: There is none.}",
    );
}

#[test]
fn paths_of_other_templates_have_plain_names() {
    let name = |place: &str| format!("{{name: {place}, in: path, required: true, schema: {{type: string}}}}");
    let imported = import(&with_paths(
        &format!(
            "{{'/v1/{{+name}}': {{get: {{tags: [pots], parameters: [{}], responses: {{'204': {{description: Done}}}}}}}}}}",
            name("name")
        ),
        "",
    ));
    imported.has("pots.yaml", "get: /v1/{name}");
    imported.has("pots.yaml", "name: {allow_reserved: true}");
}

#[test]
fn parameters_with_nothing_between_them() {
    let name = |it: &str, schema: &str| format!("{{name: {it}, in: path, required: true, schema: {schema}}}");
    let text = "{type: string}";
    for (path, parameters, written) in [
        ("/pots/{id}{end}", [name("id", text), name("end", "{type: string, enum: [.json]}")], "get: /pots/{id}.json"),
        ("/pots/{v}{id}", [name("id", text), name("v", "{type: string, const: v-}")], "get: /pots/v-{id}"),
        ("/pots/{id}{.form}", [name("id", text), name(".form", text)], "get: /pots/{id}.{.form}"),
    ] {
        let imported = import(&with_paths(
            &format!(
                "{{'{path}': {{get: {{tags: [pots], parameters: [{}], responses: {{'204': {{description: Done}}}}}}}}}}",
                parameters.join(", ")
            ),
            "",
        ));
        imported.has("pots.yaml", written);
        assert_eq!(imported.report.counts.operations.exact, 1, "{:#?}", imported.report.findings);
        assert!(imported.report.findings.is_empty(), "{:#?}", imported.report.findings);
    }
}

#[test]
fn a_shared_parameter_is_mended_once() {
    let mail = "parameters: [{name: mail, in: query, description: Where the bill for the pot of tea is sent to., \
                schema: {type: string, format: email, default: ''}}]";
    let get = format!("{{get: {{tags: [pots], {mail}, responses: {{'204': {{description: Done}}}}}}}}");
    let imported = import(&with_paths(&format!("{{/pots: {get}, /lids: {get}}}"), ""));
    imported.has("pots.yaml", "mail: {type: email, doc: Where the bill for the pot of tea is sent to.}");
    imported.has("pots.yaml", "mail: {use: mail}");
    imported.finding("value-misfit");
    assert_eq!(imported.report.counts.operations.exact, 2);
}

#[test]
fn what_stands_before_a_key_is_told_in_words() {
    for (words, send) in [
        ("Format `Bearer KEY`", "{header: Authorization, prefix: \"Bearer \"}"),
        ("Format `Token token=KEY`", "{header: Authorization, prefix: \"Token token=\"}"),
        ("Format `Token KEY`", "{header: Authorization, prefix: \"Token \"}"),
        ("The key", "{header: Authorization}"),
    ] {
        let scheme = format!("{{type: apiKey, in: header, name: Authorization, description: {words}}}");
        let imported = import(&with_paths(
            "{/pots: {get: {tags: [pots], responses: {'204': {description: Done}}}}}",
            &format!("security: [{{key: []}}]\ncomponents: {{securitySchemes: {{key: {scheme}}}}}"),
        ));
        imported.has("api.yaml", &format!("send: {{header: {send}}}"));
    }
}

#[test]
fn an_operation_may_be_the_stream_of_another_one() {
    let post = |id: &str, flag: &str, media: &str| {
        format!(
            "post: {{tags: [pots], operationId: {id}, requestBody: {{required: true, content: {{application/json: {{schema: \
             {{type: object, required: [size], properties: {{size: {{type: integer}}, stream: {{type: boolean, const: {flag}}}}}}}}}}}}}, \
             responses: {{'200': {{description: Ok, content: {{{media}: {{schema: {{type: object, properties: {{steam: {{type: string}}}}}}}}}}}}}}}}"
        )
    };
    let (whole, stream) = (post("brew", "false", "application/json"), post("watch", "true", "text/event-stream"));
    let imported = import(&with_paths(&format!("{{/brew: {{{whole}}}, '/brew#stream': {{{stream}}}}}"), ""));
    imported.finding("joined-stream");
    imported.has("pots.yaml", "stream: boolean");
    imported.has("pots.yaml", "when: {stream: true}");
    let counts = &imported.report.counts.operations;
    assert_eq!((counts.exact, counts.approximated, counts.dropped), (2, 0, 0));
}

#[test]
fn query_parameters_of_every_operation_are_set_once() {
    let paths = |count: usize| {
        let version = "{name: version, in: query, required: true, schema: {type: string}}";
        let page = "{name: page, in: query, schema: {type: integer}}";
        let of = |at: usize| {
            format!(
                "/pots{at}: {{get: {{tags: [pots], parameters: [{version}, {page}], responses: {{'204': {{description: Done}}}}}}}}"
            )
        };
        import(&with_paths(&format!("{{{}}}", (0..count).map(of).collect::<Vec<_>>().join(", ")), ""))
    };
    let many = paths(6);
    many.has("api.yaml", "client:\nquery:\nversion: {type: string, required: true}");
    many.has("pots.yaml", "query:\npage: integer");
    assert!(!many.file("pots.yaml").contains("version"));
    assert!(!paths(2).file("api.yaml").contains("client"));
}

#[test]
fn queries_in_paths_are_parameters() {
    let get = |name: &str| {
        format!(
            "get: {{tags: [pots], parameters: [{{name: {name}, in: path, required: true, schema: {{type: string}}}}], \
             responses: {{'204': {{description: Done}}}}}}"
        )
    };
    let (by_size, by_lid) = (get("size"), get("lid"));
    let alone = import(&with_paths(&format!("{{'/pots?size={{size}}': {{{by_size}}}}}"), ""));
    alone.has("pots.yaml", "get: /pots\nsummary: List pots.\nquery:\nsize: {type: string, required: true}");
    let both = import(&with_paths(
        &format!("{{'/pots?size={{size}}': {{{by_size}}}, '/pots?lid={{lid}}': {{{by_lid}}}}}"),
        "",
    ));
    both.has("pots.yaml", "query:\nsize: {type: string, required: true}");
    both.has("pots.yaml", "query:\nlid: {type: string, required: true}");
    assert_eq!(both.report.counts.operations.exact, 2);
    // Where no request needs what the other has not, they are one.
    let optional = |name: &str| {
        format!(
            "get: {{tags: [pots], parameters: [{{name: {name}, in: query, schema: {{type: string}}}}], \
             responses: {{'204': {{description: Done}}}}}}"
        )
    };
    let (by_size, by_lid) = (optional("size"), optional("lid"));
    let merged = import(&with_paths(&format!("{{/pots: {{{by_size}}}, '/pots#lid': {{{by_lid}}}}}"), ""));
    merged.finding("merged-endpoint");
    merged.has("pots.yaml", "query:\nsize: string\nlid: string");
    assert_eq!(merged.report.counts.operations.approximated, 2);
}

#[test]
fn a_tag_may_be_called_as_the_shared_file() {
    let imported = import(&with_paths("{/test: {get: {tags: [api], responses: {'204': {description: Done}}}}}", ""));
    imported.has("api.yaml", "api: tea");
    imported.has("general.yaml", "get: /test");
}

#[test]
fn constants_in_headers_tell_operations_apart() {
    let target = |value: &str| {
        format!(
            "post: {{tags: [pots], parameters: [{{name: X-Target, in: header, required: true, schema: {{enum: [{value}]}}}}], \
             responses: {{'204': {{description: Done}}}}}}"
        )
    };
    let imported = import(&with_paths(&format!("{{'/#a': {{{}}}, '/#b': {{{}}}}}", target("a"), target("b")), ""));
    assert_eq!(imported.report.counts.operations.exact, 2);
}

#[test]
fn oauth_2_is_a_credential_that_fetches_tokens() {
    let flow = |kind: &str, more: &str| {
        let schemes = format!(
            "components: {{securitySchemes: {{app: {{type: oauth2, flows: {{{kind}: {{tokenUrl: 'https://tea.example/token', scopes: {{brew: Brewing.}}{more}}}}}}}}}}}"
        );
        let paths = "{/pots: {get: {security: [{app: [brew]}], responses: {'204': {description: Done}}}}}";
        import(&with_paths(paths, &schemes))
    };
    flow("clientCredentials", "").has(
        "api.yaml",
        "oauth2: {grant: client_credentials, token_url: https://tea.example/token, scopes: {brew: Brewing.}}",
    );
    flow("authorizationCode", ", authorizationUrl: 'https://tea.example/ask'").has("api.yaml", "grant: refresh_token");
    // A path has no host here, so that nobody could open it.
    flow("authorizationCode", ", authorizationUrl: /ask").has("api.yaml", "send: {bearer: {header: Authorization");
}

#[test]
fn cookies_are_parameters() {
    let imported = import(&with_paths(
        "{/pots: {get: {tags: [pots], parameters: [{name: theme, in: cookie, required: true, schema: {enum: [light, dark], type: string}}, \
         {name: seen, in: cookie, explode: false, schema: {type: array, items: {type: string}}}], responses: {'204': {description: Done}}}}}",
        "",
    ));
    imported.has("pots.yaml", "cookies:");
    imported.has("pots.yaml", "theme: {required: true, enum: [light, dark]}");
    imported.has("pots.yaml", "seen: [string]");
    assert_eq!(imported.report.counts.operations.exact, 1);
}

#[test]
fn what_stands_before_a_value_of_a_path_is_in_the_path() {
    let path = |name: &str, rest: &str| format!("{{name: {name}, in: path, required: true, {rest}}}");
    let list = "schema: {type: array, items: {type: integer}}";
    let imported = import(&with_paths(
        &format!(
            "{{'/pots{{id}}/{{tags}}/{{kind}}': {{get: {{tags: [pots], parameters: [{}, {}, {}], responses: {{'204': {{description: d}}}}}}}}}}",
            path("id", &format!("style: matrix, {list}")),
            path("tags", &format!("style: label, {list}")),
            path("kind", "style: label, schema: {type: string}"),
        ),
        "",
    ));
    assert_eq!(imported.report.counts.operations.exact, 1, "{:#?}", imported.report.findings);
    imported.has("pots.yaml", "get: /pots;id={id}/.{tags}/.{kind}");
    imported.has("pots.yaml", "id: [integer]\ntags: {type: [integer], style: dots}");
}

#[test]
fn a_file_and_json_are_answers_by_status() {
    let imported = import(&with_paths(
        "{/pots: {get: {operationId: getPot, tags: [pots], responses: {\
         '200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}, \
         '202': {description: later, content: {application/json: {schema: {type: object, properties: {wait: {type: integer}}}}}}, \
         '204': {description: none}}}}}",
        "",
    ));
    assert_eq!(imported.report.counts.operations.exact, 1, "{:#?}", imported.report.findings);
    imported.has("pots.yaml", "200: {binary: [application/pdf]}");
    imported.has("pots.yaml", "204: none");
}

#[test]
fn one_file_beside_nothing_stays_a_file() {
    let imported = import(&with_paths(
        "{/pots: {get: {operationId: getPot, tags: [pots], responses: {\
         '200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}, \
         '204': {description: none}}}}}",
        "",
    ));
    imported.has("pots.yaml", "response: {binary: [application/pdf]}");
}

#[test]
fn methods_without_a_key_are_in_capitals() {
    let ok = "responses: {'204': {description: Done}}";
    let imported = import(&format!(
        "openapi: 3.2.0\ninfo: {{title: Tea, version: '1'}}\npaths: {{/pots: {{query: {{tags: [pots], operationId: findPots, requestBody: \
         {{required: true, content: {{application/json: {{schema: {{type: object, required: [q], properties: {{q: {{type: string}}}}}}}}}}}}, {ok}}}, \
         trace: {{tags: [pots], {ok}}}, additionalOperations: {{COPY: {{tags: [pots], operationId: copyPots, {ok}}}, Brew: {{tags: [pots], {ok}}}}}}}}}\n"
    ));
    imported.has("pots.yaml", "find:\nQUERY: /pots");
    imported.has("pots.yaml", "copy:\nCOPY: /pots");
    imported.has("pots.yaml", "TRACE: /pots");
    let counts = &imported.report.counts.operations;
    assert_eq!((counts.exact, counts.dropped), (3, 1));
    assert_eq!(imported.finding("method").place.pointer, "/paths/~1pots/additionalOperations/Brew");
}

/// A document with a `GET` of each path, with these parameters.
fn of_gets(gets: &[(&str, &str, &str)]) -> String {
    let parameter = |it: &str| {
        let (name, place) = it.split_once(' ').unwrap_or((it, "query"));
        format!("{{name: {name}, in: {place}, required: true, schema: {{type: string}}}}")
    };
    let one = |(path, id, parameters): &(&str, &str, &str)| {
        let all: Vec<String> = parameters.split(", ").filter(|it| !it.is_empty()).map(parameter).collect();
        format!(
            "'{path}': {{get: {{operationId: {id}, tags: [pots], parameters: [{}], responses: {{'204': {{description: done}}}}}}}}",
            all.join(", ")
        )
    };
    with_paths(&format!("{{{}}}", gets.iter().map(one).collect::<Vec<_>>().join(", ")), "")
}

#[test]
fn a_parameter_that_only_one_operation_needs_tells_it_apart() {
    let imported = import(&of_gets(&[
        ("/pots", "listPots", ""),
        ("/pots#name", "findByName", "name"),
        ("/pots?city={city}", "findByCity", "city"),
    ]));
    assert_eq!(imported.report.counts.operations.exact, 3, "{:#?}", imported.report.findings);
    imported.has("pots.yaml", "name: {type: string, required: true}");
    imported.has("pots.yaml", "city: {type: string, required: true}");
}

#[test]
fn operations_that_are_the_same_are_one() {
    let imported =
        import(&of_gets(&[("/pots/{id}/lid", "getLid", "id path"), ("/pots/{name}/lid", "getLidByName", "name path")]));
    assert_eq!(imported.report.counts.operations.exact, 2, "{:#?}", imported.report.findings);
    imported.finding("same-operation");
}

#[test]
fn a_form_of_any_fields_is_the_last_of_several_bodies() {
    let imported = import(&with_paths(
        "{/pots: {post: {operationId: brew, tags: [pots], responses: {'204': {description: done}}, requestBody: {required: true, \
         content: {multipart/form-data: {}, application/octet-stream: {schema: {type: string, format: binary}}}}}}}",
        "",
    ));
    assert_eq!(imported.report.counts.operations.exact, 1, "{:#?}", imported.report.findings);
    imported.has("pots.yaml", "body: {binary: [application/octet-stream]}");
    imported.finding("other-encodings");
}
