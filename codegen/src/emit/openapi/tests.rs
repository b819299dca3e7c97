//! Whole documents against structural checks, and fragments of them.

mod structure;

use serde_json::{Value, json};

use super::{Version, document};
use crate::testing;

const BOTH: [Version; 2] = [Version::V3_1, Version::V3_0];

/// The document of a resource `x` with these operations.
fn of(operations: &str, version: Version) -> Value {
    document(&testing::api(&[("x.yaml", &testing::resource(operations))]), version)
}

/// The body of an operation that takes these parameters.
fn body(parameters: &str, version: Version) -> Value {
    let parameters: String = parameters.lines().map(|it| format!("      {it}\n")).collect();
    let operations = format!("  make:\n    post: /x\n    summary: Make.\n    response: none\n    body:\n{parameters}");
    of(&operations, version)["paths"]["/x"]["post"]["requestBody"]["content"]["application/json"]["schema"].clone()
}

#[track_caller]
fn check_property(parameter: &str, expected: Value) {
    assert_eq!(body(parameter, Version::V3_1)["properties"]["a"], expected);
}

#[track_caller]
fn check_property_3_0(parameter: &str, expected: Value) {
    assert_eq!(body(parameter, Version::V3_0)["properties"]["a"], expected);
}

#[test]
fn documents_are_sound() {
    for api in
        [testing::api(testing::atelier()), testing::model_of("", "animeapi"), testing::model_of("", "runanything")]
    {
        for version in BOTH {
            structure::check(&document(&api, version), version);
        }
    }
}

#[test]
fn types_that_only_errors_mention_are_there() {
    for api in ["kinds", "palaver"] {
        for version in BOTH {
            structure::check(&document(&testing::model_of("tests/project", api), version), version);
        }
    }
}

#[test]
fn documents_are_the_same_every_time() {
    let api = testing::api(testing::atelier());
    for version in BOTH {
        assert_eq!(document(&api, version).to_string(), document(&api, version).to_string());
    }
}

#[test]
fn limits_are_keywords() {
    check_property(
        "a: {type: string, min_length: 2, max_length: 9}",
        json!({"type": "string", "minLength": 2, "maxLength": 9}),
    );
    check_property("a: {type: uuid}", json!({"type": "string", "format": "uuid"}));
    check_property(
        "a: {type: decimal}",
        json!({"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
    );
    check_property(
        "a: {type: \"[string?]\", items: {max_length: 2}}",
        json!({"type": "array", "items": {"type": ["string", "null"], "maxLength": 2}}),
    );
    check_property_3_0(
        "a: {type: map<date?>}",
        json!({"type": "object", "additionalProperties": {"type": "string", "format": "date", "nullable": true}}),
    );
    check_property(
        "a: {type: integer, minimum: 1, default: 3}",
        json!({"type": "integer", "format": "int64", "maximum": i64::MAX, "minimum": 1, "default": 3}),
    );
    check_property("a: {type: number, exclusive_minimum: 0}", json!({"type": "number", "exclusiveMinimum": 0}));
    check_property_3_0(
        "a: {type: number, exclusive_minimum: 0}",
        json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
    );
    check_property("a: {type: number, enum: [0, 0.5]}", json!({"type": "number", "enum": [0, 0.5]}));
    check_property("a: {enum: [p, q]}", json!({"type": "string", "enum": ["p", "q"]}));
    check_property("a: {enum: [p, q], open: true}", json!({"type": "string", "x-extensible-enum": ["p", "q"]}));
    check_property(
        "a: {type: '[string]', max_items: 3, unique_items: true, items: {max_length: 9}}",
        json!({"type": "array", "items": {"type": "string", "maxLength": 9}, "maxItems": 3, "uniqueItems": true}),
    );
    check_property(
        "a: {type: map<integer>}",
        json!({"type": "object", "additionalProperties": {"type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX}}),
    );
    check_property(
        "a: {type: integer, minimum: 0.5, exclusive_maximum: 9}",
        json!({"type": "integer", "format": "int64", "minimum": 0.5, "exclusiveMaximum": 9}),
    );
    check_property(
        "a: {type: integer, minimum: 1, maximum: 1.8e19}",
        json!({"type": "integer", "format": "int64", "maximum": i64::MAX, "minimum": 1, "allOf": [{"maximum": 1.8e19}]}),
    );
    check_property(
        "a: {type: 'string | [integer]'}",
        json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX}}]}),
    );
    check_property("a: {type: base64}", json!({"type": "string", "contentEncoding": "base64"}));
    check_property_3_0("a: {type: base64}", json!({"type": "string", "format": "byte"}));
}

#[test]
fn a_true_constant_is_a_constant() {
    check_property("a: {type: boolean, const: true}", json!({"type": "boolean", "const": true}));
    check_property_3_0("a: {type: boolean, const: true}", json!({"type": "boolean", "enum": [true]}));
}

#[test]
fn null_is_a_value_of_its_own() {
    check_property("a: {type: string, nullable: true}", json!({"type": ["string", "null"]}));
    check_property(
        "a: {type: integer, nullable: true, enum: [1]}",
        json!({"anyOf": [{"type": "integer", "format": "int64", "enum": [1]}, {"type": "null"}]}),
    );
    check_property_3_0("a: {type: string, nullable: true}", json!({"type": "string", "nullable": true}));
    check_property_3_0(
        "a: {type: integer, nullable: true, enum: [1]}",
        json!({"type": "integer", "format": "int64", "enum": [1, null], "nullable": true}),
    );
}

#[test]
fn inferred_limits_are_words_only() {
    check_property(
        "a: {type: integer, maximum: 5, certainty: inferred, doc: How many.}",
        json!({"type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX, "description": "How many.\n\n- `a` must be at most 5."}),
    );
}

#[test]
fn only_what_is_always_required_is_required() {
    let schema = body(
        "a: {type: string, required: true}\nb: {type: string, cases: [{when: {a: z}, required: true}]}",
        Version::V3_1,
    );
    assert_eq!(schema["required"], json!(["a"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    assert_eq!(
        schema["allOf"],
        json!([{"if": {"properties": {"a": {"enum": ["z"]}}, "required": ["a"]}, "then": {"required": ["b"]}}])
    );
}

#[test]
fn what_version_3_0_cannot_say_is_words() {
    let schema = body("a: string\nb: {type: string, only: {a: z}}", Version::V3_0);
    assert_eq!(schema.get("allOf"), None);
    assert_eq!(schema["properties"]["b"]["description"], "- `b` is only allowed when `a` is `z`.");
}

#[test]
fn an_absent_parameter_counts_as_its_default() {
    let schema = body("a: {type: boolean, default: true}\nb: {type: string, only: {a: true}}", Version::V3_1);
    assert_eq!(
        schema["allOf"],
        json!([{"if": {"not": {"properties": {"a": {"enum": [true]}}}}, "then": {"not": {"required": ["b"]}}}])
    );
}

#[test]
fn what_must_be_sent_is_one_of_the_others() {
    let schema = |a: &str| {
        body(&format!("a: {a}\nb: {{type: string, only: {{a: p}}}}"), Version::V3_1)["allOf"][0]["if"].clone()
    };
    assert_eq!(
        schema("{enum: [p, q, r], required: true}"),
        json!({"properties": {"a": {"enum": ["q", "r"]}}, "required": ["a"]})
    );
    assert_eq!(
        schema("{type: string, required: true}"),
        json!({"properties": {"a": {"not": {"enum": ["p"]}}}, "required": ["a"]})
    );
    assert_eq!(schema("{enum: [p, q, r]}"), json!({"not": {"properties": {"a": {"enum": ["p"]}}, "required": ["a"]}}));
}

#[test]
fn clauses_under_one_condition_share_it() {
    let schema = body(
        "a: {enum: [p, q]}\nb: {type: integer, cases: [{when: {a: p}, required: true, maximum: 3, minimum: 1}]}",
        Version::V3_1,
    );
    assert_eq!(schema["allOf"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        schema["allOf"][0]["then"],
        json!({"required": ["b"], "properties": {"b": {"minimum": 1, "maximum": 3}}})
    );
}

#[test]
fn conditions_on_other_places_are_words() {
    let document = of(
        "  make:\n    post: /x/{id}\n    summary: Make.\n    response: none\n    path: {id: {enum: [p, q]}}\n    \
         body: {a: {type: string, only: {id: p}}}\n",
        Version::V3_1,
    );
    let call = &document["paths"]["/x/{id}"]["post"];
    assert_eq!(call["requestBody"]["content"]["application/json"]["schema"].get("allOf"), None);
    assert_eq!(
        call["x-specwright-rules"],
        json!([{"at": ["/a"], "rule": "forbidden", "words": "`a` is only allowed when `id` is `p`", "in_schema": false}])
    );
}

#[test]
fn rules_on_presence_are_schemas() {
    let rule = |rule: &str| {
        let operations = format!(
            "  make:\n    post: /x\n    summary: Make.\n    response: none\n    body: {{a: url, b: {{type: url, nullable: true}}}}\n    rules: [{rule}]\n"
        );
        let call = of(&operations, Version::V3_1)["paths"]["/x"]["post"].clone();
        call["requestBody"]["content"]["application/json"]["schema"]["allOf"][0].clone()
    };
    let a = json!({"required": ["a"]});
    let b = json!({"properties": {"b": {"not": {"type": "null"}}}, "required": ["b"]});
    assert_eq!(rule("{any_of: [a, b]}"), json!({"anyOf": [a, b]}));
    assert_eq!(rule("{exactly_one_of: [a, b]}"), json!({"oneOf": [a, b]}));
    assert_eq!(rule("{at_most_one_of: [a, b]}"), json!({"not": {"anyOf": [{"allOf": [a, b]}]}}));
    assert_eq!(rule("{all_or_none: [a, b]}"), json!({"anyOf": [{"allOf": [a, b]}, {"not": {"anyOf": [a, b]}}]}));
    assert_eq!(rule("{requires: {a: b}}"), json!({"anyOf": [{"not": a}, {"allOf": [b]}]}));
}

#[test]
fn tagged_unions_write_their_members_out() {
    let document = document(
        &testing::api(&[(
            "x.yaml",
            "resource: x\ntitle: X\ndoc: X.\ntypes:\n  Part: {tag: type, one_of: {text: TextPart}}\n  \
             TextPart: {fields: {text: string}}\noperations:\n  make:\n    post: /x\n    summary: Make.\n    \
             response: Part\n    body: {a: {type: Part}}\n",
        )]),
        Version::V3_1,
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["Part"]["oneOf"],
        json!([{
            "type": "object",
            "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
            "required": ["type", "text"],
            "additionalProperties": false,
            "title": "TextPart",
        }])
    );
    // An answer may be of a kind that nobody knows yet.
    assert_eq!(schemas["PartOutput"]["oneOf"].as_array().map(Vec::len), Some(2));
}

#[test]
fn tags_may_be_numbers() {
    let text = "resource: x\ntitle: X\ndoc: X.\ntypes:\n  Part: {tag: type, one_of: {-1: A, 2: B}}\n  A: {fields: {a: string}}\n  \
                B: {fields: {}}\noperations:\n  make:\n    post: /x\n    summary: Make.\n    response: none\n    body: {a: {type: Part}}\n";
    for (version, expected) in [
        (Version::V3_1, [json!({"const": -1}), json!({"const": 2})]),
        (Version::V3_0, [json!({"type": "integer", "enum": [-1]}), json!({"type": "integer", "enum": [2]})]),
    ] {
        let document = document(&testing::api(&[("x.yaml", text)]), version);
        let members = document["components"]["schemas"]["Part"]["oneOf"].as_array().expect("members").iter();
        assert_eq!(members.map(|it| it["properties"]["type"].clone()).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn types_by_place_are_prefix_items() {
    let (text, whole) = (json!({"type": "string"}), json!({"type": "boolean"}));
    check_property(
        "a: {type: \"[string, boolean]\"}",
        json!({"type": "array", "prefixItems": [text, whole], "items": false, "minItems": 2, "maxItems": 2}),
    );
    check_property_3_0(
        "a: {type: \"[string, boolean]\"}",
        json!({"type": "array", "items": {"anyOf": [text, whole]}, "minItems": 2, "maxItems": 2}),
    );
}

#[test]
fn what_a_value_must_not_be_is_not() {
    check_property("a: {type: string, not: {enum: [a]}}", json!({"type": "string", "not": {"enum": ["a"]}}));
    check_property(
        "a: {type: string, not: {pattern: a}}",
        json!({"type": "string", "not": {"type": "string", "pattern": "a"}}),
    );
}

#[test]
fn a_union_of_which_one_member_accepts_a_value_is_one_of() {
    let schemas = |keyword: &str, fields: &str| {
        let text = format!(
            "resource: x\ntitle: X\ndoc: X.\ntypes:\n  It: {{{keyword}: [A, B]}}\n  A: {{fields: {{a?: string}}}}\n  \
             B: {{fields: {{{fields}}}}}\noperations:\n  make:\n    post: /x\n    summary: Make.\n    response: It\n    \
             body: {{it: It}}\n"
        );
        let document = document(&testing::api(&[("x.yaml", &text)]), Version::V3_1);
        ["It", "ItOutput"].map(|it| {
            let schema = document["components"]["schemas"][it].as_object().expect("a schema");
            schema.keys().next().cloned().unwrap_or_default()
        })
    };
    assert_eq!(schemas("one_of", "b?: string"), ["oneOf", "anyOf"]);
    assert_eq!(schemas("any_of", "b?: string"), ["anyOf", "anyOf"]);
}

#[test]
fn calls_under_one_path_become_one() {
    let document = document(
        &testing::api(&[
            (
                "api.yaml",
                "api: test_api\ntitle: T\ndoc: T.\nservers: https://a.example\ncredentials:\n  key:\n    env: K\n    \
                 send: {bearer: {header: Authorization, prefix: \"Bearer \"}, x_key: {header: x-key}}\n",
            ),
            (
                "x.yaml",
                &testing::resource(
                    "  one:\n    get: /x/{id}\n    auth: key.bearer\n    summary: One.\n    response: {a: string}\n    query: {q: string}\n  \
                     two:\n    get: /x/{id}\n    auth: key.x_key\n    summary: Two.\n    response: {b: string}\n",
                ),
            ),
        ]),
        Version::V3_1,
    );
    structure::check(&document, Version::V3_1);
    let call = &document["paths"]["/x/{id}"]["get"];
    assert_eq!(call["operationId"], "x_one");
    assert_eq!(call["x-specwright-operations"], json!(["x_one", "x_two"]));
    assert_eq!(call["security"], json!([{"key_bearer": []}, {"key_x_key": []}]));
    let schema = &call["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(schema["anyOf"].as_array().map(Vec::len), Some(2));
}

#[test]
fn methods_that_openapi_has_no_key_for_are_an_extension() {
    let paths = "  one:\n    PROPFIND: /x\n    summary: One.\n    response: none\n  \
                 two:\n    TRACE: /x\n    summary: Two.\n    response: none\n";
    let document = document(&testing::api(&[("x.yaml", &testing::resource(paths))]), Version::V3_1);
    structure::check(&document, Version::V3_1);
    let path = &document["paths"]["/x"];
    assert_eq!(path["x-specwright-methods"]["PROPFIND"]["operationId"], "x_one");
    assert_eq!(path["trace"]["operationId"], "x_two");
}

#[test]
fn a_task_has_a_status_call_and_a_callback() {
    let document = of(
        "  make:\n    post: /x\n    summary: Make.\n    body: {callback_url: url}\n    \
         task: {result: {url: url}, callback: callback_url}\n",
        Version::V3_1,
    );
    structure::check(&document, Version::V3_1);
    let poll = &document["paths"]["/x/{id}"]["get"];
    assert_eq!(poll["operationId"], "x_make_status");
    let bodies = &poll["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"];
    assert_eq!(bodies[0]["allOf"][1]["properties"]["status"]["enum"], json!(["completed"]));
    let callback = &document["paths"]["/x"]["post"]["callbacks"]["callback_url"]["{$request.body#/callback_url}"];
    assert_eq!(callback["post"]["requestBody"]["content"]["application/json"]["schema"]["anyOf"], *bodies);
}

#[test]
fn streams_are_event_streams() {
    let document = of(
        "  make:\n    post: /x\n    summary: Make.\n    body: {stream: {type: boolean, default: false}}\n    \
         response: {a: string}\n    stream: {when: {stream: true}, data: json, end_data: \"[DONE]\"}\n",
        Version::V3_1,
    );
    let call = &document["paths"]["/x"]["post"];
    let content = call["responses"]["200"]["content"].as_object().expect("there is content");
    assert_eq!(content.keys().collect::<Vec<_>>(), ["application/json", "text/event-stream"]);
    assert_eq!(call["x-specwright-stream"], json!({"when": "`stream` is `true`", "end_data": "[DONE]"}));
    let events = &content["text/event-stream"]["schema"]["anyOf"];
    let data = &events[0]["properties"]["data"];
    assert_eq!((&data["type"], &data["contentMediaType"]), (&json!("string"), &json!("application/json")));
    assert_eq!(events[1]["properties"]["data"], json!({"type": "string", "enum": ["[DONE]"]}));
}

#[test]
fn hostile_text_stays_text() {
    let text = "\\\"q\\\" ' */ \\\"# | ` \\n # <b> \\u202e \\U0001F600";
    let document = of(
        &format!(
            "  make:\n    post: /x\n    summary: Make.\n    doc: \"{text}\"\n    response: none\n    body: {{\"a~/b\": {{doc: \"{text}\"}}}}\n"
        ),
        Version::V3_1,
    );
    structure::check(&document, Version::V3_1);
    let again: Value = serde_json::from_str(&document.to_string()).expect("it is JSON");
    assert_eq!(again, document);
}

#[test]
fn a_body_is_required_where_a_parameter_is() {
    let required = |parameter: &str| {
        let operations = format!(
            "  make:\n    post: /x\n    summary: Make.\n    response: none\n    open: true\n    body:\n      {parameter}\n"
        );
        of(&operations, Version::V3_1)["paths"]["/x"]["post"]["requestBody"]["required"].clone()
    };
    assert_eq!(required("a: {type: string, required: true}"), true);
    assert_eq!(required("a: {type: string, required: true, certainty: inferred}"), true);
    assert_eq!(required("a: string"), false);
}

#[test]
fn every_way_to_send_a_key_is_taken() {
    let api = testing::api(&[
        (
            "api.yaml",
            "api: test_api\ntitle: T\ndoc: T.\nservers: https://a.example\ncredentials:\n  key:\n    env: K\n    \
             send: {bearer: {header: Authorization, prefix: \"Bearer \"}, x_key: {header: x-key}}\n",
        ),
        (
            "x.yaml",
            &testing::resource(
                "  one:\n    get: /x\n    auth: key.x_key\n    summary: One.\n    response: {a: string}\n",
            ),
        ),
    ]);
    let call = document(&api, Version::V3_1)["paths"]["/x"]["get"].clone();
    assert_eq!(call["security"], json!([{"key_x_key": []}, {"key_bearer": []}]));
}
