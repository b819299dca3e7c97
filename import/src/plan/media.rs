//! Media types of bodies: what kind of body each is, and which of several one operation can send.

use specwright_codegen::model::is_xml;

use super::Planner;
use super::piece;
use crate::openapi::{Additional, JsonType, Media, Schema, SchemaId};

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Json,
    Form,
    Multipart,
    /// XML that a schema describes.
    Xml,
    Text,
    Binary,
}

impl Kind {
    /// What an operation with such a body is called after.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::Xml => "xml",
            Self::Text => "text",
            Self::Binary => "bytes",
        }
    }
}

/// Whether a media type is one of bytes, whatever a schema says of them.
pub(super) fn is_packed(media_type: &str) -> bool {
    const PACKED: [&str; 6] = ["zip", "pdf", "tar", "protobuf", "msgpack", "cbor"];
    PACKED.iter().any(|it| media_type.ends_with(it))
}

/// Whether a media type is one of several values of JSON, one after another.
pub(super) fn is_lines(media_type: &str) -> bool {
    matches!(media_type, "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/json-seq")
}

/// What the body of a media type is.
pub(super) fn kind(planner: &mut Planner<'_>, media: &Media) -> Kind {
    let by_name = match media.media_type.as_str() {
        "application/x-www-form-urlencoded" => return Kind::Form,
        it if it.starts_with("multipart/") => return Kind::Multipart,
        // Lines of JSON are no JSON as a whole.
        it if is_lines(it) => Kind::Text,
        it if it.ends_with("json") || it.ends_with("/x-javascript") => Kind::Json,
        it if is_xml(it) && planner.body_fits_xml(media) => return Kind::Xml,
        it if it.starts_with("text/") || it.ends_with("xml") || it.ends_with("yaml") => Kind::Text,
        it if it.ends_with("graphql") || it.ends_with("sql") || it.ends_with("javascript") => Kind::Text,
        _ => Kind::Binary,
    };
    let Some(schema) = media.schema else { return by_name };
    let flat = planner.flat(schema);
    if piece::is_bytes(flat.format.as_deref().unwrap_or_default(), &flat) {
        return Kind::Binary;
    }
    let types = piece::implied_types(&flat);
    let is_text = types == [JsonType::String];
    // `*/*` with an object is JSON.
    let is_any = matches!(media.media_type.as_str(), "*/*" | "application/*");
    match by_name {
        Kind::Binary if is_any && !types.is_empty() && !is_text => Kind::Json,
        Kind::Binary if is_any && !flat.choices.is_empty() => Kind::Json,
        other => other,
    }
}

/// The best of several media types.
pub(super) fn best(planner: &mut Planner<'_>, all: &[Media]) -> Option<Media> {
    all.iter().min_by_key(|it| rank(planner, it)).cloned()
}

/// Whether a body is an object, in whatever form it is written.
pub(super) fn has_fields(planner: &mut Planner<'_>, media: &Media) -> bool {
    let Some(schema) = media.schema else { return false };
    let flat = planner.flat(schema);
    !flat.properties.is_empty() || !flat.choices.is_empty() || piece::implied_types(&flat) == [JsonType::Array]
}

/// Fields that are shown of an object.
const SHOWN: usize = 6;

/// What a schema describes, in a few words.
pub(super) fn described(planner: &mut Planner<'_>, id: SchemaId) -> String {
    let (base, _) = planner.base(id);
    let flat = planner.flat(base);
    let of_list = flat.items.first().filter(|_| flat.properties.is_empty());
    if let Some(item) = of_list.filter(|it| planner.base(**it).0 != base) {
        let (item, _) = planner.base(*item);
        return format!("a list of {}", shown(planner, item));
    }
    shown(planner, base)
}

fn shown(planner: &mut Planner<'_>, base: SchemaId) -> String {
    let fields = planner.flat(base).properties;
    let what = match &planner.schema(base).name {
        Some(name) => format!("`{name}`"),
        None => "an object".to_owned(),
    };
    let names: Vec<String> = fields.iter().take(SHOWN).map(|it| format!("`{}`", it.0)).collect();
    let more = if fields.len() > SHOWN { " and others" } else { "" };
    if names.is_empty() { what } else { format!("{what} with {}{more}", names.join(", ")) }
}

/// The best is the least.
fn rank(planner: &mut Planner<'_>, media: &Media) -> (bool, Kind, bool, bool) {
    let kind = kind(planner, media);
    // A form of any fields is the last that one would send.
    let is_vague = matches!(kind, Kind::Form | Kind::Multipart) && !has_fields(planner, media);
    let is_plain = media.media_type == "application/json";
    let is_patch = media.media_type.contains("json-patch");
    (is_vague, kind, !is_plain, is_patch)
}

/// The media types that go with the chosen one, it first: those of one schema, or of one kind of raw body.
pub(super) fn chosen(planner: &mut Planner<'_>, all: &[Media], media: &Media) -> Vec<String> {
    let of = kind(planner, media);
    let mut found = vec![media.media_type.clone()];
    for other in all.iter().filter(|it| it.media_type != media.media_type) {
        let kind = kind(planner, other);
        let goes = match of {
            Kind::Text | Kind::Binary => kind == of,
            Kind::Xml => kind == of && planner.same_schema(media, other),
            _ => {
                let mixes_files = (of == Kind::Multipart) != (kind == Kind::Multipart) && has_bytes(planner, media);
                kind <= Kind::Multipart && !mixes_files && planner.same_schema(media, other)
            }
        };
        if goes {
            found.push(other.media_type.clone());
        }
    }
    found.retain(|it| of != Kind::Text || !it.contains('*'));
    if found.is_empty() {
        found.push("text/plain".to_owned());
    }
    found
}

/// Media types as the words of the spec language; nothing for JSON alone.
pub(super) fn encodings(types: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for it in types {
        let word = match it.as_str() {
            "application/x-www-form-urlencoded" => "form",
            "multipart/related" => "multipart/related",
            it if it.starts_with("multipart/") => "multipart",
            "application/json" | "text/json" | "*/*" | "application/*" => "json",
            other if other.ends_with("+json") => other,
            _ => "json",
        };
        if !found.iter().any(|it| it == word) {
            found.push(word.to_owned());
        }
    }
    if found == ["json"] { Vec::new() } else { found }
}

/// Whether a field of a body is the bytes of a file.
fn has_bytes(planner: &mut Planner<'_>, media: &Media) -> bool {
    let Some(schema) = media.schema else { return false };
    let fields = planner.flat(schema).properties;
    fields.iter().flat_map(|it| &it.1).any(|id| {
        let flat = planner.flat(*id);
        let items = flat.items.iter().any(|it| planner.schema(*it).format.as_deref() == Some("binary"));
        items || piece::is_bytes(flat.format.as_deref().unwrap_or_default(), &flat)
    })
}

impl Planner<'_> {
    /// Whether two bodies have schemas that allow the same.
    fn same_schema(&self, one: &Media, other: &Media) -> bool {
        match (one.schema, other.schema) {
            (None, None) => true,
            (Some(one), Some(other)) => self.are_equal(one, other, &mut Vec::new()),
            _ => false,
        }
    }

    fn are_equal(&self, one: SchemaId, other: SchemaId, open: &mut Vec<(SchemaId, SchemaId)>) -> bool {
        let (one, other) = (self.base(one).0, self.base(other).0);
        if one == other || open.contains(&(one, other)) {
            return true;
        }
        open.push((one, other));
        let (a, b) = (self.schema(one), self.schema(other));
        self.say_the_same(a, b) && {
            let pairs = children(a).into_iter().zip(children(b)).collect::<Vec<_>>();
            children(a).len() == children(b).len() && pairs.into_iter().all(|(a, b)| self.are_equal(a, b, open))
        }
    }

    fn say_the_same(&self, a: &Schema, b: &Schema) -> bool {
        let names = |it: &Schema| it.properties.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
        a.types == b.types
            && a.nullable == b.nullable
            && a.format == b.format
            && a.values == b.values
            && a.constant == b.constant
            && a.limits == b.limits
            && a.required == b.required
            && names(a) == names(b)
            && a.reference.is_some() == b.reference.is_some()
            && std::mem::discriminant(&a.additional) == std::mem::discriminant(&b.additional)
            && (a.all_of.len(), a.one_of.len(), a.any_of.len()) == (b.all_of.len(), b.one_of.len(), b.any_of.len())
    }
}

/// The schemas that a schema is made of.
fn children(schema: &Schema) -> Vec<SchemaId> {
    let extra = if let Additional::Of(id) = schema.additional { Some(id) } else { None };
    let properties = schema.properties.iter().map(|it| it.1);
    let lists = [&schema.prefix_items, &schema.all_of, &schema.one_of, &schema.any_of];
    let one = schema.reference.into_iter().chain(schema.items).chain(extra).chain(schema.not);
    one.chain(properties).chain(lists.into_iter().flatten().copied()).collect()
}
