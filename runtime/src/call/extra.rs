//! Adds fields that the spec does not declare to a written request.

use serde_json::Value;

use crate::json::{parse, text_of};
use crate::{Extra, JsonWriter, RequestParts};

const EXTRA_NEEDS_AN_OBJECT: &str = "extra fields require a body that is a JSON object";

/// Adds fields that the spec does not declare to the body, or to the query if there is no body.
#[doc(hidden)]
pub fn put_extra(extra: &Extra, parts: &mut RequestParts, has_body: bool) -> Result<(), &'static str> {
    let texts = extra.iter().map(|(name, value)| (name, value.as_str().map_or_else(|| text_of(value), str::to_owned)));
    let is_related = parts.multipart.as_mut().is_some_and(|it| it.form().is_related);
    if parts.file.is_some() || parts.text.is_some() || is_related {
        return Err(EXTRA_NEEDS_AN_OBJECT);
    }
    if let Some(form) = &mut parts.multipart {
        texts.for_each(|(name, value)| form.add(name, &value));
    } else if parts.form.is_some() {
        texts.for_each(|(name, value)| parts.form_text(name, &value));
    } else if has_body {
        parts.body = JsonWriter::from(merge(std::mem::take(&mut parts.body), extra)?);
    } else {
        texts.for_each(|(name, value)| parts.query(name, &value));
    }
    Ok(())
}

/// The body with the extra fields. They override the request's own fields.
fn merge(body: JsonWriter, extra: &Extra) -> Result<Vec<u8>, &'static str> {
    let mut bytes = body.into_bytes();
    if extra.is_empty() {
        return Ok(bytes);
    }
    let mut out = JsonWriter::default();
    if bytes.is_empty() {
        out.begin_object();
        out.extra(extra);
        out.end_object();
        return Ok(out.into_bytes());
    }
    let known = |name: &String| {
        let mut key = JsonWriter::default();
        key.key(name);
        let key = key.into_bytes();
        bytes.windows(key.len()).any(|it| it == key)
    };
    if bytes.ends_with(b"}") && !extra.keys().any(known) {
        // Nothing is replaced, so the fields are inserted before the closing brace.
        bytes.pop();
        let mut out = JsonWriter::from(bytes);
        out.extra(extra);
        out.end_object();
        return Ok(out.into_bytes());
    }
    match parse(&bytes) {
        Ok(Value::Object(mut fields)) => {
            fields.extend(extra.iter().map(|(name, value)| (name.clone(), value.clone())));
            out.value(&Value::Object(fields));
            Ok(out.into_bytes())
        }
        _ => Err(EXTRA_NEEDS_AN_OBJECT),
    }
}
