//! The effects of faults on bodies.

use serde_json::{Map, Value};

/// The beginning of a body: this many bytes, or half of them. It is always shorter than a body that is not empty.
#[must_use]
pub fn truncated(body: &[u8], at: Option<usize>) -> &[u8] {
    let length = at.unwrap_or(body.len() / 2).min(body.len().saturating_sub(1));
    &body[..length]
}

/// The body with values of other types: texts become numbers, numbers and booleans become texts, lists become objects,
/// and objects keep their keys. A reader that checks types fails; one that looks for keys finds them.
#[must_use]
pub fn with_wrong_types(body: &Value) -> Value {
    match body {
        Value::Object(fields) if fields.is_empty() => Value::Array(Vec::new()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, it)| (name.clone(), with_wrong_types(it))).collect())
        }
        Value::Array(items) => {
            let named = items.iter().enumerate().map(|(index, it)| (index.to_string(), it.clone()));
            Value::Object(named.collect::<Map<_, _>>())
        }
        Value::String(text) => Value::from(text.len()),
        Value::Number(number) => Value::from(format!("~{number}")),
        Value::Bool(truth) => Value::from(if *truth { "yes" } else { "no" }),
        Value::Null => Value::from("null"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{truncated, with_wrong_types};

    #[test]
    fn a_truncated_body_is_never_complete() {
        assert_eq!(truncated(b"{\"a\":1}", None), b"{\"a");
        assert_eq!(truncated(b"{\"a\":1}", Some(100)), b"{\"a\":1");
        assert_eq!(truncated(b"{\"a\":1}", Some(0)), b"");
        assert_eq!((truncated(b"", None), truncated(b"1", None)), (&b""[..], &b""[..]));
    }

    #[test]
    fn no_value_keeps_its_type() {
        let body =
            json!({"id": "a1", "n": 5, "ok": true, "none": null, "list": [{"url": "x"}], "in": {"a": 1}, "e": {}});
        assert_eq!(
            with_wrong_types(&body),
            json!({"id": 2, "n": "~5", "ok": "yes", "none": "null", "list": {"0": {"url": "x"}}, "in": {"a": "~1"},
                "e": []})
        );
    }
}
