//! What operations have in common.

use crate::support::{check, check_files, operation};

const REST: &str = "api: test_api\ntitle: Test\ndoc: For tests.\n";

#[track_caller]
fn api(before: &str, after: &str, expected: &[&str]) {
    let resource = specwright_test_specs::resource(&operation("response: string"));
    let (old, new) = (format!("{REST}{before}"), format!("{REST}{after}"));
    check_files(&[("api.yaml", &old), ("x.yaml", &resource)], &[("api.yaml", &new), ("x.yaml", &resource)], expected);
}

#[test]
fn servers() {
    api("servers: https://a.example.com\n", "servers: https://b.example.com\n", &["breaking server default"]);
    api(
        "servers: {default: https://a.example.com}\n",
        "servers: {default: https://a.example.com, other: https://b.example.com}\n",
        &["widening server other"],
    );
    let shop = |variable: &str| {
        format!("servers: {{main: {{url: \"https://{{shop}}.example.com\", variables: {{shop: {variable}}}}}}}\n")
    };
    api(&shop("{doc: A., default: tea}"), &shop("{doc: A., default: cup}"), &["breaking server main"]);
    api(&shop("{doc: A., default: tea}"), &shop("{doc: A.}"), &["breaking server main"]);
    api(
        &shop("{doc: A., enum: [p, q], default: p}"),
        &shop("{doc: A., enum: [p], default: p}"),
        &["breaking server main"],
    );
}

#[test]
fn credentials() {
    let key = |env: &str, send: &str| {
        format!(
            "servers: https://a.example.com\ncredentials: {{api_key: {{env: {env}, doc: A key., send: {{{send}}}}}}}\n"
        )
    };
    let bearer = "bearer: {header: Authorization, prefix: \"Bearer \"}";
    let header = "bearer: {header: X-Key}";
    api(&key("KEY", bearer), &key("OTHER_KEY", bearer), &["breaking credential api_key"]);
    api(&key("KEY", bearer), &key("KEY", header), &["breaking credential api_key"]);
    let both = format!("{bearer}, key: {{query: key}}");
    api(&key("KEY", bearer), &key("KEY", &both), &["widening credential api_key"]);
    api("servers: https://a.example.com\n", &key("KEY", bearer), &["breaking", "widening credential api_key"]);
    api(&key("KEY", bearer), &key("KEY", bearer).replace("A key.", "The key."), &["documentation"]);
}

#[test]
fn errors() {
    let errors = |keys: &str| format!("servers: https://a.example.com\nerrors: {{{keys}}}\n");
    api(&errors("message: /error"), &errors("message: /message"), &["breaking error"]);
    api(&errors("message: /error"), &errors("message: [/error, /message]"), &["widening error"]);
    api(&errors("code: /code, codes: {a: A., b: B.}"), &errors("code: /code, codes: {a: A.}"), &["breaking error b"]);
    api(&errors("code: /code, codes: {a: A.}"), &errors("code: /code, codes: {a: A., b: B.}"), &["widening error b"]);
    api(&errors("code: /code, codes: {a: A.}"), &errors("code: /code, codes: {a: Other.}"), &["documentation"]);
    api(&errors("message: /error"), &errors("message: /error, when: {ok: false}"), &["breaking error"]);
}

#[test]
fn webhooks() {
    let hook = |signed: &str, events: &str| {
        format!(
            "servers: https://a.example.com\nwebhook:\n  headers: {{signature: X-Signature}}\n  algorithm: hmac-sha256\n  signed: \"{signed}\"\n  \
             secret: {{env: SECRET, encoding: text}}\n  signature: {{encoding: hex}}\n  events:\n    name: /type\n    types: {{{events}}}\n\
             types:\n  Paid:\n    doc: Paid.\n    fields: {{amount: integer}}\n"
        )
    };
    let one = hook("{body}", "paid: Paid");
    api(&one, &hook("x{body}", "paid: Paid"), &["breaking webhook"]);
    api(&one, &hook("{body}", "paid: Paid, late: Paid"), &["widening webhook late"]);
    api(&hook("{body}", "paid: Paid, late: Paid"), &one, &["breaking webhook late"]);
    api(&one, &one.replace("amount: integer", "amount: string"), &["breaking webhook paid /amount"]);
}

#[test]
fn parameters_of_the_client() {
    let client = |keys: &str| format!("servers: https://a.example.com\nclient: {{query: {{locale: {keys}}}}}\n");
    api(
        &client("{type: string, default: en}"),
        &client("{type: string, default: de}"),
        &["breaking query /locale: means other", "breaking client /locale"],
    );
}

#[test]
fn operations() {
    let two = format!(
        "{}  other:\n    get: /other\n    summary: Other.\n    response: string\n",
        operation("response: string")
    );
    let one = operation("response: string");
    check(&one, &two, &["widening"]);
    check(&two, &one, &["breaking: unanswered"]);
    check(&one, &one.replace("  make:", "  build:"), &["breaking rust"]);
    check(&one, &one.replace("Makes.", "Makes it."), &["documentation"]);
    check(&one, &format!("{one}    deprecated: Use nothing.\n"), &["documentation"]);
    check(&one, &format!("{one}    rust: build\n"), &["breaking rust"]);
}

#[test]
fn versions() {
    let diff = check(
        &operation("query: {a: integer}"),
        &operation("query: {a: {type: integer, maximum: 5}}"),
        &["breaking query /a: refused"],
    );
    assert_eq!(diff.missing_version().map(|it| it.to_string()).as_deref(), Some("0.2.0"));
    let diff =
        check(&operation("query: {a: integer}"), &operation("query: {a: integer, b: integer}"), &["widening query /b"]);
    assert_eq!(diff.missing_version(), None);
    assert_eq!(diff.least_version().map(|it| it.to_string()).as_deref(), Some("0.1.1"));
}
