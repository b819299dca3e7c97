//! Reads the beginning of an incomplete JSON text.

/// The text up to the last complete value, with everything closed that is open there. `None` if nothing is open.
///
/// `{"error": {"code": "BAD", "input": "iVBOR…` becomes `{"error": {"code": "BAD"}}`. For text that is not JSON, the result is arbitrary.
pub(crate) fn close_json(text: &[u8]) -> Option<Vec<u8>> {
    // The closing brackets of the open lists and objects, outermost first.
    let mut open: Vec<u8> = Vec::new();
    let mut is_key = false;
    // Everything after the last of these positions is cut. Every opening or closing bracket is one of them.
    let mut whole = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => {
                at += text.get(at..).and_then(string).unwrap_or(text.len());
                if at > text.len() {
                    break;
                }
                if !is_key {
                    whole = at;
                }
            }
            b'{' | b'[' => {
                open.push(byte + 2);
                is_key = *byte == b'{';
                whole = at;
            }
            b'}' | b']' => {
                if open.pop() != Some(*byte) {
                    return None;
                }
                is_key = false;
                whole = at;
            }
            b',' => {
                is_key = open.last() == Some(&b'}');
                // The value before it is complete, whatever it is.
                whole = at - 1;
            }
            b':' => is_key = false,
            _ => {}
        }
    }
    let mut closed = text.get(..whole)?.to_vec();
    closed.extend(open.iter().rev());
    (!open.is_empty()).then_some(closed)
}

/// The bytes of a string after its first quote, including the last one.
fn string(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::close_json;

    fn read(text: &str) -> Option<Value> {
        serde_json::from_slice(&close_json(text.as_bytes())?).ok()
    }

    #[test]
    fn complete_values_are_kept() {
        for (text, expected) in [
            (r#"{"error": {"code": "BAD", "input": "iVBOR"#, json!({"error": {"code": "BAD"}})),
            (r#"{"detail": [{"msg": "No", "loc": ["body", "x"#, json!({"detail": [{"msg": "No", "loc": ["body"]}]})),
            (r#"{"a": 1, "b": tru"#, json!({"a": 1})),
            (r#"{"a": 12"#, json!({})),
            (r#"{"a": "x\"y\\", "b": "\"#, json!({"a": "x\"y\\"})),
            (r#"{"a": "x", "b""#, json!({"a": "x"})),
            (r#"{"a": "x", "b":"#, json!({"a": "x"})),
            (r#"{"a": "x","#, json!({"a": "x"})),
            (r#"[{}, [], {"a": [1, 2"#, json!([{}, [], {"a": [1]}])),
            ("[", json!([])),
            (r#"["a}{][", "#, json!(["a}{]["])),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        for text in ["", "x", "\"a", "12", "{]", "[}", "\u{1f600}", "{\"a\" \"b\""] {
            assert_eq!(read(text).filter(|it| *it != json!({})), None, "{text}");
        }
    }

    /// A text that is cut anywhere can be read, and contains nothing that the complete text does not.
    #[test]
    fn every_cut_is_read() {
        let whole = json!({"a": [1, "é\n\"", {"b": null, "c": [[], {}]}], "d": true, "e": {"f": -1.5e3}}).to_string();
        for at in 1..whole.len() {
            let closed = close_json(&whole.as_bytes()[..at]).unwrap_or_else(|| panic!("{at}"));
            serde_json::from_slice::<Value>(&closed).unwrap_or_else(|error| panic!("{at}: {error}"));
        }
    }
}
