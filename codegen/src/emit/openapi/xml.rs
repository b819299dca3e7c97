//! The XML objects of OpenAPI, and examples in XML.
//!
//! OpenAPI gives the name that a type has in XML to every property of that type too. Where a property has another name, it
//! says so itself.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Version;
use super::keywords;
use super::schema::Context;
use crate::model::{Api, Encoding, Field, Location, Operation, Type, TypeDef, XmlObject, is_xml};
use crate::xml::{self, Content, Element, Node, local_name};

/// What is beside the schema of a field, and beside that of its items.
struct Notes {
    own: Map<String, Value>,
    items: Map<String, Value>,
}

/// Says how a field is written in XML, if that is not what its name says.
pub(super) fn field(context: &Context<'_>, field: &Field, schema: &mut Map<String, Value>) {
    if !context.has_xml {
        return;
    }
    let notes = match field.location {
        Location::Body => of_field(context.api, field),
        Location::WholeBody => of_root(&field.ty, field.sent.xml.as_deref()),
        Location::Path | Location::Query | Location::Header | Location::Cookie => return,
    };
    insert(context.version, notes, schema);
}

/// Says what the element of a response is called.
pub(super) fn root(context: &Context<'_>, ty: &Type, own: Option<&XmlObject>, schema: &mut Map<String, Value>) {
    if context.has_xml {
        insert(context.version, of_root(ty, own), schema);
    }
}

fn insert(version: Version, notes: Notes, schema: &mut Map<String, Value>) {
    if !notes.items.is_empty()
        && let Some(Value::Object(items)) = schema.get_mut("items")
    {
        keywords::annotate(version, items, Map::from_iter([("xml".to_owned(), notes.items.into())]));
    }
    if !notes.own.is_empty() {
        keywords::annotate(version, schema, Map::from_iter([("xml".to_owned(), notes.own.into())]));
    }
}

/// The XML object of a type.
pub(super) fn of_type(context: &Context<'_>, def: &TypeDef, schema: &mut Map<String, Value>) {
    if !context.has_xml {
        return;
    }
    let name = def.xml.as_ref().and_then(|it| it.name.as_deref()).unwrap_or(&def.name);
    let mut all = Map::from_iter([("name".to_owned(), name.into())]);
    all.extend(namespace(def.xml.as_deref()));
    schema.insert("xml".to_owned(), all.into());
}

fn namespace(xml: Option<&XmlObject>) -> impl Iterator<Item = (String, Value)> {
    let namespace = xml.and_then(|it| it.namespace.clone()).map(|it| ("namespace".to_owned(), it.into()));
    let prefix = xml.and_then(|it| it.prefix.clone()).map(|it| ("prefix".to_owned(), it.into()));
    namespace.into_iter().chain(prefix)
}

/// The name that a type gives to its element, if it has one.
fn name_of_type<'a>(api: &'a Api, ty: &Type) -> Option<&'a str> {
    let Type::Named(id) = ty.non_null() else { return None };
    let def = api.ty(*id);
    let is_inline_enum = def.inline && matches!(def.kind, crate::model::TypeKind::Enum(_));
    let said = def.xml.as_ref().and_then(|it| it.name.as_deref()).unwrap_or(&def.name);
    (!is_inline_enum).then_some(said)
}

/// The name of an element, where nothing else gives it the same one.
fn name(api: &Api, ty: &Type, element: &str, otherwise: &str) -> Option<(String, Value)> {
    let element = local_name(element);
    let given = name_of_type(api, ty).unwrap_or(otherwise);
    (element != given).then(|| ("name".to_owned(), element.into()))
}

fn of_field(api: &Api, field: &Field) -> Notes {
    let (own, mut notes) = (field.sent.xml.as_deref(), Notes { own: Map::new(), items: Map::new() });
    match xml::node(api, field) {
        Node::Attribute { name: element, .. } => {
            notes.own.insert("attribute".to_owned(), true.into());
            notes.own.extend(name(api, &field.ty, &element, field.sent_name()));
            notes.own.extend(namespace(own));
        }
        Node::Text(_) => {
            // OpenAPI has a word for it since 3.2.
            notes.own.insert("x-ms-text".to_owned(), true.into());
        }
        Node::Items { element, .. } => {
            if let Type::Array(item) = &field.ty {
                notes.items.extend(name(api, item, &element.name, field.sent_name()));
            }
            notes.items.extend(namespace(own));
        }
        Node::Element(element) | Node::AllIn(element) => match (&field.ty, &element.content) {
            (Type::Array(item), Content::List(of_item)) => {
                notes.own.insert("wrapped".to_owned(), true.into());
                notes.own.extend(name(api, &field.ty, &element.name, field.sent_name()));
                notes.own.extend(namespace(own));
                notes.items.extend(name(api, item, &of_item.name, ""));
            }
            _ => {
                notes.own.extend(name(api, &field.ty, &element.name, field.sent_name()));
                notes.own.extend(namespace(own));
            }
        },
    }
    notes
}

fn of_root(ty: &Type, own: Option<&XmlObject>) -> Notes {
    let mut notes = Notes { own: Map::new(), items: Map::new() };
    let said = own.and_then(|it| it.name.clone());
    notes.own.extend(said.map(|it| ("name".to_owned(), it.into())));
    notes.own.extend(namespace(own));
    if let Type::Array(_) = ty {
        notes.own.insert("wrapped".to_owned(), true.into());
        let item = own.and_then(|it| it.item.clone());
        notes.items.extend(item.map(|it| ("name".to_owned(), it.into())));
    }
    notes
}

/// The content of a media type: examples of XML are text.
pub(super) fn content(api: &Api, media_type: &str, element: Option<&Element>, media: &Value) -> Value {
    let mut media = media.clone();
    if let (true, Some(element)) = (is_xml(media_type), element)
        && let Some(examples) = media.get_mut("examples").and_then(Value::as_object_mut)
    {
        for example in examples.values_mut() {
            let text = xml::write(api, element, &example["value"]);
            example["value"] = json!(text);
        }
    }
    media
}

/// The body of an error by its media types: those in which its operation responds, or all of the API.
pub(super) fn of_error(api: &Api, operation: Option<&Operation>, status: u16, media: &Value) -> Map<String, Value> {
    let json = Encoding::Json.media_type();
    let mut types: Vec<&str> = Vec::new();
    let all = api.operations.iter().map(Arc::as_ref).filter(|_| operation.is_none());
    for it in operation.into_iter().chain(all) {
        let all = if it.has_xml() { it.json_types().collect() } else { vec![json] };
        for it in all {
            if !types.contains(&it) {
                types.push(it);
            }
        }
    }
    if types.is_empty() {
        types.push(json);
    }
    let own = operation.map(|it| xml::own_errors(api, it)).unwrap_or_default();
    let all: Vec<(u16, Element)> = own.into_iter().chain(xml::errors(api)).collect();
    let element = all.iter().find(|it| it.0 == status).or(all.iter().find(|it| it.0 == 0)).map(|it| &it.1);
    types.iter().map(|it| ((*it).to_owned(), content(api, it, element, media))).collect()
}
