//! The hash that facts about vendors' documents hold in place of a body: see `tests/coverage/README.md`.

use serde_json::Value;

/// FNV-1a of the body written with sorted keys and without spaces.
#[must_use]
pub fn hash(body: &Value) -> String {
    let mut text = String::new();
    canonical(body, &mut text);
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (ix, item) in items.iter().enumerate() {
                out.push_str(if ix == 0 { "" } else { "," });
                canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (ix, (name, field)) in sorted.into_iter().enumerate() {
                out.push_str(if ix == 0 { "" } else { "," });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                canonical(field, out);
            }
            out.push('}');
        }
        Value::Number(number) if number.as_i64().is_none() => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => out.push_str(&format!("{whole:.0}")),
            _ => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}
