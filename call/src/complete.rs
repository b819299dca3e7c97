//! What can stand next in a command, for shells.

use specwright_codegen::model::{Api, Operation};

use crate::types;

/// The words that begin with `word`: operations, or parameters of the operation that was named before. Those of an enum
/// have their values.
#[must_use]
pub fn complete(api: &Api, operation: Option<&str>, word: &str) -> Vec<String> {
    let Some(name) = operation else {
        let all = api.operations.iter().map(|it| it.full_name(api));
        return all.filter(|it| it.starts_with(word)).collect();
    };
    let Some(op) = api.operations.iter().find(|it| it.full_name(api) == name || it.name == name) else {
        return Vec::new();
    };
    match word.split_once('=') {
        Some((parameter, value)) => values(api, op, parameter, value),
        None => {
            let names = op.parameters.fields.iter().map(|it| format!("{}=", it.name));
            names.filter(|it| it.starts_with(word)).collect()
        }
    }
}

fn values(api: &Api, op: &Operation, parameter: &str, value: &str) -> Vec<String> {
    let Some((_, field)) = op.parameters.find(parameter) else { return Vec::new() };
    let mut known = types::enum_values(api, &field.ty);
    if types::can_be(api, &field.ty, &specwright_codegen::model::Type::Boolean) {
        known.extend(["true", "false"]);
    }
    known.into_iter().filter(|it| it.starts_with(value)).map(|it| format!("{parameter}={it}")).collect()
}
