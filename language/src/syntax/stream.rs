//! `stream:`: the events, how they follow each other, and what they add up to.

use super::document::{NumberingDoc, StepDoc, StreamDoc, Text, TextAtDoc, TypeExpr, VerbDoc};
use super::read::{self, Map};
use super::{api, condition, type_expr};
use crate::diagnostics::{Diagnostics, decode};
use crate::source::Span;
use crate::yaml::{self, Kind, Node};

const VERBS: &[&str] = &["set", "first", "append", "merge", "concat", "json", "const", "each"];
const FORMATS: &[(&str, bool)] = &[("sse", false), ("ndjson", true)];
/// The most states of a stream, moves of a state, and steps of an event.
const MOST: usize = 256;
/// The largest depth of `each` inside `each`.
const DEEPEST: usize = 8;

/// `stream: always`, or the long form.
pub(super) fn decode(node: &Node, out: &mut Diagnostics) -> Option<StreamDoc> {
    if let Kind::Scalar(_) = node.kind {
        if node.as_scalar().is_some_and(|it| FORMATS.iter().any(|(word, _)| *word == it.text)) {
            let help = "write `stream: {format: ndjson, data: …}`";
            out.push(decode::bad_shape("the form of a stream is its `format`", help, node.span));
            return None;
        }
        read::word(node, &[("always", ())], out)?;
        return Some(StreamDoc {
            json_lines: false,
            when: None,
            data: None,
            events: None,
            name: None,
            end_data: None,
            end_event: None,
            states: Vec::new(),
            error_events: Vec::new(),
            error: None,
            text: Vec::new(),
            collect: None,
            span: node.span,
        });
    }
    let mut map = Map::of(node, "a stream", out)?;
    let when_is_written = map.entry("when").is_some();
    let when = map.take("when").and_then(|it| condition::decode(it, out));
    let document = StreamDoc {
        json_lines: map.word("format", FORMATS, out).unwrap_or(false),
        when,
        data: map.take("data").and_then(|it| type_expr::of_node(it, out)),
        events: map.take("events").map(|it| events(it, out)),
        name: map.take("name").and_then(|it| pointer(it, out)),
        end_data: map.text("end_data", out).map(|it| it.value),
        end_event: map.text("end_event", out),
        states: map.take("states").map(|it| states(it, out)).unwrap_or_default(),
        error_events: map.take("error_event").map(|it| read::texts(it, out)).unwrap_or_default(),
        error: map.take("error").and_then(|it| pointer(it, out)),
        text: map.take("text").map(|it| text(it, out)).unwrap_or_default(),
        collect: map.take("collect").map(|it| collect(it, out)),
        span: map.span(),
    };
    map.finish(out);
    let key = |key: &str| node.get(key).map(|it| it.key.span);
    match (key("data"), key("events")) {
        (Some(data), Some(events)) => {
            out.push(decode::keys_exclude("a stream has one type of chunk or named events", data, events));
        }
        (None, None) => out.push(decode::one_of_keys("a stream", &["data", "events"], document.span)),
        (Some(_), None) | (None, Some(_)) => {}
    }
    if let (true, Some(events), None) = (document.json_lines, key("events"), key("name")) {
        // A line has no other place for it.
        out.push(decode::needs_key("events", "name", events));
    }
    if let (Some(end), Some(states)) = (key("end_event"), key("states")) {
        out.push(decode::keys_exclude("the states say where a stream ends", end, states));
    }
    for word in ["name", "end_event", "states", "error_event"] {
        if let (Some(word_span), None) = (key(word), key("events")) {
            out.push(decode::needs_key(word, "events", word_span));
        }
    }
    if when_is_written && document.when.is_none() {
        return None;
    }
    Some(document)
}

fn events(node: &Node, out: &mut Diagnostics) -> Vec<(Text, Option<TypeExpr>)> {
    let mut events = Vec::new();
    let entries = read::entries(node, "events", out).unwrap_or_default();
    for entry in entries {
        if entry.value.as_scalar().is_some_and(|it| it.text == "none") {
            events.push((entry.name(), None));
        } else if let Some(ty) = type_expr::of_node(&entry.value, out) {
            events.push((entry.name(), Some(ty)));
        }
    }
    if entries.is_empty() && node.as_map().is_some() {
        out.push(decode::empty("events", node.span));
    }
    events
}

fn pointer(node: &Node, out: &mut Diagnostics) -> Option<Text> {
    read::text(node, out).filter(|it| api::check_pointer(it, out))
}

/// `{start: {message_start: message}, …}`
fn states(node: &Node, out: &mut Diagnostics) -> Vec<(Text, Vec<(Text, Text)>)> {
    let mut states = Vec::new();
    let entries = read::entries(node, "states", out).unwrap_or_default();
    bounded("states", entries.len(), node.span, out);
    for state in entries.iter().take(MOST) {
        let moves = read::entries(&state.value, "the moves of a state", out).unwrap_or_default();
        bounded("moves of a state", moves.len(), state.value.span, out);
        let one = |it: &yaml::Entry, out: &mut Diagnostics| Some((it.name(), read::text(&it.value, out)?));
        states.push((state.name(), moves.iter().take(MOST).filter_map(|it| one(it, out)).collect()));
    }
    if entries.is_empty() && node.as_map().is_some() {
        out.push(decode::empty("states", node.span));
    }
    states
}

fn bounded(what: &str, found: usize, span: Span, out: &mut Diagnostics) {
    if found > MOST {
        out.push(decode::too_many(what, found, MOST, span));
    }
}

/// A place, a list of places, or both by event.
fn text(node: &Node, out: &mut Diagnostics) -> Vec<(Option<Text>, TextAtDoc)> {
    match &node.kind {
        Kind::Map(entries) if node.get("at").is_none() => {
            let mut all = Vec::new();
            for entry in entries {
                all.extend(places(&entry.value, out).into_iter().map(|it| (Some(entry.name()), it)));
            }
            if entries.is_empty() {
                out.push(decode::empty("text", node.span));
            }
            all
        }
        _ => places(node, out).into_iter().map(|it| (None, it)).collect(),
    }
}

fn places(node: &Node, out: &mut Diagnostics) -> Vec<TextAtDoc> {
    match &node.kind {
        Kind::Seq(items) => {
            bounded("places of text", items.len(), node.span, out);
            items.iter().take(MOST).filter_map(|it| place(it, out)).collect()
        }
        Kind::Scalar(_) | Kind::Map(_) => place(node, out).into_iter().collect(),
    }
}

fn place(node: &Node, out: &mut Diagnostics) -> Option<TextAtDoc> {
    if let Kind::Map(_) = node.kind {
        let mut map = Map::of(node, "a place of text", out)?;
        let at = map.require("at", out).and_then(|it| pointer(it, out));
        let unless = map.text("unless", out);
        map.finish(out);
        return Some(TextAtDoc { at: at?, unless });
    }
    Some(TextAtDoc { at: pointer(node, out)?, unless: None })
}

/// Steps, or steps by event.
fn collect(node: &Node, out: &mut Diagnostics) -> Vec<(Option<Text>, Vec<StepDoc>)> {
    let Kind::Map(entries) = &node.kind else { return vec![(None, steps(node, 0, out))] };
    if entries.is_empty() {
        out.push(decode::empty("collect", node.span));
    }
    entries.iter().map(|it| (Some(it.name()), steps(&it.value, 0, out))).collect()
}

fn steps(node: &Node, depth: usize, out: &mut Diagnostics) -> Vec<StepDoc> {
    let items = read::items(node, "steps", out);
    bounded("steps", items.len(), node.span, out);
    items.iter().take(MOST).filter_map(|it| step(it, depth, out)).collect()
}

fn each(map: &mut Map<'_>, depth: usize, out: &mut Diagnostics) -> VerbDoc {
    let inner = match map.require("steps", out) {
        Some(node) if depth < DEEPEST => steps(node, depth + 1, out),
        Some(node) => {
            out.push(decode::bad_shape("`each` inside `each` goes too deep", "flatten the steps", node.span));
            Vec::new()
        }
        None => Vec::new(),
    };
    match numbering(map, out) {
        Some(numbering) => VerbDoc::Numbered(numbering, inner),
        None => VerbDoc::Each(inner),
    }
}

/// `at: index`, with `begins`, `id` and `ends` if items are distinguished by more than their positions.
fn numbering(map: &mut Map<'_>, out: &mut Diagnostics) -> Option<NumberingDoc> {
    // Each says nothing without the one that comes before it.
    for (word, other) in [("begins", "at"), ("id", "begins"), ("ends", "begins")] {
        if let (Some(entry), None) = (map.entry(word), map.entry(other)) {
            out.push(decode::needs_key(word, other, entry.key.span));
        }
    }
    let at = map.take("at").and_then(|it| read::text(it, out));
    let mut begins = map.take("begins").map(|it| read::texts(it, out)).unwrap_or_default();
    begins.retain(|it| api::check_pointer(it, out));
    let id = map.take("id").and_then(|it| pointer(it, out));
    let ends = map.take("ends").and_then(|it| pointer(it, out));
    Some(NumberingDoc { at: at?, id, begins, ends })
}

fn step(node: &Node, depth: usize, out: &mut Diagnostics) -> Option<StepDoc> {
    let mut map = Map::of(node, "a step", out)?;
    let written: Vec<Span> = VERBS.iter().filter_map(|it| node.get(it)).map(|it| it.key.span).collect();
    match written.as_slice() {
        [] => out.push(decode::one_of_keys("a step", VERBS, map.span())),
        [_] => {}
        [first, second, ..] => out.push(decode::keys_exclude("a step does one thing", *first, *second)),
    }
    let mut verb = None;
    let mut from = None;
    for word in VERBS {
        let Some(node) = map.take(word) else { continue };
        if *word == "const" {
            verb = read::scalar(node, out).map(|it| VerbDoc::Const(it.value));
            from = match map.take("beside") {
                Some(beside) => pointer(beside, out),
                None => Some(Text::new(String::new(), node.span)),
            };
            continue;
        }
        from = pointer(node, out);
        verb = Some(match *word {
            "set" => VerbDoc::Set,
            "first" => VerbDoc::First,
            "append" => VerbDoc::Append,
            "merge" => VerbDoc::Merge,
            "json" => VerbDoc::Json,
            "concat" => VerbDoc::Concat(map.text("join", out).map(|it| it.value)),
            _ => each(&mut map, depth, out),
        });
    }
    let into = map.take("into").and_then(|it| pointer(it, out));
    let span = map.span();
    map.finish(out);
    if written.len() != 1 {
        return None;
    }
    Some(StepDoc { verb: verb?, from: from?, into, span })
}
