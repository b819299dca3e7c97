//! XML: whether a schema can be written in it, and what the spec says of that.
//!
//! The name that a schema has in XML is that of every property which refers to it, so that such a property says it.

use std::collections::BTreeSet;

use super::Planner;
use super::ty::Ty;
use crate::openapi::{self, Additional, JsonType, Media, SchemaId};
use crate::spec::{Entry, Kind, Response, Spec, Xml};

/// References that are followed.
const LONGEST_CHAIN: usize = 8;

/// Whether a text can be a name in XML.
fn is_name(text: &str) -> bool {
    let is_start = |it: char| it.is_alphabetic() || it == '_';
    text.starts_with(is_start) && text.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.'))
}

/// A name without a prefix that stands in it: `xml:lang`.
fn split(name: &str) -> (Option<&str>, &str) {
    name.split_once(':').map_or((None, name), |(prefix, name)| (Some(prefix), name))
}

impl Planner<'_> {
    /// What is said of a schema, or of the one that it refers to.
    fn xml(&self, id: SchemaId) -> Option<&openapi::Xml> {
        let mut id = id;
        for _ in 0..LONGEST_CHAIN {
            let schema = self.schema(id);
            // A part of words alone: `allOf: [{$ref: …}, {xml: {name: …}}]`.
            let of_parts = || schema.all_of.iter().find_map(|it| self.schema(*it).xml.as_ref());
            if let Some(xml) = schema.xml.as_ref().or_else(of_parts) {
                return Some(xml);
            }
            id = schema.reference.or(schema.all_of.first().copied())?;
        }
        None
    }

    pub(super) fn xml_name(&self, id: SchemaId) -> Option<&str> {
        self.xml(id)?.name.as_deref()
    }

    /// What a property is called in XML, without its prefix.
    fn name_of<'a>(&'a self, name: &'a str, id: SchemaId) -> &'a str {
        split(self.xml_name(id).unwrap_or(name)).1
    }

    /// The schema of a body in XML. One without a name, with a single property that is an object, has no element but that:
    /// so documents that are made from other descriptions say what the body is.
    pub(super) fn body_in_xml(&mut self, schema: SchemaId) -> (SchemaId, Option<String>) {
        let (base, _) = self.base(schema);
        if self.xml_name(schema).is_some() || self.schema(base).name.is_some() {
            return (schema, None);
        }
        let flat = self.flat(base);
        let [(name, ids)] = flat.properties.as_slice() else { return (schema, None) };
        let id = ids.iter().copied().find(|it| self.xml(*it).is_some()).or(ids.first().copied());
        match id {
            Some(id) if !self.flat(id).properties.is_empty() => (id, Some(self.name_of(name, id).to_owned())),
            _ => (schema, None),
        }
    }

    /// Whether the spec can say a body in XML with this schema: its element has a name.
    pub(super) fn body_fits_xml(&mut self, media: &Media) -> bool {
        let Some(schema) = media.schema else { return false };
        if let (inner, Some(name)) = self.body_in_xml(schema) {
            return is_name(&name) && self.value_fits(inner, true, &mut BTreeSet::new());
        }
        let (base, _) = self.base(schema);
        let is_list = !self.flat(base).items.is_empty();
        let is_named = self.xml_name(schema).is_some() || !is_list && self.schema(base).name.is_some();
        is_named && super::media::has_fields(self, media) && self.fits_xml(media)
    }

    /// Whether XML can hold all values of a schema, as the spec says them.
    pub(super) fn fits_xml(&mut self, media: &Media) -> bool {
        let Some(schema) = media.schema else { return false };
        self.value_fits(schema, true, &mut BTreeSet::new())
    }

    fn value_fits(&mut self, id: SchemaId, may_be_list: bool, seen: &mut BTreeSet<(SchemaId, bool)>) -> bool {
        let (base, _) = self.base(id);
        if !seen.insert((base, may_be_list)) {
            return true;
        }
        let flat = self.flat(base);
        if !flat.prefix_items.is_empty() || flat.types.contains(&JsonType::Array) && flat.types.len() > 1 {
            return false;
        }
        if let Some(item) = flat.items.first() {
            return may_be_list && self.value_fits(*item, false, seen);
        }
        let choices: Vec<SchemaId> = flat.choices.iter().flat_map(|it| it.members.iter().copied()).collect();
        if !choices.into_iter().all(|it| self.value_fits(it, false, seen)) {
            return false;
        }
        if let Additional::Of(extra) = flat.additional
            && !self.value_fits(extra, false, seen)
        {
            return false;
        }
        let mut names = BTreeSet::new();
        let (mut texts, mut elements) = (0, 0);
        for (name, ids) in &flat.properties {
            let Some(id) = ids.iter().copied().find(|it| self.xml(*it).is_some()).or(ids.first().copied()) else {
                continue;
            };
            let xml = self.xml(id).cloned().unwrap_or_default();
            let own = self.flat(id);
            let is_list = !own.items.is_empty();
            let element = match own.items.first().filter(|_| !xml.wrapped) {
                Some(item) => self.name_of(split(xml.name.as_deref().unwrap_or(name)).1, *item).to_owned(),
                None => self.name_of(name, id).to_owned(),
            };
            if xml.attribute || xml.text {
                let is_scalar = !is_list && own.properties.is_empty() && own.choices.is_empty();
                if !is_scalar || own.types == [JsonType::Object] {
                    return false;
                }
            }
            texts += usize::from(xml.text);
            elements += usize::from(!xml.text && !xml.attribute);
            let is_new = xml.text || names.insert((xml.attribute, element.clone()));
            if !is_new || !is_name(&element) || !self.value_fits(id, true, seen) {
                return false;
            }
        }
        texts <= 1 && (texts == 0 || elements == 0)
    }

    /// What the spec says of a property.
    pub(super) fn xml_of_property(&mut self, name: &str, ids: &[SchemaId]) -> Option<Xml> {
        let id = ids.iter().copied().find(|it| self.xml(*it).is_some()).or(ids.first().copied())?;
        let xml = self.xml(id).cloned().unwrap_or_default();
        if xml.text {
            return Some(Xml { text: true, ..Xml::default() });
        }
        let said = |own: &str| Some(own.to_owned()).filter(|it| it != name);
        let (in_name, own) = split(xml.name.as_deref().unwrap_or(name));
        let prefix = xml.prefix.clone().or(in_name.map(str::to_owned));
        let namespace = xml.namespace.clone();
        let item = self.flat(id).items.first().copied();
        let of_item = item.and_then(|it| self.xml(it).cloned()).unwrap_or_default();
        let found = match item {
            Some(_) if xml.wrapped => {
                let item = split(of_item.name.as_deref().unwrap_or(own)).1.to_owned();
                Xml { name: said(own), item: Some(item), namespace, prefix, wrapped: true, ..Xml::default() }
            }
            Some(item) => {
                // The name of a list that is not wrapped means nothing, unless that of its items is meant.
                let element = split(of_item.name.as_deref().unwrap_or(own)).1;
                let has_type_name = self.xml_name(item).is_some();
                let name = Some(element.to_owned()).filter(|it| it != name || has_type_name);
                Xml { name, namespace: of_item.namespace, prefix: of_item.prefix, ..Xml::default() }
            }
            None => Xml { name: said(own), namespace, prefix, attribute: xml.attribute, ..Xml::default() },
        };
        Some(found).filter(|it| *it != Xml::default())
    }

    /// What the spec says of a whole body or response beyond its type.
    pub(super) fn xml_of_root(&mut self, schema: SchemaId, ty: &Ty) -> Option<Xml> {
        if let Ty::Named(_) = ty {
            return None;
        }
        let xml = self.xml(schema).cloned().unwrap_or_default();
        let item = self.flat(schema).items.first().copied();
        let item = item.and_then(|it| self.xml_name(it)).map(|it| split(it).1.to_owned());
        let component = self.schema(self.base(schema).0).name.clone();
        let name = xml.name.or(component).map(|it| split(&it).1.to_owned()).filter(|it| is_name(it));
        let found = Xml { name, item, namespace: xml.namespace, prefix: xml.prefix, ..Xml::default() };
        Some(found).filter(|it| *it != Xml::default())
    }

    /// What the spec says of a type of this name.
    pub(super) fn xml_of_type(&self, base: SchemaId, name: &str) -> Option<Xml> {
        let xml = self.schema(base).xml.clone().unwrap_or_default();
        let component = self.schema(base).name.clone();
        let own = xml.name.or(component).map(|it| split(&it).1.to_owned());
        let own = own.filter(|it| it != name && is_name(it));
        let found = Xml { name: own, namespace: xml.namespace, prefix: xml.prefix, ..Xml::default() };
        Some(found).filter(|it| *it != Xml::default())
    }
}

/// Leaves `xml` where something is XML, since it is nothing elsewhere.
pub(crate) fn settle(spec: &mut Spec) {
    let is_xml = specwright_codegen::model::is_xml;
    let mut names = BTreeSet::new();
    let mut any = false;
    let of_api = spec.api.accept.clone();
    for operation in spec.resources.iter_mut().flat_map(|it| &mut it.operations) {
        let accept = if operation.accept.is_empty() { &of_api } else { &operation.accept };
        let is_raw = matches!(operation.response, Response::Text(_) | Response::Binary(_));
        let answers = !is_raw && accept.iter().any(|it| is_xml(it));
        let sends = operation.encoding.iter().any(|it| is_xml(it));
        any |= answers || sends;
        if answers {
            of_response(&operation.response, &mut names);
        } else {
            operation.response_xml = None;
            if let Response::Record(fields) = &mut operation.response {
                fields.iter_mut().for_each(|it| it.xml = None);
            }
        }
        for entry in &mut operation.body {
            if sends {
                of_type(&entry.ty, &mut names);
            } else {
                entry.xml = None;
            }
        }
    }
    if any {
        let errors = spec.api.error_type.iter().chain(spec.api.statuses.iter().filter_map(|it| it.ty.as_ref()));
        errors.for_each(|it| of_type(it, &mut names));
        for file in &spec.resources {
            let of_files = file.statuses.iter().filter_map(|it| it.ty.as_ref());
            of_files.for_each(|it| of_type(it, &mut names));
            for operation in &file.operations {
                let own = operation.statuses.iter().filter_map(|it| it.ty.as_ref());
                own.chain(&operation.error_type).for_each(|it| of_type(it, &mut names));
            }
        }
    }
    let types = || spec.api.types.iter().chain(spec.resources.iter().flat_map(|it| &it.types));
    loop {
        let before = names.len();
        let reached: Vec<&crate::spec::Type> = types().filter(|it| names.contains(&it.name)).collect();
        reached.into_iter().for_each(|it| of_kind(&it.kind, &mut names));
        if names.len() == before {
            break;
        }
    }
    let types = spec.api.types.iter_mut().chain(spec.resources.iter_mut().flat_map(|it| &mut it.types));
    for it in types.filter(|it| !names.contains(&it.name)) {
        it.xml = None;
        if let Kind::Record { fields, .. } = &mut it.kind {
            fields.iter_mut().for_each(|it| it.xml = None);
        }
    }
}

/// The names of types in a type as it is written.
fn of_type(ty: &str, names: &mut BTreeSet<String>) {
    let words = ty.split(|it: char| !it.is_ascii_alphanumeric());
    names.extend(words.filter(|it| it.starts_with(|it: char| it.is_ascii_uppercase())).map(str::to_owned));
}

fn of_entries(entries: &[Entry], names: &mut BTreeSet<String>) {
    entries.iter().for_each(|it| of_type(&it.ty, names));
}

fn of_response(response: &Response, names: &mut BTreeSet<String>) {
    match response {
        Response::Type(ty) | Response::Nullable(ty) => of_type(ty, names),
        Response::Record(fields) => of_entries(fields, names),
        Response::ByStatus(all) => all.iter().for_each(|it| of_response(&it.1, names)),
        Response::None | Response::Text(_) | Response::Binary(_) | Response::Redirect | Response::StreamOnly => {}
    }
}

fn of_kind(kind: &Kind, names: &mut BTreeSet<String>) {
    match kind {
        Kind::Record { like, fields, extra, .. } => {
            of_entries(fields, names);
            like.iter().chain(extra).for_each(|it| of_type(it, names));
        }
        Kind::Union { members, .. } => members.iter().for_each(|it| of_type(it, names)),
        Kind::Tagged { members, .. } => members.iter().for_each(|it| of_type(&it.ty, names)),
        Kind::Enum(_) => {}
    }
}
