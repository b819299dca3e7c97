//! Tests the responses of small specs in full, and of all specs of the project by rule.
#![allow(clippy::unwrap_used)]

mod errors;
mod made;
mod shapes;
mod sweep;

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use specwright_codegen::model::{Api, OperationId};
use specwright_codegen::pipeline;
use specwright_test_specs as testing;

/// The APIs of the project, of the test project, and the fixture that uses the whole language.
static APIS: LazyLock<Vec<Api>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut apis = vec![testing::api(testing::atelier())];
    for project in [root.to_owned(), root.join("tests/project")] {
        let names = pipeline::api_names(&project).unwrap();
        assert!(!names.is_empty(), "{}", project.display());
        for name in names {
            apis.push(pipeline::compile_one(&project, &name).unwrap().into_api_without_errors().unwrap());
        }
    }
    apis
});

/// The only operation in the text of a resource file.
fn one(resource: &str) -> (Api, OperationId) {
    let head = "resource: things\ntitle: Things\ndoc: Things.\n";
    (testing::api(&[("things.yaml", &format!("{head}{resource}"))]), OperationId(0))
}

#[track_caller]
fn same(found: Option<Value>, wanted: Value) {
    let text = |it: &Value| serde_json::to_string_pretty(it).unwrap();
    let found = found.unwrap_or_default();
    assert!(text(&found) == text(&wanted), "found {}\nwanted {}", text(&found), text(&wanted));
}
