//! Schemas without references and `allOf`: what all parts of a schema say together.

use serde_json::{Number, Value};

use super::Planner;
use crate::finding::fault;
use crate::openapi::{Additional, Discriminator, JsonType, Limits, Schema, SchemaId};

/// How many schemas may refer to each other, one after another.
const LONGEST_CHAIN: usize = 64;

/// What is said of a value where it is used; the outermost words count.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    pub doc: String,
    pub title: Option<String>,
    pub client_name: Option<String>,
    pub default: Option<Value>,
    pub examples: Vec<Value>,
    pub deprecated: Option<String>,
    pub read_only: bool,
    pub write_only: bool,
    pub nullable: bool,
}

impl Notes {
    fn add(&mut self, schema: &Schema) {
        if self.doc.is_empty() {
            self.doc.clone_from(&schema.description);
        }
        self.title = self.title.take().or_else(|| schema.title.clone());
        self.client_name = self.client_name.take().or_else(|| schema.client_name.clone());
        self.default = self.default.take().or_else(|| schema.default.clone());
        if self.examples.is_empty() {
            self.examples.clone_from(&schema.examples);
        }
        self.deprecated = self.deprecated.take().or_else(|| schema.deprecated.clone());
        self.read_only |= schema.read_only;
        self.write_only |= schema.write_only;
        self.nullable |= schema.nullable;
    }
}

/// A list of schemas of which one, or at least one, must hold.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub members: Vec<SchemaId>,
    /// `oneOf`
    pub exclusive: bool,
    pub discriminator: Option<Discriminator>,
}

/// All keywords of a schema and of the parts of its `allOf`.
#[derive(Clone, Debug, Default)]
pub(super) struct Flat {
    pub nothing: bool,
    pub dangling: bool,
    /// Empty: not said.
    pub types: Vec<JsonType>,
    pub nullable: bool,
    pub format: Option<String>,
    pub values: Option<Vec<Value>>,
    pub constant: Option<Value>,
    pub limits: Limits,
    /// What all items must be, all together.
    pub items: Vec<SchemaId>,
    pub prefix_items: Vec<SchemaId>,
    /// What each property must be, all together.
    pub properties: Vec<(String, Vec<SchemaId>)>,
    pub required: Vec<String>,
    pub additional: Additional,
    pub property_names: Vec<SchemaId>,
    pub pattern_properties: Vec<(String, SchemaId)>,
    pub dependent_required: Vec<(String, Vec<String>)>,
    pub not: Vec<SchemaId>,
    pub choices: Vec<Choice>,
    pub unread: Vec<(&'static str, crate::finding::Place)>,
    pub value_docs: Vec<(String, String)>,
    pub value_names: Vec<(String, String)>,
    pub open_enum: bool,
    pub content_encoding: Option<String>,
    pub content_media_type: Option<String>,
    pub notes: Notes,
}

impl Planner<'_> {
    /// The schema that another one is but for what is noted about it, and those notes.
    pub(super) fn base(&self, id: SchemaId) -> (SchemaId, Notes) {
        let mut notes = Notes::default();
        let mut id = id;
        for _ in 0..LONGEST_CHAIN {
            let schema = self.schema(id);
            notes.add(schema);
            let Some(next) = self.alias(schema) else { break };
            id = next;
        }
        (id, notes)
    }

    /// The one schema that this one stands for, if it limits nothing itself.
    fn alias(&self, schema: &Schema) -> Option<SchemaId> {
        let mut parts: Vec<SchemaId> = schema.reference.into_iter().chain(schema.all_of.iter().copied()).collect();
        // A part of words alone, such as `{description: …}`.
        if parts.len() > 1 {
            parts.retain(|it| says_something(self.schema(*it)));
        }
        for list in [&schema.one_of, &schema.any_of] {
            if let [only] = list.as_slice() {
                parts.push(*only);
            } else if !list.is_empty() {
                return None;
            }
        }
        let [only] = parts.as_slice() else { return None };
        if schema.reference == Some(*only) && self.contradicts(&schema.types, *only) {
            let plain = Schema { types: Vec::new(), ..schema.clone() };
            return (!limits_something(&plain, &[])).then_some(*only);
        }
        (!limits_something(schema, &self.types_of(*only, 0))).then_some(*only)
    }

    /// The types of a schema, references followed.
    pub(super) fn types_of(&self, id: SchemaId, depth: usize) -> Vec<JsonType> {
        let schema = self.schema(id);
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        if !schema.types.is_empty() {
            return schema.types.clone();
        }
        if !schema.properties.is_empty() {
            return vec![JsonType::Object];
        }
        match schema.reference.or_else(|| schema.all_of.first().copied()) {
            Some(next) => self.types_of(next, depth + 1),
            None => Vec::new(),
        }
    }

    /// All that a schema and the parts of its `allOf` say.
    pub(super) fn flat(&mut self, id: SchemaId) -> Flat {
        let mut flat = Flat::default();
        let mut open = Vec::new();
        self.merge(id, &mut flat, &mut open, true);
        let schema = self.schema(id);
        flat.notes.nullable |= schema.nullable;
        flat.nullable = flat.nullable || schema.nullable;
        // What each member of a choice requires.
        for choice in flat.choices.iter().filter(|it| self.requires_only(it)) {
            let required = |it: &SchemaId| self.schema(*it).required.as_slice();
            let Some((first, rest)) = choice.members.split_first() else { continue };
            let of_all = required(first).iter().filter(|name| rest.iter().all(|it| required(it).contains(name)));
            let new: Vec<String> = of_all.filter(|it| !flat.required.contains(it)).cloned().collect();
            flat.required.extend(new);
        }
        flat
    }

    fn merge(&mut self, id: SchemaId, flat: &mut Flat, open: &mut Vec<SchemaId>, first: bool) {
        if open.contains(&id) || open.len() > LONGEST_CHAIN {
            let place = self.schema(id).place.clone();
            self.out.push(fault::cyclic_ref(&place.pointer.clone(), place));
            return;
        }
        open.push(id);
        let mut schema = self.schema(id).clone();
        // What a reference leads to counts more than a `type` beside it.
        if schema.reference.is_some_and(|it| self.contradicts(&schema.types, it)) {
            self.out.push(fault::type_beside_ref(schema.place.clone()));
            schema.types.clear();
        }
        flat.notes.add(&schema);
        let silent = !says_something(&schema);
        if !silent || first {
            let was_said = !first && says_types(flat);
            flat.nullable = if was_said { flat.nullable && schema.nullable } else { schema.nullable };
        }
        flat.nothing |= schema.nothing;
        flat.dangling |= schema.dangling;
        self.intersect_types(flat, &schema);
        flat.format = flat.format.take().or(schema.format);
        match (&mut flat.values, schema.values) {
            (Some(old), Some(new)) => old.retain(|it| new.contains(it)),
            (old, new) => *old = old.take().or(new),
        }
        flat.constant = flat.constant.take().or(schema.constant);
        if flat.limits.multiple_of.is_some() && schema.limits.multiple_of.is_some() {
            flat.unread.push(("a second `multipleOf`", schema.place.clone()));
        }
        tighten(&mut flat.limits, &schema.limits);
        flat.items.extend(schema.items.filter(|it| !flat.items.contains(it)));
        if flat.prefix_items.is_empty() {
            flat.prefix_items = schema.prefix_items;
        }
        if let Some(reference) = schema.reference {
            self.merge(reference, flat, open, false);
        }
        for part in schema.all_of {
            self.merge(part, flat, open, false);
        }
        for (name, id) in schema.properties {
            match flat.properties.iter_mut().find(|(it, _)| *it == name) {
                Some((_, ids)) if !ids.contains(&id) => ids.push(id),
                Some(_) => {}
                None => flat.properties.push((name, vec![id])),
            }
        }
        for name in schema.required {
            if !flat.required.contains(&name) {
                flat.required.push(name);
            }
        }
        flat.additional = match (flat.additional, schema.additional) {
            (Additional::Unsaid, it) | (it, Additional::Unsaid) => it,
            (Additional::Denied, _) | (_, Additional::Denied) => Additional::Denied,
            (Additional::Of(it), _) | (_, Additional::Of(it)) => Additional::Of(it),
            (Additional::Allowed, Additional::Allowed) => Additional::Allowed,
        };
        for (members, exclusive) in [(schema.one_of, true), (schema.any_of, false)] {
            let contradicting: Vec<SchemaId> =
                members.iter().copied().filter(|it| self.contradicts(&schema.types, *it)).collect();
            if !contradicting.is_empty() {
                let keyword = if exclusive { "oneOf" } else { "anyOf" };
                self.out.push(fault::contradictory_type(keyword, schema.place.clone()));
            }
            match members.as_slice() {
                [] => {}
                [only] if contradicting.is_empty() => self.merge(*only, flat, open, false),
                _ => {
                    let mut members = members;
                    if contradicting.len() == members.len() {
                        // `type: string` beside `oneOf: [{$ref: …}]` of an object: a text is meant too.
                        let mut alone = self.blank(id);
                        alone.types.clone_from(&schema.types);
                        members.insert(0, self.add(alone));
                    }
                    let discriminator = schema.discriminator.clone();
                    flat.choices.push(Choice { members, exclusive, discriminator });
                }
            }
        }
        flat.property_names.extend(schema.property_names);
        flat.pattern_properties.extend(schema.pattern_properties);
        flat.dependent_required.extend(schema.dependent_required);
        flat.not.extend(schema.not);
        flat.unread.extend(schema.unread);
        flat.value_docs.extend(schema.value_docs);
        flat.value_names.extend(schema.value_names);
        flat.open_enum |= schema.open_enum;
        flat.content_encoding = flat.content_encoding.take().or(schema.content_encoding);
        flat.content_media_type = flat.content_media_type.take().or(schema.content_media_type);
        open.pop();
    }

    fn intersect_types(&mut self, flat: &mut Flat, schema: &Schema) {
        if schema.types.is_empty() {
            return;
        }
        if flat.types.is_empty() {
            flat.types.clone_from(&schema.types);
            return;
        }
        let fits = |it: &JsonType, all: &[JsonType]| {
            all.contains(it) || *it == JsonType::Integer && all.contains(&JsonType::Number)
        };
        let mut both: Vec<JsonType> = flat.types.iter().copied().filter(|it| fits(it, &schema.types)).collect();
        both.extend(schema.types.iter().copied().filter(|it| fits(it, &flat.types) && !flat.types.contains(it)));
        if both.is_empty() {
            flat.nothing = true;
        } else {
            flat.types = both;
        }
    }

    /// Whether a member of a choice has none of the types that stand beside the choice, so that no value is of both.
    pub(super) fn contradicts(&self, types: &[JsonType], member: SchemaId) -> bool {
        let own = self.types_of(member, 0);
        let fits = |it: &JsonType| match it {
            JsonType::Integer | JsonType::Number => {
                types.contains(&JsonType::Integer) || types.contains(&JsonType::Number)
            }
            other => types.contains(other),
        };
        !types.is_empty() && !own.is_empty() && !own.iter().any(fits)
    }

    /// One schema for several that must all hold.
    pub(super) fn all_of(&mut self, ids: &[SchemaId]) -> SchemaId {
        if let [only] = ids {
            return *only;
        }
        let key = ids.to_vec();
        if let Some(id) = self.combined.get(&key) {
            return *id;
        }
        let mut schema = self.blank(ids[0]);
        schema.all_of = key.clone();
        let id = self.add(schema);
        self.combined.insert(key, id);
        id
    }
}

fn says_types(flat: &Flat) -> bool {
    !flat.types.is_empty() || flat.values.is_some() || flat.constant.is_some() || !flat.properties.is_empty()
}

/// Whether a schema is more than words.
pub(super) fn says_something(schema: &Schema) -> bool {
    schema.reference.is_some()
        || !schema.all_of.is_empty()
        || !schema.one_of.is_empty()
        || !schema.any_of.is_empty()
        || !schema.types.is_empty()
        || limits_something(schema, &schema.types)
}

/// Whether a schema has keywords of its own that limit values, but for the types that are known anyway.
fn limits_something(schema: &Schema, known: &[JsonType]) -> bool {
    schema.nothing
        || schema.dangling
        || schema.types.iter().any(|it| !known.contains(it))
        || schema.format.is_some()
        || schema.values.is_some()
        || schema.constant.is_some()
        || schema.limits != Limits::default()
        || schema.items.is_some()
        || !schema.prefix_items.is_empty()
        || !schema.properties.is_empty()
        || !schema.required.is_empty()
        || !matches!(schema.additional, Additional::Unsaid | Additional::Allowed)
        || schema.property_names.is_some()
        || !schema.pattern_properties.is_empty()
        || !schema.dependent_required.is_empty()
        || schema.not.is_some()
        || !schema.unread.is_empty()
}

/// Adds limits to others: the stricter of two counts.
fn tighten(old: &mut Limits, new: &Limits) {
    let stricter = |old: &mut Option<Number>, new: &Option<Number>, high: bool| {
        let Some(new) = new else { return };
        let keeps = old.as_ref().is_some_and(|old| {
            let (old, new) = (old.as_f64().unwrap_or_default(), new.as_f64().unwrap_or_default());
            if high { old >= new } else { old <= new }
        });
        if !keeps {
            *old = Some(new.clone());
        }
    };
    stricter(&mut old.minimum, &new.minimum, true);
    stricter(&mut old.exclusive_minimum, &new.exclusive_minimum, true);
    stricter(&mut old.maximum, &new.maximum, false);
    stricter(&mut old.exclusive_maximum, &new.exclusive_maximum, false);
    old.multiple_of = old.multiple_of.take().or_else(|| new.multiple_of.clone());
    old.pattern = match (old.pattern.take(), &new.pattern) {
        (Some(old), Some(new)) if old != *new => Some(super::portable::both(&old, new)),
        (old, new) => old.or_else(|| new.clone()),
    };
    old.unique_items |= new.unique_items;
    for (old, new) in [
        (&mut old.min_length, new.min_length),
        (&mut old.min_items, new.min_items),
        (&mut old.min_properties, new.min_properties),
    ] {
        *old = (*old).max(new);
    }
    for (old, new) in [
        (&mut old.max_length, new.max_length),
        (&mut old.max_items, new.max_items),
        (&mut old.max_properties, new.max_properties),
    ] {
        *old = match (*old, new) {
            (Some(old), Some(new)) => Some(old.min(new)),
            (old, new) => old.or(new),
        };
    }
}
