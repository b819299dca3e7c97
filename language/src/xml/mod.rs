//! How the JSON of bodies and answers becomes XML: from what the spec says and what is usual, for the emitters, the samples
//! and the contract server.
//!
//! A field is an element of its name, and the items of a list are elements beside it. A type is the element at the top.
//! `faults` finds what no XML can hold.

mod faults;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeSet;

pub(crate) use self::faults::{faults, is_name};
pub use self::write::{lines, write};
use crate::model::{Api, Encoding, Field, Operation, Output, Type, TypeDef, TypeId, TypeKind, XmlNode, XmlObject};

/// An element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Element {
    /// Its name, with its prefix.
    pub name: String,
    /// The namespaces that it declares: prefixes, of which the default one is empty, and URIs.
    pub namespaces: Vec<(String, String)>,
    /// What is in it.
    pub content: Content,
}

/// What an element or an attribute holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A truth value.
    Boolean,
    /// An object of one of these types, in their order and each once: records, unions with a tag, and unions of both.
    Record(Vec<TypeId>),
    /// An array: an element for each item.
    List(Box<Element>),
    /// An object whose keys are names of elements.
    Map(Box<Content>),
    /// One of several: texts, numbers, truth values, and at most one of the others.
    OneOf(Vec<Content>),
    /// Any JSON.
    Any,
}

/// The fields of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fields {
    /// In the order of the spec.
    pub fields: Vec<XmlField>,
    /// What elements hold that are none of these.
    pub rest: Content,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct XmlField {
    /// Its name in JSON.
    pub name: String,
    /// What it is.
    pub node: Node,
}

/// What a field is in XML.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// An element.
    Element(Element),
    /// An attribute.
    Attribute {
        /// Its name, with its prefix.
        name: String,
        /// What the prefix stands for.
        namespace: Option<String>,
        /// What it holds.
        content: Content,
    },
    /// The text of the object's element.
    Text(Content),
    /// An array whose items are elements beside the other fields.
    Items {
        /// An item.
        element: Element,
        /// It is there without items too.
        always: bool,
    },
    /// An array in an element that is always there, with items or without.
    AllIn(Element),
}

/// A name without its prefix.
#[must_use]
pub fn local_name(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |it| it.1)
}

/// The body of an operation, where it can be XML.
#[must_use]
pub fn body(api: &Api, operation: &Operation) -> Option<Element> {
    let (_, field) = operation.whole_body()?;
    let is_xml = operation.content_types.iter().any(|it| it.encoding == Encoding::Xml);
    is_xml.then(|| root(api, &field.ty, field.sent.xml.as_deref(), &pascal(&operation.name, "Request")))
}

/// The answers of success that are XML, by status; 0 is any.
#[must_use]
pub fn answers(api: &Api, operation: &Operation) -> Vec<(u16, Element)> {
    if !operation.has_xml() {
        return Vec::new();
    }
    let own = operation.response_xml.as_deref();
    let of = |ty: &Type| root(api, ty, own, &pascal(&operation.name, "Response"));
    match &operation.output {
        Output::Json { ty, .. } => vec![(0, of(ty))],
        Output::ByStatus(all) => {
            let bodies = all.iter().filter(|it| it.form.is_json()).filter_map(|it| Some((it.status, it.ty.as_ref()?)));
            let mut all: Vec<(u16, Element)> = bodies.map(|(status, ty)| (status, of(ty))).collect();
            // A status that the spec does not know has the first body.
            all.extend(all.first().map(|(_, it)| (0, it.clone())));
            all
        }
        Output::Empty | Output::Text { .. } | Output::Redirect | Output::Binary { .. } | Output::Task(_) => Vec::new(),
    }
}

/// The bodies of the errors that an operation says itself, by status; 0 is any.
#[must_use]
pub fn own_errors(api: &Api, operation: &Operation) -> Vec<(u16, Element)> {
    if !api.has_xml {
        return Vec::new();
    }
    let of = |ty: &Type| root(api, ty, None, "Error");
    let by_status = operation.statuses.iter().filter_map(|it| Some((it.status, of(it.ty.as_ref()?))));
    by_status.chain(operation.error_type.iter().map(|it| (0, of(it)))).collect()
}

/// The bodies of the API's errors in XML, by status; 0 is any, and is there if the API has XML at all.
#[must_use]
pub fn errors(api: &Api) -> Vec<(u16, Element)> {
    if !api.has_xml {
        return Vec::new();
    }
    let of = |ty: &Type| root(api, ty, None, "Error");
    let by_status = api.errors.statuses.iter().filter_map(|it| Some((it.status, of(it.ty.as_ref()?))));
    let any = Element { name: "Error".to_owned(), namespaces: Vec::new(), content: Content::Any };
    let other = (0, api.errors.ty.as_ref().map_or(any, of));
    by_status.chain([other]).collect()
}

/// Whether a body or an answer of the API can be XML: what [`Api::has_xml`] is.
pub(crate) fn uses_xml(api: &Api) -> bool {
    api.operations.iter().any(|it| {
        let has_body = it.content_types.iter().any(|it| it.encoding == Encoding::Xml);
        it.has_body && has_body || it.has_xml()
    })
}

/// The element at the top of a document. `otherwise` is the name of what has none.
fn root(api: &Api, ty: &Type, own: Option<&XmlObject>, otherwise: &str) -> Element {
    let of_type = def_of(api, ty).and_then(|it| it.xml.as_deref());
    let name = own.and_then(|it| it.name.as_deref()).or_else(|| type_name(api, ty)).unwrap_or(otherwise);
    let content = match ty {
        Type::Array(item) => {
            let name = own.and_then(|it| it.item.as_deref()).or_else(|| type_name(api, item)).unwrap_or("item");
            Content::List(Box::new(item_element(api, item, name)))
        }
        other => content(api, other),
    };
    let has_own = own.filter(|it| it.namespace.is_some() || it.prefix.is_some());
    element(name, has_own.or(of_type), content)
}

/// What an element of a list is called by its type: the name that its `xml` says, or its own.
fn type_name<'a>(api: &'a Api, ty: &Type) -> Option<&'a str> {
    let def = def_of(api, ty)?;
    Some(def.xml.as_ref().and_then(|it| it.name.as_deref()).unwrap_or(&def.name))
}

fn def_of<'a>(api: &'a Api, ty: &Type) -> Option<&'a TypeDef> {
    match ty.non_null() {
        Type::Named(id) => Some(api.ty(*id)),
        _ => None,
    }
}

fn item_element(api: &Api, item: &Type, name: &str) -> Element {
    let of_type = def_of(api, item).and_then(|it| it.xml.as_deref());
    element(name, of_type, content(api, item))
}

fn element(name: &str, xml: Option<&XmlObject>, content: Content) -> Element {
    let prefix = xml.and_then(|it| it.prefix.as_deref());
    let uri = xml.and_then(|it| it.namespace.as_ref());
    Element {
        name: qualified(prefix, name),
        namespaces: uri.map(|it| (prefix.unwrap_or_default().to_owned(), it.clone())).into_iter().collect(),
        content,
    }
}

fn qualified(prefix: Option<&str>, name: &str) -> String {
    match prefix {
        Some(prefix) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    }
}

/// What a value of a type is. A list outside of a field has no names for its items, which `faults` reports.
pub(crate) fn content(api: &Api, ty: &Type) -> Content {
    match ty {
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 | Type::File => {
            Content::Text
        }
        Type::Integer | Type::Sized(_) | Type::Number => Content::Number,
        Type::Boolean => Content::Boolean,
        Type::Json | Type::Tuple(_) => Content::Any,
        Type::Array(item) => Content::List(Box::new(item_element(api, item, "item"))),
        Type::Map(value) => Content::Map(Box::new(content(api, value))),
        Type::Nullable(inner) => content(api, inner),
        Type::Union(members) => union(api, members),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(_) | TypeKind::Tagged(_) => Content::Record(vec![*id]),
            TypeKind::Enum(_) => Content::Text,
            TypeKind::Union { .. } if holds_itself(api, *id) => Content::Any,
            TypeKind::Union { members, .. } => union(api, members),
        },
    }
}

/// Whether a union is inside of its own lists and maps, with no object between: [`Content`] would have no end. `faults`
/// reports it.
fn holds_itself(api: &Api, union: TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut todo = vec![union];
    while let Some(id) = todo.pop() {
        let TypeKind::Union { members, .. } = &api.ty(id).kind else { continue };
        let mut types: Vec<&Type> = members.iter().collect();
        while let Some(ty) = types.pop() {
            match ty {
                Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => types.push(inner),
                Type::Union(members) => types.extend(members),
                Type::Named(id) if *id == union => return true,
                Type::Named(id) if seen.insert(*id) => todo.push(*id),
                _ => {}
            }
        }
    }
    false
}

/// The members of a union; objects of several types are one that has the fields of all.
fn union(api: &Api, members: &[Type]) -> Content {
    let (mut all, mut records) = (Vec::new(), Vec::new());
    gather(api, members, &mut BTreeSet::new(), &mut (&mut all, &mut records));
    if !records.is_empty() {
        all.push(Content::Record(records));
    }
    if let [_] = all.as_slice() { all.swap_remove(0) } else { Content::OneOf(all) }
}

type Members<'m> = (&'m mut Vec<Content>, &'m mut Vec<TypeId>);

fn gather(api: &Api, members: &[Type], seen: &mut BTreeSet<TypeId>, (all, records): &mut Members<'_>) {
    for member in members {
        if let Type::Named(id) = member
            && let TypeKind::Union { members, .. } = &api.ty(*id).kind
        {
            if seen.insert(*id) {
                gather(api, members, seen, &mut (&mut **all, &mut **records));
            }
            continue;
        }
        match content(api, member) {
            Content::Record(ids) => {
                for id in ids {
                    if !records.contains(&id) {
                        records.push(id);
                    }
                }
            }
            other if !all.contains(&other) => all.push(other),
            _ => {}
        }
    }
}

/// The fields of an object of one of several types.
#[must_use]
pub fn fields(api: &Api, ids: &[TypeId]) -> Fields {
    let mut out = Fields { fields: Vec::new(), rest: Content::Any };
    for id in ids {
        add_fields(api, *id, &mut out);
    }
    out
}

fn add_fields(api: &Api, id: TypeId, out: &mut Fields) {
    match &api.ty(id).kind {
        TypeKind::Record(record) => {
            for it in record.fields.iter().map(|it| XmlField { name: it.name.clone(), node: node(api, it) }) {
                if out.fields.iter().all(|known| known.name != it.name) {
                    out.fields.push(it);
                }
            }
            if let Some(ty) = &record.additional {
                out.rest = content(api, ty);
            }
        }
        TypeKind::Tagged(union) => {
            let tag = content(api, &union.tag_type);
            let node = Node::Element(Element { name: union.tag.clone(), namespaces: Vec::new(), content: tag });
            out.fields.push(XmlField { name: union.tag.clone(), node });
            union.members.iter().for_each(|(_, id)| add_fields(api, *id, out));
        }
        TypeKind::Enum(_) | TypeKind::Union { .. } => {}
    }
}

/// What a field is in XML.
pub fn node(api: &Api, field: &Field) -> Node {
    let own = field.sent.xml.as_deref();
    let said = own.and_then(|it| it.name.as_deref());
    let name = said.unwrap_or_else(|| field.sent_name());
    let of_node = own.map_or(XmlNode::Element, |it| it.node);
    match (&field.ty, of_node) {
        (ty, XmlNode::Attribute) => {
            let prefix = own.and_then(|it| it.prefix.as_deref());
            let namespace = own.and_then(|it| it.namespace.clone()).filter(|_| prefix.is_some());
            Node::Attribute { name: qualified(prefix, name), namespace, content: content(api, ty) }
        }
        (ty, XmlNode::Text) => Node::Text(content(api, ty)),
        (Type::Array(item), XmlNode::Element) => {
            let explicit = def_of(api, item).and_then(|it| it.xml.as_ref()?.name.as_deref());
            let always = field.always_required();
            let item_name = own.and_then(|it| it.item.as_deref());
            if own.is_some_and(|it| it.wrapped) {
                let items = item_element(api, item, item_name.or(explicit).unwrap_or(name));
                let list = element(name, own, Content::List(Box::new(items)));
                return if always { Node::AllIn(list) } else { Node::Element(list) };
            }
            let name = item_name.or(said).or(explicit).unwrap_or(name);
            let has_own = own.filter(|it| it.namespace.is_some() || it.prefix.is_some());
            let of_item = has_own.or_else(|| def_of(api, item)?.xml.as_deref());
            Node::Items { element: element(name, of_item, content(api, item)), always }
        }
        (ty, XmlNode::Element) => {
            let has_own = own.filter(|it| it.namespace.is_some() || it.prefix.is_some());
            let of_type = def_of(api, ty).and_then(|it| it.xml.as_deref());
            Node::Element(element(name, has_own.or(of_type), content(api, ty)))
        }
    }
}

/// `ListThingsResponse`: what an element at the top is called that has no other name.
fn pascal(operation: &str, end: &str) -> String {
    let words = operation.split('_').map(|it| {
        let mut letters = it.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.chain([end.to_owned()]).collect()
}
