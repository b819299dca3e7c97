//! Values that are made from a schema by chance: most are valid, and the others are wrong in one way or another.

use serde_json::{Map, Value, json};

use super::schemas::Schemas;

/// Makes values of a document's schemas.
pub(super) struct Maker<'s, 'd> {
    schemas: &'s Schemas<'d>,
    chance: fastrand::Rng,
}

impl<'s, 'd> Maker<'s, 'd> {
    /// The same seed makes the same values.
    pub(super) fn new(schemas: &'s Schemas<'d>, seed: &str) -> Self {
        let seed = seed.bytes().fold(7_u64, |sum, it| sum.wrapping_mul(31).wrapping_add(u64::from(it)));
        Self { schemas, chance: fastrand::Rng::with_seed(seed) }
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.chance.usize(..count) == 0
    }

    fn pick<'v>(&mut self, list: &'v [Value]) -> Option<&'v Value> {
        if list.is_empty() { None } else { list.get(self.chance.usize(..list.len())) }
    }

    /// A value of a schema.
    pub(super) fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = self.merged(schema, 0);
        // Without a type, a schema of properties means an object, and allows all others.
        let is_typed = ["type", "enum", "const"].iter().any(|it| schema.contains_key(*it));
        if depth > 0 && is_typed && self.one_in(40) {
            let others = [json!(null), json!(true), json!(7), json!("text"), json!([]), json!({})];
            return self.pick(&others).cloned().unwrap_or_default();
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array)
            && let Some(value) = self.pick(values).cloned()
        {
            let other = value.is_string() && self.one_in(12);
            return if other { json!("no such value") } else { value };
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) && self.one_in(8) {
            return Value::Null;
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => self.pick(kinds).and_then(Value::as_str).map(str::to_owned),
            Some(Value::String(kind)) => Some(kind.clone()),
            _ if schema.contains_key("properties") || schema.contains_key("additionalProperties") => {
                Some("object".to_owned())
            }
            _ if schema.contains_key("items") => Some("array".to_owned()),
            _ => None,
        };
        match kind.as_deref() {
            Some("null") => Value::Null,
            Some("boolean") => json!(self.chance.bool()),
            Some("integer") => self.number(&schema, true),
            Some("number") => self.number(&schema, false),
            Some("string") => self.text(&schema),
            Some("array") => self.list(&schema, depth),
            Some("object") => self.object(&schema, depth),
            _ => json!({}),
        }
    }

    /// A schema with all that it is put together from, and one of its alternatives.
    fn merged(&mut self, schema: &Value, depth: usize) -> Map<String, Value> {
        let mut out = Map::new();
        if depth > 16 {
            return out;
        }
        let Some(own) = schema.as_object() else { return out };
        if own.contains_key("$ref") {
            let target = self.schemas.followed(schema).clone();
            add(&mut out, self.merged(&target, depth + 1));
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let members = own.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
            let chosen: Vec<Value> =
                if key == "allOf" { members } else { self.pick(&members).cloned().into_iter().collect() };
            for it in chosen {
                let it = self.merged(&it, depth + 1);
                add(&mut out, it);
            }
        }
        let mut own = own.clone();
        own.retain(|key, _| !matches!(key.as_str(), "$ref" | "allOf" | "oneOf" | "anyOf"));
        add(&mut out, own);
        out
    }

    fn number(&mut self, schema: &Map<String, Value>, is_whole: bool) -> Value {
        let get = |key: &str| schema.get(key).and_then(Value::as_f64);
        let least = get("minimum").or(get("exclusiveMinimum"));
        let most = get("maximum").or(get("exclusiveMaximum"));
        let (low, high) = match (least, most) {
            (Some(low), Some(high)) => (low, high),
            (Some(low), None) => (low, low + 40.0),
            (None, Some(high)) => (high - 40.0, high),
            (None, None) => (-20.0, 20.0),
        };
        let mut value = match self.chance.usize(..10) {
            0 => low,
            1 => high,
            2 => low - 1.0,
            3 => high + 1.0,
            _ => low + self.chance.f64() * (high - low).clamp(0.0, 1e6),
        };
        if let Some(step) = get("multipleOf").filter(|it| *it > 0.0)
            && !self.one_in(6)
        {
            value = (value / step).round() * step;
        }
        if is_whole {
            // Numbers beyond doubles are another matter.
            return if value.abs() > 9e15 { json!(7) } else { json!(value.round() as i64) };
        }
        json!((value * 4.0).round() / 4.0)
    }

    fn text(&mut self, schema: &Map<String, Value>) -> Value {
        let of_format = match schema.get("format").and_then(Value::as_str) {
            Some("date-time" | "datetime") => Some("2026-01-31T12:00:00Z"),
            Some("date") => Some("2026-01-31"),
            Some("time") => Some("12:00:00Z"),
            Some("uuid") => Some("3be6453c-03eb-4357-ae5a-984a0e574a54"),
            Some("email" | "idn-email") => Some("tea@example.com"),
            Some("uri" | "url" | "iri" | "uri-reference") => Some("https://tea.example.com/pots"),
            Some("hostname") => Some("tea.example.com"),
            Some("ipv4") => Some("192.0.2.1"),
            Some("ipv6") => Some("2001:db8::1"),
            Some("duration") => Some("PT1H"),
            Some("byte" | "base64") => Some("cG90cw=="),
            Some("decimal") => Some("12.50"),
            _ => None,
        };
        if let Some(text) = of_format {
            return json!(text);
        }
        if schema.contains_key("pattern") {
            let example = schema.get("example").or_else(|| schema.get("examples")?.get(0)).filter(|it| it.is_string());
            if let Some(example) = example.filter(|_| !self.one_in(4)) {
                return example.clone();
            }
        }
        let get = |key: &str| schema.get(key).and_then(Value::as_u64);
        let low = get("minLength").unwrap_or(1);
        let high = get("maxLength").unwrap_or(low + 8).min(low + 4000);
        let length = match self.chance.usize(..10) {
            0 => low,
            1 => high,
            2 => low.saturating_sub(1),
            3 if schema.contains_key("maxLength") => high + 1,
            _ => self.chance.u64(low..=high.max(low)),
        };
        json!(
            (0..length).map(|_| self.chance.choice(['a', 'b', 'c', 'D', '4', '-']).unwrap_or('a')).collect::<String>()
        )
    }

    fn list(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let get = |key: &str| schema.get(key).and_then(Value::as_u64);
        let low = get("minItems").unwrap_or(0).min(60);
        let high = get("maxItems").unwrap_or(low + 3).clamp(low, low + 60);
        let length = match self.chance.usize(..10) {
            0 => low.saturating_sub(1),
            1 if schema.contains_key("maxItems") && high < 60 => high + 1,
            _ if depth > 5 => low,
            _ => self.chance.u64(low..=high.min(low + 3)),
        };
        let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
        Value::Array((0..length).map(|_| self.value(&items, depth + 1)).collect())
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let mut out = Map::new();
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let read_only = |it: &Value| it.get("readOnly") == Some(&Value::Bool(true));
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if read_only(property) || read_only(self.schemas.followed(property)) {
                continue;
            }
            let sent = if required.contains(&name.as_str()) { !self.one_in(25) } else { depth < 6 && self.one_in(2) };
            if sent {
                let value = self.value(property, depth + 1);
                out.insert(name.clone(), value);
            }
        }
        if let Some(values) = schema.get("additionalProperties").filter(|it| it.is_object())
            && depth < 6
        {
            let values = values.clone();
            for at in 0..self.chance.usize(..3) {
                let value = self.value(&values, depth + 1);
                out.insert(format!("key{at}"), value);
            }
        }
        Value::Object(out)
    }
}

/// Puts the keywords of one schema to those of another.
fn add(out: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (out.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(value)) if key == "properties" => known.extend(value),
            (Some(Value::Array(known)), Value::Array(value)) if key == "required" => known.extend(value),
            (_, value) => {
                out.insert(key, value);
            }
        }
    }
}
