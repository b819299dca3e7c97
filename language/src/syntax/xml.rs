//! `xml:`, how a field, a type or a body is written in XML.

use super::read::Map;
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{XmlNode, XmlObject};
use crate::source::Spanned;
use crate::xml::is_name;
use crate::yaml::{Kind, Node};

/// The keys that an element at the top has.
pub(super) const KEYS: &[&str] = &["name", "namespace", "prefix", "item"];

/// What `xml` stands at.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Of {
    /// A field of a record.
    Field,
    /// A body or a response.
    Root,
    /// A type.
    Type,
}

/// `xml: name`, or `xml: {name: …, attribute: true}`.
pub(super) fn decode(node: &Node, of: Of, out: &mut Diagnostics) -> Option<Box<XmlObject>> {
    let mut xml = XmlObject::blank(node.span);
    if let Kind::Scalar(_) = &node.kind {
        xml.name = Some(super::read::text(node, out)?.value);
        check_name(&Spanned::new(xml.name.clone().unwrap_or_default(), node.span), out);
        return Some(Box::new(xml));
    }
    let mut map = Map::of(node, "how it is written in XML", out)?;
    let mut name = |key: &'static str, out: &mut Diagnostics| {
        let text = map.text(key, out)?;
        check_name(&text, out);
        Some(text.value)
    };
    xml.name = name("name", out);
    xml.prefix = name("prefix", out);
    if of != Of::Type {
        xml.item = name("item", out);
    }
    xml.namespace = map.text("namespace", out).map(|it| it.value);
    if of == Of::Field {
        let attribute = map.flag("attribute", out).filter(|it| it.value);
        let text = map.flag("text", out).filter(|it| it.value);
        let wrapped = map.flag("wrapped", out).filter(|it| it.value);
        xml.wrapped = wrapped.is_some();
        xml.node = match (&attribute, &text) {
            (Some(_), _) => XmlNode::Attribute,
            (None, Some(_)) => XmlNode::Text,
            (None, None) => XmlNode::Element,
        };
        if let [first, second, ..] = [attribute, text, wrapped].into_iter().flatten().collect::<Vec<_>>().as_slice() {
            out.push(decode::keys_exclude(
                "a field is an attribute, a text or a wrapped list",
                first.span,
                second.span,
            ));
        }
    }
    map.finish(out);
    Some(Box::new(xml))
}

fn check_name(name: &Spanned<String>, out: &mut Diagnostics) {
    if !is_name(&name.value) || name.value.contains(':') {
        let help =
            "it begins with a letter or `_`, and has letters, digits, `-`, `_` and `.`; a prefix stands under `prefix`";
        out.push(decode::bad_text(&name.value, "a name in XML", help, name.span));
    }
}
