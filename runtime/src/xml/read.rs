//! Reads XML that a server sent.
//!
//! Names are compared without their prefixes, and elements that nobody knows are kept as fields of their own. Text that is no
//! number where a number is expected stays text, and is of a wrong type later. No document type is read and no entity but the five
//! of XML itself, so that no input becomes more than it is.

use std::borrow::Cow;
use std::fmt;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Number, Value};

use super::{Content, Element, Field, Node, Record};

/// Elements inside of elements that are read: as many as serde_json reads of arrays and objects.
const DEEPEST: usize = 128;

/// Why it is no XML that can be read.
#[derive(Debug)]
pub(crate) enum XmlError {
    /// It ends too early.
    Cut,
    /// It has a document type.
    DocumentType,
    /// It is a page.
    Page,
    /// Elements are inside of each other deeper than anybody writes them.
    TooDeep,
    /// It has no element.
    Empty,
    /// It has more than one element at its top.
    TwoRoots,
    /// Anything else.
    Syntax(quick_xml::Error),
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut => f.write_str("the XML ends too early"),
            Self::DocumentType => f.write_str("the XML has a document type, which is not read"),
            Self::Page => f.write_str("it is a page, not XML"),
            Self::TooDeep => write!(f, "the XML has more than {DEEPEST} elements inside of each other"),
            Self::Empty => f.write_str("the XML has no element"),
            Self::TwoRoots => f.write_str("the XML has more than one element at its top"),
            Self::Syntax(error) => error.fmt(f),
        }
    }
}

impl From<quick_xml::Error> for XmlError {
    fn from(error: quick_xml::Error) -> Self {
        use quick_xml::errors::{Error, IllFormedError};
        match error {
            // Each of these is a construct without its end.
            Error::Syntax(it) if !matches!(it, quick_xml::errors::SyntaxError::InvalidBangMarkup) => Self::Cut,
            Error::IllFormed(IllFormedError::MissingEndTag(_)) => Self::Cut,
            other => Self::Syntax(other),
        }
    }
}

/// Reads an element, whatever it is called, as JSON. If it has the name of the only field of what it should be, it is that
/// field: servers leave out an element that has nothing else.
///
/// # Errors
/// Fails if it is no XML, or more than one reads without doubt.
pub(crate) fn read(text: &str, expected: &Element) -> Result<Value, XmlError> {
    let mut reader = Reader::from_str(text);
    let mut found = None;
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                is_one_answer(&found, &start)?;
                let only = only_field(expected, &start);
                let content = only.map_or(expected.content, |it| it.1.content);
                found = Some(within(only, element(&mut reader, &start, &content, 1)?));
            }
            Event::Empty(start) => {
                is_one_answer(&found, &start)?;
                let only = only_field(expected, &start);
                let content = only.map_or(expected.content, |it| it.1.content);
                found = Some(within(only, Gathered::new(&content, &start)?.finish()));
            }
            Event::DocType(it) if it.trim_ascii_start().to_ascii_lowercase().starts_with("html") => {
                return Err(XmlError::Page);
            }
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Eof => return found.ok_or(XmlError::Empty),
            Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

type OnlyField = (&'static str, Element);

/// The only field of an object, if this is its element and not that of the object.
fn only_field(expected: &Element, start: &BytesStart<'_>) -> Option<OnlyField> {
    let name = local(start.name().0);
    match expected.content {
        Content::Record(Record { fields: [Field { name: json, node: Node::Element(it) }], .. })
            if name == local(it.name) && name != local(expected.name) =>
        {
            Some((json, *it))
        }
        _ => None,
    }
}

fn within(only: Option<OnlyField>, value: Value) -> Value {
    match only {
        Some((name, _)) => Value::Object(Map::from_iter([(name.to_owned(), value)])),
        None => value,
    }
}

fn is_one_answer(found: &Option<Value>, start: &BytesStart<'_>) -> Result<(), XmlError> {
    match found {
        Some(_) => Err(XmlError::TwoRoots),
        None if local(start.name().0).eq_ignore_ascii_case("html") => Err(XmlError::Page),
        None => Ok(()),
    }
}

/// Reads what follows a start tag, to its end tag.
fn element(
    reader: &mut Reader<&[u8]>,
    start: &BytesStart<'_>,
    content: &Content,
    depth: usize,
) -> Result<Value, XmlError> {
    if depth > DEEPEST {
        return Err(XmlError::TooDeep);
    }
    let mut gathered = Gathered::new(content, start)?;
    loop {
        match reader.read_event()? {
            Event::Start(inner) => {
                let place = gathered.place(local(inner.name().0));
                let value = element(reader, &inner, &place.content(), depth + 1)?;
                gathered.add(place, value);
            }
            Event::Empty(inner) => {
                let place = gathered.place(local(inner.name().0));
                let value = Gathered::new(&place.content(), &inner)?.finish();
                gathered.add(place, value);
            }
            Event::Text(text) => gathered.text.push_str(&text.xml10_content()),
            Event::CData(text) => {
                gathered.text.push_str(&text.xml10_content());
            }
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(character)) => gathered.text.push(character),
                // What is no character is none of a text either.
                Err(_) => gathered.text.push(char::REPLACEMENT_CHARACTER),
                Ok(None) => match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(text) => gathered.text.push_str(text),
                    // What it stands for is unknown, so it stays as it is.
                    None => {
                        for part in ["&", &name, ";"] {
                            gathered.text.push_str(part);
                        }
                    }
                },
            },
            // The reader compares the names.
            Event::End(_) => return Ok(gathered.finish()),
            Event::Eof => return Err(XmlError::Cut),
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |it| it.1)
}

/// Where an element inside of another belongs.
enum Place {
    /// A field of an object.
    Field(&'static Field, Element),
    /// An item of an array.
    Item(Content),
    /// An entry of an object, by its key.
    Entry(String, Content),
    /// Nothing.
    Nowhere,
}

impl Place {
    fn content(&self) -> Content {
        match self {
            Self::Field(_, element) => element.content,
            Self::Item(content) | Self::Entry(_, content) => *content,
            Self::Nowhere => Content::Any,
        }
    }
}

/// What is known of an element that is being read.
struct Gathered {
    content: Content,
    text: String,
    object: Map<String, Value>,
    items: Vec<Value>,
    has_elements: bool,
    is_null: bool,
}

impl Gathered {
    fn new(content: &Content, start: &BytesStart<'_>) -> Result<Self, XmlError> {
        let mut gathered = Self {
            content: *content,
            text: String::new(),
            object: Map::new(),
            items: Vec::new(),
            has_elements: false,
            is_null: false,
        };
        let record = record_in(content);
        // Looking for names that are there twice would take the square of their number.
        for attribute in start.attributes().with_checks(false) {
            let Ok(attribute) = attribute else { continue };
            let key = attribute.key.0;
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let name = local(key);
            let value = attribute
                .normalized_value(XmlVersion::Explicit1_0)
                .unwrap_or(Cow::Borrowed(&attribute.value))
                .into_owned();
            let known = record.and_then(|it| {
                it.fields.iter().find_map(|it| match &it.node {
                    Node::Attribute(own, content) | Node::AttributeIn(own, _, content) if local(own) == name => {
                        Some((it.name, content))
                    }
                    _ => None,
                })
            });
            match known {
                Some((name, content)) => {
                    gathered.object.insert(name.to_owned(), scalar(content, value));
                }
                None if name == "nil" && key != "nil" => gathered.is_null = matches!(value.trim(), "true" | "1"),
                None => {}
            }
        }
        Ok(gathered)
    }

    /// Where an element of this name belongs.
    fn place(&mut self, name: &str) -> Place {
        self.has_elements = true;
        let all = match &self.content {
            Content::OneOf(all) => *all,
            one => std::slice::from_ref(one),
        };
        let of_elements = |it: &&Content| !matches!(it, Content::Text | Content::Number | Content::Boolean);
        match all.iter().find(of_elements) {
            Some(Content::Record(record)) => field_of(record, name),
            Some(Content::List(element)) => Place::Item(element.content),
            Some(Content::Map(content)) => Place::Entry(name.to_owned(), **content),
            Some(Content::Any) => Place::Entry(name.to_owned(), Content::Any),
            Some(Content::OneOf(_) | Content::Text | Content::Number | Content::Boolean) | None => Place::Nowhere,
        }
    }

    fn add(&mut self, place: Place, value: Value) {
        match place {
            Place::Field(field, _) => match &field.node {
                Node::Items(_) | Node::AllItems(_) => {
                    if let Value::Array(items) =
                        self.object.entry(field.name).or_insert_with(|| Value::Array(Vec::new()))
                    {
                        items.push(value);
                    }
                }
                Node::Element(_) | Node::AllIn(_) | Node::Attribute(..) | Node::AttributeIn(..) | Node::Text(_) => {
                    self.object.insert(field.name.to_owned(), value);
                }
            },
            Place::Item(_) => self.items.push(value),
            Place::Entry(name, _) => match self.object.get_mut(&name) {
                None => {
                    self.object.insert(name, value);
                }
                Some(Value::Array(items)) => items.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            },
            Place::Nowhere => {}
        }
    }

    fn finish(self) -> Value {
        let Self { content, text, mut object, items, has_elements, is_null } = self;
        if is_null && !has_elements {
            return Value::Null;
        }
        let has_attributes = !object.is_empty();
        let content = match content {
            Content::OneOf(all) => {
                let of_text = |it: &&Content| matches!(it, Content::Text | Content::Number | Content::Boolean);
                let mut texts = all.iter().filter(of_text);
                if has_elements || has_attributes || texts.next().is_none() {
                    all.iter().find(|it| !of_text(it)).copied().unwrap_or(Content::Any)
                } else {
                    return one_of_scalars(all, text);
                }
            }
            one => one,
        };
        match content {
            Content::Text | Content::Number | Content::Boolean => scalar(&content, text),
            Content::Record(record) => {
                complete(record, &mut object, text);
                Value::Object(object)
            }
            Content::List(_) => Value::Array(items),
            Content::Map(_) => Value::Object(object),
            Content::Any | Content::OneOf(_) if has_elements => Value::Object(object),
            Content::Any | Content::OneOf(_) => Value::String(text),
        }
    }
}

/// The record among what an element may hold.
fn record_in(content: &Content) -> Option<&'static Record> {
    match content {
        Content::Record(record) => Some(record),
        Content::OneOf(all) => all.iter().find_map(|it| match it {
            Content::Record(record) => Some(*record),
            _ => None,
        }),
        _ => None,
    }
}

fn field_of(record: &'static Record, name: &str) -> Place {
    let known = record.fields.iter().find_map(|field| match &field.node {
        Node::Element(it) | Node::Items(it) | Node::AllItems(it) | Node::AllIn(it) => {
            (local(it.name) == name).then_some((field, *it))
        }
        Node::Attribute(..) | Node::AttributeIn(..) | Node::Text(_) => None,
    });
    match known {
        Some((field, element)) => Place::Field(field, element),
        // It must not take the place of a field that has another name in XML.
        None if record.fields.iter().any(|it| it.name == name) => Place::Nowhere,
        None => Place::Entry(name.to_owned(), record.rest),
    }
}

/// Adds what an object has without elements: its text, and arrays that are empty.
fn complete(record: &Record, object: &mut Map<String, Value>, text: String) {
    let mut text = Some(text);
    for field in record.fields {
        match &field.node {
            Node::Text(content) => {
                if let Some(text) = text.take() {
                    object.insert(field.name.to_owned(), scalar(content, text));
                }
            }
            Node::AllItems(_) | Node::AllIn(_) if !object.contains_key(field.name) => {
                object.insert(field.name.to_owned(), Value::Array(Vec::new()));
            }
            _ => {}
        }
    }
}

/// A text, or the number or truth value that it is.
fn scalar(content: &Content, text: String) -> Value {
    let read = match content {
        Content::Number => number(text.trim()),
        Content::Boolean => boolean(text.trim()),
        Content::OneOf(all) => return one_of_scalars(all, text),
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

fn one_of_scalars(all: &[Content], text: String) -> Value {
    let has = |it: fn(&Content) -> bool| all.iter().any(it);
    let number = has(|it| matches!(it, Content::Number)).then(|| number(text.trim())).flatten();
    let boolean = || has(|it| matches!(it, Content::Boolean)).then(|| boolean(text.trim())).flatten();
    number.or_else(boolean).unwrap_or(Value::String(text))
}

/// A number as XML Schema and JSON write it; XML also has `+1`, `.5` and `007`.
fn number(text: &str) -> Option<Value> {
    if let Ok(number) = serde_json::from_str::<Number>(text) {
        return Some(number.into());
    }
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it));
    if !is_plain {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = unsigned.parse::<i64>() {
        return Some(whole.into());
    }
    unsigned.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
}

fn boolean(text: &str) -> Option<Value> {
    match text {
        "1" => Some(true.into()),
        "0" => Some(false.into()),
        _ if text.eq_ignore_ascii_case("true") => Some(true.into()),
        _ if text.eq_ignore_ascii_case("false") => Some(false.into()),
        _ => None,
    }
}
