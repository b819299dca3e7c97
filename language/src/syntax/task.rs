//! Tasks.

use serde_json::Value;

use super::document::{StageDoc, StateDoc, StatusCallDoc, TaskDoc, Text};
use super::read::{self, Map};
use super::{api, entry, response};
use crate::diagnostics::{Diagnostics, decode};
use crate::source::Spanned;
use crate::yaml::{Kind, Node};

/// `tasks:` in `api.yaml` or a resource file.
pub(super) fn defaults(node: &Node, out: &mut Diagnostics) -> Option<TaskDoc> {
    let mut map = Map::of(node, "the defaults of tasks", out)?;
    let task = common(&mut map, out);
    map.finish(out);
    Some(task)
}

/// `task:` of an operation.
pub(super) fn of_operation(node: &Node, out: &mut Diagnostics) -> Option<TaskDoc> {
    let mut map = Map::of(node, "a task", out)?;
    let result = map.require("result", out).and_then(|it| response::body(it, out));
    let created = map.take("created").and_then(|it| response::body(it, out));
    let status = map.take("status").and_then(|it| status(it, out));
    let download = map.text("download", out);
    let cancel = map.text("cancel", out);
    let stage = map.take("stage").and_then(|it| stage(it, out));
    let task = TaskDoc { result, created, status, download, cancel, stage, ..common(&mut map, out) };
    map.finish(out);
    Some(task)
}

fn common(map: &mut Map<'_>, out: &mut Diagnostics) -> TaskDoc {
    let error = map.text("error", out);
    if let Some(error) = &error {
        api::check_pointer(error, out);
    }
    TaskDoc {
        span: Some(map.span()),
        id: place(map, "id", out),
        state: place(map, "state", out),
        pending: map.take("pending").map(|it| states(it, out)),
        completed: map.take("completed").map(|it| states(it, out)),
        failed: map.take("failed").map(|it| states(it, out)),
        error,
        interval: map.take("interval").and_then(|it| read::duration(it, out)),
        deadline: map.take("deadline").and_then(|it| read::duration(it, out)),
        callback: map.text("callback", out),
        every_state: map.take("every_state").map(|it| Spanned::new(entry::fields(it, out), it.span)),
        ..TaskDoc::default()
    }
}

/// The name of a field, or a JSON pointer.
fn place(map: &mut Map<'_>, key: &'static str, out: &mut Diagnostics) -> Option<Text> {
    let is_pointer = |it: &&Node| it.as_scalar().is_some_and(|it| it.text.starts_with('/'));
    if map.peek(key).filter(is_pointer).is_none() {
        return map.field_name(key, out);
    }
    map.text(key, out).filter(|it| api::check_pointer(it, out))
}

/// A path, `{url: /urls/status}`, or `{header: Operation-Location}`.
fn status(node: &Node, out: &mut Diagnostics) -> Option<StatusCallDoc> {
    if node.as_scalar().is_some() {
        return read::text(node, out).map(StatusCallDoc::Path);
    }
    let mut map = Map::of(node, "the status of a task", out)?;
    let url = map.text("url", out).filter(|it| api::check_pointer(it, out));
    let header = map.text("header", out);
    match (node.get("url"), node.get("header")) {
        (Some(url), Some(header)) => {
            let why = "the URL of the status is in one place, the body or a header";
            out.push(decode::keys_exclude(why, url.key.span, header.key.span));
        }
        (None, None) => out.push(decode::one_of_keys("the status of a task", &["url", "header"], map.span())),
        _ => {}
    }
    map.finish(out);
    url.map(StatusCallDoc::Url).or(header.map(StatusCallDoc::Header))
}

/// `[queued, running]`, or `[false]`.
fn states(node: &Node, out: &mut Diagnostics) -> Spanned<Vec<StateDoc>> {
    let mut states = Vec::new();
    for item in read::items(node, "states", out) {
        states.extend(match read::json(item).value {
            Value::Bool(is) => Some(StateDoc { value: is.to_string(), is_boolean: true, span: item.span }),
            _ => read::text(item, out).map(|it| StateDoc { value: it.value, is_boolean: false, span: it.span }),
        });
    }
    Spanned::new(states, node.span)
}

fn stage(node: &Node, out: &mut Diagnostics) -> Option<StageDoc> {
    let mut map = Map::of(node, "a stage", out)?;
    let field = map.need_field_name("field", out);
    let mut values = Vec::new();
    if let Some(node) = map.require("values", out) {
        match &node.kind {
            Kind::Seq(_) => values.extend(read::texts(node, out).into_iter().map(|it| (it, String::new()))),
            Kind::Map(_) | Kind::Scalar(_) => {
                for entry in read::entries(node, "the values of a stage", out).unwrap_or_default() {
                    let words = read::prose(&entry.value, out).map(|it| it.value).unwrap_or_default();
                    values.push((entry.name(), words));
                }
            }
        }
    }
    map.finish(out);
    Some(StageDoc { field: field?, values })
}
