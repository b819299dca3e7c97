//! Where `Debug` of a request must not show what is sent.

use std::collections::BTreeSet;

use crate::model::{Api, Encoding, Operation, Type, TypeId, TypeKind};

/// Whether a request has secrets that its JSON body does not hide: parameters of its own, or fields of a type that is
/// sent in another place.
pub(super) fn are_in_request(api: &Api, operation: &Operation) -> bool {
    let is_json =
        operation.encoding == Encoding::Json && operation.content_types.iter().all(|it| it.encoding == Encoding::Json);
    let shows = |ty: &Type, in_json: bool| !in_json && reaches_secret(api, ty);
    operation.parameters.fields.iter().any(|it| it.secret || shows(&it.ty, is_json && it.location.in_body()))
}

fn reaches_secret(api: &Api, ty: &Type) -> bool {
    let mut waiting: Vec<TypeId> = Vec::new();
    ty.mentions(&mut waiting);
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let kind = &api.ty(id).kind;
        if matches!(kind, TypeKind::Record(record) if record.fields.iter().any(|it| it.secret)) {
            return true;
        }
        kind.mentions(&mut waiting);
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::{pipeline, testing};

    #[track_caller]
    fn check(operation: &str, hides: bool) {
        let types =
            "types:\n  Pot: {fields: {pin: {type: string, secret: true}}}\n  Shelf: {fields: {pots: \"[Pot]\"}}\n";
        let text = format!(
            "resource: x\ntitle: X\ndoc: X.\n{types}operations:\n  run:\n    summary: Run it.\n    response: none\n{operation}"
        );
        let files = pipeline::crate_files(&testing::api(&[("x.yaml", &text)])).expect("a crate");
        assert_eq!(files["src/x/run.rs"].contains("impl fmt::Debug for RunRequest"), hides, "{operation}");
    }

    #[test]
    fn only_a_json_body_hides_the_secrets_of_its_types() {
        check("    post: /run\n    body: {shelf: Shelf}\n", false);
        check("    post: /run\n    body: Shelf\n", false);
        check("    post: /run\n    body: {pin: {type: string, secret: true}}\n", true);
        check("    post: /run\n    encoding: multipart\n    body: {shelf: Shelf}\n", true);
        check("    post: /run\n    encoding: [json, form]\n    body: {pot: {type: Pot, style: deep_object}}\n", true);
        check("    get: /run\n    query: {pot: {type: Pot, style: deep_object}}\n", true);
        check("    get: /run\n    query: {pot: string}\n", false);
    }
}
