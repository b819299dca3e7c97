//! What no XML can hold, and what a spec says of XML in vain.

use std::collections::{BTreeMap, BTreeSet};

use super::{Content, Node, XmlField, fields, local_name};
use crate::diagnostics::{Diagnostic, Diagnostics, types};
use crate::model::{Api, Encoding, Field, Location, Operation, Output, Type, TypeDef, TypeId, TypeKind, XmlObject};
use crate::source::Span;

/// Reports what is wrong with the XML of an API.
pub(crate) fn faults(api: &Api, out: &mut Diagnostics) {
    let mut walk =
        Walk { api, out: Vec::new(), records: BTreeSet::new(), reached: BTreeSet::new(), spans: BTreeSet::new() };
    let mut any = false;
    for operation in &api.operations {
        any |= walk.operation(operation);
    }
    if any {
        let what = "the body of an error";
        for status in &api.errors.statuses {
            status.ty.iter().for_each(|it| walk.root(it, what, status.span));
        }
        for operation in &api.operations {
            api.errors.ty.iter().for_each(|it| walk.root(it, what, operation.span));
            operation.error_types().for_each(|it| walk.root(it, what, operation.span));
        }
    }
    for (at, def) in api.types.iter().enumerate() {
        if !walk.reached.contains(&TypeId(at as u32)) {
            walk.is_without_effect(def);
        }
    }
    walk.out.into_iter().for_each(|it| out.push(it));
}

struct Walk<'a> {
    api: &'a Api,
    out: Vec<Diagnostic>,
    /// The objects that were looked at: one type, or several of which a union is made.
    records: BTreeSet<Vec<TypeId>>,
    /// All types that stand in XML.
    reached: BTreeSet<TypeId>,
    /// Where a fault was reported: types are looked at in several unions.
    spans: BTreeSet<Span>,
}

impl<'a> Walk<'a> {
    fn report(&mut self, problem: &str, help: &str, span: Span) {
        if self.spans.insert(span) {
            self.out.push(types::bad_xml(problem, help, span));
        }
    }

    /// Whether a body or an answer is XML.
    fn operation(&mut self, operation: &Operation) -> bool {
        let in_body = operation.has_body && operation.content_types.iter().any(|it| it.encoding == Encoding::Xml);
        let whole = operation.whole_body().map(|(_, it)| it);
        match whole {
            Some(field) if in_body => {
                self.root(&field.ty, "the body", field.span);
                let own = field.sent.xml.as_deref();
                let is_named = own.is_some_and(|it| it.name.is_some()) || matches!(field.ty, Type::Named(_));
                if !is_named {
                    let help = "write the body as `{$body: {type: …, xml: {name: …}}}`, or use a type that has a name";
                    self.report("the body in XML has no name for its element", help, field.span);
                }
                self.list_words(own, &field.ty);
            }
            Some(field) => self.vain(field.sent.xml.as_deref()),
            None => {
                let field = operation.parameters.fields.iter().find(|it| it.location == Location::Body);
                if let Some(field) = field.filter(|_| in_body) {
                    let help = "make the parameters the fields of a type, and write `body: Type`: its name is that of the element";
                    self.report("a body in XML is one element, and has no parameters", help, field.span);
                }
            }
        }
        let own = operation.response_xml.as_deref();
        if operation.has_xml() {
            self.answers(operation);
            if let Output::Json { ty, .. } = &operation.output {
                self.list_words(own, ty);
            }
        } else {
            self.vain(own);
        }
        in_body || operation.has_xml()
    }

    fn answers(&mut self, operation: &Operation) {
        let json = "write `accept: application/json` in the operation if it does not respond in XML";
        let fault = match &operation.output {
            Output::Task(_) => Some("a task is read in JSON"),
            Output::Json { plain_text: Some(_), .. } => Some("a response that may be text is JSON otherwise"),
            Output::Json { wrapper: Some(_), .. } => Some("a response that is `wrapped` is JSON"),
            Output::ByStatus(all) if all.iter().any(|it| it.form.wrapper().is_some()) => {
                Some("a response that is `wrapped` is JSON")
            }
            _ => None,
        };
        if let Some(problem) = fault {
            self.report(problem, &format!("{json}; a record with one field stands for `wrapped`"), operation.span);
        }
        for ty in operation.output.types() {
            self.root(ty, "the response", operation.span);
        }
    }

    fn root(&mut self, ty: &Type, what: &str, span: Span) {
        match ty {
            Type::Array(item) => self.value(item, what, span),
            other => self.value(other, what, span),
        }
    }

    /// A value that is no list of a field.
    fn value(&mut self, ty: &Type, what: &str, span: Span) {
        match ty {
            Type::Array(_) | Type::Tuple(_) => {
                let problem = format!("a list in {what} has no name for its elements in XML");
                self.report(&problem, "put the list into a field of a type", span);
            }
            Type::Map(inner) | Type::Nullable(inner) => self.value(inner, what, span),
            Type::Union(members) => self.union(members, what, span),
            Type::Named(id) => {
                self.reached.insert(*id);
                match &self.api.ty(*id).kind {
                    TypeKind::Union { members, .. } => {
                        if self.records.insert(vec![*id]) {
                            let def = self.api.ty(*id);
                            let what = format!("`{}`", def.name);
                            self.union(members, &what, def.span);
                            if super::holds_itself(self.api, *id) {
                                let problem =
                                    format!("{what} holds itself, and XML does not tell at what depth a value is");
                                self.report(&problem, "put what is inside of it into a field of a type", def.span);
                            }
                        }
                    }
                    TypeKind::Record(_) | TypeKind::Tagged(_) => self.record(&[*id]),
                    TypeKind::Enum(_) => {}
                }
            }
            _ => {}
        }
    }

    fn union(&mut self, members: &[Type], what: &str, span: Span) {
        members.iter().for_each(|it| self.value(it, what, span));
        let content = super::union(self.api, members);
        let all = if let Content::OneOf(all) = &content { all.as_slice() } else { std::slice::from_ref(&content) };
        let is_text = |it: &&Content| matches!(it, Content::Text | Content::Number | Content::Boolean);
        if all.iter().filter(|it| !is_text(it)).count() > 1 {
            let problem = format!("XML does not tell the members of {what} apart");
            self.report(&problem, "of texts, objects and maps, only one may be of elements", span);
        }
        for it in all {
            if let Content::Record(ids) = it {
                self.record(ids);
            }
        }
    }

    /// The fields of an object that is of one of these types.
    fn record(&mut self, ids: &[TypeId]) {
        self.reached.extend(ids);
        if !self.records.insert(ids.to_vec()) {
            return;
        }
        let merged = fields(self.api, ids);
        let mut sources: Vec<(TypeId, &'a Field)> = Vec::new();
        for id in ids {
            self.sources(*id, &mut sources);
        }
        for (id, field) in &sources {
            let own = super::node(self.api, field);
            let same = merged.fields.iter().find(|it| it.name == field.name);
            if same.is_some_and(|it| it.node != own && ids != [*id]) {
                let problem = format!("`{}` is not the same in XML in all members of the union", field.name);
                self.report(&problem, "say the same of it in each of the types", field.span);
            }
            self.field(field, &own);
        }
        self.names(&merged.fields, &sources, self.api.ty(ids[0]));
        for id in ids {
            if let TypeKind::Record(record) = &self.api.ty(*id).kind
                && let Some(ty) = &record.additional
            {
                self.value(ty, &format!("`{}`", self.api.ty(*id).name), self.api.ty(*id).span);
            }
        }
    }

    fn sources(&mut self, id: TypeId, all: &mut Vec<(TypeId, &'a Field)>) {
        self.reached.insert(id);
        match &self.api.ty(id).kind {
            TypeKind::Record(record) => all.extend(record.fields.iter().map(|it| (id, it))),
            TypeKind::Tagged(union) => {
                for (_, member) in &union.members {
                    self.sources(*member, all);
                }
            }
            TypeKind::Enum(_) | TypeKind::Union { .. } => {}
        }
    }

    fn field(&mut self, field: &Field, node: &Node) {
        let what = format!("`{}`", field.name);
        let own = field.sent.xml.as_deref();
        match node {
            Node::Attribute { content: held, .. } | Node::Text(held) => {
                let is_text = match held {
                    Content::OneOf(all) => all.iter().all(is_scalar),
                    one => is_scalar(one),
                };
                if !is_text {
                    let place = if let Node::Text(_) = node { "the text of an element" } else { "an attribute" };
                    let problem = format!("{what} is {place}, but its values are no texts, numbers or truth values");
                    let span = own.map_or(field.span, |it| it.span);
                    self.report(&problem, "make it an element, or change its type", span);
                }
            }
            Node::Items { .. } | Node::AllIn(_) | Node::Element(_) => {}
        }
        match &field.ty {
            Type::Array(item) if matches!(node, Node::Items { .. } | Node::AllIn(_) | Node::Element(_)) => {
                self.value(item, &what, field.span);
            }
            Type::Array(_) => {}
            other => self.value(other, &what, field.span),
        }
        self.list_words(own, &field.ty);
    }

    /// `wrapped` and `item` where there is no list.
    fn list_words(&mut self, own: Option<&XmlObject>, ty: &Type) {
        if let Some(own) = own
            && (own.wrapped || own.item.is_some())
            && !matches!(ty, Type::Array(_))
        {
            let help = "they say how a list is written; remove them, or change the type";
            self.report("`wrapped` and `item` are only valid for lists", help, own.span);
        }
    }

    /// Names that no element has, or several.
    fn names(&mut self, all: &[XmlField], sources: &[(TypeId, &Field)], owner: &TypeDef) {
        let span_of = |name: &str| sources.iter().find(|(_, it)| it.name == name).map_or(owner.span, |(_, it)| it.span);
        let (mut elements, mut attributes) = (BTreeMap::new(), BTreeMap::new());
        let mut text: Option<&str> = None;
        for it in all {
            let (name, taken) = match &it.node {
                Node::Attribute { name, .. } => (name, &mut attributes),
                Node::Element(element) | Node::AllIn(element) | Node::Items { element, .. } => {
                    (&element.name, &mut elements)
                }
                Node::Text(_) => {
                    if let Some(other) = text.replace(&it.name) {
                        let problem = format!("`{other}` and `{}` are both the text of one element", it.name);
                        self.report(&problem, "make one of them an element or an attribute", span_of(&it.name));
                    }
                    continue;
                }
            };
            if !is_name(name) {
                let problem = format!("`{name}` cannot be a name in XML");
                self.report(&problem, "write another one as `xml: {name: …}`", span_of(&it.name));
            }
            if let Some(other) = taken.insert(local_name(name).to_owned(), it.name.clone()) {
                let problem =
                    format!("`{other}` and `{}` have the same name in XML, whose prefixes do not count", it.name);
                self.report(&problem, "write another one as `xml: {name: …}`", span_of(&it.name));
            }
        }
        if let (Some(text), Some(other)) = (text, elements.values().next()) {
            let problem = format!("`{text}` is the text of an element that has elements too, such as `{other}`");
            self.report(&problem, "beside a text there are only attributes", span_of(text));
        }
    }

    fn is_without_effect(&mut self, def: &TypeDef) {
        self.vain(def.xml.as_deref());
        if let TypeKind::Record(record) = &def.kind {
            record.fields.iter().for_each(|it| self.vain(it.sent.xml.as_deref()));
        }
    }

    fn vain(&mut self, xml: Option<&XmlObject>) {
        if let Some(xml) = xml
            && self.spans.insert(xml.span)
        {
            let of = "bodies with `encoding: xml`, responses with `accept: application/xml`, and the types of these";
            self.out.push(types::keyword_without_effect("`xml`", of, xml.span));
        }
    }
}

fn is_scalar(content: &Content) -> bool {
    matches!(content, Content::Text | Content::Number | Content::Boolean)
}

/// Whether a text can be a name in XML, with a prefix or without.
pub(crate) fn is_name(text: &str) -> bool {
    let is_start = |it: char| it.is_alphabetic() || it == '_';
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '\u{b7}');
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() <= 2 && parts.iter().all(|it| it.starts_with(is_start) && it.chars().all(is_part))
}
