//! `pages:`: how one page of a list leads to the next.

use super::api;
use super::document::{CountDoc, NextPageDoc, PagesDoc, Text};
use super::read::{self, Map};
use crate::diagnostics::{Diagnostics, decode};
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// The ways to the next page. A list has exactly one.
const WAYS: &[&str] = &["cursor", "offset", "page", "url", "link"];

pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<PagesDoc> {
    let mut map = Map::of(node, "`pages`", out)?;
    let items = map.take("items").and_then(|it| pointer(it, out));
    let written: Vec<Span> = WAYS.iter().filter_map(|it| node.get(it)).map(|it| it.key.span).collect();
    match written.as_slice() {
        [] => out.push(decode::one_of_keys("`pages`", WAYS, map.span())),
        [_] => {}
        [first, second, ..] => {
            out.push(decode::keys_exclude("one way leads to the next page", *first, *second));
        }
    }
    let mut next = None;
    for way in WAYS {
        let Some(node) = map.take(way) else { continue };
        next = match *way {
            "cursor" => cursor(node, out),
            "offset" => offset(node, out),
            "page" => page(node, out),
            "url" => pointer(node, out).map(NextPageDoc::Url),
            _ => relation(node, out).map(NextPageDoc::Link),
        };
    }
    if let (Some(while_), Some(until)) = (node.get("while"), node.get("until")) {
        out.push(decode::keys_exclude("one flag says whether more pages follow", while_.key.span, until.key.span));
    }
    let while_ = map.take("while").and_then(|it| pointer(it, out)).map(|it| (it, true));
    let until = map.take("until").and_then(|it| pointer(it, out)).map(|it| (it, false));
    let size = map.text("size", out);
    let span = map.span();
    map.finish(out);
    if written.len() != 1 {
        return None;
    }
    Some(PagesDoc { items, next: next?, more: while_.or(until), size, span })
}

/// `{parameter: after, from: /next}`, `{parameter: after, header: X-Next}` or `{parameter: after, last_item: /id}`
fn cursor(node: &Node, out: &mut Diagnostics) -> Option<NextPageDoc> {
    let mut map = Map::of(node, "a cursor", out)?;
    let parameter = map.need_text("parameter", out);
    let from = map.take("from").and_then(|it| pointer(it, out));
    let last_item = map.take("last_item").and_then(|it| pointer(it, out));
    let header = map.text("header", out);
    let span = map.span();
    map.finish(out);
    const PLACES: &[&str] = &["from", "header", "last_item"];
    let written: Vec<Span> = PLACES.iter().filter_map(|it| node.get(it)).map(|it| it.key.span).collect();
    match written.as_slice() {
        [] => {
            out.push(decode::one_of_keys("a cursor", PLACES, span));
            return None;
        }
        [_] => {}
        [first, second, ..] => {
            out.push(decode::keys_exclude("a cursor is in one place", *first, *second));
            return None;
        }
    }
    let parameter = parameter?;
    match (from, header) {
        (Some(from), _) => Some(NextPageDoc::Cursor { parameter, from }),
        (None, Some(name)) => Some(NextPageDoc::Header { parameter, name }),
        (None, None) => Some(NextPageDoc::LastItem { parameter, at: last_item? }),
    }
}

/// `offset` or `{parameter: offset, total: /total}`
fn offset(node: &Node, out: &mut Diagnostics) -> Option<NextPageDoc> {
    if let Kind::Scalar(_) = node.kind {
        return Some(NextPageDoc::Offset { parameter: read::text(node, out)?, total: None });
    }
    let mut map = Map::of(node, "an offset", out)?;
    let parameter = map.need_text("parameter", out);
    let total = map.take("total").and_then(|it| count(it, out));
    map.finish(out);
    Some(NextPageDoc::Offset { parameter: parameter?, total })
}

/// `page` or `{parameter: page, first: 1, pages: /total_pages}`
fn page(node: &Node, out: &mut Diagnostics) -> Option<NextPageDoc> {
    if let Kind::Scalar(_) = node.kind {
        return Some(NextPageDoc::Number { parameter: read::text(node, out)?, first: 1, pages: None });
    }
    let mut map = Map::of(node, "a page number", out)?;
    let parameter = map.need_text("parameter", out);
    let first = map.take("first").map_or(Some(1), |it| first(it, out));
    let pages = map.take("pages").and_then(|it| count(it, out));
    map.finish(out);
    Some(NextPageDoc::Number { parameter: parameter?, first: first?, pages })
}

/// `/total`, or `{header: X-Total-Count}`
fn count(node: &Node, out: &mut Diagnostics) -> Option<CountDoc> {
    if let Kind::Map(_) = node.kind {
        let mut map = Map::of(node, "the place of a number", out)?;
        let header = map.need_text("header", out);
        map.finish(out);
        return header.map(CountDoc::Header);
    }
    pointer(node, out).map(CountDoc::Body)
}

fn first(node: &Node, out: &mut Diagnostics) -> Option<i64> {
    let number = read::whole(node, out)?;
    if number > 1 {
        out.push(decode::out_of_bounds(&number.to_string(), "0 or 1", node.span));
        return None;
    }
    i64::try_from(number).ok()
}

/// The relation of a link is a word of RFC 8288.
fn relation(node: &Node, out: &mut Diagnostics) -> Option<Text> {
    let text = read::text(node, out)?;
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.');
    if text.value.is_empty() || !text.value.chars().all(fits) {
        out.push(decode::bad_text(&text.value, "the relation of a link", "most APIs use `next`", text.span));
        return None;
    }
    Some(text)
}

fn pointer(node: &Node, out: &mut Diagnostics) -> Option<Text> {
    read::text(node, out).filter(|it| api::check_pointer(it, out))
}
