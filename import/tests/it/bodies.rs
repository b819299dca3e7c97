//! Bodies of requests and responses.

use super::{import, with_paths};

#[track_caller]
fn response(content: &str, written: &str) {
    let imported = import(&with_paths(
        &format!("{{/pots: {{get: {{tags: [pots], responses: {{'200': {{description: Ok, {content}}}}}}}}}}}"),
        "",
    ));
    imported.has("pots.yaml", written);
}

#[test]
fn responses() {
    response("content: {text/csv: {schema: {type: string}}}", "response: {text: [text/csv]}");
    response("content: {image/png: {schema: {type: string, format: binary}}}", "response: {binary: [image/png]}");
    response(
        "content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}",
        "response: {a?: string}",
    );
    response("content: {application/json: {schema: {type: array, items: {type: string}}}}", "response: \"[string]\"");
    response(
        "headers: {ETag: {schema: {type: string}}}",
        "response: none\nsuccess: 200\nresponse_headers:\nETag?: string",
    );
}

#[test]
fn several_statuses_of_success() {
    let imported = import(&with_paths(
        "{/pots: {get: {tags: [pots], responses: {'200': {description: Ok, content: {application/json: {schema: {type: string}}}}, \
         '204': {description: Empty}}}}}",
        "",
    ));
    imported.has("pots.yaml", "response: {200: string, 204: none}");
}

#[test]
fn forms_and_files() {
    let imported = import(&with_paths(
        "{/pots: {post: {tags: [pots], requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, \
         required: [picture], properties: {picture: {type: string, format: binary}, note: {type: string}}}}}}, \
         responses: {'204': {description: Done}}}}}",
        "",
    ));
    imported.has("pots.yaml", "encoding: multipart");
    imported.has("pots.yaml", "picture: {type: file, required: true}");
}

#[test]
fn only_answers_have_what_is_read_only() {
    let imported = import(&with_paths(
        "{/pots: {post: {tags: [pots], requestBody: {required: true, content: {application/json: {schema: {type: object, \
         properties: {id: {type: string, readOnly: true}, note: {type: string}}}}}}, responses: {'204': {description: Done}}}}}",
        "",
    ));
    imported.has("pots.yaml", "body: {note: string}".trim_start_matches("body: {").trim_end_matches('}'));
    assert!(!imported.file("pots.yaml").contains("id:"));
}
