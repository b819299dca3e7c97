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
fn one_media_type_with_several_parameters() {
    let schema = |ty: &str| format!("{{schema: {{type: {ty}}}}}");
    response(
        &format!("content: {{application/json: {{}}, 'application/json; charset=utf-8': {}}}", schema("integer")),
        "response: integer",
    );
    let two = format!("{{application/json: {}, 'application/json;v=2': {}}}", schema("integer"), schema("string"));
    let imported = import(&with_paths(
        &format!("{{/pots: {{get: {{tags: [pots], responses: {{'200': {{description: Ok, content: {two}}}}}}}}}}}"),
        "",
    ));
    imported.has("pots.yaml", "response: integer");
    imported.finding("same-media-type");
}

#[test]
fn responses_in_json_of_other_media_types() {
    let content = |it: &str| format!("{{'200': {{description: Ok, content: {{{it}: {{schema: {{type: string}}}}}}}}}}");
    let vendor = content("application/vnd.pots+json");
    let only = import(&with_paths(&format!("{{/pots: {{get: {{tags: [pots], responses: {vendor}}}}}}}"), ""));
    only.has("pots.yaml", "accept: application/vnd.pots+json\nresponse: string");
    let paths = |other: &str| {
        format!(
            "{{/pots: {{get: {{tags: [pots], responses: {vendor}}}, post: {{tags: [pots], responses: {vendor}}}}}, \
             /jars: {{get: {{tags: [pots], responses: {other}}}}}}}"
        )
    };
    let everywhere = import(&with_paths(&paths(&content("application/vnd.pots+json")), ""));
    everywhere.has("api.yaml", "accept: application/vnd.pots+json");
    let mixed = import(&with_paths(&paths(&content("application/json")), ""));
    mixed.has("pots.yaml", "accept: application/vnd.pots+json\nresponse: string");
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

/// A request body of these media types.
#[track_caller]
fn request(content: &str, written: &str) {
    let paths = format!(
        "{{/pots: {{post: {{tags: [pots], requestBody: {{required: true, content: {content}}}, responses: {{'204': {{description: Done}}}}}}}}}}"
    );
    let imported = import(&with_paths(&paths, ""));
    assert_eq!(imported.report.counts.operations.exact, 1, "{content}: {:#?}", imported.report.findings);
    imported.has("pots.yaml", written);
}

#[test]
fn bodies_that_are_one_value() {
    let list = "{type: array, items: {type: string}, maxItems: 3}";
    request(&format!("{{application/json: {{schema: {list}}}}}"), "body: {$body: {type: [string], max_items: 3}}");
    request(
        "{application/json: {schema: {type: object, additionalProperties: {type: integer}}}}",
        "body: map<integer>",
    );
    request("{application/json: {}}", "body: json");
    request(
        "{application/json-patch+json: {schema: {type: array, items: {type: object, properties: {op: {type: string}}}}}}",
        "encoding: application/json-patch+json\nbody: [PotCreateBody]",
    );
}

#[test]
fn forms_that_are_called_otherwise() {
    let schema = "{schema: {type: object, properties: {note: {type: string}}}}";
    for (media_type, encoding) in [
        ("form-data", "multipart"),
        ("application/form-data", "multipart"),
        ("x-www-form-urlencoded", "form"),
        ("application/form-urlencoded", "form"),
    ] {
        request(&format!("{{{media_type}: {schema}}}"), &format!("encoding: {encoding}\nbody:\nnote: string"));
    }
}

#[test]
fn forms_that_are_one_value() {
    let form = |schema: &str| format!("{{application/x-www-form-urlencoded: {{schema: {schema}}}}}");
    let map = |of: &str| form(&format!("{{type: object, additionalProperties: {of}}}"));
    for (content, written) in [
        (map("{type: integer}"), "encoding: form\nbody: map<integer>"),
        (map("true"), "encoding: form\nbody: map<string>"),
        (
            form(
                "{type: object, required: [a], properties: {a: {type: string}}, additionalProperties: {type: string}}",
            ),
            "encoding: form\nbody: PotCreateBody",
        ),
        (
            form(
                "{oneOf: [{type: object, required: [by, key], properties: {by: {type: string, enum: [key]}, key: {type: string}}}, \
                 {type: object, required: [by, mail], properties: {by: {type: string, enum: [mail]}, mail: {type: string}}}]}",
            ),
            "encoding: form\nbody: PotCreateBody",
        ),
        (
            "{multipart/form-data: {schema: {type: object, additionalProperties: {type: string}}}}".to_owned(),
            "encoding: multipart\nbody: map<string>",
        ),
    ] {
        request(&content, written);
    }
}

#[test]
fn bodies_that_are_no_json() {
    request(
        "{image/png: {schema: {type: string, format: binary}}, image/jpeg: {}}",
        "body: {binary: [image/png, image/jpeg]}",
    );
    request(
        "{text/plain: {schema: {type: string, maxLength: 5}}}",
        "body: {$body: {text: [text/plain], max_length: 5}}",
    );
}

#[test]
fn several_encodings_of_the_same_fields() {
    let schema = "{schema: {type: object, properties: {note: {type: string}}}}";
    request(
        &format!("{{application/json: {schema}, application/x-www-form-urlencoded: {schema}}}"),
        "encoding: [json, form]\nbody:\nnote: string",
    );
}

#[test]
fn null_is_only_sent_as_json() {
    let schema = "{schema: {type: object, properties: {note: {type: string, nullable: true}}}}";
    let paths = format!(
        "{{/pots: {{post: {{tags: [pots], requestBody: {{content: {{application/json: {schema}, application/x-www-form-urlencoded: {schema}}}}}, \
         responses: {{'204': {{description: Done}}}}}}}}}}"
    );
    let imported = import(&with_paths(&paths, ""));
    imported.has("pots.yaml", "note: {nullable: true}");
    imported.finding("other-encodings");
}

#[test]
fn objects_are_parts_of_json() {
    request(
        "{multipart/form-data: {schema: {type: object, properties: {lid: {type: object, properties: {size: {type: integer}}}}}, \
         encoding: {lid: {contentType: application/json}}}}",
        "encoding: multipart\nbody:\nlid: PotCreateLid",
    );
}

#[test]
fn parts_have_the_styles_that_are_said() {
    request(
        "{multipart/form-data: {schema: {type: object, properties: {tags: {type: array, items: {type: string}}, \
         lid: {type: object, additionalProperties: {type: string}}}}, \
         encoding: {tags: {style: form, explode: false}, lid: {style: deepObject}}}}",
        "encoding: multipart\nbody:\ntags: {type: [string], style: comma}\nlid: {type: map<string>, style: deep_object}",
    );
}

#[test]
fn a_part_is_a_file_or_a_text() {
    request(
        "{multipart/form-data: {schema: {type: object, properties: \
         {picture: {oneOf: [{type: string, format: binary}, {type: string}]}}}}}",
        "encoding: multipart\nbody:\npicture: file | string",
    );
}

#[test]
fn other_bodies_are_operations_of_their_own() {
    let paths = "{/pots: {post: {tags: [pots], requestBody: {required: true, content: {\
                 application/json: {schema: {type: object, properties: {url: {type: string}}}}, \
                 multipart/form-data: {schema: {type: object, properties: {picture: {type: string, format: binary}}}}, \
                 application/xml: {schema: {type: object, properties: {url: {type: string}}}}}}, \
                 responses: {'204': {description: Done}}}}}";
    let imported = import(&with_paths(paths, ""));
    imported.has("pots.yaml", "create:\npost: /pots");
    imported.has("pots.yaml", "create_multipart:\npost: /pots");
    imported.finding("other-encodings");
    assert_eq!(imported.report.counts.operations.exact, 1);
    assert_eq!(imported.report.counts.operations.all(), 1);
}

#[test]
fn one_value_or_several_are_sent_as_a_list() {
    request(
        "{multipart/form-data: {schema: {type: object, properties: {tags: {oneOf: [{type: string}, {type: array, items: {type: string}}]}}}}}",
        "encoding: multipart\nbody:\ntags: [string]",
    );
}

#[test]
fn fields_of_text_are_told() {
    let imported = import(&with_paths(
        "{/pots: {get: {tags: [pots], responses: {'200': {description: Ok, content: {application/yaml: {schema: \
         {type: object, properties: {size: {type: integer}}}}}}}}}}",
        "",
    ));
    assert!(imported.finding("answer-text").message.ends_with("describes it as an object with `size`"));
    imported.has("pots.yaml", "unclear: The document describes what is in the response as an object with `size`.");
    assert_eq!(imported.report.counts.operations.approximated, 1);
    assert_eq!(imported.report.counts.as_text, 1);
    let size = "{schema: {type: object, properties: {size: {type: integer}}}}";
    let lines = import(&with_paths(
        &format!(
            "{{/pots: {{post: {{tags: [pots], requestBody: {{required: true, content: {{application/x-ndjson: {size}}}}}, \
             responses: {{'204': {{description: Done}}}}}}}}}}"
        ),
        "",
    ));
    lines.has("pots.yaml", "text: [application/x-ndjson]");
    assert_eq!(lines.report.counts.as_text, 1);
    let zip = import(&with_paths(
        &format!(
            "{{/pots: {{post: {{tags: [pots], requestBody: {{required: true, content: {{application/zip: {size}}}}}, \
             responses: {{'200': {{description: Ok, content: {{application/zip: {size}}}}}}}}}}}}}"
        ),
        "",
    ));
    zip.has("pots.yaml", "response: {binary: [application/zip]}");
    zip.has("pots.yaml", "binary: [application/zip]");
    zip.finding("body-media");
    assert_eq!(zip.report.counts.as_text, 1);
}

#[test]
fn events_that_are_text_are_text() {
    response("content: {text/event-stream: {schema: {type: string}}}", "response: {text: [text/event-stream]}");
}

#[test]
fn what_is_read_is_what_is_put() {
    let pot = "{$ref: '#/components/schemas/Pot'}";
    let body = format!("requestBody: {{required: true, content: {{application/json: {{schema: {pot}}}}}}}");
    let ok = |schema: &str| {
        format!("responses: {{'200': {{description: Ok, content: {{application/json: {{schema: {schema}}}}}}}}}")
    };
    let id = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]";
    let none = "responses: {'204': {description: Done}}";
    let document = |answer: &str| {
        with_paths(
            &format!(
                "{{/pots: {{post: {{tags: [pots], {body}, {none}}}}}, '/pots/{{id}}': {{{id}, \
                 get: {{tags: [pots], {answer}}}, put: {{tags: [pots], {body}, {none}}}}}}}"
            ),
            "components: {schemas: {Pot: {type: object, required: [id], properties: {id: {type: string, readOnly: true}, \
             size: {type: integer}}}}}",
        )
    };
    for answer in [
        pot.to_owned(),
        format!("{{type: array, items: {pot}}}"),
        format!("{{type: object, properties: {{data: {pot}}}}}"),
    ] {
        let imported = import(&document(&ok(&answer)));
        imported.has("pots.yaml", "replace:\nput: /pots/{id}\nsummary: Replace a pot.\nbody: Pot");
        // A new one has the parameters of its own.
        imported.has("pots.yaml", "body:\nsize: integer");
        assert_eq!(imported.report.counts.operations.exact, 3);
    }
    import(&document(none)).has("pots.yaml", "put: /pots/{id}\nsummary: Replace a pot.\nbody:\nsize: integer");
}
