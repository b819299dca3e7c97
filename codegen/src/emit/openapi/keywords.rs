//! Constraints as keywords of JSON Schema, and the differences between the two versions.

use serde_json::{Map, Number, Value, json};

use super::Version;
use crate::constraints::{self, Schema};
use crate::model::number::{self, Exact};
use crate::model::{Constraint, IntegerFormat, Type};

/// The keywords of a constraint, or `None` where JSON Schema has none (or where it is not about the value itself).
pub(super) fn keywords_of(version: Version, constraint: &Constraint) -> Option<Map<String, Value>> {
    let (name, argument) = match (constraints::of(constraint).schema)(constraint) {
        Schema::Exact(name, argument) | Schema::Loose(name, argument) => (name, argument),
        Schema::None | Schema::OfObject => return None,
    };
    let pairs = match (version, name) {
        // 3.0 has no keyword for it, so that the words alone say it.
        (Version::V3_0, "propertyNames") => return None,
        (Version::V3_0, "const") => vec![("enum", json!([argument]))],
        (Version::V3_0, "exclusiveMinimum") => vec![("minimum", argument), (name, json!(true))],
        (Version::V3_0, "exclusiveMaximum") => vec![("maximum", argument), (name, json!(true))],
        (Version::V3_0 | Version::V3_1, _) => vec![(name, argument)],
    };
    Some(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Whether the keywords say all that the constraint says.
pub(super) fn are_exact(constraint: &Constraint) -> bool {
    match (constraints::of(constraint).schema)(constraint) {
        Schema::Exact(..) | Schema::OfObject => true,
        Schema::None | Schema::Loose(..) => false,
    }
}

/// Adds keywords to a schema. A keyword that is there already with another value goes into `allOf`: both hold.
pub(super) fn add_keywords(schema: &mut Map<String, Value>, keywords: Map<String, Value>) {
    let listed = keywords.contains_key("enum") || keywords.contains_key("const");
    let is_unsigned = schema.get("format").and_then(Value::as_str) == Some(IntegerFormat::Uint64.word());
    let (least, most) = if is_unsigned { IntegerFormat::Uint64.ends() } else { (i64::MIN.into(), i64::MAX.into()) };
    for (key, exclusive_key, end) in [("minimum", "exclusiveMinimum", least), ("maximum", "exclusiveMaximum", most)] {
        // The end of all integers need not be told beside a narrower limit.
        let limit = keywords.get(key).or(keywords.get(exclusive_key)).and_then(Value::as_number);
        let narrower = |it: &Number| match Exact::of(it) {
            Exact::Whole(limit) => (least + 1..most).contains(&limit),
            Exact::Double(limit) => limit.fract() != 0.0,
        };
        if schema.get(key).and_then(Value::as_number) == number::whole(end).as_ref()
            && (listed || limit.is_some_and(narrower))
        {
            schema.shift_remove(key);
        }
    }
    let clashes = keywords.iter().any(|(key, value)| schema.get(key).is_some_and(|it| it != value));
    if clashes {
        push_all_of(schema, Value::Object(keywords));
    } else {
        schema.extend(keywords);
    }
}

/// Adds keywords to a schema that may be a reference; 3.0 ignores what stands beside a reference.
pub(super) fn add_beside_reference(version: Version, schema: &mut Map<String, Value>, keywords: Map<String, Value>) {
    if keywords.is_empty() {
        return;
    }
    if version == Version::V3_0
        && let Some(reference) = schema.remove("$ref")
    {
        push_all_of(schema, json!({ "$ref": reference }));
    }
    add_keywords(schema, keywords);
}

/// Puts words beside a schema, in the place of those it has.
pub(super) fn annotate(version: Version, schema: &mut Map<String, Value>, words: Map<String, Value>) {
    for key in words.keys() {
        schema.shift_remove(key);
    }
    add_beside_reference(version, schema, words);
}

pub(super) fn push_all_of(schema: &mut Map<String, Value>, part: Value) {
    let parts = schema.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(parts) = parts {
        parts.push(part);
    }
}

/// Of any JSON `null` is no value, so that a list of values says nothing of it.
pub(super) fn of_any_json(version: Version, ty: &Type, keywords: Map<String, Value>) -> Map<String, Value> {
    let lists = keywords.contains_key("enum") || keywords.contains_key("const");
    if *ty == Type::Json && lists { nullable(version, keywords) } else { keywords }
}

/// Of items that may be `null`, a list of values says nothing of it either.
pub(super) fn of_items(version: Version, ty: &Type, keywords: Map<String, Value>) -> Map<String, Value> {
    let may_be_null = matches!(ty, Type::Array(item) | Type::Map(item) if matches!(**item, Type::Nullable(_)));
    let lists = keywords.contains_key("enum") || keywords.contains_key("const");
    if may_be_null && lists { nullable(version, keywords) } else { keywords }
}

/// Lets `null` pass as well.
pub(super) fn nullable(version: Version, mut schema: Map<String, Value>) -> Map<String, Value> {
    if schema.is_empty() {
        return schema;
    }
    match version {
        Version::V3_1 => {
            let plain = ["enum", "const", "$ref", "allOf", "anyOf", "oneOf"].iter().all(|it| !schema.contains_key(*it));
            if let (true, Some(Value::String(name))) = (plain, schema.get("type").cloned()) {
                schema.insert("type".to_owned(), json!([name, "null"]));
                return schema;
            }
            Map::from_iter([("anyOf".to_owned(), json!([schema, { "type": "null" }]))])
        }
        Version::V3_0 => {
            if let Some(Value::Array(values)) = schema.get_mut("enum")
                && !values.contains(&Value::Null)
            {
                values.push(Value::Null);
            }
            add_beside_reference(version, &mut schema, Map::from_iter([("nullable".to_owned(), json!(true))]));
            schema
        }
    }
}
