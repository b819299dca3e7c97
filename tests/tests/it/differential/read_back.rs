//! What is written in a style is read back as it was given, and is what the generated client writes.

use super::*;
use specwright_codegen::interpret::read_by_type;
use specwright_codegen::validate::read_parameters;

/// Writes the parameters of a place, and reads them back.
#[track_caller]
fn check(api: &Api, op: &Operation, location: Location, request: &Value) {
    let request = request.as_object().expect("an object");
    let text = match location {
        Location::Query => serialize::query(op, request),
        _ => serialize::form(op, request),
    };
    let read = read_parameters(api, op, location, &text);
    let fields = op.parameters.fields.iter().filter(|it| it.location == location);
    let mut known = 0;
    for field in fields {
        let Some(given) = request.get(&field.name) else { continue };
        known += 1;
        let found = read.get(field.sent_name()).unwrap_or_else(|| panic!("`{}` is lost in {text}", field.name));
        let found = read_by_type(api, &field.ty, found);
        assert!(same(&found, given), "`{}` is read as {found} from {text}", field.name);
    }
    assert_eq!(read.len(), known, "nothing else is in {text}: {read:?}");
}

fn operation<'a>(api: &'a Api, name: &str) -> &'a Operation {
    api.operations.iter().find(|it| it.name == name).expect("the operation")
}

#[test]
fn queries_and_forms_are_read_back() {
    let compiled = pipeline::compile_one(&project::folder(), "payments").unwrap_or_else(|it| panic!("{it}"));
    let api = compiled.api_without_errors().expect("the spec has no errors");
    let list = operation(api, "list");
    let all = serde_json::json!({
        "limit": 3, "created": {"gte": 1, "lt": 2}, "expand": ["a", "b&c"], "status": ["paid", "open"],
        "tags": ["x", "y,z"], "words": ["v"], "ids": [7, 8], "plain": ["p"], "either": ["v", "w"],
        "sort": {"amount": "desc", "a,b": "c,d"}, "near": {"line1": "Street 1", "country": "DE"},
        "where": {"a": [1, {"b": null}]}, "address": {"line1": "Way 2", "city": "Ü", "country": "FR"},
    });
    check(api, list, Location::Query, &all);
    for one in [
        serde_json::json!({"created": 5}),
        serde_json::json!({"either": "v"}),
        serde_json::json!({"expand": ["one"], "tags": ["one"], "ids": [1]}),
        serde_json::json!({"where": "text"}),
    ] {
        check(api, list, Location::Query, &one);
    }
    let create = operation(api, "create");
    for example in create.examples.iter().filter(|it| it.invalid.is_empty()) {
        check(api, create, Location::Body, example.request.as_ref().expect("a request"));
    }
    check(
        api,
        create,
        Location::Body,
        &serde_json::json!({
            "amount": 1, "currency": "usd", "metadata": "", "codes": [1], "risk": [1, "two"],
            "items": [{"price": "p", "tax_rates": ["t"], "metadata": {"k": "v"}}],
        }),
    );
}
