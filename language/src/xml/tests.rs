//! Names, elements and faults of small specs.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use serde_json::json;

use super::*;
use crate::testing;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn spec(types: &str, operation: &str) -> String {
    let lines: String = types.lines().map(|it| format!("  {it}\n")).collect();
    let keys: String = operation.lines().map(|it| format!("    {it}\n")).collect();
    format!("resource: x\ntitle: X\ndoc: X.\ntypes:\n{lines}operations:\n  get_it:\n    summary: Get it.\n{keys}")
}

const ANSWER: &str = "get: /it\naccept: application/xml\nresponse: It";

#[track_caller]
fn writes(types: &str, operation: &str, value: &serde_json::Value, expected: &str) {
    let api = testing::api(&[("api.yaml", testing::API), ("x.yaml", &spec(types, operation))]);
    let operation = &api.operations[0];
    let of_body = body(&api, operation);
    let element = of_body.or_else(|| answers(&api, operation).into_iter().next().map(|it| it.1)).unwrap();
    let text = write(&api, &element, value);
    assert_eq!(text.strip_prefix(HEAD).unwrap(), expected);
}

#[track_caller]
fn fails(types: &str, operation: &str, expected: &[&str]) {
    let text = spec(types, operation);
    let compiled = testing::compile(&[("api.yaml", testing::API), ("x.yaml", &text)]);
    let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, expected, "{text}\n{}", compiled.rendered());
}

#[test]
fn names_are_those_of_fields_and_types() {
    writes(
        "It: {fields: {a: string, b?: \"[Tag]\", c: Tag, d?: \"[string]\"}}\nTag: {fields: {k: integer}}",
        ANSWER,
        &json!({"a": "x", "b": [{"k": 1}], "c": {"k": 2}, "d": ["p", "q"]}),
        "<It><a>x</a><b><k>1</k></b><c><k>2</k></c><d>p</d><d>q</d></It>",
    );
    let types = "It:\n  xml: {name: Shelf, namespace: \"urn:a&b\", prefix: s}\n  fields:\n    a: {type: string, xml: A}\n    \
                 b?: {type: \"[Tag]\", xml: {wrapped: true}}\n    c?: {type: \"[Tag]\", xml: {wrapped: true, name: C, item: D}}\n    \
                 d?: {type: \"[string]\", xml: {name: E}}\n    e?: {type: integer, xml: {attribute: true, name: lang, prefix: xml}}\n\
                 Tag: {xml: tag, fields: {k: {type: integer, xml: {attribute: true}}, v: {type: string, xml: {text: true}}}}";
    writes(
        types,
        ANSWER,
        &json!({"a": "<", "b": [{"k": 1, "v": "x"}], "c": [{"k": 2, "v": ""}], "d": ["p"], "e": 3, "new": ["n", {"o": 1}]}),
        "<s:Shelf xmlns:s=\"urn:a&amp;b\" xml:lang=\"3\"><A>&lt;</A><b><tag k=\"1\">x</tag></b><C><D k=\"2\"/></C><E>p</E>\
         <new>n</new><new><o>1</o></new></s:Shelf>",
    );
}

#[test]
fn a_body_or_a_response_says_its_own_name() {
    let types = "It: {fields: {a: string}}";
    let list = "get: /it\naccept: text/xml\nresponse: {type: \"[It]\", xml: {name: all}}";
    writes(types, list, &json!([{"a": "x"}]), "<all><It><a>x</a></It></all>");
    let body =
        "put: /it\nencoding: [xml, json]\nresponse: none\nbody: {$body: {type: \"[It]\", xml: {name: all, item: one}}}";
    writes(
        types,
        body,
        &json!([{"a": "x"}, {"a": null}]),
        "<all><one><a>x</a></one><one><a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></one></all>",
    );
    let list = "get: /it\naccept: text/xml\nresponse: \"[It]\"";
    writes(types, list, &json!([]), "<GetItResponse/>");
}

#[test]
fn the_members_of_a_union_are_one_object() {
    let types = "It:\n  tag: kind\n  one_of: {a: A, b: B}\nA: {fields: {x: string, z?: integer}}\nB: {fields: {w: boolean, z?: integer}}";
    writes(types, ANSWER, &json!({"kind": "b", "w": true, "z": 1}), "<It><kind>b</kind><z>1</z><w>true</w></It>");
}

#[test]
fn what_xml_cannot_hold_is_reported() {
    let list = "a list in `a` has no name for its elements in XML";
    fails("It: {fields: {a: \"[[string]]\"}}", ANSWER, &[list]);
    fails("It: {fields: {a: \"map<[string]>\"}}", ANSWER, &[list]);
    fails("It: {fields: {a: \"[string, integer]\"}}", ANSWER, &[list]);
    fails("It: {fields: {a: \"string | [string]\"}}", ANSWER, &[list]);
    let endless = "`D` holds itself, and XML does not tell at what depth a value is";
    for union in ["string, map<D>", "string, map<map<D>>", "string, map<E>"] {
        let types = format!("It: {{fields: {{a: D, b?: \"[D]\"}}}}\nD: {{one_of: [{union}]}}");
        let (other, of_other) = ("\nE: {one_of: [integer, map<D>]}", endless.replace("`D`", "`E`"));
        match union.contains('E') {
            true => fails(&format!("{types}{other}"), ANSWER, &[endless, &of_other]),
            false => fails(&types, ANSWER, &[endless]),
        }
    }
    let endless_list = "a list in `D` has no name for its elements in XML";
    fails("It: {fields: {a: D}}\nD: {one_of: [string, \"[D]\"]}", ANSWER, &[endless_list]);
    fails("It: {fields: {\"$a\": string}}", ANSWER, &["`$a` cannot be a name in XML"]);
    fails(
        "It: {fields: {a: {type: string, xml: b}, b: string}}",
        ANSWER,
        &["`a` and `b` have the same name in XML, whose prefixes do not count"],
    );
    fails(
        "It: {fields: {a: {type: string, xml: {text: true}}, b: string}}",
        ANSWER,
        &["`a` is the text of an element that has elements too, such as `b`"],
    );
    fails(
        "It: {fields: {a: {type: It2, xml: {attribute: true}}}}\nIt2: {fields: {b: string}}",
        ANSWER,
        &["`a` is an attribute, but its values are no texts, numbers or truth values"],
    );
    fails(
        "It: {fields: {a: {type: string, xml: {wrapped: true}}}}",
        ANSWER,
        &["`wrapped` and `item` are only valid for lists"],
    );
}

#[test]
fn what_is_said_in_vain_is_reported() {
    fails("It: {fields: {a: {type: string, xml: b}}}", "get: /it\nresponse: It", &["`xml` has no effect"]);
    let body = "put: /it\nencoding: xml\nresponse: It\nbody: {a: string}";
    fails("It: {fields: {a: string}}", &format!("{body}\n"), &["a body in XML is one element, and has no parameters"]);
    let body = "put: /it\nencoding: xml\nresponse: It\nbody: \"[It]\"";
    fails("It: {fields: {a: string}}", body, &["the body in XML has no name for its element"]);
    let wrapped = "get: /it\naccept: application/xml\nresponse: {wrapped: a, type: It}";
    fails("It: {fields: {a: string}}", wrapped, &["a response that is `wrapped` is JSON"]);
}

#[test]
fn words_of_the_wrong_form_are_reported() {
    let field = |xml: &str| format!("It: {{fields: {{a: {{type: string, xml: {xml}}}}}}}");
    fails(&field("a b"), ANSWER, &["`a b` is not a name in XML"]);
    fails(&field("{attribute: true, text: true}"), ANSWER, &["a field is an attribute, a text or a wrapped list"]);
    fails(&field("{nodeType: text}"), ANSWER, &["unknown key `nodeType` in how it is written in XML"]);
}
