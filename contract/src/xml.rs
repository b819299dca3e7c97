//! Reads the bodies of requests in XML as JSON.
//!
//! The runtime, which writes requests and reads responses, shares no code with it.

use std::collections::BTreeSet;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Number, Value};
use specwright_codegen::model::{Api, Operation};
use specwright_codegen::xml::{self, Content, Element, Fields, Node, local_name};

/// Elements inside of each other that are read.
const DEEPEST: usize = 128;

/// An element as it was sent, without prefixes.
#[derive(Debug, Default)]
struct Sent {
    name: String,
    attributes: Vec<(String, String)>,
    elements: Vec<Sent>,
    text: String,
    is_null: bool,
}

/// The body of a request as JSON. The error describes what cannot be read.
pub(crate) fn parse(api: &Api, op: &Operation, bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "The XML is not UTF-8.".to_owned())?;
    let sent = document(text).map_err(|why| format!("The body is not valid XML: {why}"))?;
    let Some(element) = xml::body(api, op) else { return Ok(Value::Null) };
    let expected = local_name(&element.name);
    if sent.name != expected {
        return Err(format!("The element of the body must be `{expected}`, not `{}`.", sent.name));
    }
    Ok(value(api, &element.content, &sent))
}

fn document(text: &str) -> Result<Sent, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    // The last one is open; the first one holds the whole document.
    let mut open = vec![Sent::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let Some(current) = open.last_mut() else { return Err("it has an end without a start".to_owned()) };
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(format!("it has more than {DEEPEST} elements inside of each other"));
                }
                open.push(started(&start)?);
            }
            Event::Empty(start) => current.elements.push(started(&start)?),
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                match open.last_mut() {
                    Some(parent) => parent.elements.push(done),
                    None => return Err("it has an end without a start".to_owned()),
                }
            }
            Event::Text(text) => current.text.push_str(&text.xml10_content()),
            Event::CData(text) => current.text.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|error| error.to_string())? {
                Some(character) => current.text.push(character),
                None => match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(text) => current.text.push_str(text),
                    None => return Err(format!("`&{};` stands for nothing", &*name)),
                },
            },
            Event::DocType(_) => return Err("a document type is not allowed".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let [mut whole] = <[Sent; 1]>::try_from(open).map_err(|_| "it ends too early".to_owned())?;
    match (whole.elements.pop(), whole.elements.is_empty(), whole.text.trim()) {
        (Some(root), true, "") => Ok(root),
        _ => Err("it must be one element".to_owned()),
    }
}

fn started(start: &BytesStart<'_>) -> Result<Sent, String> {
    let mut sent = Sent { name: local_name(start.name().0).to_owned(), ..Sent::default() };
    // The reader compares each name with all others.
    let mut names = BTreeSet::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.0;
        if !names.insert(key.to_owned()) {
            return Err(format!("the attribute `{key}` is there twice"));
        }
        let value =
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?.into_owned();
        match local_name(key) {
            _ if key == "xmlns" || key.starts_with("xmlns:") => {}
            "nil" if key.contains(':') => sent.is_null = matches!(value.as_str(), "true" | "1"),
            "schemaLocation" | "type" if key.starts_with("xsi:") => {}
            name => sent.attributes.push((name.to_owned(), value)),
        }
    }
    Ok(sent)
}

fn is_scalar(content: &Content) -> bool {
    matches!(content, Content::Text | Content::Number | Content::Boolean)
}

fn value(api: &Api, content: &Content, sent: &Sent) -> Value {
    if sent.is_null && sent.elements.is_empty() {
        return Value::Null;
    }
    match content {
        Content::Text | Content::Number | Content::Boolean => scalar(std::slice::from_ref(content), &sent.text),
        Content::Record(ids) => Value::Object(record(api, &xml::fields(api, ids), sent)),
        Content::List(item) => sent.elements.iter().map(|it| value(api, &item.content, it)).collect(),
        Content::Map(inner) => entries(api, inner, sent.elements.iter()).into_iter().collect(),
        Content::OneOf(all) => {
            let is_text = sent.elements.is_empty() && sent.attributes.is_empty();
            match all.iter().find(|it| !is_scalar(it)) {
                Some(other) if !is_text || !all.iter().any(is_scalar) => value(api, other, sent),
                _ => scalar(all, &sent.text),
            }
        }
        Content::Any if sent.elements.is_empty() => Value::String(sent.text.clone()),
        Content::Any => entries(api, content, sent.elements.iter()).into_iter().collect(),
    }
}

/// A text, or the number or truth value that it is, if it may be one.
fn scalar(all: &[Content], text: &str) -> Value {
    let trimmed = text.trim();
    let boolean = match trimmed {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    };
    let number = || serde_json::from_str::<Number>(trimmed.trim_start_matches('+')).ok().map(Value::Number);
    let number = all.contains(&Content::Number).then(number).flatten();
    let boolean = boolean.filter(|_| all.contains(&Content::Boolean)).map(Value::Bool);
    number.or(boolean).unwrap_or_else(|| text.into())
}

/// Elements by their names; several of one name are a list.
fn entries<'s>(api: &Api, content: &Content, all: impl Iterator<Item = &'s Sent>) -> Map<String, Value> {
    let mut out = Map::new();
    for it in all {
        let read = value(api, content, it);
        match out.get_mut(&it.name) {
            None => {
                out.insert(it.name.clone(), read);
            }
            Some(Value::Array(items)) => items.push(read),
            Some(first) => *first = Value::Array(vec![first.take(), read]),
        }
    }
    out
}

fn record(api: &Api, fields: &Fields, sent: &Sent) -> Map<String, Value> {
    let mut out = Map::new();
    let mut known: Vec<&str> = Vec::new();
    for field in &fields.fields {
        let named = |element: &Element| {
            let name = local_name(&element.name).to_owned();
            sent.elements.iter().filter(move |it| it.name == name)
        };
        let read = match &field.node {
            Node::Attribute { name, content, .. } => {
                let found = sent.attributes.iter().find(|it| it.0 == local_name(name));
                found.map(|(_, text)| value(api, content, &Sent { text: text.clone(), ..Sent::default() }))
            }
            Node::Text(content) => Some(value(api, content, &Sent { text: sent.text.clone(), ..Sent::default() })),
            Node::Element(element) => named(element).next_back().map(|it| value(api, &element.content, it)),
            // In XML, a list without items may be left out.
            Node::AllIn(element) => Some(
                named(element)
                    .next_back()
                    .map_or_else(|| Value::Array(Vec::new()), |it| value(api, &element.content, it)),
            ),
            Node::Items { element, always } => {
                let items: Vec<Value> = named(element).map(|it| value(api, &element.content, it)).collect();
                (*always || !items.is_empty()).then_some(Value::Array(items))
            }
        };
        if let Node::Element(it) | Node::AllIn(it) | Node::Items { element: it, .. } = &field.node {
            known.push(local_name(&it.name));
        }
        out.extend(read.map(|it| (field.name.clone(), it)));
    }
    let others = sent.elements.iter().filter(|it| !known.contains(&it.name.as_str()));
    for (name, value) in entries(api, &fields.rest, others) {
        out.entry(name).or_insert(value);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use serde_json::json;
    use specwright_test_specs as specs;

    use super::*;

    const SPEC: &str = "resource: x\ntitle: X\ndoc: X.\ntypes:\n  Shelf:\n    fields:\n      id: {type: integer, xml: {attribute: true}}\n      books: \"[string]\"\n      note?: {type: string, nullable: true}\n      size?: integer | Size\n  Size: {fields: {height: {type: number, xml: {attribute: true}}, text: {type: string, xml: {text: true}}}}\noperations:\n  put_it:\n    put: /it\n    summary: Put it.\n    encoding: xml\n    body: Shelf\n    response: none\n";

    fn read(text: &str) -> Result<Value, String> {
        let api = specs::api(&[("api.yaml", specs::API), ("x.yaml", SPEC)]);
        parse(&api, &api.operations[0], text.as_bytes())
    }

    #[test]
    fn a_body_is_read_by_what_the_spec_says() {
        let text = "<?xml version='1.0'?><s:Shelf xmlns:s='urn:s' id='7'><books>a&amp;</books><books/><size>5</size></s:Shelf>";
        assert_eq!(read(text).unwrap(), json!({"id": 7, "books": ["a&", ""], "size": 5}));
        let text = "<Shelf id='x'><note xmlns:i='urn:i' i:nil='true'/><size height='1.5'>big</size><new><a>1</a></new></Shelf>";
        let expected =
            json!({"id": "x", "books": [], "note": null, "size": {"height": 1.5, "text": "big"}, "new": {"a": "1"}});
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_such_xml_is_refused() {
        let fails = |text: &str, why: &str| {
            let error = read(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        };
        fails("<Book/>", "must be `Shelf`, not `Book`");
        fails("<Shelf>", "too early");
        fails("<Shelf></Book>", "not valid XML");
        fails("<Shelf/><Shelf/>", "one element");
        fails("<Shelf a='1' a='2'/>", "twice");
        fails("", "one element");
        fails("<!DOCTYPE a><Shelf/>", "a document type is not allowed");
        fails("<Shelf><note>&a;</note></Shelf>", "stands for nothing");
        fails(&"<Shelf>".repeat(100_000), "inside of each other");
    }
}
