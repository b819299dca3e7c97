//! The parts of a multipart body.

use serde_json::{Map, Value};
use specwright_codegen::model::{Field, PartForm};
use specwright_codegen::serialize;

use crate::arguments::{FileSource, Parameters, entry_key};
use crate::described;
use crate::request::{Part, file, one_text, texts};
use crate::style::style;

/// The parts of a multipart body that is one value: objects in it are parts of JSON, and each item of a list is one.
pub(crate) fn of_object(value: &Value) -> Vec<(&'static str, Part)> {
    let fields = value.as_object().into_iter().flatten().filter(|(_, it)| !it.is_null());
    let parts = fields.flat_map(|(name, value)| {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let part = |it: &Value| match it {
            Value::Object(_) | Value::Array(_) => Part::Json(it.clone(), "application/json"),
            it => Part::Texts(vec![one_text(it)], None),
        };
        items.iter().map(move |it| (described::text(name), part(it)))
    });
    parts.collect()
}

/// The parts of a map, each entry of which is one.
pub(crate) fn of_entries(
    field: &Field,
    entries: &Map<String, Value>,
    parameters: &Parameters,
) -> Result<Vec<(&'static str, Part)>, String> {
    let start = field.pair_prefix().unwrap_or_default();
    let mut all = Vec::new();
    for (name, value) in entries {
        let file = parameters.files.get(&entry_key(&field.name, name)).map_or(&[][..], Vec::as_slice);
        let of_entry = of(field, value, file)?;
        all.extend(of_entry.into_iter().map(|it| (described::text(&format!("{start}{name}")), it)));
    }
    Ok(all)
}

/// The parts of a parameter of a multipart body.
pub(crate) fn of(field: &Field, value: &Value, files: &[FileSource]) -> Result<Vec<Part>, String> {
    let kind = field.sent.part_type().map(described::text);
    if !files.is_empty() {
        return files.iter().map(|it| Ok(Part::Files(vec![(it.clone(), file(it)?)], kind))).collect();
    }
    Ok(match (field.sent.part, value, kind) {
        (_, Value::Null, _) => Vec::new(),
        (PartForm::Styled, value, _) => {
            let texts = serialize::part_texts(field, value);
            vec![Part::Styled(value.clone(), style(field.sent.style), texts)]
        }
        (PartForm::Json, value, Some(kind)) => vec![Part::Json(value.clone(), kind)],
        (PartForm::JsonItems, Value::Array(items), Some(kind)) => {
            items.iter().map(|it| Part::Json(it.clone(), kind)).collect()
        }
        (_, value, kind) => texts(value).into_iter().map(|it| Part::Texts(vec![it], kind)).collect(),
    })
}
