//! Writes JSON as XML.

use serde_json::{Map, Value};

use super::{Content, Element, Node, Record};

/// The first line.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// The namespace of `nil`, which says that an element is `null`.
const NIL: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

/// The document of a value.
///
/// # Errors
/// Fails, with the reason, if the value has something that XML cannot hold.
pub(crate) fn write(element: &Element, value: &Value) -> Result<String, String> {
    let mut out = DECLARATION.to_owned();
    write_element(&mut out, element.name, element.namespaces, &element.content, value)?;
    Ok(out)
}

type Written = Result<(), String>;

fn write_element(
    out: &mut String,
    name: &str,
    namespaces: &[(&str, &str)],
    content: &Content,
    value: &Value,
) -> Written {
    if !is_name(name) {
        return Err(format!("`{}` cannot be the name of an element in XML", name.escape_debug()));
    }
    let tag = out.len();
    out.push('<');
    out.push_str(name);
    for namespace in namespaces {
        write_namespace(out, tag, *namespace)?;
    }
    if value.is_null() {
        out.push_str(NIL);
        out.push_str("/>");
        return Ok(());
    }
    let record = record_of(content);
    if let (Some(record), Value::Object(object)) = (record, value) {
        write_attributes(out, tag, record, object)?;
    }
    let end = out.len();
    out.push('>');
    write_content(out, content, value)?;
    if out.len() == end + 1 {
        out.truncate(end);
        out.push_str("/>");
        return Ok(());
    }
    for part in ["</", name, ">"] {
        out.push_str(part);
    }
    Ok(())
}

/// Declares a prefix, or the default namespace, unless the tag does already.
fn write_namespace(out: &mut String, tag: usize, (prefix, uri): (&str, &str)) -> Written {
    let start = out.len();
    let (colon, prefix) = if prefix.is_empty() { ("", "") } else { (":", prefix) };
    for part in [" xmlns", colon, prefix, "=\""] {
        out.push_str(part);
    }
    if out[tag..start].contains(&out[start..]) {
        out.truncate(start);
        return Ok(());
    }
    escape(out, uri, true)?;
    out.push('"');
    Ok(())
}

/// The record that an object of this content is.
fn record_of(content: &Content) -> Option<&'static Record> {
    match content {
        Content::Record(record) => Some(record),
        Content::OneOf(all) => all.iter().find_map(record_of),
        _ => None,
    }
}

fn list_of(content: &Content) -> Option<&'static Element> {
    match content {
        Content::List(element) => Some(element),
        Content::OneOf(all) => all.iter().find_map(list_of),
        _ => None,
    }
}

fn map_of(content: &Content) -> Content {
    match content {
        Content::Map(content) => **content,
        Content::OneOf(all) => all.iter().map(map_of).find(|it| !matches!(it, Content::Any)).unwrap_or(Content::Any),
        _ => Content::Any,
    }
}

/// `tag` is where the tag begins.
fn write_attributes(out: &mut String, tag: usize, record: &Record, object: &Map<String, Value>) -> Written {
    for field in record.fields {
        let (name, uri) = match &field.node {
            Node::Attribute(name, _) => (*name, None),
            Node::AttributeIn(name, uri, _) => (*name, Some(*uri)),
            _ => continue,
        };
        let Some(text) = object.get(field.name).and_then(text_of) else { continue };
        if let (Some(uri), Some((prefix, _))) = (uri, name.split_once(':')) {
            write_namespace(out, tag, (prefix, uri))?;
        }
        for part in [" ", name, "=\""] {
            out.push_str(part);
        }
        escape(out, &text, true)?;
        out.push('"');
    }
    Ok(())
}

/// What is between the tags. A value of another type than the content is written as any JSON is: the caller said so.
fn write_content(out: &mut String, content: &Content, value: &Value) -> Written {
    match value {
        Value::Object(object) => match record_of(content) {
            Some(record) => write_record(out, record, object),
            None => write_entries(out, &map_of(content), object.iter()),
        },
        Value::Array(items) => match list_of(content) {
            Some(element) => write_items(out, element, items),
            None => write_items(out, &Element::new("item", Content::Any), items),
        },
        scalar => escape(out, &text_of(scalar).unwrap_or_default(), false),
    }
}

fn write_items(out: &mut String, element: &Element, items: &[Value]) -> Written {
    items.iter().try_for_each(|it| write_element(out, element.name, element.namespaces, &element.content, it))
}

fn write_record(out: &mut String, record: &Record, object: &Map<String, Value>) -> Written {
    for field in record.fields {
        let Some(value) = object.get(field.name) else { continue };
        match &field.node {
            Node::Attribute(..) | Node::AttributeIn(..) => {}
            Node::Text(_) => escape(out, &text_of(value).unwrap_or_default(), false)?,
            Node::Element(it) | Node::AllIn(it) => write_element(out, it.name, it.namespaces, &it.content, value)?,
            Node::Items(it) | Node::AllItems(it) => match value {
                Value::Array(items) => write_items(out, it, items)?,
                one => write_element(out, it.name, it.namespaces, &it.content, one)?,
            },
        }
    }
    let others = object.iter().filter(|(name, _)| !record.fields.iter().any(|it| it.name == name.as_str()));
    write_entries(out, &record.rest, others)
}

/// Entries by their keys; an array is an element for each item.
fn write_entries<'v>(
    out: &mut String,
    content: &Content,
    mut entries: impl Iterator<Item = (&'v String, &'v Value)>,
) -> Written {
    entries.try_for_each(|(name, value)| match value {
        Value::Array(items) if list_of(content).is_none() => {
            items.iter().try_for_each(|it| write_element(out, name, &[], content, it))
        }
        one => write_element(out, name, &[], content, one),
    })
}

/// A text, a number or a truth value as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a text can be the name of an element, with a prefix or without.
fn is_name(text: &str) -> bool {
    let is_start = |it: char| it.is_alphabetic() || it == '_';
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '\u{b7}');
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() <= 2 && parts.iter().all(|it| it.starts_with(is_start) && it.chars().all(is_part))
}

fn escape(out: &mut String, text: &str, is_attribute: bool) -> Written {
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if is_attribute => out.push_str("&quot;"),
            // A reader makes a line feed of it.
            '\r' => out.push_str("&#13;"),
            // A reader makes a space of them.
            '\t' if is_attribute => out.push_str("&#9;"),
            '\n' if is_attribute => out.push_str("&#10;"),
            '\t' | '\n' => out.push(it),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(format!("a text has the character {:?}, which XML cannot hold", it));
            }
            _ => out.push(it),
        }
    }
    Ok(())
}
