//! Schemas: every keyword that has a reading, and the places of those that have none.

use serde_json::{Number, Value};

use super::reader::{Reader, Version, component_name};
use super::{Additional, Discriminator, JsonType, Limits, Schema, SchemaId, Xml};
use crate::finding::fault;
use crate::gaps;
use crate::read::{Cursor, Kind};

/// Keywords that limit values and have no reading.
const UNREAD: [&str; 8] = [
    "if",
    "dependentSchemas",
    "contains",
    "unevaluatedItems",
    "additionalItems",
    "$dynamicRef",
    "minContains",
    "maxContains",
];

/// Keywords beside `$ref` that are often written and do not limit values.
const ANNOTATIONS: [&str; 12] = [
    "$ref",
    "description",
    "title",
    "summary",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
];

impl<'d> Reader<'d> {
    /// Reads schemas until none is waiting.
    pub(super) fn drain_schemas(&mut self) {
        while let Some((id, cursor)) = self.waiting.pop_front() {
            let schema = self.read_schema(&cursor);
            self.schemas.0[id.0 as usize] = schema;
        }
    }

    fn read_schema(&mut self, cursor: &Cursor<'d>) -> Schema {
        let mut schema = super::reader::blank(cursor.place());
        schema.name = component_name(&cursor.pointer).or_else(|| self.file_name(cursor));
        match &cursor.node.kind {
            Kind::Map(_) => {}
            Kind::Bool(flag) => {
                schema.nothing = !flag;
                return schema;
            }
            Kind::Null => return schema,
            _ => {
                self.out.push(fault::wrong_kind("a schema", "a mapping", cursor.node.describe(), cursor.place()));
                return schema;
            }
        }
        self.reference(cursor, &mut schema);
        self.types(cursor, &mut schema);
        self.annotations(cursor, &mut schema);
        self.values(cursor, &mut schema);
        schema.limits = self.limits(cursor);
        self.arrays(cursor, &mut schema);
        for keyword in UNREAD {
            if let Some(found) = cursor.get(keyword)
                && says_something(keyword, &found)
            {
                schema.unread.push((keyword, found.place()));
            }
        }
        self.objects(cursor, &mut schema);
        self.combinations(cursor, &mut schema);
        self.extensions(cursor, &mut schema);
        schema
    }

    /// The name of a file that is one schema.
    fn file_name(&self, cursor: &Cursor<'d>) -> Option<String> {
        let linked = cursor.pointer.is_empty();
        let path = linked.then(|| self.workspace.sources.file(cursor.file).path.as_str())?;
        let name = path.rsplit('/').next()?;
        Some(name.split('.').next()?.to_owned())
    }

    fn reference(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        let Some(reference) = cursor.get("$ref") else { return };
        let Some(text) = reference.node.text() else { return };
        match self.workspace.resolve(cursor.file, text) {
            Ok(target) if target.node.span == cursor.node.span => {
                self.out.push(fault::cyclic_ref(text, reference.place()));
                schema.dangling = true;
            }
            Ok(target) => schema.reference = Some(self.schema(target)),
            Err(why) => {
                self.out.push(fault::dangling_ref(text, &why, reference.place()));
                schema.dangling = true;
            }
        }
        let beside: Vec<String> = cursor
            .node
            .members()
            .iter()
            .filter(|it| !ANNOTATIONS.contains(&it.key.as_str()) && !it.key.starts_with("x-"))
            .map(|it| format!("`{}`", it.key))
            .collect();
        if self.version == Version::V3_0 && !beside.is_empty() {
            self.out.push(fault::ref_siblings(&beside.join(", "), cursor.place()));
        }
    }

    fn types(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        for it in self.list(cursor, "type") {
            let word = match &it.node.kind {
                Kind::Text(text) => text.as_str(),
                Kind::Null => "null",
                _ => "",
            };
            let ty = match word {
                "string" => JsonType::String,
                "integer" | "int" | "int32" | "int64" | "long" => JsonType::Integer,
                "number" | "float" | "double" => JsonType::Number,
                "boolean" | "bool" => JsonType::Boolean,
                "array" => JsonType::Array,
                "object" => JsonType::Object,
                "null" => {
                    schema.nullable = true;
                    continue;
                }
                other => {
                    let (ty, format) = mistaken(other);
                    self.out.push(fault::unknown_type(other, it.place()));
                    schema.format = format.map(str::to_owned);
                    match ty {
                        Some(ty) => ty,
                        None => continue,
                    }
                }
            };
            if !schema.types.contains(&ty) {
                schema.types.push(ty);
            }
        }
        if self.flag(cursor, "nullable") == Some(true) {
            if self.version != Version::V3_0 && !schema.nullable {
                self.out.push(fault::nullable_in_3_1(cursor.place()));
            }
            schema.nullable = true;
        }
        if self.flag(cursor, "x-nullable") == Some(true) {
            schema.nullable = true;
        }
        // An integer is a number.
        if schema.types.contains(&JsonType::Number) {
            schema.types.retain(|it| *it != JsonType::Integer);
        }
    }

    fn annotations(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        if schema.format.is_none() {
            schema.format = self.text(cursor, "format");
        }
        schema.title = self.text(cursor, "title").map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        schema.client_name = self.text(cursor, "x-ms-client-name");
        let part = cursor.get("x-stainless-pagination-property");
        schema.page_part = part.and_then(|it| self.text(&it, "purpose"));
        schema.description = self.prose(cursor, "description");
        schema.deprecated = self.deprecation(cursor);
        schema.read_only = self.flag(cursor, "readOnly") == Some(true);
        schema.write_only = self.flag(cursor, "writeOnly") == Some(true);
        schema.content_encoding = self.text(cursor, "contentEncoding");
        schema.content_media_type = self.text(cursor, "contentMediaType");
        schema.default = cursor.get("default").map(|it| it.node.to_json());
        schema.xml = cursor.get("xml").map(|it| self.xml(&it));
        if let Some(example) = cursor.get("example") {
            schema.examples.push(example.node.to_json());
        }
        if let Some(examples) = cursor.get("examples") {
            schema.examples.extend(examples.items().map(|it| it.node.to_json()));
        }
        // An entity tag has quotes.
        let pointer = cursor.pointer.to_ascii_lowercase();
        if schema.types == [JsonType::String] && !pointer.contains("etag") && !pointer.contains("match") {
            let quoted = schema.examples.iter_mut().filter_map(|it| Some((without_quotes(it.as_str()?)?, it)));
            for (plain, example) in quoted {
                self.out.push(fault::quoted_example(&plain, cursor.place()));
                *example = plain.into();
            }
        }
    }

    fn xml(&mut self, cursor: &Cursor<'d>) -> Xml {
        let node = self.text(cursor, "nodeType").unwrap_or_default();
        let flag = |reader: &mut Self, key: &str| reader.flag(cursor, key) == Some(true);
        Xml {
            name: self.text(cursor, "name"),
            namespace: self.text(cursor, "namespace").filter(|it| !it.is_empty()),
            prefix: self.text(cursor, "prefix").filter(|it| !it.is_empty()),
            attribute: flag(self, "attribute") || node == "attribute",
            wrapped: flag(self, "wrapped") || node == "element",
            text: matches!(node.as_str(), "text" | "cdata") || flag(self, "x-ms-text") || flag(self, "x-text"),
        }
    }

    fn values(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        schema.constant = cursor.get("const").map(|it| it.node.to_json());
        let Some(written) = cursor.get("enum") else { return };
        let Kind::List(items) = &written.node.kind else {
            self.out.push(fault::wrong_kind("`enum`", "a list", written.node.describe(), written.place()));
            return;
        };
        if items.is_empty() {
            self.out.push(fault::empty_enum(written.place()));
            return;
        }
        let mut values: Vec<Value> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for (at, item) in items.iter().enumerate() {
            let value = item.to_json();
            if !seen.insert(value.to_string()) {
                let place = written.at(at).map_or_else(|| written.place(), |it| it.place());
                self.out.push(fault::duplicate_enum_value(&shown(&value), place));
            } else {
                values.push(value);
            }
        }
        schema.values = Some(values);
    }

    fn limits(&mut self, cursor: &Cursor<'d>) -> Limits {
        let mut limits = Limits {
            minimum: self.number(cursor, "minimum"),
            maximum: self.number(cursor, "maximum"),
            exclusive_minimum: None,
            exclusive_maximum: None,
            multiple_of: self.number(cursor, "multipleOf"),
            min_length: self.count(cursor, "minLength"),
            max_length: self.count(cursor, "maxLength"),
            pattern: self.text(cursor, "pattern"),
            min_items: self.count(cursor, "minItems"),
            max_items: self.count(cursor, "maxItems"),
            unique_items: self.flag(cursor, "uniqueItems") == Some(true),
            min_properties: self.count(cursor, "minProperties"),
            max_properties: self.count(cursor, "maxProperties"),
        };
        // A flag beside the limit in 3.0, a limit of its own since 3.1.
        match cursor.get("exclusiveMinimum").map(|it| &it.node.kind) {
            Some(Kind::Bool(true)) => limits.exclusive_minimum = limits.minimum.take(),
            Some(Kind::Bool(false)) | None => {}
            Some(_) => limits.exclusive_minimum = self.number(cursor, "exclusiveMinimum"),
        }
        match cursor.get("exclusiveMaximum").map(|it| &it.node.kind) {
            Some(Kind::Bool(true)) => limits.exclusive_maximum = limits.maximum.take(),
            Some(Kind::Bool(false)) | None => {}
            Some(_) => limits.exclusive_maximum = self.number(cursor, "exclusiveMaximum"),
        }
        limits
    }

    fn number(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<Number> {
        let value = cursor.get(key)?;
        let number = match &value.node.kind {
            Kind::Number(number) => Some(number.clone()),
            Kind::Text(text) => serde_json::from_str(text).ok(),
            _ => None,
        };
        if number.is_none() && value.node.kind != Kind::Null {
            self.out.push(fault::limit_malformed(key, value.place()));
        }
        number
    }

    fn count(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<u64> {
        let number = self.number(cursor, key)?;
        let whole = number.as_f64().filter(|it| it.fract() == 0.0 && *it >= 0.0 && *it < 9e15);
        if whole.is_none() && number.as_u64().is_none() {
            self.out.push(fault::limit_malformed(key, cursor.place()));
        }
        number.as_u64().or(whole.map(|it| it as u64))
    }

    fn arrays(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        match cursor.get("items").map(|it| (&it.node.kind, it.clone())) {
            Some((Kind::List(items), list)) if !items.is_empty() => {
                schema.prefix_items = list.items().map(|it| self.schema(it)).collect();
            }
            Some((Kind::Bool(false) | Kind::Null | Kind::List(_), _)) | None => {}
            Some((_, items)) => schema.items = Some(self.schema(items)),
        }
        if let Some(prefix) = cursor.get("prefixItems") {
            schema.prefix_items = prefix.items().map(|it| self.schema(it)).collect();
        }
        // No others than those before.
        let closed = ["items", "additionalItems", "unevaluatedItems"];
        if closed.iter().any(|it| cursor.get(it).is_some_and(|it| it.node.kind == Kind::Bool(false))) {
            let most = schema.prefix_items.len() as u64;
            schema.limits.max_items = Some(schema.limits.max_items.map_or(most, |it| it.min(most)));
        }
    }

    fn objects(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        for (name, property) in self.map(cursor, "properties") {
            let id = self.schema(property);
            schema.properties.push((name, id));
        }
        // `required: true` on a property was a mistake of draft 3, and says nothing of the schema itself.
        if cursor.get("required").is_some_and(|it| matches!(it.node.kind, Kind::List(_))) {
            schema.required = self.texts(cursor, "required");
            schema.required.dedup();
        }
        schema.additional = match cursor.get("additionalProperties").map(|it| (&it.node.kind, it.clone())) {
            None | Some((Kind::Null, _)) => Additional::Unsaid,
            Some((Kind::Bool(true), _)) => Additional::Allowed,
            Some((Kind::Bool(false), _)) => Additional::Denied,
            Some((Kind::Map(members), _)) if members.is_empty() => Additional::Allowed,
            Some((_, it)) => Additional::Of(self.schema(it)),
        };
        // All parts of `allOf` are one record here, so that nothing is left that is not evaluated.
        if let Some(other) = cursor.get("unevaluatedProperties")
            && schema.additional == Additional::Unsaid
        {
            schema.additional = match &other.node.kind {
                Kind::Bool(false) => Additional::Denied,
                Kind::Bool(true) => Additional::Allowed,
                Kind::Map(members) if !members.is_empty() => Additional::Of(self.schema(other)),
                _ => Additional::Unsaid,
            };
        }
        if let Some(names) = cursor.get("propertyNames")
            && says_something("propertyNames", &names)
        {
            schema.property_names = Some(self.schema(names));
        }
        for (pattern, property) in self.map(cursor, "patternProperties") {
            let id = self.schema(property);
            schema.pattern_properties.push((pattern, id));
        }
        for key in ["dependentRequired", "dependencies"] {
            for (name, needed) in self.map(cursor, key) {
                if let Kind::List(_) = needed.node.kind {
                    let names = needed.items().filter_map(|it| it.node.text().map(str::to_owned)).collect();
                    schema.dependent_required.push((name, names));
                } else {
                    schema.unread.push(("dependencies", needed.place()));
                }
            }
        }
        if let Some(not) = cursor.get("not")
            && says_something("not", &not)
        {
            schema.not = Some(self.schema(not));
        }
    }

    fn combinations(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        for (key, list) in [("allOf", &mut schema.all_of), ("oneOf", &mut schema.one_of), ("anyOf", &mut schema.any_of)]
        {
            let members = self.list(cursor, key);
            *list = members.into_iter().map(|it| self.schema(it)).collect();
        }
        let Some(written) = cursor.get("discriminator") else { return };
        let property = match &written.node.kind {
            Kind::Text(text) => Some(text.clone()),
            _ => self.text(&written, "propertyName"),
        };
        let Some(property) = property else { return };
        let mut mapping = Vec::new();
        for (value, target) in self.map(&written, "mapping") {
            let Some(reference) = target.node.text() else { continue };
            mapping.push((value, self.mapped(reference, &target)));
        }
        schema.discriminator = Some(Discriminator { property, mapping });
    }

    /// A reference, or the name of a schema.
    fn mapped(&mut self, reference: &str, target: &Cursor<'d>) -> Option<SchemaId> {
        let by_name = format!("#/components/schemas/{reference}");
        let found = match reference.contains('/') {
            true => self.workspace.resolve(target.file, reference),
            false => self.workspace.resolve(target.file, &by_name),
        };
        match found {
            Ok(found) => Some(self.schema(found)),
            Err(why) => {
                self.out.push(fault::dangling_ref(reference, &why, target.place()));
                None
            }
        }
    }

    fn extensions(&mut self, cursor: &Cursor<'d>, schema: &mut Schema) {
        let Some(values) = schema.values.clone() else { return };
        let text = |it: &serde_json::Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
        let texts: Vec<String> = values.iter().map(text).collect();
        for key in ["x-enum-descriptions", "x-enumDescriptions", "x-enum-description"] {
            match cursor.get(key).map(|it| &it.node.kind) {
                Some(Kind::List(docs)) => schema.value_docs = paired(&texts, docs),
                Some(Kind::Map(docs)) => {
                    let docs = docs.iter().filter_map(|it| Some((it.key.clone(), it.value.text()?.to_owned())));
                    schema.value_docs = docs.collect();
                }
                _ => {}
            }
        }
        for key in ["x-enum-varnames", "x-enumNames", "x-enum-names"] {
            if let Some(Kind::List(names)) = cursor.get(key).map(|it| &it.node.kind) {
                schema.value_names = paired(&texts, names);
            }
        }
        schema.open_enum = cursor.get("x-extensible-enum").is_some();
        if let Some(ms) = cursor.get("x-ms-enum") {
            // The values that are listed are those that a schema allows; that there may be more one day is told.
            if self.flag(&ms, "modelAsString") == Some(true) {
                self.out.push(gaps::EXTENSIBLE_ENUM.at(ms.place(), &[]));
            }
            for value in self.list(&ms, "values") {
                let Some(text) = value.get("value").and_then(|it| it.node.text().map(str::to_owned)) else { continue };
                if let Some(name) = value.get("name").and_then(|it| it.node.text().map(str::to_owned)) {
                    schema.value_names.push((text.clone(), name));
                }
                if let Some(doc) = value.get("description").and_then(|it| it.node.text().map(str::to_owned)) {
                    schema.value_docs.push((text, doc));
                }
            }
        }
    }
}

fn paired(values: &[String], words: &[crate::read::Node]) -> Vec<(String, String)> {
    let pairs = values.iter().zip(words);
    pairs.filter_map(|(value, word)| Some((value.clone(), word.text()?.to_owned()))).collect()
}

/// Types that other languages have.
fn mistaken(word: &str) -> (Option<JsonType>, Option<&'static str>) {
    match word.to_ascii_lowercase().as_str() {
        "str" | "text" | "char" | "password" => (Some(JsonType::String), None),
        "date" => (Some(JsonType::String), Some("date")),
        "datetime" | "date-time" | "timestamp" => (Some(JsonType::String), Some("date-time")),
        "uuid" => (Some(JsonType::String), Some("uuid")),
        "file" | "binary" => (Some(JsonType::String), Some("binary")),
        "decimal" => (Some(JsonType::Number), None),
        "list" => (Some(JsonType::Array), None),
        "dict" | "map" | "hash" | "json" => (Some(JsonType::Object), None),
        _ => (None, None),
    }
}

/// `not: {}` refuses everything, which nobody means; `additionalItems: false` beside a list says nothing.
fn says_something(keyword: &str, found: &Cursor<'_>) -> bool {
    match &found.node.kind {
        Kind::Null => false,
        // `false` closes a list, which is read elsewhere.
        Kind::Bool(flag) => !flag && !matches!(keyword, "additionalItems" | "unevaluatedItems"),
        // Names are text anyway.
        Kind::Map(members) if keyword == "propertyNames" => members
            .iter()
            .any(|it| !matches!(it.key.as_str(), "type" | "description" | "title" | "examples" | "example")),
        Kind::Map(members) => !members.is_empty(),
        _ => true,
    }
}

/// A value as it is shown in messages.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 60 { format!("{}…", text.chars().take(59).collect::<String>()) } else { text }
}

/// A text that was written as JSON within a text: `"\"green\""`.
fn without_quotes(text: &str) -> Option<String> {
    let is_quoted = text.len() > 2 && text.starts_with('"') && text.ends_with('"');
    serde_json::from_str(text).ok().filter(|_| is_quoted)
}
