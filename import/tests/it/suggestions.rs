//! Guesses are comments. Where they are right, the spec compiles with them switched on, without a warning.

use specwright_codegen::pipeline;

use super::{import, with_paths};

/// Imports a document, switches its comments on, and looks for one of them.
#[track_caller]
fn switched_on(paths: &str, more: &str, expected: &str) {
    let imported = import(&with_paths(paths, more));
    let mut found = false;
    let mut files = Vec::new();
    for (name, text) in &imported.files {
        let lines = text.lines().map(|line| match line.trim_start().strip_prefix("# ") {
            Some(rest) => {
                found |= rest == expected;
                format!("{}{rest}", &line[..line.len() - line.trim_start().len()])
            }
            None => line.to_owned(),
        });
        files.push((name.clone(), lines.collect::<Vec<_>>().join("\n") + "\n"));
    }
    assert!(found, "no `{expected}` in {:#?}", imported.files);
    let compiled = pipeline::lint_texts("tea", files.clone());
    assert!(compiled.diagnostics.is_empty(), "{:#?}\n{files:#?}", compiled.diagnostics);
}

/// A list of pots with some parameters and fields beside it.
fn list(parameters: &str, fields: &str) -> String {
    format!(
        "{{/pots: {{get: {{tags: [pots], summary: Lists pots., parameters: [{parameters}], responses: {{'200': {{description: Ok, \
         content: {{application/json: {{schema: {{type: object, properties: {{data: {{type: array, items: {{type: object, required: [id], \
         properties: {{id: {{type: string}}}}}}}}{fields}}}}}}}}}}}}}}}}}}}"
    )
}

#[test]
fn pages() {
    let number = |name: &str| format!("{{name: {name}, in: query, schema: {{type: integer}}}}");
    let text = |name: &str| format!("{{name: {name}, in: query, schema: {{type: string}}}}");
    for (parameters, fields, expected) in [
        (number("page"), "", "pages: {items: /data, page: page}"),
        (
            format!("{}, {}", number("offset"), number("limit")),
            "",
            "pages: {items: /data, offset: offset, size: limit}",
        ),
        (
            text("cursor"),
            ", next_cursor: {type: string}",
            "pages: {items: /data, cursor: {parameter: cursor, from: /next_cursor}}",
        ),
        (
            text("starting_after"),
            ", has_more: {type: boolean}",
            "pages: {items: /data, cursor: {parameter: starting_after, last_item: /id}, while: /has_more}",
        ),
        (
            text("pageCursor"),
            ", nextPageCursor: {type: string}",
            "pages: {items: /data, cursor: {parameter: pageCursor, from: /nextPageCursor}}",
        ),
        (
            format!("{}, {}", text("'page[after]'"), number("'page[size]'")),
            ", meta: {type: object, properties: {page: {type: object, properties: {next_cursor: {type: string}, \
             has_more: {type: boolean}}}}}",
            "pages: {items: /data, cursor: {parameter: \"page[after]\", from: /meta/page/next_cursor}, \
             while: /meta/page/has_more, size: \"page[size]\"}",
        ),
        (
            number("'page[size]'"),
            ", links: {type: object, properties: {prev: {type: string}, next: {type: string}}}",
            "pages: {items: /data, url: /links/next, size: \"page[size]\"}",
        ),
        (
            text("after"),
            ", meta: {type: object, properties: {links: {type: object, properties: {next: {type: string}}}}}",
            "pages: {items: /data, url: /meta/links/next}",
        ),
        (number("page"), ", next: {type: string, format: uri}", "pages: {items: /data, url: /next}"),
        // A text may be anything.
        (number("page"), ", next: {type: string}", "pages: {items: /data, page: page}"),
    ] {
        switched_on(&list(&parameters, fields), "", expected);
    }
}

#[test]
fn pages_by_a_header() {
    let paths = "{/pots: {get: {tags: [pots], summary: Lists pots., responses: {'200': {description: Ok, \
                 headers: {Link: {schema: {type: string}}}, \
                 content: {application/json: {schema: {type: array, items: {type: string}}}}}}}}}";
    switched_on(paths, "", "pages: {link: next}");
}

#[test]
fn pages_of_a_search() {
    let paths = "{/pots/search: {post: {tags: [pots], summary: Finds pots., requestBody: {required: true, content: \
                 {application/json: {schema: {type: object, properties: {cursor: {type: string}}}}}}, responses: \
                 {'200': {description: Ok, content: {application/json: {schema: {type: object, properties: \
                 {pots: {type: array, items: {type: string}}, next_cursor: {type: string}}}}}}}}}}";
    switched_on(paths, "", "pages: {items: /pots, cursor: {parameter: cursor, from: /next_cursor}}");
}

#[test]
fn a_header_that_makes_calls_idempotent() {
    let paths = "{/pots: {post: {tags: [pots], summary: Makes a pot., parameters: [{name: Idempotency-Key, in: header, \
                 schema: {type: string}}], responses: {'204': {description: Done}}}}}";
    let line = "# idempotency: Idempotency-Key  # in place of this header under `headers`";
    import(&with_paths(paths, "")).has("pots.yaml", line);
}

#[test]
fn errors() {
    let paths = "{/pots: {get: {tags: [pots], summary: Lists pots., responses: {'204': {description: Done}, '400': {description: Wrong., \
                 content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}}}}}";
    let problem =
        "components: {schemas: {Problem: {type: object, properties: {message: {type: string}, code: {type: string}}}}}";
    switched_on(paths, problem, "message: /message");
    let nested = "components: {schemas: {Problem: {type: object, properties: {error: {type: object, properties: \
                  {message: {type: string}, code: {type: string}}}}}}}";
    switched_on(paths, nested, "code: /error/code");
    let titled = "components: {schemas: {Problem: {type: object, properties: {title: {type: string}}}}}";
    switched_on(paths, titled, "message: /title");
    let several = "components: {schemas: {Problem: {type: object, properties: {errors: {type: array, items: {type: object, \
                   properties: {detail: {type: string}}}}}}}}";
    switched_on(paths, several, "message: /errors/0/detail");
}
