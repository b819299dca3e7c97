//! How JSON values are written in XML, as static data, and what reads and writes it.
//!
//! A value is JSON everywhere in the runtime: rules, types and errors know nothing of XML. A body or an answer in XML has an
//! [`Element`], which tells how the JSON of the body becomes XML, or how the XML of an answer becomes JSON.
//!
//! The tables are always here, so that an [`Operation`](crate::Operation) is the same with every feature. What reads and writes
//! needs the feature `xml`.

#[cfg(feature = "xml")]
mod read;
#[cfg(all(test, feature = "xml"))]
mod tests;
#[cfg(feature = "xml")]
mod write;

#[cfg(feature = "xml")]
pub(crate) use read::{XmlError, read};
#[cfg(feature = "xml")]
pub(crate) use write::write;

/// Where an operation has XML.
#[derive(Debug)]
pub struct Xml {
    /// Its body, where that is written in XML.
    pub body: Option<&'static Element>,
    /// Its answers of success by status; 0 is any other status.
    pub answers: &'static [(u16, &'static Element)],
    /// The bodies of its errors by status; 0 is any other status. They take precedence over those of the API.
    pub errors: &'static [(u16, &'static Element)],
}

/// An element.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// Its name with its prefix: `soap:Envelope`.
    pub name: &'static str,
    /// The namespaces that it declares: prefixes, of which the default one is empty, and URIs.
    pub namespaces: &'static [(&'static str, &'static str)],
    /// What is in it.
    pub content: Content,
}

impl Element {
    /// An element without namespaces.
    #[must_use]
    pub const fn new(name: &'static str, content: Content) -> Self {
        Self { name, namespaces: &[], content }
    }

    /// With namespaces.
    #[must_use]
    pub const fn with(mut self, namespaces: &'static [(&'static str, &'static str)]) -> Self {
        self.namespaces = namespaces;
        self
    }
}

/// What an element or an attribute holds.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Elements and attributes by name: an object.
    Record(&'static Record),
    /// Elements, each of which is an item: an array.
    List(&'static Element),
    /// Elements that have the names of its keys: an object.
    Map(&'static Content),
    /// One of several: elements are of the first that has any, and text is a number or a truth value if it reads as one.
    OneOf(&'static [Content]),
    /// Any JSON. An element with elements is an object, any other is text.
    Any,
}

/// The fields of an object.
#[derive(Debug)]
pub struct Record {
    /// In the order in which they are written.
    pub fields: &'static [Field],
    /// What elements hold that are none of these.
    pub rest: Content,
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it is in XML.
    pub node: Node,
}

/// What a field is in XML.
#[derive(Clone, Copy, Debug)]
pub enum Node {
    /// An element.
    Element(Element),
    /// An attribute of the object's element, by its name.
    Attribute(&'static str, Content),
    /// An attribute whose name has a prefix, and the namespace that the prefix stands for.
    AttributeIn(&'static str, &'static str, Content),
    /// The text of the object's element.
    Text(Content),
    /// An array whose items are elements, beside the other fields.
    Items(Element),
    /// As `Items`, of a field that is always there: without elements, it is an empty array.
    AllItems(Element),
    /// An array in an element that is always there; without it, it is an empty array.
    AllIn(Element),
}

impl Field {
    /// A field of this name in JSON.
    #[must_use]
    pub const fn new(name: &'static str, node: Node) -> Self {
        Self { name, node }
    }

    /// An element of this name.
    #[must_use]
    pub const fn element(name: &'static str, element: &'static str, content: Content) -> Self {
        Self { name, node: Node::Element(Element::new(element, content)) }
    }
}

/// Whether a media type is one of XML: `text/xml`, `application/xml; charset=utf-8`, `application/atom+xml`.
#[cfg(feature = "xml")]
pub(crate) fn is_xml(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    kind.split_once('/').is_some_and(|(_, it)| {
        it.eq_ignore_ascii_case("xml") || it.len() > 4 && it[it.len() - 4..].eq_ignore_ascii_case("+xml")
    })
}
