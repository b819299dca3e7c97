//! The schemas of a document for a validator of JSON Schema, as the present draft says what they mean.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The schemas of a document.
pub(super) struct Schemas<'d> {
    root: &'d Value,
}

impl<'d> Schemas<'d> {
    pub(super) fn new(root: &'d Value) -> Self {
        Self { root }
    }

    /// What a `$ref` leads to.
    pub(super) fn followed<'v>(&'v self, value: &'v Value) -> &'v Value {
        let mut value = value;
        for _ in 0..32 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return value };
            let Some(target) = reference.strip_prefix('#').and_then(|it| self.root.pointer(it)) else {
                return &Value::Null;
            };
            value = target;
        }
        value
    }

    /// Whether a schema is of a text, a number, a truth value or a list of texts.
    pub(super) fn is_plain(&self, schema: &Value) -> bool {
        let schema = self.followed(schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => schema.get("items").is_some_and(|it| self.is_text(it)),
            Some("string" | "integer" | "number" | "boolean") => true,
            _ => false,
        }
    }

    /// Whether a schema is of texts.
    pub(super) fn is_text(&self, schema: &Value) -> bool {
        self.followed(schema).get("type").and_then(Value::as_str) == Some("string")
    }

    /// A validator for a schema; none if it cannot be read as one.
    pub(super) fn validator(&self, schema: &Value) -> Option<Validator> {
        self.built(schema, false)
    }

    /// As [`Self::validator`], but an object that is a member of a union and does not say whether it has other properties
    /// has none, as the import reads it.
    pub(super) fn closed(&self, schema: &Value) -> Option<Validator> {
        self.built(schema, true)
    }

    fn built(&self, schema: &Value, is_closed: bool) -> Option<Validator> {
        let mut known = BTreeMap::new();
        let mut definitions = Map::new();
        let mut waiting = Vec::new();
        let mut root = self.modern(schema, &mut known, &mut waiting)?;
        while let Some((name, reference)) = waiting.pop() {
            let target = reference.strip_prefix('#').and_then(|it| self.root.pointer(&decoded(it)))?;
            let target = self.modern(target, &mut known, &mut waiting)?;
            definitions.insert(name, target);
        }
        root.as_object_mut()?.insert("$defs".to_owned(), Value::Object(definitions));
        if is_closed {
            root = closed(root, false);
        }
        jsonschema::draft202012::options().should_validate_formats(true).build(&root).ok()
    }

    /// A schema as draft 2020-12 says it: `nullable` and exclusive limits as truth values are of older versions, and what
    /// only responses have is not looked at in requests.
    fn modern(
        &self,
        schema: &Value,
        known: &mut BTreeMap<String, String>,
        waiting: &mut Vec<(String, String)>,
    ) -> Option<Value> {
        let Some(schema) = schema.as_object() else { return schema.is_boolean().then(|| schema.clone()) };
        let mut out = Map::new();
        for (key, value) in schema {
            let made = match key.as_str() {
                "$ref" => {
                    let reference = value.as_str()?.to_owned();
                    let next = format!("s{}", known.len());
                    let name = known.entry(reference.clone()).or_insert_with(|| {
                        waiting.push((next.clone(), reference));
                        next
                    });
                    json!(format!("#/$defs/{name}"))
                }
                "properties" => {
                    let mut inner = Map::new();
                    for (name, it) in value.as_object()? {
                        if self.followed(it).get("readOnly") != Some(&Value::Bool(true))
                            && it.get("readOnly") != Some(&Value::Bool(true))
                        {
                            inner.insert(name.clone(), self.modern(it, known, waiting)?);
                        }
                    }
                    Value::Object(inner)
                }
                "required" => {
                    let is_sent = |it: &&Value| {
                        let property = it.as_str().and_then(|it| schema.get("properties")?.get(it));
                        let read_only = |it: &Value| it.get("readOnly") == Some(&Value::Bool(true));
                        !property.is_some_and(|it| read_only(it) || read_only(self.followed(it)))
                    };
                    value.as_array()?.iter().filter(is_sent).cloned().collect()
                }
                "items" | "additionalProperties" | "not" => self.modern(value, known, waiting)?,
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    let members: Option<Vec<Value>> =
                        value.as_array()?.iter().map(|it| self.modern(it, known, waiting)).collect();
                    Value::Array(members?)
                }
                "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => continue,
                "format" if FORMATS.iter().any(|it| value == it) => value.clone(),
                "type" | "enum" | "const" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"
                | "multipleOf" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems" | "uniqueItems"
                | "minProperties" | "maxProperties" => value.clone(),
                _ => continue,
            };
            out.insert(key.clone(), made);
        }
        for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            if schema.get(exclusive) == Some(&Value::Bool(true))
                && let Some(value) = out.remove(limit)
            {
                out.insert(exclusive.to_owned(), value);
            }
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            return Some(json!({"anyOf": [out, {"type": "null"}]}));
        }
        Some(Value::Object(out))
    }
}

/// A schema whose unions have closed members, as `is_member` says of the schema itself. What stands beside a union is of
/// each of its members, so that these stay as they are.
fn closed(schema: Value, is_member: bool) -> Value {
    match schema {
        Value::Array(items) => items.into_iter().map(|it| closed(it, is_member)).collect(),
        Value::Object(members) => {
            let has_own = members.contains_key("properties") || members.contains_key("allOf");
            let inner = |(key, value): (String, Value)| {
                let is_union = !has_own && (key == "oneOf" || key == "anyOf") || is_member && key == "items";
                let value = match value {
                    // Names of properties and definitions are no keywords.
                    Value::Object(named) if key == "properties" || key == "$defs" => {
                        named.into_iter().map(|(name, it)| (name, closed(it, false))).collect::<Map<_, _>>().into()
                    }
                    value => closed(value, is_union),
                };
                (key, value)
            };
            let mut members: Map<String, Value> = members.into_iter().map(inner).collect();
            let is_list = members.contains_key("items");
            if is_member && !is_list && !members.contains_key("additionalProperties") {
                members.insert("unevaluatedProperties".to_owned(), false.into());
            }
            members.into()
        }
        other => other,
    }
}

/// Formats that both read in the same way.
const FORMATS: [&str; 10] =
    ["date", "date-time", "time", "duration", "uuid", "email", "uri", "hostname", "ipv4", "ipv6"];

/// A pointer without escapes of URLs.
fn decoded(pointer: &str) -> String {
    pointer.replace("%7B", "{").replace("%7D", "}").replace("%20", " ")
}
