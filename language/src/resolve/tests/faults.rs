//! Faults: each gives exactly one remark, in these words. What depends on a fault stays silent.

use crate::testing;

#[track_caller]
pub(super) fn check(text: &str, expected: &[&str]) {
    let compiled = testing::compile(&[("x.yaml", text)]);
    let messages: Vec<&str> = compiled.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, expected, "{text}\n{}", compiled.rendered());
}

#[track_caller]
fn body(parameters: &str, expected: &str) {
    check(&super::body(parameters), &[expected]);
}

#[track_caller]
pub(super) fn operation(keys: &str, expected: &str) {
    check(&super::operation(keys), &[expected]);
}

#[track_caller]
fn types(types: &str, expected: &[&str]) {
    let lines: String = types.lines().map(|it| format!("  {it}\n")).collect();
    let operations = "operations:\n  get_it:\n    get: /it\n    summary: Get it.\n    response: It\n";
    check(&format!("resource: x\ntitle: X\ndoc: X.\ntypes:\n{lines}{operations}"), expected);
}

#[test]
fn values_of_the_wrong_kind() {
    body("a: {max_length: many}", "expected a whole number, found text");
    body("a: {required: yes}", "`yes` without quotes is a truth value to many YAML readers");
    body("a: {required: 1}", "expected `true` or `false`, found an integer");
    body("a: {doc: 5}", "expected text, found an integer");
    body("a: {cases: {when: {b: 1}}}", "expected a list of cases, found a mapping");
    body("a: {enum: x}", "expected a list of values, or a mapping of values to words, found text");
    body("a: {enum: [[x]]}", "expected text, a number or a truth value, found a list");
    body("a: {only: x}", "expected a mapping for a condition, found text");
    body("a: {only: []}", "the condition is empty");
    body("a: {only: {b: {}}}\nb: string", "a matcher needs the key `not`");
}

#[test]
fn responses_of_other_media_types() {
    let accept = |it: &str| format!("get: /it\nresponse: {{a: string}}\naccept: {it}");
    for wrong in ["image/png", "application/x-ndjson", "application/json; version", "application/vnd.tea-json"] {
        operation(&accept(wrong), &format!("`{wrong}` is not a media type of JSON or XML"));
    }
    operation(&accept("[a/json, a/json]"), "`a/json` is listed twice");
    operation(&accept("[]"), "`accept` is empty");
    operation("get: /it\nresponse: {text: [text/csv]}\naccept: text/json", "`accept` has no effect");
    check(&super::operation("delete: /it\nresponse: none\naccept: text/json"), &[]);
    for right in ["application/x-amz-json-1.1", "application/vnd.tea+json;version=3;q=\"a\"", "[text/json, a/b+json]"] {
        check(&super::operation(&accept(right)), &[]);
    }
}

#[test]
fn bodies_of_other_content_types() {
    let body = |it: &str| format!("put: /it\nresponse: none\nbody: {it}");
    operation(&body("image/png"), "`image/png` is not a type");
    operation(&body("{$body: {binary: [png]}}"), "`png` is not a media type");
    operation(&body("{$body: {binary: [a/b], text: [c/d]}}"), "a body is bytes or text");
    operation(&body("{$body: {binary: [a/b], type: string}}"), "a body has a type or media types");
    operation(&body("{$body: {binary: [a/b], nullable: true}}"), "unknown key `nullable` in a body");
    operation(&body("{binary: [a/b]}\nencoding: json"), "the media types of the body say what it is");
    let encoding = |it: &str| format!("put: /it\nresponse: none\nbody: {{a: string}}\nencoding: {it}");
    operation(&encoding("image/png"), "`image/png` is not a media type of JSON or XML");
    let lines = |it: &str| format!("put: /it\nresponse: none\nbody: {it}\nencoding: [ndjson, json]");
    operation(&lines("{a: string}"), "`a` is a parameter of a body of lines");
    operation(&lines("map<string>"), "the lines of `ndjson` are the items of a list, but the body is a map");
    operation(&lines("\"[file]\""), "a file is not allowed in JSON");
    check(&super::operation(&lines("\"[json]\"").replace("ndjson", "application/x-jsonlines")), &[]);
    operation(&encoding("application/json; charset"), "`application/json; charset` is not a media type");
    check(&super::operation(&encoding("[application/json; odata=full, application/json; odata=none]")), &[]);
    operation(&body("{text: [a/b; c]}"), "`a/b; c` is not a media type");
    check(&super::operation(&body("{text: [text/csv; charset=utf-8]}")), &[]);
    operation(&encoding("[json, application/json]"), "`application/json` is listed twice");
    operation(&encoding("[json, multipart]").replace("string", "file"), "a file is not allowed in JSON");
    check(&super::operation(&encoding("[json, form, multipart]")), &[]);
    operation(&encoding("[]"), "`encoding` is empty");
    let header = "put: /it\nheaders: {Content-Type: string}\nbody: {binary: [a/b, c/d]}";
    operation(header, "`Content-Type` is set by the client itself");
}

#[test]
fn parts_of_multipart_bodies() {
    let part = |it: &str| format!("post: /it\nresponse: none\nencoding: multipart\nbody: {{a: {it}}}");
    operation(&part("\"string | map<string>\""), "a map is not allowed in a multipart body");
    check(&super::operation(&part("{type: \"string | map<string>\", style: json}")), &[]);
    operation(&part("map<file>"), "a file is not allowed in JSON");
    for fits in ["\"[string]\", style: comma", "\"[file]\", style: indices", "map<string>, style: deep_object"] {
        check(&super::operation(&part(&format!("{{type: {fits}}}"))), &[]);
    }
    let styled = |it: &str, problem: &str| {
        operation(&part(&format!("{{{it}}}")), &format!("`a` cannot be written like this: {problem}"));
    };
    let file = "each file must be a part of its own: those of a list by `repeated`, `brackets` or `indices`, and those of a map by `exploded`";
    styled("type: \"[file]\", style: comma", file);
    styled("type: map<file>, style: dots", file);
    styled("type: file, style: brackets", "`brackets` is a style of lists");
    styled("type: [[string]], style: comma", "a list cannot be one of several values that are joined into one");
    styled("type: map<string>, style: dots, content_type: a/b", "a value that becomes several texts has no media type");
    operation(&part("{type: string, content_type: text}"), "`text` is not a media type");
    body("a: {type: string, content_type: text/css}", "`content_type` has no effect");
}

#[test]
fn a_file_or_a_text() {
    let part = |it: &str| format!("post: /it\nresponse: none\nencoding: multipart\nbody: {{a: {it}}}");
    for fits in ["file | string", "file | url", "[file | string]"] {
        check(&super::operation(&part(&format!("'{fits}'"))), &[]);
    }
    let no_file = "a file is not allowed in JSON";
    operation(&part("{type: file | string, style: json}"), no_file);
    operation("post: /it\nbody: {a: file | string}\nresponse: none", no_file);
    operation(
        "get: /it\nquery: {a: file | string}\nresponse: none",
        "`a` cannot be written like this: a file is not allowed in a query",
    );
    operation("get: /it\nresponse: file | string", "a file is not allowed in a JSON response");
    types("It: {one_of: [string, file]}", &["a file cannot be a member of a union"]);
}

#[test]
fn parts_without_names() {
    let body = |it: &str| format!("post: /it\nresponse: none\nencoding: multipart/related\nbody: {it}");
    let meta = "a: {type: map<string>, required: true}";
    check(&super::operation(&body(&format!("{{{meta}, b: file}}"))), &[]);
    check(&super::operation(&body(&format!("{{{meta}, b: '[file]'}}"))), &[]);
    operation(
        &body("{a: map<string>, b: {type: file, required: true}}"),
        "`a` may be left out, so that the parts after it cannot be told apart",
    );
    operation(
        &body("{a: {type: [file], required: true}, b: file}"),
        "`a` may be several parts, so that the parts after it cannot be told apart",
    );
    operation(
        &body("{a: {type: [string], style: brackets}}"),
        "`a` cannot be written like this: the parts of `multipart/related` have no names, so that `json` is their only style",
    );
    operation(&body("map<string>"), "the body of `multipart/related` has parts, and is not one value");
    operation(&body("{a: file}\nopen: true"), "`open` on a body of `multipart/related`, whose parts have no names");
    operation(
        &body("{a: file}").replace("multipart/related", "[multipart, multipart/related]"),
        "`multipart` and `multipart/related` are no alternatives, since only one has names of parts",
    );
}

#[test]
fn headers_by_prefix() {
    let header = |it: &str| format!("get: /it\nresponse: none\nheaders: {{x-meta-*: {it}}}");
    check(&super::operation(&header("map<integer>")), &[]);
    operation(&header("string"), "a string is not allowed in headers of one value each");
    operation(&header("'map<[string]>'"), "a map is not allowed in headers of one value each");
    operation(
        &header("{type: map<string>, style: comma}"),
        "`style: comma` in headers of one value each has no effect",
    );
    let answered = |it: &str| format!("get: /it\nresponse: none\nresponse_headers: {{x-meta-*?: {it}}}");
    check(&super::operation(&answered("map<string>")), &[]);
    operation(&answered("integer"), "an integer is not allowed in headers of one value each");
}

#[test]
fn fields_of_one_direction() {
    let it = |fields: &str| format!("It:\n  doc: It.\n  fields: {{{fields}}}");
    types(&it("a: {read_only: true, write_only: true}"), &["a field is sent, or answered, or both"]);
    types(&it("a: {read_only: true}, b?: {only: {a: x}}"), &["`a` is `read_only`, and so no request has it"]);
    body("a: {read_only: true}", "unknown key `read_only` in a parameter");
}

#[test]
fn bodies_that_are_one_value() {
    let body = |it: &str| format!("put: /it\nresponse: none\nbody: {it}");
    operation(&body("{$body: string, a: string}"), "a body is one value or has parameters");
    operation(&body("{$body: {type: string, alias: a}}"), "a body that is one value has no `alias`");
    operation(&body("{$body: {type: string, style: json}}"), "`style: json` in a JSON body has no effect");
    operation(&body("\"[string]\"\nencoding: form"), "a form has fields, but its body is an array");
    operation(&body("\"[string]\"\nopen: true"), "`open` on a body that is one value");
    operation(&body("file"), "a file is not allowed in JSON");
    operation(&body("string\nquery: {body: string}"), "two parameters have the name `body`");
    let head = "head: /it\nresponse: none\nbody: string";
    operation(head, "a HEAD request has no body");
    let like = "resource: x\ntitle: X\ndoc: X.\noperations:\n  one: {put: /one, summary: One., response: none, body: string}\n  \
                two: {put: /two, summary: Two., response: none, like: one, body: {a: string}}\n";
    check(like, &["`a` is a parameter of a body that is one value"]);
    check(&like.replace("like: one,", "like: one, without: [body],"), &[]);
}

#[test]
fn answers_by_status() {
    let response = |it: &str| format!("get: /it\nresponse: {it}");
    operation(&response("{200: string, 404: string}"), "`404` is not a status of success");
    operation(&response("{200: string, 302: none}"), "`302` is not a status of success");
    operation(&response("{200: string, 308: string}"), "the answer with status 308 is `none`");
    check(&super::operation(&response("{200: string, 308: none}")), &[]);
    operation(&response("{200: string, 304: string}"), "the answer with status 304 is `none`");
    operation(&response("{200: none, 204: none}"), "none of the answers has a body");
    operation(&response("{200: {type: string, nullable: true}}"), "`nullable` is not allowed in an answer by status");
    operation(&response("text/plain"), "`text/plain` is not a type");
    operation("get: /it\nresponse: {200: string, 204: none}\nsuccess: 200", "the response names its statuses itself");
    operation("get: /it\nresponse: redirect\nsuccess: 200", "200 is no status of a redirect");
    operation("get: /it\nresponse: string\nsuccess: 302", "302 is no status of success");
    operation(
        "get: /it\nresponse: string\nresponse_headers: {X-All: \"[[string]]\"}",
        "an array is not allowed in a response header",
    );
    operation(&response("{redirect: true}"), "a redirect is one word");
    operation("get: /it\nresponse: string\nsuccess: [200, 201]", "expected one status, found a list");
    operation("get: /it\nresponse: string\nerrors: {404: X}", "the errors by status are under `statuses`");
    operation("get: /it\nresponse: string\nstatuses: {404: X}", "expected a mapping for a status, found text");
    operation("get: /it\nresponse: string\ndeprecated: true", "expected words, found a truth value");
    operation("post: /it\nresponse: none\nidempotency: true", "expected the name of a header, found a truth value");
    operation("get: /it\nstream: ndjson", "the form of a stream is its `format`");
    let key = "post: /it\nresponse: none\nidempotency: Key\nheaders: {key: string}";
    operation(key, "`key` is sent by `idempotency` already");
}

#[test]
fn conditions_on_answers() {
    let when = |when: &str| format!("errors: {{when: {when}}}\nget: /it\nresponse: {{ok: boolean}}");
    operation(&when("{meta.ok: false}"), "`meta.ok` is no field of an answer");
    operation(&when("{code: ERR_*}"), "a condition on answers has no globs");
    operation(&when("{ok: $false}"), "`$false` is not a valid value here");
    operation(&when("{}"), "the condition is empty");
    operation(&when("{/a~: false}"), "`/a~` is not a JSON pointer");
    operation(
        "errors: {ok: false}\nget: /it\nresponse: {ok: boolean}",
        "unknown key `ok` in the errors of an operation",
    );
}

#[test]
fn types_that_cannot_be_read() {
    body("a: {type: strng}", "unknown type `strng`");
    for (name, ours) in [("int", "`integer`"), ("bool", "`boolean`"), ("object", "`map<T>`")] {
        let compiled = testing::compile(&[("x.yaml", &super::body(&format!("a: {{type: {name}}}")))]);
        let help = format!("the spec language calls it {ours}");
        assert!(compiled.rendered().contains(&help), "{}", compiled.rendered());
    }
    body("a: \"[string\"", "not a type: expected `]`, found the end");
    body("a: string |", "not a type: expected a type");
    body("a: string string", "not a type: `s` is not expected here");
    body(
        "a: string?",
        "not a type: `?` is for items, as in `[string?]`; a field is `nullable: true`, or has a name with `?`",
    );
    body("a: \"[json?]\"", "not a type: `json` may be `null` without a `?`");
    body("a: \"[file?]\"", "not a type: a file cannot be `null`");
    body("a: \"[string??]\"", "not a type: expected `]`, found `?`");
    body("a: \"map<integer? | string>\"", "not a type: expected `>`, found `|`");
    body("a: {type: integer, max_length: 5}", "`max_length` does not apply to an integer");
    body("a: []", "not a type: an array has 1 to 12 item types");
    body("a: {type: string, not: {enum: [a], pattern: b}}", "`not` has either an `enum` or a `pattern`");
    body("a: {type: string, not: {}}", "`not` needs one of the keys `enum` or `pattern`");
    body("a: {type: string, not: {enum: []}}", "`enum` is empty");
    body("a: {type: string, not: a}", "expected a mapping for what a value must not be, found text");
    body("a: {type: integer, not: {pattern: a}}", "`not` does not apply to an integer");
    body("a: {type: string, not: {pattern: '('}}", "not a portable pattern: `(` without `)`");
    body("a: {type: integer, not: {enum: [1, a]}}", "the value `a` is not an integer");
    body(&format!("a: \"{}\"", "[".repeat(5000)), "not a type: nested too deep");
    body(&format!("a: \"{}\"", "map<".repeat(5000)), "not a type: nested too deep");
    body(&format!("a: {}{}", "[".repeat(30), "]".repeat(30)), "not a type: nested too deep");
}

#[test]
fn an_unknown_type_is_said_once() {
    let text = "a: {type: Pte, default: 5, min_items: 1, enum: [x, 5]}\nb: {only: {a: x}}\nc: {only: {a.b: $present}}";
    body(text, "unknown type `Pte`");
    operation("post: /x\nvariants: a\nbody: {a: Pte}", "unknown type `Pte`");
    operation("get: /x\nquery: {a: Pte}", "unknown type `Pte`");
}

#[test]
fn keywords_that_do_not_fit() {
    body("a: {type: integer, max_length: 5}", "`max_length` does not apply to an integer");
    body("a: {type: string, min_items: 5}", "`min_items` does not apply to a string");
    body("a: {type: [string], pattern: x}", "`pattern` does not apply to an array");
    body("a: {type: boolean, minimum: 5}", "`minimum` does not apply to a boolean");
    body("a: {type: string, max_bytes: 5}", "`max_bytes` does not apply to a string");
    body("a: {type: json, max_bytes: 5}", "`max_bytes` does not apply to free-form JSON");
    body("a: {type: string, items: {max_length: 5}}", "`items` does not apply to a string");
    body("a: {type: integer, may_be_empty: true}", "`may_be_empty` does not apply to an integer");
    body("a: {type: string, open: true}", "`open` does not apply to a string");
    body("a: {type: string, han_double: true}", "`han_double` has no effect here");
    body("a: {type: [integer], items: {max_length: 5}}", "`max_length` does not apply to an integer");
}

#[test]
fn the_help_says_where_a_keyword_is_valid() {
    for (entry, help) in [
        ("{type: boolean, minimum: 5}", "it is only valid for integers and numbers\n"),
        ("{type: string, han_double: true}", "it is only valid beside `min_length` or `max_length`\n"),
    ] {
        let compiled = testing::compile(&[("x.yaml", &super::body(&format!("a: {entry}")))]);
        let rendered = compiled.rendered();
        assert!(rendered.contains(&format!("help: {help}")), "{rendered}");
    }
}

#[test]
fn limits_that_nothing_meets() {
    body("a: {min_length: 5, max_length: 4}", "`min_length` and `max_length` leave no value");
    body("a: {type: [url], min_items: 5, max_items: 4}", "`min_items` and `max_items` leave no value");
    body(
        "a: {type: map<url>, min_properties: 5, max_properties: 4}",
        "`min_properties` and `max_properties` leave no value",
    );
    body("a: {type: [url], min_properties: 5}", "`min_properties` does not apply to an array");
    body("a: {type: number, exclusive_minimum: 1, maximum: 1}", "`exclusive_minimum` and `maximum` leave no value");
    body("a: {type: number, multiple_of: 0}", "`multiple_of` needs a number above 0");
    let beyond = |keyword: &str| format!("`{keyword}` leaves no integer: they go from -2^63 to 2^63 - 1");
    body("a: {type: integer, minimum: 1.8e19}", &beyond("minimum"));
    body("a: {type: integer, maximum: -1.8e19, certainty: inferred}", &beyond("maximum"));
    body("a: {type: integer, exclusive_minimum: 9223372036854775807}", &beyond("exclusive_minimum"));
    body(
        "a: {type: [integer | string], items: {exclusive_maximum: -9223372036854775808}}",
        &beyond("exclusive_maximum"),
    );
    check(&super::body("a: {type: integer, maximum: 1.8e19}\nb: {type: number, minimum: 1.8e19}"), &[]);
    body("a: {type: integer, minimum: 1, default: 0}", "the default breaks `minimum`");
    body("a: {pattern: \"(\"}", "not a portable pattern: `(` without `)`");
    body("a: {cases: [{when: {b: x}, required: true, forbidden: No.}]}\nb: string", "a case that requires and forbids");
}

#[test]
fn values_that_do_not_fit() {
    body("a: {type: integer, default: x}", "the default `x` is not an integer");
    body("a: {type: integer, default: null}", "the default `null` is not an integer");
    body("a: {enum: [x, w], default: z}", "the default `z` is not a value of the enum");
    body("a: {enum: [4, 8], default: 5}", "the default `5` is not a value of the enum");
    body("a: {type: integer, enum: [1.5]}", "the enum value `1.5` is not an integer");
    body("a: {enum: [1, x]}", "the enum value `x` is not a number like the first");
    body("a: {enum: [1, 1.0]}", "the enum lists `1.0` twice");
    body("a: {type: url, const: 5}", "the value `5` is not a URL");
    body("a: {type: integer, examples: [x]}", "the example `x` is not an integer");
    body(
        "a: {enum: [x, w], cases: [{when: {b: 1}, enum: [z]}]}\nb: integer",
        "the enum value `z` is not a value of the enum",
    );
}

#[test]
fn conditions_without_meaning() {
    let model = "model: {enum: [wan-2.6, wan-2.7]}\n";
    let only = |condition: &str| format!("{model}a: {{only: {condition}}}\nk: integer\nlist: [string]");
    body(&only("{modle: wan-2.6}"), "the operation has no `modle`");
    body(&only("{a: x}"), "the condition of `a` tests `a` itself");
    body(&only("{model: wan-2.8}"), "the value `wan-2.8` is not a value of the enum");
    body(&only("{model: wan-3*}"), "no value of the enum matches `wan-3*`");
    body(&only("{k: x}"), "the value `x` is not an integer");
    body(&only("{k: $empty}"), "an integer is never empty");
    body(&only("{k: null}"), "it is never null");
    body(&only("{model: $presnt}"), "`$presnt` is not a valid value here");
    body(&only("{model.x: 1}"), "`model` has no known fields");
    body(&only("{list: x}"), "an array cannot be compared with a value");
    body(&only("{\"list[]\": x}"), "conditions cannot test items of arrays");
    body(&only("{\"model[]\": x}"), "`model` is not an array");
    body("a: {only: {b: x*}}\nb: {enum: [x1], open: true}", "the glob `x*` is only valid for a closed enum of strings");
    body("a: {only: {b: x*}}\nb: string", "the glob `x*` is only valid for a closed enum of strings");
    body("a: {only: {b: 6}}\nb: {enum: [4, 5]}", "the value `6` is not a value of the enum");
}

#[test]
fn operations_that_contradict_themselves() {
    operation("head: /x\nbody: {a: string}", "a HEAD request has no body");
    operation("head: /x\nresponse: string", "a HEAD request is answered without a body");
    operation("get: /x\nopen: true", "`open` on an operation without a body");
    operation("post: /x\nput: /x", "an operation has one method and path");
    operation("post: /x\nPROPFIND: /x", "an operation has one method and path");
    operation("GET: /x\nsummary: X.\nresponse: none", "`GET` is not in small letters");
    operation("CONNECT: /x\nget: /x\nsummary: X.\nresponse: none", "unknown key `CONNECT` in an operation");
    operation(
        "summary: X.\nresponse: none",
        "an operation needs one of the keys `get`, `post`, `put`, `patch`, `delete`, `head` or `options`",
    );
    operation("post: x", "a path starts with `/`");
    operation("post: /x/{a", "a `{` without `}`");
    operation("post: /x/a}", "a path does not hold `}`");
    operation("post: /x?a=b", "a path does not hold `?`");
    operation("post: /x/{a}/{a}", "the path holds `{a}` twice");
    operation("post: /x/{a}\npath: {b: string}", "the path has no `b`");
    operation("post: /x/{a}\npath: {a: {required: false}}", "a path parameter is always required");
    operation("post: /x/{a}\nbody: {a: string}", "two parameters have the name `a`");
    operation("get: /x\nquery: {a: {type: string, nullable: true}}", "`null` is not allowed in a query");
    operation("get: /x\nheaders: {a b: string}", "`a b` is not a valid header name");
    operation("get: /x\nheaders: {authorization: string}", "`authorization` is set by the client itself");
    operation("post: /x\nbody: {a: [file]}", "a file is not allowed in JSON");
    operation("post: /x\nauth: other", "unknown credential `other`");
    operation("post: /x\nauth: api_key.other", "unknown way to send the credential `other`");
    operation("post: /x\nserver: other", "unknown server `other`");
    operation("post: /x\nrate_limit: other", "unknown rate limit `other`");
    operation("post: /x\nlike: other", "unknown operation `other`");
    operation("post: /x\nlike: run", "the operation `run` refers to itself");
    types("It: {like: Thing}", &["unknown type `Thing`"]);
    types("It: {like: It}", &["the type `It` refers to itself"]);
    types("It: {like: Kind, fields: {a: Kind}}\nKind: {enum: [a]}", &["unknown record `Kind`"]);
    types("It: {fields: {a: string}, without: [a]}", &["`without` is only valid beside `like`"]);
    types("It: {like: More, without: [b]}\nMore: {fields: {a: string}}", &["the other record has no `b`"]);
    types("It: {like: More, enum: [a]}\nMore: {fields: {a: string}}", &["a type is a record, an enum or a union"]);
    types(
        "It: {like: More}\nMore: {like: It}",
        &["the type `More` refers to itself", "the type `It` refers to itself"],
    );
    // Few lines can ask for very many fields.
    let fields: String = (0..1000).map(|it| format!("f{it}: string, ")).collect();
    let takers: String = (0..200).map(|it| format!("T{it}: {{like: It}}\n")).collect();
    types(
        &format!("It: {{fields: {{{fields}}}}}\n{takers}"),
        &["51000 fields, values and cases that records take by `like`; at most 50000 are read"],
    );
    let values: Vec<String> = (0..4000).map(|it| format!("v{it}")).collect();
    let post = |it| format!("  run{it}: {{post: /x{it}, summary: X., response: none, body: {{a: {{use: a}}}}}}\n");
    let operations: String = (0..60).map(post).collect();
    let shared = format!("parameters:\n  a: {{doc: A., enum: [{}]}}\n", values.join(", "));
    check(
        &format!("resource: x\ntitle: X\ndoc: X.\n{shared}operations:\n{operations}"),
        &["204000 values and cases of parameters and fields; at most 200000 are read"],
    );
    operation("post: /x\nwithout: [a]", "`without` is only valid beside `like`");
    operation("post: /x\nsuccess: 404", "expected a status from 200 to 299, found 404");
    operation("post: /x\nstatuses: {200: {kind: server}}", "expected a status from 400 to 599, found 200");
    operation("post: /x\nbody: {a: {use: b}}", "unknown shared parameter `b`");
    operation(
        "post: /x\nresponse: none\ntask: {result: {a: string}}",
        "an operation answers with a `response` or starts a `task`",
    );
    operation("post: /x\nexamples:\n  - {name: a, status: {}}", "only tasks have status bodies and callbacks");
    operation(
        "post: /x\nexamples:\n  - {name: a, request: {}, invalid: {a: max_len}}",
        "`max_len` is not a valid value here",
    );
    operation("post: /x\nresponse: file", "a file is not allowed in a JSON response");
}

#[test]
fn styles_that_cannot_be_written() {
    let query = |it: &str, expected: &str| operation(&format!("get: /x\nquery: {{a: {it}}}"), expected);
    query("map<string>", "`a` is a map, which a query can hold in several ways");
    query("{type: string, style: comma}", "`a` cannot be written like this: `comma` is a style of lists and objects");
    query(
        "{type: [string], style: dots}",
        "`a` cannot be written like this: `dots` is a style of objects, and of lists in a path",
    );
    query("{type: map<string>, style: pipe}", "`a` cannot be written like this: `pipe` is a style of lists");
    query("{type: [string], style: deepObject}", "`deepObject` is not a valid value here");
    let alone = "`a` cannot be written like this: a list of lists needs `brackets`, `indices`, `numbered` or `json`, so that its items can be told apart";
    query("[[string]]", alone);
    let objects =
        "`a` cannot be written like this: it holds objects: say how they are written, with `styles: {objects: …}`";
    query("\"[map<string>]\"", objects);
    query("\"[map<string>?]\"", objects);
    let joined = "`a` cannot be written like this: a list cannot be one of several values that are joined into one";
    query("{type: [[string]], style: comma}", joined);
    query("{type: \"map<[string]>\", style: comma}", joined);
    query("[file]", "`a` cannot be written like this: a file is not allowed in a query");
    let in_path =
        "`a` cannot be written like this: `brackets` cannot be written in a path, only `comma`, `exploded` and `json`";
    operation("post: /x/{a}\npath: {a: {type: [string], style: brackets}}", in_path);
    let _ = testing::api(&[(
        "x.yaml",
        &super::operation("post: /x;a={a}/.{b}\npath: {a: '[integer]', b: {type: [string], style: dots}}"),
    )]);
    operation("post: /x/{a}\npath: {a: [[string]]}", joined);
    // A record that has names of its own in one place, and would be joined in another.
    let filter = "post: /x\nquery: {a: F}\nstyles: {lists: comma, objects: deep_object}";
    let kinds = "types:\n  F: {fields: {one?: G, all?: '[G]'}}\n  G: {fields: {b?: string}}\n";
    let why = "`a` cannot be written like this: an object cannot be one of several values that are joined into one";
    check(&format!("{}{kinds}", super::operation(filter)), &[why]);
    operation("post: /x\nbody: {a: {type: [string], style: comma}}", "`style: comma` in a JSON body has no effect");
    operation("post: /x\nbody: {a: {allow_reserved: true}}", "`allow_reserved` does not apply to a string");
    let reserved =
        |it: &str| super::operation(&format!("post: /x\nquery: {{a: {{type: {it}, allow_reserved: true}}}}"));
    check(&reserved("integer"), &["`allow_reserved` does not apply to an integer"]);
    ["string", "[string]"].into_iter().for_each(|it| check(&reserved(it), &[]));
    let no_keys =
        "`a` cannot be written like this: `numbered` cannot be written in a path, only `comma`, `exploded` and `json`";
    operation("post: /x/{a}\npath: {a: {type: [string], style: numbered}}", no_keys);
}

#[test]
fn names_are_unique_behind_their_aliases() {
    let collision = "two parameters have the name `b`";
    operation("post: /x/{a}\nbody: {a: {alias: b}, b: string}", collision);
    operation("post: /x/{a}\npath: {a: {alias: b}}\nbody: {b: string}", collision);
    operation("post: /x/{a}\nbody: {b: {alias: a}}", "two parameters have the name `a`");
    operation("post: /x\nbody: {b: {alias: c}, d: {only: {b: x}}}", "the operation has no `b`");
}

#[test]
fn tasks_and_variants_and_rules() {
    operation(
        "post: /x/{a}\ntask: {result: {b: string}}",
        "the path has parameters, so the status path cannot be derived from it",
    );
    operation("post: /x\ntask: {result: {b: string}, failed: [completed]}", "the state `completed` is listed twice");
    operation(
        "post: /x\ntask: {result: {b: string}, created: {task: string}}",
        "the create response has no field `id` of type `string` or `integer`",
    );
    operation("post: /x\ntask: {result: string}", "the responses of a task must be objects");
    operation("post: /x\ntask: {result: {b: string}, interval: 1h}", "the interval is longer than the deadline");
    operation("post: /x\ntask: {result: {b: string}, callback: c}", "the operation has no `c`");
    operation(
        "post: /x\ntask: {result: {b: string}, every_state: {b: string}}",
        "`b` is a field of every state already",
    );
    operation("post: /x\nvariants: a\nbody: {b: string}", "the operation has no `a`");
    operation("post: /x\nvariants: a\nbody: {a: {enum: [x], open: true}}", "`a` has no closed list of values");
    operation("post: /x\nvariants: {A: {a: x}}\nbody: {a: string}", "`A` is not a valid name for a variant");
    let rule = |rule: &str| format!("post: /x\nbody: {{a: string, b: string, k: integer}}\nrules:\n  - {rule}");
    operation(&rule("any_of: [a]"), "`any_of` needs at least two names");
    operation(&rule("any_of: [a, c]"), "the operation has no `c`");
    operation(&rule("any_of: [a, a]"), "the rule names `a` twice");
    operation(&rule("compare: k > k"), "a parameter is compared with itself");
    operation(&rule("compare: a > k"), "`a` is not a number and cannot be compared");
    operation(&rule("compare: a = b"), "`a = b` is not a comparison");
    operation(&rule("{sum: {a: 1, b: 2}}"), "a rule that counts needs one of the keys `minimum` or `maximum`");
    operation(&rule("{sum: {a: 0, b: 2}, maximum: 5}"), "expected 1 to 1000000, found the weight");
    operation(&rule("{total_length: k, maximum: 5}"), "an integer has no length in characters");
    operation(&rule("{any_of: [a, b], maximum: 5}"), "unknown key `maximum` in a rule");
    operation(&rule("{any_of: [a, b], all_or_none: [a, b]}"), "a rule has one kind");
}

#[test]
fn streams_that_cannot_be_followed() {
    let stream = |keys: &str| {
        format!(
            "post: /x\nbody: {{stream: boolean, k: integer}}\nresponse: {{text: string}}\nstream:\n  \
             events: {{more: json, over: none}}\n{keys}"
        )
    };
    let asked = |when: &str| stream(&format!("  when: {when}\n  end_event: over\n"));
    check(&super::operation(&asked("{stream: true, k: 1}")), &[]);
    for when in ["{stream: $present}", "{k: [1, 2]}", "[{stream: true}, {k: 1}]"] {
        operation(&asked(when), "the `when` of a stream can only test values that are sent");
    }
    let states = |states: &str| stream(&format!("  when: {{stream: true}}\n  states: {states}\n"));
    check(&super::operation(&states("{start: {more: start, over: end}}")), &[]);
    operation(&states("{start: {more: start}}"), "no state leads to `end`");
    operation(&states("{start: {over: end}, lost: {more: start}}"), "no event leads to the state `lost`");
    let collect = |step: &str| stream(&format!("  when: {{stream: true}}\n  collect: {{more: [{step}]}}\n"));
    check(&super::operation(&collect("{append: /a, into: /text}")), &[]);
    operation(&collect("{append: /a, into: /txt}"), "`/txt` leads nowhere: `RunResponse` has no `txt`");
    operation(&collect("{append: /a, into: \"\"}"), "the whole is not text but `RunResponse`");
}

#[test]
fn positions_of_items_in_streams() {
    let stream = |keys: &str| {
        format!(
            "post: /x\nbody: {{stream: boolean}}\nresponse: {{list: [json]}}\nstream:\n  when: {{stream: true}}\n  \
             data: json\n  collect: [{{each: /list, into: /list, {keys} \
             steps: [{{set: /word, into: \"/{{at}}/word\"}}]}}]"
        )
    };
    check(&super::operation(&stream("at: at,")), &[]);
    check(&super::operation(&stream("at: at, begins: /word,")), &[]);
    check(&super::operation(&stream("at: at, begins: [/word, /other], id: /id, ends: /text,")), &[]);
    operation(&stream("begins: /word,"), "`begins` is only valid beside `at`");
    operation(&stream("at: at, id: /id,"), "`id` is only valid beside `begins`");
    operation(&stream("at: at, ends: /text,"), "`ends` is only valid beside `begins`");
    operation(&stream("at: 5, begins: /word,"), "expected text, found an integer");
    let typed = |keys: &str| {
        let types = "types:\n  Chunk: {fields: {list: [Item]}}\n  Item: {fields: {at?: integer, word?: string}}\n";
        let operation = stream(keys).replace("data: json", "data: Chunk");
        format!("{types}{}", super::operation(&operation).split_once("doc: X.\n").expect("a head").1)
    };
    let head = "resource: x\ntitle: X\ndoc: X.\n";
    let typed = |keys: &str| format!("{head}{}", typed(keys));
    check(&typed("at: at, begins: /word,"), &[]);
    for (keys, pointer) in [
        ("at: nth,", "nth"),
        ("at: at, begins: [/word, /name],", "/name"),
        ("at: at, begins: /word, id: /key,", "/key"),
        ("at: at, begins: /word, ends: /text,", "/text"),
    ] {
        let field = pointer.trim_start_matches('/');
        check(&typed(keys), &[&format!("`{pointer}` leads nowhere: `Item` has no `{field}`")]);
    }
}

#[test]
fn types_that_contradict_themselves() {
    types("It: {fields: {a: It}}", &["every `It` would contain another `It`, endlessly"]);
    types("It: {fields: {a: B}}\nB: {fields: {it: It}}", &["every `It` would contain another `It`, endlessly"]);
    types("It: {fields: {a: [It], b?: It, c: map<It>, d: {type: It, nullable: true}}}", &[]);
    types("It: {one_of: [string, It]}", &["every `It` would contain another `It`, endlessly"]);
    types("It: {one_of: [string, url]}", &["the union cannot be told apart: a string and a URL are both texts"]);
    let both_objects = ["the union cannot be told apart: `A` and `B` are both objects"];
    for (a, b, expected) in [
        ("x: string", "x: string", &both_objects[..]),
        ("x?: string", "w: string", &both_objects),
        ("x: string, w?: string", "w: string", &both_objects),
        ("k: {enum: [a, b]}", "k: {const: b}", &both_objects),
        ("k: {const: a, nullable: true}", "k: {const: b, nullable: true}", &both_objects),
        ("k: {const: a}", "k: {const: b}", &[]),
        ("k: {const: 1}", "k: {const: 2}", &[]),
        ("k: {const: true}", "k: {const: false}", &[]),
        ("x: string, z?: string", "w: string, z?: string", &[]),
    ] {
        let records = format!("A: {{fields: {{{a}}}}}\nB: {{fields: {{{b}}}}}");
        types(&format!("It: {{fields: {{it: A | string | B}}}}\n{records}"), expected);
        // With a name they need not differ.
        types(&format!("It: {{one_of: [A, string, B]}}\n{records}"), &[]);
    }
    // Of a union in a union.
    let nested = |c: &str| {
        format!(
            "It: {{one_of: [In, C]}}\nIn: {{one_of: [A, B]}}\nA: {{fields: {{k: {{const: a}}}}}}\nB: {{fields: {{k: {{const: b}}}}}}\nC: {{fields: {{{c}}}}}"
        )
    };
    types(&nested("k: {const: c}"), &[]);
    types(&nested("other: string"), &[]);
    types(&nested("k: {const: b}"), &["the union cannot be told apart: `A` and `C` are both objects"]);
    // Of what need not be told apart.
    let any = |members: &str| {
        format!("It: {{any_of: [{members}]}}\nA: {{fields: {{a?: string}}}}\nB: {{fields: {{b?: string}}}}")
    };
    types(&any("A, string, B"), &[]);
    types(&any("A, string, url, B"), &["the union cannot be told apart: a string and a URL are both texts"]);
    types(&any("A, string"), &["the members of this `any_of` can be told apart"]);
    types(
        &format!("{}\nOf: {{one_of: [C, It]}}\nC: {{fields: {{c: string}}}}", any("A, B")),
        &["the union cannot be told apart: `C` and `A` are both objects"],
    );
    let inner = |keyword: &str| any("A, B").replace("It: {any_of", &format!("In: {{{keyword}"));
    types(&format!("{}\nIt: {{one_of: [string, In]}}", inner("any_of")), &[]);
    types(&format!("{}\nIt: {{one_of: [string, In]}}", inner("one_of")), &[]);
    let lists = "In: {any_of: ['[A]', '[integer]']}\nA: {fields: {a?: string}}";
    types(&format!("{lists}\nIt: {{one_of: [string, In]}}"), &[]);
    types(
        &format!("{lists}\nIt: {{one_of: [In, '[boolean]']}}"),
        &["the union cannot be told apart: an array and an array are both arrays"],
    );
    types("It: {any_of: [string]}", &["`any_of` needs at least two types"]);
    types("It: {one_of: [string, json]}", &["free-form JSON cannot be a member of a union"]);
    types("It: {one_of: [string]}", &["`one_of` needs at least two types"]);
    types("It: {enum: [a], fields: {b: string}}", &["a type is a record, an enum or a union"]);
    types("It: {doc: Nothing.}", &["a type needs one of the keys `fields`, `like`, `enum`, `one_of` or `any_of`"]);
    types("It: {enum: [a, a]}", &["the enum lists `a` twice"]);
    types("It: {enum: [1, 2]}", &["the enum value `1` is not a text", "the enum value `2` is not a text"]);
    types("It: {fields: {a: '[string, Nope]'}}", &["unknown type `Nope`"]);
    types("It: {tag: t, one_of: {a: B}}\nB: {enum: [x]}", &["`B` is not a record; only records can have a tag"]);
    types("It: {tag: t, one_of: {a: B}}\nB: {fields: {t: string}}", &["`B` lists the tag `t` itself"]);
    types("It: {fields: {a: string, a?: string}}", &["two fields have the name `a`"]);
    types("it: {fields: {a: string}}\nIt: {fields: {b: it}}", &["`it` is not a valid name for a type"]);
    types("It: {fields: {a: {type: string, required: true}}}", &["unknown key `required` in a field"]);
}

#[test]
fn names_across_files() {
    let file = |name: &str, more: &str| {
        format!(
            "resource: {name}\ntitle: X\ndoc: X.\n{more}operations:\n  get_it:\n    get: /{name}\n    summary: Get it.\n    response: It\n"
        )
    };
    let own = "types: {It: {fields: {a: string}}}\n";
    let messages = |files: &[(&str, &str)]| {
        testing::compile(files).diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>()
    };
    let (a, b) = (file("a", own), file("b", ""));
    assert_eq!(messages(&[("a.yaml", &a), ("b.yaml", &b)]), ["the type `It` belongs to the resource `a`"]);
    let b = file("b", own);
    assert_eq!(messages(&[("a.yaml", &a), ("b.yaml", &b)])[0], "two types have the name `It`");
    let b = file("a", "").replace("It", "string").replace("/a", "/b");
    assert_eq!(messages(&[("a.yaml", &a), ("b.yaml", &b)]), ["two resources have the name `a`"]);
}

#[test]
fn all_faults_of_all_files_in_one_run() {
    let compiled = testing::compile(&[
        ("a.yaml", "resource: a\ntitle: A\ndoc: A.\nnope: 1\noperations: {x: {get: z, summary: X., response: Pte}}\n"),
        (
            "b.yaml",
            "resource: B\ntitle: B\noperations: {x: {post: /y, summary: X., response: none, body: {a: {max: 1}}}}\n",
        ),
    ]);
    let short = compiled.short();
    let codes: Vec<&str> = compiled.diagnostics.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["SW0201", "SW0312", "SW0301", "SW0203", "SW0306", "SW0201"], "{short}");
}
