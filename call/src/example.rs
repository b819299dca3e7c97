//! An example of the spec as the words of a call.

use serde_json::{Map, Value};
use specwright_codegen::interpret::read_by_type;
use specwright_codegen::model::{Api, Field, Operation, PartForm};

use crate::arguments::is_file;
use crate::types;

/// The words of the first example that shows a legal request.
pub(crate) fn words(api: &Api, op: &Operation) -> Option<Vec<String>> {
    let mut legal = op.examples.iter().filter(|it| it.invalid.is_empty());
    let parameters = legal.find_map(|it| it.request.as_ref()?.as_object())?;
    Some(of_parameters(api, op, parameters))
}

fn of_parameters(api: &Api, op: &Operation, parameters: &Map<String, Value>) -> Vec<String> {
    let mut words = Vec::new();
    for (name, value) in parameters {
        let field = op.parameters.find(name).map(|it| it.1);
        match (field, value) {
            (Some(field), value) if is_file(api, &field.ty) => words.extend(files(name, value)),
            (Some(field), Value::Object(entries)) if field.sent.part == PartForm::Entries => {
                words.extend(entries.iter().flat_map(|(key, it)| files(&format!("{name}.{key}"), it)));
            }
            (Some(field), Value::Array(items))
                if !items.is_empty() && items.iter().all(|it| is_plain(api, field, it)) =>
            {
                words.extend(items.iter().map(|it| format!("{name}={}", text(it))));
            }
            (Some(field), value) if is_plain(api, field, value) => words.push(format!("{name}={}", text(value))),
            (_, value) => words.push(format!("{name}:={value}")),
        }
    }
    words
}

/// Whether the type of the parameter, or that of its items, reads the text of a value as that value.
fn is_plain(api: &Api, field: &Field, value: &Value) -> bool {
    let ty = types::item(api, &field.ty).unwrap_or(&field.ty);
    let text = match value {
        Value::String(text) if text.starts_with(['@', '<', '[']) => return false,
        Value::Array(_) | Value::Object(_) | Value::Null => return false,
        value => text(value),
    };
    *read_by_type(api, ty, &Value::String(text)) == *value
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An example shows the text of a file, or its size alone.
fn files(name: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|it| files(name, it)).collect(),
        Value::String(text) if !text.starts_with(['@', '<']) => vec![format!("{name}={text}")],
        _ => vec![format!("{name}=@FILE")],
    }
}
