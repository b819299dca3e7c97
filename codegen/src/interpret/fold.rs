//! What the events of a stream add up to: the second reading of `collect`, held against the runtime's in tests and used
//! by examples and by the contract server.

use serde_json::{Map, Value};

use crate::model::{CollectStep, Numbering, Stream, Verb};

/// Positions of a list beyond this are no answer of anybody's.
const MOST_ITEMS: usize = 4096;

/// The answer that events, names with data, add up to; `None` where the stream adds up to nothing.
#[must_use]
pub fn collect(stream: &Stream, events: &[(String, Value)]) -> Option<Value> {
    let rules = stream.collect.as_ref()?;
    let mut whole = Value::Null;
    let mut texts = Vec::new();
    for (name, data) in events {
        for rule in rules.iter().filter(|it| it.event == *name) {
            run(&rule.steps, data, "", &mut whole, &mut texts);
        }
    }
    for at in texts {
        if let Some(place) = whole.pointer_mut(&at)
            && let Value::String(text) = place
        {
            let text = if text.trim().is_empty() { "{}" } else { text.as_str() };
            if let Ok(value) = serde_json::from_str(text) {
                *place = value;
            }
        }
    }
    drop_holes(&mut whole);
    Some(whole)
}

/// `base`: where `into` goes on from. `texts`: places that are read as JSON in the end.
fn run(steps: &[CollectStep], data: &Value, base: &str, whole: &mut Value, texts: &mut Vec<String>) {
    for step in steps {
        let part = match &step.verb {
            Verb::Const(value) => value,
            _ => match data.pointer(&step.from) {
                None | Some(Value::Null) => continue,
                Some(part) => part,
            },
        };
        let Some(into) = target(base, &step.into, data) else { continue };
        match &step.verb {
            Verb::Each(inner) => {
                for item in part.as_array().into_iter().flatten() {
                    run(inner, item, &into, whole, texts);
                }
                continue;
            }
            Verb::Numbered(numbering, inner) => {
                for item in part.as_array().into_iter().flatten() {
                    let item = numbered(numbering, item, whole.pointer(&into));
                    run(inner, &item, &into, whole, texts);
                }
                continue;
            }
            _ => {}
        }
        let Some(place) = open(whole, &into) else { continue };
        match (&step.verb, part) {
            (Verb::Set | Verb::Const(_), _) => *place = part.clone(),
            (Verb::Append, Value::String(more)) => append(place, more),
            (Verb::Json, Value::String(more)) => {
                // What stands there before the first piece is a placeholder.
                if !texts.contains(&into) {
                    texts.push(into.clone());
                    *place = Value::Null;
                }
                append(place, more);
            }
            (Verb::Merge, Value::Object(more)) => {
                let fields = object(place);
                let known = more.iter().filter(|(_, it)| !it.is_null());
                fields.extend(known.map(|(name, it)| (name.clone(), it.clone())));
            }
            (Verb::Concat(join), Value::Array(more)) => {
                for item in more {
                    concat(place, item, join.as_deref());
                }
            }
            (Verb::Concat(join), Value::Object(_)) => concat(place, part, join.as_deref()),
            _ => {}
        }
    }
}

/// An item with its position in a list, which it may not tell.
fn numbered(numbering: &Numbering, item: &Value, list: Option<&Value>) -> Value {
    let mut item = item.clone();
    let known = list.and_then(Value::as_array).map_or(0, Vec::len);
    let is_new = matches!(item.pointer(&numbering.begins), Some(Value::String(text)) if !text.is_empty());
    if let Value::Object(fields) = &mut item {
        let position = fields.entry(numbering.at.clone()).or_insert(Value::Null);
        if position.is_null() {
            *position = if is_new { known } else { known.max(1) - 1 }.into();
        }
    }
    item
}

/// The target with its placeholders filled in from the data.
fn target(base: &str, into: &str, data: &Value) -> Option<String> {
    let mut out = base.to_owned();
    for segment in into.split('/').skip(1) {
        out.push('/');
        match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            Some(field) => match data.pointer(&format!("/{field}"))? {
                Value::String(key) => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Value::Number(number) => out.push_str(&number.as_u64()?.to_string()),
                _ => return None,
            },
            None => out.push_str(segment),
        }
    }
    Some(out)
}

/// The place of a pointer, made where it is not there yet.
fn open<'w>(whole: &'w mut Value, pointer: &str) -> Option<&'w mut Value> {
    let mut place = whole;
    for segment in pointer.split('/').skip(1) {
        let position = segment.parse::<usize>().ok();
        if place.is_null() && position.is_some() {
            *place = Value::Array(Vec::new());
        }
        if place.is_array() {
            let at = position.filter(|it| *it < MOST_ITEMS)?;
            place = grown(place.as_array_mut()?, at);
        } else {
            place = object(place).entry(segment.replace("~1", "/").replace("~0", "~")).or_insert(Value::Null);
        }
    }
    Some(place)
}

fn grown(items: &mut Vec<Value>, at: usize) -> &mut Value {
    if items.len() <= at {
        items.resize(at + 1, Value::Null);
    }
    &mut items[at]
}

fn object(place: &mut Value) -> &mut Map<String, Value> {
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    match place {
        Value::Object(fields) => fields,
        _ => unreachable!("made an object above"),
    }
}

fn append(place: &mut Value, more: &str) {
    match place {
        Value::String(text) => text.push_str(more),
        other => *other = more.into(),
    }
}

fn concat(place: &mut Value, item: &Value, join: Option<&str>) {
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    let Value::Array(items) = place else { return };
    if let (Some(key), Some(Value::Object(last)), Value::Object(next)) = (join, items.last_mut(), item)
        && let (Some(Value::String(_)), Some(Value::String(more))) = (last.get(key), next.get(key))
        && last.len() == next.len()
        && last.iter().all(|(name, it)| name == key || next.get(name) == Some(it))
    {
        if let Some(text) = last.get_mut(key) {
            append(text, more);
        }
        return;
    }
    items.push(item.clone());
}

/// Positions that nothing came for are no items.
fn drop_holes(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|it| !it.is_null());
            items.iter_mut().for_each(drop_holes);
        }
        Value::Object(fields) => fields.values_mut().for_each(drop_holes),
        _ => {}
    }
}
