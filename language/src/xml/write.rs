//! A value as XML, for samples and the contract server's answers. The runtime, which writes bodies, shares no code with it.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Content, Element, Fields, Node, fields};
use crate::model::Api;

/// A document: the declaration, and the element of the value. What XML cannot hold is left out of it.
#[must_use]
pub fn write(api: &Api, element: &Element, value: &Value) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put(api, &mut out, element, value);
    out
}

/// The same with each element on a line, for people.
#[must_use]
pub fn lines(api: &Api, element: &Element, value: &Value) -> String {
    let text = write(api, element, value);
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    // What is between two tags is the text of an element, or nothing.
    for piece in text.split_inclusive('>') {
        let (before, tag) = piece.split_at(piece.find('<').unwrap_or(0));
        let is_end = tag.starts_with("</");
        depth = depth.saturating_sub(usize::from(is_end));
        out.push_str(before);
        if before.is_empty() && !out.is_empty() {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
        out.push_str(tag);
        depth += usize::from(!is_end && !tag.ends_with("/>") && !tag.starts_with("<?"));
    }
    out
}

fn put(api: &Api, out: &mut String, element: &Element, value: &Value) {
    let mut tag = element.name.clone();
    for (prefix, uri) in &element.namespaces {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        let _ = write!(tag, " {name}=\"{}\"", attribute(uri));
    }
    if value.is_null() {
        let _ = write!(out, "<{tag} xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>");
        return;
    }
    let record = match value {
        Value::Object(object) => record_of(api, &element.content).map(|it| (it, object)),
        _ => None,
    };
    let inner = match &record {
        Some((fields, object)) => {
            for field in &fields.fields {
                if let Node::Attribute { name, namespace, .. } = &field.node
                    && let Some(text) = object.get(&field.name).and_then(scalar)
                {
                    if let (Some(uri), Some((prefix, _))) = (namespace, name.split_once(':')) {
                        let declared = format!(" xmlns:{prefix}=\"{}\"", attribute(uri));
                        if !tag.contains(&declared) {
                            tag.push_str(&declared);
                        }
                    }
                    let _ = write!(tag, " {name}=\"{}\"", attribute(&text));
                }
            }
            of_record(api, fields, object)
        }
        None => of_value(api, &element.content, value),
    };
    let _ = match inner.as_str() {
        "" => write!(out, "<{tag}/>"),
        _ => write!(out, "<{tag}>{inner}</{}>", element.name),
    };
}

/// The members of a union, or the one content.
fn members(content: &Content) -> &[Content] {
    match content {
        Content::OneOf(all) => all,
        one => std::slice::from_ref(one),
    }
}

fn record_of(api: &Api, content: &Content) -> Option<Fields> {
    members(content).iter().find_map(|it| match it {
        Content::Record(ids) => Some(fields(api, ids)),
        _ => None,
    })
}

fn of_value(api: &Api, of: &Content, value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(object) => {
            let value = members(of).iter().find_map(|it| match it {
                Content::Map(value) => Some(&**value),
                _ => None,
            });
            entries(api, &mut out, value.unwrap_or(&Content::Any), object.iter());
        }
        Value::Array(items) => {
            let named = members(of).iter().find_map(|it| match it {
                Content::List(element) => Some((**element).clone()),
                _ => None,
            });
            let element = named.unwrap_or_else(|| plain("item", &Content::Any));
            items.iter().for_each(|it| put(api, &mut out, &element, it));
        }
        other => out.push_str(&text(&scalar(other).unwrap_or_default())),
    }
    out
}

fn of_record(api: &Api, record: &Fields, object: &Map<String, Value>) -> String {
    let mut out = String::new();
    for field in &record.fields {
        let Some(value) = object.get(&field.name) else { continue };
        match (&field.node, value) {
            (Node::Attribute { .. }, _) => {}
            (Node::Text(_), it) => out.push_str(&text(&scalar(it).unwrap_or_default())),
            (Node::Items { element, .. }, Value::Array(items)) => {
                items.iter().for_each(|it| put(api, &mut out, element, it));
            }
            (Node::Element(element) | Node::AllIn(element) | Node::Items { element, .. }, it) => {
                put(api, &mut out, element, it);
            }
        }
    }
    let is_other = |name: &str| record.fields.iter().all(|it| it.name != name);
    entries(api, &mut out, &record.rest, object.iter().filter(|(name, _)| is_other(name)));
    out
}

fn entries<'v>(api: &Api, out: &mut String, content: &Content, all: impl Iterator<Item = (&'v String, &'v Value)>) {
    for (name, value) in all {
        let element = plain(name, content);
        match value {
            Value::Array(items) if !matches!(content, Content::List(_)) => {
                items.iter().for_each(|it| put(api, out, &element, it));
            }
            one => put(api, out, &element, one),
        }
    }
}

fn plain(name: &str, content: &Content) -> Element {
    Element { name: name.to_owned(), namespaces: Vec::new(), content: content.clone() }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text(value: &str) -> String {
    let holds =
        |it: &char| !matches!(it, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let kept: String = value.chars().filter(holds).collect();
    kept.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;")
}

fn attribute(value: &str) -> String {
    text(value).replace('"', "&quot;").replace('\t', "&#9;").replace('\n', "&#10;")
}
