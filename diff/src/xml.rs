//! How bodies and responses are written in XML.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::model::{Api, Operation, TypeId};
use specwright_codegen::prose::code;
use specwright_codegen::xml::{self, Content, Element, Node, local_name};

use crate::change::{Change, Class, Evidence, Side};
use crate::requests::Call;
use crate::sample::{get, known_requests, renamed, verdict};

/// What is written otherwise.
pub(crate) fn changes(old: Call<'_>, new: Call<'_>, name: &str, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    if let (Some(was), Some(is)) = (xml::body(old.api, own), xml::body(new.api, theirs)) {
        let told = differences(&Forms::of(old.api, &was, true), &Forms::of(new.api, &is, true));
        let shown = if told.is_empty() { None } else { shown(old, new, &was, &is) };
        for words in told {
            let mut change = Change::new(Class::Breaking, Side::Request, words).of(name).at("body");
            if let Some(request) = &shown {
                change.evidence = Evidence::MeansOther(request.clone());
            }
            out.push(change);
        }
    }
    let read = |api: &Api, operation: &Operation| {
        let mut forms = Forms::default();
        for (_, element) in xml::answers(api, operation) {
            forms.add(api, &element.content, false);
        }
        forms
    };
    for words in differences(&read(old.api, own), &read(new.api, theirs)) {
        out.push(Change::new(Class::Breaking, Side::Response, words).of(name).at("response"));
    }
}

/// A request that both specs accept, and whose body is another.
fn shown(
    old: Call<'_>,
    new: Call<'_>,
    was: &Element,
    is: &Element,
) -> Option<Box<specwright_codegen::boundary::RequestParts>> {
    let (own, theirs) = (old.operation(), new.operation());
    let (_, field) = own.whole_body()?;
    let mut all = known_requests(old).into_iter();
    let found = all.find(|it| {
        let legal = || verdict(old, it).is_valid() && verdict(new, &renamed(it, own, theirs)).is_valid();
        let differs = |value| xml::write(old.api, was, value) != xml::write(new.api, is, value);
        get(it, field).is_some_and(differs) && legal()
    });
    found.map(Box::new)
}

fn differences(was: &Forms, is: &Forms) -> Vec<String> {
    let both = is.0.iter().filter_map(|(what, is)| Some((what, is, was.0.get(what)?)));
    both.filter(|(_, is, was)| is != was)
        .map(|(what, is, was)| format!("{what} is {is} in XML now (before: {was})"))
        .collect()
}

/// What each field is, by words for it.
#[derive(Default)]
struct Forms(BTreeMap<String, String>);

impl Forms {
    fn of(api: &Api, element: &Element, with_prefixes: bool) -> Self {
        let mut forms = Self::default();
        forms.0.insert("the body".to_owned(), named(element, with_prefixes));
        forms.add(api, &element.content, with_prefixes);
        forms
    }

    fn add(&mut self, api: &Api, content: &Content, with_prefixes: bool) {
        self.visit(api, content, with_prefixes, &mut BTreeSet::new());
    }

    fn visit(&mut self, api: &Api, content: &Content, full: bool, seen: &mut BTreeSet<Vec<TypeId>>) {
        match content {
            Content::Text | Content::Number | Content::Boolean | Content::Any => {}
            Content::List(element) => self.visit(api, &element.content, full, seen),
            Content::Map(inner) => self.visit(api, inner, full, seen),
            Content::OneOf(all) => all.iter().for_each(|it| self.visit(api, it, full, seen)),
            Content::Record(ids) => {
                if !seen.insert(ids.clone()) {
                    return;
                }
                let owners: Vec<String> = ids.iter().map(|it| code(&api.ty(*it).name)).collect();
                let owner = owners.join(" or ");
                for field in xml::fields(api, ids).fields {
                    let what = format!("{} of {owner}", code(&field.name));
                    self.0.insert(what, described(&field.node, full));
                    match &field.node {
                        Node::Element(it) | Node::AllIn(it) | Node::Items { element: it, .. } => {
                            self.visit(api, &it.content, full, seen);
                        }
                        Node::Attribute { .. } | Node::Text(_) => {}
                    }
                }
            }
        }
    }
}

/// Callers compare names without their prefixes, so that these only matter in what they send.
fn named(element: &Element, full: bool) -> String {
    let name = if full { element.name.as_str() } else { local_name(&element.name) };
    let spaces = element.namespaces.iter().filter(|_| full).map(|(_, uri)| format!(" of {}", code(uri)));
    format!("{}{}", code(&format!("<{name}>")), spaces.collect::<String>())
}

fn described(node: &Node, full: bool) -> String {
    match node {
        Node::Attribute { name, namespace, .. } => {
            let name = if full { name.as_str() } else { local_name(name) };
            let space = namespace.as_ref().filter(|_| full).map(|it| format!(" of {}", code(it)));
            format!("the attribute {}{}", code(name), space.unwrap_or_default())
        }
        Node::Text(_) => "the text".to_owned(),
        Node::Items { element, .. } => format!("many {}", named(element, full)),
        Node::Element(element) | Node::AllIn(element) => match &element.content {
            Content::List(item) => format!("{} of {}", named(element, full), named(item, full)),
            _ => named(element, full),
        },
    }
}
