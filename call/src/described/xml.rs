//! How the JSON of bodies and answers becomes XML, as the runtime takes it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use specwright_codegen::model::{Api, Operation, TypeId};
use specwright_codegen::xml::{self, Content, Element, Node};
use specwright_runtime::xml as rt;

use super::{list, one, text};

/// Objects that are inside of themselves are described to this depth: an answer that is deeper keeps what is below as it
/// is in XML.
const DEEPEST: usize = 24;

/// What of an operation is XML.
pub(super) fn of_operation(api: &Api, op: &Operation) -> Option<&'static rt::Xml> {
    let tables = Tables::new(api);
    let body = xml::body(api, op).map(|it| one(tables.element(&it, 0)));
    let answers = tables.by_status(&xml::answers(api, op));
    let errors = tables.by_status(&xml::own_errors(api, op));
    let is_any = body.is_some() || !answers.is_empty() || !errors.is_empty();
    is_any.then(|| one(rt::Xml { body, answers, errors }))
}

/// The bodies of the API's errors.
pub(super) fn errors(api: &Api) -> &'static [(u16, &'static rt::Element)] {
    Tables::new(api).by_status(&xml::errors(api))
}

struct Tables<'a> {
    api: &'a Api,
    /// The objects that are done, by their types and the depth at which they are.
    done: RefCell<BTreeMap<(Vec<TypeId>, usize), &'static rt::Record>>,
}

impl<'a> Tables<'a> {
    fn new(api: &'a Api) -> Self {
        Self { api, done: RefCell::default() }
    }

    fn by_status(&self, all: &[(u16, Element)]) -> &'static [(u16, &'static rt::Element)] {
        list(all.iter().map(|(status, it)| (*status, one(self.element(it, 0)) as &'static _)))
    }

    fn element(&self, it: &Element, depth: usize) -> rt::Element {
        let namespaces = list(it.namespaces.iter().map(|(prefix, uri)| (text(prefix), text(uri))));
        rt::Element { name: text(&it.name), namespaces, content: self.content(&it.content, depth) }
    }

    fn content(&self, it: &Content, depth: usize) -> rt::Content {
        match it {
            Content::Text => rt::Content::Text,
            Content::Number => rt::Content::Number,
            Content::Boolean => rt::Content::Boolean,
            Content::Any => rt::Content::Any,
            Content::Record(_) if depth >= DEEPEST => rt::Content::Any,
            Content::Record(ids) => rt::Content::Record(self.record(ids, depth)),
            Content::List(it) => rt::Content::List(one(self.element(it, depth))),
            Content::Map(it) => rt::Content::Map(one(self.content(it, depth))),
            Content::OneOf(all) => rt::Content::OneOf(list(all.iter().map(|it| self.content(it, depth)))),
        }
    }

    fn record(&self, ids: &[TypeId], depth: usize) -> &'static rt::Record {
        let key = (ids.to_vec(), depth);
        if let Some(known) = self.done.borrow().get(&key) {
            return known;
        }
        let all = xml::fields(self.api, ids);
        let fields = all.fields.iter().map(|it| rt::Field::new(text(&it.name), self.node(&it.node, depth + 1)));
        let record: &'static rt::Record =
            one(rt::Record { fields: list(fields), rest: self.content(&all.rest, depth + 1) });
        self.done.borrow_mut().insert(key, record);
        record
    }

    fn node(&self, it: &Node, depth: usize) -> rt::Node {
        match it {
            Node::Element(it) => rt::Node::Element(self.element(it, depth)),
            Node::Attribute { name, namespace: None, content } => {
                rt::Node::Attribute(text(name), self.content(content, depth))
            }
            Node::Attribute { name, namespace: Some(uri), content } => {
                rt::Node::AttributeIn(text(name), text(uri), self.content(content, depth))
            }
            Node::Text(it) => rt::Node::Text(self.content(it, depth)),
            Node::Items { element: it, always: false } => rt::Node::Items(self.element(it, depth)),
            Node::Items { element: it, always: true } => rt::Node::AllItems(self.element(it, depth)),
            Node::AllIn(it) => rt::Node::AllIn(self.element(it, depth)),
        }
    }
}
