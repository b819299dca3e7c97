//! Reading nodes into plain values: the one place that looks into the tree.

use std::collections::{HashMap, VecDeque};

use specwright_codegen::source::Span;

use super::{Schema, SchemaId, Schemas};
use crate::finding::{Findings, Place, fault};
use crate::read::{Cursor, Kind, Workspace};

/// How many references may follow each other.
const LONGEST_CHAIN: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V3_0,
    V3_1,
}

/// Reads a document; the findings and the schemas grow while it does.
pub(super) struct Reader<'d> {
    pub(super) workspace: &'d Workspace,
    pub(super) version: Version,
    pub(super) schemas: Schemas,
    /// Schemas by their place.
    pub(super) ids: HashMap<Span, SchemaId>,
    /// Schemas that have an id and are not read yet.
    pub(super) waiting: VecDeque<(SchemaId, Cursor<'d>)>,
    pub(super) out: &'d mut Findings,
}

/// Extensions that say why something is deprecated.
const DEPRECATIONS: [&str; 3] =
    ["x-stainless-deprecation-message", "x-speakeasy-deprecation-message", "x-deprecation-message"];

impl<'d> Reader<'d> {
    /// The node itself, or what its `$ref` leads to; and the name under `components` if there is one.
    ///
    /// Nothing if a reference leads nowhere.
    pub(super) fn followed(&mut self, cursor: Cursor<'d>) -> Option<(Cursor<'d>, Option<String>)> {
        let mut cursor = cursor;
        let mut component = None;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = cursor.get("$ref") else { return Some((cursor, component)) };
            let Some(text) = reference.node.text() else { return Some((cursor, component)) };
            match self.workspace.resolve(cursor.file, text) {
                Ok(target) => {
                    component = component_name(&target.pointer).or(component);
                    cursor = target;
                }
                Err(why) => {
                    self.out.push(fault::dangling_ref(text, &why, reference.place()));
                    return None;
                }
            }
        }
        self.out.push(fault::cyclic_ref(&cursor.pointer, cursor.place()));
        None
    }

    /// Text. Numbers are text here too; anything else is reported.
    pub(super) fn text(&mut self, of: &Cursor<'d>, key: &str) -> Option<String> {
        let value = of.get(key)?;
        match &value.node.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Bool(flag) => Some(flag.to_string()),
            Kind::Null => None,
            _ => {
                self.out.push(fault::wrong_kind(&format!("`{key}`"), "text", value.node.describe(), value.place()));
                None
            }
        }
    }

    pub(super) fn prose(&mut self, of: &Cursor<'d>, key: &str) -> String {
        self.text(of, key).map(|it| it.trim().to_owned()).unwrap_or_default()
    }

    /// Whether something is deprecated, and the words that an extension has for it; they may be empty.
    pub(super) fn deprecation(&mut self, of: &Cursor<'d>) -> Option<String> {
        let words = DEPRECATIONS.iter().find_map(|it| of.get(it)?.node.text().map(str::to_owned));
        match words {
            Some(words) if self.flag(of, "deprecated") != Some(false) => Some(words),
            _ => (self.flag(of, "deprecated") == Some(true)).then(String::new),
        }
    }

    pub(super) fn flag(&mut self, of: &Cursor<'d>, key: &str) -> Option<bool> {
        let value = of.get(key)?;
        match &value.node.kind {
            Kind::Bool(flag) => Some(*flag),
            Kind::Text(text) if text == "true" || text == "yes" => Some(true),
            Kind::Text(text) if text == "false" || text == "no" => Some(false),
            Kind::Null => None,
            _ => {
                self.out.push(fault::wrong_kind(
                    &format!("`{key}`"),
                    "`true` or `false`",
                    value.node.describe(),
                    value.place(),
                ));
                None
            }
        }
    }

    /// The items of a list; one value alone is a list of it.
    pub(super) fn list(&mut self, of: &Cursor<'d>, key: &str) -> Vec<Cursor<'d>> {
        let Some(value) = of.get(key) else { return Vec::new() };
        match &value.node.kind {
            Kind::List(_) => value.items().collect(),
            Kind::Null => Vec::new(),
            Kind::Map(_) => {
                self.out.push(fault::wrong_kind(&format!("`{key}`"), "a list", "a mapping", value.place()));
                Vec::new()
            }
            _ => vec![value],
        }
    }

    pub(super) fn texts(&mut self, of: &Cursor<'d>, key: &str) -> Vec<String> {
        self.list(of, key).into_iter().filter_map(|it| it.node.text().map(str::to_owned)).collect()
    }

    /// The keys and values of a mapping.
    pub(super) fn map(&mut self, of: &Cursor<'d>, key: &str) -> Vec<(String, Cursor<'d>)> {
        let Some(value) = of.get(key) else { return Vec::new() };
        match &value.node.kind {
            Kind::Map(_) => value.members().map(|(member, it)| (member.key.clone(), it)).collect(),
            Kind::Null => Vec::new(),
            _ => {
                self.out.push(fault::wrong_kind(
                    &format!("`{key}`"),
                    "a mapping",
                    value.node.describe(),
                    value.place(),
                ));
                Vec::new()
            }
        }
    }

    /// The id of a schema; it is read later.
    pub(super) fn schema(&mut self, cursor: Cursor<'d>) -> SchemaId {
        if let Some(id) = self.ids.get(&cursor.node.span) {
            return *id;
        }
        let id = SchemaId(self.schemas.0.len() as u32);
        self.schemas.0.push(blank(cursor.place()));
        self.ids.insert(cursor.node.span, id);
        self.waiting.push_back((id, cursor));
        id
    }

    pub(super) fn schema_at(&mut self, of: &Cursor<'d>, key: &str) -> Option<SchemaId> {
        let cursor = of.get(key)?;
        match cursor.node.kind {
            Kind::Null => None,
            _ => Some(self.schema(cursor)),
        }
    }
}

/// `Pet` of `/components/schemas/Pet`; the file's name, for a file that is one schema, is added elsewhere.
pub(super) fn component_name(pointer: &str) -> Option<String> {
    // Linked files of Swagger 2.0 have schemas under `definitions`.
    let mut parts = match pointer.strip_prefix("/components/") {
        Some(rest) => rest.split_once('/')?.1.split('/'),
        None => pointer.strip_prefix("/definitions/")?.split('/'),
    };
    let name = parts.next()?;
    parts.next().is_none().then(|| name.replace("~1", "/").replace("~0", "~"))
}

pub(crate) fn blank(place: Place) -> Schema {
    Schema {
        place,
        name: None,
        reference: None,
        dangling: false,
        nothing: false,
        types: Vec::new(),
        nullable: false,
        format: None,
        title: None,
        client_name: None,
        page_part: None,
        description: String::new(),
        values: None,
        constant: None,
        default: None,
        examples: Vec::new(),
        deprecated: None,
        read_only: false,
        write_only: false,
        limits: Default::default(),
        items: None,
        prefix_items: Vec::new(),
        properties: Vec::new(),
        required: Vec::new(),
        additional: Default::default(),
        property_names: None,
        pattern_properties: Vec::new(),
        dependent_required: Vec::new(),
        not: None,
        all_of: Vec::new(),
        one_of: Vec::new(),
        any_of: Vec::new(),
        discriminator: None,
        content_encoding: None,
        content_media_type: None,
        unread: Vec::new(),
        value_docs: Vec::new(),
        value_names: Vec::new(),
        open_enum: false,
        xml: None,
    }
}
