//! Types and records as schemas.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Version, conditional, insert_text, joined, keywords, rules, xml};
use crate::model::number;
use crate::model::{
    Access, Api, Certainty, Condition, EnumDef, Field, FieldIx, Record, TaggedUnion, Target, TextFormat, Type, TypeDef,
    TypeId, TypeKind, ambiguous_lists, ambiguous_objects,
};
use crate::prose;

/// Which way a value goes: requests are closed where the spec says so, answers never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Request,
    Answer,
}

/// What every part of the document needs.
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) version: Version,
    /// Whether a body or a response is XML.
    pub(super) has_xml: bool,
    /// Types that something refers to.
    used: RefCell<BTreeSet<(TypeId, Side)>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(api: &'a Api, version: Version) -> Self {
        Self { api, version, has_xml: api.has_xml, used: RefCell::default() }
    }

    /// Schemas of all types that were referred to, those that they refer to included.
    pub(super) fn components(&self) -> Map<String, Value> {
        let mut done = std::collections::BTreeMap::new();
        loop {
            let wanted: Vec<_> = self.used.borrow().iter().filter(|it| !done.contains_key(*it)).copied().collect();
            if wanted.is_empty() {
                break;
            }
            for (id, side) in wanted {
                done.insert((id, side), self.definition(self.api.ty(id), side));
            }
        }
        done.into_iter().map(|((id, side), schema)| (self.component_name(id, side), Value::Object(schema))).collect()
    }

    fn component_name(&self, id: TypeId, side: Side) -> String {
        let def = self.api.ty(id);
        if side == Side::Answer && def.in_request {
            self.free_name(&format!("{}Output", def.name))
        } else {
            def.name.clone()
        }
    }

    pub(super) fn error_schema_name(&self) -> String {
        self.free_name("Error")
    }

    /// The name, or one like it that no type has.
    fn free_name(&self, name: &str) -> String {
        let mut name = name.to_owned();
        while self.api.types.iter().any(|it| it.name == name) {
            name.push('_');
        }
        name
    }

    /// The schema of a type, or a reference to it.
    pub(super) fn ty(&self, ty: &Type, side: Side) -> Map<String, Value> {
        let value = match ty {
            Type::String => json!({"type": "string"}),
            // `format` is a note to most validators; the limits say it to all.
            Type::Integer => json!({"type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX}),
            // What an API answers with is its own matter.
            Type::Sized(format) if side == Side::Answer && format.is_of_integers() => {
                json!({"type": "integer", "format": format.word(), "minimum": i64::MIN, "maximum": i64::MAX})
            }
            Type::Sized(format) => {
                let (least, most) = format.ends();
                let (least, most) = (number::whole(least), number::whole(most));
                json!({"type": "integer", "format": format.word(), "minimum": least, "maximum": most})
            }
            Type::Number => json!({"type": "number"}),
            Type::Boolean => json!({"type": "boolean"}),
            // What an API answers with is its own matter.
            Type::Url | Type::HttpsUrl if side == Side::Answer => json!({"type": "string", "format": "uri"}),
            // What is sent may have other letters than ASCII's; `uri` would refuse them.
            Type::Url => json!({"type": "string", "format": "iri", "pattern": "^[hH][tT][tT][pP][sS]?://\\S+$"}),
            Type::HttpsUrl => json!({"type": "string", "format": "iri", "pattern": "^[hH][tT][tT][pP][sS]://\\S+$"}),
            // What an API answers with is its own matter, and `decimal` is a note alone.
            Type::Formatted(TextFormat::Decimal) if side == Side::Request => {
                json!({"type": "string", "format": "decimal", "pattern": TextFormat::Decimal.pattern()})
            }
            Type::Formatted(format) => json!({"type": "string", "format": format.word()}),
            Type::Nullable(inner) => return keywords::nullable(self.version, self.ty(inner, side)),
            Type::DateTime => json!({"type": "string", "format": "date-time"}),
            Type::Base64 => match self.version {
                Version::V3_1 => json!({"type": "string", "contentEncoding": "base64"}),
                Version::V3_0 => json!({"type": "string", "format": "byte"}),
            },
            Type::File => match self.version {
                Version::V3_1 => json!({"type": "string", "contentMediaType": "application/octet-stream"}),
                Version::V3_0 => json!({"type": "string", "format": "binary"}),
            },
            Type::Json => json!({}),
            Type::Array(item) => json!({"type": "array", "items": self.ty(item, side)}),
            Type::Tuple(items) => self.tuple(items, side),
            Type::Map(value) => json!({"type": "object", "additionalProperties": self.ty(value, side)}),
            Type::Union(members) => self.union(members, false, side),
            Type::Named(id) => {
                let def = self.api.ty(*id);
                if def.inline && !matches!(def.kind, TypeKind::Tagged(_)) {
                    return self.definition(def, side);
                }
                self.used.borrow_mut().insert((*id, side));
                json!({"$ref": format!("#/components/schemas/{}", self.component_name(*id, side))})
            }
        };
        object(value)
    }

    /// What is answered may have more items. OpenAPI 3.0 has no types by place.
    fn tuple(&self, items: &[Type], side: Side) -> Value {
        let count = items.len();
        let mut types: Vec<_> = items.iter().map(|it| self.ty(it, side)).collect();
        match (self.version, side) {
            (Version::V3_1, Side::Request) => {
                json!({"type": "array", "prefixItems": types, "items": false, "minItems": count, "maxItems": count})
            }
            (Version::V3_1, Side::Answer) => json!({"type": "array", "prefixItems": types, "minItems": count}),
            (Version::V3_0, Side::Request) => {
                types.dedup();
                json!({"type": "array", "items": {"anyOf": types}, "minItems": count, "maxItems": count})
            }
            (Version::V3_0, Side::Answer) => json!({"type": "array", "items": {}, "minItems": count}),
        }
    }

    /// Members that are told apart exclude each other by themselves, and what is answered may have fields of others.
    fn union(&self, members: &[Type], exclusive: bool, side: Side) -> Value {
        let is_kept = ambiguous_objects(&self.api.types, members) || ambiguous_lists(members);
        let members: Vec<_> = members.iter().map(|it| self.ty(it, side)).collect();
        if exclusive && is_kept && side == Side::Request {
            return json!({ "oneOf": members });
        }
        json!({ "anyOf": members })
    }

    fn definition(&self, def: &TypeDef, side: Side) -> Map<String, Value> {
        let mut schema = match &def.kind {
            TypeKind::Record(record) => {
                let mut schema = self.record(record, side, |_| true);
                if side == Side::Request {
                    rules::insert(self, record, &|_| true, &mut schema);
                }
                schema
            }
            TypeKind::Enum(values) => enumeration(values, side),
            TypeKind::Union { members, exclusive } => object(self.union(members, *exclusive, side)),
            TypeKind::Tagged(tagged) => self.tagged(tagged, side),
        };
        let mut words = def.doc.clone();
        if let Some(unclear) = &def.origin.unclear {
            words = joined([words.as_str(), &format!("Unclear: {unclear}")]);
        }
        if let TypeKind::Enum(values) = &def.kind {
            words = joined([words.as_str(), &value_words(values)]);
        }
        insert_text(&mut schema, "description", &words);
        if !def.inline || !matches!(def.kind, TypeKind::Enum(_)) {
            xml::of_type(self, def, &mut schema);
        }
        schema
    }

    /// An object; `visible` tells which fields are part of it.
    pub(super) fn record(&self, record: &Record, side: Side, visible: impl Fn(FieldIx) -> bool) -> Map<String, Value> {
        let mut schema = object(json!({"type": "object"}));
        let mut properties = Map::new();
        let mut required: Vec<Value> = Vec::new();
        let mut entries = Vec::new();
        for (index, field) in record.fields.iter().enumerate() {
            if !visible(FieldIx(index as u32)) {
                continue;
            }
            if let Some(start) = of_entries(field) {
                entries.push((start, self.entries(record, field, side)));
                continue;
            }
            properties.insert(field.sent_name().to_owned(), Value::Object(self.field(record, field, side)));
            let goes = match side {
                Side::Request => field.access != Access::ReadOnly,
                Side::Answer => field.access != Access::WriteOnly,
            };
            if is_required(field) && goes {
                required.push(field.sent_name().into());
            }
        }
        schema.insert("properties".to_owned(), Value::Object(properties));
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        if let Some(ty) = &record.additional {
            schema.insert("additionalProperties".to_owned(), Value::Object(self.ty(ty, side)));
        }
        if side == Side::Request {
            if !record.open {
                schema.insert("additionalProperties".to_owned(), json!(false));
            }
            let is_property = |it| visible(it) && of_entries(record.field(it)).is_none();
            for part in conditional::object_schemas(self, record, &is_property) {
                keywords::push_all_of(&mut schema, part);
            }
        }
        for (start, value) in entries {
            put_entries(self.version, &mut schema, start, value);
        }
        schema
    }

    /// What each entry of a map is that is a property of its own, with the words for the map.
    fn entries(&self, record: &Record, field: &Field, side: Side) -> Map<String, Value> {
        let mut map = self.field(record, field, side);
        let Some(Value::Object(mut value)) = map.remove("additionalProperties") else { return map };
        if let Some(words) = map.remove("description").filter(|_| !value.contains_key("$ref")) {
            value.insert("description".to_owned(), words);
        }
        value
    }

    /// The schema of a field, with all that always holds, and the rest in words.
    pub(super) fn field(&self, record: &Record, field: &Field, side: Side) -> Map<String, Value> {
        let mut schema = self.ty(&field.ty, side);
        if side == Side::Request && field.access != Access::ReadOnly {
            for clause in field.clauses.iter().filter(|it| it.when == Condition::Always && is_stated(it)) {
                let Some(words) = keywords::keywords_of(self.version, &clause.constraint) else { continue };
                let words = keywords::of_any_json(self.version, ty_of(&field.ty, clause.target), words);
                match clause.target {
                    Target::Value => keywords::add_beside_reference(self.version, &mut schema, words),
                    Target::Items => {
                        let key = items_key(&field.ty);
                        let words = keywords::of_items(self.version, &field.ty, words);
                        if let Some(Value::Object(items)) = schema.get_mut(key) {
                            keywords::add_beside_reference(self.version, items, words);
                        } else {
                            // Of a union, they look at the items of its list alone.
                            let words = Map::from_iter([(key.to_owned(), Value::Object(words))]);
                            keywords::add_beside_reference(self.version, &mut schema, words);
                        }
                    }
                }
            }
        }
        if field.nullable {
            schema = keywords::nullable(self.version, schema);
        }
        keywords::annotate(self.version, &mut schema, self.annotations(record, field, side));
        xml::field(self, field, &mut schema);
        schema
    }

    fn annotations(&self, record: &Record, field: &Field, side: Side) -> Map<String, Value> {
        let mut notes = Map::new();
        let mut words = vec![field.doc.clone()];
        // What an inline type says of itself goes where this goes.
        if let Type::Named(id) = &field.ty
            && let TypeDef { inline: true, kind: TypeKind::Enum(values), .. } = self.api.ty(*id)
        {
            words.push(value_words(values));
        }
        words.extend(field.deprecated.as_ref().map(|it| format!("Deprecated: {it}")));
        words.extend(field.origin.unclear.as_ref().map(|it| format!("Unclear: {it}")));
        if side == Side::Request {
            let told = field.clauses.iter().filter(|it| rules::needs_words(it));
            let told: Vec<String> =
                told.map(|it| format!("- {}.", prose::clause_doc(record, self.api, field, it))).collect();
            words.push(told.join("\n"));
        }
        insert_text(&mut notes, "description", &joined(words.iter().map(String::as_str)));
        if side == Side::Request
            && let Some(default) = &field.default
        {
            notes.insert("default".to_owned(), default.clone());
        }
        if field.deprecated.is_some() {
            notes.insert("deprecated".to_owned(), json!(true));
        }
        match field.access {
            Access::ReadOnly => notes.insert("readOnly".to_owned(), json!(true)),
            Access::WriteOnly => notes.insert("writeOnly".to_owned(), json!(true)),
            Access::Both => None,
        };
        if !field.examples.is_empty() {
            match self.version {
                Version::V3_1 => notes.insert("examples".to_owned(), Value::Array(field.examples.clone())),
                Version::V3_0 => notes.insert("example".to_owned(), field.examples[0].clone()),
            };
        }
        notes
    }

    /// Members are written out: the tag is a field of theirs that their records do not list, and they may be closed.
    fn tagged(&self, tagged: &TaggedUnion, side: Side) -> Map<String, Value> {
        let tag_type = match tagged.tag_type {
            Type::Integer => "integer",
            Type::Boolean => "boolean",
            _ => "string",
        };
        let mut members = Vec::new();
        for (value, id) in &tagged.members {
            let def = self.api.ty(*id);
            let mut schema = self.definition(def, side);
            let tag = match self.version {
                Version::V3_1 => json!({"const": tagged.tag_value(value)}),
                Version::V3_0 => json!({"type": tag_type, "enum": [tagged.tag_value(value)]}),
            };
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                let others = std::mem::take(properties);
                properties.insert(tagged.tag.clone(), tag);
                properties.extend(others);
            }
            let required = schema.entry("required").or_insert_with(|| json!([]));
            if let Value::Array(required) = required {
                required.insert(0, tagged.tag.clone().into());
            }
            schema.insert("title".to_owned(), def.name.clone().into());
            if !value.doc.is_empty() {
                schema.insert("description".to_owned(), joined([value.doc.as_str(), def.doc.as_str()]).into());
            }
            members.push(Value::Object(schema));
        }
        if tagged.open || side == Side::Answer {
            let known = tagged.tag_values();
            members.push(json!({
                "type": "object",
                "properties": { tagged.tag.clone(): {"type": tag_type, "not": {"enum": known}} },
                "required": [tagged.tag],
                "description": "Another kind.",
            }));
        }
        object(json!({ "oneOf": members, "x-specwright-tag": tagged.tag }))
    }
}

fn enumeration(values: &EnumDef, side: Side) -> Map<String, Value> {
    let key = if values.open || side == Side::Answer { "x-extensible-enum" } else { "enum" };
    let listed: Vec<&str> = values.values.iter().map(|it| it.value.as_str()).collect();
    object(json!({"type": "string", key: listed}))
}

fn value_words(values: &EnumDef) -> String {
    let told = values.values.iter().filter(|it| !it.doc.is_empty());
    told.map(|it| format!("- `{}`: {}", it.value, it.doc.trim())).collect::<Vec<_>>().join("\n")
}

/// Required whatever else is sent, and stated to be.
pub(super) fn is_required(field: &Field) -> bool {
    let mut required = field.clauses.iter().filter(|it| it.constraint == crate::model::Constraint::Required);
    required.any(|it| it.when == Condition::Always && is_stated(it))
}

pub(super) fn is_stated(clause: &crate::model::Clause) -> bool {
    clause.origin.certainty == Certainty::Stated
}

/// The type that constraints on a value or on what is inside it look at.
pub(super) fn ty_of(ty: &Type, target: Target) -> &Type {
    match (ty, target) {
        (Type::Array(inner) | Type::Map(inner), Target::Items) => inner.non_null(),
        _ => ty,
    }
}

/// Where the schema of what is inside a list or a map stands.
pub(super) fn items_key(ty: &Type) -> &'static str {
    if matches!(ty, Type::Map(_)) { "additionalProperties" } else { "items" }
}

/// What the names begin with of properties that are the entries of a map.
fn of_entries(field: &Field) -> Option<&str> {
    field.pair_prefix().filter(|_| field.location.in_body())
}

/// Says what the properties are whose names begin alike. OpenAPI 3.0 knows no patterns of names: there it is what every
/// property may be that is not listed.
fn put_entries(version: Version, schema: &mut Map<String, Value>, start: &str, value: Map<String, Value>) {
    if start.is_empty() || version == Version::V3_0 {
        let value = Value::Object(value);
        let value = match schema.remove("additionalProperties") {
            Some(other @ Value::Object(_)) => json!({"anyOf": [other, value]}),
            _ => value,
        };
        schema.insert("additionalProperties".to_owned(), value);
        return;
    }
    let mut pattern = "^".to_owned();
    for it in start.chars() {
        let is_special = r"\.+*?()|[]{}^$/".contains(it);
        pattern.extend(is_special.then_some('\\').into_iter().chain([it]));
    }
    if let Some(all) = schema.entry("patternProperties").or_insert_with(|| json!({})).as_object_mut() {
        all.insert(pattern, Value::Object(value));
    }
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
