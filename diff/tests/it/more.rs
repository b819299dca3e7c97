//! Edits of variants, unions, directions and credentials of operations.

use crate::support::{check, check_files, check_operation, operation};

fn with_types(body: &str, types: &str) -> String {
    format!("{}types:\n{types}", specwright_test_specs::resource(&operation(body)))
}

#[track_caller]
fn check_types(body: &str, before: &str, after: &str, expected: &[&str]) {
    let (old, new) = (with_types(body, before), with_types(body, after));
    check_files(&[("x.yaml", &old)], &[("x.yaml", &new)], expected);
}

#[test]
fn variants() {
    let keys = |variants: &str| format!("{variants}\nbody:\n  fast: {{type: boolean, required: true}}\n  a: string");
    let both = keys("variants: {quick: {fast: true}, slow: {fast: false}}");
    let other = keys("variants: {rapid: {fast: true}, slow: {fast: false}}");
    check_operation(&both, &other, &["breaking rust"]);
    let model =
        |values: &str| format!("variants: model\nbody:\n  model: {{enum: {values}, required: true}}\n  a: string");
    check_operation(&model("[p, q]"), &model("[p]"), &["breaking body /model: refused (q)"]);
    check_operation(&model("[p]"), &model("[p, q]"), &["widening body /model, code changes (q)"]);
}

#[test]
fn unions() {
    let types = |members: &str| {
        format!(
            "  Method:\n    one_of: {members}\n    doc: How to pay.\n  Card:\n    doc: A card.\n    fields: {{kind: {{const: card}}, number: string}}\n  \
             Bank:\n    doc: A bank.\n    fields: {{kind: {{const: bank}}, iban: string}}\n  Cash:\n    doc: Cash.\n    fields: {{kind: {{const: cash}}}}\n"
        )
    };
    let body = "body: {method: Method, cash: Cash, bank: Bank, card: Card}";
    check_types(body, &types("[Card, Bank, Cash]"), &types("[Card, Bank]"), &["breaking body /method: refused"]);
    check_types(body, &types("[Card, Bank]"), &types("[Card, Bank, Cash]"), &["widening body /method"]);
    check_types(body, &types("[Card, Bank]"), &types("[Bank, Card]"), &[]);
}

#[test]
fn directions() {
    let types = |id: &str| format!("  Thing:\n    doc: A thing.\n    fields: {{id: {id}, name?: string}}\n");
    let body = "path: /things\nbody: Thing\nresponse: Thing";
    check_types(
        body,
        &types("string"),
        &types("{type: string, read_only: true}"),
        &["widening body /body/id, code changes", "widening body /body/id, code changes"],
    );
    check_types(
        body,
        &types("{type: string, read_only: true}"),
        &types("string"),
        &["breaking body /body/id: refused", "breaking body /body/id: refused"],
    );
}

#[test]
fn auth() {
    let open = operation("auth: none\nresponse: string");
    let closed = operation("response: string");
    check(&open, &closed, &["breaking"]);
    // Nobody is refused who sends a credential that nobody asks for.
    check(&closed, &open, &["widening"]);
    let both = operation("auth: [api_key, none]\nresponse: string");
    check(&closed, &both, &["widening"]);
}

#[test]
fn what_is_asked_for() {
    let accept = |it: &str| format!("response: {{a: string}}\naccept: {it}");
    check_operation("response: {a: string}", &accept("application/vnd.a+json"), &["documentation"]);
    check_operation("response: {a: string}", &accept("application/json"), &[]);
}

#[test]
fn idempotency_and_constants() {
    let key = |name: &str| format!("body: {{a: string}}\nidempotency: {name}");
    check_operation(&key("Idempotency-Key"), &key("X-Key"), &["breaking"]);
    let constant =
        |value: &str| format!("headers: {{Api-Version: {{const: \"{value}\", required: true}}}}\nbody: {{a: string}}");
    check_operation(&constant("1"), &constant("2"), &["breaking header /Api-Version: refused"]);
}
