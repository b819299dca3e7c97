//! Parameters and fields.

use serde_json::Value;

use super::tree::{Map, Yaml, json};
use crate::spec::{Entry, Items, Rule, Values, Xml};

/// Where an entry stands: fields say with `?` that they may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Path,
    Parameter,
    Field,
    /// A body that is one value, which is required unless it says otherwise.
    Body,
}

/// The key of an entry.
pub(super) fn key(entry: &Entry, side: Side) -> String {
    if side == Side::Field && !entry.required { format!("{}?", entry.name) } else { entry.name.clone() }
}

/// The value of an entry: its type alone, if that is all.
pub(super) fn value(entry: &Entry, side: Side) -> Yaml {
    let mut map = Map::default();
    let is_list_of_lists = entry.ty.starts_with('[');
    if let Some(shared) = &entry.shared {
        map.text("use", shared);
    } else if let Some(raw) = &entry.raw {
        let types = raw.types.iter().map(|it| Yaml::Text(it.clone())).collect();
        map.add(if raw.binary { "binary" } else { "text" }, Yaml::List(types));
    } else if !entry.shows_type() {
        // `[string]` is a list in YAML too, and both mean the same.
        let raw = is_list_of_lists && !entry.ty.contains(['|', '<', ',']) && !entry.ty.contains('?');
        map.add("type", if raw { Yaml::Raw(entry.ty.clone()) } else { Yaml::Text(entry.ty.clone()) });
    }
    map.flag("required", entry.required && side == Side::Parameter);
    if side == Side::Body && !entry.required {
        map.add("required", Yaml::Raw("false".to_owned()));
    }
    map.flag("nullable", entry.nullable);
    map.flag("may_be_empty", entry.may_be_empty);
    if let Some(values) = &entry.values {
        map.add("enum", enum_values(values));
        map.flag("open", values.open);
    }
    if let Some(constant) = &entry.constant {
        map.add("const", json(constant));
    }
    limits(&mut map, &entry.limits);
    items(&mut map, &entry.items);
    if let Some(default) = &entry.default {
        map.add("default", json(default));
    }
    map.flag("read_only", entry.read_only);
    map.flag("write_only", entry.write_only);
    map.flag("secret", entry.secret);
    if let Some(style) = entry.style {
        map.text("style", style);
    }
    map.text("content_type", entry.content_type.as_deref().unwrap_or_default());
    if let Some(it) = &entry.xml {
        map.add("xml", xml(it));
    }
    map.flag("allow_reserved", entry.allow_reserved);
    map.text("alias", entry.alias.as_deref().unwrap_or_default());
    if !entry.examples.is_empty() {
        map.add("examples", Yaml::List(entry.examples.iter().map(json).collect()));
    }
    map.text("rust", entry.rust.as_deref().unwrap_or_default());
    map.prose("deprecated", entry.deprecated.as_deref().unwrap_or_default());
    map.prose("doc", &entry.doc);
    map.prose("unclear", &entry.unclear.join(" "));
    match map.0.as_slice() {
        [] => Yaml::Text("string".to_owned()),
        [_] if entry.is_type_alone() && entry.raw.is_none() => {
            let raw = is_list_of_lists && !entry.ty.contains(['|', '<', ',', '?']);
            if raw { Yaml::Raw(entry.ty.clone()) } else { Yaml::Text(entry.ty.clone()) }
        }
        _ => map.whole(),
    }
}

impl Entry {
    /// Whether its values show its type.
    fn shows_type(&self) -> bool {
        let text = |it: &Value| it.is_string();
        match (&self.values, &self.constant) {
            (Some(values), _) if self.ty == "string" => values.list.iter().all(|it| text(&it.value)),
            (Some(_), _) => false,
            (None, Some(constant)) => match constant {
                Value::String(_) => self.ty == "string",
                Value::Bool(_) => self.ty == "boolean",
                Value::Number(it) => it.is_i64() && self.ty == "integer",
                _ => false,
            },
            (None, None) => {
                // `string` is the default, where something else is said.
                self.ty == "string" && self.has_more()
            }
        }
    }

    /// Whether more is said than a type.
    fn has_more(&self) -> bool {
        let bare = Entry { name: self.name.clone(), ty: self.ty.clone(), required: self.required, ..Entry::default() };
        *self != bare
    }

    fn is_type_alone(&self) -> bool {
        !self.has_more() && self.shared.is_none()
    }
}

/// `[a, b]`, or values with words.
pub(super) fn enum_values(values: &Values) -> Yaml {
    if values.list.iter().all(|it| it.doc.is_empty() && it.rust.is_none()) {
        return Yaml::List(values.list.iter().map(|it| json(&it.value)).collect());
    }
    let mut map = Map::default();
    for it in &values.list {
        let key = it.value.as_str().map_or_else(|| it.value.to_string(), str::to_owned);
        let value = match (&it.rust, it.doc.as_str()) {
            (None, "") => Yaml::Raw("{}".to_owned()),
            (None, doc) => Yaml::Prose(doc.to_owned()),
            (Some(rust), doc) => {
                let mut long = Map::default();
                long.prose("doc", doc);
                long.text("rust", rust);
                long.whole()
            }
        };
        let pair = map.add(&key, value);
        if it.value.is_number() {
            pair.number();
        }
    }
    map.whole()
}

pub(super) fn limits(map: &mut Map, limits: &[(&'static str, Value)]) {
    for (keyword, value) in limits {
        let value = match value {
            // Patterns are read more easily when they are all quoted.
            Value::String(text) if *keyword == "pattern" => Yaml::Raw(super::scalar::quoted(text)),
            other => json(other),
        };
        map.add(keyword, value);
    }
}

fn items(map: &mut Map, items: &Items) {
    if *items == Items::default() {
        return;
    }
    let mut inner = Map::default();
    if let Some(values) = &items.values {
        inner.add("enum", enum_values(values));
        inner.flag("open", values.open);
    }
    limits(&mut inner, &items.limits);
    map.add("items", inner.whole());
}

/// What `xml` says: a name alone, or all of it.
pub(super) fn xml(xml: &Xml) -> Yaml {
    match &xml.name {
        Some(name) if *xml == (Xml { name: xml.name.clone(), ..Xml::default() }) => Yaml::Text(name.clone()),
        _ => whole_xml(xml),
    }
}

/// The same in the long form, which a response needs.
pub(super) fn whole_xml(xml: &Xml) -> Yaml {
    let mut map = Map::default();
    for (key, it) in [("name", &xml.name), ("namespace", &xml.namespace), ("prefix", &xml.prefix), ("item", &xml.item)]
    {
        map.text(key, it.as_deref().unwrap_or_default());
    }
    map.flag("attribute", xml.attribute);
    map.flag("text", xml.text);
    map.flag("wrapped", xml.wrapped);
    map.whole()
}

pub(super) fn rules(rules: &[Rule]) -> Yaml {
    let one = |rule: &Rule| {
        let mut map = Map::default();
        let texts = |names: &[String]| Yaml::List(names.iter().map(|it| Yaml::Text(it.clone())).collect());
        match rule.names.split_first() {
            Some((first, needed)) if rule.keyword == "requires" => {
                let mut inner = Map::default();
                inner.add(first, texts(needed));
                map.add(rule.keyword, inner.whole());
            }
            _ => drop(map.add(rule.keyword, texts(&rule.names))),
        }
        let mut when = Map::default();
        for name in &rule.unless_null {
            when.add(name, Yaml::Raw("{not: null}".to_owned()));
        }
        if !rule.unless_null.is_empty() {
            map.add("when", when.whole());
        }
        map.whole()
    };
    Yaml::List(rules.iter().map(one).collect())
}
