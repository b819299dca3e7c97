//! `xml_records.rs`: how objects are written in XML, as static data, and what operations and errors say of it.

use specwright_format::{TokenStream, quote};

use super::print::Module;
use super::tokens::{count, id, module_docs};
use crate::lower::view::{OperationXml, XmlContent, XmlElement, XmlField, XmlNode, XmlRecord};

/// The module of the records.
pub(super) fn module(records: &[XmlRecord]) -> Module {
    let words = module_docs(&vec!["How the objects of the API are written in XML.".to_owned()]);
    let records: TokenStream = records
        .iter()
        .map(|it| {
            let (name, rest) = (id(&it.ident), content(&it.rest));
            let fields = it.fields.iter().map(field);
            quote! {
                pub(crate) static #name: Record = Record {
                    fields: &[#(#fields),*],
                    rest: #rest,
                };
            }
        })
        .collect();
    const NAMES: [&str; 5] = ["Content", "Element", "Field", "Node", "Record"];
    let head = move |used: [bool; 5]| {
        let used = NAMES.iter().zip(used).filter(|it| it.1).map(|it| id(it.0));
        quote! {
            #words
            #![allow(dead_code, reason = "a resource whose feature is off uses none of its records")]
            use specwright_runtime as rt;
            use rt::xml::{#(#used),*};
        }
    };
    Module::new(NAMES, head, records)
}

fn field(field: &XmlField) -> TokenStream {
    let wire = &field.wire;
    let node = match &field.node {
        XmlNode::Element(it) if it.namespaces.is_empty() => {
            let (name, content) = (&it.name, content(&it.content));
            return quote!(Field::element(#wire, #name, #content));
        }
        XmlNode::Element(it) => {
            let it = element(it);
            quote!(Node::Element(#it))
        }
        XmlNode::Attribute(name, it) => {
            let it = content(it);
            quote!(Node::Attribute(#name, #it))
        }
        XmlNode::AttributeIn(name, uri, it) => {
            let it = content(it);
            quote!(Node::AttributeIn(#name, #uri, #it))
        }
        XmlNode::Text(it) => {
            let it = content(it);
            quote!(Node::Text(#it))
        }
        XmlNode::Items(it) => {
            let it = element(it);
            quote!(Node::Items(#it))
        }
        XmlNode::AllItems(it) => {
            let it = element(it);
            quote!(Node::AllItems(#it))
        }
        XmlNode::AllIn(it) => {
            let it = element(it);
            quote!(Node::AllIn(#it))
        }
    };
    quote!(Field::new(#wire, #node))
}

fn element(element: &XmlElement) -> TokenStream {
    written(element, &quote!(Element), content)
}

fn content(content: &XmlContent) -> TokenStream {
    of(content, &quote!(Content), &quote!(Element), &TokenStream::new())
}

fn written(element: &XmlElement, name_of: &TokenStream, content: impl Fn(&XmlContent) -> TokenStream) -> TokenStream {
    let (name, content) = (&element.name, content(&element.content));
    let namespaces = (!element.namespaces.is_empty()).then(|| {
        let all = element.namespaces.iter().map(|(prefix, uri)| quote!((#prefix, #uri)));
        quote!(.with(&[#(#all),*]))
    });
    quote!(#name_of::new(#name, #content) #namespaces)
}

/// `path` is the module of the records, with `::` after it.
fn of(content: &XmlContent, kind: &TokenStream, name_of: &TokenStream, path: &TokenStream) -> TokenStream {
    match content {
        XmlContent::Text => quote!(#kind::Text),
        XmlContent::Number => quote!(#kind::Number),
        XmlContent::Boolean => quote!(#kind::Boolean),
        XmlContent::Any => quote!(#kind::Any),
        XmlContent::Record(name) => {
            let name = id(name);
            quote!(#kind::Record(&#path #name))
        }
        XmlContent::List(it) => {
            let it = written(it, name_of, |it| of(it, kind, name_of, path));
            quote!(#kind::List(&#it))
        }
        XmlContent::Map(it) => {
            let it = of(it, kind, name_of, path);
            quote!(#kind::Map(&#it))
        }
        XmlContent::OneOf(all) => {
            let all = all.iter().map(|it| of(it, kind, name_of, path));
            quote!(#kind::OneOf(&[#(#all),*]))
        }
    }
}

/// What of an operation is XML.
pub(super) fn of_operation(xml: &OperationXml) -> TokenStream {
    let body = match &xml.body {
        Some(it) => {
            let it = outside(it);
            quote!(Some(&#it))
        }
        None => quote!(None),
    };
    let (answers, errors) = (by_status(&xml.answers), by_status(&xml.errors));
    quote!(rt::xml::Xml { body: #body, answers: #answers, errors: #errors })
}

/// Elements by status.
pub(super) fn by_status(all: &[(u16, XmlElement)]) -> TokenStream {
    let all = all.iter().map(|(status, it)| {
        let (status, it) = (count(u64::from(*status)), outside(it));
        quote!((#status, &#it))
    });
    quote!(&[#(#all),*])
}

/// An element in another module than the records.
fn outside(element: &XmlElement) -> TokenStream {
    let (kind, name_of) = (quote!(rt::xml::Content), quote!(rt::xml::Element));
    let path = quote!(crate::xml_records::);
    written(element, &name_of, |it| of(it, &kind, &name_of, &path))
}
