//! What a spec says of XML.

use crate::source::Span;

/// How a field, a type or a body is written in XML, where that differs from the usual: the XML object of OpenAPI.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct XmlObject {
    /// The name of the element or the attribute.
    pub name: Option<String>,
    /// The URI of its namespace.
    pub namespace: Option<String>,
    /// The prefix of its name.
    pub prefix: Option<String>,
    /// What a field is.
    pub node: XmlNode,
    /// Of a list: the items are inside of an element.
    pub wrapped: bool,
    /// Of a list: the name of the items' elements.
    pub item: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// What a field is in XML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum XmlNode {
    /// An element of its own.
    #[default]
    Element,
    /// An attribute of the element around it.
    Attribute,
    /// The text of the element around it.
    Text,
}

impl XmlObject {
    /// Without anything.
    #[must_use]
    pub fn blank(span: Span) -> Self {
        Self { name: None, namespace: None, prefix: None, node: XmlNode::Element, wrapped: false, item: None, span }
    }
}
