//! `types:`: records, enums, unions and tagged unions.

use serde_json::Value;

use super::document::{DescribedValue, RuleDoc, Text, TypeDecl, TypeDeclKind, TypeExpr, TypeExprKind};
use super::read::{self, Map};
use super::{entry, rule, type_expr, xml};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::Type;
use crate::source::Span;
use crate::yaml::{self, Kind, Node};

/// The most members of a union.
const MOST_MEMBERS: usize = 256;
/// The most members of a tagged union.
const MOST_TAGS: usize = 4096;
const KINDS: &[&str] = &["fields", "like", "enum", "one_of", "any_of"];

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Vec<TypeDecl> {
    let entries = read::entries(node, "types", out).unwrap_or_default();
    entries.iter().map(|it| declaration(it, out)).collect()
}

fn declaration(written: &yaml::Entry, out: &mut Diagnostics) -> TypeDecl {
    let mut decl = TypeDecl {
        name: written.name(),
        doc: String::new(),
        remarks: Default::default(),
        rust: None,
        kind: TypeDeclKind::Broken,
        xml: None,
        constructors: Vec::new(),
    };
    let node = &written.value;
    let Some(mut map) = Map::of(node, "a type", out) else { return decl };
    decl.doc = map.prose("doc", out).unwrap_or_default();
    decl.remarks = entry::remarks(&mut map, out);
    decl.rust = map.text("rust", out);
    decl.xml = map.take("xml").and_then(|it| xml::decode(it, xml::Of::Type, out));
    // A record has `fields`, or `like`, or both.
    let kinds = KINDS.iter().filter(|it| **it != "like" || node.get("fields").is_none());
    let found: Vec<Span> = kinds.filter_map(|it| node.get(it)).map(|it| it.key.span).collect();
    if let [first, second, ..] = found.as_slice() {
        out.push(decode::keys_exclude("a type is a record, an enum or a union", *first, *second));
    }
    let like = map.text("like", out);
    let without = map.take("without").map(|it| read::texts(it, out)).unwrap_or_default();
    if let (None, Some(without)) = (node.get("like"), node.get("without")) {
        out.push(decode::needs_key("without", "like", without.key.span));
    }
    let fields = map.take("fields");
    let enum_ = map.take("enum");
    let one_of = map.take("one_of");
    let any_of = map.take("any_of");
    let is_union = any_of.is_some() || (one_of.is_some() && node.get("tag").is_none());
    let open = if is_union { None } else { map.flag("open", out) };
    let open = open.is_some_and(|it| it.value);
    decl.kind = if fields.is_some() || node.get("like").is_some() {
        let rules: Vec<RuleDoc> = map.take("rules").map(|it| rule::decode(it, out)).unwrap_or_default();
        let fields = fields.map(|it| entry::fields(it, out)).unwrap_or_default();
        if let (Some(additional), Some(open)) = (node.get("additional_properties"), node.get("open")) {
            let why = "`additional_properties` says what is accepted, and `open` that anything is";
            out.push(decode::keys_exclude(why, additional.key.span, open.key.span));
        }
        let additional = map.take("additional_properties").and_then(|it| type_expr::of_item(it, out));
        if let Some(TypeExpr { kind: TypeExprKind::Json, span }) = &additional {
            let problem = "`json` says nothing of the additional properties";
            out.push(decode::bad_type(problem, "write `open: true`, which accepts any", *span));
        }
        TypeDeclKind::Record { like, without, fields, rules, open: open || additional.is_some(), additional }
    } else if let Some(node) = enum_ {
        match entry::enum_values(node, out) {
            Some(_) if entry::check_spelling(&written.value, out) => TypeDeclKind::Broken,
            Some(values) => TypeDeclKind::Enum { values, open },
            None => TypeDeclKind::Broken,
        }
    } else if let Some(node) = one_of {
        let has_tag = map.entry("tag").is_some();
        match map.field_name("tag", out) {
            None if has_tag => TypeDeclKind::Broken,
            Some(tag) => {
                let (tag_type, members) = tagged(node, out);
                TypeDeclKind::Tagged { tag, tag_type, members, open }
            }
            None => union(node, "one_of", out),
        }
    } else if let Some(node) = any_of {
        union(node, "any_of", out)
    } else {
        out.push(decode::one_of_keys("a type", KINDS, map.span()));
        TypeDeclKind::Broken
    };
    if enum_.is_none()
        && let Some(node) = map.take("constructors")
    {
        let entries = read::entries(node, "constructors", out).unwrap_or_default();
        if entries.len() > MOST_MEMBERS {
            out.push(decode::too_many("constructors", entries.len(), MOST_MEMBERS, node.span));
        }
        decl.constructors =
            entries.iter().take(MOST_MEMBERS).map(|it| (it.name(), read::value(&it.value, out))).collect();
    }
    map.finish(out);
    decl
}

fn union(node: &Node, key: &str, out: &mut Diagnostics) -> TypeDeclKind {
    if let (Kind::Map(_), "one_of") = (&node.kind, key) {
        out.push(decode::missing_key("tag", "a union of named members", node.span));
        return TypeDeclKind::Broken;
    }
    let items = read::items(node, "types", out);
    if items.len() < 2 && node.as_seq().is_some() {
        let help = "with one type, use that type itself";
        out.push(decode::bad_shape(&format!("`{key}` needs at least two types"), help, node.span));
        return TypeDeclKind::Broken;
    }
    if items.len() > MOST_MEMBERS {
        out.push(decode::too_many("members of a union", items.len(), MOST_MEMBERS, node.span));
        return TypeDeclKind::Broken;
    }
    let members: Vec<_> = items.iter().filter_map(|it| type_expr::of_node(it, out)).collect();
    if members.len() < 2 { TypeDeclKind::Broken } else { TypeDeclKind::Union { members, any_of: key == "any_of" } }
}

/// `{text: TextPart}` or `{text: {type: TextPart, doc: …, rust: …}}`. The first tag says what all tags are.
fn tagged(node: &Node, out: &mut Diagnostics) -> (Type, Vec<(DescribedValue, Text)>) {
    let mut members: Vec<(DescribedValue, Text)> = Vec::new();
    let mut tag_type: Option<(Type, Span)> = None;
    let entries = read::entries(node, "the members of a tagged union", out).unwrap_or_default();
    if entries.len() > MOST_TAGS {
        out.push(decode::too_many("members of a tagged union", entries.len(), MOST_TAGS, node.span));
    }
    for member in entries.iter().take(MOST_TAGS) {
        let Some((ty, value)) = tag_value(member, out) else { continue };
        match &tag_type {
            None => tag_type = Some((ty, value.span)),
            Some((first, span)) if *first != ty => {
                out.push(decode::mixed_tags(&member.key.value, tag_noun(&ty), tag_noun(first), value.span, *span));
                continue;
            }
            Some(_) => {}
        }
        if let Some((first, _)) = members.iter().find(|(it, _)| it.value.value == value.value) {
            out.push(decode::duplicate_tag(&value.value, value.span, first.value.span));
            continue;
        }
        if let Kind::Map(_) = member.value.kind {
            let Some(mut map) = Map::of(&member.value, "a member of a tagged union", out) else { continue };
            let ty = map.need_text("type", out);
            let doc = map.prose("doc", out).unwrap_or_default();
            let rust = map.text("rust", out);
            map.finish(out);
            members.extend(ty.map(|ty| (DescribedValue { value, doc, rust }, ty)));
        } else if let Some(ty) = read::text(&member.value, out) {
            members.push((DescribedValue { value, doc: String::new(), rust: None }, ty));
        }
    }
    if entries.is_empty() && node.as_map().is_some() {
        out.push(decode::empty("one_of", node.span));
    }
    (tag_type.map_or(Type::String, |(ty, _)| ty), members)
}

/// What a tag is, and its value as text.
fn tag_value(member: &yaml::Entry, out: &mut Diagnostics) -> Option<(Type, Text)> {
    let span = member.key.span;
    match read::key_value(member).value {
        Value::Bool(value) => Some((Type::Boolean, Text::new(value.to_string(), span))),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Some((Type::Integer, Text::new(number.to_string(), span))),
            None => {
                out.push(decode::tag_is_no_integer(&member.key.value, span));
                None
            }
        },
        _ => Some((Type::String, member.name())),
    }
}

fn tag_noun(ty: &Type) -> &'static str {
    match ty {
        Type::Integer => "a number",
        Type::Boolean => "a truth value",
        _ => "text",
    }
}
