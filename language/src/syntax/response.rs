//! What an operation answers with.

use super::document::{BodyDoc, Entry, ResponseDoc, StatusResponseDoc, Text};
use super::read::{self, Map};
use super::{entry, type_expr, xml};
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{StatusForm, XmlObject, is_json, is_xml};
use crate::source::Spanned;
use crate::yaml::{self, Kind, Node};

/// `response:`
pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<Spanned<ResponseDoc>> {
    let response = match &node.kind {
        Kind::Scalar(scalar) if scalar.text == "none" => ResponseDoc::None,
        Kind::Scalar(scalar) if scalar.text == "redirect" => ResponseDoc::Redirect,
        Kind::Scalar(scalar) if scalar.text.contains('/') => {
            let help = format!("write text as `{{text: [{0}]}}`, and bytes as `{{binary: [{0}]}}`", scalar.text);
            out.push(decode::bad_text(&scalar.text, "a type", &help, node.span));
            return None;
        }
        Kind::Map(entries) if matches!(entries.as_slice(), [only] if only.key.value == "redirect") => {
            let help = "write `response: redirect`, and its status as `success` if it is not 302";
            out.push(decode::bad_shape("a redirect is one word", help, node.span));
            return None;
        }
        Kind::Map(entries) if entries.iter().any(|it| is_status(&it.key.value)) => by_status(entries, out)?,
        Kind::Map(_) if node.get("wrapped").is_some() => {
            let mut map = Map::of(node, "a wrapped response", out)?;
            let wrapper = map.need_field_name("wrapped", out);
            let ty = map.require("type", out).and_then(|it| body(it, out));
            map.finish(out);
            ResponseDoc::Wrapped(wrapper?, ty?)
        }
        Kind::Map(_) if node.get("binary").is_some() => {
            let mut map = Map::of(node, "a binary response", out)?;
            let types = map.require("binary", out).map(|it| media_types(it, "binary", out)).unwrap_or_default();
            map.finish(out);
            ResponseDoc::Binary(types)
        }
        Kind::Map(_) if is_text(node) => {
            let mut map = Map::of(node, "a response of text", out)?;
            let types = map.require("text", out).map(|it| media_types(it, "text", out)).unwrap_or_default();
            map.finish(out);
            ResponseDoc::Text(types)
        }
        Kind::Map(_) if node.get("plain_text").is_some() => {
            let mut map = Map::of(node, "a response that may be text", out)?;
            let field = map.need_field_name("plain_text", out);
            let ty = map.require("type", out).and_then(|it| body(it, out));
            map.finish(out);
            ResponseDoc::PlainText(field?, ty?)
        }
        Kind::Map(_) if written_xml(node).is_some() => {
            let mut map = Map::of(node, "a response in XML", out)?;
            let nullable = map.flag("nullable", out).is_some_and(|it| it.value);
            let ty = map.require("type", out).and_then(|it| body(it, out))?;
            map.take("xml");
            map.finish(out);
            if nullable { ResponseDoc::Nullable(ty) } else { ResponseDoc::Body(ty) }
        }
        Kind::Map(_) if is_nullable(node) => {
            let mut map = Map::of(node, "a response that may be null", out)?;
            let nullable = map.flag("nullable", out).is_some_and(|it| it.value);
            let ty = map.require("type", out).and_then(|it| body(it, out))?;
            map.finish(out);
            if nullable { ResponseDoc::Nullable(ty) } else { ResponseDoc::Body(ty) }
        }
        Kind::Map(_) | Kind::Seq(_) | Kind::Scalar(_) => ResponseDoc::Body(body(node, out)?),
    };
    Some(Spanned::new(response, node.span))
}

/// Whether a key is a status, or is meant as one, such as `2xx`.
fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', rest @ ..] if rest.len() == 2 => {
            rest.iter().all(u8::is_ascii_digit) || rest.eq_ignore_ascii_case(b"xx")
        }
        _ => false,
    }
}

/// `{text: [text/plain]}`; `{text: string}` is a record with that field.
pub(super) fn is_text(node: &Node) -> bool {
    let is_media_type = |it: &Node| it.as_scalar().is_some_and(|it| it.text.contains('/'));
    node.get("text").is_some_and(|it| match &it.value.kind {
        Kind::Scalar(_) => is_media_type(&it.value),
        Kind::Seq(items) => items.iter().any(is_media_type),
        Kind::Map(_) => false,
    })
}

/// `{type: T, nullable: true}`; `{type: string, nullable: boolean}` is a record with these fields.
fn is_nullable(node: &Node) -> bool {
    let flag = node.get("nullable").and_then(|it| it.value.as_scalar());
    node.get("type").is_some() && flag.is_some_and(|it| matches!(it.value(), yaml::Value::Bool(_)))
}

/// `{type: T, xml: {…}}`; `{type: string, xml: {type: string}}` is a record with these fields.
fn written_xml<'n>(node: &'n Node<'n>) -> Option<&'n Node<'n>> {
    let xml = &node.get("xml")?.value;
    let is_object = xml.as_map()?.iter().any(|it| xml::KEYS.contains(&&*it.key.value));
    (is_object && node.get("type").is_some()).then_some(xml)
}

/// `xml` of a response that is one type.
pub(super) fn xml(node: &Node, out: &mut Diagnostics) -> Option<Box<XmlObject>> {
    xml::decode(written_xml(node)?, xml::Of::Root, out)
}

fn by_status(entries: &[yaml::Entry], out: &mut Diagnostics) -> Option<ResponseDoc> {
    let mut all = Vec::new();
    for it in entries {
        let Some(status) = answer_status(&it.name(), out) else { continue };
        let none = it.value.as_scalar().is_some_and(|it| it.text == "none");
        if let 304 | 308 = status.value
            && !none
        {
            let status = status.value;
            let help = format!("an answer with status {status} has no body: write `{status}: none`");
            out.push(decode::bad_shape(&format!("the answer with status {status} is `none`"), &help, it.value.span));
            continue;
        }
        let texts = |all: Vec<Text>| all.into_iter().map(|it| it.value).collect::<Vec<_>>();
        if let Some(xml) = written_xml(&it.value) {
            let help = "say it of the type, under `types`";
            out.push(decode::bad_shape("`xml` is not allowed in an answer by status", help, xml.span));
        }
        let (body, form) = match self::decode(&it.value, out).map(|it| it.value) {
            None => continue,
            Some(ResponseDoc::None) => (None, StatusForm::Json),
            Some(ResponseDoc::Body(body)) => (Some(body), StatusForm::Json),
            Some(ResponseDoc::Wrapped(key, body)) => (Some(body), StatusForm::Wrapped(key.value)),
            Some(ResponseDoc::Text(types)) => (None, StatusForm::Text(texts(types))),
            Some(ResponseDoc::Binary(types)) => (None, StatusForm::Binary(texts(types))),
            Some(other) => {
                let what = match other {
                    ResponseDoc::PlainText(..) => "`plain_text`",
                    ResponseDoc::Nullable(_) => "`nullable`",
                    ResponseDoc::Redirect => "a redirect",
                    _ => "a map of statuses",
                };
                let help = "answers by status are types, records, `wrapped`, `text`, `binary` or `none`";
                out.push(decode::bad_shape(
                    &format!("{what} is not allowed in an answer by status"),
                    help,
                    it.value.span,
                ));
                continue;
            }
        };
        all.push(StatusResponseDoc { status, body, form });
    }
    // What is missing was reported, and more about the rest would only follow from that.
    (all.len() == entries.len()).then_some(ResponseDoc::ByStatus(all))
}

/// A status of success, or one that says that nothing is to be read: 304, and 308 of an upload that is not complete.
fn answer_status(key: &Text, out: &mut Diagnostics) -> Option<Spanned<u16>> {
    let status = key.value.parse::<u16>().ok();
    let help = match status {
        Some(status @ (200..=299 | 304 | 308)) => return Some(Spanned::new(status, key.span)),
        Some(400..=599) => "an error is under `statuses`: `statuses: {404: {kind: not_found}}`",
        Some(300..=399) => "an answer that leads elsewhere is `response: redirect`",
        _ => "write the statuses of success, such as `{200: Widget, 202: none}`; errors are under `statuses`",
    };
    out.push(decode::bad_text(&key.value, "a status of success", help, key.span));
    None
}

/// `success:`, which may be the status of a redirect that is the answer.
pub(super) fn success(node: &Node, out: &mut Diagnostics) -> Option<Spanned<u16>> {
    if let Kind::Seq(_) | Kind::Map(_) = node.kind {
        let help = "several statuses are the keys of `response`: `response: {200: Widget, 201: Widget}`";
        out.push(decode::wrong_kind("one status", node.describe(), node.span).help(help));
        return None;
    }
    let number = read::whole(node, out)?;
    match u16::try_from(number) {
        Ok(status @ (200..=299 | 301..=303 | 307 | 308)) => Some(Spanned::new(status, node.span)),
        _ => {
            out.push(decode::out_of_bounds(&number.to_string(), "a status from 200 to 299", node.span));
            None
        }
    }
}

/// `response_headers:`, a record of headers as they are documented.
pub(super) fn headers(node: &Node, out: &mut Diagnostics) -> Vec<Entry> {
    let mut headers = entry::fields(node, out);
    for header in &mut headers {
        // Words of one capital make ugly names.
        if header.rust.is_none() && header.name.value.eq_ignore_ascii_case("etag") {
            header.rust = Some(Spanned::new("etag".to_owned(), header.name.span));
        }
        if let (None, Some(start)) = (&header.rust, header.name.value.strip_suffix('*')) {
            let start = start.trim_end_matches('-').replace(|it: char| !it.is_ascii_alphanumeric(), "_");
            header.rust = Some(Spanned::new(start, header.name.span)).filter(|it| !it.value.is_empty());
        }
    }
    if headers.is_empty() && node.as_map().is_some() {
        out.push(decode::empty("response_headers", node.span));
    }
    headers
}

/// A type, or a record written in place.
pub(super) fn body(node: &Node, out: &mut Diagnostics) -> Option<BodyDoc> {
    match &node.kind {
        Kind::Map(entries) => {
            // `{type: Widget}` means the type. A record with a single field called `type` needs the long form.
            if let [only] = entries.as_slice()
                && only.key.value == "type"
                && let Kind::Scalar(ty) = &only.value.kind
            {
                out.push(decode::record_of_type(&ty.text, node.span));
                return None;
            }
            Some(BodyDoc::Record(Spanned::new(entry::fields(node, out), node.span)))
        }
        Kind::Scalar(_) | Kind::Seq(_) => type_expr::of_node(node, out).map(BodyDoc::Type),
    }
}

pub(super) fn media_types(node: &Node, key: &'static str, out: &mut Diagnostics) -> Vec<Text> {
    let types = read::texts(node, out);
    let token =
        |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || "!#$&^_.+-*".contains(it));
    for ty in &types {
        let (name, are_parameters) = split_parameters(&ty.value);
        if !are_parameters || !name.split_once('/').is_some_and(|(a, b)| token(a) && token(b)) {
            out.push(decode::bad_text(&ty.value, "a media type", "write it like `audio/mpeg`", ty.span));
        }
    }
    if node.as_seq().is_some_and(<[Node]>::is_empty) {
        out.push(decode::empty(key, node.span));
    }
    types
}

/// Media types of JSON or XML that responses have, with their parameters: `application/vnd.tea+json; version=3`.
pub(super) fn accept(node: &Node, out: &mut Diagnostics) -> Option<Spanned<Vec<String>>> {
    let mut types: Vec<String> = Vec::new();
    for ty in read::texts(node, out) {
        let (name, are_parameters) = split_parameters(&ty.value);
        if !(is_json(name) || is_xml(name)) || !are_parameters {
            let help = "write it like `application/vnd.tea+json; version=3`; other responses are `binary` or `text`";
            out.push(decode::bad_text(&ty.value, "a media type of JSON or XML", help, ty.span));
        } else if types.contains(&ty.value) {
            let problem = format!("`{}` is listed twice", ty.value);
            out.push(decode::bad_shape(&problem, "remove one of the two", ty.span));
        } else {
            types.push(ty.value);
        }
    }
    if node.as_seq().is_some_and(<[Node]>::is_empty) {
        out.push(decode::empty("accept", node.span));
    }
    (!types.is_empty()).then(|| Spanned::new(types, node.span))
}

/// A media type without its parameters, and whether these are written as parameters.
fn split_parameters(media_type: &str) -> (&str, bool) {
    let Some((name, parameters)) = media_type.split_once(';') else { return (media_type, true) };
    (name.trim_end(), parameters.split(';').all(is_parameter))
}

/// `version=3` of a media type.
fn is_parameter(text: &str) -> bool {
    let is_text = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_graphic() && !"\",;=".contains(it));
    text.trim().split_once('=').is_some_and(|(name, value)| is_text(name) && is_text(value.trim_matches('"')))
}
