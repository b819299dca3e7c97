//! Operations.

use super::entry::{self, Side};
use super::tree::{Map, Yaml, json};
use super::{Mark, files};
use crate::plan::WHOLE;
use crate::spec::{Entry, Example, Operation, Response, Stream, Styles};

/// An operation of a file.
pub(super) fn operation(it: &Operation, file: usize, at: usize) -> Yaml {
    let mut map = Map::default();
    map.text(&it.method, &it.path);
    map.add("summary", Yaml::Text(it.summary.clone()));
    map.prose("doc", &it.doc);
    map.text("source", it.source.as_deref().unwrap_or_default());
    map.prose("unclear", &it.unclear.join(" "));
    map.prose("deprecated", it.deprecated.as_deref().unwrap_or_default());
    map.text("server", it.server.as_deref().unwrap_or_default());
    if let Some(auth) = &it.auth {
        map.add("auth", files::auth(auth));
    }
    map.text("idempotency", it.idempotency.as_deref().unwrap_or_default());
    map.text_or_list("accept", &it.accept);
    map.text_or_list("encoding", &it.encoding);
    if it.styles != Styles::default() {
        map.add("styles", files::styles(it.styles));
    }
    map.flag("open", it.open);
    let mark = |list: u8| move |entry: usize| Mark::Parameter { file, operation: at, list, at: entry };
    parameters(&mut map, "path", &it.path_parameters, Side::Path, &mark(0));
    parameters(&mut map, "query", &it.query, Side::Parameter, &mark(1));
    parameters(&mut map, "headers", &it.headers, Side::Parameter, &mark(2));
    parameters(&mut map, "cookies", &it.cookies, Side::Parameter, &mark(4));
    match it.body.as_slice() {
        [whole] if whole.name == WHOLE => self::whole(&mut map, whole, mark(3)(0)),
        fields => parameters(&mut map, "body", fields, Side::Parameter, &mark(3)),
    }
    if !it.rules.is_empty() {
        map.add("rules", entry::rules(&it.rules)).tall();
    }
    if let Some(stream) = &it.stream {
        map.add("stream", self::stream(stream));
    }
    response(&mut map, it, file, at);
    if let Some(success) = it.success {
        map.add("success", Yaml::Raw(success.to_string()));
    }
    if let Some(pages) = &it.pages {
        map.add("pages", Yaml::Raw(pages.clone()));
    }
    let mark = move |entry: usize| Mark::ResponseHeader { file, operation: at, at: entry };
    parameters(&mut map, "response_headers", &it.response_headers, Side::Field, &mark);
    if let Some(ty) = &it.error_type {
        let mut errors = Map::default();
        errors.text("type", ty);
        map.add("errors", errors.whole());
    }
    if !it.statuses.is_empty() {
        map.add("statuses", files::statuses(&it.statuses, None));
    }
    if !it.examples.is_empty() {
        examples(&mut map, &it.examples, file, at);
    }
    map.whole()
}

fn parameters(map: &mut Map, key: &str, entries: &[Entry], side: Side, mark: &dyn Fn(usize) -> Mark) {
    let mut inner = Map::default();
    for (at, it) in entries.iter().enumerate() {
        let value = entry::value(it, side);
        // A path parameter is a required string unless more is said.
        let is_default = side == Side::Path && matches!(&value, Yaml::Text(text) if text == "string");
        if !is_default {
            inner.add(&entry::key(it, side), value).mark(mark(at));
        }
    }
    if !inner.0.is_empty() {
        map.add(key, inner.whole());
    }
}

/// A body that is one value: its type alone, if that is all.
fn whole(map: &mut Map, entry: &Entry, mark: Mark) {
    let value = entry::value(entry, Side::Body);
    let is_bare = match &value {
        Yaml::Map(pairs) => entry.raw.is_some() && pairs.len() == 1,
        _ => true,
    };
    let value = if is_bare {
        value
    } else {
        let mut inner = Map::default();
        inner.add(WHOLE, value);
        inner.whole()
    };
    map.add("body", value).mark(mark);
}

fn response(map: &mut Map, operation: &Operation, file: usize, at: usize) {
    let Some(mut value) = response_value(&operation.response, file, at) else { return };
    if let (Some(xml), Response::Type(ty) | Response::Nullable(ty)) = (&operation.response_xml, &operation.response) {
        let mut inner = Map::default();
        inner.text("type", ty);
        inner.flag("nullable", matches!(operation.response, Response::Nullable(_)));
        inner.add("xml", entry::whole_xml(xml));
        value = inner.whole();
    }
    map.add("response", value).mark(Mark::Response { file, operation: at }).comment(&operation.comments);
}

/// Nothing if only a stream answers.
fn response_value(response: &Response, file: usize, at: usize) -> Option<Yaml> {
    let types = |key: &str, types: &[String]| {
        let mut inner = Map::default();
        inner.add(key, Yaml::List(types.iter().map(|it| Yaml::Text(it.clone())).collect()));
        inner.whole()
    };
    Some(match response {
        Response::StreamOnly => return None,
        Response::None => Yaml::Text("none".to_owned()),
        Response::Redirect => Yaml::Text("redirect".to_owned()),
        Response::Type(ty) => Yaml::Text(ty.clone()),
        Response::Text(list) => types("text", list),
        Response::Binary(list) => types("binary", list),
        Response::Nullable(ty) => {
            let mut inner = Map::default();
            inner.text("type", ty);
            inner.flag("nullable", true);
            inner.whole()
        }
        Response::ByStatus(all) => {
            let mut inner = Map::default();
            for (status, response) in all {
                inner.add(&status.to_string(), response_value(response, file, at)?).number();
            }
            inner.whole()
        }
        Response::Record(fields) => {
            let mut inner = Map::default();
            let short = fields.iter().all(|it| matches!(entry::value(it, Side::Field), Yaml::Text(_) | Yaml::Raw(_)));
            for (field, it) in fields.iter().enumerate() {
                let pair = inner.add(&entry::key(it, Side::Field), entry::value(it, Side::Field));
                if !short {
                    pair.mark(Mark::ResponseField { file, operation: at, at: field });
                }
            }
            inner.whole()
        }
    })
}

fn stream(stream: &Stream) -> Yaml {
    let mut map = Map::default();
    if let Some(when) = &stream.when {
        let mut inner = Map::default();
        inner.flag(when, true);
        map.add("when", inner.whole());
    }
    map.text("format", stream.format.unwrap_or_default());
    map.text("data", &stream.data);
    map.whole()
}

fn examples(map: &mut Map, examples: &[Example], file: usize, at: usize) {
    // Lists have no places of their own: each example is found by the place of its name.
    let mut list = Vec::new();
    for (example, it) in examples.iter().enumerate() {
        let mut one = Map::default();
        one.add("name", Yaml::Text(it.name.clone()));
        if let Some(request) = &it.request {
            one.add("request", json(request));
        }
        if let Some(response) = &it.response {
            one.add("response", json(response));
        }
        for pair in &mut one.0 {
            pair.mark(Mark::Example { file, operation: at, at: example });
        }
        list.push(one.whole());
    }
    map.add("examples", Yaml::List(list)).tall();
}
