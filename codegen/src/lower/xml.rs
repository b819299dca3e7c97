//! The statics that tell how JSON becomes XML. A crate has those of the objects that stand in XML, and no others.

use std::collections::BTreeMap;

use super::Ctx;
use super::names::snake;
use super::view::{OperationXml, XmlContent, XmlElement, XmlField, XmlNode, XmlRecord};
use crate::model::{Operation, TypeId};
use crate::rust_words::without_raw_prefix;
use crate::xml::{self, Content, Element, Node};

/// The names of the statics, by the types of their objects.
pub(super) type XmlNames = BTreeMap<Vec<TypeId>, String>;

/// What of an operation is XML.
pub(super) fn of_operation(ctx: &mut Ctx<'_>, operation: &Operation) -> Option<OperationXml> {
    let api = ctx.api;
    let body = xml::body(api, operation).map(|it| element(ctx, &it));
    let answers = by_status(ctx, &xml::answers(api, operation));
    let errors = by_status(ctx, &xml::own_errors(api, operation));
    let is_any = body.is_some() || !answers.is_empty() || !errors.is_empty();
    is_any.then_some(OperationXml { body, answers, errors })
}

/// The bodies of the API's errors.
pub(super) fn errors(ctx: &mut Ctx<'_>) -> Vec<(u16, XmlElement)> {
    let all = xml::errors(ctx.api);
    by_status(ctx, &all)
}

/// The objects of all elements that were lowered, and what is in them.
pub(super) fn records(ctx: &mut Ctx<'_>) -> Vec<XmlRecord> {
    let mut done: BTreeMap<String, XmlRecord> = BTreeMap::new();
    loop {
        let next = ctx.xml.iter().find(|(_, ident)| !done.contains_key(*ident));
        let Some((ids, ident)) = next.map(|(ids, ident)| (ids.clone(), ident.clone())) else { break };
        let all = xml::fields(ctx.api, &ids);
        let fields =
            all.fields.iter().map(|it| XmlField { wire: it.name.clone(), node: node(ctx, &it.node) }).collect();
        let rest = content(ctx, &all.rest);
        done.insert(ident.clone(), XmlRecord { ident, fields, rest });
    }
    done.into_values().collect()
}

fn by_status(ctx: &mut Ctx<'_>, all: &[(u16, Element)]) -> Vec<(u16, XmlElement)> {
    all.iter().map(|(status, it)| (*status, element(ctx, it))).collect()
}

fn node(ctx: &mut Ctx<'_>, node: &Node) -> XmlNode {
    match node {
        Node::Element(it) => XmlNode::Element(element(ctx, it)),
        Node::Attribute { name, namespace: None, content: it } => XmlNode::Attribute(name.clone(), content(ctx, it)),
        Node::Attribute { name, namespace: Some(uri), content: it } => {
            XmlNode::AttributeIn(name.clone(), uri.clone(), content(ctx, it))
        }
        Node::Text(it) => XmlNode::Text(content(ctx, it)),
        Node::Items { element: it, always: false } => XmlNode::Items(element(ctx, it)),
        Node::Items { element: it, always: true } => XmlNode::AllItems(element(ctx, it)),
        Node::AllIn(it) => XmlNode::AllIn(element(ctx, it)),
    }
}

fn element(ctx: &mut Ctx<'_>, it: &Element) -> XmlElement {
    let content = content(ctx, &it.content);
    XmlElement { name: it.name.clone(), namespaces: it.namespaces.clone(), content }
}

fn content(ctx: &mut Ctx<'_>, it: &Content) -> XmlContent {
    match it {
        Content::Text => XmlContent::Text,
        Content::Number => XmlContent::Number,
        Content::Boolean => XmlContent::Boolean,
        Content::Any => XmlContent::Any,
        Content::Record(ids) => XmlContent::Record(record(ctx, ids)),
        Content::List(it) => XmlContent::List(Box::new(element(ctx, it))),
        Content::Map(it) => XmlContent::Map(Box::new(content(ctx, it))),
        Content::OneOf(all) => XmlContent::OneOf(all.iter().map(|it| content(ctx, it)).collect()),
    }
}

/// The static of an object. The names of types are unique, but two may differ in capitals alone.
fn record(ctx: &mut Ctx<'_>, ids: &[TypeId]) -> String {
    if let Some(known) = ctx.xml.get(ids) {
        return known.clone();
    }
    let word = |it: &TypeId| without_raw_prefix(&snake(&ctx.api.ty(*it).name)).trim_matches('_').to_ascii_uppercase();
    let words: Vec<String> = ids.iter().take(3).map(word).collect();
    let name = words.join("_OR_");
    let mut ident = name.clone();
    let mut count = 1;
    while ctx.xml.values().any(|it| *it == ident) {
        count += 1;
        ident = format!("{name}_{count}");
    }
    ctx.xml.insert(ids.to_vec(), ident.clone());
    ident
}
