//! Tasks and streams.

use super::document::{StageDoc, StreamDoc, TaskDoc, Text};
use super::read::{self, Map};
use super::{api, condition, entry, operation, type_expr};
use crate::diagnostics::{Diagnostics, decode};
use crate::source::Spanned;
use crate::yaml::{Kind, Node};

/// `tasks:` in `api.yaml`.
pub(super) fn defaults(node: &Node, out: &mut Diagnostics) -> Option<TaskDoc> {
    let mut map = Map::of(node, "the defaults of tasks", out)?;
    let task = common(&mut map, out);
    map.finish(out);
    Some(task)
}

/// `task:` of an operation.
pub(super) fn of_operation(node: &Node, out: &mut Diagnostics) -> Option<TaskDoc> {
    let mut map = Map::of(node, "a task", out)?;
    let result = map.need("result", out).and_then(|it| operation::body(it, out));
    let created = map.take("created").and_then(|it| operation::body(it, out));
    let status = map.text("status", out);
    let stage = map.take("stage").and_then(|it| stage(it, out));
    let task = TaskDoc { result, created, status, stage, ..common(&mut map, out) };
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
        id: map.text("id", out),
        state: map.text("state", out),
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

fn states(node: &Node, out: &mut Diagnostics) -> Spanned<Vec<Text>> {
    Spanned::new(read::texts(node, out), node.span)
}

fn stage(node: &Node, out: &mut Diagnostics) -> Option<StageDoc> {
    let mut map = Map::of(node, "a stage", out)?;
    let field = map.need_text("field", out);
    let mut values = Vec::new();
    if let Some(node) = map.need("values", out) {
        match &node.kind {
            Kind::Seq(_) => values.extend(read::texts(node, out).into_iter().map(|it| (it, String::new()))),
            Kind::Map(_) | Kind::Scalar(_) => {
                for entry in read::entries(node, "the values of a stage", out).unwrap_or_default() {
                    let words = read::text(&entry.value, out).map(|it| it.value).unwrap_or_default();
                    values.push((entry.key.clone(), words));
                }
            }
        }
    }
    map.finish(out);
    Some(StageDoc { field: field?, values })
}

/// `stream: always`, or the long form.
pub(super) fn stream(node: &Node, out: &mut Diagnostics) -> Option<StreamDoc> {
    if let Kind::Scalar(_) = node.kind {
        read::word(node, &[("always", ())], out)?;
        let span = node.span;
        return Some(StreamDoc {
            when: None,
            data: None,
            events: None,
            end_data: None,
            end_event: None,
            error_event: None,
            span,
        });
    }
    let mut map = Map::of(node, "a stream", out)?;
    let when_is_written = map.entry("when").is_some();
    let when = map.take("when").and_then(|it| condition::decode(it, out));
    let data = map.take("data").and_then(|it| type_expr::of_node(it, out));
    let events = map.take("events").map(|it| events(it, out));
    let end_data = map.prose("end_data", out);
    let end_event = map.text("end_event", out);
    let error_event = map.text("error_event", out);
    let span = map.span();
    map.finish(out);
    let key = |key: &str| node.get(key).map(|it| it.key.span);
    match (key("data"), key("events")) {
        (Some(data), Some(events)) => {
            out.push(decode::keys_exclude("a stream has one type of chunk or named events", data, events));
        }
        (None, None) => out.push(decode::one_of_keys("a stream", &["data", "events"], span)),
        (Some(_), None) | (None, Some(_)) => {}
    }
    if when_is_written && when.is_none() {
        return None;
    }
    Some(StreamDoc { when, data, events, end_data, end_event, error_event, span })
}

fn events(node: &Node, out: &mut Diagnostics) -> Vec<(Text, Option<super::document::TypeExpr>)> {
    let mut events = Vec::new();
    let entries = read::entries(node, "events", out).unwrap_or_default();
    for entry in entries {
        if entry.value.as_scalar().is_some_and(|it| it.text == "none") {
            events.push((entry.key.clone(), None));
        } else if let Some(ty) = type_expr::of_node(&entry.value, out) {
            events.push((entry.key.clone(), Some(ty)));
        }
    }
    if entries.is_empty() && node.as_map().is_some() {
        out.push(decode::empty("events", node.span));
    }
    events
}
